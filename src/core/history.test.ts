import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../test/harness.ts'
import { appending, laneOf, verify } from './history.ts'
import { newId } from './ids.ts'

let base: Base
let world: World
let subject: string
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

/** Ten entries about one subject, so they stand in one chain. */
beforeEach(async () => {
  world = await plantWorld(base)
  const { rows } = await owner('select lane from history_head where district_id = $1 and seq = 0 limit 1', [
    world.district,
  ])
  // a subject whose chain is still empty, so that its entries are numbered 1 … 10
  subject = `${newId().slice(0, -4)}${Number(rows[0].lane).toString(16).padStart(4, '0')}`
  for (let i = 0; i < 10; i++) await direct(subject, i)
})

async function direct(id: string, n: number) {
  await base.database.transact({ district: world.district, mode: 'write' }, async ({ db, now, last }) =>
    last(
      appending(
        db,
        world.district,
        {
          at: now,
          action: `test.step${n}`,
          actor: { accountId: null, personId: null, name: '系统', kind: 'system' },
          requestId: 'r',
          address: '',
          subject: { kind: 'test', id },
          path: '',
          change: { n: [null, n], words: '换行\n与"引号"\u001b[31m' },
        },
        null,
      ),
    ),
  )
}

async function owner(text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: base.ownerUrl })
  await client.connect()
  try {
    await client.query(`set app.district = ${world.district}`)
    return await client.query(text, values)
  } finally {
    await client.end()
  }
}

const faults = async () => {
  const { flaws } = await base.database.transact({ district: world.district, mode: 'heavy' }, ({ db }) =>
    verify(db, world.district),
  )
  return flaws.filter((f) => f.lane === laneOf(subject)).map((f) => f.fault)
}
const at = (seq: string) => `district_id = ${world.district} and lane = ${laneOf(subject)} and seq = ${seq}`
const last = `(select seq from history_head where district_id = $1 and lane = $2)`

describe('a chain', () => {
  it('is sound as written, whatever the text in it (A-39, AD-12)', async () => {
    const { flaws, entries } = await base.database.transact({ district: world.district, mode: 'heavy' }, ({ db }) =>
      verify(db, world.district),
    )
    expect(flaws).toEqual([])
    expect(entries).toBe(11)
    expect(await faults()).toEqual([])
  })

  const tampers: Record<string, { change: () => string; fault: string }> = {
    'a changed text': {
      change: () => `update history set body = replace(body, 'test.step4', 'test.step5') where ${at(String(5))}`,
      fault: 'changed',
    },
    'a text and hash changed together': {
      change: () =>
        `update history set body = body || ' ', hash = sha256(hash || convert_to(body || ' ', 'UTF8')) where ${at(String(5))}`,
      fault: 'changed',
    },
    'a removed entry': { change: () => `delete from history where ${at(String(5))}`, fault: 'missing' },
    'two entries changing places': {
      change: () =>
        `update history h set body = o.body, hash = o.hash from history o where h.district_id = ${world.district} and o.district_id = h.district_id and h.lane = ${laneOf(subject)} and o.lane = h.lane and h.seq in (5, 6) and o.seq = 11 - h.seq`,
      fault: 'changed',
    },
    'an entry put in': {
      change: () =>
        `insert into history select district_id, lane, 11 + seq, hash, at, action, actor_id, subject_kind, subject_id, unit_path, body from history where ${at(String(10))}`,
      fault: 'missing',
    },
    'a cut tail': { change: () => `delete from history where ${at(String(10))}`, fault: 'head' },
    'a searched column changed: action': {
      change: () => `update history set action = 'x' where ${at(String(5))}`,
      fault: 'columns',
    },
    'a searched column changed: time': {
      change: () => `update history set at = at + interval '1 day' where ${at(String(5))}`,
      fault: 'columns',
    },
    'a searched column changed: actor': {
      change: () => `update history set actor_id = '${newId()}' where ${at(String(5))}`,
      fault: 'columns',
    },
    'a searched column changed: subject': {
      change: () => `update history set subject_id = '${newId()}' where ${at(String(5))}`,
      fault: 'columns',
    },
    'a searched column changed: kind': {
      change: () => `update history set subject_kind = 'x' where ${at(String(5))}`,
      fault: 'columns',
    },
    'a searched column changed: unit': {
      change: () => `update history set unit_path = 'p.00001.' where ${at(String(5))}`,
      fault: 'columns',
    },
    'a head set back': {
      change: () =>
        `update history_head set seq = seq - 1 where district_id = ${world.district} and lane = ${laneOf(subject)}`,
      fault: 'head',
    },
  }
  for (const [what, { change, fault }] of Object.entries(tampers))
    it(`shows ${what}, done as the owner of the database (A-39, AD-05)`, async () => {
      expect((await owner(change())).rowCount).toBeGreaterThan(0)
      expect(await faults()).toContain(fault)
    })

  it('stays one chain when sixteen write about one subject at once (AD-13)', async () => {
    await Promise.all(Array.from({ length: 48 }, (_, i) => direct(subject, i)))
    expect(await faults()).toEqual([])
    const { rows } = await owner(`select ${last} as seq`, [world.district, laneOf(subject)])
    expect(rows[0].seq).toBe('58')
  })
})

describe('the application’s role', () => {
  const app = (text: string) =>
    base.database.transact({ district: world.district, mode: 'write' }, ({ db }) => sql.raw(text).execute(db))

  it('may not change, remove, cut or switch off history (AD-04, A-41)', async () => {
    for (const text of [
      'update history set body = body',
      'delete from history',
      'truncate history',
      'alter table history disable trigger all',
      'drop table history',
      'delete from history_head',
      'set session_replication_role = replica',
    ])
      await expect(app(text), text).rejects.toMatchObject({ code: '42501' })
  })

  it('can’t commit a change without a history entry, nor record one without making it (A-38)', async () => {
    const change = `update unit set sort = 9 where district_id = ${world.district}`
    await expect(app(change)).rejects.toMatchObject({ code: 'JS001' })
    await expect(
      world.write(async (tx) => tx.record({ subject: { kind: 'test', id: subject }, path: '' })),
    ).rejects.toThrow('one use case, one history entry')
  })

  it('records every change in its own transaction, and none when it fails (A-38, AD-01)', async () => {
    const count = async () =>
      (await owner('select count(*) as n from history where district_id = $1', [world.district])).rows[0].n
    const before = await count()
    await expect(world.write(async () => Promise.reject(new Error('broken off')))).rejects.toThrow('broken off')
    expect(await count()).toBe(before)
    await world.write(async () => null)
    expect(Number(await count())).toBe(Number(before) + 1)
  })
})
