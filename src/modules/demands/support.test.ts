import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addHours } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Cast, castOf, done, HOUR, open, plantMechanism } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
  await plantMechanism(world, 'whistles', {
    categories: [{ id: 'facility', name: '综合执法', level: 'any' }],
    confirmation: 'none',
    whistle: { enabled: true, limit: { amount: 2, unit: 'hours' } },
  })
})
afterAll(() => base.close())
afterEach(() => clock.shiftForTest(0))

describe('supporting units (REQ-03)', () => {
  it('have a deadline of their own, never later than the lead’s, and report back to it (REQ-03)', async () => {
    const id = await open(world, cast.secretary)
    const lead = (await cast.secretary.get(`/demands/${id}`)).body['resolveDueAt']
    const asked = (dueAt: string) => ({ leadId: world.unit['C11'], supports: [{ unitId: world.unit['CITY'], dueAt }] })
    expect((await cast.secretary.post(`/demands/${id}/dispatch`, asked(addHours(lead, 1)))).body['code']).toBe(
      'demand.support-late',
    )
    expect((await cast.handler.get(`/demands/${id}`)).status).toBe(404)
    const due = addHours(clock.now(), 30)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, asked(due)))
    const page = (await cast.handler.get(`/demands/${id}`)).body
    const mine = page['dispatches'].find((x: { role: string }) => x.role === 'support')
    expect(mine).toMatchObject({
      unitName: '区城市管理局',
      dueAt: due,
      signedAt: null,
      can: expect.arrayContaining(['demand.sign', 'demand.answer']),
    })
    expect(page['contact']).toMatchObject({ masked: true })
    expect((await cast.handler.get('/demands?lens=support')).body).toMatchObject({ total: 1, rows: [{ id }] })
    expect((await cast.secretary.post(`/demands/${id}/dispatches/${mine.id}/signature`)).status).toBe(403)
    await done(cast.handler.post(`/demands/${id}/dispatches/${mine.id}/signature`))
    await done(cast.handler.post(`/demands/${id}/dispatches/${mine.id}/report`, { report: '已经现场处理。' }))
    expect(
      (await cast.handler.post(`/demands/${id}/dispatches/${mine.id}/report`, { report: '再报一次' })).body['code'],
    ).toBe('demand.dispatch-state')
    const seen = (await cast.secretary.get(`/demands/${id}`)).body['dispatches'].find(
      (x: { role: string }) => x.role === 'support',
    )
    expect(seen).toMatchObject({ report: '已经现场处理。', reportedAt: expect.any(String) })
    expect((await cast.handler.post(`/demands/${id}/answer`, { answer: '越权答复' })).status).toBe(403)
  })

  it('are called in later, once each (REQ-03)', async () => {
    const id = await open(world, cast.secretary)
    expect((await cast.secretary.post(`/demands/${id}/supports`, { unitId: world.unit['CITY'] })).body['code']).toBe(
      'demand.wrong-state',
    )
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    await done(cast.secretary.post(`/demands/${id}/supports`, { unitId: world.unit['CITY'] }))
    expect((await cast.secretary.post(`/demands/${id}/supports`, { unitId: world.unit['CITY'] })).body['code']).toBe(
      'demand.same-unit',
    )
  })
})

describe('whistle and report (1.9 吹哨报到)', () => {
  const call = () => ({
    mechanismId: 'whistles',
    placeId: world.unit['S1'],
    category: 'facility',
    words: '夜市占道，需要现场处置',
    unitIds: [world.unit['CITY']],
  })

  it('the street calls units within a limit, they report in, and it closes when each has been judged for turning up', async () => {
    const { id, dueAt } = await done(cast.organiser.post('/whistles', call()))
    expect(Date.parse(dueAt) - Date.parse(clock.now())).toBeLessThanOrEqual(2 * HOUR)
    const page = (await cast.handler.get(`/demands/${id}`)).body
    expect(page['demand']).toMatchObject({ channel: 'whistle', state: 'signed', ownerName: '临江街道' })
    const x = page['dispatches'].find((d: { role: string }) => d.role === 'support').id
    expect(
      (await cast.organiser.post(`/demands/${id}/dispatches/${x}/rating`, { rating: 'prompt' })).body['code'],
    ).toBe('demand.dispatch-state')
    expect(await done(cast.handler.post(`/demands/${id}/dispatches/${x}/signature`))).toMatchObject({ late: false })
    await done(cast.organiser.post(`/demands/${id}/answer`, { answer: '现场已经疏导。' }))
    expect((await cast.organiser.post(`/demands/${id}/closure`)).body).toMatchObject({ code: 'demand.unrated' })
    expect((await cast.handler.post(`/demands/${id}/dispatches/${x}/rating`, { rating: 'prompt' })).status).toBe(403)
    await done(cast.organiser.post(`/demands/${id}/dispatches/${x}/rating`, { rating: 'prompt', note: '十分钟到场' }))
    await done(cast.organiser.post(`/demands/${id}/closure`))
    expect(
      (await cast.handler.get(`/demands/${id}`)).body['dispatches'].find((d: { role: string }) => d.role === 'support'),
    ).toMatchObject({ rating: 'prompt' })
  })

  it('who comes after the limit is late, who never comes is absent', async () => {
    const { id } = await done(cast.organiser.post('/whistles', call()))
    clock.shiftForTest(3 * HOUR)
    const [handler, organiser] = await Promise.all([
      world.someone('department-handler', 'CITY'),
      world.someone('street-organiser', 'OS1'),
    ])
    const x = (await handler.get(`/demands/${id}`)).body['dispatches'].find(
      (d: { role: string }) => d.role === 'support',
    ).id
    expect(await done(handler.post(`/demands/${id}/dispatches/${x}/signature`))).toMatchObject({ late: true })
    expect((await organiser.post(`/demands/${id}/dispatches/${x}/rating`, { rating: 'absent' })).body['code']).toBe(
      'demand.dispatch-state',
    )
    await done(organiser.post(`/demands/${id}/dispatches/${x}/rating`, { rating: 'late' }))
  })

  it('is refused where the mechanism has none', async () => {
    expect(
      (await cast.organiser.post('/whistles', { ...call(), mechanismId: '365-service', category: 'facility' })).body[
        'code'
      ],
    ).toBe('demand.not-a-whistle')
  })
})
