// Work that happens by itself or after the answer: rows written in the transaction of their cause, taken under a lease, retried,
// parked after five tries (or as many as the job says). Delivery is at least once; an effect under `once` happens exactly once (trust C-8, A-58).
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { Context, type Ground, system } from './context.ts'
import { newId } from './ids.ts'
import type { DB } from './schema.ts'

/** What a job may carry: ids, numbers, days, codes. Names, telephone and ID numbers are looked up by the handler (no personal data at rest here). */
export type Payload = Record<string, string | number | boolean | null>

/** How often a job is tried before it is parked, unless it says otherwise. */
export const TRIES = 5

export interface JobRun {
  /** Stays the same over all tries of one job. */
  id: string
  attempt: number
  district: number
  payload: Payload
  /** Aborted when the process stops or the lease is lost: long sweeps look at it between steps. */
  signal: AbortSignal
  ground: Ground
  /** Speaks as the system of this district. For sweeps that find what is due by state: doing them again finds nothing. */
  context: Context
  /**
   * Runs a use case whose effect may happen only once, however often the job is delivered: the job's id and `step` are kept as an
   * idempotency key in the transaction of the effect. Answers false when an earlier try had already done it.
   */
  once(step: string, act: (ctx: Context) => Promise<unknown>): Promise<boolean>
}

export interface JobDefinition {
  /** Letters, digits, dots and hyphens, led by the module: `demands.escalate`. */
  name: string
  /** Minute, hour, day, month, weekday in Asia/Shanghai; a job with one runs in every district by itself. */
  cron?: string
  /** Also runs in every district when a process begins to work. */
  boot?: boolean
  /** Lease in seconds: longer work counts as dead and is handed to another worker. */
  lease?: number
  /** Tries before it is parked: 1 where another try could only find the same again. A process that stops under it counts as one. */
  tries?: number
  /** Of a job that throws away what has served its time: how much of it is still there. Zero after the job has run. */
  overdue?(context: Context): Promise<number>
  /** Shallow: calls actions of its module. */
  handle(run: JobRun): Promise<void>
}

const NAME = /^[a-z][a-z0-9.-]{2,59}$/

/** The table of all jobs, checked: names are unique and well formed. */
export function defineJobs(jobs: readonly JobDefinition[]): readonly JobDefinition[] {
  const seen = new Set<string>()
  for (const { name } of jobs) {
    if (!NAME.test(name) || seen.has(name)) throw new Error(`job name ${name} is not usable or used twice`)
    seen.add(name)
  }
  return jobs
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Refuses what looks like personal data: other than plain codes, or a run of digits as long as a telephone number. */
function refusePersonal(name: string, payload: Payload) {
  for (const [field, value] of Object.entries(payload)) {
    const text = String(value).replace(UUID, '')
    if (!/^[\w.:+-]{0,80}$/.test(text) || /\d{11}/.test(text))
      throw new Error(`job ${name}: field ${field} is no id, number, day or code`)
  }
}

/** The same key gives the same id, so the primary key of the queue refuses a second one. */
function idOf(district: number, name: string, key: string | undefined): string {
  if (key === undefined) return newId()
  const h = createHash('sha256')
    .update(JSON.stringify([district, name, key]))
    .digest('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`
}

export interface Sending {
  /** Two sendings of one job under one key are one job, for a week. */
  key?: string
  /** Instant before which it is not started. */
  after?: string
}

/**
 * Sends a job in the business transaction: it exists exactly if that commits. Answers the job's id.
 * @throws when no such job is defined, or the payload holds more than ids and codes
 */
export async function sendJob(
  tx: { readonly db: Kysely<DB>; readonly district: number },
  name: string,
  payload: Payload = {},
  sending: Sending = {},
): Promise<string> {
  refusePersonal(name, payload)
  const id = idOf(tx.district, name, sending.key)
  const data = JSON.stringify({ district: tx.district, payload })
  const { rows } = await sql<{ known: boolean }>`
    with queue as (select * from pgboss.queue where name = ${name}),
    sent as (
      insert into pgboss.job (id, name, data, start_after, keep_until, retry_limit, retry_delay, retry_backoff, retry_delay_max,
        expire_seconds, deletion_seconds, heartbeat_seconds, policy, dead_letter)
      select ${id}::uuid, q.name, ${data}::jsonb, at, at + q.retention_seconds * interval '1 second', q.retry_limit, q.retry_delay, q.retry_backoff,
        q.retry_delay_max, q.expire_seconds, q.deletion_seconds, q.heartbeat_seconds, q.policy, q.dead_letter
      from queue q, coalesce(${sending.after ?? null}::timestamptz, now()) as at on conflict do nothing)
    select exists (select from queue) as known`.execute(tx.db)
  if (!rows[0]?.known) throw new Error(`no job is called ${name}`)
  return id
}

const isDone = (error: unknown) => {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && (constraint ?? '').startsWith('idempotency')
}

/** Everything a handler may use, for one delivery of one job. */
export function runOf(
  ground: Ground,
  job: { id: string; attempt: number; district: number; payload: Payload; signal: AbortSignal },
): JobRun {
  const asker = { token: null, requestId: job.id, address: '' }
  const who = { district: job.district, actor: system }
  return {
    ...job,
    ground,
    context: new Context(ground, asker, who),
    async once(step, act) {
      const seal = () => ground.vault.seal('idempotency.response', 'null')
      const keeping = { key: `${job.id}:${step}`, fingerprint: '', status: 200, seal, owner: null, kept: null }
      try {
        await act(new Context(ground, asker, { ...who, keeping }))
        return true
      } catch (error) {
        if (isDone(error)) return false
        throw error
      }
    },
  }
}
