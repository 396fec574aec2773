import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { idNumber, phone } from './fixtures.ts'

let base: Base
let world: World
let desk: Asker
let secretary: Asker
let village: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  secretary = await world.someone('community-secretary', 'OC11')
  village = await world.someone('community-secretary', 'OC21')
})
afterAll(() => base.close())

const at = (short: string) => world.unit[short] as string
/** An account of a person without any mandate: what a member has before he reports anywhere. */
const newcomer = async () => {
  const who = await world.someone('member', 'D', { register: 'C21' })
  const mine = await who.get('/me/registration')
  await who.post(`/registrations/${mine.body['current'].id}/ending`, { reason: 'left-organ' })
  return who
}

const rights = async (who: Asker) =>
  (await who.get('/me')).body['mandates'].map((m: Record<string, string>) => `${m['role']}@${m['unitName']}`)

describe('双报到', () => {
  it('a member reports for himself, the community signs, and only then he may claim its tasks (SB-01)', async () => {
    const member = await newcomer()
    expect(await rights(member)).toEqual([])
    const made = await member.post('/registrations', { placeId: at('C11'), organ: '区税务局', skills: ['水电维修'] })
    expect(made.status).toBe(201)
    expect((await member.get('/me/registration')).body['current']).toMatchObject({
      state: 'reported',
      placeName: '望江社区',
      skills: ['水电维修'],
      can: ['registration.end-own'],
    })
    expect(await rights(member)).toEqual([])
    expect((await village.post(`/registrations/${made.body['id']}/confirmation`)).status).toBe(404)
    expect((await member.post(`/registrations/${made.body['id']}/confirmation`)).status).toBe(403)
    expect((await secretary.post(`/registrations/${made.body['id']}/confirmation`)).body).toMatchObject({
      state: 'confirmed',
      personName: '林小满',
    })
    expect((await secretary.post(`/registrations/${made.body['id']}/confirmation`)).body['code']).toBe(
      'person.registration-state',
    )
    expect(await rights(member)).toEqual(['member@望江社区'])
  })

  it('at most one at a time, also when reported twice at once; who moves ends the former one (SB-01)', async () => {
    const member = await newcomer()
    const tries = await Promise.all(
      ['C11', 'C12', 'C21', 'C11'].map((place) => member.post('/registrations', { placeId: at(place) })),
    )
    expect(tries.map((r) => r.status).toSorted()).toEqual([201, 409, 409, 409])
    const first = (await member.get('/me/registration')).body['current']
    const other = first.placeName === '书院社区' ? 'C11' : 'C12'
    const refused = await member.post('/registrations', { placeId: at(other) })
    expect(refused.body['title']).toContain(first.placeName)
    expect((await member.post('/registrations', { placeId: at(other), move: true })).status).toBe(201)
    const mine = (await member.get('/me/registration')).body
    expect([mine['current'].placeId, mine['past'][0]]).toEqual([
      at(other),
      expect.objectContaining({ id: first.id, state: 'ended', endReason: 'moved' }),
    ])
  })

  it('is made to communities and estates that stand, not to streets, organisations or nowhere', async () => {
    const member = await newcomer()
    expect((await member.post('/registrations', { placeId: at('S1') })).body['code']).toBe('person.not-a-place')
    expect((await member.post('/registrations', { placeId: at('OC11') })).body['code']).toBe('person.not-a-place')
    expect((await member.post('/registrations', { placeId: '00000000-0000-7000-8000-0000000000ff' })).status).toBe(404)
    expect((await desk.post('/registrations', { placeId: at('C11') })).body['code']).toBe('person.no-person')
    expect((await world.nobody.post('/registrations', { placeId: at('C11') })).status).toBe(401)
  })

  it('on behalf of a city organ’s member comes on record with the least data; without the verb or the place it is refused', async () => {
    const grid = await world.someone('grid-worker', 'C11')
    const body = { placeId: at('C11'), organ: '市水利局', person: { name: '江清月', phone: phone(1) } }
    const made = await grid.post('/registrations', body)
    expect(made.status).toBe(201)
    expect((await secretary.get(`/persons/${made.body['personId']}`)).body).toMatchObject({
      person: { name: '江清月', politicsName: '中共党员', born: null, home: { name: '望江社区' } },
      registrations: [{ organ: '市水利局' }],
    })
    expect((await grid.post('/registrations', { ...body, placeId: at('C21') })).status).toBe(404)
    const leader = await world.someone('leader', 'D')
    expect((await leader.post('/registrations', body)).status).toBe(403)
    expect((await village.post('/registrations', { placeId: at('C21'), personId: made.body['personId'] })).status).toBe(
      404,
    )
  })

  it('does not tell a community where else somebody is registered (AZ-27)', async () => {
    const id = (await desk.post('/persons', { name: '别处人', homeId: at('OC21'), idNumber: idNumber(301) })).body['id']
    await desk.post(`/persons/${id}/memberships`, {
      unitId: at('OC11'),
      kind: 'functional',
      status: 'full',
      from: '2024-01-01',
      reason: 'roster',
    })
    await village.post('/registrations', { placeId: at('C21'), personId: id })
    const refused = await secretary.post('/registrations', { placeId: at('C11'), personId: id })
    expect([refused.status, refused.body['title']]).toEqual([409, expect.stringContaining('其他社区')])
  })

  it('is listed by place, state and words with an exact total, and ends with a reason (STAT-03)', async () => {
    const estate = await world.someone('community-secretary', 'OE111')
    const ids: string[] = []
    for (const name of ['柳如烟', '柳成荫', '杨帆']) {
      const made = await estate.post('/registrations', {
        placeId: at('E111'),
        organ: `${name}所在单位`,
        person: { name },
      })
      ids.push(made.body['id'])
    }
    await estate.post(`/registrations/${ids[0]}/confirmation`)
    const ended = await estate.post(`/registrations/${ids[1]}/ending`, { reason: 'moved' })
    expect(ended.body).toMatchObject({ state: 'ended', endReason: 'moved' })
    const list = async (query: string) => {
      const { body } = await secretary.get(`/registrations?unit=${at('OE111')}&${query}`)
      return [body['total'], body['rows'].map((r: { personName: string }) => r.personName).toSorted()]
    }
    expect(await list('')).toEqual([3, ['杨帆', '柳如烟', '柳成荫'].toSorted()])
    expect(await list('state=reported')).toEqual([1, ['杨帆']])
    expect(await list('state=confirmed')).toEqual([1, ['柳如烟']])
    expect(await list('state=ended')).toEqual([1, ['柳成荫']])
    expect(await list(`search=${encodeURIComponent('柳')}`)).toEqual([2, ['柳如烟', '柳成荫'].toSorted()])
    expect((await village.get(`/registrations?unit=${at('E111')}`)).body).toEqual({ rows: [], total: 0 })
    expect((await village.post(`/registrations/${ids[2]}/ending`, { reason: 'moved' })).status).toBe(404)
    expect((await estate.post(`/registrations/${ids[1]}/ending`, { reason: 'moved' })).body['code']).toBe(
      'person.registration-state',
    )
  })
})
