import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { idNumber } from './fixtures.ts'
import { rightsOf } from './rights.ts'

let base: Base
let world: World
let desk: Asker
let secretary: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  secretary = await world.someone('community-secretary', 'OC11')
})
afterAll(() => base.close())

const at = (short: string) => world.unit[short] as string
let serial = 100
const person = async (name = '程门雪', unit = 'OC11') =>
  (await desk.post('/persons', { name, homeId: at(unit), idNumber: idNumber(serial++) })).body['id'] as string
const join = (by: Asker, id: string, unit: string, more: Record<string, unknown> = {}) =>
  by.post(`/persons/${id}/memberships`, {
    unitId: at(unit),
    kind: 'formal',
    status: 'full',
    from: '2024-01-01',
    reason: 'roster',
    ...more,
  })
const page = async (id: string) => (await desk.get(`/persons/${id}`)).body

describe('memberships', () => {
  it('one formal relation at a time, any number of functional ones; the second formal one is told where the first is (BR-06)', async () => {
    const id = await person()
    expect((await join(secretary, id, 'OC11')).status).toBe(201)
    const second = await join(desk, id, 'OE111', { from: '2025-01-01' })
    expect([second.status, second.body['code']]).toEqual([409, 'person.formal-exists'])
    expect(second.body['title']).toContain('望江社区党总支，自2024-01-01起')
    expect((await join(desk, id, 'OE111', { kind: 'functional' })).status).toBe(201)
    expect((await join(desk, id, 'OC21', { kind: 'functional' })).status).toBe(201)
    expect((await join(desk, id, 'OC21', { kind: 'functional' })).body['code']).toBe('person.tie-exists')
    expect((await page(id))['memberships']).toHaveLength(3)
    expect((await page(id))['person']).toMatchObject({ politicsName: '中共党员', home: { name: '望江社区党总支' } })
  })

  it('two formal relations entered at once: the constraint lets one through, the other hears why (BR-06, C-7)', async () => {
    const id = await person()
    const tries = await Promise.all(['OC11', 'OE111', 'OC21'].map((unit) => join(desk, id, unit)))
    expect(tries.map((r) => [r.status, r.body['code']]).toSorted()).toEqual([
      [201, undefined],
      [409, 'person.formal-exists'],
      [409, 'person.formal-exists'],
    ])
  })

  it('belongs to Party organisations the asker may write at, on a day that has come', async () => {
    const id = await person()
    expect((await join(desk, id, 'CITY')).body['code']).toBe('person.not-an-organisation')
    expect((await join(desk, id, 'C11')).body['code']).toBe('person.not-an-organisation')
    expect((await join(secretary, id, 'OC21')).status).toBe(404)
    expect((await join(desk, id, 'OC11', { from: '2090-01-01' })).body['code']).toBe('person.bad-day')
    expect((await join(desk, id, 'OC11', { reason: 'status' })).status).toBe(400)
  })

  it('is transferred without a day between and without a day twice, and the new organisation keeps the record (TR-03)', async () => {
    const id = await person()
    await join(desk, id, 'OC11')
    expect((await secretary.post(`/persons/${id}/transfer`, { toId: at('OC21'), on: '2025-06-01' })).status).toBe(404)
    expect((await desk.post(`/persons/${id}/transfer`, { toId: at('OC11'), on: '2025-06-01' })).body['code']).toBe(
      'person.same-unit',
    )
    expect((await desk.post(`/persons/${id}/transfer`, { toId: at('OC21'), on: '2025-06-01' })).status).toBe(200)
    const rows = (await page(id))['memberships'] as Record<string, unknown>[]
    expect(rows.map((m) => [m['unitName'], m['from'], m['to'], m['beginReason'], m['endReason']])).toEqual([
      ['柳林村党支部', '2025-06-01', null, '173', null],
      ['望江社区党总支', '2024-01-01', '2025-06-01', 'roster', '173'],
    ])
    expect((await secretary.get(`/persons/${id}`)).status).toBe(404)
    const village = await world.someone('community-secretary', 'OC21')
    expect((await village.get(`/persons/${id}`)).status).toBe(200)
  })

  it('ends with a reason and stays on record; the database gives nobody the power to delete (STAT-03)', async () => {
    const id = await person()
    const made = await join(desk, id, 'OC11')
    const end = (body: object) => secretary.post(`/memberships/${made.body['id']}/ending`, body)
    expect((await end({ on: '2025-01-01' })).status).toBe(400)
    expect((await end({ on: '2023-01-01', reason: '005' })).body['code']).toBe('person.bad-day')
    expect((await end({ on: '2025-01-01', reason: '005' })).status).toBe(200)
    expect((await end({ on: '2025-02-01', reason: '005' })).body['code']).toBe('person.tie-ended')
    expect((await page(id))['memberships']).toMatchObject([{ to: '2025-01-01', endReason: '005' }])
    for (const table of ['person', 'membership', 'post', 'standing', 'registration', 'person_merge']) {
      await expect(
        world.write((tx) => sql`delete from ${sql.table(table)} where district_id = ${tx.district}`.execute(tx.db)),
        table,
      ).rejects.toThrow(/permission denied/)
    }
  })

  it('a probationary member becomes a full one in the same organisation (MEM-RIGHTS)', async () => {
    const id = await person()
    await join(desk, id, 'OC11', { status: 'probationary', reason: '001' })
    expect(await page(id)).toMatchObject({
      rights: { vote: false, inBase: false, dues: true, sponsor: false },
      person: { politicsName: '中共预备党员' },
    })
    expect((await desk.post(`/persons/${id}/confirmation`, { on: '2025-01-01' })).status).toBe(200)
    expect(await page(id)).toMatchObject({
      rights: { vote: true, inBase: true },
      person: { politicsName: '中共党员', fullSince: '2025-01-01' },
    })
    expect((await desk.post(`/persons/${id}/confirmation`, { on: '2025-02-01' })).body['code']).toBe(
      'person.not-probationary',
    )
  })
})

describe('rights', () => {
  it('follow the matrix of statuses and standings (MEM-RIGHTS)', () => {
    const short = (status: 'full' | 'probationary', ...standings: Parameters<typeof rightsOf>[1]) => {
      const r = rightsOf(status, standings)
      return [r.vote, r.inBase, r.dues, r.graded, r.sponsor].map(Number).join('')
    }
    expect(short('full')).toBe('11111')
    expect(short('probationary')).toBe('00100')
    expect(short('full', 'on-probation')).toBe('00100')
    expect(short('full', 'rights-suspended')).toBe('00100')
    expect(short('full', 'membership-stopped')).toBe('00000')
    expect(short('full', 'mobile')).toBe('11111')
    expect(short('full', 'abroad')).toBe('00000')
    expect(short('probationary', 'membership-stopped')).toBe('00000')
    expect(short('full', 'mobile', 'membership-stopped')).toBe('00000')
  })

  it('are suspended for a time and come back', async () => {
    const id = await person()
    expect((await desk.post(`/persons/${id}/standings`, { kind: 'abroad', from: '2025-01-01' })).body['code']).toBe(
      'person.no-formal',
    )
    await join(desk, id, 'OC11')
    const made = await desk.post(`/persons/${id}/standings`, { kind: 'rights-suspended', from: '2025-01-01' })
    expect(await page(id)).toMatchObject({ rights: { vote: false }, standings: [{ name: '权利中止', to: null }] })
    expect(
      (await desk.post(`/persons/${id}/standings`, { kind: 'rights-suspended', from: '2025-02-01' })).body['code'],
    ).toBe('person.tie-exists')
    expect((await desk.post(`/standings/${made.body['id']}/ending`, { on: '2025-03-01' })).status).toBe(200)
    expect(await page(id)).toMatchObject({ rights: { vote: true } })
  })
})

describe('posts', () => {
  it('are listed by unit and day, found by name and title, and only where persons may be seen (STAT-03, A-13)', async () => {
    const [one, other] = [await person('虞世南'), await person('颜师古', 'OC21')]
    const add = (id: string, unit: string, title: string, from: string) =>
      desk.post(`/persons/${id}/posts`, { unitId: at(unit), title, from })
    const first = await add(one, 'OC11', '纪检委员', '2023-03-01')
    await add(other, 'OC21', '纪检委员', '2024-03-01')
    await desk.post(`/posts/${first.body['id']}/ending`, { on: '2025-03-01' })
    const names = async (query: string, by = desk) =>
      (
        (await by.get(`/posts?search=${encodeURIComponent('纪检委员')}&${query}`)).body['rows'] as {
          personName: string
        }[]
      ).map((r) => r.personName)
    expect(await names('')).toEqual(['颜师古'])
    expect(await names('on=2025-02-28')).toEqual(['虞世南', '颜师古'])
    expect(await names('on=2025-03-01')).toEqual(['颜师古'])
    expect(await names('past=true&sort=-from')).toEqual(['颜师古', '虞世南'])
    expect(await names(`past=true&unit=${at('OC11')}`)).toEqual(['虞世南'])
    expect(await names('past=true', secretary)).toEqual(['虞世南'])
    const found = (await desk.get('/posts?search=ysn&past=true')).body['rows']
    expect(found).toMatchObject([{ title: '纪检委员', to: '2025-03-01', personId: one, opens: true }])
  })

  it('begin, do not repeat, and end', async () => {
    const id = await person()
    const post = (title: string) =>
      secretary.post(`/persons/${id}/posts`, { unitId: at('OC11'), title, from: '2024-03-01' })
    const made = await post('组织委员')
    expect([made.status, (await post('组织委员')).body['code'], (await post('书记')).status]).toEqual([
      201,
      'person.tie-exists',
      201,
    ])
    expect((await secretary.post(`/posts/${made.body['id']}/ending`, { on: '2025-03-01' })).status).toBe(200)
    expect((await page(id))['posts']).toEqual(
      expect.arrayContaining([expect.objectContaining({ title: '组织委员', to: '2025-03-01' })]),
    )
    const village = await world.someone('community-secretary', 'OC21')
    expect((await village.post(`/posts/${made.body['id']}/ending`, { on: '2025-03-01' })).status).toBe(404)
  })
})
