// Which period and which tree: the two choices every number depends on. They live in the address.
import { Segmented, Select } from 'antd'
import { addDays } from '#core/calendar/days.ts'
import { useAddress } from './address.ts'
import { DayInput } from './dates.tsx'
import { longDay, todayHere } from './time.ts'

export interface Asked {
  unit: string | undefined
  period: string
  /** today, day (each record's own), or a day */
  tree: string
}

/** With the tree of any day, past or planned, where the page can show it. */
export function useAskedOn(): Asked {
  const { get } = useAddress()
  return { unit: get('unit'), period: get('period') ?? todayHere().slice(0, 4), tree: get('tree') ?? 'today' }
}

export function useAsked(): Asked & { tree: 'today' | 'day' } {
  const asked = useAskedOn()
  return { ...asked, tree: asked.tree === 'day' ? 'day' : 'today' }
}

const isDay = (tree: string) => /^\d{4}-/.test(tree)

/** What tree numbers stand in, and whether it is one that is only decided. */
export function treeText({ tree, planned }: { tree: string; planned: readonly string[] }): string {
  if (tree === 'today') return '按今天的组织树'
  if (tree === 'day') return '按记录当天的组织树'
  if (planned.length === 0) return `按${longDay(tree)}的组织树`
  return `按${longDay(tree)}的组织树，${planned.map(longDay).join('、')}起执行的调整已决定、尚未执行`
}

/** This and last year, its half, quarters and months so far: what reports ask for. */
function periods(): { value: string; label: string }[] {
  const [y = '', m = ''] = todayHere().split('-')
  const months = Array.from({ length: Number(m) }, (_, i) => Number(m) - i)
  const quarters = Array.from({ length: Math.ceil(Number(m) / 3) }, (_, i) => i + 1)
  return [
    { value: y, label: `${y}年` },
    { value: `${y}-H1`, label: `${y}年上半年` },
    ...quarters.map((q) => ({ value: `${y}-Q${q}`, label: `${y}年第${'一二三四'[q - 1]}季度` })),
    ...months.map((n) => ({ value: `${y}-${String(n).padStart(2, '0')}`, label: `${y}年${n}月` })),
    { value: String(Number(y) - 1), label: `${Number(y) - 1}年` },
  ]
}

export function PeriodSelect() {
  const { set } = useAddress()
  return (
    <Select
      aria-label="期间"
      style={{ width: 150 }}
      value={useAsked().period}
      options={periods()}
      onChange={(period: string) => set({ period })}
    />
  )
}

/** `dated`: the tree of any day can be asked for, also of one to come. */
export function Asking({ dated = false }: { dated?: boolean }) {
  const { set } = useAddress()
  const [narrow, wide] = [useAsked(), useAskedOn()]
  const { tree } = dated ? wide : narrow
  const turn = (to: string) => set({ tree: to === 'today' ? null : to === 'on' ? addDays(todayHere(), 1) : to })
  return (
    <>
      <PeriodSelect />
      <Segmented
        aria-label="按哪天的组织树"
        value={isDay(tree) ? 'on' : tree}
        options={[
          { value: 'today', label: '今天的组织树' },
          { value: 'day', label: '当时的组织树' },
          ...(dated ? [{ value: 'on', label: '某天的组织树' }] : []),
        ]}
        onChange={turn}
      />
      {isDay(tree) ? (
        <DayInput value={tree} onChange={(day) => set({ tree: day || null })} aria-label="组织树的日期，可选今后某天" />
      ) : null}
    </>
  )
}
