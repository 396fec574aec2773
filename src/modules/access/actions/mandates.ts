// Who may do what where: granted by the security officer, delegated by holders, officers' mandates confirmed by a second officer.
import type { Context, Tx } from '#core/context.ts'
import { sm3 } from '#core/crypto.ts'
import { fail as coreFail } from '#core/errors.ts'
import { can, type Range, rangesOf } from '#core/permissions.ts'
import { findUnit, getUnitFor } from '#modules/units/index.ts'
import {
  type DecideMandate,
  type DelegateMandate,
  fail,
  type Granted,
  type GrantMandate,
  type ListMandatesQuery,
  type Mandate,
  type MandateRequest,
  type Role,
} from '../contract.ts'
import { delegationFault, termFault } from '../rules.ts'
import {
  decideRequest,
  endMandates,
  endOf,
  findAccount,
  findMandate,
  findMandates,
  findRequest,
  findRequests,
  findRole,
  findRoles,
  insertMandate,
  insertRequest,
  type MandateRow,
  reachOf,
  type RequestRow,
} from '../store.ts'
import { accountWithin, unitWithin } from './accounts.ts'
import { clash, mustLeaveOfficers, ownAccount } from './shared.ts'

type Holder = {
  id: string
  person_id: string | null
  disabled_at: string | null
  password_hash: string | null
  totp_sealed: Buffer | null
}

/** A new mandate never reaches beyond the grantor's own: subtree and served places alike. */
function refuseBeyond(reach: readonly Range[], own: readonly Range[]) {
  if (!reach.every((r) => own.some((o) => r.from >= o.from && r.to <= o.to))) throw fail('beyond-own')
}

function refuseHolder(tx: Tx, holder: Holder, role: Role) {
  const self = holder.id === tx.actor.accountId || (holder.person_id !== null && holder.person_id === tx.actor.personId)
  if (self) throw fail('self-grant')
  if (holder.disabled_at) throw fail('account-state')
  // Before the invitation is accepted nothing is missing yet: accepting it enrols the second factor.
  if (role.secondFactor && holder.password_hash && !holder.totp_sealed)
    throw fail('second-factor-missing', { role: role.name })
}

const getRole = async (tx: Tx, roleId: string): Promise<Role> => {
  const role = await findRole(tx, roleId)
  if (!role) throw coreFail('not-found')
  return role
}

/** What both officers saw, hashed: a request whose content differs is another request (AZ-31). */
const contentHash = (r: {
  accountId: string
  role: string
  unitId: string
  from: string
  to: string | null
  reason: string
}) => sm3(JSON.stringify([r.accountId, r.role, r.unitId, r.from, r.to, r.reason]))

/** The security officer gives a role at a unit. An officer's role waits for a second officer (AZ-30). */
export const grantMandate = (ctx: Context, input: GrantMandate): Promise<Granted> =>
  clash(
    ctx.write('mandate.grant', 'mandate.grant', async (tx) => {
      const unit = await unitWithin(tx, 'mandate.grant', input.unitId)
      const account = await accountWithin(tx, 'account.read', input.accountId)
      const role = await getRole(tx, input.role)
      refuseHolder(tx, account, role)
      refuseBeyond(await reachOf(tx, unit.id, unit.path), rangesOf(tx.actor, 'mandate.grant'))
      const term = { from: input.from ?? tx.now, to: input.to ?? null }
      if (termFault(term, tx.now)) throw fail('wrong-term')
      const wish = { accountId: account.id, unitId: unit.id, ...term }
      const change = {
        role: [null, role.id],
        unit: [null, unit.id],
        from: [null, term.from],
        to: [null, term.to],
        waits: role.officer !== null,
      }
      tx.record({ subject: { kind: 'account', id: account.id }, path: unit.path, change, reason: input.reason })
      if (role.officer) {
        const hash = contentHash({ ...wish, role: role.id, reason: input.reason })
        const asked = { ...wish, roleId: role.id, reason: input.reason, hash, askedBy: ownAccount(tx) }
        return { mandateId: null, requestId: await insertRequest(tx, asked) }
      }
      return { mandateId: await insertMandate(tx, { ...wish, role, grantedBy: tx.actor.accountId }), requestId: null }
    }),
  )

function refuseDecider(tx: Tx, request: RequestRow) {
  const me = ownAccount(tx)
  const person = tx.actor.personId
  const same = (account: string, personId: string | null) => account === me || (person !== null && person === personId)
  if (same(request.askedById, request.askerPersonId)) throw fail('same-officer')
  if (same(request.accountId, request.personId)) throw fail('self-grant')
}

/** A second officer confirms or declines exactly what he saw (AZ-30, AZ-31). */
export const decideMandate = (
  ctx: Context,
  requestId: string,
  input: DecideMandate,
): Promise<{ mandateId: string | null }> =>
  clash(
    ctx.write('mandate.confirm', 'mandate.decide', async (tx) => {
      const request = await findRequest(tx, requestId)
      if (!request) throw coreFail('not-found')
      if (request.decidedAt) throw fail('already-decided')
      refuseDecider(tx, request)
      const { accountId, unitId, reason, from } = request
      const to = endOf(request.to)
      if (
        input.hash !== request.hash ||
        contentHash({ accountId, role: request.role, unitId, from, to, reason }) !== request.hash
      )
        throw fail('content-changed')
      const role = await getRole(tx, request.role)
      const start = from > tx.now ? from : tx.now
      if (input.granted && termFault({ from: start, to }, tx.now)) throw fail('wrong-term')
      const wish = { accountId, role, unitId, from: start, to, grantedBy: request.askedById }
      const mandateId = input.granted ? await insertMandate(tx, wish) : null
      await decideRequest(tx, request.id, { by: ownAccount(tx), mandateId })
      const change = { role: [null, role.id], unit: [null, unitId], granted: input.granted, request: request.id }
      tx.record({ subject: { kind: 'account', id: accountId }, path: request.path, change, reason })
      return { mandateId }
    }),
  )

/** A holder lets somebody stand in for him: his own role, at his unit or below, for a time. */
export const delegateMandate = (ctx: Context, mandateId: string, input: DelegateMandate): Promise<Granted> =>
  clash(
    ctx.write(null, 'mandate.delegate', async (tx) => {
      const own = await findMandate(tx, mandateId)
      if (!own || own.accountId !== ownAccount(tx) || own.from > tx.now || (endOf(own.to) ?? tx.now) < tx.now)
        throw coreFail('not-found')
      if (own.delegatedFrom || own.officer) throw fail('beyond-own')
      const role = await getRole(tx, own.roleId)
      const reach = await reachOf(tx, own.unitId, own.path)
      const unit = await findUnit(tx, input.unitId)
      if (!unit || unit.closedOn || !reach.some((r) => unit.path >= r.from && unit.path < r.to))
        throw coreFail('not-found')
      const account = await findAccount(tx, input.login)
      if (!account) throw coreFail('not-found')
      refuseHolder(tx, account, role)
      refuseBeyond(await reachOf(tx, unit.id, unit.path), reach)
      const term = { from: input.from ?? tx.now, to: input.to }
      if (termFault(term, tx.now)) throw fail('wrong-term')
      if (delegationFault(term, { from: own.from, to: endOf(own.to) })) throw fail('beyond-own')
      const change = {
        role: [null, role.id],
        unit: [null, unit.id],
        from: [null, term.from],
        to: [null, term.to],
        delegatedFrom: own.id,
      }
      tx.record({ subject: { kind: 'account', id: account.id }, path: unit.path, change, reason: input.reason })
      const wish = {
        accountId: account.id,
        role,
        unitId: unit.id,
        ...term,
        grantedBy: tx.actor.accountId,
        delegatedFrom: own.id,
      }
      return { mandateId: await insertMandate(tx, wish), requestId: null }
    }),
  )

const isOver = (m: { to: string }, now: string) => (endOf(m.to) ?? `${now}~`) <= now

/** The security officer ends any mandate; who delegated one, and who holds a delegated one, may end that. */
function refuseEnding(tx: Tx, m: MandateRow) {
  const me = ownAccount(tx)
  if (can(tx.actor, 'mandate.grant', m.path)) return
  if (m.delegatedFrom && (m.grantedBy === me || m.accountId === me)) return
  if (m.accountId === me || can(tx.actor, 'account.read', m.path))
    throw coreFail('forbidden', { verb: 'mandate.grant' })
  throw coreFail('not-found')
}

/** Ends a mandate, and with it what was delegated from it, effective on the next request (AZ-21). */
export const endMandate = (ctx: Context, mandateId: string, reason: string): Promise<{ ended: number }> =>
  ctx.write(null, 'mandate.end', async (tx) => {
    const mandate = await findMandate(tx, mandateId)
    if (!mandate) throw coreFail('not-found')
    refuseEnding(tx, mandate)
    if (isOver(mandate, tx.now)) throw fail('already-ended')
    if (mandate.officer) await mustLeaveOfficers(tx, { accountId: mandate.accountId, mandateId: mandate.id })
    const change = { role: [mandate.roleId, null], unit: [mandate.unitId, null], mandate: mandate.id }
    tx.record({ subject: { kind: 'account', id: mandate.accountId }, path: mandate.path, change, reason })
    return { ended: await endMandates(tx, mandate.id) }
  })

export const listMandates = (ctx: Context, query: ListMandatesQuery): Promise<{ rows: Mandate[]; total: number }> =>
  ctx.read('account.read', async (tx) => {
    const within = query.unit ? (await getUnitFor(tx, 'account.read', query.unit)).path : null
    const { rows, total } = await findMandates(tx, query, within)
    const shown = rows.map(({ path, officer, to, ...r }) => ({
      ...r,
      officer: officer as Mandate['officer'],
      to: endOf(to),
      can: tx.allowed(['mandate.grant'], path),
    }))
    return { total, rows: shown }
  })

export const listMandateRequests = (ctx: Context): Promise<{ rows: MandateRequest[]; total: number }> =>
  ctx.read('mandate.confirm', async (tx) => {
    const me = ownAccount(tx)
    const rows = (await findRequests(tx)).map(
      ({ path, askedById, decidedAt: _, personId: __, askerPersonId: ___, to, ...r }) => ({
        ...r,
        to: endOf(to),
        can: askedById === me || r.accountId === me ? [] : tx.allowed(['mandate.confirm'], path),
      }),
    )
    return { rows, total: rows.length }
  })

export const listRoles = (ctx: Context): Promise<{ rows: Role[]; total: number }> =>
  ctx.read('account.read', async (tx) => {
    const rows = await findRoles(tx)
    return { rows, total: rows.length }
  })
