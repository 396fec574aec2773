import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, rangesOf, subtree, visibleTo } from '#core/permissions.ts'
import type { DB, FormFieldTable, FormTable } from '#core/schema.ts'
import { fail, type ListFormsQuery } from '../contract.ts'

export type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type FormRow = Selectable<FormTable> & {
  ownerName: string
  ownerPath: string
  belowName: string
  belowPath: string
  baseTitle: string | null
  decidedName: string | null
}
export type FieldRow = Selectable<FormFieldTable>

const forms = (tx: Conn) =>
  tx.db
    .selectFrom('form as f')
    .innerJoin('unit as o', (j) => j.onRef('o.district_id', '=', 'f.district_id').onRef('o.id', '=', 'f.owner_id'))
    .innerJoin('unit as b', (j) => j.onRef('b.district_id', '=', 'f.district_id').onRef('b.id', '=', 'f.below_id'))
    .leftJoin('form as u', (j) => j.onRef('u.district_id', '=', 'f.district_id').onRef('u.id', '=', 'f.base_id'))
    .leftJoin('account as a', (j) => j.onRef('a.district_id', '=', 'f.district_id').onRef('a.id', '=', 'f.decided_by'))
    .where('f.district_id', '=', tx.district)

const selected = (tx: Conn) =>
  forms(tx)
    .selectAll('f')
    .select(['o.name as ownerName', 'o.path as ownerPath', 'b.name as belowName', 'b.path as belowPath'])
    .select(['u.title as baseTitle', 'a.name as decidedName'])

/** Whoever reads at its owner sees it in every state; whoever it is asked of, once it was approved. */
function visibleForm(tx: Tx) {
  const ranges = rangesOf(tx.actor, 'form.read')
  const asked = ranges.map((r) => sql`(b.path <= ${r.from} and ${r.from} < left(b.path, -1) || '/')`)
  const below = asked.length === 0 ? sql`false` : sql.join(asked, sql` or `)
  return sql<boolean>`(${visibleTo(tx.actor, 'form.read', 'o.path')}
    or (f.state in ('approved', 'stopped') and (${inRanges(ranges, 'b.path')} or ${below})))`
}

/** Loads a form through what the asker may see. @throws form.not-found */
export async function getForm(tx: Tx, id: string, lock = false): Promise<FormRow> {
  let q = selected(tx).where('f.id', '=', id).where(visibleForm(tx))
  if (lock) q = q.forUpdate('f')
  const row = await q.executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

/** Approved forms that are still asked on or after a day, whoever asks: for the checks of the registry and for the job. */
export const findInForce = (tx: Conn, from: string): Promise<FormRow[]> =>
  selected(tx).where('f.state', '=', 'approved').where('f.ends_on', '>', from).orderBy('f.no').execute()

const orders = { no: sql`f.no`, '-no': sql`f.no desc` }

export async function findForms(tx: Tx, query: ListFormsQuery): Promise<{ rows: FormRow[]; total: number }> {
  let q = forms(tx).where(visibleForm(tx))
  if (query.state) q = q.where('f.state', '=', query.state)
  if (query.search) q = q.where('f.title', 'like', `%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .selectAll('f')
    .select(['o.name as ownerName', 'o.path as ownerPath', 'b.name as belowName', 'b.path as belowPath'])
    .select(['u.title as baseTitle', 'a.name as decidedName'])
    .orderBy(orders[query.sort ?? '-no'])
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total }
}

export const findFields = (tx: Conn, formIds: readonly string[]): Promise<FieldRow[]> =>
  tx.db
    .selectFrom('form_field')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('form_id', '=', sql<string>`any(${formIds}::uuid[])`)
    .orderBy('form_id')
    .orderBy('seq')
    .execute()

export const insertForm = (tx: Conn, row: Omit<Insertable<FormTable>, 'district_id'>) =>
  tx.db
    .insertInto('form')
    .values({ ...row, district_id: tx.district })
    .returning(['no', 'version'])
    .executeTakeFirstOrThrow()

/** Moves a form from the version it was read at. @throws form.changed-meanwhile */
export async function updateForm(tx: Conn, row: { id: string; version: number }, set: Updateable<FormTable>) {
  const done = await tx.db
    .updateTable('form')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw fail('changed-meanwhile')
}

export type NewField = Omit<Insertable<FormFieldTable>, 'district_id' | 'id' | 'form_id' | 'seq'>

/** Only of a draft: once approved nothing refers to fields that are gone. */
export async function replaceFields(tx: Conn, formId: string, fields: readonly NewField[]): Promise<void> {
  await tx.db.deleteFrom('form_field').where('district_id', '=', tx.district).where('form_id', '=', formId).execute()
  await tx.db
    .insertInto('form_field')
    .values(fields.map((f, i) => ({ ...f, district_id: tx.district, id: newId(), form_id: formId, seq: i + 1 })))
    .execute()
}

export const findSupplements = (tx: Conn, baseId: string): Promise<FormRow[]> =>
  selected(tx).where('f.base_id', '=', baseId).orderBy('f.no').execute()

/** Units asked today: of these kinds, below that organisation. */
export async function countTargets(tx: Conn, ask: { kinds: readonly string[]; belowPath: string }): Promise<number> {
  const { n } = await tx.db
    .selectFrom('unit')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('district_id', '=', tx.district)
    .where('closed_on', 'is', null)
    .where('kind', '=', sql<string>`any(${ask.kinds})`)
    .where(inRanges([subtree(ask.belowPath)], 'path'))
    .executeTakeFirstOrThrow()
  return n
}

export const findTimeline = (tx: Conn, id: string) =>
  tx.db
    .selectFrom('history')
    .select('body')
    .where('district_id', '=', tx.district)
    .where('subject_id', '=', id)
    .orderBy('at')
    .execute()
