// 数字: every measure of the scope and period; each opens down to its records.
import { useQuery } from '@tanstack/react-query'
import { Segmented, Select, Table } from 'antd'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { Num } from '#web/kit/number-drawer.tsx'
import { PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment, todayHere } from '#web/kit/time.ts'
import type { Figure, Figures } from '../contract.ts'

const kinds = { flow: '期间发生', stock: '期末存量', ratio: '比率' } as const

/** This and last year, its quarters and months: what reports ask for. */
function periods(): { value: string; label: string }[] {
  const [y = '', m = ''] = todayHere().split('-')
  const months = Array.from({ length: Number(m) }, (_, i) => String(i + 1).padStart(2, '0')).reverse()
  return [
    { value: y, label: `${y}年` },
    { value: `${y}-H1`, label: `${y}年上半年` },
    ...['1', '2', '3', '4']
      .filter((q) => (Number(q) - 1) * 3 < Number(m))
      .map((q) => ({ value: `${y}-Q${q}`, label: `${y}年第${'一二三四'[Number(q) - 1]}季度` })),
    ...months.map((x) => ({ value: `${y}-${x}`, label: `${y}年${Number(x)}月` })),
    { value: String(Number(y) - 1), label: `${Number(y) - 1}年` },
  ]
}

export function FiguresPage() {
  const { get, set } = useAddress()
  const query = { unit: get('unit'), period: get('period') ?? todayHere().slice(0, 4), tree: get('tree') }
  const data = useQuery({
    queryKey: ['/figures', query],
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query, signal }),
  })
  const from = data.data?.period
  return (
    <>
      <PageHead
        title="数字"
        where={data.data ? `${data.data.unit.name}　${from?.from} 至 ${from?.to}　截至 ${moment(data.data.asOf)}` : ''}
      >
        <Select
          aria-label="期间"
          style={{ width: 150 }}
          value={query.period}
          onChange={(p) => set({ period: p })}
          options={periods()}
        />
        <Segmented
          value={query.tree ?? 'today'}
          onChange={(t) => set({ tree: t === 'day' ? 'day' : null })}
          options={[
            { value: 'today', label: '今天的组织树' },
            { value: 'day', label: '当时的组织树' },
          ]}
        />
      </PageHead>
      <PrintHead
        title="主要数字"
        unit={data.data?.unit.name}
        period={from ? `${from.from} 至 ${from.to}` : undefined}
      />
      <Sheet>
        {data.error ? <ErrorState error={data.error} retry={() => void data.refetch()} /> : null}
        {data.isPending ? <Loading lines={12} /> : null}
        {data.data?.figures.length === 0 ? <EmptyState title="没有可看的数字" /> : null}
        {data.data && data.data.figures.length > 0 ? (
          <Table<Figure>
            rowKey={(f) => f.measure.id}
            size="small"
            pagination={false}
            dataSource={data.data.figures}
            columns={[
              { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
              { title: '指标', width: 220, render: (_, f) => f.measure.name },
              {
                title: '数值',
                width: 140,
                className: 'num',
                render: (_, f) => <Num figure={f} {...query} tree={query.tree === 'day' ? 'day' : undefined} />,
              },
              { title: '种类', width: 90, render: (_, f) => kinds[f.measure.kind] },
              { title: '口径', render: (_, f) => f.measure.definition },
            ]}
          />
        ) : null}
      </Sheet>
      <PrintFoot />
    </>
  )
}
