import { type Insertable, type Selectable, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import type { FormAnswerTable } from '#core/schema.ts'
import { fail, type ListAnswersQuery } from '../contract.ts'
import type { Conn } from './forms.ts'

export type AnswerRow = Selectable<FormAnswerTable>
export type NewAnswer = Omit<Insertable<FormAnswerTable>, 'district_id' | 'id' | 'ask_id'>

export const findAnswers = (tx: Conn, askIds: readonly string[]): Promise<AnswerRow[]> =>
  tx.db
    .selectFrom('form_answer')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('ask_id', '=', sql<string>`any(${askIds}::uuid[])`)
    .execute()

/** What a unit sends again after a return replaces what it sent before; both stand in the history. */
export async function replaceAnswers(tx: Conn, askId: string, answers: readonly NewAnswer[]): Promise<void> {
  await tx.db.deleteFrom('form_answer').where('district_id', '=', tx.district).where('ask_id', '=', askId).execute()
  if (answers.length === 0) return
  await tx.db
    .insertInto('form_answer')
    .values(answers.map((a) => ({ ...a, district_id: tx.district, id: newId(), ask_id: askId })))
    .execute()
}

/** What the unit answered to the same fields before that period: typed once, shown the next time. */
export async function findLastAnswers(
  tx: Conn,
  ask: { unitId: string; fieldIds: readonly string[]; before: string },
): Promise<Map<string, string>> {
  const { rows } = await sql<{ fieldId: string; value: string }>`
    select distinct on (a.field_id) a.field_id as "fieldId", a.value
    from form_answer a join form_ask k on k.district_id = a.district_id and k.id = a.ask_id
    where a.district_id = ${tx.district} and k.unit_id = ${ask.unitId} and a.field_id = any(${ask.fieldIds}::uuid[]) and a.value is not null
      and k.state = 'filled' and k.month < ${ask.before}::date
    order by a.field_id, k.month desc`.execute(tx.db)
  return new Map(rows.map((r) => [r.fieldId, r.value]))
}

export async function findAnsweredAsks(tx: Tx, formId: string, query: ListAnswersQuery) {
  let q = tx.db
    .selectFrom('form_ask as k')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'k.district_id').onRef('u.id', '=', 'k.unit_id'))
    .innerJoin('form as f', (j) => j.onRef('f.district_id', '=', 'k.district_id').onRef('f.id', '=', 'k.form_id'))
    .innerJoin('unit as o', (j) => j.onRef('o.district_id', '=', 'f.district_id').onRef('o.id', '=', 'f.owner_id'))
    .where('k.district_id', '=', tx.district)
    .where('k.form_id', '=', formId)
    .where('k.state', '<>', 'void')
    .where(
      sql<boolean>`(${visibleTo(tx.actor, 'form.read', 'u.path')} or ${visibleTo(tx.actor, 'form.read', 'o.path')})`,
    )
  if (query.period) q = q.where('k.period', '=', query.period)
  if (query.claims)
    q = q.where(
      sql<boolean>`exists (select 1 from form_answer a where a.district_id = k.district_id and a.ask_id = k.id and a.agreed is false and a.resolved_at is null)`,
    )
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(['k.id', 'k.period', 'k.state', 'k.filled_at as filledAt', 'u.name as unitName', 'o.path as ownerPath'])
    .orderBy('k.month', 'desc')
    .orderBy('u.path')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total }
}

export interface Claim extends AnswerRow {
  formId: string
  label: string
  ownerPath: string
  unitPath: string
  unitName: string
}

/** Something held that a unit says is wrong, for whoever asked. @throws form.not-found */
export async function getClaim(tx: Tx, answerId: string): Promise<Claim> {
  const row = await tx.db
    .selectFrom('form_answer as a')
    .innerJoin('form_ask as k', (j) => j.onRef('k.district_id', '=', 'a.district_id').onRef('k.id', '=', 'a.ask_id'))
    .innerJoin('form as f', (j) => j.onRef('f.district_id', '=', 'k.district_id').onRef('f.id', '=', 'k.form_id'))
    .innerJoin('form_field as d', (j) =>
      j.onRef('d.district_id', '=', 'a.district_id').onRef('d.id', '=', 'a.field_id'),
    )
    .innerJoin('unit as o', (j) => j.onRef('o.district_id', '=', 'f.district_id').onRef('o.id', '=', 'f.owner_id'))
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'k.district_id').onRef('u.id', '=', 'k.unit_id'))
    .where('a.district_id', '=', tx.district)
    .where('a.id', '=', answerId)
    .where('a.agreed', '=', false)
    .where(visibleTo(tx.actor, 'form.read', 'o.path'))
    .selectAll('a')
    .select(['f.id as formId', 'd.label', 'o.path as ownerPath', 'u.path as unitPath', 'u.name as unitName'])
    .forUpdate('a')
    .executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export const settleClaim = (
  tx: Conn & { readonly now: string },
  id: string,
  set: { resolution: string; resolved_words: string; resolved_by: string | null },
) =>
  tx.db
    .updateTable('form_answer')
    .set({ ...set, resolved_at: tx.now })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()
