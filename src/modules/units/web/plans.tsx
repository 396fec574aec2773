// Decisions on the tree, planned, carried out and cancelled; each opens onto its before and after.
import { useQuery } from '@tanstack/react-query'
import { Drawer, Select } from 'antd'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { Facts } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { UnitChange, UnitChangePage } from '../contract.ts'
import { Outlook, whatWords } from './diff.tsx'

const states = {
  planned: { word: '计划中', tone: 'act' },
  done: { word: '已执行', tone: 'done' },
  cancelled: { word: '已取消', tone: 'off' },
} as const

/** `新设 2、更名 1`: what a decision consists of. */
function consistsOf(c: UnitChange): string {
  const counted = new Map<string, number>()
  for (const w of c.differences.flatMap((d) => d.what)) counted.set(w, (counted.get(w) ?? 0) + 1)
  return [...counted].map(([w, n]) => `${whatWords[w as keyof typeof whatWords]} ${n}`).join('、') || '导入'
}

const columnsWith = (open: (id: string) => void): Column<UnitChange>[] => [
  { id: 'on', title: '自哪天起', width: 110, render: (c) => c.effectiveOn, text: (c) => c.effectiveOn },
  {
    id: 'state',
    title: '状态',
    width: 120,
    render: (c) => (
      <span className="row" style={{ gap: 4 }}>
        <StateTag tone={states[c.state].tone}>{states[c.state].word}</StateTag>
        {c.held && c.state === 'planned' ? <StateTag tone="late">未能执行</StateTag> : null}
      </span>
    ),
    text: (c) => states[c.state].word,
  },
  {
    id: 'reason',
    title: '依据',
    render: (c) => (
      <button type="button" className="link" onClick={() => open(c.id)}>
        {c.reason}
      </button>
    ),
    text: (c) => c.reason,
  },
  { id: 'what', title: '变动', width: 260, render: consistsOf, text: consistsOf },
  { id: 'by', title: '决定人', width: 110, render: (c) => c.decidedBy, text: (c) => c.decidedBy },
  { id: 'at', title: '录入时间', width: 140, render: (c) => moment(c.decidedAt), text: (c) => moment(c.decidedAt) },
]

export function Plans({ unit }: { unit: string | undefined }) {
  const { get, set } = useAddress()
  const open = (id: string | null) => set({ change: id }, { push: true })
  return (
    <>
      <div className="filters">
        <label>
          状态
          <Select
            allowClear
            aria-label="状态"
            style={{ width: 120 }}
            placeholder="全部"
            value={get('state') ?? null}
            onChange={(s) => set({ state: s ?? null, page: null })}
            options={Object.entries(states).map(([value, s]) => ({ value, label: s.word }))}
          />
        </label>
      </div>
      <DataTable<UnitChange>
        name="unit-changes"
        title="机构调整"
        path="/unit-changes"
        query={{ unit, state: get('state') }}
        columns={columnsWith(open)}
        empty={
          <EmptyState title="没有机构调整">
            设立、更名、调整隶属、合并、拆分、撤销的决定会列在这里，计划中的可以先看前后对照。
          </EmptyState>
        }
      />
      <Drawer
        open={get('change') !== undefined}
        title="机构调整"
        size={1000}
        onClose={() => open(null)}
        destroyOnHidden
      >
        {get('change') ? <OneChange id={get('change') as string} /> : null}
      </Drawer>
    </>
  )
}

function OneChange({ id }: { id: string }) {
  const shown = useQuery({
    queryKey: ['/unit-changes/one', id],
    queryFn: ({ signal }) => call<UnitChangePage>('GET', `/unit-changes/${id}`, { signal }),
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={8} />
  const c = shown.data
  return (
    <div className="stack">
      <div className="row">
        <StateTag tone={states[c.state].tone}>{states[c.state].word}</StateTag>
        <b>{c.reason}</b>
        <span style={{ flex: 1 }} />
        {c.can.includes('cancel') ? (
          <Act
            verb="取消计划"
            done="已取消计划"
            reason="required"
            effect={`取消后 ${c.effectiveOn} 不再执行，记录保留。`}
            run={(reason, key) =>
              call('POST', `/unit-changes/${c.id}/cancellation`, { body: { reason }, idempotencyKey: key })
            }
          />
        ) : null}
      </div>
      <Facts
        two
        of={[
          ['自哪天起', c.effectiveOn],
          ['决定人', `${c.decidedBy}　${moment(c.decidedAt)} 录入`],
        ]}
      />
      {c.held ? (
        <div className="issue-box" role="alert" style={{ marginBottom: 0 }}>
          现在还不能执行：{c.held}
        </div>
      ) : null}
      <Outlook of={c} ahead={c.state === 'planned' && c.held === null} />
    </div>
  )
}
