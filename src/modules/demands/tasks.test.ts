import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { expireTasks } from './actions/duty.ts'
import { type Cast, castOf, DAY, done, open, plantMechanism, raised } from './fixtures.ts'
import { halfHours } from './rules.ts'

let base: Base
let world: World
let cast: Cast
let member: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
  member = await world.someone('member', 'C11', { register: 'C11' })
  const wish = { enabled: true, review: true, maxCapacity: 1 }
  await plantMechanism(world, 'wishes', {
    categories: [{ id: 'wish', name: '微心愿', level: 'any' }],
    tasks: wish,
  })
  await plantMechanism(world, 'claimed-by-units', {
    categories: [{ id: 'issue', name: '问题', level: 'any' }],
    tasks: { openTo: 'anyone', claimants: ['unit'], record: 'done' },
  })
  await plantMechanism(world, 'no-waiting', {
    categories: [{ id: 'care', name: '帮扶', level: 'any' }],
    tasks: { waitingList: false },
  })
})
afterAll(() => base.close())
afterEach(() => clock.shiftForTest(0))

const window = { startsAt: '2020-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z' }
const publish = async (capacity: number, more: object = {}) =>
  (
    await done(
      cast.secretary.post('/tasks', {
        mechanismId: '365-service',
        placeId: world.unit['C11'],
        category: 'care',
        title: '陪同就医',
        capacity,
        ...window,
        ...more,
      }),
    )
  )['id'] as string
const members = (n: number) =>
  Promise.all(Array.from({ length: n }, () => world.someone('member', 'C11', { register: 'C11' })))
const claim = (who: Asker, id: string, wait = false) => who.post(`/tasks/${id}/claims`, { wait })
const served = (from: string, to: string) => ({ servedFrom: `2026-03-0${from}:00Z`, servedTo: `2026-03-0${to}:00Z` })
const placesOf = async (id: string) => {
  const { task, claims } = await world.write(async (tx) => ({
    task: await tx.db
      .selectFrom('task')
      .select(['claimed', 'capacity', 'state'])
      .where('district_id', '=', world.district)
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
    claims: await tx.db
      .selectFrom('claim')
      .select('state')
      .where('district_id', '=', world.district)
      .where('task_id', '=', id)
      .execute(),
  }))
  const count = (...states: string[]) => claims.filter((c) => states.includes(c.state)).length
  return { ...task, holding: count('claimed', 'submitted', 'returned', 'accepted'), waiting: count('waiting') }
}

describe('places of a task', () => {
  it('stay as many as are held, with nobody waiting beside a free one, whatever happens at once (CO-01, CO-04, CO-10, CO-19)', async () => {
    const id = await publish(3)
    const crowd = await members(14)
    const first = await Promise.all(crowd.slice(0, 8).map((m) => claim(m, id, true)))
    expect(first.filter((a) => a.body['state'] === 'claimed')).toHaveLength(3)
    const holders = first
      .filter((a) => a.body['state'] === 'claimed')
      .map((a, i) => ({
        claim: a.body['id'] as string,
        who: crowd[
          first.indexOf(first.filter((x) => x.body['state'] === 'claimed')[i] as (typeof first)[number])
        ] as Asker,
      }))
    const version = (await cast.secretary.get('/tasks?search=陪同')).body['rows'].find(
      (t: { id: string }) => t.id === id,
    ).version
    const storm = await Promise.all([
      ...holders.map((h) => h.who.delete(`/claims/${h.claim}`)),
      ...crowd.slice(8).map((m) => claim(m, id, true)),
      cast.secretary.put(`/tasks/${id}`, { capacity: 5, reason: '增加人手' }, { 'if-match': String(version) }),
      ...crowd.slice(8).map((m) => claim(m, id)),
    ])
    expect(storm.filter((a) => a.status >= 500)).toEqual([])
    const now = await placesOf(id)
    expect(now.claimed).toBe(now.holding)
    expect(now.holding).toBeLessThanOrEqual(now.capacity)
    expect(now.waiting === 0 || now.holding === now.capacity).toBe(true)
  })

  it('move the waiting list up in order, on withdrawal and on raised capacity; the person reads his place (VOL)', async () => {
    const id = await publish(1)
    const [a, b, c] = (await members(3)) as [Asker, Asker, Asker]
    const first = (await claim(a, id)).body['id']
    expect((await claim(b, id)).body['code']).toBe('demand.task-full')
    expect((await claim(b, id, true)).body['state']).toBe('waiting')
    expect((await claim(c, id, true)).body['state']).toBe('waiting')
    expect((await c.get('/me/claims')).body['rows'][0]).toMatchObject({ state: 'waiting', taskTitle: '陪同就医' })
    expect((await done(a.delete(`/claims/${first}`)))['movedUp']).not.toBeNull()
    expect((await b.get('/me/claims')).body['rows'][0].state).toBe('claimed')
    expect((await c.get('/me/claims')).body['rows'][0].state).toBe('waiting')
    const edited = await done(
      cast.secretary.put(`/tasks/${id}`, { capacity: 2, reason: '多一个名额' }, { 'if-match': '1' }),
    )
    expect(edited).toMatchObject({ version: 2, movedUp: [expect.any(String)] })
    expect((await c.get('/me/claims')).body['rows'][0].state).toBe('claimed')
  })

  it('can’t be lowered below the claimed, nor edited against an old version (CO-04, CO-07)', async () => {
    const id = await publish(2)
    for (const m of await members(2)) await done(claim(m, id))
    const edit = (body: object, version = '1') =>
      cast.secretary.put(`/tasks/${id}`, { reason: '调整名额', ...body }, { 'if-match': version })
    expect((await edit({ capacity: 1 })).body).toMatchObject({ code: 'demand.below-claimed', ground: 'CO-04' })
    expect((await edit({ capacity: 3 }, '9')).status).toBe(412)
    expect((await cast.secretary.put(`/tasks/${id}`, { capacity: 3, reason: '调整名额' })).status).toBe(428)
    expect((await edit({ endsAt: '2021-01-01T00:00:00Z' })).body['code']).toBe('demand.bad-window')
  })

  it('without a waiting list the answer is an honest no (settings)', async () => {
    const id = await publish(1, { mechanismId: 'no-waiting' })
    const [a, b] = (await members(2)) as [Asker, Asker]
    await done(claim(a, id))
    expect((await claim(b, id, true)).body['code']).toBe('demand.no-waiting')
  })

  it('called off with a reason, whoever had claimed reads why; nothing is claimed any more (CO-10)', async () => {
    const id = await publish(2)
    const [a, late] = (await members(2)) as [Asker, Asker]
    await done(claim(a, id))
    expect((await cast.secretary.post(`/tasks/${id}/cancellation`, {})).status).toBe(400)
    expect(await done(cast.secretary.post(`/tasks/${id}/cancellation`, { reason: '天气原因取消' }))).toMatchObject({
      released: 1,
    })
    expect((await a.get('/me/claims')).body['rows'][0]).toMatchObject({
      state: 'withdrawn',
      returnReason: '天气原因取消',
    })
    expect((await claim(late, id)).body['code']).toBe('demand.task-closed')
    expect(await placesOf(id)).toMatchObject({ state: 'cancelled', claimed: 0 })
  })

  it('show which wanted skills I gave when I reported in', async () => {
    await world.write((tx) =>
      tx.db
        .updateTable('registration')
        .set({ skills: ['理发', '电工'] })
        .where('district_id', '=', world.district)
        .where('person_id', '=', member.personId as string)
        .execute(),
    )
    const id = await publish(1, { title: '上门理发', skills: ['理发', '护理'] })
    const seen = (await member.get('/tasks?search=理发')).body['rows'].find((t: { id: string }) => t.id === id)
    expect(seen).toMatchObject({ skills: ['理发', '护理'], skillsMatched: ['理发'] })
  })

  it('run out by themselves: expired where nobody claimed, closed where somebody did; work is still accepted (CO-18)', async () => {
    const soon = { startsAt: clock.now(), endsAt: new Date(clock.millis() + DAY).toISOString() }
    const [empty, held] = [await publish(1, soon), await publish(1, soon)]
    const [a, b] = (await members(2)) as [Asker, Asker]
    const { id } = await done(claim(a, held))
    await done(claim(b, held, true))
    clock.shiftForTest(2 * DAY)
    const job = () =>
      new Context(
        base.ground,
        { token: null, requestId: 'job', address: '' },
        { district: world.district, actor: system },
      )
    const runs = await Promise.all([expireTasks(job()), expireTasks(job())])
    expect(runs.reduce((n, r) => n + r.expired + r.closed, 0)).toBe(2)
    expect(await expireTasks(job())).toEqual({ expired: 0, closed: 0 })
    expect((await placesOf(empty)).state).toBe('expired')
    expect(await placesOf(held)).toMatchObject({ state: 'closed', waiting: 0, holding: 1 })
    const secretary = await world.someone('community-secretary', 'OC11')
    await done(secretary.post(`/claims/${id}/acceptance`, served('1T01:00', '1T02:00')))
  })
})

describe('the record of service', () => {
  it('is returned for correction, submitted again, accepted once (VOL-04)', async () => {
    const id = await publish(1)
    const { id: claimId } = await done(claim(member, id))
    await done(member.post(`/claims/${claimId}/submission`, { report: '去了' }))
    expect((await member.post(`/claims/${claimId}/return`, { reason: '说明' })).status).toBe(403)
    await done(cast.secretary.post(`/claims/${claimId}/return`, { reason: '请补充服务内容' }))
    expect((await member.get('/me/claims')).body['rows'][0]).toMatchObject({
      state: 'returned',
      returnReason: '请补充服务内容',
    })
    await done(member.post(`/claims/${claimId}/submission`, { report: '陪同挂号、取药' }))
    const both = await Promise.all(
      [0, 1].map(() => cast.secretary.post(`/claims/${claimId}/acceptance`, served('2T01:00', '2T03:00'))),
    )
    expect(both.map((a) => a.status).toSorted()).toEqual([200, 409])
  })

  it('may not overlap another of the same person (VOL-03)', async () => {
    const [a, b] = [await publish(1), await publish(1)]
    const [ca, cb] = [(await done(claim(member, a)))['id'], (await done(claim(member, b)))['id']]
    await done(cast.secretary.post(`/claims/${ca}/acceptance`, served('3T01:00', '3T03:00')))
    expect((await cast.secretary.post(`/claims/${cb}/acceptance`, served('3T02:30', '3T04:00'))).body).toMatchObject({
      code: 'demand.overlap',
      ground: 'VOL-03',
    })
    await done(cast.secretary.post(`/claims/${cb}/acceptance`, served('3T03:00', '3T04:00')))
    expect((await cast.secretary.post(`/claims/${cb}/acceptance`, {})).status).toBe(409)
  })

  it('is objected to by the volunteer alone and corrected by the organiser alone (VOL-04)', async () => {
    const id = await publish(1)
    const { id: claimId } = await done(claim(member, id))
    await done(cast.secretary.post(`/claims/${claimId}/acceptance`, served('4T01:00', '4T02:00')))
    const other = await world.someone('member', 'C11', { register: 'C11' })
    expect((await other.post(`/claims/${claimId}/objection`, { reason: '不对' })).status).toBe(404)
    expect((await cast.secretary.post(`/claims/${claimId}/objection`, { reason: '不对' })).body['code']).toBe(
      'demand.not-yours',
    )
    expect(
      (await cast.secretary.post(`/claims/${claimId}/objection-answer`, { answer: '没有异议' })).body['code'],
    ).toBe('demand.no-objection')
    await done(member.post(`/claims/${claimId}/objection`, { reason: '实际服务了两个半小时' }))
    expect(
      await done(
        cast.secretary.post(`/claims/${claimId}/objection-answer`, {
          answer: '核实无误，已更正',
          ...served('4T01:00', '4T03:30'),
        }),
      ),
    ).toMatchObject({ minutes: 150 })
    expect((await member.get('/me/claims')).body['rows'].find((c: { id: string }) => c.id === claimId)).toMatchObject({
      minutes: 150,
      objectionAnswer: '核实无误，已更正',
    })
  })

  it('is minutes, shown in hours by halves and never rounded up (VOL-02)', () => {
    expect([0, 29, 30, 59, 60, 150, 1440].map(halfHours)).toEqual(['0.0', '0.0', '0.5', '0.5', '1.0', '2.5', '24.0'])
  })

  it('has a certificate to print, and anybody with the code may check it without learning the name (VOL-05)', async () => {
    const id = await publish(1, { title: '助老买菜', detail: '为行动不便老人买菜' })
    const { id: claimId } = await done(claim(member, id))
    const { certificate } = await done(
      cast.secretary.post(`/claims/${claimId}/acceptance`, served('5T01:00', '5T02:40')),
    )
    const checked = await done(world.nobody.get(`/certificates/${certificate}`))
    expect(checked).toEqual({
      name: '林*',
      title: '助老买菜',
      organiser: '望江社区',
      day: '2026-03-05',
      minutes: 100,
      hours: '1.5',
      issuedOn: expect.any(String),
    })
    expect(await done(member.get(`/claims/${claimId}/certificate`))).toMatchObject({
      name: '林小满',
      content: '为行动不便老人买菜',
      organiser: '望江社区',
      inCharge: 'community-secretary@OC11',
      hours: '1.5',
      code: certificate,
    })
    const other = await world.someone('member', 'C11', { register: 'C11' })
    expect((await other.get(`/claims/${claimId}/certificate`)).status).toBe(404)
    expect((await world.nobody.get(`/certificates/${world.district}-notacertificate1`)).body['code']).toBe(
      'demand.certificate-not-found',
    )
    expect((await world.nobody.get('/certificates/999999-notacertificate1')).status).toBe(404)
  })

  it('is shown with totals to the person himself; no route orders persons (JF-02)', async () => {
    const mine = await done(member.get('/me/service-record'))
    expect(mine['minutes']).toBe(
      mine['rows']
        .filter((c: { state: string }) => c.state === 'accepted')
        .reduce((n: number, c: { minutes: number }) => n + c.minutes, 0),
    )
    expect(mine['hours']).toBe(halfHours(mine['minutes']))
    expect(mine['rows'].every((c: { personId: string }) => c.personId === member.personId)).toBe(true)
  })
})

describe('micro-wishes and claims by units', () => {
  it('a wish is looked through before anybody reads it, claimed by one, and confirmed by who wished it (1.9 微心愿)', async () => {
    const grid = await world.someone('grid-worker', 'C11')
    const wish = {
      mechanismId: 'wishes',
      placeId: world.unit['C11'],
      category: 'wish',
      title: '一台收音机',
      ...window,
      capacity: 1,
    }
    expect((await grid.post('/task-drafts', { ...wish, detail: '联系 13812345678' })).body).toMatchObject({
      code: 'demand.private-content',
    })
    expect((await grid.post('/task-drafts', { ...wish, capacity: 2 })).body['code']).toBe('demand.over-capacity')
    const opened = await open(world, cast.secretary, {
      mechanismId: 'wishes',
      category: 'wish',
      words: '想要一台收音机',
    })
    const { taskId } = await done(
      cast.secretary.post(`/demands/${opened}/dispatch`, {
        task: { title: '一台收音机', detail: '三楼张奶奶', ...window, capacity: 1 },
      }),
    )
    expect((await claim(member, taskId)).body['code']).toBe('demand.task-closed')
    expect((await grid.post(`/tasks/${taskId}/review`, { approved: true })).status).toBe(403)
    expect(
      (await cast.secretary.post(`/tasks/${taskId}/review`, { approved: true, detail: '身份证42030019800101123X' }))
        .body['code'],
    ).toBe('demand.private-content')
    await done(cast.secretary.post(`/tasks/${taskId}/review`, { approved: true, detail: '一位独居老人' }))
    const { id: claimId } = await done(claim(member, taskId))
    await done(cast.secretary.post(`/claims/${claimId}/acceptance`, served('6T01:00', '6T01:30')))
    const page = (await cast.secretary.get(`/demands/${opened}`)).body
    expect(page['demand']['state']).toBe('answered')
  })

  it('goes by the settings of the mechanism as they are now, not as they were (ENG-05)', async () => {
    const publishing = (capacity: number) =>
      cast.secretary.post('/tasks', {
        mechanismId: 'changing',
        placeId: world.unit['C11'],
        category: 'care',
        title: '陪同就医',
        capacity,
        ...window,
      })
    const settings = (maxCapacity: number) => ({
      categories: [{ id: 'care', name: '帮扶', level: 'any' }],
      tasks: { maxCapacity },
    })
    await plantMechanism(world, 'changing', settings(5))
    for (const [version, most] of [5, 2, 7].entries()) {
      if (version > 0)
        await done(
          cast.desk.put(
            '/mechanisms/changing',
            { name: '会变', settings: settings(most), validTo: null, reason: '试' },
            { 'if-match': String(version) },
          ),
        )
      await done(publishing(most))
      expect((await publishing(most + 1)).body['code']).toBe('demand.over-capacity')
    }
  })

  it('a demand is answered when its last claims are accepted at the same moment (CO-01)', async () => {
    const pair = await members(2)
    for (const hour of ['1', '2', '3', '4']) {
      const id = await open(world, cast.secretary, { place: 'C11' })
      const task = { title: '陪同就医', capacity: 2, ...window }
      const { taskId } = await done(cast.secretary.post(`/demands/${id}/dispatch`, { task }))
      const claims = await Promise.all(pair.map(async (m) => (await done(claim(m, taskId)))['id'] as string))
      const time = served(`8T0${hour}:00`, `8T0${hour}:30`)
      await Promise.all(claims.map((c) => done(cast.secretary.post(`/claims/${c}/acceptance`, time))))
      expect((await cast.secretary.get(`/demands/${id}`)).body['demand']['state']).toBe('answered')
    }
  })

  it('a wish raised by code is confirmed by code (1.9 微心愿, REQ-08)', async () => {
    const { id, code } = await raised(world, '想请人陪我去理发')
    const { taskId } = await done(
      cast.secretary.post(`/demands/${id}/dispatch`, { task: { title: '陪伴理发', ...window, capacity: 1 } }),
    )
    const { id: claimId } = await done(claim(member, taskId))
    await done(cast.secretary.post(`/claims/${claimId}/acceptance`, served('7T01:00', '7T01:30')))
    expect(
      await done(world.nobody.post(`/raised-demands/${code}/rating`, { outcome: 'solved', satisfaction: 'satisfied' })),
    ).toEqual({ state: 'called' })
  })

  it('a refused draft never becomes public, and only its community may decide', async () => {
    const grid = await world.someone('grid-worker', 'C11')
    const { id } = await done(
      grid.post('/task-drafts', {
        mechanismId: 'wishes',
        placeId: world.unit['C11'],
        category: 'wish',
        title: '代办私事',
        ...window,
        capacity: 1,
      }),
    )
    const elsewhere = await world.someone('community-secretary', 'OC21')
    expect((await elsewhere.post(`/tasks/${id}/review`, { approved: true })).status).toBe(404)
    expect(
      await done(cast.secretary.post(`/tasks/${id}/review`, { approved: false, reason: '不属于微心愿' })),
    ).toMatchObject({ state: 'cancelled' })
    expect((await claim(member, id)).body['code']).toBe('demand.task-closed')
  })

  it('units claim where the mechanism says so, from anywhere in the district, once each, without minutes (settings)', async () => {
    const { id } = await done(
      cast.secretary.post('/tasks', {
        mechanismId: 'claimed-by-units',
        placeId: world.unit['C11'],
        category: 'issue',
        title: '老旧楼道粉刷',
        ...window,
        capacity: 2,
      }),
    )
    expect((await cast.handler.get('/tasks')).body['rows'].map((t: { id: string }) => t.id)).toContain(id)
    expect((await claim(member, id)).body['code']).toBe('demand.units-only')
    const mine = { unitId: world.unit['CITY'] }
    const { id: claimId } = await done(cast.handler.post(`/tasks/${id}/claims`, mine))
    expect((await cast.handler.post(`/tasks/${id}/claims`, mine)).body['code']).toBe('demand.already-claimed')
    expect((await cast.handler.post(`/tasks/${id}/claims`, { unitId: world.unit['S1'] })).status).toBe(404)
    await done(cast.handler.post(`/claims/${claimId}/submission`, { report: '已粉刷' }))
    expect(await done(cast.secretary.post(`/claims/${claimId}/acceptance`, {}))).toEqual({
      id: claimId,
      minutes: 0,
      certificate: '',
    })
    expect((await cast.secretary.get(`/tasks/${id}/claims`)).body['rows']).toMatchObject([
      { personId: null, personName: '区城市管理局', state: 'accepted' },
    ])
  })
})

describe('claims for others', () => {
  const day = (n: number) => new Date(clock.millis() + n * DAY).toISOString()

  it('a unit claims, reads its own claim among its own, submits and steps back; another unit sees none of it (AZ-15)', async () => {
    const handler = await world.someone('department-handler', 'CITY')
    const other = await world.someone('community-secretary', 'OC21')
    const id = await publish(2, { mechanismId: 'claimed-by-units', category: 'issue' })
    const made = await done(handler.post(`/tasks/${id}/claims`, { unitId: world.unit['CITY'] }))
    const mine = async (who: Asker) => (await who.get('/me/claims')).body['rows'] as Record<string, any>[]
    expect((await mine(handler)).slice(0, 1)).toMatchObject([
      { id: made['id'], personId: null, unitId: world.unit['CITY'], personName: '区城市管理局', record: 'done' },
    ])
    expect((await mine(handler))[0]?.['can']).toEqual(['task.claim-unit'])
    expect((await handler.get(`/tasks/${id}/claims`)).body['total']).toBe(1)
    expect(await mine(other)).toEqual([])
    expect((await other.get(`/tasks/${id}/claims`)).body['total'] ?? 0).toBe(0)
    expect((await other.post(`/claims/${made['id']}/submission`, {})).status).toBe(404)
    await done(handler.post(`/claims/${made['id']}/submission`, { report: '已经修好' }))
    const again = await done(
      handler.post(`/tasks/${await publish(1, { mechanismId: 'claimed-by-units', category: 'issue' })}/claims`, {
        unitId: world.unit['CITY'],
      }),
    )
    expect((await handler.call('DELETE', `/claims/${again['id']}`)).status).toBe(200)
  })

  it('what a unit claimed is its own matter: whoever stands above it does not find it among his own (AZ-15)', async () => {
    const id = await publish(1, { mechanismId: 'claimed-by-units', category: 'issue' })
    const made = await done(cast.secretary.post(`/tasks/${id}/claims`, { unitId: world.unit['OC11'] }))
    const above = await world.someone('street-organiser', 'OS1')
    const ids = async (who: Asker) =>
      ((await who.get('/me/claims')).body['rows'] as { id: string }[]).map((row) => row.id)
    expect(await ids(cast.secretary)).toContain(made['id'])
    expect(await ids(above)).toEqual([])
    // he may speak for it all the same, where he looks for it
    expect((await above.get(`/tasks/${id}/claims`)).body['rows'][0]['can']).toContain('task.claim-unit')
    await done(cast.secretary.call('DELETE', `/claims/${made['id']}`))
  })

  it('who claimed for a person or a unit is told to both sides; who claimed for himself needs no telling', async () => {
    const older = await world.someone('member', 'C11', { register: 'C11' })
    const [own] = (await members(1)) as [Asker]
    const id = await publish(2)
    await done(cast.secretary.post(`/tasks/${id}/claims`, { personId: older.personId }))
    await done(claim(own, id))
    const { name } = (await cast.secretary.get('/me')).body
    const rows = (await cast.secretary.get(`/tasks/${id}/claims`)).body['rows'] as Record<string, unknown>[]
    expect(rows.map((c) => [c['personId'], c['claimedBy']])).toEqual([
      [older.personId, name],
      [own.personId, null],
    ])
    expect((await older.get('/me/claims')).body['rows']).toMatchObject([{ claimedBy: name }])
    const waits = await publish(1)
    await done(claim(own, waits))
    await done(cast.secretary.post(`/tasks/${waits}/claims`, { personId: older.personId, wait: true }))
    expect((await older.get('/me/claims')).body['rows'][0]).toMatchObject({ state: 'waiting', claimedBy: name })
  })

  it('what is open is asked for apart from what is past', async () => {
    const [who] = (await members(1)) as [Asker]
    const [open, left] = [await publish(1), await publish(1)]
    const stays = await done(claim(who, open))
    const gone = await done(claim(who, left))
    await done(who.call('DELETE', `/claims/${gone['id']}`))
    const asked = async (query: string) =>
      ((await who.get(`/me/claims${query}`)).body['rows'] as { id: string }[]).map((row) => row.id)
    expect(await asked('?state=open')).toEqual([stays['id']])
    expect(await asked('?state=past')).toEqual([gone['id']])
    expect(await asked('')).toEqual([gone['id'], stays['id']])
  })

  it('a secretary claims for an older member of his community, and for nobody elsewhere (AZ-06)', async () => {
    const older = await world.someone('member', 'C11', { register: 'C11' })
    const id = await publish(1)
    const made = await done(cast.secretary.post(`/tasks/${id}/claims`, { personId: older.personId }))
    expect((await older.get('/me/claims')).body['rows']).toMatchObject([{ id: made['id'], personId: older.personId }])
    expect((await cast.secretary.get(`/tasks/${id}/claims`)).body['rows'][0]['can']).toContain('task.claim-for')
    expect((await cast.secretary.get('/me/claims?state=open')).body['rows']).toEqual([])
    const away = await world.someone('community-secretary', 'OC21')
    expect((await away.post(`/tasks/${await publish(1)}/claims`, { personId: older.personId })).status).toBe(404)
    expect((await member.post(`/tasks/${await publish(1)}/claims`, { personId: older.personId })).status).toBe(403)
    expect((await cast.secretary.call('DELETE', `/claims/${made['id']}`)).status).toBe(200)
  })

  it('my own place on the waiting list is told among all who wait, not among my own (VOL)', async () => {
    const [first, second, third] = (await members(3)) as [Asker, Asker, Asker]
    const id = await publish(1)
    for (const who of [first, second, third]) await done(claim(who, id, true))
    expect((await third.get('/me/claims')).body['rows']).toMatchObject([{ state: 'waiting', place: 2 }])
  })

  it('arrival is a moment anybody may note near the time, the claimant or the organiser, and nothing hangs on it', async () => {
    const [who, other] = (await members(2)) as [Asker, Asker]
    const shift = { startsAt: day(0.05), endsAt: day(0.2) }
    const id = await publish(2, shift)
    const { id: mine } = await done(claim(who, id))
    expect((await other.post(`/claims/${mine}/arrival`)).status).toBe(404)
    const said = await done(who.post(`/claims/${mine}/arrival`))
    expect((await done(who.post(`/claims/${mine}/arrival`)))['arrivedAt']).toBe(said['arrivedAt'])
    const [row] = (await who.get('/me/claims')).body['rows']
    expect(row).toMatchObject({ arrivedAt: said['arrivedAt'], startsAt: shift.startsAt, endsAt: shift.endsAt })
    expect(row['placeName']).toBe('望江社区')
    const { id: others } = await done(claim(other, id))
    await done(cast.secretary.post(`/claims/${others}/arrival`))
    const far = await publish(1, { startsAt: day(3), endsAt: day(4) })
    const { id: early } = await done(claim(who, far))
    expect((await who.post(`/claims/${early}/arrival`)).body['code']).toBe('demand.not-the-time')
    await done(who.post(`/claims/${early}/submission`, {}))
    expect((await who.post(`/claims/${early}/arrival`)).body['code']).toBe('demand.claim-state')
    const wish = await publish(1, { mechanismId: 'claimed-by-units', category: 'issue' })
    const { id: unit } = await done(cast.secretary.post(`/tasks/${wish}/claims`, { unitId: world.unit['OC11'] }))
    expect((await cast.secretary.post(`/claims/${unit}/arrival`)).body['code']).toBe('demand.no-arrival')
  })
})
