// Failed sign-ins and the browsers an owner is known in.
import { dayOf } from '#core/calendar.ts'
import { dayIsFull, type Failures, nextAttempt } from '../rules.ts'
import type { Conn } from './sessions.ts'

export interface Attempt {
  accountId: string
  /** Network address, or `device:<hash>` of a browser its owner used before. */
  from: string
  now: string
  secondFactor: boolean
}

const byDevice = (from: string) => from.startsWith('device:')

async function failuresOf(tx: Conn, { accountId, from, now }: Attempt): Promise<Failures & { everywhere: number }> {
  const rows = await tx.db
    .selectFrom('login_failure')
    .select(['address', 'streak', 'total', 'locked_until'])
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where('day', '=', dayOf(now))
    .execute()
  const own = rows.find((r) => r.address === from)
  const counted = byDevice(from) ? rows.filter((r) => r.address === from) : rows.filter((r) => !byDevice(r.address))
  return {
    streak: own?.streak ?? 0,
    total: own?.total ?? 0,
    lockedUntil: own?.locked_until ?? null,
    everywhere: counted.reduce((sum, r) => sum + r.total, 0),
  }
}

/** Counts an attempt before it is judged; false when no attempt is allowed now. The account's row is the queue. */
export async function takeAttempt(tx: Conn, attempt: Attempt): Promise<boolean> {
  const { accountId, from, now } = attempt
  await tx.db
    .selectFrom('account')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('id', '=', accountId)
    .forUpdate()
    .execute()
  const seen = await failuresOf(tx, attempt)
  const next = nextAttempt(seen, now)
  if (!next || dayIsFull(seen.everywhere, attempt.secondFactor)) return false
  const counted = { streak: next.streak, total: next.total, last_at: now, locked_until: next.lockedUntil }
  await tx.db
    .insertInto('login_failure')
    .values({ district_id: tx.district, account_id: accountId, address: from, day: dayOf(now), ...counted })
    .onConflict((c) => c.columns(['district_id', 'account_id', 'address', 'day']).doUpdateSet(counted))
    .execute()
  return true
}

/** The attempt was right: it was no failure, and the streak of this address ends. */
export const forgiveAttempt = (tx: Conn, { accountId, from, now }: Attempt) =>
  tx.db
    .updateTable('login_failure')
    .set((e) => ({ streak: 0, locked_until: null, total: e('total', '-', 1) }))
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where('address', '=', from)
    .where('day', '=', dayOf(now))
    .execute()

/** Wrong tries are forgotten: whoever was locked out may try again at once. */
export const forgetFailures = (tx: Conn, accountId: string) =>
  tx.db.deleteFrom('login_failure').where('district_id', '=', tx.district).where('account_id', '=', accountId).execute()

/** Failures of days before `day` say nothing any more. */
export const dropFailuresBefore = (tx: Conn, day: string) =>
  tx.db.deleteFrom('login_failure').where('district_id', '=', tx.district).where('day', '<', day).execute()

export async function isKnownDevice(tx: Conn, accountId: string, hash: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('known_device')
    .select('since')
    .where('district_id', '=', tx.district)
    .where('token_hash', '=', hash)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row !== undefined
}

const MOST_DEVICES = 5

/** Remembers a browser; the oldest beyond five is forgotten. */
export async function rememberDevice(tx: Conn, accountId: string, device: { hash: string; now: string }) {
  const all = tx.db
    .selectFrom('known_device')
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
  await tx.db
    .insertInto('known_device')
    .values({ district_id: tx.district, token_hash: device.hash, account_id: accountId, since: device.now })
    .onConflict((c) => c.doNothing())
    .execute()
  await tx.db
    .deleteFrom('known_device')
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where('token_hash', 'in', all.select('token_hash').orderBy('since', 'desc').offset(MOST_DEVICES))
    .execute()
}

export const forgetDevices = (tx: Conn, accountId: string) =>
  tx.db.deleteFrom('known_device').where('district_id', '=', tx.district).where('account_id', '=', accountId).execute()
