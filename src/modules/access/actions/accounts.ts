// The system officer's room: accounts come and go here, their passwords never do.
import { addDays, addHours } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { tokenHash } from '#core/crypto.ts'
import { fail as coreFail } from '#core/errors.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { can, type Actor } from '#core/permissions.ts'
import { getPerson } from '#modules/people/index.ts'
import { findKinds, findNamable, findUnit, getUnitFor, type UnitNow } from '#modules/units/index.ts'
import {
  type Account,
  type AccountUnitsQuery,
  type CreateAccount,
  fail,
  type Invitation,
  type ListAccountsQuery,
} from '../contract.ts'
import { INVITATION_HOURS, RETIRE_DAYS } from '../rules.ts'
import {
  dropFailuresBefore,
  endSessionsOf,
  findAccounts,
  findAccountSeen,
  findUnused,
  forgetDevices,
  forgetFailures,
  insertAccounts,
  insertInvitation,
  holdOfficers,
  leftWithout,
  setDisabled,
  setTotp,
  voidInvitations,
} from '../store.ts'
import { invitationToken } from './secrets.ts'
import { clash, mustLeaveOfficers, ownAccount } from './shared.ts'

const verbsOfAccount = ['account.write', 'second-factor.clear', 'mandate.grant']

/** A unit in the range of `verb`; outside it is as if there were none. */
export async function unitWithin(tx: Tx, verb: string, unitId: string): Promise<UnitNow> {
  const unit = await findUnit(tx, unitId)
  if (!unit || unit.closedOn || !can(tx.actor, verb, unit.path)) throw coreFail('not-found')
  return unit
}

/** Units an account or a mandate may be at; an officer knows them by name, nothing else of them. [等保 12] */
export const listAccountUnits = (ctx: Context, { search }: AccountUnitsQuery) =>
  ctx.read('account.read', async (tx) => {
    const kinds = await findKinds(tx)
    const rows = await findNamable(tx, { kinds: [], above: [], search, limit: 20, verb: 'account.read' })
    return { rows: rows.map(({ kind, ...u }) => ({ ...u, kindName: kinds.get(kind)?.name ?? '' })) }
  })

type Seen = NonNullable<Awaited<ReturnType<typeof findAccountSeen>>>

/** An account in the range of `verb`, its row held; outside it is as if there were none. */
export async function accountWithin(tx: Tx, verb: string, accountId: string): Promise<Seen> {
  const account = await findAccountSeen(tx, accountId, verb)
  if (!account) throw coreFail('not-found')
  return account
}

const ofAccount = (account: Seen) => ({ subject: { kind: 'account', id: account.id }, path: account.unitPath ?? '' })

async function invite(tx: WriteTx, accountId: string): Promise<Invitation> {
  const token = invitationToken(tx.district)
  const expiresAt = addHours(tx.now, INVITATION_HOURS)
  await insertInvitation(tx, { hash: tokenHash(token), accountId, madeBy: tx.actor.accountId, now: tx.now, expiresAt })
  return { accountId, token, expiresAt }
}

/** Makes an account without a password and an invitation for its holder. */
export const createAccount = (ctx: Context, input: CreateAccount): Promise<Invitation> =>
  clash(
    ctx.write('account.write', 'account.create', async (tx) => {
      const unit = await unitWithin(tx, 'account.write', input.unitId)
      // a record outside his range can't be tied to an account of his making (AZ-06)
      const person = input.personId ? await getPerson(tx, input.personId, { verb: 'account.write' }) : null
      const { login, name } = input
      const empty = { passwordHash: null, totpSealed: null, mustChange: false, mandates: [] }
      const account = { login, name, unitId: unit.id, personId: person?.id ?? null, ...empty }
      const [id] = await insertAccounts(tx, tx.now, [account])
      tx.record({
        subject: { kind: 'account', id: id as string },
        path: unit.path,
        change: { login: [null, login], name: [null, name] },
      })
      return invite(tx, id as string)
    }),
  )

/** A new invitation, after the first was lost or to replace a forgotten password; it voids the older (AU-07, AU-11). */
export const inviteAgain = (ctx: Context, accountId: string): Promise<Invitation> =>
  ctx.write('account.write', 'account.invite', async (tx) => {
    const account = await accountWithin(tx, 'account.write', accountId)
    if (account.disabled_at || account.id === tx.actor.accountId) throw fail('account-state')
    tx.record(ofAccount(account))
    return invite(tx, account.id)
  })

/** Shuts an account at once: sessions, invitations and known browsers end with it (SE-06). */
export const disableAccount = (ctx: Context, accountId: string, reason: string): Promise<void> =>
  ctx.write('account.write', 'account.disable', async (tx) => {
    const account = await accountWithin(tx, 'account.write', accountId)
    if (account.disabled_for === 'officer' || account.id === tx.actor.accountId) throw fail('account-state')
    await mustLeaveOfficers(tx, { accountId: account.id })
    tx.record({ ...ofAccount(account), change: { disabled: [false, true] }, reason })
    await setDisabled(tx, account.id, { at: account.disabled_at ?? tx.now, why: 'officer' })
    await endSessionsOf(tx, account.id, tx.now)
    await voidInvitations(tx, account.id, tx.now)
    await forgetDevices(tx, account.id)
  })

/** Opens an account again; its holder has to change the password first. */
export const enableAccount = (ctx: Context, accountId: string): Promise<void> =>
  clash(
    ctx.write('account.write', 'account.enable', async (tx) => {
      const account = await accountWithin(tx, 'account.write', accountId)
      if (!account.disabled_at) throw fail('account-state')
      tx.record({ ...ofAccount(account), change: { disabled: [true, false] } })
      await setDisabled(tx, account.id, null)
    }),
  )

/** Ends a lock-out before its time, once its owner was recognised; what was tried stays in the history. [等保 5] */
export const releaseAccount = (ctx: Context, accountId: string): Promise<void> =>
  ctx.write('account.write', 'account.release', async (tx) => {
    const account = await accountWithin(tx, 'account.write', accountId)
    if (account.id === tx.actor.accountId) throw fail('account-state')
    tx.record(ofAccount(account))
    await forgetFailures(tx, account.id)
  })

/** Ends every session of an account, effective on its next request. */
export const endSessions = (ctx: Context, accountId: string): Promise<{ sessions: number }> =>
  ctx.write('account.write', 'session.end', async (tx) => {
    const account = await accountWithin(tx, 'account.write', accountId)
    tx.record(ofAccount(account))
    return { sessions: await endSessionsOf(tx, account.id, tx.now) }
  })

/** A lost second factor: the security officer clears it, the system officer invites anew, so neither takes an account alone. */
export const clearSecondFactor = (ctx: Context, accountId: string, reason: string): Promise<void> =>
  ctx.write('second-factor.clear', 'second-factor.clear', async (tx) => {
    const account = await accountWithin(tx, 'second-factor.clear', accountId)
    if (!account.totp_sealed || account.id === ownAccount(tx)) throw fail('account-state')
    tx.record({ ...ofAccount(account), reason })
    await setTotp(tx, account.id, { sealed: null, step: account.totp_last_step })
    await endSessionsOf(tx, account.id, tx.now)
    await voidInvitations(tx, account.id, tx.now)
    await forgetDevices(tx, account.id)
  })

const canOf = (actor: Actor, path: string | null) => verbsOfAccount.filter((v) => can(actor, v, path ?? ''))

export const listAccounts = (ctx: Context, query: ListAccountsQuery): Promise<{ rows: Account[]; total: number }> =>
  ctx.read('account.read', async (tx) => {
    const within = query.unit ? (await getUnitFor(tx, 'account.read', query.unit)).path : null
    const { rows, total } = await findAccounts(tx, query, within)
    const shown = rows.map(({ unitPath, state, ...r }) => ({
      ...r,
      state: state as Account['state'],
      can: canOf(tx.actor, unitPath),
    }))
    return { total, rows: shown }
  })

/** Answers null where the account stays: without the last of an officer nobody could ever open another one (CO-06). */
const retire = (ctx: Context, id: string) =>
  unlessNothing(
    ctx.write(null, 'account.retire', async (tx) => {
      await holdOfficers(tx)
      if (await leftWithout(tx, { accountId: id })) throw NOTHING
      tx.record({ subject: { kind: 'account', id }, path: '', change: { disabled: [false, true] } })
      await setDisabled(tx, id, { at: tx.now, why: 'idle' })
      await endSessionsOf(tx, id, tx.now)
      return true
    }),
  )

/** Nightly: accounts nobody used for 90 days are retired, one entry each (等保 11); old failures are dropped. */
export async function retireIdleAccounts(ctx: Context): Promise<number> {
  const unused = await ctx.read(null, (tx) => findUnused(tx, addHours(tx.now, -RETIRE_DAYS * 24)))
  let retired = 0
  for (const { id } of unused) if (await retire(ctx, id)) retired++
  const { database } = ctx.ground
  const { district } = ctx
  await database.transact({ district, mode: 'write' }, ({ db, now }) =>
    dropFailuresBefore({ db, district }, addDays(now.slice(0, 10), -7)),
  )
  return retired
}
