import { type Expression, type Kysely, type SqlBool, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { type Range, inRanges, visibleTo } from '#core/permissions.ts'
import type { DB, DemandTable } from '#core/schema.ts'
import type { Insertable, Selectable, Updateable } from 'kysely'
import { fail, type ListDemandsQuery } from '../contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type DemandRow = Selectable<DemandTable>

export const insertDemand = (tx: Conn, row: Omit<Insertable<DemandTable>, 'district_id'>) =>
  tx.db.insertInto('demand').values({ ...row, district_id: tx.district }).returning('no').executeTakeFirstOrThrow()

/** Whoever may read at the place or at the responsible unit sees the demand; a report never reaches the unit complained about. [REQ-10] */
export function visibleDemand(tx: Tx, verb: string, alias = 'd') {
  return sql<boolean>`(${visibleTo(tx.actor, verb, `${alias}.place_path`)} or ${visibleTo(tx.actor, verb, `${alias}.owner_path`)})`
}

/** Loads a demand through what the asker may see, and locks it for the change. @throws demand.not-found */
export async function getDemand(tx: Tx, id: string, lock = false): Promise<DemandRow> {
  let q = tx.db
    .selectFrom('demand as d')
    .selectAll('d')
    .where('d.district_id', '=', tx.district)
    .where('d.id', '=', id)
    .where(visibleDemand(tx, 'demand.read'))
    .where((e) => notAgainst(tx, e.ref('d.report'), e.ref('d.about_id')))
  if (lock) q = q.forUpdate()
  const row = await q.executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

/** A report (举报) is invisible to whoever holds a mandate at the unit complained about. [REQ-10] */
export const notAgainst = (tx: Tx, report: Expression<boolean>, about: Expression<string | null>) =>
  sql<SqlBool>`(not ${report} or ${about} is null or not ${about} = any(${tx.actor.grants.map((g) => g.unitId)}))`

/** Moves a demand from `row.state`; a change in between is a conflict, never a lost update. */
export async function updateDemand(tx: Conn, row: DemandRow, set: Updateable<DemandTable>): Promise<void> {
  const done = await tx.db
    .updateTable('demand')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw fail('not-found')
}

export const findByFollowIndex = (tx: Conn, index: Buffer[]) =>
  tx.db.selectFrom('demand').selectAll().where('district_id', '=', tx.district).where('follow_index', '=', sql<Buffer>`any(${index})`).executeTakeFirst()

export interface DemandFilter {
  query: ListDemandsQuery
  /** the wished unit's range, cut to what the asker may read */
  ranges: readonly Range[]
  now: string
}

function filtered(tx: Tx, { query, ranges, now }: DemandFilter) {
  const column = query.lens === 'owner' ? 'd.owner_path' : 'd.place_path'
  let q = tx.db
    .selectFrom('demand as d')
    .where('d.district_id', '=', tx.district)
    .where(inRanges(ranges, column))
    .where((e) => notAgainst(tx, e.ref('d.report'), e.ref('d.about_id')))
  if (query.state) q = q.where('d.state', '=', sql<string>`any(${query.state.split(',')})`)
  if (query.category) q = q.where('d.category', '=', query.category)
  if (query.mechanism) q = q.where('d.mechanism_id', '=', query.mechanism)
  if (query.late === 'true') q = q.where('d.due_at', '<', now)
  if (query.search) {
    const like = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
    q = q.where((e) => e.or([e('d.title', 'like', like), ...(/^\d{1,15}$/.test(query.search ?? '') ? [e('d.no', '=', Number(query.search))] : [])]))
  }
  return q
}

export const countDemands = async (tx: Tx, filter: DemandFilter) =>
  (await filtered(tx, filter).select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n

export function findDemands(tx: Tx, filter: DemandFilter): Promise<DemandRow[]> {
  const q = filtered(tx, filter).selectAll('d')
  const sorted =
    filter.query.sort === 'opened'
      ? q.orderBy('d.opened_at').orderBy('d.id')
      : filter.query.sort === '-opened'
        ? q.orderBy('d.opened_at', 'desc').orderBy('d.id', 'desc')
        : q.orderBy((e) => sql`${e.ref('d.due_at')} asc nulls last`).orderBy('d.opened_at', 'desc')
  return sorted
    .limit(filter.query.limit ?? 50)
    .offset(filter.query.offset ?? 0)
    .execute()
}

export const findUnitNames = async (tx: Conn, ids: readonly (string | null)[]): Promise<Map<string, string>> => {
  const wanted = [...new Set(ids.filter((i) => i !== null))]
  const rows = await tx.db.selectFrom('unit').select(['id', 'name']).where('district_id', '=', tx.district).where('id', '=', sql<string>`any(${wanted})`).execute()
  return new Map(rows.map((r) => [r.id, r.name]))
}

export const findTimeline = (tx: Conn, demandId: string) =>
  tx.db.selectFrom('history').select('body').where('district_id', '=', tx.district).where('subject_id', '=', demandId).orderBy('at').orderBy('seq').execute()
