// The one place that talks to PostgreSQL: pools, bounded queues, named statements and the transaction itself.
import { createHash, randomInt } from 'node:crypto'
import type { Writable } from 'node:stream'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  sql,
} from 'kysely'
import pg from 'pg'
import { clock } from './clock.ts'
import { fail, isFull } from './errors.ts'
import { log } from './log.ts'
import type { DB } from './schema.ts'

export type { DB }

// Days stay text, instants become ISO text, bigint becomes number (all our counters are far below 2^53).
const types = new pg.TypeOverrides()
types.setTypeParser(1082, (s) => s)
types.setTypeParser(1184, (s) => (s.endsWith('infinity') ? s : new Date(s).toISOString()))
types.setTypeParser(20, Number)

const named = new Map<string, string>()
// A statement is named once per text; texts beyond the bound run unnamed, so no client can grow without limit.
const statementName = (text: string): string | undefined => {
  const known = named.get(text)
  if (known || named.size >= 500) return known
  const name = `j${createHash('sha1').update(text).digest('base64url').slice(0, 16)}`
  named.set(text, name)
  return name
}

/** The statement with its name, where it has parameters: point work is planned once per connection. */
function statementOf(query: CompiledQuery) {
  const values = query.parameters as unknown[]
  const name = values.length > 0 ? statementName(query.sql) : undefined
  return { text: query.sql, values, ...(name ? { name } : {}) }
}

/** Sends a query; what is asked before the event loop turns again travels in one packet, and the connection pipelines it. */
function ask(client: pg.PoolClient, query: string | ReturnType<typeof statementOf>): Promise<pg.QueryResult> {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  if (stream.writableCorked === 0) {
    stream.cork()
    process.nextTick(() => stream.uncork())
  }
  return client.query(query)
}

/** The connection of one transaction; whoever still asks after its end is told so and reaches nobody else's. */
class Turn implements DatabaseConnection {
  readonly #client: pg.PoolClient
  #over = false
  constructor(client: pg.PoolClient) {
    this.#client = client
  }
  end() {
    this.#over = true
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#over) throw new Error('a statement came after the end of its transaction')
    const result = await ask(this.#client, statementOf(query))
    const affected = result.command === 'SELECT' ? undefined : BigInt(result.rowCount ?? 0)
    return { rows: result.rows as R[], ...(affected === undefined ? {} : { numAffectedRows: affected }) }
  }
  // biome-ignore lint: required by the interface; cursors are not used
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streams go through db.stream')
  }
}

const dialect = (createDriver: () => Driver): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})

/** Builds statements that are sent by somebody else; has no connection of its own. */
export const drafting = new Kysely<DB>({ dialect: dialect(() => new DummyDriver()) })

const nothing = async () => {}
const driverOf = (turn: Turn): Driver => ({
  init: nothing,
  destroy: nothing,
  acquireConnection: async () => turn,
  releaseConnection: nothing,
  beginTransaction: nothing,
  commitTransaction: nothing,
  rollbackTransaction: nothing,
})

/** Longer than this nobody waits for his turn: with a frozen database the queue empties by itself (DE-03). */
const WAIT_MS = 10_000

/** Work is shed, not piled up: so many at once, so many waiting, the rest is told 503 at once (trust C-13). */
class Gate {
  #running = 0
  readonly #waiting: (() => void)[] = []
  readonly #slots: number
  readonly #queue: number
  constructor(slots: number, queue: number) {
    this.#slots = slots
    this.#queue = queue
  }
  async enter(): Promise<() => void> {
    if (this.#running >= this.#slots) {
      if (this.#waiting.length >= this.#queue) throw fail('busy')
      await this.#turn()
    } else this.#running++
    return () => {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
  #turn(): Promise<void> {
    return new Promise((go, refuse) => {
      const late = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(called), 1)
        refuse(fail('busy'))
      }, WAIT_MS)
      const called = () => {
        clearTimeout(late)
        go()
      }
      this.#waiting.push(called)
    })
  }
  get depth() {
    return { running: this.#running, waiting: this.#waiting.length }
  }
}

export interface Scope {
  district: number
  /** list: reads whose statements are planned for the very values asked about. long: writes that a job may take minutes for, one at a time. */
  mode: 'read' | 'list' | 'write' | 'heavy' | 'long'
  /** Sent together with BEGIN, in one trip: one row, which also tells the database time as `now`. */
  first?: CompiledQuery<First>
  /** Asks on with them in the same trip, before their answers are known; what it finds is `Opened.ahead`. */
  ahead?: ((db: Kysely<DB>) => Promise<unknown>) | undefined
}

/** The row of a statement that travels with BEGIN. */
export interface First {
  now: string
  /** How often what rarely changes was changed (roles, mechanisms, the tree); absent where nobody asked. */
  edition?: number
}

/** SQL: the district's edition. */
export const editionOf = (district: number) =>
  sql<number>`coalesce((select value from counter where district_id = ${district} and name = 'edition'), 0)`

export interface Opened {
  db: Kysely<DB>
  /** The row of the scope's first statement. */
  first: First
  /** Database time of the transaction (deadlines go by the database clock, trust C-11). */
  now: string
  /** What `Scope.ahead` finds or fails with; undefined where nothing was asked ahead. */
  ahead: Promise<unknown> | undefined
  /** A last statement: all of them are sent together with COMMIT, in this order, in one trip; when one fails, COMMIT is a rollback. */
  last(query: CompiledQuery): void
}

const retryable = new Set(['40001', '40P01'])
const lost = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  // we have no descriptor left to ask with (DE-08)
  'EMFILE',
  'ENFILE',
])
/** The server is there and will not work: full, out of connections, read-only, another password (DE-05, DE-06). */
const unable = new Set([
  '53000',
  '53100',
  '53200',
  '53300',
  '53400',
  '25006',
  '28000',
  '28P01',
  '3D000',
  '55000',
  '58030',
])
const codeOf = (error: unknown) => (error as { code?: string } | null)?.code ?? ''
/** A write where only reading was begun is our own fault, and no state of the database. */
const isUnable = (error: unknown, mode: Scope['mode'] = 'write') =>
  unable.has(codeOf(error)) && !(codeOf(error) === '25006' && (mode === 'read' || mode === 'list' || mode === 'heavy'))
/** Nothing more is asked on such a connection: what comes after gets a new one, and so heals by itself. */
const isLost = (error: unknown, mode?: Scope['mode']) =>
  lost.has(codeOf(error)) ||
  isUnable(error, mode) ||
  isFull(error) ||
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable/.test(
    String((error as Error)?.message),
  )

const refusal = (error: unknown) => fail(isFull(error) ? 'storage-full' : 'unavailable')

/** Numbers a writing transaction, so that its history entry and everything it changed find each other: milliseconds, then chance. */
const workNo = () => (BigInt(clock.millis()) << 20n) | BigInt(randomInt(1 << 20))

const begin = (scope: Scope) =>
  [
    scope.mode === 'write' || scope.mode === 'long'
      ? `begin;set local app.work = ${workNo()}`
      : 'begin isolation level repeatable read read only',
    `set local app.district = ${scope.district | 0}`,
    // a generic plan for a grouped statistic once took 111 s instead of 0.75 s; a worker takes longer to start than most questions
    ...(scope.mode === 'list' ? ['set local plan_cache_mode = force_custom_plan'] : []),
    ...(scope.mode === 'heavy'
      ? [
          'set local plan_cache_mode = force_custom_plan',
          'set local max_parallel_workers_per_gather = 0',
          "set local statement_timeout = '20s'",
        ]
      : []),
    ...(scope.mode === 'long'
      ? [
          'set local plan_cache_mode = force_custom_plan',
          "set local statement_timeout = '10min'",
          "set local work_mem = '128MB'",
        ]
      : []),
    ...(scope.first ? [] : ['select now()']),
  ].join(';')

const FOLLOWED = '25P02'

/**
 * For statements that do not need each other's answers: they travel together, in this order. Returns when all are over, so that none
 * is still to come when the transaction ends; throws what failed first.
 */
export async function together<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ends = await Promise.allSettled(work)
  const failures = ends.flatMap((e) => (e.status === 'rejected' ? [e.reason as unknown] : []))
  if (failures.length > 0) throw failures.find((f) => codeOf(f) !== FOLLOWED) ?? failures[0]
  return ends.map((e) => (e as PromiseFulfilledResult<unknown>).value) as { -readonly [K in keyof T]: Awaited<T[K]> }
}

/** Begins, and reads the time and whatever else the scope wants first, in one trip. */
async function open(client: pg.PoolClient, db: Kysely<DB>, scope: Scope): Promise<Pick<Opened, 'first' | 'ahead'>> {
  const opening = Promise.all([ask(client, begin(scope)), scope.first ? ask(client, statementOf(scope.first)) : null])
  const ahead = scope.ahead?.(db)
  ahead?.catch(() => {}) // whoever waits for it hears of it; where nobody does, the transaction is given up for another reason
  const [begun, first] = await opening
  return { first: (first ?? (begun as unknown as pg.QueryResult[]).at(-1))?.rows[0] as First, ahead }
}

/** Sends the last statements and COMMIT without waiting in between (the connection pipelines); throws the first failure. */
async function commit(client: pg.PoolClient, closing: readonly CompiledQuery[]) {
  const sent = [...closing.map((query) => ask(client, statementOf(query))), ask(client, 'commit')]
  const { command } = (await together(sent)).at(-1) as pg.QueryResult
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`)
}

/** No job waits longer for one statement. */
const LONG_MS = 660_000

export class Database {
  readonly #pools: Record<'work' | 'heavy' | 'long', pg.Pool>
  readonly #gates = { read: new Gate(16, 400), write: new Gate(16, 400), heavy: new Gate(2, 40), long: new Gate(1, 40) }

  /** `patience`: ms after which an answer counts as lost; the server itself gives up earlier, unless it is frozen (A-72, DE-03). */
  constructor(url: string, size = { work: 24, heavy: 3 }, patience = { work: 13_000, heavy: 25_000 }) {
    const pool = (max: number, queryTimeout: number) => {
      const p = new pg.Pool({
        connectionString: url,
        max,
        types,
        pipeline: true,
        connectionTimeoutMillis: 5000,
        query_timeout: queryTimeout,
        idleTimeoutMillis: 60_000,
        options:
          '-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s -c timezone=UTC -c search_path=public',
      })
      // pg kills the process when a client fails without a listener on the client itself (trust fact 8)
      p.on('connect', (c) => void c.on('error', (e) => log.warn({ code: codeOf(e) }, 'database connection failed')))
      p.on('error', () => {})
      return p
    }
    this.#pools = {
      work: pool(size.work, patience.work),
      heavy: pool(size.heavy, patience.heavy),
      long: pool(1, LONG_MS),
    }
  }

  /** Runs `fn` in one transaction of one district; serialisation failures and deadlocks are retried three times. */
  async transact<T>(scope: Scope, fn: (opened: Opened) => Promise<T>): Promise<T> {
    const leave = await this.#gates[scope.mode === 'list' ? 'read' : scope.mode].enter()
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#once(scope, fn)
        } catch (error) {
          if (!retryable.has(codeOf(error)) || attempt > 3) throw isLost(error, scope.mode) ? refusal(error) : error
          await new Promise((r) => setTimeout(r, Math.random() * 20 * attempt))
        }
      }
    } finally {
      leave()
    }
  }

  async #once<T>(scope: Scope, fn: (opened: Opened) => Promise<T>): Promise<T> {
    const client = await this.#pools[scope.mode === 'heavy' || scope.mode === 'long' ? scope.mode : 'work'].connect()
    const turn = new Turn(client)
    const db = new Kysely<DB>({ dialect: dialect(() => driverOf(turn)) })
    let broken: Error | undefined
    try {
      const { first, ahead } = await open(client, db, scope)
      const closing: CompiledQuery[] = []
      const last = (query: CompiledQuery) => void closing.push(query)
      const value = await fn({ db, first, ahead, now: clock.adjust(first.now), last })
      turn.end()
      await commit(client, closing)
      return value
    } catch (error) {
      turn.end()
      // Nothing is said any more on a connection that does not answer: it is thrown away.
      if (isUnable(error, scope.mode) || isFull(error))
        log.error({ code: codeOf(error), error: String(error) }, 'the database refuses to work')
      if (isLost(error, scope.mode)) broken = error as Error
      else
        await client.query('rollback').catch((e: Error) => {
          broken = e
        })
      throw error
    } finally {
      client.release(broken)
    }
  }

  /** Outside any district: the few tables that are reference data, and health. */
  async bare<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
    const client = await this.#pools.work.connect().catch((e) => {
      throw isLost(e) ? refusal(e) : e
    })
    let broken: Error | undefined
    try {
      return (await client.query<R>(text, values)).rows
    } catch (error) {
      if (!isLost(error)) throw error
      broken = error as Error
      throw refusal(error)
    } finally {
      client.release(broken)
    }
  }

  depth() {
    const { read, write, heavy, long } = this.#gates
    return { read: read.depth, write: write.depth, heavy: heavy.depth, long: long.depth }
  }

  pools() {
    const state = (pool: pg.Pool) => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount })
    return { work: state(this.#pools.work), heavy: state(this.#pools.heavy), long: state(this.#pools.long) }
  }

  async close() {
    await Promise.all(Object.values(this.#pools).map((p) => p.end()))
  }
}
