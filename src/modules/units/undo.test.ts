import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addDays, dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type OutSheet, writeWorkbook } from '#core/xlsx.ts'
import { insertRoles } from '#modules/access/index.ts'
import { insertMandate } from '#modules/access/store.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { settleDay } from './index.ts'

let base: Base
let world: World
let desk: Asker
const today = dayOf(clock.now())
const day = (n: number) => addDays(today, n)

beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())
beforeEach(async () => {
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
})

const u = (short: string) => world.unit[short] as string
const decide = (effectiveOn: string, ...operations: object[]) =>
  desk.post('/unit-changes', { effectiveOn, reason: '区委〔2026〕1号', operations })
const recode = (short: string, code: string) => decide('2021-01-01', { op: 'recode', unitId: u(short), code })
const find = async (code: string, on = today, who = desk) =>
  (await who.get(`/units?search=${code}&on=${on}`)).body['rows'] as Record<string, any>[]

const TYPE = { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
const columns = ['代码', '名称', '类别', '上级代码'].map((header) => ({ header }))

/** Looks, then commits; answers both. */
async function bring(rows: OutSheet['rows'], { by = desk, on = today } = {}) {
  const payload = await writeWorkbook([{ name: '单位', columns, rows }])
  const send = async (more: string) => {
    const url = `/api/unit-imports?under=${u('C11')}&openedOn=${on}${more}`
    const headers = { authorization: `Bearer ${by.token}`, ...TYPE }
    return (await base.server.inject({ method: 'POST', url, headers, payload })).json() as Record<string, any>
  }
  const seen = await send('')
  const done = await send(`&commit=${seen['hash']}`)
  return { seen, done, id: done['importId'] as string }
}
const undo = (id: string, by = desk) => by.post(`/unit-imports/${id}/undo`)
const batch = async (id: string, by = desk) =>
  ((await by.get('/unit-imports')).body['rows'] as Record<string, any>[]).find((b) => b['id'] === id)

/** Somebody who may import at a street and, until `leave`, at a village elsewhere. */
async function streetImporter() {
  const role = { id: 'importer', name: '导入', verbs: ['unit.read', 'unit.import'], officer: null }
  await world.write((tx) => insertRoles(tx, [role]))
  const who = await world.someone('importer', 'OS1')
  const id = await world.write((tx) =>
    insertMandate(tx, {
      accountId: who.accountId as string,
      role,
      unitId: u('OC21'),
      from: tx.now,
      to: null,
      grantedBy: null,
    }),
  )
  const leave = () =>
    world.write((tx) =>
      tx.db
        .updateTable('mandate')
        .set({ valid_to: tx.now })
        .where('district_id', '=', tx.district)
        .where('id', '=', id)
        .execute(),
    )
  return { who, leave }
}

describe('an import of units is taken back with the rights of the moment, unit by unit (IMP-6, IM-10)', () => {
  const rows: OutSheet['rows'] = [
    ['RT-1', '甲小区', '小区', ''],
    ['RT-2', '乙小区', '小区', 'RV-21'],
    ['RT-3', '丙小区', '小区', ''],
    ['RT-E', '柳荫小区', '小区', 'RT-1'],
  ]
  const plant = async () => {
    await recode('C21', 'RV-21')
    await recode('E211', 'RT-E')
    return streetImporter()
  }

  it('what hangs where he may no longer import, or would go back there, stays with all above it', async () => {
    const { who, leave } = await plant()
    const { done, id } = await bring(rows, { by: who })
    expect(done).toMatchObject({ created: 3, changed: 1 })
    await leave()
    const { body } = await undo(id, who)
    expect(body).toMatchObject({ withdrawn: 1, restored: 0 })
    // 乙小区 stays too, out of his sight: it is counted and not named
    expect(body['kept'].map((k: { name: string }) => k.name).toSorted()).toEqual(['柳荫小区', '甲小区'])
    expect(await batch(id, who)).toMatchObject({ state: 'undone', kept: 3 })
    expect(await find('RT-2')).toHaveLength(1)
    expect(await find('RT-3')).toEqual([])
    const [moved] = await find('RT-E')
    expect(moved?.['parentId']).toBe((await find('RT-1'))[0]?.['id'])
  })

  it('with the rights everything goes back, and the decision is one no more', async () => {
    const { who } = await plant()
    const { id } = await bring(rows, { by: who })
    expect((await undo(id, who)).body).toMatchObject({ withdrawn: 3, restored: 1, kept: [] })
    expect((await find('RT-E'))[0]).toMatchObject({ parentId: u('C21') })
    const changes = (await desk.get(`/unit-changes?unit=${u('C11')}`)).body['rows']
    expect(changes.map((c: { state: string }) => c.state)).toEqual(['cancelled'])
  })

  it('a plan is called off by whom every unit it names is in reach', async () => {
    const { who, leave } = await plant()
    const { id } = await bring(rows, { by: who, on: day(20) })
    await leave()
    expect((await undo(id, who)).status).toBe(404)
    expect(await batch(id, who)).toMatchObject({ state: 'planned', can: ['undo'] })
  })
})

describe('units that are taken back', () => {
  it('are found on no day, by no plate, code or word; their rows stay, so no other table is asked row by row, and their numbers are given to nobody', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [`GO-${i}`, `去留小区${i}`, '小区', ''])
    const { id } = await bring(rows)
    const [one] = await find('GO-77')
    const listed = async () => (await desk.get(`/unit-plates?under=${u('C11')}&limit=500`)).body
    const plate = (await listed())['rows'].find((p: { id: string }) => p.id === one?.['id']).code as string
    expect((await undo(id)).body).toMatchObject({ withdrawn: 1000 })
    const kept = await world.write(({ db }) =>
      db
        .selectFrom('unit')
        .select('id')
        .where('district_id', '=', world.district)
        .where('withdrawn_at', 'is not', null)
        .execute(),
    )
    expect(kept).toHaveLength(1000)
    expect(await find('GO-77')).toEqual([])
    expect((await desk.get(`/units?search=去留小区&closed=true`)).body['total']).toBe(0)
    expect((await desk.get(`/units/${one?.['id']}`)).status).toBe(404)
    expect((await desk.get(`/units?parent=${u('C11')}&closed=true`)).body['rows']).toHaveLength(1)
    expect((await world.nobody.get(`/places/${plate}`)).status).toBe(404)
    const reused = await decide(today, {
      op: 'create',
      parentId: u('C11'),
      kind: 'estate',
      name: '新小区',
      code: 'GO-77',
    })
    expect(reused.status, JSON.stringify(reused.body)).toBe(201)
    const [fresh] = await find('GO-77')
    const now = (await listed())['rows'].find((p: { id: string }) => p.id === fresh?.['id']).code as string
    expect(Number.parseInt(now.split('-')[1] as string, 36)).toBeGreaterThan(
      Number.parseInt(plate.split('-')[1] as string, 36),
    )
  })
})

describe('an import for a day to come (IMP-6, ORG-03)', () => {
  const on = day(30)
  const rows: OutSheet['rows'] = [
    ['FU-1', '明年的小区', '小区', ''],
    ['FU-1-1', '一号楼', '楼栋', 'FU-1'],
    ['FU-E', '江畔新苑', '小区', 'FV-12'],
  ]
  const days = [day(-1), today, day(29), on, day(60)]
  const seenOn = async (at: string) => {
    const [old] = await find('FU-E', at)
    const fresh = await Promise.all(['FU-1', 'FU-1-1'].map(async (code) => (await find(code, at)).length))
    return [old?.['name'], old?.['parentId'] === u('C12') ? 'moved' : 'as it was', ...fresh]
  }
  const before = ['江畔花园', 'as it was', 0, 0]
  const after = ['江畔新苑', 'moved', 2, 1]
  const plant = async () => {
    await recode('C12', 'FV-12')
    await recode('E111', 'FU-E')
  }

  it('is in no tree before that day, in every tree from it on; taken back before, it leaves no trace in any', async () => {
    await plant()
    const { done, id } = await bring(rows, { on })
    expect(done).toMatchObject({ created: 2, changed: 1 })
    expect(await Promise.all(days.map(seenOn))).toEqual([before, before, before, after, after])
    expect(await batch(id)).toMatchObject({ state: 'planned', openedOn: on, can: ['undo'] })
    expect((await desk.get('/unit-changes?state=planned')).body['rows']).toMatchObject([
      { id, effectiveOn: on, reason: '从工作簿导入单位' },
    ])
    expect((await bring(rows, { on: day(40) })).done).toMatchObject({ created: 0, changed: 0, unchanged: 3 })
    const { body } = await undo(id)
    expect(body).toMatchObject({ withdrawn: 2, restored: 2, kept: [] })
    expect(await Promise.all(days.map(seenOn))).toEqual(days.map(() => before))
    expect((await desk.get('/unit-changes?state=planned')).body['total']).toBe(0)
    expect((await desk.get(`/units/${u('E111')}`)).body).toMatchObject({ planned: [], versions: [{}, {}] })
    expect((await undo(id)).body['code']).toBe('unit.import-undone')
    // and the file comes in again as if it had never been there
    expect((await bring(rows, { on })).done).toMatchObject({ created: 2, changed: 1 })
  })

  it('leaves what was planned before it a plan', async () => {
    await plant()
    const earlier = await decide(day(10), { op: 'rename', unitId: u('E111'), name: '江畔中苑' })
    const { id } = await bring(rows, { on })
    await desk.post(`/unit-changes/${earlier.body['id']}/cancellation`, { reason: '不再更名' })
    expect((await find('FU-E', day(20)))[0]).toMatchObject({ name: '江畔花园' })
    expect(await seenOn(on)).toEqual(after)
    await desk.post(`/unit-changes/${id}/cancellation`, { reason: '不再导入' })
    expect(await batch(id)).toMatchObject({ state: 'undone', can: [] })
    expect(await seenOn(on)).toEqual(before)
  })

  it('is carried out on its day, and can then still be taken back for a day', async () => {
    await plant()
    const { id } = await bring(rows, { on })
    // the day has come
    await world.write(async ({ db }) => {
      const mine = { district_id: world.district, id }
      await db
        .updateTable('unit_change')
        .set({ effective_on: today })
        .where(({ and }) => and(mine))
        .execute()
      await db
        .updateTable('unit_import')
        .set({ opened_on: today })
        .where(({ and }) => and(mine))
        .execute()
    })
    const asker = { token: null, requestId: newId(), address: '' }
    const settled = await settleDay(new Context(base.ground, asker, { district: world.district, actor: system }))
    expect(settled).toMatchObject({ done: 1, held: 0 })
    expect(await batch(id)).toMatchObject({ state: 'committed', can: ['undo'] })
    expect(await seenOn(today)).toEqual(after)
    expect((await undo(id)).body).toMatchObject({ withdrawn: 2, restored: 2, kept: [] })
    expect(await Promise.all(days.map(seenOn))).toEqual(days.map(() => before))
  })

  it('is refused for the national table: its rows are told as they stand', async () => {
    const rowsOf = [{ code: '420304', name: '某区' }]
    const body = { underId: u('D'), rows: rowsOf, openedOn: on }
    expect((await desk.post('/unit-imports/divisions', body)).body['code']).toBe('unit.divisions-later')
  })
})

describe('what an import said of a unit is unsaid where it still stands (IMP-6)', () => {
  it('on a day in the past: what was decided since stands, and the tree between is as before', async () => {
    await recode('E111', 'PA-1')
    await decide(day(-20), { op: 'rename', unitId: u('E111'), name: '江畔新名' })
    const { id } = await bring([['PA-1', '江畔旧称', '小区', '']], { on: day(-60) })
    const names = () => Promise.all([day(-61), day(-40), today].map(async (d) => (await find('PA-1', d))[0]?.['name']))
    expect(await names()).toEqual(['江畔花园', '江畔旧称', '江畔新名'])
    expect((await undo(id)).body).toMatchObject({ restored: 1, kept: [] })
    expect(await names()).toEqual(['江畔花园', '江畔花园', '江畔新名'])
  })

  it('but not where it would hang below what is closed by now', async () => {
    await recode('E211', 'PA-2')
    const { id } = await bring([['PA-2', '柳荫新区', '小区', '']])
    const closing = { op: 'close', unitId: u('C21'), successorIds: [u('C12')] }
    const closed = await decide(day(1), closing)
    expect(closed.status, JSON.stringify(closed.body)).toBe(201)
    await world.write(({ db }) =>
      db
        .updateTable('unit_change')
        .set({ effective_on: today })
        .where('district_id', '=', world.district)
        .where('id', '=', closed.body['id'])
        .execute(),
    )
    const asker = { token: null, requestId: newId(), address: '' }
    const settled = await settleDay(new Context(base.ground, asker, { district: world.district, actor: system }))
    expect(settled).toMatchObject({ done: 1 })
    expect((await undo(id)).body).toMatchObject({ restored: 0, kept: [{ name: '柳荫新区' }] })
    expect((await find('PA-2'))[0]).toMatchObject({ name: '柳荫新区', parentId: u('C11') })
  })
})
