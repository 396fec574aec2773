import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Cast, castOf, done, open, raised } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
})
afterAll(() => base.close())

const into = (intoId: string) => ({ intoId, ground: 'same-matter', reason: '同一盏路灯' })
const rates = async () =>
  (await cast.desk.get(`/rates?unit=${world.unit['D']}&from=2026-01-01&to=2090-01-01`)).body['whole']

describe('merged demands (REQ-07)', () => {
  it('follow the one they were merged into; every resident keeps his code and words and reads the answer (REQ-07)', async () => {
    const first = await raised(world, '三号楼路灯不亮')
    const second = await raised(world, '门口的灯坏了')
    const third = await raised(world, '晚上看不见路')
    await done(cast.secretary.post(`/demands/${third.id}/merger`, into(second.id)))
    await done(cast.secretary.post(`/demands/${second.id}/merger`, into(first.id)))
    expect((await cast.secretary.get(`/demands/${first.id}`)).body['related'].map((r: { as: string }) => r.as)).toEqual(
      ['child', 'child'],
    )
    await done(cast.secretary.post(`/demands/${first.id}/dispatch`, { leadId: world.unit['C11'] }))
    await done(cast.secretary.post(`/demands/${first.id}/signature`))
    expect(
      (
        await world.nobody.post(`/raised-demands/${second.code}/rating`, {
          outcome: 'solved',
          satisfaction: 'satisfied',
        })
      ).body['code'],
    ).toBe('demand.wrong-state')
    await done(cast.secretary.post(`/demands/${first.id}/answer`, { answer: '路灯已经更换。' }))
    for (const [who, words] of [
      [second, '门口的灯坏了'],
      [third, '晚上看不见路'],
    ] as const) {
      const seen = (await world.nobody.get(`/raised-demands/${who.code}`)).body
      expect(seen).toMatchObject({
        state: 'answered',
        words,
        answer: '路灯已经更换。',
        ownerName: '望江社区',
        mayRate: true,
      })
      expect(JSON.stringify(seen)).not.toContain('三号楼')
    }
    expect(
      await done(
        world.nobody.post(`/raised-demands/${second.code}/rating`, {
          outcome: 'unsolved',
          satisfaction: 'unsatisfied',
        }),
      ),
    ).toEqual({ state: 'answered' })
    await done(
      cast.caller.post(`/demands/${first.id}/callbacks`, {
        reached: true,
        outcome: 'solved',
        satisfaction: 'satisfied',
      }),
    )
    await done(cast.caller.post(`/demands/${first.id}/closure`))
    expect((await world.nobody.get(`/raised-demands/${second.code}`)).body).toMatchObject({
      state: 'closed',
      outcome: 'unsolved',
      mayRate: false,
      mayReopen: true,
    })
    expect((await world.nobody.get(`/raised-demands/${third.code}`)).body).toMatchObject({
      state: 'closed',
      outcome: null,
      mayRate: true,
    })
    expect(await rates()).toMatchObject({ dispatched: 1, solved: { numerator: 1, denominator: 1 } })
    expect((await cast.desk.get('/demands')).body['total']).toBe(3)
    await done(world.nobody.post(`/raised-demands/${second.code}/reopening`, { reason: '我家门口还是黑的' }))
    expect((await cast.secretary.get(`/demands/${first.id}`)).body['demand']).toMatchObject({
      state: 'signed',
      round: 1,
    })
    expect((await world.nobody.get(`/raised-demands/${third.code}`)).body).toMatchObject({
      state: 'signed',
      mayReopen: false,
    })
  })

  it('are never merged with themselves, with a report, or into what is already answered (REQ-07, REQ-10)', async () => {
    const [one, report] = [
      await open(world, cast.secretary),
      await open(world, cast.desk, { report: true, aboutId: world.unit['CITY'] }),
    ]
    expect((await cast.secretary.post(`/demands/${one}/merger`, into(one))).body['code']).toBe('demand.not-mergeable')
    expect((await cast.desk.post(`/demands/${one}/merger`, into(report))).body['code']).toBe('demand.not-mergeable')
    const ended = await open(world, cast.secretary)
    await done(cast.secretary.post(`/demands/${ended}/declining`, { reason: '不属于受理范围', legalChannel: '信访' }))
    expect((await cast.secretary.post(`/demands/${one}/merger`, into(ended))).body['code']).toBe('demand.not-mergeable')
  })

  it('two merges the other way round at the same moment leave one of them standing (CO-10, CO-19)', async () => {
    const [a, b] = [await open(world, cast.secretary), await open(world, cast.secretary)]
    const answers = await Promise.all([
      cast.secretary.post(`/demands/${a}/merger`, into(b)),
      cast.secretary.post(`/demands/${b}/merger`, into(a)),
    ])
    expect(answers.map((x) => x.status).toSorted()).toEqual([200, 422])
    const states = await Promise.all(
      [a, b].map(async (id) => (await cast.secretary.get(`/demands/${id}`)).body['demand']['state']),
    )
    expect(states.toSorted()).toEqual(['merged', 'registered'])
  })
})

describe('a split demand (REQ-07)', () => {
  it('keeps the resident’s one code; each part has its own way, words, clock of the first day, and rating (REQ-07)', async () => {
    const whole = await raised(world, '路灯不亮，楼顶还有违建')
    const before = (await cast.secretary.get(`/demands/${whole.id}`)).body['demand']
    const { parts } = await done(
      cast.secretary.post(`/demands/${whole.id}/parts`, {
        parts: [{ category: 'enforcement', title: '楼顶违建', words: '楼顶有人搭棚' }],
        reason: '两件事',
      }),
    )
    const part = (await cast.secretary.get(`/demands/${parts[0].id}`)).body
    expect(part['demand']).toMatchObject({
      splitFrom: whole.id,
      category: 'enforcement',
      grade: 'complex',
      openedAt: before['openedAt'],
      state: 'registered',
    })
    await done(cast.desk.post(`/demands/${parts[0].id}/dispatch`, { leadId: world.unit['CITY'] }))
    await done(cast.handler.post(`/demands/${parts[0].id}/signature`))
    expect((await cast.handler.get(`/demands/${parts[0].id}`)).body['contact']).toMatchObject({
      phone: '13912345678',
      masked: false,
    })
    await done(cast.handler.post(`/demands/${parts[0].id}/answer`, { answer: '已经责令拆除。' }))
    const seen = (await world.nobody.get(`/raised-demands/${whole.code}`)).body
    expect(seen['parts']).toEqual([{ no: parts[0].no, title: '楼顶违建', state: 'answered', answer: '已经责令拆除。' }])
    await done(
      world.nobody.post(`/raised-demands/${whole.code}/rating`, {
        no: parts[0].no,
        outcome: 'solved',
        satisfaction: 'satisfied',
      }),
    )
    expect((await cast.desk.get(`/demands/${parts[0].id}`)).body['demand']).toMatchObject({
      state: 'called',
      outcome: 'solved',
    })
    expect(
      (
        await cast.secretary.post(`/demands/${parts[0].id}/parts`, {
          parts: [{ category: 'care', title: '再拆', words: '再拆' }],
          reason: '再拆一次',
        })
      ).status,
    ).toBe(409)
  })

  it('withdrawn consent erases name and phone in every part and leaves the matter (PRV-01)', async () => {
    const whole = await raised(world, '两件事')
    const { parts } = await done(
      cast.secretary.post(`/demands/${whole.id}/parts`, {
        parts: [{ category: 'care', title: '陪护', words: '老人要陪护' }],
        reason: '两件事',
      }),
    )
    expect((await world.nobody.get(`/raised-demands/${whole.code}`)).body['contactKept']).toBe(true)
    await done(world.nobody.post(`/raised-demands/${whole.code}/consent-withdrawal`))
    const stored = await world.write((tx) =>
      tx.db
        .selectFrom('demand')
        .select(['contact_sealed', 'contact_index', 'words_sealed', 'contact_erased_at'])
        .where('district_id', '=', world.district)
        .where('id', 'in', [whole.id, parts[0].id])
        .execute(),
    )
    expect(stored).toHaveLength(2)
    for (const d of stored)
      expect(d).toMatchObject({
        contact_sealed: null,
        contact_index: null,
        words_sealed: expect.anything(),
        contact_erased_at: expect.any(String),
      })
    expect((await world.nobody.get(`/raised-demands/${whole.code}`)).body).toMatchObject({
      contactKept: false,
      words: '两件事',
    })
  })
})
