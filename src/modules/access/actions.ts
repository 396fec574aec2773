import { addHours, dayOf, millisOf } from '#core/calendar.ts'
import { Context, type Ground, system } from '#core/context.ts'
import { randomToken, tokenHash, totpVerify, verifyPassword } from '#core/crypto.ts'
import { fail as coreFail } from '#core/errors.ts'
import { WithCookie } from '#core/http/route.ts'
import type { Actor } from '#core/permissions.ts'
import { fail, type Me, type OpenSession, type Session } from './contract.ts'
import { LOCK_MINUTES, needsTouch, sessionEnd, sessionFault } from './rules.ts'
import { endSession, findAccount, findMe, findSession, grantsOf, insertSession, needsSecondFactor, noteFailure, noteSuccess, touchSession } from './store.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'

/** Reads who asks inside the transaction of the work; the only way an actor comes into being. */
export const authenticate: Ground['authenticate'] = async (opened, asker): Promise<Actor> => {
  if (!asker.token) throw coreFail('unauthenticated')
  const { db, district, now } = opened
  const session = await findSession({ db, district }, tokenHash(asker.token), now, dayOf(now))
  if (!session) throw coreFail('unauthenticated')
  const privileged = session.mandates.some((m) => m.secondFactor)
  if (sessionFault(session, now, privileged)) throw coreFail('unauthenticated')
  if (privileged && !session.secondFactor) throw coreFail('second-factor-needed')
  return { kind: 'person', accountId: session.accountId, personId: session.personId, name: session.name, grants: grantsOf(session.mandates), provedAt: session.provedAt }
}

/** Keeps a used session alive, outside the reading transaction. */
export async function keepAlive(ground: Ground, district: number, token: string) {
  await ground.database.transact({ district, mode: 'write' }, async ({ db, now }) => {
    const session = await findSession({ db, district }, tokenHash(token), now, dayOf(now))
    if (session && needsTouch(session.usedAt, now)) await touchSession({ db, district }, tokenHash(token), now)
  })
}

async function districtOf(ground: Ground, code: string | undefined): Promise<number> {
  const rows = await ground.database.bare<{ id: number; code: string }>('select id, code from district order by id')
  const found = code ? rows.find((r) => r.code === code) : rows[0]
  if (!found) throw fail('unknown-district')
  return found.id
}

type Account = NonNullable<Awaited<ReturnType<typeof findAccount>>>

/** Checks password and second factor; the same refusal, in the same time, whether the account exists or not. */
async function prove(ctx: Context, account: Account | undefined, needsCode: boolean, input: OpenSession, now: string): Promise<{ ok: boolean; step: number }> {
  const right = await verifyPassword(input.password, account?.password_hash ?? null)
  if (!account || !right || account.disabled_at) return { ok: false, step: 0 }
  if (account.locked_until && millisOf(account.locked_until) > millisOf(now)) return { ok: false, step: 0 }
  if (!needsCode && !account.totp_sealed) return { ok: true, step: 0 }
  if (!account.totp_sealed) return { ok: false, step: 0 }
  const secret = ctx.ground.vault.open(`account.totp:${account.id}`, account.totp_sealed)
  const step = input.code ? totpVerify(secret, input.code, now, account.totp_last_step) : null
  return { ok: step !== null, step: step ?? 0 }
}

/** Signs in: one refusal for every cause, failures counted, five in a row pause the account for 15 minutes (AU-01). */
export async function openSession(asked: Context, input: OpenSession): Promise<WithCookie | Session> {
  const district = await districtOf(asked.ground, input.district)
  const ctx = new Context(asked.ground, asked.asker, { district, actor: system })
  const { account, needsCode, now } = await ctx.read(null, async (tx) => {
    const found = await findAccount(tx, input.login)
    return { account: found, needsCode: found ? await needsSecondFactor(tx, found.id, tx.now) : false, now: tx.now }
  })
  const { ok, step } = await prove(ctx, account, needsCode, input, now)
  const secret = `${district}.${randomToken()}`
  const opened = await ctx.write(null, ok ? 'session.open' : 'session.refuse', async (tx) => {
    tx.record({ subject: { kind: 'account', id: account?.id ?? NOBODY }, path: '', change: { address: asked.asker.address } })
    if (!ok || !account) {
      if (account) await noteFailure(tx, account.id, addHours(tx.now, LOCK_MINUTES / 60))
      return null
    }
    await noteSuccess(tx, account.id, tx.now, step)
    const expiresAt = sessionEnd(tx.now)
    await insertSession(tx, { hash: tokenHash(secret), accountId: account.id, now: tx.now, expiresAt, secondFactor: step > 0, kind: input.keep ?? 'token', address: asked.asker.address })
    return { expiresAt }
  })
  if (!opened) throw fail('wrong-credentials')
  if (input.keep === 'cookie') return new WithCookie(secret, { token: null, expiresAt: opened.expiresAt })
  return { token: secret, expiresAt: opened.expiresAt }
}

export async function closeSession(ctx: Context): Promise<WithCookie> {
  await ctx.write(null, 'session.close', async (tx) => {
    tx.record({ subject: { kind: 'account', id: tx.actor.accountId ?? NOBODY }, path: '' })
    await endSession(tx, tokenHash(ctx.asker.token ?? ''), tx.now)
  })
  return new WithCookie(null, undefined)
}

export async function readMe(ctx: Context): Promise<Me> {
  const { me, usedAt } = await ctx.read(null, async (tx) => {
    const accountId = tx.actor.accountId
    if (!accountId) throw coreFail('unauthenticated')
    const { account, district, roles, units } = await findMe(tx, accountId, tx.actor.grants)
    const mandates = tx.actor.grants.flatMap((g) => {
      const unit = units.get(g.unitId)
      return unit ? [{ role: g.role, roleName: roles.get(g.role) ?? g.role, unitId: g.unitId, unitName: unit.name, tree: unit.tree as 'place' | 'org', path: unit.path, verbs: [...g.verbs] }] : []
    })
    return { me: { accountId, personId: account.person_id, name: account.name, district, mustChangePassword: account.must_change_password, mandates }, usedAt: tx.now }
  })
  if (usedAt && ctx.asker.token) await keepAlive(ctx.ground, ctx.district, ctx.asker.token)
  return me
}
