// 微心愿: a mechanism of its own on the one engine — raised from the phone, looked through before anybody reads it, claimed by one person
// or unit, fulfilled, confirmed by who wished it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Cast, castOf, done, plateOf, raised } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
let member: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
  member = await world.someone('member', 'C11', { register: 'C11' })
})
afterAll(() => base.close())

const open = { startsAt: '2020-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z', capacity: 1 }
const wish = (words = '孩子想要一套水彩笔') => raised(world, words, { mechanism: 'micro-wish', category: 'study' })
const hand = (id: string, task: object) =>
  cast.secretary.post(`/demands/${id}/dispatch`, { task: { title: '圆学童水彩笔心愿', ...open, ...task } })
const published = async () => {
  const made = await wish()
  const { taskId } = await done(hand(made.id, {}))
  await done(cast.secretary.post(`/tasks/${taskId}/review`, { approved: true }))
  return { ...made, taskId: taskId as string }
}
const titles = async (who: Asker, mechanism = 'micro-wish') =>
  (await who.get(`/tasks?mechanism=${mechanism}&state=published`)).body['rows'].map((t: { id: string }) => t.id)

describe('what a resident’s phone raises into', () => {
  it('is said by the settings of the mechanisms, in their order; the first where none is named', async () => {
    const plate = (await world.nobody.get(`/places/${await plateOf(world, 'E111')}`)).body
    expect(plate['mechanisms'].map((m: { id: string; word: string }) => [m.id, m.word])).toEqual([
      ['365-service', '诉求'],
      ['micro-wish', '微心愿'],
    ])
    const of = async (id: string) => (await cast.secretary.get(`/demands/${id}`)).body['demand'].mechanismId
    expect(await of((await raised(world)).id)).toBe('365-service')
    const { id, code } = await wish()
    expect(await of(id)).toBe('micro-wish')
    expect((await world.nobody.get(`/raised-demands/${code}`)).body['word']).toBe('微心愿')
  })

  it('takes nothing into a mechanism residents may not raise into, nor a category of another one', async () => {
    const place = await plateOf(world, 'E111')
    const said = { place, words: '想反映会风', consent: true }
    const raise = (more: object) => world.nobody.post('/raised-demands', { ...said, ...more })
    expect((await raise({ mechanism: 'style-check' })).body['code']).toBe('demand.not-for-residents')
    expect((await raise({ mechanism: 'micro-wish', category: 'facility' })).body['code']).toBe(
      'demand.unknown-category',
    )
  })
})

describe('a wish', () => {
  it('stands at its community, not at its door, and nowhere before it was looked through (1.9 微心愿)', async () => {
    const made = await wish()
    const { taskId } = await done(hand(made.id, {}))
    expect((await cast.secretary.get(`/demands/${made.id}`)).body['demand'].placeId).toBe(world.unit['E111'])
    expect(await titles(member)).not.toContain(taskId)
    await done(cast.secretary.post(`/tasks/${taskId}/review`, { approved: true }))
    expect(await titles(member)).toContain(taskId)
    const card = (await member.get(`/tasks/${taskId}`)).body
    expect(card).toMatchObject({ placeId: world.unit['C11'], word: '微心愿', record: 'done', capacity: 1 })
    expect(JSON.stringify(card)).not.toMatch(/周明|13912345678|水彩笔心愿.*孩子想要/)
  })

  it.each([
    ['the number of a phone', '联系 139 1234 5678', '手机号码'],
    ['a door', '送到3单元502室', '门牌'],
    ['a door by numbers', '送到2-1-301', '门牌'],
    ['the name of who asked', '周明想要一套水彩笔', '诉求人的称呼'],
  ])('shows nobody %s (PIPL)', async (_, detail, what) => {
    const { id } = await wish()
    const refused = await hand(id, { detail })
    expect(refused.body).toMatchObject({ code: 'demand.private-content', title: expect.stringContaining(what) })
    const { taskId } = await done(hand(id, {}))
    expect((await cast.secretary.post(`/tasks/${taskId}/review`, { approved: true, detail })).body['code']).toBe(
      'demand.private-content',
    )
  })

  it('is claimed by a person or a unit, by one only, and narrows the list to its mechanism', async () => {
    const [first, second] = [await published(), await published()]
    const own = (id: string, who: Asker, body: object = {}) => who.post(`/tasks/${id}/claims`, body)
    await done(own(first.taskId, member))
    expect((await own(first.taskId, cast.handler, { unitId: world.unit['CITY'] })).body['code']).toBe(
      'demand.task-full',
    )
    await done(own(second.taskId, cast.handler, { unitId: world.unit['CITY'] }))
    expect(await titles(member, '365-service')).not.toContain(first.taskId)
    for (const free of ['', '&free=true']) {
      const narrowed = (await member.get(`/task-mechanisms?${free.slice(1)}`)).body['rows'] as Record<string, any>[]
      expect(narrowed.find((m) => m['id'] === 'micro-wish')).toMatchObject({ word: '微心愿' })
      const listed = async (more = '') =>
        (await member.get(`/tasks?state=published&limit=1${free}${more}`)).body['total'] as number
      for (const m of narrowed) expect(await listed(`&mechanism=${m['id']}`)).toBe(m['count'])
      expect(await listed()).toBe(narrowed.reduce((n, m) => n + m['count'], 0))
    }
  })

  it('is fulfilled, and its own story and the resident’s tell the answer that came of it', async () => {
    const { id, code, taskId } = await published()
    const { id: claimId } = await done(member.post(`/tasks/${taskId}/claims`, {}))
    await done(member.post(`/claims/${claimId}/submission`, { report: '已送到社区' }))
    await done(cast.secretary.post(`/claims/${claimId}/acceptance`, {}))
    const story = (await cast.secretary.get(`/demands/${id}`)).body['timeline'] as Record<string, any>[]
    expect(story.map((e) => e['action'])).toEqual([
      'demand.raise',
      'demand.dispatch',
      'task.review',
      'task.claim',
      'task.submit',
      'task.accept',
      'demand.answer',
    ])
    expect(story.at(-1)?.['change']).toEqual({ state: ['signed', 'answered'] })
    const followed = (await world.nobody.get(`/raised-demands/${code}`)).body
    expect(followed['steps'].map((s: { step: string }) => s.step)).toEqual(['raise', 'dispatch', 'answer'])
    const said = { outcome: 'solved', satisfaction: 'satisfied' }
    await done(world.nobody.post(`/raised-demands/${code}/rating`, said))
    await done(cast.secretary.post(`/demands/${id}/closure`, {}))
  })

  it('is read by the offices without the names of who claimed, unless they accept the work', async () => {
    const { id, taskId } = await published()
    await done(member.post(`/tasks/${taskId}/claims`, {}))
    const told = async (who: Asker) =>
      (await who.get(`/demands/${id}`)).body['timeline'].find((e: { action: string }) => e.action === 'task.claim')
        .actor
    expect(await told(cast.caller)).toBe('认领人')
    expect(await told(cast.secretary)).not.toBe('认领人')
  })

  it('whose last day is over is not put up, neither at once nor after the look-through', async () => {
    const past = { startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-02-01T00:00:00Z' }
    const { id } = await wish()
    expect((await hand(id, past)).body['code']).toBe('demand.bad-window')
    const task = { mechanismId: '365-service', placeId: world.unit['C11'], category: 'care', title: '陪同就医' }
    const made = await cast.secretary.post('/tasks', { ...task, capacity: 1, ...past })
    expect(made.body['code']).toBe('demand.bad-window')
  })
})
