import type { Tx } from '#core/context.ts'
import type { Actor } from '#core/permissions.ts'
import { findAccountById, standingOf } from '../store.ts'
import { actorOf } from './sessions.ts'

/** NaN equals nothing: rights are read anew and not taken for those of a later edition. */
const NEVER_KEPT = Number.NaN

/** Who an account is now, for what is looked up for him while he is away; null where he could not sign in. */
export async function actorNow(tx: Tx, accountId: string): Promise<Actor | null> {
  const account = await findAccountById(tx, accountId)
  if (!account || account.disabled_for !== null || account.password_hash === null) return null
  const counted = { accountId, personId: account.person_id, rights: NEVER_KEPT, edition: NEVER_KEPT }
  const { grants } = await standingOf(tx, counted, tx.now)
  return { ...actorOf(account), grants }
}
