import { z } from 'zod'
import { can, id, instant, listOf, paging, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const fail = problems('notice', {
  'webhook-not-found': { status: 404, text: '没有找到这个推送地址。' },
  'webhook-not-listed': {
    status: 422,
    text: '“{url}”不在运维人员允许推送的主机之内（允许：{listed}）。请联系运维人员修改 WEBHOOKS 设置。',
    ground: 'IN-26',
  },
  'webhook-known': { status: 409, text: '这个地址已经登记过。' },
  'webhook-state': { status: 409, text: '这个推送地址现在“{state}”，不能这样做。' },
})

export const webhookTypes = ['edition.signed', 'edition.restated'] as const
export type WebhookType = (typeof webhookTypes)[number]

export const NewWebhook = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'format' }).max(500),
  types: z.array(z.enum(webhookTypes)).min(1).max(webhookTypes.length),
})
export type NewWebhook = z.infer<typeof NewWebhook>

export const WithReason = z.strictObject({ reason: text(200) })

/** `secret` is shown this once and kept sealed. */
export const WebhookSecret = z.strictObject({ id, secret: z.string() }).meta({ id: 'WebhookSecret' })
export type WebhookSecret = z.infer<typeof WebhookSecret>

export const webhookStates = ['on', 'off', 'stopped', 'ended'] as const

export const Webhook = z
  .strictObject({
    id,
    url: z.string(),
    types: z.array(z.enum(webhookTypes)),
    state: z.enum(webhookStates).meta({ description: 'off: by hand; stopped: by itself after too many failures' }),
    reason: z.string(),
    begunAt: instant,
    oldUntil: instant.nullable().meta({ description: 'until then the older secret signs along' }),
    waiting: z.int(),
    failed: z.int(),
    can,
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

export const WebhookList = z.strictObject({
  ...listOf(Webhook).shape,
  listed: z.array(z.string()).meta({ description: 'hosts and origins the operator lets us send to' }),
})
export type WebhookList = z.infer<typeof WebhookList>

export const ListDeliveries = z.strictObject({
  state: z.enum(['waiting', 'delivered', 'failed']).optional(),
  ...paging,
})
export type ListDeliveries = z.infer<typeof ListDeliveries>

export const Delivery = z
  .strictObject({
    id,
    event: id.meta({ description: 'the webhook-id header: the same at every try' }),
    type: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.int(),
    status: z.int().nullable(),
    fault: z.string(),
    at: instant,
    triedAt: instant.nullable(),
    nextAt: instant.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
export type Delivery = z.infer<typeof Delivery>
export const DeliveryList = listOf(Delivery)
