// The facts behind the three rates: one row per demand that was made somebody's duty. Figures wrap the same query as measures,
// so a rate on a board and a rate in a report cannot disagree. [REQ-R]
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import type { RateCounts } from '../rates.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

/**
 * SQL of the rate facts, one row per demand first dispatched on `day`; merged demands count once, with the one they follow (REQ-07).
 * `respondable`: contacted already, or its response limit has passed. The last call-back that reached somebody speaks for the demand.
 * Excluded demands leave numerator and denominator; suspended ones leave the solved rate only.
 */
export const rateFacts = (district: number, now: string): RawBuilder<unknown> => sql`
  select d.district_id, d.id, d.mechanism_id, d.category, d.place_path, d.owner_path, d.dispatched_on as day,
    d.excluded_at is not null as excluded, d.suspended_until is not null as suspended,
    d.excluded_at is null and (d.responded_at is not null or d.respond_due_at <= ${now}::timestamptz) as respondable,
    d.excluded_at is null and d.responded_at <= d.respond_due_at as responded,
    d.excluded_at is null and d.suspended_until is null and c.outcome is not null as solvable,
    d.excluded_at is null and d.suspended_until is null and c.outcome = 'solved' as solved,
    d.excluded_at is null and c.satisfaction is not null as ratable,
    d.excluded_at is null and c.satisfaction = 'satisfied' as satisfied,
    d.excluded_at is null and c.satisfaction = 'basically' as basically
  from demand d left join lateral (
    select k.outcome, k.satisfaction from callback k
    where k.district_id = d.district_id and k.demand_id = d.id and k.reached order by k.at desc limit 1) c on true
  where d.district_id = ${district} and d.dispatched_on is not null and d.state <> 'merged'`

export interface RateQuestion {
  /** path of the unit asked about */
  path: string
  ranges: readonly Range[]
  from: string
  to: string
  mechanism: string | undefined
  by: 'unit' | 'category' | undefined
  lens: 'place' | 'owner'
}

const keyOf = (q: RateQuestion, column: RawBuilder<unknown>) => {
  if (q.by === 'category') return sql<string>`f.category`
  // a label is five digits and a dot: the path of the child unit, or of the unit itself for what lies at it
  if (q.by === 'unit') return sql<string>`substr(${column}, 1, ${q.path.length + 6}::int)`
  return sql<string>`''`
}

/** Counts by key and mechanism: settings differ by mechanism, so what counts as satisfied is decided per mechanism. */
export async function countRates(
  tx: Tx,
  q: RateQuestion,
): Promise<(RateCounts & { key: string; mechanismId: string })[]> {
  const column = q.lens === 'owner' ? 'f.owner_path' : 'f.place_path'
  const { rows } = await sql<RateCounts & { key: string; mechanismId: string }>`
    select ${keyOf(q, sql.ref(column))} as key, f.mechanism_id as "mechanismId", count(*) as dispatched,
      count(*) filter (where excluded) as excluded, count(*) filter (where suspended and not excluded) as suspended,
      count(*) filter (where respondable) as respondable, count(*) filter (where responded) as responded,
      count(*) filter (where solvable) as solvable, count(*) filter (where solved) as solved,
      count(*) filter (where ratable) as ratable, count(*) filter (where satisfied) as satisfied, count(*) filter (where basically) as basically
    from (${rateFacts(tx.district, tx.now)}) f
    where f.day between ${q.from}::date and ${q.to}::date and ${inRanges(q.ranges, column)}
      and (${q.mechanism ?? null}::text is null or f.mechanism_id = ${q.mechanism ?? null})
    group by 1, 2`.execute(tx.db)
  return rows
}

/** Mechanisms in force into which residents raise, in the order of the phone. */
export const findSpokenTo = (tx: Tx) =>
  tx.db
    .selectFrom('mechanism')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('engine', '=', 'demands')
    .where('valid_from', '<=', tx.today)
    .where('valid_to', '>', tx.today)
    .where(sql<boolean>`settings -> 'residents' is not null`)
    .orderBy(sql`(settings #>> '{residents,rank}')::int`)
    .orderBy('id')
    .execute()

export const findMechanismNames = (tx: Conn) =>
  tx.db
    .selectFrom('mechanism')
    .select(['id', 'name', 'valid_from', 'valid_to', 'version'])
    .where('district_id', '=', tx.district)
    .where('engine', '=', 'demands')
    .orderBy('id')
    .execute()
