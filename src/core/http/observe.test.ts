import Fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { newHealth } from '../health.ts'
import { newMetrics } from '../metrics.ts'
import { observe } from './observe.ts'

let base: Base
let world: World

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})

afterAll(() => base.close())

test('§2 PR-09: metrics count requests by operation and class of status, and hold nothing personal', async () => {
  const secretary = await world.someone('community-secretary', 'OC11')
  await secretary.get('/units?search=林小满')
  await world.nobody.get('/units')
  await base.server.inject({ url: '/no/such/13800138000' })
  const { statusCode, payload } = await base.server.inject({ url: '/metrics' })
  expect(statusCode).toBe(200)
  expect(payload).toContain('jishi_http_requests_total{operation="listUnits",status="2xx"} 1')
  expect(payload).toContain('jishi_http_requests_total{operation="listUnits",status="4xx"} 1')
  expect(payload).toContain('jishi_http_requests_total{operation="unknown",status="4xx"} 1')
  expect(payload).toMatch(/jishi_gate\{class="write",state="waiting"\} 0/)
  expect(payload).not.toMatch(/林|13800138000|[0-9a-f]{8}-[0-9a-f]{4}/)
  for (const line of payload.trim().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/)
})

test('§2: metrics are not told to whoever comes through a proxy or from another machine', async () => {
  for (const request of [
    { headers: { 'x-forwarded-for': '10.0.0.1' } },
    { headers: { forwarded: 'for=10.0.0.1' } },
    { remoteAddress: '10.0.0.1' },
  ]) {
    expect((await base.server.inject({ url: '/metrics', ...request })).statusCode).toBe(404)
  }
})

test('A-70: readiness is asked of the database once a second, fails when it does, and is off for good once stopping', async () => {
  let asked = 0
  let well = true
  const health = newHealth({
    async bare<R>() {
      asked++
      if (!well) throw new Error('gone')
      return [] as R[]
    },
  })
  expect(await Promise.all(Array.from({ length: 50 }, () => health.ready()))).toEqual(Array(50).fill(true))
  expect(asked).toBe(1)
  well = false
  await new Promise((done) => setTimeout(done, 1050))
  expect(await health.ready()).toBe(false)
  well = true
  health.stop()
  await new Promise((done) => setTimeout(done, 1050))
  expect(await health.ready()).toBe(false)
  expect(asked).toBe(2)
})

test('A-70: draining answers a slow request that came in, cuts an open event stream, and takes nobody new', async () => {
  const server = Fastify()
  const { drain } = observe(server, { routes: [], health: newHealth(base.database), metrics: newMetrics() })
  server.get('/slow', async () => {
    await new Promise((done) => setTimeout(done, 1200))
    return 'whole'
  })
  server.get('/stream', (_, reply) => {
    reply.hijack()
    reply.raw.setHeader('content-type', 'text/event-stream')
    reply.raw.write('data: here\n\n')
  })
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  const stream = await fetch(`${url}/stream`)
  const ended = stream.text().then(
    () => 'ended',
    () => 'cut',
  )
  const slow = fetch(`${url}/slow`).then((r) => r.text())
  await new Promise((done) => setTimeout(done, 50))
  const began = performance.now()
  const drained = drain(8000)
  await new Promise((done) => setTimeout(done, 500))
  await expect(fetch(`${url}/slow`)).rejects.toThrow()
  await drained
  expect(await slow).toBe('whole')
  expect(await ended).toMatch(/ended|cut/)
  expect(performance.now() - began).toBeLessThan(5000)
  await server.close()
})
