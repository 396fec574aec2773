import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { writeWorkbook } from '#core/xlsx.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { eraseOldContacts } from './actions/duty.ts'
import { calledBack, type Cast, castOf, DAY, dispatched, done, open } from './fixtures.ts'
import { hotlineInstant, hotlineRows, readCsv } from './hotline.ts'

let base: Base
let world: World
let cast: Cast
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  cast = await castOf(world)
})
afterAll(() => base.close())
afterEach(() => clock.shiftForTest(0))

const head = ['序号', '工单编号', '所属社区', '诉求分类', '诉求内容', '来电人', '联系电话', '受理时间']
const sheet = [
  ['12345 工单清单'],
  head,
  ['1', 'DH20260301001', '望江社区', '设施维修', '路灯不亮', '周明', '13912345678', '2026-03-01 09:30'],
  ['2', 'DH20260301002', '书院社区', '环境卫生', '垃圾没有清运', '', '', '2026/3/1 10:05:00'],
  ['3', 'DH20260301003', '不存在的社区', '设施维修', '路面破损', '', '', ''],
  ['4', 'DH20260301004', '望江社区', '天上的事', '看不见星星', '', '', ''],
  ['5', 'DH20260301005', '望江社区', '设施维修', '水管漏水', '王芳', '1391234', ''],
]
const csv = (rows: string[][]) =>
  rows.map((r) => r.map((c) => (/[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(',')).join('\r\n')

const sendFile = async (file: Buffer, type: string, more = '') => {
  const reply = await base.server.inject({
    method: 'POST',
    url: `/api/hotline-files?mechanismId=365-service&placeId=${world.unit['D']}${more}`,
    headers: { authorization: `Bearer ${cast.desk.token}`, 'content-type': type },
    payload: file,
  })
  return { status: reply.statusCode, body: reply.json() as Record<string, any> }
}

describe('the hotline’s file', () => {
  it('is read with its heading wherever it stands, days and times in their forms (IMP)', () => {
    expect(hotlineInstant('2026年3月1日 9:30')).toBe('2026-03-01T01:30:00.000Z')
    expect(hotlineInstant('2026-02-30')).toBeNull()
    const rows = hotlineRows(sheet)
    expect(rows[0]).toEqual({
      row: 3,
      fields: {
        no: 'DH20260301001',
        place: '望江社区',
        category: '设施维修',
        words: '路灯不亮',
        name: '周明',
        phone: '13912345678',
        openedAt: '2026-03-01T01:30:00.000Z',
      },
    })
    expect(rows).toHaveLength(5)
    expect(() => hotlineRows([['姓名', '电话']])).toThrow('demand.bad-sheet')
  })

  it('reads CSV with quotes, line breaks inside cells, UTF-8 with mark and GB18030 (IMP)', () => {
    expect(readCsv(Buffer.from('\ufeffa,"b ""x"",\ny"\r\n1,2\n'))).toEqual([
      ['a', 'b "x",\ny'],
      ['1', '2'],
    ])
    // 工单编号 in GB18030
    expect(readCsv(Buffer.from('b9a4b5a5b1e0bac5', 'hex'))).toEqual([['工单编号']])
  })

  it('changes nothing the second time; wrong rows are told by row and reason, the others come in (idempotent by hotline number)', async () => {
    const file = Buffer.from(csv(sheet))
    const dry = await sendFile(file, 'text/csv', '&dryRun=true')
    expect(dry.body).toMatchObject({ created: 2, known: 0, wrong: 3 })
    expect((await cast.desk.get('/demands')).body['total']).toBe(0)
    const first = await sendFile(file, 'text/csv')
    expect(first.body).toMatchObject({ created: 2, known: 0, wrong: 3 })
    expect(
      first.body['rows']
        .filter((r: { result: string }) => r.result === 'wrong')
        .map((r: { row: number; why: string }) => [r.row, r.why]),
    ).toEqual([
      [5, '导入的表格不对：没有找到地点“不存在的社区”。'],
      [6, '“天上的事”不在本机制的派单目录里。'],
      [7, '电话不符合要求'],
    ])
    const again = await sendFile(file, 'text/csv')
    expect(again.body).toMatchObject({ created: 0, known: 2, wrong: 3 })
    const list = (await cast.desk.get('/demands')).body
    expect(list).toMatchObject({ total: 2 })
    expect(list['rows'].find((d: { placeName: string }) => d.placeName === '望江社区')).toMatchObject({
      channel: 'hotline',
      openedAt: '2026-03-01T01:30:00.000Z',
      late: true,
    })
  })

  it('comes in once when two people take the same file in at the same moment (CO-09)', async () => {
    const rows = Array.from({ length: 6 }, (_, i) => ({
      no: `RACE-${i}`,
      place: '望江社区',
      category: '设施维修',
      words: '路灯不亮',
    }))
    const other = await world.someone('district-desk', 'O')
    const both = await Promise.all(
      [cast.desk, other].map((who) =>
        who.post('/hotline-orders', { mechanismId: '365-service', placeId: world.unit['D'], rows }),
      ),
    )
    expect(both.map((a) => a.status)).toEqual([200, 200])
    expect(both.reduce((n, a) => n + a.body['created'], 0)).toBe(6)
    expect(both.reduce((n, a) => n + a.body['known'], 0)).toBe(6)
  })

  it('as a workbook is read the same (IMP)', async () => {
    const file = await writeWorkbook([
      {
        name: '工单',
        columns: head.map((header) => ({ header })),
        rows: [['1', 'XLSX-0001', '望江社区', '设施维修', '路灯不亮', '周明', '13912345678', '2026-03-01 09:30']],
      } as never,
    ])
    const answer = await sendFile(file, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    expect(answer.body).toMatchObject({ created: 1, wrong: 0 })
  })

  it('is taken in only by who may, below a unit he may (AZ)', async () => {
    const body = {
      mechanismId: '365-service',
      placeId: world.unit['D'],
      rows: [{ no: 'AZ-0001', place: '望江社区', category: '设施维修', words: '路灯' }],
    }
    expect((await cast.secretary.post('/hotline-orders', body)).status).toBe(403)
  })
})

describe('contacts', () => {
  it('are erased two years after closing, in one history entry per sweep; open demands keep theirs (PIPL)', async () => {
    const closed = await calledBack(world, cast, { outcome: 'solved', satisfaction: 'satisfied' })
    await done(cast.caller.post(`/demands/${closed}/closure`))
    const still = await dispatched(world, cast.secretary)
    const job = () =>
      new Context(
        base.ground,
        { token: null, requestId: 'job', address: '' },
        { district: world.district, actor: system },
      )
    clock.shiftForTest(729 * DAY)
    expect(await eraseOldContacts(job())).toEqual({ erased: 0 })
    clock.shiftForTest(733 * DAY)
    expect(await eraseOldContacts(job())).toEqual({ erased: 1 })
    expect(await eraseOldContacts(job())).toEqual({ erased: 0 })
    const desk = await world.someone('district-desk', 'O')
    expect((await desk.get(`/demands/${closed}`)).body).toMatchObject({ contact: null, words: '三号楼路灯不亮' })
    expect((await desk.get(`/demands/${still}`)).body['contact']).toMatchObject({ masked: true })
  })
})

describe('many at once', () => {
  it('each demand succeeds or is refused by itself, with its own history entry', async () => {
    const good = [await open(world, cast.secretary), await open(world, cast.secretary)]
    const department = await open(world, cast.desk, { category: 'enforcement' })
    const foreign = await open(world, cast.desk, { place: 'C21' })
    const answer = await done(
      cast.secretary.post(
        '/demand-batches/dispatch',
        { ids: [...good, department, foreign], leadId: world.unit['C11'] },
        { 'idempotency-key': 'batch-0001' },
      ),
    )
    expect(answer).toMatchObject({ done: 2 })
    expect(answer['results'].map((r: { ok: boolean; code: string | null }) => r.code)).toEqual([
      null,
      null,
      'demand.not-theirs',
      'demand.not-found',
    ])
    const signed = await done(cast.secretary.post('/demand-batches/signature', { ids: [...good, department] }))
    expect(signed).toMatchObject({ done: 2 })
    const timeline = (await cast.secretary.get(`/demands/${good[0]}`)).body['timeline'].map(
      (e: { action: string }) => e.action,
    )
    expect(timeline).toEqual(['demand.open', 'demand.dispatch', 'demand.sign'])
  })

  it('counts by state agree with the list for the same filter', async () => {
    const counts = (await cast.desk.get('/demand-counts')).body
    expect(counts['total']).toBe((await cast.desk.get('/demands')).body['total'])
    for (const { state, count, late } of counts['states']) {
      expect((await cast.desk.get(`/demands?state=${state}`)).body['total']).toBe(count)
      expect((await cast.desk.get(`/demands?state=${state}&late=true`)).body['total']).toBe(late)
    }
  })
})

describe('reports (REQ-10)', () => {
  it('never reach the unit complained about: no page, no list, no count, no live event', async () => {
    const before = (await cast.handler.get('/demand-counts?lens=owner')).body['total']
    base.changes.length = 0
    const id = await open(world, cast.desk, { report: true, aboutId: world.unit['CITY'], category: 'sanitation' })
    await done(cast.desk.post(`/demands/${id}/dispatch`, { leadId: world.unit['CITY'] }))
    expect(base.changes).toEqual([])
    expect((await cast.handler.get(`/demands/${id}`)).status).toBe(404)
    expect((await cast.handler.get('/demand-counts?lens=owner')).body['total']).toBe(before)
    expect((await cast.desk.get(`/demands/${id}`)).status).toBe(200)
  })
})
