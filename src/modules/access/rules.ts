// Times of a session by 等保 (GB/T 22239 身份鉴别 b): idle 15 minutes for privileged roles, 30 for others, 12 hours at most.
import { addHours, millisOf } from '#core/calendar.ts'

export const ABSOLUTE_HOURS = 12
export const LOCK_MINUTES = 15
const IDLE_MINUTES = { privileged: 15, usual: 30 }

export const sessionEnd = (now: string) => addHours(now, ABSOLUTE_HOURS)

/** Why a session may not be used any more, or null. */
export function sessionFault(session: { usedAt: string; expiresAt: string; disabledAt: string | null }, now: string, privileged: boolean): 'expired' | 'idle' | 'disabled' | null {
  if (session.disabledAt) return 'disabled'
  if (millisOf(now) >= millisOf(session.expiresAt)) return 'expired'
  const idle = (privileged ? IDLE_MINUTES.privileged : IDLE_MINUTES.usual) * 60_000
  return millisOf(now) - millisOf(session.usedAt) > idle ? 'idle' : null
}

/** The session row is touched at most once a minute. */
export const needsTouch = (usedAt: string, now: string) => millisOf(now) - millisOf(usedAt) > 60_000
