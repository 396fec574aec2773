import { millisOf } from '#core/calendar.ts'
import type { Tx } from '#core/context.ts'
import type { WebhookRow } from '../store.ts'

/** What a webhook's secret is sealed under. */
export const sealedFor = (id: string) => `webhook.secret:${id}`

/** Secrets in force: the newest first; the older for a day after a change. */
export function secretsOf(tx: Tx, row: WebhookRow): string[] {
  const old = row.old_until && millisOf(row.old_until) > millisOf(tx.now) ? row.old_secret_sealed : null
  return [row.secret_sealed, ...(old ? [old] : [])].map((sealed) => tx.vault.open(sealedFor(row.id), sealed))
}
