// The three rates from counted rows: pure, integers first. [REQ-R, REQ-11]
import type { DemandSettings, Rate } from './contract.ts'

/** What the records say of one group of demands dispatched in a period. */
export interface RateCounts {
  dispatched: number
  excluded: number
  suspended: number
  respondable: number
  responded: number
  solvable: number
  solved: number
  ratable: number
  satisfied: number
  basically: number
}

export const noCounts: RateCounts = {
  dispatched: 0,
  excluded: 0,
  suspended: 0,
  respondable: 0,
  responded: 0,
  solvable: 0,
  solved: 0,
  ratable: 0,
  satisfied: 0,
  basically: 0,
}

/** `settings` that shape a rate. */
export type RateRules = Pick<DemandSettings, 'bands' | 'smallSample' | 'basicallyCounts' | 'weights'>

/** 96.8%: one decimal, rounded half up on integers, never through a float (ENG-03). */
export function percent(numerator: number, denominator: number): string {
  if (denominator === 0) return '—'
  const permille = Math.floor((2000 * numerator + denominator) / (2 * denominator))
  return `${Math.floor(permille / 10)}.${permille % 10}%`
}

/** The first band whose lower edge the ratio reaches: `100 n ≥ from × d`. */
const bandOf = (rules: RateRules, n: number, d: number) =>
  rules.bands.toSorted((a, b) => b.from - a.from).find((b) => 100 * n >= b.from * d)?.id ?? null

export function rate(rules: RateRules, numerator: number, denominator: number): Rate {
  const small = denominator < rules.smallSample
  const text = denominator === 0 ? '—' : small ? '样本不足' : percent(numerator, denominator)
  return { numerator, denominator, text, band: small ? null : bandOf(rules, numerator, denominator) }
}

export const add = (a: RateCounts, b: RateCounts): RateCounts =>
  Object.fromEntries(
    Object.keys(noCounts).map((k) => [k, a[k as keyof RateCounts] + b[k as keyof RateCounts]]),
  ) as unknown as RateCounts

/** 综合 = Σ weight × rate, only where weights are set and every rate has enough cases. */
function composite(rules: RateRules, rates: { response: Rate; solved: Rate; satisfied: Rate }): string | null {
  const w = rules.weights
  if (!w || [rates.response, rates.solved, rates.satisfied].some((r) => r.denominator < Math.max(1, rules.smallSample)))
    return null
  const parts: [number, Rate][] = [
    [w.response, rates.response],
    [w.solved, rates.solved],
    [w.satisfied, rates.satisfied],
  ]
  const common = parts.reduce((p, [, r]) => p * BigInt(r.denominator), 1n)
  const sum = parts.reduce((s, [weight, r]) => s + (BigInt(weight * r.numerator) * common) / BigInt(r.denominator), 0n)
  const whole = BigInt(w.response + w.solved + w.satisfied) * common
  if (whole === 0n) return null
  const permille = Number((2000n * sum + whole) / (2n * whole))
  return `${Math.floor(permille / 10)}.${permille % 10}%`
}

export function ratesOf(rules: RateRules, c: RateCounts) {
  const rates = {
    response: rate(rules, c.responded, c.respondable),
    solved: rate(rules, c.solved, c.solvable),
    satisfied: rate(rules, c.satisfied + (rules.basicallyCounts ? c.basically : 0), c.ratable),
  }
  return {
    dispatched: c.dispatched,
    excluded: c.excluded,
    suspended: c.suspended,
    ...rates,
    composite: composite(rules, rates),
  }
}
