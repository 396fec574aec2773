import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathColumns } from '#app.ts'
import { addDays } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertMemberships, insertPersons } from '#modules/people/index.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { insertUnits, settleDay } from './index.ts'

let base: Base
let world: World
let desk: Asker
let today: string
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

const fresh = async () => {
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  today = await world.write(async (tx) => tx.today)
}
const u = (short: string) => world.unit[short] as string
const decide = (operations: unknown[], effectiveOn = today) =>
  desk.post('/unit-changes', { effectiveOn, reason: '区委〔2026〕1号', operations })
const settle = () =>
  settleDay(
    new Context(
      base.ground,
      { token: null, requestId: newId(), address: '' },
      { district: world.district, actor: system },
    ),
  )
const names = (answer: { body: Record<string, any> }) => answer.body['rows'].map((r: { name: string }) => r.name)

describe('a reorganisation', () => {
  beforeAll(fresh)

  it('refuses what is no tree, with a text that says what to do (AZ-36)', async () => {
    const chain = Array.from({ length: 33 }, () => newId())
    const create = (id: string, parentId: string | null) => ({ op: 'create', id, parentId, kind: 'grid', name: '网格' })
    const tries: [string, unknown[], string?][] = [
      ['unit.cycle', [{ op: 'move', unitId: u('S1'), parentId: u('E111') }]],
      ['unit.cycle', [{ op: 'move', unitId: u('S1'), parentId: u('S1') }]],
      [
        'unit.cycle',
        [
          { op: 'move', unitId: u('S1'), parentId: u('C21') },
          { op: 'move', unitId: u('S2'), parentId: u('C11') },
        ],
      ],
      ['unit.second-root', [create(newId(), null)]],
      ['unit.second-root', [{ op: 'move', unitId: u('S1'), parentId: null }]],
      ['unit.root-stays', [{ op: 'close', unitId: u('D') }]],
      ['unit.too-deep', chain.map((id, i) => create(id, i === 0 ? u('D') : (chain[i - 1] as string)))],
      ['unit.other-tree', [{ op: 'move', unitId: u('OC11'), parentId: u('C11') }]],
      ['unit.unknown-kind', [{ op: 're-kind', unitId: u('S1'), kind: 'galaxy' }]],
      ['unit.unknown-kind', [{ op: 're-kind', unitId: u('S1'), kind: 'branch' }]],
      ['unit.outside-life', [{ op: 'rename', unitId: u('S1'), name: '早' }], '2019-12-31'],
      ['unit.has-children', [{ op: 'close', unitId: u('C11') }]],
      ['unit.same-unit', [{ op: 'merge', unitIds: [u('C11')], intoId: u('C11') }]],
      [
        'unit.child-unassigned',
        [
          {
            op: 'split',
            unitId: u('C11'),
            into: [
              { unitId: u('C12'), childIds: [] },
              { unitId: u('C21'), childIds: [] },
            ],
          },
        ],
      ],
      ['unit.operation-later', [{ op: 'rename', unitId: u('S1'), name: '晚', on: addDays(today, 1) }]],
      ['unit.id-taken', [create(u('S1'), u('D'))]],
    ]
    for (const [code, operations, day] of tries) {
      const answer = await decide(operations, day)
      expect({ code: answer.body['code'], status: answer.status }, code).toEqual({ code, status: 422 })
      expect(answer.body['title'], code).toMatch(/[\u4e00-\u9fff]{5}/)
      expect(answer.body['title'], code).not.toMatch(/undefined|null|\{|“”/)
    }
    const { rows } = (await desk.get(`/units?parent=${u('D')}`)).body
    expect(rows.map((r: { name: string }) => r.name)).toEqual(['临江街道', '柳林镇'])
  })

  it('asks for the right at every unit it touches, and hides what is out of sight', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    expect(
      (
        await secretary.post('/unit-changes', {
          effectiveOn: today,
          reason: '无',
          operations: [{ op: 'rename', unitId: u('C11'), name: '新名' }],
        })
      ).status,
    ).toBe(403)
    const half = await world.write(async (tx) => {
      await tx.db
        .insertInto('role')
        .values({
          district_id: world.district,
          id: 'street-reorganiser',
          name: '街道',
          verbs: ['unit.read', 'unit.reorganise'],
          officer: null,
        })
        .execute()
    })
    expect(half).toBeUndefined()
    const street = await world.someone('street-reorganiser', 'OS1')
    const move = (unitId: string, parentId: string) =>
      street.post('/unit-changes', { effectiveOn: today, reason: '无', operations: [{ op: 'move', unitId, parentId }] })
    expect((await move(u('C11'), u('S2'))).status).toBe(404)
    expect((await move(u('C21'), u('S1'))).status).toBe(404)
    expect(
      (
        await street.post('/unit-changes/preview', {
          effectiveOn: today,
          reason: '无',
          operations: [{ op: 'rename', unitId: u('C21'), name: '某村' }],
        })
      ).status,
    ).toBe(404)
  })

  it('moves a unit with everything below it and every copy of its path, in one step (A-18)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const opened = await secretary.post('/demands', {
      mechanismId: '365-service',
      placeId: u('E111'),
      category: 'care',
      words: '需要轮椅',
    })
    expect(opened.status).toBe(201)
    const answer = await decide([{ op: 'move', unitId: u('C11'), parentId: u('S2') }])
    expect(answer.body).toMatchObject({
      state: 'done',
      differences: [
        {
          unitId: u('C11'),
          what: ['moved'],
          before: { parentName: '临江街道' },
          after: { parentName: '柳林镇' },
          below: 1,
        },
      ],
    })
    expect((await secretary.get('/demands')).body['total'], 'the organisation still serves its place').toBe(1)
    const page = await desk.get(`/units/${u('E111')}`)
    expect(page.body['line'].map((x: { name: string }) => x.name)).toEqual(['青石区', '柳林镇', '望江社区'])
    const copies = await world.write(({ db }) =>
      db
        .selectFrom('demand as d')
        .innerJoin('unit as n', (j) => j.onRef('n.district_id', '=', 'd.district_id').onRef('n.id', '=', 'd.place_id'))
        .select(['d.place_path', 'n.path'])
        .where('d.district_id', '=', world.district)
        .execute(),
    )
    for (const c of copies) expect(c.place_path).toBe(c.path)
    expect(names(await desk.get(`/units?parent=${u('S1')}&on=${addDays(today, -1)}`))).toEqual(['望江社区', '书院社区'])
    expect(names(await desk.get(`/units?parent=${u('S1')}`))).toEqual(['书院社区'])
    await decide([{ op: 'move', unitId: u('C11'), parentId: u('S1') }])
  })

  it('leaves later decisions standing when the past is corrected (ORG-03)', async () => {
    await decide([{ op: 'rename', unitId: u('C12'), name: '书院新社区' }], addDays(today, -10))
    await decide(
      [
        { op: 'rename', unitId: u('C12'), name: '书院旧社区' },
        { op: 'move', unitId: u('C12'), parentId: u('S2') },
      ],
      addDays(today, -20),
    )
    const page = await desk.get(`/units/${u('C12')}`)
    expect(
      page.body['versions'].map((v: Record<string, any>) => [v['from'], v['name'], v['parent'].name, v['changed']]),
    ).toEqual([
      [addDays(today, -10), '书院新社区', '柳林镇', ['name']],
      [addDays(today, -20), '书院旧社区', '柳林镇', ['name', 'parentId']],
      ['2020-01-01', '书院社区', '临江街道', ['kind', 'code', 'name', 'parentId']],
    ])
    expect(page.body['versions'][1].reason).toBe('区委〔2026〕1号')
    expect(names(await desk.get('/units?search=书院旧'))).toEqual([])
    expect(names(await desk.get(`/units?search=书院旧&on=${addDays(today, -15)}`))).toEqual(['书院旧社区'])
  })
})

describe('closing a unit', () => {
  beforeAll(fresh)

  it('is refused while members or demands have no destination (ORG-01)', async () => {
    await world.someone('member', 'C11', { register: 'C12' })
    const preview = await desk.post('/unit-changes/preview', {
      effectiveOn: today,
      reason: '无',
      operations: [{ op: 'close', unitId: u('C12') }],
    })
    expect(preview.body['blockers']).toMatchObject([{ unitId: u('C12'), unitName: '书院社区', count: 1 }])
    const refused = await decide([{ op: 'close', unitId: u('C12') }])
    expect(refused.body).toMatchObject({
      code: 'unit.not-settled',
      ground: 'ORG-01',
      title: '“书院社区”还有1名报到党员未另行安排，请先办结或移交，再撤销或合并。',
    })
  })

  it('by merging passes children, links, registered members and open demands to the successor and forgets nothing (ORG-02)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    await secretary.post('/demands', {
      mechanismId: '365-service',
      placeId: u('C11'),
      category: 'care',
      words: '需要轮椅',
    })
    const merged = await decide([{ op: 'merge', unitIds: [u('C11')], intoId: u('C12') }])
    expect(merged.status, JSON.stringify(merged.body)).toBe(201)
    expect(names(await desk.get(`/units?parent=${u('C12')}`))).toEqual(['江畔花园'])
    expect(names(await desk.get(`/units?parent=${u('S1')}`))).toEqual(['书院社区'])
    const closed = await desk.get(`/units?parent=${u('S1')}&closed=true`)
    expect(closed.body['rows'].map((r: Record<string, unknown>) => [r['name'], r['closedOn']])).toEqual([
      ['书院社区', null],
      ['望江社区', today],
    ])
    const page = await desk.get(`/units/${u('C11')}`)
    expect(page.body).toMatchObject({
      unit: { closedOn: today, can: [] },
      successors: [{ on: today, unit: { name: '书院社区' } }],
    })
    expect((await desk.get(`/units/${u('C12')}`)).body['predecessors']).toMatchObject([{ unit: { name: '望江社区' } }])
    const links = (await desk.get(`/units/${u('OC11')}`)).body['links'].map((l: Record<string, any>) => [
      l['to'].name,
      l['validTo'],
    ])
    expect(links).toEqual([
      ['书院社区', null],
      ['望江社区', today],
    ])
    expect((await secretary.get('/demands')).body['rows']).toMatchObject([{ placeName: '书院社区' }])
  })

  it('carries the members of a merged branch over, dated, each with exactly one formal relation (BR-06)', async () => {
    const person = await world.write(async (tx) => {
      const [p] = await insertPersons(tx, tx.now, [
        {
          name: '林小满',
          sex: '2',
          born: '1990-05-01',
          politics: '01',
          pinyin: 'linxiaoman',
          strokeKey: '08',
          homeId: u('OC21'),
          homePath: world.path['OC21'] as string,
        },
      ])
      await insertMemberships(tx, [
        {
          personId: p?.id as string,
          unitId: u('OC21'),
          kind: 'formal',
          status: 'full',
          from: '2021-07-01',
          beginReason: '001',
        },
      ])
      return p?.id as string
    })
    expect((await decide([{ op: 'close', unitId: u('OC21') }])).body['title']).toContain('1条党员组织关系未转出')
    expect((await decide([{ op: 'merge', unitIds: [u('OC21')], intoId: u('OC11') }])).status).toBe(201)
    const ties = await world.write(({ db }) =>
      db
        .selectFrom('membership')
        .select(['unit_id', 'valid_from', 'valid_to'])
        .where('district_id', '=', world.district)
        .where('person_id', '=', person)
        .orderBy('valid_from')
        .execute(),
    )
    expect(ties).toEqual([
      { unit_id: u('OC21'), valid_from: '2021-07-01', valid_to: today },
      { unit_id: u('OC11'), valid_from: today, valid_to: 'infinity' },
    ])
  })

  it('by splitting gives every child to exactly one successor', async () => {
    const [left, right] = [newId(), newId()]
    const create = (id: string, name: string) => ({ op: 'create', id, parentId: u('S1'), kind: 'community', name })
    const split = await decide([
      create(left, '书院东社区'),
      create(right, '书院西社区'),
      {
        op: 'split',
        unitId: u('C12'),
        into: [
          { unitId: left, childIds: [u('E111')] },
          { unitId: right, childIds: [] },
        ],
      },
    ])
    expect(split.body['title'], 'registered members have two successors to choose from').toContain('报到党员')
    await world.write(({ db }) =>
      db
        .updateTable('registration')
        .set({ ended_on: today, end_reason: 'moved' })
        .where('district_id', '=', world.district)
        .execute(),
    )
    await world.write(({ db }) =>
      db.updateTable('demand').set({ state: 'closed' }).where('district_id', '=', world.district).execute(),
    )
    expect(
      (
        await decide([
          create(left, '书院东社区'),
          create(right, '书院西社区'),
          {
            op: 'split',
            unitId: u('C12'),
            into: [
              { unitId: left, childIds: [u('E111')] },
              { unitId: right, childIds: [] },
            ],
          },
        ])
      ).status,
    ).toBe(201)
    expect(names(await desk.get(`/units?parent=${left}`))).toEqual(['江畔花园'])
  })
})

describe('what a decision does to counts', () => {
  beforeAll(fresh)
  const effects = (body: Record<string, any>) =>
    Object.fromEntries(
      body['effects'].map((e: Record<string, any>) => [
        e['unitName'],
        Object.fromEntries(
          e['counts'].map((c: { what: string; before: number; after: number }) => [c.what, [c.before, c.after]]),
        ),
      ]),
    )
  const look = (operations: unknown[], effectiveOn = today) =>
    desk.post('/unit-changes/preview', { effectiveOn, reason: '看一看', operations })

  it('is told before it happens: who loses, who gains, and nothing above both (ORG-01, ORG-02)', async () => {
    await world.someone('member', 'C11', { register: 'C11' })
    await world.someone('member', 'C11', { register: 'C11' })
    await world.someone('member', 'C12', { register: 'C12' })
    await world.someone('member', 'C21', { register: 'C21' })
    const secretary = await world.someone('community-secretary', 'OC11')
    const matter = { mechanismId: '365-service', placeId: u('E111'), category: 'care', words: '需要轮椅' }
    expect((await secretary.post('/demands', matter)).status).toBe(201)
    const moved = await look([{ op: 'move', unitId: u('C11'), parentId: u('S2') }])
    expect(effects(moved.body)).toEqual({
      临江街道: { 报到党员: [3, 1], '在办诉求（发生地）': [1, 0] },
      柳林镇: { 报到党员: [1, 3], '在办诉求（发生地）': [0, 1] },
    })
    const merged = await look([{ op: 'merge', unitIds: [u('C11')], intoId: u('C12') }])
    expect(merged.body['blockers'], 'one successor takes all over').toEqual([])
    expect(effects(merged.body)).toEqual({
      望江社区: { 报到党员: [2, 0], '在办诉求（发生地）': [1, 0] },
      书院社区: { 报到党员: [1, 3], '在办诉求（发生地）': [0, 1] },
    })
    expect(effects((await look([{ op: 'rename', unitId: u('C11'), name: '望江新社区' }])).body)).toEqual({})
  })

  it('a split says who takes over what hangs at the unit itself, and that is where it goes', async () => {
    const [left, right] = [newId(), newId()]
    const create = (id: string, name: string) => ({ op: 'create', id, parentId: u('S1'), kind: 'community', name })
    const split = (more: object) => [
      create(left, '望江东社区'),
      create(right, '望江西社区'),
      {
        op: 'split',
        unitId: u('C11'),
        into: [
          { unitId: left, childIds: [u('E111')] },
          { unitId: right, childIds: [] },
        ],
        ...more,
      },
    ]
    expect((await look(split({}))).body['blockers']).toMatchObject([{ unitName: '望江社区', count: 2 }])
    expect((await look(split({ restId: u('C12') }))).body['code']).toBe('unit.rest-unassigned')
    const ahead = await look(split({ restId: right }))
    expect(ahead.body['blockers']).toEqual([])
    expect(effects(ahead.body)).toEqual({
      望江社区: { 报到党员: [2, 0], '在办诉求（发生地）': [1, 0] },
      望江东社区: { '在办诉求（发生地）': [0, 1] },
      望江西社区: { 报到党员: [0, 2] },
    })
    const plan = await decide(split({ restId: right }), addDays(today, 3))
    const page = await desk.get(`/unit-changes/${plan.body['id']}`)
    expect(effects(page.body)).toEqual(effects(ahead.body))
    await desk.post(`/unit-changes/${plan.body['id']}/cancellation`, { reason: '改为今天' })
    expect((await desk.get(`/unit-changes/${plan.body['id']}`)).body['effects']).toEqual([])
    expect((await decide(split({ restId: right }))).status).toBe(201)
    const list = await desk.get(`/registrations?unit=${right}`)
    expect(list.body['total']).toBe(2)
    expect((await desk.get(`/demands?unit=${left}`)).body['total']).toBe(1)
  })
})

describe('a planned reorganisation', () => {
  beforeAll(fresh)

  it('can be looked at before, is shown on days to come, carried out on its day, and cancelled until then', async () => {
    const day = addDays(today, 5)
    const park = newId()
    const operations = [
      { op: 'create', id: park, parentId: u('S2'), kind: 'community', name: '新城社区' },
      { op: 'move', unitId: u('C11'), parentId: u('S2') },
    ]
    const preview = await desk.post('/unit-changes/preview', { effectiveOn: day, reason: '无', operations })
    expect(preview.body['counts']).toEqual({ created: 1, closed: 0, renamed: 0, moved: 1, carried: 1 })
    expect((await desk.get('/unit-changes')).body['total']).toBe(0)
    const planned = await decide(operations, day)
    expect(planned.body).toMatchObject({ state: 'planned', can: ['cancel'] })
    const dropped = await decide([{ op: 'rename', unitId: u('S2'), name: '不会发生镇' }], day)
    expect(
      (await desk.post(`/unit-changes/${dropped.body['id']}/cancellation`, { reason: '改期' })).body,
    ).toMatchObject({ state: 'cancelled' })
    expect((await desk.post(`/unit-changes/${dropped.body['id']}/cancellation`, { reason: '改期' })).status).toBe(409)
    expect(names(await desk.get(`/units?parent=${u('S2')}`))).toEqual(['柳林村'])
    const then = await desk.get(`/units?parent=${u('S2')}&on=${day}`)
    expect(then.body['rows'].map((r: Record<string, unknown>) => [r['name'], r['planned']])).toEqual([
      ['新城社区', true],
      ['望江社区', true],
      ['柳林村', false],
    ])
    expect((await desk.get(`/units/${park}?on=${day}`)).body['unit']).toMatchObject({ name: '新城社区', openedOn: day })
    expect((await desk.get(`/units/${park}`)).status).toBe(404)
    expect((await desk.get(`/units/${u('C11')}`)).body['planned']).toEqual([
      { changeId: planned.body['id'], on: day, reason: '区委〔2026〕1号' },
    ])
    expect(
      (await decide([{ op: 'create', parentId: park, kind: 'estate', name: '新城花园' }], addDays(day, 1))).status,
    ).toBe(201)
    await settle()
    expect(names(await desk.get(`/units?parent=${u('S2')}`))).toEqual(['柳林村'])
    clock.shiftForTest(6 * 86_400_000)
    await settle().finally(() => clock.shiftForTest(0))
    expect(names(await desk.get(`/units?parent=${u('S2')}`)).toSorted()).toEqual(
      ['新城社区', '望江社区', '柳林村'].toSorted(),
    )
    expect(names(await desk.get(`/units?parent=${park}`))).toEqual(['新城花园'])
    expect((await desk.get('/unit-changes?state=done')).body['total']).toBe(2)
  })

  it('that cannot be carried out on its day stays, says why, and is tried again', async () => {
    const planned = await decide([{ op: 'close', unitId: u('C12') }], addDays(today, 1))
    expect(planned.body['state']).toBe('planned')
    await world.someone('member', 'C12', { register: 'C12' })
    clock.shiftForTest(86_400_000)
    try {
      expect(await settle()).toMatchObject({ done: 0, held: 1 })
      expect(await settle()).toMatchObject({ done: 0, held: 1 })
    } finally {
      clock.shiftForTest(0)
    }
    expect((await desk.get(`/unit-changes/${planned.body['id']}`)).body).toMatchObject({
      state: 'planned',
      held: '“书院社区”还有1名报到党员未另行安排，请先办结或移交，再撤销或合并。',
    })
  })
  it('is read by its makers and waits where what it builds on did not come to be', async () => {
    const park = newId()
    const [first, second] = [addDays(today, 3), addDays(today, 4)]
    const ground = await decide(
      [{ op: 'create', id: park, parentId: u('S2'), kind: 'community', name: '新城社区' }],
      first,
    )
    const onTop = await decide([{ op: 'rename', unitId: park, name: '新城中心社区' }], second)
    expect(onTop.status).toBe(201)
    expect((await desk.get(`/unit-changes/${onTop.body['id']}`)).body['state']).toBe('planned')
    await desk.post(`/unit-changes/${ground.body['id']}/cancellation`, { reason: '暂缓' })
    clock.shiftForTest(4 * 86_400_000)
    const settled = await settle().finally(() => clock.shiftForTest(0))
    expect(settled.done).toBe(0)
    expect((await desk.get(`/unit-changes/${onTop.body['id']}`)).body).toMatchObject({
      state: 'planned',
      held: expect.stringMatching(/单位/),
    })
  })
})

describe('copies of paths', () => {
  beforeAll(fresh)

  it('are all declared: a column named like a path beside a unit follows the tree', async () => {
    const { rows } = await world.write(async ({ db }) => {
      return sql<{
        table: string
        column: string
      }>`select table_name as "table", column_name as "column" from information_schema.columns where table_schema = 'public' and column_name like '%\\_path'`.execute(
        db,
      )
    })
    // history keeps the path of its day; an import only what its author might do then
    const fixed = ['history.unit_path', 'people_import.unit_path']
    expect(
      rows
        .map((r) => `${r.table}.${r.column}`)
        .filter((c) => !fixed.includes(c))
        .toSorted(),
    ).toEqual(pathColumns.map((c) => `${c.table}.${c.column}`).toSorted())
  })

  it('that were written in the very moment of a move are found and set right', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    await secretary.post('/demands', {
      mechanismId: '365-service',
      placeId: u('E111'),
      category: 'care',
      words: '需要轮椅',
    })
    await world.write(({ db }) =>
      db.updateTable('demand').set({ place_path: 'p.stale.' }).where('district_id', '=', world.district).execute(),
    )
    expect(await settle()).toEqual({ done: 0, held: 0, aligned: 1 })
    expect(await settle()).toEqual({ done: 0, held: 0, aligned: 0 })
    expect((await secretary.get('/demands')).body['total']).toBe(1)
  })

  it('never show a reader both places or none while a unit moves back and forth (A-18)', async () => {
    const reader = await world.someone('district-desk', 'O')
    let moving = true
    const seen: number[] = []
    const read = async () => {
      while (moving) {
        const [one, two] = (
          await Promise.all([
            reader.get(`/units?parent=${u('S1')}`),
            reader.get(`/units?tree=place&search=${encodeURIComponent('江畔')}`),
          ])
        ).map((a) => a.body)
        seen.push(two?.['total'], one?.['rows'].length)
      }
    }
    const readers = [read(), read(), read()]
    for (let i = 0; i < 12; i++)
      expect((await decide([{ op: 'move', unitId: u('C11'), parentId: u(i % 2 ? 'S1' : 'S2') }])).status).toBe(201)
    moving = false
    await Promise.all(readers)
    expect(seen.length).toBeGreaterThan(20)
    expect(seen.filter((_, i) => i % 2 === 0).every((n) => n === 1)).toBe(true)
    expect(seen.filter((_, i) => i % 2 === 1).every((n) => n === 1 || n === 2)).toBe(true)
  })

  it('survive two opposite moves at once: one is carried out, the other refused', async () => {
    const a = { op: 'move', unitId: u('C11'), parentId: u('C12') }
    const b = { op: 'move', unitId: u('C12'), parentId: u('C11') }
    const answers = await Promise.all([decide([a]), decide([b])])
    expect(answers.map((r) => r.status).toSorted()).toEqual([201, 422])
  })
})

describe('links', () => {
  beforeAll(fresh)
  const link = (asker: Asker, kind: string, [from, to]: [string, string], more = {}) =>
    asker.post('/unit-links', { kind, fromId: u(from), toId: u(to), validFrom: '2024-01-01', ...more })

  it('are dated, listed on both ends, and end on a day', async () => {
    const made = await link(desk, 'alliance', ['OC11', 'CITY'], { role: 'X' })
    expect(made.body).toMatchObject({
      kind: 'alliance',
      role: 'X',
      from: { name: '望江社区党总支' },
      to: { name: '区城市管理局' },
      validTo: null,
    })
    expect((await link(desk, 'alliance', ['OC11', 'CITY'], { role: 'X' })).status).toBe(409)
    expect((await desk.get(`/units/${u('CITY')}`)).body['links']).toMatchObject([{ id: made.body['id'], role: 'X' }])
    expect((await desk.post(`/unit-links/${made.body['id']}/end`, { endsOn: '2023-01-01' })).status).toBe(422)
    expect((await desk.post(`/unit-links/${made.body['id']}/end`, { endsOn: today })).body).toMatchObject({
      validTo: today,
      can: [],
    })
    expect((await desk.post(`/unit-links/${made.body['id']}/end`, { endsOn: today })).body['code']).toBe(
      'unit.link-ended',
    )
  })

  it('that widen what an organisation sees need the right at the place too', async () => {
    const street = await world.someone('street-organiser', 'OS1')
    expect((await link(street, 'serves', ['OC11', 'C12'])).status).toBe(201)
    expect((await link(street, 'serves', ['OC11', 'C21'])).status).toBe(404)
    expect((await link(desk, 'serves', ['C11', 'OC11'])).body['code']).toBe('unit.link-shape')
    const secretary = await world.someone('community-secretary', 'OC11')
    expect((await link(secretary, 'contact', ['OC11', 'CITY'])).status).toBe(403)
    expect((await link(desk, 'contact', ['OC11', 'OC11'])).body['code']).toBe('unit.same-unit')
    expect((await link(desk, 'contact', ['OC11', 'CITY'], { validFrom: '2019-01-01' })).body['code']).toBe(
      'unit.outside-life',
    )
  })
})

describe('search', () => {
  beforeAll(fresh)
  it('finds by part of a name, pinyin, initials and code, cut to what the asker may see', async () => {
    await decide([
      { op: 'recode', unitId: u('C11'), code: '420304001002' },
      { op: 'rename', unitId: u('C11'), name: '重庆路社区' },
    ])
    const finds = async (words: string, asker = desk) =>
      names(await asker.get(`/units?tree=place&search=${encodeURIComponent(words)}`))
    for (const words of ['重庆', '庆路', '路社区', 'chongqing', 'CQL', 'cqlsq', 'cq', '420304001', '重', 'wangjiang'])
      expect(await finds(words), words).toEqual(['重庆路社区'])
    for (const words of ['%', '_', 'zhongqing', '304001', '庆重']) expect(await finds(words), words).toEqual([])
    const village = await world.someone('community-secretary', 'OC21')
    expect(await finds('社区', village)).toEqual([])
    expect(await finds('柳林', village)).toEqual(['柳林村'])
    expect((await decide([{ op: 'recode', unitId: u('C12'), code: '420304001002' }])).body['code']).toBe(
      'unit.code-taken',
    )
  })

  it('of what is hit too often lists the first in the tree and says that there are more', async () => {
    await world.write((tx) =>
      insertUnits(
        tx,
        Array.from({ length: 1003 }, (_, n) => ({
          tree: 'place' as const,
          kind: 'estate',
          name: `繁星苑${n}号`,
          parentId: u('C21'),
          openedOn: '2020-01-01',
        })),
      ),
    )
    const search = async (words: string, more = '') =>
      (await desk.get(`/units?search=${encodeURIComponent(words)}${more}`)).body
    const often = await search('繁星', '&limit=3&offset=997')
    expect(often).toMatchObject({ total: 1000, more: true })
    expect(names({ body: often })).toEqual(['繁星苑997号', '繁星苑998号', '繁星苑999号'])
    const narrow = await search('繁星苑100')
    expect(narrow).toMatchObject({ total: 4 })
    expect(narrow).not.toHaveProperty('more')
    // a list of children is counted to its end
    expect((await desk.get(`/units?parent=${u('C21')}&limit=1`)).body['total']).toBeGreaterThan(1003)
  })

  it('shows everybody his own roots', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    expect(names(await secretary.get('/units'))).toEqual(['重庆路社区', '望江社区党总支'])
    expect(names(await secretary.get('/units?on=2021-01-01'))).toEqual(['望江社区', '望江社区党总支'])
  })
})

describe('places below a unit', () => {
  beforeAll(fresh)

  it('says which unit is which by the one above, and looks below one when asked', async () => {
    const found = async (query: string) =>
      (await desk.get(`/units?${query}`)).body['rows'].map((r: Record<string, string>) => [r['name'], r['parentName']])
    expect(await found(`kind=community&under=${u('S1')}`)).toEqual([
      ['望江社区', '临江街道'],
      ['书院社区', '临江街道'],
    ])
    expect(await found(`kind=community&under=${u('E111')}`)).toEqual([])
    expect(await found(`kind=community&under=${newId()}`)).toEqual([])
  })

  it('names the plate of every place below a unit, which stays when the place is renamed and moved', async () => {
    const plates = async (by: Asker, query: string) => (await by.get(`/unit-plates?${query}`)).body
    const { rows, total } = await plates(desk, `under=${u('S1')}&kind=estate`)
    expect([total, rows.length]).toEqual([1, 1])
    const [plate] = rows
    expect(plate).toMatchObject({ name: '江畔花园', kindName: '小区', line: ['临江街道', '望江社区'] })
    expect(plate.url).toBe(`${base.ground.publicUrl}/p/${plate.code}`)
    const opened = await base.server.inject({ method: 'GET', url: `/api/places/${plate.code}` })
    expect(opened.json()).toMatchObject({ line: [...plate.line, '江畔花园'] })
    await decide([
      { op: 'rename', unitId: u('E111'), name: '江畔新苑' },
      { op: 'move', unitId: u('E111'), parentId: u('C21') },
    ])
    expect((await plates(desk, `under=${u('C21')}&search=jpxy`)).rows).toMatchObject([
      { name: '江畔新苑', code: plate.code },
    ])
    expect((await plates(desk, `under=${u('O')}`)).total).toBe(0)
    const street = await world.someone('street-organiser', 'OS1')
    expect((await plates(street, `under=${u('C21')}`)).code).toBe('unit.not-found')
  })
})
