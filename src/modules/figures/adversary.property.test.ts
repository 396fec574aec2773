// Who may see numbers but no small groups asks all he can, in every tree and period, and adds and subtracts what he is told: no group of
// fewer than five comes out. [docs/decisions/0017]
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDays, addMonths, dayOf, periodOf, periodOfKey } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertClaims, insertTasks } from '#modules/demands/index.ts'
import { insertPersons } from '#modules/people/index.ts'
import { reorganiseUnits } from '#modules/units/actions/change.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { type Books, lineOf, openBooks } from '../../../test/recount.ts'
import type { Figures, Number_ } from './contract.ts'
import { follows, solved } from './fixtures.ts'

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

const today = dayOf(clock.now())
const year = Number(today.slice(0, 4))
const PLACES = ['D', 'S1', 'S2', 'C11', 'C12', 'C21', 'E111', 'E211'] as const
const PLANNED = `${year + 1}-01-01`
const LIMIT = 5

/** So many persons of one sex, each with one claim of one category, at a place on a day. */
interface Lot {
  place: (typeof PLACES)[number]
  day: string
  sex: '1' | '2'
  category: 'care' | 'repair'
  n: number
}

async function plantLots(w: World, lots: readonly Lot[]) {
  await w.write(async (tx) => {
    const home = { homeId: w.unit['O'] as string, homePath: w.path['O'] as string }
    for (const { place, day, sex, category, n } of lots) {
      const at = { place_id: w.unit[place] as string, place_path: w.path[place] as string }
      const one = { name: '周一鸣', sex, born: null, politics: '01', pinyin: 'zym', strokeKey: '08', ...home }
      const persons = await insertPersons(
        tx,
        tx.now,
        Array.from({ length: n }, () => one),
      )
      const task = newId()
      await insertTasks(tx, [
        {
          id: task,
          mechanism_id: '365-service',
          title: '清扫',
          detail: '',
          category,
          skills: [],
          ...at,
          starts_at: `${day}T01:00:00Z`,
          ends_at: `${day}T05:00:00Z`,
          capacity: n,
          claimed: n,
          state: 'closed',
          published_at: `${day}T00:00:00Z`,
          published_on: day,
          version: 1,
        },
      ])
      const claimed = { task_id: task, ...at, state: 'submitted', claimed_at: `${day}T02:00:00Z`, claimed_on: day }
      await insertClaims(
        tx,
        persons.map((p) => ({ id: newId(), person_id: p.id, ...claimed })),
      )
    }
  })
}

/** What an asker can't know beforehand: how many of each sex and category there are at each place on each day. */
const grid = (days: readonly string[]): Lot[] =>
  PLACES.flatMap((place) =>
    days.flatMap((day) =>
      (['1', '2'] as const).flatMap((sex) =>
        (['care', 'repair'] as const).map((category) => ({ place, day, sex, category, n: 0 })),
      ),
    ),
  )

interface Move {
  what: (typeof PLACES)[number]
  to: (typeof PLACES)[number]
  on: string
}

/** Who stands above a place in the tree that is asked for. */
function lineIn(books: Books, w: World, { planned, tree }: { planned: Move; tree: string }, lot: Lot): string[] {
  const unit = w.unit[lot.place] as string
  if (tree !== PLANNED) return lineOf(books, unit, tree === 'day' ? lot.day : tree === 'today' ? today : tree)
  const line = lineOf(books, unit, today)
  const at = line.indexOf(w.unit[planned.what] as string)
  return at < 0 ? line : [...line.slice(0, at + 1), ...lineOf(books, w.unit[planned.to] as string, today)]
}

const PERIODS = [
  `${year - 1}`,
  `${year - 1}-H1`,
  `${year - 1}-Q2`,
  `${year - 1}-05`,
  `${year - 1}-06`,
  `${year}`,
  periodOf(today, 'quarter').key,
  periodOf(today, 'month').key,
  // whatever else an asker can think of
  'year-to-date',
  'month-to-date',
  'last-12-months',
  'same-period-last-year',
  'this-week',
  `${year - 1}-04-01..${year - 1}-05-31`,
  `${year - 1}-04-03..${year - 1}-06-30`,
  `${year - 1}-05-20`,
]
const SPLITS = ['child', 'sex', 'dim:category', 'month', 'quarter']
/** Of other trees not everything is asked: one case takes long enough. */
const isAsked = (tree: string, period: string, by: string) =>
  tree === 'today' ||
  (!by.startsWith('dim:') && by !== 'quarter' && PERIODS.indexOf(period) % 3 === (tree === 'day' ? 0 : 1))

type Equation = readonly [told: number[], truth: number]

/** What one answer tells, as sums of lots. */
function* toldBy(
  body: Figures,
  by: string,
  holds: (of: { from: string; to: string; unit?: string; own?: boolean; value?: string }) => Equation,
) {
  const { period, comparedWith } = body
  for (const figure of body.figures) {
    const told = [
      { number: figure as Number_, equation: holds(period) },
      ...(figure.before && comparedWith ? [{ number: figure.before, equation: holds(comparedWith) }] : []),
    ]
    for (const r of figure.rows) {
      const span = by === 'month' || by === 'quarter' ? periodOfKey(r.key) : null
      const clipped = span && {
        from: span.from > period.from ? span.from : period.from,
        to: span.to < period.to ? span.to : period.to,
      }
      const of =
        by === 'child' ? { unit: r.unitId as string, own: r.name.includes('本级') } : clipped ? {} : { value: r.key }
      told.push({ number: r, equation: holds({ ...(clipped ?? period), ...of }) })
      if (r.before && comparedWith && !clipped)
        told.push({ number: r.before, equation: holds({ ...comparedWith, ...of }) })
    }
    for (const { number, equation } of told)
      if (!number.suppressed) {
        expect(number.value).toBe(equation[1])
        yield equation[0]
      }
  }
}

async function everythingTold(
  desk: Asker,
  w: World,
  { lots, books, planned, trees }: { lots: readonly Lot[]; books: Books; planned: Move; trees: readonly string[] },
) {
  const equations = new Map<string, number[]>()
  const small = new Map<string, number[]>()
  const counts = { shown: 0, asked: 0 }
  for (const tree of trees) {
    const lines = lots.map((lot) => lineIn(books, w, { planned, tree }, lot))
    for (const unit of PLACES) {
      const id = w.unit[unit] as string
      const holds = (of: { from: string; to: string; unit?: string; own?: boolean; value?: string }): Equation => {
        const told = lots.map((lot, i) => {
          const line = lines[i] as string[]
          const there = line.includes(id) && (!of.unit || (of.own ? line[0] === of.unit : line.includes(of.unit)))
          const then = lot.day >= of.from && lot.day <= of.to
          return there && then && (!of.value || [lot.sex as string, lot.category].includes(of.value)) ? 1 : 0
        })
        return [told, told.reduce<number>((n, k, i) => n + k * (lots[i] as Lot).n, 0)]
      }
      for (const period of PERIODS)
        for (const by of SPLITS.filter((b) => isAsked(tree, period, b))) {
          const compare =
            by === 'month' || by === 'quarter' ? '' : `&compare=${by === 'sex' ? 'previous' : 'last-year'}`
          const ask = `/figures?measures=tasks.claimants,tasks.claims&unit=${id}&period=${period}&tree=${tree}&by=${by}${compare}`
          const { status, body } = await desk.get(ask)
          expect(status, ask).toBe(200)
          for (const equation of toldBy(body as Figures, by, holds)) equations.set(equation.join(''), equation)
          const whole = body['period'] as { from: string; to: string }
          for (const value of ['', '1', '2', 'care', 'repair'])
            for (const own of [false, true]) {
              const [told, n] = holds({ ...whole, value, ...(own ? { unit: id, own } : {}) })
              if (n > 0 && n < LIMIT) small.set(`${unit} ${own} ${tree} ${period} ${value} = ${n}`, told)
            }
          if (body['figures'][0].value !== null) counts.shown++
          counts.asked++
        }
    }
  }
  return { equations, small, counts }
}

/** Lots that were drawn for the same place, day, sex and category are one. */
const drawn = (lots: readonly Lot[], days: readonly string[]) =>
  grid(days).map((g) => ({
    ...g,
    n: lots
      .filter((l) => l.place === g.place && l.day === g.day && l.sex === g.sex && l.category === g.category)
      .reduce((n, l) => n + l.n, 0),
  }))

it('asks for everything and finds no group of fewer than five by subtraction, in any period, tree, comparison or dimension (PR-08)', async () => {
  const days = [
    `${year - 1}-01-12`,
    `${year - 1}-04-02`,
    `${year - 1}-05-20`,
    `${year - 1}-06-09`,
    `${year - 1}-11-03`,
    `${year}-02-14`,
    addMonths(today, -1),
    addDays(today, -1),
    today,
  ]
  const lot = fc.record({
    place: fc.constantFrom(...PLACES),
    day: fc.constantFrom(...days),
    sex: fc.constantFrom('1' as const, '2' as const),
    category: fc.constantFrom('care' as const, 'repair' as const),
    n: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 12 })),
  })
  const moves = fc.constantFrom<Pick<Move, 'what' | 'to'>>(
    { what: 'C12', to: 'S2' },
    { what: 'C21', to: 'S1' },
    { what: 'E111', to: 'C12' },
    { what: 'E211', to: 'C11' },
    { what: 'C11', to: 'S2' },
  )
  const on = fc.constantFrom(`${year - 1}-05-01`, `${year - 1}-05-17`, addDays(today, -10))
  let [shown, asked] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.array(lot, { minLength: 8, maxLength: 24 }),
      moves,
      on,
      moves,
      async (lots, moved, day, plan) => {
        const w = await plantWorld(base)
        const planted = drawn(lots, days)
        await plantLots(
          w,
          planted.filter((l) => l.n > 0),
        )
        const ctx = new Context(
          base.ground,
          { token: null, requestId: newId(), address: '' },
          { district: w.district, actor: system },
        )
        const move = (m: Move) =>
          reorganiseUnits(ctx, {
            effectiveOn: m.on,
            reason: '调整',
            operations: [{ op: 'move', unitId: w.unit[m.what] as string, parentId: w.unit[m.to] as string }],
          })
        const planned = { ...plan, on: PLANNED }
        await move({ ...moved, on: day })
        await move(planned)
        const books = await openBooks(owner, w.district, today)
        const desk = await w.someone('district-desk', 'O')
        const trees = ['today', 'day', `${year - 1}-03-01`, PLANNED]
        const told = await everythingTold(desk, w, { lots: planted, books, planned, trees })
        shown += told.counts.shown
        asked += told.counts.asked
        const known = solved([...told.equations.values()])
        for (const [name, wanted] of told.small) expect(follows(known, wanted), name).toBe(false)
      },
    ),
    { numRuns: 2, endOnFailure: true },
  )
  // it is no art to show nothing
  expect(shown / asked).toBeGreaterThan(0.05)
}, 600_000)
