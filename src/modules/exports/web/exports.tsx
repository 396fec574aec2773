// 导出审批: files of persons that I asked for, and those of colleagues that wait for my word.
import { Segmented } from 'antd'
import { call, callFile, saveFile } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Export } from '../contract.ts'

const states: Record<Export['state'], { word: string; tone: Tone }> = {
  waiting: { word: '待审批', tone: 'act' },
  granted: { word: '可以下载', tone: 'done' },
  declined: { word: '未批准', tone: 'late' },
  taken: { word: '已下载', tone: 'off' },
  lapsed: { word: '已过期', tone: 'off' },
}

const whatOf = (e: Export) => `${e.title}（${e.operation.endsWith('Csv') ? 'CSV' : 'Excel'}）`

const columns = (box: string): Column<Export>[] => [
  {
    id: 'what',
    title: '导出内容',
    width: 240,
    render: (e) => (
      <>
        {whatOf(e)}
        <div className="quiet">{e.about}</div>
      </>
    ),
    text: (e) => `${whatOf(e)}；${e.about}`,
  },
  {
    id: 'rows',
    title: '个人信息',
    width: 96,
    align: 'right',
    render: (e) => `${e.rows.toLocaleString('zh-CN')} 条`,
    text: (e) => e.rows,
  },
  { id: 'purpose', title: '用途', width: 180, render: (e) => e.purpose, text: (e) => e.purpose },
  ...(box === 'mine'
    ? []
    : [
        {
          id: 'who',
          title: '申请人',
          width: 130,
          render: (e: Export) => (
            <>
              {e.askedBy}
              <div className="quiet">{e.unitName}</div>
            </>
          ),
          text: (e: Export) => `${e.askedBy}（${e.unitName}）`,
        },
      ]),
  { id: 'at', title: '申请时间', width: 140, render: (e) => moment(e.askedAt), text: (e) => moment(e.askedAt) },
  {
    id: 'state',
    title: '状态',
    width: 135,
    render: (e) => (
      <>
        <StateTag tone={states[e.state].tone}>{states[e.state].word}</StateTag>
        {e.decidedBy ? <div className="quiet">{`${e.decidedBy}${e.note ? `：${e.note}` : ''}`}</div> : null}
        {e.state === 'granted' ? <div className="quiet">{moment(e.until)} 前下载一次</div> : null}
      </>
    ),
    text: (e) => states[e.state].word,
  },
  { id: 'act', title: '', width: 150, render: (e) => <Steps row={e} /> },
]

function Steps({ row }: { row: Export }) {
  const decide = (granted: boolean) => (note: string | undefined, idempotencyKey: string) =>
    call('POST', `/exports/${row.id}/decision`, {
      idempotencyKey,
      body: { granted, hash: row.hash, ...(note ? { note } : {}) },
    })
  return (
    <span className="row">
      {row.can.includes('take') ? (
        <Act
          verb="下载"
          done="已下载"
          size="small"
          type="primary"
          run={async () => saveFile(await callFile('GET', row.file))}
        />
      ) : null}
      {row.can.includes('decide') ? (
        <>
          <Act
            verb="批准"
            done="已批准"
            size="small"
            type="primary"
            effect={`${row.askedBy}将下载${row.title}，含 ${row.rows.toLocaleString('zh-CN')} 条个人信息，用于：${row.purpose}。批准后 24 小时内可下载一次。`}
            run={decide(true)}
          />
          <Act verb="不批准" done="已退回" size="small" reason="required" run={decide(false)} />
        </>
      ) : null}
    </span>
  )
}

const nothing: Record<string, { title: string; text: string }> = {
  mine: {
    title: '您没有申请过导出',
    text: '在名册、报到名单或数字的记录里点“导出”；超过 100 条个人信息的，会请您说明用途，列在这里。',
  },
  waiting: { title: '没有待您审批的导出', text: '一小时内合计超过 1000 条个人信息的导出，须经另一人批准。' },
  all: { title: '还没有导出申请', text: '您有权审批的导出申请会列在这里。' },
}

export function ExportsPage() {
  const approves = usePermission('export.approve')
  const { get, set } = useAddress()
  const box = get('box') ?? 'mine'
  return (
    <>
      <PageHead title="导出审批" where="个人信息的导出：用途、审批和下载" />
      <Sheet>
        {approves ? (
          <div className="filters">
            <Segmented
              aria-label="范围"
              value={box}
              options={[
                { value: 'mine', label: '我的申请' },
                { value: 'waiting', label: '待我审批' },
                { value: 'all', label: '全部' },
              ]}
              onChange={(v) => set({ box: v === 'mine' ? null : v, page: null })}
            />
          </div>
        ) : null}
        <DataTable<Export>
          name="exports"
          title="导出审批"
          path="/exports"
          query={{ box }}
          columns={columns(box)}
          empty={<EmptyState title={nothing[box]?.title ?? ''}>{nothing[box]?.text}</EmptyState>}
        />
      </Sheet>
    </>
  )
}
