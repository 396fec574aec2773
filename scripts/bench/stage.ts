// The stage of every bench: a durable cluster, the demo's tree, members with accounts and sessions, and Jishi serving in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { addHours } from '#core/calendar.ts'
import { Context, system } from '#core/context.ts'
import { loadKeyring, openssl, randomToken, tokenHash } from '#core/crypto.ts'
import { Database } from '#core/db.ts'
import { createDistrict } from '#core/district.ts'
import { newId } from '#core/ids.ts'
import { prepareJobs } from '#core/jobs/queue.ts'
import { migrate } from '#core/migrate.ts'
import { jobs } from '#jobs.ts'
import { insertAccounts, insertRoles } from '#modules/access/index.ts'
import { insertSession } from '#modules/access/store.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { insertPersons, insertRegistrations, STORE_JOB } from '#modules/people/index.ts'
import { readPack } from '#packs.ts'
import { compose } from '#app.ts'
import { chance } from '../../src/demo/chance.ts'
import { type DemoTree, plantTree } from '../../src/demo/tree.ts'
import { temporaryPostgres } from '../temporary-postgres.ts'

const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  config: { serverFlags: string[] }
}
export const DISTRICT = 1
export const WORKERS = 16

export interface Stage {
  ownerUrl: string
  appUrl: string
  base: string
  tree: DemoTree
  secretary: string
  caller: string
  desk: string
  members: { token: string; id: string }[]
  owner: pg.Pool
  server: ChildProcess
  /** Process ids, for CPU time. */
  pids: { server: number; postgres: number }
  close(): Promise<void>
}

async function plant(appUrl: string, ownerUrl: string, keys: string) {
  const database = new Database(appUrl)
  const vault = openssl(loadKeyring(keys))
  const { ground } = compose({ database, vault })
  const pack = readPack('demo')
  await createDistrict(ownerUrl, {
    id: DISTRICT,
    code: '420399',
    name: '青石区',
    pack: 'demo',
    settings: { kinds: pack.kinds, reports: [] },
  })
  const ctx = new Context(
    ground,
    { token: null, requestId: newId(), address: '' },
    { district: DISTRICT, actor: system },
  )
  const planted = await ctx.write(null, 'bench.plant', async (tx) => {
    const tree = await plantTree(tx, chance(7))
    await insertRoles(tx, pack.roles)
    await insertMechanisms(
      tx,
      pack.mechanisms.map(({ owner: _, ...m }) => ({ ...m, ownerId: tree.committee.id })),
    )
    const persons = await insertPersons(
      tx,
      tx.now,
      Array.from({ length: 200 }, () => ({
        name: '周一鸣',
        sex: '1' as const,
        born: null,
        politics: '01',
        pinyin: 'zym',
        strokeKey: '08',
        homeId: tree.committee.id,
        homePath: tree.committee.path,
      })),
    )
    const place = tree.communities[0] as DemoTree['communities'][number]
    await insertRegistrations(
      tx,
      persons.map((p) => ({
        personId: p.id,
        placeId: place.id,
        placePath: place.path,
        organ: '',
        reportedOn: '2024-01-01',
        confirmedOn: '2024-01-01',
      })),
    )
    const account = (login: string, personId: string | null, roleId: string | null, unitId: string) => ({
      login,
      name: login,
      personId,
      passwordHash: 'none',
      totpSealed: null,
      mustChange: false,
      mandates: roleId ? [{ roleId, unitId, officer: null }] : [],
    })
    const ids = await insertAccounts(tx, tx.now, [
      account('secretary', null, 'community-secretary', place.org),
      account('caller', null, 'caller', tree.district.id),
      account('desk', null, 'district-desk', tree.committee.id),
      ...persons.map((p, i) => account(`member${i}`, p.id, null, place.id)),
    ])
    const tokens: string[] = []
    for (const accountId of ids) {
      const token = `${DISTRICT}.${randomToken()}`
      await insertSession(tx, {
        hash: tokenHash(token),
        accountId,
        now: tx.now,
        expiresAt: addHours(tx.now, 12),
        secondFactor: true,
        kind: 'token',
        address: '',
      })
      tokens.push(token)
    }
    tx.record({ subject: { kind: 'bench', id: newId() }, path: '' })
    return { tree, tokens, persons }
  })
  await database.close()
  return planted
}

export function serve(
  appUrl: string,
  keys: string,
  flags: readonly string[],
  job: readonly string[] = [],
): Promise<{ server: ChildProcess; base: string }> {
  const program = new URL('serve.ts', import.meta.url).pathname
  const server = spawn(process.execPath, [...flags, program, appUrl, keys, ...job], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    server.stdout?.once('data', (line: Buffer) => resolve({ server, base: line.toString().trim() }))
  })
}

/** `settings` are PostgreSQL's, `flags` are Node's for the server. */
export async function openStage({
  settings = {},
  flags = packageJson.config.serverFlags,
}: {
  settings?: Record<string, string>
  flags?: readonly string[]
} = {}): Promise<Stage> {
  const postgres = await temporaryPostgres({ settings: { max_wal_size: '4GB', ...settings } })
  const ownerUrl = postgres.url('owner')
  const appUrl = postgres.url('app')
  await migrate(ownerUrl)
  await prepareJobs(
    ownerUrl,
    jobs.filter((j) => j.name === STORE_JOB),
  )
  const keys = mkdtempSync(join(tmpdir(), 'jishi-bench-keys-'))
  const { tree, tokens, persons } = await plant(appUrl, ownerUrl, keys)
  const { server, base } = await serve(appUrl, keys, flags, [STORE_JOB])
  const owner = new pg.Pool({ connectionString: ownerUrl, max: WORKERS, options: '-c app.recorded=1' })
  owner.on('error', () => {})
  // planted at one stroke: without statistics every plan is a guess, and a running district has them within a minute
  await owner.query('analyze')
  return {
    ownerUrl,
    appUrl,
    base,
    tree,
    secretary: tokens[0] as string,
    caller: tokens[1] as string,
    desk: tokens[2] as string,
    members: persons.map((p, i) => ({ id: p.id, token: tokens[i + 3] as string })),
    owner,
    server,
    pids: { server: server.pid ?? 0, postgres: postgres.pid },
    async close() {
      server.kill('SIGTERM')
      await owner.end()
      await postgres.stop()
    },
  }
}

/** Fills the base to `total` stored demands, most of them closed, spread over all estates and two years. */
export async function fill(stage: Stage, total: number) {
  await stage.owner.query(
    `insert into demand (district_id, id, mechanism_id, channel, category, grade, title, words_sealed, place_id, place_path, owner_id, owner_path, state, due_at, respond_due_at, resolve_due_at,
       opened_at, opened_on, dispatched_at, signed_at, responded_at, answered_at, closed_at, closed_on, outcome, satisfaction)
     select $1, gen_random_uuid(), '365-service', 'secretary', 'care', 'normal', '存量诉求' || n, decode(repeat('ab', 120), 'hex'), e.id, e.path, e.id, e.path,
       case when n % 50 = 0 then 'signed' else 'closed' end, case when n % 50 = 0 then t + interval '7 days' end, t + interval '1 day', t + interval '7 days',
       t, (t at time zone 'Asia/Shanghai')::date, t, t, t, case when n % 50 <> 0 then t end, case when n % 50 <> 0 then t end, case when n % 50 <> 0 then (t at time zone 'Asia/Shanghai')::date end,
       case when n % 50 <> 0 then 'solved' end, case when n % 50 <> 0 then 'satisfied' end
     from (select n, now() - (n % 730) * interval '1 day' - interval '3 hours' as t from generate_series((select count(*) from demand) + 1, $2::bigint) n) s
       join (select id, path, row_number() over (order by path) - 1 as i, count(*) over () as c from unit where kind = 'estate') e on e.i = s.n % e.c`,
    [DISTRICT, total],
  )
  await stage.owner.query('vacuum analyze demand')
}
