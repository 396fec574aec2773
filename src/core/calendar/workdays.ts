// Working days by the State Council's calendar (ENG-02, CAL-01, CAL-02).
import { addDays, compareDays, type Day, weekdayOf } from './days.ts'
import { addHours, dayOf, hoursBetween, type Instant, instantOf, millisOf } from './instants.ts'

export interface WorkCalendar {
  /** Only the days that differ from Monday-to-Friday, or are named holidays. */
  days: Record<Day, 'holiday' | 'workday'>
  publishedYears: number[]
}

export interface Term {
  amount: number
  unit: 'hours' | 'days' | 'workdays' | 'workhours'
  /** Days and working days end at this time, Asia/Shanghai; without it at the end of the day (23:59:59). */
  at?: string
}

export interface Office {
  open: string
  close: string
}

const WHOLE_DAY: Office = { open: '00:00', close: '24:00' }
const LONGEST = 10_000

/** CAL-02: a year whose notice is not out answers by weekday alone and is flagged 暂算. */
export function isWorkday(calendar: WorkCalendar, day: Day): { workday: boolean; provisional: boolean } {
  const weekday = weekdayOf(day)
  const kind = calendar.days[day]
  const workday = kind === undefined ? weekday <= 5 : kind === 'workday'
  // A day the table names is settled, even if it was named by the notice of the following year.
  return { workday, provisional: kind === undefined && !calendar.publishedYears.includes(Number(day.slice(0, 4))) }
}

/**
 * ENG-02: the last of `count` working days. With `firstCounts` the given day is the first when it is a working day (the
 * notice was up before office hours); otherwise counting starts on the day after. Negative counts go backwards.
 */
export function addWorkdays(
  calendar: WorkCalendar,
  day: Day,
  count: number,
  { firstCounts = false }: { firstCounts?: boolean } = {},
): { day: Day; provisional: boolean } {
  if (!Number.isInteger(count) || Math.abs(count) > LONGEST) throw new RangeError(`not a count of days: ${count}`)
  const step = count < 0 ? -1 : 1
  const start = isWorkday(calendar, day)
  let left = Math.abs(count) - (firstCounts && count !== 0 && start.workday ? 1 : 0)
  let [at, provisional] = [day, start.provisional]
  while (left > 0) {
    at = addDays(at, step)
    const found = isWorkday(calendar, at)
    provisional ||= found.provisional
    if (found.workday) left -= 1
  }
  return { day: at, provisional }
}

/** Working days after `from` up to and including `to`; 0 when `to` is not later. */
export function workdaysBetween(calendar: WorkCalendar, from: Day, to: Day): { count: number; provisional: boolean } {
  let [count, provisional] = [0, false]
  for (let day = from; compareDays(day, to) < 0; ) {
    day = addDays(day, 1)
    const found = isWorkday(calendar, day)
    provisional ||= found.provisional
    if (found.workday) count += 1
  }
  return { count, provisional }
}

/** Hours between two instants that fall on working days, within office hours when given. */
export function workHours(calendar: WorkCalendar, from: Instant, to: Instant, office = WHOLE_DAY): number {
  let hours = 0
  for (let day = dayOf(from); compareDays(day, dayOf(to)) <= 0; day = addDays(day, 1)) {
    if (!isWorkday(calendar, day).workday) continue
    const open = later(instantOf(day, office.open), from)
    const close = earlier(instantOf(day, office.close), to)
    hours += Math.max(0, hoursBetween(open, close))
  }
  return hours
}

/** Adds hours on a clock that runs on working days only. */
export function addWorkHours(
  calendar: WorkCalendar,
  from: Instant,
  hours: number,
  office = WHOLE_DAY,
): { due: Instant; provisional: boolean } {
  if (!(hours >= 0 && hours <= LONGEST)) throw new RangeError(`not a number of hours: ${hours}`)
  if (hoursBetween(instantOf('2000-01-01', office.open), instantOf('2000-01-01', office.close)) <= 0)
    throw new RangeError(`office closes before it opens: ${office.open} to ${office.close}`)
  let [left, provisional] = [hours, false]
  for (let day = dayOf(from); ; day = addDays(day, 1)) {
    const found = isWorkday(calendar, day)
    provisional ||= found.provisional
    if (!found.workday) continue
    const open = later(instantOf(day, office.open), from)
    const room = hoursBetween(open, instantOf(day, office.close))
    if (room >= 0 && left <= room) return { due: addHours(open, left), provisional }
    left -= Math.max(0, room)
  }
}

/**
 * When a term ends. Hours run by the clock; days and working days leave out the day they start on and end with the last
 * day, or at `at` on it; working hours run on working days only.
 */
export function deadline(calendar: WorkCalendar, start: Instant, term: Term): { due: Instant; provisional: boolean } {
  if (!(term.amount >= 0)) throw new RangeError(`not a term: ${term.amount} ${term.unit}`)
  const end = term.at ?? '23:59:59'
  switch (term.unit) {
    case 'hours':
      return { due: addHours(start, term.amount), provisional: false }
    case 'workhours':
      return addWorkHours(calendar, start, term.amount)
    case 'days':
      return { due: instantOf(addDays(dayOf(start), term.amount), end), provisional: false }
    case 'workdays': {
      const { day, provisional } = addWorkdays(calendar, dayOf(start), term.amount)
      return { due: instantOf(day, end), provisional }
    }
  }
}

function later(a: Instant, b: Instant): Instant {
  return millisOf(a) >= millisOf(b) ? a : b
}

function earlier(a: Instant, b: Instant): Instant {
  return millisOf(a) <= millisOf(b) ? a : b
}
