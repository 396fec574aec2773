// Instants are ISO text too. Office time is Asia/Shanghai, +08:00 without summer time since 1991-09-15; the system's
// own instants are all later. Birth and joining dates never become instants (trust fact 4).
import { type Day, dayFromNumber, dayNumber, pad } from './days.ts'

/** ISO 8601 with an offset, e.g. `2026-03-01T01:30:00.000Z`; PostgreSQL's `2026-03-01 01:30:00+00` reads too. */
export type Instant = string

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SHANGHAI = 8 * HOUR
const FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/

/** Milliseconds since 1970-01-01T00:00Z. */
export function millisOf(instant: Instant): number {
  const found = FORM.exec(instant)
  if (!found) throw new RangeError(`not an instant: ${instant}`)
  const [, day = '', hour, minute, second = '0', fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = found
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw new RangeError(`not an instant: ${instant}`)
  if (Number(offsetHour) > 15 || Number(offsetMinute) > 59) throw new RangeError(`not an instant: ${instant}`)
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1)
  return dayNumber(day) * DAY + seconds * 1000 + millis - offset
}

export function instantOfMillis(millis: number): Instant {
  const whole = Math.floor(millis)
  const number = Math.floor(whole / DAY)
  const rest = whole - number * DAY
  const [hour, minute] = [Math.floor(rest / HOUR), Math.floor(rest / 60_000) % 60]
  const [second, milli] = [Math.floor(rest / 1000) % 60, rest % 1000]
  return `${dayFromNumber(number)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(milli, 3)}Z`
}

/** The day on the wall calendar in Asia/Shanghai. */
export function dayOf(instant: Instant): Day {
  return dayFromNumber(Math.floor((millisOf(instant) + SHANGHAI) / DAY))
}

/** `dayOf`, named for the question most callers ask: `today(clock.now())`. */
export function today(instant: Instant): Day {
  return dayOf(instant)
}

/** `HH:MM` on the wall clock in Asia/Shanghai. */
export function timeOf(instant: Instant): string {
  const local = millisOf(instant) + SHANGHAI
  const rest = local - Math.floor(local / DAY) * DAY
  return `${pad(Math.floor(rest / HOUR), 2)}:${pad(Math.floor(rest / 60_000) % 60, 2)}`
}

/** `HH:MM`, `HH:MM:SS` or `24:00` on a day in Asia/Shanghai. */
export function instantOf(day: Day, time: string): Instant {
  const found = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$|^24:00$/.exec(time)
  if (!found) throw new RangeError(`not a time of day: ${time}`)
  const [, hour = '24', minute = '0', second = '0'] = found
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
  return instantOfMillis(dayNumber(day) * DAY + seconds * 1000 - SHANGHAI)
}

export function addHours(instant: Instant, hours: number): Instant {
  if (!Number.isFinite(hours)) throw new RangeError(`not a number of hours: ${hours}`)
  return instantOfMillis(millisOf(instant) + Math.round(hours * HOUR))
}

/** Natural hours from one instant to another, with fractions. */
export function hoursBetween(from: Instant, to: Instant): number {
  return (millisOf(to) - millisOf(from)) / HOUR
}
