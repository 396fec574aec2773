// What an attacker tries besides the matrix: patterns in searches, hostile names in every output, addresses, tokens, false days.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '#app.ts'
import { randomToken } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { readPack } from '#packs.ts'
import { insertRoles } from '#modules/access/index.ts'
import { idNumber } from '#modules/people/fixtures.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from './harness.ts'
import { addressOf, inputOf, UUID } from './samples.ts'

let base: Base
let world: World
let anybody: Asker

const verbs = [
  ...new Set([
    ...routes.map((r) => r.permission).filter((p) => p !== 'public' && p !== 'signed-in'),
    ...readPack('demo').roles.flatMap((r) => r.verbs),
  ]),
]

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  await world.write((tx) => insertRoles(tx, [{ id: 'everything', name: '全权', verbs, officer: null }]))
  anybody = await world.someone('everything', 'O', { person: true })
})
afterAll(() => base.close())

const queryOf = (route: (typeof routes)[number]) =>
  route.query ? Object.keys((route.query as { shape?: object }).shape ?? {}) : []
const searches = routes.filter((r) => r.method === 'GET' && queryOf(r).includes('search') && !r.path.includes('{'))

describe('a search', () => {
  it('exists to be tried', () => expect(searches.length).toBeGreaterThan(8))

  it.each(searches.map((r) => [r.operationId, r] as const))(
    '%s takes patterns as the letters they are, and no text of 64 KiB (IN-14)',
    async (_, route) => {
      const ask = (search: string) => {
        const { params, query } = inputOf(route)
        const needed = Object.fromEntries(
          Object.entries(query)
            .filter(([k]) => !(route.query as any).shape[k].safeParse(undefined).success)
            .map(([k, v]) => [k, v === UUID ? (world.unit['D'] as string) : k === 'measure' ? 'demands.raised' : v]),
        )
        return anybody.get(addressOf(route, { params, query: { ...needed, search } }).slice('/api'.length))
      }
      const plain = await ask('不存在的字样')
      for (const pattern of ['%', '_', '%%%', '\\', '.*.*.*x', '((((a+)+)+)+)$', "' or '1'='1", '*']) {
        const found = await ask(pattern)
        expect([found.status, found.body['total'] ?? found.body['rows']?.length], pattern).toEqual([
          plain.status,
          plain.body['total'] ?? plain.body['rows']?.length,
        ])
      }
      expect(plain.status).toBe(200)
      for (const long of ['a'.repeat(65_536), '((((a+)+)+)+)$'.repeat(4_681)]) {
        const began = performance.now()
        expect((await ask(long)).status).toBe(400)
        expect(performance.now() - began).toBeLessThan(1000)
      }
    },
  )
})

describe('a hostile name', () => {
  const names = [`'); drop table account;--`, '${7*7}{{7*7}}', '<#assign x=7*7>${x}', '{% raw %}{{x}}', '=cmd|x!A1']

  it('of a unit and a title of a demand stand as they are in lists, searches and pages (IN-05, IN-06)', async () => {
    for (const name of names) {
      const id = newId()
      await world.write((tx) =>
        tx.db
          .updateTable('unit')
          .set({ name })
          .where('district_id', '=', tx.district)
          .where('id', '=', world.unit['C12'] as string)
          .execute(),
      )
      const made = await anybody.post(
        '/demands',
        {
          mechanismId: '365-service',
          placeId: world.unit['C12'],
          category: 'facility',
          title: name,
          words: name,
        },
        { 'idempotency-key': id },
      )
      expect(made.status, JSON.stringify(made.body)).toBe(201)
      const shown = await anybody.get(`/demands/${made.body['id']}`)
      expect(shown.body['demand']).toMatchObject({ title: name })
      expect(JSON.stringify(shown.body)).toContain(JSON.stringify(name))
      const found = await anybody.get(`/demands?search=${encodeURIComponent(name)}`)
      expect(found.body['rows'].map((r: { title: string }) => r.title)).toEqual([name])
      const units = await anybody.get('/units?kind=community')
      expect(units.body['rows'].map((r: { name: string }) => r.name)).toContain(name)
    }
    const all = await anybody.get('/demands?limit=50')
    const text = JSON.stringify(all.body)
    expect(text).not.toContain('"49')
    expect(all.body['total']).toBe(names.length)
    expect((await anybody.get('/accounts?search=everything')).status).toBe(200)
  })
})

describe('an address', () => {
  const fields = routes.flatMap((r) =>
    Object.keys(((r.body as { shape?: object })?.shape ?? {}) as object)
      .filter((name) => /url|link$|href|redirect|callback/i.test(name))
      .map((name) => [r.operationId, name, r] as const),
  )

  it('is asked for in one place at least', () => expect(fields.length).toBeGreaterThan(0))

  it.each(fields)('%s.%s leads nowhere but to the web (IN-20, IN-23)', async (_, name, route) => {
    const { params, query, body } = inputOf(route)
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil',
      '\\\\evil',
      'file:///etc/passwd',
      'gopher://x',
    ]) {
      const answer = await anybody.call(
        route.method,
        addressOf(route, { params, query }).slice('/api'.length),
        { ...(body as object), [name]: bad },
        { 'if-match': '"1"' },
      )
      expect(answer.status, bad).toBe(400)
      expect(answer.body['issues'], bad).toContainEqual(expect.objectContaining({ path: name }))
    }
  })
})

describe('an answer', () => {
  it('is never a page, whatever the browser asks for (IN-21)', async () => {
    for (const route of routes.filter((r) => r.method === 'GET' && r.response !== 'stream')) {
      const answer = await anybody.get(addressOf(route, inputOf(route)).slice('/api'.length), {
        accept: 'text/html,application/xhtml+xml',
      })
      const where = `${route.operationId} ${answer.status}`
      expect(answer.headers['x-content-type-options'], where).toBe('nosniff')
      const type = String(answer.headers['content-type'] ?? '')
      if (/html|svg/.test(type)) expect(answer.headers['content-disposition'], where).toMatch(/^attachment/)
      if (route.response === 'file' && answer.status === 200)
        expect(answer.headers['content-disposition'], where).toMatch(/^attachment/)
    }
  })
})

describe('a session’s token', () => {
  it('is 256 bits of chance, and the table keeps none of them (SE-03)', async () => {
    const many = Array.from({ length: 100_000 }, () => randomToken())
    expect(new Set(many).size).toBe(many.length)
    expect(many.every((t) => /^[\w-]{43}$/.test(t))).toBe(true)
    // each of the 256 bits is set in half of them: six standard deviations of 100 000 tosses are 950
    const set = Array.from({ length: 256 }, () => 0)
    for (const token of many)
      for (const [at, byte] of Buffer.from(token, 'base64url').entries())
        for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) set[at * 8 + bit] = (set[at * 8 + bit] as number) + 1
    expect(set.filter((n) => Math.abs(n - 50_000) > 950)).toEqual([])
    const token = anybody.token as string
    const kept = await world.write((tx) =>
      tx.db.selectFrom('session').selectAll().where('district_id', '=', tx.district).execute(),
    )
    expect(kept.length).toBeGreaterThan(0)
    expect(JSON.stringify(kept)).not.toContain(token.slice(token.indexOf('.') + 1))
  })
})

describe('a person', () => {
  const valid = idNumber(321, '1980-03-04')
  it.each([
    ['a wrong check digit', { idNumber: `${valid.slice(0, 17)}${valid.endsWith('1') ? '2' : '1'}` }],
    ['the old form of 15 digits', { idNumber: '420302800304123' }],
    ['another birthday than his number says', { idNumber: valid, born: '1980-03-05' }],
    ['another sex than his number says', { idNumber: valid, sex: Number(valid[16]) % 2 ? '2' : '1' }],
    ['a number whose day does not exist', { idNumber: idNumber(322, '2023-02-29') }],
    ['a birthday that does not exist', { born: '2023-02-29' }],
    ['the year nought', { born: '0000-01-01' }],
    ['a year of five digits', { born: '10000-01-01' }],
    ['a day of joining that does not exist', { joined: '2023-02-29' }],
    ['a thirty-first of April', { fullSince: '2011-04-31' }],
  ])('with %s is refused and not kept (IN-11)', async (_, wrong) => {
    const count = async () => (await anybody.get('/persons?limit=1')).body['total'] as number
    const before = await count()
    const answer = await anybody.post('/persons', { name: '周远山', homeId: world.unit['OC11'], ...wrong })
    expect([400, 422], JSON.stringify(answer.body)).toContain(answer.status)
    expect(await count()).toBe(before)
  })
})
