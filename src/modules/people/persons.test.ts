import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { idNumber, phone } from './fixtures.ts'
import { findDeeds } from './store.ts'

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
const make = async (by: Asker, unit: string, more: Record<string, unknown>) => {
  const made = await by.post('/persons', { name: '周小舟', homeId: at(unit), ...more })
  expect(made.body['issues'] ?? made.status).toBe(201)
  return made.body['id'] as string
}
const names = (reply: { body: Record<string, any> }) => reply.body['rows'].map((r: { name: string }) => r.name)

describe('a person on record', () => {
  it('takes birth and sex from the number, shows numbers masked, and says why each field is held (ID-01, A-46, PRV-01)', async () => {
    const id = await make(secretary, 'OC11', {
      idNumber: '11010519491231002x',
      phone: '+86 138-1234-5678',
      address: '望江社区三号楼',
      nation: '01',
      politics: '01',
    })
    const page = await secretary.get(`/persons/${id}`)
    expect(page.status).toBe(200)
    expect(page.body['person']).toMatchObject({
      born: '1949-12-31',
      sex: '2',
      idNumber: '110105********002X',
      phone: '138****5678',
      address: '已登记',
      nationName: '汉',
      politicsName: '中共党员',
      home: { name: '望江社区党总支' },
      version: 1,
    })
    expect(page.body['purposes'].map((p: { field: string }) => p.field)).toContain('idNumber')
    expect(page.raw.toString()).not.toContain('三号楼')
  })

  it('is refused with a wrong check digit, a birth in the future, a wrong phone, no name, or an unknown code (2.1)', async () => {
    const tries: [Record<string, unknown>, number, string?][] = [
      [{ idNumber: '110105194912310021' }, 400, 'idNumber'],
      [{ idNumber: idNumber(1, '2090-01-01') }, 400, 'idNumber'],
      [{ phone: '12812345678' }, 400, 'phone'],
      [{ name: '单' }, 400, 'name'],
      [{ nation: '60' }, 422],
      [{ homePath: 'o.' }, 400, 'homePath'],
      [{ version: 3 }, 400, 'version'],
    ]
    for (const [more, status, path] of tries) {
      const reply = await secretary.post('/persons', { name: '周小舟', homeId: at('OC11'), ...more })
      expect([reply.status, reply.body['issues']?.[0]?.path], JSON.stringify(more)).toEqual([status, path])
    }
    for (const name of ['张䶮', '李𬱖', '买买提·阿不都']) await make(secretary, 'OC11', { name })
  })

  it('cannot be put where the asker may not write: 404 outside his sight, 403 inside without the verb (AZ-04, AZ-06)', async () => {
    expect((await secretary.post('/persons', { name: '周小舟', homeId: at('OC21') })).status).toBe(404)
    const grid = await world.someone('grid-worker', 'C11')
    expect((await grid.post('/persons', { name: '周小舟', homeId: at('C11') })).status).toBe(403)
    expect((await world.nobody.post('/persons', { name: '周小舟', homeId: at('C11') })).status).toBe(401)
  })

  it('is seen by its keepers only: elsewhere it is as if it had never been (AZ-03, A-13)', async () => {
    const id = await make(secretary, 'OC11', { name: '乔一诺', phone: phone(7001) })
    const village = await world.someone('community-secretary', 'OC21')
    const absent = await village.get('/persons/00000000-0000-7000-8000-0000000000ff')
    for (const reply of [
      await village.get(`/persons/${id}`),
      await village.put(`/persons/${id}`, { reason: '核对更正', name: '乔二' }, { 'if-match': '1' }),
    ]) {
      expect([reply.status, reply.body['code'], reply.body['title']]).toEqual([
        404,
        absent.body['code'],
        absent.body['title'],
      ])
    }
    expect((await village.post('/person-lookups', { phone: phone(7001), reason: '核对' })).body).toEqual({ rows: [] })
    expect(names(await village.get(`/persons?search=${encodeURIComponent('乔一诺')}`))).toEqual([])
    expect(names(await desk.get(`/persons?search=${encodeURIComponent('乔一诺')}`))).toEqual(['乔一诺'])
  })

  it('changes only by who has read the latest version (CO-07), and sealed fields are named in history without their values', async () => {
    const id = await make(secretary, 'OC11', { name: '石敢当' })
    expect((await secretary.put(`/persons/${id}`, { reason: '核对更正', name: '石敢言' })).status).toBe(428)
    const both = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        secretary.put(
          `/persons/${id}`,
          { reason: '核对更正', phone: phone(8000 + n), occupation: `第${n}车间` },
          { 'if-match': '1' },
        ),
      ),
    )
    expect(both.map((r) => r.status).toSorted()).toEqual([200, 412, 412, 412])
    const { body } = await world.write((tx) =>
      tx.db
        .selectFrom('history')
        .select('body')
        .where('district_id', '=', world.district)
        .where('subject_id', '=', id)
        .where('action', '=', 'person.edit')
        .executeTakeFirstOrThrow(),
    )
    expect(JSON.parse(body).change).toMatchObject({
      phone: [null, null],
      occupation: ['', expect.stringMatching(/^第.车间$/)],
    })
    expect(body).not.toMatch(/1\d{10}/)
    expect(
      (await secretary.put(`/persons/${id}`, { reason: '核对更正', phone: null }, { 'if-match': '2' })).body,
    ).toEqual({
      id,
      version: 3,
    })
    expect((await secretary.get(`/persons/${id}`)).body['person'].phone).toBeNull()
  })

  it('is put right with a reason, and its page tells what was changed in words, without sealed values (CO-07, PRV-01, PR-03)', async () => {
    const id = await make(secretary, 'OC11', { name: '石渐平', idNumber: idNumber(77), nation: '01' })
    const edit = (more: object) =>
      secretary.put(`/persons/${id}`, { reason: '本人提供户口簿核对', ...more }, { 'if-match': '1' })
    expect((await edit({ reason: undefined, nation: '08' })).status).toBe(400)
    const against = await edit({ born: '1931-02-03' })
    expect([against.status, against.body['issues'].map((i: { path: string }) => i.path)]).toEqual([400, ['born']])
    expect((await edit({ nation: '08', phone: phone(8100) })).status).toBe(200)
    const page = (await secretary.get(`/persons/${id}`)).body
    expect(page['changes'][0]).toMatchObject({
      action: 'person.edit',
      reason: '本人提供户口簿核对',
      change: { nation: ['汉', '壮'], phone: [null, null] },
    })
    expect(page['changes'].at(-1)).toMatchObject({ action: 'person.create' })
    expect(JSON.stringify(page)).not.toContain(phone(8100))
  })
})

describe('what was done to a record', () => {
  it('is told from the newest back: the oldest give way where there is too much (CO-07)', async () => {
    const id = await make(secretary, 'OC11', { name: '石常改' })
    for (const version of [1, 2, 3])
      await secretary.put(
        `/persons/${id}`,
        { reason: '核对更正', occupation: `第${version}次` },
        { 'if-match': `${version}` },
      )
    const changes = (most?: number) =>
      world.write(async (tx) => (await findDeeds(tx, [id], most)).map((d) => d.change['occupation']))
    expect(await changes(2)).toEqual([
      ['第1次', '第2次'],
      ['第2次', '第3次'],
    ])
    expect(await changes()).toHaveLength(4)
  })
})

describe('numbers', () => {
  it('one number, one record: the second entry is told whose it is where he may see it (ID-01)', async () => {
    await make(secretary, 'OC11', { name: '古月', idNumber: idNumber(11) })
    const again = await secretary.post('/persons', { name: '古玥', homeId: at('OC11'), idNumber: idNumber(11) })
    expect([again.status, again.body['code']]).toEqual([409, 'person.duplicate'])
    expect(again.body['title']).toContain('古月（望江社区党总支）')
  })

  it('a number known only outside one’s sight is answered like a new one; the district desk finds the pair (AZ-27, AZ-10)', async () => {
    await make(desk, 'OC21', { name: '山水', idNumber: idNumber(12) })
    const fresh = await secretary.post('/persons', { name: '川流', homeId: at('OC11'), idNumber: idNumber(13) })
    const known = await secretary.post('/persons', { name: '山水', homeId: at('OC11'), idNumber: idNumber(12) })
    expect([known.status, Object.keys(known.body)]).toEqual([fresh.status, Object.keys(fresh.body)])
    const pairs = await desk.get('/person-duplicates?ground=id-number')
    expect(pairs.body).toMatchObject({
      total: 1,
      rows: [{ one: { name: '山水' }, other: { name: '山水', idNumber: expect.stringMatching(/^\d{6}\*{8}/) } }],
    })
  })

  it('entered twice at the same moment, a number gets one record (CO-09)', async () => {
    const tries = await Promise.all(
      Array.from({ length: 6 }, () =>
        secretary.post('/persons', { name: '同时', homeId: at('OC11'), idNumber: idNumber(14) }),
      ),
    )
    expect(tries.map((r) => r.status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
    expect(tries.filter((r) => r.status === 409).every((r) => r.body['code'] === 'person.duplicate')).toBe(true)
  })

  it('are shown one at a time, to who may, with a reason, at most thirty an hour even at once; and each showing is on the page (A-40, A-46)', async () => {
    const viewer = await world.someone('district-desk', 'O')
    const id = await make(secretary, 'OC11', { name: '可见', idNumber: idNumber(15), phone: phone(9001) })
    expect((await secretary.post(`/persons/${id}/reveal`, { field: 'phone', reason: '联系本人' })).status).toBe(403)
    expect((await viewer.post(`/persons/${id}/reveal`, { field: 'phone' })).status).toBe(400)
    expect((await viewer.post(`/persons/${id}/reveal`, { field: 'address', reason: '核对' })).status).toBe(404)
    const shown = await viewer.post(`/persons/${id}/reveal`, { field: 'phone', reason: '核对联系方式' })
    expect(shown.body).toEqual({ field: 'phone', value: phone(9001), left: 29 })
    const more = await Promise.all(
      Array.from({ length: 33 }, () => viewer.post(`/persons/${id}/reveal`, { field: 'id-number', reason: '核对' })),
    )
    expect(more.filter((r) => r.status === 200)).toHaveLength(29)
    expect(more.filter((r) => r.status === 429).map((r) => r.body['code'])).toEqual(
      Array(4).fill('person.reveal-limit'),
    )
    const page = await secretary.get(`/persons/${id}`)
    expect(page.body['readings']).toContainEqual({
      at: expect.any(String),
      who: 'district-desk@O',
      what: 'person.reveal:phone',
      reason: '核对联系方式',
    })
  })

  it('are looked for with a reason, and the question is kept without the number (A-40)', async () => {
    const id = await make(secretary, 'OC11', { name: '问讯', idNumber: idNumber(16) })
    const found = await secretary.post('/person-lookups', { idNumber: idNumber(16), reason: '入党材料核对' })
    expect(found.body['rows']).toMatchObject([{ id, name: '问讯' }])
    expect((await secretary.get(`/persons/${id}`)).body['readings'][0]).toMatchObject({
      what: 'person.look-up:idNumber',
      reason: '入党材料核对',
    })
    expect((await secretary.post('/person-lookups', { reason: '随便看看' })).status).toBe(400)
  })
})

describe('finding people', () => {
  beforeAll(async () => {
    const people = [
      ['单雄信', 21, '01'],
      ['张伟民', 22, '01'],
      ['张伟', 23, '02'],
      ['丁一', 24, '13'],
      ['欧阳锋', 25, '13'],
      ['张三', 26, '13'],
    ] as const
    for (const [name, n, politics] of people)
      await make(desk, 'OE111', {
        name,
        idNumber: idNumber(n),
        phone: phone(6000 + n),
        politics,
        joined: n === 22 ? '1998-06' : undefined,
      })
  })
  const search = async (query: string) => names(await desk.get(`/persons?unit=${at('OE111')}&${query}`))

  it('by name, full pinyin, initials in both readings, last four of number or phone (5.9)', async () => {
    for (const words of [
      '雄信',
      'shanxiongxin',
      'danxiongxin',
      'sxx',
      'dxx',
      'DXX',
      idNumber(21).slice(-4),
      phone(6021).slice(-4),
    ]) {
      expect(await search(`search=${encodeURIComponent(words)}`), words).toEqual(['单雄信'])
    }
    expect(await search('search=%25')).toEqual([])
    expect(await search('search=xiongxin')).toEqual([])
  })

  it('in the order of strokes, of pinyin, or of joining (SORT-01..04)', async () => {
    expect(await search('sort=strokes')).toEqual(['丁一', '张三', '张伟', '张伟民', '欧阳锋', '单雄信'])
    expect(await search('sort=pinyin')).toEqual(['丁一', '欧阳锋', '单雄信', '张三', '张伟', '张伟民'])
    expect((await search('sort=joined'))[0]).toBe('张伟民')
  })

  it('with filters, pages and an exact total; unknown fields are refused (AZ-12)', async () => {
    expect(await search('politics=02')).toEqual(['张伟'])
    const page = await desk.get(`/persons?unit=${at('OE111')}&limit=2&offset=2`)
    expect([page.body['total'], names(page)]).toEqual([6, (await search('limit=500')).slice(2, 4)])
    expect((await desk.get('/persons?phone=138')).status).toBe(400)
    expect((await desk.get('/persons?sort=phone')).status).toBe(400)
  })

  it('a community sees those who keep their record there and those who reported there, and no others (A-14, AZ-07)', async () => {
    const city = await world.someone('member', 'C11', { register: 'C11', person: true })
    const seen = await secretary.get('/persons?limit=500')
    const oracle = await world.write((tx) =>
      tx.db
        .selectFrom('person as p')
        .leftJoin('registration as r', (j) =>
          j.onRef('r.district_id', '=', 'p.district_id').onRef('r.person_id', '=', 'p.id'),
        )
        .select(['p.id', 'p.home_path', 'r.place_path'])
        .where('p.district_id', '=', world.district)
        .execute(),
    )
    const inside = (path: string | null) =>
      path !== null && ['OC11', 'C11'].some((u) => path.startsWith(world.path[u] as string))
    const expected = oracle.filter((p) => inside(p.home_path) || inside(p.place_path)).map((p) => p.id)
    expect(seen.body['rows'].map((r: { id: string }) => r.id).toSorted()).toEqual(expected.toSorted())
    expect(seen.body['total']).toBe(expected.length)
    expect(expected).toContain(city.personId)
    const wide = await secretary.get(`/persons?unit=${at('O')}&limit=500`)
    expect(wide.body['total']).toBe(expected.length)
    expect(
      (await secretary.put(`/persons/${city.personId}`, { reason: '核对更正', name: '改名' }, { 'if-match': '1' }))
        .status,
    ).toBe(403)
  })
})

describe('what is held about me', () => {
  it('is shown to me in full, table by table, with who read it; a stranger to the register is told so (A-47, PRV-03, PR-02, PR-11)', async () => {
    const me = await world.someone('member', 'C11', { register: 'C11' })
    await secretary.get(`/persons/${me.personId}`)
    const page = await me.get('/me/person')
    expect(page.body['held']).toEqual(
      expect.arrayContaining([
        { table: 'account', rows: 1 },
        { table: 'registration', rows: 1 },
      ]),
    )
    expect(page.body['readings']).toMatchObject([{ who: 'community-secretary@OC11', what: 'person.read' }])
    expect((await secretary.get('/me/person')).body['code']).toBe('person.no-person')
  })
})
