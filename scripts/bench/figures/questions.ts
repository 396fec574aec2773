// What is asked of the large district: any measure, unit and period; a leader's eighteen questions at the root; and plain SQL's like.
import { quantile } from '../load.ts'
import { ask, type Hall, moveOn } from './hall.ts'

type Query = Record<string, string | undefined>

const spans: readonly (readonly [name: string, period: string])[] = [
  ['this month', '2026-11'],
  ['this year', '2026'],
  ['five years', '2021-12-01..2026-11-30'],
]

const rootQuestions: readonly (readonly [name: string, query: Query])[] = [
  ['by child', { measures: 'tasks.claims', by: 'child' }],
  ['by kind', { measures: 'tasks.claims', by: 'kind' }],
  ['by age band', { measures: 'tasks.claims', by: 'age' }],
  ['distinct persons', { measures: 'tasks.claimants' }],
  ['ratio', { measures: 'demands.response-rate' }],
  ['stock', { measures: 'people.reported' }],
]

/** Live scans of the tables the same six questions rest on. */
const plainRoot: Record<string, (from: string, to: string) => string> = {
  'by child': (from, to) =>
    `select substr(place_path, 1, 14), count(*) from claim where district_id = 1 and claimed_on between '${from}' and '${to}' and state not in ('withdrawn', 'waiting') group by 1`,
  'by kind': (from, to) =>
    `select u.kind, count(*) from claim c join unit u on u.district_id = 1 and u.id = c.place_id where c.district_id = 1 and claimed_on between '${from}' and '${to}' and state not in ('withdrawn', 'waiting') group by 1`,
  'by age band': (from, to) =>
    `select width_bucket(extract(year from age(c.claimed_on, p.born)), array[31, 36, 41, 46, 51, 56, 61]), count(*) from claim c join person p on p.district_id = 1 and p.id = c.person_id
      where c.district_id = 1 and claimed_on between '${from}' and '${to}' and state not in ('withdrawn', 'waiting') group by 1`,
  'distinct persons': (from, to) =>
    `select count(distinct person_id) from claim where district_id = 1 and claimed_on between '${from}' and '${to}' and state not in ('withdrawn', 'waiting')`,
  ratio: (from, to) =>
    `select count(*) filter (where responded_at <= respond_due_at)::float8 / count(*) from demand where district_id = 1 and opened_on between '${from}' and '${to}' and merged_into is null`,
  stock: (_, to) =>
    `select count(distinct person_id) from registration where district_id = 1 and confirmed_on <= '${to}' and (ended_on is null or ended_on > '${to}')`,
}

const days: Record<string, readonly [string, string]> = {
  'this month': ['2026-11-01', '2026-11-30'],
  'this year': ['2026-01-01', '2026-12-31'],
  'five years': ['2021-12-01', '2026-11-30'],
}

/** `before`: what is done each time and not counted. */
export async function timed(
  work: () => Promise<unknown>,
  times: number,
  before: () => Promise<unknown> = async () => {},
): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    await before()
    const t = performance.now()
    await work()
    taken.push(performance.now() - t)
  }
  return taken.toSorted((a, b) => a - b)
}

export const median = (sorted: readonly number[]) => quantile(sorted, 0.5)

export interface RootLine {
  what: string
  when: string
  keeper: number
  leader: number
  plain: number
}

/** The eighteen: medians for who keeps the records, for who is not shown small groups, and of plain SQL. */
export async function askRoot(hall: Hall, times = 5): Promise<RootLine[]> {
  const lines: RootLine[] = []
  for (const [what, query] of rootQuestions)
    for (const [when, period] of spans) {
      const q = { unit: hall.root, period, ...query }
      const [from, to] = days[when] as [string, string]
      const plain = plainRoot[what]?.(from, to) ?? ''
      const anew = () => moveOn(hall)
      lines.push({
        what,
        when,
        keeper: median(await timed(() => ask(hall, 'keeper', q), times, anew)),
        leader: median(await timed(() => ask(hall, 'leader', q), times, anew)),
        plain: median(await timed(() => hall.pool.query(plain), 3)),
      })
    }
  return lines
}

const measures = [
  'tasks.claims',
  'tasks.claimants',
  'tasks.services',
  'tasks.servants',
  'tasks.published',
  'people.reported',
  'demands.raised',
  'demands.closed',
  'demands.response-rate',
]
const ofPersons = new Set(['tasks.claims', 'tasks.claimants', 'tasks.services', 'tasks.servants', 'people.reported'])
const periods = [
  '2026-11',
  '2026',
  '2024-Q2',
  '2023',
  '2025-H1',
  '2026-11-20',
  '2021-12-01..2026-11-30',
  '2025-03-05..2026-10-20',
  '2022-02-11..2022-03-09',
]

/** A chance that falls the same way every time. */
function chance(seed: number) {
  let at = seed
  return () => {
    at = (at * 48271) % 2147483647
    return at / 2147483647
  }
}

/** Any measure at a unit of any level (each level as often as any other) over any period; four in ten broken down. */
export function drawQuestions(hall: Hall, count: number): { level: number; query: Query }[] {
  const luck = chance(7)
  const pick = <T>(list: readonly T[]) => list[Math.floor(luck() * list.length)] as T
  const levels = [...Map.groupBy(hall.units, (u) => u.depth).values()]
  return Array.from({ length: count }, () => {
    const unit = pick(pick(levels))
    const measure = pick(measures)
    const ways = ['child', 'kind', ...(ofPersons.has(measure) ? ['age', 'sex'] : ['dim:category'])]
    return {
      level: unit.depth,
      query: {
        unit: unit.id,
        measures: measure,
        period: pick(periods),
        by: luck() < 0.4 ? pick(ways) : undefined,
        tree: luck() < 0.1 ? 'day' : undefined,
      },
    }
  })
}

export interface Asked {
  level: number
  query: Query
  ms: number
}

export async function askAny(
  hall: Hall,
  who: keyof Hall['askers'],
  questions: ReturnType<typeof drawQuestions>,
): Promise<Asked[]> {
  const asked: Asked[] = []
  for (const { level, query } of questions) {
    await moveOn(hall)
    const t = performance.now()
    await ask(hall, who, query)
    asked.push({ level, query, ms: performance.now() - t })
  }
  return asked.toSorted((a, b) => a.ms - b.ms)
}
