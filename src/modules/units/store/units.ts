import { type Kysely, type RawBuilder, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { together } from '#core/db.ts'
import { newId, takeNumbers } from '#core/ids.ts'
import { inRanges, rangesOf, subtree, visibleTo } from '#core/permissions.ts'
import { pairsOf } from '#core/pinyin.ts'
import type { DB } from '#core/schema.ts'
import { fail, type ListPlatesQuery, type ListUnitsQuery, MOST_FOUND, type Tree } from '../contract.ts'
import { depthOf, pathBelow, rootPath } from '../paths.ts'
import { keysOf } from '../search.ts'

export type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface UnitRow {
  id: string
  tree: Tree
  kind: string
  code: string | null
  name: string
  parentId: string | null
  parentName: string | null
  path: string
  openedOn: string
  closedOn: string | null
  children: number
  planned: boolean
}

/** Units as planned reorganisations will have made them by a day to come. */
export interface Projection {
  rows: {
    unit_id: string
    tree: Tree
    kind: string
    code: string | null
    name: string
    parent_id: string | null
    path: string
    sort: number
    opened_on: string
  }[]
  /** Units whose stored version no longer counts on that day. */
  replaced: readonly string[]
}

const columns = sql.raw(
  'u.tree, u.sort, u.no, u.opened_on, u.closed_on, u.pinyin, u.keys, u.path as path_now, false as planned',
)

/** Today's tree needs no versions: `unit` is today's. */
const unitsToday = (tx: Conn) =>
  sql`(select u.id as unit_id, u.kind, u.code, u.name, u.parent_id, u.path, ${columns} from unit u where u.district_id = ${tx.district} and u.closed_on is null)`

/** Units as they stood on a day; with `closed` also those closed before it, as they last stood. */
const unitsOn = (tx: Conn, on: string, closed: boolean) =>
  sql`(select v.unit_id, v.kind, v.code, v.name, v.parent_id, v.path, ${columns} from unit_version v
    join unit u on u.district_id = v.district_id and u.id = v.unit_id
    where v.district_id = ${tx.district} and ((v.valid_from <= ${on}::date and v.valid_to > ${on}::date)${closed ? sql` or (u.closed_on <= ${on}::date and v.valid_to = u.closed_on)` : sql``}))`

const unitsPlanned = (tx: Conn, on: string, closed: boolean, projection: Projection) =>
  sql`(select * from ${unitsOn(tx, on, closed)} s where s.unit_id <> all(${[...projection.replaced]}::uuid[])
    union all
    select p.unit_id, p.kind, p.code, p.name, p.parent_id, p.path, p.tree, p.sort, coalesce(u.no, 0), p.opened_on, null::date, coalesce(u.pinyin, ''), coalesce(u.keys, '{}'), coalesce(u.path, p.path), true
    from jsonb_to_recordset(${JSON.stringify(projection.rows)}::jsonb) as p (unit_id uuid, kind text, code text, name text, parent_id uuid, path text, tree text, sort int, opened_on date)
    left join unit u on u.district_id = ${tx.district} and u.id = p.unit_id)`

function sourceOf(tx: Tx, on: string, closed: boolean, projection: Projection | null) {
  if (projection) return unitsPlanned(tx, on, closed, projection)
  return on === tx.today && !closed ? unitsToday(tx) : unitsOn(tx, on, closed)
}

/** Every part an index can answer: pairs of characters for names, trigrams for pinyin, the beginning for codes. */
export function matches(words: string): RawBuilder<boolean> {
  const low = words.toLowerCase()
  const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const pairs = pairsOf(low).filter((p) => [...p].length === Math.min(2, [...low].length))
  const ways = [sql`(v.keys @> ${pairs} and v.name like ${like})`]
  if (/^[a-z]{3,}$/.test(low)) ways.push(sql`v.pinyin like ${`%${low}%`}`)
  if (/^[a-z]{1,2}$/.test(low)) ways.push(sql`(v.keys @> ${[low]} and v.pinyin like ${`%${low}%`})`)
  if (/^[\w.-]+$/.test(words)) ways.push(sql`(v.code >= ${words} and v.code < ${`${words}~`})`)
  return sql<boolean>`(${sql.join(ways, sql` or `)})`
}

/** On other days a unit is seen by whoever sees it now, and by whoever had it then. */
const seenBy = (tx: Tx, today: boolean) =>
  today
    ? visibleTo(tx.actor, 'unit.read', 'v.path')
    : sql<boolean>`(${visibleTo(tx.actor, 'unit.read', 'v.path')} or ${visibleTo(tx.actor, 'unit.read', 'v.path_now')})`

function conditions(tx: Tx, query: ListUnitsQuery, { on, below }: Where) {
  const where = [seenBy(tx, on === tx.today)]
  if (query.tree) where.push(sql<boolean>`v.tree = ${query.tree}`)
  if (query.kind) where.push(sql<boolean>`v.kind = ${query.kind}`)
  if (query.parent) where.push(sql<boolean>`v.parent_id = ${query.parent}`)
  if (query.search) where.push(matches(query.search))
  if (below !== undefined) where.push(inRanges([subtree(below)], 'v.path'))
  if (!query.parent && !query.search && !query.kind) where.push(topmost(tx))
  return sql.join(where, sql` and `)
}

/** The highest units somebody may see are his roots: those his ranges begin with. */
function topmost(tx: Tx): RawBuilder<boolean> {
  const starts = rangesOf(tx.actor, 'unit.read').map((r) => r.from)
  return starts.includes('') ? sql<boolean>`v.parent_id is null` : sql<boolean>`v.path_now = any(${starts})`
}

interface Where {
  on: string
  /** path on that day of the unit below which one looks */
  below?: string | undefined
}

/** Visible units of a day: children of a parent, roots, or a search over everything visible; of a search the first in the tree, `more` where it hit more. */
export async function findUnits(
  tx: Tx,
  query: ListUnitsQuery,
  at: Where,
  projection: Projection | null = null,
): Promise<{ rows: UnitRow[]; total: number; more: boolean }> {
  const { on } = at
  const all = sql`${sourceOf(tx, on, query.closed ?? false, projection)} v where ${conditions(tx, query, at)}`
  // what is typed too short hits every second unit: neither counted nor sorted as a whole, it answers at once
  const found = query.search ? sql`(select v.* from ${all} order by v.path limit ${MOST_FOUND + 1}) v` : all
  const listed = query.search ? sql`(select * from ${found} limit ${MOST_FOUND}) v` : found
  const children = sourceOf(tx, on, false, projection)
  const [counted, { rows }] = await together([
    sql<{ total: number }>`select count(*) as total from ${found}`.execute(tx.db),
    sql<UnitRow>`
    select v.unit_id as id, v.tree, v.kind, v.code, v.name, v.parent_id as "parentId", v.path, v.opened_on as "openedOn", v.closed_on as "closedOn", v.planned,
      (select c.name from ${children} c where c.unit_id = v.parent_id) as "parentName",
      case when v.closed_on <= ${on}::date then 0 else (select count(*) from ${children} c where c.parent_id = v.unit_id) end as children
    from (select * from ${listed} order by v.tree desc, v.closed_on is not null, v.sort, v.no, v.name limit ${query.limit ?? 200} offset ${query.offset ?? 0}) v
    order by v.tree desc, v.closed_on is not null, v.sort, v.no, v.name`.execute(tx.db),
  ])
  const total = counted.rows[0]?.total ?? 0
  const more = query.search !== undefined && total > MOST_FOUND
  return { total: more ? MOST_FOUND : total, more, rows }
}

export interface PlateRow {
  id: string
  no: number
  name: string
  kind: string
  path: string
}

/** Open places below `path`, in the order of the tree; an organisation has no plate. */
export async function findPlates(
  tx: Tx,
  query: ListPlatesQuery,
  path: string,
): Promise<{ rows: PlateRow[]; total: number }> {
  const where = [
    visibleTo(tx.actor, 'unit.read', 'v.path'),
    inRanges([subtree(path)], 'v.path'),
    sql<boolean>`v.tree = 'place'`,
    ...(query.kind ? [sql<boolean>`v.kind = ${query.kind}`] : []),
    ...(query.search ? [matches(query.search)] : []),
  ]
  const from = sql`${unitsToday(tx)} v where ${sql.join(where, sql` and `)}`
  const counted = await sql<{ total: number }>`select count(*) as total from ${from}`.execute(tx.db)
  const { rows } = await sql<PlateRow>`select v.unit_id as id, v.no, v.name, v.kind, v.path from ${from}
    order by v.path limit ${query.limit ?? 200} offset ${query.offset ?? 0}`.execute(tx.db)
  return { rows, total: counted.rows[0]?.total ?? 0 }
}

/** One unit on a day, if the asker may see it at all. */
export async function findUnitOn(
  tx: Tx,
  unitId: string,
  on: string,
  projection: Projection | null,
): Promise<UnitRow | undefined> {
  const source = sourceOf(tx, on, true, projection)
  const others = sourceOf(tx, on, false, projection)
  const { rows } = await sql<UnitRow>`
    select v.unit_id as id, v.tree, v.kind, v.code, v.name, v.parent_id as "parentId", v.path, v.opened_on as "openedOn", v.closed_on as "closedOn", v.planned,
      (select c.name from ${others} c where c.unit_id = v.parent_id) as "parentName",
      (select count(*) from ${others} c where c.parent_id = v.unit_id) as children
    from ${source} v where v.unit_id = ${unitId} and ${seenBy(tx, false)}`.execute(tx.db)
  return rows[0]
}

export interface UnitNow {
  id: string
  tree: Tree
  kind: string
  name: string
  code: string | null
  path: string
  parentId: string | null
  openedOn: string
  closedOn: string | null
}

const nowColumns = [
  'id',
  'tree',
  'kind',
  'name',
  'code',
  'path',
  'parent_id as parentId',
  'opened_on as openedOn',
  'closed_on as closedOn',
] as const

/** A unit as of today, whoever asks: for use cases that have their own verb to check. */
export async function findUnit(tx: Conn, unitId: string): Promise<UnitNow | undefined> {
  const row = await tx.db
    .selectFrom('unit')
    .select(nowColumns)
    .where('district_id', '=', tx.district)
    .where('id', '=', unitId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return row && { ...row, tree: row.tree as Tree }
}

/** @throws unit.not-found */
export async function getUnit(tx: Conn, unitId: string): Promise<UnitNow> {
  const row = await findUnit(tx, unitId)
  if (!row) throw fail('not-found')
  return row
}

/** What a unit is spoken of as a place: its own name, or that of the place an organisation serves. */
export async function findPlaceName(tx: Conn, unitId: string, on: string): Promise<string> {
  const row = await tx.db
    .selectFrom('unit as u')
    .leftJoin('unit_link as l', (j) =>
      j
        .onRef('l.district_id', '=', 'u.district_id')
        .onRef('l.from_id', '=', 'u.id')
        .on('l.kind', '=', 'serves')
        .on('l.valid_from', '<=', on)
        .on('l.valid_to', '>', on),
    )
    .leftJoin('unit as p', (j) => j.onRef('p.district_id', '=', 'l.district_id').onRef('p.id', '=', 'l.to_id'))
    .where('u.district_id', '=', tx.district)
    .where('u.id', '=', unitId)
    .select(['u.name', 'p.name as served'])
    .orderBy('p.path')
    .executeTakeFirst()
  return row?.served ?? row?.name ?? ''
}

export async function findUnitByNo(tx: Conn, no: number): Promise<UnitNow | undefined> {
  const row = await tx.db
    .selectFrom('unit')
    .select(nowColumns)
    .where('district_id', '=', tx.district)
    .where('no', '=', no)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return row && { ...row, tree: row.tree as Tree }
}

/** Units on the way from the root to `path`, outermost first, the unit itself last. */
export async function lineOf(tx: Conn, paths: readonly string[]): Promise<UnitNow[]> {
  const rows = await tx.db
    .selectFrom('unit')
    .select(nowColumns)
    .where('district_id', '=', tx.district)
    .where('path', '=', sql<string>`any(${paths})`)
    .orderBy('path')
    .execute()
  return rows.map((r) => ({ ...r, tree: r.tree as Tree }))
}

export interface NewUnit {
  id?: string
  tree: Tree
  kind: string
  name: string
  code?: string | null
  /** id of a unit that exists or stands earlier in the same list; null for a root */
  parentId: string | null
  openedOn: string
  sort?: number
}

const FIELDS = ['kind', 'code', 'name', 'parentId']

/** Inserts units parents first, with their first version. Returns ids, numbers and paths in the order given. */
export async function insertUnits(
  tx: Conn,
  units: readonly NewUnit[],
): Promise<{ id: string; no: number; path: string }[]> {
  if (units.length === 0) return []
  const first = await takeNumbers(tx.db, tx.district, 'unit', units.length)
  const outside = [...new Set(units.map((u) => u.parentId).filter((p) => p !== null))]
  const known = await tx.db
    .selectFrom('unit')
    .select(['id', 'path'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${outside})`)
    .execute()
  const paths = new Map(known.map((k) => [k.id, k.path]))
  const placed = units.map((unit, i) => {
    const parentPath = unit.parentId === null ? rootPath(unit.tree) : paths.get(unit.parentId)
    if (parentPath === undefined) throw fail('not-found')
    const id = unit.id ?? newId()
    const path = pathBelow(parentPath, first + i)
    paths.set(id, path)
    return { unit, id, no: first + i, path }
  })
  const shared = ({ unit, path }: (typeof placed)[number]) => ({
    district_id: tx.district,
    tree: unit.tree,
    kind: unit.kind,
    code: unit.code ?? null,
    name: unit.name,
    parent_id: unit.parentId,
    path,
  })
  await insertMany(
    tx.db,
    'unit',
    placed.map((p) => ({
      ...shared(p),
      id: p.id,
      no: p.no,
      depth: depthOf(p.path),
      sort: p.unit.sort ?? 0,
      ...keysOf([p.unit.name]),
      opened_on: p.unit.openedOn,
      attributes: {},
    })),
  )
  await insertMany(
    tx.db,
    'unit_version',
    placed.map((p) => ({
      ...shared(p),
      unit_id: p.id,
      valid_from: p.unit.openedOn,
      valid_to: 'infinity',
      sets: FIELDS,
    })),
  )
  return placed.map(({ id, no, path }) => ({ id, no, path }))
}

export interface NewLink {
  kind: 'serves' | 'alliance' | 'contact'
  fromId: string
  toId: string
  role?: string
  validFrom: string
}

export const insertLinks = (tx: Conn, links: readonly NewLink[]) =>
  insertMany(
    tx.db,
    'unit_link',
    links.map((l) => ({
      district_id: tx.district,
      id: newId(),
      kind: l.kind,
      from_id: l.fromId,
      to_id: l.toId,
      role: l.role ?? '',
      valid_from: l.validFrom,
      valid_to: 'infinity',
    })),
  )

/** Kinds are district data. */
export async function findKinds(
  tx: Conn,
): Promise<Map<string, { id: string; name: string; tree: Tree; level: string; partyOrg: boolean }>> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  const kinds =
    (row.settings as { kinds?: { id: string; name: string; tree: Tree; level: string; partyOrg: boolean }[] }).kinds ??
    []
  return new Map(kinds.map((k) => [k.id, k]))
}

/** Today's paths of units, in path order; `seen` limits them to what somebody may see. */
export async function findPathsOf(
  tx: Conn,
  ids: readonly string[],
  seen: RawBuilder<boolean> = sql<boolean>`true`,
): Promise<{ id: string; path: string }[]> {
  if (ids.length === 0) return []
  return tx.db
    .selectFrom('unit')
    .select(['id', 'path'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where(seen)
    .orderBy('path')
    .execute()
}

/** Open units by code; a path limits them to one subtree. */
export async function findByCodes(
  tx: Conn,
  codes: readonly string[],
  below: string,
): Promise<Map<string, { id: string; tree: Tree; kind: string; code: string; name: string; parentId: string | null }>> {
  const { rows } = await sql<{
    id: string
    tree: Tree
    kind: string
    code: string
    name: string
    parentId: string | null
  }>`
    select u.id, u.tree, u.kind, u.code, u.name, u.parent_id as "parentId" from unit u
    where u.district_id = ${tx.district} and u.code = any(${[...codes]}::text[]) and u.closed_on is null and u.path >= ${below} and u.path < ${`${below}~`}`.execute(
    tx.db,
  )
  return new Map(rows.map((r) => [r.code, r]))
}
