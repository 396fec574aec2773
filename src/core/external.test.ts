import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openExternal } from './external.ts'
import { startPostgres } from './postgres.ts'
import { StartError } from './start-error.ts'

const ownerUrl = (database: string) => inject('cluster').owner.replace('{database}', database)
const name = `jishi_external_${randomBytes(4).toString('hex')}`
let admin: pg.Client

/** The address of a login that owns its database and may create roles, and no more (README). */
function urlOf(database: string) {
  const url = new URL(ownerUrl(database))
  return Object.assign(url, { username: name, password: 'geheim' }).href
}

beforeAll(async () => {
  admin = new pg.Client({ connectionString: ownerUrl('postgres') })
  await admin.connect()
  await admin.query(`create role ${name} login createrole password 'geheim'`)
  await admin.query(`create database ${name} owner ${name} locale 'C' template template0`)
})
afterAll(async () => {
  await admin.query(`drop database ${name} with (force)`)
  await admin.query(`drop role ${name}`)
  await admin.end()
})

const refusal = (url: string) =>
  openExternal(url, 'x').then(
    () => 'no refusal',
    (error: unknown) => (error instanceof StartError ? error.message : `no StartError: ${String(error)}`),
  )

describe('an external database (§1)', () => {
  it('that can’t be reached is refused in words, without a stack and without the password', async () => {
    const message = await refusal(urlOf('no_such_database'))
    expect(message).toMatch(/连不上 DATABASE_URL 指向的数据库（.*no_such_database）：没有这个库/)
    expect(message).not.toContain('geheim')
  })

  it('is asked what it is before anything is made in it', async () => {
    const roles = () => admin.query('select 1 from pg_roles where rolname = $1', ['jishi_app'])
    const before = (await roles()).rowCount
    expect(await refusal(urlOf(name))).toMatch(/关闭了|不识别汉字/)
    expect((await roles()).rowCount).toBe(before)
  })
})

it('gives each database of a cluster a login of its own: neither changes the password of the other nor gets in there (AZ-33)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jishi-two-'))
  const postgres = await startPostgres({ folder })
  try {
    const owner = new pg.Client({ connectionString: postgres.url('owner', 'postgres') })
    await owner.connect()
    for (const database of ['one', 'two']) await owner.query(`create database ${database}`)
    await owner.end()
    const one = await openExternal(postgres.url('owner', 'one'), 'erstes')
    const two = await openExternal(postgres.url('owner', 'two'), 'zweites')
    expect(await whoIs(one)).toMatchObject({ at: 'one', super: false })
    expect(await whoIs(two)).toMatchObject({ at: 'two', super: false })
    expect((await whoIs(one)).me).not.toBe((await whoIs(two)).me)
    await expect(whoIs(one.replace('/one', '/two'))).rejects.toMatchObject({ code: '42501' })
    // started again, the same login serves on
    expect(await whoIs(await openExternal(postgres.url('owner', 'one'), 'erstes'))).toEqual(await whoIs(one))
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function whoIs(url: string): Promise<{ me: string; at: string; super: boolean }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const text =
      'select current_user as me, current_database() as at, rolsuper as super from pg_roles where rolname = current_user'
    return (await client.query(text)).rows[0]
  } finally {
    await client.end()
  }
}
