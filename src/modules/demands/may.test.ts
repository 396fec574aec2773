// What a screen offers is what the server takes: at each station of a demand's life, for each hand, every step is tried.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { DemandStep } from './contract.ts'
import { type Cast, castOf, done, open, plantMechanism } from './fixtures.ts'

let base: Base
let world: World
let cast: Cast
let other: string
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
  await plantMechanism(world, 'sirens', {
    categories: [{ id: 'fire-lane', name: '占道', level: 'department' }],
    whistle: { enabled: true, limit: { amount: 2, unit: 'hours' } },
  })
  await plantMechanism(world, 'inspected', {
    categories: [{ id: 'site', name: '现场', level: 'any' }],
    confirmation: 'verification',
  })
  await plantMechanism(world, 'unasked', {
    categories: [{ id: 'event', name: '活动', level: 'any' }],
    confirmation: 'none',
  })
  other = await open(world, cast.secretary, { words: '同一盏灯' })
})
afterAll(() => base.close())

const reason = '按规定办理'
const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

/** A sound request for every step, so that only lawfulness can refuse it. */
const requests = (): Record<DemandStep, [path: string, body: unknown]> => ({
  dispatch: ['dispatch', { leadId: world.unit['C11'] }],
  sign: ['signature', undefined],
  dispute: ['dispute', { reason, basis: '职责清单' }],
  review: ['dispute-review', { outcome: 'upheld', reason }],
  decline: ['declining', { reason, legalChannel: '信访' }],
  contact: ['contact', undefined],
  answer: ['answer', { answer: '已经办理。' }],
  'call-back': ['callbacks', { reached: true, outcome: 'unsolved', satisfaction: 'unsatisfied' }],
  verify: ['verification', { passed: true }],
  close: ['closure', {}],
  reopen: ['reopening', { reason }],
  redo: ['redoing', { reason }],
  extend: ['extension', { term: { amount: 1, unit: 'days' }, reason }],
  suspend: ['suspension', { reason, plan: '列入改造计划', leader: '分管负责人', reviewOn: inDays(30) }],
  resume: ['resumption', { reason }],
  merge: ['merger', { intoId: other, ground: 'same-matter', reason }],
  split: ['parts', { parts: [{ category: 'facility', title: '另一件事', words: '另一件事' }], reason }],
  support: ['supports', { unitId: world.unit['C12'] }],
  'rate-support': ['', undefined],
  exclude: ['exclusions', { ground: 'repeated', reason }],
  'decide-exclusion': ['exclusion-decision', { granted: false, reason }],
})

const take = (who: Asker, id: string, step: DemandStep) => {
  const [path, body] = requests()[step]
  return who.post(`/demands/${id}/${path}`, body)
}

const offered = async (who: Asker, id: string): Promise<DemandStep[]> =>
  (await done(who.get(`/demands/${id}`)))['demand'].steps

/** Steps that are not offered are refused, whoever asks; a refusal changes nothing, so all may be tried. */
async function refusesTheRest(id: string, hands: readonly Asker[]) {
  for (const who of hands) {
    const steps = await offered(who, id)
    for (const step of DemandStep.options.filter((s) => !steps.includes(s) && s !== 'rate-support')) {
      const { status, body } = await take(who, id, step)
      expect([409, 403, 422], `${step}: ${status} ${JSON.stringify(body)}`).toContain(status)
    }
  }
}

async function walk(id: string, course: readonly [who: Asker, step: DemandStep][]) {
  const hands = [cast.secretary, cast.organiser, cast.desk, cast.caller]
  for (const [who, step] of course) {
    await refusesTheRest(id, hands)
    expect(await offered(who, id)).toContain(step)
    await done(take(who, id, step))
  }
  await refusesTheRest(id, hands)
}

describe('offered steps', () => {
  it('are those the server takes, along the straight way, through dispute, extension, shelf, rework and reopening', async () => {
    const { secretary, organiser, desk, caller } = cast
    await walk(await open(world, secretary), [
      [secretary, 'dispatch'],
      [secretary, 'dispute'],
      [organiser, 'review'],
      [secretary, 'sign'],
      [secretary, 'contact'],
      [organiser, 'support'],
      [organiser, 'extend'],
      [desk, 'suspend'],
      [desk, 'resume'],
      [secretary, 'exclude'],
      [desk, 'decide-exclusion'],
      [secretary, 'answer'],
      [caller, 'call-back'],
      [caller, 'redo'],
      [secretary, 'answer'],
      [caller, 'call-back'],
      [caller, 'close'],
      [desk, 'reopen'],
    ])
  }, 60_000)

  it('follow the way a mechanism is confirmed: verified on the spot, or by nobody', async () => {
    const { secretary, organiser } = cast
    const way = async (mechanismId: string, category: string, step: DemandStep) => {
      const id = await open(world, secretary, { mechanismId, category })
      for (const s of ['dispatch', 'sign', 'answer'] as const) await done(take(secretary, id, s))
      await refusesTheRest(id, [secretary, organiser, cast.caller])
      expect(await offered(organiser, id)).toContain(step)
      await done(take(organiser, id, step))
    }
    await way('inspected', 'site', 'verify')
    await way('unasked', 'event', 'close')
  })

  it('leave a demand alone that was declined, and one that was merged', async () => {
    const { secretary, organiser } = cast
    await walk(await open(world, secretary), [[organiser, 'decline']])
    await walk(await open(world, secretary), [[organiser, 'merge']])
  })

  it('of a supporting unit: sign, report, and for a whistle the rating by the place that called', async () => {
    const blown = await done(
      cast.organiser.post('/whistles', {
        mechanismId: 'sirens',
        placeId: world.unit['S1'],
        category: 'fire-lane',
        words: '消防通道被占',
        unitIds: [world.unit['CITY']],
      }),
    )
    const hand = async (who: Asker) => {
      const page = await done(who.get(`/demands/${blown['id']}`))
      return page['dispatches'].find((x: { role: string }) => x.role === 'support') as { id: string; steps: string[] }
    }
    const at = `/demands/${blown['id']}/dispatches/${(await hand(cast.handler)).id}`
    expect((await hand(cast.handler)).steps).toEqual(['sign'])
    await done(cast.handler.post(`${at}/signature`))
    expect((await hand(cast.handler)).steps).toEqual(['report'])
    await done(cast.handler.post(`${at}/report`, { report: '已到现场' }))
    expect((await hand(cast.handler)).steps).toEqual([])
    expect((await hand(cast.organiser)).steps).toEqual(['rate'])
    expect(await offered(cast.organiser, blown['id'])).toContain('rate-support')
    await done(cast.organiser.post(`${at}/rating`, { rating: 'prompt' }))
    expect((await hand(cast.organiser)).steps).toEqual([])
    expect(await offered(cast.organiser, blown['id'])).not.toContain('rate-support')
  })
})
