// The way back: into a folder of its own, started, counted and verified there; only then it gets its name. Nothing half restored.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import pg from 'pg'
import { anchorsIn } from '../anchor.ts'
import { loadKeyring, openssl } from '../crypto.ts'
import { Database } from '../db.ts'
import { isFull } from '../errors.ts'
import { type Flaw, verify } from '../history.ts'
import { startPostgres } from '../postgres.ts'
import { noRoom, StartError } from '../start-error.ts'
import { readFrom, unpack } from './archive.ts'
import { decrypt } from './cipher.ts'
import { countRows, headsOf, MANIFEST, type Manifest } from './manifest.ts'

export interface RestoreOptions {
  from: string
  to: string
  passphrase: string
  /** Folder of the master keys, where the backup does not hold them. */
  keys?: string | undefined
  /** Done with what was restored before it gets its name, while its database runs: erasing again what was erased since. */
  settle?: (place: { folder: string; database: Database }) => Promise<void>
  tell?: (line: string) => void
}

export interface Restored {
  folder: string
  madeAt: string
  rows: number
  tables: number
  districts: { district: number; entries: number }[]
}

const damaged = (detail: string) =>
  new StartError(
    `备份内容与清单不符，没有恢复任何内容：${detail}`,
    'the backup does not hold what its manifest says; nothing was restored',
  )

/** @throws StartError naming what is wrong; then the target is as it was */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { from, passphrase, tell = () => {} } = options
  const to = resolve(options.to)
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new StartError(`${to} 不是空目录。恢复只写入新的空目录。`, 'the target is not empty')
  if (!existsSync(from)) throw new StartError(`没有文件 ${from}。`, 'the backup file does not exist')
  mkdirSync(dirname(to), { recursive: true })
  const draft = `${to}.restoring`
  rmSync(draft, { recursive: true, force: true })
  // Under root the database runs as another user, who has to pass through.
  mkdirSync(draft, { mode: 0o711 })
  chmodSync(draft, process.getuid?.() === 0 ? 0o711 : 0o700)
  try {
    tell('正在解密和展开 …')
    await pipeline(decrypt(readFrom(from), passphrase), createZstdDecompress(), (parts: AsyncIterable<Buffer>) =>
      unpack(parts, draft),
    )
    const manifest = JSON.parse(readFileSync(join(draft, MANIFEST), 'utf8')) as Manifest
    bringKeys(draft, options.keys, manifest)
    prepareCluster(join(draft, 'pg'))
    tell('正在启动恢复出的数据库并核对 …')
    const proof = await prove(draft, manifest, options)
    rmSync(join(draft, MANIFEST))
    if (existsSync(to)) rmSync(to, { recursive: true })
    renameSync(draft, to)
    return { folder: to, madeAt: manifest.madeAt, ...proof }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw isFull(error) ? noRoom('没有恢复任何内容', error) : error
  }
}

function bringKeys(draft: string, keys: string | undefined, manifest: Manifest) {
  const own = join(draft, 'keys')
  if (!existsSync(own)) {
    if (!keys)
      throw new StartError(
        '备份不含主密钥。请用 --keys 指出另行保管的密钥目录。',
        'the backup holds no keys: name their folder',
      )
    cpSync(keys, own, { recursive: true })
  }
  chmodSync(own, 0o700)
  for (const name of readdirSync(own)) chmodSync(join(own, name), 0o400)
  if (loadKeyring(draft, { create: false }).fingerprint(manifest.keys.current) !== manifest.keys.fingerprint) {
    throw new StartError(
      '这些密钥不是此备份的密钥，敏感字段将无法打开。',
      'these are not the keys the data was sealed with',
    )
  }
}

/** Folders that a backup leaves empty, and the order to replay the log up to the named moment. */
function prepareCluster(data: string) {
  const empty = [
    'pg_wal/archive_status',
    'pg_replslot',
    'pg_stat_tmp',
    'pg_stat',
    'pg_dynshmem',
    'pg_notify',
    'pg_serial',
    'pg_snapshots',
    'pg_subtrans',
    'pg_tblspc',
    'pg_twophase',
    'pg_commit_ts',
    'pg_logical/snapshots',
    'pg_logical/mappings',
  ]
  for (const path of empty) mkdirSync(join(data, path), { recursive: true, mode: 0o700 })
  // The configuration is written afresh at each start.
  for (const name of ['postgresql.conf', 'recovery.signal']) writeFileSync(join(data, name), '', { mode: 0o600 })
  chmodSync(data, 0o700)
}

async function prove(folder: string, manifest: Manifest, { settle, tell = () => {} }: RestoreOptions) {
  const settings = {
    restore_command: '/bin/false',
    recovery_target_name: manifest.moment,
    recovery_target_action: 'promote',
  }
  const postgres = await startPostgres({ folder, settings, log: tell })
  const client = new pg.Client({ connectionString: postgres.url('owner') })
  const database = new Database(postgres.url('app'), { work: 2, heavy: 1 })
  try {
    await client.connect()
    const rows = compareRows(manifest.tables, await countRows(client))
    if (JSON.stringify(await headsOf(client)) !== JSON.stringify(manifest.heads)) throw damaged('历史记录的末端不同')
    const districts = await verifyAll(database, folder, [...new Set(manifest.heads.map((h) => h.district))])
    await settle?.({ folder, database })
    return { rows, tables: Object.keys(manifest.tables).length, districts }
  } finally {
    await client.end().catch(() => {})
    await database.close()
    await postgres.stop()
  }
}

function compareRows(promised: Record<string, number>, found: Record<string, number>): number {
  const wrong = [...new Set([...Object.keys(promised), ...Object.keys(found)])].filter(
    (name) => promised[name] !== found[name],
  )
  if (wrong.length > 0)
    throw damaged(wrong.map((name) => `${name} 应有 ${promised[name] ?? 0} 行，实有 ${found[name] ?? 0} 行`).join('；'))
  return Object.values(found).reduce((a, b) => a + b, 0)
}

const flawText = (flaw: Flaw) => `第 ${flaw.lane} 链第 ${flaw.seq} 条（${flaw.fault}）`

async function verifyAll(database: Database, folder: string, districts: readonly number[]) {
  const anchors = anchorsIn(folder, openssl(loadKeyring(folder, { create: false })))
  const verified: { district: number; entries: number }[] = []
  for (const district of districts) {
    const { entries, flaws } = await database.transact({ district, mode: 'read' }, ({ db }) =>
      verify(db, district, anchors.read(district).heads),
    )
    if (flaws.length > 0) throw damaged(`历史记录 ${flaws.map(flawText).join('、')}`)
    verified.push({ district, entries })
  }
  return verified
}
