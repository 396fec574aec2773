// CPU time by side, and memory: on a machine others use too, the wall clock says who was served first; this says what the work costs.
import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of CPU: the measuring process itself, the server's process, and all processes of PostgreSQL. */
export interface Cpu {
  driver: number
  server: number
  postgres: number
}

const MS_PER_TICK = 10

/** The fields of /proc/<pid>/stat after the name, which may hold blanks and brackets; undefined when the process is gone. */
function statOf(pid: number): number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text
      .slice(text.lastIndexOf(')') + 4)
      .split(' ')
      .map(Number)
  } catch {
    return undefined
  }
}

const [PARENT, USER, SYSTEM, USER_OF_ENDED, SYSTEM_OF_ENDED] = [0, 10, 11, 12, 13]
const sum = (stat: number[] | undefined, fields: readonly number[]) =>
  fields.reduce((n, at) => n + (stat?.[at] ?? 0), 0) * MS_PER_TICK

/** A process, its living children and those that ended. */
function family(pid: number): number {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((n) => n > 0)
    .map(statOf)
    .filter((stat) => stat?.[PARENT] === pid)
  return (
    sum(statOf(pid), [USER, SYSTEM, USER_OF_ENDED, SYSTEM_OF_ENDED]) +
    children.reduce((n, stat) => n + sum(stat, [USER, SYSTEM]), 0)
  )
}

export function cpuNow({ server, postgres }: { server: number; postgres: number }): Cpu {
  const { user, system } = process.cpuUsage()
  return { driver: (user + system) / 1000, server: sum(statOf(server), [USER, SYSTEM]), postgres: family(postgres) }
}

/** MB of a process in memory, now and at its most. */
export function memoryOf(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') }
}

export const since = (then: Cpu, now: Cpu): Cpu => ({
  driver: now.driver - then.driver,
  server: now.server - then.server,
  postgres: now.postgres - then.postgres,
})

export const perTurn = (cpu: Cpu, turns: number): Cpu => ({
  driver: cpu.driver / turns,
  server: cpu.server / turns,
  postgres: cpu.postgres / turns,
})
