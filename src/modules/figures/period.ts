// Periods as people write them: 2026, 2026-Q3, 2026-11, or any stretch `from..to`.
import { isDay, type Period, periodOf, periodOfKey, periodsBetween } from '#core/calendar.ts'
import { fail } from './contract.ts'

export interface Stretch {
  key: string
  from: string
  to: string
}

const plain = ({ key, from, to }: Period): Stretch => ({ key, from, to })

/** @throws figure.bad-period */
export function readPeriod(words: string | undefined, today: string): Stretch {
  if (!words) return plain(periodOf(today, 'year'))
  const [from, to, more] = words.split('..')
  if (to !== undefined && more === undefined && isDay(from) && isDay(to) && from <= to) return { key: words, from, to }
  const found: Period | null = to === undefined ? periodOfKey(words) : null
  if (!found) throw fail('bad-period', { period: words })
  return plain(found)
}

export const seriesOf = (stretch: Stretch, kind: 'month' | 'quarter' | 'year'): Period[] =>
  periodsBetween(stretch.from, stretch.to, kind)
