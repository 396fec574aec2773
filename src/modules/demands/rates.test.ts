import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHours, instantOf } from '#core/calendar.ts'
import { newId } from '#core/ids.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { plantMechanism } from './fixtures.ts'
import { add, noCounts, percent, rate, type RateRules, ratesOf } from './rates.ts'
import { insertCallbacks, insertDemands } from './store/bulk.ts'

const rules: RateRules = {
  bands: [
    { id: 'A', from: 90 },
    { id: 'B', from: 75 },
    { id: 'C', from: 0 },
  ],
  smallSample: 30,
  basicallyCounts: true,
  weights: undefined,
}

describe('rates as numbers', () => {
  it('are integers first and rounded half up on integers: 92/95 = 96.8%, 60/78 = 76.9%, 70/80 = 87.5%, 50/80 = 62.5% (REQ-R, ENG-03)', () => {
    expect([percent(92, 95), percent(60, 78), percent(70, 80), percent(50, 80)]).toEqual([
      '96.8%',
      '76.9%',
      '87.5%',
      '62.5%',
    ])
    expect([percent(1, 2000), percent(0, 5), percent(5, 5), percent(2, 3)]).toEqual(['0.1%', '0.0%', '100.0%', '66.7%'])
  })

  it('show — for an empty denominator and 样本不足 below 30, never 0% or 100% (REQ-R, REQ-11)', () => {
    expect(rate(rules, 0, 0)).toEqual({ numerator: 0, denominator: 0, text: '—', band: null })
    expect(rate(rules, 29, 29)).toEqual({ numerator: 29, denominator: 29, text: '样本不足', band: null })
    expect(rate(rules, 27, 30)).toEqual({ numerator: 27, denominator: 30, text: '90.0%', band: 'A' })
    expect(rate(rules, 89, 99)).toMatchObject({ text: '89.9%', band: 'B' })
  })

  it('have a composite only where weights are set and every rate has its cases (REQ-R)', () => {
    const counts = {
      ...noCounts,
      dispatched: 100,
      respondable: 100,
      responded: 90,
      solvable: 80,
      solved: 60,
      ratable: 80,
      satisfied: 64,
    }
    expect(ratesOf(rules, counts).composite).toBeNull()
    const weighed = { ...rules, weights: { response: 20, solved: 40, satisfied: 40 } }
    expect(ratesOf(weighed, counts).composite).toBe('80.0%')
    expect(ratesOf(weighed, { ...counts, solvable: 29, solved: 20 }).composite).toBeNull()
  })

  it('add up over units: the counts of the parts are the counts of the whole (REQ-R)', () => {
    const one = { ...noCounts, respondable: 3, responded: 2 }
    expect(add(one, add(one, noCounts))).toMatchObject({ respondable: 6, responded: 4, solvable: 0 })
  })
})

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  await plantMechanism(world, 'strict-one', {
    categories: [{ id: 'facility', name: '设施维修', level: 'any' }],
    basicallyCounts: false,
  })
  await plant('365-service')
  await plant('strict-one')
})
afterAll(() => base.close())

const OPENED = instantOf('2026-03-02', '09:00')

/** The worked example: 100 dispatched, 96 contacted in time; 5 excluded, 4 of them in time; 80 called back, 2 of those on the shelf. */
async function plant(mechanism: string) {
  await world.write(async (tx) => {
    const demands = Array.from({ length: 100 }, (_, i) => {
      const excluded = i < 5
      const late = i === 4 || (i >= 5 && i < 8)
      const place = i % 2 === 0 ? 'C11' : 'C21'
      return {
        id: newId(),
        mechanism_id: mechanism,
        channel: 'resident',
        category: i % 4 === 0 ? 'facility' : 'sanitation',
        grade: 'normal',
        title: '路灯不亮',
        place_id: world.unit[place] as string,
        place_path: world.path[place] as string,
        owner_id: world.unit[place] as string,
        owner_path: world.path[place] as string,
        state: 'called',
        respond_due_at: addHours(OPENED, 24),
        resolve_due_at: addHours(OPENED, 168),
        opened_at: OPENED,
        opened_on: '2026-03-02',
        dispatched_at: addHours(OPENED, 1),
        responded_at: addHours(OPENED, late ? 25 : 2),
        excluded_at: excluded ? addHours(OPENED, 200) : null,
        suspended_until: i === 5 || i === 6 ? '2026-08-01' : null,
      }
    })
    await insertDemands(tx, demands)
    const said = (i: number) => {
      const n = i - 5
      const outcome = n < 2 ? 'unsolved' : n < 62 ? 'solved' : n % 2 === 0 ? 'partly' : 'unsolved'
      const satisfaction = n < 50 ? 'satisfied' : n < 70 ? 'basically' : 'unsatisfied'
      return { outcome, satisfaction }
    }
    const call = (i: number, more: object) => ({
      id: newId(),
      demand_id: demands[i]?.id as string,
      round: 0,
      at: addHours(OPENED, 300),
      made_on: '2026-03-14',
      made_by: null,
      reached: true,
      outcome: null,
      satisfaction: null,
      ...more,
    })
    await insertCallbacks(tx, [
      // the excluded were called back too, and count nowhere
      ...[0, 1, 2, 3, 4].map((i) => call(i, { outcome: 'solved', satisfaction: 'satisfied' })),
      ...Array.from({ length: 80 }, (_, n) => call(n + 5, said(n + 5))),
      ...Array.from({ length: 15 }, (_, n) => call(n + 85, { reached: false })),
      // an earlier round that the later answer replaces
      call(10, { at: addHours(OPENED, 250), round: 1, outcome: 'unsolved', satisfaction: 'unsatisfied' }),
    ])
  })
}

const ask = async (more: string) => {
  const leader = await world.someone('leader', 'D')
  const answer = await leader.get(`/rates?unit=${world.unit['D']}&from=2026-03-01&to=2026-03-31&${more}`)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

describe('rates of a unit and a period', () => {
  it('reproduce the worked example: 100 dispatched → 92/95, 60/78, 70/80 (REQ-R)', async () => {
    const { whole } = await ask('mechanism=365-service')
    expect(whole).toMatchObject({
      dispatched: 100,
      excluded: 5,
      suspended: 2,
      response: { numerator: 92, denominator: 95, text: '96.8%', band: 'A' },
      solved: { numerator: 60, denominator: 78, text: '76.9%', band: 'B' },
      satisfied: { numerator: 70, denominator: 80, text: '87.5%', band: 'B' },
    })
  })

  it('count 基本满意 only where the mechanism says so: 50/80 = 62.5% (REQ-R)', async () => {
    expect((await ask('mechanism=strict-one')).whole.satisfied).toEqual({
      numerator: 50,
      denominator: 80,
      text: '62.5%',
      band: 'C',
    })
    expect((await ask('')).whole.satisfied).toMatchObject({ numerator: 120, denominator: 160 })
  })

  it('by child unit stand in the order of the tree and add up to the whole (REQ-11)', async () => {
    const { whole, rows } = await ask('mechanism=365-service&by=unit')
    expect(rows.map((r: { name: string }) => r.name)).toEqual(['临江街道', '柳林镇'])
    for (const part of ['response', 'solved', 'satisfied'])
      for (const side of ['numerator', 'denominator'])
        expect(
          rows.reduce((n: number, r: Record<string, Record<string, number>>) => n + (r[part]?.[side] ?? 0), 0),
        ).toBe(whole[part][side])
  })

  it('by category show 样本不足 where there are fewer than 30 cases (REQ-11)', async () => {
    const { rows } = await ask('mechanism=365-service&by=category')
    expect(
      rows.map((r: { name: string; response: { text: string; band: string | null } }) => [
        r.name,
        r.response.text,
        r.response.band,
      ]),
    ).toEqual([
      ['环境卫生', '95.8%', 'A'],
      ['设施维修', '样本不足', null],
    ])
  })

  it('of another period are empty, and of a unit outside not to be asked (AZ)', async () => {
    const leader = await world.someone('leader', 'S1')
    const empty = await leader.get(`/rates?unit=${world.unit['S1']}&from=2025-01-01&to=2025-12-31`)
    expect(empty.body['whole']).toMatchObject({
      dispatched: 0,
      response: { text: '—' },
      solved: { text: '—' },
      satisfied: { text: '—' },
    })
    expect((await leader.get(`/rates?unit=${world.unit['S2']}&from=2026-01-01&to=2026-12-31`)).status).toBe(404)
  })
})
