import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { fail } from '../errors.ts'
import { limiter } from './limits.ts'
import { route } from './route.ts'
import { createServer } from './server.ts'
import { routes } from '#app.ts'

let base: Base
let world: World
let port: number
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  await base.server.listen({ port: 0, host: '127.0.0.1' })
  port = (base.server.server.address() as { port: number }).port
})
afterAll(() => base.close())

const wanted: Record<string, RegExp> = {
  'strict-transport-security': /max-age=31536000/,
  'content-security-policy': /default-src 'self'; script-src 'self';.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'permissions-policy': /geolocation=\(\)/,
  'cache-control': /no-store/,
}

const bare = (headers: Record<string, unknown>) =>
  Object.entries(wanted)
    .filter(([name, form]) => !form.test(String(headers[name] ?? '')))
    .map(([name]) => name)

/** Sends bytes as they are; what comes back until the server closes or `millis` pass. */
const raw = (text: string, millis = 1500) =>
  new Promise<string>((done) => {
    let seen = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    const end = () => {
      socket.destroy()
      done(seen)
    }
    const timer = setTimeout(end, millis)
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
    })
    for (const event of ['close', 'error'] as const)
      socket.on(event, () => {
        clearTimeout(timer)
        end()
      })
  })

it('shows a person at an unknown address the way, and a program the problem', async () => {
  const get = (url: string, accept: string) => base.server.inject({ method: 'GET', url, headers: { accept } })
  const browser = 'text/html,application/xhtml+xml,*/*;q=0.8'
  const page = await get('/overview', browser)
  expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  expect(page.body).toContain('href="/console"')
  expect(bare(page.headers)).toEqual([])
  for (const [url, accept] of [
    ['/overview', '*/*'],
    ['/api/nothing', browser],
  ] as const)
    expect((await get(url, accept)).json()).toMatchObject({ status: 404, code: 'core.not-found' })
})

describe('every answer', () => {
  it('carries the headers that bind a browser, whatever its status (HT-01)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const nobody = await world.someone('audit-officer', 'O')
    const answers = {
      200: await secretary.get('/units'),
      400: await secretary.get('/units?noSuchField=1'),
      401: await world.nobody.get('/units'),
      403: await nobody.get('/demands'),
      404: await secretary.get('/no-such-page'),
      413: await secretary.post('/demands', { words: 'x'.repeat(1_100_000) }),
      415: await secretary.call('POST', '/demands', { a: 1 }, { 'content-type': 'text/plain' }),
    }
    for (const [status, answer] of Object.entries(answers)) {
      expect(answer.status, status).toBe(Number(status))
      expect(bare(answer.headers), status).toEqual([])
    }
    const long = await base.server.inject({
      url: `/api/demands/${'x'.repeat(500)}`,
      headers: { authorization: `Bearer ${secretary.token}` },
    })
    expect(long.statusCode).toBeGreaterThanOrEqual(400)
    expect(bare(long.headers)).toEqual([])
  })

  it('is JSON with a code and a request id when it refuses, and names no version, stack or path (HT-09, 等保 37)', async () => {
    const refused = await world.nobody.get('/units')
    expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(Object.keys(refused.body).toSorted()).toEqual(['code', 'requestId', 'status', 'title', 'type'])
    expect(refused.headers['x-request-id']).toBe(refused.body['requestId'])
    expect(refused.headers['server']).toBeUndefined()
    expect(refused.headers['x-powered-by']).toBeUndefined()
  })
})

describe('a method', () => {
  it('that no route states is 404 or 405, never more (HT-03)', async () => {
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'PATCH', 'OPTIONS', 'HEAD', 'get', 'FOO']) {
      const answer = await raw(`${method} /api/units HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect(answer.slice(0, 12), method).toMatch(/^$|^HTTP\/1\.1 (400|401|404|405)/)
      expect(answer, method).not.toMatch(/\bat .*\.ts|fastify/i)
    }
  })
})

describe('a foreign page', () => {
  const asked = (headers: Record<string, string>, payload = '{"reason":"试探"}') =>
    base.server.inject({
      method: 'DELETE',
      url: '/api/sessions/current',
      headers,
      ...(headers['content-type'] ? { payload } : {}),
    })

  it('changes nothing with the visitor’s cookie: foreign, null or missing origin (SE-09, SE-11, A-10)', async () => {
    const who = await world.someone('grid-worker', 'C11')
    const cookie = `__Host-jishi=${who.token}`
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of foreign) {
      const answer = await asked({ cookie, host: 'jishi.example', ...headers })
      expect([answer.statusCode, answer.json().code], JSON.stringify(headers)).toEqual([403, 'core.foreign-origin'])
    }
    expect((await who.get('/me')).status).toBe(200)
    expect((await asked({ cookie, host: 'jishi.example', origin: 'http://jishi.example' })).statusCode).toBe(204)
  })

  it('changes nothing with the cookie through the resident’s routes either, and behind a proxy only the public address counts', async () => {
    const server = createServer({ ground: base.ground, routes, publicUrl: 'https://jishi.example', limit: limiter(0) })
    const post = (origin: string) =>
      server.inject({
        method: 'POST',
        url: '/api/sessions',
        headers: { host: 'inner:3000', origin, 'content-type': 'application/json' },
        payload: '{"login":"nobody","password":"x"}',
      })
    expect((await post('http://inner:3000')).statusCode).toBe(403)
    expect((await post('https://jishi.example')).statusCode).toBe(401)
    await server.close()
  })

  it('can’t disguise JSON as a form: other content types are 415 (SE-09)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json garbage',
      'application/json\ta',
      'application/jsonx',
      'application/json; charset=utf-16',
      'application/json, text/plain',
      'application/ld+json',
    ])
      expect((await secretary.call('POST', '/demands', { a: 1 }, { 'content-type': type })).status, type).toBe(415)
    expect(
      (await secretary.call('POST', '/demands', { a: 1 }, { 'content-type': 'Application/JSON; charset=UTF-8' }))
        .status,
    ).toBe(400)
  })
})

describe('a request that two readers could read differently', () => {
  const body = '{"login":"a","password":"b"}'
  const head = (lines: string[]) =>
    `POST /api/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${lines.join('\r\n')}\r\n\r\n`
  const hidden = 'GET /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n'
  const pairs: Record<string, string> = {
    'length and chunks': `${head(['Content-Length: 5', 'Transfer-Encoding: chunked'])}0\r\n\r\n${hidden}`,
    'chunks twice': `${head(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'])}0\r\n\r\n${hidden}`,
    'chunked with a tab': `${head(['Transfer-Encoding:\tchunked\u000b'])}0\r\n\r\n${hidden}`,
    'unknown encoding': `${head(['Transfer-Encoding: xchunked'])}0\r\n\r\n${hidden}`,
    'two lengths': `${head(['Content-Length: 5', `Content-Length: ${body.length}`])}${body}${hidden}`,
    'a negative length': `${head(['Content-Length: -1'])}${body}${hidden}`,
    'a length with plus': `${head([`Content-Length: +${body.length}`])}${body}${hidden}`,
    'a folded header': `POST /api/sessions HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Content-Length: 5\r\nContent-Type: application/json\r\n\r\n${hidden}`,
    'a space before the colon': `POST /api/sessions HTTP/1.1\r\nHost: x\r\nContent-Length : ${body.length}\r\n\r\n${body}${hidden}`,
    'a bare line feed': `POST /api/sessions HTTP/1.1\nHost: x\nContent-Length: 0\n\n${hidden}`,
    'a bad chunk size': `${head(['Transfer-Encoding: chunked'])}zz\r\n\r\n${hidden}`,
    'no host': `GET /api/units HTTP/1.1\r\n\r\n`,
    'two hosts': `GET /api/units HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
  }
  for (const [what, bytes] of Object.entries(pairs))
    it(`is refused and cut off: ${what} (HT-04)`, async () => {
      const answer = await raw(bytes)
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1]))
      // refused once; and what was hidden behind it was never taken for a request of its own
      expect(answer).not.toContain('/api/hidden')
      expect(statuses.length, answer.slice(0, 300)).toBeLessThanOrEqual(1)
      if (statuses[0] !== undefined) expect(statuses[0]).toBe(400)
    })

  it('says 400 with our headers and closes', async () => {
    const answer = await raw('NONSENSE\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nconnection: close/i)
    expect(answer).toContain('x-content-type-options: nosniff')
    expect(answer).toContain('"code":"core.broken"')
  })

  it('isn’t eight lawful ones in a row: each gets its own answer, in order (HT-04)', async () => {
    const eight = Array.from(
      { length: 8 },
      (_, i) =>
        `GET /api/${i % 2 === 0 ? 'units' : 'nowhere'} HTTP/1.1\r\nHost: x\r\n${i === 7 ? 'Connection: close\r\n' : ''}\r\n`,
    ).join('')
    const statuses = [...(await raw(eight, 4000)).matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => m[1])
    expect(statuses).toEqual(['401', '404', '401', '404', '401', '404', '401', '404'])
  })

  it('isn’t believed about who forwarded it: addresses come from the socket (HT-06)', async () => {
    const limited = createServer({ ground: base.ground, routes, limit: limiter(0.05) })
    const ask = (i: number) =>
      limited.inject({
        method: 'POST',
        url: '/api/sessions',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': `10.0.0.${i}`,
          forwarded: `for=10.0.0.${i}`,
          'x-real-ip': `10.0.0.${i}`,
          authorization: `Bearer ${i}.${'A'.repeat(43)}`,
        },
        payload: '{"login":"nobody","password":"x"}',
      })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => ask(i)))
    // burst 60 × 0.05 = 3 sign-ins for one real address, however it calls itself and whatever token it makes up (SE-14)
    expect(answers.filter((a) => a.statusCode === 429).length).toBe(5)
    expect(answers.find((a) => a.statusCode === 429)?.headers['retry-after']).toBe('2')
    await limited.close()
  })

  it('is told who asks by the proxy it was given, and by nobody else (HT-06)', async () => {
    const limited = createServer({ ground: base.ground, routes, limit: limiter(0.05), proxies: ['10.9.0.0/16'] })
    const eight = (from: string, forwarded: (i: number) => string) =>
      Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const { statusCode } = await limited.inject({
            method: 'POST',
            url: '/api/sessions',
            remoteAddress: from,
            headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded(i) },
            payload: '{"login":"nobody","password":"x"}',
          })
          return statusCode
        }),
      )
    const refused = (answers: number[]) => answers.filter((status) => status === 429).length
    // each person behind the proxy has an allowance of his own; whoever comes past it is counted as himself
    expect(refused(await eight('10.9.1.1', (i) => `192.0.2.${i}`))).toBe(0)
    expect(refused(await eight('10.8.1.1', (i) => `192.0.2.${100 + i}`))).toBe(5)
    // what a client writes in front of the proxy's own entry does not count
    expect(refused(await eight('10.9.1.1', (i) => `203.0.113.${i}, 198.51.100.7`))).toBe(5)
    await limited.close()
  })

  it('that is refused by a code its route does not state is found (C-1)', async () => {
    const told: string[] = []
    const planted = route({
      method: 'GET',
      path: '/planted',
      operationId: 'planted',
      summary: 'planted',
      permission: 'public',
      response: 'none',
      failures: [],
      rate: 'read',
      action: async () => {
        throw fail('stale')
      },
    })
    const undeclared = (...what: string[]) => void told.push(what.join(' '))
    const server = createServer({ ground: base.ground, routes: [planted], limit: limiter(0), undeclared })
    expect((await server.inject('/api/planted')).statusCode).toBe(412)
    expect(told).toEqual(['planted core.stale'])
    await server.close()
  })
})

it('slow headers are cut off after ten seconds, slow bodies after thirty (A-28)', () => {
  expect(base.server.server.headersTimeout).toBe(10_000)
  expect(base.server.server.requestTimeout).toBe(30_000)
})
