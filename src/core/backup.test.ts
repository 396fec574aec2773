import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backup, restore } from './backup.ts'
import { Context, type Ground, noAccess, system } from './context.ts'
import { loadKeyring, openssl } from './crypto.ts'
import { Database } from './db.ts'
import { createDistrict } from './district.ts'
import { newId } from './ids.ts'
import { migrate } from './migrate.ts'
import { outboundTo } from './outbound.ts'
import { type Postgres, startPostgres } from './postgres.ts'

const passphrase = '一句 足够长 的 备份 口令'
let base: string
let folder: string
let postgres: Postgres
let database: Database
let written = 0

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'jishi-backup-'))
  chmodSync(base, 0o711)
  folder = join(base, 'live')
  mkdirSync(folder, { mode: 0o711 })
  postgres = await startPostgres({ folder })
  await migrate(postgres.url('owner'))
  await createDistrict(postgres.url('owner'), { id: 1, code: '420301', name: '青石区', pack: 'demo', settings: {} })
  database = new Database(postgres.url('app'), { work: 6, heavy: 1 })
}, 60_000)

afterAll(async () => {
  await database.close()
  await postgres.stop()
  rmSync(base, { recursive: true, force: true })
})

async function writeOne() {
  const vault = openssl(loadKeyring(folder))
  const ground: Ground = {
    database,
    vault,
    publicUrl: '',
    changed: () => {},
    outbound: outboundTo([]),
    access: noAccess,
  }
  const ctx = new Context(ground, { token: null, requestId: newId(), address: '' }, { district: 1, actor: system })
  await ctx.write(null, 'test.write', async (tx) => tx.record({ subject: { kind: 'test', id: newId() }, path: '' }))
  written++
}

/** Four writers at work while `act` runs. */
async function underWrites<T>(act: () => Promise<T>): Promise<T> {
  let on = true
  const writers = Array.from({ length: 4 }, async () => {
    while (on) await writeOne()
  })
  try {
    return await act()
  } finally {
    on = false
    await Promise.all(writers)
  }
}

test('A-63 BA-02 BA-05: a backup made under writes restores to the very rows it counted, with every chain verified', async () => {
  loadKeyring(folder)
  const before = written
  const file = join(base, 'one.backup')
  const made = await underWrites(() => backup({ folder, ownerUrl: postgres.url('owner'), to: file, passphrase }))
  expect(written).toBeGreaterThan(before + 20)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(made.keysKeptApart).toEqual([join(folder, 'keys/master.key')])
  const restored = await restore({ from: file, to: join(base, 'back'), passphrase, keys: join(folder, 'keys') })
  expect(restored.districts).toEqual([{ district: 1, entries: made.manifest.tables['history'] }])
  expect(made.manifest.tables['history']).toBeGreaterThan(0)
  const again = await startPostgres({ folder: join(base, 'back') })
  const client = new pg.Client({ connectionString: again.url('owner') })
  await client.connect()
  const { rows } = await client.query('select count(*)::int as n from history')
  await client.end()
  await again.stop()
  expect(rows[0].n).toBe(made.manifest.tables['history'])
}, 60_000)

test('A-64 BA-10: a wrong passphrase, a cut file, a flipped byte and wrong keys are refused, and nothing is left behind', async () => {
  const file = join(base, 'two.backup')
  await backup({ folder, ownerUrl: postgres.url('owner'), to: file, passphrase })
  const whole = readFileSync(file)
  expect(whole.includes('青石区')).toBe(false)
  const to = join(base, 'nothing')
  const attempt = (bytes: Buffer, words: string, keys = join(folder, 'keys')) => {
    writeFileSync(join(base, 'bad.backup'), bytes)
    return restore({ from: join(base, 'bad.backup'), to, passphrase: words, keys })
  }
  await expect(attempt(whole, '另外 一句 不对的 口令')).rejects.toThrow('备份口令不对')
  await expect(attempt(whole.subarray(0, whole.length - 1), passphrase)).rejects.toThrow('不完整或已被改动')
  const marker = whole.indexOf(10)
  // Cut exactly at a chunk's end: only the mark of the last chunk tells.
  await expect(attempt(whole.subarray(0, marker + 1 + 1024 * 1024 + 16), passphrase)).rejects.toThrow(
    '不完整或已被改动',
  )
  const flipped = Buffer.from(whole)
  flipped[marker + 5000] = (flipped[marker + 5000] ?? 0) ^ 1
  await expect(attempt(flipped, passphrase)).rejects.toThrow('不完整或已被改动')
  await expect(attempt(Buffer.from('something else\n'), passphrase)).rejects.toThrow('不是基石的备份')
  const other = join(base, 'other')
  mkdirSync(other)
  loadKeyring(other)
  await expect(attempt(whole, passphrase, join(other, 'keys'))).rejects.toThrow('不是此备份的密钥')
  expect(existsSync(to)).toBe(false)
  expect(readdirSync(base).filter((name) => name.includes('restoring') || name.includes('partial'))).toEqual([])
}, 60_000)

test('BA-08: a backup whose rows are not those of its manifest is refused', async () => {
  const owner = new pg.Client({ connectionString: postgres.url('owner') })
  await owner.connect()
  await writeOne()
  // Somebody with the database in hand takes the newest entry away: counts agree with themselves, the chain does not.
  await owner.query('delete from history where (lane, seq) in (select lane, seq from history order by at desc limit 1)')
  await owner.end()
  const file = join(base, 'three.backup')
  await backup({ folder, ownerUrl: postgres.url('owner'), to: file, passphrase })
  await expect(
    restore({ from: file, to: join(base, 'three'), passphrase, keys: join(folder, 'keys') }),
  ).rejects.toThrow('历史记录')
  expect(existsSync(join(base, 'three'))).toBe(false)
}, 60_000)
