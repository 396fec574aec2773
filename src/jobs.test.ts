import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { startWorkers } from '#core/jobs/queue.ts'
import { runOf } from '#core/jobs.ts'
import { checkPages } from '#core/upkeep.ts'
import { jobs } from '#jobs.ts'
import { type Base, openBase, plantWorld, type World } from '../test/harness.ts'

let base: Base
let world: World
let owner: pg.Client

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})

afterAll(async () => {
  await owner.end()
  await base.close()
})

const once = (name: string) => {
  const job = jobs.find((j) => j.name === name)
  if (!job) throw new Error(`no job ${name}`)
  return job.handle(
    runOf(base.ground, {
      id: newId(),
      attempt: 1,
      district: world.district,
      payload: {},
      signal: new AbortController().signal,
    }),
  )
}

const entries = async () =>
  (await owner.query("select count(*)::int as n from history where action not like 'test.%'")).rows[0].n as number

test('C-8: every job may be repeated: the second time it finds nothing to do and writes no history', async () => {
  for (const { name } of jobs) await once(name)
  const before = await entries()
  for (const { name } of jobs) await once(name)
  expect(await entries()).toBe(before)
})

test('C-6: answers to repeated requests are thrown away after 72 hours, those of jobs after 30 days', async () => {
  const put = (actor: string, key: string, age: string) =>
    owner.query(
      "insert into idempotency (district_id, actor, key, fingerprint, status, response, at) values ($1, $2, $3, '', 200, '', now() - $4::interval)",
      [world.district, actor, key, age],
    )
  await put('someone', 'young', '71 hours')
  await put('someone', 'old', '73 hours')
  await put('system', 'job', '29 days')
  await put('system', 'old-job', '31 days')
  await once('core.purge-keys')
  const { rows } = await owner.query(
    "select key from idempotency where key in ('young', 'old', 'job', 'old-job') order by key",
  )
  expect(rows.map((r) => r.key)).toEqual(['job', 'young'])
})

test('等保 34: sessions that ended a week ago are thrown away, live ones stay', async () => {
  const live = await world.someone('community-secretary', 'OC11')
  const gone = await world.someone('community-secretary', 'OC11')
  await owner.query("update session set ended_at = now() - interval '8 days' where account_id = $1", [gone.accountId])
  await once('access.purge-sessions')
  const { rows } = await owner.query('select account_id from session where account_id = any($1)', [
    [live.accountId, gone.accountId],
  ])
  expect(rows).toEqual([{ account_id: live.accountId }])
})

test('AD-07: a process that begins to work anchors every district at once, so nothing stands still after a long stop', async () => {
  const before = base.ground.anchors?.read(world.district).lines ?? 0
  const workers = await startWorkers(base.appUrl, base.ground, jobs, { poll: 0.5 })
  try {
    for (const end = performance.now() + 15_000; performance.now() < end; await sleep(100)) {
      if ((base.ground.anchors?.read(world.district).lines ?? 0) > before) break
    }
  } finally {
    await workers.stop(2000)
  }
  expect(base.ground.anchors?.read(world.district).lines).toBeGreaterThan(before)
  expect(base.ground.anchors?.overdue(world.district, new Date().toISOString())).toBe(false)
})

test('DU-06: damage that the nightly look finds fails its job once for the whole cluster, so that it is parked and alarms', async () => {
  const second = await plantWorld(base)
  const damage = [{ what: 'demand', page: 3 }]
  const looks: number[] = []
  const ground = {
    ...base.ground,
    inspect: async () => {
      looks.push(1)
      return { pages: 9, damage }
    },
  }
  const asker = { token: null, requestId: newId(), address: '' }
  const look = (district: number) => checkPages(new Context(ground, asker, { district, actor: system }))
  await expect(look(world.district)).rejects.toThrow('damaged')
  await look(second.district)
  expect(looks).toHaveLength(1)
  const { rows } = await owner.query("select retry_limit from pgboss.queue where name = 'core.check-pages'")
  expect(rows, 'the cluster is not read again to find the same').toEqual([{ retry_limit: 0 }])
  damage.pop()
  await look(world.district)
  expect(looks).toHaveLength(2)
})
