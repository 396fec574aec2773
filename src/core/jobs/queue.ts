// The queue itself: pg-boss in the schema `pgboss`. The owner installs and upgrades it; the application works it without owning it.
import pg from 'pg'
import { type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Ground } from '../context.ts'
import { newId } from '../ids.ts'
import { type JobDefinition, type Payload, runOf, sendJob, TRIES } from '../jobs.ts'
import { log } from '../log.ts'
import type { Metrics } from '../metrics.ts'

const TICK = 'core.tick'
const DEAD = 'core.dead'

export interface QueueOptions {
  /** Seconds between looks at an idle queue. */
  poll?: number
  /** Seconds between looks for lost leases, and for jobs of killed workers. */
  watch?: number
  /** Seconds before a failed job is tried again; doubled with each try. */
  retryDelay?: number
}

const quiet = (boss: PgBoss) => {
  boss.on('error', (error: Error) => log.warn({ error: error.message }, 'job queue'))
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'job queue'))
  return boss
}

/** Installs or upgrades the queue, declares the jobs and their times, and gives the application what it needs. Owner only. */
export async function prepareJobs(
  ownerUrl: string,
  jobs: readonly JobDefinition[],
  { retryDelay = 10 }: QueueOptions = {},
): Promise<void> {
  const boss = quiet(
    new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false, registerInstance: false }),
  )
  await boss.start()
  try {
    await declare(boss, jobs, retryDelay)
  } finally {
    await boss.stop({ graceful: false })
  }
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`grant usage on schema pgboss to jishi_app;
      grant select, insert, update, delete on all tables in schema pgboss to jishi_app;
      grant execute on all functions in schema pgboss to jishi_app`)
  } finally {
    await client.end()
  }
}

async function declare(boss: PgBoss, jobs: readonly JobDefinition[], retryDelay: number) {
  const known = new Set((await boss.getQueues()).map((q) => q.name))
  const scheduled = new Map((await boss.getSchedules()).map((s) => [s.key, s.cron]))
  const put = async (name: string, options: object) =>
    known.has(name) ? boss.updateQueue(name, options) : boss.createQueue(name, options)
  await put(DEAD, { retryLimit: 0, deleteAfterSeconds: 90 * 86_400, retentionSeconds: 90 * 86_400 })
  await put(TICK, { retryLimit: TRIES - 1, retryDelay })
  for (const { name, cron, lease = 300, tries = TRIES } of jobs) {
    await put(name, {
      retryLimit: tries - 1,
      retryDelay,
      ...(retryDelay > 0 ? { retryBackoff: true, retryDelayMax: 3600 } : {}),
      expireInSeconds: lease,
      heartbeatSeconds: 30,
      deadLetter: DEAD,
    })
    // What was due while everything was off is made up for once.
    if (cron && scheduled.get(name) !== cron)
      await boss.schedule(TICK, cron, { job: name }, { key: name, tz: 'Asia/Shanghai', missed: 'once' })
    if (cron) scheduled.delete(name)
  }
  for (const key of scheduled.keys()) await boss.unschedule(TICK, key)
}

export interface Workers {
  /** Tries that ended in this process. */
  ended(): { name: string; done: number; failed: number }[]
  /** Takes no more jobs; those at work get a moment (ten seconds), then go back to the queue. */
  stop(grace?: number): Promise<void>
}

type Data = { district: number; payload: Payload }

/** Works the queue in this process. */
export async function startWorkers(
  appUrl: string,
  ground: Ground,
  jobs: readonly JobDefinition[],
  { poll = 2, watch = 20 }: QueueOptions = {},
): Promise<Workers> {
  const boss = quiet(
    new PgBoss({
      connectionString: appUrl,
      max: 4,
      migrate: false,
      // Rebuilding indexes is the owner's business.
      reindex: false,
      monitorVacuum: false,
      superviseIntervalSeconds: watch,
      monitorIntervalSeconds: watch,
      instanceHeartbeatSeconds: 30,
    }),
  )
  const ended = new Map<string, { done: number; failed: number }>(jobs.map((j) => [j.name, { done: 0, failed: 0 }]))
  await boss.start()
  await boss.work<{ job: string }>(TICK, { pollingIntervalSeconds: Math.max(poll, 5) }, async ([tick]) => {
    if (tick) await fanOut(ground, tick.data.job, tick.id)
  })
  for (const job of jobs) {
    await boss.work(
      job.name,
      { pollingIntervalSeconds: poll, includeMetadata: true },
      async ([one]: JobWithMetadata<Data>[]) => {
        const count = ended.get(job.name)
        if (one && count) await attempt(ground, job, one, count)
      },
    )
  }
  for (const { name, boot } of jobs) if (boot) await fanOut(ground, name, newId())
  return {
    ended: () => [...ended].map(([name, n]) => ({ name, ...n })),
    stop: (grace = 10_000) => boss.stop({ graceful: true, timeout: grace }),
  }
}

/** One job per district, under the tick's id: a tick that is delivered twice sends nothing twice. */
async function fanOut(ground: Ground, name: string, tick: string) {
  for (const { id } of await ground.database.bare<{ id: number }>('select id from district order by id')) {
    await ground.database.transact({ district: id, mode: 'write' }, ({ db }) =>
      sendJob({ db, district: id }, name, {}, { key: tick }),
    )
  }
}

async function attempt(
  ground: Ground,
  job: JobDefinition,
  one: JobWithMetadata<Data>,
  count: { done: number; failed: number },
) {
  const { district, payload } = one.data
  const run = runOf(ground, { id: one.id, attempt: one.retryCount + 1, district, payload, signal: one.signal })
  const error = await job.handle(run).then(
    () => null,
    (e: unknown) => e ?? new Error('failed'),
  )
  if (error === null) return void count.done++
  count.failed++
  const last = one.retryCount >= one.retryLimit
  const code = (error as { code?: string }).code
  const note = { job: job.name, id: one.id, attempt: run.attempt, district, code, at: placeOf(error) }
  log[last ? 'error' : 'warn'](note, last ? 'job parked' : 'job failed')
  // What is kept with the job is the code only: a message may quote a row.
  throw new Error(code ?? 'failed')
}

/** First line of our own code in the stack: says where without saying what. */
const placeOf = (error: unknown) => /\/(src\/[\w/.-]+:\d+)/.exec(String((error as Error)?.stack))?.[1]

/** What waits, is parked or lost, by job: for metrics and `doctor`. */
export const queueCounts = (ground: Pick<Ground, 'database'>) =>
  ground.database.bare<{ name: string; state: string; count: number }>(
    `select coalesce(source_name, name) as name, case when name = '${DEAD}' then 'parked' else state::text end as state, count(*)::int as count
     from pgboss.job where state in ('created', 'retry', 'active') group by 1, 2`,
  )

export function watchWorkers(metrics: Metrics, workers: Workers, waiting: () => ReturnType<typeof queueCounts>) {
  metrics.source(
    {
      jishi_jobs: 'gauge Jobs in the queue by name and state; parked jobs failed every try and wait for a person.',
      jishi_jobs_ended_total: 'counter Tries that ended in this process.',
    },
    async () => [
      ...(await waiting()).map(({ name, state, count }) => ({
        name: 'jishi_jobs',
        labels: { job: name, state },
        value: count,
      })),
      ...workers.ended().flatMap(({ name, done, failed }) => [
        { name: 'jishi_jobs_ended_total', labels: { job: name, result: 'done' }, value: done },
        { name: 'jishi_jobs_ended_total', labels: { job: name, result: 'failed' }, value: failed },
      ]),
    ],
  )
}
