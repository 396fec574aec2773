// The days a sentence speaks of: 2021年以来, 上半年, 1至10月, 近三年来 … within what the draft covers.
import { addDays, addMonths, type Day, isDay } from '#core/calendar.ts'

export interface Days {
  from: Day
  to: Day
}

const NUMBERS = '一二三四五六七八九十'
const numberOf = (words: string) =>
  /^\d+$/.test(words) ? Number(words) : words === '两' ? 2 : NUMBERS.indexOf(words) + 1
const two = (n: number | string) => String(n).padStart(2, '0')
const endOfMonth = (year: string, month: string): Day => {
  const first = `${year}-${two(month)}-01`
  return isDay(first) ? addDays(addMonths(first, 1), -1) : ''
}

/** First days of the Party's congresses: reviews count from them. */
const CONGRESSES: Record<string, Day> = { 十八: '2012-11-08', 十九: '2017-10-18', 二十: '2022-10-16' }

const rules: readonly (readonly [RegExp, (m: RegExpExecArray, asked: Days) => Days | null])[] = [
  [/^党的(十八|十九|二十)大以来/, ([, which], { to }) => ({ from: CONGRESSES[which as string] as Day, to })],
  [
    /^(20\d\d)年(\d{1,2})月(?:\d{1,2}日)?(?:以来|至今)/,
    ([, y, m], { to }) => ({ from: `${y}-${two(m as string)}-01`, to }),
  ],
  [/^(20\d\d)年(?:换届)?(?:以来|至今)/, ([, y], { to }) => ({ from: `${y}-01-01`, to })],
  [
    /^(20\d\d)年(\d{1,2})月/,
    ([, y, m]) => ({ from: `${y}-${two(m as string)}-01`, to: endOfMonth(y as string, m as string) }),
  ],
  [/^(20\d\d)年上半年/, ([, y]) => ({ from: `${y}-01-01`, to: `${y}-06-30` })],
  [/^(20\d\d)年下半年/, ([, y]) => ({ from: `${y}-07-01`, to: `${y}-12-31` })],
  [/^(20\d\d)年/, ([, y]) => ({ from: `${y}-01-01`, to: `${y}-12-31` })],
  [/^(?:今年)?上半年/, (_, { to }) => ({ from: `${to.slice(0, 4)}-01-01`, to: `${to.slice(0, 4)}-06-30` })],
  [/^(?:今年)?下半年/, (_, { to }) => ({ from: `${to.slice(0, 4)}-07-01`, to: `${to.slice(0, 4)}-12-31` })],
  [
    /^今年(\d{1,2})月(?!以来)/,
    ([, m], { to }) => ({
      from: `${to.slice(0, 4)}-${two(m as string)}-01`,
      to: endOfMonth(to.slice(0, 4), m as string),
    }),
  ],
  [
    /^(\d{1,2})(?:至|—|-)(\d{1,2})月/,
    ([, a, b], { to }) => ({
      from: `${to.slice(0, 4)}-${two(a as string)}-01`,
      to: endOfMonth(to.slice(0, 4), b as string),
    }),
  ],
  [/^截[至止](?:今年)?(\d{1,2})月/, ([, m], { from, to }) => ({ from, to: endOfMonth(to.slice(0, 4), m as string) })],
  [
    /^去年(?!以来)/,
    (_, { to }) => ({ from: `${Number(to.slice(0, 4)) - 1}-01-01`, to: `${Number(to.slice(0, 4)) - 1}-12-31` }),
  ],
  [
    /^(?:近|连续)?([一二两三四五六七八九十]|\d{1,2})年(?:来|$)/,
    ([, n], { to }) => ({ from: addDays(addMonths(to, -12 * numberOf(n as string)), 1), to }),
  ],
]

/** What a sentence's own period words mean; null where they add nothing to what the draft covers. */
export function daysOf(words: string, asked: Days): Days | null {
  for (const [pattern, days] of rules) {
    const m = pattern.exec(words)
    const found = m && days(m, asked)
    if (found) return isDay(found.from) && isDay(found.to) && found.from <= found.to ? found : null
  }
  return null
}
