// Periods of the three frequencies, and how clients say from when until when.
import { addDays, type Day, isDay, periodOf, periodOfKey, periodsBetween, type Period } from '#core/calendar.ts'
import { fail } from '../contract.ts'

export const frequencies = { A: 'year', Q: 'quarter', M: 'month' } as const
export type Frequency = keyof typeof frequencies

/** Whole years before the running one that `all` reaches back to. */
const YEARS_BACK = 4

/** `2026`, `2026-A1`, `2026-Q1`, `2026-S1`, `2026-01`, `2026-M01`, a day or the day of an instant. @throws sdmx.bad-period */
function stretchOf(text: string): { from: Day; to: Day } {
  const key = text
    .replace(/^(\d{4}-\d\d-\d\d)T.*$/, '$1')
    .replace(/^(\d{4})-A1$/, '$1')
    .replace(/^(\d{4})-M(\d\d)$/, '$1-$2')
    .replace(/^(\d{4})-S([12])$/, '$1-H$2')
  const found = isDay(key) ? periodOf(key, 'day') : periodOfKey(key)
  if (!found || found.from < '1900' || found.to > '2200') throw fail('bad-period', { period: text })
  return { from: found.from, to: found.to }
}

export interface Span {
  /** First and last day; whatever lies wholly inside is wanted. */
  from: Day
  to: Day
  /** Only these periods. */
  keys?: readonly string[]
}

/** From the first day of `start` to the last day of `end`; where they are silent the running year and four before it. */
export const spanOf = (today: Day, { start, end }: { start?: string | undefined; end?: string | undefined }): Span => ({
  from: start ? stretchOf(start).from : `${Number(today.slice(0, 4)) - YEARS_BACK}-01-01`,
  to: end ? stretchOf(end).to : periodOf(today, 'year').to,
})

/** `ge:2024+le:2026-06`, `2025,2026`; a plus in an address may have become a space. @throws sdmx.bad-period */
export function filteredSpan(today: Day, filter: string | undefined): Span {
  const span = spanOf(today, {})
  if (!filter) return span
  const keys: string[] = []
  for (const part of filter.split(/[+ ]/)) {
    const [, operator = 'eq', text = ''] = /^(?:(eq|ge|gt|le|lt):)?(.+)$/.exec(part) ?? []
    if (operator === 'eq') keys.push(...text.split(','))
    else {
      const { from, to } = stretchOf(text)
      if (operator === 'ge') span.from = from
      if (operator === 'gt') span.from = addDays(to, 1)
      if (operator === 'le') span.to = to
      if (operator === 'lt') span.to = addDays(from, -1)
    }
  }
  if (keys.length === 0) return span
  const all = keys.map(stretchOf)
  const first = all.map((s) => s.from).toSorted()[0] as Day
  const last = all
    .map((s) => s.to)
    .toSorted()
    .at(-1) as Day
  return { from: first, to: last, keys }
}

/** Periods that have begun, whole inside the span. */
export const periodsIn = (frequency: Frequency, { from, to, keys }: Span, today: Day): Period[] =>
  from > to
    ? []
    : periodsBetween(from, to < today ? to : today, frequencies[frequency]).filter(
        (p) =>
          p.from >= from &&
          p.to <= to &&
          (!keys || keys.some((k) => stretchOf(k).from === p.from && stretchOf(k).to === p.to)),
      )
