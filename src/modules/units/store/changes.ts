import { sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { visibleTo } from '#core/permissions.ts'
import { fail, type ListUnitChangesQuery, type Operation, type UnitChange, type UnitDifference } from '../contract.ts'
import type { Conn } from './units.ts'

export interface ChangeRow {
  id: string
  state: UnitChange['state']
  effectiveOn: string
  reason: string
  operations: Operation[]
  differences: UnitDifference[]
  unitIds: string[]
  decidedBy: string
  decidedAt: string
  held: string | null
}

/** More operations than one may decide at once come from a workbook. */
export const MOST_LISTED = 200

const columns = [
  'c.id',
  'c.state',
  'c.effective_on as effectiveOn',
  'c.reason',
  'c.operations',
  'c.differences',
  'c.unit_ids as unitIds',
  'c.decided_by as decidedBy',
  'c.decided_at as decidedAt',
  'c.held',
] as const

const changes = (tx: Conn) =>
  tx.db.selectFrom('unit_change as c').select(columns).where('c.district_id', '=', tx.district)

export const insertChange = (tx: Conn, c: ChangeRow) =>
  tx.db
    .insertInto('unit_change')
    .values({
      district_id: tx.district,
      id: c.id,
      effective_on: c.effectiveOn,
      state: c.state,
      reason: c.reason,
      operations: JSON.stringify(c.operations),
      differences: JSON.stringify(c.differences),
      unit_ids: c.unitIds,
      decided_by: c.decidedBy,
      decided_at: c.decidedAt,
      held: c.held,
    })
    .execute()

/** Planned decisions that touch a unit. */
export const findPlannedAt = (tx: Conn, unitId: string) =>
  tx.db
    .selectFrom('unit_change as c')
    .select(['c.id', 'c.effective_on as effectiveOn', 'c.reason'])
    .where('c.district_id', '=', tx.district)
    .where('c.state', '=', 'planned')
    .where(sql<boolean>`c.unit_ids @> ${[unitId]}::uuid[]`)
    .orderBy('c.effective_on')
    .orderBy('c.decided_at')
    .execute()

/** Planned decisions due on or before a day, in the order they take effect. */
export async function findPlanned(tx: Conn, until: string): Promise<ChangeRow[]> {
  const rows = await changes(tx)
    .where('c.state', '=', 'planned')
    .where('c.effective_on', '<=', until)
    .orderBy('c.effective_on')
    .orderBy('c.decided_at')
    .execute()
  return rows as unknown as ChangeRow[]
}

/** @throws unit.not-found unless the asker may see a unit it touches */
export async function getChange(tx: Tx, id: string, lock = false): Promise<ChangeRow> {
  const q = changes(tx).where('c.id', '=', id).where(touchesVisible(tx))
  const row = await (lock ? q.forUpdate() : q).executeTakeFirst()
  if (!row) throw fail('not-found')
  return row as unknown as ChangeRow
}

const touchesVisible = (tx: Tx) =>
  sql<boolean>`exists (select from unit u where u.district_id = ${tx.district} and u.id = any(c.unit_ids) and ${visibleTo(tx.actor, 'unit.read', 'u.path')})`

/** The operations of a plan from a workbook are many: its own page tells them. */
export async function findChanges(tx: Tx, query: ListUnitChangesQuery): Promise<{ rows: ChangeRow[]; total: number }> {
  let q = changes(tx)
    .clearSelect()
    .select(columns.filter((c) => c !== 'c.operations'))
    .select(
      sql`case when jsonb_array_length(c.operations) > ${MOST_LISTED} then '[]' else c.operations end`.as('operations'),
    )
    .where(touchesVisible(tx))
  if (query.state) q = q.where('c.state', '=', query.state)
  if (query.unit) q = q.where(sql<boolean>`c.unit_ids @> ${[query.unit]}::uuid[]`)
  const { total } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy('c.effective_on', 'desc')
    .orderBy('c.decided_at', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows: rows as unknown as ChangeRow[], total }
}

export const setChange = (
  tx: Conn,
  id: string,
  sets: { state?: UnitChange['state']; held?: string | null; differences?: string },
) => tx.db.updateTable('unit_change').set(sets).where('district_id', '=', tx.district).where('id', '=', id).execute()
