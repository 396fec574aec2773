// Whatever is recorded, corrected, withdrawn, merged or reorganised, on whatever day it is said to have happened: every number equals a
// recount in plain TypeScript, its evidence is as long as the number, it stays what it was when asked for as it was known then — and all
// that with sums kept for every unit as well as without.
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDays, addMonths, dayOf } from '#core/calendar.ts'
import { Context, system } from '#core/context.ts'
import { Problem } from '#core/errors.ts'
import type { Counted } from '#core/facts.ts'
import { newId } from '#core/ids.ts'
import { insertClaims, insertDemands, insertTasks } from '#modules/demands/index.ts'
import { insertPersons, insertRegistrations } from '#modules/people/index.ts'
import { reorganiseUnits } from '#modules/units/actions/change.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import {
  ageOf,
  type Asked,
  type Books,
  kindOf,
  lineOf,
  openBooks,
  recount,
  recountBy,
  type Row,
  rowsOf,
  sexOf,
} from '../../../test/recount.ts'
import { loadMeasures } from './actions/define.ts'
import { listEvidence } from './actions/evidence.ts'
import { readThese } from './actions/read.ts'
import { depthOf, prefixOf, question, unitOf, whereOf } from './actions/where.ts'
import { byBoth, byDimension, byPrefix, countsOf } from './compile.ts'
import { PackMeasure } from './contract.ts'
import { readPeriod } from './period.ts'
import { rollUp } from './roll.ts'
import { ask } from './settle.ts'
import { findDifference } from './store/editions.ts'
import { findGroups, findValue } from './store/questions.ts'

let base: Base
let owner: pg.Client
beforeAll(async () => {
  base = await openBase()
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await base.close()
})

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T
const PLACES = ['D', 'S1', 'S2', 'C11', 'C12', 'C21', 'E111', 'E211']

/** One world, its persons, and what was recorded in it. */
class Scene {
  readonly world: World
  readonly ctx: Context
  readonly today: string
  readonly persons: string[]
  places: string[]
  task = newId()
  constructor(world: World, persons: string[], today: string) {
    this.world = world
    this.persons = persons
    this.today = today
    this.places = PLACES.map((p) => world.unit[p] as string)
    this.ctx = new Context(
      base.ground,
      { token: null, requestId: newId(), address: '' },
      { district: world.district, actor: system },
    )
  }

  /** The last three years, denser towards today. */
  day = (n: number) => addDays(this.today, -((n * n) % 1000))

  async #place(n: number) {
    const id = pick(this.places, n)
    const { rows } = await owner.query('select path from unit where district_id = $1 and id = $2', [
      this.world.district,
      id,
    ])
    return { place_id: id, place_path: rows[0].path as string }
  }

  async plant(what: string, a: number, b: number) {
    const place = await this.#place(a)
    const day = this.day(b)
    const person = pick(this.persons, a * 7 + b)
    await this.world.write(async (tx) => {
      if (what === 'demand')
        await insertDemands(tx, [
          {
            id: newId(),
            mechanism_id: '365-service',
            channel: pick(['resident', 'hotline'], b),
            category: pick(['care', 'repair'], a),
            grade: 'normal',
            title: '诉求',
            ...place,
            state: 'registered',
            respond_due_at: '2099-01-01T00:00:00Z',
            opened_at: `${day}T02:00:00Z`,
            opened_on: day,
            version: 1,
            report: false,
            round: 0,
            provisional: false,
          },
        ])
      else if (what === 'registration')
        await insertRegistrations(tx, [
          {
            personId: person,
            placeId: place.place_id,
            placePath: place.place_path,
            organ: pick(['甲局', '乙局'], b),
            reportedOn: day,
            confirmedOn: day,
          },
        ])
      else {
        const task = newId()
        await insertTasks(tx, [
          {
            id: task,
            mechanism_id: '365-service',
            title: '清扫',
            detail: '',
            category: pick(['care', 'repair', 'patrol'], a + b),
            skills: [],
            ...place,
            starts_at: `${day}T01:00:00Z`,
            ends_at: `${day}T05:00:00Z`,
            capacity: 9,
            claimed: 1,
            state: 'closed',
            published_at: `${day}T00:00:00Z`,
            published_on: day,
            version: 1,
          },
        ])
        await insertClaims(tx, [
          {
            id: newId(),
            task_id: task,
            person_id: person,
            ...place,
            state: 'submitted',
            claimed_at: `${day}T02:00:00Z`,
            claimed_on: day,
          },
        ])
      }
    })
  }

  /** Changes one row of a table, if there is any. */
  async change(
    table: 'claim' | 'demand' | 'registration' | 'person',
    n: number,
    sets: (row: { id: string }) => Record<string, unknown> | null,
  ) {
    const { rows } = await owner.query(`select id from ${table} where district_id = $1 order by md5(id::text)`, [
      this.world.district,
    ])
    if (rows.length === 0) return
    const row = pick(rows as { id: string }[], n)
    const values = sets(row)
    if (!values) return
    await this.world.write(async (tx) => {
      await tx.db
        .updateTable(table)
        .set(values as never)
        .where('district_id', '=', this.world.district)
        .where('id', '=', row.id)
        .execute()
    })
  }

  async merge(a: number, b: number) {
    const { rows } = await owner.query('select id, merged_into from person where district_id = $1 and id = any($2)', [
      this.world.district,
      this.persons,
    ])
    const winners = new Set(rows.map((r) => r.merged_into).filter(Boolean))
    const loser = pick(rows, a)
    const winner = pick(rows, b)
    if (loser.merged_into) return this.change('person', 0, () => null).then(() => this.#set(loser.id, null))
    if (loser.id !== winner.id && !winner.merged_into && !winners.has(loser.id)) await this.#set(loser.id, winner.id)
  }
  #set = (id: string, into: string | null) =>
    this.world.write(async (tx) => {
      await tx.db
        .updateTable('person')
        .set({ merged_into: into })
        .where('district_id', '=', this.world.district)
        .where('id', '=', id)
        .execute()
    })

  async reorganise(what: string, a: number, b: number) {
    const one = pick(this.places.slice(1), a)
    const two = pick(this.places, b)
    const fresh = newId()
    const operations =
      what === 'move'
        ? [{ op: 'move' as const, unitId: one, parentId: two }]
        : what === 'merge'
          ? [{ op: 'merge' as const, unitIds: [one], intoId: two }]
          : what === 'close'
            ? [{ op: 'close' as const, unitId: one, successorIds: a % 2 ? [two] : [] }]
            : what === 'kind'
              ? [{ op: 're-kind' as const, unitId: one, kind: pick(['grid', 'estate', 'community'], b) }]
              : [
                  {
                    op: 'create' as const,
                    id: fresh,
                    parentId: two,
                    kind: 'grid',
                    name: `新网格${a}`,
                    code: null,
                    sort: 0,
                  },
                ]
    try {
      await reorganiseUnits(this.ctx, { effectiveOn: this.day(a + b), reason: '调整', operations })
      if (what === 'create') this.places.push(fresh)
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error
    }
  }
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom(
      'claim',
      'claim',
      'claim',
      'claim',
      'demand',
      'demand',
      'registration',
      'registration',
      'accept',
      'accept',
      'withdraw',
      'redate',
      'replace',
      'fold',
      'end',
      'born',
      'sex',
      'person',
      'move',
      'merge',
      'close',
      'kind',
      'create',
    ),
    a: fc.nat(997),
    b: fc.nat(997),
  }),
  { minLength: 6, maxLength: 14 },
)

async function take(scene: Scene, { what, a, b }: { what: string; a: number; b: number }) {
  const place = pick(scene.places, a + b)
  switch (what) {
    case 'accept':
      return scene
        .change('claim', a, () => ({
          state: 'accepted',
          accepted_at: `${scene.day(b)}T04:00:00Z`,
          accepted_on: scene.day(b),
          minutes: 30 + (b % 90),
          served_from: `${scene.day(b)}T01:00:00.${String(a).padStart(3, '0')}Z`,
          served_to: `${scene.day(b)}T01:00:01.${String(b).padStart(3, '0')}Z`,
        }))
        .catch(overlap)
    case 'withdraw':
      return scene.change('claim', a, () => ({ state: 'withdrawn', accepted_at: null, accepted_on: null }))
    case 'redate':
      return scene.change(pick(['claim', 'demand'] as const, a), b, () =>
        a % 2 === 0 ? { claimed_on: scene.day(a + b) } : { opened_on: scene.day(a + b) },
      )
    case 'replace':
      return scene.change(pick(['claim', 'demand', 'registration'] as const, a), b, () => ({ place_id: place }))
    case 'fold':
      return scene.change('demand', a, () => ({
        category: pick(['care', 'repair', 'licence'], b),
        excluded_at: a % 2 ? `${scene.today}T00:00:00Z` : null,
      }))
    case 'end':
      return scene.change('registration', a, () => ({ ended_on: b % 4 === 0 ? null : scene.today })).catch(overlap)
    case 'born':
      return scene.change('person', a, () => ({ born: b % 5 === 0 ? null : bornAbout(scene.today, b) }))
    case 'sex':
      return scene.change('person', a, () => ({ sex: pick(['1', '2', '9'], b) }))
    case 'person':
      return scene.merge(a, b)
    case 'move':
    case 'merge':
    case 'close':
    case 'kind':
    case 'create':
      return scene.reorganise(what, a, b)
    default:
      return scene.plant(what, a, b).catch(overlap)
  }
}

/** In the month that brings another band this month, or in one of the months of a year before. */
const bornAbout = (today: string, n: number) =>
  addMonths(today, -12 * pick([31, 36, 41, 61], n) - (n % 3 === 0 ? n % 12 : 0))

/** Nobody serves twice at once, nobody is reported twice: the database refuses it. */
const overlap = (error: unknown) => {
  if (!['23P01', '23514', '23505', 'person.already-registered'].includes((error as { code?: string }).code ?? ''))
    throw error
}

const measures: (Pick<Counted, 'fact' | 'aggregate' | 'moment' | 'filters'> & { where?: Asked['where'] })[] = [
  { fact: 'demands.claims', aggregate: 'count' },
  { fact: 'demands.claims', aggregate: 'persons' },
  { fact: 'demands.claims', aggregate: 'units' },
  ...(['count', 'persons', 'units'] as const).map((aggregate) => ({
    fact: 'demands.claims',
    aggregate,
    filters: [
      { dimension: 'category', not: ['care'] },
      { dimension: 'person.sex', in: ['1'] },
    ],
    where: (r: Row, _: number | null, sex: string) => r.words['category'] !== 'care' && sex === '1',
  })),
  { fact: 'demands.services', aggregate: 'sum' },
  { fact: 'demands.services', aggregate: 'average' },
  { fact: 'demands.services', aggregate: 'persons' },
  { fact: 'demands.services', aggregate: 'first' },
  { fact: 'demands.services', aggregate: 'last' },
  { fact: 'demands.demands', aggregate: 'count' },
  {
    fact: 'demands.demands',
    aggregate: 'count',
    filters: [
      { dimension: 'category', in: ['care'] },
      { dimension: 'channel', not: ['hotline'] },
    ],
    where: (r) => r.words['category'] === 'care' && r.words['channel'] !== 'hotline',
  },
  { fact: 'people.registrations', aggregate: 'persons' },
  {
    fact: 'people.registrations',
    aggregate: 'persons',
    filters: [{ dimension: 'person.age', to: 35 }],
    where: (_, age) => age !== null && age <= 35,
  },
  {
    fact: 'people.registrations',
    aggregate: 'count',
    filters: [{ dimension: 'person.age', in: ['31-35', '36-40'] }],
    where: (_, age) => age !== null && age >= 31 && age <= 40,
  },
  { fact: 'people.registrations', aggregate: 'count', moment: 'start' },
  { fact: 'people.registrations', aggregate: 'count', moment: 'begun' },
  { fact: 'people.registrations', aggregate: 'persons', moment: 'ended' },
]
/** What the district counts with filters itself: sums are kept for them. */
const own = measures
  .filter((m) => m.filters)
  .map(({ where: _, ...m }, i) =>
    PackMeasure.parse({
      id: `own.filtered-${i}`,
      stated: {
        kind: 'counted',
        name: `试${i}`,
        definition: '期内按条件计的试数。',
        classifier: m.aggregate === 'persons' ? '人' : '件',
        verbs: ['登记'],
        ...m,
      },
    }),
  )
const splits = ['', '', 'child', 'level:3', 'kind', 'sex', 'age', 'dim:category']
const periods = (today: string) => [
  `${today.slice(0, 4)}-01-01..${today.slice(0, 4)}-12-31`,
  `${Number(today.slice(0, 4)) - 2}-01-01..${today}`,
  `${addDays(today, -40)}..${addDays(today, -3)}`,
  `${addDays(today, -700)}..${addDays(today, -200)}`,
  `${today}..${today}`,
]

const questions = fc.array(
  fc.record({ measure: fc.nat(997), unit: fc.nat(997), period: fc.nat(997), tree: fc.nat(997), by: fc.nat(997) }),
  { minLength: 20, maxLength: 20 },
)

interface Posed {
  measure: (typeof measures)[number]
  unit: string
  period: string
  tree: string
  by: string
}

function pose(scene: Scene, q: { measure: number; unit: number; period: number; tree: number; by: number }): Posed {
  const measure = pick(measures, q.measure)
  const by = pick(splits, q.by)
  const persons = measure.fact !== 'demands.demands'
  const fits = by === 'dim:category' ? measure.fact !== 'people.registrations' : !['sex', 'age'].includes(by) || persons
  return {
    measure,
    unit: q.unit % 3 === 0 ? (scene.world.unit['D'] as string) : pick(scene.places, q.unit),
    period: pick(periods(scene.today), q.period),
    tree: pick(['today', 'today', 'day', addDays(scene.today, -300)], q.tree),
    by:
      fits && measure.aggregate !== 'first' && measure.aggregate !== 'last' && measure.aggregate !== 'average'
        ? by
        : '',
  }
}

const counted = ({ fact, aggregate, moment, filters }: Posed['measure']): Counted => ({
  id: 'own.test',
  name: '试',
  definition: '试',
  classifier: '个',
  verbs: [],
  fact,
  aggregate,
  moment,
  filters,
})

/** Measures that differ from it by their filters only: they are counted at once. */
const alike = ({ fact, aggregate, moment }: Posed['measure']) =>
  measures.filter((m) => m.fact === fact && m.aggregate === aggregate && m.moment === moment)

/** A unit that stood below two others while the period ran has a row below each. */
const folded = (rows: readonly [key: string, value: number][]) =>
  Object.fromEntries(
    [...Map.groupBy(rows, ([key]) => key)].map(([key, of]) => [key, of.map(([, n]) => n).toSorted((a, b) => a - b)]),
  )

async function answer(scene: Scene, p: Posed, known?: string) {
  const asked = alike(p.measure).map((m, i) => ({ id: `own.test-${i}`, version: 1, measure: counted(m), own: null }))
  const { asOf, figures } = await ask(scene.ctx, 'figure.read', (tx, head) =>
    readThese({ tx, head }, asked, {
      unit: p.unit,
      period: p.period,
      tree: p.tree,
      by: p.by || undefined,
      known,
    }),
  )
  const keyOf = (r: (typeof figures)[number]['rows'][number]) =>
    p.by === 'child' || p.by.startsWith('level') ? (r.unitId as string) : r.key
  return {
    asOf,
    figures: figures.map(({ value, rows }) => ({
      value,
      rows: folded(rows.filter((r) => r.value).map((r) => [keyOf(r), r.value as number])),
    })),
  }
}

const bands: [string, number][] = [
  ['0-30', 30],
  ['31-35', 35],
  ['36-40', 40],
  ['41-45', 45],
  ['46-50', 50],
  ['51-55', 55],
  ['56-60', 60],
  ['61-', 999],
]

function partOf(books: Books, p: Posed): Asked['by'] {
  if (p.by === 'child')
    return (_, { line }) => {
      const at = line.indexOf(p.unit)
      return line[at - 1] ?? p.unit
    }
  if (p.by === 'level:3') {
    // what lies below the unit asked about is shown below where that stands when the period ends
    const shown = p.tree === 'day' ? (p.period.split('..')[1] as string) : p.tree === 'today' ? books.today : p.tree
    const above = lineOf(books, p.unit, shown)
    return (_, { line }) => {
      const whole = [...line.slice(0, line.indexOf(p.unit)), ...above]
      return whole.slice(-3).join('>')
    }
  }
  if (p.by === 'kind')
    return (row, { day }) => kindOf(books, row.unit, p.tree === 'day' ? day : p.tree === 'today' ? books.today : p.tree)
  if (p.by === 'sex') return (row) => sexOf(books, row)
  if (p.by === 'age')
    return (row, { day }) => {
      const age = ageOf(books, row, day)
      return age === null ? '' : (bands.find(([, to]) => age <= to)?.[0] as string)
    }
  if (p.by === 'dim:category') return (row) => row.words['category'] ?? ''
  return undefined
}

function expected(books: Books, p: Posed) {
  const [from, to] = p.period.split('..') as [string, string]
  const by = partOf(books, p)
  return alike(p.measure).map(({ fact, aggregate, moment, where }) => {
    const asked: Asked = { fact, aggregate, moment, where, unit: p.unit, from, to, tree: p.tree, ...(by ? { by } : {}) }
    const rows = Object.entries(p.by ? recountBy(books, asked) : {})
    return { value: recount(books, asked), rows: folded(rows.map(([key, n]) => [key.split('>')[0] as string, n])) }
  })
}

/** What stands for one in a measure, and what it adds. */
function contributionsOf(books: Books, p: Posed): Map<string, number> {
  const { fact, aggregate, moment, where } = p.measure
  const [from, to] = p.period.split('..') as [string, string]
  const of = new Map<string, number>()
  for (const { row } of rowsOf(books, { fact, aggregate, moment, where, unit: p.unit, from, to, tree: p.tree })) {
    const one = aggregate === 'persons' ? row.person : aggregate === 'units' ? row.unit : row.record
    if (one) of.set(one, aggregate === 'sum' ? row.quantity : 1)
  }
  return of
}

/** What is listed of a number that was told earlier: as many records as differ by hand, and together the difference. */
/** Units and values at once, as small groups are looked for: from kept sums as without them. */
async function parted(scene: Scene, p: Posed): Promise<void> {
  const m = counted(p.measure)
  const { kept, plain } = await ask(scene.ctx, 'figure.read', async (tx, head) => {
    const asked = { stretch: readPeriod(p.period, tx.today), tree: p.tree, known: null, head }
    const where = await whereOf(tx, await unitOf(tx, p.unit), m, asked)
    const q = await question(tx, where, m, asked)
    const key = byBoth(
      byPrefix(prefixOf(depthOf(where.root) + 1)),
      byDimension(pick(['unit.kind', 'person.sex', 'person.age'], p.period.length)),
    )
    const { rows } = await countsOf([m], q, key).execute(tx.db)
    return { kept: await findGroups(tx, m, q, key), plain: new Map(rows.map((r) => [r.key, r.value])) }
  })
  expect(Object.fromEntries(kept), JSON.stringify(p)).toEqual(Object.fromEntries(plain))
}

async function restated(scene: Scene, p: Posed, then: { asOf: string; books: Books }, now: Books): Promise<void> {
  const m = counted(p.measure)
  const found = await ask(scene.ctx, 'figure.read', async (tx, head) => {
    const unit = await unitOf(tx, p.unit)
    const asked = { stretch: readPeriod(p.period, tx.today), tree: p.tree, known: null, head }
    const signed = { ...asked, known: then.asOf }
    const of = {
      signed: await question(tx, await whereOf(tx, unit, m, signed), m, signed),
      now: await question(tx, await whereOf(tx, unit, m, asked), m, asked),
    }
    const list = await findDifference(tx, m, of, { limit: 500, offset: 0 })
    return { ...list, before: await findValue(tx, m, of.signed), after: await findValue(tx, m, of.now) }
  })
  const [was, is] = [contributionsOf(then.books, p), contributionsOf(now, p)]
  const differ = [...new Set([...was.keys(), ...is.keys()])].filter((one) => was.get(one) !== is.get(one))
  const sum = found.rows.reduce((n, r) => n + r.after - r.before, 0)
  expect([found.rows.length, sum], JSON.stringify(p)).toEqual([
    differ.length,
    (found.after as number) - (found.before as number),
  ])
  expect(found.units.reduce((n, u) => n + u.change, 0)).toBe(sum)
  const total = (of: Map<string, number>) => [...of.values()].reduce((n, v) => n + v, 0)
  expect([found.before, found.after]).toEqual([total(was), total(is)])
}

it('every number equals a recount by hand, has as many records as it says, and stays as it was known', async () => {
  const today = dayOf(new Date().toISOString())
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(steps, questions, fc.boolean()), { minLength: 4, maxLength: 5 }),
      async (rounds) => {
        const world = await plantWorld(base, { smallGroup: 0 })
        await world.write((tx) =>
          loadMeasures(tx, own, { id: world.unit['O'] as string, path: world.path['O'] as string }),
        )
        const persons = (
          await world.write((tx) =>
            insertPersons(
              tx,
              tx.now,
              Array.from({ length: 7 }, (_, i) => ({
                name: '周一鸣',
                sex: '1' as const,
                born: i % 4 === 0 ? null : bornAbout(today, i),
                politics: '01',
                pinyin: 'zym',
                strokeKey: '08',
                homeId: world.unit['O'] as string,
                homePath: world.path['O'] as string,
              })),
            ),
          )
        ).map((p) => p.id)
        const scene = new Scene(world, persons, today)
        const answered: { posed: Posed; was: Awaited<ReturnType<typeof answer>>; books: Books }[] = []
        for (const [actions, asked, rolling] of rounds) {
          // sums are kept for every unit with rows, and made before the records change that are asked about
          if (rolling)
            await rollUp(scene.ctx, { many: 1, values: 60, dense: pick([1, 3, 16], asked.length), few: 0, rows: 3 })
          for (const step of actions) await take(scene, step)
          const books = await openBooks(owner, world.district, today)
          for (const draw of asked) {
            const posed = pose(scene, draw)
            const was = await answer(scene, posed)
            const should = expected(books, posed)
            if (posed.measure.aggregate === 'count' || posed.measure.aggregate === 'persons') await parted(scene, posed)
            expect(was.figures, JSON.stringify(posed)).toEqual(should)
            answered.push({ posed, was, books })
            compared += should.length
          }
        }
        const now = await openBooks(owner, world.district, today)
        for (const { posed, was, books } of answered) {
          const again = await answer(scene, posed, was.asOf)
          expect(again, JSON.stringify(posed)).toEqual(was)
          const adds = ['count', 'sum', 'persons', 'units'].includes(posed.measure.aggregate)
          if (adds) await restated(scene, posed, { asOf: was.asOf, books }, now)
          compared++
        }
        for (const [measure, fact, aggregate] of [
          ['tasks.claims', 'demands.claims', 'count'],
          ['tasks.claimants', 'demands.claims', 'persons'],
        ] as const) {
          const period = `${Number(today.slice(0, 4)) - 2}-01-01..${today}`
          const found = await listEvidence(scene.ctx, { measure, unit: world.unit['D'], period, limit: 500 })
          const books = await openBooks(owner, world.district, today)
          const [from, to] = period.split('..') as [string, string]
          const n = recount(books, { fact, aggregate, unit: world.unit['D'] as string, from, to, tree: 'today' })
          expect([found.total, found.rows.length]).toEqual([n, n])
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(100)
}, 600_000)
