// One batch: what the dry run found row by row, the decision, and what became of it. [IMP-3, IMP-4, IMP-6]
import { Button, Segmented, Table } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { call, callFile, saveFile } from '#web/api.ts'
import { Act, useRefresh, useRefreshAfter } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { LOOK_EVERY, type Long, Progress, useLong } from '#web/kit/long.tsx'
import { Sheet, Totals } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading, Refusal } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { ImportState, PeopleImport } from '../contract.ts'
import { importStates } from './words.ts'

interface Undone {
  withdrawn: number
  kept: { id: string; name: string }[]
}

export function Batch({ id, close }: { id: string; close: () => void }) {
  const [undone, setUndone] = useState<Undone | null>(null)
  const shown = useQuery({
    queryKey: ['/people-imports/one', id],
    queryFn: ({ signal }) => call<PeopleImport>('GET', `/people-imports/${id}`, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === 'committing' ? LOOK_EVERY : false),
  })
  useRefreshAfter(shown.data?.state === 'committing')
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={6} />
  const batch = shown.data
  const state = importStates[batch.state]
  return (
    <Sheet
      title={
        <span className="row">
          {batch.fileName}
          <StateTag tone={state.tone}>{state.word}</StateTag>
          <span className="quiet">
            {moment(batch.checkedAt)} 预检　组织关系自 {batch.memberFrom} 起
          </span>
        </span>
      }
      padded
    >
      <Counts batch={batch} />
      <Storing batch={batch} />
      <Decision batch={batch} close={close} undone={setUndone} />
      {undone ? <Kept undone={undone} /> : null}
      <Issues batch={batch} />
    </Sheet>
  )
}

/** A long roster is stored after the answer: it goes on without this page, and what the rules refused stands here. [IMP-10] */
function Storing({ batch: { state, counts, result } }: { batch: PeopleImport }) {
  if (state === 'committing')
    return (
      <>
        <Progress doing={`正在导入 ${counts.ok.toLocaleString('zh-CN')} 行`} />
        <p className="quiet">可以离开本页，导入照常进行；结果见“我的导入批次”。</p>
      </>
    )
  if (state !== 'checked' || !result.refused) return null
  return (
    <div className="issue-box" role="alert">
      上次确认后没有导入任何一行：{result.refused}
    </div>
  )
}

function Counts({ batch }: { batch: PeopleImport }) {
  const { counts: c, result: r } = batch
  const tiles: [name: string, value: number, hint: string][] =
    batch.state === 'committed' || batch.state === 'undone'
      ? [
          ['新登记', r.persons ?? 0, '人'],
          ['建立组织关系', r.memberships ?? 0, '条'],
          ...(batch.state === 'undone'
            ? ([
                ['已收回', r.withdrawn ?? 0, '人'],
                ['保留', r.kept ?? 0, '人，已有人办理过'],
              ] as [string, number, string][])
            : []),
          ['未导入的错误行', c.errors, '行'],
        ]
      : [
          ['共', c.rows, '行'],
          ['可导入', c.ok, '行'],
          ['其中有提醒', c.warnings, '行'],
          ['有错误', c.errors, '行，不会导入'],
          ['已登记', c.existing, '行，保持原样'],
        ]
  return <Totals of={tiles} />
}

const leaving: Partial<Record<ImportState, string>> = { checked: '以后再定', committing: '以后再看' }

/** 仅导入正确行, or 全部取消; afterwards 整批撤销 as long as the day lasts. */
function Decision({
  batch,
  close,
  undone,
}: {
  batch: PeopleImport
  close: () => void
  undone: (u: Undone | null) => void
}) {
  const long = useLong()
  const refresh = useRefresh()
  const carry = useCarry()
  const { counts: c, can } = batch
  const store = async () => {
    const mode = c.errors > 0 ? 'correct-rows' : 'all-or-nothing'
    const done = await long.run(`正在写入 ${c.ok.toLocaleString('zh-CN')} 行`, ({ key }) =>
      call('POST', `/people-imports/${batch.id}/commit`, { body: { sha256: batch.sha256, mode }, idempotencyKey: key }),
    )
    if (done) await refresh()
  }
  return (
    <>
      {long.problem ? <Refusal problem={long.problem} /> : null}
      {long.doing ? <Progress doing={long.doing} /> : null}
      <div className="row" style={{ margin: '12px 0' }}>
        {can.includes('commit') && c.ok > 0 ? (
          <Button type="primary" disabled={long.doing !== null} onClick={() => void store()}>
            {c.errors > 0 ? `仅导入正确行（${c.ok} 行）` : `导入 ${c.ok} 行`}
          </Button>
        ) : null}
        {can.includes('errors') ? <Errors batch={batch} long={long} /> : null}
        {can.includes('cancel') ? (
          <Act
            verb="全部取消"
            done="已取消，没有导入任何一行"
            disabled={long.doing !== null}
            effect="不导入任何一行，上传的内容立即删除。"
            run={(_, key) =>
              call('POST', `/people-imports/${batch.id}/cancellation`, { body: {}, idempotencyKey: key })
            }
            onDone={close}
          />
        ) : null}
        {can.includes('undo') && batch.undoUntil ? (
          <Act
            verb="整批撤销"
            done="已撤销这批导入"
            ground="IMP-6"
            effect={`收回这批登记的 ${batch.result.persons ?? 0} 人和建立的 ${batch.result.memberships ?? 0} 条组织关系；此后已有人办理过的人员保留，并逐一列出。${moment(batch.undoUntil)} 前可以撤销。`}
            run={async (_, key) =>
              undone(await call<Undone>('POST', `/people-imports/${batch.id}/undo`, { body: {}, idempotencyKey: key }))
            }
          />
        ) : null}
        <Button onClick={close}>{leaving[batch.state] ?? '再导入一份'}</Button>
        {batch.state === 'committed' ? <Link href={carry('/persons')}>查看名册</Link> : null}
      </div>
    </>
  )
}

/** The refused rows as they came, with what is wrong in red; corrected, the same file is uploaded again. [IMP-3] */
function Errors({ batch, long }: { batch: PeopleImport; long: Long }) {
  const take = async () => {
    const made = await long.run('正在生成错误表', ({ signal }) =>
      callFile('GET', `/people-imports/${batch.id}/errors`, { signal }),
    )
    if (made) saveFile(made)
  }
  return (
    <Button disabled={long.doing !== null} onClick={() => void take()}>
      下载错误表（{batch.counts.errors} 行）
    </Button>
  )
}

function Kept({ undone }: { undone: Undone }) {
  const carry = useCarry()
  if (undone.kept.length === 0) return null
  return (
    <div className="effect">
      以下人员已有人办理过，保留不动：
      {undone.kept.map((k) => (
        <Link key={k.id} className="chip" href={carry(`/persons/${k.id}`)} style={{ marginLeft: 6 }}>
          {k.name}
        </Link>
      ))}
    </div>
  )
}

const levels = { error: { word: '错误', tone: 'late' }, warning: { word: '提醒', tone: 'soon' } } as const

function Issues({ batch }: { batch: PeopleImport }) {
  const [level, setLevel] = useState<'all' | 'error' | 'warning'>('all')
  const rows = batch.issues.filter((i) => level === 'all' || i.level === level)
  if (batch.issues.length === 0)
    return batch.state === 'checked' ? <EmptyState title="没有错误，也没有需要留意的行" /> : null
  return (
    <>
      <div className="row" style={{ marginBottom: 8 }}>
        <Segmented
          size="small"
          value={level}
          onChange={setLevel}
          options={[
            { value: 'all', label: '全部' },
            { value: 'error', label: '错误' },
            { value: 'warning', label: '提醒' },
          ]}
        />
        <span className="quiet">
          {batch.issues.length >= 200 ? '只列前 200 处，错误表里有全部。' : `共 ${batch.issues.length} 处`}
          {batch.ignoredColumns.length > 0 ? `　没有导入的列：${batch.ignoredColumns.join('、')}` : ''}
        </span>
      </div>
      <Table
        rowKey={(i) => `${i.cell} ${i.code}`}
        size="small"
        pagination={rows.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
        dataSource={rows}
        columns={[
          { title: '序号', width: 56, className: 'seq', render: (_, i) => batch.issues.indexOf(i) + 1 },
          {
            title: '类别',
            width: 70,
            render: (_, i) => <StateTag tone={levels[i.level].tone}>{levels[i.level].word}</StateTag>,
          },
          { title: '位置', width: 150, render: (_, i) => `${i.sheet} ${i.cell}` },
          { title: '列', width: 110, render: (_, i) => i.column },
          { title: '原因', render: (_, i) => i.text },
        ]}
      />
    </>
  )
}
