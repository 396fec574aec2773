// 数字: the measures of one field at a time, for the scope and period; each opens down to its records.
import { useQuery } from '@tanstack/react-query'
import { Segmented, Table, type TableProps } from 'antd'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { type Asked, Asking, useAsked } from '#web/kit/asking.tsx'
import { Num } from '#web/kit/number-drawer.tsx'
import { PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Figure, Figures, MeasureInfo } from '../contract.ts'

const kinds = { flow: '期间发生', stock: '期末存量', ratio: '比率' } as const

/** Fields are the first word of a measure's id, in the order they are read. */
const fields: Record<string, string> = {
  demands: '诉求',
  tasks: '任务与服务',
  people: '人员与报到',
  units: '组织',
  talents: '人才',
}

const columnsFor = (asked: Asked): TableProps<Figure>['columns'] => [
  { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
  { title: '指标', width: 220, render: (_, f) => f.measure.name },
  { title: '数值', width: 140, className: 'num', render: (_, f) => <Num figure={f} {...asked} /> },
  { title: '种类', width: 90, render: (_, f) => kinds[f.measure.kind] },
  { title: '口径', render: (_, f) => f.measure.definition },
]

/** The measures of the field in the address, the first field when none is named. */
function useField() {
  const { get, set } = useAddress()
  const { data } = useQuery({
    queryKey: ['/measures'],
    staleTime: 600_000,
    queryFn: ({ signal }) => call<{ rows: MeasureInfo[] }>('GET', '/measures', { signal }),
  })
  const byField = Map.groupBy(data?.rows ?? [], (m) => m.id.slice(0, m.id.indexOf('.')))
  const known = [...Object.keys(fields), ...byField.keys()].filter(
    (f, i, all) => byField.has(f) && all.indexOf(f) === i,
  )
  const field = get('field') ?? known[0]
  const measures = (byField.get(field ?? '') ?? []).map((m) => m.id).join(',')
  return { field, known, measures, choose: (f: string) => set({ field: f }) }
}

export function FiguresPage() {
  const asked = useAsked()
  const { field, known, measures, choose } = useField()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['/figures', asked, measures],
    enabled: measures !== '',
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query: { ...asked, measures }, signal }),
  })
  const span = data ? `${data.period.from} 至 ${data.period.to}` : undefined
  return (
    <>
      <PageHead title="数字" where={data ? `${data.unit.name}　${span}　截至 ${moment(data.asOf)}` : ''}>
        <Asking />
      </PageHead>
      <PrintHead title="主要数字" unit={data?.unit.name} period={span} />
      <Sheet>
        <div className="filters">
          <Segmented
            aria-label="领域"
            value={field ?? ''}
            options={known.map((f) => ({ value: f, label: fields[f] ?? f }))}
            onChange={choose}
          />
        </div>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
        {isPending ? <Loading lines={12} /> : null}
        {data?.figures.length === 0 ? <EmptyState title="没有可看的数字" /> : null}
        {data ? <All rows={data.figures} asked={asked} /> : null}
      </Sheet>
      <PrintFoot />
    </>
  )
}

const All = ({ rows, asked }: { rows: Figure[]; asked: Asked }) => (
  <Table<Figure>
    rowKey={(f) => f.measure.id}
    size="small"
    pagination={false}
    dataSource={rows}
    columns={columnsFor(asked)}
  />
)
