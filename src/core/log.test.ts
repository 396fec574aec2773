// What stands in the log: one line for one event, whatever was in it; and one number leads from the answer to it and to the history.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../test/harness.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterAll(() => base.close())

/** What a process says that logs these values and ends. */
function logged(values: unknown[]): string[] {
  const script = `const { log } = await import('#core/log.ts')
    for (const value of JSON.parse((await import('node:fs')).readFileSync(0, 'utf8'))) log.warn({ value }, String(value).slice(0, 50))`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    input: JSON.stringify(values),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn' },
  })
  return said.split('\n').filter(Boolean)
}

test('OB-03: line ends, terminal codes, JSON and a megabyte in a value are one line, encoded and cut', () => {
  const forged = '{"level":50,"msg":"all is well"}'
  const values = [
    `a\r\n${forged}`,
    '\u001b[2J\u001b[31mred',
    '","level":10,"x":"',
    'x'.repeat(1024 * 1024),
    '\u2028b\u2029\u0000c',
  ]
  const lines = logged(values)
  expect(lines).toHaveLength(values.length)
  // biome-ignore lint: control characters are what we look for
  for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f]/)
  const read = lines.map((line) => JSON.parse(line) as { level: number; time: string; value: string })
  expect(read.every((r) => r.level === 40 && r.time.endsWith('Z'))).toBe(true)
  expect(read[0]?.value).toBe(values[0])
  expect(read[3]?.value.length).toBeLessThan(10_000)
  expect(read[3]?.value).toMatch(/… 1048576 characters$/)
})

test('a full disk or a reader that has gone takes lines away, and nothing else (OB)', () => {
  const script = `const { log } = await import('#core/log.ts')
    for (let i = 0; i < 200; i++) log.info({ pad: 'x'.repeat(200) }, 'everyday')
    log.warn('first')
    log.error('second')
    setTimeout(() => { log.warn('later'); process.exit(7) }, 300)`
  const run = (to: string) =>
    spawnSync('sh', ['-c', `"$0" --input-type=module -e "$1" ${to}`, process.execPath, script], {
      cwd: root,
      timeout: 15_000,
      env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'info' },
    })
  expect(run('> /dev/full').status).toBe(7)
  // a shell tells the status of the last of a pipe: who writes to nobody tells his own
  expect(run('| true; echo over').signal).toBe(null)
  expect(run('').stdout.toString().split('\n').filter(Boolean)).toHaveLength(203)
}, 60_000)

/** Logs far more than a pipe holds while a timer beats, then says on the error stream how it went. */
const FLOOD = `const { log, droppedLines } = await import('#core/log.ts')
  let beats = 0
  const timer = setInterval(() => {
    for (let i = 0; i < 400; i++) log.info({ pad: 'x'.repeat(200) }, 'everyday')
    log.warn('taken along')
    if (++beats < 50) return
    clearInterval(timer)
    process.stderr.write('went on, dropped ' + droppedLines() + ', ' + Math.round(process.memoryUsage.rss() / 2 ** 20) + ' MiB;')
    setInterval(() => log.info('later'), 5)
  }, 5)
  process.on('SIGTERM', () => process.exit(7))`

const until = async (said: () => boolean, seconds = 20) => {
  for (const end = performance.now() + seconds * 1000; !said(); await sleep(20))
    if (performance.now() > end) throw new Error('waited in vain')
}

test('OB-04: a reader that is stuck holds nobody up: lines are dropped and counted, and reading again brings whole lines and the number', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', FLOOD], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let told = ''
  let read = ''
  child.stderr.on('data', (part) => (told += part))
  try {
    await until(() => told.includes(';'))
    const [, dropped = '', memory = ''] = /went on, dropped (\d+), (\d+) MiB/.exec(told) ?? []
    expect(Number(dropped)).toBeGreaterThan(5_000)
    expect(Number(memory)).toBeLessThan(150)
    child.stdout.on('data', (part) => (read += part))
    await until(() => read.includes('log lines were dropped') && read.includes('later'))
    const lines = read.split('\n').slice(0, -1)
    const counted = lines.map((line) => (JSON.parse(line) as { dropped?: number }).dropped ?? 0)
    expect(Math.max(...counted)).toBeGreaterThanOrEqual(Number(dropped))
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(7)
  }
}, 60_000)

test('OB-04: a shell’s pipe that nobody reads holds nobody up either, and the process still ends when it is told to', async () => {
  const line = '{ "$0" --input-type=module -e "$1" & echo "$!;" >&2; wait $!; echo "ended $?" >&2; } | sleep 60'
  const child = spawn('sh', ['-c', line, process.execPath, FLOOD], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let told = ''
  child.stderr.on('data', (part) => (told += part))
  try {
    await until(() => told.includes('went on'))
    process.kill(Number(/^(\d+);/.exec(told)?.[1]), 'SIGTERM')
    await until(() => told.includes('ended 7'), 5)
  } finally {
    process.kill(-(child.pid as number), 'SIGKILL')
  }
}, 60_000)

test('OB-01: the number of a request is in its answer, in the history of what it did, and in the refusal of the next', async () => {
  const secretary = await world.someone('community-secretary', 'OC11')
  const made = await secretary.post('/demands', {
    mechanismId: '365-service',
    placeId: world.unit['E111'],
    category: 'care',
    words: '需要轮椅',
  })
  const id = String(made.headers['x-request-id'])
  const entries = await world.write((tx) =>
    tx.db.selectFrom('history').select('body').where('district_id', '=', world.district).execute(),
  )
  const mine = entries.map((e) => JSON.parse(e.body)).filter((e) => e.requestId === id)
  expect(mine).toMatchObject([{ action: 'demand.open', subject: { id: made.body['id'] } }])
  const refused = await secretary.get('/accounts')
  expect(refused.body['requestId']).toBe(refused.headers['x-request-id'])
  expect(refused.headers['x-request-id']).not.toBe(id)
})
