import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '#core/calendar.ts'
import { openStage } from '../../../test/stage.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
})
afterAll(() => base.close())

const recorded = (more: Record<string, unknown>, by: Asker = desk) =>
  by.post('/talents', {
    mechanismId: 'returnees',
    holderId: world.unit['CITY'],
    targetYear: 2025,
    on: '2025-03-01',
    consent: true,
    person: { name: '秦望舒' },
    ...more,
  })

describe('a talent’s wish', () => {
  it('is stored sealed, shown only on request with a reason, and erased when consent is taken back (PRV-01, A-43)', async () => {
    const wish = '希望回乡办一所图书馆'
    const { body } = await recorded({ wish })
    expect(JSON.stringify(body)).not.toContain(wish)
    const stored = await world.write((tx) =>
      sql<{ row: string }>`select t::text as row from talent t where district_id = ${world.district}`.execute(tx.db),
    )
    expect(stored.rows[0]?.row).not.toContain('图书馆')
    expect((await desk.post(`/talents/${body['id']}/reveal`, { reason: '' })).status).toBe(400)
    expect((await desk.post(`/talents/${body['id']}/reveal`, { reason: '联系本人' })).body).toEqual({ wish })
    expect((await desk.post(`/talents/${body['id']}/withdrawal`)).body).toMatchObject({ withdrawn: true, wish: false })
    expect((await desk.post(`/talents/${body['id']}/reveal`, { reason: '联系本人' })).body['code']).toBe(
      'talent.nothing-to-reveal',
    )
    const left = await world.write((tx) =>
      tx.db.selectFrom('talent').select('wish_sealed').where('district_id', '=', world.district).executeTakeFirst(),
    )
    expect(left?.wish_sealed).toBeNull()
  })

  it('is not recorded without consent, and a person not twice in a year however often he was entered', async () => {
    expect((await recorded({ consent: undefined, wish: '回乡任教' })).body['code']).toBe('talent.consent-needed')
    const first = await recorded({ person: { name: '许清和' } })
    const again = { person: undefined, personId: first.body['personId'] }
    const answers = await Promise.all([recorded(again), recorded(again)])
    expect(answers.map((a) => a.body['code'])).toEqual(['talent.already-recorded', 'talent.already-recorded'])
    const person = await desk.post('/persons', { name: '许清荷', homeId: world.unit['CITY'] })
    const both = await Promise.all([1, 2, 3].map(() => recorded({ person: undefined, personId: person.body['id'] })))
    expect(both.map((a) => a.status).toSorted()).toEqual([201, 409, 409])
  })

  it('does not exist for who may not see its holder, and a way goes forward only', async () => {
    const { body } = await recorded({ person: { name: '程知微' } })
    const stranger = await world.someone('district-desk', 'OC11')
    expect((await stranger.post(`/talents/${body['id']}/steps`, { state: 'supported', on: '2025-04-01' })).status).toBe(
      404,
    )
    expect((await stranger.get('/talents')).body['total']).toBe(0)
    const step = (state: string, on: string) => desk.post(`/talents/${body['id']}/steps`, { state, on })
    expect((await step('graduated', '2025-02-01')).body['code']).toBe('talent.bad-day')
    expect((await step('graduated', '2025-06-01')).status).toBe(201)
    expect((await step('supported', '2025-07-01')).body['code']).toBe('talent.not-next')
  })
})

describe('the register of talents', () => {
  it('is found by name, pinyin initials and title, sorted either way, and counts exactly (5.9)', async () => {
    await recorded({ person: { name: '贺兰若' } })
    await recorded({ person: { name: '艾青禾' } })
    const flexible = { mechanismId: 'flexible', person: undefined, consent: undefined }
    await recorded({ ...flexible, form: 'team', title: '果树所50%团队' })
    const names = async (query: string) =>
      ((await desk.get(`/talents?${query}`)).body['rows'] as { name: string }[]).map((r) => r.name)
    expect(await names('search=hlr')).toEqual(['贺兰若'])
    expect(await names('search=helan')).toEqual(['贺兰若'])
    expect(await names(`search=${encodeURIComponent('50%')}`)).toEqual(['果树所50%团队'])
    expect(await names(`search=${encodeURIComponent('5_%')}`)).toEqual([])
    expect(await names('form=team')).toEqual(['果树所50%团队'])
    const up = await names('sort=name')
    expect(up.indexOf('艾青禾')).toBeLessThan(up.indexOf('贺兰若'))
    const down = await names('sort=-name')
    expect(down.indexOf('艾青禾')).toBeGreaterThan(down.indexOf('贺兰若'))
    expect((await desk.get(`/talents?unit=${world.unit['OC11']}`)).body['total']).toBe(0)
  })

  it('opens one record with all that was done to it, for those alone who may see its holder (A-43)', async () => {
    const { body } = await recorded({ person: { name: '乐正安' }, wish: '希望办农场' })
    await desk.post(`/talents/${body['id']}/steps`, { state: 'supported', on: '2025-04-01', note: '贷款贴息' })
    await desk.post(`/talents/${body['id']}/reveal`, { reason: '联系本人' })
    const page = (await desk.get(`/talents/${body['id']}`)).body
    expect(page['talent']).toMatchObject({ name: '乐正安', state: 'supported', wish: true })
    expect(JSON.stringify(page)).not.toContain('农场')
    expect(page['timeline'].map((e: { action: string; reason: string | null }) => [e.action, e.reason])).toEqual([
      ['talent.record', null],
      ['talent.advance', null],
      ['talent.reveal', '联系本人'],
    ])
    const stranger = await world.someone('district-desk', 'OC11')
    expect((await stranger.get(`/talents/${body['id']}`)).status).toBe(404)
  })

  it('counts what a target has reached by the year of arrival, below its holder, each person once', async () => {
    const target = { mechanismId: 'graduates', holderId: world.unit['CITY'], year: 2024, amount: 5 }
    expect((await desk.post('/talent-targets', target)).status).toBe(201)
    const reached = async () =>
      (await desk.get('/talent-targets?mechanism=graduates&year=2024')).body['rows'].map(
        (r: { reached: number; amount: number }) => [r.reached, r.amount],
      )
    expect(await reached()).toEqual([[0, 5]])
    const arrive = async (name: string, on: string) => {
      const { body } = await recorded({ mechanismId: 'graduates', on, person: { name } })
      await desk.post(`/talents/${body['id']}/steps`, { state: 'arrived', on })
    }
    await arrive('安以宁', '2024-12-31')
    await arrive('安以和', '2025-01-01')
    expect(await reached()).toEqual([[1, 5]])
    const stranger = await world.someone('district-desk', 'OC11')
    expect((await stranger.get('/talent-targets')).body['total']).toBe(0)
  })
})

describe('staying', () => {
  it('is judged when the months since arrival are up; who was not checked did not stay, and an empty list has no rate', async () => {
    const stage = await openStage(base)
    const rate = async () =>
      (
        await stage.call('readFigures', {
          query: {
            measures: 'talents.retention-rate',
            period: `2000-01-01..${stage.today}`,
            unit: stage.unit['O'] as string,
          },
        })
      )['figures'][0]
    expect(await rate()).toMatchObject({ value: null, denominator: 0 })
    const arrived = addDays(stage.today, -400)
    for (const [i, name] of ['罗一航', '罗二航', '罗三航'].entries()) {
      const body = {
        mechanismId: 'graduates',
        holderId: stage.unit['CITY'],
        targetYear: 2025,
        on: arrived,
        person: { name },
      }
      const { id } = await stage.call('recordTalent', { body })
      const on = i === 2 ? addDays(stage.today, -10) : arrived
      await stage.call('advanceTalent', { params: { id }, body: { state: 'arrived', on } })
      if (i === 0) await stage.call('advanceTalent', { params: { id }, body: { state: 'retained', on: stage.today } })
    }
    expect(await rate()).toMatchObject({ value: 50, numerator: 1, denominator: 2 })
  })
})
