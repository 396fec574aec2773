// When somebody is told of a number he watches.
import { type Day, type Period, periodOf, previousPeriod } from '#core/calendar.ts'

export interface Watched {
  every: 'week' | 'month'
  digest: boolean
  line: { side: 'above' | 'below'; value: number } | null
  begunOn: Day
}

/** The stretch whose number he is told because it is over; null where none has ended since he asked. */
export function overOn(watch: Watched, today: Day): Period | null {
  const last = previousPeriod(periodOf(today, watch.every))
  return watch.digest && last.to >= watch.begunOn ? last : null
}

/** The running stretch whose number is held against his line. */
export const runningOn = (watch: Watched, today: Day): Period | null =>
  watch.line === null ? null : periodOf(today, watch.every)

export const isBeyond = ({ side, value }: NonNullable<Watched['line']>, number: number | null): boolean =>
  number !== null && (side === 'above' ? number > value : number < value)
