// A reading as it is handed out: offsets in characters, a verdict, and the reasons in one line.
import type { CheckedDraft, DraftFigure } from '../contract.ts'
import { isGrave } from './doubts.ts'
import { readDraft } from './read.ts'
import type { Draft, Reading } from './reading.ts'

export type Judged = Pick<DraftFigure, 'verdict' | 'reason'> & Partial<Pick<DraftFigure, 'measure'>>

const reasonsOf = (r: Reading) => r.doubts.map((d) => d.text).join('；')

/** Without records: what is doubtful by its wording alone. */
export function judgedByWords(r: Reading): Judged {
  return r.doubts.some(isGrave)
    ? { verdict: 'ambiguous', reason: reasonsOf(r) }
    : { verdict: 'unsupported', reason: [reasonsOf(r), '只识读，没有与记录核对'].filter(Boolean).join('；') }
}

/** JavaScript counts a rare character as two; people, and other languages, as one. */
function characters(text: string): (at: number) => number {
  const pairs = [...text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)].map((m) => m.index)
  return (at) => at - pairs.filter((p) => p < at).length
}

export function answerOf(given: string, draft: Draft, judge: (r: Reading, index: number) => Judged): CheckedDraft {
  const at = characters(given)
  return {
    figures: draft.readings.map((r, i) => {
      const { start, end, text, value, unit, bound, subject, period } = r
      return { start: at(start), end: at(end), text, value, unit, bound, subject, period, ...judge(r, i) }
    }),
    ignored: draft.ignored.map(({ start, end, why }) => ({
      start: at(start),
      end: at(end),
      text: given.slice(start, end),
      why,
    })),
  }
}

/** The reading alone: no server, no measures. */
export const checkByWords = (given: string): CheckedDraft => answerOf(given, readDraft(given), judgedByWords)
