// A unit that is no more is still asked about: by whoever counts its records today, in every tree.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertDemands } from '#modules/demands/index.ts'
import { reorganiseUnits } from '#modules/units/actions/change.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { readFigure } from './fixtures.ts'

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  const ctx = new Context(
    base.ground,
    { token: null, requestId: newId(), address: '' },
    { district: world.district, actor: system },
  )
  // 书院社区 of one street goes into 柳林村 of the other
  await reorganiseUnits(ctx, {
    effectiveOn: '2025-07-01',
    reason: '调整',
    operations: [{ op: 'merge', unitIds: [world.unit['C12'] as string], intoId: world.unit['C21'] as string }],
  })
  await plantDemands([
    ['C12', '2025-02-01'],
    ['C12', '2025-03-01'],
    ['C21', '2025-03-01'],
    ['S1', '2025-03-01'],
  ])
})
afterAll(() => base.close())

/** What was raised at a place is told of that place for ever. */
const plantDemands = (raised: readonly [place: string, day: string][]) =>
  world.write((tx) =>
    insertDemands(
      tx,
      raised.map(([place, day]) => ({
        id: newId(),
        mechanism_id: '365-service',
        channel: 'secretary',
        category: 'care',
        grade: 'normal',
        title: '帮扶照料',
        place_id: world.unit[place] as string,
        place_path: world.path[place] as string,
        state: 'registered',
        respond_due_at: '2099-01-01T00:00:00Z',
        opened_at: `${day}T02:00:00Z`,
        opened_on: day,
        version: 1,
        report: false,
        round: 0,
        provisional: false,
      })),
    ),
  )

const TREES = ['today', 'day', '2025-06-30', '2025-07-01']
const EVERY = ['', '&by=child', '&by=month', '&by=quarter', '&by=kind', '&by=dim:category', '&compare=previous']

/** Value, every breakdown, series and evidence of 书院社区, in every tree. */
async function asks(asker: Asker, value: number) {
  const unit = world.unit['C12'] as string
  for (const tree of TREES) {
    const ask = `period=2025&unit=${unit}&tree=${tree}`
    for (const more of EVERY) {
      const figure = await readFigure(asker, `measures=demands.raised&${ask}${more}`)
      expect(figure.value, `${tree} ${more}`).toBe(value)
      if (more.startsWith('&by') && !['&by=month', '&by=quarter'].includes(more))
        expect(figure.rows.reduce((sum, r) => sum + (r.value ?? 0), 0)).toBe(value)
    }
    const evidence = await asker.get(`/figures/evidence?measure=demands.raised&${ask}`)
    expect([evidence.status, evidence.body['total']], tree).toEqual([200, value])
    for (const r of evidence.body['rows']) expect(r.unitId).toBe(unit)
  }
}

describe('a closed unit', () => {
  it('is opened by who counts its records today: the street it was merged into', async () => {
    const street = await world.someone('district-desk', 'S2')
    const whole = await readFigure(street, `measures=demands.raised&period=2025&unit=${world.unit['C21']}&by=child`)
    const row = whole.rows.find((r) => r.unitId === world.unit['C12'])
    expect([whole.value, row?.value]).toEqual([3, 2])
    await asks(street, 2)
  })

  it('stays open to the street it stood in last, and to the district', async () => {
    await asks(await world.someone('district-desk', 'S1'), 2)
    await asks(await world.someone('district-desk', 'D'), 2)
  })

  it('is as unknown as none to anybody else (AZ-03)', async () => {
    const other = await world.someone('district-desk', 'C11')
    for (const path of ['', '/evidence']) {
      const measure = path ? 'measure' : 'measures'
      const answer = await other.get(`/figures${path}?${measure}=demands.raised&unit=${world.unit['C12']}`)
      expect([answer.status, answer.body['code']]).toEqual([404, 'figure.unit-not-found'])
    }
  })
})
