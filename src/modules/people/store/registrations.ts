import { type Kysely, type RawBuilder, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, type Range, visibleTo } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import { fail, type ListRegistrationsQuery, type Registration } from '../contract.ts'
import { orExplain } from './ties.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface NewRegistration {
  personId: string
  placeId: string
  placePath: string
  organ: string
  skills?: readonly string[]
  reportedOn: string
  confirmedOn: string | null
  confirmedBy?: string | null
}

export async function insertRegistrations(tx: Conn, rows: readonly NewRegistration[]): Promise<string[]> {
  const ready = rows.map((r) => ({
    district_id: tx.district,
    id: newId(),
    person_id: r.personId,
    place_id: r.placeId,
    place_path: r.placePath,
    organ: r.organ,
    skills: r.skills ?? [],
    reported_on: r.reportedOn,
    confirmed_on: r.confirmedOn,
    confirmed_by: r.confirmedBy ?? null,
  }))
  await orExplain(insertMany(tx.db, 'registration', ready))
  return ready.map((r) => r.id)
}

/** SQL: paths of the places where a person is reported and confirmed today; used by access to grant a member's verbs there. */
export const registeredPlaces = (personId: string | null, district: number, today: string): RawBuilder<unknown> => sql`
  select r.place_id, u.path from person p join person g on g.district_id = p.district_id and g.key_id = p.key_id
  join registration r on r.district_id = g.district_id and r.person_id = g.id join unit u on u.district_id = r.district_id and u.id = r.place_id
  where p.district_id = ${district} and p.id = ${personId}::uuid and r.confirmed_on <= ${today}::date and (r.ended_on is null or r.ended_on > ${today}::date)`

export type RegistrationRow = Omit<Registration, 'state' | 'can'> & { placePath: string }

const registrations = (tx: Conn) =>
  tx.db
    .selectFrom('registration as r')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'r.district_id').onRef('u.id', '=', 'r.place_id'))
    .innerJoin('person as g', (j) => j.onRef('g.district_id', '=', 'r.district_id').onRef('g.id', '=', 'r.person_id'))
    .innerJoin('person as p', (j) => j.onRef('p.district_id', '=', 'g.district_id').onRef('p.id', '=', 'g.key_id'))
    .where('r.district_id', '=', tx.district)

const columns = [
  'r.id',
  'p.id as personId',
  'p.name as personName',
  'r.place_id as placeId',
  'u.name as placeName',
  'r.place_path as placePath',
  'r.organ',
  'r.skills',
] as const
const days = ['r.reported_on as reportedOn', 'r.confirmed_on as confirmedOn', 'r.ended_on as endedOn'] as const
const reason = sql<Registration['endReason']>`r.end_reason`.as('endReason')

/** One registration, to whoever sees the place or is the person; locked. @throws person.tie-not-found */
export async function getRegistration(tx: Tx, id: string): Promise<RegistrationRow & { ownId: string }> {
  const own = sql<boolean>`p.id = (select key_id from person where district_id = ${tx.district} and id = ${tx.actor.personId}::uuid)`
  const row = await registrations(tx)
    .where('r.id', '=', id)
    .where((e) =>
      e.or([
        own,
        ...(['person.read', 'registration.make', 'registration.confirm'] as const).map((v) =>
          visibleTo(tx.actor, v, 'r.place_path'),
        ),
      ]),
    )
    .select([...columns, ...days, 'r.person_id as ownId'])
    .select(reason)
    .forUpdate('r')
    .executeTakeFirst()
  if (!row) throw fail('tie-not-found')
  return row
}

export const findRegistrationsOf = (tx: Conn, personIds: readonly string[]): Promise<RegistrationRow[]> =>
  registrations(tx)
    .where('r.person_id', '=', sql<string>`any(${personIds}::uuid[])`)
    .select([...columns, ...days])
    .select(reason)
    .orderBy('r.reported_on', 'desc')
    .orderBy('r.id', 'desc')
    .execute()

/** The active registration of a person under any of his rows; locked. [SB-01] */
export const findActive = (tx: Conn, personIds: readonly string[]) =>
  registrations(tx)
    .where('r.person_id', '=', sql<string>`any(${personIds}::uuid[])`)
    .where('r.ended_on', 'is', null)
    .select([...columns, ...days])
    .select(reason)
    .forUpdate('r')
    .executeTakeFirst()

export async function findRegistrations(
  tx: Tx,
  query: ListRegistrationsQuery,
  ranges: readonly Range[],
): Promise<{ rows: RegistrationRow[]; total: number }> {
  let q = registrations(tx).where(inRanges(ranges, 'r.place_path'))
  if (query.state === 'reported') q = q.where('r.ended_on', 'is', null).where('r.confirmed_on', 'is', null)
  if (query.state === 'confirmed') q = q.where('r.ended_on', 'is', null).where('r.confirmed_on', 'is not', null)
  if (query.state === 'ended') q = q.where('r.ended_on', 'is not', null)
  if (query.search) {
    const like = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
    q = q.where((e) =>
      e.or([e('p.name', 'like', like), e('p.pinyin', 'like', like.toLowerCase()), e('r.organ', 'like', like)]),
    )
  }
  const { n } = await q.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const rows = await q
    .select([...columns, ...days])
    .select(reason)
    .orderBy('r.reported_on', query.state === 'reported' ? 'asc' : 'desc')
    .orderBy('r.id', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

export const confirm = (tx: Conn, id: string, on: string, by: string | null) =>
  tx.db
    .updateTable('registration')
    .set({ confirmed_on: on, confirmed_by: by })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

export const end = (tx: Conn, id: string, on: string, why: string) =>
  tx.db
    .updateTable('registration')
    .set({ ended_on: on, end_reason: why })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()
