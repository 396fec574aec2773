// Every route of the table, whoever adds it, against everybody who may not ask and everything that must not be sent.
// Derived from the table alone: a new route is in the matrix the moment it exists (A-12…A-23, AZ-01…AZ-28, IN-09…IN-17).
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '#app.ts'
import { addHours } from '#core/calendar.ts'
import { randomToken, tokenHash } from '#core/crypto.ts'
import { limiter } from '#core/http/limits.ts'
import { takesKey } from '#core/http/repeat.ts'
import type { Route } from '#core/http/route.ts'
import { createServer } from '#core/http/server.ts'
import { newId } from '#core/ids.ts'
import { readPack } from '#packs.ts'
import { insertAccounts, insertRoles, insertSession } from '#modules/access/store.ts'
import { type Base, openBase, plantWorld, type World } from './harness.ts'
import {
  addressOf,
  hasIds,
  headersOf,
  type Input,
  inputOf,
  leavesOf,
  payloadOf,
  put,
  UUID,
  valueAt,
  withIds,
  wrongFor,
  wrongTexts,
} from './samples.ts'

let base: Base
let here: World
let there: World

const guarded = routes.filter((r) => r.permission !== 'public')
const withVerb = guarded.filter((r) => r.permission !== 'signed-in')
const everyVerb = [
  ...new Set([...withVerb.map((r) => r.permission), ...readPack('demo').roles.flatMap((r) => r.verbs)]),
]

/** What belongs to one world only; seeing it elsewhere is a leak. */
const CANARY = '※甲区'
const SOUTH = '※南街'

beforeAll(async () => {
  base = await openBase()
  here = await plantWorld(base)
  there = await plantWorld(base)
  await populate(here)
  for (const world of [here, there])
    await world.write((tx) =>
      insertRoles(tx, [
        { id: 'everything', name: '全权', verbs: everyVerb, officer: null },
        { id: 'nothing', name: '无权', verbs: [], officer: null },
      ]),
    )
}, 120_000)
afterAll(() => base.close())

/** A session of its own for each route, since some routes end it. */
const someone = (world: World, role: string, units: string[], secondFactor = true) =>
  world.write(async (tx) => {
    const [accountId] = await insertAccounts(tx, tx.now, [
      {
        login: `m${newId()}`,
        name: '测试员',
        personId: null,
        passwordHash: 'none',
        totpSealed: null,
        mustChange: false,
        mandates: units.map((u) => ({ roleId: role, unitId: world.unit[u] as string, officer: null })),
      },
    ])
    const token = `${world.district}.${randomToken()}`
    await insertSession(tx, {
      hash: tokenHash(token),
      accountId: accountId as string,
      now: tx.now,
      expiresAt: addHours(tx.now, 12),
      secondFactor,
      kind: 'token',
      address: '',
    })
    return token
  })

/** A life in the first district, with names nobody else may see. */
async function populate(world: World) {
  await world.write(async (tx) => {
    const mark = (table: 'unit' | 'unit_version') =>
      tx.db
        .updateTable(table)
        .set({ name: sql`name || ${CANARY}::text` })
        .where('district_id', '=', tx.district)
        .execute()
    await mark('unit')
    await mark('unit_version')
    for (const table of ['unit', 'unit_version'] as const)
      for (const below of [world.path['S1'], world.path['OS1']] as string[])
        await tx.db
          .updateTable(table)
          .set({ name: sql`name || ${SOUTH}::text` })
          .where('district_id', '=', tx.district)
          .where('path', '>=', below)
          .where('path', '<', `${below.slice(0, -1)}/`)
          .execute()
  })
  const secretary = await world.someone('community-secretary', 'OC11')
  const member = await world.someone('member', 'C11', { register: 'C11' })
  await world.write((tx) =>
    tx.db
      .updateTable('person')
      .set({
        name: `林小满${CANARY}${SOUTH}`,
        home_id: world.unit['OC11'] as string,
        home_path: world.path['OC11'] as string,
      })
      .where('district_id', '=', tx.district)
      .execute(),
  )
  const opened = await secretary.post('/demands', {
    mechanismId: '365-service',
    placeId: world.unit['C11'],
    category: 'care',
    words: `需要轮椅${CANARY}${SOUTH}`,
  })
  const task = {
    title: `陪同${CANARY}${SOUTH}`,
    startsAt: '2020-01-01T00:00:00Z',
    endsAt: '2090-01-01T00:00:00Z',
    capacity: 2,
  }
  const sent = await secretary.post(`/demands/${opened.body['id']}/dispatch`, { task })
  const claimed = await member.post(`/tasks/${sent.body['taskId']}/claims`, {})
  expect([opened.status, sent.status, claimed.status]).toEqual([201, 200, 201])
}

async function textOf(stream: AsyncIterable<Buffer>) {
  let text = ''
  for await (const chunk of stream) text += chunk.toString()
  return { text, code: /"code":"([\w.-]+)"/.exec(text)?.[1] }
}

interface Asked {
  token?: string | null
  url?: string
  payload?: string | Buffer | undefined
}
async function ask(route: Route, input: Input, { token = null, url, payload = payloadOf(input.body) }: Asked) {
  const request = {
    method: route.method,
    url: url ?? addressOf(route, input),
    headers: headersOf(route, token),
    ...(payload === undefined ? {} : { payload }),
  }
  if (route.response === 'stream') {
    // an open stream never ends by itself: its head is the answer
    const open = await base.server.inject({ ...request, payloadAsStream: true })
    const stream = open.stream()
    if (open.statusCode !== 200) return { status: open.statusCode, ...(await textOf(stream)) }
    stream.destroy()
    return { status: 200, text: '', code: undefined }
  }
  const reply = await base.server.inject(request)
  return { status: reply.statusCode, text: reply.body, code: /"code":"([\w.-]+)"/.exec(reply.body)?.[1] }
}

const named = (r: Route) => `${r.operationId} ${r.method} ${r.path}`

/** Runs a check on every route and tells all that fail, not only the first. */
async function each(list: readonly Route[], check: (route: Route) => Promise<string[]>) {
  const found: string[] = []
  const queue = [...list]
  const worker = async () => {
    for (let route = queue.shift(); route; route = queue.shift())
      found.push(...(await check(route)).map((f) => `${named(route as Route)}: ${f}`))
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  expect(found).toEqual([])
}

/** Every id of the first district, by table; `south` only what lies in its first street. */
async function idsOf(world: World, south = false): Promise<Map<string, string>> {
  const tables = await base.database.bare<{ name: string; place: string | null }>(
    `select c.table_name as name, (select min(p.column_name) from information_schema.columns p where p.table_name = c.table_name and p.column_name in ('path', 'place_path', 'home_path', 'unit_path')) as place
     from information_schema.columns c where c.table_schema = 'public' and c.column_name = 'id' and c.udt_name = 'uuid' order by 1`,
  )
  const found = new Map<string, string>()
  for (const { name, place } of tables) {
    if (south && !place) continue
    const [low, high] = [world.path['S1'], world.path['OS1']].map((p) => [
      p as string,
      `${(p as string).slice(0, -1)}/`,
    ]) as [string[], string[]]
    const rows = await base.database.transact({ district: world.district, mode: 'read' }, async ({ db }) => {
      const q = db
        .selectFrom(name as 'unit')
        .select('id')
        .where('district_id', '=', world.district)
      const column = place as 'path'
      return (
        south
          ? q.where((e) =>
              e.or([
                e.and([e(column, '>', low[0] as string), e(column, '<', low[1] as string)]),
                e.and([e(column, '>', high[0] as string), e(column, '<', high[1] as string)]),
              ]),
            )
          : q
      )
        .limit(1)
        .execute()
    })
    if (rows[0]) found.set(name, rows[0].id)
  }
  return found
}

const stateOf = (world: World) =>
  base.database.transact({ district: world.district, mode: 'read' }, ({ db }) =>
    db
      .selectFrom('history_head')
      .select(['lane', 'seq'])
      .where('district_id', '=', world.district)
      .orderBy('lane')
      .execute(),
  )

describe('the door', () => {
  it('doesn’t open for a table with a route that states no policy, and names it (AZ-01, A-12)', () => {
    for (const part of ['permission', 'operationId', 'failures', 'rate', 'response'] as const) {
      const { [part]: _, ...bare } = routes[0] as Route
      const planted = { ...bare, method: 'GET', path: '/planted' } as unknown as Route
      expect(() => createServer({ ground: base.ground, routes: [planted], limit: limiter(0) })).toThrow('/planted')
    }
  })

  it('serves under /api what is in the table and the description of it, nothing else (A-12, HT-03)', () => {
    const served = base.server.printRoutes({ commonPrefix: false, includeHooks: false })
    expect(served).toContain('api')
    const listed = new Set(routes.map((r) => `/api${r.path}`))
    for (const r of routes)
      expect(base.server.hasRoute({ method: r.method, url: `/api${r.path.replace(/\{(\w+)\}/g, ':$1')}` })).toBe(true)
    for (const probe of ['/api', '/api/admin', '/api/debug', '/api/users', '/.git/config', '/api/routes']) {
      if (!listed.has(probe)) expect(base.server.hasRoute({ method: 'GET', url: probe })).toBe(false)
    }
  })

  it('gives nobody without a session anything but 401, whatever the shape (AZ-03, AU-05)', () =>
    each(guarded, async (route) => {
      const input = inputOf(route)
      const answers = [
        await ask(route, input, {}),
        await ask(route, input, { token: `${here.district}.${'A'.repeat(43)}` }),
        await ask(route, input, { token: `999.${'A'.repeat(43)}` }),
        ...(route.body && !route.upload ? [await ask(route, input, { payload: '{"noSuchField":1}' })] : []),
      ]
      return answers.filter((a) => a.status !== 401).map((a) => `${a.status} ${a.code}`)
    }))

  it('refuses with 403 who holds no such verb anywhere, before any shape is told (AZ-03, 等保 10)', () =>
    each(withVerb, async (route) => {
      const token = await someone(here, 'nothing', ['D', 'O'])
      const input = inputOf(route)
      const answers = [
        await ask(route, input, { token }),
        ...(route.body && !route.upload ? [await ask(route, input, { token, payload: '{"noSuchField":1}' })] : []),
      ]
      return answers.filter((a) => a.status !== 403 || a.code !== 'core.forbidden').map((a) => `${a.status} ${a.code}`)
    }))

  it(
    'lets in who holds it: neither 401 nor 403, and never ≥ 500',
    () =>
      each(routes, async (route) => {
        const token = route.permission === 'public' ? null : await someone(here, 'everything', ['O'])
        const input = inputOf(route)
        const answer = await ask(route, input, { token })
        const refused =
          route.permission !== 'public' && ['core.unauthenticated', 'core.forbidden'].includes(answer.code ?? '')
        return refused || answer.status >= 500 ? [`${answer.status} ${answer.code} ${answer.text.slice(0, 200)}`] : []
      }),
    120_000,
  )

  it('asks for a fresh proof where the route says so (A-11, SE-12)', () =>
    each(
      guarded.filter((r) => r.proof),
      async (route) => {
        const token = await someone(here, 'everything', ['O'])
        await base.database.transact({ district: here.district, mode: 'write' }, ({ db, now }) =>
          db
            .updateTable('session')
            .set({ proved_at: addHours(now, -0.1) })
            .where('district_id', '=', here.district)
            .where('token_hash', '=', tokenHash(token))
            .execute(),
        )
        const answer = await ask(route, inputOf(route), { token })
        return answer.code === 'core.proof-needed' ? [] : [`${answer.status} ${answer.code}`]
      },
    ))

  it('is opened to nobody by a password alone where it is weighty: the right itself demands a second factor (A-04, AU-05)', async () => {
    const weighty = withVerb.filter((r) => r.proof)
    expect(weighty.length).toBeGreaterThan(10)
    const role = (verb: string) => `only-${verb.replaceAll('.', '-')}`
    await here.write((tx) =>
      insertRoles(
        tx,
        [...new Set([...weighty.map((r) => r.permission), 'unit.read'])].map((verb) => ({
          id: role(verb),
          name: '只此一权',
          verbs: [verb],
          officer: null,
        })),
      ),
    )
    await each(weighty, async (route) => {
      const token = await someone(here, role(route.permission), ['O'], false)
      const answer = await ask(route, inputOf(route), { token })
      return answer.code === 'core.second-factor-needed' ? [] : [`${answer.status} ${answer.code}`]
    })
    const usual = await someone(here, role('unit.read'), ['O'], false)
    const me = await base.server.inject({ url: '/api/units', headers: { authorization: `Bearer ${usual}` } })
    expect(me.statusCode).toBe(200)
  })

  it('wants the version of what is edited: 428 without If-Match (CO-07, A-54)', () =>
    each(
      guarded.filter((r) => r.ifMatch),
      async (route) => {
        const token = await someone(here, 'everything', ['O'])
        const input = inputOf(route)
        const { 'if-match': _, ...headers } = headersOf(route, token)
        const reply = await base.server.inject({
          method: route.method,
          url: addressOf(route, input),
          headers,
          payload: payloadOf(input.body) ?? '',
        })
        return reply.statusCode === 428 ? [] : [String(reply.statusCode)]
      },
    ))
})

describe('another district', () => {
  it('reads nothing and changes nothing with real ids of this one, on any route (A-19, AZ-25, AZ-28)', async () => {
    const ids = await idsOf(here)
    expect(ids.size).toBeGreaterThan(8)
    const before = await stateOf(here)
    await each(guarded, async (route) => {
      const sample = inputOf(route)
      if (!hasIds(sample)) return []
      const found: string[] = []
      for (const [table, id] of ids) {
        const token = await someone(there, 'everything', ['O'])
        const input = withIds(sample, id)
        const answer = await ask(route, input, { token })
        if (answer.text.includes(CANARY)) found.push(`shows ${table} of another district`)
        if (answer.status >= 500) found.push(`${answer.status} for an id of ${table}: ${answer.text.slice(0, 160)}`)
        if (answer.status < 300 && Object.values(input.params).includes(id))
          found.push(`${answer.status} for an id of ${table}`)
      }
      return found
    })
    expect(await stateOf(here)).toEqual(before)
  }, 300_000)
})

/** What everybody signed in may see of the whole district, each with its ground. */
const openToAll = new Set([
  'listCommunities', // a member may report to any community of the district (SB-01)
])

describe('another street', () => {
  it('sees and touches nothing of this one, on any route (A-13, AZ-07, AZ-15)', async () => {
    const ids = await idsOf(here, true)
    expect(ids.size).toBeGreaterThan(4)
    await each(guarded, async (route) => {
      const sample = inputOf(route)
      const found: string[] = []
      const token = () => someone(here, 'everything', ['S2', 'OC21'])
      const bare = { ...sample, query: route.query?.safeParse({}).success ? {} : sample.query }
      if (
        route.method === 'GET' &&
        !openToAll.has(route.operationId) &&
        (await ask(route, bare, { token: await token() })).text.includes(SOUTH)
      )
        found.push('lists another street')
      if (!hasIds(sample)) return found
      for (const [table, id] of ids) {
        const input = withIds(sample, id)
        const answer = await ask(route, input, { token: await token() })
        if (answer.text.includes(SOUTH)) found.push(`shows ${table} of another street`)
        if (answer.status < 300 && Object.values(input.params).includes(id))
          found.push(`${answer.status} for an id of ${table}`)
      }
      return found
    })
  }, 300_000)
})

/** Ids that may name what the asker does not see, each with its ground. */
const namedByAll = new Set([
  'reportIn body.placeId', // a member may report to any community of the district (SB-01)
  'previewChange body.operations.id', // an id one chooses for a new unit: that it is taken cannot be hidden
  'reorganiseUnits body.operations.id',
])

/** What a field of a request means, by its name: something of the asker's own that fits there. */
async function ownThings(world: World): Promise<(route: Route, field: string) => string | undefined> {
  const secretary = await world.someone('community-secretary', 'OC21')
  const member = await world.someone('member', 'C21', { register: 'C21' })
  const made = async (path: string, body: object) => (await secretary.post(path, body)).body['id'] as string
  const words = { mechanismId: '365-service', placeId: world.unit['C21'], category: 'care' }
  const times = { startsAt: '2026-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z' }
  const demand = await made('/demands', { ...words, words: '路灯不亮' })
  const task = await made('/tasks', { ...words, ...times, title: '修灯', capacity: 9 })
  const claim = (await member.post(`/tasks/${task}/claims`, {})).body['id'] as string
  const { unit } = world
  const things: [fields: string, id: string | null | undefined][] = [
    ['placeId leadId supportIds unitIds unitId parentId unit units', unit['C21']],
    ['homeId holderId ownerId toId', unit['OC21']],
    ['under underId', unit['S2']],
    ['personId winnerId persons', member.personId],
    ['demandId intoId demands', demand],
    ['accountId', member.accountId],
    ['mechanismId mechanism', '365-service'],
    ['category', 'care'],
    ['tasks', task],
    ['claims', claim],
  ]
  return (route, field) => {
    const name = field === 'id' ? (route.path.split('/')[1] as string) : field
    return things.find(([fields]) => fields.split(' ').includes(name))?.[1] ?? undefined
  }
}

const nameOf = (path: PropertyKey[]) => String(path.findLast((key) => typeof key === 'string'))

const fillWith = (own: (route: Route, field: string) => string | undefined, route: Route, sample: Input): Input =>
  leavesOf(sample).reduce<unknown>((input, path) => {
    const mine = own(route, nameOf(path))
    return mine && typeof valueAt(sample, path) === 'string' ? put(input, path, mine) : input
  }, sample) as Input

/** A body with as little as may be, but for one field. */
function leastOf(route: Route, full: Input, field?: PropertyKey): Input[] {
  if (!route.body || typeof full.body !== 'object' || Buffer.isBuffer(full.body)) return []
  const others = Object.keys(full.body as object).filter((key) => key !== field)
  const least = others.reduce<Input>((input, key) => {
    const without = put(input, ['body', key], undefined) as Input
    return route.body?.safeParse(without.body).success ? without : input
  }, full)
  return [least]
}

describe('an id from outside', () => {
  it('is answered as one that never existed, in every place where ids go, beside things of one’s own (AZ-03, AZ-04, AZ-06)', async () => {
    const outside = await idsOf(here, true)
    expect([...outside.keys()]).toEqual(expect.arrayContaining(['claim', 'demand', 'person', 'task', 'unit']))
    const own = await ownThings(here)
    await each(guarded, async (route) => {
      const sample = inputOf(route)
      if (!hasIds(sample)) return []
      const token = await someone(here, 'everything', ['S2', 'OC21'])
      const leaves = leavesOf(sample)
      const filled = fillWith(own, route, sample)
      const told = async (input: Input, path: PropertyKey[], id: string) => {
        const { status, code, text } = await ask(route, put(input, path, id) as Input, { token })
        return `${status} ${code}${text.includes(SOUTH) ? ' and shows it' : ''}`
      }
      const found: string[] = []
      for (const path of leaves.filter((p) => valueAt(sample, p) === UUID)) {
        const field = path.filter((key) => typeof key === 'string').join('.')
        if (namedByAll.has(`${route.operationId} ${field}`)) continue
        for (const input of [filled, ...(path[0] === 'body' ? leastOf(route, filled, path[1]) : [])]) {
          const never = await told(input, path, newId())
          for (const [table, id] of outside) {
            const answer = await told(input, path, id)
            if (answer !== never) found.push(`${field} of ${table}: ${answer}, not ${never}`)
          }
        }
      }
      return found
    })
  }, 300_000)
})

describe('a request that comes twice', () => {
  it('hears what was answered first, byte for byte, on every route that takes a key; a file comes anew (A-57, CO-12, CO-13)', async () => {
    const world = await plantWorld(base)
    await world.write((tx) => insertRoles(tx, [{ id: 'everything', name: '全权', verbs: everyVerb, officer: null }]))
    const own = await ownThings(world)
    let kept = 0
    await each(guarded.filter(takesKey), async (route) => {
      const token = await someone(world, 'everything', ['O'])
      const sample = inputOf(route)
      const found: string[] = []
      for (const input of new Set([
        sample,
        fillWith(own, route, sample),
        ...leastOf(route, fillWith(own, route, sample)),
      ])) {
        const headers = { ...headersOf(route, token), 'idempotency-key': newId() }
        const payload = payloadOf(input.body)
        const once = () =>
          base.server.inject({
            method: route.method,
            url: addressOf(route, input),
            headers,
            ...(payload ? { payload } : {}),
          })
        const [first, second] = [await once(), await once()]
        const final = first.statusCode < 300 || first.statusCode === 409 || first.statusCode === 422
        if (route.response !== 'file' && final && first.statusCode < 300) kept++
        if (second.statusCode !== first.statusCode)
          found.push(`${first.statusCode}, then ${second.statusCode} ${second.body.slice(0, 120)}`)
        else if (final && route.response !== 'file' && second.body !== first.body)
          found.push(`${first.body.slice(0, 120)}, then ${second.body.slice(0, 120)}`)
      }
      return found
    })
    expect(kept).toBeGreaterThan(15)
  }, 300_000)
})

describe('shapes', () => {
  const answered = (status: number) => status >= 500 || status < 200

  it(
    'are strict in every field of every body: wrong type, 2^53+1, NUL, lone surrogate → 400, never ≥ 500 (A-23, IN-09)',
    () =>
      each(
        routes.filter((r) => r.body && !r.upload),
        async (route) => {
          const input = inputOf(route)
          const token = route.permission === 'public' ? null : await someone(here, 'everything', ['O'])
          if (route.operationId === 'closeSession') return []
          const found: string[] = []
          for (const path of leavesOf(input.body))
            for (const wrong of wrongFor(path.reduce<any>((v, k) => v?.[k as string], input.body))) {
              const payload = JSON.stringify(put(input.body, path, '@@')).replace('"@@"', () => wrong)
              const lawful = !/\\u0000|\\ud800/.test(wrong) && route.body?.safeParse(JSON.parse(payload)).success
              const { status } = await ask(route, input, { token, payload })
              if (answered(status) || (!lawful && status !== 400))
                found.push(`${path.join('.')} = ${wrong.slice(0, 20)} → ${status}`)
              if (lawful && found.length > 0 && status === 401) return found
            }
          return found
        },
      ),
    300_000,
  )

  it(
    'are strict as JSON: unknown and double fields, prototypes, other roots, trailing text → 400 (IN-12, IN-16, AZ-16)',
    () =>
      each(
        routes.filter((r) => r.body && !r.upload),
        async (route) => {
          const input = inputOf(route)
          const token = route.permission === 'public' ? null : await someone(here, 'everything', ['O'])
          const found: string[] = []
          for (const payload of wrongTexts(input.body)) {
            const { status } = await ask(route, input, { token, payload })
            if (status !== 400) found.push(`${payload.slice(-60)} → ${status}`)
          }
          return found
        },
      ),
    120_000,
  )

  it(
    'are strict in queries and paths: unknown, repeated, bracketed, NUL → 400 or 404 (IN-17, IN-02, IN-03)',
    () =>
      each(routes, async (route) => {
        const input = inputOf(route)
        const token = route.permission === 'public' ? null : await someone(here, 'everything', ['O'])
        const found: string[] = []
        const known = Object.keys(input.query)[0]
        const extras = [
          'noSuchField=1',
          'id[]=1',
          'id[gt]=',
          'a.b=1',
          '__proto__=1',
          'sort=id%3Bselect%20pg_sleep(3)',
          '%00=1',
          'limit=%00',
          'limit=1e3',
          ...(known ? [`${known}=1&${known}=2`, `${known}=%00`] : []),
        ]
        for (const extra of extras) {
          const { status } = await ask(route, input, { token, url: addressOf(route, { ...input, query: {} }, extra) })
          if (status !== 400) found.push(`?${extra} → ${status}`)
        }
        for (const name of Object.keys(input.params))
          for (const bad of ['%00', 'a%00b', '%ED%A0%80', "1'%3Bselect%201", '%2e%2e%2f', 'x'.repeat(300)]) {
            const url = addressOf(route, { params: { ...input.params, [name]: 'BAD' }, query: input.query }).replace(
              'BAD',
              bad,
            )
            const { status } = await ask(route, input, { token, url })
            if (![400, 404].includes(status)) found.push(`{${name}} = ${bad.slice(0, 20)} → ${status}`)
          }
        return found
      }),
    120_000,
  )
})
