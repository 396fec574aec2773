// A test plants its own district in a clone of the migrated template, so nothing is truncated and tenancy is always proven.
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import pg from 'pg'
import { expect, inject } from 'vitest'
import { compose } from '#app.ts'
import { anchorsIn } from '#core/anchor.ts'
import { addHours } from '#core/calendar.ts'
import { Context, type Ground, system, type WriteTx } from '#core/context.ts'
import { loadKeyring, openssl, randomToken, tokenHash } from '#core/crypto.ts'
import { Database } from '#core/db.ts'
import { createDistrict } from '#core/district.ts'
import { limiter, pacer } from '#core/http/limits.ts'
import { newId } from '#core/ids.ts'
import { prepareJobs } from '#core/jobs/queue.ts'
import { migrate } from '#core/migrate.ts'
import { jobs } from '#jobs.ts'
import { insertAccounts, insertRoles } from '#modules/access/index.ts'
import { insertSession } from '#modules/access/store.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { insertPersons, insertRegistrations } from '#modules/people/index.ts'
import { insertLinks, insertUnits, type NewUnit } from '#modules/units/index.ts'
import { readPack } from '#packs.ts'

const TEMPLATE = 'jishi_test_template'

const urlOf = (role: 'owner' | 'app', database: string) => inject('cluster')[role].replace('{database}', database)

async function admin<T>(fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf('owner', 'postgres') })
  await client.connect()
  try {
    return await fn(client)
  } finally {
    await client.end()
  }
}

/** The template is migrated once per run; workers that come at the same time wait for the first. */
async function ensureTemplate() {
  await admin(async (client) => {
    await client.query('select pg_advisory_lock(4711)')
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE])
    if (!rowCount) {
      await client.query(`create database ${TEMPLATE}`)
      await migrate(urlOf('owner', TEMPLATE))
      await prepareJobs(urlOf('owner', TEMPLATE), jobs)
    }
  })
}

export interface Base {
  ownerUrl: string
  appUrl: string
  /** Where the keys and the anchors lie. */
  folder: string
  database: Database
  ground: Ground
  server: FastifyInstance
  changes: { action: string; path: string }[]
  close(): Promise<void>
}

/** A database of its own, migrated, with the server on top; for one test file. */
export async function openBase({ webhooks = [] }: { webhooks?: string[] } = {}): Promise<Base> {
  await ensureTemplate()
  const name = `jishi_test_${randomBytes(6).toString('hex')}`
  await admin(async (client) => {
    await client.query('select pg_advisory_lock(4711)')
    await client.query(`create database ${name} template ${TEMPLATE}`)
  })
  const base = await standOn({
    ownerUrl: urlOf('owner', name),
    appUrl: urlOf('app', name),
    folder: mkdtempSync(join(tmpdir(), 'jishi-keys-')),
    webhooks,
  })
  return {
    ...base,
    close: () => base.close().finally(() => admin((client) => client.query(`drop database ${name} with (force)`))),
  }
}

/** The server on top of a migrated database, wherever it is. */
export async function standOn(
  place: Pick<Base, 'ownerUrl' | 'appUrl' | 'folder'> & { webhooks?: string[] },
): Promise<Base> {
  const { webhooks = [], ...where } = place
  const database = new Database(where.appUrl, { work: 20, heavy: 2 })
  const vault = openssl(loadKeyring(where.folder))
  const anchors = anchorsIn(where.folder, vault)
  const changes: Base['changes'] = []
  const undeclared = new Set<string>()
  const { ground, server } = compose({
    database,
    vault,
    anchors,
    limit: limiter(0),
    pace: pacer(0),
    webhooks,
    changed: (e) => changes.push(e),
    undeclared: (operation, code) => undeclared.add(`${operation}: ${code}`),
  })
  await server.ready()
  return {
    ...where,
    database,
    ground,
    server,
    changes,
    async close() {
      await server.close()
      await database.close()
      // a refusal no client was told of is a fault of the route table
      expect([...undeclared]).toEqual([])
    },
  }
}

/** Someone who asks: every call goes through the real door with his own session. */
export class Asker {
  readonly #server: FastifyInstance
  readonly token: string | null
  readonly personId: string | null
  readonly accountId: string | null
  constructor(
    server: FastifyInstance,
    who: { token: string | null; personId?: string | null; accountId?: string | null },
  ) {
    this.#server = server
    this.token = who.token
    this.personId = who.personId ?? null
    this.accountId = who.accountId ?? null
  }
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const options: InjectOptions = {
      method,
      url: `/api${path}`,
      headers: { ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...headers },
      ...(body === undefined ? {} : { payload: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    }
    if (body !== undefined) options.headers = { 'content-type': 'application/json', ...options.headers }
    const reply = await this.#server.inject(options)
    const json = /json/.test(String(reply.headers['content-type'])) ? (reply.json() as Record<string, any>) : {}
    return { status: reply.statusCode, body: json, headers: reply.headers, raw: reply.rawPayload }
  }
  get = (path: string, headers?: Record<string, string>) => this.call('GET', path, undefined, headers)
  post = (path: string, body: unknown = {}, headers?: Record<string, string>) => this.call('POST', path, body, headers)
  put = (path: string, body: unknown = {}, headers?: Record<string, string>) => this.call('PUT', path, body, headers)
  /** A file as it is. */
  upload = (path: string, file: Buffer, type: string) => this.call('POST', path, file, { 'content-type': type })
  delete = (path: string, headers?: Record<string, string>) => this.call('DELETE', path, undefined, headers)
}

export interface World {
  district: number
  /** ids by short name: places D, S1, S2, C11, C12, C21, E111, E211; organisations O, OS1, OC11, OC21, CITY (department) */
  unit: Record<string, string>
  path: Record<string, string>
  write<T>(fn: (tx: WriteTx) => Promise<T>): Promise<T>
  /** An account with one role at one unit (or several), with a live session. */
  someone(role: string, unit: string, more?: { person?: boolean; register?: string }): Promise<Asker>
  nobody: Asker
}

const OPENED = '2020-01-01'

const tree: [short: string, kind: string, name: string, parent: string | null][] = [
  ['D', 'district', '青石区', null],
  ['S1', 'street', '临江街道', 'D'],
  ['S2', 'town', '柳林镇', 'D'],
  ['C11', 'community', '望江社区', 'S1'],
  ['C12', 'community', '书院社区', 'S1'],
  ['C21', 'village', '柳林村', 'S2'],
  ['E111', 'estate', '江畔花园', 'C11'],
  ['E211', 'estate', '柳荫小区', 'C21'],
]

const orgs: typeof tree = [
  ['O', 'committee', '中共青石区委', null],
  ['OS1', 'working-committee', '临江街道党工委', 'O'],
  ['OC11', 'general-branch', '望江社区党总支', 'OS1'],
  ['OE111', 'estate-branch', '江畔花园小区党支部', 'OC11'],
  ['OC21', 'branch', '柳林村党支部', 'O'],
  ['CITY', 'department', '区城市管理局', 'O'],
]

let nextDistrict = 1

export interface Planting {
  smallGroup?: number
  anchored?: boolean
  exports?: { purpose: number; approval: number }
  photos?: { photos: number; bytes: number }
}

/** Plants one district with two streets, three communities, organisations that serve them, roles and the 365 mechanism. `smallGroup: 0` shows groups of any size. */
export async function plantWorld(base: Base, { anchored = true, ...more }: Planting = {}): Promise<World> {
  const district = nextDistrict++
  const pack = readPack('demo')
  await createDistrict(base.ownerUrl, {
    id: district,
    code: String(420_300 + district),
    name: '青石区',
    pack: 'demo',
    settings: { kinds: pack.kinds, reports: pack.reports, overview: pack.overview, ...more },
  })
  const asker = { token: null, requestId: newId(), address: '127.0.0.1' }
  const ctx = new Context(base.ground, asker, { district, actor: system })
  const unit: Record<string, string> = Object.fromEntries([...tree, ...orgs].map(([short]) => [short, newId()]))
  const path: Record<string, string> = {}
  const write = <T>(fn: (tx: WriteTx) => Promise<T>) =>
    ctx.write(null, 'test.arrange', async (tx) => {
      tx.record({ subject: { kind: 'test', id: newId() }, path: '' })
      return fn(tx)
    })
  await write(async (tx) => {
    const shape =
      (t: 'place' | 'org') =>
      ([short, kind, name, parent]: (typeof tree)[number]): NewUnit => ({
        id: unit[short] as string,
        tree: t,
        kind,
        name,
        parentId: parent ? (unit[parent] as string) : null,
        openedOn: OPENED,
      })
    const placed = await insertUnits(tx, [...tree.map(shape('place')), ...orgs.map(shape('org'))])
    for (const [short, id] of Object.entries(unit)) path[short] = placed.find((p) => p.id === id)?.path ?? ''
    const serves = (from: string, to: string) => ({
      kind: 'serves' as const,
      fromId: unit[from] as string,
      toId: unit[to] as string,
      validFrom: OPENED,
    })
    await insertLinks(tx, [
      serves('O', 'D'),
      serves('OS1', 'S1'),
      serves('OC11', 'C11'),
      serves('OC21', 'C21'),
      serves('OE111', 'E111'),
    ])
    await insertRoles(tx, pack.roles)
    await insertMechanisms(
      tx,
      pack.mechanisms.map(({ owner: _, ...m }) => ({ ...m, ownerId: unit['O'] as string })),
    )
  })
  const someone: World['someone'] = (role, at, more = {}) =>
    write(async (tx) => {
      const found = pack.roles.find((r) => r.id === role)
      const [person] =
        more.person || more.register
          ? await insertPersons(tx, tx.now, [
              {
                name: '林小满',
                sex: '2',
                born: '1990-05-01',
                politics: '01',
                pinyin: 'linxiaoman lxm',
                strokeKey: '08',
                homeId: unit['O'] as string,
                homePath: path['O'] as string,
              },
            ])
          : []
      if (more.register) {
        await insertRegistrations(tx, [
          {
            personId: person?.id as string,
            placeId: unit[more.register] as string,
            placePath: path[more.register] as string,
            organ: '区直机关',
            reportedOn: OPENED,
            confirmedOn: OPENED,
          },
        ])
      }
      const mandates =
        role === 'member' && more.register
          ? []
          : [{ roleId: role, unitId: unit[at] as string, officer: found?.officer ?? null }]
      const [accountId] = await insertAccounts(tx, tx.now, [
        {
          login: `u${randomBytes(8).toString('hex')}`,
          name: `${role}@${at}`,
          personId: person?.id ?? null,
          passwordHash: 'none',
          totpSealed: null,
          mustChange: false,
          mandates,
        },
      ])
      const token = `${district}.${randomToken()}`
      await insertSession(tx, {
        hash: tokenHash(token),
        accountId: accountId as string,
        now: tx.now,
        expiresAt: addHours(tx.now, 12),
        secondFactor: true,
        kind: 'token',
        address: '',
      })
      return new Asker(base.server, { token, personId: person?.id ?? null, accountId: accountId ?? null })
    })
  // as the job does when a process begins to work: without it nothing leaves the house
  if (anchored) await base.ground.anchors?.drop(base.database, district)
  return { district, unit, path, write, someone, nobody: new Asker(base.server, { token: null }) }
}
