// 核稿: a draft written elsewhere is dropped or pasted here, and every number in it is held against the records. Nothing of it is kept.
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { decodeText } from '#core/text.ts'
import { call } from '#web/api.ts'
import { Asking, useAsked } from '#web/kit/asking.tsx'
import { type FileKind, FilePick } from '#web/kit/file-pick.tsx'
import { Progress, useLong } from '#web/kit/long.tsx'
import { PageHead, PrintHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading, Refusal } from '#web/kit/states.tsx'
import type { CheckedDraft, DraftText } from '../contract.ts'
import { Findings, MarkedText, type Verdict, verdicts } from './draft-parts.tsx'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const MOST_BYTES = 20 * 1024 * 1024
const MOST = 60_000

const draftFile: FileKind = {
  named: '.docx、.txt、.md',
  ends: /\.(docx|txt|md)$/i,
  accept: `.docx,.txt,.md,${DOCX},text/plain`,
  old: [/\.doc$/i, '这是旧格式（.doc），请在文字软件中另存为 .docx 后再选。'],
}

export function DraftPage() {
  const [text, setText] = useState<string | null>(null)
  return text === null ? <Giving give={setText} /> : <Checked text={text} again={() => setText(null)} />
}

/** The text of a chosen file: plain text is read here, a document by the server, which forgets it. */
async function textOf(file: File, signal: AbortSignal): Promise<string | null> {
  if (!/\.docx$/i.test(file.name)) return decodeText(new Uint8Array(await file.arrayBuffer()))
  const { text } = await call<DraftText>('POST', '/drafts/text', { body: new Blob([file], { type: DOCX }), signal })
  return text
}

function Giving({ give }: { give: (text: string) => void }) {
  const [written, setWritten] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const long = useLong()
  const length = [...written].length
  const hand = (text: string) => {
    if (text.trim() === '') setFault('文稿里没有文字。')
    else if ([...text].length > MOST)
      setFault(`文稿有 ${[...text].length} 个字，一次最多核对 ${MOST} 个字，请分成几份。`)
    else give(text)
  }
  const take = async (picked: File | null) => {
    setFile(picked)
    setFault(null)
    if (!picked) return
    let read = false
    const text = await long.run(`正在读取 ${picked.name}`, async ({ signal }) => {
      const found = await textOf(picked, signal)
      read = true
      return found
    })
    if (text !== null) hand(text)
    else if (read) setFault('这个文件不是文本，请另存为 UTF-8 编码的 .txt，或另存为 .docx。')
  }
  return (
    <>
      <PageHead title="核稿" where="逐个核对文稿里的数；文稿只在本页，不保存、不留记录" />
      <Sheet title="文稿" padded>
        <div className="stack">
          <FilePick label="文稿文件" file={file} onPick={(f) => void take(f)} most={MOST_BYTES} kind={draftFile} />
          {long.doing ? <Progress doing={long.doing} onStop={long.stop} /> : null}
          {long.problem ? <Refusal problem={long.problem} /> : null}
          {fault ? (
            <p role="alert" className="issue-box">
              {fault}
            </p>
          ) : null}
          <label htmlFor="draft-words">或把文字粘贴在这里</label>
          <Input.TextArea
            id="draft-words"
            rows={14}
            value={written}
            placeholder="例如：今年以来，发布任务4541条，1.98万余人次认领。"
            onChange={(e) => (setWritten(e.target.value), setFault(null))}
          />
          <div className="row">
            <Button type="primary" disabled={written.trim() === ''} onClick={() => hand(written)}>
              核对
            </Button>
            <span className="quiet">
              {length > 0 ? `${length.toLocaleString('zh-CN')} 字` : `最多 ${MOST.toLocaleString('zh-CN')} 字`}
            </span>
          </div>
        </div>
      </Sheet>
    </>
  )
}

function Checked({ text, again }: { text: string; again: () => void }) {
  const { unit, period, tree } = useAsked()
  const [only, setOnly] = useState<Verdict | 'all'>('all')
  const [chosen, choose] = useState<number | null>(null)
  const body = { text, unit, period, tree }
  const checked = useQuery({
    queryKey: ['/drafts/check', body],
    queryFn: ({ signal }) => call<CheckedDraft>('POST', '/drafts/check', { body, signal }),
    placeholderData: (before) => before,
    // The draft is not to outlive the page.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const pick = (index: number) => {
    setOnly((now) => (now === 'all' || checked.data?.figures[index]?.verdict === now ? now : 'all'))
    choose(index)
  }
  return (
    <>
      <PageHead title="核稿" where="文稿只在本页，不保存、不留记录">
        <Asking />
        <Button onClick={() => window.print()}>打印</Button>
        <Button onClick={again}>换一份文稿</Button>
      </PageHead>
      <PrintHead title="文稿数字核对" unit={unit ? undefined : '本单位'} period={period} />
      {checked.error ? <ErrorState error={checked.error} retry={() => void checked.refetch()} /> : null}
      {!checked.data && !checked.error ? <Loading lines={8} /> : null}
      {checked.data ? (
        <div className="split">
          <Sheet title="文稿" padded>
            <MarkedText text={text} checked={checked.data} chosen={chosen} choose={pick} />
          </Sheet>
          <div className="beside">
            <Sheet title={`共 ${checked.data.figures.length} 个数`}>
              <Counts checked={checked.data} only={only} setOnly={setOnly} />
              <Findings
                text={text}
                checked={checked.data}
                only={only}
                chosen={chosen}
                choose={(i) => (pick(i), toText(i))}
              />
              <Passed checked={checked.data} />
            </Sheet>
          </div>
        </div>
      ) : null}
    </>
  )
}

const toText = (index: number) => document.getElementById(`draft-${index}`)?.scrollIntoView({ block: 'center' })

interface CountsProps {
  checked: CheckedDraft
  only: Verdict | 'all'
  setOnly: (only: Verdict | 'all') => void
}

function Counts({ checked, only, setOnly }: CountsProps) {
  const count = (verdict: Verdict) => checked.figures.filter((f) => f.verdict === verdict).length
  const says = verdicts.find((v) => v.verdict === only)?.says
  return (
    <div className="filters">
      <Segmented
        aria-label="按核对结果筛选"
        value={only}
        onChange={(v) => setOnly(v as Verdict | 'all')}
        options={[
          { value: 'all', label: '全部' },
          ...verdicts.map(({ verdict, word }) => ({ value: verdict, label: `${word} ${count(verdict)}` })),
        ]}
      />
      {says ? <span className="quiet">{says}</span> : null}
    </div>
  )
}

/** The same word passed over for the same reason is listed once. */
function alike({ ignored }: CheckedDraft) {
  const groups = new Map<string, { text: string; why: string; times: number }>()
  for (const { text, why } of ignored) {
    const one = groups.get(`${text.trim()} ${why}`) ?? { text: text.trim(), why, times: 0 }
    groups.set(`${text.trim()} ${why}`, { ...one, times: one.times + 1 })
  }
  return [...groups.values()]
}

/** Numbers that are none, so that nobody wonders whether they were seen. */
function Passed({ checked }: { checked: CheckedDraft }) {
  const [open, setOpen] = useState(false)
  if (checked.ignored.length === 0) return null
  return (
    <div className="passed">
      <Button type="link" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? '收起' : '另有'} {checked.ignored.length} 处不是统计数
      </Button>
      {open ? (
        <ul>
          {alike(checked).map(({ text, why, times }) => (
            <li key={`${text}-${why}`}>
              {text}
              <span className="kind">
                {why}
                {times > 1 ? `，${times} 处` : ''}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
