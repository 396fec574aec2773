// The balance of a stock of persons, with every cause; the persons in whom it does not hold are named to who may see them.
import type { Context, Tx } from '#core/context.ts'
import type { Counted, Names } from '#core/facts.ts'
import { canAnywhere } from '#core/permissions.ts'
import { type Catalogue, factOf, infoOf, isBalance, type Known } from '../catalogue.ts'
import { type Balance, type BalanceQuery, fail } from '../contract.ts'
import { readPeriod } from '../period.ts'
import { hiddenInBalance, whyBroken } from '../rules/balance.ts'
import type { Sizes } from '../rules/small.ts'
import { ask } from '../settle.ts'
import { findBroken, findSides, sideOf } from '../store/balance.ts'
import type { Head } from '../store/ledger.ts'
import { catalogueOf, namesFor } from './known.ts'
import { Curtain, smallFor } from './small.ts'
import { type Asked, question, unitOf, whereOf } from './where.ts'

const NAMED = 200

function balancedStock(catalogue: Catalogue, known: Known): Counted {
  const { measure } = known
  if (!isBalance(measure)) throw fail('not-balanced', { measure: measure.name })
  return catalogue.partsOf(measure).numerator
}

const total = (sizes: Sizes) => [...sizes.values()].reduce((n, v) => n + v, 0)

const causesOf = (sizes: Sizes, names: Names, hidden: ReadonlySet<string>) =>
  [...sizes].map(([key, value]) => ({
    key,
    name: names[key] ?? (key || '未注明原因'),
    value: hidden.has(key) ? null : value,
  }))

async function brokenOf(tx: Tx, m: Counted, q: Awaited<ReturnType<typeof question>>) {
  const { rows, total: brokenTotal } = await findBroken(tx, m, q, NAMED)
  const named = canAnywhere(tx.actor, factOf(m).evidenceVerb)
  return { brokenTotal, broken: named ? rows.map(({ total: _, ...r }) => ({ ...r, why: whyBroken(r) })) : [] }
}

export const readBalance = (ctx: Context, query: BalanceQuery): Promise<Balance> =>
  ask(ctx, 'figure.read', (tx, head) => balanceIn({ tx, head }, query))

/** @throws figure.not-balanced for any other measure */
export async function balanceIn({ tx, head }: { tx: Tx; head: Head }, query: BalanceQuery): Promise<Balance> {
  const catalogue = await catalogueOf(tx)
  const known = catalogue.get(query.measure)
  const m = balancedStock(catalogue, known)
  const unit = await unitOf(tx, query.unit)
  const asked: Asked = {
    stretch: readPeriod(query.period, tx.today),
    tree: 'today',
    known: query.known ?? null,
    head,
  }
  const where = await whereOf(tx, unit, m, asked)
  const q = await question(tx, where, m, asked)
  const sides = await findSides(tx, m, q)
  const small = await smallFor(tx, unit.path, false)
  const curtain = (part: Counted) => new Curtain(tx, part, where, { ...asked, ...small })
  const whole = await curtain(m).hidesTotal()
  const guardedIn = async (side: 'in' | 'out') => {
    const flow = curtain(sideOf(m, side))
    const hides = await flow.hidesValues(factOf(m).flows?.[side] ?? '')
    const causes = new Set<string>()
    for (const cause of sides[side].keys()) if (await hides(cause)) causes.add(cause)
    return { whole: await flow.hidesTotal(), causes }
  }
  const guarded = { in: await guardedIn('in'), out: await guardedIn('out') }
  const hidden = hiddenInBalance(sides, whole ? Number.POSITIVE_INFINITY : small.limit, guarded)
  const find = namesFor(tx)
  const { flows } = factOf(m)
  const [came, went] = [total(sides.in), total(sides.out)]
  const anything = hidden.flows || hidden.in.size > 0 || hidden.out.size > 0
  const broken = await brokenOf(tx, m, q)
  return {
    measure: await infoOf(catalogue, known, find),
    unit: { id: unit.id, name: unit.name },
    period: asked.stretch,
    asOf: asked.known ?? head.at,
    opening: hidden.ends ? null : sides.opening,
    in: hidden.flows ? null : came,
    out: hidden.flows ? null : went,
    closing: hidden.ends ? null : sides.closing,
    increases: causesOf(sides.in, await find(factOf(m), flows?.in ?? ''), hidden.in),
    decreases: causesOf(sides.out, await find(factOf(m), flows?.out ?? ''), hidden.out),
    holds: broken.brokenTotal === 0,
    difference: sides.opening + came - went - sides.closing,
    ...broken,
    suppression: anything ? `不足${small.limit}人的数，以及能推出它的数，不显示` : null,
  }
}
