import { tokenHash } from '#core/crypto.ts'
import type { Tx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { fail } from '../contract.ts'
import { holdOfficers, leftWithout } from '../store.ts'

type Name = Parameters<typeof fail>[0]

/** What a constraint of ours refused, in words. The constraint decides, so a race cannot get past it (C-7). */
const constraints: Record<string, Name> = {
  account_district_id_login_key: 'login-taken',
  account_person: 'person-has-account',
  mandate_officers_apart: 'officers-apart',
  mandate_once: 'already-granted',
  mandate_request_once: 'already-granted',
}

export async function clash<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { constraint, code } = error as { constraint?: string; code?: string }
    if (code === '23503' && constraint === 'account_district_id_person_id_fkey') throw coreFail('not-found')
    const name = constraints[constraint ?? '']
    throw name ? fail(name) : error
  }
}

export const ownAccount = (tx: Tx): string => {
  if (!tx.actor.accountId) throw coreFail('unauthenticated')
  return tx.actor.accountId
}

/** A session's name for its owner: says nothing about the token. */
export const keyOf = (hash: string) => tokenHash(`session ${hash}`).slice(0, 32)

const officerNames: Record<string, string> = { system: '系统管理员', security: '安全管理员', audit: '审计员' }

/** A district keeps one of each officer who can sign in, also when two take each other away at once (CO-06). @throws access.last-officer */
export async function mustLeaveOfficers(tx: Tx, gone: { accountId: string; mandateId?: string }): Promise<void> {
  await holdOfficers(tx)
  const officer = await leftWithout(tx, gone)
  if (officer) throw fail('last-officer', { officer: officerNames[officer] ?? officer })
}
