import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addDays, addMonths, dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { escalateOverdue } from './actions/duty.ts'
import { type Cast, castOf, DAY, dispatched, done, HOUR, open, plantMechanism, raised } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
})
afterAll(() => base.close())
afterEach(() => clock.shiftForTest(0))

const today = () => dayOf(clock.now())
const signed = async (o: Parameters<typeof dispatched>[3] = {}) => {
  const id = await dispatched(world, cast.secretary, 'C11', o)
  await done(cast.secretary.post(`/demands/${id}/signature`))
  return id
}
const jobs = () =>
  new Context(base.ground, { token: null, requestId: 'job', address: '' }, { district: world.district, actor: system })

describe('clocks of a demand', () => {
  it('are extended once, before expiry, by no more than the first limit, and the resident reads why (REQ-05)', async () => {
    const { id, code } = await raised(world)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    const before = (await cast.secretary.get(`/demands/${id}`)).body['resolveDueAt']
    const week = { term: { amount: 5, unit: 'days' }, reason: '需要等待配件到货' }
    expect((await cast.secretary.post(`/demands/${id}/extension`, week)).status).toBe(403)
    expect(
      (await cast.organiser.post(`/demands/${id}/extension`, { ...week, term: { amount: 8, unit: 'days' } })).body[
        'code'
      ],
    ).toBe('demand.too-long-extension')
    const { dueAt } = await done(cast.organiser.post(`/demands/${id}/extension`, week))
    expect(dayOf(dueAt)).toBe(addDays(dayOf(before), 5))
    expect((await cast.organiser.post(`/demands/${id}/extension`, week)).body['code']).toBe('demand.extended-already')
    const followed = (await world.nobody.get(`/raised-demands/${code}`)).body
    expect(followed['resolveDueAt']).toBe(dueAt)
    expect(followed['steps'].at(-1)).toMatchObject({ step: 'extend', note: week.reason })
  })

  it('can’t be extended after expiry (REQ-05)', async () => {
    const id = await signed()
    clock.shiftForTest(9 * DAY)
    const organiser = await world.someone('street-organiser', 'OS1')
    expect(
      (await organiser.post(`/demands/${id}/extension`, { term: { amount: 1, unit: 'days' }, reason: '太晚了' })).body[
        'code'
      ],
    ).toBe('demand.too-late')
  })

  it('stand still while a demand is on the shelf with plan, leader and review day within six months (REQ-06)', async () => {
    const { id, code } = await raised(world)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    await done(cast.secretary.post(`/demands/${id}/signature`))
    const shelf = {
      reason: '管网改造未立项',
      plan: '列入明年改造计划',
      leader: '街道分管负责人',
      reviewOn: addMonths(today(), 6),
    }
    expect(
      (await cast.organiser.post(`/demands/${id}/suspension`, { ...shelf, reviewOn: addDays(shelf.reviewOn, 1) })).body[
        'code'
      ],
    ).toBe('demand.bad-review-day')
    const before = (await cast.secretary.get(`/demands/${id}`)).body
    await done(cast.organiser.post(`/demands/${id}/suspension`, shelf))
    const listed = (await cast.organiser.get('/demands?suspended=true')).body
    expect(listed['rows'].map((d: { id: string }) => d.id)).toEqual([id])
    expect(listed['rows'][0]).toMatchObject({ suspendedUntil: shelf.reviewOn, late: false })
    expect((await world.nobody.get(`/raised-demands/${code}`)).body).toMatchObject({ suspendedUntil: shelf.reviewOn })
    clock.shiftForTest(10 * DAY)
    const organiser = await world.someone('street-organiser', 'OS1')
    const { dueAt } = await done(organiser.post(`/demands/${id}/resumption`, { reason: '资金到位' }))
    expect(dayOf(dueAt)).toBe(addDays(dayOf(before['resolveDueAt']), 11))
    expect((await organiser.post(`/demands/${id}/resumption`, { reason: '再来一次' })).body['code']).toBe(
      'demand.not-suspended',
    )
  })

  it('a demand on the shelf is called back but not closed before it is handled again (REQ-06)', async () => {
    const id = await signed()
    await done(
      cast.organiser.post(`/demands/${id}/suspension`, {
        reason: '条件不具备',
        plan: '明年办理',
        leader: '分管负责人',
        reviewOn: addMonths(today(), 2),
      }),
    )
    await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '已列入计划，明年办理。', feasible: false }))
    await done(
      cast.caller.post(`/demands/${id}/callbacks`, { reached: true, outcome: 'unsolved', satisfaction: 'basically' }),
    )
    expect((await cast.caller.post(`/demands/${id}/closure`)).body['code']).toBe('demand.suspended')
    await done(cast.organiser.post(`/demands/${id}/resumption`, { reason: '可以办了' }))
    const page = (await cast.secretary.get(`/demands/${id}`)).body
    expect(page['demand']).toMatchObject({ state: 'signed', round: 1, suspendedUntil: null, outcome: null })
    await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '已经修好。' }))
    await done(
      cast.caller.post(`/demands/${id}/callbacks`, { reached: true, outcome: 'solved', satisfaction: 'satisfied' }),
    )
    await done(cast.caller.post(`/demands/${id}/closure`))
  })

  it('not accepted: the resident reads why and which lawful way is open', async () => {
    const { id, code } = await raised(world, '对判决不服')
    const no = { reason: '已经进入诉讼程序', legalChannel: '诉讼' }
    expect(
      (await cast.secretary.post(`/demands/${id}/declining`, { ...no, legalChannel: '找熟人' })).body['code'],
    ).toBe('demand.not-a-channel')
    await done(cast.secretary.post(`/demands/${id}/declining`, no))
    expect((await world.nobody.get(`/raised-demands/${code}`)).body).toMatchObject({
      state: 'declined',
      answer: '已经进入诉讼程序（可通过诉讼解决）',
    })
    expect((await cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] })).body['code']).toBe(
      'demand.wrong-state',
    )
  })
})

describe('supervision by the ladder', () => {
  it('tells each step up the tree exactly once per deadline, also when the job runs twice at once (CO-18)', async () => {
    await plantMechanism(world, 'laddered', {
      categories: [{ id: 'facility', name: '设施', level: 'community' }],
      ladder: [
        { amount: 1, unit: 'hours' },
        { amount: 3, unit: 'hours' },
      ],
    })
    const id = await dispatched(world, cast.secretary, 'C11', { mechanismId: 'laddered' })
    expect(await escalateOverdue(jobs())).toEqual({ demands: 0, steps: 0 })
    clock.shiftForTest(26 * HOUR)
    const two = await Promise.all([escalateOverdue(jobs()), escalateOverdue(jobs())])
    expect(two.reduce((n, r) => n + r.steps, 0)).toBeGreaterThanOrEqual(1)
    const told = async () => {
      const desk = await world.someone('district-desk', 'O')
      return (await desk.get(`/demands/${id}`)).body
    }
    expect((await told())['escalations'].map((e: { step: number; unitName: string }) => [e.step, e.unitName])).toEqual([
      [1, '临江街道'],
    ])
    clock.shiftForTest(28 * HOUR)
    await escalateOverdue(jobs())
    await escalateOverdue(jobs())
    const page = await told()
    expect(page['escalations'].map((e: { step: number; unitName: string }) => [e.step, e.unitName])).toEqual([
      [1, '临江街道'],
      [2, '青石区'],
    ])
    expect(page['timeline'].filter((e: { action: string }) => e.action === 'demand.escalate')).toHaveLength(2)
  })

  it('tells nobody a second before the step is due, and once from that second on (TI-07)', async () => {
    const id = await dispatched(world, cast.secretary, 'C11', { mechanismId: 'laddered' })
    const steps = async () => (await cast.secretary.get(`/demands/${id}`)).body['escalations'].length as number
    const { demand } = (await cast.secretary.get(`/demands/${id}`)).body
    const due = Date.parse(demand.dueAt) + HOUR
    const at = (instant: number) => clock.shiftForTest(instant - Date.now())
    at(due - 2_000)
    await escalateOverdue(jobs())
    clock.shiftForTest(0)
    expect(await steps()).toBe(0)
    at(due + 1_000)
    await Promise.all([escalateOverdue(jobs()), escalateOverdue(jobs())])
    await escalateOverdue(jobs())
    clock.shiftForTest(0)
    expect(await steps()).toBe(1)
  })

  it('starts anew on a later deadline, and never on one that stands still (REQ-02, REQ-05)', async () => {
    const id = await open(world, cast.secretary)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    await done(cast.secretary.post(`/demands/${id}/dispute`, { reason: '不属于社区', basis: '职责清单' }))
    clock.shiftForTest(20 * DAY)
    await escalateOverdue(jobs())
    const desk = await world.someone('district-desk', 'O')
    expect((await desk.get(`/demands/${id}`)).body['escalations']).toEqual([])
  })
})
