// Measures by name: the server knows what there is.
import { Select } from 'antd'
import { breakdowns, useMeasures } from '#web/kit/figures.ts'

const useOptions = () =>
  (useMeasures().data?.rows ?? []).map((m) => ({ value: m.id, label: `${m.name}（${m.classifier}）` }))

/** What a table or chart in a text may have as rows. */
const isRow = (by: string) => /^(child|month|quarter|year|dim:[a-z]+)$/.test(by)

/** What all of these measures can be broken down by in a text. */
export function useRows(ids: readonly string[]) {
  const all = useMeasures().data?.rows ?? []
  const [first, ...rest] = ids.flatMap((id) => all.find((m) => m.id === id) ?? []).map(breakdowns)
  return (first ?? [])
    .filter(({ value }) => isRow(value) && rest.every((r) => r.some((o) => o.value === value)))
    .map(({ value, label }) => ({ value, label: `按${label}` }))
}

export const MeasureChoice = ({ value, onChange }: { value: string | undefined; onChange: (id: string) => void }) => (
  <Select
    aria-label="指标"
    showSearch={{ optionFilterProp: 'label' }}
    placeholder="按名称查找指标"
    value={value ?? null}
    options={useOptions()}
    onChange={onChange}
  />
)

/** Several, in the order they are picked: the columns of a table. */
export const MeasurePicker = ({
  value,
  most,
  onChange,
}: {
  value: string[]
  most: number
  onChange: (ids: string[]) => void
}) => (
  <Select
    mode="multiple"
    aria-label="指标"
    maxCount={most}
    showSearch={{ optionFilterProp: 'label' }}
    value={value}
    options={useOptions()}
    onChange={onChange}
  />
)
