import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, addMonths, dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { dueAfter, dueWithin, lightOf } from './rules/terms.ts'

describe('a light (BR-12)', () => {
  const today = '2026-06-01'
  it.each([
    ['2026-11-29', 'in-term'],
    ['2026-11-28', 'soon'],
    ['2026-06-01', 'soon'],
    ['2026-05-31', 'expired'],
    ['2025-06-01', 'expired'],
    ['2025-05-31', 'severe'],
  ] as const)('of a term due on %s is %s, and the list that asks for it finds the same day', (due, light) => {
    expect(lightOf(due, today)).toBe(light)
    for (const asked of ['in-term', 'soon', 'expired', 'severe'] as const) {
      const { from, before } = dueWithin(asked, today)
      expect((!from || due >= from) && (!before || due < before), asked).toBe(asked === light)
    }
  })

  it('counts years from the day of the election, the last of a month where the day does not exist (BR-11, ENG-01)', () => {
    expect(dueAfter('2024-02-29', 3)).toBe('2027-02-28')
    expect(dueAfter('2021-03-15', 5)).toBe('2026-03-15')
  })
})

let base: Base
let world: World
let desk: Asker
let street: Asker
let community: Asker
let village: Asker
const today = dayOf(clock.now())
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  desk = await world.someone('district-desk', 'O')
  street = await world.someone('street-organiser', 'OS1')
  community = await world.someone('community-secretary', 'OC11')
  village = await world.someone('community-secretary', 'OC21')
})
afterAll(() => base.close())

const at = (short: string) => world.unit[short] as string
const elect = (who: Asker, unit: string, no: number, electedOn: string) =>
  who.post(`/units/${at(unit)}/terms`, { mechanismId: 'party-orgs', no, electedOn, basis: '临江党工委〔2024〕3号' })
const rowOf = async (who: Asker, unit: string) =>
  (await who.get('/terms?limit=500')).body['rows'].find((r: { id: string }) => r.id === at(unit))

describe('terms of organisations', () => {
  it('every organisation that elects is on the list, also where no term is known; departments are not (BR-06)', async () => {
    const { rows, total } = (await desk.get('/terms?sort=unit')).body as {
      rows: { unitName: string; light: string; years: number }[]
      total: number
    }
    expect(total).toBe(4)
    expect(rows.map((r) => [r.unitName, r.years, r.light])).toEqual(
      expect.arrayContaining([
        ['中共青石区委', 5, 'none'],
        ['望江社区党总支', 5, 'none'],
        ['江畔花园小区党支部', 3, 'none'],
        ['柳林村党支部', 3, 'none'],
      ]),
    )
    expect((await elect(desk, 'CITY', 1, '2024-03-01')).body['code']).toBe('term.no-elections')
    expect((await elect(desk, 'OS1', 1, '2024-03-01')).body['code']).toBe('term.no-elections')
  })

  it('the term before ends with the next; numbers and days follow each other, and earlier ones may be told later (ENG-07)', async () => {
    const first = addMonths(today, -50)
    expect((await elect(community, 'OE111', 4, first)).status).toBe(201)
    expect(await rowOf(community, 'OE111')).toMatchObject({ light: 'severe', term: { no: 4 }, can: ['unit.register'] })
    const second = addMonths(today, -10)
    expect((await elect(community, 'OE111', 4, second)).body).toMatchObject({ code: 'term.number' })
    expect((await elect(community, 'OE111', 5, second)).status).toBe(201)
    expect(await rowOf(community, 'OE111')).toMatchObject({ light: 'in-term', term: { no: 5, electedOn: second } })
    expect((await elect(community, 'OE111', 3, addMonths(first, -20))).status).toBe(201)
    expect((await elect(community, 'OE111', 6, second)).body['code']).toBe('term.same-day')
    expect((await elect(community, 'OE111', 6, today)).body['code']).toBe('term.early')
    expect((await elect(community, 'OE111', 6, addDays(today, 1))).body['code']).toBe('register.bad-day')
    const { terms } = (await community.get(`/units/${at('OE111')}/terms`)).body as {
      terms: { no: number; endedOn: string | null; current: boolean }[]
    }
    expect(terms.map((t) => [t.no, t.endedOn])).toEqual([
      [5, null],
      [4, second],
      [3, first],
    ])
  })

  it('is written once, however many write at once (CO-01)', async () => {
    const tries = await Promise.all(Array.from({ length: 5 }, () => elect(village, 'OC21', 2, addMonths(today, -34))))
    expect(tries.map((t) => t.status).toSorted()).toEqual([201, 409, 409, 409, 409])
    expect(await rowOf(village, 'OC21')).toMatchObject({ light: 'soon', term: { no: 2 } })
  })

  it('out of sight is 404, in sight without the verb 403 (AZ-01)', async () => {
    expect((await elect(village, 'OE111', 9, today)).status).toBe(404)
    expect(
      (
        await (
          await world.someone('leader', 'O')
        ).post(`/units/${at('OE111')}/terms`, {
          mechanismId: 'party-orgs',
          no: 9,
          electedOn: today,
          basis: '文号',
        })
      ).status,
    ).toBe(403)
    expect((await village.get('/terms')).body['rows'].map((r: { id: string }) => r.id)).toEqual([at('OC21')])
    const byPlace = await desk.get(`/terms?unit=${at('C11')}&sort=unit`)
    expect(byPlace.body['rows'].map((r: { unitName: string }) => r.unitName)).toEqual([
      '望江社区党总支',
      '江畔花园小区党支部',
    ])
  })
})

describe('a term is moved (BR-12)', () => {
  it('by a year at most, by the superior organisation, never by whoever asked; then the light follows', async () => {
    const elected = addMonths(today, -61)
    const term = (await elect(community, 'OC11', 7, elected)).body['id'] as string
    const due = addMonths(elected, 60)
    expect(await rowOf(community, 'OC11')).toMatchObject({ light: 'expired' })
    const ask = (who: Asker, toDay: string) =>
      who.post(`/terms/${term}/shifts`, { toDay, reason: '并入新社区，拟与社区换届同步' })
    expect((await ask(community, addDays(addMonths(due, 12), 1))).body).toMatchObject({
      code: 'term.beyond-year',
      ground: 'BR-12',
    })
    expect((await ask(village, addMonths(due, 6))).status).toBe(404)
    const asked = await ask(community, addMonths(due, 12))
    expect(asked.status).toBe(201)
    expect((await ask(street, addMonths(due, 3))).body['code']).toBe('term.asked-already')
    const decide = (who: Asker, granted = true) =>
      who.post(`/term-shifts/${asked.body['id']}/decision`, { granted, basis: '临江党工委〔2026〕8号' })
    expect((await decide(community)).status).toBe(403)
    const waiting = (await street.get('/term-shifts?state=asked')).body['rows']
    expect(waiting).toMatchObject([{ unitName: '望江社区党总支', no: 7, fromDay: due, can: ['term.approve'] }])
    const mine = async (who: Asker) => (await who.get('/term-shifts?decidable=true')).body['total'] as number
    expect([await mine(street), await mine(desk), await mine(community), await mine(village)]).toEqual([1, 1, 0, 0])
    expect((await street.get('/term-shifts?decidable=false')).body['total']).toBe(1)
    expect((await decide(street)).status).toBe(200)
    expect([await mine(street), await mine(desk)]).toEqual([0, 0])
    expect((await decide(desk)).body['code']).toBe('term.decided')
    expect(await rowOf(community, 'OC11')).toMatchObject({
      light: 'in-term',
      asked: false,
      term: { dueOn: addMonths(due, 12), regularDueOn: due },
    })
  })

  it('whoever asked cannot grant it, though he answers for the superior as well', async () => {
    const term = (await rowOf(street, 'OC11')).term
    const asked = await street.post(`/terms/${term.id}/shifts`, {
      toDay: addMonths(term.regularDueOn, 2),
      reason: '改期',
    })
    const path = `/term-shifts/${asked.body['id']}`
    expect((await street.post(`${path}/decision`, { granted: true, basis: '自批' })).body).toMatchObject({
      code: 'term.same-hand',
      ground: 'BR-12',
    })
    const waiting = (who: Asker) => who.get('/term-shifts?decidable=true')
    expect((await waiting(street)).body['total'], 'his own wish is not his to decide').toBe(0)
    expect((await waiting(desk)).body['rows']).toMatchObject([{ id: asked.body['id'], can: ['term.approve'] }])
    expect((await street.post(`${path}/withdrawal`)).status).toBe(200)
    expect((await desk.post(`${path}/decision`, { granted: true, basis: '再批' })).body['code']).toBe('term.decided')
  })

  it('the wish is the organisation’s: whoever keeps its register takes it back, whose word it waits for decides instead (BR-12)', async () => {
    const colleague = await world.someone('community-secretary', 'OC11')
    const term = (await rowOf(community, 'OC11')).term
    const ask = async (who: Asker) => {
      const toDay = addMonths(term.regularDueOn, 3)
      const asked = await who.post(`/terms/${term.id}/shifts`, { toDay, reason: '人员调整' })
      expect(asked.status, JSON.stringify(asked.body)).toBe(201)
      return `/term-shifts/${asked.body['id']}`
    }
    const may = async (who: Asker) => (await who.get('/term-shifts?state=asked')).body['rows'][0].can
    const path = await ask(community)
    expect([await may(community), await may(colleague)]).toEqual([['withdraw'], ['withdraw']])
    expect([await may(street), await may(desk)]).toEqual([['term.approve'], ['term.approve']])
    expect((await street.post(`${path}/withdrawal`)).body).toMatchObject({ code: 'term.yours-to-decide', status: 409 })
    expect((await village.post(`${path}/withdrawal`)).status).toBe(404)
    expect((await colleague.post(`${path}/withdrawal`)).status).toBe(200)
    expect((await community.post(`${path}/withdrawal`)).body['code']).toBe('term.decided')
    // what the street asked for the community is the community’s to take back
    expect((await community.post(`${await ask(street)}/withdrawal`)).status).toBe(200)
  })

  it('an election told in error is voided, the term before holds again, and the numbers agree (STAT-03)', async () => {
    const figures = async () => {
      const measures = 'units.terms-due,units.terms-in-order,units.terms-expired,units.terms-unknown,units.elections'
      const query = `measures=${measures}&unit=${at('O')}&period=${addDays(today, -3650)}..${today}`
      const found = (await desk.get(`/figures?${query}`)).body['figures'] as { value: number }[]
      return found.map((f) => f.value)
    }
    const before = await figures()
    const row = await rowOf(community, 'OE111')
    expect((await community.post(`/terms/${row.term.id}/voiding`, { reason: '选举日登记有误' })).status).toBe(200)
    expect(await rowOf(community, 'OE111')).toMatchObject({ light: 'severe', term: { no: 4 } })
    const after = await figures()
    expect(after.map((n, i) => n - (before[i] as number))).toEqual([0, -1, 1, 0, -1])
    const { lights } = (await desk.get('/term-lights')).body as { lights: { light: string; units: number }[] }
    expect(Object.fromEntries(lights.map((l) => [l.light, l.units]))).toEqual({
      'in-term': 1,
      soon: 1,
      expired: 0,
      severe: 1,
      none: 1,
    })
  })

  it('what was asked about the day of a term is settled by the election itself: the superior has nothing left to decide', async () => {
    const { term } = await rowOf(community, 'OE111')
    const toDay = addMonths(term.regularDueOn, 6)
    const asked = await community.post(`/terms/${term.id}/shifts`, { toDay, reason: '与社区换届同步' })
    expect((await elect(community, 'OE111', 5, addMonths(today, -1))).status).toBe(201)
    const { shifts } = (await street.get(`/units/${at('OE111')}/terms`)).body
    expect(shifts).toMatchObject([{ id: asked.body['id'], state: 'withdrawn', basis: '第5届已选举', can: [] }])
  })

  it('what is past stands among what is stuck, and what was asked waits there for the superior (BR-12)', async () => {
    const past = (await desk.get('/terms?light=past')).body['total'] as number
    const elected = addMonths(today, -38)
    // its one term was entered in error: an older one holds again, and is past
    await elect(village, 'OC21', 1, elected)
    const before = await rowOf(village, 'OC21')
    await village.post(`/terms/${before.term.id}/voiding`, { reason: '届次登记有误' })
    const leader = await world.someone('leader', 'O')
    const kinds = async () =>
      Object.fromEntries(
        ((await leader.get('/stuck')).body['kinds'] as { id: string; total: number }[]).map((k) => [k.id, k.total]),
      )
    expect((await kinds())['term-past']).toBe(past + 1)
    const { term } = await rowOf(village, 'OC21')
    await village.post(`/terms/${term.id}/shifts`, {
      toDay: addMonths(term.regularDueOn, 12),
      reason: '村级换届统一安排',
    })
    expect((await kinds())['term-shift']).toBe(1)
  })
})
