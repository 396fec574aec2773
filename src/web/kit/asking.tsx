// Which period and which tree: the two choices every number depends on. They live in the address.
import { Segmented, Select } from 'antd'
import { useAddress } from './address.ts'
import { todayHere } from './time.ts'

export interface Asked {
  unit: string | undefined
  period: string
  tree: 'today' | 'day'
}

export function useAsked(): Asked {
  const { get } = useAddress()
  return {
    unit: get('unit'),
    period: get('period') ?? todayHere().slice(0, 4),
    tree: get('tree') === 'day' ? 'day' : 'today',
  }
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

export function Asking() {
  const { set } = useAddress()
  const asked = useAsked()
  return (
    <>
      <PeriodSelect />
      <Segmented
        aria-label="按哪天的组织树"
        value={asked.tree}
        options={[
          { value: 'today', label: '今天的组织树' },
          { value: 'day', label: '当时的组织树' },
        ]}
        onChange={(tree) => set({ tree: tree === 'day' ? 'day' : null })}
      />
    </>
  )
}
