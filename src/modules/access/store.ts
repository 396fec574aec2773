import { type Kysely, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import { newId } from '#core/ids.ts'
import { type Grant, subtree } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import { registeredPlaces } from '#modules/people/index.ts'
import type { Role } from './contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface SessionRow {
  accountId: string
  personId: string | null
  name: string
  disabledAt: string | null
  startedAt: string
  usedAt: string
  expiresAt: string
  provedAt: string
  secondFactor: boolean
  mandates: MandateNow[]
}

interface MandateNow {
  role: string
  unitId: string
  path: string
  verbs: string[]
  secondFactor: boolean
  serves: string[] | null
}

/** Session, account and mandates in force, in one statement, inside the transaction of the work: a revoked right is gone at once. */
export async function findSession(tx: Conn, hash: string, now: string, today: string): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`
    select s.account_id as "accountId", a.person_id as "personId", a.name, a.disabled_at as "disabledAt", s.started_at as "startedAt",
      s.used_at as "usedAt", s.expires_at as "expiresAt", s.proved_at as "provedAt", s.second_factor as "secondFactor",
      (select coalesce(json_agg(g), '[]') from (
        select m.role_id as role, m.unit_id as "unitId", u.path, r.verbs, r.second_factor as "secondFactor",
          (select array_agg(p.path) from unit_link l join unit p on p.district_id = l.district_id and p.id = l.to_id
            where l.district_id = m.district_id and l.from_id = m.unit_id and l.kind = 'serves' and l.valid_from <= ${today}::date and l.valid_to > ${today}::date) as serves
        from mandate m join role r on r.district_id = m.district_id and r.id = m.role_id join unit u on u.district_id = m.district_id and u.id = m.unit_id
        where m.district_id = s.district_id and m.account_id = s.account_id and m.valid_from <= ${now} and m.valid_to > ${now}
        union all
        select r.id, h.place_id, h.path, r.verbs, r.second_factor, null
        from role r, lateral (${registeredPlaces('a.person_id', tx.district, today)}) h
        where r.district_id = s.district_id and r.id = 'member'
      ) g) as mandates
    from session s join account a on a.district_id = s.district_id and a.id = s.account_id
    where s.district_id = ${tx.district} and s.token_hash = ${hash} and s.ended_at is null`.execute(tx.db)
  return rows[0]
}

export const grantsOf = (mandates: readonly MandateNow[]): Grant[] =>
  mandates.map((m) => ({ role: m.role, unitId: m.unitId, verbs: m.verbs, ranges: [m.path, ...(m.serves ?? [])].map(subtree) }))

export const touchSession = (tx: Conn, hash: string, now: string) =>
  tx.db.updateTable('session').set({ used_at: now }).where('district_id', '=', tx.district).where('token_hash', '=', hash).execute()

export const findAccount = (tx: Conn, login: string) =>
  tx.db.selectFrom('account').selectAll().where('district_id', '=', tx.district).where('login', '=', login.toLowerCase()).executeTakeFirst()

/** True when any mandate in force demands a second factor. */
export async function needsSecondFactor(tx: Conn, accountId: string, now: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('mandate as m')
    .innerJoin('role as r', (j) => j.onRef('r.district_id', '=', 'm.district_id').onRef('r.id', '=', 'm.role_id'))
    .where('m.district_id', '=', tx.district)
    .where('m.account_id', '=', accountId)
    .where('m.valid_to', '>', now)
    .where('r.second_factor', '=', true)
    .select('m.id')
    .executeTakeFirst()
  return row !== undefined
}

export const noteFailure = (tx: Conn, accountId: string, lockedUntil: string) =>
  tx.db
    .updateTable('account')
    .set({ failures: sql`case when failures >= 4 then 0 else failures + 1 end`, locked_until: sql`case when failures >= 4 then ${lockedUntil}::timestamptz else locked_until end` })
    .where('district_id', '=', tx.district)
    .where('id', '=', accountId)
    .execute()

export const noteSuccess = (tx: Conn, accountId: string, now: string, totpStep: number) =>
  tx.db
    .updateTable('account')
    .set({ failures: 0, locked_until: null, last_used_at: now, totp_last_step: sql`greatest(totp_last_step, ${totpStep}::bigint)` })
    .where('district_id', '=', tx.district)
    .where('id', '=', accountId)
    .execute()

export interface NewSession {
  hash: string
  accountId: string
  now: string
  expiresAt: string
  secondFactor: boolean
  kind: 'cookie' | 'token'
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
      address: s.address,
    })
    .execute()

export const endSession = (tx: Conn, hash: string, now: string) =>
  tx.db.updateTable('session').set({ ended_at: now }).where('district_id', '=', tx.district).where('token_hash', '=', hash).execute()

export const insertRoles = (tx: Conn, roles: readonly Role[]) =>
  insertMany(
    tx.db,
    'role',
    roles.map((r) => ({ district_id: tx.district, id: r.id, name: r.name, verbs: r.verbs, officer: r.officer, second_factor: r.secondFactor })),
  )

export interface NewAccount {
  id?: string
  login: string
  name: string
  personId: string | null
  passwordHash: string
  totpSealed: Buffer | null
  mustChange: boolean
  mandates: { roleId: string; unitId: string; officer: string | null }[]
}

export async function insertAccounts(tx: Conn, now: string, accounts: readonly NewAccount[]): Promise<string[]> {
  const rows = accounts.map((a) => ({ ...a, id: a.id ?? newId() }))
  await insertMany(
    tx.db,
    'account',
    rows.map((a) => ({
      district_id: tx.district,
      id: a.id,
      login: a.login,
      person_id: a.personId,
      name: a.name,
      password_hash: a.passwordHash,
      password_changed_at: now,
      must_change_password: a.mustChange,
      previous_hashes: [],
      totp_sealed: a.totpSealed,
      totp_last_step: 0,
      failures: 0,
      created_at: now,
    })),
  )
  await insertMany(
    tx.db,
    'mandate',
    rows.flatMap((a) =>
      a.mandates.map((m) => ({
        district_id: tx.district,
        id: newId(),
        account_id: a.id,
        role_id: m.roleId,
        officer: m.officer,
        unit_id: m.unitId,
        valid_from: now,
        valid_to: 'infinity',
      })),
    ),
  )
  return rows.map((a) => a.id)
}

export async function findMe(tx: Conn, accountId: string, grants: readonly Grant[]) {
  const account = await tx.db.selectFrom('account').select(['name', 'person_id', 'must_change_password']).where('district_id', '=', tx.district).where('id', '=', accountId).executeTakeFirstOrThrow()
  const district = await tx.db.selectFrom('district').select(['code', 'name']).where('id', '=', tx.district).executeTakeFirstOrThrow()
  const roles = new Map((await tx.db.selectFrom('role').select(['id', 'name']).where('district_id', '=', tx.district).execute()).map((r) => [r.id, r.name]))
  const unitIds = grants.map((g) => g.unitId)
  const units = new Map(
    (await tx.db.selectFrom('unit').select(['id', 'name', 'tree', 'path']).where('district_id', '=', tx.district).where('id', '=', sql<string>`any(${unitIds})`).execute()).map((u) => [u.id, u]),
  )
  return { account, district, roles, units }
}
