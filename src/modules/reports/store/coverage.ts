import { sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { visibleTo } from '#core/permissions.ts'
import type { PathColumn } from '#modules/units/index.ts'
import { fail, type ListCoverage } from '../contract.ts'

export interface CoverageRow {
  id: string
  mechanismId: string
  unitId: string
  unitName: string
  path: string
  form: string
  level: string
  outlet: string
  title: string
  link: string
  on: string
  manuscriptId: string | null
  withdrawn: boolean
}

const seen = (tx: Tx) =>
  tx.db
    .selectFrom('coverage as c')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'c.district_id').onRef('u.id', '=', 'c.unit_id'))
    .where('c.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'report.read', 'c.unit_path'))

const columns = [
  'c.id',
  'c.mechanism_id as mechanismId',
  'c.unit_id as unitId',
  'u.name as unitName',
  'c.unit_path as path',
  'c.form',
  'c.level',
  'c.outlet',
  'c.title',
  'c.link',
  'c.happened_on as on',
  'c.manuscript_id as manuscriptId',
] as const

export async function findCoverage(tx: Tx, query: ListCoverage) {
  let q = seen(tx)
  if (query.mechanism) q = q.where('c.mechanism_id', '=', query.mechanism)
  if (query.level) q = q.where('c.level', '=', query.level)
  if (query.form) q = q.where('c.form', '=', query.form)
  if (query.search) {
    const like = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
    q = q.where((e) => e.or([e('c.title', 'like', like), e('c.outlet', 'like', like)]))
  }
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(columns)
    .select(sql<boolean>`c.withdrawn_at is not null`.as('withdrawn'))
    .orderBy('c.happened_on', 'desc')
    .orderBy('c.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows: rows as CoverageRow[] }
}

/** @throws report.coverage-not-found */
export async function getCoverage(tx: Tx, id: string): Promise<CoverageRow> {
  const row = await seen(tx)
    .where('c.id', '=', id)
    .select(columns)
    .select(sql<boolean>`c.withdrawn_at is not null`.as('withdrawn'))
    .forUpdate('c')
    .executeTakeFirst()
  if (!row) throw fail('coverage-not-found')
  return row as CoverageRow
}

/** @throws report.coverage-twice */
export async function insertCoverage(tx: Tx, row: Omit<CoverageRow, 'unitName' | 'withdrawn'>): Promise<void> {
  const done = await tx.db
    .insertInto('coverage')
    .values({
      district_id: tx.district,
      id: row.id,
      mechanism_id: row.mechanismId,
      unit_id: row.unitId,
      unit_path: row.path,
      form: row.form,
      level: row.level,
      outlet: row.outlet,
      title: row.title,
      link: row.link,
      happened_on: row.on,
      manuscript_id: row.manuscriptId,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  if (Number(done.numInsertedOrUpdatedRows ?? 0) === 0)
    throw fail('coverage-twice', { title: row.title, outlet: row.outlet })
}

export const withdrawCoverage = (tx: Tx, id: string) =>
  tx.db
    .updateTable('coverage')
    .set({ withdrawn_at: tx.now })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** Texts, documents and coverage follow their unit when it moves. */
export const pathColumns: readonly PathColumn[] = ['manuscript', 'report_document', 'coverage'].map((table) => ({
  table,
  column: 'unit_path',
  unitColumn: 'unit_id',
}))
