import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#core/ids.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { DemandState } from './contract.ts'
import { insertDemands } from './store/bulk.ts'

let base: Base
let world: World
let desk: Asker
let owner: pg.Client
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  owner = new pg.Client({ connectionString: base.ownerUrl, options: '-c app.recorded=1' })
  await owner.connect()
  await owner.query(`set app.district = ${world.district}`)
})
afterAll(async () => {
  await owner.end()
  await base.close()
})

const places = ['C11', 'C12', 'E111', 'C21'] as const
const categories = ['care', 'facility'] as const
const at = '2026-03-02T01:00:00.000Z'

const row = (place: string, state: string, more: object = {}) => ({
  id: newId(),
  mechanism_id: '365-service',
  channel: 'secretary',
  category: 'care',
  grade: 'normal',
  title: '存量',
  place_id: world.unit[place] as string,
  place_path: world.path[place] as string,
  state,
  opened_at: at,
  opened_on: '2026-03-02',
  ...more,
})

/** What a full count says, past every shortcut. */
async function naive(unit: string, states: readonly string[] | null, category: string | null): Promise<number> {
  const path = world.path[unit] as string
  const { rows } = await owner.query(
    `select count(*)::int as n from demand where district_id = $1 and place_path >= $2 and place_path < $3 and ($4::text[] is null or state = any($4)) and ($5::text is null or category = $5)
       and not (report and about_id is not null and about_id = $6)`,
    [world.district, path, `${path.slice(0, -1)}/`, states, category, world.unit['O']],
  )
  return rows[0].n
}

const asked = async (unit: string, states: readonly string[] | null, category: string | null) => {
  const query = `unit=${world.unit[unit]}${states ? `&state=${states.join(',')}` : ''}${category ? `&category=${category}` : ''}`
  const [list, counts] = [
    (await desk.get(`/demands?${query}&limit=1`)).body['total'],
    (await desk.get(`/demand-counts?${query}`)).body['total'],
  ]
  return [list, counts]
}

const states = DemandState.options.filter((s) => s !== 'merged')
const move = fc.record({
  add: fc.nat(12),
  place: fc.constantFrom(...places),
  state: fc.constantFrom(...states),
  category: fc.constantFrom(...categories),
  to: fc.constantFrom(...states),
  change: fc.nat(5),
  report: fc.boolean(),
})
const question = fc.record({
  unit: fc.constantFrom('D', 'S1', ...places),
  states: fc.option(fc.subarray([...states], { minLength: 1 })),
  category: fc.option(fc.constantFrom(...categories)),
})

describe('exact totals', () => {
  it('are what a full count says, whatever was added or changed in between, by state, place, category, and reports left out (REQ-10)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(move, question), { minLength: 3, maxLength: 8 }), async (turns) => {
        for (const [m, q] of turns) {
          const more = { category: m.category, report: m.report, about_id: m.report ? world.unit['O'] : null }
          await world.write((tx) =>
            insertDemands(
              tx,
              Array.from({ length: m.add }, () => row(m.place, m.state, more)),
            ),
          )
          await owner.query(
            'update demand set state = $2 where district_id = $1 and id in (select id from demand where district_id = $1 and state <> $2 limit $3)',
            [world.district, m.to, m.change],
          )
          const wanted = await naive(q.unit, q.states, q.category)
          expect(await asked(q.unit, q.states, q.category)).toEqual([wanted, wanted])
        }
      }),
      { numRuns: 12 },
    )
  })

  it('miss nothing that was begun before a count and committed after it (horizon)', async () => {
    const before = (await asked('C21', null, null))[0]
    const slow = new pg.Client({ connectionString: base.ownerUrl, options: '-c app.recorded=1' })
    await slow.connect()
    await slow.query(`set app.district = ${world.district}`)
    await slow.query('begin')
    const insert = async (client: pg.Client) => {
      const r = row('C21', 'closed')
      await client.query(
        `insert into demand (district_id, id, mechanism_id, channel, category, grade, title, place_id, place_path, state, opened_at, opened_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          world.district,
          r.id,
          r.mechanism_id,
          r.channel,
          r.category,
          r.grade,
          r.title,
          r.place_id,
          r.place_path,
          r.state,
          r.opened_at,
          r.opened_on,
        ],
      )
    }
    await insert(slow)
    for (let i = 0; i < 230; i++) await insert(owner)
    expect((await asked('C21', null, null))[0]).toBe(before + 230)
    await slow.query('commit')
    await slow.end()
    expect((await asked('C21', null, null))[0]).toBe(before + 231)
    for (let i = 0; i < 230; i++) await insert(owner)
    expect((await asked('C21', null, null))[0]).toBe(before + 461)
  })

  it('follow a reorganisation that moves stored demands (ORG-03)', async () => {
    const [here, there] = [(await asked('C12', null, null))[0], (await asked('C21', null, null))[0]]
    await owner.query('update demand set place_id = $2, place_path = $3 where district_id = $1 and place_id = $4', [
      world.district,
      world.unit['C21'],
      world.path['C21'],
      world.unit['C12'],
    ])
    expect((await asked('C12', null, null))[0]).toBe(0)
    expect((await asked('C21', null, null))[0]).toBe(here + there)
  })
})

it('a page by deadline holds what has one first, then the newest, wherever the pages are cut', async () => {
  const w = await plantWorld(base)
  const reader = await w.someone('district-desk', 'O')
  const days = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10']
  const rows = days.map((d, i) => ({
    ...row('E111', i % 3 === 0 ? 'closed' : i % 3 === 1 ? 'signed' : 'answered', {
      place_id: w.unit['E111'],
      place_path: w.path['E111'],
      title: `第${d}件`,
      opened_at: `2026-03-${d}T01:00:00.000Z`,
      opened_on: `2026-03-${d}`,
    }),
    due_at: i % 3 === 1 ? `2026-05-${String(30 - i)}T01:00:00.000Z` : null,
  }))
  await w.write((tx) => insertDemands(tx, rows))
  const titles = async (more: string) =>
    ((await reader.get(`/demands?unit=${w.unit['E111']}&${more}`)).body['rows'] as { title: string }[]).map(
      (r) => r.title,
    )
  const due = rows.filter((r) => r.due_at).toSorted((a, b) => (String(a.due_at) < String(b.due_at) ? -1 : 1))
  const rest = rows.filter((r) => !r.due_at).toSorted((a, b) => (a.opened_at > b.opened_at ? -1 : 1))
  const wanted = [...due, ...rest].map((r) => r.title)
  for (const limit of [1, 2, 3, 4, 7, 20]) {
    const pages: string[] = []
    for (let offset = 0; offset < rows.length; offset += limit)
      pages.push(...(await titles(`limit=${limit}&offset=${offset}`)))
    expect(pages, `pages of ${limit}`).toEqual(wanted)
  }
})
