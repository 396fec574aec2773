// Decisions on the tree, done and planned: before beside after, and what moves along.
import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { StateTag } from '#web/kit/clock.tsx'
import type { ListOf } from '#web/kit/data-table.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { UnitChange, UnitDifference } from '../contract.ts'

const states = {
  planned: { word: '计划中', tone: 'act' },
  done: { word: '已执行', tone: 'done' },
  cancelled: { word: '已取消', tone: 'off' },
} as const

export function Plans({ unit }: { unit: string | undefined }) {
  const query = { unit, limit: 50 }
  const list = useQuery({
    queryKey: ['/unit-changes', query],
    queryFn: ({ signal }) => call<ListOf<UnitChange>>('GET', '/unit-changes', { query, signal }),
  })
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Loading />
  if (list.data.rows.length === 0)
    return (
      <EmptyState title="没有机构调整">
        更名、调整隶属、合并、拆分、撤销的决定会列在这里，计划中的可以先看前后对照。
      </EmptyState>
    )
  return (
    <div className="stack" style={{ padding: '0 16px 16px' }}>
      {list.data.rows.map((c) => (
        <section key={c.id} aria-label={c.reason}>
          <div className="row" style={{ marginBottom: 6 }}>
            <StateTag tone={states[c.state].tone}>{states[c.state].word}</StateTag>
            <b>{c.effectiveOn} 起</b>
            <span>{c.reason}</span>
            <span className="quiet">
              {c.decidedBy}　{moment(c.decidedAt)} 录入
            </span>
            {c.state === 'planned' && c.can.includes('unit.reorganise') ? (
              <Act
                verb="取消计划"
                size="small"
                done="已取消计划"
                reason="required"
                effect="取消后不再执行，记录保留。"
                run={(reason, key) =>
                  call('POST', `/unit-changes/${c.id}/cancellation`, { body: { reason }, idempotencyKey: key })
                }
              />
            ) : null}
          </div>
          {c.held ? <p className="issue-box">到期没有执行：{c.held}</p> : null}
          <Differences rows={c.differences} />
        </section>
      ))}
    </div>
  )
}

const whatWords: Record<UnitDifference['what'][number], string> = {
  created: '新设',
  closed: '撤销',
  merged: '合并',
  split: '拆分',
  renamed: '更名',
  moved: '调整隶属',
  're-kinded': '变更类别',
  recoded: '变更代码',
}
const side = (s: UnitDifference['before']) =>
  s ? `${s.name}（${s.kindName}）${s.parentName ? `，隶属${s.parentName}` : ''}` : '—'

/** Before beside after, unit by unit. */
export const Differences = ({ rows }: { rows: UnitDifference[] }) => (
  <Table<UnitDifference>
    rowKey="unitId"
    size="small"
    pagination={rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
    dataSource={rows}
    columns={[
      { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
      { title: '变动', width: 150, render: (_, d) => d.what.map((w) => whatWords[w]).join('、') },
      { title: '调整前', render: (_, d) => side(d.before) },
      { title: '调整后', render: (_, d) => side(d.after) },
      { title: '随同下级', width: 90, className: 'num', render: (_, d) => (d.below > 0 ? `${d.below} 个` : '—') },
    ]}
  />
)
