import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type Base, openBase, plantWorld } from '../../../test/harness.ts'
import { Context, resident } from '../context.ts'
import { log } from '../log.ts'
import { limiter } from './limits.ts'
import { fileBody, route } from './route.ts'
import { createServer } from './server.ts'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const Size = z.strictObject({ bytes: z.int() })
const shared = {
  summary: 'a route of this test',
  permission: 'public',
  response: Size,
  failures: [],
  rate: 'public',
} as const
const upload = route({
  ...shared,
  method: 'POST',
  path: '/files',
  operationId: 'sendFile',
  body: fileBody,
  upload: { maxBytes: 2 * 1024 * 1024, types: [xlsx] },
  action: async (_, { body }) => ({ bytes: body.length }),
})
const plain = route({
  ...shared,
  method: 'POST',
  path: '/words',
  operationId: 'sendWords',
  body: z.strictObject({ words: z.string() }),
  action: async (_, { body }) => ({ bytes: body.words.length }),
})
const kept = route({
  ...shared,
  method: 'POST',
  path: '/kept-files',
  operationId: 'keepFile',
  body: fileBody,
  upload: { maxBytes: 1024, types: [xlsx] },
  action: (asked, { body }) =>
    new Context(asked.ground, asked.asker, { district: 1, actor: resident, keeping: asked.keeping }).write(
      null,
      'test.keep',
      async (tx) => {
        tx.record({ subject: { kind: 'test', id: '00000000-0000-7000-8000-000000000001' }, path: '' })
        return { bytes: body.length }
      },
    ),
})

let base: Base
let server: ReturnType<typeof createServer>
beforeAll(async () => {
  base = await openBase()
  await plantWorld(base)
  server = createServer({ ground: base.ground, routes: [upload, plain, kept], limit: limiter(0) })
})
afterAll(async () => {
  await server.close()
  await base.close()
})

const post = (url: string, payload: Buffer | string, type: string) =>
  server.inject({ method: 'POST', url: `/api${url}`, payload, headers: { 'content-type': type } })

it('a route with upload gets the bytes as they came, also beyond the megabyte other routes are held to (A-28)', async () => {
  const reply = await post('/files', Buffer.alloc(1_500_000, 0xff), xlsx)
  expect([reply.statusCode, reply.json()]).toEqual([200, { bytes: 1_500_000 }])
})

it('a file beyond the limit of its route is refused with 413 that names the limit', async () => {
  const reply = await post('/files', Buffer.alloc(2 * 1024 * 1024 + 1), xlsx)
  expect([reply.statusCode, reply.json().title]).toEqual([413, '内容过大，最多 2 MB。'])
})

it('files go to upload routes and JSON to the others; everything else is 415 (FI-06)', async () => {
  const tries = [
    ['/words', Buffer.from('x'), xlsx],
    ['/files', '{"words":"x"}', 'application/json'],
    ['/files', Buffer.from('x'), 'application/octet-stream'],
    ['/files', Buffer.from('x'), `${xlsx}; boundary=1`],
    ['/files', 'x', 'text/plain'],
  ] as const
  for (const [url, payload, type] of tries)
    expect((await post(url, payload, type)).statusCode, `${url} ${type}`).toBe(415)
  expect((await post('/words', '{"words":"x"}', 'application/json')).json()).toEqual({ bytes: 1 })
  expect((await server.inject({ method: 'POST', url: '/api/files' })).statusCode).toBe(400)
})

it('the same key with another file is refused: the fingerprint covers the bytes (CO-12)', async () => {
  const send = (payload: string) =>
    server.inject({
      method: 'POST',
      url: '/api/kept-files',
      payload,
      headers: {
        'content-type': xlsx,
        'idempotency-key': 'file-key-1',
        authorization: 'Bearer 1.aaaaaaaaaaaaaaaaaaaaaaaa',
      },
    })
  expect((await send('one')).json()).toEqual({ bytes: 3 })
  expect((await send('other')).statusCode).toBe(422)
  const again = await send('one')
  expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([200, 'true'])
})

it('given up by its sender is noted, not an error of ours (OB)', async () => {
  const { ground } = base
  const server = createServer({ ground, routes: [upload], limit: limiter(0) })
  await server.listen({ port: 0, host: '127.0.0.1' })
  const [noted, errors] = [vi.spyOn(log, 'info'), vi.spyOn(log, 'error')]
  try {
    const { port } = server.server.address() as { port: number }
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST /api/files HTTP/1.1\r\nhost: a\r\ncontent-type: ${xlsx}\r\ncontent-length: 5000\r\n\r\nPK`)
    await new Promise((done) => setTimeout(done, 100))
    socket.destroy()
    await expect
      .poll(() => noted.mock.calls.map(([, words]) => words as unknown), { timeout: 5000 })
      .toContain('given up while sending')
    expect(errors.mock.calls).toEqual([])
  } finally {
    vi.restoreAllMocks()
    await server.close()
  }
})
