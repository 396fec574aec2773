// The draft with its numbers marked, and what was found about each of them.
import { Button } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { useAddress } from '#web/kit/address.ts'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import type { CheckedDraft, DraftFigure } from '../contract.ts'

export type Verdict = DraftFigure['verdict']

export const verdicts: readonly { verdict: Verdict; word: string; tone: Tone; says: string }[] = [
  { verdict: 'contradicted', word: '不符', tone: 'late', says: '与记录不符，不能付印' },
  { verdict: 'ambiguous', word: '存疑', tone: 'soon', says: '措辞说不清数的是什么' },
  { verdict: 'unsupported', word: '无据', tone: 'plain', says: '系统里没有对应的数，须另附来源' },
  { verdict: 'confirmed', word: '相符', tone: 'done', says: '与记录相符' },
]
const of = (verdict: Verdict) => verdicts.find((v) => v.verdict === verdict) as (typeof verdicts)[number]

/** Opens the drawer of the number a finding rests on, for the unit and days it was held against. */
export function useOpenNumber() {
  const { set } = useAddress()
  return ({ measure }: DraftFigure) => {
    if (!measure) return
    const query = new URL(measure.evidence, window.location.origin).searchParams
    const number = [measure.id, query.get('unit') ?? '', query.get('period') ?? '', ''].join('~')
    set({ number }, { push: true })
  }
}

interface Choosing {
  chosen: number | null
  choose: (index: number) => void
}

/** The draft as it was given, each number a way to its finding and, where there is one, to its records. */
export function MarkedText({ text, checked, chosen, choose }: { text: string; checked: CheckedDraft } & Choosing) {
  const open = useOpenNumber()
  // Offsets count characters, JavaScript counts halves of rare ones.
  const letters = [...text]
  const pieces: ReactNode[] = []
  let at = 0
  for (const [i, f] of checked.figures.entries()) {
    pieces.push(letters.slice(at, f.start).join(''))
    pieces.push(
      <button
        key={i}
        type="button"
        id={`draft-${i}`}
        className={`found ${f.verdict}${chosen === i ? ' chosen' : ''}`}
        aria-label={`${f.text}，${of(f.verdict).word}`}
        title={`${of(f.verdict).word}：${f.reason}`}
        onClick={() => {
          choose(i)
          open(f)
        }}
      >
        {f.text}
      </button>,
    )
    at = f.end
  }
  pieces.push(letters.slice(at).join(''))
  return <article className="draft">{pieces}</article>
}

const around = (text: string, f: DraftFigure) => {
  const letters = [...text]
  const clean = (words: string[]) => words.join('').replace(/\s+/g, ' ')
  return {
    before: clean(letters.slice(Math.max(0, f.start - 10), f.start)),
    after: clean(letters.slice(f.end, f.end + 8)),
  }
}

interface Shown extends Choosing {
  text: string
  checked: CheckedDraft
  only: Verdict | 'all'
}

/** One line a number, in the order of the text. */
export function Findings({ text, checked, only, chosen, choose }: Shown) {
  const rows = checked.figures.map((f, i) => ({ f, i })).filter(({ f }) => only === 'all' || f.verdict === only)
  if (checked.figures.length === 0)
    return <EmptyState title="没有找到统计数">文稿里只有日期、序号、名称等，没有需要核对的数。</EmptyState>
  if (rows.length === 0) return <EmptyState title={`没有“${of(only as Verdict).word}”的数`} />
  return (
    <ol className="findings">
      {rows.map(({ f, i }) => (
        <Finding key={i} text={text} f={f} chosen={chosen === i} choose={() => choose(i)} />
      ))}
    </ol>
  )
}

function Finding({ text, f, chosen, choose }: { text: string; f: DraftFigure; chosen: boolean; choose: () => void }) {
  const open = useOpenNumber()
  const line = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const { before, after } = around(text, f)
  return (
    <li ref={line} className={chosen ? 'chosen' : undefined}>
      <button type="button" className="place" onClick={choose}>
        <StateTag tone={of(f.verdict).tone}>{of(f.verdict).word}</StateTag>
        <span>
          {before}
          <b>{f.text}</b>
          {after}
        </span>
      </button>
      <p>{f.reason}</p>
      {f.measure ? (
        <Button size="small" type="link" onClick={() => open(f)}>
          {f.measure.name}
          {f.measure.value === null
            ? ''
            : `：${f.measure.value.toLocaleString('zh-CN')}${f.measure.classifier === '%' ? '' : ' '}${f.measure.classifier}`}
        </Button>
      ) : null}
    </li>
  )
}
