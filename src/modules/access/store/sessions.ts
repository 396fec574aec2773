import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { clock } from '#core/clock.ts'
import { type DB, drafting, type First } from '#core/db.ts'
import { type Grant, subtree } from '#core/permissions.ts'
import { editionOf } from '#modules/mechanisms/index.ts'
import { registeredPlaces } from '#modules/people/index.ts'

export type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** Where there is no such session, only `now` is told and the rest is null. */
export type FoundSession = First & (SessionRow | { accountId: null })

interface SessionRow {
  accountId: string
  personId: string | null
  name: string
  kind: 'cookie' | 'token'
  disabledAt: string | null
  startedAt: string
  usedAt: string
  expiresAt: string
  provedAt: string
  secondFactor: boolean
  mustChange: boolean
  passwordChangedAt: string
  mandates: MandateNow[]
}

export interface MandateNow {
  role: string
  unitId: string
  path: string
  verbs: string[]
  secondFactor: boolean
  serves: string[] | null
}

/** The moment of the transaction, as tests may have moved it. */
const moment = () => sql`(now() + ${clock.shift()}::float8 * interval '1 millisecond')`

/**
 * Session, account and mandates in force, in one statement that travels with BEGIN: a revoked right is gone at once. Days and
 * moments are the database's, for nobody has told us the time yet.
 */
export const findingSession = (district: number, hash: string): CompiledQuery<FoundSession> =>
  sql<FoundSession>`
    select now() as now, ${editionOf(district)} as edition, s.account_id as "accountId", a.person_id as "personId", a.name, s.kind, a.disabled_at as "disabledAt", s.started_at as "startedAt",
      s.used_at as "usedAt", s.expires_at as "expiresAt", s.proved_at as "provedAt", s.second_factor as "secondFactor",
      a.must_change_password as "mustChange", a.password_changed_at as "passwordChangedAt",
      (select coalesce(json_agg(g), '[]') from (
        select m.role_id as role, m.unit_id as "unitId", u.path, r.verbs, r.second_factor as "secondFactor",
          (select array_agg(p.path) from unit_link l join unit p on p.district_id = l.district_id and p.id = l.to_id
            where l.district_id = m.district_id and l.from_id = m.unit_id and l.kind = 'serves' and l.valid_from <= t.day and l.valid_to > t.day) as serves
        from mandate m join role r on r.district_id = m.district_id and r.id = m.role_id join unit u on u.district_id = m.district_id and u.id = m.unit_id
        where m.district_id = s.district_id and m.account_id = s.account_id and m.valid_from <= t.moment and m.valid_to > t.moment
        union all
        select r.id, h.place_id, h.path, r.verbs, r.second_factor, null
        from role r, lateral (${registeredPlaces({ person: 'a.person_id', day: 't.day' }, district)}) h
        where r.district_id = s.district_id and r.id = 'member'
      ) g) as mandates
    from (select ${moment()} as moment, (${moment()} at time zone 'Asia/Shanghai')::date as day) t
      left join (session s join account a on a.district_id = s.district_id and a.id = s.account_id)
        on s.district_id = ${district} and s.token_hash = ${hash} and s.ended_at is null`.compile(drafting)

export const grantsOf = (mandates: readonly MandateNow[]): Grant[] =>
  mandates.map((m) => ({
    role: m.role,
    unitId: m.unitId,
    verbs: m.verbs,
    ranges: [m.path, ...(m.serves ?? [])].map(subtree),
  }))

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
export const dropSessionsBefore = (tx: Conn, instant: string) =>
  tx.db
    .deleteFrom('session')
    .where('district_id', '=', tx.district)
    .where((e) => e.or([e('ended_at', '<', instant), e('expires_at', '<', instant)]))
    .execute()
