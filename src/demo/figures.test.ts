// The demo district is what the figures are shown on: whatever its engines can produce of the field's yearly reviews is there, and is equal.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type ArticleFigure, figuresCoverage } from '#figures-coverage.ts'
import { catalogueNow } from '#modules/figures/actions/known.ts'
import { readFigures } from '#modules/figures/actions/read.ts'
import { verifyFigures } from '#modules/figures/verify.ts'
import { type Base, openBase } from '../../test/harness.ts'
import { ensureDemo } from './index.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
  await ensureDemo(base.ground, base.ownerUrl, base.folder, () => {})
}, 240_000)
afterAll(() => base.close())

const ctx = () =>
  new Context(base.ground, { token: null, requestId: newId(), address: '' }, { district: 1, actor: system })

const unitNamed = (name: string | undefined) =>
  ctx().read(null, async (tx) => {
    const q = tx.db.selectFrom('unit').select('id').where('district_id', '=', 1).where('tree', '=', 'org')
    const found = await (name ? q.where('name', '=', name) : q.where('parent_id', 'is', null)).executeTakeFirstOrThrow()
    return found.id
  })

/** 余, 多: at least the printed number and not a tenth more; 近 just below; printed in 万 it is equal once rounded so. */
function isSaidOf(f: ArticleFigure, value: number): boolean {
  const printed = f.value ?? Number.NaN
  if (f.bound === 'lower') return value >= printed && value < printed * 1.15
  if (f.bound === 'upper') return value < printed && value > printed * 0.9
  return value === printed || (printed >= 10_000 && Math.round(value / 100) * 100 === printed)
}

/** What stays at nothing, and why. */
const silent: Record<string, string> = {
  'own.reported-claims':
    'the problems of 双报到 are last year’s, as printed; one claimed this year would change the 19,812 claims',
  'own.reported-solved': 'as above: they were solved last year',
}

const ours = /^(units|people|talents|demands)\./

describe('the demo district', () => {
  const produced = figuresCoverage().filter((f) => f.state === 'produced')

  it('has all 141 figures mapped: to a measure, to the engine that is not there yet, or to the reason why it is none', () => {
    const all = figuresCoverage()
    expect(all.length).toBe(141)
    expect(new Set(all.map((f) => f.id)).size).toBe(141)
    const ours = all.filter((f) => ['units', 'people', 'demands'].includes(f.module))
    expect(ours.filter((f) => f.state === 'not-yet')).toEqual([])
  })

  it.each(produced.map((f) => [f.id, f.measure as string, f] as const))(
    'produces %s by %s',
    async (_, measure, f) => {
      const unit = await unitNamed(f.at)
      const { figures } = await readFigures(ctx(), { measures: measure.replaceAll('+', ','), unit, period: f.period })
      const values = figures.map((x) => x.value)
      expect(new Set(values).size, `one number for all of ${measure}: ${values.join()}`).toBe(1)
      expect(isSaidOf(f, values[0] ?? Number.NaN), `${values[0]} for ${f.bound} ${f.value}`).toBe(true)
    },
    60_000,
  )

  it('shows something of everything that can be counted of units, people, talents and demands this year', async () => {
    const unit = await unitNamed(undefined)
    const measures = await ctx().read(null, async (tx) => {
      const catalogue = await catalogueNow(tx)
      return catalogue.inForce.filter((k) => ours.test(catalogue.partsOf(k.measure).numerator.fact)).map((k) => k.id)
    })
    expect(measures.length).toBeGreaterThan(100)
    const nothing: string[] = []
    for (const measure of measures) {
      const { figures } = await readFigures(ctx(), { measures: measure, unit, period: 'this-year' })
      if (!figures[0]?.value) nothing.push(measure)
    }
    expect(nothing.toSorted()).toEqual(Object.keys(silent).toSorted())
  }, 60_000)

  it('is found right by the night: every number rests on what its records say', async () => {
    await verifyFigures(ctx())
    const alarms = await ctx().read(null, (tx) =>
      tx.db
        .selectFrom('history')
        .select('body')
        .where('district_id', '=', 1)
        .where('action', '=', 'figures.alarm')
        .execute(),
    )
    expect(alarms).toEqual([])
  }, 120_000)
})
