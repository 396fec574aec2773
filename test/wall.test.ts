// The second wall and the rule of distribution, checked over the whole catalogue: a new table is in it the moment it exists.
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from './harness.ts'

/** One row per district or none: copied to every node of a distributed database. */
const reference = ['district']
/** Belong to one node; hold nothing of a district. */
const local = ['migration']

let base: Base
let one: World
let two: World
let app: pg.Client
beforeAll(async () => {
  base = await openBase()
  one = await plantWorld(base)
  two = await plantWorld(base)
  await one.someone('member', 'C11', { register: 'C11' })
  await two.someone('member', 'C11', { register: 'C11' })
  app = new pg.Client({ connectionString: base.appUrl })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await base.close()
})

const tables = async () => {
  const rows = await base.database.bare<{ name: string; rls: boolean; forced: boolean; owner: string }>(
    `select relname as name, relrowsecurity as rls, relforcerowsecurity as forced, pg_get_userbyid(relowner) as owner from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  return rows.filter((r) => ![...reference, ...local].includes(r.name))
}

describe('every table of a district', () => {
  it('has forced row security, is not the application’s, and no view or function goes around it (MI-05, A-20)', async () => {
    const found = await tables()
    expect(found.length).toBeGreaterThan(20)
    expect(found.filter((t) => !t.rls || !t.forced || t.owner === 'jishi_app').map((t) => t.name)).toEqual([])
    expect(
      await base.database.bare(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f')`,
      ),
    ).toEqual([])
    const definers = await base.database.bare<{ name: string }>(
      `select proname as name, pronargs as arguments, array_to_string(proconfig, ';') like '%search_path=%' as pinned, has_function_privilege('public', oid, 'execute') as open
       from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
    )
    // reviewed: each takes nothing, returns nothing and runs ANALYZE on tables it names itself
    expect(definers.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
      ['refresh_people_statistics', 'refresh_unit_statistics'].map((name) => ({
        name,
        arguments: 0,
        pinned: true,
        open: false,
      })),
    )
    const policies = await base.database.bare<{ name: string; qual: string; with_check: string; roles: string }>(
      `select tablename as name, qual, with_check, roles::text from pg_policies where schemaname = 'public'`,
    )
    for (const { name } of found) {
      const own = policies.filter((p) => p.name === name)
      expect(own, name).toMatchObject([
        {
          qual: '(district_id = current_district())',
          with_check: '(district_id = current_district())',
          roles: '{public}',
        },
      ])
    }
  })

  it('shows nothing and takes nothing while no district is set (AZ-33, AZ-34)', async () => {
    for (const { name } of await tables()) {
      const read = await app
        .query(`select count(*) as n from ${name}`)
        .catch((e: { code: string }) => ({ rows: [{ n: e.code === '42501' ? '0' : e.code }] }))
      expect(read.rows[0].n, name).toBe('0')
    }
    await expect(
      app.query(`insert into counter (district_id, name, value) values ($1, 'x', 1)`, [one.district]),
    ).rejects.toMatchObject({ code: '42501' })
    await app.query('begin')
    await app.query(`set local app.district = ${one.district}`)
    expect(Number((await app.query('select count(*) as n from unit')).rows[0].n)).toBeGreaterThan(10)
    await app.query('rollback')
    // the setting went with the transaction: the next user of this connection has none
    expect((await app.query('select count(*) as n from unit')).rows[0].n).toBe('0')
  })

  it('shows and takes nothing of another district, by any statement (AZ-25, A-19)', async () => {
    for (const { name } of await tables()) {
      await app.query('begin')
      await app.query(`set local app.district = ${two.district}`)
      const foreign = async (text: string) => {
        await app.query('savepoint s')
        const result = await app.query(text).catch((e: { code: string }) => ({ rowCount: 0, code: e.code }))
        await app.query('rollback to savepoint s')
        return result
      }
      const d = one.district
      expect((await foreign(`select 1 from ${name} where district_id = ${d}`)).rowCount, name).toBe(0)
      expect(
        (await foreign(`update ${name} set district_id = ${two.district} where district_id = ${d}`)).rowCount,
        name,
      ).toBe(0)
      expect((await foreign(`delete from ${name} where district_id = ${d}`)).rowCount, name).toBe(0)
      // a row may not be moved into another district either: refused by the wall, or by the missing power to update at all
      const moved = (await foreign(`update ${name} set district_id = ${d}`)) as { rowCount: number; code?: string }
      expect(moved.rowCount === 0 || moved.code !== undefined, `${name} moved ${moved.rowCount}`).toBe(true)
      await app.query('rollback')
    }
    await app.query('begin')
    await app.query(`set local app.district = ${two.district}`)
    await expect(
      app.query(`insert into counter (district_id, name, value) values (${one.district}, 'x', 1)`),
    ).rejects.toMatchObject({ code: '42501' })
    await app.query('rollback')
  })

  it('leads with district_id in every key, and refers only inside its district (the Citus rule)', async () => {
    const rows = await base.database.bare<{
      name: string
      constraint: string
      kind: string
      first: string
      target: string | null
      columns: string[]
    }>(
      `select c.relname as name, k.conname as constraint, k.contype::text as kind, t.relname as target,
         (select attname from pg_attribute a where a.attrelid = c.oid and a.attnum = coalesce(k.conkey[1], 0)) as first,
         array(select attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any(k.conkey)) as columns
       from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class t on t.oid = k.confrelid
       where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'x', 'f')`,
    )
    const wanted = new Set((await tables()).map((t) => t.name))
    const wrong = rows.filter(
      (r) =>
        wanted.has(r.name) &&
        (!r.columns.includes('district_id') || r.first !== 'district_id') &&
        !(r.kind === 'f' && reference.includes(r.target ?? '')),
    )
    expect(wrong).toEqual([])
    const indexes = await base.database.bare<{ name: string; index: string; first: string | null }>(
      `select c.relname as name, i.relname as index, a.attname as first from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
         left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0] where c.relnamespace = 'public'::regnamespace and x.indisunique`,
    )
    expect(indexes.filter((i) => wanted.has(i.name) && i.first !== 'district_id')).toEqual([])
    const columns = await base.database.bare<{ name: string; position: number; nullable: string }>(
      `select table_name as name, ordinal_position as position, is_nullable as nullable from information_schema.columns where table_schema = 'public' and column_name = 'district_id'`,
    )
    const leading = new Set(columns.filter((c) => c.position === 1 && c.nullable === 'NO').map((c) => c.name))
    expect([...wanted].filter((t) => !leading.has(t))).toEqual([])
  })

  it('is in the committed schema: what is reviewed is what is migrated', async () => {
    const text = readFileSync(new URL('../db/schema.sql', import.meta.url), 'utf8')
    const listed = [...text.matchAll(/^create table (\w+)/gm)].map((m) => m[1] as string)
    expect(listed.filter((t) => !local.includes(t)).toSorted()).toEqual(
      [...(await tables()).map((t) => t.name), ...reference].toSorted(),
    )
  })
})

describe('the application’s role', () => {
  it('has no power outside its tables (AZ-33)', async () => {
    const [role] = (
      await app.query(
        'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = current_user',
      )
    ).rows
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
    })
    expect(
      (
        await app.query(
          'select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = current_user',
        )
      ).rowCount,
    ).toBe(0)
    const forbidden = [
      'set role postgres',
      `copy unit to program 'id'`,
      `copy unit to '/tmp/x'`,
      `select lo_import('/etc/hostname')`,
      `select pg_read_file('/etc/hostname')`,
      `create function f() returns int language sql as 'select 1'`,
      'create table mine (a int)',
      'create schema mine',
      'alter table unit disable row level security',
      'alter table unit no force row level security',
      'drop policy district_wall on unit',
      'truncate unit',
      'delete from account',
      "insert into district (id, code, name, pack) values (999, '999999', 'x', 'x')",
    ]
    for (const text of forbidden)
      await expect(app.query(text), text).rejects.toMatchObject({
        code: expect.stringMatching(/^(42501|22023|42704)$/),
      })
  })
})
