// One try of one delivery. The message goes out between two transactions: what was received may be sent once more after a crash, under
// the same webhook-id, as the standard expects.
import { millisOf } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import { sendJob } from '#core/jobs.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { faultOf, headersOf, nextTry } from '../rules.ts'
import { changeDelivery, changeWebhook, findWaiting, getWebhook } from '../store.ts'
import { secretsOf } from './secrets.ts'

/** What is to be sent now, with its signatures; null where there is nothing any more. */
const messageOf = (ctx: Context, id: string) =>
  ctx.read(null, async (tx) => {
    const waiting = await findWaiting(tx, id)
    if (!waiting) return null
    const webhook = await getWebhook(tx, waiting.webhook_id).catch(() => null)
    if (webhook?.state !== 'on') return { url: null, headers: {}, body: '' }
    const message = { id: waiting.event_id, timestamp: Math.floor(millisOf(tx.now) / 1000), body: waiting.body }
    return { url: webhook.url, headers: headersOf(message, secretsOf(tx, webhook)), body: waiting.body }
  })

/** The receiver says that it wants nothing more, ever: Standard Webhooks has the sender stop. */
const GONE = 410

interface Outcome {
  status: number | null
  fault: string
}

async function send(
  ctx: Context,
  { url, headers, body }: { url: string; headers: Record<string, string>; body: string },
) {
  try {
    const status = await ctx.ground.outbound.post(url, headers, body)
    return { status, fault: faultOf(status) }
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string }
    const why = name === 'TimeoutError' || name === 'AbortError' ? '5 秒内没有答复' : (code ?? '地址不在允许之列')
    return { status: null, fault: `没有连上：${why}` }
  }
}

const settle = (ctx: Context, id: string, { status, fault }: Outcome, stopped: boolean) =>
  unlessNothing(
    ctx.write(null, 'webhook.deliver', async (tx) => {
      const waiting = await findWaiting(tx, id, true)
      if (!waiting) throw NOTHING
      const attempts = waiting.attempts + (stopped ? 0 : 1)
      const gone = status === GONE
      const next = fault && !stopped && !gone ? nextTry(attempts, tx.now, Math.random()) : null
      const state = fault === '' ? 'delivered' : next ? 'waiting' : 'failed'
      changeDelivery(tx, id, { state, attempts, status, fault, tried_at: tx.now, next_at: next })
      if (next) await sendJob(tx, 'notices.deliver', { delivery: id }, { after: next })
      else if (state === 'failed' && !stopped)
        changeWebhook(tx, waiting.webhook_id, {
          state: 'stopped',
          reason: gone ? '对方答复 410：这个地址不再接收推送' : `连续 ${attempts} 次没有送达：${fault}`,
        })
      tx.record({
        subject: { kind: 'webhook', id: waiting.webhook_id },
        path: '',
        change: { delivery: id, state, status },
      })
      return state
    }),
  )

/** Tries; after the last failure the webhook stops by itself, so that nobody's server is knocked at for ever. */
export async function deliver(ctx: Context, id: string): Promise<void> {
  const message = await messageOf(ctx, id)
  if (!message) return
  const { url } = message
  if (url === null) return void (await settle(ctx, id, { status: null, fault: '推送已停用' }, true))
  await settle(ctx, id, await send(ctx, { ...message, url }), false)
}
