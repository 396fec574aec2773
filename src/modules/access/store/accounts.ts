import { sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type Grant, rangesOf, visibleTo } from '#core/permissions.ts'
import { type ListAccountsQuery, type PackRole, fail } from '../contract.ts'
import { coversDistrict, REMEMBERED_PASSWORDS } from '../rules.ts'
import { wantsSecondFactor } from '../ties.ts'
import type { Conn } from './sessions.ts'

const ofAccount = (tx: Conn, accountId: string) =>
  tx.db.updateTable('account').where('district_id', '=', tx.district).where('id', '=', accountId)

export type AccountRow = NonNullable<Awaited<ReturnType<typeof findAccountById>>>

export const findAccount = (tx: Conn, login: string) =>
  tx.db
    .selectFrom('account')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('login', '=', login.toLowerCase())
    .executeTakeFirst()

export const findAccountById = (tx: Conn, accountId: string) =>
  tx.db
    .selectFrom('account')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', accountId)
    .executeTakeFirst()

/** Accounts that somebody holding `verb` may see: those whose unit lies in his ranges, and unplaced ones for who covers the district. */
const seenBy = (tx: Tx, verb: string) => {
  const unplaced = coversDistrict(rangesOf(tx.actor, verb))
  return sql<boolean>`(${visibleTo(tx.actor, verb, 'u.path')} or (a.unit_id is null and ${unplaced}::boolean))`
}

const joined = (tx: Tx) =>
  tx.db
    .selectFrom('account as a')
    .leftJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'a.district_id').onRef('u.id', '=', 'a.unit_id'))
    .where('a.district_id', '=', tx.district)

/** An account through what the asker may see. @throws core.not-found outside */
export async function findAccountSeen(tx: Tx, accountId: string, verb: string) {
  return joined(tx)
    .where('a.id', '=', accountId)
    .where(seenBy(tx, verb))
    .selectAll('a')
    .select('u.path as unitPath')
    .forUpdate('a')
    .executeTakeFirst()
}

const stateOf = sql<string>`case when a.disabled_for = 'officer' then 'disabled' when a.disabled_for = 'idle' then 'retired' when a.password_hash is null then 'invited' else 'active' end`

export async function findAccounts(tx: Tx, query: ListAccountsQuery, within: string | null) {
  let q = joined(tx).where(seenBy(tx, 'account.read'))
  if (query.state) q = q.where(stateOf, '=', query.state)
  if (within !== null) q = q.where(sql<boolean>`u.path >= ${within} and u.path < ${`${within.slice(0, -1)}/`}`)
  if (query.search) {
    const like = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
    q = q.where((e) => e.or([e('a.name', 'like', like), e('a.login', 'like', like.toLowerCase())]))
  }
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(['a.id', 'a.login', 'a.name', 'a.person_id as personId', 'a.unit_id as unitId', 'u.name as unitName'])
    .select(['u.path as unitPath', 'a.last_used_at as lastUsedAt', 'a.created_at as createdAt'])
    .select([stateOf.as('state'), sql<boolean>`a.totp_sealed is not null`.as('secondFactor')])
    .select([
      sql<number>`(select count(*) from mandate m where m.district_id = a.district_id and m.account_id = a.id and m.valid_from <= ${tx.now} and m.valid_to > ${tx.now})`.as(
        'mandates',
      ),
      sql<number>`(select count(*) from session s where s.district_id = a.district_id and s.account_id = a.id and s.ended_at is null and s.expires_at > ${tx.now})`.as(
        'sessions',
      ),
      sql<
        string | null
      >`(select max(f.locked_until) from login_failure f where f.district_id = a.district_id and f.account_id = a.id and f.locked_until > ${tx.now})`.as(
        'lockedUntil',
      ),
    ])
    .orderBy('u.path', (o) => o.asc().nullsFirst())
    .orderBy('a.login')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows }
}

/** True when a mandate, in force or planned, demands a second factor. */
export async function needsSecondFactor(tx: Conn, accountId: string, now: string): Promise<boolean> {
  const roles = await tx.db
    .selectFrom('mandate as m')
    .innerJoin('role as r', (j) => j.onRef('r.district_id', '=', 'm.district_id').onRef('r.id', '=', 'm.role_id'))
    .where('m.district_id', '=', tx.district)
    .where('m.account_id', '=', accountId)
    .where('m.valid_to', '>', now)
    .select(['r.officer', 'r.verbs'])
    .execute()
  return roles.some(wantsSecondFactor)
}

/** Words a password may not contain: login, names, the units of the account, the district (AU-08). */
export async function contextWords(tx: Conn, account: { id: string; login: string; name: string }): Promise<string[]> {
  const { rows } = await sql<{ name: string; pinyin: string }>`
    select u.name, u.pinyin from unit u where u.district_id = ${tx.district} and u.id in (
      select unit_id from mandate where district_id = ${tx.district} and account_id = ${account.id}
      union all select unit_id from account where district_id = ${tx.district} and id = ${account.id})
    union all select d.name, '' from district d where d.id = ${tx.district}`.execute(tx.db)
  return [account.login, account.name, ...rows.flatMap((r) => [r.name, ...r.pinyin.split(' ')])].filter(
    (w) => w.length > 0,
  )
}

/** Notes a good sign-in; false when the same code was used at the same moment elsewhere. */
export async function noteSuccess(
  tx: Conn,
  accountId: string,
  good: { now: string; step: number; revive: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await ofAccount(tx, accountId)
    .where((e) => (good.step > 0 ? e('totp_last_step', '<', good.step) : e.val(true)))
    .set({ last_used_at: good.now, ...(good.step > 0 ? { totp_last_step: good.step } : {}) })
    .set(good.revive ? { disabled_at: null, disabled_for: null, must_change_password: true } : {})
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Replaces the password only while it is still the one that was judged; a second change at once loses. */
export async function replacePassword(
  tx: Conn,
  account: { id: string; passwordHash: string | null; previous: readonly string[] },
  fresh: { hash: string; now: string },
): Promise<boolean> {
  const previous = [account.passwordHash, ...account.previous].filter((h) => h !== null).slice(0, REMEMBERED_PASSWORDS)
  const { numUpdatedRows } = await ofAccount(tx, account.id)
    .where(sql<boolean>`password_hash is not distinct from ${account.passwordHash}`)
    .set({
      password_hash: fresh.hash,
      password_changed_at: fresh.now,
      must_change_password: false,
      previous_hashes: previous,
      last_used_at: fresh.now,
    })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The same password at today's cost. */
export const rehash = (tx: Conn, accountId: string, hash: { old: string; fresh: string }) =>
  ofAccount(tx, accountId).where('password_hash', '=', hash.old).set({ password_hash: hash.fresh }).execute()

export const setPendingTotp = (tx: Conn, accountId: string, sealed: Buffer) =>
  ofAccount(tx, accountId).set({ totp_pending: sealed }).execute()

export const setTotp = (tx: Conn, accountId: string, totp: { sealed: Buffer | null; step: number }) =>
  ofAccount(tx, accountId).set({ totp_sealed: totp.sealed, totp_pending: null, totp_last_step: totp.step }).execute()

export const setDisabled = (tx: Conn, accountId: string, disabled: { at: string; why: 'officer' | 'idle' } | null) =>
  ofAccount(tx, accountId)
    .set({ disabled_at: disabled?.at ?? null, disabled_for: disabled?.why ?? null })
    .set(disabled ? {} : { must_change_password: true })
    .execute()

/** Accounts with a password that nobody used since `before`. */
export const findUnused = (tx: Conn, before: string) =>
  tx.db
    .selectFrom('account')
    .select(['id', 'name'])
    .where('district_id', '=', tx.district)
    .where('disabled_at', 'is', null)
    .where('password_hash', 'is not', null)
    .where(sql<boolean>`greatest(coalesce(last_used_at, created_at), password_changed_at) < ${before}`)
    .execute()

export interface NewInvitation {
  hash: string
  accountId: string
  madeBy: string | null
  now: string
  expiresAt: string
}

const openInvitations = (tx: Conn, accountId: string) =>
  tx.db
    .updateTable('invitation')
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)

export const voidInvitations = (tx: Conn, accountId: string, now: string) =>
  openInvitations(tx, accountId).set({ voided_at: now }).execute()

/** A newer invitation voids the older. */
export async function insertInvitation(tx: Conn, i: NewInvitation) {
  await voidInvitations(tx, i.accountId, i.now)
  const row = { district_id: tx.district, token_hash: i.hash, account_id: i.accountId, made_by: i.madeBy }
  await tx.db
    .insertInto('invitation')
    .values({ ...row, made_at: i.now, expires_at: i.expiresAt })
    .execute()
}

/** An invitation that can still be used; the same nothing for every other. */
export const findInvitation = (tx: Conn, hash: string, now: string) =>
  tx.db
    .selectFrom('invitation as i')
    .innerJoin('account as a', (j) => j.onRef('a.district_id', '=', 'i.district_id').onRef('a.id', '=', 'i.account_id'))
    .where('i.district_id', '=', tx.district)
    .where('i.token_hash', '=', hash)
    .where('i.used_at', 'is', null)
    .where('i.voided_at', 'is', null)
    .where('i.expires_at', '>', now)
    .where('a.disabled_at', 'is', null)
    .selectAll('a')
    .select('i.expires_at as expiresAt')
    .executeTakeFirst()

/** One use: false when somebody was faster. */
export async function useInvitation(tx: Conn, hash: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('invitation')
    .where('district_id', '=', tx.district)
    .where('token_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)
    .where('expires_at', '>', now)
    .set({ used_at: now })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const insertRoles = (tx: Conn, roles: readonly PackRole[]) =>
  insertMany(
    tx.db,
    'role',
    roles.map((r) => ({ district_id: tx.district, ...r })),
  )

export interface NewAccount {
  id?: string
  login: string
  name: string
  personId: string | null
  /** Where the holder works; the unit of the first mandate when absent. */
  unitId?: string | null
  /** null until an invitation is accepted */
  passwordHash: string | null
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
      login: a.login.toLowerCase(),
      person_id: a.personId,
      unit_id: a.unitId ?? a.mandates[0]?.unitId ?? null,
      name: a.name,
      password_hash: a.passwordHash,
      password_changed_at: now,
      must_change_password: a.mustChange,
      previous_hashes: [],
      totp_sealed: a.totpSealed,
      totp_last_step: 0,
      created_at: now,
    })),
  )
  const mandates = rows.flatMap((a) => a.mandates.map((m) => ({ ...m, account: a.id })))
  await insertMany(
    tx.db,
    'mandate',
    mandates.map((m) => ({
      district_id: tx.district,
      id: newId(),
      account_id: m.account,
      role_id: m.roleId,
      officer: m.officer,
      unit_id: m.unitId,
      valid_from: now,
      valid_to: 'infinity',
    })),
  )
  return rows.map((a) => a.id)
}

export async function findMe(tx: Conn, accountId: string, grants: readonly Grant[]) {
  const account = await findAccountById(tx, accountId)
  if (!account) throw fail('account-state')
  const district = await tx.db
    .selectFrom('district')
    .select(['code', 'name'])
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  const all = await tx.db.selectFrom('role').select(['id', 'name']).where('district_id', '=', tx.district).execute()
  const unitIds = grants.map((g) => g.unitId)
  const units = await tx.db
    .selectFrom('unit')
    .select(['id', 'name', 'tree', 'path'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${unitIds})`)
    .execute()
  return {
    account,
    district,
    roles: new Map(all.map((r) => [r.id, r.name])),
    units: new Map(units.map((u) => [u.id, u])),
  }
}
