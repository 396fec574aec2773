// Migrations interrupted, held up and tampered with, on databases of their own.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { migrate } from './migrate.ts'
import { StartError } from './start-error.ts'

const urlOf = (name: string) => inject('cluster').owner.replace('{database}', name)
const made: string[] = []
let admin: pg.Client

beforeAll(async () => {
  admin = new pg.Client({ connectionString: urlOf('postgres') })
  await admin.connect()
})
afterAll(async () => {
  for (const name of made) await admin.query(`drop database ${name} with (force)`)
  await admin.end()
})

async function empty(): Promise<string> {
  const name = `jishi_migrate_${randomBytes(5).toString('hex')}`
  await admin.query(`create database ${name}`)
  made.push(name)
  return name
}

async function inDatabase<T>(name: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf(name) })
  client.on('error', () => {})
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Everything the migrations made, by name and definition. */
const shapeOf = (name: string) =>
  inDatabase(name, async (client) => {
    const { rows } = await client.query<{ line: string }>(
      `select format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) as line from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace
       union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
       union all select tgname || ' ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
       union all select name || ' ' || sum from migration order by 1`,
    )
    return rows.map((r) => r.line)
  })

test('MI-02: cut off in the middle again and again, the migrations go on where they were, and end as if nothing had happened', async () => {
  const [whole, broken] = [await empty(), await empty()]
  await migrate(urlOf(whole))
  let cuts = 0
  for (let done = false; !done; ) {
    const running = migrate(urlOf(broken)).then(
      () => true,
      () => false,
    )
    await sleep(20 + Math.random() * 120 + cuts * 15)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [broken])
    done = await running
    if (!done) cuts++
  }
  expect(cuts).toBeGreaterThan(2)
  expect(await shapeOf(broken)).toEqual(await shapeOf(whole))
  expect(await migrate(urlOf(broken))).toEqual([])
})

test('MI-07: a migration that was edited after it ran is refused by its name, and nothing is touched', async () => {
  const name = await empty()
  const [first] = await migrate(urlOf(name))
  await inDatabase(name, (c) => c.query(`update migration set sum = repeat('0', 64) where name = $1`, [first]))
  const before = await shapeOf(name)
  const refused = await migrate(urlOf(name)).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StartError)
  expect((refused as StartError).message).toContain(first)
  expect(await shapeOf(name)).toEqual(before)
})

test('MI-04: while somebody holds a table, a migration waits two seconds at a time and lets others go first, then goes through', async () => {
  const name = await empty()
  const applied = await migrate(urlOf(name))
  await inDatabase(name, async (c) => {
    await c.query('drop table export')
    await c.query('delete from migration where name = $1', [applied.find((n) => n.includes('exports'))])
  })
  await inDatabase(name, async (holder) => {
    await holder.query('begin; lock table account in row exclusive mode')
    const running = migrate(urlOf(name))
    const waits: number[] = []
    await inDatabase(name, async (writer) => {
      for (let i = 0; i < 12; i++) {
        const began = performance.now()
        // what an official's request does meanwhile
        await writer.query('update account set name = name where false')
        waits.push(performance.now() - began)
        await sleep(400)
      }
    })
    await holder.query('rollback')
    expect(await running).toEqual([expect.stringContaining('exports')])
    expect(Math.max(...waits)).toBeLessThan(2600)
    expect(waits.filter((w) => w < 200).length).toBeGreaterThan(2)
  })
}, 60_000)
