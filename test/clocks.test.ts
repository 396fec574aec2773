// The machine's clock goes wrong while the database's is right (TI-03), and both go back an hour (TI-04): what runs out, runs out by the
// database; what is due once, happens once; the chain of history holds.
import { setTimeout as sleep } from 'node:timers/promises'
import { generate } from 'otplib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { examine } from '#cli/admin/doctor.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { verify } from '#core/history.ts'
import { newId } from '#core/ids.ts'
import { prepareJobs, startWorkers } from '#core/jobs/queue.ts'
import { defineJobs, sendJob } from '#core/jobs.ts'
import { skewOf } from '#core/skew.ts'
import { newcomer, type Officers, officersOf } from '#modules/access/fixtures.ts'
import { castOf, type Cast, dispatched, HOUR, plantMechanism } from '#modules/demands/fixtures.ts'
import { escalateOverdue } from '#modules/demands/actions/duty.ts'
import { Asker, type Base, openBase, plantWorld, type World } from './harness.ts'

const DAYS = 24 * HOUR

let base: Base
let world: World
let owner: pg.Client
let officers: Officers
let cast: Cast

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
  officers = await officersOf(world)
  cast = await castOf(world)
  // in force since long ago: an hour earlier they are no less
  await world.write((tx) =>
    tx.db
      .updateTable('mandate')
      .set({ valid_from: new Date(Date.now() - DAYS).toISOString() })
      .where('district_id', '=', tx.district)
      .execute(),
  )
})
afterEach(() => {
  vi.useRealTimers()
  clock.shiftForTest(0)
})
afterAll(async () => {
  await owner.end()
  await base.close()
})

/** The operating system of the application says another time; PostgreSQL has its own. */
const ourClock = (ahead: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ahead })

const ask = async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows[0] as T

const endIn = async (accountId: string | null) =>
  (
    await ask<{ hours: number }>(
      `select round(extract(epoch from max(expires_at) - now()) / 3600, 1)::float as hours from session
       where district_id = $1 and account_id = $2`,
      [world.district, accountId],
    )
  ).hours

const ageSession = (accountId: string | null, change: string) =>
  owner.query(`update session set ${change} where district_id = $1 and account_id = $2`, [world.district, accountId])

describe.each([
  ['400 days ahead', 400 * DAYS],
  ['400 days behind', -400 * DAYS],
])('with our clock %s of the database', (words, ahead) => {
  it('a session lives and ends by the database (TI-03, A-77)', async () => {
    const [lives, idle, over] = await Promise.all([1, 2, 3].map(() => world.someone('community-secretary', 'OC11')))
    await ageSession(idle?.accountId ?? null, "used_at = now() - interval '31 minutes'")
    await ageSession(over?.accountId ?? null, "expires_at = now() - interval '1 second'")
    ourClock(ahead)
    expect((await lives?.get('/me'))?.status, words).toBe(200)
    expect((await idle?.get('/me'))?.status, words).toBe(401)
    expect((await over?.get('/me'))?.status, words).toBe(401)
  })

  it('who signs in gets twelve hours of the database, by the code of its time and not of ours (TI-03, A-04)', async () => {
    const leader = await newcomer(world, officers, [['leader', 'O']])
    const real = Math.floor(Date.now() / 1000)
    ourClock(ahead)
    const codeAt = (epoch: number) => generate({ secret: leader.secret ?? '', epoch })
    const signIn = async (code: string) =>
      world.nobody.post('/sessions', {
        login: leader.login,
        password: leader.password,
        district: String(420_300 + world.district),
        code,
      })
    expect((await signIn(await codeAt(Math.floor(Date.now() / 1000) + 30))).status).toBe(401)
    // the code of its enrolment is used up: the next one
    const session = await signIn(await codeAt(real + 30))
    expect(session.status, JSON.stringify(session.body)).toBe(201)
    expect(await endIn(leader.accountId)).toBeCloseTo(12, 1)
  })

  it('an invitation and a deadline are set by the database (TI-03, A-07)', async () => {
    ourClock(ahead)
    const made = await officers.system.post('/accounts', {
      login: `late${newId().slice(0, 8)}`,
      name: '顾秋',
      unitId: world.unit['C11'],
    })
    expect(made.status).toBe(201)
    const invited = await ask<{ hours: number }>(
      `select round(extract(epoch from expires_at - now()) / 3600, 1)::float as hours from invitation
       where district_id = $1 and account_id = $2`,
      [world.district, made.body['accountId']],
    )
    expect(invited.hours).toBeCloseTo(24, 1)
    const id = await dispatched(world, cast.secretary)
    const due = await ask<{ days: number; opened: number }>(
      `select extract(epoch from due_at - now()) / 86400 as days, extract(epoch from now() - opened_at) as opened
       from demand where district_id = $1 and id = $2`,
      [world.district, id],
    )
    expect(Number(due.days)).toBeGreaterThan(0)
    expect(Number(due.days)).toBeLessThan(40)
    expect(Number(due.opened)).toBeLessThan(60)
  })

  it('the anchors are of the database, exports go on, and the difference is told (TI-03)', async () => {
    ourClock(ahead)
    await base.ground.anchors?.drop(base.database, world.district)
    const at = base.ground.anchors?.read(world.district).at ?? ''
    const { age } = await ask<{ age: number }>(
      'select abs(extract(epoch from now() - $1::timestamptz))::float as age',
      [at],
    )
    expect(age).toBeLessThan(60)
    expect(
      base.ground.anchors?.overdue(world.district, (await ask<{ now: string }>('select now()::text as now')).now),
    ).toBe(false)
    expect(Math.round((await skewOf(base.database)) / 86_400)).toBe(ahead / DAYS)
    const text = (await base.server.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).body
    const told = Number(/^jishi_clock_skew_seconds (\S+)$/m.exec(text)?.[1])
    expect(Math.round(told / 86_400)).toBe(ahead / DAYS)
    const place = { folder: base.folder, embedded: false, busy: true, ownerUrl: base.ownerUrl, database: base.database }
    const findings = await examine(place)
    expect(findings.find((f) => f.what === '时钟')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('请校准'),
    })
    expect(findings.find((f) => f.what === '历史锚定')).toMatchObject({ ok: true })
  })

  it('a job waits for the database’s time, is done once, and its worker is not taken for dead (TI-03, CO-16)', async () => {
    let runs = 0
    const jobs = defineJobs([
      {
        name: 'test.timely',
        lease: 60,
        handle: async () => {
          runs++
          await sleep(2500)
        },
      },
    ])
    await prepareJobs(base.ownerUrl, jobs, { retryDelay: 0 })
    ourClock(ahead)
    const workers = await startWorkers(base.appUrl, base.ground, jobs, { poll: 0.5, watch: 1 })
    const { at } = await ask<{ at: string }>("select (now() + interval '2 seconds')::text as at")
    const id = await world.write((tx) => sendJob(tx, 'test.timely', {}, { after: at }))
    const state = async () =>
      await ask<{ state: string; early: boolean | null }>(
        'select state::text, started_on < $2::timestamptz as early from pgboss.job where id = $1',
        [id, at],
      )
    await sleep(1000)
    expect(runs).toBe(0)
    await expect.poll(async () => (await state()).state, { timeout: 20_000, interval: 200 }).toBe('completed')
    await workers.stop()
    expect(await state()).toEqual({ state: 'completed', early: false })
    expect(runs).toBe(1)
  }, 40_000)
})

it('our clock right within two seconds is no alarm (TI-03)', async () => {
  ourClock(1500)
  expect(Math.abs(await skewOf(base.database))).toBeLessThan(2)
  vi.useRealTimers()
  expect(Math.abs(await skewOf(base.database))).toBeLessThan(0.5)
})

describe('a clock that goes back an hour', () => {
  const jobs = () => {
    const asker = { token: null, requestId: newId(), address: '' }
    return new Context(base.ground, asker, { district: world.district, actor: system })
  }
  const sound = () =>
    base.database.transact({ district: world.district, mode: 'read' }, ({ db }) =>
      verify(db, world.district, base.ground.anchors?.read(world.district).heads),
    )
  const toldOf = async (id: string) =>
    (await (await world.someone('district-desk', 'O')).get(`/demands/${id}`)).body['escalations'].map(
      (e: { step: number }) => e.step,
    ) as number[]

  it.each([
    ['ours alone', (ms: number) => void ourClock(ms)],
    ['ours and the database’s', (ms: number) => clock.shiftForTest(ms)],
  ])('(%s) leaves the chain whole, in the order things happened, anchors and all (TI-04, A-77)', async (_, back) => {
    const id = await dispatched(world, cast.secretary)
    await base.ground.anchors?.drop(base.database, world.district)
    back(-HOUR)
    const signed = await cast.secretary.post(`/demands/${id}/signature`)
    expect(signed.status, JSON.stringify(signed.body)).toBeLessThan(300)
    await base.ground.anchors?.drop(base.database, world.district)
    const { rows } = await owner.query<{ action: string }>(
      'select action from history where district_id = $1 and subject_id = $2 order by lane, seq',
      [world.district, id],
    )
    expect(rows.map((r) => r.action)).toEqual(['demand.open', 'demand.dispatch', 'demand.sign'])
    const verdict = await sound()
    expect(verdict.flaws).toEqual([])
    expect(base.ground.anchors?.read(world.district).broken).toEqual([])
  })

  it('tells no step twice and does no daily work again when the hour comes a second time (TI-04, CO-18)', async () => {
    await plantMechanism(world, 'stepped', {
      categories: [{ id: 'facility', name: '设施', level: 'community' }],
      ladder: [{ amount: 1, unit: 'hours' }],
    })
    const id = await dispatched(world, cast.secretary, 'C11', { mechanismId: 'stepped' })
    for (const hours of [26, 25, 26]) {
      clock.shiftForTest(hours * HOUR)
      await escalateOverdue(jobs())
    }
    expect(await toldOf(id)).toEqual([1])
    const before = (
      await ask<{ n: number }>('select count(*)::int as n from history where district_id = $1', [world.district])
    ).n
    clock.shiftForTest(25.5 * HOUR)
    await escalateOverdue(jobs())
    const after = (
      await ask<{ n: number }>('select count(*)::int as n from history where district_id = $1', [world.district])
    ).n
    expect(after).toBe(before)
    expect((await sound()).flaws).toEqual([])
  })

  it('gives a session and a code no second life (TI-04)', async () => {
    const ended = await world.someone('community-secretary', 'OC11')
    await ended.delete('/sessions/current')
    const leader = await newcomer(world, officers, [['leader', 'O']])
    const code = await generate({ secret: leader.secret ?? '', epoch: Math.floor(Date.now() / 1000) })
    clock.shiftForTest(-HOUR)
    expect((await ended.get('/me')).status).toBe(401)
    // used before, or older than what was used before: both are refused at the earlier hour
    const earlier = await generate({ secret: leader.secret ?? '', epoch: Math.floor(clock.millis() / 1000) })
    for (const one of [code, earlier]) {
      const answer = await new Asker(base.server, { token: null }).post('/sessions', {
        login: leader.login,
        password: leader.password,
        district: String(420_300 + world.district),
        code: one,
      })
      expect(answer.status).toBe(401)
    }
  })
})
