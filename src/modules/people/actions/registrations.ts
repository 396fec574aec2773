import type { Context, Tx, WriteTx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { fail as unitFail } from '#modules/units/contract.ts'
import { findKinds, getUnit } from '#modules/units/index.ts'
import {
  type EndRegistration,
  fail,
  type ListRegistrationsQuery,
  type MyRegistration,
  type Registration,
  type RegistrationState,
  type ReportIn,
} from '../contract.ts'
import {
  confirm,
  end,
  findActive,
  findGroup,
  findOwnPerson,
  findRegistrations,
  findRegistrationsOf,
  getPerson,
  getRegistration,
  insertRegistrations,
  type PersonRecord,
  type RegistrationRow,
  wishedRanges,
} from '../store.ts'
import { plantPerson } from './persons.ts'
import { onceMore, registrationVerbs } from './shared.ts'

const stateOf = (row: RegistrationRow): RegistrationState =>
  row.endedOn ? 'ended' : row.confirmedOn ? 'confirmed' : 'reported'
const stateNames: Record<RegistrationState, string> = { reported: '已报到', confirmed: '已签收', ended: '已结束' }

const present = (tx: Tx, { placePath, ...row }: RegistrationRow, own = false): Registration => ({
  ...row,
  state: stateOf({ placePath, ...row }),
  can: [...tx.allowed(registrationVerbs, placePath), ...(own && !row.endedOn ? ['registration.end-own'] : [])],
})

/** Where one may report to: a community, a village or an estate that stands today. */
async function placeFor(tx: Tx, placeId: string, onBehalf: boolean) {
  const place = await getUnit(tx, placeId)
  if (onBehalf && !can(tx.actor, 'registration.make', place.path) && !can(tx.actor, 'unit.read', place.path))
    throw unitFail('not-found')
  if (onBehalf) tx.must('registration.make', place.path)
  const level = (await findKinds(tx)).get(place.kind)?.level
  if (place.tree !== 'place' || (level !== 'community' && level !== 'estate'))
    throw fail('not-a-place', { unit: place.name })
  if (place.closedOn && place.closedOn <= tx.today) throw fail('unit-closed', { unit: place.name, day: place.closedOn })
  return place
}

async function reporter(tx: WriteTx, input: ReportIn, place: { id: string; path: string }): Promise<{ id: string }> {
  if (input.personId) return getPerson(tx, input.personId, { lock: true })
  if (input.person) return { id: await plantPerson(tx, { politics: '01', ...input.person }, place, 'person.') }
  const own = await findOwnPerson(tx, true)
  if (!own) throw fail('no-person')
  return own
}

/** One active registration at a time; who moves ends the former one with the same word. [SB-01] */
async function leaveFormer(tx: WriteTx, personId: string, input: ReportIn, self: boolean) {
  const group = (await findGroup(tx, personId)).map((g) => g.id)
  const active = await findActive(tx, group)
  if (!active) return
  const known = self || can(tx.actor, 'person.read', active.placePath)
  if (!(self && input.move) || active.placeId === input.placeId)
    throw fail('already-registered', { place: known ? active.placeName : '其他社区' })
  await end(tx, active.id, tx.today < active.reportedOn ? active.reportedOn : tx.today, 'moved')
}

/** 报到: a member for himself, or the community on his behalf; city organs' members come on record with the least data. */
export const reportIn = (ctx: Context, input: ReportIn): Promise<{ id: string; personId: string }> => {
  const self = !input.personId && !input.person
  return onceMore(() =>
    ctx.write(self ? null : 'registration.make', 'registration.report', async (tx) => {
      const place = await placeFor(tx, input.placeId, !self)
      const person = await reporter(tx, input, place)
      await leaveFormer(tx, person.id, input, self)
      const [id] = await insertRegistrations(tx, [
        {
          personId: person.id,
          placeId: place.id,
          placePath: place.path,
          organ: input.organ ?? '',
          skills: input.skills ?? [],
          reportedOn: tx.today,
          confirmedOn: null,
        },
      ])
      tx.record({
        subject: { kind: 'registration', id: id as string },
        path: place.path,
        change: { personId: [null, person.id], placeId: [null, place.id] },
      })
      return { id: id as string, personId: person.id }
    }),
  )
}

/** 社区签收 */
export const confirmRegistration = (ctx: Context, id: string): Promise<Registration> =>
  ctx.write('registration.confirm', 'registration.confirm', async (tx) => {
    const row = await getRegistration(tx, id)
    tx.must('registration.confirm', row.placePath)
    if (row.confirmedOn || row.endedOn) throw fail('registration-state', { state: stateNames[stateOf(row)] })
    await confirm(tx, id, tx.today, tx.actor.accountId)
    tx.record({ subject: { kind: 'registration', id }, path: row.placePath, change: { confirmedOn: [null, tx.today] } })
    const { ownId: _, ...shown } = row
    return present(tx, { ...shown, confirmedOn: tx.today })
  })

const isOwn = (own: PersonRecord | undefined, row: RegistrationRow) => own !== undefined && own.id === row.personId

/** Ends a registration: the member himself, or the community he reported to. */
export const endRegistration = (ctx: Context, id: string, input: EndRegistration): Promise<Registration> =>
  ctx.write(null, 'registration.end', async (tx) => {
    const row = await getRegistration(tx, id)
    const own = isOwn(await findOwnPerson(tx), row)
    if (!own) tx.must('registration.confirm', row.placePath)
    if (row.endedOn) throw fail('registration-state', { state: stateNames.ended })
    const on = input.on ?? tx.today
    if (on < row.reportedOn || on > tx.today) throw fail('bad-day', { from: row.reportedOn, to: tx.today })
    await end(tx, id, on, input.reason)
    tx.record({
      subject: { kind: 'registration', id },
      path: row.placePath,
      change: { endedOn: [null, on] },
      reason: input.reason,
    })
    const { ownId: _, ...shown } = row
    return present(tx, { ...shown, endedOn: on, endReason: input.reason }, own)
  })

export const listRegistrations = (
  ctx: Context,
  query: ListRegistrationsQuery,
): Promise<{ rows: Registration[]; total: number }> =>
  ctx.read('person.read', async (tx) => {
    const { rows, total } = await findRegistrations(tx, query, await wishedRanges(tx, 'person.read', query.unit))
    return { rows: rows.map((row) => present(tx, row)), total }
  })

export const readMyRegistration = (ctx: Context): Promise<MyRegistration> =>
  ctx.read(null, async (tx) => {
    const own = await findOwnPerson(tx)
    if (!own) throw fail('no-person')
    const rows = (
      await findRegistrationsOf(
        tx,
        (await findGroup(tx, own.id)).map((g) => g.id),
      )
    ).map((row) => present(tx, row, true))
    return { current: rows.find((r) => r.state !== 'ended') ?? null, past: rows.filter((r) => r.state === 'ended') }
  })
