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

/**
 * The stretch whose number is held against his line: the running one; but what only grows while it runs is not yet too little, so
 * that is judged when the stretch is over.
 */
export function judgedOn(watch: Watched, today: Day, grows: boolean): Period | null {
  if (watch.line === null) return null
  if (watch.line.side === 'above' || !grows) return periodOf(today, watch.every)
  const last = previousPeriod(periodOf(today, watch.every))
  return last.to >= watch.begunOn ? last : null
}

export const isBeyond = ({ side, value }: NonNullable<Watched['line']>, number: number | null): boolean =>
  number !== null && (side === 'above' ? number > value : number < value)
