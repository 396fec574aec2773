// Whether a printed number is true of the recorded one: the rules a report prints by, read backwards.
import { isTrue, trueForms } from '../words.ts'
import type { Reading } from './reading.ts'

/** What the last printed digit is worth: 4500 → 100, 1.98万 → 100, 26000 → 1000. */
function stepOf(r: Reading): number {
  const value = r.value ?? 0
  if (!Number.isInteger(value)) return 10 ** -(String(value).split('.')[1]?.length ?? 0)
  let step = 1
  while (value !== 0 && value % (step * 10) === 0) step *= 10
  // 近万, 约百: less than a tenth away, not anything down to nothing.
  return step === value && (r.sense === 'near' || r.sense === 'about') ? step / 10 : step
}

/** Percentages are printed rounded, but never up to 100 or down to 0. */
function isTrueShare(r: Reading, value: number): boolean {
  const printed = r.value ?? 0
  const rounded = Math.abs(value - printed) < stepOf(r) / 2 + 1e-9
  return rounded && !(printed >= 100 && value < 100) && !(printed <= 0 && value > 0)
}

export function holds(r: Reading, value: number): boolean {
  const printed = r.value
  if (printed === null) return false
  if (r.sense === 'exact') return r.unit === '%' ? isTrueShare(r, value) : isTrue(value, printed, 'exact', 1)
  const step = stepOf(r)
  if (r.sense === 'above') return isTrue(value, printed, '余', step)
  if (r.sense === 'over') return isTrue(value, printed, '超', step)
  if (r.sense === 'near') return isTrue(value, printed, '近', step)
  if (r.sense === 'about') return isTrue(value, printed, '约', step)
  if (r.sense === 'atLeast') return isTrue(value, printed, '以上', step)
  return r.sense === 'below' ? value < printed : value <= printed
}

/** The same number up to its last printed digit: 1.98万 for 19841. */
export const isClose = (r: Reading, value: number): boolean => Math.abs(value - (r.value ?? 0)) < stepOf(r)

/** One or two ways to print the recorded number that are true. */
export const wouldBeTrue = (value: number, unit: string): string =>
  trueForms(value)
    .filter((form) => !form.startsWith('0.'))
    .slice(0, 2)
    .map((form) => `${form}${unit}`)
    .join('、')
