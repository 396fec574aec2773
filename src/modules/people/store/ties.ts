// Memberships, posts and standings: dated rows that end with a reason and are never removed. [STAT-03]
import { type Kysely, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import {
  fail,
  type ListPostsQuery,
  type Membership,
  type MembershipStatus,
  type Post,
  type Standing,
  type StandingKind,
  standingNames,
} from '../contract.ts'
import { calledSo, plainly } from './persons.ts'
import { visiblePerson, wishedRanges } from './visible.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export const endless = (day: string) => (day === 'infinity' ? null : day)

/** What a constraint refused, in words of the domain; anything else passes through. */
export async function orExplain<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const constraint = (error as { constraint?: string }).constraint
    if (constraint === 'membership_one_formal') throw fail('formal-exists', { unit: '其他组织', from: '同一时间' })
    if (['membership_once', 'post_once', 'standing_once', 'tenure_once'].includes(constraint ?? ''))
      throw fail('tie-exists')
    if (constraint === 'registration_one_active') throw fail('already-registered', { place: '其他社区' })
    throw error
  }
}

export interface MembershipRow extends Omit<Membership, 'to'> {
  personId: string
  unitPath: string
  to: string
}

const memberships = (tx: Conn) =>
  tx.db
    .selectFrom('membership as m')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'm.district_id').onRef('u.id', '=', 'm.unit_id'))
    .where('m.district_id', '=', tx.district)
    .where('m.voided_at', 'is', null)
    .select([
      'm.id',
      'm.person_id as personId',
      'm.unit_id as unitId',
      'u.name as unitName',
      'u.path as unitPath',
      'm.valid_from as from',
      'm.valid_to as to',
    ])
    .select(['m.begin_reason as beginReason', 'm.end_reason as endReason'])
    .select([sql<'formal' | 'functional'>`m.kind`.as('kind'), sql<MembershipStatus>`m.status`.as('status')])

export const findMemberships = (tx: Conn, personIds: readonly string[]): Promise<MembershipRow[]> =>
  memberships(tx)
    .where('m.person_id', '=', sql<string>`any(${personIds}::uuid[])`)
    .orderBy('m.valid_from', 'desc')
    .orderBy('m.id')
    .execute()

/** @throws person.tie-not-found */
export async function getMembership(tx: Conn, id: string): Promise<MembershipRow> {
  const row = await memberships(tx).where('m.id', '=', id).forUpdate('m').executeTakeFirst()
  if (!row) throw fail('tie-not-found')
  return row
}

/** A formal relation of this person, under any of his rows, that holds on some day of from–to. */
export async function findFormalDuring(
  tx: Conn,
  personIds: readonly string[],
  from: string,
  to = 'infinity',
): Promise<MembershipRow | undefined> {
  return memberships(tx)
    .where('m.person_id', '=', sql<string>`any(${personIds}::uuid[])`)
    .where('m.kind', '=', 'formal')
    .where(sql<boolean>`daterange(m.valid_from, m.valid_to) && daterange(${from}::date, ${to}::date)`)
    .orderBy('m.valid_from', 'desc')
    .forUpdate('m')
    .executeTakeFirst()
}

export interface NewMembership {
  personId: string
  unitId: string
  kind: 'formal' | 'functional'
  status: MembershipStatus
  from: string
  beginReason: string
  importId?: string | null
}

export async function insertMemberships(tx: Conn, rows: readonly NewMembership[]): Promise<string[]> {
  const ready = rows.map((r) => ({
    district_id: tx.district,
    id: newId(),
    person_id: r.personId,
    unit_id: r.unitId,
    kind: r.kind,
    status: r.status,
    valid_from: r.from,
    valid_to: 'infinity',
    begin_reason: r.beginReason,
    import_id: r.importId ?? null,
  }))
  await orExplain(insertMany(tx.db, 'membership', ready))
  return ready.map((r) => r.id)
}

export const closeMembership = (tx: Conn, id: string, on: string, reason: string) =>
  tx.db
    .updateTable('membership')
    .set({ valid_to: on, end_reason: reason })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

const posts = (tx: Conn) =>
  tx.db
    .selectFrom('post as m')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'm.district_id').onRef('u.id', '=', 'm.unit_id'))
    .where('m.district_id', '=', tx.district)
    .select([
      'm.id',
      'm.person_id as personId',
      'm.unit_id as unitId',
      'u.name as unitName',
      'u.path as unitPath',
      'm.title',
      'm.valid_from as from',
      'm.valid_to as to',
    ])

export type PostRow = Omit<Post, 'to'> & { personId: string; unitPath: string; to: string }

export const findPosts = (tx: Conn, personIds: readonly string[]): Promise<PostRow[]> =>
  posts(tx)
    .where('m.person_id', '=', sql<string>`any(${personIds}::uuid[])`)
    .orderBy('m.valid_from', 'desc')
    .orderBy('m.id')
    .execute()

const postOrders = {
  unit: sql`u.path, m.title, p.stroke_key, m.id`,
  name: sql`p.stroke_key, m.id`,
  title: sql`m.title, u.path, m.id`,
  from: sql`m.valid_from, u.path, m.id`,
  '-from': sql`m.valid_from desc, u.path, m.id`,
}

/** Posts in units the asker may see persons of, each with who holds it. */
export async function findPostsHeld(tx: Tx, query: ListPostsQuery) {
  let q = posts(tx)
    .innerJoin('person as g', (j) => j.onRef('g.district_id', '=', 'm.district_id').onRef('g.id', '=', 'm.person_id'))
    .innerJoin('person as p', (j) => j.onRef('p.district_id', '=', 'g.district_id').onRef('p.id', '=', 'g.key_id'))
    .where(inRanges(await wishedRanges(tx, 'person.read', query.unit), 'u.path'))
  const on = query.on ?? tx.today
  if (!query.past) q = q.where('m.valid_from', '<=', on).where('m.valid_to', '>', on)
  if (query.search)
    q = q.where(sql<boolean>`(${calledSo(query.search)} or m.title like ${`%${plainly(query.search)}%`})`)
  const { n } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .select(['p.id as holderId', 'p.name as personName', visiblePerson(tx, 'person.read').as('opens')])
    .orderBy(postOrders[query.sort ?? 'unit'])
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** @throws person.tie-not-found */
export async function getPost(tx: Conn, id: string): Promise<PostRow> {
  const row = await posts(tx).where('m.id', '=', id).forUpdate('m').executeTakeFirst()
  if (!row) throw fail('tie-not-found')
  return row
}

export async function insertPost(
  tx: Conn,
  row: { personId: string; unitId: string; title: string; from: string },
): Promise<string> {
  const id = newId()
  await orExplain(
    tx.db
      .insertInto('post')
      .values({
        district_id: tx.district,
        id,
        person_id: row.personId,
        unit_id: row.unitId,
        title: row.title,
        valid_from: row.from,
      })
      .execute(),
  )
  return id
}

export const closePost = (tx: Conn, id: string, on: string) =>
  tx.db.updateTable('post').set({ valid_to: on }).where('district_id', '=', tx.district).where('id', '=', id).execute()

export type StandingRow = Omit<Standing, 'to'> & { personId: string; to: string }

const standings = (tx: Conn) =>
  tx.db
    .selectFrom('standing')
    .where('district_id', '=', tx.district)
    .where('voided_at', 'is', null)
    .select(['id', 'person_id as personId', 'valid_from as from', 'valid_to as to'])
    .select(sql<StandingKind>`kind`.as('kind'))

const withName = <T extends { kind: StandingKind }>(row: T) => ({ ...row, name: standingNames[row.kind] })

export async function findStandings(tx: Conn, personIds: readonly string[]): Promise<StandingRow[]> {
  const rows = await standings(tx)
    .where('person_id', '=', sql<string>`any(${personIds}::uuid[])`)
    .orderBy('valid_from', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(withName)
}

/** @throws person.tie-not-found */
export async function getStanding(tx: Conn, id: string): Promise<StandingRow> {
  const row = await standings(tx).where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw fail('tie-not-found')
  return withName(row)
}

export interface NewStanding {
  personId: string
  kind: StandingKind
  from: string
  until?: string | undefined
  importId?: string | null
}

export async function insertStandings(tx: Conn, rows: readonly NewStanding[]): Promise<string[]> {
  const ready = rows.map((r) => ({
    district_id: tx.district,
    id: newId(),
    person_id: r.personId,
    kind: r.kind,
    valid_from: r.from,
    valid_to: r.until ?? 'infinity',
    import_id: r.importId ?? null,
  }))
  await orExplain(insertMany(tx.db, 'standing', ready))
  return ready.map((r) => r.id)
}

export const closeStanding = (tx: Conn, id: string, on: string) =>
  tx.db
    .updateTable('standing')
    .set({ valid_to: on })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** Status and standings of a person on a day, under any of his rows; for whoever needs his rights. */
export async function findMemberOn(
  tx: Tx,
  personId: string,
  on: string,
): Promise<{ status: MembershipStatus; unitId: string; standings: StandingKind[] } | undefined> {
  const { rows } = await sql<{ status: MembershipStatus; unitId: string; standings: StandingKind[] }>`
    select m.status, m.unit_id as "unitId", array(select s.kind from standing s join person h on h.district_id = s.district_id and h.id = s.person_id
        where h.district_id = g.district_id and h.key_id = g.key_id and s.voided_at is null and s.valid_from <= ${on}::date and s.valid_to > ${on}::date) as standings
    from person p join person g on g.district_id = p.district_id and g.key_id = p.key_id
    join membership m on m.district_id = g.district_id and m.person_id = g.id
    where p.district_id = ${tx.district} and p.id = ${personId} and m.kind = 'formal' and m.voided_at is null and m.valid_from <= ${on}::date and m.valid_to > ${on}::date`.execute(
    tx.db,
  )
  return rows[0]
}
