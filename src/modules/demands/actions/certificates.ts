// The record of service: one's own, the certificate to print, and the check anybody can make by its code. [VOL-01, VOL-05, JF-02]
import { dayOf } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import { fail } from '../contract.ts'
import { halfHours } from '../rules.ts'
import { findCertified, findClaimsBy, getClaim, sumRecord } from '../store/tasks.ts'
import { presentClaims } from './read-tasks.ts'

/** `12-…` names the district. The name is shown as 张*: whoever holds the code may check, not learn who it is. */
export async function checkCertificate(ctx: Context, code: string) {
  const district = Number(/^(\d{1,6})-[\w-]{8,40}$/.exec(code)?.[1])
  if (!district) throw fail('certificate-not-found')
  return ctx.asResident(district).read(null, async (tx) => {
    const c = await findCertified(tx, { code })
    if (!c?.served_from || !c.minutes || !c.accepted_on) throw fail('certificate-not-found')
    const [first = ''] = c.name
    return {
      name: `${first}*`,
      title: c.title,
      organiser: c.place,
      day: dayOf(c.served_from),
      minutes: c.minutes,
      hours: halfHours(c.minutes),
      issuedOn: c.accepted_on,
    }
  })
}

/** Data of the certificate, for the person himself and for the organiser. */
export const readCertificate = (ctx: Context, claimId: string) =>
  ctx.read(null, async (tx) => {
    await getClaim(tx, claimId, false)
    const c = await findCertified(tx, { claimId })
    if (!c?.served_from || !c.served_to || !c.minutes || !c.accepted_on || !c.certificate)
      throw fail('certificate-not-found')
    return {
      code: c.certificate,
      name: c.name,
      title: c.title,
      content: c.detail || c.title,
      place: c.place,
      organiser: c.place,
      inCharge: c.inCharge ?? '',
      servedFrom: c.served_from,
      servedTo: c.served_to,
      minutes: c.minutes,
      hours: halfHours(c.minutes),
      issuedOn: c.accepted_on,
    }
  })

/** One's own record with totals; there is no such question about anybody else. */
export const readServiceRecord = (ctx: Context) =>
  ctx.read(null, async (tx) => {
    const { personId } = tx.actor
    if (!personId) return { tasks: 0, accepted: 0, minutes: 0, hours: halfHours(0), rows: [] }
    const sums = await sumRecord(tx, personId)
    return { ...sums, hours: halfHours(sums.minutes), rows: await presentClaims(tx, await findClaimsBy(tx, personId)) }
  })
