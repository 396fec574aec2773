// Moments and amounts as people read them, on the wall clock of the office.
import { useSyncExternalStore } from 'react'
import { weekdayOf } from '#core/calendar/days.ts'
import { dayOf, millisOf, timeOf } from '#core/calendar/instants.ts'
import { clock } from '#core/clock.ts'

const listeners = new Set<() => void>()
let current = clock.now()
setInterval(() => {
  current = clock.now()
  for (const tell of listeners) tell()
}, 30_000)

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

/** Now, renewed every half minute. */
export const useNow = () => useSyncExternalStore(subscribe, () => current)

const weekdays = ['日', '一', '二', '三', '四', '五', '六']

/** `11月22日`, with the year where it is not this one, or always on documents. */
export function dayWords(day: string, document = false): string {
  const [y, m, d] = day.split('-').map(Number)
  return `${!document && y === Number(dayOf(current).slice(0, 4)) ? '' : `${y}年`}${m}月${d}日`
}

/** `11月22日 14:05`. */
export const moment = (at: string) => `${dayWords(dayOf(at))} ${timeOf(at)}`

const weekday = (at: string) => `周${weekdays[weekdayOf(dayOf(at)) % 7]}`

/** `11月22日 周日 09:00—11:00`; the second day only where it differs. The dash holds the times together at a line's end. */
export function span(from: string, to: string, document = false): string {
  const end = dayOf(from) === dayOf(to) ? timeOf(to) : `${dayWords(dayOf(to), document)} ${timeOf(to)}`
  return `${dayWords(dayOf(from), document)} ${weekday(from)} ${timeOf(from)}\u2060—\u2060${end}`
}

const amount = (minutes: number) => {
  if (minutes >= 2880) return `${Math.floor(minutes / 1440)} 天`
  if (minutes >= 60) return `${Math.floor(minutes / 60)} 小时`
  return `${minutes} 分钟`
}

export interface Left {
  tone: 'late' | 'soon' | 'calm'
  words: string
}

/** What remains until a limit: late, soon (six hours), calm. */
export function leftUntil(dueAt: string, now: string): Left {
  const minutes = Math.floor((millisOf(dueAt) - millisOf(now)) / 60_000)
  if (minutes < 0) return { tone: 'late', words: `超时 ${amount(-minutes)}` }
  return { tone: minutes <= 360 ? 'soon' : 'calm', words: `剩 ${amount(minutes)}` }
}

/** Minutes of service in half hours, rounded down. [VOL-02] */
export const halfHours = (minutes: number) => `${Math.floor(minutes / 30) / 2} 小时`

export const demandStates: Record<string, string> = {
  registered: '已登记',
  dispatched: '待签收',
  disputed: '核实承办单位',
  signed: '办理中',
  answered: '已答复',
  called: '已回访',
  closed: '已办结',
  declined: '不予受理',
  merged: '已并单',
}

export const outcomes = [
  { id: 'solved', name: '已解决' },
  { id: 'partly', name: '部分解决' },
  { id: 'unsolved', name: '没解决' },
] as const

export const satisfactions = [
  { id: 'satisfied', name: '满意' },
  { id: 'basically', name: '基本满意' },
  { id: 'unsatisfied', name: '不满意' },
] as const

export const wordOf = (list: readonly { id: string; name: string }[], id: string | null) =>
  list.find((x) => x.id === id)?.name ?? id ?? ''

/** The code in groups that can be read out over the telephone: `12-ABCD EFGH JKM`. */
export function codeGroups(code: string): string {
  const at = code.indexOf('-')
  return `${code.slice(0, at + 1)}${code.slice(at + 1).replace(/(.{4})(?=.)/g, '$1 ')}`
}
