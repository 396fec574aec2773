// Numbers over a large district: any measure, unit and period, and the questions a leader asks at the root, beside plain SQL.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { Context, type Ground, system, type WriteTx } from '#core/context.ts'
import { Database } from '#core/db.ts'
import { createDistrict } from '#core/district.ts'
import { newId } from '#core/ids.ts'
import { migrate } from '#core/migrate.ts'
import { readFigures } from '#modules/figures/actions/read.ts'
import { settle } from '#modules/figures/index.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { insertUnits } from '#modules/units/index.ts'
import { readPack } from '#packs.ts'
import { compose } from '#app.ts'
import { temporaryPostgres } from '../temporary-postgres.ts'

const DISTRICT = 1
const say = (line: string) => process.stdout.write(`${line}\n`)

export interface Size {
  facts: number
  persons: number
}

export interface Hall {
  appUrl: string
  ownerUrl: string
  owner: pg.Client
  ctx: Context
  ground: Ground
  units: { id: string; path: string; depth: number }[]
  close(): Promise<void>
}

const KINDS = ['district', 'street', 'community', 'grid', 'estate', 'building', 'building', 'building']
/** Units of each level: 20,000 in eight. */
const LEVELS = [1, 8, 64, 384, 1536, 4608, 8000, 5399]

const write = (ctx: Context, plant: (tx: WriteTx) => Promise<unknown>) =>
  ctx.write(null, 'bench.plant', async (tx) => {
    tx.record({ subject: { kind: 'bench', id: newId() }, path: '' })
    await plant(tx)
  })

async function plantUnits(ctx: Context, owner: pg.Client) {
  const org = newId()
  const one = { tree: 'org' as const, kind: 'committee', name: '区委', parentId: null, openedOn: '2015-01-01' }
  await write(ctx, (tx) => insertUnits(tx, [{ id: org, ...one }]))
  const pack = readPack('demo')
  await write(ctx, (tx) =>
    insertMechanisms(
      tx,
      pack.mechanisms.map(({ owner: _, ...m }) => ({ ...m, ownerId: org })),
    ),
  )
  let above: string[] = []
  for (const [level, count] of LEVELS.entries()) {
    const units = Array.from({ length: count }, (_, i) => ({
      id: newId(),
      tree: 'place' as const,
      kind: KINDS[level] as string,
      name: `${level + 1}级${i + 1}号`,
      parentId: above.length > 0 ? (above[i % above.length] as string) : null,
      openedOn: '2015-01-01',
    }))
    for (let at = 0; at < count; at += 2000) await write(ctx, (tx) => insertUnits(tx, units.slice(at, at + 2000)))
    await owner.query('analyze unit, unit_version')
    above = units.map((u) => u.id)
  }
}

/** Rows of the tables the facts read, planted without triggers: only their reading into the ledger is measured. */
async function plantRows(owner: pg.Client, { facts, persons }: Size) {
  const tasks = 20_000
  const claims = Math.round(facts * 0.5)
  const registrations = Math.min(persons, Math.round(facts * 0.12))
  const demands = Math.round(facts * 0.04)
  await owner.query(`
    set session_replication_role = replica;
    create temp table place as select id, path, row_number() over (order by md5(id::text)) - 1 as i from unit where tree = 'place' and depth >= 4;
    alter table claim drop constraint claim_no_overlap; alter table registration drop constraint registration_one_active;
    insert into person (district_id, id, no, name, sex, born, education, home_id, home_path, created_at, pinyin, stroke_key)
      select 1, gen_random_uuid(), n, '某人', (1 + n % 2)::text, date '1940-01-01' + (n * 7919 % 24000)::int, (array['11','21','31','41','61','70'])[1 + n % 6], p.id, p.path, now(), 'mr', '08'
      from generate_series(1, ${persons}) n join place p on p.i = n % (select count(*) from place);
    insert into task (district_id, id, mechanism_id, title, category, place_id, place_path, starts_at, ends_at, capacity, state, published_at, published_on)
      select 1, gen_random_uuid(), '365-service', '任务' || n, (array['care','cleaning','publicity','mediation','patrol','volunteer','repair','errand'])[1 + n * 31 % 8], p.id, p.path,
        now(), now() + interval '1 day', 10000, 'closed', now(), date '2021-12-01' + (n * 104729 % 1826)::int
      from generate_series(1, ${tasks}) n join place p on p.i = n * 7 % (select count(*) from place);
    create temp table t as select id, row_number() over () - 1 as i from task;
    create temp table h as select id, no - 1 as i from person;
    create index on t (i); create index on h (i); analyze t; analyze h; analyze place;`)
  await owner.query(`
    insert into claim (district_id, id, task_id, person_id, place_id, place_path, state, claimed_at, claimed_on, accepted_at, accepted_on, minutes, served_from, served_to)
      select 1, gen_random_uuid(), t.id, h.id, p.id, p.path, case when done then 'accepted' else 'submitted' end, day, day, case when done then day end, case when done then day end,
        case when done then 30 + n % 200 end, case when done then day end, case when done then day + interval '1 hour' end
      from (select n, n % 5 < 3 as done, date '2021-12-01' + (n::bigint * 15485863 % 1826)::int as day from generate_series(1, ${claims}) n) c
        join h on h.i = n::bigint * 48271 % ${persons} join t on t.i = (n * 13::bigint + n / ${persons} * 7) % ${tasks} join place p on p.i = n::bigint * 16807 % (select count(*) from place)`)
  await owner.query(`
    insert into registration (district_id, id, person_id, place_id, place_path, organ, reported_on, confirmed_on, ended_on, end_reason)
      select 1, gen_random_uuid(), h.id, p.id, p.path, '机关' || n % 60, day, day, case when n % 5 = 0 then day + 400 end, case when n % 5 = 0 then 'moved' end
      from (select n, date '2020-01-01' + (n::bigint * 32452843 % 2300)::int as day from generate_series(0, ${registrations - 1}) n) r
        join h on h.i = n join place p on p.i = n::bigint * 16807 % (select count(*) from place);
    insert into demand (district_id, id, mechanism_id, channel, category, grade, title, place_id, place_path, state, respond_due_at, responded_at, opened_at, opened_on, closed_at, closed_on, outcome, satisfaction)
      select 1, gen_random_uuid(), '365-service', (array['resident','secretary','hotline','visit'])[1 + n % 4], (array['care','cleaning','repair','licence'])[1 + n / 4 % 4], 'normal', '诉求' || n, p.id, p.path, 'closed',
        day + interval '1 day', day + (n % 30) * interval '1 hour', day, day, day + interval '5 days', day + 5, 'solved', 'satisfied'
      from (select n, date '2021-12-01' + (n::bigint * 49979687 % 1820)::int as day from generate_series(1, ${demands}) n) d join place p on p.i = n::bigint * 16807 % (select count(*) from place);
    set session_replication_role = origin;`)
  await owner.query('vacuum analyze')
}

export async function openHall(size: Size): Promise<Hall> {
  const postgres = await temporaryPostgres({ settings: { max_wal_size: '8GB', shared_buffers: '1GB' } })
  const ownerUrl = postgres.url('owner')
  await migrate(ownerUrl)
  const database = new Database(postgres.url('app'))
  const { ground } = compose({ database, vault: openssl(loadKeyring(mkdtempSync(`${tmpdir()}/jishi-bench-keys-`))) })
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
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await plantUnits(ctx, owner)
  const began = performance.now()
  await plantRows(owner, size)
  say(`planted in ${Math.round((performance.now() - began) / 1000)} s`)
  const { rows } = await owner.query<Hall['units'][number]>(
    `select id, path, depth from unit where tree = 'place' order by path`,
  )
  return {
    appUrl: postgres.url('app'),
    ownerUrl,
    owner,
    ctx,
    ground,
    units: rows,
    async close() {
      await owner.end()
      await database.close()
      await postgres.stop()
    },
  }
}

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

async function timed(work: () => Promise<unknown>, times: number) {
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const t = performance.now()
    await work()
    taken.push(performance.now() - t)
  }
  return taken.toSorted((a, b) => a - b)
}

const periods = [
  ['this month', '2026-11'],
  ['this year', '2026'],
  ['five years', '2021-12-01..2026-11-30'],
] as const

const rootQuestions = [
  ['claims by child', { measures: 'tasks.claims', by: 'child' }],
  ['claims by category', { measures: 'tasks.claims', by: 'dim:category' }],
  ['claims by age band', { measures: 'tasks.claims', by: 'age' }],
  ['distinct claimants', { measures: 'tasks.claimants' }],
  ['response rate', { measures: 'demands.response-rate' }],
  ['reported members (stock)', { measures: 'people.reported' }],
] as const

export async function benchFigures(size: Size) {
  const hall = await openHall(size)
  try {
    const began = performance.now()
    await settle(hall.ground, DISTRICT, 3_600_000)
    const { rows } = await hall.owner.query<{ n: string; mb: string }>(
      `select (select count(*) from fact_row) as n, pg_total_relation_size('fact_row') / 1000000 as mb`,
    )
    say(
      `${rows[0]?.n} facts read into the ledger in ${Math.round((performance.now() - began) / 1000)} s, ${rows[0]?.mb} MB with indexes`,
    )
    await hall.owner.query('vacuum analyze')
    const ask = (query: Parameters<typeof readFigures>[1]) => readFigures(hall.ctx, query)
    for (const [what, query] of rootQuestions)
      for (const [when, period] of periods) {
        const t = await timed(() => ask({ unit: hall.units[0]?.id, period, ...query }), 5)
        say(`${what.padEnd(28)} ${when.padEnd(12)} ${quantile(t, 0.5).toFixed(1).padStart(8)} ms`)
      }
    const measures = [
      'tasks.claims',
      'tasks.claimants',
      'tasks.services',
      'tasks.servants',
      'people.reported',
      'demands.raised',
      'demands.response-rate',
    ]
    const spans = ['2026-11', '2026', '2024-Q2', '2023', '2021-12-01..2026-11-30', '2025-03-05..2026-10-20']
    let seed = 7
    const pick = <T>(list: readonly T[]) => list[(seed = (seed * 48271) % 2147483647) % list.length] as T
    const levels = Map.groupBy(hall.units, (u) => u.depth)
    for (const [level, units] of levels) {
      const t = await timed(() => ask({ unit: pick(units).id, period: pick(spans), measures: pick(measures) }), 40)
      say(
        `level ${level} (${units.length} units): median ${quantile(t, 0.5).toFixed(1)} ms, p90 ${quantile(t, 0.9).toFixed(1)} ms, worst ${quantile(t, 1).toFixed(1)} ms`,
      )
    }
  } finally {
    await hall.close()
  }
}
