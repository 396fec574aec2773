import { sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type Range, subtree, visibleTo } from '#core/permissions.ts'
import type { ListMandatesQuery, Role } from '../contract.ts'
import { wantsSecondFactor } from '../ties.ts'
import type { Conn } from './sessions.ts'

/** How officials and the database say "without end". */
export const FOREVER = 'infinity'
export const endOf = (valid_to: string): string | null => (valid_to === FOREVER ? null : valid_to)

export async function findRole(tx: Conn, roleId: string): Promise<Role | undefined> {
  return (await findRoles(tx)).find((r) => r.id === roleId)
}

export async function findRoles(tx: Conn): Promise<Role[]> {
  const rows = await tx.db
    .selectFrom('role')
    .select(['id', 'name', 'verbs', 'officer'])
    .where('district_id', '=', tx.district)
    .orderBy('id')
    .execute()
  return rows.map(({ officer, ...r }) => {
    const role = { ...r, officer: officer as Role['officer'] }
    return { ...role, secondFactor: wantsSecondFactor(role) }
  })
}

/** What a mandate at a unit would reach on a day: its subtree and the places its organisation serves. */
export async function reachOf(tx: Tx, unitId: string, path: string): Promise<Range[]> {
  const rows = await tx.db
    .selectFrom('unit_link as l')
    .innerJoin('unit as p', (j) => j.onRef('p.district_id', '=', 'l.district_id').onRef('p.id', '=', 'l.to_id'))
    .where('l.district_id', '=', tx.district)
    .where('l.from_id', '=', unitId)
    .where('l.kind', '=', 'serves')
    .where('l.valid_from', '<=', tx.today)
    .where('l.valid_to', '>', tx.today)
    .select('p.path')
    .execute()
  return [path, ...rows.map((r) => r.path)].map(subtree)
}

export interface NewMandate {
  accountId: string
  role: Pick<Role, 'id' | 'officer'>
  unitId: string
  from: string
  to: string | null
  grantedBy: string | null
  delegatedFrom?: string | null
}

export async function insertMandate(tx: Conn, m: NewMandate): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('mandate')
    .values({
      district_id: tx.district,
      id,
      account_id: m.accountId,
      role_id: m.role.id,
      officer: m.role.officer,
      unit_id: m.unitId,
      valid_from: m.from,
      valid_to: m.to ?? FOREVER,
      granted_by: m.grantedBy,
      delegated_from: m.delegatedFrom ?? null,
    })
    .execute()
  return id
}

const joined = (tx: Tx) =>
  tx.db
    .selectFrom('mandate as m')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'm.district_id').onRef('u.id', '=', 'm.unit_id'))
    .innerJoin('account as a', (j) => j.onRef('a.district_id', '=', 'm.district_id').onRef('a.id', '=', 'm.account_id'))
    .innerJoin('role as r', (j) => j.onRef('r.district_id', '=', 'm.district_id').onRef('r.id', '=', 'm.role_id'))
    .leftJoin('account as g', (j) => j.onRef('g.district_id', '=', 'm.district_id').onRef('g.id', '=', 'm.granted_by'))
    .where('m.district_id', '=', tx.district)

export type MandateRow = NonNullable<Awaited<ReturnType<typeof findMandate>>>

/** One mandate with what belongs to it, its row held until the end of the transaction. */
export const findMandate = (tx: Tx, mandateId: string) =>
  joined(tx)
    .where('m.id', '=', mandateId)
    .select(['m.id', 'm.account_id as accountId', 'm.role_id as roleId', 'm.officer', 'm.unit_id as unitId', 'u.path'])
    .select([
      'm.valid_from as from',
      'm.valid_to as to',
      'm.granted_by as grantedBy',
      'm.delegated_from as delegatedFrom',
    ])
    .forUpdate('m')
    .executeTakeFirst()

export async function findMandates(tx: Tx, query: ListMandatesQuery, within: string | null) {
  let q = joined(tx).where(visibleTo(tx.actor, 'account.read', 'u.path'))
  if (query.when !== 'all') q = q.where('m.valid_to', '>', tx.now)
  if (query.account) q = q.where('m.account_id', '=', query.account)
  if (query.role) q = q.where('m.role_id', '=', query.role)
  if (within !== null) q = q.where(sql<boolean>`u.path >= ${within} and u.path < ${`${within.slice(0, -1)}/`}`)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(['m.id', 'm.account_id as accountId', 'a.login', 'a.name', 'm.role_id as role', 'r.name as roleName'])
    .select([
      'm.officer',
      'm.unit_id as unitId',
      'u.name as unitName',
      'u.path',
      'm.valid_from as from',
      'm.valid_to as to',
    ])
    .select(['g.name as grantedBy', sql<boolean>`m.delegated_from is not null`.as('delegated')])
    .orderBy('u.path')
    .orderBy('m.valid_from', 'desc')
    .orderBy('m.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows }
}

/** Mandates of one account, for its own holder. */
export const findMandatesOf = (tx: Tx, accountId: string) =>
  joined(tx)
    .where('m.account_id', '=', accountId)
    .select([
      'm.id',
      'm.unit_id as unitId',
      'm.delegated_from as delegatedFrom',
      'm.officer',
      'r.name as roleName',
      'u.name as unitName',
      'm.valid_from as from',
      'm.valid_to as to',
      'g.name as grantedBy',
    ])
    .orderBy('m.valid_from', 'desc')
    .execute()

/** What one account lent to others, not over yet. */
export const findLentBy = (tx: Tx, accountId: string) =>
  joined(tx)
    .innerJoin('mandate as o', (j) =>
      j.onRef('o.district_id', '=', 'm.district_id').onRef('o.id', '=', 'm.delegated_from'),
    )
    .innerJoin('account as h', (j) => j.onRef('h.district_id', '=', 'm.district_id').onRef('h.id', '=', 'm.account_id'))
    .where('o.account_id', '=', accountId)
    .where('m.valid_to', '>', tx.now)
    .select(['m.id', 'r.name as roleName', 'u.name as unitName', 'm.valid_to as to', 'h.name as holder'])
    .orderBy('m.valid_to')
    .execute()

/** Ends a mandate and everything delegated from it, at once; returns how many. */
export async function endMandates(tx: Tx, mandateId: string): Promise<number> {
  const { numUpdatedRows } = await tx.db
    .updateTable('mandate')
    .set({ valid_to: sql`greatest(valid_from, ${tx.now}::timestamptz)` })
    .where('district_id', '=', tx.district)
    .where((e) => e.or([e('id', '=', mandateId), e('delegated_from', '=', mandateId)]))
    .where('valid_to', '>', tx.now)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** In force by the clock, not by the time the transaction began: who was waited for may have begun later and ended his first. */
const officersNow = (tx: Tx) => {
  const now = sql<string>`greatest(${tx.now}::timestamptz, clock_timestamp())`
  return tx.db
    .selectFrom('mandate as m')
    .where('m.district_id', '=', tx.district)
    .where('m.officer', 'is not', null)
    .where('m.valid_from', '<=', now)
    .where('m.valid_to', '>', now)
}

/** Makes everybody who takes an officer away wait for the one before: who is left is counted after that. */
export const holdOfficers = (tx: Tx) => officersNow(tx).select('m.id').orderBy('m.id').forUpdate().execute()

/** Which of the three would be nobody's, were this account (or only this mandate of it) gone. */
export async function leftWithout(tx: Tx, gone: { accountId: string; mandateId?: string }): Promise<string | null> {
  const rows = await officersNow(tx)
    .innerJoin('account as a', (j) => j.onRef('a.district_id', '=', 'm.district_id').onRef('a.id', '=', 'm.account_id'))
    .select(['m.officer', 'm.id', 'm.account_id as accountId'])
    .select(sql<boolean>`a.disabled_at is null and a.password_hash is not null`.as('able'))
    .execute()
  const isGone = (r: (typeof rows)[number]) =>
    gone.mandateId ? r.id === gone.mandateId : r.accountId === gone.accountId
  const lost = rows.filter((r) => r.able && isGone(r)).map((r) => r.officer)
  return lost.find((officer) => !rows.some((r) => r.able && r.officer === officer && !isGone(r))) ?? null
}

export interface NewRequest {
  accountId: string
  roleId: string
  unitId: string
  from: string
  to: string | null
  reason: string
  hash: string
  askedBy: string
}

export async function insertRequest(tx: Tx, r: NewRequest): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('mandate_request')
    .values({
      district_id: tx.district,
      id,
      account_id: r.accountId,
      role_id: r.roleId,
      unit_id: r.unitId,
      valid_from: r.from,
      valid_to: r.to ?? FOREVER,
      reason: r.reason,
      content_hash: r.hash,
      asked_by: r.askedBy,
      asked_at: tx.now,
    })
    .execute()
  return id
}

const requests = (tx: Tx) =>
  tx.db
    .selectFrom('mandate_request as q')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'q.district_id').onRef('u.id', '=', 'q.unit_id'))
    .innerJoin('account as a', (j) => j.onRef('a.district_id', '=', 'q.district_id').onRef('a.id', '=', 'q.account_id'))
    .innerJoin('account as b', (j) => j.onRef('b.district_id', '=', 'q.district_id').onRef('b.id', '=', 'q.asked_by'))
    .innerJoin('role as r', (j) => j.onRef('r.district_id', '=', 'q.district_id').onRef('r.id', '=', 'q.role_id'))
    .where('q.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'mandate.confirm', 'u.path'))
    .select(['q.id', 'q.account_id as accountId', 'a.login', 'a.name', 'q.role_id as role', 'r.name as roleName'])
    .select([
      'q.unit_id as unitId',
      'u.name as unitName',
      'u.path',
      'q.valid_from as from',
      'q.valid_to as to',
      'q.reason',
    ])
    .select(['q.content_hash as hash', 'q.asked_by as askedById', 'b.name as askedBy', 'q.asked_at as askedAt'])
    .select(['q.decided_at as decidedAt', 'a.person_id as personId', 'b.person_id as askerPersonId'])

export type RequestRow = NonNullable<Awaited<ReturnType<typeof findRequest>>>

export const findRequest = (tx: Tx, requestId: string) =>
  requests(tx).where('q.id', '=', requestId).forUpdate('q').executeTakeFirst()

export const findRequests = (tx: Tx) =>
  requests(tx).where('q.decided_at', 'is', null).orderBy('q.asked_at').limit(500).execute()

export const decideRequest = (tx: Tx, requestId: string, decided: { by: string; mandateId: string | null }) =>
  tx.db
    .updateTable('mandate_request')
    .set({
      decided_by: decided.by,
      decided_at: tx.now,
      granted: decided.mandateId !== null,
      mandate_id: decided.mandateId,
    })
    .where('district_id', '=', tx.district)
    .where('id', '=', requestId)
    .execute()
