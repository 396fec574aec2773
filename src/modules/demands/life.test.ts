import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#core/ids.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterAll(() => base.close())

const plate = async () => {
  const { no } = await world.write((tx) =>
    tx.db
      .selectFrom('unit')
      .select('no')
      .where('district_id', '=', world.district)
      .where('id', '=', world.unit['E111'] as string)
      .executeTakeFirstOrThrow(),
  )
  return `${world.district}-${no.toString(36)}`
}

/** A task with three places, and twenty members who want one. */
async function crowded(title: string) {
  const secretary = await world.someone('community-secretary', 'OC11')
  const members = await Promise.all(
    Array.from({ length: 20 }, () => world.someone('member', 'C11', { register: 'C11' })),
  )
  const task = await secretary.post('/tasks', {
    mechanismId: '365-service',
    placeId: world.unit['C11'],
    category: 'sanitation',
    title,
    startsAt: '2020-01-01T00:00:00Z',
    endsAt: '2090-01-01T00:00:00Z',
    capacity: 3,
  })
  const taskId = task.body['id'] as string
  return { members, taskId, path: `/tasks/${taskId}/claims` }
}

describe('a demand’s life', () => {
  it('goes from a resident’s phone to a closed demand: raise, dispatch, sign, answer, call back by another, close (REQ-04, REQ-08)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const caller = await world.someone('caller', 'D')
    const place = await plate()
    const seen = await world.nobody.get(`/places/${place}`)
    expect(seen.body).toMatchObject({ district: '青石区', line: ['临江街道', '望江社区', '江畔花园'] })
    const raised = await world.nobody.post('/raised-demands', {
      place,
      category: 'facility',
      words: '三号楼路灯不亮',
      contact: { phone: '13812345678' },
      consent: true,
    })
    expect(raised.status).toBe(201)
    const list = await secretary.get('/demands')
    expect(list.body).toMatchObject({
      total: 1,
      rows: [{ state: 'registered', channel: 'resident', placeName: '江畔花园', categoryName: '设施维修' }],
    })
    const id = list.body['rows'][0].id as string
    const masked = await secretary.get(`/demands/${id}`)
    expect(masked.body['contact']).toEqual({ name: null, phone: '138****5678', masked: true })
    expect((await secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] })).status).toBe(200)
    expect((await secretary.post(`/demands/${id}/signature`)).status).toBe(200)
    expect((await secretary.get(`/demands/${id}`)).body['contact'].phone).toBe('13812345678')
    expect((await secretary.post(`/demands/${id}/answer`, { answer: '已经更换灯具。' })).status).toBe(200)
    const own = await secretary.post(`/demands/${id}/callbacks`, {
      reached: true,
      outcome: 'solved',
      satisfaction: 'satisfied',
    })
    expect(own.status).toBe(403)
    expect(
      (await caller.post(`/demands/${id}/callbacks`, { reached: true, outcome: 'solved', satisfaction: 'satisfied' }))
        .status,
    ).toBe(201)
    expect((await caller.post(`/demands/${id}/closure`)).status).toBe(200)
    const followed = await world.nobody.get(`/raised-demands/${raised.body['code']}`)
    expect(followed.body).toMatchObject({
      state: 'closed',
      words: '三号楼路灯不亮',
      answer: '已经更换灯具。',
      outcome: 'solved',
      satisfaction: 'satisfied',
    })
    expect(followed.body['steps'].map((s: { step: string }) => s.step)).toEqual([
      'raise',
      'dispatch',
      'sign',
      'answer',
      'call-back',
      'close',
    ])
  })

  it('becomes a task that a registered member claims, serves and gets a certificate for (VOL-02, VOL-05)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const member = await world.someone('member', 'C11', { register: 'C11' })
    const opened = await secretary.post('/demands', {
      mechanismId: '365-service',
      placeId: world.unit['E111'],
      category: 'care',
      words: '老人需要陪同就医',
    })
    const id = opened.body['id'] as string
    const task = { title: '陪同就医', startsAt: '2020-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z', capacity: 1 }
    const dispatched = await secretary.post(`/demands/${id}/dispatch`, { task })
    expect(dispatched.status).toBe(200)
    const seen = await member.get('/tasks?free=true')
    expect(seen.body['rows'].map((t: { title: string }) => t.title)).toContain('陪同就医')
    const claim = await member.post(`/tasks/${dispatched.body['taskId']}/claims`)
    expect(claim.body).toMatchObject({ state: 'claimed' })
    expect((await member.post(`/claims/${claim.body['id']}/submission`, { report: '已陪同' })).status).toBe(200)
    const accepted = await secretary.post(`/claims/${claim.body['id']}/acceptance`, {
      servedFrom: '2026-03-01T01:00:00Z',
      servedTo: '2026-03-01T03:30:00Z',
    })
    expect(accepted.body).toMatchObject({ minutes: 150 })
    expect((await secretary.get(`/demands/${id}`)).body['demand'].state).toBe('answered')
  })

  it('is not called back by whoever served for it, though he may call back others (REQ-08)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const volunteer = await world.someone('caller', 'D', { register: 'C11' })
    const another = await world.someone('caller', 'D')
    const words = {
      mechanismId: '365-service',
      placeId: world.unit['E111'],
      category: 'care',
      words: '老人需要陪同就医',
    }
    const { id } = (await secretary.post('/demands', words)).body
    const task = { title: '陪同', startsAt: '2020-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z', capacity: 1 }
    const { taskId } = (await secretary.post(`/demands/${id}/dispatch`, { task })).body
    const claim = await volunteer.post(`/tasks/${taskId}/claims`)
    const served = { servedFrom: '2026-03-02T01:00:00Z', servedTo: '2026-03-02T02:00:00Z' }
    expect((await secretary.post(`/claims/${claim.body['id']}/acceptance`, served)).status).toBe(200)
    const call = (by: typeof another) =>
      by.post(`/demands/${id}/callbacks`, { reached: true, outcome: 'solved', satisfaction: 'satisfied' })
    expect((await call(volunteer)).body['code']).toBe('demand.same-hand')
    expect((await call(another)).status).toBe(201)
  })

  it('can’t be claimed beyond its capacity however many ask at once (CO-01, A-51)', async () => {
    const { members, path } = await crowded('清扫楼道')
    const answers = await Promise.all(members.map((m) => m.post(path)))
    expect(answers.filter((a) => a.status === 201)).toHaveLength(3)
    expect(answers.filter((a) => a.status === 409).map((a) => a.body['code'])).toEqual(
      Array(17).fill('demand.task-full'),
    )
  })

  it('gives three places to three of twenty who ask at once and ask again, and nobody two (CO-03)', async () => {
    const { taskId, members, path } = await crowded('三个名额')
    // each sends the same request twice under one key, as a phone with a bad signal does, and once more under another
    const tries = members.flatMap((m) => {
      const key = { 'idempotency-key': newId() }
      return [m.post(path, {}, key), m.post(path, {}, key), m.post(path)]
    })
    const answers = await Promise.all(tries)
    expect(answers.filter((a) => a.status >= 500)).toEqual([])
    const rows = await world.write((tx) =>
      tx.db
        .selectFrom('claim')
        .select(['person_id', 'state'])
        .where('district_id', '=', world.district)
        .where('task_id', '=', taskId)
        .execute(),
    )
    expect(rows.map((r) => r.state)).toEqual(['claimed', 'claimed', 'claimed'])
    expect(new Set(rows.map((r) => r.person_id)).size).toBe(3)
    const winners = new Set(answers.filter((a) => a.status === 201).map((a) => a.body['id']))
    expect(winners.size).toBe(3)
    expect(answers.filter((a) => a.status === 409).length).toBeGreaterThanOrEqual(17 * 3)
  })

  it('refuses to send a department’s matter to a community (REQ-01)', async () => {
    const desk = await world.someone('district-desk', 'O')
    const opened = await desk.post('/demands', {
      mechanismId: '365-service',
      placeId: world.unit['E111'],
      category: 'enforcement',
      words: '楼顶违建',
    })
    const refused = await desk.post(`/demands/${opened.body['id']}/dispatch`, { leadId: world.unit['C11'] })
    expect(refused).toMatchObject({ status: 422, body: { code: 'demand.not-theirs', ground: 'REQ-01' } })
    expect((await desk.post(`/demands/${opened.body['id']}/dispatch`, { leadId: world.unit['CITY'] })).status).toBe(200)
    const handler = await world.someone('department-handler', 'CITY')
    expect((await handler.get('/demands?lens=owner')).body).toMatchObject({ total: 1 })
    expect((await handler.post(`/demands/${opened.body['id']}/signature`)).status).toBe(200)
  })

  it('is dispatched once: who comes second is told its state, alone, in a batch, and at the same moment (CO-10)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const opening = { mechanismId: '365-service', placeId: world.unit['C11'], category: 'care', words: '需要轮椅' }
    const [first, second] = [await secretary.post('/demands', opening), await secretary.post('/demands', opening)]
    const to = { leadId: world.unit['C11'] }
    const path = `/demands/${first.body['id']}/dispatch`
    const both = await Promise.all([secretary.post(path, to), secretary.post(path, to)])
    expect(both.map((a) => a.body['code'] ?? a.status).toSorted()).toEqual([200, 'demand.wrong-state'])
    const ids = [first.body['id'], second.body['id']]
    expect((await secretary.post('/demand-batches/dispatch', { ids, ...to })).body).toMatchObject({
      done: 1,
      results: [{ ok: false, code: 'demand.wrong-state' }, { ok: true }],
    })
  })

  it('answers a repeated request with the first answer, and refuses the key for another body (CO-12)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const body = { mechanismId: '365-service', placeId: world.unit['C11'], category: 'care', words: '需要轮椅' }
    const key = { 'idempotency-key': 'test-key-0001' }
    const [a, b] = await Promise.all([secretary.post('/demands', body, key), secretary.post('/demands', body, key)])
    expect(a.status).toBe(201)
    expect(b.body).toEqual(a.body)
    expect((await secretary.post('/demands', { ...body, words: '另一件' }, key)).body['code']).toBe('core.key-reused')
  })
})
