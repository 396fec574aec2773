// The records behind a number, page by page; of a ratio those above and those below the line.
import { useQuery } from '@tanstack/react-query'
import { Pagination, Segmented, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Evidence, Figure } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'
import { useCarry } from './address.ts'
import type { Question } from './figures.ts'
import type { Query } from './list.ts'
import { SaveFrom } from './save-as.tsx'
import { usePermission } from './session.ts'
import { EmptyState, ErrorState, Loading } from './states.tsx'

const size = 50

const halves = [
  { value: 'numerator', label: '分子' },
  { value: 'denominator', label: '分母' },
] as const

export function Records({ question, figure }: { question: Question; figure: Figure }) {
  const [page, setPage] = useState(1)
  const [half, setHalf] = useState<'numerator' | 'denominator'>('numerator')
  const ratio = figure.measure.kind === 'ratio'
  const asked = { ...question, ...(ratio ? { part: half } : {}) }
  const query = { ...asked, limit: size, offset: (page - 1) * size }
  const { data, error, refetch } = useQuery({
    queryKey: ['/figures/evidence', query],
    queryFn: ({ signal }) => call<Evidence>('GET', '/figures/evidence', { query, signal }),
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <div>
      <div className="row" style={{ marginBottom: 8 }}>
        {ratio ? (
          <Segmented size="small" value={half} onChange={(v) => (setHalf(v), setPage(1))} options={[...halves]} />
        ) : null}
        <span>
          共 {data.total.toLocaleString('zh-CN')} 条记录
          {data.sum === data.total ? '' : `，合计 ${data.sum.toLocaleString('zh-CN')}`}
        </span>
        <span style={{ flex: 1 }} />
        <Save query={asked} />
      </div>
      <List rows={data.rows} from={(page - 1) * size} />
      {data.total > size ? (
        <Pagination
          size="small"
          style={{ marginTop: 8 }}
          current={page}
          pageSize={size}
          total={data.total}
          showSizeChanger={false}
          onChange={setPage}
        />
      ) : null}
    </div>
  )
}

function Save({ query }: { query: Query }) {
  if (!usePermission('figure.export')) return null
  const persons = { operation: 'listEvidence' }
  return <SaveFrom path="/figures/evidence" query={query} persons={persons} size="small" label="导出记录" />
}

function List({ rows, from }: { rows: Evidence['rows']; from: number }) {
  const carry = useCarry()
  if (rows.length === 0) return <EmptyState title="没有记录">这个单位在这段期间没有符合口径的记录。</EmptyState>
  return (
    <Table
      rowKey={(r) => `${r.record} ${r.label} ${r.day}`}
      size="small"
      pagination={false}
      dataSource={rows}
      columns={[
        { title: '序号', width: 56, className: 'seq', render: (_, __, i) => from + i + 1 },
        {
          title: '记录',
          render: (_, r) => (r.link ? <Link href={carry(r.link.replace(/^\/console/, ''))}>{r.label}</Link> : r.label),
        },
        { title: '单位', width: 160, dataIndex: 'unitName' },
        { title: '日期', width: 110, render: (_, r) => r.day ?? '—' },
        { title: '数量', width: 70, className: 'num', align: 'right' as const, dataIndex: 'quantity' },
      ]}
    />
  )
}
