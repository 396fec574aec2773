import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '#core/calendar.ts'
import { newId } from '#core/ids.ts'
import { pages } from '#web/console/pages.ts'
import { insertClaims, insertTasks } from '#modules/demands/index.ts'
import { insertPersons } from '#modules/people/index.ts'
import { allFacts } from './catalogue.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  desk = await world.someone('district-desk', 'O')
})
afterAll(() => base.close())

interface Event {
  unit: string
  day: string
  person: number
}

/** Plants one task per claim's place and day, and the claims. Returns nothing: the test counts by its own list. */
async function plantClaims(w: World, events: readonly Event[], persons: readonly string[]) {
  await w.write(async (tx) => {
    const tasks = events.map((e) => ({ id: newId(), event: e }))
    const shared = (e: Event) => ({ place_id: w.unit[e.unit] as string, place_path: w.path[e.unit] as string })
    await insertTasks(
      tx,
      tasks.map(({ id, event }) => ({
        id,
        mechanism_id: '365-service',
        title: '清扫',
        detail: '',
        category: 'care',
        skills: [],
        ...shared(event),
        starts_at: `${event.day}T01:00:00Z`,
        ends_at: `${event.day}T05:00:00Z`,
        capacity: 9,
        claimed: 1,
        state: 'closed',
        published_at: `${event.day}T00:00:00Z`,
        published_on: event.day,
        version: 1,
      })),
    )
    await insertClaims(
      tx,
      tasks.map(({ id, event }) => ({
        id: newId(),
        task_id: id,
        person_id: persons[event.person] as string,
        ...shared(event),
        state: 'claimed',
        claimed_at: `${event.day}T02:00:00Z`,
        claimed_on: event.day,
      })),
    )
  })
}

async function plantPersons(w: World, count: number) {
  return w.write(async (tx) =>
    (
      await insertPersons(
        tx,
        tx.now,
        Array.from({ length: count }, () => ({
          name: '周一鸣',
          sex: '1' as const,
          born: null,
          politics: '01',
          pinyin: 'zym',
          strokeKey: '08',
          homeId: w.unit['O'] as string,
          homePath: w.path['O'] as string,
        })),
      )
    ).map((p) => p.id),
  )
}

const below: Record<string, string[]> = {
  D: ['D', 'S1', 'S2', 'C11', 'C12', 'C21', 'E111', 'E211'],
  S1: ['S1', 'C11', 'C12', 'E111'],
  C11: ['C11', 'E111'],
  C21: ['C21', 'E211'],
}

describe('figures', () => {
  it('equal an independent recount in value, breakdown, series and evidence, whatever was recorded where and when', async () => {
    const event = fc.record({
      unit: fc.constantFrom(...(below['D'] as string[])),
      day: fc.integer({ min: 0, max: 364 }).map((n) => addDays('2025-01-01', n)),
      person: fc.integer({ min: 0, max: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 25 }),
        fc.constantFrom(...Object.keys(below)),
        fc.constantFrom('2025', '2025-Q2', '2025-H2', '2025-02', '2025-03-05..2025-10-20'),
        async (events, unit, period) => {
          const w = await plantWorld(base, { smallGroup: 0 })
          const asker = await w.someone('district-desk', 'O')
          await plantClaims(w, events, await plantPersons(w, 5))
          const ranges: Record<string, [string, string]> = {
            '2025': ['2025-01-01', '2025-12-31'],
            '2025-Q2': ['2025-04-01', '2025-06-30'],
            '2025-H2': ['2025-07-01', '2025-12-31'],
            '2025-02': ['2025-02-01', '2025-02-28'],
            '2025-03-05..2025-10-20': ['2025-03-05', '2025-10-20'],
          }
          const [from, to] = ranges[period] as [string, string]
          const counted = events.filter((e) => below[unit]?.includes(e.unit) && e.day >= from && e.day <= to)
          const persons = new Set(counted.map((e) => e.person)).size
          const ask = `unit=${w.unit[unit]}&period=${period}`
          const { body } = await asker.get(`/figures?measures=tasks.claims,tasks.claimants&${ask}&by=child`)
          const [claims, claimants] = body['figures']
          expect([claims.value, claimants.value]).toEqual([counted.length, persons])
          expect(claims.rows.reduce((sum: number, r: { value: number }) => sum + r.value, 0)).toBe(counted.length)
          const months = (await asker.get(`/figures?measures=tasks.claims&${ask}&by=month`)).body['figures'][0].rows
          for (const { key, value } of months) expect(value).toBe(counted.filter((e) => e.day.startsWith(key)).length)
          const times = (await asker.get(`/figures/evidence?measure=tasks.claims&${ask}&limit=500`)).body
          expect([times['total'], times['rows'].length]).toEqual([counted.length, counted.length])
          const distinct = (await asker.get(`/figures/evidence?measure=tasks.claimants&${ask}&limit=500`)).body
          expect([distinct['total'], distinct['rows'].length]).toEqual([persons, persons])
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)

  it('count a person who was recorded twice and merged as one', async () => {
    const w = await plantWorld(base, { smallGroup: 0 })
    const asker = await w.someone('district-desk', 'O')
    const [a, b] = (await plantPersons(w, 2)) as [string, string]
    await plantClaims(
      w,
      [
        { unit: 'C11', day: '2025-05-01', person: 0 },
        { unit: 'C12', day: '2025-05-02', person: 1 },
      ],
      [a, b],
    )
    const read = async () =>
      (await asker.get('/figures?measures=tasks.claims,tasks.claimants&period=2025')).body['figures'].map(
        (f: { value: number }) => f.value,
      )
    expect(await read()).toEqual([2, 2])
    await w.write((tx) =>
      tx.db
        .updateTable('person')
        .set({ merged_into: a })
        .where('district_id', '=', w.district)
        .where('id', '=', b)
        .execute(),
    )
    expect(await read()).toEqual([2, 1])
  })

  it('of an organisation are those of the places it serves', async () => {
    const w = await plantWorld(base, { smallGroup: 0 })
    const asker = await w.someone('district-desk', 'O')
    await plantClaims(
      w,
      [
        { unit: 'E111', day: '2025-05-01', person: 0 },
        { unit: 'C21', day: '2025-05-01', person: 1 },
      ],
      await plantPersons(w, 2),
    )
    const { body } = await asker.get(`/figures?measures=tasks.claims&unit=${w.unit['OS1']}&period=2025`)
    expect(body['figures'][0].value).toBe(1)
  })

  it('of units outside the asker’s scope do not exist for him, in value and evidence alike', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    for (const path of ['/figures?', '/figures/evidence?measure=tasks.claims&']) {
      expect((await secretary.get(`${path}unit=${world.unit['C21']}`)).body['code']).toBe('figure.unit-not-found')
      expect((await secretary.get(`${path}unit=${newId()}`)).body['code']).toBe('figure.unit-not-found')
    }
    expect((await secretary.get('/figures?measures=tasks.claims')).body['unit'].id).toBe(world.unit['OC11'])
  })

  it('show no number where the denominator is zero, never 0% or 100% (REQ-R)', async () => {
    const { body } = await desk.get('/figures?measures=demands.solution-rate&period=2019')
    expect(body['figures'][0]).toMatchObject({ value: null, numerator: 0, denominator: 0 })
  })

  it('refuse an unknown measure, dimension and period with the reason', async () => {
    expect((await desk.get('/figures?measures=no.such')).body['code']).toBe('figure.unknown-measure')
    expect((await desk.get('/figures?measures=tasks.claims&by=dim:colour')).body['code']).toBe(
      'figure.unknown-dimension',
    )
    expect((await desk.get('/figures?measures=tasks.claims&period=2025-13')).body['code']).toBe('figure.bad-period')
  })
})

describe('a record behind a number', () => {
  it('leads to a page that the console has', () => {
    const known = pages.map((p) => new RegExp(`^/console${p.path.replace(/:\w+/g, '[^/?]+')}$`))
    const lost = allFacts().filter(({ link }) => link && !known.some((page) => page.test(link.replace(/\?.*$/, ''))))
    expect(lost.map((f) => `${f.id}: ${f.link}`)).toEqual([])
  })

  it('is opened with the id its page asks for: a claim by its task, a report-in by its person', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const member = await world.someone('member', 'C11', { register: 'C11' })
    const what = {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title: '送餐',
      capacity: 1,
    }
    const task = await secretary.post('/tasks', {
      ...what,
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
    })
    await member.post(`/tasks/${task.body['id']}/claims`)
    const links = async (measure: string) => {
      const { body } = await desk.get(
        `/figures/evidence?measure=${measure}&unit=${world.unit['O']}&period=2015-01-01..2090-01-01`,
      )
      return (body['rows'] as { link: string }[]).map((r) => r.link)
    }
    expect(await links('tasks.claims')).toContain(`/console/tasks?task=${task.body['id']}`)
    expect(await links('people.reported')).toContain(`/console/persons/${member.personId}`)
    expect(await links('units.estate-branches')).toContain(`/console/units?unit=${world.unit['OE111'] ?? ''}`)
  })
})

describe('a number of the other tree', () => {
  it('of a place is that of the organisations that serve it, and nought where none does: never nought by mistake', async () => {
    const count = async (unit: string) => {
      const { body } = await desk.get(`/figures?measures=units.estate-branches&unit=${world.unit[unit]}&period=2026`)
      return body['figures'][0].value
    }
    expect(await count('OS1')).toBe(1)
    expect([await count('D'), await count('S1'), await count('C11'), await count('C12')]).toEqual([1, 1, 1, 0])
  })
})
