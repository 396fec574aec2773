// Making sums of days from the ledger, each row counted once: what its words make it count as is worked out once per combination of
// words, and a row finds the units above it in a list. [docs/decisions/0010]
import { type RawBuilder, sql } from 'kysely'
import { addMonths } from '#core/calendar.ts'
import type { Fact, Filter } from '#core/facts.ts'
import { known, matching, placedOn, type Question, tables } from '../compile.ts'
import { type Asked, columnOf, joinsOf } from '../compile/dimensions.ts'
import { BLOCK_BITS, inBlock, NAMED } from '../compile/rolled.ts'
import type { Conn } from './ledger.ts'

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
  /** Levels of the tree they reach down to. */
  depth: number
  views: readonly { view: string; filters: readonly Filter[] }[]
  dimensions: readonly string[]
  /** Where so many rows are counted and more, their persons are kept as bits; where fewer are, one by one. */
  dense: number
}

export const kept = ['fact_cell', 'fact_bits'] as const

/** What stands at a unit itself has a node of its own: what a row counts at first. The units above it are one list for all rows. */
const tree = (tx: Conn, { units, big, depth, knownAt, placedOn: on }: Plan) => {
  const labels = sql`cross join generate_series(3, ${6 * depth}::int, 6) at join label l on l.label = substr(p.path, at, 6)`
  return sql`
  place as materialized (
    select p.unit, p.path, p.kind from fact_place p where p.district_id = ${tx.district} and ${placedOn({ known: knownAt }, sql`${on}::date`)}),
  label as materialized (select unit, right(path, 6) as label, unit = any(${big}::int[]) as big from place where unit = any(${units}::int[])),
  deepest as materialized (select p.unit, max(at) as at from place p ${labels} group by 1),
  walk as materialized (
    select p.unit, p.kind, p.path, case when l.big and l.unit = p.unit then -p.unit else l.unit end as leaf
      from place p join deepest d on d.unit = p.unit join label l on l.label = substr(p.path, d.at, 6)),
  up as materialized (
    select p.leaf, l.unit as node, l.big from (select leaf, min(path) as path from walk group by 1) p ${labels} where l.big or l.unit = p.leaf
    union all select -unit, -unit, true from label where big)`
}

/** The rows that are counted, each with its words: in which views it is seen, and the value of each dimension. */
function rowsOf(tx: Conn, plan: Plan, days: readonly string[]): RawBuilder<unknown> {
  const { fact, no, knownAt, views, dimensions } = plan
  const isEvent = fact.kind === 'event'
  const asked: Asked = { fact, on: isEvent ? sql`r.day` : sql`s.day` }
  const q = { district: tx.district, fact: no, known: knownAt } as Question
  const filters = views.flatMap((v) => v.filters)
  const joined = new Set([...dimensions, ...filters.map((f) => f.dimension)].flatMap(joinsOf))
  const inTime = isEvent
    ? sql`r.day >= ${days[0]}::date and r.day < ${addMonths(days.at(-1) as string, 1)}::date`
    : sql`r.day <= s.day and (r.until is null or r.until > s.day)`
  const [day, from] = isEvent
    ? [sql`date_trunc('month', r.day)::date`, sql``]
    : [sql`s.day`, sql` cross join unnest(${days}::date[]) s (day)`]
  const hits = views.map(
    (v) =>
      sql`case when true${sql.join(
        v.filters.map((f) => matching(f, asked)),
        sql``,
      )} then '1' else '0' end`,
  )
  const values = dimensions.map((d) => sql`coalesce(${columnOf(d, asked)}, '')`)
  return sql`
    select p.leaf, ${day} as day, r.person, r.quantity, array[${sql.join([sql`concat(${sql.join(hits)})`, ...values])}]::text[] as words
    from fact_row r join walk p on p.unit = r.unit${from} ${sql.join(
      [...joined].map((j) => tables[j](q)),
      sql` `,
    )}
    where r.district_id = ${tx.district} and r.fact = ${no} and ${known('r', q)} and ${inTime}`
}

/**
 * What days are made of, as a list of CTEs: `data` the rows; `said` what their words count as, worked out once for all rows of the
 * same; `cell` the numbers. What is counted of units that are not big is counted as a whole only.
 */
function counting(tx: Conn, plan: Plan, days: readonly string[]): RawBuilder<unknown> {
  const by = plan.dimensions.map((d, i) => sql`, (${sql.lit(d)}, c.words[${sql.lit(i + 2)}])`)
  return sql`${tree(tx, plan)},
  data as materialized (${rowsOf(tx, plan, days)}),
  meant as materialized (
    select c.words, v.view, b.dimension, b.value from (select words from data group by 1) c
      join unnest(${plan.views.map((v) => v.view)}::text[]) with ordinality v (view, no) on substr(c.words[1], v.no::int, 1) = '1'
      cross join lateral (values ('', '')${sql.join(by, sql``)}) b (dimension, value)),
  what as materialized (select row_number() over () as what, view, dimension, value from meant group by view, dimension, value),
  said as materialized (
    select m.words, array_agg(w.what) as whats, array_agg(w.what) filter (where w.dimension = '') as wholes
      from meant m join what w using (view, dimension, value) group by 1),
  first as materialized (
    select leaf, day, what, sum(n) as n, sum(sum) as sum from (
      select d.leaf, d.day, unnest(s.whats) as what, d.n, d.sum from (
        select leaf, day, words, count(*) as n, sum(quantity) as sum from data group by 1, 2, 3) d join said s using (words)) f group by 1, 2, 3),
  cell as materialized (
    select u.node, f.day, f.what, sum(f.n)::int as n, sum(f.sum) as sum
      from first f join what w using (what) join up u on u.leaf = f.leaf and (u.big or w.dimension = '') group by 1, 2, 3)`
}

const head = (tx: Conn, { no, fact }: Plan) =>
  sql`${tx.district}::int, ${no}::smallint, m.node, m.day, ${fact.kind === 'event' ? 1 : 0}::smallint, w.view, w.dimension, w.value`

const cells = (tx: Conn, plan: Plan) => sql`select ${head(tx, plan)}, m.n, m.sum from cell m join what w using (what)`

/**
 * Where enough rows are counted their persons are bits, elsewhere they are named one by one. Gathered first and set cell by cell: the
 * bits of all cells at once would be hundreds of megabytes, touched at random.
 */
const persons = (tx: Conn, plan: Plan, dense: number) => sql`
  select ${head(tx, plan)}, b.block, b.bits, b.people from (
    select p.node, p.day, p.what, array_agg(p.person) as people from (
      select u.node, d.day, d.person, unnest(case when u.big then s.whats else s.wholes end) as what
      from data d join said s using (words) join up u on u.leaf = d.leaf where d.person is not null) p group by 1, 2, 3) m
  join what w using (what)
  cross join lateral (
    select who >> ${sql.lit(BLOCK_BITS)} as block, bits_of(who & ${sql.lit(inBlock)}, 1)::bit(16384) as bits, null::int[] as people
      from unnest(m.people) who where cardinality(m.people) >= ${dense}::int group by 1
    union all select ${NAMED}::int, null, array(select distinct unnest(m.people) order by 1) where cardinality(m.people) < ${dense}::int) b`

/** SELECTs that make the sums of some days, of what happened months that follow each other, in the order of the tables' columns. */
export function makings(tx: Conn, plan: Plan, days: readonly string[], dense: number) {
  const made = counting(tx, plan, days)
  return { made, fact_cell: cells(tx, plan), fact_bits: plan.fact.persons ? persons(tx, plan, dense) : null }
}

/** Nothing is known of the lists a rolling makes while it runs: guessed to be short they would be sorted and walked again and again. */
const HASHED = sql`select set_config(name, 'off', true) from unnest(array['enable_sort', 'enable_mergejoin', 'enable_nestloop']) name`

/** Makes the sums of such days: what was kept of them is replaced. */
export async function rollDays(tx: Conn, plan: Plan, days: readonly string[]): Promise<void> {
  const { no, dense } = plan
  await HASHED.execute(tx.db)
  for (const table of kept)
    await sql`delete from ${sql.table(table)} where district_id = ${tx.district} and fact = ${no} and day = any(${days}::date[]) and months < 12`.execute(
      tx.db,
    )
  const { made, fact_cell, fact_bits } = makings(tx, plan, days, dense)
  const bits = fact_bits && sql`, bits as (insert into fact_bits ${fact_bits})`
  await sql`with ${made}, cells as (insert into fact_cell ${fact_cell})${bits ?? sql``} select`.execute(tx.db)
  await sql`insert into fact_bucket (district_id, fact, day, roll, dense) select ${tx.district}, ${no}, d, ${plan.roll}, ${dense} from unnest(${days}::date[]) d
    on conflict (district_id, fact, day) do update set roll = excluded.roll, dense = excluded.dense`.execute(tx.db)
  if (plan.fact.kind === 'event')
    await rollYears(tx, no, { years: [...new Set(days.map((d) => d.slice(0, 4)))], dense })
}

/** Years are the sums of their months. */
export async function rollYears(
  tx: Conn,
  fact: number,
  { years, dense }: { years: readonly string[]; dense: number },
): Promise<void> {
  const firsts = years.map((y) => `${y}-01-01`).toSorted()
  if (firsts.length === 0) return
  for (const table of kept)
    await sql`delete from ${sql.table(table)} where district_id = ${tx.district} and fact = ${fact} and day = any(${firsts}::date[]) and months = 12`.execute(
      tx.db,
    )
  const year = sql`date_trunc('year', day)::date`
  const inYears = sql`district_id = ${tx.district} and fact = ${fact} and months = 1 and day >= ${firsts[0]}::date and ${year} = any(${firsts}::date[])`
  const cell = sql`node, view, dimension, value`
  await sql`insert into fact_cell select district_id, fact, node, ${year}, 12, view, dimension, value, sum(n), sum(sum) from fact_cell where ${inYears}
    group by district_id, fact, node, ${year}, view, dimension, value`.execute(tx.db)
  await sql`
    with month as materialized (select node, ${year} as year, view, dimension, value, block, bits, people from fact_bits where ${inYears}),
    named as materialized (select distinct ${cell}, year from month where people is not null),
    crowd as materialized (
      select ${cell}, day as year from fact_cell where district_id = ${tx.district} and fact = ${fact} and months = 12 and day = any(${firsts}::date[]) and n >= ${dense}::int
      union select ${cell}, year from month where bits is not null)
    insert into fact_bits
    select ${tx.district}::int, ${fact}::smallint, node, year, 12::smallint, view, dimension, value, block, bit_or(bits), null from (
      select ${cell}, year, block, bits from month where bits is not null
      union all select ${cell}, year, who >> ${sql.lit(BLOCK_BITS)}, bits_of(who & ${sql.lit(inBlock)}, 1)::bit(16384)
        from month join crowd using (${cell}, year) cross join unnest(people) who group by ${cell}, year, who >> ${sql.lit(BLOCK_BITS)}) b
      group by ${cell}, year, block
    union all select ${tx.district}::int, ${fact}::smallint, node, year, 12::smallint, view, dimension, value, ${NAMED}::int, null, array(
        select distinct who from fact_bits c cross join unnest(c.people) who where c.district_id = ${tx.district} and c.fact = ${fact} and c.months = 1
          and c.node = n.node and c.view = n.view and c.dimension = n.dimension and c.value = n.value and c.day >= n.year and c.day < n.year + interval '1 year' order by who)
      from named n where not exists (select from crowd f where (f.node, f.view, f.dimension, f.value, f.year) = (n.node, n.view, n.dimension, n.value, n.year))`.execute(
    tx.db,
  )
}
