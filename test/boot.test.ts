// The real entry point, as an operator runs it: started, killed, started again, asked to stop while it works.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
let base: string
let folder: string
let port: number
let child: ChildProcess
let output = ''

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: found } = server.address() as { port: number }
      server.close(() => done(found))
    })
  })

function start() {
  output = ''
  const env = { PATH: process.env['PATH'], HOME: base, JISHI_DATA: folder, PORT: String(port), LOG_LEVEL: 'warn' }
  child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (output += part))
}

const hasEnded = () => child.exitCode !== null || child.signalCode !== null

const ended = async () => {
  while (!hasEnded()) await sleep(20)
  return child.exitCode
}

const url = (path: string) => `http://127.0.0.1:${port}${path}`

/** Seconds until the server says that it is ready. */
async function ready(): Promise<number> {
  const began = performance.now()
  for (;;) {
    const reply = await fetch(url('/readyz')).catch(() => null)
    if (reply?.ok) return (performance.now() - began) / 1000
    if (hasEnded() || performance.now() - began > 150_000) throw new Error(`did not start:\n${output}`)
    await sleep(50)
  }
}

const postmaster = () => Number(readFileSync(join(folder, 'pg/postmaster.pid'), 'utf8').split('\n')[0])

/** The number of the postmaster that came after `old`; null while there is none. */
function newPostmaster(old: number): number | null {
  try {
    const pid = postmaster()
    process.kill(pid, 0)
    return pid === old ? null : pid
  } catch {
    return null
  }
}

async function post(path: string, body: unknown, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const reply = await fetch(url(path), { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: reply.status, json: (await reply.json()) as Record<string, any> }
}

const get = async (path: string, token: string) =>
  (await (await fetch(url(path), { headers: { authorization: `Bearer ${token}` } })).json()) as Record<string, any>

async function signIn(login: string): Promise<string> {
  const accounts = JSON.parse(readFileSync(join(folder, 'demo-accounts.json'), 'utf8')) as {
    login: string
    password: string
  }[]
  const { status, json } = await post('/api/sessions', {
    login,
    password: accounts.find((a) => a.login === login)?.password,
  })
  expect(status, JSON.stringify(json)).toBe(201)
  return json['token'] as string
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'jishi-boot-'))
  chmodSync(base, 0o711)
  folder = join(base, 'data')
  port = await freePort()
  start()
  await ready()
}, 180_000)

afterAll(async () => {
  if (!hasEnded()) child.kill('SIGTERM')
  await ended()
  rmSync(base, { recursive: true, force: true })
})

test('A-59 A-60: after kill -9 of everything the next start works, and what was acknowledged is there', async () => {
  const token = await signIn('secretary')
  const [sample] = (await get('/api/demands?limit=1', token))['rows']
  const opened = await post(
    '/api/demands',
    {
      mechanismId: sample.mechanismId,
      placeId: sample.placeId,
      category: sample.category,
      words: '断电之前登记的一件',
    },
    token,
  )
  expect(opened.status, JSON.stringify(opened.json)).toBe(201)
  const pid = postmaster()
  child.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await ended()
  start()
  expect(await ready()).toBeLessThan(20)
  // The session was acknowledged as well: its token still opens.
  const { demand } = await get(`/api/demands/${opened.json['demand']?.id ?? opened.json['id']}`, token)
  expect(demand.placeId).toBe(sample.placeId)
}, 60_000)

test('a port that is taken is told at once, before a database is set up for nothing', async () => {
  const other = join(base, 'other')
  const env = { PATH: process.env['PATH'], HOME: base, JISHI_DATA: other, PORT: String(port) }
  const second = spawnSync(process.execPath, ['src/main.ts'], { cwd: root, env, encoding: 'utf8', timeout: 30_000 })
  expect(second.status).toBe(1)
  expect(second.stderr).toContain('已被别的程序占用')
  expect(existsSync(join(other, 'pg'))).toBe(false)
}, 40_000)

test('A-71: the database killed under the running server gives 503 or answers, never a dead process, and is back by itself', async () => {
  const token = await signIn('secretary')
  const before = child.pid
  const statuses: number[] = []
  const lastly = { ok: false }
  process.kill(postmaster(), 'SIGKILL')
  const killed = performance.now()
  while (!lastly.ok && performance.now() - killed < 20_000) {
    const asked = performance.now()
    const { status } = await fetch(url('/api/units?limit=1'), { headers: { authorization: `Bearer ${token}` } })
    statuses.push(status)
    if (status === 503) expect(performance.now() - asked).toBeLessThan(6000)
    else lastly.ok = status === 200
    await sleep(50)
  }
  expect([...new Set(statuses)].filter((s) => s !== 200)).toEqual(statuses.includes(503) ? [503] : [])
  expect(lastly.ok).toBe(true)
  expect([child.pid, hasEnded()]).toEqual([before, false])
}, 40_000)

/** Three hands register demands until told to stop; what was acknowledged is noted. */
async function writing(tag: string) {
  const token = await signIn('secretary')
  const [sample] = (await get('/api/demands?limit=1', token))['rows']
  const { mechanismId, placeId, category } = sample
  const acknowledged: string[] = []
  let on = true
  const write = async (writer: number) => {
    for (let n = 0; on; n++) {
      const words = `第${writer}人第${n}件`
      const body = JSON.stringify({ mechanismId, placeId, category, words })
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const reply = await fetch(url('/api/demands'), {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': `${tag}-${writer}-${n}` },
        body,
      }).catch(() => null)
      if (reply?.status === 201) acknowledged.push(((await reply.json()) as { id: string }).id)
      else {
        if (reply) expect([429, 503]).toContain(reply.status)
        await sleep(100)
      }
    }
  }
  const writers = [1, 2, 3].map(write)
  return {
    acknowledged,
    /** Until so many more are acknowledged, or a minute has passed; ms it took. */
    async more(count: number) {
      const [began, before] = [performance.now(), acknowledged.length]
      while (acknowledged.length < before + count && performance.now() - began < 60_000) await sleep(50)
      return performance.now() - began
    },
    /** What was acknowledged and is not there. */
    async lost() {
      on = false
      await Promise.all(writers)
      const gone: string[] = []
      for (const id of new Set(acknowledged)) if (!(await get(`/api/demands/${id}`, token))['demand']) gone.push(id)
      return gone
    },
  }
}

test('DU-03: of what was acknowledged nothing is lost, however often PostgreSQL is killed in the middle of writing', async () => {
  const hands = await writing('du-03')
  let longest = 0
  for (let kill = 0; kill < 20; kill++) {
    await sleep(Math.random() * 300)
    const pid = postmaster()
    process.kill(pid, kill % 2 === 0 ? 'SIGKILL' : 'SIGQUIT')
    const began = performance.now()
    while (newPostmaster(pid) === null && performance.now() - began < 60_000) await sleep(50)
    await hands.more(5)
    longest = Math.max(longest, performance.now() - began)
  }
  expect(longest).toBeLessThan(60_000)
  expect(hands.acknowledged.length).toBeGreaterThan(100)
  expect(await hands.lost()).toEqual([])
}, 180_000)

const childrenOf = (pid: number) =>
  readdirSync('/proc').filter((p) => {
    try {
      return /^\d+$/.test(p) && readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid)
    } catch {
      return false
    }
  })

test('DU-05: when the disk refuses to keep what was written, nobody is told that it was, and the database comes back by itself', async () => {
  const hands = await writing('du-05')
  await hands.more(5)
  const before = postmaster()
  // every process that writes now meets EIO at its next fsync; those that come after them find the disk well again
  const victims = childrenOf(before).flatMap((pid) => ['-p', pid])
  const inject = ['-qq', '-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO', ...victims]
  const strace = spawn('strace', inject, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  strace.stderr.on('data', (part) => (said += part))
  const code = await new Promise((done) => strace.once('exit', done))
  expect(said, `strace ended with ${String(code)}`).toContain('EIO')
  expect(await hands.more(5)).toBeLessThan(60_000)
  expect([postmaster(), hasEnded()]).toEqual([before, false])
  expect(await hands.lost()).toEqual([])
}, 150_000)

test('A-70 OV-09: SIGTERM under load turns readiness off, breaks no request that came in, and ends with 0 within 15 s', async () => {
  const token = await signIn('secretary')
  const agent = new Agent({ keepAlive: true, maxSockets: 24 })
  const seen = { whole: 0, broken: [] as string[], refused: 0 }
  let on = true
  const ask = () =>
    new Promise<void>((done) => {
      let answered = false
      const asking = request(
        url('/api/units?limit=5'),
        { agent, headers: { authorization: `Bearer ${token}` } },
        (reply) => {
          reply.resume()
          reply.on('end', () => {
            answered = true
            if (reply.statusCode === 200 || reply.statusCode === 429) seen.whole++
            else seen.broken.push(String(reply.statusCode))
            done()
          })
          reply.on('error', (error) => seen.broken.push(error.message))
          reply.on('close', () => done())
        },
      )
      asking.on('error', (error: NodeJS.ErrnoException) => {
        // Refused at the door is no request that came in: nobody took it.
        if (error.code === 'ECONNREFUSED') seen.refused++
        else if (!answered) seen.broken.push(String(error.code))
        done()
      })
      asking.end()
    })
  const clients = Array.from({ length: 24 }, async () => {
    while (on && seen.refused < 24) {
      await ask()
      await sleep(10)
    }
  })
  await sleep(700)
  const began = performance.now()
  child.kill('SIGTERM')
  await sleep(30)
  const readiness = await fetch(url('/readyz'))
    .then((r) => r.status)
    .catch(() => 503)
  expect(readiness).toBe(503)
  expect(await ended(), output).toBe(0)
  expect(performance.now() - began).toBeLessThan(15_000)
  on = false
  await Promise.all(clients)
  agent.destroy()
  expect(seen.broken).toEqual([])
  expect(seen.whole).toBeGreaterThan(24)
}, 40_000)

test('OV-09: a second SIGTERM ends at once, and the start after it works', async () => {
  start()
  expect(await ready()).toBeLessThan(20)
  const pid = postmaster()
  child.kill('SIGTERM')
  await sleep(20)
  const began = performance.now()
  child.kill('SIGTERM')
  await ended()
  expect(performance.now() - began).toBeLessThan(1000)
  // The database was told to stop by itself.
  for (const end = performance.now() + 5000; performance.now() < end; await sleep(50)) {
    try {
      process.kill(pid, 0)
    } catch {
      break
    }
  }
  expect(() => process.kill(pid, 0)).toThrow()
  start()
  expect(await ready()).toBeLessThan(20)
}, 60_000)
