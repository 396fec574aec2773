import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import type { DB, WebhookTable } from '#core/schema.ts'
import { type Delivery, fail, type ListDeliveries } from './contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type WebhookRow = Selectable<WebhookTable>

const webhooks = (tx: Conn) =>
  tx.db
    .selectFrom('webhook as w')
    .selectAll('w')
    .where('w.district_id', '=', tx.district)
    .where('w.state', '<>', 'ended')

export const findWebhooks = (tx: Conn): Promise<WebhookRow[]> => webhooks(tx).orderBy('w.begun_at').execute()

/** @throws notice.webhook-not-found */
export async function getWebhook(tx: Conn, id: string, lock = false): Promise<WebhookRow> {
  const q = webhooks(tx).where('w.id', '=', id)
  const row = await (lock ? q.forUpdate() : q).executeTakeFirst()
  if (!row) throw fail('webhook-not-found')
  return row
}

export interface NewRow {
  id: string
  url: string
  types: string[]
  secretSealed: Buffer
}

/** @throws notice.webhook-known */
export async function insertWebhook(tx: Tx, { id, url, types, secretSealed }: NewRow): Promise<void> {
  const done = await tx.db
    .insertInto('webhook')
    .values({
      district_id: tx.district,
      id,
      url,
      types,
      secret_sealed: secretSealed,
      state: 'on',
      begun_at: tx.now,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  if (done.numInsertedOrUpdatedRows !== 1n) throw fail('webhook-known')
}

type Change = Partial<Pick<WebhookRow, 'state' | 'reason' | 'secret_sealed' | 'old_secret_sealed' | 'old_until'>>

/** Changes a webhook that this transaction holds. */
export const changeWebhook = (tx: WriteTx, id: string, set: Change) =>
  tx.last(tx.db.updateTable('webhook').set(set).where('district_id', '=', tx.district).where('id', '=', id))

export async function countDeliveries(tx: Conn): Promise<Map<string, { waiting: number; failed: number }>> {
  const rows = await tx.db
    .selectFrom('webhook_delivery')
    .select((e) => [
      'webhook_id as id',
      e.fn.countAll<number>().filterWhere('state', '=', 'waiting').as('waiting'),
      e.fn.countAll<number>().filterWhere('state', '=', 'failed').as('failed'),
    ])
    .where('district_id', '=', tx.district)
    .groupBy('webhook_id')
    .execute()
  return new Map(rows.map((r) => [r.id, r]))
}

/** An event, once under its key; null where it is known already. */
export async function insertEvent(
  tx: Tx,
  event: { id: string; type: string; key: string; body: string },
): Promise<string | null> {
  const row = await tx.db
    .insertInto('webhook_event')
    .values({ ...event, district_id: tx.district, at: tx.now })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

/** Which of these keys were told already. */
export async function findTold(tx: Conn, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.db
    .selectFrom('webhook_event')
    .select('key')
    .where('district_id', '=', tx.district)
    .where('key', '=', sql<string>`any(${keys})`)
    .execute()
  return new Set(rows.map((r) => r.key))
}

export async function insertDelivery(tx: Tx, webhookId: string, eventId: string): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('webhook_delivery')
    .values({ district_id: tx.district, id, webhook_id: webhookId, event_id: eventId, state: 'waiting', at: tx.now })
    .execute()
  return id
}

const deliveries = (tx: Conn) =>
  tx.db
    .selectFrom('webhook_delivery as d')
    .innerJoin('webhook_event as e', (j) =>
      j.onRef('e.district_id', '=', 'd.district_id').onRef('e.id', '=', 'd.event_id'),
    )
    .where('d.district_id', '=', tx.district)

/** What is to be sent, or undefined where it is over; locked for a change. */
export const findWaiting = (tx: Conn, id: string, lock = false) => {
  const q = deliveries(tx)
    .select(['d.id', 'd.webhook_id', 'd.attempts', 'e.id as event_id', 'e.body'])
    .where('d.id', '=', id)
    .where('d.state', '=', 'waiting')
  return (lock ? q.forUpdate('d') : q).executeTakeFirst()
}

export const changeDelivery = (
  tx: WriteTx,
  id: string,
  set: {
    state: Delivery['state']
    attempts: number
    status: number | null
    fault: string
    tried_at: string
    next_at: string | null
  },
) => tx.last(tx.db.updateTable('webhook_delivery').set(set).where('district_id', '=', tx.district).where('id', '=', id))

/** Newest first. */
export async function findDeliveries(tx: Conn, webhookId: string, query: ListDeliveries) {
  let q = deliveries(tx).where('d.webhook_id', '=', webhookId)
  if (query.state) q = q.where('d.state', '=', query.state)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select([
      'd.id',
      'e.id as event',
      'e.type',
      'd.state',
      'd.attempts',
      'd.status',
      'd.fault',
      'd.at',
      'd.tried_at as triedAt',
      'd.next_at as nextAt',
    ])
    .orderBy('d.at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows: rows as Delivery[], total }
}
