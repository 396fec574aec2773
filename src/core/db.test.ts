import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Base, openBase } from '../../test/harness.ts'
import { sql } from 'kysely'
import { type Opened, Database, together } from './db.ts'

let base: Base

beforeAll(async () => {
  base = await openBase()
})

afterAll(() => base.close())

const sleepIn = (database: Database, seconds: number) => {
  const scope = { district: 1, mode: 'read' } as const
  return database.transact(scope, async ({ db }) => {
    await sql`select pg_sleep(${seconds})`.execute(db)
  })
}

test('DE-03 A-72: a database that does not answer is 503 after the patience, its connection is thrown away, and the next work is served', async () => {
  const database = new Database(base.appUrl, { work: 2, heavy: 1 }, { work: 300, heavy: 300 })
  const began = performance.now()
  const frozen = await Promise.allSettled([sleepIn(database, 5), sleepIn(database, 5), sleepIn(database, 5)])
  expect(frozen.map((f) => (f as PromiseRejectedResult).reason.code)).toEqual(Array(3).fill('core.unavailable'))
  expect(performance.now() - began).toBeLessThan(3000)
  expect(await database.bare<{ one: number }>('select 1 as one')).toEqual([{ one: 1 }])
  await expect(database.bare('select pg_sleep(5)')).rejects.toMatchObject({ code: 'core.unavailable' })
  expect(database.depth().read).toEqual({ running: 0, waiting: 0 })
  expect(database.pools().work.waiting).toBe(0)
  await database.close()
})

test('C-13 OV-04: beyond its slots and its queue work is refused at once, not piled up', async () => {
  const database = new Database(base.appUrl, { work: 4, heavy: 1 })
  const scope = { district: 1, mode: 'heavy' } as const
  let open = () => {}
  const gate = new Promise<void>((done) => (open = done))
  const held = Array.from({ length: 42 }, () => database.transact(scope, () => gate))
  await expect(database.transact(scope, async () => {})).rejects.toMatchObject({ code: 'core.busy', status: 503 })
  expect(database.depth().heavy).toEqual({ running: 2, waiting: 40 })
  open()
  await Promise.all(held)
  expect(database.depth().heavy).toEqual({ running: 0, waiting: 0 })
  await database.close()
})

test('statements that travel together end together, and the first failure is the one that is told (CO)', async () => {
  const scope = { district: 1, mode: 'write' } as const
  const ended: string[] = []
  const told = base.database.transact(scope, ({ db }) =>
    together([
      sql`select 1`.execute(db),
      sql`select 1 / 0`.execute(db),
      sql`select 2`.execute(db).catch((e) => {
        ended.push(e.code)
        throw e
      }),
      sql`select pg_sleep(0.1)`.execute(db).finally(() => ended.push('slept')),
    ]),
  )
  await expect(told).rejects.toMatchObject({ code: '22012' })
  expect(ended).toEqual(['25P02', 'slept'])
})

test('a statement after the end of its transaction reaches nobody else’s (CO)', async () => {
  const scope = { district: 1, mode: 'write' } as const
  let kept: Opened['db'] | undefined
  await base.database.transact(scope, async ({ db }) => {
    kept = db
  })
  await expect(sql`select 1`.execute(kept as Opened['db'])).rejects.toThrow('after the end')
})
