// The verdict on a number: what the measure it speaks of records for the same unit and days, judged by the rules of print.
import type { MeasureInfo } from '#modules/figures/contract.ts'
import type { Judged } from './answer.ts'
import { isGrave } from './doubts.ts'
import { lastVerbs, type Match, matches } from './match.ts'
import type { Reading } from './reading.ts'
import { holds, isClose, wouldBeTrue } from './truth.ts'

export interface Recorded {
  value: number | null
  numerator: number | null
  denominator: number | null
  /** too few persons to be shown */
  suppressed: boolean
  /** whose number and of which days, where that is not what the whole draft was asked for */
  where: string
  evidence: string
}

export type Records = (measure: MeasureInfo, r: Reading) => Recorded | null

interface Bound {
  match: Match
  recorded: Recorded
  value: number
}

const STATISTIC = new Set<Reading['kind']>(['count', 'share', 'claim'])

const measureOf = ({
  match: { measure },
  recorded,
}: {
  match: Pick<Match, 'measure'>
  recorded: Recorded
}): Judged['measure'] => ({
  id: measure.id,
  name: measure.name,
  value: recorded.value,
  classifier: measure.classifier,
  definition: measure.definition,
  evidence: recorded.evidence,
})

const said = (b: Bound) =>
  `${b.value.toLocaleString('zh-CN')}${b.match.measure.classifier === '%' ? '%' : b.match.measure.classifier}`
const joined = (...parts: string[]) => parts.filter(Boolean).join('；')
const notesOf = (r: Reading, codes?: readonly string[]) =>
  r.doubts.filter((d) => !codes || codes.includes(d.code)).map((d) => d.text)

/** Doubts a measure does not settle: it knows persons from times and exact from rounded. */
const SETTLED_NOT = ['note', 'pooled', 'parts']

function bindings(found: readonly Match[], r: Reading, records: Records): Bound[] {
  return found.flatMap((match) => {
    const recorded = records(match.measure, r)
    return recorded && recorded.value !== null ? [{ match, recorded, value: recorded.value }] : []
  })
}

/** 收集并解决: each verb has its own count; one number is true only when both are equal. */
function verifyStates(r: Reading, measures: readonly MeasureInfo[], records: Records): Judged | null {
  const verbs = lastVerbs(r)
  const each = verbs.map((verb) => bindings(matches(r, measures, [verb]), r, records).find((b) => !b.match.mismatch))
  const [first, second] = each
  if (verbs.length < 2 || !first || !second) return null
  const measure = measureOf(second)
  if (first.value === second.value && holds(r, second.value))
    return { verdict: 'confirmed', measure, reason: `“${verbs[0]}”和“${verbs[1]}”都是 ${said(second)}` }
  const both = each.map((b, i) => `${verbs[i]} ${said(b as Bound)}`).join('，')
  const equal = first.value === second.value ? `与记录不符：${both}` : `两种状态不是一个数：${both}，应分别写`
  return { verdict: 'contradicted', measure, reason: equal }
}

/** 全部, 均, 全覆盖 against the stored list. */
function verifyClaim(r: Reading, bound: Bound | undefined): Judged {
  if (bound && r.value === 0) {
    const measure = measureOf(bound)
    return bound.value === 0
      ? { verdict: 'confirmed', measure, reason: `“${bound.match.measure.name}”记录为 0，一个不剩` }
      : {
          verdict: 'contradicted',
          measure,
          reason: `“${bound.match.measure.name}”还有 ${said(bound)}，不能说“${r.text}”`,
        }
  }
  if (!bound || r.value !== 100) return { verdict: 'ambiguous', reason: notesOf(r).join('；') }
  const { numerator, denominator } = bound.recorded
  const measure = measureOf(bound)
  if (numerator !== null && numerator === denominator)
    return { verdict: 'confirmed', measure, reason: `名册 ${denominator} 个，全部对得上` }
  const reason = `名册上是 ${numerator}/${denominator}（${said(bound)}），不能说“${r.text}”`
  return { verdict: 'contradicted', measure, reason }
}

const differs = (r: Reading, b: Bound) =>
  `${b.recorded.where}“${b.match.measure.name}”记录为 ${said(b)}，与文稿不符；可写 ${wouldBeTrue(b.value, b.match.measure.classifier)}${r.remainder && b.value === r.value ? `，不带“${r.remainder}”` : ''}`

/** Persons said where times are recorded, or the other way round. */
function verifyMismatch(r: Reading, other: Bound | undefined, same: Bound | undefined): Judged | null {
  if (!other || !(holds(r, other.value) || isClose(r, other.value))) return null
  const unit = other.match.measure.classifier
  const truth = same ? `；按“${r.unit}”计为 ${said(same)}` : ''
  return {
    verdict: 'contradicted',
    measure: measureOf(other),
    reason: `${r.text} 对得上的是“${other.match.measure.name}”（${unit}），不是“${r.unit}”：应写 ${wouldBeTrue(other.value, unit)}${truth}`,
  }
}

function verifyAgainst(r: Reading, bound: readonly Bound[]): Judged | null {
  const plain = bound.filter((b) => !b.match.mismatch)
  const [best] = plain
  // A part of what is recorded cannot be held against the whole, unless it is the whole that was meant.
  if (best?.match.narrower && !(best.match.named && holds(r, best.value)))
    return {
      verdict: r.doubts.some(isGrave) ? 'ambiguous' : 'unsupported',
      measure: measureOf(best),
      reason: joined(
        `没有单列“${best.match.narrower}”的指标，最接近的是“${best.match.measure.name}”：${said(best)}`,
        ...notesOf(r),
      ),
    }
  const right = plain.filter((b) => holds(r, b.value))
  if (best && right.length === plain.length)
    return {
      verdict: 'confirmed',
      measure: measureOf(best),
      reason: joined(`${best.recorded.where}记录为 ${said(best)}，相符`, ...notesOf(r, SETTLED_NOT)),
    }
  const wrongUnit = verifyMismatch(
    r,
    bound.find((b) => b.match.mismatch),
    best,
  )
  if (wrongUnit) return wrongUnit
  if (!best) return null
  if (right.length === 0 && plain.length === 1)
    return {
      verdict: 'contradicted',
      measure: measureOf(best),
      reason: joined(differs(r, best), ...notesOf(r, SETTLED_NOT)),
    }
  const choices = plain.map((b) => `“${b.match.measure.name}”${said(b)}`).join('、')
  return {
    verdict: right.length === 0 ? 'contradicted' : 'ambiguous',
    measure: measureOf(right[0] ?? best),
    reason: joined(right.length === 0 ? `与记录都不符：${choices}` : `可能指 ${choices}，请写明`, ...notesOf(r)),
  }
}

/** There is a measure, but no number of it to hold the draft against. */
function notShown(r: Reading, measures: readonly MeasureInfo[], records: Records): Judged | null {
  for (const { measure } of matches(r, measures)) {
    const recorded = records(measure, r)
    if (!recorded || recorded.value !== null) continue
    const why = recorded.suppressed ? '人数太少，不显示，不能在这里核对' : '分母为零，没有数'
    return {
      verdict: 'ambiguous',
      measure: measureOf({ match: { measure }, recorded }),
      reason: `“${measure.name}”${why}`,
    }
  }
  return null
}

/** What may be asked of the records for this number. */
export const wanted = (r: Reading, measures: readonly MeasureInfo[]): MeasureInfo[] =>
  STATISTIC.has(r.kind)
    ? [...matches(r, measures), ...lastVerbs(r).flatMap((v) => matches(r, measures, [v]))].map((m) => m.measure)
    : []

export function verify(r: Reading, measures: readonly MeasureInfo[], records: Records): Judged {
  if (!STATISTIC.has(r.kind)) return { verdict: 'unsupported', reason: notesOf(r).join('；') || '不是统计数' }
  const bound = bindings(matches(r, measures), r, records)
  if (r.kind === 'claim') return verifyClaim(r, bound[0])
  const states = r.doubts.some((d) => d.code === 'states') ? verifyStates(r, measures, records) : null
  if (states) return states
  if (r.doubts.some((d) => d.code === 'states')) return { verdict: 'ambiguous', reason: notesOf(r).join('；') }
  const against = verifyAgainst(r, bound) ?? notShown(r, measures, records)
  if (against) return against
  const grave = r.doubts.some(isGrave)
  return {
    verdict: grave ? 'ambiguous' : 'unsupported',
    reason: joined(...notesOf(r), '没有对应的指标，须另附来源'),
  }
}
