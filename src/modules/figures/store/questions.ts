import { sql } from 'kysely'
import type { Under } from '#core/kept.ts'
import { inRanges, subtree } from '#core/permissions.ts'
import type { Counted } from '#core/facts.ts'
import {
  type Count,
  countsOf,
  evidenceOf,
  type Key,
  namedOf,
  type Parts,
  placedOn,
  places,
  type Question,
  viewOf,
} from '../compile.ts'
import { isKept, moversOf, type Roll, rolledCounts } from '../compile/rolled.ts'
import type { Plan } from '#modules/units/index.ts'
import { planned, type Planned, type Stand } from '../rules/plan.ts'
import type { Conn } from './ledger.ts'
import { type Numbers, PLACES } from './numbers.ts'
import { findRoll } from './rolls.ts'

/** What was read while one question was answered: in its transaction nothing changes. */
export type Seen = Map<string, Promise<unknown>>
export type Asked = Question & { seen: Seen; numbers: Map<string, Numbers> }

export function once<T>(seen: Seen, what: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const name = JSON.stringify(what)
  const found = (seen.get(name) as Promise<T> | undefined) ?? read()
  seen.set(name, found)
  return found
}

const wordsOf = (q: Question) => [q.fact, q.placing, q.known, q.period, q.ranges, q.nodes, q.filters]
/** One text for one question to the ledger; null where it has none. */
const named = (m: Counted, q: Question, key?: Key): string | null =>
  key && !key.by ? null : JSON.stringify([m.aggregate, m.moment, m.since, viewOf(m.filters), key?.by, wordsOf(q)])

/** What stood right below a unit in the tree of the sums, and itself. */
const findBelow = (tx: Conn, { no, path }: Place, { roll, seen }: { roll: Roll; seen: Seen }) =>
  once(seen, ['right below', no, roll.knownAt], async () => {
    const { rows } = await sql<{ node: number; label: string }>`
      select p.unit as node, right(p.path, 6) as label from fact_place p where p.district_id = ${tx.district} and p.depth = ${path.split('.').length - 1}::int
        and ${inRanges([subtree(path)], 'p.path')} and ${placedOn({ known: roll.knownAt }, sql`${roll.placedOn}::date`)}`.execute(
      tx.db,
    )
    return [...rows, { node: -no, label: '' }]
  })

/** Whether anything is counted of units that are not big: only their whole is kept. */
async function hasBare(tx: Conn, q: Asked, { roll, below }: { roll: Roll; below: readonly { node: number }[] }) {
  const bare = below.filter((u) => u.node > 0 && !roll.big.includes(u.node)).map((u) => u.node)
  if (bare.length === 0) return false
  return once(q.seen, ['bare', q.fact, bare], async () => {
    const { rows } = await sql<{ some: boolean }>`
      select exists (select from fact_cell where district_id = ${tx.district} and fact = ${q.fact} and view = '' and dimension = '' and node = any(${bare}::int[])) as some`.execute(
      tx.db,
    )
    return rows[0]?.some ?? true
  })
}

/** From sums that are kept, where they are; null where they are not. */
async function findRolled(
  tx: Conn,
  parts: Parts,
  q: Asked,
  { roll, key }: { roll: Roll; key: Key | undefined },
): Promise<Count[] | null> {
  const views = parts.map((p) => viewOf(p.filters))
  const movers = await once(q.seen, ['movers', views, key?.by, wordsOf(q)], () =>
    moversOf(parts, q, key, roll).execute(tx.db),
  )
  const then = { placing: { on: roll.placedOn }, known: roll.knownAt, period: q.period, seen: q.seen }
  const stood = await findPaths(
    tx,
    q.nodes.map((n) => n.no),
    then,
  )
  const [node] = stood
  const below = node && key?.by?.length !== undefined ? await findBelow(tx, node, { ...then, roll }) : []
  if (key?.by?.dimension !== undefined && (await hasBare(tx, q, { roll, below }))) return null
  const at = { roll, movers: movers.rows.map((r) => r.unit), paths: stood.map((p) => p.path), below }
  return (await rolledCounts(parts, q, key, at)?.execute(tx.db))?.rows ?? null
}

async function countParts(tx: Conn, parts: Parts, q: Asked, key?: Key): Promise<Count[]> {
  const roll = await once(q.seen, ['roll', q.fact], () => findRoll(tx, q.fact))
  const [first, ...others] = roll ? parts.filter((p) => isKept(p, q, key, roll)) : []
  const rolled = roll && first ? await findRolled(tx, [first, ...others], q, { roll, key }) : null
  const [next, ...rest] = rolled && roll ? parts.filter((p) => !isKept(p, q, key, roll)) : parts
  return [...(rolled ?? []), ...(next ? (await countsOf([next, ...rest], q, key).execute(tx.db)).rows : [])]
}

const numbersIn = (rows: readonly Count[]): Numbers => new Map(rows.map((c) => [c.key, c.value]))

async function numbersFor(tx: Conn, m: Counted, q: Asked, key?: Key): Promise<Numbers> {
  const name = named(m, q, key)
  const found = (name && q.numbers.get(name)) || numbersIn(await countParts(tx, [m], q, key))
  if (name) q.numbers.set(name, found)
  return found
}

/** Counts measures that differ by their filters only at once: whoever asks for one of them afterwards finds it counted. */
export async function foresee(tx: Conn, parts: readonly Counted[], q: Asked, key?: Key): Promise<void> {
  const fresh = new Map<string, Counted>()
  for (const p of parts) {
    const name = named(p, q, key)
    if (name && !q.numbers.has(name)) fresh.set(name, p)
  }
  const [first, ...others] = fresh.values()
  if (!first || others.length === 0) return
  const views = Map.groupBy(await countParts(tx, [first, ...others], q, key), (c) => c.view)
  for (const [name, p] of fresh) q.numbers.set(name, numbersIn(views.get(viewOf(p.filters)) ?? []))
}

/** Null where there is nothing to take an average of. */
export async function findValue(tx: Conn, m: Counted, q: Asked): Promise<number | null> {
  const value = (await numbersFor(tx, m, q)).get('')
  return value === undefined ? 0 : value
}

export const findGroups = async (tx: Conn, m: Counted, q: Asked, key: Key): Promise<Map<string, number>> =>
  (await numbersFor(tx, m, q, key)) as Map<string, number>

export interface EvidenceRow {
  record: string
  label: string
  page: string | null
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
  const found = page.search
    ? sql` where record in (select record from (${namedOf(m, tx.district)}) l where l.label like ${`%${page.search.replace(/[\\%_]/g, '\\$&')}%`})`
    : sql``
  const all = evidenceOf(m, q)
  const totals = await sql<{
    total: number
    sum: number
  }>`select count(*)::float8 as total, coalesce(sum(quantity), 0)::float8 as sum from (${all}) e${found}`.execute(tx.db)
  const { rows } = await sql<EvidenceRow>`
    with page as materialized (select * from (${all}) a${found} order by day desc, record limit ${page.limit} offset ${page.offset}),
    named as materialized (${namedOf(m, tx.district)} where l.record = any((select array_agg(record) from page)::uuid[]))
    select e.record, coalesce(l.label, '') as label, l.page, e.day, u.id as "unitId", u.name as "unitName", e.quantity
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

/** At the ledger's instant places do not change, and names only with the district's edition; what is planned is one asker's. */
const stood = <T>(
  tx: Conn & Under,
  { seen, planned: plan, places: kept }: Pick<Asked, 'seen' | 'planned'> & { places?: Map<string, unknown> },
  what: readonly unknown[],
  read: () => Promise<T>,
) =>
  once(seen, what, async () => {
    if (!kept || !tx.edition || plan) return read()
    const name = JSON.stringify([tx.edition, ...what])
    const found = kept.get(name) as T | undefined
    const value = found ?? (await read())
    if (found === undefined && kept.size < PLACES) kept.set(name, value)
    return value
  })

/** Where units stand in the asked tree: on one day, or everywhere they stood while the period ran. */
export function findPaths(
  tx: Conn & Under,
  nos: readonly number[],
  q: Pick<Asked, 'placing' | 'known' | 'period' | 'seen' | 'planned'> & { places?: Map<string, unknown> },
): Promise<readonly Place[]> {
  const days = q.placing === 'own-day' ? q.period : null
  const when = days
    ? sql`${placedOn(q, sql`greatest(p.valid_from, ${days.from}::date)`)} and p.valid_from <= ${days.to}::date`
    : placedOn(q, sql`${(q.placing as { on: string }).on}::date`)
  return stood(tx, q, ['paths', nos, q.placing, q.known, days], async () => {
    const { rows } = await sql<Place>`
      select distinct p.unit as no, p.path from ${places({ district: tx.district, planned: q.planned })} where p.district_id = ${tx.district} and p.unit = any(${nos}::int[]) and ${when} order by p.path`.execute(
      tx.db,
    )
    return rows
  })
}

/** Units at and below a path down to one level of the tree, in being on a day, as they are called then. */
export const findUnitsBelow = (
  tx: Conn & Under,
  path: string,
  depth: number,
  q: { on: string; known: string | null; seen: Seen; planned: Planned | null; places?: Map<string, unknown> },
): Promise<readonly { id: string | null; path: string; name: string }[]> =>
  stood(tx, { ...q, planned: q.planned?.units }, ['below', path, depth, q.on, q.known], async () => {
    const from = places({ district: tx.district, planned: q.planned?.units })
    const { rows } = await sql<{ no: number; id: string; path: string; name: string }>`
      select u.no, u.id, p.path, v.name from ${from} join unit u on u.district_id = p.district_id and u.no = p.unit
        join unit_version v on v.district_id = u.district_id and v.unit_id = u.id and v.valid_from <= ${q.on}::date and v.valid_to > ${q.on}::date
      where p.district_id = ${tx.district} and ${inRanges([subtree(path)], 'p.path')} and p.depth <= ${depth}::int and ${placedOn(q, sql`${q.on}::date`)}
      order by p.path`.execute(tx.db)
    const { planned } = q
    if (!planned) return rows
    // Who will only be opened has no page yet.
    const opened = planned.opened
      .filter((u) => u.path.startsWith(path) && u.path.length <= 2 + 6 * depth)
      .map((u) => ({ ...u, id: null }))
    const kept = rows.filter((r) => !planned.closed.has(r.no))
    return [...kept.map((r) => ({ ...r, name: planned.names.get(r.no) ?? r.name })), ...opened]
  })

/** Where units stand today that a plan names, with all below those it changes, and the numbers of all. */
export async function findStands(tx: Conn, plan: Plan, on: string): Promise<Planned> {
  const changed = plan.units.filter((u) => u.no > 0).map((u) => u.id)
  const above = plan.units.flatMap((u) => u.aboveId ?? [])
  const named = await tx.db
    .selectFrom('unit')
    .select(['id', 'no'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${[...changed, ...above]}::uuid[])`)
    .execute()
  const nos = new Map(named.map((u) => [u.id, u.no]))
  const numbers = (ids: readonly string[]) => ids.flatMap((id) => nos.get(id) ?? [])
  const { rows } = await sql<Stand>`
    with pivot as (select p.path from fact_place p where p.district_id = ${tx.district} and p.unit = any(${numbers(changed)}::int[]) and ${placedOn({ known: null }, sql`${on}::date`)})
    select p.unit as no, p.path, p.kind from fact_place p where p.district_id = ${tx.district} and ${placedOn({ known: null }, sql`${on}::date`)}
      and (p.unit = any(${numbers(above)}::int[]) or exists (select from pivot v where p.path >= v.path and p.path < left(v.path, -1) || '/'))`.execute(
    tx.db,
  )
  return planned(plan, rows, nos)
}

/** Units by number, as they stand today or stood last. */
export const findByNo = (tx: Conn, nos: readonly number[]) =>
  tx.db
    .selectFrom('unit')
    .select(['no', 'id', 'name', 'path', 'closed_on as closedOn'])
    .where('district_id', '=', tx.district)
    .where('no', '=', sql<number>`any(${nos}::int[])`)
    .execute()
