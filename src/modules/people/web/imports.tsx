// 导入花名册: template, dry run, decision, result, and every batch with what may still be done with it. [IMP-1 … IMP-8]
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call, callFile, saveFile } from '#web/api.ts'
import { useRefresh } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { asWorkbook, FilePick, sizeOf } from '#web/kit/file-pick.tsx'
import { type Long, Progress, useLong } from '#web/kit/long.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, Refusal } from '#web/kit/states.tsx'
import { moment, todayHere } from '#web/kit/time.ts'
import type { PeopleImport, PeopleImportRow } from '../contract.ts'
import { Batch } from './import-batch.tsx'
import { importStates } from './words.ts'

const MOST = 20 * 1024 * 1024
/** Milliseconds between two looks at the batches: a long one may be on its way. [IMP-10] */
const EVERY = 10_000

export function ImportsPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const batch = get('batch')
  const open = (id: string | null) => set({ batch: id }, { push: true })
  return (
    <>
      <PageHead title="导入花名册" where="先预检，看清每一行再导入；24 小时内可以整批撤销">
        <Link href={carry('/persons')}>返回名册</Link>
      </PageHead>
      <div className="stack">
        {batch ? <Batch key={batch} id={batch} close={() => open(null)} /> : <Upload made={open} />}
        <Sheet title="我的导入批次">
          <Batches open={open} />
        </Sheet>
      </div>
    </>
  )
}

/** The three steps up to the dry run, in the order they are done. */
function Upload({ made }: { made: (id: string) => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [from, setFrom] = useState(todayHere())
  const long = useLong()
  const refresh = useRefresh()
  const check = async (picked: File) => {
    const batch = await long.run(`正在逐行预检 ${picked.name}（${sizeOf(picked.size)}）`, ({ signal, key }) =>
      call<PeopleImport>('POST', '/people-imports', {
        query: { fileName: picked.name.slice(-120), memberFrom: from },
        body: asWorkbook(picked),
        idempotencyKey: key,
        signal,
      }),
    )
    if (!batch) return
    await refresh()
    made(batch.id)
  }
  return (
    <Sheet title="新的导入" padded>
      <ol className="steps">
        <li>
          <b>下载模板</b>
          <Template long={long} />
          <span className="quiet">各列已设好下拉选项，另附填表说明；已有花名册的，列名能对上就可以直接上传。</span>
        </li>
        <li>
          <b>选择填好的花名册</b>
          <FilePick label="花名册文件" file={file} onPick={setFile} most={MOST} />
        </li>
        <li>
          <b>组织关系自哪天起</b>
          <DayInput value={from} onChange={setFrom} aria-label="组织关系自哪天起" />
          <span className="quiet">表中党员的正式组织关系从这一天算起，不能晚于今天。</span>
        </li>
      </ol>
      {long.problem ? <Refusal problem={long.problem} /> : null}
      {long.doing ? (
        <Progress doing={long.doing} onStop={long.stop} />
      ) : (
        <Button type="primary" disabled={!file || from === ''} onClick={() => file && void check(file)}>
          预检
        </Button>
      )}
    </Sheet>
  )
}

function Template({ long }: { long: Long }) {
  const take = async () => {
    const made = await long.run('正在生成模板', ({ signal }) => callFile('GET', '/people-import-template', { signal }))
    if (made) saveFile(made)
  }
  return (
    <Button disabled={long.doing !== null} onClick={() => void take()}>
      下载模板
    </Button>
  )
}

const whole = (n: number | undefined) => (n === undefined ? '—' : n.toLocaleString('zh-CN'))

const columnsWith = (open: (id: string) => void): Column<PeopleImportRow>[] => [
  {
    id: 'file',
    title: '文件',
    render: (b) => (
      <button type="button" className="link" onClick={() => open(b.id)}>
        {b.fileName}
      </button>
    ),
    text: (b) => b.fileName,
  },
  {
    id: 'state',
    title: '状态',
    width: 84,
    render: (b) => <StateTag tone={importStates[b.state].tone}>{importStates[b.state].word}</StateTag>,
    text: (b) => importStates[b.state].word,
  },
  {
    id: 'checked',
    title: '预检时间',
    width: 136,
    render: (b) => moment(b.checkedAt),
    text: (b) => moment(b.checkedAt),
  },
  ...(
    [
      ['rows', '行数'],
      ['ok', '可导入'],
      ['warnings', '提醒'],
      ['errors', '错误'],
      ['existing', '已登记'],
    ] as const
  ).map(
    ([id, title]): Column<PeopleImportRow> => ({
      id,
      title,
      width: 72,
      align: 'right',
      render: (b) => whole(b.counts[id]),
      text: (b) => b.counts[id],
    }),
  ),
  {
    id: 'persons',
    title: '新登记人数',
    width: 96,
    align: 'right',
    render: (b) => whole(b.result.persons),
    text: (b) => b.result.persons,
  },
  {
    id: 'until',
    title: '可撤销至',
    width: 136,
    render: (b) => (b.can.includes('undo') && b.undoUntil ? moment(b.undoUntil) : '—'),
    text: (b) => (b.can.includes('undo') && b.undoUntil ? moment(b.undoUntil) : ''),
  },
]

const Batches = ({ open }: { open: (id: string) => void }) => (
  <DataTable<PeopleImportRow>
    name="people-imports"
    title="花名册导入批次"
    path="/people-imports"
    query={{}}
    columns={columnsWith(open)}
    every={EVERY}
    empty={<EmptyState title="还没有导入过花名册">每次预检和导入都会列在这里，别人看不到您上传的批次。</EmptyState>}
  />
)
