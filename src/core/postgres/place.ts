// Where a data folder's database lives, who may use it, and the lock that lets one Jishi at a time hold it.
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../start-error.ts'
import { giveTo, type Runner, usableBy } from './native.ts'

export interface Place {
  /** The data folder as the operator named it (JISHI_DATA), links resolved. */
  folder: string
  /** The folder that holds `pg`: the data folder, or one below /var/lib/jishi when the database user cannot reach that. */
  home: string
  data: string
  runner: Runner | undefined
}

const NOBODY: Runner = { uid: 65534, gid: 65534 }
const NOTE = 'database-location'
const isRoot = () => process.getuid?.() === 0

/** Decides (once, then remembered in a note) where the cluster of this data folder lives. */
export function choosePlace(name: string): Place {
  const folder = makeFolder(name)
  const at = (home: string): Place => ({ folder, home, data: join(home, 'pg'), runner: runnerOf(join(home, 'pg')) })
  const noted = readNote(folder)
  if (noted) return at(noted)
  if (!isRoot() || usableBy(runnerOf(join(folder, 'pg')) ?? NOBODY, folder, 1)) return at(folder)
  if (existsSync(join(folder, 'pg/PG_VERSION'))) {
    throw new StartError(
      `数据目录 ${folder} 的上级目录不允许其他用户进入，数据库用户无法到达其中的数据库。请对上级目录执行 chmod o+x，或用普通用户启动。`,
      `the database in ${folder} can no longer be reached by the unprivileged user: a parent folder lost o+x`,
    )
  }
  return at(elsewhere(folder))
}

/** Where the cluster of an existing data folder lives; undefined when the folder was never started. */
export function findPlace(name: string): Place | undefined {
  if (!existsSync(name)) return undefined
  const folder = realpathSync(name)
  const home = readNote(folder) ?? folder
  const data = join(home, 'pg')
  return existsSync(data) ? { folder, home, data, runner: runnerOf(data) } : undefined
}

function makeFolder(name: string): string {
  const wanted = resolve(name)
  try {
    const first = mkdirSync(wanted, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
    // A strict umask must not shut the database user out of folders that we made ourselves.
    for (let at = wanted; isRoot() && first && at.length >= first.length; at = dirname(at)) chmodSync(at, 0o711)
    const folder = realpathSync(wanted)
    if (isRoot() && !(statSync(folder).mode & 1)) chmodSync(folder, 0o711)
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return folder
  } catch (cause) {
    throw new StartError(
      `数据目录 ${wanted} 无法使用：${(cause as Error).message}。请检查 JISHI_DATA 及目录权限。`,
      `JISHI_DATA: the data folder cannot be made or written`,
      { cause },
    )
  }
}

function runnerOf(data: string): Runner | undefined {
  if (!isRoot()) return undefined
  const found = statSync(data, { throwIfNoEntry: false })
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : NOBODY
}

function readNote(folder: string): string | undefined {
  const note = join(folder, NOTE)
  return existsSync(note) ? readFileSync(note, 'utf8').split('\n')[0] : undefined
}

function elsewhere(folder: string): string {
  const base = '/var/lib/jishi'
  const home = join(base, createHash('sha256').update(folder).digest('hex').slice(0, 16))
  mkdirSync(home, { recursive: true })
  for (const at of [base, home]) if (!(statSync(at).mode & 1)) chmodSync(at, 0o711)
  if (!usableBy(NOBODY, home, 1)) {
    throw new StartError(
      `数据库用户既不能进入 ${folder}，也不能进入 ${home}。请把 JISHI_DATA 设在其他用户可以进入的目录下，或用普通用户启动。`,
      `neither the data folder nor ${base} can be reached by the unprivileged user`,
    )
  }
  return home
}

/** Leaves the note that the cluster is elsewhere. Call under the lock. A cluster whose data folder was thrown away is set aside. */
export function noteElsewhere({ folder, home, data }: Place, log: (line: string) => void): void {
  if (home === folder || readNote(folder)) return
  if (existsSync(data)) {
    const aside = `${data}.left-behind-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`
    renameSync(data, aside)
    log(`发现此目录以前留下的数据库，已移到 ${aside}`)
  }
  const why = 'The database of this folder is kept there, because its unprivileged user cannot enter this one.'
  replaceFile(join(folder, NOTE), `${home}\n${why}\n`, 0o644)
}

/** Takes the folder for this process. The kernel frees the lock when the process ends, however it ends. */
export function takeLock({ home }: Place): { release(): void } {
  const holder = join(home, 'lock.pid')
  let lock: DatabaseSync | undefined
  try {
    // SQLite's exclusive transaction is the one kernel file lock that Node offers; nothing is ever written to this file.
    lock = new DatabaseSync(join(home, 'lock'))
    lock.exec('begin exclusive')
  } catch (cause) {
    lock?.close()
    if ((cause as { errcode?: number }).errcode !== 5) throw cause
    const pid = existsSync(holder) ? readFileSync(holder, 'utf8').trim() : '?'
    throw new StartError(
      `数据目录 ${home} 正被另一个基石进程（进程号 ${pid}）使用。请先停止它，或为本进程另设 JISHI_DATA。`,
      `another live Jishi process (pid ${pid}) holds this data folder`,
      { cause },
    )
  }
  const held = lock
  writeFileSync(holder, `${process.pid}\n`)
  return { release: () => held.isOpen && held.close() }
}

export interface Secrets {
  owner: string
  app: string
  /** Set once the cluster has been made: from then on a missing cluster is a loss, not a first start. */
  made?: boolean
}

export function readSecrets({ folder }: Place): Secrets | undefined {
  const file = join(folder, 'secrets.json')
  if (!existsSync(file)) return undefined
  if (statSync(file).mode & 0o077) {
    throw new StartError(
      `${file} 可被其他用户读取。请执行 chmod 600 ${file}，并考虑更换其中的口令。`,
      'secrets.json must have mode 0600',
    )
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Secrets
}

export const newSecrets = (): Secrets => ({ owner: secret(), app: secret() })
const secret = () => randomBytes(24).toString('base64url')

export function writeSecrets({ folder }: Place, secrets: Secrets): void {
  replaceFile(join(folder, 'secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`, 0o600)
}

/** Whole or not at all, also across a power cut. */
export function replaceFile(path: string, text: string, mode: number, owner?: Runner): void {
  const fresh = `${path}.${process.pid}.new`
  const fd = openSync(fresh, 'wx', mode)
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  if (owner) giveTo(owner, fresh)
  renameSync(fresh, path)
  syncFolder(dirname(path))
}

export function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

/**
 * The folder of the unix socket: beside the cluster, or in a temporary folder when that path is too long for the kernel
 * (107 bytes) or has characters that PostgreSQL's list syntax would split.
 */
export function socketFolder({ home, runner }: Place): string {
  const near = join(home, 'run')
  const fits = (path: string) => /^[\w./+-]+$/.test(path) && join(path, '.s.PGSQL.5432').length <= 107
  if (fits(near)) return own(near, runner)
  const uid = runner?.uid ?? process.getuid?.()
  const name = `jishi-${uid}-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`
  const temporary =
    [tmpdir(), '/tmp'].find((one) => fits(join(one, name)) && (!runner || usableBy(runner, one, 1))) ?? '/tmp'
  return own(join(temporary, name), runner)
}

/** Removes the socket folder after a stop when it is a temporary one. */
export function leaveSockets({ home }: Place, sockets: string): void {
  if (dirname(sockets) !== home) rmSync(sockets, { recursive: true, force: true })
}

// Anyone may have planted a name in a shared temporary folder: only a private folder of the right owner is used.
function own(path: string, runner: Runner | undefined): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const uid = process.getuid?.()
  const owner = lstatSync(path).uid
  if (!lstatSync(path).isDirectory() || (owner !== uid && owner !== runner?.uid)) {
    return own(mkdtempSync(join(dirname(path), 'jishi-')), runner)
  }
  chmodSync(path, 0o700)
  if (runner) giveTo(runner, path)
  return path
}
