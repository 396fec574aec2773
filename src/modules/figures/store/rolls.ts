// Keeping sums for units with many rows: which units, which months, and their making from the ledger. [docs/decisions/0010]
import { type RawBuilder, sql } from 'kysely'
import type { Fact, Filter } from '#core/facts.ts'
import { known, matching, placedOn, type Question, tables } from '../compile.ts'
import { type Asked, columnOf, joinsOf } from '../compile/dimensions.ts'
import { BLOCK_BITS, type Roll } from '../compile/rolled.ts'
import type { Conn } from './ledger.ts'

/** The rolling that holds most days of a fact. */
export async function findRoll(tx: Conn, fact: number): Promise<(Roll & { no: number }) | null> {
  const { rows } = await sql<Roll & { no: number }>`
    select r.no, r.known_at as "knownAt", r.placed_on as "placedOn", r.big, r.views, r.dimensions, array_agg(b.day::text order by b.day) as days
    from fact_roll r join fact_bucket b on b.district_id = r.district_id and b.fact = r.fact and b.roll = r.no
    where r.district_id = ${tx.district} and r.fact = ${fact} group by r.district_id, r.fact, r.no order by count(*) desc, r.no desc limit 1`.execute(
    tx.db,
  )
  return rows[0] ?? null
}

/** What one rolling is made of. */
export interface Plan {
  fact: Fact
  /** Number of the fact, and of the rolling. */
  no: number
  roll: number
  knownAt: string
  placedOn: string
  big: readonly number[]
  /** The big units and those right below them. */
  units: readonly number[]
  views: readonly { view: string; filters: readonly Filter[] }[]
  dimensions: readonly string[]
}

/** Whether a fact has so many rows at all. */
export async function hasRows(tx: Conn, fact: number, many: number): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from fact_row where district_id = ${tx.district} and fact = ${fact} and known_to = 'infinity' limit ${many}) r`.execute(
    tx.db,
  )
  return (rows[0]?.n ?? 0) >= many
}

/** Units with at least so many rows of a fact at and below them, and the units right below those. */
export async function findBig(
  tx: Conn,
  fact: number,
  at: { placedOn: string; many: number; among?: readonly number[] },
): Promise<{ big: number[]; units: number[] }> {
  const only = at.among ? sql` and a.unit = any(${at.among}::int[])` : sql``
  const enough = at.among ? sql`` : sql` having sum(s.n) >= ${at.many}`
  const { rows } = await sql<{ unit: number; big: boolean }>`
    with place as materialized (
      select p.unit, p.path, right(p.path, 6) as label from fact_place p where p.district_id = ${tx.district} and ${placedOn({ known: null }, sql`${at.placedOn}::date`)}),
    size as (select unit, count(*) as n from fact_row where district_id = ${tx.district} and fact = ${fact} and known_to = 'infinity' group by unit),
    big as materialized (
      select a.unit, a.path from size s join place p on p.unit = s.unit cross join lateral generate_series(3, length(p.path) - 5, 6) at
        join place a on a.label = substr(p.path, at, 6)${only} group by 1, 2${enough})
    select unit, true as big from big
    union all select p.unit, false from place p join big b on b.path = left(p.path, -6) where p.unit not in (select unit from big)`.execute(
    tx.db,
  )
  return { big: rows.filter((r) => r.big).map((r) => r.unit), units: rows.map((r) => r.unit) }
}

/** Dimensions of few values only: sums by the others would be as many as the rows. */
export async function findFew(tx: Conn, fact: number, names: readonly string[], most: number): Promise<string[]> {
  if (names.length === 0) return []
  const counts = sql.join(names.map((n) => sql`count(distinct coalesce(dims->>${n}, ''))`))
  const { rows } = await sql<{ n: number[] }>`
    select array[${counts}]::int[] as n from fact_shape where district_id = ${tx.district} and fact = ${fact}`.execute(
    tx.db,
  )
  return names.filter((_, i) => (rows[0]?.n[i] ?? 0) <= most)
}

/** Months in which anything happened as known now, first and last. */
export async function findSpan(tx: Conn, fact: number): Promise<{ from: string; to: string } | null> {
  const { rows } = await sql<{ from: string | null; to: string }>`
    select min(day) as from, max(day) as to from fact_row where district_id = ${tx.district} and fact = ${fact} and known_to = 'infinity'`.execute(
    tx.db,
  )
  const [row] = rows
  return row?.from ? { from: row.from, to: row.to } : null
}

/** Rows of a fact that became known or ceased to be in (after, until], as +1 and −1. */
const changes = (tx: Conn, fact: number, after: string, until: string) => sql`
  select day, until, unit, person, quantity, shape, traits, born, 1 as n from fact_row
    where district_id = ${tx.district} and fact = ${fact} and known_from > ${after}::timestamptz and known_from <= ${until}::timestamptz
  union all select day, until, unit, person, quantity, shape, traits, born, -1 from fact_row
    where district_id = ${tx.district} and fact = ${fact} and known_to > ${after}::timestamptz and known_to <= ${until}::timestamptz and known_to < 'infinity'`

/** Whether more than so many rows changed between two instants. */
export async function hasChanged(
  tx: Conn,
  fact: number,
  { after, until, over }: { after: string; until: string; over: number },
): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from (${changes(tx, fact, after, until)}) c limit ${over + 1}) x`.execute(
    tx.db,
  )
  return (rows[0]?.n ?? 0) > over
}

/** Days of a rolling whose sums are other ones by now. */
export async function findStale(
  tx: Conn,
  of: { no: number; fact: Fact },
  roll: Roll,
  until: string,
): Promise<string[]> {
  const changed = changes(tx, of.no, roll.knownAt, until)
  const { rows } =
    of.fact.kind === 'event'
      ? await sql<{
          day: string
        }>`select distinct date_trunc('month', day)::date::text as day from (${changed}) c`.execute(tx.db)
      : await sql<{ day: string }>`
          select distinct day::text from (
            select s.day from unnest(${roll.days}::date[]) s (day) join (${changed}) c on c.day <= s.day and (c.until is null or c.until > s.day)
            group by s.day, c.unit, c.person, c.quantity, c.shape, c.traits, c.born having sum(c.n) <> 0) x`.execute(
          tx.db,
        )
  return rows.map((r) => r.day)
}

/** Whether any unit moved in the tree of a day, as known since a rolling. */
export async function hasMoved(tx: Conn, roll: Roll, today: string): Promise<boolean> {
  const { rows } = await sql<{ moved: boolean }>`
    select exists (select from fact_place where district_id = ${tx.district} and known_from > ${roll.knownAt}::timestamptz and valid_from > '-infinity')
      or exists (select from fact_place where district_id = ${tx.district} and known_to > ${roll.knownAt}::timestamptz and known_to < 'infinity')
      or exists (select from fact_place where district_id = ${tx.district} and known_to = 'infinity' and valid_from > ${roll.placedOn}::date and valid_from <= ${today}::date) as moved`.execute(
    tx.db,
  )
  return rows[0]?.moved ?? false
}

/** One rolling of a district at a time, whatever process it runs in. */
export async function takeRolling(tx: Conn): Promise<boolean> {
  const { rows } = await sql<{
    free: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended('figures.roll', ${tx.district})) as free`.execute(tx.db)
  return rows[0]?.free ?? false
}

export async function insertRoll(tx: Conn, plan: Omit<Plan, 'roll'>): Promise<number> {
  const { rows } = await sql<{ no: number }>`
    insert into fact_roll (district_id, fact, no, known_at, placed_on, big, views, dimensions)
    select ${tx.district}, ${plan.no}, coalesce(max(no), 0) + 1, ${plan.knownAt}::timestamptz, ${plan.placedOn}::date, ${plan.big}::int[], ${plan.views.map((v) => v.view)}::text[], ${plan.dimensions}::text[]
    from fact_roll where district_id = ${tx.district} and fact = ${plan.no} returning no`.execute(tx.db)
  return rows[0]?.no as number
}

/** Days that did not change are as good in the new rolling; rollings without days go. */
export async function carryDays(tx: Conn, fact: number, from: number, to: number): Promise<void> {
  await sql`update fact_bucket set roll = ${to} where district_id = ${tx.district} and fact = ${fact} and roll = ${from}`.execute(
    tx.db,
  )
  await dropEmpty(tx, fact, to)
}

export const dropEmpty = (tx: Conn, fact: number, but: number) =>
  sql`delete from fact_roll r where r.district_id = ${tx.district} and r.fact = ${fact} and r.no <> ${but}
    and not exists (select from fact_bucket b where b.district_id = r.district_id and b.fact = r.fact and b.roll = r.no)`.execute(
    tx.db,
  )

const kept = ['fact_cell', 'fact_bits'] as const

/** Everything that was kept of a fact is dropped, or what lies on days that are kept no more; their years are summed anew. */
export async function dropDays(tx: Conn, fact: number, but: readonly string[]): Promise<void> {
  const years = [...new Set(but.map((d) => `${d.slice(0, 4)}-01-01`))]
  const { rows } = await sql<{ day: string }>`
    delete from fact_bucket where district_id = ${tx.district} and fact = ${fact} and day <> all(${but}::date[]) returning day`.execute(
    tx.db,
  )
  for (const table of kept)
    await sql`delete from ${sql.table(table)} where district_id = ${tx.district} and fact = ${fact}
      and (months < 12 and day <> all(${but}::date[]) or months = 12 and day <> all(${years}::date[]))`.execute(tx.db)
  const fewer = new Set(rows.map((r) => r.day.slice(0, 4)))
  await rollYears(tx, fact, [...fewer])
}

/** The rows a rolling counts on some days, once per unit they are kept for: node, whether it is big, day, person, quantity and d0, d1 … */
function sources(tx: Conn, plan: Plan, days: readonly string[], filters: readonly Filter[]): RawBuilder<unknown> {
  const { fact, no, knownAt, placedOn: on } = plan
  const asked: Asked = { fact, on: fact.kind === 'event' ? sql`r.day` : sql`${days[0]}::date` }
  const q = { district: tx.district, fact: no, known: knownAt } as Question
  const joined = new Set([...plan.dimensions, ...filters.map((f) => f.dimension)].flatMap(joinsOf))
  const [first, last] = [days[0], days.at(-1)]
  const inTime =
    fact.kind === 'event'
      ? sql`r.day >= ${first}::date and r.day < ${last}::date + interval '1 month'`
      : sql`r.day <= ${first}::date and (r.until is null or r.until > ${first}::date)`
  const day = fact.kind === 'event' ? sql`date_trunc('month', r.day)::date` : sql`${first}::date`
  return sql`
    with place as materialized (
      select p.unit, p.path, p.kind from fact_place p where p.district_id = ${tx.district} and ${placedOn({ known: knownAt }, sql`${on}::date`)}),
    label as (select unit, right(path, 6) as label from place where unit = any(${plan.units}::int[])),
    node as materialized (
      select p.unit, p.kind, l.unit as node, l.unit = any(${plan.big}::int[]) as big
        from place p cross join lateral generate_series(3, length(p.path) - 5, 6) at join label l on l.label = substr(p.path, at, 6)
      union all select p.unit, p.kind, -p.unit, false from place p where p.unit = any(${plan.big}::int[]))
    select p.node, p.big, ${day} as day, r.person, r.quantity${sql.join(
      plan.dimensions.map((d, i) => sql`, coalesce(${columnOf(d, asked)}, '') as ${sql.ref(`d${i}`)}`),
      sql``,
    )}
    from fact_row r join node p on p.unit = r.unit ${sql.join(
      [...joined].map((j) => tables[j](q)),
      sql` `,
    )}
    where r.district_id = ${tx.district} and r.fact = ${no} and ${known('r', q)} and ${inTime}${sql.join(
      filters.map((f) => matching(f, asked)),
      sql``,
    )}`
}

const monthsOf = (fact: Fact) => (fact.kind === 'event' ? 1 : 0)

/** SELECTs of the cells and bits of some days in one view, in the order of the tables' columns. */
function makings(tx: Conn, plan: Plan, days: readonly string[], view: Plan['views'][number]) {
  const rows = sources(tx, plan, days, view.filters)
  const by = sql.join([sql`('', '')`, ...plan.dimensions.map((d, i) => sql`(${sql.lit(d)}, ${sql.ref(`s.d${i}`)})`)])
  const head = sql`${tx.district}::int, ${plan.no}::smallint, s.node, s.day, ${monthsOf(plan.fact)}::smallint, ${view.view}::text, b.dimension, b.value`
  const from = sql`from (${rows}) s cross join lateral (values ${by}) b (dimension, value) where (s.big or b.dimension = '')`
  return {
    fact_cell: sql`select ${head}, count(*)::int, sum(s.quantity) ${from} group by s.node, s.day, b.dimension, b.value`,
    fact_bits: sql`select ${head}, s.person >> ${sql.lit(BLOCK_BITS)}, bit_or(set_bit(0::bit(16384), s.person & 16383, 1)) ${from} and s.person is not null
      group by s.node, s.day, b.dimension, b.value, s.person >> ${sql.lit(BLOCK_BITS)}`,
  }
}

/** Makes the sums of days that follow each other: what was kept of them is replaced. Of a stock one day at a time. */
export async function rollDays(tx: Conn, plan: Plan, days: readonly string[]): Promise<void> {
  for (const table of kept)
    await sql`delete from ${sql.table(table)} where district_id = ${tx.district} and fact = ${plan.no} and day = any(${days}::date[]) and months < 12`.execute(
      tx.db,
    )
  for (const view of plan.views) {
    const made = makings(tx, plan, days, view)
    await sql`insert into fact_cell ${made.fact_cell}`.execute(tx.db)
    if (plan.fact.persons) await sql`insert into fact_bits ${made.fact_bits}`.execute(tx.db)
  }
  await sql`insert into fact_bucket (district_id, fact, day, roll) select ${tx.district}, ${plan.no}, d, ${plan.roll} from unnest(${days}::date[]) d
    on conflict (district_id, fact, day) do update set roll = excluded.roll`.execute(tx.db)
  if (plan.fact.kind === 'event') await rollYears(tx, plan.no, [...new Set(days.map((d) => d.slice(0, 4)))])
}

/** Years are the sums of their months. */
async function rollYears(tx: Conn, fact: number, years: readonly string[]): Promise<void> {
  const firsts = years.map((y) => `${y}-01-01`).toSorted()
  if (firsts.length === 0) return
  for (const table of kept)
    await sql`delete from ${sql.table(table)} where district_id = ${tx.district} and fact = ${fact} and day = any(${firsts}::date[]) and months = 12`.execute(
      tx.db,
    )
  const year = sql`date_trunc('year', day)::date`
  const inYears = sql`district_id = ${tx.district} and fact = ${fact} and months = 1 and day >= ${firsts[0]}::date and ${year} = any(${firsts}::date[])`
  await sql`insert into fact_cell select district_id, fact, node, ${year}, 12, view, dimension, value, sum(n), sum(sum) from fact_cell where ${inYears}
    group by district_id, fact, node, ${year}, view, dimension, value`.execute(tx.db)
  await sql`insert into fact_bits select district_id, fact, node, ${year}, 12, view, dimension, value, block, bit_or(bits) from fact_bits where ${inYears}
    group by district_id, fact, node, ${year}, view, dimension, value, block`.execute(tx.db)
}

/** How many sums of days are other than what the ledger knew when they were made. */
export async function countWrong(tx: Conn, plan: Plan, days: readonly string[]): Promise<number> {
  let wrong = 0
  for (const view of plan.views) {
    const made = makings(tx, plan, days, view)
    for (const table of kept) {
      if (table === 'fact_bits' && !plan.fact.persons) continue
      const stored = sql`select * from ${sql.table(table)} where district_id = ${tx.district} and fact = ${plan.no} and view = ${view.view} and day = any(${days}::date[]) and months < 12`
      const { rows } = await sql<{ n: number }>`
        with made as materialized (${made[table]}), stored as materialized (${stored})
        select (select count(*) from (select * from made except all select * from stored) a)::int + (select count(*) from (select * from stored except all select * from made) b)::int as n`.execute(
        tx.db,
      )
      wrong += rows[0]?.n ?? 0
    }
  }
  return wrong
}

/** Rows by month, to make months of about equal work at once. */
export async function countMonths(tx: Conn, fact: number): Promise<Map<string, number>> {
  const { rows } = await sql<{ month: string; n: number }>`
    select date_trunc('month', day)::date::text as month, count(*)::int as n from fact_row where district_id = ${tx.district} and fact = ${fact} and known_to = 'infinity' group by 1`.execute(
    tx.db,
  )
  return new Map(rows.map((r) => [r.month, r.n]))
}
