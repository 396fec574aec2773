// Signatures and pauses as Standard Webhooks has them (standardwebhooks.com, version 1).
import { createHmac } from 'node:crypto'
import { addHours } from '#core/calendar.ts'

/** Minutes before the next try after so many that failed; none: given up. */
const PAUSES = [1, 5, 30, 120, 300, 600, 840] as const

/** Instant of the next try, or null when it was the last. `attempts` that failed, 1 …; `by` 0 … 1 spreads them. */
export function nextTry(attempts: number, now: string, by: number): string | null {
  const pause = PAUSES[attempts - 1]
  return pause === undefined ? null : addHours(now, (pause * (1 + by / 5)) / 60)
}

export interface Message {
  id: string
  /** seconds */
  timestamp: number
  body: string
}

const signature = (secret: string, { id, timestamp, body }: Message) =>
  createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64')

/** One signature for every secret in force, so that a change of secret breaks nobody. */
export const headersOf = (message: Message, secrets: readonly string[]): Record<string, string> => ({
  'content-type': 'application/json',
  'webhook-id': message.id,
  'webhook-timestamp': String(message.timestamp),
  'webhook-signature': secrets.map((s) => `v1,${signature(s, message)}`).join(' '),
})

/** What an answer means: only 2xx is taken for received; a redirect is not followed. */
export const faultOf = (status: number): string => {
  if (status >= 200 && status < 300) return ''
  return status >= 300 && status < 400 ? `对方要求转到别处（${status}），不予跟随` : `对方答复 ${status}`
}
