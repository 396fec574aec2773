// A merge moves nothing: the loser points to the record that stands for both, and pointing elsewhere undoes it without loss.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import {
  type DuplicateGround,
  fail,
  type ListDuplicatesQuery,
  type ListVerdictsQuery,
  type TakenField,
} from '../contract.ts'
import { matchOf } from './persons.ts'
import { coverAll, keysWithin } from './visible.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** Values of the loser that stand since the merge, with what stood before. */
export type Taken = Partial<Record<TakenField, { before: Record<string, unknown>; after: Record<string, unknown> }>>

export interface MergeRow {
  id: string
  loserId: string
  winnerId: string
  same: boolean
  taken: Taken
}

export interface NewVerdict {
  loserId: string
  winnerId: string
  same: boolean
  taken: Taken
  reason: string
}

export async function insertVerdict(tx: Tx, v: NewVerdict): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('person_merge')
    .values({
      district_id: tx.district,
      id,
      loser_id: v.loserId,
      winner_id: v.winnerId,
      same: v.same,
      taken: JSON.stringify(v.taken),
      reason: v.reason,
      merged_at: tx.now,
      merged_by: tx.actor.accountId,
      merged_by_name: tx.actor.name,
    })
    .execute()
  return id
}

/** Whoever pointed to the loser now points past him, so one step always leads to the record that stands. */
export const pointTo = (tx: Tx, loserId: string, winnerId: string) =>
  sql`update person set merged_into = ${winnerId}, version = version + 1
    where district_id = ${tx.district} and key_id = ${loserId}`.execute(tx.db)

/** A verdict that still holds. @throws person.merge-not-found */
export async function getVerdict(tx: Conn, id: string): Promise<MergeRow> {
  const row = await tx.db
    .selectFrom('person_merge')
    .select(['id', 'loser_id as loserId', 'winner_id as winnerId', 'same', 'taken'])
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw fail('merge-not-found')
  return { ...row, taken: row.taken as Taken }
}

/** True when somebody has said already that these are two persons. */
export const isApart = async (tx: Conn, one: string, other: string): Promise<boolean> =>
  (await tx.db
    .selectFrom('person_merge')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('loser_id', 'in', [one, other])
    .where('winner_id', 'in', [one, other])
    .where('same', '=', false)
    .where('undone_at', 'is', null)
    .executeTakeFirst()) !== undefined

export const endVerdict = (tx: Tx, id: string) =>
  tx.db
    .updateTable('person_merge')
    .set({ undone_at: tx.now, undone_by: tx.actor.accountId })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** The loser stands for himself again, and for those who had been merged into him before. */
export async function partAgain(tx: Tx, merge: MergeRow): Promise<void> {
  await sql`with recursive below (id) as (
      select ${merge.loserId}::uuid
      union select m.loser_id from person_merge m join below b on b.id = m.winner_id where m.district_id = ${tx.district} and m.undone_at is null and m.same
    )
    update person set merged_into = case when id = ${merge.loserId} then null else ${merge.loserId}::uuid end, version = version + 1
    where district_id = ${tx.district} and id in (select id from below)`.execute(tx.db)
}

export async function findMergesInto(tx: Conn, keyId: string) {
  return tx.db
    .selectFrom('person_merge as m')
    .innerJoin('person as p', (j) => j.onRef('p.district_id', '=', 'm.district_id').onRef('p.id', '=', 'm.loser_id'))
    .where('m.district_id', '=', tx.district)
    .where('m.undone_at', 'is', null)
    .where('m.same', '=', true)
    .where('p.key_id', '=', keyId)
    .select(['m.id as mergeId', 'p.id as personId', 'p.name', 'm.merged_at as at'])
    .orderBy('m.merged_at')
    .execute()
}

/** Two formal relations, or two active registrations, of the two groups at one time. */
export async function findClash(tx: Conn, one: string, other: string): Promise<'formal' | 'registration' | null> {
  const { rows } = await sql<{ formal: boolean; registration: boolean }>`
    select exists (select 1 from membership a join person p on p.district_id = a.district_id and p.id = a.person_id
        join person q on q.district_id = p.district_id and q.key_id = ${other} join membership b on b.district_id = q.district_id and b.person_id = q.id
        where p.district_id = ${tx.district} and p.key_id = ${one} and a.kind = 'formal' and b.kind = 'formal' and a.voided_at is null and b.voided_at is null
          and daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)) as formal,
      exists (select 1 from registration a join person p on p.district_id = a.district_id and p.id = a.person_id
        join person q on q.district_id = p.district_id and q.key_id = ${other} join registration b on b.district_id = q.district_id and b.person_id = q.id
        where p.district_id = ${tx.district} and p.key_id = ${one}
          and daterange(a.reported_on, coalesce(a.ended_on, 'infinity')) && daterange(b.reported_on, coalesce(b.ended_on, 'infinity'))) as registration`.execute(
    tx.db,
  )
  return rows[0]?.formal ? 'formal' : rows[0]?.registration ? 'registration' : null
}

export interface Pair {
  ground: DuplicateGround
  oneId: string
  otherId: string
}

const rough = sql`split_part(p.pinyin, ' ', 1)`

/** Grounds in order of strength; each names what two records share. A phone alone is no ground: families share one. */
const grounds: Record<DuplicateGround, { share: RawBuilder<unknown>; where: RawBuilder<unknown> }> = {
  'id-number': { share: sql`p.id_index`, where: sql`p.id_index is not null` },
  'name-born': { share: sql`p.name, p.born`, where: sql`p.born is not null` },
  'phone-name': { share: sql`p.phone_index, ${rough}`, where: sql`p.phone_index is not null` },
  'near-name': { share: sql`p.born, ${rough}`, where: sql`p.born is not null and p.pinyin <> ''` },
}

const pairsOf = (ground: DuplicateGround, scope: RawBuilder<unknown>): RawBuilder<unknown> => {
  const { share, where } = grounds[ground]
  return sql`select ${ground} as ground, ${Object.keys(grounds).indexOf(ground)} as rank, a.id as "oneId", b.id as "otherId"
    from (select array_agg(p.id order by p.no) as ids from person p where ${scope} and ${where} group by ${share} having count(*) between 2 and 20) same,
      unnest(ids) with ordinality a (id, at) join unnest(ids) with ordinality b (id, at) on a.at < b.at`
}

/** Either of two records is called so. */
const eitherMatches = (tx: Tx, search: string, one: RawBuilder<unknown>, other: RawBuilder<unknown>) =>
  sql<boolean>`exists (select from person p where p.district_id = ${tx.district} and p.id in (${one}, ${other}) and ${matchOf(tx, search)})`

/** Pairs that share something, among persons inside `ranges`; a pair is named once, by its strongest ground, and never again once told apart. */
export async function findPairs(
  tx: Tx,
  query: ListDuplicatesQuery,
  ranges: readonly Range[],
): Promise<{ rows: Pair[]; total: number }> {
  const inside = (await coverAll(tx, ranges)) ? sql`true` : sql`p.id in (${keysWithin(tx, ranges)})`
  const scope = sql`p.district_id = ${tx.district} and p.merged_into is null and p.withdrawn_at is null and ${inside}`
  const asked = query.ground ? [query.ground] : (Object.keys(grounds) as DuplicateGround[])
  const all = sql`select distinct on ("oneId", "otherId") ground, rank, "oneId", "otherId" from (${sql.join(
    asked.map((g) => pairsOf(g, scope)),
    sql` union all `,
  )}) every
    order by "oneId", "otherId", rank`
  const called = query.search ? eitherMatches(tx, query.search, sql`"oneId"`, sql`"otherId"`) : sql`true`
  const { rows } = await sql<Pair & { n: number }>`
    select ground, "oneId", "otherId", count(*) over () as n from (${all}) pairs
    where not exists (select from person_merge m where m.district_id = ${tx.district} and not m.same and m.undone_at is null
      and ((m.loser_id = "oneId" and m.winner_id = "otherId") or (m.loser_id = "otherId" and m.winner_id = "oneId"))) and ${called}
    order by rank, "oneId", "otherId" limit ${query.limit ?? 50} offset ${query.offset ?? 0}`.execute(tx.db)
  return { rows: rows.map(({ n: _, ...pair }) => pair), total: rows[0]?.n ?? 0 }
}

export interface VerdictRow {
  id: string
  same: boolean
  winner: { id: string; name: string; home: string | null }
  loser: { id: string; name: string; home: string | null }
  path: string
  taken: Taken
  reason: string
  at: string
  by: string
  undoneAt: string | null
}

/** What was said of records kept inside `ranges`, newest first. */
export async function findVerdicts(
  tx: Tx,
  query: ListVerdictsQuery,
  ranges: readonly Range[],
): Promise<{ rows: VerdictRow[]; total: number }> {
  const where = sql.join(
    [
      sql`m.district_id = ${tx.district}`,
      inRanges(ranges, 'w.home_path'),
      ...(query.same === undefined ? [] : [sql`m.same = ${query.same}`]),
      ...(query.undone ? [] : [sql`m.undone_at is null`]),
      ...(query.search ? [eitherMatches(tx, query.search, sql`m.winner_id`, sql`m.loser_id`)] : []),
    ],
    sql` and `,
  )
  const person = (alias: string) =>
    sql`jsonb_build_object('id', ${sql.ref(`${alias}.id`)}, 'name', ${sql.ref(`${alias}.name`)}, 'home', (select u.name from unit u where u.district_id = m.district_id and u.id = ${sql.ref(`${alias}.home_id`)}))`
  const from = sql`person_merge m join person w on w.district_id = m.district_id and w.id = m.winner_id
    join person l on l.district_id = m.district_id and l.id = m.loser_id where ${where}`
  const counted = await sql<{ n: number }>`select count(*) as n from ${from}`.execute(tx.db)
  const { rows } = await sql<VerdictRow>`
    select m.id, m.same, ${person('w')} as winner, ${person('l')} as loser, w.home_path as path, m.taken, m.reason, m.merged_at as at, m.merged_by_name as "by", m.undone_at as "undoneAt"
    from ${from} order by m.merged_at desc, m.id limit ${query.limit ?? 50} offset ${query.offset ?? 0}`.execute(tx.db)
  return { rows, total: counted.rows[0]?.n ?? 0 }
}

export async function findHalves(tx: Tx, ids: readonly string[]) {
  return tx.db
    .selectFrom('person as p')
    .leftJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'p.district_id').onRef('u.id', '=', 'p.home_id'))
    .where('p.district_id', '=', tx.district)
    .where('p.id', '=', sql<string>`any(${ids}::uuid[])`)
    .select(['p.id', 'p.name', 'p.born', 'p.id_sealed', 'p.phone_sealed', 'u.name as home'])
    .execute()
}
