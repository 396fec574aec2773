import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { newId, takeNumbers } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import { fail, type ListUnitsQuery, type Tree } from './contract.ts'
import { depthOf, pathBelow, rootPath } from './paths.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface UnitRow {
  id: string
  tree: Tree
  kind: string
  code: string | null
  name: string
  parentId: string | null
  path: string
  openedOn: string
  closedOn: string | null
  children: number
}

const endless = (day: string) => (day === 'infinity' ? null : day)

/** Units as they stood on `on`: the dated version, not today's row. */
function versionsOn(tx: Conn, on: string) {
  return tx.db
    .selectFrom('unit_version as v')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'v.district_id').onRef('u.id', '=', 'v.unit_id'))
    .where('v.district_id', '=', tx.district)
    .where('v.valid_from', '<=', on)
    .where('v.valid_to', '>', on)
}

type Versions = SelectQueryBuilder<DB & { v: DB['unit_version']; u: DB['unit'] }, 'v' | 'u', object>

const search = (q: Versions, words: string) => {
  const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  return q.where((e) => e.or([e('v.name', 'like', like), e('u.pinyin', 'like', `%${words.toLowerCase()}%`), e('v.code', 'like', `${words}%`)]))
}

/** Visible units of a day: children of a parent, roots, or a search over everything visible. */
export async function findUnits(tx: Tx, query: ListUnitsQuery, on: string): Promise<{ rows: UnitRow[]; total: number }> {
  let q = versionsOn(tx, on).where(visibleTo(tx.actor, 'unit.read', 'v.path')) as unknown as Versions
  if (query.tree) q = q.where('v.tree', '=', query.tree)
  if (query.kind) q = q.where('v.kind', '=', query.kind)
  if (query.parent) q = q.where('v.parent_id', '=', query.parent)
  if (query.search) q = search(q, query.search)
  if (!query.parent && !query.search && !query.kind) q = topmost(tx, q, on)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(['v.unit_id as id', 'v.tree', 'v.kind', 'v.code', 'v.name', 'v.parent_id as parentId', 'v.path', 'u.opened_on as openedOn', 'v.valid_to'])
    .select((e) =>
      e
        .selectFrom('unit_version as c')
        .whereRef('c.district_id', '=', 'v.district_id')
        .whereRef('c.parent_id', '=', 'v.unit_id')
        .where('c.valid_from', '<=', on)
        .where('c.valid_to', '>', on)
        .select((x) => x.fn.countAll<number>().as('n'))
        .as('children'),
    )
    .orderBy('u.tree', 'desc')
    .orderBy('u.sort')
    .orderBy('u.no')
    .limit(query.limit ?? 200)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows: rows.map(({ valid_to, ...r }) => ({ ...r, tree: r.tree as Tree, children: r.children ?? 0, closedOn: endless(valid_to) })) }
}

/** The highest units somebody may see are his roots: visible ones whose parent is not. */
const topmost = (tx: Tx, q: Versions, on: string) =>
  q.where((e) =>
    e.not(
      e.exists(
        e
          .selectFrom('unit_version as p')
          .whereRef('p.district_id', '=', 'v.district_id')
          .whereRef('p.unit_id', '=', 'v.parent_id')
          .where('p.valid_from', '<=', on)
          .where('p.valid_to', '>', on)
          .where(visibleTo(tx.actor, 'unit.read', 'p.path'))
          .select('p.unit_id'),
      ),
    ),
  )

export interface UnitNow {
  id: string
  tree: Tree
  kind: string
  name: string
  code: string | null
  path: string
  parentId: string | null
  closedOn: string | null
}

const nowColumns = ['id', 'tree', 'kind', 'name', 'code', 'path', 'parent_id as parentId', 'closed_on as closedOn'] as const

/** A unit as of today, whoever asks: for use cases that have their own verb to check. */
export async function findUnit(tx: Conn, unitId: string): Promise<UnitNow | undefined> {
  const row = await tx.db.selectFrom('unit').select(nowColumns).where('district_id', '=', tx.district).where('id', '=', unitId).executeTakeFirst()
  return row && { ...row, tree: row.tree as Tree }
}

/** @throws unit.not-found */
export async function getUnit(tx: Conn, unitId: string): Promise<UnitNow> {
  const row = await findUnit(tx, unitId)
  if (!row) throw fail('not-found')
  return row
}

export async function findUnitByNo(tx: Conn, no: number): Promise<UnitNow | undefined> {
  const row = await tx.db.selectFrom('unit').select(nowColumns).where('district_id', '=', tx.district).where('no', '=', no).executeTakeFirst()
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
  pinyin?: string
}

/** Inserts units parents first, with their first version. Returns ids, numbers and paths in the order given. */
export async function insertUnits(tx: Conn, units: readonly NewUnit[]): Promise<{ id: string; no: number; path: string }[]> {
  if (units.length === 0) return []
  const first = await takeNumbers(tx.db, tx.district, 'unit', units.length)
  const outside = [...new Set(units.map((u) => u.parentId).filter((p) => p !== null))]
  const known = await tx.db.selectFrom('unit').select(['id', 'path']).where('district_id', '=', tx.district).where('id', '=', sql<string>`any(${outside})`).execute()
  const paths = new Map(known.map((k) => [k.id, k.path]))
  const placed = units.map((unit, i) => {
    const parentPath = unit.parentId === null ? rootPath(unit.tree) : paths.get(unit.parentId)
    if (parentPath === undefined) throw fail('not-found')
    const id = unit.id ?? newId()
    const path = pathBelow(parentPath, first + i)
    paths.set(id, path)
    return { unit, id, no: first + i, path }
  })
  const shared = ({ unit, path }: (typeof placed)[number]) => ({ district_id: tx.district, tree: unit.tree, kind: unit.kind, code: unit.code ?? null, name: unit.name, parent_id: unit.parentId, path })
  await insertMany(
    tx.db,
    'unit',
    placed.map((p) => ({ ...shared(p), id: p.id, no: p.no, depth: depthOf(p.path), sort: p.unit.sort ?? 0, pinyin: p.unit.pinyin ?? '', opened_on: p.unit.openedOn, attributes: {} })),
  )
  await insertMany(tx.db, 'unit_version', placed.map((p) => ({ ...shared(p), unit_id: p.id, valid_from: p.unit.openedOn, valid_to: 'infinity' })))
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
    links.map((l) => ({ district_id: tx.district, id: newId(), kind: l.kind, from_id: l.fromId, to_id: l.toId, role: l.role ?? '', valid_from: l.validFrom, valid_to: 'infinity' })),
  )

/** Kinds are district data. */
export async function findKinds(tx: Conn): Promise<Map<string, { id: string; name: string; tree: Tree; level: string; partyOrg: boolean }>> {
  const row = await tx.db.selectFrom('district').select('settings').where('id', '=', tx.district).executeTakeFirstOrThrow()
  const kinds = ((row.settings as { kinds?: { id: string; name: string; tree: Tree; level: string; partyOrg: boolean }[] }).kinds ?? [])
  return new Map(kinds.map((k) => [k.id, k]))
}
