// What is counted otherwise at one instant than at another: record by record, so that the changes add up to the difference.
import { type RawBuilder, sql } from 'kysely'
import type { Counted } from '#core/facts.ts'
import { evidenceOf, type Question } from '../compile.ts'

/** What stands for one in a measure: a person, a unit, or a record with all it says. */
const oneOf = (m: Counted) =>
  m.aggregate === 'persons' ? sql`who::text` : m.aggregate === 'units' ? sql`unit::text` : sql`record::text`

/** What one adds to the number. */
const amountOf = (m: Counted) => {
  if (m.aggregate === 'persons' || m.aggregate === 'units') return sql`1::float8`
  return m.aggregate === 'count' ? sql`count(*)::float8` : sql`sum(quantity)::float8`
}

const contributions = (m: Counted, q: Question) => sql`
  select ${oneOf(m)} as one, ${amountOf(m)} as amount, (array_agg(record order by day, record))[1] as record, (array_agg(unit order by day, record))[1] as unit, min(day) as day
  from (${evidenceOf(m, q)}) e group by 1`

/** SELECT of (record, unit, day, before, after): what differs, whatever the measure counts. */
export const differenceOf = (m: Counted, signed: Question, now: Question): RawBuilder<unknown> => sql`
  select coalesce(b.record, a.record) as record, coalesce(b.unit, a.unit) as unit, coalesce(b.day, a.day) as day,
    coalesce(a.amount, 0)::float8 as before, coalesce(b.amount, 0)::float8 as after
  from (${contributions(m, signed)}) a full join (${contributions(m, now)}) b on b.one = a.one
  where a.amount is distinct from b.amount`
