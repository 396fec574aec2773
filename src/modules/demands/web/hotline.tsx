// 12345 转来的工单: the hotline's own file is looked through row by row first, then taken in; known numbers change nothing. [IMP-02..05]
import { Button, Select, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { csvText } from '#core/csv.ts'
import { call, saveFile } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import { asWorkbook, FilePick, sizeOf, tables } from '#web/kit/file-pick.tsx'
import { Progress, useLong } from '#web/kit/long.tsx'
import { NoMechanism } from '#web/kit/mechanisms.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading, Refusal } from '#web/kit/states.tsx'
import { UnitPicker, useUnit } from '#web/kit/units.tsx'
import type { HotlineResult } from '../contract.ts'
import { useMechanisms } from './queries.ts'

const MOST = 10 * 1024 * 1024
const headings = ['工单编号', '所属区域', '诉求分类', '标题', '诉求内容', '诉求人', '联系电话', '受理时间']

const csvOf = (lines: readonly (readonly (string | number | null)[])[]) =>
  new Blob([csvText(lines)], { type: 'text/csv;charset=utf-8' })

const template = () => saveFile({ name: '12345工单模板.csv', blob: csvOf([headings]) })

export function HotlinePage() {
  const carry = useCarry()
  const mechanisms = useMechanisms()
  return (
    <>
      <PageHead title="12345 导入" where="热线工单文件，逐行预检后再导入">
        <Link href={carry('/demands', { channel: 'hotline' })}>查看已导入的</Link>
      </PageHead>
      {mechanisms.error ? <ErrorState error={mechanisms.error} retry={() => void mechanisms.refetch()} /> : null}
      {mechanisms.isLoading ? <Loading /> : null}
      {mechanisms.data?.length === 0 ? <NoMechanism /> : null}
      {mechanisms.data?.length ? <Steps /> : null}
    </>
  )
}

/** Sends the file to be looked through, or to be taken in. */
function useTaking(into: { mechanismId: string; placeId: string | undefined }) {
  const [result, setResult] = useState<{ done: boolean; of: HotlineResult } | null>(null)
  const long = useLong()
  const refresh = useRefresh()
  const told = useTold()
  const send = async (picked: File, dryRun: boolean) => {
    const words = `正在${dryRun ? '预检' : '导入'} ${picked.name}（${sizeOf(picked.size)}）`
    const of = await long.run(words, ({ signal, key }) =>
      call<HotlineResult>('POST', '/hotline-files', {
        query: { ...into, dryRun: dryRun ? 'true' : 'false' },
        body: asWorkbook(picked),
        idempotencyKey: key,
        signal,
      }),
    )
    if (!of) return
    setResult({ done: !dryRun, of })
    if (dryRun) return
    told(`已导入 ${of.created} 件`)
    await refresh()
  }
  return { long, result, send, forget: () => setResult(null) }
}

const Prepare = () => (
  <li>
    <b>准备文件</b>
    <Button onClick={template}>下载模板</Button>
    <span className="quiet">热线导出的表可以直接用：列名能对上即可，须有工单编号、所属区域、诉求分类、诉求内容。</span>
  </li>
)

function Steps() {
  const { get } = useAddress()
  const mechanisms = useMechanisms().data ?? []
  const [mechanismId, setMechanism] = useState(mechanisms[0]?.id ?? '')
  const [placeId, setPlace] = useState(get('unit'))
  const scope = useUnit(get('unit'))
  const [file, setFile] = useState<File | null>(null)
  const { long, result, send, forget } = useTaking({ mechanismId, placeId })
  const choose = (next: () => void) => {
    next()
    forget()
  }
  return (
    <div className="stack">
      <Sheet title="新的导入" padded>
        <ol className="steps">
          <Prepare />
          <li>
            <b>转入哪项机制、哪个范围</b>{' '}
            <Select
              aria-label="机制"
              value={mechanismId}
              onChange={(v) => choose(() => setMechanism(v))}
              options={mechanisms.map((m) => ({ value: m.id, label: m.name }))}
            />
            <UnitPicker
              aria-label="地点范围"
              tree="place"
              first={scope.data?.tree === 'place' ? [scope.data] : undefined}
              placeholder="在哪个区、街道的范围里查找地点"
              value={placeId}
              onChange={(v) => choose(() => setPlace(v))}
            />
          </li>
          <li>
            <b>选择工单文件</b>
            <FilePick label="工单文件" kind={tables} file={file} onPick={(f) => choose(() => setFile(f))} most={MOST} />
          </li>
        </ol>
        {long.problem ? <Refusal problem={long.problem} /> : null}
        {long.doing ? (
          <Progress doing={long.doing} />
        ) : (
          <Button
            type={result ? 'default' : 'primary'}
            disabled={!file || !placeId}
            onClick={() => file && void send(file, true)}
          >
            预检
          </Button>
        )}
      </Sheet>
      {result && file ? (
        <Outcome result={result.of} done={result.done} busy={long.doing !== null} take={() => void send(file, false)} />
      ) : null}
    </div>
  )
}

type Line = HotlineResult['rows'][number]
const results: Record<Line['result'], { word: string; tone: Tone }> = {
  created: { word: '已导入', tone: 'done' },
  'would-create': { word: '可以导入', tone: 'done' },
  known: { word: '已有', tone: 'off' },
  wrong: { word: '有误', tone: 'act' },
}

interface OutcomeProps {
  result: HotlineResult
  done: boolean
  busy: boolean
  take: () => void
}

/** What each row came to; wrong rows can be taken along, put right and sent again: what is known stays as it is. */
function Outcome({ result, done, busy, take }: OutcomeProps) {
  const wrong = result.rows.filter((r) => r.result === 'wrong')
  const saveWrong = () =>
    saveFile({
      name: '12345有误的行.csv',
      blob: csvOf([['行号', '工单编号', '错误原因'], ...wrong.map((r) => [r.row, r.no, r.why])]),
    })
  return (
    <Sheet
      title={`${done ? '导入结果' : '预检结果'}：${done ? '已导入' : '可以导入'} ${result.created} 件，已有 ${result.known} 件，有误 ${result.wrong} 件`}
      padded
    >
      <div className="row" style={{ marginBottom: 10 }} role="status">
        {done ? null : (
          <Button type="primary" disabled={busy || result.created === 0} onClick={take}>
            导入 {result.created} 件
          </Button>
        )}
        {wrong.length > 0 ? <Button onClick={saveWrong}>下载有误的 {wrong.length} 行</Button> : null}
        <span className="quiet">
          {wrong.length > 0 ? '有误的行不会导入；改好后用同一文件再导，已有的不会重复。' : ''}
        </span>
      </div>
      <Table<Line>
        rowKey="row"
        size="small"
        pagination={result.rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
        dataSource={result.rows.toSorted(
          (a, b) => Number(b.result === 'wrong') - Number(a.result === 'wrong') || a.row - b.row,
        )}
        columns={[
          { title: '行号', dataIndex: 'row', width: 70, className: 'num' },
          { title: '工单编号', width: 200, render: (_, r) => <Order line={r} /> },
          {
            title: '结果',
            width: 110,
            render: (_, r) => <StateTag tone={results[r.result].tone}>{results[r.result].word}</StateTag>,
          },
          { title: '原因', render: (_, r) => r.why ?? '' },
        ]}
      />
    </Sheet>
  )
}

function Order({ line }: { line: Line }) {
  const carry = useCarry()
  return line.id ? <Link href={carry(`/demands/${line.id}`)}>{line.no}</Link> : line.no
}
