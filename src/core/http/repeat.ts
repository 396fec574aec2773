// A request may come twice: the answer of its first time is kept under its key for 72 hours, in the transaction of the work.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import { addHours, hoursBetween } from '../calendar.ts'
import type { Ground, Keeping } from '../context.ts'
import type { CryptoProvider } from '../crypto.ts'
import type { DB } from '../schema.ts'
import { fail, Problem, present } from '../errors.ts'
import { type Route, WithCookie } from './route.ts'

const SEALED_ANSWER = 'idempotency.response'
const KEPT_HOURS = 72

const contentOf = ({ body }: FastifyRequest) =>
  Buffer.isBuffer(body) ? createHash('sha256').update(body).digest('base64url') : (body ?? null)

/** A session's token is kept nowhere, so signing in has no key. */
export const takesKey = (route: Route) => route.method === 'POST' && route.rate !== 'login'

export function keepingOf(route: Route, request: FastifyRequest, vault: CryptoProvider): Keeping | null {
  const key = request.headers['idempotency-key']
  if (!takesKey(route) || key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{8,100}$/.test(key))
    throw fail('invalid', {}, [{ path: 'Idempotency-Key', code: 'format' }])
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
  return {
    key,
    fingerprint: hash(JSON.stringify([route.operationId, request.params, request.query, contentOf(request)])),
    status: route.status ?? (route.response === 'none' ? 204 : 200),
    seal: (result) => vault.seal(SEALED_ANSWER, JSON.stringify(result ?? null)),
    owner: null,
    kept: null,
  }
}

const isKeyClash = (error: unknown) =>
  (error as { code?: string; constraint?: string })?.code === '23505' &&
  ((error as { constraint?: string }).constraint ?? '').startsWith('idempotency')

type Owned = Keeping & { owner: NonNullable<Keeping['owner']> }

export interface Earlier {
  status: number
  body: unknown
}

const mine = ({ owner, key }: Owned) => ({ district_id: owner.district, actor: owner.actor, key })

const ofKey = (db: Kysely<DB>, keeping: Owned) =>
  db
    .selectFrom('idempotency')
    .select(['fingerprint', 'status', 'response', 'at'])
    .where((e) => e.and(mine(keeping)))

/** A repeated request gets the stored answer; the same key with another body is refused (CO-12, CO-13). */
async function replay(keeping: Owned, { database, vault }: Ground): Promise<Earlier | 'outlived' | null> {
  const { row, now } = await database.transact(
    { district: keeping.owner.district, mode: 'read' },
    async ({ db, now }) => ({ now, row: await ofKey(db, keeping).executeTakeFirst() }),
  )
  if (!row) return null
  if (hoursBetween(row.at, now) > KEPT_HOURS) return 'outlived'
  if (row.fingerprint !== keeping.fingerprint) throw fail('key-reused')
  return { status: row.status, body: JSON.parse(vault.open(SEALED_ANSWER, row.response)) }
}

/** Drops an answer that outlived its 72 hours before the nightly purge came by; with `now` any. */
async function forget({ database }: Ground, keeping: Owned, any = false) {
  await database.transact({ district: keeping.owner.district, mode: 'write' }, ({ db, now }) =>
    db
      .deleteFrom('idempotency')
      .where((e) => e.and(mine(keeping)))
      .where('at', '<=', any ? now : addHours(now, -KEPT_HOURS))
      .execute(),
  )
}

/** Keeps an answer, unless one is kept already. */
async function keep({ database }: Ground, keeping: Owned, answer: { status: number; result: unknown }) {
  return database.transact({ district: keeping.owner.district, mode: 'write' }, async ({ db, now }) => {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('idempotency')
      .values({
        ...mine(keeping),
        fingerprint: keeping.fingerprint,
        status: answer.status,
        response: keeping.seal(answer.result),
        at: now,
      })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  })
}

const correct = ({ database }: Ground, keeping: Owned, result: unknown) =>
  database.transact({ district: keeping.owner.district, mode: 'write' }, ({ db }) =>
    db
      .updateTable('idempotency')
      .set({ response: keeping.seal(result) })
      .where((e) => e.and(mine(keeping)))
      .execute(),
  )

/**
 * After the work: what a repetition hears is what is answered now. Where the work's transaction has kept that already, nothing is left
 * to do; what came of several transactions is kept right after them; files and cookies are made anew each time.
 * Returns the earlier answer when this was the repetition.
 */
export async function settle(
  route: Route,
  ground: Ground,
  keeping: Keeping | null,
  result: unknown,
): Promise<Earlier | null> {
  if (!keeping?.owner || (keeping.kept && keeping.kept.value === result)) return null
  const owned = keeping as Owned
  const lasting = route.response === 'none' || (typeof route.response !== 'string' && !(result instanceof WithCookie))
  if (!lasting) {
    if (keeping.kept) await forget(ground, owned, true)
    return null
  }
  if (keeping.kept) {
    await correct(ground, owned, result)
    return null
  }
  if (await keep(ground, owned, { status: keeping.status, result })) return null
  const earlier = await replay(owned, ground)
  return earlier === 'outlived' ? null : earlier
}

/** After a failure: was it the repetition of something already answered? If not, a refusal by rule is final for its key (CO-13). */
export async function earlierOf(
  ground: Ground,
  keeping: Keeping | null,
  failed: { error: unknown; requestId: string },
): Promise<Earlier | 'again'> {
  const { error } = failed
  if (!keeping?.owner) throw error
  const owned = keeping as Owned
  const stranger = error instanceof Problem && (error.status === 401 || error.status === 403)
  const earlier = stranger ? null : await replay(owned, ground)
  if (earlier === 'outlived' && isKeyClash(error)) {
    await forget(ground, owned)
    return 'again'
  }
  if (earlier && earlier !== 'outlived') return earlier
  if (error instanceof Problem && (error.status === 409 || error.status === 422))
    await keep(ground, owned, { status: error.status, result: present(error, failed.requestId) })
  throw error
}
