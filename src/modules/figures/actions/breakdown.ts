// What the rows of a breakdown or series are called, how a record finds its row, and which rows are not shown.
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { factOf, type FindNames, isOnOneDay } from '../catalogue.ts'
import { bandsOf, bornOf, dimensionsOf } from '../compile/dimensions.ts'
import { byDimension, byMonth, byPrefix } from '../compile.ts'
import { fail } from '../contract.ts'
import { seriesOf } from '../period.ts'
import { findGroups, findUnitsBelow, findValue } from '../store.ts'
import type { Curtain } from './small.ts'
import { type Asked, depthOf, prefixOf, question, type Where } from './where.ts'

export interface RowKey {
  key: string
  name: string
  unitId: string | null
}

export interface Breakdown {
  /** What is shown even where nothing was counted. */
  keys: readonly RowKey[]
  /** What a value is called that `keys` does not know; null: it is not shown. */
  name(key: string): string | null
  groups(part: Counted): Promise<ReadonlyMap<string, number>>
  hidden(curtain: Curtain, totalHidden: boolean): Promise<Set<string>>
}

const series: readonly string[] = ['month', 'quarter', 'year']
export const isSeries = (by: string | undefined) => series.includes(by ?? '')

export async function breakdownOf(
  tx: Tx,
  m: Counted,
  where: Where,
  asked: Asked & { find: FindNames },
): Promise<Breakdown> {
  const by = asked.by ?? ''
  if (isSeries(by)) return byTime(tx, where, asked)
  if (by === 'child' || by.startsWith('level:')) return byUnits(tx, where, asked)
  return byValues(tx, m, where, asked)
}

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
    groups: (part) => findGroups(tx, part, question(tx, where, asked), byPrefix(prefixOf(level))),
    hidden: (curtain, totalHidden) => curtain.hidesUnits(level, totalHidden),
  }
}

const sugar: Record<string, string> = { kind: 'unit.kind', sex: 'person.sex', age: 'person.age' }
export const dimensionIn = (by: string | undefined) => sugar[by ?? ''] ?? (by?.startsWith('dim:') ? by.slice(4) : null)

async function byValues(tx: Tx, m: Counted, where: Where, asked: Asked & { find: FindNames }): Promise<Breakdown> {
  const fact = factOf(m)
  const dimension = dimensionIn(asked.by) ?? ''
  if (!Object.hasOwn(dimensionsOf(fact), dimension))
    throw fail('unknown-dimension', { measure: m.name, dimension: asked.by?.replace('dim:', '') })
  const names = await asked.find(fact, dimension)
  const bands = dimension === 'person.age' ? bandsOf(fact) : []
  // AGE-02: of a stock the cut-off is printed; of what happened in a period it differs from day to day.
  const born = (band: { from?: number; to?: number }) => (isOnOneDay(m) ? `（${bornOf(band, asked.stretch.to)}）` : '')
  return {
    keys: bands.map((b) => ({ key: b.code, name: `${names[b.code] ?? b.code}${born(b)}`, unitId: null })),
    name: (key) => names[key] ?? (key || '未登记'),
    groups: (part) => findGroups(tx, part, question(tx, where, asked), byDimension(dimension)),
    hidden: (curtain, totalHidden) => curtain.hidesValues(byDimension(dimension), totalHidden),
  }
}

/** A flow of records by month is one query; stocks and distinct persons are asked per period, for they do not add up. */
function byTime(tx: Tx, where: Where, asked: Asked): Breakdown {
  const periods = seriesOf(asked.stretch, asked.by as 'month')
  const stretches = periods.map((p) => ({
    key: p.key,
    from: p.from > asked.stretch.from ? p.from : asked.stretch.from,
    to: p.to < asked.stretch.to ? p.to : asked.stretch.to,
  }))
  const groups = async (m: Counted) => {
    if (factOf(m).kind === 'event' && m.aggregate === 'count' && asked.by === 'month' && !m.since)
      return findGroups(tx, m, question(tx, where, asked), byMonth)
    const values = new Map<string, number>()
    for (const stretch of stretches) {
      const value = await findValue(tx, m, question(tx, where, { ...asked, stretch }))
      if (value !== null) values.set(stretch.key, value)
    }
    return values
  }
  return {
    keys: periods.map((p) => ({ key: p.key, name: p.key, unitId: null })),
    name: () => null,
    groups,
    hidden: (curtain, totalHidden) => curtain.hidesPeriods(stretches, totalHidden),
  }
}
