import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../test/harness.ts'
import type { WriteTx } from './context.ts'
import { newId } from './ids.ts'
import { prepareJobs, queueCounts, startWorkers } from './jobs/queue.ts'
import { defineJobs, type JobRun, sendJob } from './jobs.ts'

let base: Base
let world: World
let owner: pg.Client
const handlers = new Map<string, (run: JobRun) => Promise<void>>()
const names = [
  'test.effect',
  'test.poison',
  'test.slow',
  'test.lost',
  'test.killed',
  'test.frozen',
  'test.look',
] as const
const jobs = defineJobs(
  names.map((name) => ({
    name,
    lease: 60,
    ...(name === 'test.look' ? { tries: 1 } : {}),
    handle: (run: JobRun) => handlers.get(name)?.(run) ?? Promise.resolve(),
  })),
)
const quick = { poll: 0.5, watch: 1, retryDelay: 0 }

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  await prepareJobs(base.ownerUrl, jobs, quick)
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})

afterAll(async () => {
  await owner.end()
  await base.close()
})

const note = (run: JobRun, text: string) =>
  run.once('note', (ctx) =>
    ctx.write(null, 'test.effect', async (tx) => {
      tx.record({ subject: { kind: 'test', id: newId() }, path: '', change: { text } })
    }),
  )

const effects = async (text: string) =>
  (
    await owner.query(
      "select count(*)::int as n from history where action = 'test.effect' and body::json->'change'->>'text' = $1",
      [text],
    )
  ).rows[0].n as number

const stateOf = async (id: string) =>
  (
    await owner.query<{ state: string; tries: number }>(
      'select state, retry_count + 1 as tries from pgboss.job where id = $1',
      [id],
    )
  ).rows[0]

async function until(what: () => Promise<boolean> | boolean, seconds = 15) {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(50))
    if (await what()) return
  throw new Error('waited in vain')
}

const send = (name: string, payload = {}, sending = {}) =>
  world.write((tx: WriteTx) => sendJob(tx, name, payload, sending))

test('A-58: a job exists exactly if its transaction commits, and one key is one job', async () => {
  const lost = world.write(async (tx) => {
    await sendJob(tx, 'test.effect', {}, { key: 'rolled-back' })
    throw new Error('no')
  })
  await expect(lost).rejects.toThrow('no')
  const first = await send('test.effect', {}, { key: 'same' })
  expect(await send('test.effect', {}, { key: 'same' })).toBe(first)
  const { rows } = await owner.query("select id from pgboss.job where name = 'test.effect'")
  expect(rows).toEqual([{ id: first }])
  await owner.query("delete from pgboss.job where name = 'test.effect'")
})

test('A-58 PR-09: a job that nobody defined or that carries personal data is refused with its transaction', async () => {
  await expect(send('test.unknown')).rejects.toThrow('no job is called')
  for (const value of ['林小满', '13800138000', '420304199001011234', 'a b'])
    await expect(send('test.effect', { value })).rejects.toThrow('no id')
  const fine = await send('test.effect', { demand: newId(), day: '2026-11-22', count: 12 })
  expect((await stateOf(fine))?.state).toBe('created')
  await owner.query('delete from pgboss.job where id = $1', [fine])
})

test('A-58: a job whose try failed after the effect is tried again, and the effect stays single', async () => {
  const tries: number[] = []
  handlers.set('test.effect', async (run) => {
    await note(run, 'single')
    tries.push(run.attempt)
    if (run.attempt < 3) throw new Error('after the commit')
  })
  const workers = await startWorkers(base.appUrl, base.ground, jobs, quick)
  const id = await send('test.effect')
  await until(async () => (await stateOf(id))?.state === 'completed')
  await workers.stop()
  expect(tries).toEqual([1, 2, 3])
  expect(await effects('single')).toBe(1)
})

test('A-58: a poison job is parked after five tries and counted', async () => {
  let tries = 0
  handlers.set('test.poison', async () => {
    tries++
    throw new Error('居民林小满的电话')
  })
  const workers = await startWorkers(base.appUrl, base.ground, jobs, quick)
  const id = await send('test.poison')
  await until(async () => (await stateOf(id))?.state === 'failed', 18)
  await workers.stop()
  expect(tries).toBe(5)
  expect(await queueCounts(base.ground)).toContainEqual({ name: 'test.poison', state: 'parked', count: 1 })
  const { rows } = await owner.query('select output::text as kept from pgboss.job where output is not null')
  expect(rows.some((r) => /林小满/.test(r.kept))).toBe(false)
})

test('A-58: a job that says one try is parked after it', async () => {
  let tries = 0
  handlers.set('test.look', async () => {
    tries++
    throw new Error('damaged')
  })
  const workers = await startWorkers(base.appUrl, base.ground, jobs, quick)
  const id = await send('test.look')
  await until(async () => (await stateOf(id))?.state === 'failed')
  await workers.stop()
  expect(tries).toBe(1)
  expect(await queueCounts(base.ground)).toContainEqual({ name: 'test.look', state: 'parked', count: 1 })
})

test('A-70: a stopping process hands its job back within its grace, and the next one finishes it', async () => {
  let started = false
  handlers.set('test.slow', async () => {
    started = true
    await sleep(60_000, undefined, { ref: false })
  })
  const first = await startWorkers(base.appUrl, base.ground, jobs, quick)
  const id = await send('test.slow')
  await until(() => started)
  const began = performance.now()
  await first.stop(1000)
  expect(performance.now() - began).toBeLessThan(5000)
  expect((await stateOf(id))?.state).toBe('retry')
  handlers.set('test.slow', async () => {})
  const second = await startWorkers(base.appUrl, base.ground, jobs, quick)
  await until(async () => (await stateOf(id))?.state === 'completed')
  await second.stop()
})

test('A-58: the job of a worker that died after its effect is done by another, once', async () => {
  const hang = { on: true }
  handlers.set('test.lost', async (run) => {
    await note(run, 'lost')
    if (hang.on) await sleep(60_000, undefined, { ref: false })
  })
  const workers = await startWorkers(base.appUrl, base.ground, jobs, quick)
  const id = await send('test.lost')
  await until(async () => (await effects('lost')) === 1)
  hang.on = false
  // As a killed process leaves it: taken, and no sign of life any more.
  await owner.query(
    "update pgboss.job set heartbeat_on = now() - interval '1 hour', started_on = now() - interval '1 hour' where id = $1",
    [id],
  )
  const other = await startWorkers(base.appUrl, base.ground, jobs, quick)
  await until(async () => (await stateOf(id))?.state === 'completed')
  await Promise.all([workers.stop(1000), other.stop(1000)])
  expect((await stateOf(id))?.tries).toBeGreaterThan(1)
  expect(await effects('lost')).toBe(1)
})

const workers = new Set<ChildProcess>()
afterAll(() => {
  for (const child of workers) child.kill('SIGKILL')
})

/** A worker in a process of its own; `said` grows with what it tells. */
function work(name: string, pause: number) {
  const script = fileURLToPath(new URL('../../test/worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, base.appUrl, base.folder, name, String(pause)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  workers.add(child)
  const told = { child, said: '' }
  child.stdout.on('data', (part: Buffer) => {
    told.said += part.toString()
  })
  return told
}

const kill = async ({ child }: { child: ChildProcess }, signal: NodeJS.Signals = 'SIGKILL') => {
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
  workers.delete(child)
}

/** What was taken by a process that is no more, or frozen, shows no sign of life: its lease is over. */
const leasesEnd = (name: string) =>
  owner.query(
    `update pgboss.job set heartbeat_on = now() - interval '1 hour', started_on = now() - interval '1 hour'
     where name = $1 and state = 'active'`,
    [name],
  )

const done = async (name: string) =>
  (
    await owner.query<{ job: string; n: number }>(
      `select body::json->'change'->>'job' as job, count(*)::int as n from history where action = $1 group by 1`,
      [name],
    )
  ).rows

test('CO-15: a worker killed again and again loses no job and does none twice', async () => {
  const ids = new Set<string>()
  for (let i = 0; i < 40; i++) ids.add(await send('test.killed'))
  let kills = 0
  for (; kills < 100; kills++) {
    const before = (await done('test.killed')).length
    if (before === ids.size) break
    const worker = work('test.killed', 20)
    // somewhere in the middle: before the effect, after it, or between two jobs
    await until(() => worker.said.includes('taken'))
    await sleep(Math.random() * 1500)
    await kill(worker)
    await leasesEnd('test.killed')
    // what five lives of a worker could not finish would be parked: its tries are given back, as an operator does
    await owner.query("update pgboss.job set retry_count = 0 where name = 'test.killed' and state <> 'completed'")
  }
  const effects = await done('test.killed')
  expect(kills).toBeGreaterThan(5)
  expect(new Set(effects.map((e) => e.job))).toEqual(ids)
  expect(effects.filter((e) => e.n !== 1)).toEqual([])
}, 180_000)

test('CO-16: a worker frozen past its lease wakes to find its job done by another, and changes nothing', async () => {
  const id = await send('test.frozen')
  const first = work('test.frozen', 700)
  await until(() => first.said.includes(`taken ${id}`))
  first.child.kill('SIGSTOP')
  await leasesEnd('test.frozen')
  const second = work('test.frozen', 0)
  await until(() => second.said.includes(`did ${id}`), 30)
  await until(async () => (await stateOf(id))?.state === 'completed')
  first.child.kill('SIGCONT')
  await until(() => first.said.includes(`was done ${id}`), 30)
  await sleep(1500)
  expect(await done('test.frozen')).toEqual([{ job: id, n: 1 }])
  // nor does it put the finished job back
  expect((await stateOf(id))?.state).toBe('completed')
  await Promise.all([kill(first), kill(second)])
}, 60_000)
