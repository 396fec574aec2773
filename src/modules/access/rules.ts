// Times by 等保 (GB/T 22239 身份鉴别): sessions, locks, passwords, delegations. Time is a parameter everywhere.
import { addHours, millisOf } from '#core/calendar.ts'
import type { Range } from '#core/permissions.ts'

/** Verbs of the three officers: what they open may be bound to named terminals (HT-07). */
export const administration: ReadonlySet<string> = new Set([
  'account.read',
  'account.write',
  'mandate.grant',
  'mandate.confirm',
  'second-factor.clear',
  'history.read',
  'history.verify',
  'webhook.manage',
])

export const ABSOLUTE_HOURS = 12
export const INVITATION_HOURS = 24
export const RETIRE_DAYS = 90
export const DELEGATION_DAYS = 90
export const REMEMBERED_PASSWORDS = 5
/** A refusal takes this long whatever it found: longer than the dearest hash. */
export const REFUSAL_MILLIS = 400

const IDLE_MINUTES = { privileged: 15, usual: 30 }
const PASSWORD_DAYS = { privileged: 90, usual: 180 }
const FAILURES = 5
const LOCK_MINUTES = 15
const DAILY = { usual: 20, secondFactor: 100 }
const MINUTE = 60_000

export const sessionEnd = (now: string) => addHours(now, ABSOLUTE_HOURS)

/** Why a session may not be used any more, or null. */
export function sessionFault(
  session: { usedAt: string; expiresAt: string; disabledAt: string | null },
  now: string,
  privileged: boolean,
): 'expired' | 'idle' | 'disabled' | null {
  if (session.disabledAt) return 'disabled'
  if (millisOf(now) >= millisOf(session.expiresAt)) return 'expired'
  const idle = (privileged ? IDLE_MINUTES.privileged : IDLE_MINUTES.usual) * MINUTE
  return millisOf(now) - millisOf(session.usedAt) > idle ? 'idle' : null
}

/** The session row is touched at most once a minute. */
export const needsTouch = (usedAt: string, now: string) => millisOf(now) - millisOf(usedAt) > MINUTE

export const passwordExpiry = (changedAt: string, privileged: boolean) =>
  addHours(changedAt, (privileged ? PASSWORD_DAYS.privileged : PASSWORD_DAYS.usual) * 24)

export interface Failures {
  streak: number
  total: number
  lockedUntil: string | null
}

/**
 * Counts an attempt before it is judged, so that many at once cannot slip through: five failures in a row from one
 * address pause that address for 15 minutes. `null` = not allowed now.
 */
export function nextAttempt(seen: Failures, now: string): Failures | null {
  if (seen.lockedUntil && millisOf(seen.lockedUntil) > millisOf(now)) return null
  const streak = (seen.lockedUntil ? 0 : seen.streak) + 1
  return { streak, total: seen.total + 1, lockedUntil: streak >= FAILURES ? addHours(now, LOCK_MINUTES / 60) : null }
}

/** A day's failures from everywhere: 20 by password alone; who also needs a code may be tried 100 times. */
export const dayIsFull = (total: number, secondFactor: boolean) =>
  total >= (secondFactor ? DAILY.secondFactor : DAILY.usual)

export interface Term {
  from: string
  to: string | null
}

/** A term lies ahead or runs now, and has a length. */
export const termFault = ({ from, to }: Term, now: string) =>
  to !== null && (millisOf(to) <= millisOf(from) || millisOf(to) <= millisOf(now))

/** A delegation lasts no longer than the delegated mandate and 90 days. */
export const delegationFault = ({ from, to }: { from: string; to: string }, own: Term) =>
  millisOf(from) < millisOf(own.from) ||
  millisOf(to) > millisOf(addHours(from, DELEGATION_DAYS * 24)) ||
  (own.to !== null && millisOf(to) > millisOf(own.to))

const ROOT = /^[po]\.[0-9a-z]+\.$/

/** True when the ranges hold a whole tree: its holder answers for the district. */
export const coversDistrict = (ranges: readonly Range[]) => ranges.some((r) => r.from === '' || ROOT.test(r.from))
