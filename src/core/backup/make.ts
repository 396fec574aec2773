// A copy of the whole cluster while it works, and the way back. The copy is exact to one moment that it names itself: rows are counted
// and the heads of history noted at that very moment, so a restore proves its content, not only its bytes (A-62..A-64, BA-05, BA-08).
import {
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import pg from 'pg'
import { loadKeyring } from '../crypto.ts'
import { isFull } from '../errors.ts'
import { noRoom, StartError } from '../start-error.ts'
import { pack, type Source } from './archive.ts'
import { encrypt } from './cipher.ts'
import { countRows, headsOf, MANIFEST, type Manifest, tablesOf } from './manifest.ts'

export interface BackupOptions {
  folder: string
  ownerUrl: string
  to: string
  passphrase: string
  /** Puts the master keys into the same file: convenient, and the reason to guard the passphrase twice. */
  withKeys?: boolean
  tell?: (line: string) => void
}

export interface BackedUp {
  file: string
  bytes: number
  manifest: Manifest
  /** Files that are not in the backup and without which it is of no use. */
  keysKeptApart: string[]
}

/** Of the data folder, besides the cluster. Accounts of the demo and logs stay behind. */
const KEPT = ['secrets.json', 'anchors.jsonl', 'postgresql.local.conf']
/** Of the cluster: what belongs to the running process or is rebuilt at its start. */
const LEFT = /^(postmaster\.(pid|opts)|postgresql\.conf|pg_internal\.init|backup_label|tablespace_map|.*\.pid)$/
const EMPTY = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_stat_tmp',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_subtrans',
])
const SEGMENT = /^[0-9A-F]{24}$/

function* clusterFiles(data: string, below = ''): Generator<Source> {
  for (const entry of readdirSync(join(data, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name
    if (entry.isDirectory() && entry.name !== 'pgsql_tmp' && !(below === '' && EMPTY.has(entry.name)))
      yield* clusterFiles(data, path)
    else if (entry.isFile() && !LEFT.test(entry.name)) yield { path: `pg/${path}`, from: join(data, path) }
  }
}

async function connect(url: string) {
  const client = new pg.Client({ connectionString: url })
  // A database that dies meanwhile is told by the query that waits for it.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What a backup beside the database leaves it: whoever backs up may not be the one who stops it (DE-06). */
const LEFT_FREE = 128 * 1024 * 1024

/** Passes the bytes on; where they go to the disk of the database itself, only while that keeps room. */
async function* leavingRoom(parts: AsyncIterable<Buffer>, target: string, data: string): AsyncGenerator<Buffer> {
  const shared = statSync(target).dev === statSync(data).dev
  for await (const part of parts) {
    const { bavail, bsize } = shared ? statfsSync(target) : { bavail: Number.POSITIVE_INFINITY, bsize: 1 }
    if (bavail * bsize - part.length < LEFT_FREE) throw noRoom('没有留下备份文件', new Error('too little is left'))
    yield part
  }
}

const isHeldUp = (error: unknown) => ['55P03', '40P01'].includes((error as { code?: string }).code ?? '')

/** One moment, the same in the log and in a snapshot: for its few milliseconds nobody writes. */
async function nameMoment(writer: pg.Client, counter: pg.Client, moment: string) {
  const names = (await tablesOf(writer)).map((name) => writer.escapeIdentifier(name)).join(', ')
  await writer.query("set lock_timeout = '2s'")
  for (let attempt = 1; ; attempt++) {
    try {
      await writer.query(`begin; lock table ${names} in share mode`)
      await counter.query('begin isolation level repeatable read read only; select 1')
      await writer.query('select pg_create_restore_point($1)', [moment])
      return void (await writer.query('commit'))
    } catch (error) {
      await writer.query('rollback')
      await counter.query('rollback')
      if (!isHeldUp(error) || attempt === 20) throw error
    }
  }
}

async function* filesOf(
  options: BackupOptions,
  writer: pg.Client,
  finish: (manifest: Manifest) => void,
): AsyncGenerator<Source> {
  const { folder, ownerUrl, withKeys = false, tell = () => {} } = options
  const { data, at } = (
    await writer.query<{ data: string; at: Date }>("select current_setting('data_directory') as data, now() as at")
  ).rows[0] as { data: string; at: Date }
  const moment = `jishi-${at.toISOString()}`
  // Keeps every segment of the log from now on, until this connection ends.
  await writer.query("select pg_create_physical_replication_slot('jishi_backup_' || pg_backend_pid(), true, true)")
  const first = (
    await writer.query<{ segment: string }>('select pg_walfile_name(pg_backup_start($1, true)) as segment', [moment])
  ).rows[0]?.segment as string
  // Before the moment, so that no anchor knows of more than the copy holds.
  for (const name of KEPT)
    if (existsSync(join(folder, name))) yield { path: name, from: readFileSync(join(folder, name)) }
  tell('正在复制数据库文件 …')
  yield* clusterFiles(data)
  const label = (await writer.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')).rows[0]
    ?.labelfile as string
  yield { path: 'pg/backup_label', from: Buffer.from(label) }
  const counter = await connect(ownerUrl)
  try {
    await nameMoment(writer, counter, moment)
    const last = (await writer.query<{ segment: string }>('select pg_walfile_name(pg_switch_wal()) as segment')).rows[0]
      ?.segment as string
    for (const name of readdirSync(join(data, 'pg_wal')).sort()) {
      if ((SEGMENT.test(name) && name >= first && name <= last) || name.endsWith('.history'))
        yield { path: `pg/pg_wal/${name}`, from: join(data, 'pg_wal', name) }
    }
    tell('正在清点记录 …')
    const ring = loadKeyring(folder, { create: false })
    const keys = { current: ring.current, fingerprint: ring.fingerprint() ?? '' }
    const manifest: Manifest = {
      format: 1,
      madeAt: at.toISOString(),
      moment,
      tables: await countRows(counter),
      heads: await headsOf(counter),
      keys,
    }
    finish(manifest)
    yield { path: MANIFEST, from: Buffer.from(JSON.stringify(manifest)) }
  } finally {
    await counter.end()
  }
  if (withKeys) for (const from of keyFiles(folder)) yield { path: from.slice(folder.length + 1), from }
}

const keyFiles = (folder: string) =>
  readdirSync(join(folder, 'keys'))
    .filter((name) => name.endsWith('.key'))
    .map((name) => join(folder, 'keys', name))

/** Writes an encrypted backup of the running embedded cluster. Whole or not at all: the file appears under its name when it is done. */
export async function backup(options: BackupOptions): Promise<BackedUp> {
  const { to, folder, passphrase, withKeys } = options
  if ([...passphrase].length < 12)
    throw new StartError('备份口令至少 12 个字符。', 'the passphrase must have at least 12 characters')
  if (existsSync(to)) throw new StartError(`${to} 已存在，请另取文件名。`, 'the target exists')
  const partial = `${to}.partial`
  const writer = await connect(options.ownerUrl)
  let manifest: Manifest | undefined
  try {
    const sources = filesOf(options, writer, (m) => {
      manifest = m
    })
    await pipeline(
      pack(sources),
      createZstdCompress(),
      (part: AsyncIterable<Buffer>) => leavingRoom(encrypt(part, passphrase), dirname(resolve(to)), folder),
      createWriteStream(partial, { mode: 0o600, flush: true }),
    )
    renameSync(partial, to)
  } catch (error) {
    throw isFull(error) ? noRoom('没有留下备份文件', error) : error
  } finally {
    await writer.end()
    rmSync(partial, { force: true })
  }
  if (!manifest) throw new Error('the backup has no manifest')
  return { file: to, bytes: statSync(to).size, manifest, keysKeptApart: withKeys ? [] : keyFiles(folder) }
}
