import { sql } from 'kysely'
import { inRanges, subtree } from '#core/permissions.ts'
import type { Counted } from '#core/facts.ts'
import { factOf } from '../catalogue.ts'
import { evidenceOf, groupsOf, type Key, placedOn, type Question, valueOf } from '../compile.ts'
import { isKept, moversOf, type Roll, rolledGroups } from '../compile/rolled.ts'
import type { Conn } from './ledger.ts'
import { findRoll } from './rolls.ts'

/** Sums that are kept of a fact, looked up once for a question. */
export type Rolls = Map<number, Promise<Roll | null>>

/** The number from sums that are kept, where they are; null where they are not. */
async function findRolled(
  tx: Conn,
  m: Counted,
  q: Question & { rolls: Rolls },
  key?: Key,
): Promise<Map<string, number> | null> {
  const found = q.rolls.get(q.fact) ?? findRoll(tx, q.fact)
  q.rolls.set(q.fact, found)
  const roll = await found
  if (!roll || !isKept(m, q, key, roll)) return null
  const movers = await moversOf(m, q, key, roll).execute(tx.db)
  const then = { placing: { on: roll.placedOn }, known: roll.knownAt, period: q.period }
  const at = {
    roll,
    movers: movers.rows.map((r) => r.unit),
    paths: (
      await findPaths(
        tx,
        q.nodes.map((n) => n.no),
        then,
      )
    ).map((p) => p.path),
  }
  const groups = rolledGroups(m, q, key, at)
  return groups && new Map((await groups.execute(tx.db)).rows.map((r) => [r.key, r.value]))
}

/** Null where there is nothing to take an average of. */
export async function findValue(tx: Conn, m: Counted, q: Question & { rolls: Rolls }): Promise<number | null> {
  const rolled = await findRolled(tx, m, q)
  if (rolled) return rolled.get('') ?? 0
  const { rows } = await valueOf(m, q).execute(tx.db)
  return rows[0]?.value ?? null
}

export async function findGroups(
  tx: Conn,
  m: Counted,
  q: Question & { rolls: Rolls },
  key: Key,
): Promise<Map<string, number>> {
  const rolled = await findRolled(tx, m, q, key)
  if (rolled) return rolled
  const { rows } = await groupsOf(m, q, key).execute(tx.db)
  return new Map(rows.map((r) => [r.key, r.value]))
}

export interface EvidenceRow {
  record: string
  label: string
  day: string | null
  unitId: string
  unitName: string
  quantity: number
}

export async function findEvidence(
  tx: Conn,
  m: Counted,
  q: Question,
  page: { limit: number; offset: number; search?: string | undefined },
) {
  const labels = factOf(m).labels(tx.district)
  const found = page.search
    ? sql` where record in (select record from (${labels}) l where l.label like ${`%${page.search.replace(/[\\%_]/g, '\\$&')}%`})`
    : sql``
  const all = evidenceOf(m, q)
  const totals = await sql<{
    total: number
    sum: number
  }>`select count(*)::float8 as total, coalesce(sum(quantity), 0)::float8 as sum from (${all}) e${found}`.execute(tx.db)
  const { rows } = await sql<EvidenceRow>`
    with page as materialized (select * from (${all}) a${found} order by day desc, record limit ${page.limit} offset ${page.offset}),
    named as materialized (select l.record, l.label from (${labels}) l where l.record = any((select array_agg(record) from page)::uuid[]))
    select e.record, coalesce(l.label, '') as label, e.day, u.id as "unitId", u.name as "unitName", e.quantity
    from page e join unit u on u.district_id = ${tx.district} and u.no = e.unit left join named l on l.record = e.record
    order by e.day desc, e.record`.execute(tx.db)
  return { total: totals.rows[0]?.total ?? 0, sum: totals.rows[0]?.sum ?? 0, rows }
}

/** One text for exactly these records with these quantities: SHA-256 in hex. */
export async function findDigest(tx: Conn, m: Counted, q: Question): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    select encode(sha256(convert_to(coalesce(string_agg(record::text || ':' || quantity, ',' order by record, quantity), ''), 'UTF8')), 'hex') as digest
    from (${evidenceOf(m, q)}) e`.execute(tx.db)
  return rows[0]?.digest ?? ''
}

const ends = { org: ['l.from_id', 'l.to_id'], place: ['l.to_id', 'l.from_id'] } as const

/** What stands for a unit in the other tree today: the places an organisation serves, the organisations that serve a place. */
export const findServed = async (
  tx: Conn,
  unit: { id: string; tree: 'org' | 'place' },
  today: string,
): Promise<string[]> => {
  const [own, other] = ends[unit.tree]
  const rows = await tx.db
    .selectFrom('unit_link as l')
    .innerJoin('unit as p', (j) => j.onRef('p.district_id', '=', 'l.district_id').onRef('p.id', '=', other))
    .where('l.district_id', '=', tx.district)
    .where(own, '=', unit.id)
    .where('l.kind', '=', 'serves')
    .where('l.valid_from', '<=', today)
    .where('l.valid_to', '>', today)
    .select('p.path')
    .execute()
  return rows.map((r) => r.path)
}

export interface Place {
  no: number
  path: string
}

/** Where units stand in the asked tree: on one day, or everywhere they stood while the period ran. */
export async function findPaths(
  tx: Conn,
  nos: readonly number[],
  q: Pick<Question, 'placing' | 'known' | 'period'>,
): Promise<Place[]> {
  const when =
    q.placing === 'own-day'
      ? sql`${placedOn(q, sql`greatest(p.valid_from, ${q.period.from}::date)`)} and p.valid_from <= ${q.period.to}::date`
      : placedOn(q, sql`${q.placing.on}::date`)
  const { rows } = await sql<Place>`
    select distinct p.unit as no, p.path from fact_place p where p.district_id = ${tx.district} and p.unit = any(${nos}::int[]) and ${when} order by p.path`.execute(
    tx.db,
  )
  return rows
}

/** Units at and below a path down to one level of the tree, in being on a day, as they were called then. */
export async function findUnitsBelow(
  tx: Conn,
  path: string,
  depth: number,
  q: { on: string; known: string | null },
): Promise<{ id: string; path: string; name: string }[]> {
  const { rows } = await sql<{ id: string; path: string; name: string }>`
    select u.id, p.path, v.name from fact_place p join unit u on u.district_id = p.district_id and u.no = p.unit
      join unit_version v on v.district_id = u.district_id and v.unit_id = u.id and v.valid_from <= ${q.on}::date and v.valid_to > ${q.on}::date
    where p.district_id = ${tx.district} and ${inRanges([subtree(path)], 'p.path')} and p.depth <= ${depth}::int and ${placedOn(q, sql`${q.on}::date`)}
    order by p.path`.execute(tx.db)
  return rows
}

/** Units by number, as they stand today or stood last. */
export const findByNo = (tx: Conn, nos: readonly number[]) =>
  tx.db
    .selectFrom('unit')
    .select(['no', 'id', 'name', 'path', 'closed_on as closedOn'])
    .where('district_id', '=', tx.district)
    .where('no', '=', sql<number>`any(${nos}::int[])`)
    .execute()
