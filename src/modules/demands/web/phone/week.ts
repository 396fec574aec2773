// What I claimed, by when it is due: what is behind, today, this week, later. Pure: now is given.
import { addDays, weekdayOf } from '#core/calendar/days.ts'
import { dayOf, millisOf } from '#core/calendar/instants.ts'
import { isNear } from '#modules/demands/arrival.ts'
import type { Claim } from '#modules/demands/contract.ts'

export type When = 'behind' | 'today' | 'week' | 'later' | 'waiting' | 'sent'

export const whenWords: Readonly<Record<When, string>> = {
  behind: '要您补办',
  today: '今天',
  week: '本周',
  later: '以后',
  waiting: '候补',
  sent: '等组织者确认',
}

/** Monday to Sunday of the week of a day. */
export function weekOf(day: string): { from: string; to: string } {
  const from = addDays(day, 1 - weekdayOf(day))
  return { from, to: addDays(from, 6) }
}

/** The day a claim falls on: a shift begins on it, a wish is to be met by it. */
export const dueDay = (c: Pick<Claim, 'record' | 'startsAt' | 'endsAt'>) =>
  dayOf(c.record === 'done' ? c.endsAt : c.startsAt)

/** Where an open claim stands for its holder; null where nothing is open any more. */
export function whenOf(c: Claim, now: string): When | null {
  if (c.state === 'accepted' || c.state === 'withdrawn') return null
  if (c.state === 'waiting') return 'waiting'
  if (c.state === 'submitted') return 'sent'
  if (c.state === 'returned' || millisOf(c.endsAt) < millisOf(now)) return 'behind'
  const today = dayOf(now)
  const day = dueDay(c)
  if (day <= today && (c.record === 'minutes' || day === today)) return 'today'
  return day <= weekOf(today).to ? 'week' : 'later'
}

/** By when, the nearest first. */
export function byWhen(claims: readonly Claim[], now: string): { when: When; claims: Claim[] }[] {
  const due = (c: Claim) => millisOf(c.record === 'done' ? c.endsAt : c.startsAt)
  return (Object.keys(whenWords) as When[]).flatMap((when) => {
    const held = claims.filter((c) => whenOf(c, now) === when).sort((a, b) => due(a) - due(b))
    return held.length > 0 ? [{ when, claims: held }] : []
  })
}

/** When arrival may be said; the server decides the same. */
export const mayArrive = (c: Claim, now: string) =>
  c.state === 'claimed' && c.record === 'minutes' && c.arrivedAt === null && isNear(c, now)
