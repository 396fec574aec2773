import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#core/ids.ts'
import { type JobDefinition, type Payload, runOf } from '#core/jobs.ts'
import { writeWorkbook } from '#core/xlsx.ts'
import { jobs } from '#jobs.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { STORE_JOB } from './index.ts'

let base: Base
let world: World
let desk: Asker
let owner: pg.Client
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await base.close()
})

const TYPE = { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
const columns = ['代码', '名称', '类别', '上级代码'].map((header) => ({ header }))
const LONG = 5001
const bookOf = (mark: string, rows = LONG) =>
  writeWorkbook([
    {
      name: '单位',
      columns,
      rows: Array.from({ length: rows }, (_, i) =>
        i % 50 === 0
          ? [`${mark}-${i}`, `第${i}小区`, '小区', '']
          : [`${mark}-${i}`, `${i}号楼`, '楼栋', `${mark}-${i - (i % 50)}`],
      ),
    },
  ])

const send = async (payload: Buffer, more: string, by: Asker) => {
  const url = `/api/unit-imports?under=${world.unit['C11']}&fileName=${encodeURIComponent('全区小区.xlsx')}${more}`
  const headers = { authorization: `Bearer ${by.token}`, ...TYPE }
  return (await base.server.inject({ method: 'POST', url, headers, payload })).json() as Record<string, any>
}
/** Confirmed as far as the answer goes: nothing is stored yet. */
async function begin(file: Buffer, by = desk) {
  const { hash } = await send(file, '', by)
  const made = await send(file, `&commit=${hash}`, by)
  expect(made).toMatchObject({ state: 'storing', created: LONG, problems: [] })
  return made['importId'] as string
}
const batch = async (id: string, by = desk) =>
  (await by.get('/unit-imports')).body['rows'].find((b: { id: string }) => b.id === id)
const stored = async (id: string) =>
  (await owner.query('select count(*)::int as n from unit_version where change_id = $1', [id])).rows[0].n as number

const job = jobs.find((j) => j.name === STORE_JOB) as JobDefinition
async function deliver(id: string, { over = false, attempt = 1 } = {}) {
  const { rows } = await owner.query<{ id: string; data: { payload: Payload } }>(
    "select id, data from pgboss.job where name = $1 and data->'payload'->>'import' = $2 and (data->'payload' ? 'over') = $3",
    [STORE_JOB, id, over],
  )
  const [one] = rows
  if (!one) throw new Error('nothing was sent')
  const signal = new AbortController().signal
  await job.handle(
    runOf(base.ground, { id: one.id, attempt, district: world.district, payload: one.data.payload, signal }),
  )
}

describe('a workbook of more than 5,000 units (IMP-10)', () => {
  it('is stored by the job, once, all of it, in the name of who asked, and is then a batch like any other (C-8, IMP-6)', async () => {
    const file = await bookOf('LA')
    const id = await begin(file)
    expect(await batch(id)).toMatchObject({ state: 'storing', rows: LONG, created: LONG, can: [] })
    expect((await desk.post(`/unit-imports/${id}/undo`)).body['code']).toBe('unit.import-not-in')
    expect(await stored(id)).toBe(0)
    await deliver(id)
    await deliver(id, { attempt: 2 })
    await deliver(id, { over: true })
    expect(await stored(id)).toBe(LONG)
    expect(await batch(id)).toMatchObject({ state: 'committed', created: LONG, can: ['undo'] })
    const { rows: waiting } = await owner.query('select pending from unit_import where id = $1', [id])
    expect(waiting, 'the rows wait no longer').toEqual([{ pending: null }])
    const { rows: entries } = await owner.query(
      "select (body::json->>'action') || ' by ' || (body::json->'actor'->>'name') as entry from history where body::json->'subject'->>'id' = $1 order by seq",
      [id],
    )
    expect(entries.map((e) => e.entry)).toEqual([
      'unit.import-begin by district-desk@O',
      'unit.import-tree by district-desk@O',
    ])
    const { hash } = await send(file, '', desk)
    expect(await send(file, `&commit=${hash}`, desk)).toMatchObject({ state: 'storing', created: 0, unchanged: LONG })
    expect((await desk.post(`/unit-imports/${id}/undo`)).body).toMatchObject({ withdrawn: LONG, kept: [] })
  }, 120_000)

  it('goes back with the reason where a right was lost meanwhile or a code taken; nothing of it is stored', async () => {
    const leaver = await world.someone('district-desk', 'O')
    const lost = await begin(await bookOf('LB'), leaver)
    await world.write((tx) =>
      tx.db
        .updateTable('mandate')
        .set({ valid_to: tx.now })
        .where('account_id', '=', leaver.accountId as string)
        .execute(),
    )
    await deliver(lost)
    const { rows } = await owner.query('select state, result, pending from unit_import where id = $1', [lost])
    const refused = expect.stringContaining('没有办理这件事的权限')
    expect(rows).toEqual([{ state: 'refused', result: { refused }, pending: null }])
    expect(await stored(lost)).toBe(0)

    const id = await begin(await bookOf('LC'))
    const operations = [
      { op: 'create', id: newId(), parentId: world.unit['OS1'], kind: 'branch', name: '占用代码的支部', code: 'LC-7' },
    ]
    const today = (await batch(id)).openedOn
    expect((await desk.post('/unit-changes', { effectiveOn: today, reason: '设立', operations })).status).toBe(201)
    await deliver(id)
    expect(await batch(id)).toMatchObject({ state: 'refused', refused: expect.stringContaining('处问题'), can: [] })
    expect(await stored(id)).toBe(0)
  }, 120_000)

  it('goes back when all tries are long over, and what is left of them stores nothing', async () => {
    const id = await begin(await bookOf('LD'))
    expect(await batch(id)).toMatchObject({ state: 'storing' })
    await deliver(id, { over: true })
    expect(await batch(id)).toMatchObject({ state: 'refused', refused: expect.stringContaining('多次没有存成') })
    await deliver(id)
    expect(await stored(id)).toBe(0)
  }, 60_000)

  it('with rows in error is refused at once: it does not wait to be told', async () => {
    const rows = [
      ...Array.from({ length: LONG }, (_, i) => [`LE-${i}`, `第${i}小区`, '小区', '']),
      ['', '没有代码', '小区', ''],
    ]
    const file = await writeWorkbook([{ name: '单位', columns, rows }])
    const { hash, refused } = await send(file, '', desk)
    expect(refused).toBe(1)
    expect(await send(file, `&commit=${hash}`, desk)).toMatchObject({ code: 'unit.import-problems' })
  })
})
