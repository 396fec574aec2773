// Batches of units from workbooks, and what of them can be taken back: units nobody has worked with since, fields nobody has changed.
import { type Selectable, sql, type Updateable } from 'kysely'
import type { Tx } from '#core/context.ts'
import type { Attempt } from '#core/later.ts'
import { namedBy, referencesTo } from '#core/references.ts'
import type { UnitImportTable } from '#core/schema.ts'
import { fail, type ListUnitImportsQuery } from '../contract.ts'
import type { FieldChange } from '../rules/takeback.ts'
import type { Conn } from './units.ts'

export interface Kept {
  id: string
  underId: string
  fileName: string
  sha256: Buffer
  openedOn: string
  counts: { rows: number; created: number; changed: number; unchanged: number }
  state: 'storing' | 'planned' | 'committed'
  created: readonly string[]
  changes: readonly FieldChange[]
  /** The rows, until a job has stored them. */
  pending?: object
}

/** A batch, or what has become of one that waited for its job. */
export function insertUnitImport(tx: Tx, k: Kept) {
  const became = {
    state: k.state,
    counts: JSON.stringify(k.counts),
    created: [...k.created],
    changes: JSON.stringify(k.changes),
    pending: k.pending ? JSON.stringify(k.pending) : null,
    committed_at: tx.now,
  }
  return tx.db
    .insertInto('unit_import')
    .values({
      district_id: tx.district,
      id: k.id,
      account_id: tx.actor.accountId as string,
      under_id: k.underId,
      file_name: k.fileName,
      sha256: k.sha256,
      opened_on: k.openedOn,
      result: '{}',
      ...became,
    })
    .onConflict((c) => c.columns(['district_id', 'id']).doUpdateSet(became))
    .execute()
}

/** A workbook that waits for its job under this attempt, whoever confirmed it. */
export const findStoring = (tx: Conn, { id, begun }: Attempt, lock = false) => {
  const q = tx.db
    .selectFrom('unit_import')
    .select(['account_id', 'sha256', 'pending'])
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .where('state', '=', 'storing')
    .where(sql<boolean>`pending->>'begun' = ${begun}`)
  return (lock ? q.forUpdate() : q).executeTakeFirst()
}

/** Nothing of it was stored; the file is still with who sent it. */
export const refuseStoring = (tx: Conn, id: string, refused: string) =>
  change(tx, id, { state: 'refused', pending: null, result: JSON.stringify({ refused }) }).execute()

const head = [
  'i.id',
  'i.state',
  'i.file_name',
  'i.opened_on',
  'i.counts',
  'i.result',
  'i.committed_at',
  'i.undone_at',
] as const

/** As it is listed: without its rows and what they made. */
export type UnitImportHead = Pick<
  UnitImportRow,
  'underName' | 'id' | 'state' | 'file_name' | 'opened_on' | 'counts' | 'result' | 'committed_at' | 'undone_at'
>

export type UnitImportRow = Selectable<UnitImportTable> & { underName: string }

const own = (tx: Tx) =>
  tx.db
    .selectFrom('unit_import as i')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'i.district_id').onRef('u.id', '=', 'i.under_id'))
    .where('i.district_id', '=', tx.district)
    .where('i.account_id', '=', tx.actor.accountId)

/** One's own, newest first. */
export async function findUnitImports(
  tx: Tx,
  query: ListUnitImportsQuery,
): Promise<{ rows: UnitImportHead[]; total: number }> {
  const { n } = await own(tx)
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await own(tx)
    .select(head)
    .select('u.name as underName')
    .orderBy('i.committed_at', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** One's own, locked. @throws unit.import-not-found */
export async function getUnitImport(tx: Tx, id: string): Promise<UnitImportRow> {
  const row = await own(tx)
    .selectAll('i')
    .select('u.name as underName')
    .where('i.id', '=', id)
    .forUpdate('i')
    .executeTakeFirst()
  if (!row) throw fail('import-not-found')
  return row
}

const change = (tx: Conn, id: string, set: Updateable<UnitImportTable>) =>
  tx.db.updateTable('unit_import').set(set).where('district_id', '=', tx.district).where('id', '=', id)

export const markUndone = (tx: Tx, id: string, result: object) =>
  change(tx, id, { state: 'undone', undone_at: tx.now, result: JSON.stringify(result) }).execute()

/** The plan a workbook was kept as has been carried out; of other decisions there is no batch. */
export const importTookEffect = (tx: Conn, id: string, changes: readonly FieldChange[]) =>
  change(tx, id, { state: 'committed', changes: JSON.stringify(changes) })
    .where('state', '=', 'planned')
    .execute()

/** The plan a workbook was kept as has been cancelled. */
export const importCalledOff = (tx: Tx, id: string, result: object) =>
  change(tx, id, { state: 'undone', undone_at: tx.now, result: JSON.stringify(result) })
    .where('state', '=', 'planned')
    .execute()

/** What these units are today. */
export const findAsTheyAre = (tx: Conn, ids: readonly string[]) =>
  tx.db
    .selectFrom('unit')
    .select(['id', 'name', 'parent_id as parentId', 'path'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .where('withdrawn_at', 'is', null)
    .execute()

/** Which of these somebody has worked with since they were made by the decision `changeId`. */
export async function findUsedUnits(tx: Conn, ids: readonly string[], changeId: string): Promise<Set<string>> {
  const list = sql`${[...ids]}::uuid[]`
  // its versions are its own
  const named = namedBy(tx, await referencesTo(tx, 'unit', ['unit_version']), ids)
  const { rows } = await sql<{ id: string }>`
    ${sql.join(
      [
        ...named,
        sql`select parent_id as id from unit where district_id = ${tx.district} and parent_id = any(${list}) and id <> all(${list})`,
        sql`select parent_id as id from unit_version where district_id = ${tx.district} and parent_id = any(${list}) and unit_id <> all(${list})`,
        sql`select unit_id as id from unit_version where district_id = ${tx.district} and unit_id = any(${list}) and change_id is distinct from ${changeId} and cardinality(sets) > 0`,
        sql`select u as id from unit_change c cross join unnest(c.unit_ids) u where c.district_id = ${tx.district} and c.state = 'planned' and c.unit_ids && ${list} and u = any(${list})`,
      ],
      sql` union `,
    )}`.execute(tx.db)
  return new Set(rows.map((r) => r.id))
}

/**
 * They were never there: only for units no row but their own names. No day has a version of them, no code, search or range of paths finds
 * them. The rows stay: removing one would ask every table that may name a unit whether it does, one by one, and its number is on no other.
 */
export async function withdrawUnits(tx: Tx, ids: readonly string[]): Promise<void> {
  const mine = sql<string>`any(${[...ids]}::uuid[])`
  await tx.db.deleteFrom('unit_version').where('district_id', '=', tx.district).where('unit_id', '=', mine).execute()
  await tx.db
    .updateTable('unit')
    .set({
      withdrawn_at: tx.now,
      closed_on: sql`opened_on + 1`,
      path: sql`'x.' || right(path, 6)`,
      depth: 1,
      parent_id: sql`id`,
      code: null,
      pinyin: '',
      keys: [],
    })
    .where('district_id', '=', tx.district)
    .where('id', '=', mine)
    .execute()
}
