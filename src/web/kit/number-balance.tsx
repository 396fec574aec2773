// 增减平衡: opening + in − out = closing, cause by cause; where it does not hold, the persons are named. [STAT-01]
import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { Link } from 'wouter'
import type { Balance } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'
import { useCarry } from './address.ts'
import { StateTag } from './clock.tsx'
import type { Question } from './figures.ts'
import { SaveFrom } from './save-as.tsx'
import { ErrorState, Loading } from './states.tsx'

const shown = (n: number | null) => (n === null ? '不显示' : n.toLocaleString('zh-CN'))

export function MemberBalance({ question }: { question: Question }) {
  const query = { measure: question.measure, unit: question.unit, period: question.period }
  const { data, error, refetch } = useQuery({
    queryKey: ['/figures/balance', query],
    queryFn: ({ signal }) => call<Balance>('GET', '/figures/balance', { query, signal }),
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <div className="stack">
      <div className="row">
        <StateTag tone={data.holds ? 'done' : 'late'}>
          {data.holds ? '轧平' : `未轧平：${data.brokenTotal} 人说不清增减原因`}
        </StateTag>
        {data.suppression ? <span className="quiet">{data.suppression}。</span> : null}
        <span style={{ flex: 1 }} />
        <SaveFrom path="/figures/balance" query={query} size="small" label="导出平衡表" />
      </div>
      <Sides of={data} />
      {data.holds ? null : <Broken of={data} />}
    </div>
  )
}

function Sides({ of: b }: { of: Balance }) {
  const lines = [
    { key: 'opening', name: `期初（${b.period.from} 前一日）`, value: b.opening, level: 0 },
    { key: 'in', name: '增加', value: b.in, level: 0 },
    ...b.increases.map((c) => ({ key: `in ${c.key}`, name: c.name, value: c.value, level: 1 })),
    { key: 'out', name: '减少', value: b.out, level: 0 },
    ...b.decreases.map((c) => ({ key: `out ${c.key}`, name: c.name, value: c.value, level: 1 })),
    { key: 'closing', name: `期末（${b.period.to}）`, value: b.closing, level: 0 },
  ]
  return (
    <Table
      size="small"
      rowKey="key"
      pagination={false}
      dataSource={lines}
      columns={[
        {
          title: '项目',
          render: (_, l) => <span style={{ paddingInlineStart: 20 * l.level }}>{l.name}</span>,
        },
        { title: '人数', width: 140, className: 'num', align: 'right' as const, render: (_, l) => shown(l.value) },
      ]}
    />
  )
}

function Broken({ of: b }: { of: Balance }) {
  const carry = useCarry()
  if (b.broken.length === 0) return <p className="quiet">没有查看人员的权限，不能列出姓名。</p>
  return (
    <>
      <Table
        size="small"
        rowKey="personId"
        pagination={b.broken.length > 20 ? { pageSize: 20, size: 'small' } : false}
        dataSource={b.broken}
        columns={[
          {
            title: '姓名',
            width: 120,
            render: (_, p) => <Link href={carry(`/persons/${p.personId}`)}>{p.name}</Link>,
          },
          { title: '组织', width: 220, dataIndex: 'unitName' },
          { title: '问题', dataIndex: 'why' },
        ]}
      />
      {b.brokenTotal > b.broken.length ? (
        <p className="quiet">
          共 {b.brokenTotal} 人，只列前 {b.broken.length} 人。
        </p>
      ) : null}
    </>
  )
}
