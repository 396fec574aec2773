// 数字: every measure of the scope and period; each opens down to its records.
import { useQuery } from '@tanstack/react-query'
import { Table, type TableProps } from 'antd'
import { call } from '#web/api.ts'
import { type Asked, Asking, useAsked } from '#web/kit/asking.tsx'
import { Num } from '#web/kit/number-drawer.tsx'
import { PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Figure, Figures } from '../contract.ts'

const kinds = { flow: '期间发生', stock: '期末存量', ratio: '比率' } as const

const columnsFor = (asked: Asked): TableProps<Figure>['columns'] => [
  { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
  { title: '指标', width: 220, render: (_, f) => f.measure.name },
  { title: '数值', width: 140, className: 'num', render: (_, f) => <Num figure={f} {...asked} /> },
  { title: '种类', width: 90, render: (_, f) => kinds[f.measure.kind] },
  { title: '口径', render: (_, f) => f.measure.definition },
]

export function FiguresPage() {
  const asked = useAsked()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['/figures', asked],
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query: { ...asked }, signal }),
  })
  const span = data ? `${data.period.from} 至 ${data.period.to}` : undefined
  return (
    <>
      <PageHead title="数字" where={data ? `${data.unit.name}　${span}　截至 ${moment(data.asOf)}` : ''}>
        <Asking />
      </PageHead>
      <PrintHead title="主要数字" unit={data?.unit.name} period={span} />
      <Sheet>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
        {isPending ? <Loading lines={12} /> : null}
        {data?.figures.length === 0 ? <EmptyState title="没有可看的数字" /> : null}
        {data && data.figures.length > 0 ? (
          <Table<Figure>
            rowKey={(f) => f.measure.id}
            size="small"
            pagination={false}
            dataSource={data.figures}
            columns={columnsFor(asked)}
          />
        ) : null}
      </Sheet>
      <PrintFoot />
    </>
  )
}
