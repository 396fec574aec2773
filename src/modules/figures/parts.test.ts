// Wholes and their parts: what is due is what is met and what is not, wherever it is counted.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Counted, Measure } from '#core/facts.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { type Base, openBase, type World } from '../../../test/harness.ts'
import { openStage } from '../../../test/stage.ts'
import { Catalogue, stockOf } from './catalogue.ts'
import type { Figure } from './contract.ts'
import { checkMeasure } from './rules/definition.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

const catalogue = () => new Catalogue([], '2026-01-01')
const wholes = () =>
  catalogue()
    .inForce.map((k) => k.measure)
    .filter((m): m is Counted & { parts: readonly string[] } => 'fact' in m && m.parts !== undefined)

/** Two mechanisms that ask for different organisations at the same places, and for the same activity. */
const plantTwo = (w: World) =>
  w.write((tx) =>
    insertMechanisms(
      tx,
      ['general-branch', 'committee'].map((kind) => ({
        id: `bound-${kind}`,
        name: `覆盖${kind}`,
        engine: 'units' as const,
        catalogueId: null,
        ownerId: w.unit['O'] as string,
        validFrom: '2020-01-01',
        validTo: null,
        settings: {
          binding: { places: ['community', 'street'], organisations: [kind] },
          events: [{ id: 'visit', name: '走访', kinds: ['general-branch', 'committee'], everyMonths: 3 }],
          posts: [{ title: '书记', kinds: ['general-branch'] }],
        },
      })),
    ),
  )

const valueOf = async (
  stage: Awaited<ReturnType<typeof openStage>>,
  measure: string,
  more: Record<string, string>,
): Promise<Figure> => (await stage.call('readFigures', { query: { measures: measure, ...more } }))['figures'][0]

describe('a whole', () => {
  it('is the sum of its parts at every unit, by every mechanism and as evidence (STAT-01)', async () => {
    const stage = await openStage(base)
    await plantTwo(stage.world)
    await stage.call('recordUnitEvent', {
      body: {
        mechanismId: 'bound-general-branch',
        unitId: stage.unit['OC11'],
        event: 'visit',
        title: '走访',
        heldOn: stage.today,
      },
    })
    const seen = new Map<string, number>()
    for (const whole of wholes())
      for (const unit of Object.values(stage.unit)) {
        const read = (measure: string) => valueOf(stage, measure, { unit: unit as string, by: 'dim:mechanism' })
        const all = await read(whole.id).catch((error: { code?: string }) => {
          // a place that nobody serves has no organisations to count
          expect(error.code).toBe('figure.no-place')
          return null
        })
        if (!all) continue
        const parts = await Promise.all(whole.parts.map(read))
        expect(
          parts.reduce((sum, p) => sum + (p.value ?? 0), 0),
          `${whole.id} at ${unit}`,
        ).toBe(all.value)
        for (const row of all.rows) {
          const of = parts.map((p) => p.rows.find((r) => r.key === row.key)?.value ?? 0)
          expect(of.reduce((sum, n) => sum + n, 0)).toBe(row.value)
        }
        for (const [i, id] of whole.parts.entries()) seen.set(id, Math.max(seen.get(id) ?? 0, parts[i]?.value ?? 0))
      }
    expect(wholes().map((m) => m.id)).toEqual(
      expect.arrayContaining(['units.places-due', 'units.cadence-due', 'people.posts-expected']),
    )
    // both sides of the first two occur, so the sums were no sums of nothing
    for (const id of ['units.places-covered', 'units.places-uncovered', 'units.cadence-kept', 'units.cadence-late'])
      expect(seen.get(id), id).toBeGreaterThan(0)
    const query = (measure: string) => ({ query: { measure, unit: stage.unit['D'] as string } })
    const due = await stage.call('listEvidence', query('units.places-due'))
    const met = await stage.call('listEvidence', query('units.places-covered'))
    const unmet = await stage.call('listEvidence', query('units.places-uncovered'))
    expect(met['total'] + unmet['total']).toBe(due['total'])
  })

  it('is refused where its parts leave a record out, tell one twice or count something else', () => {
    const stock = stockOf({ find: (id) => catalogue().find(id) }, (fact, dimension) => {
      const values = fact.dimensions[dimension]?.values
      return typeof values === 'object' ? values : null
    })
    const whole = wholes().find((m) => m.id === 'units.places-due') as Counted
    const issues = (more: object) => checkMeasure({ ...whole, ...more } as Measure, stock).map((i) => i.code)
    expect(issues({})).toEqual([])
    for (const parts of [
      ['units.places-covered'],
      ['units.places-covered', 'units.places-covered'],
      ['units.places-covered', 'units.cadence-late'],
      ['units.places-covered', 'units.place-coverage'],
      [],
    ])
      expect(issues({ parts })).toEqual(['measure-parts'])
    expect(issues({ aggregate: 'units' })).toEqual(['measure-parts'])
  })
})
