// A disk that is full: nothing is half done, everybody is told why, and it works again by itself when there is room (DE-06, A-73).
// Under root a small file system of its own is filled to the last byte; without, the files of the database may not grow (prlimit).
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { backup, restore } from '#core/backup.ts'
import { verify } from '#core/history.ts'
import { newId } from '#core/ids.ts'
import { prepareJobs } from '#core/jobs/queue.ts'
import { migrate } from '#core/migrate.ts'
import { type Postgres, startPostgres } from '#core/postgres.ts'
import { jobs } from '#jobs.ts'
import { type Asker, type Base, plantWorld, standOn, type World } from './harness.ts'

const isRoot = process.getuid?.() === 0
const MIB = 1024 * 1024

let outside: string
let disk: string
let postgres: Postgres
let base: Base
let world: World
let secretary: Asker
let owner: pg.Client

/** Small, so that it is full soon; what is kept is kept as in production. */
const settings = { shared_buffers: '32MB', min_wal_size: '32MB', max_wal_size: '48MB', wal_recycle: 'off' }

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'jishi-full-'))
  chmodSync(outside, 0o711)
  disk = join(outside, 'disk')
  execFileSync('mkdir', ['-m', '711', disk])
  if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512m,mode=711', 'jishi-full', disk])
  const folder = join(disk, 'data')
  postgres = await startPostgres({ folder, settings })
  await migrate(postgres.url('owner'))
  await prepareJobs(postgres.url('owner'), jobs)
  base = await standOn({ ownerUrl: postgres.url('owner'), appUrl: postgres.url('app'), folder })
  world = await plantWorld(base)
  secretary = await world.someone('community-secretary', 'OC11')
  owner = new pg.Client({ connectionString: base.ownerUrl })
  owner.on('error', () => {})
  await owner.connect()
}, 120_000)

afterEach(() => makeRoom())
afterAll(async () => {
  await owner.end().catch(() => {})
  await base.close()
  await postgres.stop()
  if (isRoot) execFileSync('umount', [disk])
  rmSync(outside, { recursive: true, force: true })
})

const filler = () => join(disk, 'filler')

const serversOf = (pid: number) => {
  const children = readdirSync('/proc').filter((p) => {
    try {
      return /^\d+$/.test(p) && readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid)
    } catch {
      return false
    }
  })
  return [String(pid), ...children]
}

const growAtMost = (bytes: string) => {
  for (const pid of serversOf(postgres.pid)) {
    try {
      execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes}:`], { stdio: 'ignore' })
    } catch {
      // gone meanwhile
    }
  }
}

/** Nothing more is written down from now on, but for `left` bytes. */
function fill(left = 0) {
  if (!isRoot) return growAtMost(String(64 * 1024))
  const block = Buffer.alloc(MIB)
  const free = () => {
    const { bavail, bsize } = statfsSync(disk)
    return bavail * bsize
  }
  while (free() > left) writeFileSync(filler(), block.subarray(0, Math.min(MIB, free() - left)), { flag: 'a' })
}

function makeRoom() {
  if (isRoot) rmSync(filler(), { force: true })
  else growAtMost('unlimited')
}

/** Words no compression makes small. */
const long = () => randomBytes(700).toString('base64').slice(0, 900)

interface Try {
  key: string
  title: string
  status: number
  body: Record<string, any>
}

async function raise(key: string = newId(), title: string = `满盘${key}`): Promise<Try> {
  const answer = await secretary.post(
    '/demands',
    { mechanismId: '365-service', placeId: world.unit['E111'], category: 'facility', title, words: long() },
    { 'idempotency-key': key },
  )
  return { key, title, status: answer.status, body: answer.body }
}

const kept = async (title: string) => {
  const client = new pg.Client({ connectionString: base.ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ made: number; told: number }>(
      `select count(*)::int as made, count(h.subject_id)::int as told from demand d
       left join history h on h.district_id = d.district_id and h.subject_id = d.id and h.action = 'demand.open'
       where d.district_id = $1 and d.title = $2`,
      [world.district, title],
    )
    return rows[0]
  } finally {
    await client.end()
  }
}

/** Raises until it is refused, and some more; all that was answered. */
async function untilRefused(more = 5): Promise<Try[]> {
  const tries: Try[] = []
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    tries.push(await raise())
    if (tries.filter((t) => t.status !== 201).length > more) return tries
  }
  throw new Error('the disk does not get full')
}

const worksAgain = () => expect.poll(async () => (await raise()).status, { timeout: 60_000, interval: 300 }).toBe(201)

async function nothingHalfDone(tries: readonly Try[]) {
  for (const t of tries) {
    expect(await kept(t.title), `${t.status} ${t.title}`).toEqual(
      t.status === 201 ? { made: 1, told: 1 } : { made: 0, told: 0 },
    )
  }
  const { flaws } = await base.database.transact({ district: world.district, mode: 'heavy' }, ({ db }) =>
    verify(db, world.district, base.ground.anchors?.read(world.district).heads),
  )
  expect(flaws).toEqual([])
}

it('(data and its log) keeps nothing it cannot keep, says so in Chinese, and the same keys go through when there is room (DE-06, A-73)', async () => {
  fill(isRoot ? 2 * MIB : 0)
  const tries = await untilRefused()
  const refused = tries.filter((t) => t.status !== 201)
  expect([...new Set(refused.map((t) => t.status))].filter((s) => s !== 507 && s !== 503)).toEqual([])
  const full = refused.find((t) => t.status === 507)
  if (isRoot)
    expect(full?.body['title']).toBe('服务器的存储空间已满，没有保存任何内容。请告诉系统管理员；腾出空间后可再次提交。')
  makeRoom()
  await worksAgain()
  await nothingHalfDone(tries)
  for (const t of refused) expect((await raise(t.key, t.title)).status, t.title).not.toBe(500)
}, 180_000)

it('(its log, until the database itself gives up) is back by itself, however long it was full (DE-06, A-59)', async () => {
  const before = postgres.pid
  const early = await raise()
  expect(early.status).toBe(201)
  fill()
  // a new segment of the log is wanted, and there is no room for one: PostgreSQL stops rather than lose what it promised
  await owner.query('select pg_switch_wal()').catch(() => {})
  const tries = [early, ...(await untilRefused(2))]
  await sleep(isRoot ? 34_000 : 2_000)
  const began = performance.now()
  const late = await raise()
  expect([503, 507]).toContain(late.status)
  expect(performance.now() - began).toBeLessThan(10_000)
  makeRoom()
  await worksAgain()
  if (isRoot) expect(postgres.pid).not.toBe(before)
  await nothingHalfDone([...tries, late])
}, 240_000)

it.runIf(isRoot)('(temporary files) refuses the question that needs them, and answers the others (DE-06)', async () => {
  fill(MIB)
  const sorts = () =>
    base.database.transact({ district: world.district, mode: 'heavy' }, ({ db }) =>
      sql`select count(*) from (select md5(g::text) as m from generate_series(1, 600000) g order by 1 offset 10) s`.execute(
        db,
      ),
    )
  await expect(sorts()).rejects.toMatchObject({ code: 'core.storage-full' })
  expect((await secretary.get('/demands')).status).toBe(200)
  makeRoom()
  await sorts()
})

it.runIf(isRoot)(
  '(anchors) takes a line that found no room back, so that nobody reads it as a forgery later (DE-06, A-39)',
  async () => {
    const { anchors } = base.ground
    await anchors?.drop(base.database, world.district)
    const before = anchors?.read(world.district)
    await raise()
    // room within the file's last block only, less than a line is long
    const file = join(base.folder, 'anchors.jsonl')
    const size = readFileSync(file).length
    const page = 4096
    writeFileSync(file, `${'\n'.repeat(page - (size % page) - 40)}`, { flag: 'a' })
    fill()
    await expect(anchors?.drop(base.database, world.district)).rejects.toThrow('ENOSPC')
    makeRoom()
    await anchors?.drop(base.database, world.district)
    const after = anchors?.read(world.district)
    expect(after?.broken).toEqual([])
    expect(after?.lines).toBe((before?.lines ?? 0) + 1)
  },
)

it.runIf(isRoot)(
  '(a backup, a restore) leaves no part of it and says what to do (DE-06, A-64)',
  async () => {
    const passphrase = '一句 足够长 的 备份 口令'
    const ownerUrl = base.ownerUrl
    const whole = join(outside, 'whole.jishi')
    await backup({ folder: base.folder, ownerUrl, to: whole, passphrase })
    const before = postgres.pid
    fill(64 * MIB)
    // on the disk of the database itself: refused while the database still has room
    await expect(backup({ folder: base.folder, ownerUrl, to: join(disk, 'some.jishi'), passphrase })).rejects.toThrow(
      '存储空间不足，没有留下备份文件。请腾出空间',
    )
    expect(postgres.pid).toBe(before)
    expect(readdirSync(disk).toSorted()).toEqual(['data', 'filler'])
    makeRoom()
    const small = join(outside, 'small')
    execFileSync('mkdir', [small])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'jishi-small', small])
    try {
      await expect(
        backup({ folder: base.folder, ownerUrl, to: join(small, 'some.jishi'), passphrase }),
      ).rejects.toThrow('存储空间不足，没有留下备份文件。请腾出空间')
      const keys = join(base.folder, 'keys')
      await expect(restore({ from: whole, to: join(small, 'restored'), passphrase, keys })).rejects.toThrow(
        '存储空间不足，没有恢复任何内容。',
      )
      expect(readdirSync(small)).toEqual([])
    } finally {
      execFileSync('umount', [small])
    }
    await worksAgain()
  },
  60_000,
)
