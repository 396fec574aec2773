import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#core/ids.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import type { Figure } from './contract.ts'
import { plantMembers, plantReported, readFigure, settles, valuesOf } from './fixtures.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

/** The places of the planted world, by hand: who lies below whom. */
const below: Record<string, string[]> = {
  D: ['D', 'S1', 'S2', 'C11', 'C12', 'C21', 'E111', 'E211'],
  S1: ['S1', 'C11', 'C12', 'E111'],
  S2: ['S2', 'C21', 'E211'],
  C11: ['C11', 'E111'],
  C12: ['C12'],
  C21: ['C21', 'E211'],
  E111: ['E111'],
  E211: ['E211'],
}
const places = Object.keys(below)
const row = (of: readonly string[]) => places.map((p) => (of.includes(p) ? 1 : 0))
const DAY = '2025-03-01'
const ASK = 'measures=people.reported&period=2025'

const plant = async (sizes: Record<string, number>) => {
  const w = await plantWorld(base)
  const reported = Object.entries(sizes).flatMap(([place, n]) => Array.from({ length: n }, () => ({ place, on: DAY })))
  await plantReported(w, reported)
  return w
}

/** Everything an asker is told about how many reported where, as equations; and what he is not told. */
function everythingShown(w: World) {
  const placeOf = new Map(places.map((p) => [w.unit[p] as string, p]))
  const shown: number[][] = []
  const hidden: string[] = []
  const note = (figure: Pick<Figure, 'value' | 'suppressed'>, of: readonly string[], truth: number) => {
    if (figure.suppressed) return void hidden.push(of.join())
    expect(figure.value).toBe(truth)
    shown.push(row(of))
  }
  return { placeOf, shown, hidden, note }
}

describe('fewer than five persons', () => {
  it('are not shown, and can’t be found by subtraction, in value, breakdown by child and by level, and evidence (PR-08)', async () => {
    const size = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }))
    let hiddenOnce = 0
    await fc.assert(
      fc.asyncProperty(fc.tuple(...places.map(() => size)), async (drawn) => {
        const sizes = Object.fromEntries(places.map((p, i) => [p, drawn[i] as number]))
        const w = await plant(sizes)
        const desk = await w.someone('district-desk', 'O')
        const sum = (of: readonly string[]) => of.reduce((n, p) => n + (sizes[p] as number), 0)
        const { placeOf, shown, hidden, note } = everythingShown(w)
        for (const place of places) {
          const figure = await readFigure(desk, `${ASK}&unit=${w.unit[place]}&by=child`)
          note(figure, below[place] as string[], sum(below[place] as string[]))
          for (const r of figure.rows) {
            const of = r.unitId === w.unit[place] ? [place] : (below[placeOf.get(r.unitId ?? '') ?? ''] as string[])
            note(r, of, sum(of))
          }
          const evidence = await desk.get(`/figures/evidence?measure=people.reported&period=2025&unit=${w.unit[place]}`)
          if (figure.suppressed) expect(evidence.body['code']).toBe('figure.suppressed')
          else expect(evidence.body['total']).toBe(figure.value)
          const file = await desk.get(`/figures/evidence.csv?measure=people.reported&period=2025&unit=${w.unit[place]}`)
          expect(file.status).toBe(figure.suppressed ? 403 : 200)
        }
        for (const level of [3, 4]) {
          const figure = await readFigure(desk, `${ASK}&unit=${w.unit['D']}&by=level:${level}`)
          for (const r of figure.rows) {
            // above the level a unit stands for itself
            const at = placeOf.get(r.unitId ?? '') as string
            const of = r.name.includes('本级') ? [at] : (below[at] as string[])
            note(r, of, sum(of))
          }
        }
        hiddenOnce += hidden.length
        for (const of of [...Object.values(below), ...places.map((p) => [p])]) {
          const n = sum(of)
          if (n > 0 && n < 5) expect(settles(shown, row(of)), `${of.join()} = ${n}`).toBe(false)
        }
      }),
      { numRuns: 12 },
    )
    expect(hiddenOnce).toBeGreaterThan(20)
  }, 180_000)

  it('are told to be hidden and why; a second cell goes with the only small one', async () => {
    const w = await plant({ C11: 3, C12: 8, C21: 12 })
    const desk = await w.someone('district-desk', 'O')
    const figure = await readFigure(desk, `${ASK}&unit=${w.unit['S1']}&by=child`)
    expect(figure).toMatchObject({ value: 11, suppression: '不足5人的数，以及能推出它的数，不显示' })
    expect(figure.rows.map((r) => [r.value, r.suppressed])).toEqual([
      [null, true],
      [null, true],
    ])
    const whole = await readFigure(desk, `${ASK}&by=level:3`)
    expect([whole.value, valuesOf(whole)]).toEqual([23, { 柳林村: 12 }])
    const refused = await desk.get(`/figures/evidence?measure=people.reported&period=2025&unit=${w.unit['C12']}`)
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'figure.suppressed', title: expect.stringContaining('5人') },
    })
  })

  it('by a dimension are hidden in breakdown and evidence alike, and so is who would give them away', async () => {
    const w = await plantWorld(base)
    const desk = await w.someone('district-desk', 'O')
    const organs = { 区教育局: 2, 区民政局: 6, 区财政局: 9 }
    await plantReported(
      w,
      Object.entries(organs).flatMap(([organ, n]) =>
        Array.from({ length: n }, () => ({ place: 'C11', organ, on: DAY })),
      ),
    )
    const figure = await readFigure(desk, `${ASK}&by=dim:organ`)
    expect(figure.value).toBe(17)
    expect(Object.fromEntries(figure.rows.map((r) => [r.name, r.value]))).toEqual({
      区教育局: null,
      区民政局: null,
      区财政局: 9,
    })
    const evidence = async (organ: string) => {
      const where = encodeURIComponent(`organ:${organ}`)
      return (await desk.get(`/figures/evidence?measure=people.reported&period=2025&where=${where}`)).body
    }
    expect((await evidence('区教育局'))['code']).toBe('figure.suppressed')
    expect((await evidence('区民政局'))['code']).toBe('figure.suppressed')
    expect((await evidence('区财政局'))['total']).toBe(9)
    const series = await readFigure(desk, `${ASK}&by=month`)
    expect(series.rows.map((r) => r.value)).toEqual([0, 0, ...Array.from({ length: 10 }, () => 17)])
  })

  it('hide a share whose other part is small, and a change that would tell', async () => {
    const w = await plantWorld(base)
    const desk = await w.someone('district-desk', 'O')
    await plantMembers(w, [
      ...Array.from({ length: 9 }, () => ({ org: 'OC11', from: '2021-01-01', sex: '2' as const })),
      { org: 'OC11', from: '2021-01-01', sex: '1' as const },
      ...Array.from({ length: 3 }, () => ({ org: 'OC11', from: '2025-01-01', sex: '1' as const })),
    ])
    const stated = {
      kind: 'share',
      name: '女党员占比',
      definition: '女党员 ÷ 党员。',
      classifier: '%',
      verbs: ['占'],
      share: { of: 'people.members', where: [{ dimension: 'person.sex', in: ['2'] }] },
    }
    const preview = async (period: string) =>
      (await desk.post('/measures/preview', { stated, period })).body['figures'][0]
    expect(await preview('2024')).toMatchObject({ value: null, numerator: null, denominator: null, suppressed: true })
    expect(await preview('2025')).toMatchObject({ suppressed: true }) // four men are left
    const compared = await readFigure(desk, 'measures=people.members&period=2025&by=sex&compare=previous')
    for (const r of compared.rows) expect(r).toMatchObject({ value: null, change: null })
  })

  it('are shown to who keeps their records, never in what leaves the house', async () => {
    const w = await plant({ C11: 3 })
    const secretary = await w.someone('community-secretary', 'OC11')
    expect(await readFigure(secretary, ASK)).toMatchObject({ value: 3, suppression: null })
    expect((await secretary.get('/figures/evidence?measure=people.reported&period=2025')).body['total']).toBe(3)
    const text = '报到{{报到|people.reported|整数|名}}。'
    const template = { id: 'try', title: '试写', sections: [{ blocks: [{ kind: 'paragraph', text }] }] }
    const { body } = await secretary.post('/reports/preview', { template, period: '2025' })
    expect(body['faults']).toMatchObject([{ code: 'suppressed' }])
    expect((await secretary.post('/reports', { template, period: '2025' })).body['code']).toBe('report.untrue')
  })

  it('are no secret where no persons are counted, and groups as small as the district set are shown', async () => {
    const w = await plantWorld(base, { smallGroup: 3 })
    await plantReported(
      w,
      [1, 2, 3].map(() => ({ place: 'C11', on: DAY })),
    )
    const desk = await w.someone('district-desk', 'O')
    expect((await readFigure(desk, ASK)).value).toBe(3)
    expect((await readFigure(desk, 'measures=units.branches')).value).toBe(2)
  })
})

describe('a number outside the asker’s scope', () => {
  it('does not exist for him, in value, breakdown, series, evidence, file, preview and document: the same answer as for none (AZ-03, AZ-09, EX-06)', async () => {
    const w = await plant({ C11: 8, C12: 9, C21: 7 })
    const street = await w.someone('street-organiser', 'OS1')
    const unseen = [w.unit['D'], w.unit['S2'], w.unit['C21'], w.unit['O'], newId()] as string[]
    const template = {
      id: 'try',
      title: '试写',
      sections: [{ blocks: [{ kind: 'paragraph', text: '报到{{报到|people.reported|整数|名}}。' }] }],
    }
    const everywhere = (unit: string) => [
      street.get(`/figures?${ASK}&unit=${unit}`),
      street.get(`/figures?${ASK}&unit=${unit}&by=child`),
      street.get(`/figures?${ASK}&unit=${unit}&by=month&compare=previous`),
      street.get(`/figures/evidence?measure=people.reported&unit=${unit}`),
      street.post('/reports/preview', { template, unit }),
      street.post('/reports', { template, unit }),
    ]
    for (const unit of unseen)
      for (const answer of await Promise.all(everywhere(unit))) {
        const { requestId: _, ...body } = answer.body
        expect([answer.status, body['code']]).toEqual([404, 'figure.unit-not-found'])
        expect(JSON.stringify(body)).not.toContain(unit)
      }
    const desk = await w.someone('district-desk', 'OS1')
    for (const unit of unseen) {
      const file = await desk.get(`/figures/evidence.csv?measure=people.reported&unit=${unit}`)
      expect(file.body['code']).toBe('figure.unit-not-found')
      const stated = {
        kind: 'balance',
        name: '党员轧平',
        definition: '轧平。',
        classifier: '人',
        verbs: ['有'],
        balance: 'people.members',
      }
      expect((await desk.post('/measures/preview', { stated, unit })).body['code']).toBe('figure.unit-not-found')
    }
  })

  it('is cut from what he sees: his street is all there is (AZ-07)', async () => {
    const w = await plant({ C11: 8, C12: 9, C21: 7 })
    const street = await w.someone('street-organiser', 'OS1')
    for (const by of ['', '&by=child', '&by=level:3', '&by=dim:organ', '&by=kind', '&by=sex']) {
      const figure = await readFigure(street, `${ASK}${by}`)
      expect(figure.value).toBe(17)
      expect(figure.rows.reduce((n, r) => n + (r.value ?? 0), 0)).toBe(by ? 17 : 0)
      expect(JSON.stringify(figure.rows)).not.toContain('柳林')
    }
    const evidence = await street.get('/figures/evidence?measure=people.reported&period=2025&limit=500')
    expect(new Set(evidence.body['rows'].map((r: { unitName: string }) => r.unitName))).toEqual(
      new Set(['望江社区', '书院社区']),
    )
  })

  it('can’t be grouped or narrowed by what no fact says: a column of the person is as unknown as one that never was (AZ-12, AZ-13)', async () => {
    const w = await plant({ C11: 8 })
    const desk = await w.someone('district-desk', 'O')
    for (const dimension of ['phone', 'person.name', 'person.phone', 'person', 'label', 'zzz']) {
      const grouped = await desk.get(`/figures?${ASK}&by=dim:${dimension}`)
      expect([grouped.status, grouped.body['code']]).toEqual([422, 'figure.unknown-dimension'])
      const narrowed = await desk.get(`/figures/evidence?measure=people.reported&where=${dimension}:1`)
      expect([narrowed.status, narrowed.body['code']]).toEqual([422, 'figure.unknown-dimension'])
      const stated = {
        kind: 'counted',
        name: '试',
        definition: '试。',
        classifier: '人',
        verbs: ['有'],
        fact: 'people.registrations',
        filters: [{ dimension, in: ['1'] }],
        aggregate: 'persons',
      }
      const { body } = await desk.post('/measures/preview', { stated })
      expect(body['issues'][0].code).toBe('measure-dimension')
    }
  })
})
