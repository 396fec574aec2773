// Periods as people write them: 2026, 2026-Q3, 2026-11, any stretch `from..to`, or in words relative to today.
import {
  addDays,
  addMonths,
  type Day,
  daysBetween,
  isDay,
  type Period,
  type PeriodKind,
  periodOf,
  periodOfKey,
  periodsBetween,
  previousPeriod,
  samePeriodLastYear,
} from '#core/calendar.ts'
import { fail } from './contract.ts'

export interface Stretch {
  key: string
  from: string
  to: string
}

const plain = ({ key, from, to }: Period): Stretch => ({ key, from, to })
const between = (from: Day, to: Day): Stretch => ({ key: `${from}..${to}`, from, to })

const kinds = ['day', 'week', 'month', 'quarter', 'half', 'year'] as const satisfies PeriodKind[]

/** Words relative to today: this and the last one of each kind, from its beginning until today, and the same days of last year. */
const relative: Record<string, (today: Day) => Stretch> = {
  today: (today) => plain(periodOf(today, 'day')),
  yesterday: (today) => plain(periodOf(addDays(today, -1), 'day')),
  'same-period-last-year': (today) => yearBefore(between(periodOf(today, 'year').from, today)),
}
for (const kind of kinds) {
  relative[`this-${kind}`] = (today) => plain(periodOf(today, kind))
  relative[`last-${kind}`] = (today) => plain(previousPeriod(periodOf(today, kind)))
  relative[`${kind}-to-date`] = (today) => between(periodOf(today, kind).from, today)
  relative[`same-${kind}-last-year`] = (today) => plain(samePeriodLastYear(periodOf(today, kind)))
}

/** `last-12-months`, `last-5-years`: whole ones, the running one the last of them. */
function lastSome(words: string, today: Day): Stretch | null {
  const [, count = '', kind] = /^last-(\d{1,3})-(day|week|month|quarter|half|year)s$/.exec(words) ?? []
  if (!kind || Number(count) < 1) return null
  const last = periodOf(today, kind as PeriodKind)
  let first = last
  for (let n = Number(count); n > 1 && first.from >= '1900'; n--) first = previousPeriod(first)
  return between(first.from, last.to)
}

/** @throws figure.bad-period */
export function readPeriod(words: string | undefined, today: string): Stretch {
  if (!words) return plain(periodOf(today, 'year'))
  const said = Object.hasOwn(relative, words) ? relative[words] : undefined
  if (said) return said(today)
  const some = lastSome(words, today)
  const [from, to, more] = words.split('..')
  const stretch = to !== undefined && more === undefined && isDay(from) && isDay(to) && from <= to
  const found: Period | null = to === undefined ? periodOfKey(words) : null
  const read = some ?? (stretch ? { key: words, from, to } : found && plain(found))
  // the calendar knows every year, records only those of `day` (TI-06)
  if (!read || read.from < '1900' || read.to > '2200') throw fail('bad-period', { period: words })
  return read
}

export const seriesOf = (stretch: Stretch, kind: 'month' | 'quarter' | 'year'): Period[] =>
  periodsBetween(stretch.from, stretch.to, kind)

/** The same days a year ago; 29 February answers with the 28th, the end of a month with its end. */
function yearBefore({ from, to }: Stretch): Stretch {
  const monthEnds = addDays(to, 1).endsWith('-01')
  return between(addMonths(from, -12), monthEnds ? addDays(addMonths(addDays(to, 1), -12), -1) : addMonths(to, -12))
}

/** What a period is compared with. A running one counts until today, so that equal stretches stand side by side [同期]. */
export function comparedWith(stretch: Stretch, how: 'previous' | 'last-year', today: Day): Stretch {
  const running = stretch.from <= today && today < stretch.to
  const until = running ? today : stretch.to
  const whole = periodOfKey(stretch.key)
  if (how === 'last-year') {
    const before = yearBefore({ ...stretch, to: until })
    const found = whole && !running ? periodOf(before.from, whole.kind) : null
    return found && whole?.kind !== 'week' ? plain(found) : before
  }
  if (!whole) {
    const days = daysBetween(stretch.from, until)
    return between(addDays(stretch.from, -1 - days), addDays(stretch.from, -1))
  }
  const before = previousPeriod(whole)
  if (!running) return plain(before)
  const end = addDays(before.from, daysBetween(stretch.from, until))
  return between(before.from, end < before.to ? end : before.to)
}
