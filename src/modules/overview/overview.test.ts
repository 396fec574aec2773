import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { periodOf, previousPeriod } from '#core/calendar.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { open } from '../demands/fixtures.ts'
import { tellWatchers } from './actions/tell.ts'
import { isBeyond, judgedOn, overOn } from './rules.ts'

let base: Base
let world: World
let leader: Asker
let secretary: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  leader = await world.someone('leader', 'O')
  secretary = await world.someone('community-secretary', 'OC11')
})
afterAll(() => base.close())

describe('whom is told when', () => {
  const watch = { every: 'month' as const, digest: true, line: null, begunOn: '2026-03-15' }

  it('of a month that is over since he asked, and of none before', () => {
    expect(overOn(watch, '2026-03-31')).toBeNull()
    expect(overOn(watch, '2026-04-01')?.key).toBe('2026-03')
    expect(overOn({ ...watch, begunOn: '2026-04-01' }, '2026-04-01')).toBeNull()
    expect(overOn({ ...watch, every: 'week', begunOn: '2026-03-02' }, '2026-03-09')?.key).toBe('2026-W10')
  })

  it('beyond his line, not on it; without a number or a line never', () => {
    const line = { side: 'above' as const, value: 3 }
    expect([2, 3, 4, null].map((n) => isBeyond(line, n))).toEqual([false, false, true, false])
    expect(isBeyond({ side: 'below', value: 3 }, 2)).toBe(true)
    expect(judgedOn(watch, '2026-03-20', true)).toBeNull()
    expect(judgedOn({ ...watch, line }, '2026-03-20', true)?.key).toBe('2026-03')
  })
})

describe('too little of what only grows', () => {
  it('is told when the month is over, not on its first day; of a stock or a rate at any time', () => {
    const watch = { every: 'month', digest: false, line: { side: 'below', value: 9 }, begunOn: '2026-03-15' } as const
    expect(judgedOn(watch, '2026-03-20', true)).toBeNull()
    expect(judgedOn(watch, '2026-04-01', true)?.key).toBe('2026-03')
    expect(judgedOn(watch, '2026-03-20', false)?.key).toBe('2026-03')
  })
})

describe('the leaders’ page', () => {
  it('has the district’s numbers, which are pack data, and the reader’s own', async () => {
    const { body } = await leader.get('/overview')
    expect(body['numbers'].length).toBeGreaterThanOrEqual(6)
    expect(body['numbers'].length).toBeLessThanOrEqual(9)
    const made = await leader.post('/pins', { measure: 'tasks.claimants', unitId: world.unit['S1'] })
    expect(made.status).toBe(201)
    expect((await leader.post('/pins', { measure: 'tasks.claimants', unitId: world.unit['S1'] })).body['code']).toBe(
      'overview.pinned-already',
    )
    expect((await leader.get('/overview')).body['pins']).toMatchObject([
      { measure: 'tasks.claimants', unit: { name: '临江街道' } },
    ])
    expect((await secretary.get('/pins')).body['total']).toBe(0)
    expect((await secretary.call('DELETE', `/pins/${made.body['id']}`)).status).toBe(404)
    expect((await leader.call('DELETE', `/pins/${made.body['id']}`)).status).toBe(200)
    expect((await leader.get('/pins')).body['total']).toBe(0)
  })

  it('keeps views of one’s own: saved anew under the same name, read and forgotten by nobody else', async () => {
    const save = (who: Asker, query: string, name = '逾期') => who.post('/me/views', { page: '/demands', name, query })
    const made = await save(secretary, 'late=true')
    expect(made.status).toBe(201)
    expect((await save(secretary, 'late=true&category=care')).body['id']).toBe(made.body['id'])
    await save(leader, 'state=closed')
    const views = async (who: Asker) => (await who.get('/me/views')).body['rows'] as Record<string, string>[]
    expect(await views(secretary)).toMatchObject([{ page: '/demands', name: '逾期', query: 'late=true&category=care' }])
    expect((await leader.call('DELETE', `/me/views/${made.body['id']}`)).body['code']).toBe('overview.view-not-found')
    expect((await secretary.call('DELETE', `/me/views/${made.body['id']}`)).status).toBe(200)
    expect(await views(secretary)).toEqual([])
    expect(await views(leader)).toHaveLength(1)
    for (const page of ['https://elsewhere.example', '//elsewhere', '/demands?x=1', 'demands'])
      expect((await secretary.post('/me/views', { page, name: '别处', query: '' })).status).toBe(400)
  })

  it('keeps no words looked for among people, whoever sends them, and those looked for elsewhere (PRV-01)', async () => {
    const owner = await world.someone('community-secretary', 'OC11')
    const save = (page: string, query: string) => owner.post('/me/views', { page, name: '查找', query })
    const people = ['/persons', '/persons/duplicates', '/posts', '/talents', '/history']
    for (const page of people) expect((await save(page, 'search=张三&q=138&%73ubject=x&sort=name')).status).toBe(201)
    await save('/tasks', 'search=陪诊&sort=name')
    const kept = (await owner.get('/me/views')).body['rows'] as { page: string; query: string }[]
    for (const { page, query } of kept)
      expect(new URLSearchParams(query).get('search')).toBe(page === '/tasks' ? '陪诊' : null)
    expect(
      kept
        .filter((v) => v.query === 'sort=name')
        .map((v) => v.page)
        .sort(),
    ).toEqual(people.toSorted())
  })

  it('keeps at most sixty views of one account', async () => {
    const full = await world.someone('community-secretary', 'OC11')
    for (let i = 0; i < 60; i++)
      expect((await full.post('/me/views', { page: '/tasks', name: `视图${i}`, query: '' })).status).toBe(201)
    expect((await full.post('/me/views', { page: '/tasks', name: '再来', query: '' })).body['code']).toBe(
      'overview.too-many',
    )
    expect((await full.post('/me/views', { page: '/tasks', name: '视图0', query: 'free=true' })).status).toBe(201)
  })

  it('pins no number that does not exist and no unit out of sight', async () => {
    expect((await leader.post('/pins', { measure: 'tasks.nothing' })).body['code']).toBe('overview.unknown-measure')
    const away = { measure: 'tasks.claims', unitId: world.unit['S2'] }
    expect((await secretary.post('/pins', away)).status).toBe(404)
    expect((await secretary.post('/watches', { ...away, every: 'week', digest: true })).status).toBe(404)
    const empty = { measure: 'tasks.claims', unitId: world.unit['C11'], every: 'week', digest: false }
    expect((await secretary.post('/watches', empty)).status).toBe(400)
  })

  it('lists what is stuck with the longest first, as many as the lists behind say, each below one’s own unit only', async () => {
    const away = await world.someone('community-secretary', 'OC21')
    const [near, far] = [await open(world, secretary), await open(world, away, { place: 'E211' })]
    await world.write(async (tx) => {
      const late = (id: string, at: string) =>
        tx.db.updateTable('demand').set({ due_at: at }).where('id', '=', id).execute()
      await late(near, '2021-01-01T00:00:00Z')
      await late(far, '2020-01-01T00:00:00Z')
    })
    const { body } = await leader.get('/stuck')
    const listed = await leader.get('/demands?late=true')
    expect(body['kinds']).toMatchObject([{ id: 'overdue', total: listed.body['total'] }])
    expect(body['rows'].map((r: { id: string }) => r.id)).toEqual([far, near])
    expect((await secretary.get('/stuck')).body['rows'].map((r: { id: string }) => r.id)).toEqual([near])
    expect((await leader.get(`/stuck?unit=${world.unit['S1']}&each=5`)).body['total']).toBe(1)
  })
})

describe('a watched number', () => {
  const asker = { token: null, requestId: newId(), address: '' }
  const ctx = () => new Context(base.ground, asker, { district: world.district, actor: system })
  const notes = async (who: Asker) => (await who.get('/watch-notes?state=new')).body['rows'] as Record<string, any>[]

  it('is told once when it goes beyond the line, with its value of that moment, to its watcher only', async () => {
    const watch = {
      measure: 'demands.raised',
      unitId: world.unit['C11'],
      every: 'month',
      digest: false,
      line: { side: 'above', value: 0 },
    }
    expect((await secretary.post('/watches', watch)).status).toBe(201)
    expect(await tellWatchers(ctx())).toEqual({ told: 1 })
    expect(await tellWatchers(ctx())).toEqual({ told: 0 })
    const [note, ...others] = await notes(secretary)
    expect(others).toEqual([])
    expect(note).toMatchObject({
      kind: 'crossed',
      measure: 'demands.raised',
      value: 1,
      line: { side: 'above', value: 0 },
    })
    expect(await notes(leader)).toEqual([])
    expect((await leader.post(`/watch-notes/${note?.['id']}/reading`)).status).toBe(404)
    expect((await secretary.post(`/watch-notes/${note?.['id']}/reading`)).status).toBe(200)
    expect(await notes(secretary)).toEqual([])
  })

  it('is told when its month is over, and not to whoever lost the right since (fails closed)', async () => {
    const desk = await world.someone('district-desk', 'O')
    const gone = await world.someone('district-desk', 'O')
    await world.write(async (tx) => {
      for (const { accountId } of [desk, gone])
        await tx.db
          .insertInto('watch')
          .values({
            district_id: tx.district,
            id: newId(),
            account_id: accountId as string,
            measure: 'demands.raised',
            unit_id: world.unit['D'] as string,
            every: 'month',
            digest: true,
            begun_on: '2020-01-01',
          })
          .execute()
      const lost = gone.accountId as string
      await tx.db.updateTable('mandate').set({ valid_to: tx.now }).where('account_id', '=', lost).execute()
    })
    expect(await tellWatchers(ctx())).toEqual({ told: 1 })
    const today = await ctx().read(null, async (tx) => tx.today)
    const last = previousPeriod(periodOf(today, 'month'))
    expect(await notes(desk)).toMatchObject([{ kind: 'closed', period: last.key, value: 0 }])
    expect((await desk.get('/watches')).body['rows']).toMatchObject([{ every: 'month', digest: true, line: null }])
  })
})
