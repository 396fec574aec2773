// Two districts with the same units and the same records: in one a reorganisation is decided for days to come, in the other it has been
// carried out. What the first says of the planned tree is what the second says of today's, number by number and row by row.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDays, dayOf } from '#core/calendar.ts'
import { Context, system } from '#core/context.ts'
import { Problem } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { insertClaims, insertDemands, insertTasks } from '#modules/demands/index.ts'
import { insertPersons } from '#modules/people/index.ts'
import { reorganiseUnits } from '#modules/units/actions/change.ts'
import type { Operation } from '#modules/units/contract.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { listEvidence } from './actions/evidence.ts'
import { readFigures } from './actions/read.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T
const PLACES = ['D', 'S1', 'S2', 'C11', 'C12', 'C21', 'E111', 'E211']
const today = dayOf(new Date().toISOString())

interface Draw {
  what: string
  a: number
  b: number
}

/** Records that are done with: nothing of them passes on when a unit closes. */
async function plantRecords(world: World, draws: readonly Draw[]) {
  const at = (n: number) => {
    const name = pick(PLACES, n)
    return { place_id: world.unit[name] as string, place_path: world.path[name] as string }
  }
  await world.write(async (tx) => {
    const one = { name: '周一鸣', sex: '1' as const, born: null, politics: '01', pinyin: 'zym', strokeKey: '08' }
    const home = { homeId: world.unit['O'] as string, homePath: world.path['O'] as string }
    const persons = await insertPersons(
      tx,
      tx.now,
      Array.from({ length: 5 }, () => ({ ...one, ...home })),
    )
    for (const [n, { a, b }] of draws.entries()) {
      const day = addDays(today, -(b % 300))
      const [task, moment] = [newId(), `${day}T02:00:00Z`]
      const work = { id: task, mechanism_id: '365-service', title: '清扫', detail: '', category: 'care', skills: [] }
      await insertTasks(tx, [
        {
          ...work,
          ...at(a),
          starts_at: `${day}T01:00:00Z`,
          ends_at: `${day}T05:00:00Z`,
          capacity: 9,
          claimed: 1,
          state: 'closed',
          published_at: moment,
          published_on: day,
          version: 1,
        },
      ])
      const claim = { id: newId(), task_id: task, person_id: pick(persons, b).id, claimed_at: moment, claimed_on: day }
      const served = (second: number) => `${day}T01:${String(n).padStart(2, '0')}:0${second}Z`
      const accepted = {
        accepted_at: moment,
        accepted_on: day,
        minutes: 30,
        served_from: served(1),
        served_to: served(2),
      }
      await insertClaims(tx, [{ ...claim, ...at(a), state: 'accepted', ...accepted }])
      await insertDemands(tx, [
        {
          id: newId(),
          mechanism_id: '365-service',
          channel: 'resident',
          category: pick(['care', 'repair'], b),
          grade: 'normal',
          title: '诉求',
          ...at(a + b),
          state: 'closed',
          outcome: 'solved',
          closed_at: moment,
          closed_on: day,
          respond_due_at: '2099-01-01T00:00:00Z',
          opened_at: moment,
          opened_on: day,
          version: 1,
          report: false,
          round: 0,
          provisional: false,
        },
      ])
    }
  })
}

/** The same decision in a district of its own: units by the names both know. */
function operationOf({ what, a, b }: Draw, n: number, units: ReadonlyMap<string, string>): Operation {
  const names = [...units.keys()]
  const id = (i: number) => units.get(pick(names, i)) as string
  const one = units.get(pick(names.slice(1), a)) as string
  if (what === 'move') return { op: 'move', unitId: one, parentId: id(b) }
  if (what === 'merge') return { op: 'merge', unitIds: [one], intoId: id(b) }
  if (what === 'close') return { op: 'close', unitId: one, successorIds: a % 2 ? [id(b)] : [] }
  if (what === 'kind') return { op: 're-kind', unitId: one, kind: pick(['grid', 'estate', 'community'], b) }
  if (what === 'rename') return { op: 'rename', unitId: one, name: `改名${n}` }
  const made = { kind: 'community', name: `新设${n}`, code: null, sort: 0 }
  return { op: 'create', id: units.get(`新设${n}`) ?? newId(), parentId: id(b), ...made }
}

class Twin {
  readonly world: World
  readonly ctx: Context
  readonly units: Map<string, string>
  constructor(world: World) {
    this.world = world
    this.units = new Map(PLACES.map((p) => [p, world.unit[p] as string]))
    const asker = { token: null, requestId: newId(), address: '' }
    this.ctx = new Context(base.ground, asker, { district: world.district, actor: system })
  }

  /** Whether it could be. */
  async decide(draw: Draw, n: number, effectiveOn: string): Promise<boolean> {
    const operation = operationOf(draw, n, this.units)
    try {
      await reorganiseUnits(this.ctx, { effectiveOn, reason: '调整', operations: [operation] })
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error
      return false
    }
    if (operation.op === 'create') this.units.set(operation.name, operation.id as string)
    return true
  }

  async read(q: { measure: string; unit: string; by: string | undefined; tree: string }) {
    const asked = { unit: this.world.unit[q.unit], period: `${addDays(today, -299)}..${today}`, tree: q.tree }
    const { planned, figures } = await readFigures(this.ctx, { ...asked, measures: q.measure, by: q.by })
    const rows = (figures[0]?.rows ?? [])
      .filter((r) => r.value)
      .map((r) => [r.name.replace(/（.*撤销）$/, ''), r.value])
    const { total } = await listEvidence(this.ctx, { ...asked, measure: q.measure, limit: 1 })
    return { planned, told: { value: figures[0]?.value, total, rows: rows.map(String).toSorted() } }
  }
}

const draws = (whats: readonly string[], minLength: number, maxLength: number) =>
  fc.array(fc.record({ what: fc.constantFrom(...whats), a: fc.nat(997), b: fc.nat(997) }), { minLength, maxLength })

it('a planned reorganisation is read before it happens as it will be read when it has happened', async () => {
  let [decided, differed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      draws(['record'], 6, 14),
      draws(['move', 'move', 'merge', 'merge', 'close', 'create', 'kind', 'rename'], 1, 5),
      async (records, changes) => {
        const plan = new Twin(await plantWorld(base, { smallGroup: 0 }))
        const done = new Twin(await plantWorld(base, { smallGroup: 0 }))
        for (const twin of [plan, done]) await plantRecords(twin.world, records)
        for (const [n, change] of changes.entries()) {
          const could = await plan.decide(change, n, addDays(today, 10 + n))
          expect(await done.decide(change, n, addDays(today, n - 10)), JSON.stringify(changes.slice(0, n + 1))).toBe(
            could,
          )
          if (could) decided++
        }
        for (const measure of ['tasks.claims', 'tasks.claimants', 'demands.closed'])
          for (const unit of PLACES)
            for (const by of [undefined, 'child', 'level:3', 'kind']) {
              const [ahead, after, now] = [
                await plan.read({ measure, unit, by, tree: addDays(today, 30) }),
                await done.read({ measure, unit, by, tree: 'today' }),
                await plan.read({ measure, unit, by, tree: 'today' }),
              ]
              expect(ahead.told, JSON.stringify({ measure, unit, by, changes })).toEqual(after.told)
              if (JSON.stringify(ahead.told) !== JSON.stringify(now.told)) differed++
            }
      },
    ),
    { numRuns: 6, endOnFailure: true },
  )
  expect(decided).toBeGreaterThan(3)
  expect(differed).toBeGreaterThan(3)
}, 300_000)

it('what a plan moves in from out of sight is counted for nobody before it is there, in value, breakdown and evidence', async () => {
  const world = await plantWorld(base, { smallGroup: 0 })
  await plantRecords(world, [
    { what: 'record', a: PLACES.indexOf('E111'), b: 8 },
    { what: 'record', a: PLACES.indexOf('C21'), b: 8 },
  ])
  const ctx = new Context(
    base.ground,
    { token: null, requestId: newId(), address: '' },
    { district: world.district, actor: system },
  )
  const operations = [
    { op: 'move' as const, unitId: world.unit['C11'] as string, parentId: world.unit['S2'] as string },
  ]
  const effectiveOn = addDays(today, 7)
  await reorganiseUnits(ctx, { effectiveOn, reason: '调整', operations })
  const read = async (role: string, at: string, unit: string, tree: string) => {
    const asker = await world.someone(role, at)
    const query = `unit=${world.unit[unit]}&period=${addDays(today, -299)}..${today}&tree=${tree}`
    const { body } = await asker.get(`/figures?measures=tasks.claims&by=child&${query}`)
    const evidence = await asker.get(`/figures/evidence?measure=tasks.claims&${query}`)
    const rows = body['figures'][0].rows.filter((r: { value: number }) => r.value > 0)
    return [body['figures'][0].value, rows.length, evidence.body['total'], body['planned']]
  }
  expect(await read('district-desk', 'O', 'S2', effectiveOn)).toEqual([2, 2, 2, [effectiveOn]])
  expect(await read('district-desk', 'O', 'S1', effectiveOn)).toEqual([0, 0, 0, [effectiveOn]])
  expect(await read('district-desk', 'O', 'S2', addDays(effectiveOn, -1))).toEqual([1, 1, 1, []])
  expect(await read('street-organiser', 'S2', 'S2', effectiveOn)).toEqual([1, 1, 1, [effectiveOn]])
  expect(await read('street-organiser', 'S1', 'S1', effectiveOn)).toEqual([0, 0, 0, [effectiveOn]])
})
