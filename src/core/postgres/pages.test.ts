// A cluster of its own, so that it may be damaged.
import { chmodSync, closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Postgres, startPostgres } from '../postgres.ts'
import { findDamage } from './pages.ts'

let folder: string
let postgres: Postgres
let client: pg.Client

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jishi-pages-'))
  chmodSync(folder, 0o711)
  postgres = await startPostgres({ folder: join(folder, 'data'), log: () => {} })
  client = new pg.Client({ connectionString: postgres.url('owner') })
  await client.connect()
  await client.query(`create table roster (id int primary key, words text);
    insert into roster select n, repeat(md5(n::text), 10) from generate_series(1, 20000) n; checkpoint`)
}, 120_000)
afterAll(async () => {
  await client.end()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** One bit of one page, as a failing disk turns it. */
async function flip(relation: string, page: number) {
  const { rows } = await client.query(
    `select current_setting('data_directory') || '/' || pg_relation_filepath($1) as path`,
    [relation],
  )
  const file = openSync(rows[0].path, 'r+')
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, page * 8192 + 5000)
  byte[0] = (byte[0] as number) ^ 1
  writeSync(file, byte, 0, 1, page * 8192 + 5000)
  closeSync(file)
}

test('DU-06: every page of a sound cluster is read and found sound, also while it is written', async () => {
  let on = true
  const writing = (async () => {
    const writer = new pg.Client({ connectionString: postgres.url('owner') })
    await writer.connect()
    while (on) await writer.query(`update roster set words = md5(random()::text) where id % 50 = 3; checkpoint`)
    await writer.end()
  })()
  const { pages, damage } = await findDamage(postgres.url('owner'))
  on = false
  await writing
  expect(pages).toBeGreaterThan(3000)
  expect(damage).toEqual([])
})

test('DU-06: one turned bit in a table and one in an index are found, and named, while every query still answers', async () => {
  await client.query('checkpoint')
  await flip('roster', 7)
  await flip('roster_pkey', 3)
  expect((await client.query('select count(*)::int as n from roster')).rows).toEqual([{ n: 20_000 }])
  const { damage } = await findDamage(postgres.url('owner'))
  expect(damage.toSorted((a, b) => (a.what < b.what ? -1 : 1))).toEqual([
    { what: 'roster', page: 7 },
    { what: 'roster_pkey', page: 3 },
  ])
})
