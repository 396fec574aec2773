// The stage of the figures bench: a large district in a cluster of its own (or one that was kept), its ledger read, its sums made, and
// Jishi serving in a process of its own.
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { Context, type Ground, system } from '#core/context.ts'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { Database } from '#core/db.ts'
import { createDistrict } from '#core/district.ts'
import { newId } from '#core/ids.ts'
import { migrate } from '#core/migrate.ts'
import { type Postgres, startPostgres } from '#core/postgres.ts'
import { rollUp } from '#modules/figures/roll.ts'
import { settle } from '#modules/figures/index.ts'
import { readPack } from '#packs.ts'
import { compose } from '#app.ts'
import { temporaryPostgres } from '../../temporary-postgres.ts'
import { call } from '../load.ts'
import { DISTRICT, serve, WORKERS } from '../stage.ts'
import { plantAskers, plantRows, plantUnits, type Size } from './plant.ts'

export const say = (line: string) => process.stdout.write(`${line}\n`)

export interface Hall {
  base: string
  askers: Record<'keeper' | 'leader', string>
  /** Plain SQL's side. */
  pool: pg.Pool
  ctx: Context
  ground: Ground
  server: ChildProcess
  /** All places, and the root. */
  units: { id: string; path: string; depth: number }[]
  root: string
  close(): Promise<void>
}

const SETTINGS = { max_wal_size: '8GB', shared_buffers: '1GB' }

const took = async (what: string, work: () => Promise<unknown>) => {
  const began = performance.now()
  await work()
  say(`${what} in ${Math.round((performance.now() - began) / 1000)} s`)
}

async function plant(hall: { ctx: Context; ground: Ground; owner: pg.Client; ownerUrl: string }, size: Size) {
  const { ctx, ground, owner, ownerUrl } = hall
  const pack = readPack('demo')
  const settings = { kinds: pack.kinds, reports: [] }
  await createDistrict(ownerUrl, { id: DISTRICT, code: '420399', name: '青石区', pack: 'demo', settings })
  await plantUnits(ctx, owner, size.levels)
  await took('planted', () => plantRows(owner, size))
  await took('read into the ledger', () => settle(ground, DISTRICT, { patience: 36_000_000, job: true }))
}

async function sizesOf(owner: pg.Client) {
  const { rows } = await owner.query<Record<'facts' | 'persons' | 'units' | 'ledger' | 'cells' | 'bits', string>>(`
    select (select count(*) from fact_row) as facts, (select count(*) from person) as persons, (select count(*) from unit) as units,
      pg_total_relation_size('fact_row') / 1000000 as ledger, pg_total_relation_size('fact_cell') / 1000000 as cells, pg_total_relation_size('fact_bits') / 1000000 as bits`)
  const [s] = rows
  say(
    `${s?.facts} facts of ${s?.persons} persons at ${s?.units} units; ledger ${s?.ledger} MB with indexes, sums ${s?.cells} MB, persons' bits ${s?.bits} MB`,
  )
}

/** `keep`: a folder the cluster stays in; one that is there already is not planted again. */
export async function openHall(size: Size, keep?: string): Promise<Hall> {
  const postgres: Postgres = keep
    ? await startPostgres({ folder: keep, settings: SETTINGS })
    : await temporaryPostgres({ settings: SETTINGS })
  const ownerUrl = postgres.url('owner')
  await migrate(ownerUrl)
  const keys = mkdtempSync(join(tmpdir(), 'jishi-bench-keys-'))
  const database = new Database(postgres.url('app'))
  const { ground } = compose({ database, vault: openssl(loadKeyring(keys)) })
  const asker = { token: null, requestId: newId(), address: '' }
  const ctx = new Context(ground, asker, { district: DISTRICT, actor: system })
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const { rows: districts } = await owner.query('select from district')
  if (districts.length === 0) await plant({ ctx, ground, owner, ownerUrl }, size)
  await settle(ground, DISTRICT, { patience: 600_000, job: true })
  await owner.query('vacuum analyze')
  await took('sums made', () => rollUp(ctx))
  await owner.query('vacuum analyze fact_cell, fact_bits')
  await sizesOf(owner)
  const { rows: units } = await owner.query<Hall['units'][number]>(
    `select id, path, depth from unit where tree = 'place' order by path`,
  )
  await owner.end()
  const root = units[0]?.id as string
  const askers = await plantAskers(ctx, root)
  const { server, base } = await serve(postgres.url('app'), keys, [])
  const pool = new pg.Pool({ connectionString: ownerUrl, max: WORKERS, options: '-c app.recorded=1' })
  pool.on('error', () => {})
  return {
    base,
    askers,
    pool,
    ctx,
    ground,
    server,
    units,
    root,
    async close() {
      server.kill('SIGTERM')
      await pool.end()
      await database.close()
      await postgres.stop()
    },
  }
}

/** One question to the product, as its screens ask it. */
export const ask = <T>(hall: Hall, who: keyof Hall['askers'], query: Record<string, string | undefined>) => {
  const words = Object.entries(query).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))
  return call<T>(hall.base, hall.askers[who], `GET /figures?${new URLSearchParams(words)}`)
}

/** Moves the ledger's instant on, as a write does: every number is counted anew. */
export const moveOn = (hall: Hall) => settle(hall.ground, DISTRICT)
