// One definition → value, breakdown, series and evidence, all counted from the ledger. Every question starts from the same `selected` rows.
import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { addDays, type Period } from '#core/calendar.ts'
import type { Counted, Filter } from '#core/facts.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import { factOf } from './catalogue.ts'
import { type Asked, columnOf, type Joined, joinsOf, numberOf } from './compile/dimensions.ts'

/** Where records are placed: in the tree of one day, or in the tree of each record's own day. */
export type Placing = { on: string } | 'own-day'

export interface Question {
  district: number
  /** The ledger's number of the measure's fact. */
  fact: number
  /** The paths that count, in the asked tree: those of the units asked about, already cut to what the asker may see. */
  ranges: readonly Range[]
  /** Those units themselves, where they stand in the tree that is shown. */
  nodes: readonly { no: number; path: string }[]
  period: Pick<Period, 'from' | 'to'>
  placing: Placing
  /** As it was known at an instant; null: as it is known now. */
  known: string | null
  filters?: readonly Filter[]
  /** The nodes are named as they stand in another tree than the one that is read. */
  elsewhere?: true
  /** Units that stand elsewhere in a tree that is only planned. */
  planned?: readonly { no: number; path: string; kind: string }[] | undefined
}

/** What a breakdown is by; its key becomes a column of the selected rows. */
export interface Key {
  key(asked: Asked, q: Question): RawBuilder<unknown>
  joins: readonly Joined[]
  /** What it is by, for sums that are kept: units so deep, values of a dimension, or both. */
  by?: { length?: number; dimension?: string }
}

/** SQL: versions of a ledger table that were known at the asked instant. Most of them still are: each part has an index of its own. */
export function known(alias: string, q: Pick<Question, 'known'>): RawBuilder<unknown> {
  const to = sql.ref(`${alias}.known_to`)
  if (q.known === null) return sql`${to} = 'infinity'`
  const from = sql`${sql.ref(`${alias}.known_from`)} <= ${q.known}::timestamptz`
  return sql`(${to} = 'infinity' and ${from} or ${to} > ${q.known}::timestamptz and ${to} < 'infinity' and ${from})`
}

/** SQL: where units (alias p) stand on a day. */
export const placedOn = (q: Pick<Question, 'known'>, day: RawBuilder<unknown>) =>
  sql`${known('p', q)} and p.valid_from <= ${day} and p.valid_to > ${day}`

/** SQL: the places (alias p), those of a tree that is only planned in front. */
export function places({ district, planned }: Pick<Question, 'district' | 'planned'>): RawBuilder<unknown> {
  if (!planned?.length) return sql`fact_place p`
  const [nos, paths, kinds] = [planned.map((u) => u.no), planned.map((u) => u.path), planned.map((u) => u.kind)]
  return sql`(
    select district_id, unit, path, depth, kind, known_from, known_to, valid_from, valid_to from fact_place where district_id = ${district} and unit <> all(${nos}::int[])
    union all select ${district}, n.unit, n.path collate "C", ((length(n.path) - 2) / 6)::smallint, n.kind, '-infinity'::timestamptz, 'infinity'::timestamptz, '-infinity'::date, 'infinity'::date
      from unnest(${nos}::int[], ${paths}::text[], ${kinds}::text[]) n (unit, path, kind)) p`
}

/** The day a stock is read on. */
export const stockDay = (m: Counted, q: Question) => (m.moment === 'start' ? addDays(q.period.from, -1) : q.period.to)

export const isFlow = (m: Counted) => factOf(m).kind === 'event' || m.moment === 'begun' || m.moment === 'ended'

/** The day on which a person has an age, and a record its place in the tree of its day: its own, or for stock the day it is read on. */
function ownDay(m: Counted, q: Question): RawBuilder<unknown> {
  if (!isFlow(m)) return sql`${stockDay(m, q)}::date`
  return m.moment === 'ended' ? sql`(r.until - 1)` : sql`r.day`
}

function inTime(m: Counted, q: Question): RawBuilder<unknown> {
  if (!isFlow(m)) {
    const day = stockDay(m, q)
    return sql`r.day <= ${day}::date and (r.until is null or r.until > ${day}::date)`
  }
  const day = sql.ref(m.moment === 'ended' ? 'r.until' : 'r.day')
  return sql`${day} >= ${m.since ?? q.period.from}::date and ${day} <= ${q.period.to}::date`
}

export function matching(f: Filter, asked: Asked): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = []
  const column = columnOf(f.dimension, asked)
  if (f.in) parts.push(sql`coalesce(${column}, '') = any(${f.in})`)
  if (f.not) parts.push(sql`not coalesce(${column} = any(${f.not}), false)`)
  if (f.from !== undefined) parts.push(sql`${numberOf(f.dimension, asked)} >= ${f.from}`)
  if (f.to !== undefined) parts.push(sql`${numberOf(f.dimension, asked)} <= ${f.to}`)
  return sql.join([sql``, ...parts], sql` and `)
}

/**
 * The words of a record's dimensions and of its person are kept once each (fact_shape). Every record has them: joined from the left,
 * the records are looked for first, whatever the planner thinks of conditions on words.
 */
export const tables: Record<Joined, (q: Question) => RawBuilder<unknown>> = {
  shape: (q) =>
    sql`left join fact_shape h on h.district_id = ${q.district} and h.fact = ${q.fact} and h.shape = r.shape`,
  traits: (q) => sql`left join fact_shape k on k.district_id = ${q.district} and k.fact = 0 and k.shape = r.traits`,
}

/** Name of the filters a measure is counted with: sums are kept for each. */
export function viewOf(filters: readonly Filter[] | undefined): string {
  if (!filters || filters.length === 0) return ''
  const plain = filters.map((f) => [f.dimension, f.in?.toSorted(), f.not?.toSorted(), f.from, f.to])
  return createHash('sha256').update(JSON.stringify(plain)).digest('base64url').slice(0, 12)
}

/** Measures that differ by their filters only: they are counted at once. */
export type Parts = readonly [Counted, ...Counted[]]

interface More {
  /** A further condition on the version r, led by `and`. */
  also?: RawBuilder<unknown>
  /** Measures counted at once: in place of the filters `hits` says of which of them a row is. */
  parts?: Parts | undefined
}

/**
 * The versions that make the number, one row each: record, unit, at (path in the asked tree), day, who, quantity, and the key of a
 * breakdown. Persons who were merged are one in the ledger.
 */
export function selected(m: Counted, q: Question, key?: Key, { also = sql``, parts }: More = {}): RawBuilder<unknown> {
  const fact = factOf(m)
  const filters = [...(parts ? [] : (m.filters ?? [])), ...(q.filters ?? [])]
  const asked: Asked = { fact, on: ownDay(m, q) }
  const holds = (some: readonly Filter[]) =>
    sql.join(
      some.map((f) => matching(f, asked)),
      sql``,
    )
  const read = [...filters, ...(parts ?? []).flatMap((p) => p.filters ?? [])]
  const joined = new Set([...(key?.joins ?? []), ...read.flatMap((f) => joinsOf(f.dimension))])
  const placing = q.placing === 'own-day' ? asked.on : sql`${q.placing.on}::date`
  const hits = parts?.map((p) => sql`case when true${holds(p.filters ?? [])} then ${viewOf(p.filters)}::text end`)
  return sql`
    select r.record, r.unit, p.path as at, r.day, r.person as who, r.quantity${key ? sql`, ${key.key(asked, q)} as key` : sql``}${
      hits ? sql`, array_remove(array[${sql.join(hits)}], null) as hits` : sql``
    }
    from fact_row r join ${places(q)} on p.district_id = ${q.district} and p.unit = r.unit and ${placedOn(q, placing)} ${sql.join(
      [...joined].map((j) => tables[j](q)),
      sql` `,
    )}
    where r.district_id = ${q.district} and r.fact = ${q.fact} and ${known('r', q)} and ${inTime(m, q)}${holds(filters)} and ${inRanges(q.ranges, 'p.path')}${also}`
}

/** Of each unit the first or last record of the period. */
const outermost = (m: Counted, q: Question, key?: Key) => {
  const order = m.aggregate === 'first' ? sql`day, record` : sql`day desc, record desc`
  return sql`select distinct on (unit) * from (${selected(m, q, key)}) o order by unit, ${order}`
}

const counting = (m: Counted, q: Question, key?: Key) =>
  m.aggregate === 'first' || m.aggregate === 'last' ? outermost(m, q, key) : selected(m, q, key)

const sum = sql`coalesce(sum(quantity), 0)`
const aggregates = {
  count: sql`count(*)`,
  persons: sql`count(distinct who)`,
  units: sql`count(distinct unit)`,
  sum,
  average: sql`avg(quantity)`,
  first: sum,
  last: sum,
}

/** SELECT of (view, key, value) of each part; without a key one row, of one part also where nothing was counted. */
export function countsOf(parts: Parts, q: Question, key?: Key) {
  const [m, more] = parts
  const own = key ? sql`coalesce(key::text, '')` : sql`''::text`
  const value = sql`${aggregates[m.aggregate]}::float8 as value`
  return more
    ? sql<Count>`select v.view, ${own} as key, ${value} from (${selected(m, q, key, { parts })}) s cross join unnest(s.hits) v (view) group by 1, 2 order by 1, 2`
    : sql<Count>`select ${viewOf(m.filters)}::text as view, ${own} as key, ${value} from (${counting(m, q, key)}) s ${key ? sql`group by 2 order by 2` : sql``}`
}

export interface Count {
  view: string
  key: string
  value: number | null
}

/**
 * By the first `length` characters of the path in the tree that is shown. In the tree of each record's day a unit asked about may have
 * stood elsewhere: what lies below it is shown below where it stands.
 */
export const byPrefix = (length: number): Key => ({
  key: (_, { placing, nodes, elsewhere }) => {
    if (placing !== 'own-day' && !elsewhere) return sql`left(p.path, ${length}::int)`
    const below = nodes.map(({ path }) => {
      const own = sql`position(${path.slice(-6)}::text in p.path)`
      return sql`when ${own} > 0 then ${path}::text || substr(p.path, ${own} + 6)`
    })
    return below.length > 0 ? sql`left(case ${sql.join(below, sql` `)} end, ${length}::int)` : sql`''`
  },
  joins: [],
  by: { length },
})
export const byMonth: Key = { key: () => sql`to_char(r.day, 'YYYY-MM')`, joins: [] }
export const byDimension = (name: string): Key => ({
  key: (asked) => columnOf(name, asked),
  joins: joinsOf(name),
  by: { dimension: name },
})

/** By two keys at once, told apart by a bar. */
export const byBoth = (one: Key, two: Key): Key => ({
  key: (asked, q) => sql`(${one.key(asked, q)}) || '|' || coalesce((${two.key(asked, q)})::text, '')`,
  joins: [...one.joins, ...two.joins],
  ...(one.by && two.by ? { by: { ...one.by, ...two.by } } : {}),
})

/** The evidence: one row per person or unit (its earliest record) where these are counted once, otherwise one row per record. Its length is the number. */
export function evidenceOf(m: Counted, q: Question): RawBuilder<unknown> {
  const rows = sql`select record, day, unit, quantity::float8 as quantity, who, at from (${counting(m, q)}) s`
  if (m.aggregate === 'units') return sql`select distinct on (unit) * from (${rows}) r order by unit, day, record`
  return m.aggregate === 'persons'
    ? sql`select distinct on (who) * from (${rows}) r where who is not null order by who, day, record`
    : rows
}

/** What a record is called, and the id its page is opened with where that is another's. */
export function namedOf(m: Counted, district: number): RawBuilder<unknown> {
  const { labels, link } = factOf(m)
  return sql`select l.record, l.label, ${link?.includes('{page}') ? sql`l.page` : sql`null::uuid as page`} from (${labels(district)}) l`
}
