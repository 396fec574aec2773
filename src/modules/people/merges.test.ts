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
const person = async (name: string, unit: string, more: Record<string, unknown> = {}) =>
  (await desk.post('/persons', { name, homeId: at(unit), ...more })).body['id'] as string
const formal = (id: string, unit: string, from: string) =>
  desk.post(`/persons/${id}/memberships`, { unitId: at(unit), kind: 'formal', status: 'full', from, reason: 'roster' })
const merge = (winnerId: string, loserId: string) =>
  desk.post('/person-merges', { winnerId, loserId, reason: '同一人两次登记' })
const page = async (id: string) => (await desk.get(`/persons/${id}`)).body
const keys = () =>
  world.write((tx) =>
    tx.db
      .selectFrom('person')
      .select(['id', 'key_id', 'merged_into'])
      .where('district_id', '=', world.district)
      .orderBy('id')
      .execute(),
  )

describe('duplicates', () => {
  it('are found by number, by name and birth, by phone and sound, by birth and sound; families with one phone are not (ID-01)', async () => {
    await person('江上帆', 'OC11', { born: '1970-01-01' })
    await person('江上帆', 'OC21', { born: '1970-01-01' })
    await person('何田田', 'OC11', { phone: phone(77) })
    await person('何天天', 'OC11', { phone: phone(77) })
    await person('何父亲', 'OC11', { phone: phone(77) })
    await person('齐白石', 'OC11', { born: '1980-02-02' })
    await person('齐白实', 'OC21', { born: '1980-02-02' })
    const all = await desk.get('/person-duplicates')
    const pairs = all.body['rows'].map((r: Record<string, any>) => [
      r['ground'],
      [r['one'].name, r['other'].name].toSorted().join(),
    ])
    expect([all.body['total'], pairs.toSorted()]).toEqual([
      3,
      [
        ['name-born', '江上帆,江上帆'],
        ['near-name', ['齐白实', '齐白石'].toSorted().join()],
        ['phone-name', ['何天天', '何田田'].toSorted().join()],
      ],
    ])
    expect((await secretary.get('/person-duplicates')).status).toBe(403)
    const street = await world.someone('district-desk', 'OC11')
    expect((await street.get('/person-duplicates')).body['rows'].map((r: Record<string, any>) => r['ground'])).toEqual([
      'phone-name',
    ])
  })
})

describe('two persons who were told apart', () => {
  it('are no longer among the duplicates, until that is taken back; the others of their group still are (ENG-06)', async () => {
    const [a, b, c] = [
      await person('分得清', 'OC11', { born: '1966-06-06' }),
      await person('分得清', 'OC11', { born: '1966-06-06' }),
      await person('分得清', 'OC21', { born: '1966-06-06' }),
    ]
    const pairs = async () =>
      (await desk.get('/person-duplicates?search=fdq')).body['rows']
        .map((r: Record<string, any>) => [r['one'].id, r['other'].id].toSorted().join())
        .toSorted()
    const pair = (x: string, y: string) => [x, y].toSorted().join()
    const all = [pair(a, b), pair(a, c), pair(b, c)].toSorted()
    expect(await pairs()).toEqual(all)
    const apart = await desk.post('/person-distinctions', { oneId: b, otherId: a, reason: '父子同名' })
    expect(apart.status).toBe(201)
    expect((await desk.post('/person-distinctions', { oneId: a, otherId: b, reason: '再说' })).body['code']).toBe(
      'person.apart-already',
    )
    expect(await pairs()).toEqual(all.filter((p) => p !== pair(a, b)))
    const said = (await desk.get('/person-merges?same=false')).body['rows']
    expect(said).toMatchObject([{ same: false, reason: '父子同名', can: ['person.merge'] }])
    expect((await page(a)).merged).toEqual([])
    await desk.post(`/person-merges/${apart.body['mergeId']}/undoing`, { reason: '看错了' })
    expect(await pairs()).toEqual(all)
    expect((await desk.get('/person-merges?same=false')).body['total']).toBe(0)
    expect((await desk.get('/person-merges?same=false&undone=true')).body['total']).toBe(1)
    const street = await world.someone('district-desk', 'OC21')
    expect((await street.get('/person-merges?undone=true&same=false')).body['total']).toBe(0)
  })
})

describe('a merge', () => {
  it('is read as one person with the ties of both, and counts once; undone, every row is as it was', async () => {
    const one = await person('许一山', 'OC11', { idNumber: idNumber(401) })
    const other = await person('许一山', 'OC21', { phone: phone(401) })
    await formal(one, 'OC11', '2024-01-01')
    await village.post('/registrations', { placeId: at('C21'), personId: other })
    const before = [await keys(), await page(one), await page(other)]
    const merged = await merge(one, other)
    expect(merged.status).toBe(201)
    const seen = await page(other)
    expect(seen).toMatchObject({
      person: { id: one },
      memberships: [{ unitName: '望江社区党总支' }],
      registrations: [{ placeName: '柳林村' }],
      merged: [{ personId: other }],
    })
    const list = await desk.get(`/persons?search=${encodeURIComponent('许一山')}`)
    expect(list.body).toMatchObject({ total: 1, rows: [{ id: one, branch: '望江社区党总支', registeredAt: '柳林村' }] })
    expect((await village.get(`/persons/${other}`)).body['person'].id).toBe(one)
    expect((await merge(one, other)).body['code']).toBe('person.merge-self')
    expect((await desk.post(`/person-merges/${merged.body['mergeId']}/undoing`, { reason: '两个人' })).status).toBe(200)
    const after = [await keys(), await page(one), await page(other)]
    const plain = (v: unknown) =>
      JSON.parse(
        JSON.stringify(v, (k, x) =>
          k === 'readings' || k === 'changes' || k === 'version' || k === 'held' ? undefined : x,
        ),
      )
    expect(plain(after)).toEqual(plain(before))
    expect((await desk.post(`/person-merges/${merged.body['mergeId']}/undoing`, { reason: '再撤' })).body['code']).toBe(
      'person.merge-not-found',
    )
  })

  it('of a merge still leads in one step to the record that stands, and is undone in any order', async () => {
    const [a, b, c] = [await person('甲乙', 'OC11'), await person('甲乙丙', 'OC11'), await person('甲乙丁', 'OC11')]
    const ab = await merge(b as string, a as string)
    const bc = await merge(c as string, b as string)
    const key = async () => Object.fromEntries((await keys()).map((k) => [k.id, k.key_id]))
    expect(await key()).toMatchObject({ [a as string]: c, [b as string]: c, [c as string]: c })
    await desk.post(`/person-merges/${bc.body['mergeId']}/undoing`, { reason: '有误' })
    expect(await key()).toMatchObject({ [a as string]: b, [b as string]: b, [c as string]: c })
    await merge(c as string, b as string)
    await desk.post(`/person-merges/${ab.body['mergeId']}/undoing`, { reason: '有误' })
    expect(await key()).toMatchObject({ [a as string]: a, [b as string]: c, [c as string]: c })
  })

  it('is refused while both have a formal relation or a registration on one day (BR-06, SB-01)', async () => {
    const [a, b, c] = [await person('重叠甲', 'OC11'), await person('重叠乙', 'OC21'), await person('重叠丙', 'OC21')]
    await formal(a as string, 'OC11', '2024-01-01')
    await formal(b as string, 'OC21', '2025-01-01')
    expect(await merge(a as string, b as string)).toMatchObject({
      status: 409,
      body: { code: 'person.merge-overlap', title: expect.stringContaining('正式组织关系') },
    })
    await secretary.post('/registrations', { placeId: at('C11'), personId: a })
    await village.post('/registrations', { placeId: at('C21'), personId: c })
    expect((await merge(a as string, c as string)).body['title']).toContain('有效的报到')
  })

  it('holds for what comes later: a double cannot take a second formal relation, a second registration, or the number again', async () => {
    const a = await person('后来甲', 'OC11', { idNumber: idNumber(403) })
    const b = await person('后来乙', 'OC21', { idNumber: idNumber(402) })
    await formal(b as string, 'OC21', '2024-01-01')
    await village.post('/registrations', { placeId: at('C21'), personId: b })
    await merge(a as string, b as string)
    expect((await formal(a as string, 'OC11', '2025-01-01')).body['code']).toBe('person.formal-exists')
    expect((await secretary.post('/registrations', { placeId: at('C11'), personId: a })).body['code']).toBe(
      'person.already-registered',
    )
    const again = await desk.post('/persons', { name: '后来丙', homeId: at('OC11'), idNumber: idNumber(402) })
    expect([again.body['code'], again.body['title']]).toEqual(['person.duplicate', expect.stringContaining('后来甲')])
  })

  it('takes over the values chosen, sealed ones too; undone, each record has its own again (ID-01)', async () => {
    const a = await person('取值甲', 'OC11', { idNumber: idNumber(410), phone: phone(410), occupation: '教师' })
    const b = await person('取值乙', 'OC21', {
      phone: phone(411),
      occupation: '医生',
      address: '望江路1号',
      nation: '03',
    })
    const whole = (id: string, field: string) => desk.post(`/persons/${id}/reveal`, { field, reason: '核对' })
    const bare = { name: '取值甲', occupation: '教师', nation: null, address: null }
    const take = ['name', 'nation', 'phone', 'address']
    const made = await desk.post('/person-merges', { winnerId: a, loserId: b, take, reason: '同一人' })
    expect(made.status).toBe(201)
    const merged = await page(a)
    expect(merged.person).toMatchObject({ name: '取值乙', occupation: '教师', nation: '03', address: '已登记' })
    expect((await whole(a, 'phone')).body['value']).toBe(phone(411))
    expect((await whole(a, 'address')).body['value']).toBe('望江路1号')
    expect((await desk.get(`/persons?search=qzy`)).body['rows'][0].id).toBe(a)
    const occupation = await desk.put(
      `/persons/${a}`,
      { reason: '核对更正', occupation: '律师' },
      { 'if-match': `"${merged.person.version}"` },
    )
    expect(occupation.status).toBe(200)
    const list = await desk.get('/person-merges?search=qzy')
    expect(list.body['rows'][0]).toMatchObject({ same: true, winner: { id: a }, loser: { id: b }, taken: take })
    const undone = await desk.post(`/person-merges/${made.body['mergeId']}/undoing`, { reason: '两个人' })
    expect(undone.body).toEqual({ mergeId: made.body['mergeId'], winnerId: a, left: [] })
    expect((await page(a)).person).toMatchObject({ ...bare, occupation: '律师' })
    expect((await page(b)).person).toMatchObject({
      name: '取值乙',
      occupation: '医生',
      nation: '03',
      address: '已登记',
    })
    expect((await whole(a, 'phone')).body['value']).toBe(phone(410))
    expect((await whole(b, 'address')).body['value']).toBe('望江路1号')
  })

  it('undone later, leaves what somebody has corrected in between', async () => {
    const a = await person('后改甲', 'OC11', { occupation: '教师' })
    const b = await person('后改乙', 'OC11', { occupation: '医生', nation: '03' })
    const take = ['occupation', 'nation']
    const made = await desk.post('/person-merges', { winnerId: a, loserId: b, take, reason: '同一人' })
    const { version } = (await page(a)).person
    await desk.put(`/persons/${a}`, { reason: '核对更正', occupation: '律师' }, { 'if-match': `"${version}"` })
    const undone = await desk.post(`/person-merges/${made.body['mergeId']}/undoing`, { reason: '两个人' })
    expect(undone.body['left']).toEqual(['occupation'])
    expect((await page(a)).person).toMatchObject({ occupation: '律师', nation: null })
  })

  it('never lets an ID number go from sight, nor a birthday stand against one (ID-01)', async () => {
    const a = await person('无号甲', 'OC11', { born: '1971-01-01' })
    const b = await person('有号乙', 'OC11', { idNumber: idNumber(412) })
    const code = async (body: Record<string, unknown>) =>
      (await desk.post('/person-merges', { reason: '同一人', ...body })).body['code']
    expect(await code({ winnerId: a, loserId: b })).toBe('person.merge-number')
    expect(await code({ winnerId: b, loserId: a, take: ['born'] })).toBe('person.merge-derived')
    expect(await code({ winnerId: b, loserId: a, take: ['name'] })).toBeUndefined()
  })

  it('crossed by its mirror at the same moment, one of the two happens', async () => {
    const [a, b] = [await person('对调甲', 'OC11'), await person('对调乙', 'OC11')]
    const both = await Promise.all([merge(a as string, b as string), merge(b as string, a as string)])
    expect(both.map((r) => r.status).toSorted()).toEqual([201, 422])
  })

  it('keeps the rights of a member whose account is on the double', async () => {
    const member = await world.someone('member', 'C11', { register: 'C11' })
    const other = await person('林小满', 'OC11')
    expect((await merge(other, member.personId as string)).status).toBe(201)
    expect((await member.get('/me')).body['mandates']).toMatchObject([{ role: 'member', unitName: '望江社区' }])
    expect((await member.get('/me/person')).body['person'].id).toBe(other)
    expect((await member.get('/me/registration')).body['current']).toMatchObject({ placeName: '望江社区' })
  })
})
