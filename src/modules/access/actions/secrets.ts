// What only the holder knows: his password and his second factor. No officer ever learns or chooses either.
import { Context, type Tx, type WriteTx } from '#core/context.ts'
import {
  hashPassword,
  passwordFaults,
  randomToken,
  tokenHash,
  totpSecret,
  totpUri,
  totpVerify,
  verifyPassword,
} from '#core/crypto.ts'
import type { Issue } from '#core/errors.ts'
import type { WithCookie } from '#core/http/route.ts'
import {
  type AcceptInvitation,
  type ChangePassword,
  type ConfirmSecondFactor,
  fail,
  type OpenedInvitation,
  type OpenInvitation,
  type SecondFactor,
  type Session,
} from '../contract.ts'
import { REMEMBERED_PASSWORDS } from '../rules.ts'
import {
  type AccountRow,
  contextWords,
  endSessionsOf,
  findAccountById,
  findInvitation,
  findMe,
  forgiveAttempt,
  needsSecondFactor,
  noteSuccess,
  replacePassword,
  setPendingTotp,
  setTotp,
  useInvitation,
} from '../store.ts'
import { actorOf, beginAttempt, codeStep, proveOwner, sessionAnswer, startSession, stranger } from './sessions.ts'
import { ownAccount } from './shared.ts'

const least = { 'too-short': { min: 10 }, 'too-long': { max: 256 } } as Record<string, Record<string, unknown>>

/** Refuses a password that breaks a rule, each rule named (AU-08). */
async function refuseWeak(
  password: string,
  field: string,
  known: { words: readonly string[]; hashes: readonly (string | null)[] },
) {
  const issues: Issue[] = passwordFaults(password, known.words).map((code) => ({
    path: field,
    code,
    params: least[code] ?? {},
  }))
  if (issues.length > 0) throw fail('weak-password', {}, issues)
  for (const hash of known.hashes.filter((h) => h !== null).slice(0, REMEMBERED_PASSWORDS))
    if (await verifyPassword(password, hash)) throw fail('weak-password', {}, [{ path: field, code: 'used-before' }])
}

const hashesOf = (account: AccountRow) => [account.password_hash, ...account.previous_hashes]

/** The holder changes his password with the old one; his other sessions end (SE-08, AU-13). */
export async function changePassword(ctx: Context, input: ChangePassword): Promise<void> {
  const { judged, right } = await proveOwner(ctx, input.old)
  const { account, privileged, attempt } = judged
  if (!right) throw fail('wrong-proof')
  const words = await ctx.read(null, (tx) => contextWords(tx, account))
  await refuseWeak(input.new, 'new', { words, hashes: hashesOf(account) })
  const hash = await hashPassword(input.new, { privileged })
  await ctx.write(null, 'password.change', async (tx) => {
    tx.record({ subject: { kind: 'account', id: account.id }, path: '' })
    const judgedOn = { id: account.id, passwordHash: account.password_hash, previous: account.previous_hashes }
    if (!(await replacePassword(tx, judgedOn, { hash, now: tx.now }))) throw fail('account-state')
    await forgiveAttempt(tx, attempt)
    await endSessionsOf(tx, account.id, tx.now, tokenHash(ctx.asker.token ?? ''))
  })
}

/** Makes a new secret and keeps it aside until a code confirms it; an older unconfirmed one is void. */
async function enrol(tx: Tx, account: { id: string; login: string }): Promise<SecondFactor> {
  const secret = totpSecret()
  await setPendingTotp(tx, account.id, tx.vault.seal(`account.totp-pending:${account.id}`, secret))
  const { district } = await findMe(tx, account.id, [])
  return { secret, uri: totpUri({ issuer: `基石 ${district.name}`, account: account.login, secret }) }
}

/** Makes the pending secret the second factor. Returns the step of the code, or null when it is wrong. */
async function confirm(tx: WriteTx, account: AccountRow, code: string | undefined): Promise<number | null> {
  if (!account.totp_pending || !code) return null
  const secret = tx.vault.open(`account.totp-pending:${account.id}`, account.totp_pending)
  const step = totpVerify(secret, code, tx.now, null)
  if (step !== null)
    await setTotp(tx, account.id, { sealed: tx.vault.seal(`account.totp:${account.id}`, secret), step })
  return step
}

const mine = async (tx: Tx): Promise<AccountRow> => {
  const account = await findAccountById(tx, ownAccount(tx))
  if (!account) throw fail('account-state')
  return account
}

/** The secret is shown this once; a code from it confirms. */
export const beginSecondFactor = (ctx: Context): Promise<SecondFactor> =>
  ctx.write(null, 'second-factor.begin', async (tx) => {
    const account = await mine(tx)
    tx.record({ subject: { kind: 'account', id: account.id }, path: '' })
    return enrol(tx, account)
  })

export const confirmSecondFactor = (ctx: Context, { code }: ConfirmSecondFactor): Promise<void> =>
  ctx.write(null, 'second-factor.confirm', async (tx) => {
    const account = await mine(tx)
    tx.record({ subject: { kind: 'account', id: account.id }, path: '' })
    if ((await confirm(tx, account, code)) === null) throw fail('wrong-code')
    await endSessionsOf(tx, account.id, tx.now, tokenHash(ctx.asker.token ?? ''))
  })

const districtOfToken = (token: string) => Number(token.split('.')[0])

/** A look at an invitation before it is used; enrols a second factor when a role will demand one. */
export async function openInvitation(asked: Context, { token }: OpenInvitation): Promise<OpenedInvitation> {
  const ctx = new Context(asked.ground, asked.asker, { district: districtOfToken(token), actor: stranger })
  const found = await ctx.read(null, (tx) => findInvitation(tx, tokenHash(token), tx.now))
  if (!found) throw fail('dead-invitation')
  const own = new Context(asked.ground, asked.asker, { district: ctx.district, actor: actorOf(found) })
  return own.write(null, 'invitation.open', async (tx) => {
    tx.record({ subject: { kind: 'account', id: found.id }, path: '' })
    const needed = !found.totp_sealed && (await needsSecondFactor(tx, found.id, tx.now))
    return {
      login: found.login,
      name: found.name,
      secondFactor: found.totp_sealed ? ('enrolled' as const) : needed ? ('enrol' as const) : ('none' as const),
      enrolment: needed ? await enrol(tx, found) : null,
      expiresAt: found.expiresAt,
    }
  })
}

/** The code an acceptance needs: of the existing second factor (AU-07), or of the one just enrolled. */
async function acceptCode(
  tx: WriteTx,
  ctx: Context,
  account: AccountRow,
  code: string | undefined,
): Promise<number | null> {
  const privileged = await needsSecondFactor(tx, account.id, tx.now)
  if (account.totp_sealed) {
    const attempt = { accountId: account.id, from: ctx.asker.address, now: tx.now, secondFactor: true }
    const step = codeStep(ctx, { account, privileged, attempt }, code)
    if (step !== null && !(await noteSuccess(tx, account.id, { now: tx.now, step, revive: false }))) return null
    return step
  }
  return privileged ? confirm(tx, account, code) : 0
}

/** The holder sets his password and is signed in. One use; attempts are counted like sign-ins. */
export async function acceptInvitation(asked: Context, input: AcceptInvitation): Promise<WithCookie | Session> {
  const hash = tokenHash(input.token)
  const unknown = new Context(asked.ground, asked.asker, { district: districtOfToken(input.token), actor: stranger })
  const found = await unknown.read(null, (tx) => findInvitation(tx, hash, tx.now))
  const judged = found && (await beginAttempt(unknown, (tx) => findAccountById(tx, found.id)))
  if (!found || !judged) throw fail('dead-invitation')
  const { account, attempt } = judged
  const ctx = new Context(asked.ground, asked.asker, { district: unknown.district, actor: actorOf(account) })
  const words = await ctx.read(null, (tx) => contextWords(tx, account))
  // judged by the account as it stood while the invitation was alive: a faster twin's new password is no reused one
  await refuseWeak(input.password, 'password', { words, hashes: hashesOf(found) })
  const password = await hashPassword(input.password, { privileged: judged.privileged })
  const started = await ctx.write(null, 'invitation.accept', async (tx) => {
    tx.record({ subject: { kind: 'account', id: account.id }, path: '' })
    if (!(await useInvitation(tx, hash, tx.now))) throw fail('dead-invitation')
    const step = await acceptCode(tx, ctx, account, input.code)
    if (step === null) throw fail('wrong-code')
    const judgedOn = { id: account.id, passwordHash: account.password_hash, previous: account.previous_hashes }
    if (!(await replacePassword(tx, judgedOn, { hash: password, now: tx.now }))) throw fail('dead-invitation')
    await forgiveAttempt(tx, attempt)
    await endSessionsOf(tx, account.id, tx.now)
    return startSession(tx, ctx, account, { ...input, secondFactor: step > 0 })
  })
  return sessionAnswer(started)
}

/** 32 random bytes behind the district's number, so that a token finds its district by itself. */
export const invitationToken = (district: number) => `${district}.${randomToken()}`
