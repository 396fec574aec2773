// What narrows the list of demands; all of it lives in the address.
import { Checkbox, Segmented, Select, Tag } from 'antd'
import { SearchBox } from '#web/kit/filters.tsx'
import { useAddress } from '#web/kit/address.ts'
import { occasionNames } from '../contract/names.ts'
import { useMechanisms, useOccasion } from './queries.ts'
import { channels, optionsOf, states, waits } from './words.ts'

const names = [
  'lens',
  'state',
  'category',
  'mechanism',
  'channel',
  'late',
  'suspended',
  'waits',
  'search',
  'occasion',
] as const

export function useDemandFilters() {
  const { get, set } = useAddress()
  const query = { unit: get('unit'), ...Object.fromEntries(names.map((n) => [n, get(n)])) }
  return {
    query,
    filtered: names.some((n) => get(n)),
    clear: () => set({ ...Object.fromEntries(names.map((n) => [n, null])), page: null }),
  }
}

interface PickProps {
  name: string
  label: string
  width: number
  options: { value: string; label: string }[]
}

/** One of a list, or all. */
function Pick({ name, label, width, options }: PickProps) {
  const { get, set } = useAddress()
  return (
    <label>
      {label}
      <Select
        allowClear
        aria-label={label}
        style={{ width }}
        placeholder="全部"
        value={get(name) ?? null}
        onChange={(v?: string | null) => set({ [name]: v ?? null, page: null })}
        options={options}
      />
    </label>
  )
}

function Flag({ name, children }: { name: string; children: string }) {
  const { get, set } = useAddress()
  return (
    <Checkbox
      checked={get(name) === 'true'}
      onChange={(e) => set({ [name]: e.target.checked ? 'true' : null, page: null })}
    >
      {children}
    </Checkbox>
  )
}

function States() {
  const { get, set } = useAddress()
  return (
    <label>
      状态
      <Select
        allowClear
        aria-label="状态"
        mode="multiple"
        maxTagCount="responsive"
        style={{ width: 170 }}
        placeholder="全部"
        value={get('state')?.split(',') ?? []}
        onChange={(v) => set({ state: v.join(',') || null, page: null })}
        options={optionsOf(states)}
      />
    </label>
  )
}

/** Only what was collected at one visit or inspection; taken off again here. */
function AtOccasion() {
  const { get, set } = useAddress()
  const { data } = useOccasion(get('occasion'))
  if (!get('occasion')) return null
  return (
    <Tag
      closable
      closeIcon={<span aria-label="不再只看这次">×</span>}
      onClose={() => set({ occasion: null, page: null })}
    >
      {data ? `${data.heldOn} ${data.placeName} ${occasionNames[data.kind]}` : '一次走访、检查'}
    </Tag>
  )
}

const lenses = [
  { value: 'place', label: '按事发地' },
  { value: 'owner', label: '按主办' },
  { value: 'support', label: '按协办' },
]

export function DemandFilters({ lanes }: { lanes: boolean }) {
  const { get, set } = useAddress()
  const mechanisms = useMechanisms().data ?? []
  const chosen = mechanisms.filter((m) => !get('mechanism') || m.id === get('mechanism'))
  const categories = new Map(chosen.flatMap((m) => m.categories.map((c) => [c.id, c.name] as const)))
  return (
    <div className="filters" role="search">
      <SearchBox label="按标题或编号查找" placeholder="标题或编号" width={180} />
      <AtOccasion />
      {lanes ? null : <States />}
      {mechanisms.length > 1 ? (
        <Pick
          name="mechanism"
          label="机制"
          width={150}
          options={mechanisms.map((m) => ({ value: m.id, label: m.name }))}
        />
      ) : null}
      {categories.size > 0 ? (
        <Pick
          name="category"
          label="类别"
          width={120}
          options={[...categories].map(([value, label]) => ({ value, label }))}
        />
      ) : null}
      <Pick name="channel" label="来源" width={110} options={optionsOf(channels)} />
      {lanes ? null : <Pick name="waits" label="等待" width={130} options={optionsOf(waits)} />}
      <Segmented
        size="small"
        value={get('lens') ?? 'place'}
        onChange={(v) => set({ lens: v === 'place' ? null : v, page: null })}
        options={lenses}
      />
      <Flag name="late">逾期</Flag>
      <Flag name="suspended">挂账</Flag>
    </div>
  )
}
