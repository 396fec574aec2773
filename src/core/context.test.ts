import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Base, openBase, plantWorld, type World } from '../../test/harness.ts'
import { clock } from './clock.ts'
import { Context, resident, type Sight, system, type Tx } from './context.ts'
import { problems } from './errors.ts'
import { limiter } from './http/limits.ts'
import { route, type Route } from './http/route.ts'
import { createServer } from './http/server.ts'
import { newId } from './ids.ts'
import type { Actor } from './permissions.ts'
import { purgeIdempotency } from './upkeep.ts'

const fail = problems('trial', { taken: { status: 409, text: '已有。' }, unruly: { status: 422, text: '不合规。' } })

let base: Base
let world: World
let server: ReturnType<typeof createServer>
let runs = 0
let mood: 'well' | 'conflict' | 'broken' = 'well'

const Made = z.strictObject({ id: z.string(), n: z.int() })
const common = {
  summary: 'a route of this test',
  failures: [],
  rate: 'write',
  response: Made,
  status: 201,
  method: 'POST',
  body: z.strictObject({ words: z.string() }),
} as const

/** Makes one unit link row per effect, so effects can be counted in the database. */
const make = (ctx: Context) =>
  ctx.write(null, 'trial.make', async (tx) => {
    runs++
    if (mood === 'conflict') throw fail('taken')
    if (mood === 'broken') throw new Error('out of order')
    const id = newId()
    tx.record({ subject: { kind: 'trial', id }, path: '' })
    await tx.db.insertInto('counter').values({ district_id: tx.district, name: id, value: 1 }).execute()
    return { id, n: 1 }
  })

const routes: Route[] = [
  route({ ...common, path: '/trials', operationId: 'makeTrial', permission: 'signed-in', action: make }),
  route({
    ...common,
    path: '/open-trials',
    operationId: 'makeOpenTrial',
    permission: 'public',
    action: (ctx) => make(ctx.asResident(world.district)),
  }),
  route({
    ...common,
    path: '/careless',
    operationId: 'makeCareless',
    permission: 'demand.read',
    action: (ctx) => make(ctx),
  }),
  route({
    ...common,
    path: '/swallowing',
    operationId: 'makeSwallowing',
    permission: 'demand.read',
    action: (ctx) => make(ctx.apart()).catch(() => ({ id: 'none', n: 0 })),
  }),
  route({
    ...common,
    path: '/weighty',
    operationId: 'makeWeighty',
    permission: 'signed-in',
    proof: true,
    action: make,
  }),
]

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  server = createServer({ ground: base.ground, routes, limit: limiter(0) })
})
afterEach(() => {
  mood = 'well'
  runs = 0
  clock.shiftForTest(0)
})
afterAll(async () => {
  await server.close()
  await base.close()
})

const post = async (path: string, who: { token: string | null }, key?: string, words = '一') => {
  const reply = await server.inject({
    method: 'POST',
    url: `/api${path}`,
    headers: {
      ...(who.token ? { authorization: `Bearer ${who.token}` } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    payload: { words },
  })
  return {
    status: reply.statusCode,
    body: reply.json() as Record<string, any>,
    replayed: reply.headers['idempotency-replayed'] === 'true',
  }
}
const someone = () => world.someone('grid-worker', 'C11')
const effects = () =>
  world
    .write((tx) =>
      tx.db
        .selectFrom('counter')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('district_id', '=', tx.district)
        .where(sql<boolean>`length(name) = 36`)
        .executeTakeFirstOrThrow(),
    )
    .then((r) => r.n)

const answers = () =>
  world
    .write((tx) =>
      tx.db
        .selectFrom('idempotency')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('district_id', '=', tx.district)
        .executeTakeFirstOrThrow(),
    )
    .then((r) => r.n)

describe('a repeated request', () => {
  it('has one effect however often and however much at once, and every answer is the first (A-57, CO-12)', async () => {
    const who = await someone()
    const before = await effects()
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('/trials', who, 'key-at-once')))
    expect(new Set(answers.map((a) => JSON.stringify([a.status, a.body]))).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect(await effects()).toBe(before + 1)
    expect((await post('/trials', who, 'key-at-once')).replayed).toBe(true)
  })

  it('of a resident without an account is answered the same way', async () => {
    const [one, two] = [
      await post('/open-trials', world.nobody, 'key-resident'),
      await post('/open-trials', world.nobody, 'key-resident'),
    ]
    expect([one.status, two.status, two.replayed]).toEqual([201, 201, true])
    expect(two.body).toEqual(one.body)
  })

  it('with another body is refused; with the key of somebody else it is his own; a bad key is a 400 (CO-12)', async () => {
    const [one, two] = [await someone(), await someone()]
    const first = await post('/trials', one, 'key-shared')
    expect((await post('/trials', one, 'key-shared', '二')).body['code']).toBe('core.key-reused')
    const other = await post('/trials', two, 'key-shared')
    expect([other.status, other.replayed]).toEqual([201, false])
    expect(other.body['id']).not.toBe(first.body['id'])
    for (const bad of ['short', 'with space', 'x'.repeat(10_240), ''])
      expect((await post('/trials', one, bad)).status).toBe(400)
  })

  it('follows the account into its next session, and is told nothing after sign-out', async () => {
    const who = await someone()
    const first = await post('/trials', who, 'key-follows')
    const token = `${world.district}.${'B'.repeat(43)}`
    await world.write(async (tx) => {
      const { insertSession } = await import('#modules/access/store.ts')
      const { tokenHash } = await import('./crypto.ts')
      await insertSession(tx, {
        hash: tokenHash(token),
        accountId: who.accountId as string,
        now: tx.now,
        expiresAt: '2099-01-01T00:00:00Z',
        secondFactor: false,
        kind: 'token',
        address: '',
      })
      await tx.db
        .updateTable('session')
        .set({ ended_at: tx.now })
        .where('district_id', '=', tx.district)
        .where('token_hash', '=', tokenHash(who.token as string))
        .execute()
    })
    expect(await post('/trials', { token }, 'key-follows')).toMatchObject({
      status: 201,
      replayed: true,
      body: first.body,
    })
    expect((await post('/trials', who, 'key-follows')).status).toBe(401)
  })

  it('hears a refusal by rule again, and is tried anew after a fault of ours (CO-13)', async () => {
    const who = await someone()
    mood = 'conflict'
    expect((await post('/trials', who, 'key-refused')).body['code']).toBe('trial.taken')
    mood = 'well'
    expect(await post('/trials', who, 'key-refused')).toMatchObject({
      status: 409,
      body: { code: 'trial.taken' },
      replayed: true,
    })
    mood = 'broken'
    const broken = await post('/trials', who, 'key-broken')
    expect([broken.status, broken.body['code']]).toEqual([500, 'core.unknown'])
    expect(JSON.stringify(broken.body)).not.toContain('out of order')
    mood = 'well'
    expect(await post('/trials', who, 'key-broken')).toMatchObject({ status: 201, replayed: false })
  })

  it('is a new request after 72 hours, and old answers go (CO-12)', async () => {
    const who = await someone()
    const first = await post('/trials', who, 'key-of-old')
    await world.write((tx) =>
      sql`update session set expires_at = '2099-01-01', used_at = now() + interval '73 hours' where district_id = ${tx.district}`
        .execute(tx.db)
        .then(() => null),
    )
    clock.shiftForTest(73 * 3_600_000)
    const again = await post('/trials', who, 'key-of-old')
    expect([again.status, again.replayed]).toEqual([201, false])
    expect(again.body['id']).not.toBe(first.body['id'])
    await purgeIdempotency(
      new Context(
        base.ground,
        { token: null, requestId: 'r', address: '' },
        { district: world.district, actor: system },
      ),
    )
    expect(await answers()).toBe(1)
    expect((await post('/trials', who, 'key-of-old')).replayed).toBe(true)
  })

  it('keeps no answer in clear: it may hold a code only the resident knows', async () => {
    const who = await someone()
    const made = await post('/trials', who, 'key-sealed')
    const rows = await world.write((tx) =>
      tx.db.selectFrom('idempotency').select('response').where('district_id', '=', tx.district).execute(),
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some((r) => r.response.toString('latin1').includes(made.body['id']))).toBe(false)
  })
})

describe('the door', () => {
  it('holds the verb of the route even when the action asks for none, or swallows the refusal (C-1, A-12)', async () => {
    const without = await world.someone('audit-officer', 'O')
    const before = await effects()
    for (const path of ['/careless', '/swallowing'])
      expect(await post(path, without)).toMatchObject({ status: 403, body: { code: 'core.forbidden' } })
    expect(await effects()).toBe(before)
    expect((await post('/careless', await someone())).status).toBe(201)
  })

  it('wants a proof not older than five minutes where the route says so (A-11, SE-12)', async () => {
    const who = await someone()
    expect((await post('/weighty', who)).status).toBe(201)
    clock.shiftForTest(4.9 * 60_000)
    expect((await post('/weighty', who)).status).toBe(201)
    clock.shiftForTest(6 * 60_000)
    expect((await post('/weighty', who)).body['code']).toBe('core.proof-needed')
    expect((await post('/trials', who)).status).toBe(201)
  })
})

describe('a write', () => {
  const ctx = () =>
    new Context(base.ground, { token: null, requestId: 'r', address: '' }, { district: world.district, actor: system })
  const bump = (name: string) => (tx: Tx) =>
    tx.db
      .updateTable('counter')
      .set((e) => ({ value: e('value', '+', 1) }))
      .where('district_id', '=', tx.district)
      .where('name', '=', name)
      .execute()

  it('is tried again after a deadlock, and both sides get through (A-56, CO-19)', async () => {
    await world.write((tx) =>
      tx.db
        .insertInto('counter')
        .values(['left', 'right'].map((name) => ({ district_id: tx.district, name, value: 0 })))
        .execute(),
    )
    const both = new Promise<void>((go) => setTimeout(go, 300))
    const cross = (first: string, second: string) =>
      ctx().write(null, 'trial.cross', async (tx) => {
        tx.record({ subject: { kind: 'trial', id: newId() }, path: '' })
        await bump(first)(tx)
        await both
        await bump(second)(tx)
      })
    await Promise.all([cross('left', 'right'), cross('right', 'left')])
    const rows = await ctx().read(null, (tx) =>
      tx.db
        .selectFrom('counter')
        .select('value')
        .where('district_id', '=', tx.district)
        .where('name', 'in', ['left', 'right'])
        .execute(),
    )
    expect(rows.map((r) => r.value)).toEqual([2, 2])
  })

  it('that fails leaves nothing: no row, no entry (C-4)', async () => {
    const before = await effects()
    const failing = ctx().write(null, 'trial.half', async (tx) => {
      tx.record({ subject: { kind: 'trial', id: newId() }, path: '' })
      await tx.db.insertInto('counter').values({ district_id: tx.district, name: newId(), value: 1 }).execute()
      throw fail('unruly')
    })
    await expect(failing).rejects.toMatchObject({ code: 'trial.unruly', status: 422 })
    expect(await effects()).toBe(before)
  })

  it('says what it did exactly once, or is undone', async () => {
    await expect(ctx().write(null, 'trial.silent', async () => null)).rejects.toMatchObject({ code: 'core.no-history' })
    const twice = ctx().write(null, 'trial.twice', async (tx) => {
      for (const n of [1, 2]) tx.record({ subject: { kind: 'trial', id: newId() }, path: String(n) })
    })
    await expect(twice).rejects.toThrow('one use case, one history entry')
  })

  it('isn’t possible while reading, and a resident holds no verb', async () => {
    await expect(
      ctx().read(null, (tx) =>
        tx.db.insertInto('counter').values({ district_id: tx.district, name: 'x', value: 1 }).execute(),
      ),
    ).rejects.toMatchObject({ code: '25006' })
    const someone = new Context(
      base.ground,
      { token: null, requestId: 'r', address: '' },
      { district: world.district, actor: resident },
    )
    await expect(someone.read('demand.read', async () => null)).rejects.toMatchObject({ status: 403 })
  })
})

describe('what is looked for together with BEGIN', () => {
  const asking = (who: { token: string | null }) =>
    new Context(base.ground, { token: who.token, requestId: newId(), address: '' }, { district: world.district })
  const lookedAs: Actor[] = []
  const find = async (ctx: Context) => {
    lookedAs.length = 0
    const found = await ctx.read(
      'demand.read',
      async (tx, seen) => ({ seen, actor: tx.actor }),
      async (sight: Sight) => {
        lookedAs.push(sight.actor)
        const { rows } = await sql<{ n: number }>`select 1 as n`.execute(sight.db)
        return [rows[0]?.n, sight.actor.grants.length] as const
      },
    )
    return found
  }

  it('is asked once, of whoever is known by his token, and serves only while his rights are the same (C-2, AZ-21)', async () => {
    const who = await world.someone('grid-worker', 'C11')
    const first = await find(asking(who))
    expect(first.seen).toEqual([1, 1])
    expect(lookedAs).toHaveLength(1)
    const second = await find(asking(who))
    expect(lookedAs).toHaveLength(1)
    expect(lookedAs[0]?.grants).toBe(second.actor.grants)

    // one more mandate: what was looked for with the old rights is thrown away
    await world.write((tx) =>
      tx.db
        .insertInto('mandate')
        .values({
          district_id: tx.district,
          id: newId(),
          account_id: who.accountId as string,
          role_id: 'caller',
          unit_id: world.unit['C12'] as string,
          valid_from: tx.now,
          valid_to: 'infinity',
        })
        .execute(),
    )
    const third = await find(asking(who))
    expect(third.seen).toEqual([1, 2])
    expect(lookedAs.map((a) => a.grants.length)).toEqual([1, 2])
  })

  it('says nothing to whom the door refuses, and its own refusal to whom the door lets in', async () => {
    const who = await world.someone('grid-worker', 'C11')
    const missing = (verb: string) =>
      asking(who).write(
        verb,
        'trial.look',
        async () => null,
        async (): Promise<null> => {
          throw fail('taken')
        },
      )
    for (let i = 0; i < 2; i++) {
      await expect(missing('role.manage')).rejects.toMatchObject({ code: 'core.forbidden' })
      await expect(missing('demand.read')).rejects.toMatchObject({ code: 'trial.taken' })
    }
    await expect(find(asking({ token: `${world.district}.unknown` }))).rejects.toMatchObject({ status: 401 })
    expect(lookedAs).toEqual([])
  })
})

describe('writes that travel with COMMIT', () => {
  const counters = async (names: string[]) =>
    (
      await base.database.transact({ district: world.district, mode: 'read' }, ({ db }) =>
        db
          .selectFrom('counter')
          .select(['name', 'value'])
          .where('district_id', '=', world.district)
          .where('name', 'in', names)
          .orderBy('name')
          .execute(),
      )
    ).map((r) => `${r.name}=${r.value}`)
  const planting = (names: readonly string[]) => {
    const { ground } = base
    const ctx = new Context(
      ground,
      { token: null, requestId: newId(), address: '' },
      { district: world.district, actor: system },
    )
    return ctx.write(null, 'trial.last', async (tx) => {
      const counter = (name: string) => tx.db.insertInto('counter').values({ district_id: tx.district, name, value: 1 })
      tx.record({ subject: { kind: 'trial', id: newId() }, path: '' })
      const [first, ...rest] = names
      for (const name of rest) tx.last(counter(name))
      await counter(first as string).execute()
    })
  }

  it('all arrive, whether awaited or not', async () => {
    const names = ['a', 'b', 'c'].map((n) => `${n}${newId()}`)
    await planting(names)
    expect(await counters(names)).toEqual(names.map((n) => `${n}=1`))
  })

  it('one that fails is the error heard, and nothing stays (DU-02)', async () => {
    const names = ['a', 'b', 'a'].map((n, i) => (i === 2 ? 'twice' : `${n}${newId()}`))
    await expect(planting([...names, 'twice'])).rejects.toMatchObject({ code: '23505', table: 'counter' })
    expect(await counters(names)).toEqual([])
  })
})
