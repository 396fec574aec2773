// A machine with nothing to spare: no descriptor left (DE-08), half a gigabyte of memory (OV-10). The server sheds, lives, and is well
// again by itself. It runs as a process of its own; its limits are set from outside while it works.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from './harness.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const SCRIPT = `
  const { compose } = await import('#app.ts')
  const { loadKeyring, openssl } = await import('#core/crypto.ts')
  const { Database } = await import('#core/db.ts')
  const { limiter, pacer } = await import('#core/http/limits.ts')
  const { APP, FOLDER } = process.env
  const { server } = compose({ database: new Database(APP), vault: openssl(loadKeyring(FOLDER)), limit: limiter(0), pace: pacer(0) })
  console.log((await server.listen({ port: 0, host: '127.0.0.1' })) + ';')`

let base: Base
let world: World
let desk: Asker
let child: ChildProcess
let port = 0

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
})
afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await ended
})
afterAll(() => base.close())

/** The server, beside ours, on the same database. */
async function start(flags: readonly string[] = []): Promise<number> {
  const env = { PATH: process.env['PATH'] ?? '', APP: base.appUrl, FOLDER: base.folder, LOG_LEVEL: 'fatal' }
  child = spawn(process.execPath, [...flags, '--input-type=module', '-e', SCRIPT], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout?.on('data', (part) => (told += part))
  for (const end = performance.now() + 30_000; !told.includes(';'); await sleep(20))
    if (performance.now() > end) throw new Error(`did not start: ${told}`)
  port = Number(/:(\d+);/.exec(told)?.[1])
  return child.pid as number
}

interface Ask {
  agent?: Agent
  body?: Buffer
}

/** The status, or 0 where nobody answered. */
const ask = (path: string, { agent, body }: Ask = {}) =>
  new Promise<number>((done) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port,
        path: `/api${path}`,
        method: body ? 'POST' : 'GET',
        timeout: 20_000,
        ...(agent ? { agent } : { agent: false }),
        headers: { authorization: `Bearer ${desk.token}`, ...(body ? { 'content-type': SHEET } : {}) },
      },
      (reply) => {
        reply.resume().on('end', () => done(reply.statusCode ?? 0))
        reply.on('error', () => done(0))
      },
    )
    asking.on('error', () => done(0)).on('timeout', () => asking.destroy())
    asking.end(body)
  })

/** A connection that asks several things without waiting; answers the statuses that come within fifteen seconds. */
async function pipeline() {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await new Promise((done) => socket.once('connect', done))
  const one = `GET /api/units HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${desk.token}\r\n\r\n`
  let said = ''
  socket.on('data', (part) => (said += part))
  return {
    async ask(times: number): Promise<number[]> {
      said = ''
      socket.write(one.repeat(times))
      const statuses = () => [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1]))
      for (const end = performance.now() + 15_000; statuses().length < times && performance.now() < end; )
        await sleep(20)
      return statuses()
    },
  }
}

const alive = (pid: number) => child.pid === pid && child.exitCode === null && child.signalCode === null
const UPLOAD = '/people-imports?fileName=roster.xlsx'
const junk = Buffer.from('PK\u0003\u0004 no workbook')

const allow = (pid: number, descriptors: number | 'unlimited') =>
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${descriptors}:`])

it('without a descriptor left answers who is there with what it has or 503, takes nobody in, and is well when some are free (DE-08)', async () => {
  const pid = await start()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  expect(await ask('/units', { agent })).toBe(200)
  const before = await ask(UPLOAD, { body: junk })
  expect(before).toBeGreaterThanOrEqual(400)
  expect(before).toBeLessThan(500)
  const early = await pipeline()
  expect(await early.ask(1)).toEqual([200])
  const held = readdirSync(`/proc/${pid}/fd`).length
  allow(pid, held)
  const crowd: Socket[] = Array.from({ length: 60 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await sleep(500)

  // the connection that was there before is served; where that wants a descriptor, it is told to come again
  const inside: number[] = []
  const began = performance.now()
  for (let i = 0; i < 5; i++) inside.push(await ask('/units', { agent }))
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(inside.filter((s) => s !== 200 && s !== 503)).toEqual([])
  expect(inside).toContain(200)
  expect(await ask(UPLOAD, { agent, body: junk })).toBe(503)
  // many at once want connections to the database that cannot be made
  const statuses = await early.ask(12)
  expect(statuses.length).toBe(12)
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(alive(pid)).toBe(true)

  for (const socket of crowd) socket.destroy()
  agent.destroy()
  allow(pid, 1024)
  await expect.poll(() => ask('/units'), { timeout: 15_000 }).toBe(200)
  expect(await ask(UPLOAD, { body: junk })).toBe(before)
  expect(alive(pid)).toBe(true)
}, 90_000)

const LIMIT = 512 * 1024 * 1024
const V1 = '/sys/fs/cgroup/memory'

/** A group of processes that may hold half a gigabyte; null where none can be made (no root, or no such file system). */
function halfGigabyte(): { join(pid: number): void; killed(): number; leave(): void } | null {
  const old = existsSync(join(V1, 'memory.limit_in_bytes'))
  const at = join(old ? V1 : '/sys/fs/cgroup', `jishi-test-${process.pid}`)
  try {
    mkdirSync(at)
    writeFileSync(join(at, old ? 'memory.limit_in_bytes' : 'memory.max'), String(LIMIT))
  } catch {
    if (existsSync(at)) rmdirSync(at)
    return null
  }
  const counted = join(at, old ? 'memory.oom_control' : 'memory.events')
  return {
    join: (pid) => writeFileSync(join(at, 'cgroup.procs'), String(pid)),
    killed: () => Number(/oom_kill (\d+)/.exec(readFileSync(counted, 'utf8'))?.[1] ?? 0),
    leave: () => rmdirSync(at),
  }
}

it('in half a gigabyte serves a crowd, sheds what is too much, is not killed, and is quick again at once (OV-10, A-75)', async () => {
  const { serverFlags } = (
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      config: { serverFlags: string[] }
    }
  ).config
  const group = halfGigabyte()
  // where no group can be made, the heap alone is held to what would be left of the half gigabyte
  const pid = await start(group ? serverFlags : ['--max-semi-space-size=8', '--max-old-space-size=320'])
  group?.join(pid)
  const agent = new Agent({ keepAlive: true, maxSockets: 150 })
  const seen = new Map<number, number>()
  const paths = ['/units', '/demands', '/persons', '/figures?measures=demands.raised&by=child', '/me', '/openapi.json']
  const end = performance.now() + 15_000
  const clients = Array.from({ length: 150 }, async (_, i) => {
    for (let n = i; performance.now() < end; n++) {
      const status =
        n % 25 === 0
          ? await ask(UPLOAD, { agent, body: junk })
          : await ask(paths[n % paths.length] as string, { agent })
      seen.set(status, (seen.get(status) ?? 0) + 1)
    }
  })
  await Promise.all(clients)
  agent.destroy()
  const told = JSON.stringify([...seen])
  expect(
    [...seen.keys()].filter((s) => s >= 500 && s !== 503 && s !== 507),
    told,
  ).toEqual([])
  expect(seen.get(200) ?? 0, told).toBeGreaterThan(300)
  expect(seen.get(0) ?? 0, told).toBe(0)
  expect(alive(pid)).toBe(true)
  expect(group?.killed() ?? 0).toBe(0)
  const began = performance.now()
  expect(await ask('/units')).toBe(200)
  expect(performance.now() - began).toBeLessThan(5_000)
  const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
  expect(resident).toBeLessThan(LIMIT)
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGKILL')
  await ended
  await sleep(200)
  group?.leave()
}, 90_000)
