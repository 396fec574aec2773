// How much leaves on whose word. Time is a parameter.
import { addHours } from '#core/calendar.ts'
import type { exportStates } from './contract.ts'

export interface Limits {
  /** More rows of persons in one file want a purpose. */
  purpose: number
  /** More in an hour want another person’s approval. */
  approval: number
}

export const LIMITS: Limits = { purpose: 100, approval: 1000 }

const WAITING_HOURS = 7 * 24
const GRANTED_HOURS = 24
/** Lists go on living between the asking and the taking. */
const GROWTH = 1.05

export const waitsUntil = (now: string) => addHours(now, WAITING_HOURS)
export const grantedUntil = (now: string) => addHours(now, GRANTED_HOURS)
export const hourBefore = (now: string) => addHours(now, -1)

/** What a file of so many rows wants, after so many in the hour before. */
export function wantOf(rows: number, hour: number, limits: Limits): 'nothing' | 'purpose' | 'approval' {
  if (rows === 0) return 'nothing'
  if (rows + hour > limits.approval) return 'approval'
  return rows > limits.purpose ? 'purpose' : 'nothing'
}

export const hasGrown = (asked: number, now: number) => now > Math.ceil(asked * GROWTH)

/** What was neither taken nor decided in its time is over. */
export const stateAt = (row: { state: string; until: string }, now: string): (typeof exportStates)[number] =>
  (row.state === 'waiting' || row.state === 'granted') && row.until <= now
    ? 'lapsed'
    : (row.state as (typeof exportStates)[number])

export const stateWords: Readonly<Record<(typeof exportStates)[number], string>> = {
  waiting: '还没有审批',
  granted: '已经批准',
  declined: '没有批准',
  taken: '已经下载',
  lapsed: '已经过期',
}
