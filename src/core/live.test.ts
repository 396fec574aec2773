import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../test/harness.ts'
import { newHub } from './live.ts'

let base: Base
let world: World
let address: string
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  address = await base.server.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => base.close())

interface Heard {
  events: { event: string; data: Record<string, string> }[]
  /** Waits until so many events were heard, or the stream ended. */
  until(n: number): Promise<void>
  close(): void
  response: Response
}

async function listen(who: Asker): Promise<Heard> {
  const stop = new AbortController()
  const response = await fetch(`${address}/api/live`, {
    headers: { authorization: `Bearer ${who.token}` },
    signal: stop.signal,
  })
  const events: Heard['events'] = []
  let wake = () => {}
  let ended = false
  const read = async () => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1]
        if (event) events.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}') })
      }
      wake()
    }
  }
  void read()
    .catch(() => {})
    .finally(() => {
      ended = true
      wake()
    })
  const until = async (n: number) => {
    while (events.length < n && !ended) await new Promise<void>((go) => void (wake = go))
  }
  await until(1)
  return { events, until, close: () => stop.abort(), response }
}

const opened = async (by: Asker, place: string, more: object = {}) =>
  (
    await by.post('/demands', {
      mechanismId: '365-service',
      placeId: world.unit[place],
      category: 'care',
      words: '三号楼有秘密',
      ...more,
    })
  ).body['id'] as string

describe('live boards', () => {
  it('tell each listener what he may see, in his district and subtree, and never content (C-2, REQ-10)', async () => {
    const [secretary, elsewhere, desk, handler] = await Promise.all([
      world.someone('community-secretary', 'OC11'),
      world.someone('community-secretary', 'OC21'),
      world.someone('district-desk', 'O'),
      world.someone('department-handler', 'CITY'),
    ])
    const other = await plantWorld(base)
    const stranger = await other.someone('district-desk', 'O')
    const heard = await Promise.all([secretary, elsewhere, desk, handler, stranger].map(listen))
    const [mine, theirs, all, office, foreign] = heard as [Heard, Heard, Heard, Heard, Heard]
    expect(mine.response.headers.get('content-type')).toContain('text/event-stream')
    expect(mine.response.headers.get('x-content-type-options')).toBe('nosniff')
    const here = await opened(secretary, 'E111')
    const there = await opened(desk, 'C21')
    await desk.post(`/demands/${here}/dispatch`, { leadId: world.unit['CITY'] })
    await opened(desk, 'E111', { report: true, aboutId: world.unit['S1'] })
    const task = await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title: '陪同',
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 1,
    })
    await all.until(5)
    await mine.until(4)
    const told = (h: Heard) => h.events.slice(1).map((e) => [e.data['kind'], e.data['id'], e.data['action']])
    expect(told(all)).toEqual([
      ['demand', here, 'demand.open'],
      ['demand', there, 'demand.open'],
      ['demand', here, 'demand.dispatch'],
      ['task', task.body['id'], 'task.publish'],
    ])
    expect(told(mine)).toEqual([
      ['demand', here, 'demand.open'],
      ['demand', here, 'demand.dispatch'],
      ['task', task.body['id'], 'task.publish'],
    ])
    expect(told(theirs)).toEqual([['demand', there, 'demand.open']])
    expect(told(office)).toEqual([['demand', here, 'demand.dispatch']])
    expect(told(foreign)).toEqual([])
    for (const e of all.events.slice(1))
      expect(Object.keys(e.data).toSorted()).toEqual(['action', 'id', 'kind', 'path'])
    for (const h of heard) h.close()
  })

  it('end when the session ends, at the next check of rights (SE-04, A-18)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const heard = await listen(secretary)
    const hub = base.ground.live as ReturnType<typeof newHub>
    await hub.check()
    expect(heard.events.map((e) => e.event)).toEqual(['open'])
    await world.write((tx) =>
      tx.db
        .updateTable('session')
        .set({ ended_at: tx.now })
        .where('district_id', '=', world.district)
        .where('account_id', '=', secretary.accountId as string)
        .execute(),
    )
    await hub.check()
    await heard.until(2)
    expect(heard.events.at(-1)).toEqual({ event: 'end', data: { why: 'signed-out' } })
  })

  it('follow a mandate that is taken away: nothing more is told (A-18)', async () => {
    const [secretary, desk] = await Promise.all([
      world.someone('community-secretary', 'OC11'),
      world.someone('district-desk', 'O'),
    ])
    const heard = await listen(secretary)
    await world.write((tx) =>
      tx.db
        .updateTable('mandate')
        .set({ valid_to: tx.now })
        .where('district_id', '=', world.district)
        .where('account_id', '=', secretary.accountId as string)
        .execute(),
    )
    await (base.ground.live as ReturnType<typeof newHub>).check()
    const all = await listen(desk)
    await opened(desk, 'E111')
    await all.until(2)
    expect(heard.events).toHaveLength(1)
    for (const h of [heard, all]) h.close()
  })

  it('keep so many streams of one account, the oldest goes; who leaves is forgotten (OV)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const hub = base.ground.live as ReturnType<typeof newHub>
    const before = hub.size()
    const streams: Heard[] = []
    for (let i = 0; i < 7; i++) streams.push(await listen(secretary))
    expect(hub.size()).toBe(before + 6)
    expect(streams[0]?.events.at(-1)).toMatchObject({ event: 'end' })
    for (const s of streams) s.close()
    await expect.poll(() => hub.size(), { timeout: 5000 }).toBeLessThanOrEqual(before)
  })

  it('are for people with a session (AZ)', async () => {
    expect((await fetch(`${address}/api/live`)).status).toBe(401)
  })

  it('let go of a listener that does not read, and refuse more than they can hold (OV-03, C-13)', async () => {
    const hub = newHub(base.ground, { verbs: { demand: 'demand.read' }, most: 1, each: 1, checkMs: 60_000 })
    const actor = { kind: 'system', accountId: 'a', personId: null, name: '', grants: [], provedAt: null }
    const ctx = {
      district: 1,
      asker: { token: null, requestId: '', address: '' },
      read: async (_: null, fn: (tx: unknown) => unknown) => fn({ actor }),
    } as never
    const slow = await hub.listen(ctx)
    await expect(hub.listen({ ...(ctx as object), district: 2 } as never)).rejects.toMatchObject({ code: 'core.busy' })
    const event = {
      district: 1,
      action: 'demand.open',
      path: 'p.1.',
      paths: ['p.1.'],
      subject: { kind: 'demand', id: 'x'.repeat(1000) },
    }
    for (let i = 0; i < 200; i++) hub.tell(event)
    expect(hub.size()).toBe(0)
    expect(slow.readableLength + slow.writableLength).toBeLessThan(200_000)
    hub.close()
  })
})
