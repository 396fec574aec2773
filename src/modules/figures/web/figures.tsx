// 数据: every measure of the unit and period looked at; each number opens.
import { Table } from 'antd'
import { Link } from 'wouter'
import { useCarry } from '#web/kit/address.ts'
import { PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Figure } from '../contract.ts'
import { Asking } from './asking.tsx'
import { inWords, useAsked, useFigures } from './queries.ts'

const kinds = { flow: '期内发生', stock: '期末存量', ratio: '比率' }

export function FiguresPage() {
  const asked = useAsked()
  const figures = useFigures(asked)
  return (
    <>
      <PageHead
        title="数据"
        where={figures.data ? `${figures.data.unit.name}，截至 ${moment(figures.data.asOf)}` : ''}
      />
      <Sheet>
        <div className="filters">
          <Asking />
        </div>
        <PrintHead title="数据" unit={figures.data?.unit.name} period={asked.period} />
        {figures.error ? (
          <ErrorState error={figures.error} retry={() => void figures.refetch()} />
        ) : figures.data ? (
          <All rows={figures.data.figures} />
        ) : (
          <Loading lines={12} />
        )}
        <PrintFoot />
      </Sheet>
    </>
  )
}

function All({ rows }: { rows: Figure[] }) {
  const carry = useCarry()
  const asked = useAsked()
  const open = (f: Figure) =>
    carry(`/figures/${f.measure.id}`, { period: asked.period, ...(asked.tree === 'day' ? { tree: 'day' } : {}) })
  return (
    <Table<Figure>
      rowKey={(f) => f.measure.id}
      size="small"
      pagination={false}
      dataSource={rows}
      columns={[
        { title: '序号', width: 52, className: 'seq', render: (_, __, i) => i + 1 },
        { title: '指标', width: 190, render: (_, f) => <Link href={open(f)}>{f.measure.name}</Link> },
        {
          title: '数值',
          width: 120,
          className: 'num',
          render: (_, f) => (
            <Link href={open(f)} className="figure">
              {inWords(f, f.measure.classifier)}
            </Link>
          ),
        },
        { title: '单位', width: 64, render: (_, f) => f.measure.classifier },
        { title: '性质', width: 90, render: (_, f) => kinds[f.measure.kind] },
        { title: '口径', render: (_, f) => <span className="quiet">{f.measure.definition}</span> },
      ]}
    />
  )
}
