// Alive: the process answers. Ready: it should be given work — the database answers, and nobody asked it to stop.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { clock } from './clock.ts'
import type { Database } from './db.ts'
import { droppedLines } from './log.ts'
import type { Metrics } from './metrics.ts'
import { skewOf, tellSkew } from './skew.ts'

const KEPT_MS = 1000
const PATIENCE_MS = 1000

export interface Health {
  /** Asked at most once a second, however many ask. */
  ready(): Promise<boolean>
  /** From now on not ready, at once; nothing turns it back. */
  stop(): void
}

const late = (ms: number) => new Promise<false>((done) => setTimeout(done, ms, false).unref())

export function newHealth(database: Pick<Database, 'bare'>): Health {
  let stopping = false
  let known: { at: number; answer: Promise<boolean> } | null = null
  const ask = () =>
    Promise.race([
      skewOf(database).then(
        (seconds) => {
          tellSkew(seconds)
          return true
        },
        () => false,
      ),
      late(PATIENCE_MS),
    ])
  return {
    async ready() {
      if (stopping) return false
      const now = clock.monotonic()
      if (!known || now - known.at > KEPT_MS) known = { at: now, answer: ask() }
      return (await known.answer) && !stopping
    },
    stop() {
      stopping = true
    },
  }
}

/** What this process and its way to the database look like from inside. */
export function watchProcess(metrics: Metrics, database: Database) {
  metrics.source(
    { jishi_clock_skew_seconds: 'gauge Seconds our clock is ahead of that of the database (below zero: behind).' },
    async () => [{ name: 'jishi_clock_skew_seconds', value: await skewOf(database) }],
  )
  metrics.source(
    { jishi_log_dropped_total: 'counter Log lines let go because nobody read them or the disk was full.' },
    () => [{ name: 'jishi_log_dropped_total', value: droppedLines() }],
  )
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  metrics.source(
    {
      jishi_gate: 'gauge Work admitted to the database and waiting for it, by class.',
      jishi_pool: 'gauge Database connections by pool and state.',
      process_resident_memory_bytes: 'gauge Memory held by the process.',
      process_uptime_seconds: 'gauge Seconds since the process started.',
      jishi_event_loop_delay_seconds: 'gauge 99th percentile of the event loop delay since the last reading.',
    },
    () => {
      const p99 = delay.percentile(99) / 1e9
      delay.reset()
      return [
        ...Object.entries(database.depth()).flatMap(([kind, d]) =>
          Object.entries(d).map(([state, value]) => ({ name: 'jishi_gate', labels: { class: kind, state }, value })),
        ),
        ...Object.entries(database.pools()).flatMap(([pool, p]) =>
          Object.entries(p).map(([state, value]) => ({ name: 'jishi_pool', labels: { pool, state }, value })),
        ),
        { name: 'process_resident_memory_bytes', value: process.memoryUsage.rss() },
        { name: 'process_uptime_seconds', value: Math.round(process.uptime()) },
        { name: 'jishi_event_loop_delay_seconds', value: Number.isFinite(p99) ? p99 : 0 },
      ]
    },
  )
}
