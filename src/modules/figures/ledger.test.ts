// The ledger itself: nothing a fact reads changes unseen, and what was known at an instant stays known as it was.
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fact } from '#core/facts.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertDemands } from '#modules/demands/index.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { allFacts } from './catalogue.ts'
import { compileRows } from './compile/reading.ts'
import { rollUp } from './roll.ts'
import { settle, sourcesOf } from './settle.ts'
import { findHead, findNext, NIL } from './store/ledger.ts'
import { verifyFigures } from './verify.ts'

let base: Base
let owner: pg.Client
beforeAll(async () => {
  base = await openBase()
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await base.close()
})

/** Every column the fact's SELECT mentions, as PostgreSQL itself notes it of a view. */
async function columnsRead(fact: Fact): Promise<string[]> {
  const { text, parameters } = compileRows(fact, 1, sql`'2026-01-01'::timestamptz`)
  const filled = text.replace(/\$(\d+)/g, (_, n) => pg.escapeLiteral(String(parameters[Number(n) - 1])))
  await owner.query('begin')
  try {
    await owner.query(`create view seen as ${filled}`)
    const { rows } = await owner.query<{ name: string }>(
      `select distinct c.relname || '.' || a.attname as name from pg_depend d join pg_rewrite w on w.oid = d.objid and w.ev_class = 'seen'::regclass
         join pg_class c on c.oid = d.refobjid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
       where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0`,
    )
    return rows.map((r) => r.name)
  } finally {
    await owner.query('rollback')
  }
}

/** `table.key` → the columns whose change the database marks by it. */
async function columnsWatched(): Promise<Map<string, Set<string>>> {
  const { rows } = await owner.query<{ source: string; definition: string }>(
    `select rtrim(encode(tgargs, 'escape'), '\\000') as source, pg_get_triggerdef(oid) as definition from pg_trigger where tgname like 'mark%change'`,
  )
  return new Map(
    rows.map(({ source, definition }) => [
      source,
      new Set([...definition.matchAll(/old\.(\w+)/gi)].map((m) => `${source.split('.')[0]}.${m[1]}`)),
    ]),
  )
}

const demandAt = (world: World, more: Partial<Parameters<typeof insertDemands>[1][number]> = {}) => ({
  id: newId(),
  mechanism_id: '365-service',
  channel: 'secretary',
  category: 'care',
  grade: 'normal',
  title: '帮扶照料',
  place_id: world.unit['C11'] as string,
  place_path: world.path['C11'] as string,
  state: 'registered',
  respond_due_at: '2099-01-01T00:00:00Z',
  opened_at: '2026-03-01T02:00:00Z',
  opened_on: '2026-03-01',
  version: 1,
  report: false,
  round: 0,
  provisional: false,
  ...more,
})

/** The limit of a statement, met by whoever writes more than so many rows of a district at once. */
async function withLimit(district: number, rows: number, work: () => Promise<void>): Promise<void> {
  await owner.query(`
    create function too_slow() returns trigger language plpgsql as $$ begin
      if (select count(*) from fresh where district_id = ${district}) > ${rows} then raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end if;
      return null; end $$;
    create trigger too_slow after insert on fact_row referencing new table as fresh for each statement execute function too_slow()`)
  await work().finally(() => owner.query('drop trigger too_slow on fact_row; drop function too_slow()'))
}

describe('the ledger', () => {
  it('hears of every column a fact reads', async () => {
    const watched = await columnsWatched()
    for (const fact of allFacts()) {
      const seen = new Set(Object.keys(sourcesOf(fact)).flatMap((s) => [...(watched.get(s) ?? [])]))
      const unseen = (await columnsRead(fact)).filter((c) => !/\.(district_id|id)$/.test(c) && !seen.has(c))
      expect(unseen, fact.id).toEqual([])
      for (const source of Object.keys(sourcesOf(fact))) expect(watched.has(source), `${fact.id} ${source}`).toBe(true)
    }
  })

  it('is never moved by the clock alone, but where a fact says when', () => {
    for (const fact of allFacts()) {
      const { text } = compileRows(fact, 1, sql`at`)
      expect(text, fact.id).not.toMatch(/\b(now|clock_timestamp|statement_timestamp)\(\)|current_(date|time)/i)
      expect(/\bturns_at\b/.test(text), fact.id).toBe(fact.turns === true)
    }
  })
})

describe('a number', () => {
  let world: World
  let desk: Asker
  beforeAll(async () => {
    world = await plantWorld(base)
    desk = await world.someone('district-desk', 'O')
  })

  type NewDemand = Parameters<typeof insertDemands>[1][number]
  const demand = (more: Partial<NewDemand> = {}): NewDemand => demandAt(world, more)
  const plant = (rows: readonly NewDemand[]) => world.write((tx) => insertDemands(tx, rows))
  const change = (id: string, sets: Record<string, unknown>) =>
    world.write((tx) =>
      tx.db.updateTable('demand').set(sets).where('district_id', '=', world.district).where('id', '=', id).execute(),
    )
  const read = async (more = '') => {
    const { status, body } = await desk.get(`/figures?measures=demands.raised&period=2026&by=dim:response${more}`)
    expect(status, JSON.stringify(body)).toBe(200)
    const [figure] = body['figures']
    return {
      asOf: body['asOf'] as string,
      value: figure.value as number,
      rows: Object.fromEntries(figure.rows.map((r: { key: string; value: number }) => [r.key, r.value])),
    }
  }

  it('stays what it was when it is asked for as it was known, whatever is entered, corrected or merged later', async () => {
    const [one, two] = [demand(), demand()]
    await plant([one, two])
    const first = await read()
    expect(first.value).toBe(2)
    await change(two.id, { state: 'merged', merged_into: one.id })
    const second = await read()
    await plant([demand({ opened_on: '2026-01-05' }), demand({ opened_on: '2025-12-31' })])
    const third = await read()
    expect([second.value, third.value]).toEqual([1, 2])
    for (const then of [first, second, third]) {
      expect(await read(`&known=${then.asOf}`)).toEqual(then)
      const { body } = await desk.get(`/figures/evidence?measure=demands.raised&period=2026&known=${then.asOf}`)
      expect(body['total']).toBe(then.value)
    }
  })

  it('turns with the deadline of a record, at the very instant, without anybody writing', async () => {
    const soon = new Date(Date.now() + 1500).toISOString()
    const late = demand({ respond_due_at: soon })
    await plant([late])
    const before = await read()
    await new Promise((r) => setTimeout(r, 1600))
    const after = await read()
    expect(after.rows['late'] - (before.rows['late'] ?? 0)).toBe(1)
    expect(after.rows['open']).toBe((before.rows['open'] ?? 0) - 1)
    expect((await read(`&known=${new Date(Date.parse(soon) - 100).toISOString()}`)).rows).toEqual(before.rows)
    expect((await read(`&known=${new Date(Date.parse(soon) + 100).toISOString()}`)).rows).toEqual(after.rows)
    // the deadline is put off: it is not late any more
    await change(late.id, { respond_due_at: '2099-01-01T00:00:00Z' })
    expect((await read()).rows).toEqual(before.rows)
  })

  it('is not told as known before the ledger began', async () => {
    const { status, body } = await desk.get('/figures?measures=demands.raised&period=2026&known=2020-01-01T00:00:00Z')
    expect([status, body['code']]).toEqual([422, 'figure.not-known-then'])
  })

  it('finds nothing to write when nothing differs, and one version for many changes between two questions', async () => {
    const one = demand()
    await plant([one])
    await settle(base.ground, world.district)
    const versions = async () =>
      (
        await owner.query('select count(*)::int as n from fact_row where district_id = $1 and record = $2', [
          world.district,
          one.id,
        ])
      ).rows[0].n
    expect(await versions()).toBe(1)
    await change(one.id, { state: 'signed' })
    await change(one.id, { state: 'registered' })
    await settle(base.ground, world.district)
    expect(await versions()).toBe(1)
    await change(one.id, { state: 'signed' })
    await change(one.id, { channel: 'hotline' })
    await settle(base.ground, world.district)
    expect(await versions()).toBe(2)
    const { rows } = await owner.query(
      `select h.action from fact_row r join history h on h.district_id = r.district_id and h.work = r.work where r.district_id = $1 and r.record = $2 and r.known_to = 'infinity'`,
      [world.district, one.id],
    )
    expect(rows).toEqual([{ action: 'test.arrange' }])
  })

  it('waits out its patience where the one way for long work is taken (C-13)', async () => {
    const { database } = base.ground
    let release = () => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    const long = { district: world.district, mode: 'long' } as const
    const taken = database.transact(long, () => held)
    // one runs, forty wait, the next is refused at once
    const waiting = Array.from({ length: 40 }, () => database.transact(long, async () => {}))
    await expect(database.transact(long, async () => {})).rejects.toMatchObject({ code: 'core.busy' })
    await plant([demand()])
    const settled = settle(base.ground, world.district, { patience: 8000, batch: 100, job: true })
    setTimeout(release, 300)
    await settled
    await Promise.all([taken, ...waiting])
  })

  it('is right while writers and readers crowd: no version twice, none lost', async () => {
    const rows = Array.from({ length: 40 }, () => demand({ opened_on: '2026-02-02' }))
    const before = (await read()).value
    await Promise.all([
      ...rows.map((r) => plant([r])),
      ...Array.from({ length: 10 }, async () => void (await read())),
      ...Array.from({ length: 5 }, () => settle(base.ground, world.district)),
    ])
    expect((await read()).value).toBe(before + 40)
    const { rows: twice } = await owner.query(
      `select fact, record from fact_row where district_id = $1 and known_to = 'infinity' and record = any($2) group by 1, 2 having count(*) > 1`,
      [world.district, rows.map((r) => r.id)],
    )
    expect(twice).toEqual([])
  })
})

describe('reading a fact from the start', () => {
  it('passes nothing over, however many rows a record has and wherever a page of records ends', async () => {
    const world = await plantWorld(base)
    const ctx = new Context(
      base.ground,
      { token: null, requestId: newId(), address: '' },
      { district: world.district, actor: system },
    )
    await settle(base.ground, world.district)
    const seen = await ctx.heavy(null, async (tx) => {
      const head = await findHead(tx)
      const found: { id: string; rows: number; records: string[]; paged: string[] }[] = []
      for (const fact of allFacts()) {
        const at = { no: head?.facts.get(fact.id)?.no as number, fact, at: tx.now }
        const { rows } = await sql<{ record: string }>`
          select record from (${fact.rows(tx.district, sql`${tx.now}::timestamptz`)}) f order by record`.execute(tx.db)
        const paged: string[] = []
        for (let more = true; more; ) {
          const next = await findNext(tx, at, paged.at(-1) ?? NIL, 3)
          paged.push(...next)
          more = next.length === 3
        }
        found.push({ id: fact.id, rows: rows.length, records: [...new Set(rows.map((r) => r.record))], paged })
      }
      return found
    })
    for (const { id, records, paged } of seen) expect(paged, id).toEqual(records)
    expect(seen.filter((f) => f.rows > f.records.length && f.records.length > 3).map((f) => f.id)).toContain(
      'people.staffing',
    )
  })
})

describe('a ledger that is filled beside heavy work', () => {
  it('is filled in smaller pieces where a statement ran into its limit, and goes on from where it stopped', async () => {
    const world = await plantWorld(base, { smallGroup: 0 })
    await world.write((tx) =>
      insertDemands(
        tx,
        Array.from({ length: 900 }, () => demandAt(world)),
      ),
    )
    await withLimit(world.district, 400, () => settle(base.ground, world.district, { patience: 60_000, batch: 1000 }))
    const desk = await world.someone('district-desk', 'O')
    expect((await desk.get('/figures?measures=demands.raised&period=2026')).body['figures'][0].value).toBe(900)
  })

  it('takes marks off the heap in smaller pieces too', async () => {
    const world = await plantWorld(base, { smallGroup: 0 })
    await settle(base.ground, world.district)
    await world.write((tx) =>
      insertDemands(
        tx,
        Array.from({ length: 900 }, () => demandAt(world)),
      ),
    )
    await withLimit(world.district, 400, () => settle(base.ground, world.district, { patience: 60_000, batch: 1000 }))
    const desk = await world.someone('district-desk', 'O')
    expect((await desk.get('/figures?measures=demands.raised&period=2026')).body['figures'][0].value).toBe(900)
  })
})

describe('the night', () => {
  it('finds a record that changed unseen and a sum that is wrong, says so, and mends both', async () => {
    const world = await plantWorld(base, { smallGroup: 0 })
    const desk = await world.someone('district-desk', 'O')
    const ctx = new Context(
      base.ground,
      { token: null, requestId: newId(), address: '' },
      { district: world.district, actor: system },
    )
    const ids = Array.from({ length: 6 }, () => newId())
    await world.write((tx) =>
      insertDemands(
        tx,
        ids.map((id) => demandAt(world, { id })),
      ),
    )
    const read = async () =>
      (await desk.get('/figures?measures=demands.raised&period=2026-03&by=dim:category')).body['figures'][0].rows
    const alarms = async () =>
      (
        await owner.query(`select body from history where district_id = $1 and action = 'figures.alarm' order by at`, [
          world.district,
        ])
      ).rows.map((r) => JSON.parse(r.body).change)
    await read()
    await rollUp(ctx, { many: 1, values: 60, dense: 16, few: 0, rows: 100 })
    await verifyFigures(ctx)
    expect(await alarms()).toEqual([])
    // somebody works on the tables without the triggers
    await owner.query(`set session_replication_role = replica`)
    await owner.query(`update demand set category = 'repair' where district_id = $1 and id = $2`, [
      world.district,
      ids[0],
    ])
    await owner.query(`set session_replication_role = origin`)
    await owner.query(`update fact_cell set n = n + 1 where district_id = $1 and dimension = 'category'`, [
      world.district,
    ])
    expect((await read()).map((r: { value: number }) => r.value)).toEqual([7])
    // a seventh of what is old is looked at every night
    for (let night = 0; night < 7; night++) {
      clock.shiftForTest(night * 86_400_000)
      await verifyFigures(ctx)
    }
    clock.shiftForTest(0)
    expect(await alarms()).toMatchObject([
      { fact: 'demands.demands', what: 'records', count: 1, some: [ids[0]] },
      { fact: 'demands.demands', what: 'sums', count: 1, some: ['2026-03-01'] },
    ])
    expect((await read()).map((r: { key: string; value: number }) => [r.key, r.value])).toEqual([
      ['care', 5],
      ['repair', 1],
    ])
  })
})
