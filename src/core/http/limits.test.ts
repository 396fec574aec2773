// One who asks too much is told so; everybody else is served as before.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compose } from '#app.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let server: ReturnType<typeof compose>['server']
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  const { database } = base
  server = compose({ database, vault: base.ground.vault }).server
  await server.ready()
})
afterAll(async () => {
  await server.close()
  await base.close()
})

test('OV-07: a thousand requests at once by one user are 429 beyond his burst, with a time to wait; others in his office are served meanwhile', async () => {
  const greedy = await world.someone('community-secretary', 'OC11')
  const other = await world.someone('community-secretary', 'OC21')
  const ask = (token: string | null) =>
    server.inject({ url: '/api/me', remoteAddress: '10.3.0.7', headers: { authorization: `Bearer ${token}` } })
  const flood = Promise.all(Array.from({ length: 1000 }, () => ask(greedy.token)))
  const served = await Promise.all(Array.from({ length: 20 }, () => ask(other.token)))
  const answers = await flood
  expect(new Set(served.map((r) => r.statusCode))).toEqual(new Set([200]))
  const refused = answers.filter((r) => r.statusCode === 429)
  expect(refused.length).toBeGreaterThan(500)
  expect(answers.filter((r) => ![200, 429, 503].includes(r.statusCode))).toEqual([])
  expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/)
  expect(refused[0]?.json()).toMatchObject({ code: 'core.too-many' })
})
