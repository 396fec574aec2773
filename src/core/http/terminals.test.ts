// Administration is bound to the terminals the operator names.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, routes } from '#app.ts'
import { administration } from '#modules/access/index.ts'
import { addressOf, headersOf, inputOf, payloadOf } from '../../../test/samples.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { limiter } from './limits.ts'

let base: Base
let world: World
let server: ReturnType<typeof compose>['server']
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  const { database } = base
  server = compose({
    database,
    vault: base.ground.vault,
    limit: limiter(0),
    officersFrom: ['10.1.0.0/16', 'fd00::/8', '127.0.0.9'],
  }).server
  await server.ready()
})
afterAll(async () => {
  await server.close()
  await base.close()
})

const ask = (url: string, token: string | null, remoteAddress: string) =>
  server.inject({ url, remoteAddress, headers: token ? { authorization: `Bearer ${token}` } : {} })

const refusals = () =>
  world.write((tx) => tx.db.selectFrom('history').select('body').where('district_id', '=', world.district).execute())

describe('administration', () => {
  it('is one word for every route that only officers open (HT-07)', () => {
    const asked = new Set(routes.map((r) => r.permission).filter((p) => administration.has(p)))
    expect(asked.size).toBe(administration.size)
  })

  it('from an address that is not listed does not exist, on any of its routes, and the try is in the history (HT-07)', async () => {
    const system = await world.someone('system-officer', 'O')
    const foreign = '192.0.2.7'
    for (const route of routes.filter((r) => administration.has(r.permission))) {
      const input = inputOf(route)
      const payload = payloadOf(input.body)
      const reply = await server.inject({
        method: route.method,
        url: addressOf(route, input),
        remoteAddress: foreign,
        headers: headersOf(route, system.token),
        ...(payload === undefined ? {} : { payload }),
      })
      expect([reply.statusCode, reply.json().code], route.operationId).toEqual([404, 'core.not-found'])
      const never = await ask('/api/no-such-thing', system.token, foreign)
      expect({ ...reply.json(), requestId: '' }).toEqual({ ...never.json(), requestId: '' })
    }
    const told = (await refusals()).map((r) => JSON.parse(r.body)).filter((b) => b.action === 'administration.refused')
    expect(told.length).toBe(routes.filter((r) => administration.has(r.permission)).length)
    expect(told[0]).toMatchObject({ address: foreign, actor: { accountId: system.accountId } })
  })

  it('is open from what is listed, also where the socket writes the address its own way; other work goes on anywhere (HT-07)', async () => {
    const system = await world.someone('system-officer', 'O')
    const secretary = await world.someone('community-secretary', 'OC11')
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', '127.0.0.9'])
      expect((await ask('/api/accounts', system.token, address)).statusCode, address).toBe(200)
    for (const address of ['10.2.0.1', '127.0.0.1', 'fe80::1', '::1'])
      expect((await ask('/api/accounts', system.token, address)).statusCode, address).toBe(404)
    expect((await ask('/api/demands', secretary.token, '192.0.2.7')).statusCode).toBe(200)
    expect((await ask('/api/accounts', null, '192.0.2.7')).statusCode).toBe(401)
  })
})
