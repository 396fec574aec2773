// The embedded PostgreSQL: one cluster per data folder, run as an unprivileged user, kept alive while Jishi runs.
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { giveTo, prepareNative } from './postgres/native.ts'
import {
  choosePlace,
  findPlace,
  leaveSockets,
  newSecrets,
  noteElsewhere,
  type Place,
  readSecrets,
  type Secrets,
  socketFolder,
  takeLock,
  writeSecrets,
} from './postgres/place.ts'
import {
  clearLeftovers,
  hasEnded,
  isAlive,
  type Log,
  launch,
  makeCluster,
  pidFile,
  resetPassword,
  shutDown,
} from './postgres/postmaster.ts'
import { type Settings, writeSettings } from './postgres/settings.ts'
import { StartError } from './start-error.ts'

const OWNER_ROLE = 'jishi_owner'
const APP_ROLE = 'jishi_app'
const DATABASE = 'jishi'
const MAJOR = '18'

export type Role = 'owner' | 'app'

export interface PostgresOptions {
  /** The data folder (JISHI_DATA). */
  folder: string
  /** Takes progress lines in Chinese, for the person who waits. */
  log?: Log
  /** Further server settings, by name. Settings that give up durability are refused unless `unsafeForTests` is set. */
  settings?: Settings
  /** Trades durability for speed. For test runs only: a crash may lose everything. */
  unsafeForTests?: boolean
}

export interface Postgres {
  /** A connection address for node-postgres and libpq; the database defaults to `jishi`. */
  url(role: Role, database?: string): string
  readonly ownerRole: string
  readonly appRole: string
  /** Process id of the postmaster; changes when the server had to be started again. */
  readonly pid: number
  stop(): Promise<void>
}

/**
 * Starts the cluster of a data folder, making it at the first start, and keeps it running until `stop()`.
 * Whatever a killed predecessor left is cleared; a folder that another live Jishi holds is refused with a StartError.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const place = choosePlace(options.folder)
  const lock = takeLock(place)
  try {
    return await startLocked(place, lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The addresses of a cluster that some live Jishi runs on this data folder; undefined when none does. */
export function runningPostgres(folder: string): Pick<Postgres, 'url' | 'pid'> | undefined {
  const place = findPlace(folder)
  const secrets = place && readSecrets(place)
  if (!secrets) return undefined
  const lines = pidFile(place)
  const pid = Number(lines[0])
  if (lines[7]?.trim() !== 'ready' || !isAlive(pid)) return undefined
  return { url: addresses(secrets, lines[4] ?? ''), pid }
}

async function startLocked(place: Place, lock: { release(): void }, options: PostgresOptions): Promise<Postgres> {
  const { log = () => {}, settings = {}, unsafeForTests = false } = options
  if (!unsafeForTests) refuseUnsafe(settings)
  const native = prepareNative(place.home, place.runner)
  noteElsewhere(place, log)
  const secrets = secretsFor(place)
  // Killed before the passwords were known to hold, or secrets.json lost: the cluster gets the passwords of the file.
  const unsure = existsSync(place.data) && !secrets.made
  if (!existsSync(place.data)) {
    log('首次启动：正在初始化数据库 …')
    makeCluster(place, native, secrets.owner, !unsafeForTests)
  }
  checkCluster(place)
  const sockets = socketFolder(place)
  const fast: Settings = unsafeForTests ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}
  writeSettings(place, sockets, { ...fast, ...settings })
  if (unsure) {
    await clearLeftovers(place, sockets, log)
    resetPassword(place, native, secrets)
  }
  const again = () => launch(place, native, sockets, log)
  const child = await again()
  const url = addresses(secrets, sockets)
  try {
    await prepareRoles(url('owner', 'postgres'), secrets)
    if (!secrets.made) writeSecrets(place, { ...secrets, made: true })
  } catch (error) {
    await shutDown(child)
    throw error
  }
  const leave = () => {
    leaveSockets(place, sockets)
    lock.release()
  }
  return keepAlive(child, again, { url, leave, log })
}

function refuseUnsafe(settings: Settings): void {
  const unsafe = ['fsync', 'synchronous_commit', 'full_page_writes'].filter((name) => (settings[name] ?? 'on') !== 'on')
  if (unsafe.length) throw new Error(`settings that lose acknowledged writes: ${unsafe.join(', ')}`)
}

function secretsFor(place: Place): Secrets {
  const known = readSecrets(place)
  if (known?.made && !existsSync(place.data)) {
    throw new StartError(
      `数据库目录 ${place.data} 不见了，而 ${place.folder} 以前启动过。请从备份恢复；如确要从头开始，请换一个空的 JISHI_DATA。`,
      'the cluster of this data folder is missing; restore it from a backup or use an empty folder',
    )
  }
  if (known) return known
  const secrets = newSecrets()
  writeSecrets(place, secrets)
  return secrets
}

function checkCluster({ data, runner }: Place): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (version !== MAJOR) {
    throw new StartError(
      `${data} 是 PostgreSQL ${version} 的数据库，内置的是 ${MAJOR}。请用原版本的基石备份，再在新版本中恢复。`,
      `the cluster was made by PostgreSQL ${version}, the embedded one is ${MAJOR}`,
    )
  }
  // A cluster restored by root belongs to root, as whom PostgreSQL never runs.
  if (runner && statSync(data).uid === 0) giveTo(runner, data)
}

function addresses(secrets: Secrets, sockets: string): Postgres['url'] {
  return (role, database = DATABASE) => {
    const user = role === 'owner' ? OWNER_ROLE : APP_ROLE
    return `postgresql://${user}:${secrets[role]}@localhost/${database}?host=${encodeURIComponent(sockets)}&port=5432`
  }
}

async function prepareRoles(url: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const known = await client.query<{ role: boolean; base: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as base`,
      [APP_ROLE, DATABASE],
    )
    const { role, base } = known.rows[0] ?? { role: false, base: false }
    if (!role) await client.query(`create role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole nobypassrls`)
    if (!role || !secrets.made) await client.query(`alter role ${APP_ROLE} password '${secrets.app}'`)
    if (!base) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

interface Keep {
  url: Postgres['url']
  leave: () => void
  log: Log
}

/** Starts the server again when it dies by itself, under the same address, so that pools simply reconnect. */
function keepAlive(first: ChildProcess, again: () => Promise<ChildProcess>, { url, leave, log }: Keep): Postgres {
  let child = first
  let reviving = Promise.resolve()
  let stopped: Promise<void> | undefined
  // Last resort when Node leaves without stop(): the server still shuts down by itself.
  const onExit = () => void (hasEnded(child) || child.kill('SIGINT'))
  process.once('exit', onExit)

  const watch = (one: ChildProcess) => {
    child = one
    one.once('exit', () => {
      if (!stopped) reviving = revive()
    })
  }
  const revive = async () => {
    log('数据库进程意外退出，正在重新启动 …')
    for (let attempt = 1; !stopped; attempt++) {
      try {
        watch(await again())
        return log('数据库已恢复')
      } catch (error) {
        // A disk may be full for hours: whoever makes room need not know that we have to be told (DE-06).
        if (attempt % 10 === 0) log(`数据库仍未恢复，继续重试：${(error as Error).message}`)
        await sleep(Math.min(5_000, 100 * 2 ** attempt))
      }
    }
  }
  const stop = async () => {
    await reviving
    await shutDown(child)
    process.off('exit', onExit)
    leave()
  }
  watch(first)
  return {
    url,
    ownerRole: OWNER_ROLE,
    appRole: APP_ROLE,
    get pid() {
      return child.pid ?? 0
    },
    stop: () => (stopped ??= stop()),
  }
}
