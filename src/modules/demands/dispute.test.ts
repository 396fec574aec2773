import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Cast, castOf, DAY, dispatched, done, HOUR, open } from './fixtures.ts'

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

const ground = { reason: '属于物业企业职责', basis: '社区职责清单第三条' }

describe('dispute of a dispatch (REQ-02)', () => {
  it('stops the clock during the review and gives the time back (REQ-02)', async () => {
    const id = await dispatched(world, cast.secretary)
    const before = (await cast.secretary.get(`/demands/${id}`)).body
    await done(cast.secretary.post(`/demands/${id}/dispute`, ground))
    const during = (await cast.secretary.get(`/demands/${id}`)).body
    expect(during['demand']).toMatchObject({ state: 'disputed', dueAt: null })
    clock.shiftForTest(3 * HOUR)
    const organiser = await world.someone('street-organiser', 'OS1')
    await done(organiser.post(`/demands/${id}/dispute-review`, { outcome: 'upheld', reason: '目录明确由社区办理' }))
    const after = (await organiser.get(`/demands/${id}`)).body
    const moved = Date.parse(after['respondDueAt']) - Date.parse(before['respondDueAt'])
    expect(moved).toBeGreaterThanOrEqual(3 * HOUR)
    expect(moved).toBeLessThan(3 * HOUR + 60_000)
    expect(Date.parse(after['resolveDueAt'])).toBeGreaterThan(Date.parse(before['resolveDueAt']))
    expect(after['demand']).toMatchObject({ state: 'dispatched', dueAt: after['respondDueAt'] })
    expect(after['clockChanges']).toMatchObject([
      { kind: 'dispute-pause', fromDue: before['resolveDueAt'], toDue: after['resolveDueAt'] },
    ])
    expect(after['dispatches'][0]['dispute']).toMatchObject({
      reason: ground.reason,
      basis: ground.basis,
      outcome: 'upheld',
    })
  })

  it('can’t be raised a second time after the dispatch was upheld (REQ-02)', async () => {
    const id = await dispatched(world, cast.secretary)
    await done(cast.secretary.post(`/demands/${id}/dispute`, ground))
    await done(cast.organiser.post(`/demands/${id}/dispute-review`, { outcome: 'upheld', reason: '维持原派单' }))
    expect((await cast.secretary.post(`/demands/${id}/dispute`, ground)).body).toMatchObject({
      code: 'demand.dispute-upheld',
      ground: 'REQ-02',
    })
  })

  it('when granted ends the old dispatch and begins a new one with its own window, so many times in all (REQ-02)', async () => {
    const id = await dispatched(world, cast.desk)
    const other = await world.someone('community-secretary', 'OC11')
    for (const lead of ['S1', 'C12']) {
      const owner = lead === 'S1' ? other : cast.organiser
      await done(owner.post(`/demands/${id}/dispute`, ground))
      await done(
        cast.desk.post(`/demands/${id}/dispute-review`, {
          outcome: 'reassigned',
          leadId: world.unit[lead],
          reason: '改派',
        }),
      )
    }
    const page = (await cast.desk.get(`/demands/${id}`)).body
    expect(page['demand']).toMatchObject({ state: 'dispatched', ownerName: '书院社区' })
    expect(page['dispatches'].filter((x: { endedAt: string | null }) => x.endedAt === null)).toHaveLength(1)
    expect(page['dispatches']).toHaveLength(3)
    expect((await cast.organiser.post(`/demands/${id}/dispute`, ground)).body['code']).toBe('demand.dispute-spent')
  })

  it('comes too late after one working day (REQ-02)', async () => {
    const id = await dispatched(world, cast.secretary)
    clock.shiftForTest(12 * DAY)
    const secretary = await world.someone('community-secretary', 'OC11')
    expect((await secretary.post(`/demands/${id}/dispute`, ground)).body['code']).toBe('demand.dispute-late')
  })

  it('is reviewed by somebody else, in another unit’s hands only where the catalogue allows (REQ-01, REQ-02)', async () => {
    const id = await dispatched(world, cast.organiser, 'S1', { category: 'facility' })
    await done(cast.organiser.post(`/demands/${id}/dispute`, ground))
    expect(
      (await cast.organiser.post(`/demands/${id}/dispute-review`, { outcome: 'upheld', reason: '维持' })).body['code'],
    ).toBe('demand.own-review')
    const estate = await cast.desk.post(`/demands/${id}/dispute-review`, {
      outcome: 'reassigned',
      leadId: world.unit['E111'],
      reason: '改派',
    })
    expect(estate.body['code']).toBe('demand.not-theirs')
    expect(
      (
        await cast.desk.post(`/demands/${id}/dispute-review`, {
          outcome: 'reassigned',
          leadId: world.unit['S1'],
          reason: '改派',
        })
      ).body['code'],
    ).toBe('demand.same-unit')
    expect(
      (await cast.secretary.post(`/demands/${id}/dispute-review`, { outcome: 'upheld', reason: '维持' })).status,
    ).toBe(403)
    await done(cast.desk.post(`/demands/${id}/dispute-review`, { outcome: 'upheld', reason: '维持原派单' }))
  })

  it('is lawful only before signing (REQ-02)', async () => {
    const id = await open(world, cast.secretary)
    expect((await cast.secretary.post(`/demands/${id}/dispute`, ground)).body['code']).toBe('demand.wrong-state')
  })
})
