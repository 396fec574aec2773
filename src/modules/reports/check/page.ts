// A draft laid out for reading: half-width digits at the same places, quotes, titles, clauses, sentences and dictionary words.
import { type Flow, flowOf } from './flow.ts'

export interface Span {
  start: number
  end: number
}

export interface Page {
  flow: Flow
  /** the running text, digits, Latin letters and % made half-width */
  text: string
  /** “…” and 「…」 that are names or slogans: short, no sentence inside */
  names: readonly Span[]
  /** 《…》 */
  titles: readonly Span[]
  /** lines that say who wrote, took or printed it */
  credits: readonly Span[]
  wordAt(at: number): Span
}

const HALF = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\uff0b\uff0e\uff0f]/g
const halved = (text: string) => text.replace(HALF, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))

/** Longer than any number, address or word: key material, rulers, rubbish. It is passed over and costs nothing. */
const ENDLESS = /[\w.,@+%/:=-]{150,}|[零〇一二两三四五六七八九十百千万亿数几]{40,}/g
const blanked = (text: string) => text.replace(ENDLESS, (run) => '\ufffd'.repeat(run.length))

function quoted(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((m) => ({ start: m.index + 1, end: m.index + m[0].length - 1 }))
}

const NAME = 30
/** A quotation in which somebody speaks is ordinary text. */
const isName = (words: string) => words.length <= NAME && !/[。！？!?；;…]/.test(words)

const CREDIT =
  /^[ \t　]{0,20}[（(【□■◎●○◆◇▲△★☆]?[ \t　]{0,20}(?:本报)?(?:首席)?(?:见习)?(记者|通讯员|作者|文[/／|]|图[/／|]|摄影|编辑|责编|责任编辑|美编|校对|审核|策划|总策划|统筹|图片|供稿|来源|联系人|执笔|撰稿|版式|制图)[^。]{0,60}$/

/** Where the dictionary (ICU) sees words; made once, the sentence around is enough. */
function wordsOf(text: string): (at: number) => Span {
  const starts: number[] = []
  for (const s of new Intl.Segmenter('zh', { granularity: 'word' }).segment(text)) starts.push(s.index)
  starts.push(text.length)
  return (at) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= at) low = middle
      else high = middle - 1
    }
    return { start: starts[low] as number, end: starts[low + 1] ?? text.length }
  }
}

function linesOf(text: string): Span[] {
  const lines: Span[] = []
  let start = 0
  for (const line of text.split('\n')) {
    lines.push({ start, end: start + line.length })
    start += line.length + 1
  }
  return lines
}

export function layOut(given: string): Page {
  const flow = flowOf(given)
  const text = blanked(halved(flow.text)).replace(/(?<=[\p{Script=Han}"%)])\.(?=[\p{Script=Han}"\s]|$)/gu, '。')
  const names = [
    ...quoted(text, /“[^“”]*”/g),
    ...quoted(text, /「[^「」]*」/g),
    ...quoted(text, /"[^"\n]*"/g),
    ...quoted(text, /‘[^‘’]*’/g),
  ]
  return {
    flow,
    text,
    names: names.filter((s) => isName(text.slice(s.start, s.end))).sort((a, b) => a.start - b.start),
    titles: quoted(text, /《[^《》]*》/g),
    credits: linesOf(text).filter((l) => CREDIT.test(text.slice(l.start, l.end))),
    wordAt: wordsOf(text),
  }
}

/** The first of the spans, in order, that holds this place. */
export function within<S extends Span>(spans: readonly S[], at: Span): S | undefined {
  // Spans of one kind do not overlap: the last that begins here or before is the only one that can.
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle] as Span).start <= at.start) low = middle + 1
    else high = middle
  }
  const found = spans[low - 1]
  return found && at.end <= found.end ? found : undefined
}

const CLAUSE = /[，。；：！？,;:!?\n（）()]/
const SENTENCE = /[。！？!?\n]/

/** No sentence is longer; what is so long is no sentence. */
const FAR = 400

/** The stretch around a place that holds no edge. */
export function around(text: string, at: Span, edge: RegExp): Span {
  const first = Math.max(0, at.start - FAR)
  const last = Math.min(text.length, at.end + FAR)
  let start = at.start
  let end = at.end
  while (start > first && !edge.test(text[start - 1] as string)) start--
  while (end < last && !edge.test(text[end] as string)) end++
  return { start, end }
}

/** From comma to comma. */
export const clauseAt = (page: Page, at: Span) => around(page.text, at, CLAUSE)
/** From full stop to full stop. */
export const sentenceAt = (page: Page, at: Span) => around(page.text, at, SENTENCE)
/** From 、 to 、: the smallest stretch a verb governs. */
export const pieceAt = (page: Page, at: Span) => around(page.text, at, /[，。；：！？,;:!?\n（）()、]/)

/** The name, slogan or title a number stands in. */
export function nameOf(page: Page, at: Span): string {
  const span = within(page.names, at) ?? within(page.titles, at)
  return span ? page.text.slice(span.start, span.end) : ''
}
