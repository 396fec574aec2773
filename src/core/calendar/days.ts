// Days are text from end to end (C-11): no Date, no zone, no local getters.

/** `YYYY-MM-DD` */
export type Day = string

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const EPOCH = 719_162 // days before 1970-01-01, counted from 0001-01-01

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0)
}

export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const { year, month, date } = split(value)
  return year >= 1 && date >= 1 && date <= daysInMonth(year, month)
}

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  const { year, month, date } = split(day)
  const past = year - 1
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0
  return past * 365 + leaps + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + date - 1 - EPOCH
}

export function dayFromNumber(number: number): Day {
  if (!Number.isInteger(number)) throw new RangeError(`not a day number: ${number}`)
  // The mean year puts us at most one year off; step to the year that holds the number.
  let year = Math.floor((number + EPOCH) / 365.2425) + 1
  if (year < 0 || year > 10_000) throw new RangeError(`outside years 1 to 9999: ${number}`)
  if (year > 9999 || (year > 1 && firstOfYear(year) > number)) year -= 1
  else if (year < 9999 && firstOfYear(year + 1) <= number) year += 1
  let rest = number - firstOfYear(year)
  let month = 1
  while (month < 12 && rest >= daysInMonth(year, month)) rest -= daysInMonth(year, month++)
  return dayOfParts(year, month, rest + 1)
}

export function dayOfParts(year: number, month: number, date: number): Day {
  const day = `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`
  if (!isDay(day)) throw new RangeError(`not a day: ${day}`)
  return day
}

export function addDays(day: Day, days: number): Day {
  return dayFromNumber(dayNumber(day) + days)
}

/** ENG-01: same date months later, or the last day of that month where it does not exist. */
export function addMonths(day: Day, months: number): Day {
  if (!isDay(day) || !Number.isInteger(months)) throw new RangeError(`cannot add ${months} months to ${day}`)
  const { year, month, date } = split(day)
  const index = year * 12 + month - 1 + months
  const toYear = Math.floor(index / 12)
  const toMonth = index - toYear * 12 + 1
  return dayOfParts(toYear, toMonth, Math.min(date, daysInMonth(toYear, toMonth)))
}

/** Negative when `a` is earlier, 0 when equal, positive when later. */
export function compareDays(a: Day, b: Day): number {
  return dayNumber(a) - dayNumber(b)
}

/** Whole days from `from` to `to`: 0 on the same day, negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from)
}

/** ISO weekday, Monday 1 to Sunday 7. */
export function weekdayOf(day: Day): number {
  return ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1
}

export function split(day: Day): { year: number; month: number; date: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), date: Number(day.slice(8, 10)) }
}

export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function firstOfYear(year: number): number {
  return dayNumber(`${pad(year, 4)}-01-01`)
}
