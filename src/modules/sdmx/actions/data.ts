// Observations: every number comes from the same reading as the screens, the same rights, small groups shown to nobody.
import type { Context, Tx } from '#core/context.ts'
import type { Period } from '#core/calendar.ts'
import type { Figures } from '#modules/figures/contract.ts'
import { ask, type Head, readIn } from '#modules/figures/index.ts'
import { fail } from '../contract.ts'
import { type Area, type Item, type Offered, type Published, publishedIn } from '../model.ts'
import { isMatch, type Key, mayBe } from '../rules/key.ts'
import { type Frequency, frequencies, periodsIn, type Span } from '../rules/time.ts'
import { findSender } from '../store.ts'

export interface Obs {
  period: string
  value: number | null
  status: 'A' | 'P' | 'O' | 'Q'
  numerator: number | null
  denominator: number | null
}

export interface Series {
  freq: Frequency
  area: string
  indicator: string
  unit: string
  obs: readonly Obs[]
}

export interface DataSet {
  flow: Item
  sender: Published['sender']
  prepared: string
  asOf: string
  areas: readonly Area[]
  offered: readonly Offered[]
  series: readonly Series[]
  /** what of it the client wants to see */
  show: { values: boolean; attributes: boolean; flat: boolean }
}

export interface Question {
  flow: string
  agency: string
  keys: readonly Key[]
  span(today: string): Span
  asOf?: string | undefined
  first?: number | undefined
  last?: number | undefined
  show: DataSet['show']
}

/** Readings of one request: a measure, a period and a level of the tree each. */
const MOST = 3000

/** One question to the figures: a unit, and with a level all units of that level below it. */
interface Reading {
  unit: string
  level: number | null
}

const depthOf = (path: string) => path.split('.').length - 2

/** The lowest of the visible units that has all the wanted ones at or below it. */
function above(areas: readonly Area[], wanted: readonly Area[]): Area {
  const over = areas.filter((a) => wanted.every((w) => w.path.startsWith(a.path)))
  return over.toSorted((a, b) => b.path.length - a.path.length)[0] as Area
}

/** Wanted units by the highest unit of the asker they stand below, each read level by level from where they meet. */
function readingsOf(areas: readonly Area[], wanted: readonly Area[]): Reading[] {
  const tops = areas.filter((a) => !areas.some((o) => o !== a && a.path.startsWith(o.path)))
  return tops.flatMap((top) => {
    const here = wanted.filter((w) => w.path.startsWith(top.path))
    if (here.length === 0) return []
    const from = above(
      areas.filter((a) => a.path.startsWith(top.path)),
      here,
    )
    const levels = [...new Set(here.filter((w) => w !== from).map((w) => depthOf(w.path)))]
    return [
      ...(here.includes(from) && levels.length === 0 ? [{ unit: from.id, level: null }] : []),
      ...levels.map((level) => ({ unit: from.id, level })),
    ]
  })
}

/** Numbers of one answer by unit id; the asked unit itself rides along with every level. */
function* cellsOf({ unit, figures }: Figures) {
  for (const figure of figures) {
    yield { unitId: unit.id, indicator: figure.measure.id, number: figure }
    for (const row of figure.rows)
      yield { unitId: row.unitId, path: row.key, indicator: figure.measure.id, number: row }
  }
}

function obsOf(
  n: Figures['figures'][number]['rows'][number] | Figures['figures'][number],
  p: Period,
  today: string,
): Obs {
  const { value, numerator, denominator, suppressed } = n
  if (suppressed) return { period: p.key, value: null, status: 'Q', numerator: null, denominator: null }
  return { period: p.key, value, status: value === null ? 'O' : p.to >= today ? 'P' : 'A', numerator, denominator }
}

interface Wanted {
  tree: 'place' | 'org'
  areas: readonly Area[]
  offered: readonly Offered[]
}

/** What is asked for in each of the two trees. */
function wantedOf({ areas, offered }: Published, { flow, keys }: Question): Wanted[] {
  return (['place', 'org'] as const).flatMap((tree) => {
    const of = {
      tree,
      areas: areas.filter((a) => a.tree === tree && mayBe(keys, 'REF_AREA', a.area)),
      offered: offered.filter((o) => o.flow === flow && o.tree === tree && mayBe(keys, 'INDICATOR', o.indicator)),
    }
    return of.areas.length > 0 && of.offered.length > 0 ? [of] : []
  })
}

/** One period of one tree, read level by level. */
interface Step {
  wanted: Wanted
  readings: readonly Reading[]
  freq: Frequency
  period: Period
}

/** @throws sdmx.too-much */
function stepsOf(published: Published, q: Question, today: string): Step[] {
  const span = q.span(today)
  const steps = wantedOf(published, q).flatMap((wanted) => {
    const visible = published.areas.filter((a) => a.tree === wanted.tree)
    const readings = readingsOf(visible, wanted.areas)
    return (Object.keys(frequencies) as Frequency[])
      .filter((freq) => mayBe(q.keys, 'FREQ', freq))
      .flatMap((freq) => periodsIn(freq, span, today).map((period) => ({ wanted, readings, freq, period })))
  })
  const asked = steps.reduce((sum, s) => sum + s.readings.length * s.wanted.offered.length, 0)
  if (asked > MOST) throw fail('too-much', { asked, most: MOST })
  return steps
}

interface Found {
  area: Area
  of: Offered
  obs: Obs
}

/** Every wanted number of one step, once. */
async function numbersOf(at: { tx: Tx; head: Head }, step: Step, known: string | undefined): Promise<Found[]> {
  const { wanted, readings, period } = step
  const areas = new Map(wanted.areas.map((a) => [a.id, a]))
  const offered = new Map(wanted.offered.map((o) => [o.measure.id, o]))
  const found = new Map<string, Found>()
  for (const { unit, level } of readings) {
    const read = await readIn(at, {
      measures: [...offered.keys()].join(','),
      unit,
      period: period.key,
      published: true,
      ...(level === null ? {} : { by: `level:${level}` }),
      ...(known ? { known } : {}),
    })
    for (const cell of cellsOf(read)) {
      const area = areas.get(cell.unitId ?? '')
      const of = offered.get(cell.indicator)
      // rows above the level stand for what a unit has of its own, not for the unit
      if (!area || !of || (cell.path !== undefined && cell.path !== area.path)) continue
      found.set(`${area.area}.${of.indicator}`, { area, of, obs: obsOf(cell.number, period, at.tx.today) })
    }
  }
  return [...found.values()]
}

async function seriesOf(at: { tx: Tx; head: Head }, published: Published, q: Question): Promise<Series[]> {
  const all = new Map<string, Series & { obs: Obs[] }>()
  for (const step of stepsOf(published, q, at.tx.today))
    for (const { area, of, obs } of await numbersOf(at, step, q.asOf)) {
      const key = { FREQ: step.freq, REF_AREA: area.area, INDICATOR: of.indicator }
      if (!isMatch(q.keys, key)) continue
      const id = Object.values(key).join('.')
      const { freq } = step
      const series = all.get(id) ?? {
        freq,
        area: area.area,
        indicator: of.indicator,
        unit: of.measure.classifier,
        obs: [],
      }
      series.obs.push(obs)
      all.set(id, series)
    }
  return [...all.values()]
}

const cut = ({ first, last }: Question, obs: readonly Obs[]) =>
  last ? obs.slice(-last) : first ? obs.slice(0, first) : obs

/** @throws sdmx.unknown-flow, sdmx.no-data, sdmx.too-much; figure.* as reading does */
export const readData = (ctx: Context, q: Question): Promise<DataSet> =>
  ask(ctx, 'figure.read', async (tx, head) => {
    const published = await publishedIn(tx, await findSender(tx))
    const flow = published.flows.find((f) => f.id === q.flow)
    if (!flow || !['JISHI', 'all', '*'].includes(q.agency)) throw fail('unknown-flow', { flow: q.flow })
    const series = (await seriesOf({ tx, head }, published, q)).map((s) => ({ ...s, obs: cut(q, s.obs) }))
    if (series.length === 0) throw fail('no-data')
    const { areas, offered, sender } = published
    return { flow, sender, prepared: tx.now, asOf: q.asOf ?? head.at, areas, offered, series, show: q.show }
  })
