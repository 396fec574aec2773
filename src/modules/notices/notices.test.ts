import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { isInner, isListable, outboundTo } from '#core/outbound.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { open } from '../demands/fixtures.ts'
import { announceEditions, announceRestatements } from './actions/announce.ts'
import { deliver } from './actions/deliver.ts'
import { nextTry } from './rules.ts'

interface Got {
  headers: IncomingHttpHeaders
  body: string
}

let base: Base
let world: World
let officer: Asker
let receiver: Server
let at: string
let got: Got[] = []
let answer: { status: number; headers?: Record<string, string> } = { status: 204 }

beforeAll(async () => {
  receiver = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (d: Buffer) => parts.push(d))
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
      reply.writeHead(answer.status, answer.headers).end()
    })
  })
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
  at = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  base = await openBase({ webhooks: [at, 'hooks.example.cn'] })
  world = await plantWorld(base, { smallGroup: 0 })
  officer = await world.someone('system-officer', 'O')
  await base.ground.anchors?.drop(base.database, world.district)
})
afterAll(async () => {
  await base.close()
  receiver.close()
})
beforeEach(() => {
  got = []
  answer = { status: 204 }
})

const context = () =>
  new Context(
    base.ground,
    { token: null, requestId: newId(), address: '' },
    { district: world.district, actor: system },
  )
const log = async (id: string) =>
  (await officer.get(`/webhooks/${id}/deliveries`)).body['rows'] as Record<string, any>[]
const deliverAll = async (id: string) => {
  for (const d of await log(id)) if (d['state'] === 'waiting') await deliver(context(), d['id'])
}
const verified = (secret: string, { headers, body }: Got) =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, any>

let paths = 0
async function add(types = ['edition.signed', 'edition.restated']) {
  const { status, body } = await officer.post('/webhooks', { url: `${at}/${paths++}`, types })
  expect(status).toBe(201)
  return body as { id: string; secret: string }
}
const end = (id: string) => officer.post(`/webhooks/${id}/end`, { reason: '试完' })

async function signed() {
  const desk = await world.someone('district-desk', 'O')
  const leader = await world.someone('leader', 'O')
  const { body } = await desk.post('/editions', {
    title: '年度数字',
    unit: world.unit['O'],
    period: '2026',
    measures: ['demands.raised'],
  })
  expect((await leader.post(`/editions/${body['id']}/signature`)).status).toBe(200)
  return body['id'] as string
}

describe('a webhook', () => {
  it('is told of a signed edition once, with a signature anybody can check by the standard', async () => {
    const hook = await add()
    const edition = await signed()
    await announceEditions(context())
    await announceEditions(context())
    await deliverAll(hook.id)
    expect(got).toHaveLength(1)
    const message = verified(hook.secret, got[0] as Got)
    expect(message).toMatchObject({ type: 'edition.signed', data: { editionId: edition, title: '年度数字' } })
    expect(() => verified(`whsec_${Buffer.alloc(32).toString('base64')}`, got[0] as Got)).toThrow()
    expect(await log(hook.id)).toMatchObject([{ state: 'delivered', status: 204, attempts: 1 }])
    await end(hook.id)
  })

  it('hears of another number than was signed, and again only when it changed once more', async () => {
    const edition = await signed()
    const hook = await add(['edition.restated'])
    await announceRestatements(context())
    expect(await log(hook.id)).toEqual([])
    await open(world, await world.someone('community-secretary', 'OC11'))
    await announceRestatements(context())
    await announceRestatements(context())
    await deliverAll(hook.id)
    const told = got.map((g) => verified(hook.secret, g)).filter((m) => m['data'].editionId === edition)
    expect(told).toHaveLength(1)
    const { figures } = (told[0] as Record<string, any>)['data']
    expect(figures[0].now - figures[0].signed).toBe(1)
    await end(hook.id)
  })

  it('is tried again after a fault, under the same id, and stops by itself after the last', async () => {
    const hook = await add()
    answer = { status: 500 }
    expect((await officer.post(`/webhooks/${hook.id}/tests`)).status).toBe(201)
    await deliverAll(hook.id)
    expect(await log(hook.id)).toMatchObject([{ state: 'waiting', status: 500, attempts: 1, fault: '对方答复 500' }])
    answer = { status: 200 }
    await deliverAll(hook.id)
    expect(await log(hook.id)).toMatchObject([{ state: 'delivered', attempts: 2 }])
    expect(new Set(got.map((g) => g.headers['webhook-id'])).size).toBe(1)
    answer = { status: 503 }
    await officer.post(`/webhooks/${hook.id}/tests`)
    for (let i = 0; i < 9; i++) await deliverAll(hook.id)
    const rows = (await officer.get('/webhooks')).body['rows'] as Record<string, unknown>[]
    expect(rows.find((r) => r['id'] === hook.id)).toMatchObject({ state: 'stopped', failed: 1 })
    expect((await officer.post(`/webhooks/${hook.id}/tests`)).body['code']).toBe('notice.webhook-state')
    expect((await officer.post(`/webhooks/${hook.id}/resumption`)).status).toBe(200)
    await end(hook.id)
  })

  it('that answers 410 is told nothing more, from the first such answer on', async () => {
    const hook = await add()
    answer = { status: 410 }
    await officer.post(`/webhooks/${hook.id}/tests`)
    await deliverAll(hook.id)
    expect(await log(hook.id)).toMatchObject([{ state: 'failed', status: 410, attempts: 1 }])
    const rows = (await officer.get('/webhooks')).body['rows'] as Record<string, unknown>[]
    expect(rows.find((r) => r['id'] === hook.id)).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('410'),
    })
    await end(hook.id)
  })

  it('carries both signatures for a day after a change of secret', async () => {
    const hook = await add()
    const { body } = await officer.post(`/webhooks/${hook.id}/secret`)
    await officer.post(`/webhooks/${hook.id}/tests`)
    await deliverAll(hook.id)
    for (const secret of [hook.secret, body['secret']])
      expect(verified(secret, got[0] as Got)['type']).toBe('webhook.test')
    await end(hook.id)
  })

  it('is not followed elsewhere (IN-24)', async () => {
    const hook = await add()
    answer = { status: 302, headers: { location: `${at}/inner` } }
    await officer.post(`/webhooks/${hook.id}/tests`)
    await deliverAll(hook.id)
    expect(got).toHaveLength(1)
    expect((await log(hook.id))[0]?.['fault']).toContain('不予跟随')
    await end(hook.id)
  })

  it('is nothing a desk may keep (AZ-29)', async () => {
    const desk = await world.someone('district-desk', 'O')
    expect((await desk.get('/webhooks')).status).toBe(403)
  })
})

describe('the way out (IN-23, IN-26)', () => {
  it('leads only to what the operator listed', async () => {
    for (const url of [
      'https://elsewhere.example.cn/',
      'http://hooks.example.cn/',
      'https://hooks.example.cn:8443/',
      'https://u:p@hooks.example.cn/',
    ]) {
      const { status, body } = await officer.post('/webhooks', { url, types: ['edition.signed'] })
      expect([url, status, body['code']]).toEqual([url, 422, 'notice.webhook-not-listed'])
    }
    expect((await officer.post('/webhooks', { url: 'file:///etc/passwd', types: ['edition.signed'] })).status).toBe(400)
  })

  it('does not lead into the house through a name', async () => {
    await expect(outboundTo(['localhost.localdomain']).post('https://localhost.localdomain/', {}, '')).rejects.toThrow()
    for (const inside of [
      '127.0.0.1',
      '10.1.1.1',
      '169.254.169.254',
      '192.168.0.9',
      '::1',
      'fd00::1',
      '::ffff:127.0.0.1',
      'fe80::1',
    ])
      expect([inside, isInner(inside)]).toEqual([inside, true])
    for (const outside of ['8.8.8.8', '2400:3200::1']) expect([outside, isInner(outside)]).toEqual([outside, false])
  })

  it('is listed as a name, or as a whole origin', () => {
    expect(['hooks.example.cn', 'http://10.1.2.3:8080', 'https://hooks.example.cn'].map(isListable)).toEqual([
      true,
      true,
      true,
    ])
    expect(
      ['*', '10.1.2.3', 'hooks.example.cn/path', 'ftp://hooks.example.cn', 'localhost', ''].map(isListable),
    ).toEqual(Array.from({ length: 6 }, () => false))
  })
})

describe('pauses', () => {
  it('grow, and end', () => {
    const now = '2026-11-25T00:00:00.000Z'
    expect(nextTry(1, now, 0)).toBe('2026-11-25T00:01:00.000Z')
    expect(nextTry(7, now, 0)).toBe('2026-11-25T14:00:00.000Z')
    expect(nextTry(8, now, 0)).toBeNull()
  })
})
