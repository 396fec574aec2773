// Keeps sums for units with many rows fresh, in transactions of a job: nothing is added to a sum, its days are made anew from the ledger.
import { addDays, addMonths, periodOf } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import type { Counted, Fact, Filter } from '#core/facts.ts'
import { catalogueOf } from './actions/known.ts'
import { allFacts } from './catalogue.ts'
import { dimensionsOf } from './compile/dimensions.ts'
import type { Roll } from './compile/rolled.ts'
import { viewOf } from './compile.ts'
import { isReady } from './settle.ts'
import { findHead } from './store/ledger.ts'
import { type Plan, rollDays } from './store/rolling.ts'
import {
  carryDays,
  countMonths,
  dropDays,
  dropEmpty,
  findBig,
  findDense,
  findFew,
  findRoll,
  findSpan,
  findStale,
  hasChanged,
  hasMoved,
  hasRows,
  insertRoll,
  takeRolling,
} from './store/rolls.ts'

export interface Bounds {
  /** Rows at and below a unit from which sums are kept for it. */
  many: number
  /** Values of a dimension up to which sums are kept by it. */
  values: number
  /** Rows for each block of persons from which these are kept as bits. */
  dense: number
  /** Changes since the last rolling that are left to the questions. */
  few: number
  /** Rows that are summed in one transaction. */
  rows: number
}

const usual: Bounds = { many: 20_000, values: 60, dense: 16, few: 2000, rows: 200_000 }

const isOf =
  (fact: Fact) =>
  (m: Counted | null): m is Counted =>
    m?.fact === fact.id

/** Filters the district's measures count a fact with. */
async function viewsOf(tx: Tx, fact: Fact): Promise<Plan['views']> {
  const catalogue = await catalogueOf(tx)
  const parts = catalogue.inForce.flatMap(({ measure }) => Object.values(catalogue.partsOf(measure))).filter(isOf(fact))
  const all: (readonly Filter[])[] = [[], ...parts.map((p) => p.filters ?? [])]
  return [...new Map(all.map((filters) => [viewOf(filters), { view: viewOf(filters), filters }])).values()]
}

async function dimensionsFor(tx: Tx, fact: Fact, no: number, values: number): Promise<string[]> {
  const own = await findFew(tx, no, Object.keys(fact.dimensions), values)
  return [...own, ...Object.keys(dimensionsOf(fact)).filter((d) => !Object.hasOwn(fact.dimensions, d))]
}

/** Ends of the last year's months, of the quarters of six years, and of what runs now, on which a stock is asked for most. */
function endsFor(today: string): string[] {
  const kinds = ['month', 'quarter', 'half', 'year'] as const
  const [month, quarter] = [periodOf(today, 'month').from, periodOf(today, 'quarter').from]
  return [
    ...kinds.map((kind) => periodOf(today, kind).to),
    ...Array.from({ length: 13 }, (_, i) => addDays(addMonths(month, -i), -1)),
    ...Array.from({ length: 24 }, (_, i) => addDays(addMonths(quarter, -3 * i), -1)),
  ]
}

/** Days sums are kept for: every month in which something happened; of a stock ends of periods. */
async function daysFor(tx: Tx, fact: Fact, no: number): Promise<string[]> {
  const span = await findSpan(tx, no)
  if (!span) return []
  const thisMonth = periodOf(tx.today, 'month').from
  if (fact.kind === 'stock') {
    return [...new Set(endsFor(tx.today))].filter((d) => d >= span.from).toSorted()
  }
  const last = span.to > tx.today ? thisMonth : periodOf(span.to, 'month').from
  const days: string[] = []
  for (let month = periodOf(span.from, 'month').from; month <= last; month = addMonths(month, 1)) days.push(month)
  return days
}

/** Days that are made in one transaction, with about so many rows: months that follow each other, days of a stock. */
async function partsOf(
  tx: Tx,
  fact: Fact,
  no: number,
  at: { days: readonly string[]; rows: number },
): Promise<string[][]> {
  const counts = await countMonths(tx, no)
  const all = counts.values().reduce((sum, n) => sum + n, 0)
  const isStock = fact.kind === 'stock'
  const parts: string[][] = []
  let rows = 0
  for (const day of at.days) {
    const own = isStock ? all : (counts.get(day) ?? 0)
    const last = parts.at(-1)
    if (last && rows + own <= at.rows && (isStock || addMonths(last.at(-1) as string, 1) === day)) last.push(day)
    else {
      parts.push([day])
      rows = 0
    }
    rows += own
  }
  return parts
}

const same = (a: readonly string[], b: readonly string[]) => a.toSorted().join('\n') === b.toSorted().join('\n')

interface Task {
  plan: Omit<Plan, 'roll'>
  /** Days to be made, in parts; the others are carried over from `from`. */
  parts: string[][]
  days: string[]
  from: number | null
}

/** What there is to do for a fact; null: nothing. */
async function taskFor(tx: Tx, fact: Fact, bounds: Bounds): Promise<Task | 'drop' | null> {
  const head = await findHead(tx)
  const no = head?.facts.get(fact.id)?.no
  if (!isReady(head) || no === undefined) return null
  const roll = await findRoll(tx, no)
  if (!(await hasRows(tx, no, bounds.many))) return roll ? 'drop' : null
  const views = await viewsOf(tx, fact)
  const dimensions = await dimensionsFor(tx, fact, no, bounds.values)
  const days = await daysFor(tx, fact, no)
  const dense = await findDense(tx, bounds.dense)
  const plan = { fact, no, knownAt: head.at, placedOn: tx.today, views, dimensions, dense }
  const split = (some: readonly string[]) => partsOf(tx, fact, no, { days: some, rows: bounds.rows })
  const fresh = async (): Promise<Task> => ({
    plan: { ...plan, ...(await findBig(tx, no, { placedOn: tx.today, many: bounds.many })) },
    parts: await split(days),
    days,
    from: null,
  })
  if (
    !roll ||
    !same(
      roll.views,
      views.map((v) => v.view),
    ) ||
    !same(roll.dimensions, dimensions)
  )
    return fresh()
  if (await hasMoved(tx, roll, tx.today)) return fresh()
  const missing = days.filter((d) => !roll.days.includes(d))
  if (missing.length === 0 && !(await hasChanged(tx, no, { after: roll.knownAt, until: head.at, over: bounds.few })))
    return null
  const stale = await findStale(tx, { no, fact }, roll, head.at)
  const again = days.filter((d) => missing.includes(d) || stale.includes(d))
  return { plan: { ...plan, ...(await unitsOf(tx, no, roll, bounds)) }, parts: await split(again), days, from: roll.no }
}

/** The same units as before: what grew big meanwhile is found when all is made anew. */
const unitsOf = (tx: Tx, no: number, roll: Roll, bounds: Bounds) =>
  findBig(tx, no, { placedOn: roll.placedOn, many: bounds.many, among: roll.big })

/** Does one part in a transaction of its own; false when another process is rolling. */
const inTurn = (ctx: Context, work: (tx: Parameters<typeof rollDays>[0]) => Promise<void>): Promise<boolean> =>
  ctx.ground.database.transact({ district: ctx.district, mode: 'long' }, async ({ db }) => {
    const tx = { db, district: ctx.district }
    if (!(await takeRolling(tx))) return false
    await work(tx)
    return true
  })

async function carryOut(ctx: Context, { plan, parts, days, from }: Task): Promise<void> {
  let roll = 0
  const begun = await inTurn(ctx, async (tx) => {
    roll = await insertRoll(tx, plan)
  })
  if (!begun) return
  for (const part of parts) if (!(await inTurn(ctx, (tx) => rollDays(tx, { ...plan, roll }, part)))) return
  await inTurn(ctx, async (tx) => {
    if (from !== null) await carryDays(tx, plan.no, from, roll)
    await dropDays(tx, plan.no, days, plan.dense)
    await dropEmpty(tx, plan.no, roll)
  })
}

async function drop(ctx: Context, fact: Fact): Promise<void> {
  const no = await ctx.read(null, async (tx) => (await findHead(tx))?.facts.get(fact.id)?.no)
  if (no === undefined) return
  await inTurn(ctx, async (tx) => {
    await dropDays(tx, no, [], 0)
    await dropEmpty(tx, no, 0)
  })
}

/** The rolling of a fact as it was made, to make it once more; null when there is none or units moved since. */
export async function planOf(tx: Tx, fact: Fact): Promise<{ plan: Plan; days: readonly string[] } | null> {
  const no = (await findHead(tx))?.facts.get(fact.id)?.no
  const roll = no === undefined ? null : await findRoll(tx, no)
  if (no === undefined || !roll || (await hasMoved(tx, roll, tx.today))) return null
  const { knownAt, placedOn, dimensions, days } = roll
  const views = (await viewsOf(tx, fact)).filter((v) => roll.views.includes(v.view))
  const units = await unitsOf(tx, no, roll, usual)
  const dense = await findDense(tx, usual.dense)
  return { plan: { fact, no, roll: roll.no, knownAt, placedOn, views, dimensions, dense, ...units }, days }
}

/** Drops what is kept of a fact and makes it anew. */
export async function mend(ctx: Context, fact: Fact, bounds: Bounds = usual): Promise<void> {
  await drop(ctx, fact)
  const task = await ctx.heavy(null, (tx) => taskFor(tx, fact, bounds))
  if (task && task !== 'drop') await carryOut(ctx, task)
}

/** Brings all sums of a district up to date where that is worth while. */
export async function rollUp(ctx: Context, bounds: Bounds = usual): Promise<void> {
  for (const fact of allFacts()) {
    const task = await ctx.heavy(null, (tx) => taskFor(tx, fact, bounds))
    if (task === 'drop') await drop(ctx, fact)
    else if (task) await carryOut(ctx, task)
  }
}
