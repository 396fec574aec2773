// Reporting periods. The key is the name a figure is stored and asked under.
import {
  addDays,
  addMonths,
  compareDays,
  type Day,
  dayNumber,
  dayOfParts,
  isDay,
  pad,
  split,
  weekdayOf,
} from './days.ts'

export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'half' | 'year'

export interface Period {
  kind: PeriodKind
  /** `2026-03-01`, `2026-W09`, `2026-03`, `2026-Q1`, `2026-H1`, `2026` */
  key: string
  from: Day
  /** The last day, inclusive. */
  to: Day
}

const MONTHS = { month: 1, quarter: 3, half: 6, year: 12 }
const KEY = /^(\d{4})(?:-(?:(\d{2})(?:-\d{2})?|Q([1-4])|H([12])|W(\d{2})))?$/

export function periodOf(day: Day, kind: PeriodKind): Period {
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  if (kind === 'day') return { kind, key: day, from: day, to: day }
  if (kind === 'week') return weekOf(day)
  const { year, month } = split(day)
  const length = MONTHS[kind]
  const index = Math.floor((month - 1) / length)
  const from = dayOfParts(year, index * length + 1, 1)
  const key =
    pad(year, 4) + { month: `-${pad(month, 2)}`, quarter: `-Q${index + 1}`, half: `-H${index + 1}`, year: '' }[kind]
  return { kind, key, from, to: lastOf(from, length) }
}

/** The period a key names, or null: keys come from addresses and forms. */
export function periodOfKey(key: string): Period | null {
  const [found, year, month, quarter, half, week] = KEY.exec(key) ?? []
  if (!found || year === '0000') return null
  if (key.length === 10) return isDay(key) ? periodOf(key, 'day') : null
  if (week) {
    const period = periodOf(addDays(firstMonday(Number(year)), (Number(week) - 1) * 7), 'week')
    return period.key === key ? period : null
  }
  const first = `${year}-${month ?? pad(quarter ? Number(quarter) * 3 - 2 : half ? Number(half) * 6 - 5 : 1, 2)}-01`
  if (!isDay(first)) return null
  return periodOf(first, month ? 'month' : quarter ? 'quarter' : half ? 'half' : 'year')
}

export function previousPeriod(period: Period): Period {
  return periodOf(addDays(period.from, -1), period.kind)
}

export function nextPeriod(period: Period): Period {
  return periodOf(addDays(period.to, 1), period.kind)
}

/** 同期: a week keeps its ISO number, week 53 answers with the last week of a year that has only 52. */
export function samePeriodLastYear(period: Period): Period {
  if (period.kind !== 'week') return periodOf(addMonths(period.from, -12), period.kind)
  const [year, week] = [Number(period.key.slice(0, 4)) - 1, Number(period.key.slice(6))]
  const last = periodOf(addDays(firstMonday(year + 1), -1), 'week')
  return week > Number(last.key.slice(6)) ? last : periodOf(addDays(firstMonday(year), (week - 1) * 7), 'week')
}

/** Every period that touches the days from `from` to `to`, in order. */
export function periodsBetween(from: Day, to: Day, kind: PeriodKind): Period[] {
  const periods: Period[] = []
  for (let period = periodOf(from, kind); compareDays(period.from, to) <= 0; period = nextPeriod(period))
    periods.push(period)
  return periods
}

function weekOf(day: Day): Period {
  const from = addDays(day, 1 - weekdayOf(day))
  // ISO 8601: a week belongs to the year of its Thursday.
  const year = Number(addDays(from, 3).slice(0, 4))
  const number = (dayNumber(from) - dayNumber(firstMonday(year))) / 7 + 1
  return { kind: 'week', key: `${pad(year, 4)}-W${pad(number, 2)}`, from, to: addDays(from, 6) }
}

/** Monday of ISO week 1, the week that holds 4 January. */
function firstMonday(year: number): Day {
  const fourth = dayOfParts(year, 1, 4)
  return addDays(fourth, 1 - weekdayOf(fourth))
}

function lastOf(from: Day, months: number): Day {
  const { year, month } = split(from)
  return year === 9999 && month + months > 12 ? '9999-12-31' : addDays(addMonths(from, months), -1)
}
