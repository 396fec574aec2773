// The ledger: what every record says for a fact, from–to it was known. Records are re-read by the fact's own SELECT when one of their
// sources was marked, and only what differs is written: the old version is closed, the new one added. [docs/decisions/0008]
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Fact } from '#core/facts.ts'
import type { DB } from '#core/schema.ts'
import { type Counted, countedAt, type Numbers } from './numbers.ts'

export type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** A record to be read anew: when it changed, and in which transaction. */
export interface Due {
  record: string
  at: string
  work: string | null
}

/** An instant before every other, for what was there when the ledger began. */
const EVER = '-infinity'

export interface Head {
  /** Everything known by then is in the ledger; whatever comes is known later. */
  at: string
  /** Something changed since and is not in the ledger yet. */
  pending: boolean
  facts: Map<string, { no: number; since: string | null; filling: boolean; fingerprint: string }>
  /** What was read already while one question is answered. */
  seen: Map<string, Promise<unknown>>
  /** What was counted as of `at`, and the numbers of trees that are only planned. */
  counted: Counted
  plannedNumbers: Map<string, Numbers>
}

export async function findHead(tx: Conn): Promise<Head | null> {
  const { rows } = await sql<{
    at: string
    pending: boolean
    facts: { no: number; id: string; since: string | null; filling: boolean; fingerprint: string }[]
  }>`
    select l.at, exists (select from fact_stale where district_id = ${tx.district})
        or exists (select from fact_row where district_id = ${tx.district} and turns_at <= now() and known_to = 'infinity') as pending,
      (select coalesce(jsonb_agg(jsonb_build_object('no', no, 'id', id, 'since', since, 'filling', since is null or cursor is not null, 'fingerprint', fingerprint)), '[]')
        from fact where district_id = ${tx.district}) as facts
    from ledger l where l.district_id = ${tx.district}`.execute(tx.db)
  const [row] = rows
  return row
    ? {
        at: row.at,
        pending: row.pending,
        facts: new Map(row.facts.map(({ id, ...f }) => [id, f])),
        seen: new Map(),
        counted: countedAt(tx.district, row.at),
        plannedNumbers: new Map(),
      }
    : null
}

/** What a draining may write: nothing is known before `after`, everything by `at`. */
export interface Turn {
  after: string
  at: string
  /** The district's first draining: all that is there was there before. */
  first: boolean
}

/** Waits for other drainings of the district. Both instants are whole milliseconds, so a reader can name them. */
export async function takeTurn(tx: Conn): Promise<Turn> {
  await sql`set local synchronous_commit = off; set local plan_cache_mode = force_custom_plan`.execute(tx.db)
  const made =
    await sql`insert into ledger (district_id, at) values (${tx.district}, date_trunc('milliseconds', clock_timestamp())) on conflict do nothing`.execute(
      tx.db,
    )
  const { rows } = await sql<Omit<Turn, 'first'>>`
    with before as (select at from ledger where district_id = ${tx.district} for update)
    update ledger l set at = greatest(date_trunc('milliseconds', clock_timestamp()), b.at) + interval '1 ms' from before b
    where l.district_id = ${tx.district} returning b.at as after, l.at`.execute(tx.db)
  return { ...(rows[0] as Omit<Turn, 'first'>), first: made.numAffectedRows === 1n }
}

/** Enters facts that are new and those whose SELECT changed: they are read from the start. */
export async function enterFacts(tx: Conn, facts: readonly { id: string; fingerprint: string }[]): Promise<void> {
  await sql`
    insert into fact as f (district_id, no, id, fingerprint, cursor)
    select ${tx.district}, coalesce((select max(no) from fact where district_id = ${tx.district}), 0) + row_number() over (order by n.id), n.id, n.fingerprint, ${NIL}
    from unnest(${facts.map((f) => f.id)}::text[], ${facts.map((f) => f.fingerprint)}::text[]) as n (id, fingerprint)
      left join fact k on k.district_id = ${tx.district} and k.id = n.id where k.fingerprint is distinct from n.fingerprint
    on conflict (district_id, id) do update set fingerprint = excluded.fingerprint, cursor = excluded.cursor`.execute(
    tx.db,
  )
}

export const NIL = '00000000-0000-0000-0000-000000000000'

export const refill = (tx: Conn, nos: readonly number[]) =>
  sql`update fact set cursor = ${NIL} where district_id = ${tx.district} and no = any(${nos}::smallint[])`.execute(
    tx.db,
  )

/** Where a fact that is being read from the start has come to; null `cursor` = the end. */
export const setCursor = (tx: Conn, no: number, cursor: string | null, at: string) =>
  sql`update fact set cursor = ${cursor}::uuid, since = case when ${cursor}::uuid is null then coalesce(since, ${at}::timestamptz) else since end
    where district_id = ${tx.district} and no = ${no}`.execute(tx.db)

export async function findCursors(tx: Conn): Promise<{ no: number; id: string; cursor: string; known: boolean }[]> {
  const rows = await tx.db
    .selectFrom('fact')
    .select(['no', 'id', 'cursor', 'since'])
    .where('district_id', '=', tx.district)
    .where('cursor', 'is not', null)
    .orderBy('no')
    .execute()
  return rows.map((r) => ({ no: r.no, id: r.id, cursor: r.cursor as string, known: r.since !== null }))
}

/** The next records of a fact in order of their ids, those it has and those the ledger has of it. */
export async function findNext(
  tx: Conn,
  fact: { no: number; fact: Fact; at: string },
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = fact.fact.rows(tx.district, sql`${fact.at}::timestamptz`)
  const found = await sql<{ record: string }>`
    (select distinct f.record from (${rows}) f where f.record > ${after}::uuid order by f.record limit ${limit})
    union
    (select distinct r.record from fact_row r where r.district_id = ${tx.district} and r.fact = ${fact.no} and r.record > ${after}::uuid
      and r.known_to = 'infinity' order by r.record limit ${limit})
    order by 1 limit ${limit}`.execute(tx.db)
  return found.rows.map((r) => r.record)
}

const dims = (fact: Fact) =>
  sql.join(
    Object.keys(fact.dimensions).flatMap((d) => [sql.lit(d), sql`${sql.ref(`f.${d}`)}::text`]),
    sql`, `,
  )

const digest = (column: string) => sql`('x' || left(md5(${sql.ref(column)}::text), 16))::bit(64)::bigint`

/**
 * The records as their sources stand now, in the columns of the ledger. `c` stands for all that counts. The records are named
 * by value: of a list it can count the planner knows how many rows come, and does not compare each of 10,000 with each.
 */
const fresh = (tx: Conn, fact: Fact, at: string, records: readonly string[]) => sql`
  select x.*, row_number() over (partition by x.record, x.c) as twin from (
    select y.*, md5(row(y.unit, y.day, y.until, y.person, y.born, y.quantity, y.shape, y.traits)::text)::uuid as c from (
      select f.record, u.no as unit, f.day, f.until, k.no as person, (extract(year from k.born) * 12 + extract(month from k.born) - 1)::smallint as born,
        trim_scale(f.quantity::numeric) as quantity, ${digest('j.dims')} as shape, j.dims, ${digest('j.traits')} as traits, j.traits as trait_dims,
        ${fact.turns ? sql`f.turns_at` : sql`null::timestamptz`} as turns_at
      from (${fact.rows(tx.district, sql`${at}::timestamptz`)}) f
        join unit u on u.district_id = ${tx.district} and u.id = f.unit_id
        left join person p on p.district_id = ${tx.district} and p.id = f.person
        left join person k on k.district_id = ${tx.district} and k.id = p.key_id
        cross join lateral (select jsonb_build_object(${dims(fact)}) as dims,
          case when k.id is not null then jsonb_build_object('sex', k.sex, 'education', k.education) end as traits) j
      where f.record = any(${records}::uuid[]) and f.day is not null) y) x`

const held = (tx: Conn, no: number, records: readonly string[]) => sql`
  select x.*, row_number() over (partition by x.record, x.c order by x.known_from, x.part) as twin from (
    select r.record, r.known_from, r.part, r.turns_at, md5(row(r.unit, r.day, r.until, r.person, r.born, r.quantity, r.shape, r.traits)::text)::uuid as c
    from fact_row r where r.district_id = ${tx.district} and r.fact = ${no} and r.record = any(${records}::uuid[]) and r.known_to = 'infinity') x`

const key = (tx: Conn, no: number) =>
  sql`r.district_id = ${tx.district} and r.fact = ${no} and r.record = x.record and r.known_from = x.known_from and r.part = x.part`

/** Those of some records that the ledger tells otherwise than their sources. Records must be distinct. */
export async function findDrifted(
  tx: Conn,
  { no, fact }: { no: number; fact: Fact },
  records: readonly string[],
  at: string,
): Promise<string[]> {
  const { rows } = await sql<{ record: string }>`
    with fresh as materialized (${fresh(tx, fact, at, records)}),
    held as materialized (${held(tx, no, records)})
    select record from (select record, c, twin from fresh except select record, c, twin from held) a
    union select record from (select record, c, twin from held except select record, c, twin from fresh) b`.execute(
    tx.db,
  )
  return rows.map((r) => r.record)
}

export interface Drained {
  gone: number
  come: number
}

/**
 * Reads records anew and writes what differs. Records must be distinct. What changes is picked out before the table is touched: a
 * planner without statistics (PostgreSQL 15, a ledger just begun) once compared every row kept with every row read.
 */
export async function drainRecords(
  tx: Conn,
  { no, fact, known }: { no: number; fact: Fact; known: boolean },
  due: readonly Due[],
  turn: Turn,
): Promise<Drained> {
  const records = due.map((d) => d.record)
  const { rows } = await sql<Drained>`
    with due as materialized (
      select record, greatest(least(at, ${turn.at}::timestamptz), ${turn.after}::timestamptz + interval '1 ms') as at, work
      from unnest(${records}::uuid[], ${due.map((d) => d.at)}::timestamptz[], ${due.map((d) => d.work)}::bigint[]) as d (record, at, work)),
    fresh as materialized (${fresh(tx, fact, turn.at, records)}),
    held as materialized (${held(tx, no, records)}),
    going as materialized (
      select h.record, h.known_from, h.part, d.at, d.work from held h join due d on d.record = h.record
      where not exists (select from fresh f where f.record = h.record and f.c = h.c and f.twin = h.twin)),
    turning as materialized (
      select h.record, h.known_from, h.part, f.turns_at from held h join fresh f on f.record = h.record and f.c = h.c and f.twin = h.twin
      where f.turns_at is distinct from h.turns_at),
    gone as (update fact_row r set known_to = x.at, ended_work = x.work from going x where ${key(tx, no)} returning 1),
    turned as (update fact_row r set turns_at = x.turns_at from turning x where ${key(tx, no)}),
    named as (
      insert into fact_shape (district_id, fact, shape, dims) select distinct ${tx.district}::int, ${no}::smallint, shape, dims from fresh
        union select distinct ${tx.district}::int, 0::smallint, traits, trait_dims from fresh where traits is not null on conflict do nothing),
    come as (
      insert into fact_row (district_id, fact, record, known_from, part, unit, day, until, person, born, quantity, shape, traits, turns_at, work)
      select ${tx.district}, ${no}, f.record, case when ${!known}::boolean and not exists (select from held h where h.record = f.record) then ${EVER} else d.at end,
        row_number() over (partition by f.record order by f.c, f.twin), f.unit, f.day, f.until, f.person, f.born, f.quantity, f.shape, f.traits, f.turns_at, d.work
      from fresh f join due d on d.record = f.record
      where not exists (select from held h where h.record = f.record and h.c = f.c and h.twin = f.twin) returning 1)
    select (select count(*) from gone) as gone, (select count(*) from come) as come`.execute(tx.db)
  return rows[0] as Drained
}

export interface Mark {
  source: string
  key: string | null
  at: string
  work: string | null
}

/** Takes marks off the heap, each value once with its last change. */
export async function takeMarks(tx: Conn, limit: number): Promise<{ marks: Mark[]; taken: number }> {
  const { rows } = await sql<Mark & { taken: number }>`
    with gone as (delete from fact_stale where district_id = ${tx.district} and ctid = any(array(
      select ctid from fact_stale where district_id = ${tx.district} limit ${limit})) returning source, key, at, work)
    select source, key, max(at)::text as at, (array_agg(work order by at desc))[1]::text as work, (sum(count(*)) over ())::int as taken from gone group by source, key`.execute(
    tx.db,
  )
  return { marks: rows, taken: rows[0]?.taken ?? 0 }
}

/** All marks go: everything is about to be read from the start. */
export const dropMarks = (tx: Conn) => sql`delete from fact_stale where district_id = ${tx.district}`.execute(tx.db)

type Pair = { key: string; record: string }

/** Which records of a fact changed values of a source lead to. The ledger is asked too: a record may be counted no more. */
export async function findReached(
  tx: Conn,
  { no, fact, at }: { no: number; fact: Fact; at: string },
  reach: 'unit' | 'person' | ((district: number, keys: readonly string[]) => RawBuilder<unknown>),
  keys: readonly string[],
): Promise<Pair[]> {
  if (typeof reach === 'function') return (await sql<Pair>`${reach(tx.district, keys)}`.execute(tx.db)).rows
  const of = sql`(${fact.rows(tx.district, sql`${at}::timestamptz`)}) f`
  const current = sql`r.district_id = ${tx.district} and r.fact = ${no} and r.known_to = 'infinity'`
  if (reach === 'unit') {
    const { rows } = await sql<Pair>`
      select f.unit_id as key, f.record from ${of} where f.unit_id = any(${keys}::uuid[])
      union select u.id, r.record from unit u join fact_row r on r.unit = u.no where u.district_id = ${tx.district} and u.id = any(${keys}::uuid[]) and ${current}`.execute(
      tx.db,
    )
    return rows
  }
  const { rows: same } = await sql<{ key: string; person: string; no: number }>`
    select distinct m.id as key, p.id as person, p.no from person m join person p on p.district_id = m.district_id and (p.key_id = m.key_id or p.key_id = m.id or p.id = m.id)
    where m.district_id = ${tx.district} and m.id = any(${keys}::uuid[])`.execute(tx.db)
  const keyOf = new Map(same.map((s) => [s.person, s.key]))
  const byNo = new Map(same.map((s) => [s.no, s.key]))
  const raw = await sql<Pair>`
    select f.person as key, f.record from ${of} where f.person = any(${[...keyOf.keys()]}::uuid[])`.execute(tx.db)
  const old = await sql<{ no: number; record: string }>`
    select r.person as no, r.record from fact_row r where r.person = any(${[...byNo.keys()]}::int[]) and ${current}`.execute(
    tx.db,
  )
  return [
    ...raw.rows.map((r) => ({ key: keyOf.get(r.key) as string, record: r.record })),
    ...old.rows.map((r) => ({ key: byNo.get(r.no) as string, record: r.record })),
  ]
}

/** Records whose own time has come. */
export async function findTurned(tx: Conn, at: string): Promise<{ no: number; due: Due }[]> {
  const { rows } = await sql<{ no: number; record: string; at: string }>`
    select fact as no, record, min(turns_at)::text as at from fact_row
    where district_id = ${tx.district} and known_to = 'infinity' and turns_at <= ${at}::timestamptz group by 1, 2`.execute(
    tx.db,
  )
  return rows.map((r) => ({ no: r.no, due: { record: r.record, at: r.at, work: null } }))
}
