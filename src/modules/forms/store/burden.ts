// What units were asked to type in a month: sums of asks, never a table of its own. [JF-09]
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type { ListBurdenQuery } from '../contract.ts'

export interface Scope {
  /** first day of the month */
  month: string
  ranges: readonly Range[]
}

/** What was asked in a month of the units in sight; what was taken back counts no more. */
const asked = (tx: Tx, { month, ranges }: Scope): RawBuilder<unknown> => sql`
  select k.*, f.owner_id, f.title, f.no, u.path, u.name as unit_name, u.kind
  from form_ask k join form f on f.district_id = k.district_id and f.id = k.form_id join unit u on u.district_id = k.district_id and u.id = k.unit_id
  where k.district_id = ${tx.district} and k.month = ${month}::date and k.state <> 'void' and ${inRanges(ranges, 'u.path')}`

const sums = sql`count(*)::int as asks, coalesce(sum(minutes), 0)::int as minutes, coalesce(sum(typed), 0)::int as typed, coalesce(sum(confirmed), 0)::int as confirmed`
const states = (today: string) =>
  sql`count(*) filter (where state <> 'filled')::int as open, count(*) filter (where state <> 'filled' and due_on < ${today}::date)::int as late`

export interface Sums {
  asks: number
  minutes: number
  typed: number
  confirmed: number
}

export async function sumBurden(tx: Tx, scope: Scope) {
  const { rows } = await sql<Sums & { units: number; open: number; late: number }>`
    select count(distinct unit_id)::int as units, ${sums}, ${states(tx.today)} from (${asked(tx, scope)}) k`.execute(
    tx.db,
  )
  return rows[0] as Sums & { units: number; open: number; late: number }
}

/** The same thing asked of one unit by two forms of the month, counted from what was asked: the proof, not the promise. */
export async function countRepeats(tx: Tx, scope: Scope): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(n - 1), 0)::int as n from (
      select count(distinct d.form_id) as n from (${asked(tx, scope)}) k
        join form_field d on d.district_id = k.district_id and d.form_id = k.form_id and d.type <> 'held'
      group by k.unit_id, d.term having count(distinct d.form_id) > 1) r`.execute(tx.db)
  return rows[0]?.n ?? 0
}

export const sumByOwner = async (tx: Tx, scope: Scope) =>
  (
    await sql<Sums & { ownerId: string; ownerName: string; forms: number; units: number }>`
    select k.owner_id as "ownerId", o.name as "ownerName", count(distinct k.form_id)::int as forms, count(distinct k.unit_id)::int as units, ${sums}
    from (${asked(tx, scope)}) k join unit o on o.district_id = ${tx.district} and o.id = k.owner_id
    group by 1, 2 order by minutes desc, 2`.execute(tx.db)
  ).rows

export interface UnitSums extends Sums {
  unitId: string
  unitName: string
  kind: string
  open: number
  late: number
  dueOn: string | null
  forms: { title: string; ownerName: string; minutes: number }[]
}

const orders = { '-minutes': sql`minutes desc, path`, minutes: sql`minutes, path`, unit: sql`path` }

export async function sumByUnit(tx: Tx, scope: Scope, query: ListBurdenQuery) {
  const groups = sql`select unit_id, unit_name, kind, path, ${sums}, ${states(tx.today)}, min(due_on) as due_on from (${asked(tx, scope)}) k group by unit_id, unit_name, kind, path`
  const total = await sql<{ n: number }>`select count(*)::int as n from (${groups}) g`.execute(tx.db)
  const { rows } = await sql<UnitSums>`
    select g.unit_id as "unitId", g.unit_name as "unitName", g.kind, g.asks, g.minutes, g.typed, g.confirmed, g.open, g.late, g.due_on as "dueOn",
      (select json_agg(json_build_object('title', k.title, 'ownerName', o.name, 'minutes', k.minutes) order by k.no)
        from (${asked(tx, scope)}) k join unit o on o.district_id = k.district_id and o.id = k.owner_id where k.unit_id = g.unit_id) as forms
    from (select * from (${groups}) all_groups order by ${orders[query.sort ?? '-minutes']} limit ${query.limit ?? 50} offset ${query.offset ?? 0}) g
    order by ${orders[query.sort ?? '-minutes']}`.execute(tx.db)
  return { rows, total: total.rows[0]?.n ?? 0 }
}
