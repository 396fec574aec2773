// One postmaster process: what an earlier one left behind, start, readiness, end.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { giveTo, type Native } from './native.ts'
import { type Place, replaceFile, type Secrets, syncFolder } from './place.ts'

export type Log = (line: string) => void

// Minimal on purpose: PG* variables of the caller must not reach the server, and Chinese text needs a UTF-8 LC_CTYPE.
const env = { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' }
const LOG_LIMIT = 16 * 1024 * 1024

const spawnOptions = ({ runner }: Place) => ({ cwd: '/', env, ...runner })

/** Makes the cluster in a folder of its own and moves it into place, so a killed first start leaves nothing half made. */
export function makeCluster(place: Place, native: Native, password: string, sync: boolean): void {
  const fresh = `${place.data}.new`
  const passwordFile = `${place.data}.password`
  rmSync(fresh, { recursive: true, force: true })
  rmSync(passwordFile, { force: true })
  replaceFile(passwordFile, password, 0o600, place.runner)
  // The database user cannot make a folder in a home that belongs to root.
  mkdirSync(fresh, { mode: 0o700 })
  if (place.runner) giveTo(place.runner, fresh)
  const args = ['-D', fresh, '-U', 'jishi_owner', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '-k']
  const done = spawnSync(native.initdb, sync ? args : [...args, '-N'], { ...spawnOptions(place), encoding: 'utf8' })
  rmSync(passwordFile, { force: true })
  if (done.status !== 0) {
    const detail = (done.error?.message ?? `${done.stdout}\n${done.stderr}`).trim().split('\n').slice(-5).join('\n')
    throw new StartError(`内置数据库初始化失败：\n${detail}`, 'initdb failed', { cause: done.error })
  }
  renameSync(fresh, place.data)
  syncFolder(place.home)
}

/** Sets the owner's password without being able to log in: for a cluster whose secrets.json is lost. */
export function resetPassword(place: Place, native: Native, secrets: Secrets): void {
  const done = spawnSync(native.postgres, ['--single', '-D', place.data, 'postgres'], {
    ...spawnOptions(place),
    encoding: 'utf8',
    input: `alter role jishi_owner password '${secrets.owner}'\n`,
  })
  if (done.status !== 0 || done.stderr.includes('ERROR')) {
    throw new StartError(`无法重设数据库口令：\n${done.stderr}`, 'the password of the database owner cannot be reset')
  }
}

/** The lines of postmaster.pid: 1 pid, 4 port, 5 socket folder, 8 state. */
export function pidFile({ data }: Place): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

/** Starts the server after clearing what an earlier Jishi left running in this folder, and waits until it takes connections. */
export async function launch(place: Place, native: Native, sockets: string, log: Log): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    await clearLeftovers(place, sockets, log)
    try {
      return await startOnce(place, native, log)
    } catch (error) {
      // A server that was only just starting when its Node was killed shows itself a moment later: clear again.
      const taken = /lock file .* already exists|pre-existing shared memory block/.test((error as Error).message)
      if (!taken || attempt === 5) throw error
      await sleep(200 * attempt)
    }
  }
}

/** Stops and removes what a killed Jishi left. We hold the folder's lock, so it belongs to nobody now. */
export async function clearLeftovers(place: Place, sockets: string, log: Log): Promise<void> {
  const [line] = pidFile(place)
  const postmaster = Number(line)
  let left = line === undefined ? [] : processesIn(place)
  if (left.length) log('上次的数据库进程还在运行，正在停止它 …')
  // Fast shutdown, then immediate shutdown, then the end: the log replays what was acknowledged in each case.
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    const targets = left.includes(postmaster) && signal !== 'SIGKILL' ? [postmaster] : left
    for (const pid of targets) send(pid, signal)
    const until = performance.now() + (left.includes(postmaster) ? patience : Math.min(patience, 1_000))
    while (left.length && performance.now() < until) {
      await sleep(20)
      left = processesIn(place)
    }
  }
  // Lock files whose number now belongs to some other program would make PostgreSQL refuse to start.
  if (left.length) return
  if (line !== undefined && isAlive(postmaster)) rmSync(join(place.data, 'postmaster.pid'), { force: true })
  for (const name of readdirSync(sockets))
    if (name.startsWith('.s.PGSQL.')) rmSync(join(sockets, name), { force: true })
}

function processesIn({ data }: Place): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readlinkSync(`/proc/${pid}/cwd`) === data && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
        )
      } catch {
        return false
      }
    })
    .map(Number)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// The server leads its own process group: Ctrl-C in a terminal reaches only Node, which then decides.
async function startOnce(place: Place, native: Native, log: Log): Promise<ChildProcess> {
  const logFile = join(place.folder, 'pg.log')
  rotate(logFile)
  const fd = openSync(logFile, 'a', 0o600)
  const child = spawn(native.postgres, ['-D', place.data], {
    ...spawnOptions(place),
    detached: true,
    stdio: ['ignore', fd, fd],
  })
  closeSync(fd)
  let failed: Error | undefined
  child.once('error', (error) => {
    failed = error
  })
  const began = performance.now()
  for (let told = began; ; await sleep(10)) {
    if (failed || hasEnded(child)) {
      throw new StartError(`内置数据库未能启动：\n${tail(logFile)}`, 'the embedded PostgreSQL did not start', {
        cause: failed,
      })
    }
    const lines = pidFile(place)
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return child
    if (performance.now() - told > 5_000) {
      told = performance.now()
      log(`数据库正在恢复，已 ${Math.round((told - began) / 1000)} 秒 …`)
    }
  }
}

export const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** Fast shutdown: sessions end, everything is written down, the process leaves. */
export async function shutDown(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGINT')
  const impatient = setTimeout(() => child.kill('SIGQUIT'), 60_000)
  await ended
  clearTimeout(impatient)
}

function rotate(logFile: string): void {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) < LOG_LIMIT) return
  for (const n of [3, 2, 1]) {
    const older = n === 1 ? logFile : `${logFile}.${n - 1}`
    if (existsSync(older)) renameSync(older, `${logFile}.${n}`)
  }
}

const tail = (logFile: string) => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n')
