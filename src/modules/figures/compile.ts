// One definition → value, breakdown, series and evidence. Every question starts from the same `selected` rows.
import { type RawBuilder, sql } from 'kysely'
import { addDays, type Period } from '#core/calendar.ts'
import type { Counted, Filter } from '#core/facts.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import { factOf } from './catalogue.ts'
import { type Asked, columnOf, type Joined, joinsOf, numberOf } from './compile/dimensions.ts'

export interface Question {
  district: number
  /** where: the unit's range (and what it serves), already cut to the asker's scope */
  ranges: readonly Range[]
  period: Pick<Period, 'from' | 'to'>
  tree: 'day' | 'today'
  filters?: readonly Filter[]
}

/** What a breakdown is by; its key becomes a column of the selected rows. */
export interface Key {
  key(asked: Asked): RawBuilder<unknown>
  joins: readonly Joined[]
}

/** The day a stock is read on. */
const stockDay = (m: Counted, q: Question) => (m.moment === 'start' ? addDays(q.period.from, -1) : q.period.to)

const isFlow = (m: Counted) => factOf(m).kind === 'event' || m.moment === 'begun' || m.moment === 'ended'

/** The day on which a record is placed in the tree and a person has an age: its own, or for stock the day it is read on. */
function placingDay(m: Counted, q: Question): RawBuilder<unknown> {
  if (!isFlow(m)) return sql`${stockDay(m, q)}::date`
  return m.moment === 'ended' ? sql`(f.until - 1)` : sql`f.day`
}

function inTime(m: Counted, q: Question): RawBuilder<unknown> {
  if (!isFlow(m)) {
    const day = stockDay(m, q)
    return sql`f.day <= ${day}::date and (f.until is null or f.until > ${day}::date)`
  }
  const day = sql.ref(m.moment === 'ended' ? 'f.until' : 'f.day')
  return sql`${day} >= ${m.since ?? q.period.from}::date and ${day} <= ${q.period.to}::date`
}

function matching(f: Filter, asked: Asked): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = []
  const column = columnOf(f.dimension, asked)
  if (f.in) parts.push(sql`${column} = any(${f.in})`)
  if (f.not) parts.push(sql`not coalesce(${column} = any(${f.not}), false)`)
  if (f.from !== undefined) parts.push(sql`${numberOf(f.dimension, asked)} >= ${f.from}`)
  if (f.to !== undefined) parts.push(sql`${numberOf(f.dimension, asked)} <= ${f.to}`)
  return sql.join([sql``, ...parts], sql` and `)
}

/**
 * The records that make the number, one row each: record, unit_id, at (path in the asked tree), day, person, quantity, label,
 * dimensions, and the key of a breakdown. Persons who were merged count as the one they were merged into.
 */
export function selected(m: Counted, q: Question, key?: Key): RawBuilder<unknown> {
  const fact = factOf(m)
  const filters = [...(m.filters ?? []), ...(q.filters ?? [])]
  const asked: Asked = { fact, tree: q.tree, on: placingDay(m, q) }
  const joined = new Set([...(key?.joins ?? []), ...filters.flatMap((f) => joinsOf(f.dimension))])
  const path = sql.ref(q.tree === 'today' ? 'f.path' : 'v.path')
  const joins = [
    ...(q.tree === 'day'
      ? [
          sql`join unit_version v on v.district_id = ${q.district} and v.unit_id = f.unit_id and v.valid_from <= ${asked.on} and v.valid_to > ${asked.on}`,
        ]
      : []),
    ...(joined.has('unit') ? [sql`join unit u on u.district_id = ${q.district} and u.id = f.unit_id`] : []),
    sql`left join person w on w.district_id = ${q.district} and w.id = f.person and w.merged_into is not null`,
    ...(joined.has('person')
      ? [sql`left join person k on k.district_id = ${q.district} and k.id = coalesce(w.merged_into, f.person)`]
      : []),
  ]
  return sql`
    select f.*, ${path} as at, coalesce(w.merged_into, f.person) as who${key ? sql`, ${key.key(asked)} as key` : sql``}
    from (${fact.rows(q.district)}) f ${sql.join(joins, sql` `)}
    where ${inTime(m, q)}${sql.join(
      filters.map((f) => matching(f, asked)),
      sql``,
    )} and ${inRanges(q.ranges, q.tree === 'today' ? 'f.path' : 'v.path')}`
}

/** Of each unit the first or last record of the period. */
const outermost = (m: Counted, q: Question, key?: Key) => {
  const order = m.aggregate === 'first' ? sql`day, record` : sql`day desc, record desc`
  return sql`select distinct on (unit_id) * from (${selected(m, q, key)}) o order by unit_id, ${order}`
}

const counting = (m: Counted, q: Question, key?: Key) =>
  m.aggregate === 'first' || m.aggregate === 'last' ? outermost(m, q, key) : selected(m, q, key)

const sum = sql`coalesce(sum(quantity), 0)`
const aggregates = {
  count: sql`count(*)`,
  persons: sql`count(distinct who)`,
  units: sql`count(distinct unit_id)`,
  sum,
  average: sql`avg(quantity)`,
  first: sum,
  last: sum,
}

/** SELECT of one row `value`. */
export const valueOf = (m: Counted, q: Question) =>
  sql<{ value: number }>`select ${aggregates[m.aggregate]}::float8 as value from (${counting(m, q)}) s`

/** SELECT of (key, value). */
export const groupsOf = (m: Counted, q: Question, key: Key) =>
  sql<{
    key: string
    value: number
  }>`select coalesce(key::text, '') as key, ${aggregates[m.aggregate]}::float8 as value from (${counting(m, q, key)}) s group by 1 order by 1`

/** By the first `length` characters of the path in the asked tree. */
export const byPrefix = (length: number): Key => ({
  key: ({ tree }) => sql`left(${sql.ref(tree === 'today' ? 'f.path' : 'v.path')}, ${length})`,
  joins: [],
})
export const byMonth: Key = { key: () => sql`to_char(f.day, 'YYYY-MM')`, joins: [] }
export const byDimension = (name: string): Key => ({
  key: (asked) => columnOf(name, asked),
  joins: joinsOf(name),
})

/** The evidence: one row per person or unit (its earliest record) where these are counted once, otherwise one row per record. Its length is the number. */
export function evidenceOf(m: Counted, q: Question): RawBuilder<unknown> {
  const rows = sql`select record, label, day, unit_id, quantity::float8 as quantity, who, at from (${counting(m, q)}) s`
  if (m.aggregate === 'units') return sql`select distinct on (unit_id) * from (${rows}) r order by unit_id, day, record`
  return m.aggregate === 'persons'
    ? sql`select distinct on (who) * from (${rows}) r where who is not null order by who, day, record`
    : rows
}
