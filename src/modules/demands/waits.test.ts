// What waits for whom besides the state: the list asked with `waits` shows it to the hand that owes the step, and to no other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, addHours } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Cast, castOf, DAY, done, open, plantMechanism } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
let other: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
  other = await world.someone('street-organiser', 'S2')
  await plantMechanism(world, 'sirens', {
    categories: [{ id: 'facility', name: '占道', level: 'any' }],
    confirmation: 'none',
    whistle: { enabled: true, limit: { amount: 2, unit: 'hours' } },
  })
  await plantMechanism(world, 'inspected', {
    categories: [{ id: 'facility', name: '点位', level: 'any' }],
    confirmation: 'verification',
  })
})
afterAll(() => base.close())

const waiting = async (who: Asker, waits: string, of = 'demands') => {
  const list = await done(who.get(`/${of}?waits=${waits}`))
  if (of === 'demands') {
    const counts = await done(who.get(`/demand-counts?waits=${waits}`))
    expect(counts['total']).toBe(list['total'])
  }
  expect(list['rows']).toHaveLength(list['total'])
  return list['rows'].map((r: { id: string }) => r.id)
}

describe('what waits', () => {
  it('a whistle: the called unit reports in, reports back, then the street rates it (吹哨报到)', async () => {
    const { id } = await done(
      cast.organiser.post('/whistles', {
        mechanismId: 'sirens',
        placeId: world.unit['S1'],
        category: 'facility',
        words: '消防通道被占',
        unitIds: [world.unit['CITY']],
      }),
    )
    const page = await done(cast.organiser.get(`/demands/${id}`))
    const part = page['dispatches'].find((x: { role: string }) => x.role === 'support')
    const at = `/demands/${id}/dispatches/${part.id}`
    const all = async () =>
      Promise.all([
        waiting(cast.handler, 'part-sign'),
        waiting(cast.handler, 'part-report'),
        waiting(cast.organiser, 'rating'),
        waiting(cast.handler, 'rating'),
        waiting(other, 'rating'),
      ])
    expect(await all()).toEqual([[id], [], [id], [], []])
    await done(cast.handler.post(`${at}/signature`))
    expect(await all()).toEqual([[], [id], [id], [], []])
    await done(cast.handler.post(`${at}/report`, { report: '已清理' }))
    expect(await all()).toEqual([[], [], [id], [], []])
    await done(cast.organiser.post(`${at}/rating`, { rating: 'prompt' }))
    expect(await all()).toEqual([[], [], [], [], []])
  })

  it('an exclusion waits for everybody who reviews there but the one who asked (REQ-09)', async () => {
    const id = await open(world, cast.secretary)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    await done(cast.organiser.post(`/demands/${id}/exclusions`, { ground: 'repeated', reason: '重复提出' }))
    expect(await waiting(cast.organiser, 'exclusion')).toEqual([])
    expect(await waiting(cast.desk, 'exclusion')).toEqual([id])
    await done(cast.desk.post(`/demands/${id}/exclusion-decision`, { granted: true, reason: '属实' }))
    expect(await waiting(cast.desk, 'exclusion')).toEqual([])
  })

  it('the confirmation its mechanism demands, by another hand than the handler’s, then closing (REQ-08)', async () => {
    const answered = async (mechanismId: string) => {
      const id = await open(world, cast.secretary, { mechanismId })
      await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
      await done(cast.secretary.post(`/demands/${id}/signature`))
      await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '已办' }))
      return id
    }
    const [called, checked, unasked] = [
      await answered('365-service'),
      await answered('inspected'),
      await answered('sirens'),
    ]
    expect(await waiting(cast.caller, 'call-back')).toEqual([called])
    expect(await waiting(cast.secretary, 'call-back')).toEqual([])
    expect(await waiting(cast.organiser, 'verification')).toEqual([checked])
    expect(await waiting(cast.secretary, 'closing')).toEqual([unasked])
    const said = { reached: true, outcome: 'solved', satisfaction: 'satisfied' }
    await done(cast.caller.post(`/demands/${called}/callbacks`, said))
    expect(await waiting(cast.caller, 'call-back')).toEqual([])
    expect(new Set(await waiting(cast.secretary, 'closing'))).toEqual(new Set([unasked, called]))
  })

  it('a shelf whose review day has come (REQ-06)', async () => {
    const id = await open(world, cast.secretary)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    await done(cast.secretary.post(`/demands/${id}/signature`))
    const on = clock.now().slice(0, 10)
    const plan = { reason: '条件暂不具备', plan: '列入改造', leader: '分管负责人', reviewOn: addDays(on, 20) }
    await done(cast.organiser.post(`/demands/${id}/suspension`, plan))
    expect(await waiting(cast.organiser, 'review-day')).toEqual([])
    clock.shiftForTest(22 * DAY)
    const later = await world.someone('street-organiser', 'OS1')
    expect(await waiting(later, 'review-day')).toEqual([id])
    clock.shiftForTest(0)
  })

  it('work to accept and an objection to answer wait for the organiser of the place (VOL-04)', async () => {
    const member = await world.someone('member', 'C11', { person: true, register: 'C11' })
    const now = clock.now()
    const { id } = await done(
      cast.secretary.post('/tasks', {
        mechanismId: '365-service',
        placeId: world.unit['C11'],
        category: 'care',
        title: '陪同就医',
        startsAt: addHours(now, -3),
        endsAt: addHours(now, 3),
        capacity: 1,
      }),
    )
    const claim = (await done(member.post(`/tasks/${id}/claims`)))['id']
    expect(await waiting(cast.secretary, 'acceptance', 'tasks')).toEqual([])
    await done(member.post(`/claims/${claim}/submission`, {}))
    expect(await waiting(cast.secretary, 'acceptance', 'tasks')).toEqual([id])
    expect(await waiting(other, 'acceptance', 'tasks')).toEqual([])
    const times = { servedFrom: addHours(now, -2), servedTo: addHours(now, -1) }
    await done(cast.secretary.post(`/claims/${claim}/acceptance`, times))
    expect(await waiting(cast.secretary, 'acceptance', 'tasks')).toEqual([])
    await done(member.post(`/claims/${claim}/objection`, { reason: '少记了半小时' }))
    expect(await waiting(cast.secretary, 'objection', 'tasks')).toEqual([id])
    await done(cast.secretary.post(`/claims/${claim}/objection-answer`, { answer: '已核对签到记录' }))
    expect(await waiting(cast.secretary, 'objection', 'tasks')).toEqual([])
  })
})
