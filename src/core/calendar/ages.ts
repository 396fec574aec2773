// Ages as organisation departments count them (ENG-04, AGE-01..03).
import { addMonths, compareDays, type Day, pad } from './days.ts'

export interface AgeBand {
  code: string
  /** Inclusive; absent means open-ended. */
  from?: number
  to?: number
}

/** AGE-03, 党统 and the yearly communique. */
export const PARTY_AGE_BANDS: readonly AgeBand[] = [
  { code: '0-30', to: 30 },
  { code: '31-35', from: 31, to: 35 },
  { code: '36-40', from: 36, to: 40 },
  { code: '41-45', from: 41, to: 45 },
  { code: '46-50', from: 46, to: 50 },
  { code: '51-55', from: 51, to: 55 },
  { code: '56-60', from: 56, to: 60 },
  { code: '61-', from: 61 },
]

/** AGE-03, cadre tables. */
export const CADRE_AGE_BANDS: readonly AgeBand[] = [
  { code: '0-35', to: 35 },
  { code: '36-40', from: 36, to: 40 },
  { code: '41-45', from: 41, to: 45 },
  { code: '46-50', from: 46, to: 50 },
  { code: '51-54', from: 51, to: 54 },
  { code: '55-59', from: 55, to: 59 },
  { code: '60-', from: 60 },
]

/** AGE-01: rosters and statistics count by month. Takes `YYYY-MM`, `YYYYMM` or a day on either side. */
export function ageByMonth(birth: string, at: string): number {
  return Math.floor((monthIndex(at) - monthIndex(birth)) / 12)
}

/** ENG-04: 周岁 for eligibility, by the full birth date; born on 02-29 counts on 02-28 in common years (ENG-01). */
export function fullAge(birth: Day, at: Day): number {
  const years = Number(at.slice(0, 4)) - Number(birth.slice(0, 4))
  return compareDays(addMonths(birth, years * 12), at) <= 0 ? years : years - 1
}

/** AGE-02: 「35岁以下」 means not yet 36, so `limit` itself is inside. */
export function isAgedUpTo(birth: string, at: string, limit: number): boolean {
  return ageByMonth(birth, at) <= limit
}

/** AGE-02: the printed cut-off, 「YYYY-MM 及以后出生」 are within `limit` years at `at`. */
export function birthMonthCutoff(at: string, limit: number): string {
  const index = monthIndex(at) - (limit + 1) * 12 + 1
  const year = Math.floor(index / 12)
  return `${pad(year, 4)}-${pad(index - year * 12 + 1, 2)}`
}

export function ageBandOf(age: number, bands: readonly AgeBand[]): AgeBand | undefined {
  return bands.find((band) => age >= (band.from ?? 0) && age <= (band.to ?? Number.POSITIVE_INFINITY))
}

function monthIndex(text: string): number {
  const found = /^(\d{4})-?(0[1-9]|1[0-2])(?:-\d{2})?$/.exec(text)
  if (!found) throw new RangeError(`not a month: ${text}`)
  return Number(found[1]) * 12 + Number(found[2]) - 1
}
