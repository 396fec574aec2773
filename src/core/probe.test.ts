import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { probeDatabase } from './probe.ts'

const url = (database: string) => inject('cluster').owner.replace('{database}', database)
const made: string[] = []
let admin: pg.Client

// Each case gets a database of its own: the probe makes extensions.
async function inDatabase(options: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const name = `probe_${process.pid}_${made.length}`
  made.push(name)
  await admin.query(`create database ${name} template template0 ${options}`)
  const client = new pg.Client(url(name))
  await client.connect()
  try {
    // The cluster of the test run gives up durability, which the probe must refuse; a session may set the part that it may.
    await act(client)
  } finally {
    await client.end()
  }
}

// fsync is a server setting: what a durable server answers is put in front of the real one.
const durable = (client: pg.Client, answers: Record<string, string> = {}) => {
  const settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', ...answers }
  return client.query(
    `create function public.current_setting(name text) returns text language sql as $$
       select coalesce(('${JSON.stringify(settings)}'::json) ->> name, pg_catalog.current_setting(name)) $$;
     set search_path = public, pg_catalog`,
  )
}

beforeAll(async () => {
  admin = new pg.Client(url('postgres'))
  await admin.connect()
})

afterAll(async () => {
  for (const name of made) await admin.query(`drop database if exists ${name} with (force)`)
  await admin.end()
})

describe('database probe', () => {
  test('a sound database passes, gets its extensions, and passes again', async () => {
    await inDatabase(`locale 'C.UTF-8'`, async (client) => {
      await durable(client)
      await probeDatabase(client)
      await probeDatabase(client)
      const { rows } = await client.query('select extname from pg_extension order by 1')
      expect(rows.map((row) => row.extname)).toEqual(['btree_gist', 'pg_trgm', 'plpgsql'])
    })
  })

  test('a database that gives up durability is refused by the name of the setting', async () => {
    await inDatabase(`locale 'C.UTF-8'`, async (client) => {
      await expect(probeDatabase(client)).rejects.toThrow(/关闭了 fsync/)
      await durable(client, { synchronous_commit: 'off' })
      await expect(probeDatabase(client)).rejects.toThrow(/关闭了 synchronous_commit，/)
    })
  })

  test('LC_CTYPE=C is refused, because Chinese search would silently find nothing', async () => {
    await inDatabase(`locale 'C'`, async (client) => {
      await durable(client)
      await expect(probeDatabase(client)).rejects.toThrow(/LC_CTYPE/)
    })
  })

  test('an encoding other than UTF8 is refused', async () => {
    await inDatabase(`locale 'C' encoding 'SQL_ASCII'`, async (client) => {
      await expect(probeDatabase(client)).rejects.toThrow(/SQL_ASCII/)
    })
  })

  test('an old server is refused', async () => {
    await inDatabase(`locale 'C.UTF-8'`, async (client) => {
      await durable(client, { server_version_num: '140012' })
      await expect(probeDatabase(client)).rejects.toThrow(/PostgreSQL 14，需要 15/)
    })
  })

  test('a role that may not create the extensions is told what to ask the administrator for', async () => {
    await inDatabase(`locale 'C.UTF-8'`, async (client) => {
      await durable(client)
      await client.query('grant usage on schema public to jishi_app; set role jishi_app')
      await expect(probeDatabase(client)).rejects.toThrow(/create extension pg_trgm/)
    })
  })
})
