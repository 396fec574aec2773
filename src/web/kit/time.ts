// Wall-clock words. Official lists never show relative time alone: the exact instant always stands beside it. [5.5]
import { useSyncExternalStore } from 'react'
import { dayOf, millisOf, timeOf } from '#core/calendar/instants.ts'
import { clock } from '#core/clock.ts'

export const nowInstant = () => clock.now()
export const todayHere = () => dayOf(nowInstant())

const listeners = new Set<() => void>()
let current = nowInstant()
setInterval(() => {
  current = nowInstant()
  for (const tell of listeners) tell()
}, 30_000)

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

/** Now, renewed every half minute, one timer for the whole page. */
export const useNow = () => useSyncExternalStore(subscribe, () => current)

/** `2026-11-22 14:05` in Asia/Shanghai. */
export const moment = (at: string) => `${dayOf(at)} ${timeOf(at)}`

/** `11-22 14:05`: inside lists of the current year. */
export const shortMoment = (at: string, now: string) =>
  dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4) ? moment(at).slice(5) : moment(at)

/** `2026年11月22日`, for documents and print. */
export const longDay = (day: string) => {
  const [y, m, d] = day.split('-').map(Number)
  return `${y}年${m}月${d}日`
}

const span = (minutes: number) => {
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  if (d > 0) return h > 0 && d < 10 ? `${d} 天 ${h} 小时` : `${d} 天`
  if (h > 0) return m > 0 && h < 6 ? `${h} 小时 ${m} 分` : `${h} 小时`
  return `${m} 分`
}

export interface Left {
  tone: 'late' | 'soon' | 'calm'
  words: string
}

/** What remains until a deadline, in words; amber in the last quarter of a day. */
export function leftUntil(dueAt: string, now: string): Left {
  const minutes = Math.floor((millisOf(dueAt) - millisOf(now)) / 60_000)
  if (minutes < 0) return { tone: 'late', words: `逾期 ${span(-minutes)}` }
  return { tone: minutes <= 360 ? 'soon' : 'calm', words: `剩 ${span(minutes)}` }
}

/** `150` → `2 小时 30 分`. */
export const duration = (minutes: number) => span(minutes)
