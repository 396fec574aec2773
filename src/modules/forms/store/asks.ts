import { type Selectable, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, type Range, subtree, visibleTo } from '#core/permissions.ts'
import type { FormAskTable } from '#core/schema.ts'
import { fail, type ListAsksQuery } from '../contract.ts'
import type { Conn } from './forms.ts'

export type AskRow = Selectable<FormAskTable> & {
  no: number
  title: string
  ground: string
  purpose: string
  ownerId: string
  ownerName: string
  ownerPath: string
  unitName: string
  unitPath: string
}

const asks = (tx: Conn) =>
  tx.db
    .selectFrom('form_ask as k')
    .innerJoin('form as f', (j) => j.onRef('f.district_id', '=', 'k.district_id').onRef('f.id', '=', 'k.form_id'))
    .innerJoin('unit as o', (j) => j.onRef('o.district_id', '=', 'f.district_id').onRef('o.id', '=', 'f.owner_id'))
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'k.district_id').onRef('u.id', '=', 'k.unit_id'))
    .where('k.district_id', '=', tx.district)

const selected = (tx: Conn) =>
  asks(tx)
    .selectAll('k')
    .select(['f.no', 'f.title', 'f.ground', 'f.purpose', 'f.owner_id as ownerId', 'o.name as ownerName'])
    .select(['o.path as ownerPath', 'u.name as unitName', 'u.path as unitPath'])

/** Whoever reads at the unit asked, or at the one that asks. */
const visibleAsk = (tx: Tx) =>
  sql<boolean>`(${visibleTo(tx.actor, 'form.read', 'u.path')} or ${visibleTo(tx.actor, 'form.read', 'o.path')})`

/** Loads one through what the asker may see. @throws form.ask-not-found */
export async function getAsk(tx: Tx, id: string, lock = false): Promise<AskRow> {
  let q = selected(tx).where('k.id', '=', id).where(visibleAsk(tx))
  if (lock) q = q.forUpdate('k')
  const row = await q.executeTakeFirst()
  if (!row) throw fail('ask-not-found')
  return row
}

export interface AskFilter {
  query: ListAsksQuery
  /** the wished unit's range, cut to what the asker may read; null: all he may */
  ranges: readonly Range[] | null
}

export async function findAsks(tx: Tx, { query, ranges }: AskFilter): Promise<{ rows: AskRow[]; total: number }> {
  let q = selected(tx).where(visibleAsk(tx))
  if (ranges) q = q.where(inRanges(ranges, 'u.path'))
  if (query.state) q = q.where('k.state', '=', query.state)
  if (query.form) q = q.where('k.form_id', '=', query.form)
  if (query.month) q = q.where('k.month', '=', `${query.month}-01`)
  if (query.late) q = q.where('k.due_on', '<', tx.today).where('k.state', 'in', ['open', 'returned'])
  if (query.fillable) q = q.where(visibleTo(tx.actor, 'form.fill', 'u.path')).where('k.state', '<>', 'void')
  const { total } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy(sql`k.state = 'filled'`)
    .orderBy('k.due_on', query.state === 'filled' ? 'desc' : 'asc')
    .orderBy('u.path')
    .orderBy('f.no')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total }
}

export interface Sizes {
  minutes: number
  typed: number
  confirmed: number
}

export interface Opening {
  formId: string
  kinds: readonly string[]
  belowPath: string
  due: { period: string; month: string; dueOn: string }
  /** What it costs the unit at a path: lower levels may have added optional fields. */
  sizeAt: (path: string) => Sizes
}

/** SQL: `column` is the organisation at `path` or below it. */
const belowOf = (path: string) => inRanges([subtree(path)], 'u.path')

/**
 * Asks every target that was not asked yet for that period. The unit's one deadline of the month is made where there is none;
 * where there is an earlier one, all of them move to the later day. Returns how many were asked.
 */
export async function openAsks(tx: Conn & { readonly today: string }, o: Opening): Promise<number> {
  const { rows } = await sql<{ id: string; path: string }>`
    select u.id, u.path from unit u where u.district_id = ${tx.district} and u.closed_on is null and u.kind = any(${o.kinds}) and ${belowOf(o.belowPath)}
      and not exists (select 1 from form_ask x where x.district_id = u.district_id and x.form_id = ${o.formId} and x.period = ${o.due.period} and x.unit_id = u.id)
    order by u.path`.execute(tx.db)
  const ids = rows.map((r) => r.id)
  const deadlines = await sql<{ id: string; dueOn: string }>`
    insert into form_deadline as d (district_id, unit_id, month, due_on)
      select ${tx.district}, t.id, ${o.due.month}::date, ${o.due.dueOn}::date from unnest(${ids}::uuid[]) t (id)
      on conflict (district_id, unit_id, month) do update set due_on = greatest(d.due_on, excluded.due_on)
      returning unit_id as id, due_on as "dueOn"`.execute(tx.db)
  const dueOn = new Map(deadlines.rows.map((d) => [d.id, d.dueOn]))
  await insertMany(
    tx.db,
    'form_ask',
    rows.map(({ id, path }) => ({
      district_id: tx.district,
      id: newId(),
      form_id: o.formId,
      period: o.due.period,
      unit_id: id,
      month: o.due.month,
      due_on: dueOn.get(id),
      opened_on: tx.today,
      state: 'open',
      ...o.sizeAt(path),
      version: 1,
    })),
  )
  return rows.length
}

/** A lower level's optional fields add to what its units are asked from now on. */
export const addToAsks = (
  tx: Conn,
  ask: { baseId: string; kinds: readonly string[]; belowPath: string; sizes: Sizes },
) =>
  sql`update form_ask k set minutes = k.minutes + ${ask.sizes.minutes}, typed = k.typed + ${ask.sizes.typed}, confirmed = k.confirmed + ${ask.sizes.confirmed}, version = k.version + 1
    from unit u where k.district_id = ${tx.district} and k.form_id = ${ask.baseId} and k.state = 'open' and u.district_id = k.district_id and u.id = k.unit_id
      and u.kind = any(${ask.kinds}) and ${belowOf(ask.belowPath)}`.execute(tx.db)

/** What was asked and not yet answered is no longer asked. Returns how many. */
export async function voidAsks(tx: Conn, formId: string, reason: string): Promise<number> {
  const done = await tx.db
    .updateTable('form_ask')
    .set({ state: 'void', void_reason: reason })
    .set((e) => ({ version: e('version', '+', 1) }))
    .where('district_id', '=', tx.district)
    .where('form_id', '=', formId)
    .where('state', 'in', ['open', 'returned'])
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Units that no longer exist are no longer asked. */
export async function voidClosed(tx: Conn): Promise<number> {
  const { numAffectedRows } = await sql`
    update form_ask k set state = 'void', void_reason = '单位已撤销', version = k.version + 1
    from unit u where k.district_id = ${tx.district} and k.state in ('open', 'returned') and u.district_id = k.district_id and u.id = k.unit_id and u.closed_on is not null`.execute(
    tx.db,
  )
  return Number(numAffectedRows ?? 0)
}

/** @throws form.changed-meanwhile */
export async function updateAsk(
  tx: Conn,
  row: { id: string; version: number },
  set: Partial<Pick<AskRow, 'state' | 'first_filled_on' | 'filled_at' | 'filled_by' | 'return_reason'>>,
): Promise<void> {
  const done = await tx.db
    .updateTable('form_ask')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw fail('changed-meanwhile')
}

/** The organisations that serve a place: what is asked of them is what is asked there. */
export const findServing = async (tx: Conn & { readonly today: string }, placeId: string): Promise<string[]> =>
  (
    await tx.db
      .selectFrom('unit_link as l')
      .innerJoin('unit as o', (j) => j.onRef('o.district_id', '=', 'l.district_id').onRef('o.id', '=', 'l.from_id'))
      .where('l.district_id', '=', tx.district)
      .where('l.kind', '=', 'serves')
      .where('l.to_id', '=', placeId)
      .where('l.valid_from', '<=', tx.today)
      .where('l.valid_to', '>', tx.today)
      .select('o.path')
      .execute()
  ).map((r) => r.path)
