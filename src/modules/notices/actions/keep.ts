// Who outside is told: kept by the system officer, only at addresses the operator listed. [IN-26]
import { addHours, millisOf } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { randomToken } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { fail, type ListDeliveries, type NewWebhook, type Webhook, type WebhookSecret } from '../contract.ts'
import {
  changeWebhook,
  countDeliveries,
  findDeliveries,
  findWebhooks,
  getWebhook,
  insertWebhook,
  type WebhookRow,
} from '../store.ts'
import { makeEvent } from './announce.ts'
import { sealedFor } from './secrets.ts'

const VERB = 'webhook.manage'
/** The older secret signs along, so that the other side changes over without losing a message. */
const BOTH_HOURS = 24

const stateNames: Record<string, string> = { on: '推送中', off: '已停用', stopped: '已自动停止' }

const newSecret = () => `whsec_${Buffer.from(randomToken(), 'base64url').toString('base64')}`

const mayWith = ({ state }: WebhookRow) => [...(state === 'on' ? ['test', 'stop'] : ['resume']), 'rotate', 'end']

const present = (tx: Tx, row: WebhookRow, counts?: { waiting: number; failed: number }): Webhook => ({
  id: row.id,
  url: row.url,
  types: row.types as Webhook['types'],
  state: row.state as Webhook['state'],
  reason: row.reason,
  begunAt: row.begun_at,
  oldUntil: row.old_until && millisOf(row.old_until) > millisOf(tx.now) ? row.old_until : null,
  waiting: counts?.waiting ?? 0,
  failed: counts?.failed ?? 0,
  can: mayWith(row),
})

export const listWebhooks = (ctx: Context) =>
  ctx.read(VERB, async (tx) => {
    const rows = await findWebhooks(tx)
    const counts = await countDeliveries(tx)
    return {
      rows: rows.map((r) => present(tx, r, counts.get(r.id))),
      total: rows.length,
      listed: [...ctx.ground.outbound.listed],
    }
  })

const note = (tx: WriteTx, id: string, change: Record<string, unknown>, reason?: string) =>
  tx.record({ subject: { kind: 'webhook', id }, path: '', change, reason })

function mustBeListed({ ground }: Context, url: string) {
  const { outbound } = ground
  if (!outbound.allows(url))
    throw fail('webhook-not-listed', { url: new URL(url).origin, listed: outbound.listed.join('、') || '无' })
}

/** @throws notice.webhook-not-listed, notice.webhook-known */
export const addWebhook = (ctx: Context, input: NewWebhook): Promise<WebhookSecret> =>
  ctx.write(VERB, 'webhook.add', async (tx) => {
    mustBeListed(ctx, input.url)
    const id = newId()
    const secret = newSecret()
    const types = [...new Set(input.types)]
    await insertWebhook(tx, { id, url: input.url, types, secretSealed: tx.vault.seal(sealedFor(id), secret) })
    note(tx, id, { url: input.url, types })
    return { id, secret }
  })

export const rotateSecret = (ctx: Context, id: string): Promise<WebhookSecret> =>
  ctx.write(VERB, 'webhook.rotate', async (tx) => {
    const row = await getWebhook(tx, id, true)
    const secret = newSecret()
    changeWebhook(tx, id, {
      secret_sealed: tx.vault.seal(sealedFor(id), secret),
      old_secret_sealed: row.secret_sealed,
      old_until: addHours(tx.now, BOTH_HOURS),
    })
    note(tx, id, { secret: [null, null] })
    return { id, secret }
  })

/** @throws notice.webhook-not-found, notice.webhook-state */
async function move(tx: WriteTx, id: string, state: 'on' | 'off' | 'ended', reason = ''): Promise<Webhook> {
  const row = await getWebhook(tx, id, true)
  if (state !== 'ended' && (row.state === 'on') === (state === 'on'))
    throw fail('webhook-state', { state: stateNames[row.state] })
  changeWebhook(tx, id, { state, reason })
  note(tx, id, { state: [row.state, state] }, reason)
  return present(tx, { ...row, state, reason })
}

export const stopWebhook = (ctx: Context, id: string, reason: string) =>
  ctx.write(VERB, 'webhook.stop', (tx) => move(tx, id, 'off', reason))

/** @throws notice.webhook-not-listed where the operator struck it off meanwhile */
export const resumeWebhook = (ctx: Context, id: string) =>
  ctx.write(VERB, 'webhook.resume', async (tx) => {
    const resumed = await move(tx, id, 'on')
    mustBeListed(ctx, resumed.url)
    return resumed
  })

/** Taken off the list; what was told stays in the log. */
export const endWebhook = (ctx: Context, id: string, reason: string) =>
  ctx.write(VERB, 'webhook.end', (tx) => move(tx, id, 'ended', reason))

/** A message that says nothing, so that both sides see whether it arrives. @throws notice.webhook-state */
export const testWebhook = (ctx: Context, id: string) =>
  ctx.write(VERB, 'webhook.test', async (tx) => {
    const row = await getWebhook(tx, id)
    if (row.state !== 'on') throw fail('webhook-state', { state: stateNames[row.state] })
    const event = await makeEvent(tx, { type: 'webhook.test', key: `test:${newId()}`, data: { webhookId: id } }, [row])
    note(tx, id, { event })
    return { id: event as string }
  })

export const listDeliveries = (ctx: Context, id: string, query: ListDeliveries) =>
  ctx.read(VERB, async (tx) => {
    await getWebhook(tx, id)
    return findDeliveries(tx, id, query)
  })
