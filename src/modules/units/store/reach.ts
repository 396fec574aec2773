// Which units an asker may act at, and which others he may name in what he does.
import { sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { can, reaches, visibleTo } from '#core/permissions.ts'
import { fail, type Tree } from '../contract.ts'
import { getUnit, matches, type UnitNow } from './units.ts'

/** The unit a use case acts at: outside the asker's sight it does not exist, inside without the verb he is refused. */
export const getUnitFor = async (tx: Tx, verb: string, unitId: string): Promise<UnitNow> =>
  actingAt(tx, verb, await getUnit(tx, unitId))

/** As `getUnitFor`, of a unit that was looked up ahead. */
export function actingAt(tx: Tx, verb: string, unit: UnitNow): UnitNow {
  if (!can(tx.actor, verb, unit.path) && !can(tx.actor, 'unit.read', unit.path)) throw fail('not-found')
  tx.must(verb, unit.path)
  return unit
}

export interface Naming {
  /** Kinds of unit that serve the whole district, so that anybody may name them: its departments. */
  kinds: readonly string[]
  /** Paths of the units above the place it is about. */
  above: readonly string[]
}

/** A unit somebody may name without acting at it: one within a mandate of his, one above the place, one that serves the whole district. */
export async function getNamable(tx: Tx, unitId: string, { kinds, above }: Naming): Promise<UnitNow> {
  const unit = await getUnit(tx, unitId)
  if (reaches(tx.actor, unit.path) || above.includes(unit.path) || kinds.includes(unit.kind)) return unit
  throw fail('not-found')
}

export interface SeenUnit {
  id: string
  tree: Tree
  name: string
  path: string
  parentId: string | null
}

/** Every open unit at which the asker holds a verb, in the order of the trees. */
export const findSeen = async (tx: Tx, verb: string): Promise<SeenUnit[]> => {
  const rows = await tx.db
    .selectFrom('unit')
    .select(['id', 'tree', 'name', 'path', 'parent_id as parentId'])
    .where('district_id', '=', tx.district)
    .where('closed_on', 'is', null)
    .where(visibleTo(tx.actor, verb, 'path'))
    .orderBy('path')
    .execute()
  return rows.map((r) => ({ ...r, tree: r.tree as Tree }))
}

/** Open units somebody may name, in the range of `verb` and beyond it; without words those beyond, which he could not look up elsewhere. */
export async function findNamable(
  tx: Tx,
  {
    kinds,
    above,
    search,
    limit,
    verb = 'unit.read',
  }: Naming & { search: string | undefined; limit: number; verb?: string },
): Promise<{ id: string; name: string; kind: string; parentName: string | null }[]> {
  const beyond = sql<boolean>`(v.kind = any(${[...kinds]}::text[]) or v.path = any(${[...above]}::text[]))`
  const wanted = search ? sql`(${beyond} or ${visibleTo(tx.actor, verb, 'v.path')}) and ${matches(search)}` : beyond
  const { rows } = await sql<{ id: string; name: string; kind: string; parentName: string | null }>`
    select v.id, v.name, v.kind, p.name as "parentName" from unit v
      left join unit p on p.district_id = v.district_id and p.id = v.parent_id
    where v.district_id = ${tx.district} and v.closed_on is null and ${wanted}
    order by v.path = any(${[...above]}::text[]) desc, length(v.path), v.sort, v.no limit ${limit}`.execute(tx.db)
  return rows
}
