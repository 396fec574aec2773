// The database at its worst, behind the real door: cut at every message, refusing, locked, read-only. All or nothing, told as 503.
import { createServer as listen, connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compose } from '#app.ts'
import { Database } from '#core/db.ts'
import { limiter } from '#core/http/limits.ts'
import { newId } from '#core/ids.ts'
import { Asker, type Base, openBase, plantWorld, type World } from './harness.ts'

let base: Base
let world: World
let owner: pg.Client
let secretary: Asker

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  secretary = await world.someone('community-secretary', 'OC11')
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await base.close()
})

const count = async (words: string) => {
  const { rows } = await owner.query(
    `select (select count(*)::int from demand d join history h on h.district_id = d.district_id and h.subject_id = d.id
       where d.district_id = $1 and h.action = 'demand.open' and d.title = $2) as told,
      (select count(*)::int from demand where district_id = $1 and title = $2) as made`,
    [world.district, words],
  )
  return rows[0] as { told: number; made: number }
}

const raise = (by: Asker, words: string, key = newId()) =>
  by.post(
    '/demands',
    { mechanismId: '365-service', placeId: world.unit['E111'], category: 'facility', title: words, words },
    { 'idempotency-key': key },
  )

/** The messages of the protocol in what arrived: a letter, a length, the rest. */
function* messagesOf(data: Buffer) {
  for (let at = 0; at < data.length; ) {
    const end = at + 1 + data.readUInt32BE(at + 1)
    yield data.subarray(at, end)
    at = end
  }
}

/** A wire between Jishi and PostgreSQL that breaks on order. */
class Wire {
  /** messages that still pass; the next one breaks both ends */
  left = Number.POSITIVE_INFINITY
  passed = 0
  /** breaks when COMMIT is done and before Jishi hears of it */
  loseAnswer = false
  readonly #server = listen((from) => this.#carry(from))
  readonly #target: URL

  constructor(target: string) {
    this.#target = new URL(target)
  }

  async url(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    const { port } = this.#server.address() as { port: number }
    const url = new URL(this.#target)
    url.host = `127.0.0.1:${port}`
    url.search = ''
    return url.href
  }

  #carry(from: Socket) {
    const folder = this.#target.searchParams.get('host')
    const to = connect(`${folder}/.s.PGSQL.${this.#target.searchParams.get('port')}`)
    const cut = () => {
      from.destroy()
      to.destroy()
    }
    let greeted = false
    for (const end of [from, to]) end.on('error', () => {}).on('close', cut)
    from.on('data', (data) => {
      // the greeting has no letter
      for (const message of greeted ? messagesOf(data) : [data]) {
        if (this.left <= 0) return void to.end(cut)
        this.left--
        this.passed++
        to.write(message)
      }
      greeted = true
    })
    to.on('data', (data) => (this.loseAnswer && data.includes('COMMIT\0') ? cut() : from.write(data)))
  }

  close = () => this.#server.close()
}

describe('a connection that is cut', () => {
  let wire: Wire
  let database: Database
  let server: FastifyInstance
  let asker: Asker
  beforeAll(async () => {
    wire = new Wire(base.appUrl)
    database = new Database(await wire.url(), { work: 2, heavy: 1 })
    const { vault } = base.ground
    server = compose({ database, vault, limit: limiter(0) }).server
    await server.ready()
    asker = new Asker(server, { token: secretary.token })
  })
  afterAll(async () => {
    await server.close()
    await database.close()
    wire.close()
  })
  afterEach(() => {
    wire.left = Number.POSITIVE_INFINITY
    wire.loseAnswer = false
  })

  it('between any two messages of a write leaves all or nothing; the same key then tells the truth (DU-02, CO-13)', async () => {
    expect((await raise(asker, '先通一次')).status).toBe(201)
    wire.passed = 0
    expect((await raise(asker, '数一数')).status).toBe(201)
    const messages = wire.passed
    expect(messages).toBeGreaterThan(12)
    for (let at = 0; at <= messages; at++) {
      const words = `第${at}次断开`
      const key = newId()
      wire.left = at
      const broken = await raise(asker, words, key)
      wire.left = Number.POSITIVE_INFINITY
      expect([201, 503], words).toContain(broken.status)
      const { made, told } = await count(words)
      expect(told, words).toBe(made)
      if (broken.status === 201) expect(made).toBe(1)
      const again = await raise(asker, words, key)
      expect(again.status, words).toBe(201)
      expect(await count(words), words).toEqual({ made: 1, told: 1 })
    }
  })

  it('after COMMIT went out and before its answer is 503 “unknown”, and the same key brings the one that was made (DE-02)', async () => {
    const key = newId()
    wire.loseAnswer = true
    const unknown = await raise(asker, '答复丢失', key)
    wire.loseAnswer = false
    expect(unknown).toMatchObject({ status: 503, body: { code: 'core.unavailable' } })
    expect(await count('答复丢失')).toEqual({ made: 1, told: 1 })
    const again = await raise(asker, '答复丢失', key)
    expect(again.status).toBe(201)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(await count('答复丢失')).toEqual({ made: 1, told: 1 })
  })
})

describe('a database that refuses', () => {
  const name = () => new URL(base.ownerUrl).pathname.slice(1)
  const dropConnections = () =>
    owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'jishi_app'`,
    )

  it.each([
    ['takes no history', 'revoke insert on history from jishi_app', 'grant insert on history to jishi_app'],
    [
      'is read-only',
      'alter database {} set default_transaction_read_only = on',
      'alter database {} reset default_transaction_read_only',
    ],
    ['has no connection left', 'alter database {} connection limit 0', 'alter database {} connection limit -1'],
    [
      'does not let the application in',
      'revoke connect on database {} from public',
      'grant connect on database {} to public',
    ],
  ])(
    'because it %s is 503, keeps nothing without its record, and is used again by itself (AD-06, DE-05)',
    async (why, breaks, mends) => {
      await owner.query(breaks.replace('{}', name()))
      await dropConnections()
      try {
        for (let i = 0; i < 3; i++) expect((await raise(secretary, why)).status, why).toBe(503)
        expect(await count(why)).toEqual({ made: 0, told: 0 })
      } finally {
        await owner.query(mends.replace('{}', name()))
      }
      // a connection that was opened meanwhile is found out by its next write
      await expect.poll(async () => (await raise(secretary, why)).status, { timeout: 5000 }).toBe(201)
      expect(await count(why)).toEqual({ made: 1, told: 1 })
    },
  )

  it('because somebody holds the head of the history is 503 within ten seconds (AD-06)', async () => {
    await owner.query('begin')
    await owner.query('select 1 from history_head where district_id = $1 for update', [world.district])
    const began = performance.now()
    const held = await raise(secretary, '等锁')
    expect(held).toMatchObject({ status: 503, body: { code: 'core.busy' } })
    expect(performance.now() - began).toBeLessThan(10_000)
    await owner.query('rollback')
    expect(await count('等锁')).toEqual({ made: 0, told: 0 })
    expect((await raise(secretary, '等锁')).status).toBe(201)
  })
})
