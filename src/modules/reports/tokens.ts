// A review's text carries its numbers as tokens: `{{认领|tasks.claims|万2余|人次}}` = verb, measure, form, unit of count.
// Nothing else in a template may be a number of the district.

export interface Token {
  verb: string
  measure: string
  form: string
  classifier: string
}

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'token'; token: Token; source: string; before: string; after: string; sentence: string }

const pattern = /\{\{([^|{}]+)\|([^|{}]+)\|([^|{}]+)\|([^|{}]+)\}\}/g

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

export function readPieces(paragraph: string): Piece[] {
  const pieces: Piece[] = []
  let last = 0
  for (const match of paragraph.matchAll(pattern)) {
    const [source, verb, measure, form, classifier] = match as unknown as [string, string, string, string, string]
    if (match.index > last) pieces.push({ kind: 'text', text: paragraph.slice(last, match.index) })
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
  if (last < paragraph.length) pieces.push({ kind: 'text', text: paragraph.slice(last) })
  return pieces
}
