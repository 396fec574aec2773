// The text as it runs: a sentence that a column, a page or a caption cut in two is one again, and what cannot be seen is left out.
// Every place keeps where it stood in the text as given.

export interface Flow {
  text: string
  /** where each character of `text`, and its end, stands in the text as given */
  origin: Uint32Array
}

/** Zero-width characters, marks of writing direction, soft hyphens. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/
/** A line that ends so has ended its sentence, its entry or its row. */
const ENDED = /[。！？!?…；;：:|】][”"’）)]?$/
/** A line that begins so is an entry, a heading or a paragraph of its own. */
const BEGINS =
  /^(?:[　\t]| {2}|[#>*|【〔·•●○■□◆◇▲△★☆①-⑳-]|——|[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）、．.](?!\d))/
const COUNTING = /^(?:[余多万亿%％]|[名人个户家条件场期次项元篇份支所处亩](?!民|员|大|内|末|间|所|素))/
/** More than a heading is long. */
const LONG = 60

interface Line {
  start: number
  end: number
  words: string
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  for (const line of text.split('\n')) {
    const words = line.replace(new RegExp(UNSEEN, 'g'), '').trimEnd()
    if (words.trim() !== '') lines.push({ start, end: start + line.trimEnd().length, words })
    start += line.length + 1
  }
  return lines
}

/** How wide the column is, where most lines are as long as one another. */
function columnOf(lines: readonly Line[]): number {
  const widths = lines.map((l) => l.words.length).sort((a, b) => a - b)
  const wide = widths[Math.floor(widths.length * 0.8)] ?? 0
  const full = widths.filter((w) => Math.abs(w - wide) <= 3).length
  return lines.length >= 6 && wide >= 12 && wide < LONG && full >= 0.4 * lines.length ? wide : Number.POSITIVE_INFINITY
}

/** Is the sentence of the first line continued in the second? */
function runsOn(a: Line, b: Line, { column, apart }: { column: number; apart: number }): boolean {
  if (ENDED.test(a.words) || BEGINS.test(b.words)) return false
  // 为6300 | 多名党员: a number and its unit of count.
  if (/\p{Script=Han}.*\d$/u.test(a.words) && COUNTING.test(b.words) && apart <= 2) return true
  if (/[，、,]$/.test(a.words) || a.words.length >= LONG) return true
  return apart === 1 && a.words.length >= column - 3
}

/** The stretches that are passed over: from the end of one line to the beginning of the next. */
function cuts(text: string): { start: number; end: number }[] {
  const lines = linesOf(text)
  const column = columnOf(lines)
  return lines.slice(1).flatMap((b, i) => {
    const a = lines[i] as Line
    const between = text.slice(a.end, b.start)
    const apart = between.split('\n').length - 1
    return runsOn(a, b, { column, apart }) ? [{ start: a.end, end: b.start }] : []
  })
}

export function flowOf(given: string): Flow {
  const origin = new Uint32Array(given.length + 1)
  const left = cuts(given)
  const kept: string[] = []
  let cut = 0
  for (let at = 0; at < given.length; at++) {
    while (cut < left.length && (left[cut] as { end: number }).end <= at) cut++
    const gap = left[cut]
    if ((gap && gap.start <= at) || UNSEEN.test(given[at] as string)) continue
    origin[kept.length] = at
    kept.push(given[at] as string)
  }
  origin[kept.length] = given.length
  return { text: kept.join(''), origin: origin.subarray(0, kept.length + 1) }
}

/** A stretch of the running text as it stands in the text as given. */
export const given = <S extends { start: number; end: number }>({ origin }: Flow, span: S): S => ({
  ...span,
  start: origin[span.start] as number,
  end: span.end > span.start ? (origin[span.end - 1] as number) + 1 : (origin[span.end] as number),
})
