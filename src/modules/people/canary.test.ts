import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routes } from '#app.ts'
import { writeWorkbook } from '#core/xlsx.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { idNumber, phone } from './fixtures.ts'

const secrets = { idNumber: idNumber(777, '1961-07-08'), phone: phone(54_321_098), address: '望江社区金丝雀弄七十七号' }
const imported = { idNumber: idNumber(778, '1962-08-09'), phone: phone(65_432_109) }
const wrong = { idNumber: `${idNumber(779).slice(0, 17)}Z`, phone: '1397777' }
const canaries = [...Object.values(secrets), ...Object.values(imported), ...Object.values(wrong)]

let base: Base
let world: World
let desk: Asker
let personId: string
let importId: string

async function importThem() {
  const head = ['姓名', '身份证号', '人员类别', '所在支部', '联系电话']
  const rows = [imported, wrong].map((r) => ['金丝雀', r.idNumber, '正式', '望江社区党总支', r.phone])
  const file = await writeWorkbook([{ name: '名册', columns: head.map((header) => ({ header })), rows }])
  const headers = {
    authorization: `Bearer ${desk.token}`,
    'content-type': 'application/octet-stream',
    'idempotency-key': 'canary-import',
  }
  const made = (await base.server.inject({ method: 'POST', url: '/api/people-imports', payload: file, headers })).json()
  expect(made.counts).toMatchObject({ ok: 1, errors: 1 })
  await desk.post(
    `/people-imports/${made.id}/commit`,
    { sha256: made.sha256, mode: 'correct-rows' },
    { 'idempotency-key': 'canary-commit' },
  )
  return made.id as string
}

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  const at = (short: string) => world.unit[short] as string
  const made = await desk.post(
    '/persons',
    { name: '金丝雀', homeId: at('OC11'), ...secrets, idNumber: undefined },
    { 'idempotency-key': 'canary-create' },
  )
  personId = made.body['id']
  await desk.put(`/persons/${personId}`, { reason: '核对更正', idNumber: secrets.idNumber }, { 'if-match': '1' })
  await desk.post(
    '/person-lookups',
    { idNumber: secrets.idNumber, reason: '核对' },
    { 'idempotency-key': 'canary-look-up' },
  )
  for (const field of ['id-number', 'phone', 'address'])
    await desk.post(`/persons/${personId}/reveal`, { field, reason: '核对' }, { 'idempotency-key': `canary-${field}` })
  await desk.post(
    '/persons',
    { name: '金丝雀', homeId: at('OC11'), idNumber: secrets.idNumber },
    { 'idempotency-key': 'canary-refused' },
  )
  await desk.post('/registrations', { placeId: at('C11'), personId })
  importId = await importThem()
})
afterAll(() => base.close())

it('no number, phone or address stands in clear in any column of any table, whatever was done with it (A-43)', async () => {
  const client = new pg.Client({ connectionString: base.ownerUrl })
  await client.connect()
  await client.query(`set app.district = ${world.district}`)
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  )
  const needles = canaries.flatMap((c) => [c, Buffer.from(c).toString('hex')])
  const hits: string[] = []
  let scanned = 0
  for (const { name } of tables) {
    const { rows } = await client.query<{ line: string }>(`select t::text as line from "${name}" t`)
    scanned += rows.length
    hits.push(
      ...rows
        .filter(({ line }) => needles.some((n) => line.includes(n)))
        .map(({ line }) => `${name}: ${line.slice(0, 120)}`),
    )
  }
  await client.end()
  expect(hits).toEqual([])
  expect(tables.map((t) => t.name)).toEqual(
    expect.arrayContaining(['person', 'people_import_part', 'idempotency', 'history']),
  )
  expect(scanned).toBeGreaterThan(100)
})

const fill = (path: string) => `${path.replace(/\{\w+\}/g, path.startsWith('/people-imports') ? importId : personId)}`

it('no answer of any reading route holds one, for any role (A-15, A-46)', { timeout: 120_000 }, async () => {
  const roles = [
    'member',
    'community-secretary',
    'grid-worker',
    'caller',
    'street-organiser',
    'department-handler',
    'district-desk',
    'leader',
    'system-officer',
    'security-officer',
    'audit-officer',
  ] as const
  const hits: string[] = []
  let answered = 0
  for (const role of roles) {
    const who =
      role === 'district-desk'
        ? desk
        : await world.someone(role, role === 'community-secretary' ? 'OC11' : 'O', { person: true })
    await Promise.all(
      routes
        .filter((r) => r.method === 'GET' && r.response !== 'stream')
        .map(async (route) => {
          const reply = await who.get(fill(route.path))
          if (reply.status === 200) answered++
          if (canaries.some((c) => reply.raw.includes(c))) hits.push(`${role} ${route.operationId}`)
        }),
    )
    for (const query of ['search=%E9%87%91%E4%B8%9D%E9%9B%80', `search=${secrets.idNumber.slice(-4)}`]) {
      const reply = await who.get(`/persons?${query}`)
      if (canaries.some((c) => reply.raw.includes(c))) hits.push(`${role} ${query}`)
    }
  }
  expect(hits).toEqual([])
  expect(answered).toBeGreaterThan(40)
})

it('who may not reveal is refused, and the refusal tells nothing (A-15)', async () => {
  for (const role of ['community-secretary', 'grid-worker', 'street-organiser', 'leader', 'audit-officer']) {
    const who = await world.someone(role, 'O')
    const reply = await who.post(`/persons/${personId}/reveal`, { field: 'phone', reason: '想看看' })
    expect([role, reply.status, canaries.some((c) => reply.raw.includes(c))]).toEqual([role, 403, false])
  }
})
