// Who asks: signing in and out, fresh proof, and the one way an actor comes into being.
import { millisOf } from '#core/calendar.ts'
import { type Access, Context, type Ground, resident, type Tx } from '#core/context.ts'
import { hashPassword, needsRehash, randomToken, tokenHash, totpVerify, verifyPassword } from '#core/crypto.ts'
import { fail as coreFail } from '#core/errors.ts'
import { WithCookie } from '#core/http/route.ts'
import type { Actor } from '#core/permissions.ts'
import { steadily } from '#core/steady.ts'
import { fail, type Me, type OpenSession, type Proof, type Session } from '../contract.ts'
import { needsTouch, passwordExpiry, REFUSAL_MILLIS, sessionEnd, sessionFault } from '../rules.ts'
import {
  findSessionsOf,
  type AccountRow,
  type Attempt,
  endSession,
  endSessionsBeyond,
  endSessionsOf,
  findAccount,
  findAccountById,
  findingSession,
  findMe,
  type FoundSession,
  forgiveAttempt,
  insertSession,
  isKnownDevice,
  needsSecondFactor,
  noteSuccess,
  rehash,
  rememberDevice,
  renewSession,
  sessionLimit,
  standingOf,
  takeAttempt,
  touchSession,
} from '../store.ts'
import { keyOf, ownAccount } from './shared.ts'

/** Subject of what nobody known did; a UUID that is no account. */
const NOBODY = '00000000-0000-7000-8000-000000000000'

export const stranger: Actor = { ...resident, name: '未登录' }

/** An account acting before it has a session: signing in, accepting an invitation. */
export const actorOf = (account: Pick<AccountRow, 'id' | 'person_id' | 'name'>): Actor => ({
  kind: 'person',
  accountId: account.id,
  personId: account.person_id,
  name: account.name,
  grants: [],
  provedAt: null,
})

/** Whom each token spoke for last, by its hash. */
const MOST = 5000
const recalled = new Map<string, Actor>()

function remember(token: string | null, actor: Actor): Actor {
  if (token === null) return actor
  const hash = tokenHash(token)
  recalled.delete(hash)
  recalled.set(hash, actor)
  if (recalled.size > MOST) recalled.delete(recalled.keys().next().value as string)
  return actor
}

/** Reads who asks inside the transaction of the work; the only way an actor comes into being. */
export const access: Access = {
  ask(district, { token }) {
    if (!token) throw coreFail('unauthenticated')
    return findingSession(district, tokenHash(token))
  },
  async judge({ db, district, first, now, asker }): Promise<Actor> {
    const session = first as FoundSession
    if (session.accountId === null) throw coreFail('unauthenticated')
    const { grants, privileged } = await standingOf({ db, district }, session, now)
    if (sessionFault(session, now, privileged)) throw coreFail('unauthenticated')
    if (privileged && !session.secondFactor) throw coreFail('second-factor-needed')
    const mustChange =
      session.mustChange || millisOf(passwordExpiry(session.passwordChangedAt, privileged)) <= millisOf(now)
    return remember(asker.token, {
      kind: 'person',
      accountId: session.accountId,
      personId: session.personId,
      name: session.name,
      grants: mustChange ? [] : grants,
      provedAt: session.provedAt,
      mustChange,
      stale: needsTouch(session.usedAt, now),
    })
  },
  recall: ({ token }) => (token === null ? undefined : recalled.get(tokenHash(token))),
}

/** Keeps a used session alive, outside the transaction of the work. */
export const keepAliveOn = (database: Ground['database']) => async (district: number, token: string) => {
  await database.transact({ district, mode: 'write' }, ({ db, now }) =>
    touchSession({ db, district }, tokenHash(token), now),
  )
}

async function districtOf(ground: Ground, code: string | undefined): Promise<number> {
  const rows = await ground.database.bare<{ id: number; code: string }>('select id, code from district order by id')
  const found = code ? rows.find((r) => r.code === code) : rows[0]
  if (!found) throw fail('unknown-district')
  return found.id
}

export interface Judged {
  account: AccountRow
  privileged: boolean
  attempt: Attempt
}

/** Counts an attempt in a transaction of its own before anything is judged; null when none is allowed now. */
export async function beginAttempt(
  ctx: Context,
  find: (tx: { db: Tx['db']; district: number }) => Promise<AccountRow | undefined>,
): Promise<Judged | null> {
  const { district } = ctx
  return ctx.ground.database.transact({ district, mode: 'write' }, async ({ db, now }) => {
    const tx = { db, district }
    const account = await find(tx)
    if (!account) return null
    const privileged = await needsSecondFactor(tx, account.id, now)
    const device = ctx.asker.device ? tokenHash(ctx.asker.device) : null
    const known = device !== null && (await isKnownDevice(tx, account.id, device))
    const attempt = {
      accountId: account.id,
      from: known ? `device:${device}` : ctx.asker.address,
      now,
      secondFactor: privileged || account.totp_sealed !== null,
    }
    return (await takeAttempt(tx, attempt)) ? { account, privileged, attempt } : null
  })
}

/** The step of a right code; 0 when none is demanded; null when it is wrong or missing. */
export function codeStep(ctx: Context, judged: Judged, code: string | undefined): number | null {
  const { account, privileged, attempt } = judged
  if (!account.totp_sealed) return privileged ? null : 0
  const secret = ctx.ground.vault.open(`account.totp:${account.id}`, account.totp_sealed)
  return code ? totpVerify(secret, code, attempt.now, account.totp_last_step) : null
}

/** Password and second factor; the same work and the same refusal whether the account exists or not. */
async function prove(ctx: Context, judged: Judged | null, input: Proof): Promise<number | null> {
  const right = await verifyPassword(input.password, judged?.account.password_hash ?? null)
  if (!judged || !right) return null
  const { disabled_for: disabled } = judged.account
  // Unused for long is no fault of the holder: he revives the account himself, unless much hangs on it (JF-05).
  if (disabled && (disabled !== 'idle' || judged.privileged)) return null
  return codeStep(ctx, judged, input.code)
}

interface Wish {
  keep?: 'token' | 'cookie' | undefined
  client?: 'pc' | 'phone' | 'api' | undefined
}

/** A new session in place of the oldest of its kind, and the browser remembered. */
export async function startSession(tx: Tx, ctx: Context, account: AccountRow, wish: Wish & { secondFactor: boolean }) {
  const kind = wish.keep ?? 'token'
  const client = wish.client ?? (kind === 'cookie' ? 'pc' : 'api')
  const token = `${ctx.district}.${randomToken()}`
  const expiresAt = sessionEnd(tx.now)
  const { secondFactor } = wish
  const session = { hash: tokenHash(token), accountId: account.id, now: tx.now, expiresAt, secondFactor, kind, client }
  await insertSession(tx, { ...session, address: ctx.asker.address })
  await endSessionsBeyond(tx, account.id, { client, most: await sessionLimit(tx, client), now: tx.now })
  const device = kind === 'cookie' ? (ctx.asker.device ?? randomToken()) : null
  if (device) await rememberDevice(tx, account.id, { hash: tokenHash(device), now: tx.now })
  return { token, expiresAt, device, kind }
}

type Started = Awaited<ReturnType<typeof startSession>>

export const sessionAnswer = ({ token, expiresAt, device, kind }: Started): WithCookie | Session =>
  kind === 'cookie' ? new WithCookie(token, { token: null, expiresAt }, device) : { token, expiresAt }

async function freshHash(judged: Judged, password: string): Promise<{ old: string; fresh: string } | null> {
  const { account, privileged } = judged
  const old = account.password_hash
  return old && needsRehash(old, { privileged }) ? { old, fresh: await hashPassword(password, { privileged }) } : null
}

/** Signs in: one refusal for every cause, attempts counted first, five failures pause the address for 15 minutes (AU-01). */
export async function openSession(asked: Context, input: OpenSession): Promise<WithCookie | Session> {
  const { ground, asker } = asked
  const district = await districtOf(ground, input.district)
  const unknown = new Context(ground, asker, { district, actor: stranger })
  return steadily(REFUSAL_MILLIS, async () => {
    const judged = await beginAttempt(unknown, (tx) => findAccount(tx, input.login))
    const step = await prove(unknown, judged, input)
    const started = judged && step !== null ? await admit(asked, district, { judged, step, input }) : null
    if (started) return started
    await unknown.write(null, 'session.refuse', async (tx) =>
      tx.record({
        subject: { kind: 'account', id: judged?.account.id ?? NOBODY },
        path: '',
        change: { address: asker.address },
      }),
    )
    throw fail('wrong-credentials')
  })
}

/** Null when the same code was used a moment before. */
async function admit(asked: Context, district: number, proved: { judged: Judged; step: number; input: OpenSession }) {
  const { judged, step, input } = proved
  const { account, attempt } = judged
  const hash = await freshHash(judged, input.password)
  const ctx = new Context(asked.ground, asked.asker, { district, actor: actorOf(account) })
  const used = { used: false }
  const opened = await ctx
    .write(null, 'session.open', async (tx) => {
      const revive = account.disabled_for === 'idle'
      if (!(await noteSuccess(tx, account.id, { now: tx.now, step, revive }))) {
        used.used = true
        throw fail('wrong-credentials')
      }
      await forgiveAttempt(tx, attempt)
      if (hash) await rehash(tx, account.id, hash)
      tx.record({
        subject: { kind: 'account', id: account.id },
        path: '',
        change: revive ? { revived: [false, true] } : {},
      })
      return startSession(tx, ctx, account, { ...input, secondFactor: step > 0 })
    })
    .catch((error: unknown) => {
      if (used.used) return null
      throw error
    })
  return opened && sessionAnswer(opened)
}

export async function closeSession(ctx: Context): Promise<WithCookie> {
  await ctx.write(null, 'session.close', async (tx) => {
    tx.record({ subject: { kind: 'account', id: ownAccount(tx) }, path: '' })
    await endSession(tx, tokenHash(ctx.asker.token ?? ''), tx.now)
  })
  return new WithCookie(null, undefined)
}

/** A session left open somewhere else ends at once. [SE-06] */
export const endOwnSession = (ctx: Context, key: string): Promise<void> =>
  ctx.write(null, 'session.end', async (tx) => {
    const accountId = ownAccount(tx)
    const found = (await findSessionsOf(tx, accountId)).find((s) => keyOf(s.hash) === key)
    if (!found) throw coreFail('not-found')
    tx.record({ subject: { kind: 'account', id: accountId }, path: '', change: { client: found.client } })
    await endSession(tx, found.hash, tx.now)
  })

/** The signed-in holder gives his password once more; too many wrong ones end the session. Returns what was judged. */
export async function proveOwner(ctx: Context, password: string): Promise<{ judged: Judged; right: boolean }> {
  const accountId = await ctx.read(null, async (tx) => ownAccount(tx))
  const judged = await beginAttempt(ctx, (tx) => findAccountById(tx, accountId))
  if (!judged) {
    await ctx.write(null, 'session.expel', async (tx) => {
      tx.record({ subject: { kind: 'account', id: accountId }, path: '' })
      await endSessionsOf(tx, accountId, tx.now)
    })
    throw coreFail('unauthenticated')
  }
  return { judged, right: await verifyPassword(password, judged.account.password_hash) }
}

/** Fresh proof for a weighty act: password and second factor again; the session goes on under a new token (SE-02). */
export async function proveAgain(ctx: Context, input: Proof): Promise<WithCookie | Session> {
  const { judged, right } = await proveOwner(ctx, input.password)
  const step = right ? codeStep(ctx, judged, input.code) : null
  const token = `${ctx.district}.${randomToken()}`
  const renewed = await ctx.write(null, step === null ? 'session.doubt' : 'session.prove', async (tx) => {
    tx.record({ subject: { kind: 'account', id: judged.account.id }, path: '' })
    if (step === null || !(await noteSuccess(tx, judged.account.id, { now: tx.now, step, revive: false }))) return null
    await forgiveAttempt(tx, judged.attempt)
    return renewSession(tx, tokenHash(ctx.asker.token ?? ''), {
      hash: tokenHash(token),
      now: tx.now,
      secondFactor: step > 0,
    })
  })
  if (!renewed) throw fail('wrong-proof')
  const { expiresAt, kind } = renewed
  return kind === 'cookie' ? new WithCookie(token, { token: null, expiresAt }) : { token, expiresAt }
}

export const readMe = (ctx: Context): Promise<Me> =>
  ctx.read(null, async (tx) => {
    const accountId = ownAccount(tx)
    const { account, district, roles, units } = await findMe(tx, accountId, tx.actor.grants)
    const mandates = tx.actor.grants.flatMap((g) => {
      const unit = units.get(g.unitId)
      if (!unit) return []
      const { name: unitName, tree, path } = unit
      const roleName = roles.get(g.role) ?? g.role
      return [
        {
          role: g.role,
          roleName,
          unitId: g.unitId,
          unitName,
          tree: tree as 'place' | 'org',
          path,
          verbs: [...g.verbs],
        },
      ]
    })
    const privileged = await needsSecondFactor(tx, accountId, tx.now)
    return {
      accountId,
      personId: account.person_id,
      name: account.name,
      district,
      mustChangePassword: tx.actor.mustChange ?? false,
      passwordExpiresAt: passwordExpiry(account.password_changed_at, privileged),
      secondFactor: account.totp_sealed !== null,
      provedAt: tx.actor.provedAt,
      mandates,
    }
  })
