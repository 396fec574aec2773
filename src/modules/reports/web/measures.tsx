// Measures by name: the server knows what there is.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import type { MeasureInfo } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'

function useOptions() {
  const { data } = useQuery({
    queryKey: ['/measures'],
    staleTime: 600_000,
    queryFn: ({ signal }) => call<{ rows: MeasureInfo[] }>('GET', '/measures', { signal }),
  })
  return (data?.rows ?? []).map((m) => ({ value: m.id, label: `${m.name}（${m.classifier}）` }))
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
