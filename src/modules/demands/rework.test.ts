import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import {
  answered,
  calledBack,
  type Cast,
  castOf,
  DAY,
  dispatched,
  done,
  open,
  plantMechanism,
  raised,
} from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
  await plantMechanism(world, 'inspected', {
    categories: [{ id: 'facility', name: '问题', level: 'any' }],
    confirmation: 'verification',
    occasions: ['inspection'],
    means: [
      { id: 'mediation', name: '调解' },
      { id: 'enforcement', name: '执法' },
    ],
  })
  await plantMechanism(world, 'plain', {
    categories: [{ id: 'facility', name: '事项', level: 'any' }],
    confirmation: 'none',
  })
})
afterAll(() => base.close())
afterEach(() => clock.shiftForTest(0))

describe('after the call-back', () => {
  it('an unsolved demand is handled again with a whole clock, so many times, and each round is called back once (REQ-08)', async () => {
    const id = await calledBack(world, cast, { outcome: 'unsolved', satisfaction: 'unsatisfied' })
    for (const round of [1, 2]) {
      expect(await done(cast.caller.post(`/demands/${id}/redoing`, { reason: '居民说没有修好' }))).toMatchObject({
        round,
      })
      expect((await cast.secretary.get(`/demands/${id}`)).body['demand']).toMatchObject({
        state: 'signed',
        round,
        outcome: null,
      })
      await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '又修了一次。' }))
      await done(
        cast.caller.post(`/demands/${id}/callbacks`, {
          reached: true,
          outcome: 'unsolved',
          satisfaction: 'unsatisfied',
        }),
      )
    }
    expect((await cast.caller.post(`/demands/${id}/redoing`, { reason: '还是没有修好' })).body['code']).toBe(
      'demand.redone-enough',
    )
    await done(cast.caller.post(`/demands/${id}/closure`))
    const page = (await cast.secretary.get(`/demands/${id}`)).body
    expect(page['callbacks'].map((c: { round: number }) => c.round)).toEqual([0, 1, 2])
    expect(page['demand']).toMatchObject({ state: 'closed', outcome: 'unsolved' })
  })

  it('a solved demand is not handled again (REQ-08)', async () => {
    const id = await calledBack(world, cast, { outcome: 'solved', satisfaction: 'satisfied' })
    expect((await cast.caller.post(`/demands/${id}/redoing`, { reason: '再办一次' })).body['code']).toBe(
      'demand.not-unsolved',
    )
  })

  it('somebody not reached is tried on three different days, then left out with an honest end (REQ-08)', async () => {
    const id = await answered(world, cast)
    for (const day of [0, 1, 2]) {
      clock.shiftForTest(day * DAY)
      const caller = await world.someone('caller', 'D')
      const said = await done(caller.post(`/demands/${id}/callbacks`, { reached: false }))
      expect(said['state']).toBe(day === 2 ? 'called' : 'answered')
      if (day < 2)
        expect((await caller.post(`/demands/${id}/callbacks`, { reached: false })).body['code']).toBe(
          'demand.called-today',
        )
    }
    const caller = await world.someone('caller', 'D')
    expect((await caller.get(`/demands/${id}`)).body['demand']).toMatchObject({
      outcome: 'unreached',
      satisfaction: null,
    })
  })

  it('who was not reached has said nothing: no result is taken down for him (REQ-08)', async () => {
    const id = await answered(world, cast)
    for (const said of [
      { outcome: 'solved' },
      { satisfaction: 'satisfied' },
      { outcome: 'solved', satisfaction: 'satisfied' },
    ])
      expect(
        (await cast.caller.post(`/demands/${id}/callbacks`, { reached: false, ...said })).body['issues'][0].code,
      ).toBe('when-reached')
    for (const said of [{}, { outcome: 'solved' }, { satisfaction: 'satisfied' }])
      expect((await cast.caller.post(`/demands/${id}/callbacks`, { reached: true, ...said })).status).toBe(400)
    expect((await cast.caller.get(`/demands/${id}`)).body['demand']).toMatchObject({ outcome: null, state: 'answered' })
  })

  it('a closed demand is opened again by desk or resident within fifteen days, and counted', async () => {
    const { id, code } = await raised(world)
    await done(cast.secretary.post(`/demands/${id}/dispatch`, { leadId: world.unit['C11'] }))
    const handle = async () => {
      await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '修好了。' }))
      await done(world.nobody.post(`/raised-demands/${code}/rating`, { outcome: 'solved', satisfaction: 'satisfied' }))
      await done(cast.caller.post(`/demands/${id}/closure`))
    }
    await done(cast.secretary.post(`/demands/${id}/signature`))
    await handle()
    await done(cast.desk.post(`/demands/${id}/reopening`, { reason: '现场核查又坏了' }))
    await handle()
    await done(world.nobody.post(`/raised-demands/${code}/reopening`, { reason: '昨晚又灭了' }))
    expect((await world.nobody.get(`/raised-demands/${code}`)).body).toMatchObject({
      state: 'signed',
      mayReopen: false,
    })
    expect((await world.nobody.get(`/raised-demands/${code}`)).body['words']).toContain('昨晚又灭了')
    await handle()
    expect((await world.nobody.post(`/raised-demands/${code}/reopening`, { reason: '第三次' })).body['code']).toBe(
      'demand.reopened-enough',
    )
    expect((await cast.secretary.get(`/demands/${id}`)).body['demand']).toMatchObject({ round: 2, state: 'closed' })
  })

  it('too long after closing it takes a new demand', async () => {
    const id = await calledBack(world, cast, { outcome: 'solved', satisfaction: 'satisfied' })
    await done(cast.caller.post(`/demands/${id}/closure`))
    clock.shiftForTest(17 * DAY)
    const desk = await world.someone('district-desk', 'O')
    expect((await desk.post(`/demands/${id}/reopening`, { reason: '太久了' })).body['code']).toBe('demand.reopen-late')
  })
})

describe('confirmed another way', () => {
  it('an inspector other than the handler checks on the spot; not passed goes back (settings: verification)', async () => {
    const occasion = await done(
      cast.desk.post('/occasions', {
        mechanismId: 'inspected',
        placeId: world.unit['S1'],
        kind: 'inspection',
        heldOn: '2026-03-01',
        met: 3,
      }),
    )
    const id = await open(world, cast.desk, { mechanismId: 'inspected' })
    const found = await done(
      cast.desk.post('/demands', {
        mechanismId: 'inspected',
        placeId: world.unit['E111'],
        category: 'facility',
        words: '消防通道堆物',
        occasionId: occasion['id'],
      }),
    )
    for (const one of [id, found['id']]) {
      await done(cast.desk.post(`/demands/${one}/dispatch`, { leadId: world.unit['C11'] }))
      await done(cast.secretary.post(`/demands/${one}/signature`))
      expect((await cast.secretary.post(`/demands/${one}/answer`, { answer: '已清理' })).body['code']).toBe(
        'demand.unknown-means',
      )
      await done(cast.secretary.post(`/demands/${one}/answer`, { answer: '已清理', means: 'mediation' }))
    }
    expect((await cast.caller.post(`/demands/${id}/callbacks`, { reached: false })).body['code']).toBe(
      'demand.not-confirmed-so',
    )
    expect((await cast.caller.post(`/demands/${id}/closure`)).body['code']).toBe('demand.no-callback')
    expect(
      await done(cast.organiser.post(`/demands/${id}/verification`, { passed: false, note: '仍有堆物' })),
    ).toMatchObject({ state: 'signed' })
    await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '再次清理', means: 'enforcement' }))
    expect(await done(cast.organiser.post(`/demands/${id}/verification`, { passed: true }))).toMatchObject({
      state: 'called',
    })
    await done(cast.organiser.post(`/demands/${id}/closure`))
    expect((await cast.desk.get(`/demands/${id}`)).body).toMatchObject({
      means: 'enforcement',
      demand: { outcome: 'solved', satisfaction: null, round: 1 },
    })
    await done(cast.organiser.post(`/demands/${found['id']}/verification`, { passed: true }))
    expect((await cast.desk.get('/occasions?mechanism=inspected')).body['rows']).toMatchObject([
      { kind: 'inspection', met: 3, found: 1, solved: 1 },
    ])
  })

  it('where nobody is asked it closes from the answer: solved, or explained when it cannot be done (settings: none)', async () => {
    for (const [feasible, outcome] of [
      [true, 'solved'],
      [false, 'explained'],
    ] as const) {
      const id = await dispatched(world, cast.secretary, 'C11', { mechanismId: 'plain' })
      await done(cast.secretary.post(`/demands/${id}/signature`))
      await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '办理情况', feasible }))
      await done(cast.secretary.post(`/demands/${id}/closure`))
      expect((await cast.secretary.get(`/demands/${id}`)).body['demand']).toMatchObject({ state: 'closed', outcome })
    }
  })

  it('an occasion is listed by kind, day and people met, and does not exist for who may not see its place (A-13)', async () => {
    const hold = async (place: string, heldOn: string, met: number) =>
      (
        await done(
          cast.desk.post('/occasions', {
            mechanismId: 'inspected',
            placeId: world.unit[place],
            kind: 'inspection',
            heldOn,
            met,
          }),
        )
      )['id'] as string
    const [here, above] = [await hold('C11', '2026-02-01', 900), await hold('S1', '2026-02-02', 800)]
    const ids = async (query: string) =>
      (
        (await cast.desk.get(`/occasions?mechanism=inspected&from=2026-02-01&to=2026-02-02&${query}`)).body['rows'] as {
          id: string
        }[]
      ).map((o) => o.id)
    expect(await ids('')).toEqual([above, here])
    expect(await ids('sort=held')).toEqual([here, above])
    expect(await ids('sort=-met')).toEqual([here, above])
    expect(await ids('kind=visit')).toEqual([])
    expect((await cast.secretary.get(`/occasions/${here}`)).body).toMatchObject({ met: 900, can: ['demand.open'] })
    const unseen = await cast.secretary.get(`/occasions/${above}`)
    expect([unseen.status, unseen.body['code']]).toEqual([404, 'demand.occasion-not-found'])
  })

  it('a demand names only an occasion its opener may see, and of its own mechanism (A-13)', async () => {
    const hold = async (place: string) =>
      (
        await done(
          cast.desk.post('/occasions', {
            mechanismId: 'inspected',
            placeId: world.unit[place],
            kind: 'inspection',
            heldOn: '2026-01-05',
            met: 4,
          }),
        )
      )['id'] as string
    const [here, elsewhere] = [await hold('C11'), await hold('C21')]
    const naming = (occasionId: string, mechanismId = 'inspected') =>
      cast.secretary.post('/demands', {
        mechanismId,
        placeId: world.unit['C11'],
        category: 'facility',
        words: '消防通道堆物',
        occasionId,
      })
    expect((await cast.secretary.get(`/occasions/${elsewhere}`)).status).toBe(404)
    for (const refused of [await naming(elsewhere), await naming(here, 'plain')])
      expect([refused.status, refused.body['code']]).toEqual([404, 'demand.occasion-not-found'])
    await done(naming(here))
    const found = async (id: string) => (await cast.desk.get(`/occasions/${id}`)).body['found']
    expect([await found(here), await found(elsewhere)]).toEqual([1, 0])
  })

  it('an occasion the mechanism does not know, or of tomorrow, is refused', async () => {
    const asked = { mechanismId: 'inspected', placeId: world.unit['S1'], heldOn: '2026-03-01' }
    expect((await cast.desk.post('/occasions', { ...asked, kind: 'visit' })).body['code']).toBe('demand.no-occasions')
    expect(
      (await cast.desk.post('/occasions', { ...asked, kind: 'inspection', heldOn: '2099-01-01' })).body['code'],
    ).toBe('demand.future-day')
  })
})

describe('exclusion from the rates (REQ-09)', () => {
  it('is asked by one unit and decided by another, stays visible, and is counted (REQ-09)', async () => {
    const id = await calledBack(world, cast, { outcome: 'unsolved', satisfaction: 'unsatisfied' })
    const asked = { ground: 'unreasonable', reason: '要求拆除合法建筑' }
    await done(cast.secretary.post(`/demands/${id}/exclusions`, asked))
    expect((await cast.secretary.post(`/demands/${id}/exclusions`, asked)).body['code']).toBe(
      'demand.exclusion-pending',
    )
    expect(
      (await cast.secretary.post(`/demands/${id}/exclusion-decision`, { granted: true, reason: '同意' })).status,
    ).toBe(403)
    await done(cast.organiser.post(`/demands/${id}/exclusion-decision`, { granted: true, reason: '情况属实' }))
    const page = (await cast.desk.get(`/demands/${id}`)).body
    expect(page['demand']['excluded']).toBe(true)
    expect(page['exclusions']).toMatchObject([
      { ground: 'unreasonable', askedUnit: '望江社区党总支', decidedUnit: '临江街道党工委', granted: true },
    ])
    expect((await cast.desk.get('/exclusions')).body).toMatchObject({
      total: 1,
      rows: [{ demandId: id, decisionReason: '情况属实' }],
    })
    expect(
      (await cast.organiser.post(`/demands/${id}/exclusion-decision`, { granted: false, reason: '再看' })).body['code'],
    ).toBe('demand.no-exclusion')
  })

  it('is not decided by the unit that asked, whoever signs (REQ-09)', async () => {
    const id = await calledBack(world, cast, { outcome: 'unsolved', satisfaction: 'unsatisfied' })
    await done(cast.organiser.post(`/demands/${id}/exclusions`, { ground: 'repeated', reason: '重复反映' }))
    expect(
      (await cast.organiser.post(`/demands/${id}/exclusion-decision`, { granted: true, reason: '同意' })).body['code'],
    ).toBe('demand.own-review')
    const colleague = await world.someone('street-organiser', 'OS1')
    expect(
      (await colleague.post(`/demands/${id}/exclusion-decision`, { granted: true, reason: '同意' })).body['code'],
    ).toBe('demand.same-unit-review')
    await done(cast.desk.post(`/demands/${id}/exclusion-decision`, { granted: false, reason: '不属于重复' }))
    expect((await cast.desk.get(`/demands/${id}`)).body['demand']['excluded']).toBe(false)
  })
})
