// Finds what is to be told by what there is, so that doing it again finds nothing: signed editions, and editions with another
// number than was signed. Nothing personal leaves: ids, numbers of units, and a link that demands a session.
import { createHash } from 'node:crypto'
import { millisOf } from '#core/calendar.ts'
import type { Context, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { sendJob } from '#core/jobs.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { listEditions, readRestatements } from '#modules/figures/index.ts'
import type { WebhookType } from '../contract.ts'
import { findTold, findWebhooks, insertDelivery, insertEvent, type WebhookRow } from '../store.ts'

interface Happened {
  type: WebhookType | 'webhook.test'
  /** Told once under it. */
  key: string
  data: Record<string, unknown>
}

/** Writes an event down with a delivery to each; null where it is known already. The body is signed and sent as it stands. */
export async function makeEvent(tx: WriteTx, happened: Happened, to: readonly WebhookRow[]): Promise<string | null> {
  const { type, key, data } = happened
  const body = JSON.stringify({ type, timestamp: tx.now, data })
  const id = await insertEvent(tx, { id: newId(), type, key, body })
  if (!id) return null
  for (const { id: webhook } of to)
    await sendJob(tx, 'notices.deliver', { delivery: await insertDelivery(tx, webhook, id) })
  return id
}

const listening = async (ctx: Context, type: WebhookType) =>
  (await ctx.read(null, findWebhooks)).filter((w) => w.state === 'on' && w.types.includes(type))

const tell = (ctx: Context, happened: Happened, to: readonly WebhookRow[]) =>
  unlessNothing(
    ctx.write(null, 'webhook.announce', async (tx) => {
      const id = await makeEvent(tx, happened, to)
      if (!id) throw NOTHING
      tx.record({ subject: { kind: 'webhook-event', id }, path: '', change: { type: happened.type } })
      return id
    }),
  )

/** The latest editions are looked at; older ones were told long ago. */
const LATEST = 100

const signedEditions = async (ctx: Context) => (await listEditions(ctx, { state: 'signed', limit: LATEST })).rows

const about = (ctx: Context, e: Awaited<ReturnType<typeof signedEditions>>[number]) => ({
  editionId: e.id,
  no: e.no,
  title: e.title,
  unit: e.unit,
  hash: e.hash,
  link: `${ctx.ground.publicUrl}/console/editions/${e.id}`,
})

/** Each signed edition to whoever listened when it was signed. */
export async function announceEditions(ctx: Context): Promise<void> {
  const all = await listening(ctx, 'edition.signed')
  if (all.length === 0) return
  const editions = await signedEditions(ctx)
  const keyOf = (id: string) => `edition.signed:${id}`
  const told = await ctx.read(null, (tx) =>
    findTold(
      tx,
      editions.map((e) => keyOf(e.id)),
    ),
  )
  for (const e of editions) {
    const to = all.filter((w) => millisOf(w.begun_at) <= millisOf(e.signedAt ?? w.begun_at))
    if (to.length === 0 || told.has(keyOf(e.id))) continue
    await tell(ctx, { type: 'edition.signed', key: keyOf(e.id), data: { ...about(ctx, e), signedAt: e.signedAt } }, to)
  }
}

/** Each edition whose numbers are other ones now than when they were last told. */
export async function announceRestatements(ctx: Context): Promise<void> {
  const to = await listening(ctx, 'edition.restated')
  if (to.length === 0) return
  for (const e of await signedEditions(ctx)) {
    const { figures, checkedAt } = await readRestatements(ctx, e.id)
    const restated = figures
      .filter((f) => f.restated)
      .map((f) => ({ measure: `${f.measure.id}@${f.measure.version}`, signed: f.signed, now: f.now }))
    if (restated.length === 0) continue
    const digest = createHash('sha256').update(JSON.stringify(restated)).digest('hex').slice(0, 32)
    const data = { ...about(ctx, e), checkedAt, figures: restated }
    await tell(ctx, { type: 'edition.restated', key: `edition.restated:${e.id}:${digest}`, data }, to)
  }
}
