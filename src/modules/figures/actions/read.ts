import type { Context, Tx } from '#core/context.ts'
import type { Counted, Measure } from '#core/facts.ts'
import type { UnitNow } from '#modules/units/index.ts'
import { type Catalogue, type FindNames, infoOf, isOnOneDay, type Known } from '../catalogue.ts'
import type { Figure, Figures, MeasureInfo, Number_, ReadFiguresQuery } from '../contract.ts'
import { comparedWith, readPeriod, type Stretch } from '../period.ts'
import { ask } from '../settle.ts'
import type { Head } from '../store/ledger.ts'
import { findValue, foresee } from '../store/questions.ts'
import { type Breakdown, breakdownOf, dimensionIn, isSeries, type RowKey } from './breakdown.ts'
import { catalogueOf, namesFor } from './known.ts'
import { Curtain, type Hides, type Small, smallFor } from './small.ts'
import { type Asked, kinOf, plannedFor, question, unitOf, type Where, whereOf } from './where.ts'

/** Every measure in force, for those who bind words to numbers. */
export async function measuresIn(tx: Tx): Promise<MeasureInfo[]> {
  const catalogue = await catalogueOf(tx)
  const find = namesFor(tx)
  return Promise.all(catalogue.inForce.map((known) => infoOf(catalogue, known, find)))
}

/** What all measures of one question share. */
interface Question extends Asked, Small {
  /** All that is counted. */
  together: readonly Counted[]
  with: Stretch | null
  catalogue: Catalogue
  find: FindNames
}

/** One decimal by house convention; the integers ride along. */
function numberOf(m: Measure, numerator: number | null, denominator: number | null): Number_ {
  if (denominator === null) return { value: numerator, numerator: null, denominator: null, suppressed: false }
  const scale = m.classifier === '%' ? 100 : 1
  const value = denominator === 0 ? null : Math.round(((numerator ?? 0) * scale * 10) / denominator) / 10
  return { value, numerator, denominator, suppressed: false }
}

const hiddenNumber: Number_ = { value: null, numerator: null, denominator: null, suppressed: true }

/** One side of a measure: its numbers, and which of them are hidden. */
interface Side {
  total: number | null
  totalHidden: boolean
  groups: ReadonlyMap<string, number>
  hides: Hides
}

async function sideOf(
  tx: Tx,
  part: Counted,
  where: Where,
  { breakdown, ...q }: Question & { breakdown: Breakdown | null },
): Promise<Side> {
  const curtain = new Curtain(tx, part, where, q)
  const totalHidden = await curtain.hidesTotal()
  const groups = breakdown ? await breakdown.groups(part) : new Map<string, number>()
  return {
    // every record is in one row of a breakdown
    total:
      breakdown?.key && part.aggregate === 'count'
        ? [...groups.values()].reduce((sum, n) => sum + n, 0)
        : await findValue(tx, part, await question(tx, where, part, q)),
    totalHidden,
    groups,
    hides: breakdown ? await breakdown.hidden(curtain) : async () => false,
  }
}

/** What is not in the numerator is a group as well, and as small. */
const isRestSmall = (m: Counted, { limit }: Small, top: number | null, bottom: number | null) =>
  m.aggregate === 'persons' && bottom !== null && bottom - (top ?? 0) > 0 && bottom - (top ?? 0) < limit

const noteOf = (m: Counted, asked: Asked) => {
  if (dimensionIn(asked.by) !== 'person.age') return null
  return isOnOneDay(m) ? `年龄按出生年月计算，计算时点 ${asked.stretch.to}` : '年龄按出生年月计算，以记录发生之日为准'
}

type Row = RowKey & Number_
interface Read extends Number_ {
  note: string | null
  rows: Row[]
  /** Of any row, also one that is not there. */
  hides: Hides
}

/** Every row there is: what is shown even if empty, then whatever else was counted above or below the line. */
async function keysOf(breakdown: Breakdown, sides: readonly Side[]): Promise<RowKey[]> {
  const others = [...new Set(sides.flatMap((s) => [...s.groups.keys()]))].filter(
    (key) => !breakdown.keys.some((k) => k.key === key),
  )
  return [...breakdown.keys, ...(others.length > 0 ? await breakdown.others(others) : [])]
}

async function numbersOf(tx: Tx, unit: UnitNow, m: Measure, q: Question): Promise<Read> {
  const { numerator, denominator } = q.catalogue.partsOf(m)
  const where = await whereOf(tx, unit, numerator, q)
  const breakdown = q.by ? await breakdownOf(tx, numerator, where, q) : null
  const top = await sideOf(tx, numerator, where, { ...q, breakdown })
  const bottom = denominator && (await sideOf(tx, denominator, where, { ...q, breakdown }))
  const shown = (over: number | null, under: number | null, hidden: boolean) =>
    hidden || isRestSmall(numerator, q, over, under) ? hiddenNumber : numberOf(m, over, under)
  const rows = breakdown ? await keysOf(breakdown, bottom ? [top, bottom] : [top]) : []
  const hides: Hides = async (key) => (await top.hides(key)) || ((await bottom?.hides(key)) ?? false)
  const numbers: Row[] = []
  for (const k of rows) {
    // A group with nothing above the line is 0%, not absent.
    const [over, under] = [top.groups.get(k.key) ?? 0, bottom && (bottom.groups.get(k.key) ?? 0)]
    numbers.push({ ...k, ...shown(over, under, await hides(k.key)) })
  }
  return {
    ...shown(top.total, bottom && (bottom.total ?? 0), top.totalHidden || (bottom?.totalHidden ?? false)),
    note: noteOf(numerator, q),
    rows: numbers,
    hides,
  }
}

const isAtOnce = (m: Counted) => ['count', 'sum', 'persons', 'units'].includes(m.aggregate)

/** Counts at once what many measures ask of the same records: those that differ by their filters only. */
async function foreseeAll(tx: Tx, unit: UnitNow, q: Question): Promise<void> {
  if (q.together.length < 2 || isSeries(q.by)) return
  const alike = Map.groupBy(q.together, kinOf)
  for (const [first, ...others] of alike.values()) {
    if (!first || others.length === 0) continue
    const where = await whereOf(tx, unit, first, q)
    const breakdown = q.by ? await breakdownOf(tx, first, where, q) : null
    const asked = await question(tx, where, first, q)
    if (breakdown?.key) await foresee(tx, [first, ...others], asked, breakdown.key)
    if (!breakdown || first.aggregate !== 'count') await foresee(tx, [first, ...others], asked)
  }
}

const round = (n: number) => Math.round(n * 10) / 10
const compared = (now: Number_, before: Number_ | undefined) => ({
  before: before
    ? {
        value: before.value,
        numerator: before.numerator,
        denominator: before.denominator,
        suppressed: before.suppressed,
      }
    : null,
  change: before && now.value !== null && before.value !== null ? round(now.value - before.value) : null,
})

const nothing: Number_ = { value: 0, numerator: null, denominator: null, suppressed: false }

async function figureOf(tx: Tx, unit: UnitNow, known: Known, q: Question): Promise<Figure> {
  const { hides: _, ...now } = await numbersOf(tx, unit, known.measure, q)
  const before = q.with && (await numbersOf(tx, unit, known.measure, { ...q, stretch: q.with }))
  // A series has other keys in the other period: its rows stand in the same order.
  const then = async (row: Row, at: number) => {
    if (!before) return undefined
    // and a unit that moved between has another place in the tree of each record's day
    const found = isSeries(q.by)
      ? before.rows[at]
      : (before.rows.find((r) => r.key === row.key) ??
        before.rows.find((r) => r.unitId !== null && r.unitId === row.unitId))
    return found ?? ((await before.hides(row.key)) ? hiddenNumber : nothing)
  }
  const rows: Figure['rows'] = []
  for (const [at, row] of now.rows.entries()) rows.push({ ...row, ...compared(row, await then(row, at)) })
  const figure = { ...now, ...compared(now, before ?? undefined), rows }
  const hidesSome = [figure, ...figure.rows].some((n) => n.suppressed || n.before?.suppressed)
  return {
    measure: await infoOf(q.catalogue, known, q.find),
    ...figure,
    suppression: hidesSome ? `不足${q.limit}人的数，以及能推出它的数，不显示` : null,
  }
}

interface Reading extends Omit<ReadFiguresQuery, 'measures'> {
  /** The numbers leave the house: small groups are shown to nobody. */
  published?: boolean
}

async function readAll(
  { tx, head }: { tx: Tx; head: Head },
  query: Reading,
  wanted: (catalogue: Catalogue) => readonly Known[],
): Promise<Figures> {
  const unit = await unitOf(tx, query.unit)
  const stretch = readPeriod(query.period, tx.today)
  const compare = query.compare ? comparedWith(stretch, query.compare, tx.today) : null
  const catalogue = await catalogueOf(tx)
  const asked = wanted(catalogue)
  const parts = asked.flatMap((k) => Object.values(catalogue.partsOf(k.measure)))
  const q: Question = {
    together: parts.filter((p): p is Counted => p !== null && isAtOnce(p)),
    stretch,
    tree: query.tree ?? 'today',
    known: query.known ?? null,
    head,
    by: query.by,
    with: compare,
    catalogue,
    find: namesFor(tx),
    ...(await smallFor(tx, unit.path, query.published ?? false)),
  }
  const figures: Figure[] = []
  for (const stretchOf of compare ? [stretch, compare] : [stretch])
    await foreseeAll(tx, unit, { ...q, stretch: stretchOf })
  for (const known of asked) figures.push(await figureOf(tx, unit, known, q))
  return {
    unit: { id: unit.id, name: unit.name },
    period: stretch,
    comparedWith: compare,
    tree: q.tree,
    planned: [...((await plannedFor(tx, q))?.days ?? [])],
    asOf: q.known ?? head.at,
    figures,
  }
}

/** Any measures, one unit, one period; the same question serves screen, API, command line and report. */
export const readIn = (
  at: { tx: Tx; head: Head },
  { measures, ...query }: ReadFiguresQuery & Pick<Reading, 'published'>,
) =>
  readAll(at, query, (catalogue) =>
    measures === undefined
      ? catalogue.inForce
      : measures
          .split(',')
          .filter(Boolean)
          .map((reference) => catalogue.get(reference)),
  )

/** Measures that need not be in the catalogue yet. */
export const readThese = (at: { tx: Tx; head: Head }, known: readonly Known[], query: Reading) =>
  readAll(at, query, () => known)

export const readFigures = (ctx: Context, query: ReadFiguresQuery) =>
  ask(ctx, 'figure.read', (tx, head) => readIn({ tx, head }, query))
