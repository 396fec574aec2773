import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JobDefinition, type Payload, runOf, TRIES } from '#core/jobs.ts'
import { type Cell, type OutCell, readWorkbook, writeWorkbook } from '#core/xlsx.ts'
import { jobs } from '#jobs.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { STORE_JOB } from './actions/imports/later.ts'
import { idNumber, phone } from './fixtures.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
let base: Base
let world: World
let desk: Asker
let secretary: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  secretary = await world.someone('community-secretary', 'OC11')
})
afterAll(() => base.close())

const at = (short: string) => world.unit[short] as string
const HEAD = [
  '序号',
  '姓名',
  '性别',
  '民族',
  '身份证号',
  '出生日期',
  '学历',
  '入党时间',
  '转正时间',
  '人员类别',
  '所在支部',
  '工作岗位',
  '联系电话',
  '是否流动',
  '失联',
  '备注',
]
type Line = Partial<Record<string, OutCell>>
const good = (n: number, more: Line = {}): Line => ({
  姓名: '赵清扬',
  身份证号: idNumber(n),
  入党时间: '2004.06',
  人员类别: '正式',
  所在支部: '望江社区党总支',
  ...more,
})
const workbook = (lines: Line[], head = HEAD) =>
  writeWorkbook([
    {
      name: '党员花名册',
      title: '望江社区党员花名册',
      columns: head.map((header) => ({ header })),
      rows: lines.map((l) => head.map((h) => l[h] ?? null)),
    },
  ])

async function send(by: Asker, file: Buffer, query = '', headers: Record<string, string> = {}) {
  const reply = await base.server.inject({
    method: 'POST',
    url: `/api/people-imports${query}`,
    payload: file,
    headers: { authorization: `Bearer ${by.token}`, 'content-type': XLSX, ...headers },
  })
  return { status: reply.statusCode, body: reply.json() as Record<string, any> }
}
const upload = async (lines: Line[], by = desk, head = HEAD) => {
  const reply = await send(by, await workbook(lines, head))
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  return reply.body
}
const commit = (by: Asker, made: Record<string, any>, mode = 'correct-rows') =>
  by.post(`/people-imports/${made['id']}/commit`, { sha256: made['sha256'], mode })
const found = async (number: string) =>
  (await desk.post('/person-lookups', { idNumber: number, reason: '核对' })).body['rows'] as Record<string, any>[]
const issues = (made: Record<string, any>) =>
  made['issues'].map((i: Record<string, string>) => `${i['cell']} ${i['code']}`)

describe('a dry run', () => {
  it('judges every row, names sheet, cell and reason, and stores no person (IMP-2, ID-01, ID-02, IM-08, IM-10)', async () => {
    const made = await upload([
      good(501, { 出生日期: '1980-03-04', 性别: '男', 民族: '汉族', 学历: '本科', 联系电话: 13912345678 }),
      good(502, { 身份证号: 110105194912310021 }),
      good(503, { 身份证号: '110105194912310021' }),
      good(504, { 姓名: '单' }),
      good(505, { 入党时间: 1998.1, 转正时间: '2024.2.30' }),
      good(506, { 所在支部: '柳树湾党支部' }),
      good(507, { 所在支部: '区城市管理局' }),
      good(508, { 人员类别: '积极分子', 联系电话: '12345', 民族: '火星' }),
      good(501, { 姓名: '赵重复' }),
      good(510, { 性别: '男', 出生日期: '1981-01-01', 入党时间: '1990.01' }),
      good(511, { 身份证号: null, 姓名: null }),
    ])
    expect(made['counts']).toEqual({ rows: 11, ok: 2, warnings: 1, errors: 9, existing: 0 })
    expect(issues(made).toSorted()).toEqual(
      [
        'E4 id-as-number',
        'E5 id-check-digit',
        'B6 person-name',
        'H7 ambiguous-month',
        'I7 no-such-day',
        'K8 branch',
        'K9 branch',
        'J10 choice',
        'D10 unknown-code',
        'M10 phone',
        'E11 repeated',
        'C12 differs',
        'F12 differs',
        'H12 too-young',
        'B13 required',
        'E13 required',
      ].toSorted(),
    )
    expect(made['issues'].find((i: Record<string, string>) => i['cell'] === 'E4')).toMatchObject({
      level: 'error',
      sheet: '党员花名册',
      column: '身份证号',
      text: '身份证号被存为数字，请设为文本格式后重新填写',
    })
    expect(made['issues'].find((i: Record<string, string>) => i['cell'] === 'E11').text).toBe('与第3行的身份证号相同')
    expect(made['ignoredColumns']).toEqual(['备注'])
    expect(await found(idNumber(501))).toEqual([])
    expect((await desk.get(`/people-imports/${made['id']}`)).body).toEqual(made)
  })

  it('matches columns by name in any order, with line breaks, brackets and aliases; a doubled or missing one is refused (IMP-7, IM-07)', async () => {
    const head = ['所属\n党支部', '公民身份号码', '__proto__', '人员类别（正式/预备）', '姓  名*', '自留地']
    const line = {
      '所属\n党支部': '望江社区党总支',
      公民身份号码: idNumber(520),
      __proto__: 'x',
      '人员类别（正式/预备）': '预备',
      '姓  名*': '钱 多多',
    }
    const made = await upload([line], desk, head)
    expect([made['counts'].ok, made['ignoredColumns']]).toEqual([1, ['__proto__', '自留地']])
    const twice = await send(desk, await workbook([], ['姓名', '身份证号', '证件号码', '人员类别', '所在支部']))
    expect([twice.status, twice.body['title']]).toEqual([
      422,
      expect.stringContaining('“身份证号”出现了两次（B2、C2）'),
    ])
    const missing = await send(desk, await workbook([], ['姓名', '身份证号', '所在支部']))
    expect(missing.body['title']).toContain('缺少“人员类别”列')
    expect((await send(desk, await workbook([], ['a', 'b']))).body['code']).toBe('person.roster-headers')
  })

  it('is for who may import, of a workbook, within size (A-28, A-30)', async () => {
    const file = await workbook([good(521)])
    expect((await send(secretary, file)).status).toBe(403)
    expect((await send(desk, Buffer.from('not a workbook'))).body['code']).toBe('workbook.not-a-workbook')
    expect((await send(desk, file, '', { 'content-type': 'text/csv' })).status).toBe(415)
    expect((await send(desk, Buffer.alloc(20 * 1024 * 1024 + 1))).body['code']).toBe('core.too-large')
    expect((await send(desk, file, '?memberFrom=2090-01-01')).body['code']).toBe('person.bad-day')
  })

  it('puts people only where the asker may: organisations elsewhere are as unknown as invented ones (IM-10)', async () => {
    const street = await world.someone('district-desk', 'OS1')
    const made = await upload(
      [good(522), good(523, { 所在支部: '柳林村党支部' }), good(524, { 所在支部: '没有这个党支部' })],
      street,
    )
    const texts = made['issues'].map((i: Record<string, string>) => i['text']!.replace(/“.*”/, '“…”'))
    expect([made['counts'].ok, texts[0], texts[0] === texts[1]]).toEqual([
      1,
      '没有找到“…”，或者不在您的管理范围内',
      true,
    ])
  })
})

describe('a commit', () => {
  it('stores exactly what was shown: persons, formal relations, standings; sealed, searchable, and once (A-33, IMP-5)', async () => {
    const lines = [
      good(601, {
        姓名: '单 雄信',
        民族: '汉',
        学历: '大学',
        入党时间: '199806',
        转正时间: '1999年6月',
        工作岗位: '网格长',
        联系电话: phone(601),
        是否流动: '是',
      }),
      good(602, { 人员类别: '预备', 失联: '是' }),
    ]
    const made = await upload(lines)
    expect(
      (await desk.post(`/people-imports/${made['id']}/commit`, { sha256: 'a'.repeat(64), mode: 'correct-rows' })).body[
        'code'
      ],
    ).toBe('person.import-other-file')
    expect((await commit(desk, made)).body).toEqual({
      id: made['id'],
      state: 'committed',
      persons: 2,
      memberships: 2,
    })
    expect((await commit(desk, made)).body['code']).toBe('person.import-state')
    const [row] = await found(idNumber(601))
    expect(row).toMatchObject({
      name: '单雄信',
      branch: '望江社区党总支',
      status: 'full',
      joined: '1998-06',
      phone: '139****0601',
    })
    const page = (await desk.get(`/persons/${row?.['id']}`)).body
    expect(page).toMatchObject({
      person: {
        fullSince: '1999-06',
        educationName: '大学本科',
        nationName: '汉',
        occupation: '网格长',
        politicsName: '中共党员',
      },
      standings: [{ kind: 'mobile' }],
      rights: { vote: true },
    })
    expect((await desk.get('/persons?search=sxx')).body['rows'].map((r: { id: string }) => r.id)).toContain(row?.['id'])
    const again = await upload(lines)
    expect(again['counts']).toMatchObject({ ok: 0, existing: 2, errors: 0 })
    expect((await commit(desk, again)).body).toMatchObject({ persons: 0, memberships: 0 })
  })

  it('is of all rows or none when so chosen (IMP-4)', async () => {
    const made = await upload([good(611), good(612, { 人员类别: '群众' })])
    const refused = await commit(desk, made, 'all-or-nothing')
    expect([refused.body['code'], await found(idNumber(611))]).toEqual(['person.import-has-errors', []])
    expect((await commit(desk, made)).body).toMatchObject({ persons: 1 })
  })

  it('is its uploader’s alone, and the same key is answered alike (IM-11, CO-12)', async () => {
    const made = await upload([good(613)])
    const other = await world.someone('district-desk', 'O')
    expect((await commit(other, made)).body['code']).toBe('person.import-not-found')
    expect((await other.get(`/people-imports/${made['id']}/errors`)).status).toBe(404)
    const keyed = () =>
      desk.post(
        `/people-imports/${made['id']}/commit`,
        { sha256: made['sha256'], mode: 'correct-rows' },
        { 'idempotency-key': 'roster-613' },
      )
    const [one, two] = [await keyed(), await keyed()]
    expect([one.status, two.status, two.body]).toEqual([200, 200, one.body])
  })

  it('of one file by two people at once: one wins, the other is told, each person exists once (IM-13, CO-09)', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => good(620 + n))
    const other = await world.someone('district-desk', 'O')
    const [mine, theirs] = [await upload(lines), await upload(lines, other)]
    const both = await Promise.all([commit(desk, mine), commit(other, theirs)])
    expect(both.map((r) => [r.status, r.body['code']]).toSorted()).toEqual([
      [200, undefined],
      [409, 'person.import-stale'],
    ])
    for (const n of [620, 649]) expect(await found(idNumber(n))).toHaveLength(1)
  })

  it('is refused when the base has moved since the dry run, and nothing is stored (A-33)', async () => {
    const made = await upload([good(660), good(661)])
    await desk.post('/persons', { name: '赵清扬', homeId: at('OC11'), idNumber: idNumber(660) })
    expect((await commit(desk, made)).body).toMatchObject({
      code: 'person.import-stale',
      title: expect.stringContaining('1行'),
    })
    expect(await found(idNumber(661))).toEqual([])
  })

  it('gives a person on record his relation, never overwrites him, and leaves a member of another branch alone (ID-01)', async () => {
    const id = (
      await desk.post('/persons', { name: '赵清扬', homeId: at('C11'), idNumber: idNumber(670), phone: phone(670) })
    ).body['id']
    const elsewhere = (await desk.post('/persons', { name: '赵清扬', homeId: at('OC21'), idNumber: idNumber(671) }))
      .body['id']
    await desk.post(`/persons/${elsewhere}/memberships`, {
      unitId: at('OC21'),
      kind: 'formal',
      status: 'full',
      from: '2024-01-01',
      reason: 'roster',
    })
    const named = (await desk.post('/persons', { name: '赵甲', homeId: at('OC11'), idNumber: idNumber(672) })).body[
      'id'
    ]
    const made = await upload([good(670, { 联系电话: phone(999) }), good(671), good(672)])
    expect([made['counts'], issues(made)]).toEqual([
      { rows: 3, ok: 1, warnings: 3, errors: 0, existing: 2 },
      ['E3 on-record', 'E4 other-branch', 'E5 other-name'],
    ])
    expect((await commit(desk, made)).body).toMatchObject({ persons: 0, memberships: 1 })
    expect((await desk.get(`/persons/${id}`)).body).toMatchObject({
      person: { phone: '139****0670', home: { name: '望江社区党总支' } },
      memberships: [{ unitName: '望江社区党总支' }],
    })
    expect((await desk.get(`/persons/${named}`)).body['memberships']).toEqual([])
  })

  it('a number known only elsewhere is imported like any other; the desk finds the pair (AZ-27)', async () => {
    await desk.post('/persons', { name: '赵清扬', homeId: at('OC21'), idNumber: idNumber(675) })
    const street = await world.someone('district-desk', 'OS1')
    const made = await upload([good(675), good(676)], street)
    expect([made['counts'], made['issues']]).toEqual([{ rows: 2, ok: 2, warnings: 0, errors: 0, existing: 0 }, []])
    expect((await commit(street, made)).body).toMatchObject({ persons: 2 })
    expect((await desk.get('/person-duplicates?ground=id-number')).body).toMatchObject({ total: 1 })
  })
})

describe('a commit whose database connection is cut', () => {
  it('at any moment leaves all rows or none, and the next try finishes (A-33, IM-11)', {
    timeout: 120_000,
  }, async () => {
    const made = await upload(Array.from({ length: 1500 }, (_, n) => good(2000 + n)))
    const owner = new pg.Client({ connectionString: base.ownerUrl })
    await owner.connect()
    /** Cuts the connection once its transaction has come to a statement like this. */
    const cutAt = async (statement: string, until: { over: boolean }) => {
      while (!until.over) {
        const { rowCount } = await owner.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and query ilike $1`,
          [`%${statement}%`],
        )
        if (rowCount) return
        await setTimeout(2)
      }
    }
    const stored = () =>
      world.write(async (tx) => {
        const counted = (table: 'person' | 'membership') =>
          tx.db
            .selectFrom(table)
            .select((e) => e.fn.countAll<number>().as('n'))
            .where('district_id', '=', world.district)
            .where('import_id', '=', made['id'])
            .executeTakeFirstOrThrow()
        return [(await counted('person')).n, (await counted('membership')).n]
      })
    const seen: number[] = []
    for (const statement of ['into "person"', 'into "membership"', 'from "people_import"', 'update "people_import"']) {
      const until = { over: false }
      const trying = commit(desk, made).finally(() => Object.assign(until, { over: true }))
      await cutAt(statement, until)
      const { status } = await trying
      seen.push(status)
      // once a try came through, everything is there and stays
      const done = seen.some((s) => s !== 503)
      expect(await stored(), `cut at ${statement}: ${status}`).toEqual(done ? [1500, 1500] : [0, 0])
    }
    await owner.end()
    const last = await commit(desk, made)
    expect([200, 409]).toContain(last.status)
    expect(await stored()).toEqual([1500, 1500])
    expect(seen[0]).toBe(503)
  })
})

describe('a roster of more than 5,000 rows', () => {
  const first = 100_000
  let file: Buffer
  let owner: pg.Client
  beforeAll(async () => {
    file = await workbook(Array.from({ length: 5001 }, (_, n) => good(first + n)))
    owner = new pg.Client({ connectionString: base.ownerUrl })
    await owner.connect()
  })
  afterAll(() => owner.end())

  const check = async (by = desk) => (await send(by, file)).body
  /** Committed as far as the answer goes: nothing is stored yet. */
  const begin = async (by = desk) => {
    const made = await check(by)
    const reply = await commit(by, made, 'all-or-nothing')
    expect([reply.status, reply.body]).toEqual([
      200,
      { id: made['id'], state: 'committing', persons: 0, memberships: 0 },
    ])
    return made
  }
  const batch = async (made: Record<string, any>, by = desk) => (await by.get(`/people-imports/${made['id']}`)).body
  const job = jobs.find((j) => j.name === STORE_JOB) as JobDefinition
  /** Delivers what was sent for this batch, by its last confirmation or the `nth`: to be stored now, or to be given up later. */
  const deliver = async (
    made: Record<string, any>,
    { over = false, attempt = 1, ground = base.ground, nth = -1 } = {},
  ) => {
    const { rows } = await owner.query<{ id: string; data: { payload: Payload } }>(
      "select id, data from pgboss.job where name = $1 and data->'payload'->>'import' = $2 and (data->'payload' ? 'over') = $3 order by data->'payload'->>'begun'",
      [STORE_JOB, made['id'], over],
    )
    const { id, data } = rows.at(nth) as (typeof rows)[number]
    const signal = new AbortController().signal
    await job.handle(runOf(ground, { id, attempt, district: world.district, payload: data.payload, signal }))
  }
  const stored = async (made: Record<string, any>) =>
    (
      await owner.query<{ persons: number; ties: number }>(
        'select (select count(*)::int from person where import_id = $1) as persons, (select count(*)::int from membership where import_id = $1) as ties',
        [made['id']],
      )
    ).rows[0]
  const none = { persons: 0, ties: 0 }
  const entries = async (made: Record<string, any>) =>
    (
      await owner.query<{ entry: string }>(
        "select (body::json->>'action') || ' by ' || (body::json->'actor'->>'name') as entry from history where body::json->'subject'->>'id' = $1 order by seq",
        [made['id']],
      )
    ).rows.map((r) => r.entry)

  it('is not stored where a right was lost meanwhile, nor for an account that was closed (IMP-10, A-33)', async () => {
    for (const lose of [
      (id: string) =>
        world.write((tx) =>
          tx.db.updateTable('mandate').set({ valid_to: tx.now }).where('account_id', '=', id).execute(),
        ),
      (id: string) =>
        world.write((tx) =>
          tx.db
            .updateTable('account')
            .set({ disabled_for: 'officer', disabled_at: tx.now })
            .where('id', '=', id)
            .execute(),
        ),
    ]) {
      const asker = await world.someone('district-desk', 'O')
      const made = await begin(asker)
      await lose(asker.accountId as string)
      await deliver(made)
      expect(await stored(made)).toEqual(none)
      const { rows } = await owner.query('select state, result from people_import where id = $1', [made['id']])
      expect(rows).toEqual([{ state: 'checked', result: { refused: expect.stringContaining('没有办理这件事的权限') } }])
    }
  })

  it('while it is being stored is neither cancelled, undone nor committed again; a last try that fails gives it back (IMP-10)', async () => {
    const made = await begin()
    expect(await batch(made)).toMatchObject({ state: 'committing', can: [], issues: [] })
    for (const what of ['cancellation', 'undo'])
      expect((await desk.post(`/people-imports/${made['id']}/${what}`)).body).toMatchObject({
        code: 'person.import-state',
        title: expect.stringContaining('正在导入'),
      })
    expect((await commit(desk, made)).body['code']).toBe('person.import-state')
    const broken = {
      ...base.ground,
      vault: Object.assign(Object.create(base.ground.vault) as typeof base.ground.vault, {
        open: () => {
          throw new Error('no key')
        },
      }),
    }
    await expect(deliver(made, { ground: broken })).rejects.toThrow('no key')
    expect(await batch(made)).toMatchObject({ state: 'committing' })
    await expect(deliver(made, { ground: broken, attempt: TRIES })).rejects.toThrow('no key')
    expect(await batch(made)).toMatchObject({
      state: 'checked',
      result: { refused: expect.stringContaining('没有存成') },
    })
    // where every try died with its process, the batch is given up after some hours
    expect((await commit(desk, made)).body).toMatchObject({ state: 'committing' })
    expect(await batch(made)).toMatchObject({ state: 'committing', result: { begun: expect.any(String) } })
    // what is left of the confirmation before does nothing to this one
    await deliver(made, { over: true, nth: 0 })
    await deliver(made, { nth: 0 })
    expect(await batch(made)).toMatchObject({ state: 'committing' })
    await deliver(made, { over: true })
    expect(await batch(made)).toMatchObject({ state: 'checked', can: ['commit', 'cancel'] })
    expect((await desk.post(`/people-imports/${made['id']}/cancellation`)).body).toMatchObject({ state: 'cancelled' })
    expect(await stored(made)).toEqual(none)
  })

  it('is stored once by the job, in the name of who asked, however often it is delivered; another that has become stale goes back (IMP-10, IM-13, C-8)', {
    timeout: 60_000,
  }, async () => {
    const [made, other] = [await begin(), await begin()]
    expect(await stored(made)).toEqual(none)
    // two at once: one stores, the other finds nothing to do or is tried again
    await Promise.allSettled([deliver(made), deliver(made)])
    await deliver(made)
    expect(await stored(made)).toEqual({ persons: 5001, ties: 5001 })
    expect(await batch(made)).toMatchObject({
      state: 'committed',
      result: { persons: 5001, memberships: 5001 },
      can: ['undo'],
    })
    expect(await entries(made)).toEqual([
      'people-import.check by district-desk@O',
      'people-import.begin by district-desk@O',
      'people-import.commit by district-desk@O',
    ])
    await deliver(made, { over: true })
    expect(await batch(made)).toMatchObject({ state: 'committed' })
    expect(await found(idNumber(first + 5000))).toHaveLength(1)

    await deliver(other)
    expect(await stored(other)).toEqual(none)
    expect(await batch(other)).toMatchObject({
      state: 'checked',
      result: { refused: expect.stringContaining('5001行已由他人录入') },
      can: ['commit', 'cancel'],
    })
    expect((await entries(other)).at(-1)).toBe('people-import.give-back by 系统')

    // with no row left to store only the state under lock tells that it was done
    const same = await begin()
    await Promise.allSettled([deliver(same), deliver(same)])
    expect((await entries(same)).filter((e) => e.startsWith('people-import.commit'))).toHaveLength(1)
  })

  it('is refused at once where the commit itself is wrong (A-33, IMP-4)', async () => {
    const lines = Array.from({ length: 5001 }, (_, n) => (n === 0 ? good(n, { 人员类别: '群众' }) : good(200_000 + n)))
    const made = await upload(lines)
    expect((await commit(desk, { ...made, sha256: 'a'.repeat(64) })).body['code']).toBe('person.import-other-file')
    expect((await commit(desk, made, 'all-or-nothing')).body['code']).toBe('person.import-has-errors')
    await owner.query('delete from people_import_part where import_id = $1', [made['id']])
    expect((await commit(desk, made)).body['code']).toBe('person.import-expired')
    expect(await batch(made)).toMatchObject({ state: 'checked' })
  })
})

describe('workbooks around an import', () => {
  const cells = (rows: Cell[][], at: number) => (rows[at] ?? []).map((c) => c ?? '')
  const file = async (path: string) => readWorkbook((await desk.get(path)).raw)

  it('the refused rows come back as they were with what is wrong, and go in again once corrected (IMP-3, IMP-11)', async () => {
    const made = await upload([good(701), good(702, { 姓名: '=1+1', 人员类别: '群众' })])
    const back = (await file(`/people-imports/${made['id']}/errors`)).sheets[0]
    expect(cells(back?.rows ?? [], 0)).toEqual([...HEAD, '错误列', '错误原因'])
    const row = cells(back?.rows ?? [], 1)
    expect([row[1], row[4], row.at(-2), row.at(-1)]).toEqual([
      '=1+1',
      idNumber(702),
      '姓名、人员类别',
      '姓名含有不应出现的字符；人员类别应为“正式”或“预备”',
    ])
    const fixed = Object.fromEntries([...HEAD, '错误列', '错误原因'].map((h, i) => [h, row[i] as string]))
    const again = await upload([{ ...fixed, 姓名: '孙改正', 人员类别: '正式' }], desk, [...HEAD, '错误列', '错误原因'])
    expect([again['counts'], again['ignoredColumns']]).toEqual([
      { rows: 1, ok: 1, warnings: 0, errors: 0, existing: 0 },
      ['备注'],
    ])
  })

  it('the template has every column, instructions, and can be uploaded as it is (IMP-1)', async () => {
    const book = await file('/people-import-template')
    expect(book.sheets.map((s) => s.name).slice(0, 2)).toEqual(['党员花名册', '填表说明'])
    expect(cells(book.sheets[0]?.rows ?? [], 1)).toEqual(HEAD)
    const sent = await send(desk, (await desk.get('/people-import-template')).raw)
    expect([sent.status, sent.body['counts']?.rows]).toEqual([201, 0])
  })
})

describe('an undoing', () => {
  it('takes the import back: persons are withdrawn, not deleted, and may be imported again; whoever was worked with stays (IMP-6, STAT-03)', async () => {
    const made = await upload([good(801), good(802), good(803), good(804)])
    await commit(desk, made)
    const [edited] = await found(idNumber(802))
    const [read] = await found(idNumber(803))
    const [registered] = await found(idNumber(804))
    await desk.put(`/persons/${edited?.['id']}`, { reason: '核对更正', occupation: '教师' }, { 'if-match': '1' })
    await desk.get(`/persons/${read?.['id']}`)
    await secretary.post('/registrations', { placeId: at('C11'), personId: registered?.['id'] })
    const undone = await desk.post(`/people-imports/${made['id']}/undo`)
    expect(undone.body).toMatchObject({ withdrawn: 2 })
    expect(undone.body['kept'].map((k: { id: string }) => k.id).toSorted()).toEqual(
      [edited?.['id'], registered?.['id']].toSorted(),
    )
    expect([await found(idNumber(801)), await found(idNumber(803))]).toEqual([[], []])
    expect((await desk.get(`/persons/${read?.['id']}`)).status).toBe(404)
    expect((await desk.get(`/persons/${edited?.['id']}`)).body['memberships']).toHaveLength(1)
    const kept = await world.write((tx) =>
      tx.db
        .selectFrom('person')
        .select('withdrawn_at')
        .where('district_id', '=', world.district)
        .where('id', '=', read?.['id'])
        .executeTakeFirst(),
    )
    expect(kept?.withdrawn_at).toEqual(expect.any(String))
    expect((await desk.post(`/people-imports/${made['id']}/undo`)).body['code']).toBe('person.import-state')
    const again = await upload([good(801), good(803)])
    expect((await commit(desk, again)).body).toMatchObject({ persons: 2 })
  })

  it('takes a relation back from a person who was on record before, and is too late after a day (IMP-6)', async () => {
    const id = (await desk.post('/persons', { name: '赵清扬', homeId: at('C11'), idNumber: idNumber(811) })).body['id']
    const made = await upload([good(811)])
    await commit(desk, made)
    expect((await desk.post(`/people-imports/${made['id']}/undo`)).body).toEqual({
      id: made['id'],
      withdrawn: 0,
      kept: [],
    })
    expect((await desk.get(`/persons/${id}`)).body).toMatchObject({ memberships: [], person: { id } })
    const late = await upload([good(812)])
    await commit(desk, late)
    await world.write((tx) =>
      tx.db
        .updateTable('people_import')
        .set({ committed_at: '2020-01-01T00:00:00Z' })
        .where('district_id', '=', world.district)
        .where('id', '=', late['id'])
        .execute(),
    )
    expect((await desk.post(`/people-imports/${late['id']}/undo`)).body['code']).toBe('person.import-too-late')
  })

  it('the sealed rows of a dry run go after seven days (PRV-04)', async () => {
    const old = await upload([good(820)])
    await world.write((tx) =>
      tx.db
        .updateTable('people_import')
        .set({ checked_at: '2020-01-01T00:00:00Z' })
        .where('district_id', '=', world.district)
        .where('id', '=', old['id'])
        .execute(),
    )
    await upload([good(821)])
    expect((await commit(desk, old)).body['code']).toBe('person.import-expired')
  })
})

describe('the list of batches', () => {
  it('shows one’s own, newest first, with what became of each and what may still be done (IMP-4, IMP-6)', async () => {
    const wrong = await upload([good(911), good(912, { 身份证号: '110105194912310021' })])
    const sent = await upload([good(913)])
    await commit(desk, sent)
    const list = async (by: Asker, query = '') => (await by.get(`/people-imports${query}`)).body
    const { rows } = await list(desk)
    expect(rows.slice(0, 2)).toMatchObject([
      { id: sent['id'], state: 'committed', result: { persons: 1, memberships: 1 }, can: ['undo'] },
      { id: wrong['id'], state: 'checked', result: {}, undoUntil: null, can: ['commit', 'cancel', 'errors'] },
    ])
    const day = Date.parse(rows[0].undoUntil) - Date.parse(rows[0].committedAt)
    expect(day).toBe(24 * 3600 * 1000)
    await desk.post(`/people-imports/${sent['id']}/undo`)
    expect((await list(desk)).rows[0]).toMatchObject({ result: { persons: 1, withdrawn: 1, kept: 0 }, can: [] })
    expect((await list(desk, '?state=undone&limit=1')).rows).toHaveLength(1)
    const other = await world.someone('district-desk', 'O')
    expect(await list(other)).toEqual({ rows: [], total: 0 })
  })

  it('a dry run that is cancelled imports nothing, and its rows are gone at once (IMP-4, PRV-04)', async () => {
    const made = await upload([good(921), good(922, { 姓名: '单' })])
    const cancelled = await desk.post(`/people-imports/${made['id']}/cancellation`)
    expect(cancelled.body).toMatchObject({ state: 'cancelled', can: [] })
    const parts = await world.write((tx) =>
      tx.db.selectFrom('people_import_part').select('part').where('import_id', '=', made['id']).execute(),
    )
    expect(parts).toEqual([])
    expect((await commit(desk, made)).body['code']).toBe('person.import-state')
    expect((await desk.get(`/people-imports/${made['id']}/errors`)).body['code']).toBe('person.import-expired')
    expect((await desk.post(`/people-imports/${made['id']}/cancellation`)).body['code']).toBe('person.import-state')
    expect(await found(idNumber(921))).toEqual([])
  })
})

it('the file a dry run names is the file that was sent (A-33)', async () => {
  const file = await workbook([good(901)])
  expect((await send(desk, file)).body['sha256']).toBe(createHash('sha256').update(file).digest('hex'))
})
