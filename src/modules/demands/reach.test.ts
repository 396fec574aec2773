import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Cast, castOf, done, open } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
})
afterAll(() => base.close())

const namesOf = async (who: Asker, query: string) =>
  ((await who.get(`/handling-units?${query}`)).body['rows'] as { name: string }[]).map((u) => u.name)

describe('units that are called to a demand', () => {
  it('are those one sees, the line above the place and the departments — in the picker as at the door (REQ-01, AZ-15)', async () => {
    const { unit } = world
    expect(await namesOf(cast.secretary, `place=${unit['C11']}`)).toEqual(['青石区', '临江街道', '区城市管理局'])
    expect(await namesOf(cast.secretary, `place=${unit['C11']}&search=${encodeURIComponent('花园')}`)).toContain(
      '江畔花园',
    )
    expect(await namesOf(cast.secretary, `place=${unit['C11']}&search=${encodeURIComponent('柳林')}`)).toEqual([])
    expect((await cast.secretary.get(`/handling-units?place=${unit['C21']}`)).body['code']).toBe('unit.not-found')
    const sent = async (body: object) =>
      (await cast.secretary.post(`/demands/${await open(world, cast.secretary)}/dispatch`, body)).status
    expect(await sent({ leadId: unit['CITY'], supportIds: [unit['S1'], unit['OC11']] })).toBe(200)
    expect(await sent({ leadId: unit['C21'] })).toBe(404)
    expect(await sent({ leadId: unit['C11'], supportIds: [unit['C21']] })).toBe(404)
    expect(await sent({ leadId: unit['C11'], supports: [{ unitId: unit['C12'] }] })).toBe(404)
  })

  it('that were closed since are told by name and day, and no demand is opened there', async () => {
    const desk = cast.desk
    const made = await done(
      desk.post('/unit-changes', {
        effectiveOn: '2025-01-01',
        reason: '新建又撤销',
        operations: [{ op: 'create', parentId: world.unit['C11'], kind: 'estate', name: '旧里' }],
      }),
    )
    const id = made['differences'][0].unitId as string
    await done(
      desk.post('/unit-changes', {
        effectiveOn: '2026-01-01',
        reason: '撤销',
        operations: [{ op: 'close', unitId: id }],
      }),
    )
    const body = { mechanismId: '365-service', placeId: id, category: 'care', words: '灯不亮' }
    expect((await cast.secretary.post('/demands', body)).body).toMatchObject({
      code: 'demand.unit-closed',
      title: expect.stringContaining('旧里已于2026-01-01撤销'),
    })
    const dispatched = await cast.secretary.post(`/demands/${await open(world, cast.secretary)}/dispatch`, {
      leadId: id,
    })
    expect(dispatched.body['code']).toBe('demand.unit-closed')
  })
})

describe('a task', () => {
  const task = { mechanismId: '365-service', category: 'care', title: '陪同', capacity: 2 }
  const times = { startsAt: '2026-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z' }

  it('is claimed on behalf of those one looks after; who lives elsewhere does not exist here, nor does his name (AZ-06)', async () => {
    const near = await world.someone('member', 'C11', { register: 'C11' })
    const far = await world.someone('member', 'C21', { register: 'C21' })
    await world.write((tx) =>
      tx.db
        .updateTable('person')
        .set({ name: '远方人' })
        .where('id', '=', far.personId as string)
        .execute(),
    )
    const { id } = await done(cast.secretary.post('/tasks', { ...task, ...times, placeId: world.unit['C11'] }))
    const refused = await cast.secretary.post(`/tasks/${id}/claims`, { personId: far.personId })
    expect([refused.status, refused.body['code']]).toEqual([404, 'person.not-found'])
    await done(cast.secretary.post(`/tasks/${id}/claims`, { personId: near.personId }))
    const claims = await cast.secretary.get(`/tasks/${id}/claims`)
    expect(claims.body['total']).toBe(1)
    expect(JSON.stringify(claims.body)).not.toContain('远方人')
  })

  it('answers a demand only for those who may send that demand out or answer it (AZ-04)', async () => {
    const id = await open(world, cast.secretary)
    await done(
      cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'], supportIds: [world.unit['CITY']] }),
    )
    // a role that publishes tasks elsewhere and reads this demand as a supporting unit
    await world.write((tx) =>
      tx.db
        .insertInto('role')
        .values({
          district_id: tx.district,
          id: 'busybody',
          name: '热心单位',
          verbs: ['unit.read', 'demand.read', 'task.read', 'task.publish', 'task.accept'],
          officer: null,
        })
        .execute(),
    )
    const helper = await world.someone('busybody', 'CITY')
    expect((await helper.get(`/demands/${id}`)).status).toBe(200)
    const body = { ...task, ...times, placeId: world.unit['CITY'], demandId: id }
    expect((await helper.post('/tasks', body)).status).toBe(403)
    const own = { ...task, ...times, placeId: world.unit['C11'], demandId: id }
    expect((await cast.secretary.post('/tasks', own)).status).toBe(201)
  })
})
