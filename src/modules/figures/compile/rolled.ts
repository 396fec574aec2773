// Numbers of units with many rows, from sums that were kept (fact_cell, fact_bits) as the ledger knew them at an instant K in the tree
// of a day X. What became known or moved since, and what lies outside the kept months, is counted from the ledger itself:
//   number = kept + (rows that count now) − (rows that counted then), both over the rows that may differ only.
// Exact for every instant and tree; only the cost depends on how much differs. [docs/decisions/0010]
import { type RawBuilder, sql } from 'kysely'
import { addDays, addMonths } from '#core/calendar.ts'
import type { Counted } from '#core/facts.ts'
import { subtree } from '#core/permissions.ts'
import { factOf } from '../catalogue.ts'
import { bandsOf } from './dimensions.ts'
import {
  type Count,
  isFlow,
  type Key,
  known,
  type Parts,
  placedOn,
  type Question,
  selected,
  stockDay,
  viewOf,
} from '../compile.ts'

export const BLOCK_BITS = 14
export const inBlock = (1 << BLOCK_BITS) - 1
/** In place of a block: persons that are too few for bits, named one by one. */
export const NAMED = -1

export interface Roll {
  knownAt: string
  placedOn: string
  big: readonly number[]
  views: readonly string[]
  dimensions: readonly string[]
  /** First days of months, or days of a stock; ascending. */
  days: readonly string[]
}

/** The part of a question that kept sums answer. */
interface Kept {
  /** From–to of what they hold: unbroken months, or the one day of a stock. */
  span: { from: string; to: string }
  cells: RawBuilder<unknown>
}

const monthEnd = (first: string) => addDays(addMonths(first, 1), -1)

/** The longest unbroken run of kept months inside a period. */
function runOf(days: readonly string[], from: string, to: string): string[] {
  let best: string[] = []
  let run: string[] = []
  for (const day of days) {
    if (day < from || monthEnd(day) > to) continue
    run = run.at(-1) && addMonths(run.at(-1) as string, 1) === day ? [...run, day] : [day]
    if (run.length > best.length) best = run
  }
  return best
}

/** A year stands for its months where all that is kept of it is asked for. */
function spansOf(run: readonly string[], days: readonly string[]): RawBuilder<unknown> {
  const kept = Map.groupBy(days, (d) => d.slice(0, 4))
  const asked = Map.groupBy(run, (d) => d.slice(0, 4))
  const years = [...asked].filter(([y, months]) => months.length > 1 && months.length === kept.get(y)?.length)
  const whole = new Set(years.map(([y]) => y))
  const of = (months: number, some: readonly string[]) =>
    sql`(c.months = ${sql.lit(months)} and c.day = any(${some}::date[]))`
  const single = run.filter((d) => !whole.has(d.slice(0, 4)))
  if (whole.size === 0) return of(1, run)
  const yearly = of(
    12,
    [...whole].map((y) => `${y}-01-01`),
  )
  return single.length === 0 ? yearly : sql`(${yearly} or ${of(1, single)})`
}

/** How far back the day of a kept stock may lie; what began or ended since is counted from the ledger. */
const FARTHEST_DAYS = 400

function keptOf(m: Counted, q: Question, roll: Roll): Kept | null {
  if (factOf(m).kind === 'stock') {
    if (isFlow(m)) return null
    const day = stockDay(m, q)
    const at = roll.days.findLast((d) => d <= day)
    if (!at || at < addDays(day, -FARTHEST_DAYS)) return null
    return { span: { from: at, to: at }, cells: sql`c.months = 0 and c.day = ${at}::date` }
  }
  const run = runOf(roll.days, m.since ?? q.period.from, q.period.to)
  if (run.length === 0) return null
  return {
    span: { from: run[0] as string, to: monthEnd(run.at(-1) as string) },
    cells: spansOf(run, roll.days),
  }
}

const counted = ['count', 'sum', 'persons']

/** Whether sums are kept for what is asked. */
export function isKept(m: Counted, q: Question, key: Key | undefined, roll: Roll): boolean {
  const [filter, more] = q.filters ?? []
  const dimension = key?.by?.dimension ?? filter?.dimension
  const length = key?.by?.length ?? null
  return (
    !q.planned?.length &&
    q.nodes.length > 0 &&
    counted.includes(m.aggregate) &&
    q.nodes.every((n) => roll.big.includes(n.no)) &&
    roll.views.includes(viewOf(m.filters)) &&
    (!key || key.by !== undefined) &&
    (length === null || (q.nodes.length === 1 && length === (q.nodes[0]?.path.length ?? 0) + 6)) &&
    !(key && filter) &&
    more === undefined &&
    (!filter || (filter.in?.length === 1 && !filter.not)) &&
    (dimension === undefined || roll.dimensions.includes(dimension))
  )
}

/** Months since year 0, as the ledger tells births. */
const monthNo = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1

const label = (path: string) => path.slice(-6)

/** SQL: units that stand elsewhere than when the sums were made, as far as the question tells. */
export function moversOf(parts: Parts, q: Question, key: Key | undefined, roll: Roll): RawBuilder<{ unit: number }> {
  const then = { known: roll.knownAt }
  const since = q.known !== null && q.known < roll.knownAt ? q.known : roll.knownAt
  const place = q.placing === 'own-day' ? sql`${known('p', q)}` : placedOn(q, sql`${q.placing.on}::date`)
  const at = q.nodes.map((n) => sql`position(${label(n.path)}::text in p.path)`)
  const inside = sql`greatest(${sql.join(at)}) > 0`
  const byUnit = key?.by?.length !== undefined
  const below = byUnit ? sql`, substr(p.path, greatest(${sql.join(at)}) + 6, 5)` : sql``
  const filters = [...parts.flatMap((m) => m.filters ?? []), ...(q.filters ?? [])].map((f) => f.dimension)
  const byKind = [...filters, key?.by?.dimension].includes('unit.kind')
  return sql<{ unit: number }>`
    select p.unit from fact_place p where p.district_id = ${q.district} and p.unit in (
        select unit from fact_place where district_id = ${q.district} and known_to = 'infinity' and valid_from > '-infinity'
        union select unit from fact_place where district_id = ${q.district} and known_from > ${since}::timestamptz
        union select unit from fact_place where district_id = ${q.district} and known_to > ${since}::timestamptz and known_to < 'infinity')
      and (${placedOn(then, sql`${roll.placedOn}::date`)} or ${place})
    group by p.unit having count(distinct row(${inside}${below}${byKind ? sql`, p.kind` : sql``})) > 1 and bool_or(${inside})`
}

/** SQL: of a stock told apart by age, those who come into another band between the day that is kept and the day that is asked for. */
function birthdays(parts: Parts, q: Question, key: Key | undefined, held: string): RawBuilder<unknown> {
  const [m] = parts
  const filters = [...parts.flatMap((p) => p.filters ?? []), ...(q.filters ?? [])].filter(
    (f) => f.dimension === 'person.age',
  )
  const byBand = filters.some((f) => f.in || f.not) || key?.by?.dimension === 'person.age'
  const ages = [
    ...(byBand ? bandsOf(factOf(m)).map((b) => b.from) : []),
    ...filters.flatMap((f) => [f.from, f.to === undefined ? undefined : f.to + 1]),
  ].filter((age) => age !== undefined)
  if (ages.length === 0) return sql``
  const [from, to] = [monthNo(held), monthNo(stockDay(m, q))]
  const born = ages.flatMap((age) => Array.from({ length: to - from }, (_, i) => from + 1 + i - 12 * age))
  return sql` or r.born = any(${born}::smallint[])`
}

interface Sides {
  kept: Kept
  /** Rows that count as asked and may not be in the sums as they should. */
  asked: RawBuilder<unknown>
  /** Rows that are in the sums and may not belong there. */
  gone: RawBuilder<unknown>
}

interface At {
  roll: Roll
  /** Units that stand elsewhere now. */
  movers: readonly number[]
  /** Where the nodes stood in the tree of the sums. */
  paths: readonly string[]
  /** What stood right below the node then, and (negative) what stands at it itself. */
  below: readonly { node: number; label: string }[]
}

/**
 * Rows known then that may not count as asked: those that ended since, and of the others those that `differ` (a condition led by
 * `or`). Each has an index of its own, so they are looked for apart.
 */
function goneOf(parts: Parts, then: Question, key: Key | undefined, differ: RawBuilder<unknown> | null) {
  const plain: Counted = { ...parts[0], since: undefined, moment: undefined }
  const of = (also: RawBuilder<unknown>) => selected(plain, then, key, { parts: together(parts), also })
  const ended = of(sql` and r.known_to > ${then.known}::timestamptz and r.known_to < 'infinity'`)
  return differ ? sql`${ended} union all ${of(sql` and r.known_to = 'infinity' and (false${differ})`)}` : ended
}

/** Measures that are counted at once say so row by row. */
const together = (parts: Parts) => (parts.length > 1 ? parts : undefined)

function sidesOf(parts: Parts, q: Question, key: Key | undefined, { roll, movers, paths }: At): Sides | null {
  const [m] = parts
  const many = together(parts)
  const kept = keptOf(m, q, roll)
  if (!kept) return null
  const moved = movers.length > 0 ? sql` or r.unit = any(${movers}::int[])` : sql``
  const [became, ceased] =
    q.known === null || q.known >= roll.knownAt
      ? [sql`r.known_from > ${roll.knownAt}::timestamptz`, sql`r.known_to <= ${q.known}::timestamptz`]
      : [sql`r.known_to <= ${roll.knownAt}::timestamptz`, sql`r.known_from > ${q.known}::timestamptz`]
  const plain: Counted = { ...m, since: undefined, moment: undefined }
  const then: Question = {
    ...q,
    period: kept.span,
    placing: { on: roll.placedOn },
    known: roll.knownAt,
    ranges: paths.map(subtree),
    elsewhere: true,
  }
  const gone = (differ: RawBuilder<unknown> | null) =>
    q.known === null
      ? goneOf(parts, then, key, differ)
      : selected(plain, then, key, { parts: many, also: sql` and (${ceased}${differ ?? sql``})` })
  if (factOf(m).kind === 'stock') {
    const [day, held] = [stockDay(m, q), kept.span.to]
    const later = (began: RawBuilder<unknown>) =>
      day === held
        ? sql``
        : sql` or ${began} > ${held}::date and ${began} <= ${day}::date${birthdays(parts, q, key, held)}`
    return {
      kept,
      asked: selected(m, q, key, { parts: many, also: sql` and (${became}${moved}${later(sql`r.day`)})` }),
      gone: gone(day === held && movers.length === 0 ? null : sql`${moved}${later(sql`r.until`)}`),
    }
  }
  const [from, to] = [m.since ?? q.period.from, q.period.to]
  const edges = [
    { from, to: addDays(kept.span.from, -1) },
    { from: addDays(kept.span.to, 1), to },
  ].filter((e) => e.from <= e.to)
  return {
    kept,
    asked: sql.join(
      [
        ...edges.map((period) => selected(plain, { ...q, period }, key, { parts: many })),
        selected(plain, { ...q, period: kept.span }, key, { parts: many, also: sql` and (${became}${moved})` }),
      ],
      sql` union all `,
    ),
    gone: gone(movers.length === 0 ? null : moved),
  }
}

/** FROM and WHERE of the kept sums, with their key. */
function keptRows(
  parts: Parts,
  q: Question,
  key: Key | undefined,
  { kept, below }: { kept: Kept } & Pick<At, 'below'>,
) {
  const [m] = parts
  const from = sql`${sql.table(m.aggregate === 'persons' ? 'fact_bits' : 'fact_cell')} c`
  const shared = sql`c.district_id = ${q.district} and c.fact = ${q.fact} and c.view = any(${parts.map((p) => viewOf(p.filters))}::text[]) and ${kept.cells}`
  const nodes = q.nodes.map((n) => n.no)
  const [filter] = q.filters ?? []
  if (!key)
    return {
      key: sql`''::text`,
      rows: sql`from ${from} where ${shared} and c.dimension = ${filter?.dimension ?? ''} and c.node = any(${nodes}::int[]) and c.value = ${filter?.in?.[0] ?? ''}`,
    }
  const { dimension, length } = key.by ?? {}
  if (dimension !== undefined && length === undefined)
    return {
      key: sql`c.value`,
      rows: sql`from ${from} where ${shared} and c.dimension = ${dimension} and c.node = any(${nodes}::int[])`,
    }
  const [node] = q.nodes as [Question['nodes'][number]]
  const [nos, labels] = [below.map((u) => u.node), below.map((u) => u.label)]
  return {
    key:
      dimension === undefined
        ? sql`${node.path}::text || k.label`
        : sql`${node.path}::text || k.label || '|' || c.value`,
    rows: sql`from unnest(${nos}::int[], ${labels}::text[]) k (node, label) join ${from} on c.node = k.node and ${shared} and c.dimension = ${dimension ?? ''}`,
  }
}

/** SELECT of (view, key, value), or null when nothing kept helps. Of several parts views and keys are told apart together. */
export function rolledCounts(parts: Parts, q: Question, key: Key | undefined, at: At): RawBuilder<Count> | null {
  const sides = sidesOf(parts, q, key, at)
  if (!sides) return null
  const [m] = parts
  const many = together(parts)
  const cells = keptRows(parts, q, key, { kept: sides.kept, below: at.below })
  const named = (row: RawBuilder<unknown>) => (key ? sql`coalesce(${row}::text, '')` : sql`''::text`)
  const from = (rows: RawBuilder<unknown>) =>
    many ? sql`(${rows}) a cross join unnest(a.hits) v (view)` : sql`(${rows}) a`
  const both = {
    own: many ? sql`v.view || ' ' || ${named(sql`key`)}` : named(sql`key`),
    kept: many ? sql`c.view || ' ' || ${cells.key}` : cells.key,
    rows: cells.rows,
    asked: from(sides.asked),
    gone: from(sides.gone),
  }
  const counts =
    m.aggregate === 'persons'
      ? personsOf({
          ...both,
          still: from(
            selected(m, q, key, { parts: many, also: sql` and r.person = any(array(select who from minus))` }),
          ),
        })
      : rowsOf(m, both)
  return many
    ? sql<Count>`select split_part(key, ' ', 1) as view, substr(key, strpos(key, ' ') + 1) as key, value from (${counts}) n order by 1, 2`
    : sql<Count>`select ${viewOf(m.filters)}::text as view, key, value from (${counts}) n order by 2`
}

interface Both extends Record<'own' | 'kept' | 'rows' | 'asked' | 'gone', RawBuilder<unknown>> {}

/** SELECT of (key, value): records or quantities. */
const rowsOf = (m: Counted, { own, kept, rows, asked, gone }: Both) => sql`
  select key, ${m.aggregate === 'count' ? sql`n` : sql`coalesce(s, 0)`}::float8 as value from (
    select key, sum(n) as n, sum(s) as s from (
      select ${kept} as key, sum(c.n) as n, sum(c.sum) as s ${rows} group by 1
      union all select ${own}, count(*), sum(quantity) from ${asked} group by 1
      union all select ${own}, -count(*), -sum(quantity) from ${gone} group by 1) x group by key) y
  where n > 0`

/** SELECT of (key, value): distinct persons. */
const personsOf = ({ own, kept, rows, asked, gone, still }: Both & { still: RawBuilder<unknown> }) => sql`
  with plus as materialized (select distinct ${own} as key, who, who >> ${sql.lit(BLOCK_BITS)} as block from ${asked} where who is not null),
  minus as materialized (select distinct ${own} as key, who from ${gone} where who is not null except select key, who from plus),
  still as materialized (select distinct ${own} as key, who from ${still}),
  held as materialized (select ${kept} as key, c.block, c.bits, c.people ${rows}),
  kept as materialized (select key, block, bit_or(bits) as bits from held where bits is not null group by 1, 2),
  named as (select key, who, block from plus union select h.key, who, who >> ${sql.lit(BLOCK_BITS)} from held h cross join unnest(h.people) who)
  select key, sum(n)::float8 as value from (
    select key, sum(bit_count(bits)) as n from kept group by 1
    union all select n.key, count(*) from named n left join kept k on k.key = n.key and k.block = n.block
      where k.bits is null or get_bit(k.bits, n.who & ${sql.lit(inBlock)}) = 0 group by 1
    union all select key, -count(*) from (select key, who from minus except select key, who from still) m group by 1) x
  group by key having sum(n) > 0`
