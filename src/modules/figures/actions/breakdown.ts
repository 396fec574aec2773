// What the rows of a breakdown or series are called, how a record finds its row, and which rows are not shown.
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { factOf, type FindNames, isOnOneDay } from '../catalogue.ts'
import { bandsOf, bornOf, dimensionsOf } from '../compile/dimensions.ts'
import { byDimension, byMonth, byPrefix, type Key } from '../compile.ts'
import { fail } from '../contract.ts'
import { seriesOf } from '../period.ts'
import { findByNo, findGroups, findUnitsBelow, findValue, foresee } from '../store/questions.ts'
import type { Curtain, Hides } from './small.ts'
import { type Asked, depthOf, kinIn, noOf, plannedFor, prefixOf, question, treeDay, type Where } from './where.ts'

export interface RowKey {
  key: string
  name: string
  unitId: string | null
}

export interface Breakdown {
  /** How a record finds its row; null where every row is a question of its own. */
  key: Key | null
  /** What is shown even where nothing was counted. */
  keys: readonly RowKey[]
  /** Rows of values that `keys` does not know; one left out is not shown. */
  others(keys: readonly string[]): Promise<RowKey[]>
  groups(part: Counted): Promise<ReadonlyMap<string, number>>
  hidden(curtain: Curtain): Promise<Hides>
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
  const on = treeDay(tx, asked)
  const planned = await plannedFor(tx, asked)
  const units = await findUnitsBelow(tx, where.root, level, {
    on,
    known: asked.known,
    seen: asked.head.seen,
    places: asked.head.counted.places,
    planned,
  })
  const above = new Map(units.map((u) => [u.path, u.name]))
  const key = byPrefix(prefixOf(level))
  return {
    key,
    keys: units.filter((u) => depthOf(u.path) === level).map((u) => ({ key: u.path, name: u.name, unitId: u.id })),
    others: async (keys) => {
      const known = new Map((await findByNo(tx, keys.map(noOf))).map((u) => [u.no, u]))
      return keys.map((key) => {
        const unit = known.get(noOf(key))
        // What stands above the level stands for itself; what stood at it and is no more is named with its end.
        const name = planned?.names.get(noOf(key)) ?? unit?.name ?? ''
        const own = by === 'child' ? '本级' : `${above.get(key) ?? name}（本级）`
        const ends = planned?.closed.has(noOf(key)) ? '（计划撤销）' : ''
        const ended = unit?.closedOn && unit.closedOn <= on ? `（${unit.closedOn}撤销）` : ends
        const gone = `${name}${ended}`
        return { key, name: depthOf(key) < level ? own : gone, unitId: unit?.id ?? null }
      })
    },
    groups: async (part) => findGroups(tx, part, await question(tx, where, part, asked), key),
    hidden: (curtain) => curtain.hidesUnits(level),
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
  const key = byDimension(dimension)
  return {
    key,
    keys: bands.map((b) => ({ key: b.code, name: `${names[b.code] ?? b.code}${born(b)}`, unitId: null })),
    others: async (keys) => keys.map((key) => ({ key, name: names[key] ?? (key || '未登记'), unitId: null })),
    groups: async (part) => findGroups(tx, part, await question(tx, where, part, asked), key),
    hidden: (curtain) => curtain.hidesValues(dimension),
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
      return findGroups(tx, m, await question(tx, where, m, asked), byMonth)
    const values = new Map<string, number>()
    for (const stretch of stretches) {
      const posed = await question(tx, where, m, { ...asked, stretch })
      await foresee(tx, kinIn(asked.together ?? [], m), posed)
      const value = await findValue(tx, m, posed)
      if (value !== null) values.set(stretch.key, value)
    }
    return values
  }
  return {
    key: null,
    keys: periods.map((p) => ({ key: p.key, name: p.key, unitId: null })),
    others: async () => [],
    groups,
    hidden: (curtain) => curtain.hidesPeriods(stretches),
  }
}
