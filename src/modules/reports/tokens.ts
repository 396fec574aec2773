// A review's text carries its numbers as tokens: `{{认领|tasks.claims|万2余|人次}}` = verb, measure, form, unit of count.
// Nothing else in a template may be a number of the district.
import type { Template } from './contract.ts'

export interface Token {
  verb: string
  measure: string
  form: string
  classifier: string
}

/** `a+b`: one number said of two measures, as in 收集并解决. */
export const measuresIn = (token: Token) => token.measure.split('+')

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'broken'; source: string }
  | { kind: 'token'; token: Token; source: string; before: string; after: string; sentence: string }

const pattern = /\{\{([^|{}]+)\|([^|{}]+)\|([^|{}]+)\|([^|{}]+)\}\}/g
const anyBraces = /\{\{[^{}]*\}?\}?/g

/** The words of the clause around a token, tokens taken out: the verb must stand there. */
const clause = (text: string, at: number, direction: 'before' | 'after') => {
  const part = direction === 'before' ? text.slice(0, at) : text.slice(at)
  const cut = part.replace(pattern, '').split(/[。；，、：！？\n]/)
  return (direction === 'before' ? cut.at(-1) : cut[0]) ?? ''
}

/** The whole sentence around a token, tokens taken out. */
const sentenceAt = (text: string, at: number) => {
  const [before, after] = [text.slice(0, at), text.slice(at)].map((part) =>
    part.replace(pattern, '').split(/[。！？\n]/),
  )
  return `${before?.at(-1) ?? ''}${after?.[0] ?? ''}`
}

/** What looks like a token but is none must not be printed as it stands. */
function plain(text: string): Piece[] {
  const pieces: Piece[] = []
  let last = 0
  for (const match of text.matchAll(anyBraces)) {
    if (match.index > last) pieces.push({ kind: 'text', text: text.slice(last, match.index) })
    pieces.push({ kind: 'broken', source: match[0] })
    last = match.index + match[0].length
  }
  if (last < text.length) pieces.push({ kind: 'text', text: text.slice(last) })
  return pieces
}

export function readPieces(paragraph: string): Piece[] {
  const pieces: Piece[] = []
  let last = 0
  for (const match of paragraph.matchAll(pattern)) {
    const [source, verb, measure, form, classifier] = match as unknown as [string, string, string, string, string]
    pieces.push(...plain(paragraph.slice(last, match.index)))
    const end = match.index + source.length
    pieces.push({
      kind: 'token',
      token: { verb, measure, form, classifier },
      source,
      before: clause(paragraph, match.index, 'before'),
      after: clause(paragraph, end, 'after'),
      sentence: sentenceAt(paragraph, match.index),
    })
    last = end
  }
  pieces.push(...plain(paragraph.slice(last)))
  return pieces
}

/** Every text of a manuscript that may hold tokens. */
function textsOf({ lead, thesis, closing, sections }: Template): string[] {
  const blocks = sections.flatMap((s) => [
    s.heading,
    ...s.blocks.flatMap((b) => ('text' in b ? [b.text, b.kind === 'paragraph' ? b.runIn : ''] : [])),
  ])
  return [lead, thesis, closing, ...blocks]
}

/** The measures its sentences name, each once: ids, or `id@version`. */
export const measuresOf = (template: Template): string[] => [
  ...new Set(
    textsOf(template).flatMap((t) => readPieces(t).flatMap((x) => (x.kind === 'token' ? measuresIn(x.token) : []))),
  ),
]

/** The questions its tables and charts ask: measures by what their rows are. */
export function breakdownsOf(template: Template): Map<string, string[]> {
  const asked = new Map<string, Set<string>>()
  for (const block of template.sections.flatMap((s) => s.blocks)) {
    if (block.kind !== 'table' && block.kind !== 'chart') continue
    const measures = asked.get(block.by) ?? new Set()
    for (const m of block.measures) measures.add(m)
    asked.set(block.by, measures)
  }
  return new Map([...asked].map(([by, measures]) => [by, [...measures]]))
}
