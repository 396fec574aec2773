// Timelines as they are stored, and everything that has to follow when they change.
import { sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import { newId, takeNumbers } from '#core/ids.ts'
import { fail, type Tree } from '../contract.ts'
import { depthOf, pathBelow, rootPath } from '../paths.ts'
import type { Closing, Outside } from '../rules/reorganise.ts'
import { endOf, fieldsOn, isOpenOn, settingsOf, type Timeline, type Version } from '../rules/timeline.ts'
import { keysOf } from '../search.ts'
import type { Conn } from './units.ts'

const MOST_UNITS = 60_000

export interface Loaded {
  timelines: Map<string, Timeline>
  stored: Map<string, Version[]>
  outside: Map<string, Outside>
  /** Today's path of every unit read; closed units keep a place below their last parent. */
  paths: Map<string, string>
}

/** One reorganisation at a time in a district; the transaction holds the place. */
export const takeTurn = (tx: Conn) =>
  sql`select pg_advisory_xact_lock(hashtextextended('units', ${tx.district}))`.execute(tx.db)

async function idsBelow(tx: Conn, pivots: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select unnest(${pivots}::uuid[]) as id
      union
      select v.unit_id from unit_version v join below b on v.parent_id = b.id where v.district_id = ${tx.district}
    ) select id from below limit ${MOST_UNITS + 1}`.execute(tx.db)
  return rows.map((r) => r.id)
}

type VersionRow = {
  unit_id: string
  valid_from: string
  valid_to: string
  kind: string
  code: string | null
  name: string
  parent_id: string | null
  path: string
  sets: string[]
  change_id: string | null
}

const versionOf = (r: VersionRow): Version => ({
  kind: r.kind,
  code: r.code,
  name: r.name,
  parentId: r.parent_id,
  from: r.valid_from,
  to: r.valid_to,
  path: r.path,
  sets: r.sets as Version['sets'],
  changeId: r.change_id,
})

async function readVersions(tx: Conn, ids: readonly string[]): Promise<Map<string, Version[]>> {
  const rows = await tx.db
    .selectFrom('unit_version')
    .select(['unit_id', 'valid_from', 'valid_to', 'kind', 'code', 'name', 'parent_id', 'path', 'sets', 'change_id'])
    .where('district_id', '=', tx.district)
    .where('unit_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('unit_id')
    .orderBy('valid_from')
    .execute()
  const found = new Map<string, Version[]>()
  for (const r of rows) found.set(r.unit_id, [...(found.get(r.unit_id) ?? []), versionOf(r)])
  return found
}

interface UnitNowRow {
  id: string
  no: number
  tree: string
  sort: number
  name: string
  path: string
  opened_on: string
  closed_on: string | null
}

/** Rows are locked in path order, so two that overlap wait for each other and never deadlock. */
async function readUnits(tx: Conn, ids: readonly string[], lock: boolean): Promise<UnitNowRow[]> {
  const q = tx.db
    .selectFrom('unit')
    .select(['id', 'no', 'tree', 'sort', 'name', 'path', 'opened_on', 'closed_on'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('path')
  return (lock ? q.forUpdate() : q).execute()
}

/** Everything a decision about `named` may change: those units, all below `pivots` on any day, and the paths around them. */
export async function loadTimelines(
  tx: Conn,
  named: readonly string[],
  pivots: readonly string[],
  lock: boolean,
): Promise<Loaded> {
  const ids = [...new Set([...named, ...(pivots.length > 0 ? await idsBelow(tx, pivots) : [])])]
  if (ids.length > MOST_UNITS) throw fail('too-many-units', { count: ids.length })
  const units = await readUnits(tx, ids, lock)
  const stored = await readVersions(tx, ids)
  const timelines = new Map<string, Timeline>()
  for (const u of units) {
    const settings = settingsOf(stored.get(u.id) ?? [])
    timelines.set(u.id, {
      id: u.id,
      no: u.no,
      tree: u.tree as Tree,
      sort: u.sort,
      openedOn: u.opened_on,
      closedOn: u.closed_on,
      settings,
    })
  }
  const around = new Set(
    [...stored.values()]
      .flatMap((vs) => vs.map((v) => v.parentId))
      .filter((p) => p !== null && !timelines.has(p)) as string[],
  )
  const outer = await readUnits(tx, [...around], false)
  const pieces = await readVersions(tx, [...around])
  const outside = new Map(
    outer.map((u): [string, Outside] => [u.id, { tree: u.tree as Tree, name: u.name, pieces: pieces.get(u.id) ?? [] }]),
  )
  return { timelines, stored, outside, paths: new Map([...units, ...outer].map((u) => [u.id, u.path])) }
}

/** Numbers for units that are opened by this decision. */
export async function numberNew(tx: Conn, timelines: ReadonlyMap<string, Timeline>): Promise<Timeline[]> {
  const fresh = [...timelines.values()].filter((t) => t.no === 0)
  if (fresh.length === 0) return []
  const first = await takeNumbers(tx.db, tx.district, 'unit', fresh.length)
  for (const [i, t] of fresh.entries()) t.no = first + i
  return fresh
}

/** Today's row of a unit: as it stands today, or as it last stood. */
function rowOf(tx: Conn, t: Timeline, path: string, today: string) {
  const day = isOpenOn(t, today) ? today : t.openedOn > today ? t.openedOn : '9999-12-31'
  const { kind, code, name, parentId } = fieldsOn(t, day)
  const names = t.settings.flatMap((s) => s.sets.name ?? [])
  return {
    district_id: tx.district,
    id: t.id,
    no: t.no,
    tree: t.tree,
    kind,
    code,
    name,
    parent_id: parentId,
    path,
    depth: depthOf(path),
    sort: t.sort,
    ...keysOf(names),
    opened_on: t.openedOn,
    closed_on: t.closedOn,
    attributes: {},
  }
}

/** Today's paths: of a closed unit the place below its last parent, wherever that is now, so its records stay in sight. */
function pathsNow(
  timelines: ReadonlyMap<string, Timeline>,
  known: ReadonlyMap<string, string>,
  today: string,
): Map<string, string> {
  const now = new Map<string, string>()
  const pathOf = (id: string): string => {
    const t = timelines.get(id)
    if (!t) return known.get(id) ?? ''
    const done = now.get(id)
    if (done) return done
    const { parentId } = fieldsOn(t, isOpenOn(t, today) ? today : '9999-12-31')
    const path = pathBelow(parentId === null ? rootPath(t.tree) : pathOf(parentId), t.no)
    now.set(id, path)
    return path
  }
  for (const id of timelines.keys()) pathOf(id)
  return now
}

const BULK = 1000

/** Every new unit is looked for as a parent and by its versions: the first thousand are told to the planner before more follow. */
async function insertUnits(tx: Conn, rows: ReturnType<typeof rowOf>[]) {
  await insertMany(tx.db, 'unit', rows.slice(0, BULK))
  if (rows.length < BULK) return
  await sql`select refresh_unit_statistics()`.execute(tx.db)
  await insertMany(tx.db, 'unit', rows.slice(BULK))
}

/** Writes changed versions and brings `unit` to today's. Answers the units whose path is another one now. */
export async function writeTimelines(
  tx: Conn,
  timelines: ReadonlyMap<string, Timeline>,
  changed: ReadonlyMap<string, Version[]>,
  at: { loaded: Loaded; today: string },
): Promise<{ id: string; path: string }[]> {
  const now = pathsNow(timelines, at.loaded.paths, at.today)
  const row = (t: Timeline) => rowOf(tx, t, now.get(t.id) as string, at.today)
  const isNew = (t: Timeline) => !at.loaded.timelines.has(t.id)
  const moved = [...timelines.values()].filter((t) => !isNew(t) && now.get(t.id) !== at.loaded.paths.get(t.id))
  await insertUnits(tx, [...timelines.values()].filter(isNew).map(row))
  const touched = [...timelines.values()].filter(
    (t) => !isNew(t) && (changed.has(t.id) || now.get(t.id) !== at.loaded.paths.get(t.id)),
  )
  await updateUnits(tx, touched.map(row))
  const ids = [...changed.keys()]
  await tx.db
    .deleteFrom('unit_version')
    .where('district_id', '=', tx.district)
    .where('unit_id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  const versions = [...changed].flatMap(([id, list]) =>
    list.map((v) => ({
      district_id: tx.district,
      unit_id: id,
      valid_from: v.from,
      valid_to: v.to,
      tree: timelines.get(id)?.tree,
      kind: v.kind,
      code: v.code,
      name: v.name,
      parent_id: v.parentId,
      path: v.path,
      sets: v.sets,
      change_id: v.changeId,
    })),
  )
  await insertMany(tx.db, 'unit_version', versions)
  return moved.map((t) => ({ id: t.id, path: now.get(t.id) as string }))
}

const updateUnits = (tx: Conn, rows: ReturnType<typeof rowOf>[]) =>
  sql`update unit u set kind = n.kind, code = n.code, name = n.name, parent_id = n.parent_id, path = n.path, depth = n.depth,
      pinyin = n.pinyin, keys = n.keys, closed_on = n.closed_on
    from jsonb_populate_recordset(null::unit, ${JSON.stringify(rows)}::jsonb) n
    where u.district_id = ${tx.district} and u.id = n.id`.execute(tx.db)

export interface PathColumn {
  table: string
  column: string
  /** Column of the same table that names the unit. */
  unitColumn: string
}

/** Copies of a unit's path in other modules' rows follow it in the same transaction. [A-18] */
export async function alignPaths(
  tx: Conn,
  columns: readonly PathColumn[],
  moved: readonly { id: string; path: string }[],
): Promise<void> {
  if (moved.length === 0) return
  for (const { table, column, unitColumn } of columns) {
    await sql`update ${sql.table(table)} t set ${sql.ref(column)} = m.path
      from unnest(${moved.map((m) => m.id)}::uuid[], ${moved.map((m) => m.path)}::text[]) as m (id, path)
      where t.district_id = ${tx.district} and t.${sql.ref(unitColumn)} = m.id and t.${sql.ref(column)} is distinct from m.path`.execute(
      tx.db,
    )
  }
}

/** Rows written in the very moment a unit moved may still carry the old path: found and set right, whatever the reason. */
export async function alignAllPaths(tx: Conn, columns: readonly PathColumn[]): Promise<number> {
  let count = 0n
  for (const { table, column, unitColumn } of columns) {
    const { numAffectedRows } = await sql`update ${sql.table(table)} t set ${sql.ref(column)} = u.path from unit u
      where t.district_id = ${tx.district} and u.district_id = ${tx.district} and u.id = t.${sql.ref(unitColumn)} and t.${sql.ref(column)} <> u.path`.execute(
      tx.db,
    )
    count += numAffectedRows ?? 0n
  }
  return Number(count)
}

/** Who carries on; links of a closing unit end, and pass to its successor when there is exactly one. [ORG-02] */
export async function writeClosings(tx: Conn, closings: readonly Closing[], changeId: string): Promise<void> {
  const successions = closings.flatMap((c) =>
    c.successorIds.map((s) => ({
      district_id: tx.district,
      unit_id: c.unitId,
      successor_id: s,
      effective_on: c.on,
      change_id: changeId,
    })),
  )
  await insertMany(tx.db, 'unit_successor', successions)
  for (const { unitId, on, successorIds } of closings) {
    const { rows } = await sql<{
      kind: string
      from_id: string
      to_id: string
      role: string
      valid_to: string
      ended: string
    }>`
      with live as (
        select id, valid_to from unit_link where district_id = ${tx.district} and (from_id = ${unitId} or to_id = ${unitId}) and valid_from < ${on}::date and valid_to > ${on}::date
      )
      update unit_link l set valid_to = ${on}::date from live where l.district_id = ${tx.district} and l.id = live.id
      returning l.kind, l.from_id, l.to_id, l.role, live.valid_to::text as valid_to`.execute(tx.db)
    const heir = successorIds.length === 1 ? (successorIds[0] as string) : null
    if (!heir) continue
    const passed = rows
      .map((r) => ({
        ...r,
        from_id: r.from_id === unitId ? heir : r.from_id,
        to_id: r.to_id === unitId ? heir : r.to_id,
      }))
      .filter((r) => r.from_id !== r.to_id)
    for (const l of passed) {
      // The successor may hold the same link already.
      await sql`insert into unit_link (district_id, id, kind, from_id, to_id, role, valid_from, valid_to)
        select ${tx.district}, ${newId()}, ${l.kind}, ${l.from_id}, ${l.to_id}, ${l.role}, ${on}::date, ${l.valid_to}::date
        where not exists (select from unit_link x where x.district_id = ${tx.district} and x.kind = ${l.kind} and x.from_id = ${l.from_id}
          and x.to_id = ${l.to_id} and x.role = ${l.role} and x.valid_to > ${on}::date and x.valid_from < ${l.valid_to}::date)`.execute(
        tx.db,
      )
    }
  }
}

/** An open unit that already has one of these codes. */
export async function findCodeHolder(tx: Conn, tree: Tree, codes: readonly string[], except: readonly string[]) {
  return tx.db
    .selectFrom('unit')
    .select(['code', 'name'])
    .where('district_id', '=', tx.district)
    .where('tree', '=', tree)
    .where('closed_on', 'is', null)
    .where('code', '=', sql<string>`any(${codes})`)
    .where('id', '<>', sql<string>`all(${except}::uuid[])`)
    .executeTakeFirst()
}

/** Codes within the timelines themselves, as of today. */
export function doubleCode(timelines: ReadonlyMap<string, Timeline>): { code: string; name: string } | undefined {
  const seen = new Set<string>()
  for (const t of timelines.values()) {
    const { code, name } = fieldsOn(t, '9999-12-31')
    if (!code || endOf(t) !== 'infinity') continue
    const key = `${t.tree} ${code}`
    if (seen.has(key)) return { code, name }
    seen.add(key)
  }
  return undefined
}

/** How many copies differ from the unit's path. */
export async function countStrays(tx: Conn, columns: readonly PathColumn[]): Promise<number> {
  let count = 0
  for (const { table, column, unitColumn } of columns) {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from ${sql.table(table)} t join unit u on u.district_id = t.district_id and u.id = t.${sql.ref(unitColumn)}
      where t.district_id = ${tx.district} and t.${sql.ref(column)} <> u.path`.execute(tx.db)
    count += rows[0]?.n ?? 0
  }
  return count
}
