// Keeping sums for units with many rows: which units, which months, and their making from the ledger. [docs/decisions/0010]
import { sql } from 'kysely'
import type { Fact } from '#core/facts.ts'
import { placedOn } from '../compile.ts'
import { BLOCK_BITS, type Roll } from '../compile/rolled.ts'
import type { Conn } from './ledger.ts'
import { kept, makings, type Plan, rollYears } from './rolling.ts'

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

/** Whether a fact has so many rows at all. */
export async function hasRows(tx: Conn, fact: number, many: number): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from fact_row where district_id = ${tx.district} and fact = ${fact} and known_to = 'infinity' limit ${many}) r`.execute(
    tx.db,
  )
  return (rows[0]?.n ?? 0) >= many
}

/** Of a fact of many millions of rows a unit needs such a share of them: about so many units of a level are kept at most. */
const SHARES = 200

/** Units with at least so many rows of a fact at and below them, and the units right below those. */
export async function findBig(
  tx: Conn,
  fact: number,
  at: { placedOn: string; many: number; among?: readonly number[] },
): Promise<Pick<Plan, 'big' | 'units' | 'depth'>> {
  const only = at.among ? sql` and a.unit = any(${at.among}::int[])` : sql``
  const enough = at.among
    ? sql``
    : sql` having sum(s.n) >= greatest(${at.many}, (select sum(n) from size) / ${sql.lit(SHARES)})`
  const { rows } = await sql<{ unit: number; big: boolean; depth: number }>`
    with place as materialized (
      select p.unit, p.path, right(p.path, 6) as label from fact_place p where p.district_id = ${tx.district} and ${placedOn({ known: null }, sql`${at.placedOn}::date`)}),
    size as (select unit, count(*) as n from fact_row where district_id = ${tx.district} and fact = ${fact} and known_to = 'infinity' group by unit),
    big as materialized (
      select a.unit, a.path from size s join place p on p.unit = s.unit cross join lateral generate_series(3, length(p.path) - 5, 6) at
        join place a on a.label = substr(p.path, at, 6)${only} group by 1, 2${enough})
    select unit, true as big, length(path) / 6 as depth from big
    union all select p.unit, false, length(p.path) / 6 from place p join big b on b.path = left(p.path, -6) where p.unit not in (select unit from big)`.execute(
    tx.db,
  )
  return {
    big: rows.filter((r) => r.big).map((r) => r.unit),
    units: rows.map((r) => r.unit),
    depth: Math.max(0, ...rows.map((r) => r.depth)),
  }
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

/** From how many rows on persons are kept as bits: where there are `each` of them in every block of the district's persons. */
export async function findDense(tx: Conn, each: number): Promise<number> {
  const { rows } = await sql<{ blocks: number }>`
    select (coalesce(max(no), 0) >> ${sql.lit(BLOCK_BITS)}) + 1 as blocks from person where district_id = ${tx.district}`.execute(
    tx.db,
  )
  return each * (rows[0]?.blocks ?? 1)
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

/** Everything that was kept of a fact is dropped, or what lies on days that are kept no more; their years are summed anew. */
export async function dropDays(tx: Conn, fact: number, but: readonly string[], dense: number): Promise<void> {
  const years = [...new Set(but.map((d) => `${d.slice(0, 4)}-01-01`))]
  const { rows } = await sql<{ day: string }>`
    delete from fact_bucket where district_id = ${tx.district} and fact = ${fact} and day <> all(${but}::date[]) returning day`.execute(
    tx.db,
  )
  for (const table of kept)
    await sql`delete from ${sql.table(table)} where district_id = ${tx.district} and fact = ${fact}
      and (months < 12 and day <> all(${but}::date[]) or months = 12 and day <> all(${years}::date[]))`.execute(tx.db)
  const fewer = new Set(rows.map((r) => r.day.slice(0, 4)))
  await rollYears(tx, fact, { years: [...fewer], dense })
}

/** How many sums of days are other than what the ledger knew when they were made. */
export async function countWrong(tx: Conn, plan: Plan, days: readonly string[]): Promise<number> {
  const dense = await sql<{ dense: number }>`
    select dense from fact_bucket where district_id = ${tx.district} and fact = ${plan.no} and day = any(${days}::date[]) limit 1`.execute(
    tx.db,
  )
  const { made, ...tables } = makings(tx, plan, days, dense.rows[0]?.dense ?? plan.dense)
  let wrong = 0
  for (const table of kept) {
    const anew = tables[table]
    if (!anew) continue
    const stored = sql`select * from ${sql.table(table)} where district_id = ${tx.district} and fact = ${plan.no} and view = any(${plan.views.map((v) => v.view)}::text[]) and day = any(${days}::date[]) and months < 12`
    const { rows } = await sql<{ n: number }>`
      with ${made}, anew as materialized (${anew}), stored as materialized (${stored})
      select (select count(*) from (select * from anew except all select * from stored) a)::int + (select count(*) from (select * from stored except all select * from anew) b)::int as n`.execute(
      tx.db,
    )
    wrong += rows[0]?.n ?? 0
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
