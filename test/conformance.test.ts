// Every mechanism of every pack is played through its engine by the API, and so are settings nobody has thought of.
import { mkdirSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '#app.ts'
import { coverage, digestOf, packNames, passedFile, readPassed } from '#coverage.ts'
import { measures as demandsMeasures } from '#modules/demands/index.ts'
import { DemandSettings } from '#modules/demands/contract.ts'
import { measures as peopleMeasures } from '#modules/people/index.ts'
import { milestones, TalentSettings } from '#modules/people/contract.ts'
import { measures as reportsMeasures } from '#modules/reports/index.ts'
import { measures as unitsMeasures } from '#modules/units/index.ts'
import { UnitsSettings } from '#modules/units/contract.ts'
import type { Engine, Stage } from '#modules/mechanisms/index.ts'
import { type Pack, readPack } from '#packs.ts'
import { type Base, openBase } from './harness.ts'
import { openStage } from './stage.ts'

let base: Base
const passed = readPassed()
beforeAll(async () => {
  base = await openBase()
})
afterAll(async () => {
  mkdirSync(new URL('.', passedFile), { recursive: true })
  writeFileSync(passedFile, `${JSON.stringify(passed, null, 1)}\n`)
  await base.close()
})

const engineOf = (name: string): Engine => {
  const engine = engines.find((e) => e.name === name)
  if (!engine?.conformance) throw new Error(`no engine ${name} with a conformance scenario`)
  return engine
}

/** Plays settings as a mechanism of their own in a district of their own. */
async function play(engine: string, settings: unknown, bend: (stage: Stage) => Stage = (s) => s) {
  const { conformance, settings: schema } = engineOf(engine)
  const parsed = schema.parse(settings)
  const stage = await openStage(base, { id: 'played', engine, settings })
  await conformance?.(bend(stage), 'played', parsed)
}

const packs = packNames().map(readPack)
const mechanisms = packs.flatMap((pack) =>
  pack.mechanisms.map((m): [string, Pack['mechanisms'][number]] => [`${pack.name} ${m.id} ${m.name}`, m]),
)

type Figure = { measure: { id: string; kind: string }; value: number }
/** Measures whose number is a sum of quantities, not a count of records. */
const summed = new Set(
  [...unitsMeasures, ...peopleMeasures, ...demandsMeasures, ...reportsMeasures].flatMap((m) =>
    'aggregate' in m && m.aggregate === 'sum' ? [m.id] : [],
  ),
)

describe('every mechanism of every pack', () => {
  it.each(mechanisms)(
    'plays through its engine and its numbers agree: %s',
    async (_, m) => {
      delete passed[m.id]
      const stage = await openStage(base)
      const engine = engineOf(m.engine)
      await engine.conformance?.(stage, m.id, engine.settings.parse(m.settings))
      passed[m.id] = digestOf(m.engine, m.settings)
    },
    60_000,
  )

  it('has an id of its own and names a row of the catalogue at most once in a pack', () => {
    const catalogue = new Set(coverage().map((c) => c.id))
    for (const { mechanisms: all } of packs) {
      const named = all.map((m) => m.catalogueId).filter((id) => id !== null)
      expect(new Set(all.map((m) => m.id)).size).toBe(all.length)
      expect(new Set(named).size).toBe(named.length)
      expect(named.filter((id) => !catalogue.has(id))).toEqual([])
    }
  })

  it('covers the whole of the modules demands, units, people and reports of the catalogue', () => {
    const state = new Map(packs.flatMap((p) => p.mechanisms).map((m) => [m.catalogueId, m.id]))
    const missing = coverage().filter(
      (c) => ['demands', 'units', 'people', 'reports'].includes(c.module) && !state.has(c.id),
    )
    expect(missing.map((c) => c.id)).toEqual([])
  })
})

const key = fc.integer({ min: 0, max: 999 }).map((n) => `k-${n}`)
const named = fc.record({ id: key, name: fc.constantFrom('甲', '乙', '丙') })
const some = (min = 0, max = 3) => fc.uniqueArray(named, { minLength: min, maxLength: max, selector: (r) => r.id })
const allKinds = readPack('demo').kinds
const kindsOf = (tree?: 'place' | 'org') => {
  const ids = allKinds.filter((k) => !tree || k.tree === tree).map((k) => k.id)
  return fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 3 })
}
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const valid = (schema: typeof UnitsSettings | typeof TalentSettings | typeof DemandSettings, settings: unknown) =>
  schema.safeParse(settings).success

const mark = fc.record(
  {
    id: key,
    name: fc.constant('标注'),
    kinds: kindsOf(),
    values: some(1),
    forward: fc.boolean(),
    several: fc.boolean(),
    months: fc.integer({ min: 1, max: 40 }),
  },
  { requiredKeys: ['id', 'name', 'kinds', 'values'] },
)
const event = fc.record(
  {
    id: key,
    name: fc.constant('事项'),
    kinds: kindsOf(),
    everyMonths: fc.integer({ min: 1, max: 24 }),
    settles: fc.boolean(),
    counts: fc.constant('决议'),
  },
  { requiredKeys: ['id', 'name', 'kinds'] },
)
const role = fc.record(
  { id: key, name: fc.constant('成员'), kinds: kindsOf('org'), most: fc.integer({ min: 1, max: 3 }) },
  { requiredKeys: ['id', 'name', 'kinds'] },
)
const unique = <T extends { id: string }>(of: fc.Arbitrary<T>, min = 0) =>
  fc.uniqueArray(of, { minLength: min, maxLength: 2, selector: (r) => r.id })

const units = fc
  .record({
    registers: fc.uniqueArray(fc.constantFrom(...allKinds.map((k) => k.id)), { maxLength: 2 }),
    marks: unique(mark),
    events: unique(event),
    posts: fc.array(fc.record({ title: fc.constantFrom('书记', '党支部书记', '副书记', '主任'), kinds: kindsOf() }), {
      maxLength: 3,
    }),
    binding: maybe(fc.record({ places: kindsOf('place'), organisations: kindsOf('org') })),
    alliance: maybe(fc.record({ leads: kindsOf('org'), roles: unique(role, 1) })),
    terms: maybe(fc.record({ roles: some(1), bases: some(1), years: fc.integer({ min: 1, max: 5 }) })),
    covered: fc.boolean(),
  })
  .map(({ covered, ...s }) => {
    const [presence, check] = s.marks
    const coverage =
      covered && presence && !presence.several ? { entities: presence.kinds, presence: presence.id } : undefined
    return {
      ...s,
      coverage:
        coverage && check && !check.several
          ? { ...coverage, entities: presence?.kinds.filter((k) => check.kinds.includes(k)), check: check.id }
          : coverage,
    }
  })
  .filter((s) => valid(UnitsSettings, s))

const talents = fc
  .record({
    forms: fc.uniqueArray(fc.constantFrom('person', 'team', 'project'), { minLength: 1 }),
    levels: some(),
    fields: some(),
    routes: some(),
    channels: some(),
    stages: fc.subarray([...milestones]),
    consent: fc.boolean(),
    targets: fc.boolean(),
    months: fc.integer({ min: 1, max: 24 }),
    events: fc.uniqueArray(fc.record({ id: key, name: fc.constant('活动'), posts: fc.boolean() }), {
      maxLength: 2,
      selector: (r) => r.id,
    }),
  })
  .map(({ stages, months, ...s }) => ({
    ...s,
    states: stages.map((milestone) => ({ id: `s-${milestone}`, name: milestone, milestone })),
    ...(stages.includes('retained') ? { retentionMonths: months } : {}),
  }))
  .filter((s) => valid(TalentSettings, s))

const term = fc.record({ amount: fc.integer({ min: 1, max: 90 }), unit: fc.constantFrom('hours', 'days', 'workdays') })
const demands = fc
  .record({
    categories: fc.uniqueArray(
      fc.record({
        id: key,
        name: fc.constant('事项'),
        level: fc.constantFrom('community', 'street', 'department', 'any'),
        grade: fc.constantFrom('urgent', 'normal', 'complex', 'enquiry'),
      }),
      { minLength: 1, maxLength: 3, selector: (r) => r.id },
    ),
    residents: fc.option(fc.record({ rank: fc.integer({ min: 1, max: 99 }) }), { nil: undefined }),
    dispute: fc.record({ window: term, times: fc.integer({ min: 0, max: 3 }) }),
    extensions: fc.integer({ min: 0, max: 3 }),
    confirmation: fc.constantFrom('call-back', 'verification', 'none'),
    means: fc.uniqueArray(named, { maxLength: 2, selector: (r) => r.id }),
    redos: fc.integer({ min: 0, max: 2 }),
    reopen: fc.record({ days: fc.integer({ min: 1, max: 60 }), times: fc.integer({ min: 0, max: 2 }) }),
    whistle: fc.record({
      enabled: fc.boolean(),
      limit: term,
    }),
    occasions: fc.uniqueArray(fc.constantFrom('visit', 'inspection', 'meeting', 'drill')),
    tasks: fc.record({
      enabled: fc.boolean(),
      waitingList: fc.boolean(),
      openTo: fc.constantFrom('registered', 'anyone'),
      claimants: fc.uniqueArray(fc.constantFrom('person', 'unit'), { minLength: 1 }),
      maxCapacity: fc.constantFrom(1, 2, 10_000),
      review: fc.boolean(),
      record: fc.constantFrom('minutes', 'done'),
      shownAt: fc.constantFrom('place', 'estate', 'community'),
    }),
  })
  .filter((s) => valid(DemandSettings, s))

describe('settings nobody has thought of', () => {
  const random: [string, fc.Arbitrary<unknown>][] = [
    ['units', units],
    ['talents', talents],
    ['demands', demands],
  ]
  it.each(random)(
    'of the engine %s play through as long as its schema lets them',
    async (engine, settings) => {
      await fc.assert(
        fc.asyncProperty(settings, (s) => play(engine, s)),
        { numRuns: 6, endOnFailure: true },
      )
    },
    180_000,
  )
})

/** What a page of one record reads first. */
const readers: Record<string, string> = {
  '/demands': 'readDemand',
  '/tasks': 'readTask',
  '/persons': 'readPerson',
  '/talents': 'readTalent',
  '/units': 'getUnit',
}

describe('what was played', () => {
  it('is opened by every number of it: evidence counts to the figure, in the tree of today and of the day, and every record leads to its own page', async () => {
    const stage = await openStage(base)
    for (const id of [
      'two-new',
      'chain-alliance',
      'retired-party',
      'delegates',
      'graduates',
      'flexible',
      'squads',
      '365-service',
      'overview',
      'media',
    ]) {
      const m = packs.flatMap((p) => p.mechanisms).find((one) => one.id === id || one.id === `talent-${id}`)
      const engine = engineOf(m?.engine ?? '')
      await engine.conformance?.(stage, m?.id ?? '', engine.settings.parse(m?.settings))
    }
    let nonZero = 0
    const links = new Set<string>()
    for (const unit of [stage.unit['O'] as string, stage.unit['D'] as string]) {
      const ask = { unit, period: `2000-01-01..${stage.today}` }
      const { figures } = await stage.call('readFigures', { query: ask })
      const ofDay = await stage.call('readFigures', { query: { ...ask, tree: 'day' } })
      expect(ofDay['figures'].map((f: Figure) => [f.measure.id, f.value])).toEqual(
        figures.map((f: Figure) => [f.measure.id, f.value]),
      )
      for (const { measure, value } of figures as Figure[]) {
        if (measure.kind === 'ratio') continue
        const evidence = await stage.call('listEvidence', { query: { ...ask, measure: measure.id, limit: '500' } })
        const counted = summed.has(measure.id) ? evidence['sum'] : evidence['total']
        expect([measure.id, counted, evidence['rows'].length]).toEqual([measure.id, value, evidence['total']])
        for (const { link } of evidence['rows'] as { link: string }[]) if (link) links.add(link)
        if (value) nonZero++
      }
    }
    expect(nonZero).toBeGreaterThan(40)
    const opened = new Map<string, number>()
    for (const link of links) {
      const [, page = '', id = ''] = /^\/console(\/\w+)(?:\?(?:task|unit)=|\/)([0-9a-f-]{36})(?:&|$)/.exec(link) ?? []
      const operation = readers[page]
      if (operation) await stage.call(operation, { params: { id } })
      opened.set(page, (opened.get(page) ?? 0) + 1)
    }
    expect([...opened.keys()]).toEqual(expect.arrayContaining(Object.keys(readers)))
  }, 120_000)
})

describe('a conformance scenario', () => {
  const marks = [{ id: 'housing', name: '住房类型', kinds: ['estate'], values: [{ id: 'old', name: '老旧' }] }]
  /** Answers as they come, but for one measure that counts one more at every reading. */
  const miscounting =
    (measure: string) =>
    (stage: Stage): Stage => {
      let readings = 0
      const call: Stage['call'] = async (operation, input, as) => {
        const answer = await stage.call(operation, input, as)
        const wrong =
          operation === 'readFigures'
            ? answer['figures'].find((f: { measure: { id: string } }) => f.measure.id === measure)
            : undefined
        for (const row of wrong?.rows ?? []) row.value += readings++
        return answer
      }
      return { ...stage, call }
    }

  it('notices one wrong count', async () => {
    await expect(play('units', { marks }, miscounting('units.marks'))).rejects.toThrow(
      /units\.marks@value=housing:old moved by/,
    )
    await play('units', { marks })
  })

  it('notices a setting that means nothing in the district, and the schema one that contradicts itself', async () => {
    await expect(play('units', { registers: ['moon-base'] })).rejects.toThrow('moon-base')
    expect(UnitsSettings.safeParse({ marks, coverage: { entities: ['estate'], presence: 'nowhere' } }).success).toBe(
      false,
    )
    expect(
      TalentSettings.safeParse({
        states: [
          { id: 'in', name: '到岗', milestone: 'arrived' },
          { id: 'ask', name: '报名', milestone: 'applied' },
        ],
      }).success,
    ).toBe(false)
  })

  it('is asked again when the settings change: what passed before no longer counts as running', () => {
    expect(digestOf('units', { registers: ['grid'] })).not.toBe(digestOf('units', { registers: ['estate'] }))
  })
})
