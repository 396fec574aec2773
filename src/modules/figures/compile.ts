// One definition → value, breakdown, series and evidence. Every question starts from the same `selected` rows.
import { type RawBuilder, sql } from 'kysely'
import type { Period } from '#core/calendar.ts'
import type { Counted, Filter } from '#core/facts.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import { factOf } from './catalogue.ts'

export interface Question {
  district: number
  /** where: the unit's range (and what it serves), already cut to the asker's scope */
  ranges: readonly Range[]
  period: Pick<Period, 'from' | 'to'>
  tree: 'day' | 'today'
  filters?: readonly Filter[]
}

/** The day on which a record is placed in the tree: its own, or for stock the last day of the period. */
const placingDay = (m: Counted, q: Question) => (factOf(m).kind === 'stock' ? sql`${q.period.to}::date` : sql`f.day`)

/**
 * The records that make the number, one row each: record, unit_id, at (path in the asked tree), day, person, quantity, label, dimensions.
 * Persons who were merged count as the one they were merged into.
 */
export function selected(m: Counted, q: Question): RawBuilder<unknown> {
  const fact = factOf(m)
  const inTime =
    fact.kind === 'stock'
      ? sql`f.day <= ${q.period.to}::date and (f.until is null or f.until > ${q.period.to}::date)`
      : sql`f.day >= ${q.period.from}::date and f.day <= ${q.period.to}::date`
  const filters = [...(m.filters ?? []), ...(q.filters ?? [])].map(
    (f) => sql` and ${sql.ref(`f.${f.dimension}`)} = any(${f.in})`,
  )
  const placed =
    q.tree === 'today'
      ? { at: sql.ref('f.path'), join: sql`` }
      : {
          at: sql.ref('v.path'),
          join: sql` join unit_version v on v.district_id = ${q.district} and v.unit_id = f.unit_id and v.valid_from <= ${placingDay(m, q)} and v.valid_to > ${placingDay(m, q)}`,
        }
  return sql`
    select f.*, ${placed.at} as at, coalesce(w.merged_into, f.person) as who
    from (${fact.rows(q.district)}) f${placed.join}
      left join person w on w.district_id = ${q.district} and w.id = f.person and w.merged_into is not null
    where ${inTime}${sql.join(filters, sql``)} and ${inRanges(q.ranges, q.tree === 'today' ? 'f.path' : 'v.path')}`
}

const aggregates = {
  count: sql`count(*)`,
  persons: sql`count(distinct who)`,
  units: sql`count(distinct unit_id)`,
  sum: sql`coalesce(sum(quantity), 0)`,
}

/** SELECT of one row `value`. */
export const valueOf = (m: Counted, q: Question) =>
  sql<{ value: number }>`select ${aggregates[m.aggregate]}::float8 as value from (${selected(m, q)}) s`

/** SELECT of (key, value): by the first `length` characters of the path, by a part of the day, or by a dimension. */
export const groupsOf = (m: Counted, q: Question, key: RawBuilder<unknown>) =>
  sql<{
    key: string
    value: number
  }>`select ${key}::text as key, ${aggregates[m.aggregate]}::float8 as value from (${selected(m, q)}) s group by 1 order by 1`

export const byPrefix = (length: number) => sql`left(at, ${length})`
export const byMonth = sql`to_char(day, 'YYYY-MM')`
export const byDimension = (name: string) => sql.ref(name)

/** The evidence: one row per person or unit (its earliest record) where these are counted once, otherwise one row per record. Its length is the number. */
export function evidenceOf(m: Counted, q: Question): RawBuilder<unknown> {
  const rows = sql`select record, label, day, unit_id, quantity::float8 as quantity, who, at from (${selected(m, q)}) s`
  if (m.aggregate === 'units') return sql`select distinct on (unit_id) * from (${rows}) r order by unit_id, day, record`
  return m.aggregate === 'persons'
    ? sql`select distinct on (who) * from (${rows}) r where who is not null order by who, day, record`
    : rows
}
