// 历史: every change, by whom, when, why, before → after; append-only and checkable. [等保 16–20]
import { Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { changeWords } from '#web/kit/timeline.tsx'
import { actionChoices, actionWord } from '#web/kit/words.ts'
import type { HistoryEntry, Verification } from '../contract.ts'

type Row = HistoryEntry

const subjects: Record<string, string> = {
  demand: '诉求',
  task: '任务',
  account: '账号',
  mandate: '授权',
  unit: '单位',
  'unit-change': '机构调整',
  person: '人员',
  registration: '报到',
  mechanism: '机制',
  district: '区县',
  report: '报告',
  figure: '数字',
  import: '导入',
}

const columns: Column<Row>[] = [
  {
    id: 'at',
    title: '时间',
    width: 150,
    render: (h) => <span className="nowrap">{moment(h.at)}</span>,
    text: (h) => h.at,
  },
  { id: 'actor', title: '操作人', width: 130, render: (h) => h.actor.name, text: (h) => h.actor.name },
  {
    id: 'action',
    title: '事项',
    width: 120,
    render: (h) => <span title={h.action}>{actionWord(h.action)}</span>,
    text: (h) => actionWord(h.action),
  },
  {
    id: 'subject',
    title: '对象',
    width: 90,
    render: (h) => <span title={h.subject.id}>{subjects[h.subject.kind] ?? h.subject.kind}</span>,
    text: (h) => `${subjects[h.subject.kind] ?? h.subject.kind} ${h.subject.id}`,
  },
  {
    id: 'change',
    title: '内容',
    render: (h) => changeWords(h.change).join('；') || '—',
    text: (h) => changeWords(h.change).join('；'),
  },
  { id: 'reason', title: '理由', width: 160, render: (h) => h.reason ?? '', text: (h) => h.reason },
  { id: 'address', title: '来自', width: 120, extra: true, render: (h) => h.address, text: (h) => h.address },
  { id: 'request', title: '请求编号', width: 290, extra: true, render: (h) => h.requestId, text: (h) => h.requestId },
  {
    id: 'place',
    title: '链位置',
    width: 90,
    extra: true,
    align: 'right',
    render: (h) => `${h.lane}-${h.seq}`,
    text: (h) => `${h.lane}-${h.seq}`,
  },
]

export function HistoryPage() {
  const { get, set } = useAddress()
  const mayVerify = usePermission('history.verify')
  const [found, setFound] = useState<Verification | null>(null)
  const query = { action: get('action'), from: get('from'), to: get('to'), subject: get('subject'), unit: get('unit') }
  return (
    <>
      <PageHead title="历史" where="只增不改，每条都接在前一条之后">
        {mayVerify ? (
          <Act
            verb="核验"
            type="primary"
            done="核验完毕"
            effect="逐条重算全部历史，找出被改动、删除或调换的记录。"
            run={async () => setFound(await call<Verification>('POST', '/history/verification', { body: {} }))}
          />
        ) : null}
      </PageHead>
      {found ? <Result of={found} /> : null}
      <Sheet>
        <div className="filters" role="search">
          <label>
            事项
            <Select
              allowClear
              showSearch={{ optionFilterProp: 'label' }}
              aria-label="事项"
              style={{ width: 160 }}
              placeholder="全部"
              value={get('action') ?? null}
              onChange={(a) => set({ action: a ?? null, page: null })}
              options={actionChoices()}
            />
          </label>
          <label>
            自
            <DayInput
              clear
              value={get('from') ?? ''}
              onChange={(d) => set({ from: d || null, page: null })}
              aria-label="自哪天"
            />
          </label>
          <label>
            至
            <DayInput
              clear
              value={get('to') ?? ''}
              onChange={(d) => set({ to: d || null, page: null })}
              aria-label="至哪天"
            />
          </label>
          <SearchBox label="按对象编号查找" placeholder="对象编号" width={200} name="subject" />
        </div>
        <DataTable<Row>
          name="history"
          title="历史记录"
          path="/history"
          query={query}
          columns={columns}
          rowId={(h) => `${h.lane}-${h.seq}`}
          empty={<EmptyState title="没有符合条件的记录" />}
        />
      </Sheet>
    </>
  )
}

const faults = {
  changed: '被改动',
  missing: '缺失',
  columns: '与索引不符',
  head: '链头不符',
  anchor: '与锚点不符',
  cut: '被截断',
} as const

function Result({ of: v }: { of: Verification }) {
  return (
    <div className={v.sound ? 'effect' : 'issue-box'} role="status">
      {v.sound
        ? `核验通过：${v.entries.toLocaleString('zh-CN')} 条历史完整，没有被改动、删除或调换。`
        : `核验发现 ${v.flaws.length} 处问题，请立即保全现场并报告。`}
      {v.flaws.slice(0, 20).map((f) => (
        <div key={`${f.lane} ${f.seq} ${f.fault}`}>
          第 {f.lane} 链第 {f.seq} 条：{faults[f.fault]}
        </div>
      ))}
      <div className="quiet">
        锚点 {v.anchors.lines} 个{v.anchors.newest ? `，最近 ${moment(v.anchors.newest)}` : ''}
        {v.anchors.overdue ? '，已超过应留锚点的时间' : ''}
      </div>
    </div>
  )
}
