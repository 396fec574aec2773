import type { Context, Tx } from '#core/context.ts'
import type { Counted, Measure } from '#core/facts.ts'
import type { UnitNow } from '#modules/units/index.ts'
import { allMeasures, factOf, getMeasure, infoOf, partsOf } from '../catalogue.ts'
import { byDimension, byMonth, byPrefix } from '../compile.ts'
import type { Figure, Figures, Number_, ReadFiguresQuery } from '../contract.ts'
import { fail } from '../contract.ts'
import { bandsOf, bornOf, dimensionsOf } from '../compile/dimensions.ts'
import { comparedWith, readPeriod, seriesOf, type Stretch } from '../period.ts'
import { findGroups, findUnitsBelow, findValue } from '../store.ts'
import { type Asked, question, unitOf, type Where, whereOf } from './where.ts'

export const listMeasures = (ctx: Context) =>
  ctx.read('figure.read', async () => ({ rows: allMeasures().map(infoOf), total: allMeasures().length }))

interface Key {
  key: string
  name: string
  unitId: string | null
}

interface Breakdown {
  /** What is shown even where nothing was counted. */
  keys: readonly Key[]
  /** What a value is called that `keys` does not know; null: it is not shown. */
  name(key: string): string | null
  groups(part: Counted): Promise<Map<string, number>>
}

const series = ['month', 'quarter', 'year']

/** What the rows of a breakdown are called, and how a record finds its row. */
async function breakdownOf(tx: Tx, m: Counted, where: Where, asked: Asked): Promise<Breakdown> {
  const by = asked.by ?? ''
  if (series.includes(by)) return byTime(tx, where, asked)
  if (by === 'child' || by.startsWith('level:')) return byUnits(tx, where, asked)
  return byValues(tx, m, where, asked)
}

const depthOf = (path: string) => path.split('.').length - 2
const PREFIX = 2
const LABEL = 6

async function byUnits(tx: Tx, where: Where, asked: Asked): Promise<Breakdown> {
  const by = asked.by ?? ''
  const level = by === 'child' ? depthOf(where.root) + 1 : Number(by.slice(6))
  const on = asked.tree === 'today' ? tx.today : asked.stretch.to
  const units = await findUnitsBelow(tx, where.root, level, on)
  const above = new Map(units.map((u) => [u.path, u.name]))
  return {
    keys: units.filter((u) => depthOf(u.path) === level).map((u) => ({ key: u.path, name: u.name, unitId: u.id })),
    // What stands above the level stands for itself.
    name: (key) => (by === 'child' ? '本级' : `${above.get(key) ?? ''}（本级）`),
    groups: (part) => findGroups(tx, part, question(tx, where, asked), byPrefix(PREFIX + LABEL * level)),
  }
}

const sugar: Record<string, string> = { kind: 'unit.kind', sex: 'person.sex', age: 'person.age' }

async function byValues(tx: Tx, m: Counted, where: Where, asked: Asked): Promise<Breakdown> {
  const by = asked.by ?? ''
  const dimension = sugar[by] ?? by.slice(4)
  const found = dimensionsOf(factOf(m))[dimension]
  if (!found) throw fail('unknown-dimension', { measure: m.name, dimension: sugar[by] ? by : dimension })
  const names = typeof found.values === 'function' ? await found.values(tx) : (found.values ?? {})
  const bands = dimension === 'person.age' ? bandsOf(factOf(m)) : []
  return {
    keys: bands.map((b) => ({ key: b.code, name: nameOfBand(m, names[b.code] ?? b.code, b, asked), unitId: null })),
    name: (key) => names[key] ?? (key || '未登记'),
    groups: (part) => findGroups(tx, part, question(tx, where, asked), byDimension(dimension)),
  }
}

const isOnOneDay = (m: Counted) => factOf(m).kind === 'stock' && m.moment !== 'begun' && m.moment !== 'ended'

/** AGE-02: of a stock the cut-off is printed; of what happened in a period it differs from day to day. */
function nameOfBand(m: Counted, name: string, band: { from?: number; to?: number }, asked: Asked) {
  return isOnOneDay(m) ? `${name}（${bornOf(band, asked.stretch.to)}）` : name
}

const noteOf = (m: Counted, asked: Asked) =>
  sugar[asked.by ?? ''] !== 'person.age' && asked.by !== 'dim:person.age'
    ? null
    : isOnOneDay(m)
      ? `年龄按出生年月计算，计算时点 ${asked.stretch.to}`
      : '年龄按出生年月计算，以记录发生之日为准'

/** A flow of records by month is one query; stocks and distinct persons are asked per period, for they do not add up. */
function byTime(tx: Tx, where: Where, asked: Asked): Breakdown {
  const periods = seriesOf(asked.stretch, asked.by as 'month')
  const groups = async (m: Counted) => {
    if (factOf(m).kind === 'event' && m.aggregate === 'count' && asked.by === 'month' && !m.since)
      return findGroups(tx, m, question(tx, where, asked), byMonth)
    const values = new Map<string, number>()
    for (const p of periods) {
      const stretch = {
        key: p.key,
        from: p.from > asked.stretch.from ? p.from : asked.stretch.from,
        to: p.to < asked.stretch.to ? p.to : asked.stretch.to,
      }
      const value = await findValue(tx, m, question(tx, where, { ...asked, stretch }))
      if (value !== null) values.set(p.key, value)
    }
    return values
  }
  return { keys: periods.map((p) => ({ key: p.key, name: p.key, unitId: null })), name: () => null, groups }
}

/** One decimal by house convention; the integers ride along. */
function numberOf(m: Measure, numerator: number | null, denominator: number | null): Number_ {
  if (denominator === null) return { value: numerator, numerator: null, denominator: null }
  const scale = m.classifier === '%' ? 100 : 1
  const value = denominator === 0 ? null : Math.round(((numerator ?? 0) * scale * 10) / denominator) / 10
  return { value, numerator, denominator }
}

type Row = Key & Number_
interface Read extends Number_ {
  note: string | null
  rows: Row[]
}

async function numbersOf(tx: Tx, unit: UnitNow, m: Measure, asked: Asked): Promise<Read> {
  const { numerator, denominator } = partsOf(m)
  const where = await whereOf(tx, unit, numerator)
  const q = question(tx, where, asked)
  const top = await findValue(tx, numerator, q)
  const bottom = denominator && ((await findValue(tx, denominator, q)) ?? 0)
  const rows: Row[] = []
  if (asked.by) {
    const { keys, name, groups } = await breakdownOf(tx, numerator, where, asked)
    const tops = await groups(numerator)
    const bottoms = denominator ? await groups(denominator) : null
    // A group with nothing above the line is 0%, not absent.
    const others = [...new Set([...tops.keys(), ...(bottoms?.keys() ?? [])])]
      .filter((key) => !keys.some((k) => k.key === key))
      .flatMap((key) => {
        const called = name(key)
        return called === null ? [] : [{ key, name: called, unitId: key === where.root ? unit.id : null }]
      })
    for (const k of [...keys, ...others])
      rows.push({ ...k, ...numberOf(m, tops.get(k.key) ?? 0, bottoms ? (bottoms.get(k.key) ?? 0) : null) })
  }
  return { ...numberOf(m, top, bottom), note: noteOf(numerator, asked), rows }
}

const round = (n: number) => Math.round(n * 10) / 10
const compared = (now: Number_, before: Number_ | undefined) => ({
  before: before ? { value: before.value, numerator: before.numerator, denominator: before.denominator } : null,
  change: before && now.value !== null && before.value !== null ? round(now.value - before.value) : null,
})

const nothing: Number_ = { value: 0, numerator: null, denominator: null }

async function figureOf(tx: Tx, unit: UnitNow, m: Measure, asked: Asked & { with: Stretch | null }): Promise<Figure> {
  const now = await numbersOf(tx, unit, m, asked)
  const before = asked.with && (await numbersOf(tx, unit, m, { ...asked, stretch: asked.with }))
  // A series has other keys in the other period: its rows stand in the same order.
  const isSeries = series.includes(asked.by ?? '')
  const then = (row: Row, at: number) =>
    before ? ((isSeries ? before.rows[at] : before.rows.find((r) => r.key === row.key)) ?? nothing) : undefined
  return {
    measure: infoOf(m),
    ...now,
    ...compared(now, before ?? undefined),
    rows: now.rows.map((row, at) => ({ ...row, ...compared(row, then(row, at)) })),
  }
}

/** Any measures, one unit, one period; the same question serves screen, API, command line and report. */
export async function readIn(tx: Tx, query: ReadFiguresQuery): Promise<Figures> {
  const unit = await unitOf(tx, query.unit)
  const stretch = readPeriod(query.period, tx.today)
  const compare = query.compare ? comparedWith(stretch, query.compare, tx.today) : null
  const asked = { stretch, tree: query.tree ?? 'today', by: query.by, with: compare } as const
  const wanted = query.measures ? query.measures.split(',').map(getMeasure) : allMeasures()
  const figures: Figure[] = []
  for (const m of wanted) figures.push(await figureOf(tx, unit, m, asked))
  return {
    unit: { id: unit.id, name: unit.name },
    period: stretch,
    comparedWith: compare,
    tree: asked.tree,
    asOf: tx.now,
    figures,
  }
}

export const readFigures = (ctx: Context, query: ReadFiguresQuery) =>
  ctx.heavy('figure.read', (tx) => readIn(tx, query))
