import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let desk: Asker
let leader: Asker
let secretary: Asker
let member: Asker
let tasks: string[]

const publish = async (title: string) =>
  (
    await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title,
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 50,
    })
  ).body['id'] as string

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { anchored: false })
  desk = await world.someone('district-desk', 'O')
  leader = await world.someone('leader', 'O')
  secretary = await world.someone('community-secretary', 'OC11')
  tasks = [await publish('清扫'), await publish('探访')]
  // Enough persons that no number is too small to be shown.
  const many = await Promise.all(Array.from({ length: 6 }, () => world.someone('member', 'C11', { register: 'C11' })))
  for (const m of many) await m.post(`/tasks/${tasks[0]}/claims`)
  member = many[0] as Asker
})
afterAll(() => base.close())

const measures = ['tasks.published', 'tasks.claims', 'tasks.claimants']
const prepare = async () => (await desk.post('/editions', { title: '年中统计', measures, unit: world.unit['O'] })).body
const restated = async (id: string) =>
  Object.fromEntries(
    (await desk.get(`/editions/${id}/restatements`)).body['figures'].map(
      (f: { measure: { id: string }; signed: number; now: number; restated: boolean }) => [
        f.measure.id,
        [f.signed, f.now, f.restated],
      ],
    ),
  )

describe('an edition', () => {
  it('is prepared by one and signed by another, with definitions, children and digests (C-10)', async () => {
    const made = await prepare()
    expect(made).toMatchObject({ state: 'prepared', holds: true, can: ['drop'] })
    expect(made['body'].figures.map((f: { value: number }) => f.value)).toEqual([2, 6, 6])
    expect(made['body'].figures[0].measure).toMatchObject({ version: 1, definition: expect.stringContaining('发布') })
    expect(made['body'].figures[1].evidence).toMatch(/^[0-9a-f]{64}$/)
    expect((await desk.post(`/editions/${made['id']}/signature`)).status).toBe(403)
    const early = await leader.post(`/editions/${made['id']}/signature`)
    expect(early.body['code'], 'AD-07').toBe('core.anchor-old')
    await base.ground.anchors?.drop(base.ground.database, world.district)
    const signed = await leader.post(`/editions/${made['id']}/signature`)
    expect(signed.body).toMatchObject({ state: 'signed', holds: true, can: [] })
    expect((await leader.post(`/editions/${made['id']}/signature`)).body['code']).toBe('figure.edition-done')
    expect((await desk.post(`/editions/${made['id']}/drop`, { reason: '不要了' })).status).toBe(409)
    const away = await world.someone('community-secretary', 'OC21')
    expect((await away.get(`/editions/${made['id']}`)).status).toBe(404)
  })

  it('is the same bytes whenever it is rendered, also after the records changed (EX-12)', async () => {
    const { id } = await prepare()
    await leader.post(`/editions/${id}/signature`)
    const once = await desk.get(`/editions/${id}/workbook`)
    const text = (await desk.get(`/editions/${id}`)).body['body']
    await publish('夜巡')
    expect((await desk.get(`/editions/${id}/workbook`)).raw.equals(once.raw)).toBe(true)
    expect((await desk.get(`/editions/${id}`)).body['body']).toEqual(text)
  })

  it('tells what changed since: which record, who, and the changes add up to the difference', async () => {
    const { id } = await prepare()
    const before = await restated(id)
    expect(Object.values(before).every((f) => (f as [number, number, boolean])[2] === false)).toBe(true)
    await publish('义诊')
    await member.post(`/tasks/${tasks[1]}/claims`)
    const now = await restated(id)
    const [signed, today] = now['tasks.claims'] as [number, number, boolean]
    expect(today).toBe(signed + 1)
    expect((now['tasks.claimants'] as [number, number, boolean])[0]).toBe(6)
    const list = (await desk.get(`/editions/${id}/restatements/records?measure=tasks.claims`)).body
    expect(list).toMatchObject({ signed, now: today, difference: 1, total: 1 })
    expect(list['rows'][0]).toMatchObject({ before: 0, after: 1, unitName: '望江社区' })
    expect(list['rows'][0].why).toMatchObject({ action: expect.stringContaining('claim') })
    expect(list['units']).toEqual([{ unitId: world.unit['C11'], unitName: '望江社区', change: 1 }])
    const published = (await desk.get(`/editions/${id}/restatements/records?measure=tasks.published`)).body
    expect(published['difference']).toBe(published['now'] - published['signed'])
    const persons = (await desk.get(`/editions/${id}/restatements/records?measure=tasks.claimants`)).body
    expect([persons['difference'], persons['total']]).toEqual([0, 0])
  })

  it('whose text was changed in the database no longer holds and cannot be signed', async () => {
    const { id } = await prepare()
    await world
      .write(({ db }) =>
        sql`update edition set body = replace(body, '"value":', '"value": ') where id = ${id}`.execute(db),
      )
      .then(
        () => expect.unreachable('the application must not be able to change what was prepared'),
        (e: { code: string }) => expect(e.code).toBe('42501'),
      )
    expect((await desk.get(`/editions/${id}`)).body['holds']).toBe(true)
  })

  it.each([
    ['one number of its text', `body = replace(body, '"value":6', '"value":7')`],
    ['one byte of its digest', `hash = set_byte(hash, 0, (get_byte(hash, 0) + 1) % 256)`],
    ['the length of its signature', `signature = substring(signature for 16)`],
    ['one byte of its signature', `signature = set_byte(signature, 0, (get_byte(signature, 0) + 1) % 256)`],
  ])(
    'of which somebody who owns the database changed %s is said not to hold and leaves as nothing official (EX-14)',
    async (_, change) => {
      const [{ id }, { id: other }] = [await prepare(), await prepare()]
      for (const one of [id, other]) expect((await leader.post(`/editions/${one}/signature`)).status).toBe(200)
      const owner = new pg.Client({ connectionString: base.ownerUrl })
      await owner.connect()
      await owner.query('set session_replication_role = replica') // past every trigger, as a superuser may
      const { rowCount } = await owner
        .query(`update edition set ${change} where id = $1`, [id])
        .finally(() => owner.end())
      expect(rowCount).toBe(1)
      expect((await desk.get(`/editions/${id}`)).body).toMatchObject({ state: 'signed', holds: false })
      for (const file of ['workbook', 'figures.csv']) {
        expect((await desk.get(`/editions/${id}/${file}`)).body['code'], file).toBe('figure.edition-broken')
        expect((await desk.get(`/editions/${other}/${file}`)).status, file).toBe(200)
      }
      expect((await desk.get(`/editions/${other}`)).body['holds']).toBe(true)
    },
  )
})
