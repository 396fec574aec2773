import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { type DB, drafting, editionOf, type First } from '#core/db.ts'

export type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** Where there is no such session, the rest is null. */
export type FoundSession = First & { edition: number } & (SessionRow | { accountId: null })

interface SessionRow {
  accountId: string
  personId: string | null
  name: string
  /** Count of the changes of its own mandates and registrations. */
  rights: number
  disabledAt: string | null
  usedAt: string
  expiresAt: string
  provedAt: string
  secondFactor: boolean
  mustChange: boolean
  passwordChangedAt: string
}

/** Session and account, with the counts under which rights are kept; travels with BEGIN. */
export const findingSession = (district: number, hash: string): CompiledQuery<FoundSession> =>
  sql<FoundSession>`
    select now() as now, ${editionOf(district)} as edition, s.account_id as "accountId", a.person_id as "personId", a.name, a.rights,
      a.disabled_at as "disabledAt", s.used_at as "usedAt", s.expires_at as "expiresAt", s.proved_at as "provedAt",
      s.second_factor as "secondFactor", a.must_change_password as "mustChange", a.password_changed_at as "passwordChangedAt"
    from (select 1) one left join (session s join account a on a.district_id = s.district_id and a.id = s.account_id)
      on s.district_id = ${district} and s.token_hash = ${hash} and s.ended_at is null`.compile(drafting)

const own = (tx: Conn, hash: string) =>
  tx.db.updateTable('session').where('district_id', '=', tx.district).where('token_hash', '=', hash)

export const touchSession = (tx: Conn, hash: string, now: string) =>
  own(tx, hash).where('ended_at', 'is', null).set({ used_at: now }).execute()

export const endSession = (tx: Conn, hash: string, now: string) =>
  own(tx, hash).where('ended_at', 'is', null).set({ ended_at: now }).execute()

/** A fresh proof gives the session a new token, so one that leaked before is worthless (SE-02). */
export const renewSession = (tx: Conn, hash: string, fresh: { hash: string; now: string; secondFactor: boolean }) =>
  own(tx, hash)
    .where('ended_at', 'is', null)
    .set({
      token_hash: fresh.hash,
      proved_at: fresh.now,
      used_at: fresh.now,
      second_factor: sql`second_factor or ${fresh.secondFactor}`,
    })
    .returning(['expires_at as expiresAt', 'kind'])
    .executeTakeFirst()

/** Ends the live sessions of an account, all but `except`. */
export async function endSessionsOf(tx: Conn, accountId: string, now: string, except = ''): Promise<number> {
  const { numUpdatedRows } = await tx.db
    .updateTable('session')
    .set({ ended_at: now })
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('token_hash', '<>', except)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** 等保 34: only so many live sessions per kind of client; the oldest give way. */
export const endSessionsBeyond = (tx: Conn, accountId: string, limit: { client: string; most: number; now: string }) =>
  tx.db
    .updateTable('session')
    .set({ ended_at: limit.now })
    .where('district_id', '=', tx.district)
    .where('token_hash', 'in', (e) =>
      e
        .selectFrom('session')
        .select('token_hash')
        .where('district_id', '=', tx.district)
        .where('account_id', '=', accountId)
        .where('client', '=', limit.client)
        .where('ended_at', 'is', null)
        .orderBy('started_at', 'desc')
        .offset(limit.most),
    )
    .execute()

export interface NewSession {
  hash: string
  accountId: string
  now: string
  expiresAt: string
  secondFactor: boolean
  kind: 'cookie' | 'token'
  client?: 'pc' | 'phone' | 'api'
  address: string
}

export const insertSession = (tx: Conn, s: NewSession) =>
  tx.db
    .insertInto('session')
    .values({
      district_id: tx.district,
      token_hash: s.hash,
      account_id: s.accountId,
      started_at: s.now,
      used_at: s.now,
      proved_at: s.now,
      expires_at: s.expiresAt,
      second_factor: s.secondFactor,
      kind: s.kind,
      client: s.client ?? (s.kind === 'cookie' ? 'pc' : 'api'),
      address: s.address,
    })
    .execute()

export const findSessionsOf = (tx: Conn, accountId: string) =>
  tx.db
    .selectFrom('session')
    .select(['token_hash as hash', 'client', 'started_at as startedAt', 'used_at as usedAt', 'address'])
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .execute()

/** How many sessions per kind of client the district allows. */
export async function sessionLimit(tx: Conn, client: 'pc' | 'phone' | 'api'): Promise<number> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  const most = (row.settings as { sessions?: Record<string, unknown> }).sessions?.[client]
  return typeof most === 'number' && most >= 1 ? most : client === 'api' ? 20 : 1
}

/** What says who was signed in, and when, is kept no longer than it is of use; history has the signing in itself. */
const overBefore = (instant: string) =>
  sql<boolean>`(ended_at < ${instant}::timestamptz or expires_at < ${instant}::timestamptz)`

export const dropSessionsBefore = (tx: Conn, instant: string) =>
  tx.db.deleteFrom('session').where('district_id', '=', tx.district).where(overBefore(instant)).execute()

export const countSessionsBefore = async (tx: Conn, instant: string): Promise<number> => {
  const ended = tx.db.selectFrom('session').where('district_id', '=', tx.district).where(overBefore(instant))
  return (await ended.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
}
