import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { visibleTo } from '#core/permissions.ts'
import type { DB, FeedbackMessageTable, FeedbackTable } from '#core/schema.ts'
import { fail, type ListFeedbackQuery } from '../contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type FeedbackRow = Selectable<FeedbackTable>

/** The district's own place: the system has one owner, and feedback about it one desk. */
export async function findHome(tx: Conn): Promise<{ id: string; path: string } | undefined> {
  return tx.db
    .selectFrom('unit')
    .select(['id', 'path'])
    .where('district_id', '=', tx.district)
    .where('tree', '=', 'place')
    .where('parent_id', 'is', null)
    .where('closed_on', 'is', null)
    .orderBy('no')
    .executeTakeFirst()
}

export const insertFeedback = (tx: Conn, row: Omit<Insertable<FeedbackTable>, 'district_id'>) =>
  tx.db
    .insertInto('feedback')
    .values({ ...row, district_id: tx.district })
    .returning('no')
    .executeTakeFirstOrThrow()

export type NewMessage = Omit<Insertable<FeedbackMessageTable>, 'district_id'>

export const insertMessage = (tx: Conn, row: NewMessage) =>
  tx.db
    .insertInto('feedback_message')
    .values({ ...row, district_id: tx.district })
    .execute()

/** For a district that is filled at one stroke. */
export async function insertFeedbacks(
  tx: Conn,
  rows: readonly Omit<Insertable<FeedbackTable>, 'district_id'>[],
  messages: readonly NewMessage[],
) {
  const of = (list: readonly object[]) => list.map((r) => ({ ...r, district_id: tx.district }))
  const first = await sql<{
    no: number
  }>`select nextval('feedback_no') as no from generate_series(1, ${rows.length})`.execute(tx.db)
  await insertMany(tx.db, 'feedback', of(rows.map((r, i) => ({ ...r, no: first.rows[i]?.no, version: 1 }))))
  await insertMany(tx.db, 'feedback_message', of(messages))
}

const withHome = (tx: Conn) =>
  tx.db
    .selectFrom('feedback as f')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'f.district_id').onRef('u.id', '=', 'f.unit_id'))
    .where('f.district_id', '=', tx.district)

export type SeenFeedback = FeedbackRow & { path: string }

/** Loads one through what the asker may see, locked where it is to be changed. @throws feedback.not-found */
export async function getFeedback(tx: Tx, id: string, lock = false): Promise<SeenFeedback> {
  let q = withHome(tx)
    .where('f.id', '=', id)
    .where(visibleTo(tx.actor, 'feedback.read', 'u.path'))
    .selectAll('f')
    .select('u.path')
  if (lock) q = q.forUpdate('f')
  const row = await q.executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

/** By the code alone, locked where the sender changes it. @throws feedback.bad-code */
export async function getByCode(tx: Conn, indexes: Buffer[], lock = false): Promise<SeenFeedback> {
  let q = withHome(tx).where('f.follow_index', '=', sql<Buffer>`any(${indexes})`).selectAll('f').select('u.path')
  if (lock) q = q.forUpdate('f')
  const row = await q.executeTakeFirst()
  if (!row) throw fail('bad-code')
  return row
}

/** Moves one from the version it was read at. @throws feedback.changed-meanwhile */
export async function updateFeedback(tx: Conn, row: FeedbackRow, set: Updateable<FeedbackTable>): Promise<void> {
  const done = await tx.db
    .updateTable('feedback')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw fail('changed-meanwhile')
}

export const findMessages = (tx: Conn, feedbackId: string) =>
  tx.db
    .selectFrom('feedback_message as m')
    .leftJoin('account as a', (j) => j.onRef('a.district_id', '=', 'm.district_id').onRef('a.id', '=', 'm.by_id'))
    .where('m.district_id', '=', tx.district)
    .where('m.feedback_id', '=', feedbackId)
    .select(['m.id', 'm.side', 'm.at', 'm.words_sealed', 'a.name as by'])
    .orderBy('m.at')
    .orderBy('m.id')
    .execute()

const orders = {
  due: sql`f.due_at asc nulls last, f.received_at desc`,
  received: sql`f.received_at`,
  '-received': sql`f.received_at desc`,
}

export async function findFeedback(tx: Tx, query: ListFeedbackQuery): Promise<{ rows: SeenFeedback[]; total: number }> {
  let q = withHome(tx).where(visibleTo(tx.actor, 'feedback.read', 'u.path'))
  if (query.state) q = q.where('f.state', '=', query.state)
  if (query.kind) q = q.where('f.kind', '=', query.kind)
  if (query.function) q = q.where('f.function', '=', query.function)
  if (query.late) q = q.where('f.due_at', '<', tx.now)
  if (query.no) q = q.where('f.no', '=', Number(query.no))
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .selectAll('f')
    .select('u.path')
    .orderBy(orders[query.sort ?? 'due'])
    .orderBy('f.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total }
}

const past = (tx: Conn, before: string) =>
  sql`district_id = ${tx.district} and contact_sealed is not null and due_at is null
    and spoken_at < (${before}::date::timestamp at time zone 'Asia/Shanghai')`

/** Contacts that are kept longer than they may be. */
export async function countOldContacts(tx: Conn, before: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from feedback where ${past(tx, before)}`.execute(tx.db)
  return rows[0]?.n ?? 0
}

export const erasable = { table: 'feedback', at: 'contact_erased_at', clears: ['contact_sealed'], marks: [] }

/** Erases contacts of what was last spoken about before a day; a batch at a time. */
export async function eraseFeedbackContacts(
  tx: Conn,
  ask: { before: string; at: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update feedback set contact_sealed = null, contact_erased_at = ${ask.at}, version = version + 1
    where district_id = ${tx.district} and id in (
      select id from feedback where ${past(tx, ask.before)} limit ${ask.limit} for update skip locked)
    returning id`.execute(tx.db)
  return rows.map((r) => r.id)
}
