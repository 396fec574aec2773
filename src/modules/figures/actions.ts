import type { Context, Tx } from '#core/context.ts'
import type { Counted, Measure } from '#core/facts.ts'
import { can, canAnywhere, cut, type Range, subtree } from '#core/permissions.ts'
import { findUnit, type UnitNow } from '#modules/units/index.ts'
import { allMeasures, factOf, getMeasure, infoOf, partsOf } from './catalogue.ts'
import { byDimension, byMonth, byPrefix, type Question } from './compile.ts'
import {
  type Evidence,
  type EvidenceQuery,
  fail,
  type Figure,
  type Figures,
  type ReadFiguresQuery,
} from './contract.ts'
import { readPeriod, seriesOf, type Stretch } from './period.ts'
import { findChildPaths, findEvidence, findGroups, findServed, findValue } from './store.ts'

export const listMeasures = (ctx: Context) =>
  ctx.read('figure.read', async () => ({ rows: allMeasures().map(infoOf), total: allMeasures().length }))

/** The unit asked about, visible to the asker; his own unit when none is named. Unknown and unseen are the same. */
async function unitOf(tx: Tx, id: string | undefined): Promise<UnitNow> {
  const own = tx.actor.grants.find((g) => g.verbs.includes('figure.read'))?.unitId
  const unit = await findUnit(tx, id ?? own ?? '')
  if (!unit || !can(tx.actor, 'figure.read', unit.path)) throw fail('unit-not-found')
  return unit
}

interface Where {
  unit: UnitNow
  /** path of the unit in the tree of the fact: itself, or the place it serves */
  root: string
  ranges: Range[]
}

/** Where a fact of one tree is counted for a unit of the other: an organisation's figures are those of the places it serves. */
async function whereOf(tx: Tx, unit: UnitNow, m: Counted): Promise<Where> {
  const paths =
    factOf(m).tree === unit.tree
      ? [unit.path]
      : unit.tree === 'org'
        ? await findServed(tx, unit.id, tx.today)
        : [unit.path]
  if (paths.length === 0) throw fail('no-place', { unit: unit.name, measure: m.name })
  return { unit, root: paths[0] as string, ranges: paths.flatMap((p) => cut(tx.actor, 'figure.read', subtree(p))) }
}

interface Asked {
  stretch: Stretch
  tree: 'day' | 'today'
  by?: string | undefined
}

const question = (tx: Tx, where: Where, asked: Asked): Question => ({
  district: tx.district,
  ranges: where.ranges,
  period: asked.stretch,
  tree: asked.tree,
})

interface Key {
  key: string
  name: string
  unitId: string | null
}

/** What the rows of a breakdown are called, and how a record finds its row. */
async function keysOf(
  tx: Tx,
  m: Counted,
  where: Where,
  asked: Asked,
): Promise<{ keys: Key[] | null; groups: (part: Counted) => Promise<Map<string, number>> }> {
  const by = asked.by ?? ''
  if (by === 'child') {
    const children = await findChildPaths(tx, where.root, asked.tree === 'today' ? tx.today : asked.stretch.to)
    const keys = [
      ...children.map((c) => ({ key: c.path, name: c.name, unitId: c.id })),
      { key: where.root, name: '本级', unitId: where.unit.id },
    ]
    return { keys, groups: (part) => findGroups(tx, part, question(tx, where, asked), byPrefix(where.root.length + 6)) }
  }
  if (by.startsWith('dim:')) {
    const dimension = by.slice(4)
    if (!factOf(m).dimensions[dimension]) throw fail('unknown-dimension', { measure: m.name, dimension })
    return { keys: null, groups: (part) => findGroups(tx, part, question(tx, where, asked), byDimension(dimension)) }
  }
  const periods = seriesOf(asked.stretch, by as 'month')
  const keys = periods.map((p) => ({ key: p.key, name: p.key, unitId: null }))
  return { keys, groups: async (part) => seriesValues(tx, part, where, asked) }
}

/** A flow of records by month is one query; stocks and distinct persons are asked per period, for they do not add up. */
async function seriesValues(tx: Tx, m: Counted, where: Where, asked: Asked): Promise<Map<string, number>> {
  if (factOf(m).kind === 'event' && m.aggregate === 'count' && asked.by === 'month')
    return findGroups(tx, m, question(tx, where, asked), byMonth)
  const values = new Map<string, number>()
  for (const p of seriesOf(asked.stretch, asked.by as 'month')) {
    const stretch = {
      key: p.key,
      from: p.from > asked.stretch.from ? p.from : asked.stretch.from,
      to: p.to < asked.stretch.to ? p.to : asked.stretch.to,
    }
    values.set(p.key, await findValue(tx, m, question(tx, where, { ...asked, stretch })))
  }
  return values
}

/** One decimal by house convention; the integers ride along. */
function ratioOf(numerator: number, denominator: number | null) {
  if (denominator === null) return { value: numerator, numerator: null, denominator: null }
  return { value: denominator === 0 ? null : Math.round((numerator * 1000) / denominator) / 10, numerator, denominator }
}

async function figureOf(tx: Tx, unit: UnitNow, m: Measure, asked: Asked): Promise<Figure> {
  const { numerator, denominator } = partsOf(m)
  const where = await whereOf(tx, unit, numerator)
  const q = question(tx, where, asked)
  const top = await findValue(tx, numerator, q)
  const bottom = denominator && (await findValue(tx, denominator, q))
  const rows: Figure['rows'] = []
  if (asked.by) {
    const { keys, groups } = await keysOf(tx, numerator, where, asked)
    const tops = await groups(numerator)
    const bottoms = denominator ? await groups(denominator) : null
    const named = // A group with nothing above the line is 0%, not absent.
      keys ??
      [...new Set([...tops.keys(), ...(bottoms?.keys() ?? [])])].map((key) => ({ key, name: key, unitId: null }))
    for (const k of named) {
      const has = tops.has(k.key) || bottoms?.has(k.key)
      if (k.name === '本级' && !has) continue
      rows.push({ ...k, ...ratioOf(tops.get(k.key) ?? 0, bottoms ? (bottoms.get(k.key) ?? 0) : null) })
    }
  }
  return { measure: infoOf(m), ...ratioOf(top, bottom), rows }
}

/** Any measures, one unit, one period; the same question serves screen, API, command line and report. */
export async function readIn(tx: Tx, query: ReadFiguresQuery): Promise<Figures> {
  const unit = await unitOf(tx, query.unit)
  const asked: Asked = { stretch: readPeriod(query.period, tx.today), tree: query.tree ?? 'today', by: query.by }
  const wanted = query.measures ? query.measures.split(',').map(getMeasure) : allMeasures()
  const figures: Figure[] = []
  for (const m of wanted) figures.push(await figureOf(tx, unit, m, asked))
  return { unit: { id: unit.id, name: unit.name }, period: asked.stretch, tree: asked.tree, asOf: tx.now, figures }
}

export const readFigures = (ctx: Context, query: ReadFiguresQuery) =>
  ctx.heavy('figure.read', (tx) => readIn(tx, query))

/** The records behind a number. Their count (for a sum: their sum) is the number. */
export const listEvidence = (ctx: Context, query: EvidenceQuery): Promise<Evidence> =>
  ctx.heavy('figure.read', async (tx) => {
    const m = getMeasure(query.measure)
    const { numerator, denominator } = partsOf(m)
    const part = query.part === 'denominator' && denominator ? denominator : numerator
    if (!canAnywhere(tx.actor, factOf(part).evidenceVerb)) throw fail('no-evidence')
    const unit = await unitOf(tx, query.unit)
    const where = await whereOf(tx, unit, part)
    const stretch = readPeriod(query.period, tx.today)
    const fact = factOf(part)
    const [dimension, value] = query.where
      ? [query.where.slice(0, query.where.indexOf(':')), query.where.slice(query.where.indexOf(':') + 1)]
      : [null, '']
    if (dimension && !fact.dimensions[dimension]) throw fail('unknown-dimension', { measure: m.name, dimension })
    const q: Question = {
      ...question(tx, where, { stretch, tree: query.tree ?? 'today' }),
      filters: dimension ? [{ dimension, in: [value] }] : [],
    }
    const { total, sum, rows } = await findEvidence(tx, part, q, {
      limit: query.limit ?? 50,
      offset: query.offset ?? 0,
      search: query.search,
    })
    return {
      measure: infoOf(m),
      unit: { id: unit.id, name: unit.name },
      period: stretch,
      asOf: tx.now,
      total,
      sum,
      rows: rows.map((r) => ({ ...r, link: fact.link.replace('{id}', r.record) })),
    }
  })
