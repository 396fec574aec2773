// What whoever looks into an incident needs, in one sealed file within minutes (A-50, PIPL 57): who did what when from where, who tried to
// get in, whether the history holds, what runs here and how it is set. Names, telephone numbers, reasons and contents stay at home.
import {
  closeSync,
  createWriteStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { CompiledQuery } from 'kysely'
import { decrypt, encrypt, pack, readFrom, type Source, unpack } from '#core/backup.ts'
import { clock } from '#core/clock.ts'
import { describeSettings } from '#core/config.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { fingerprintOf, readProgram } from '#core/program.ts'
import { StartError } from '#core/start-error.ts'
import { version } from '#core/version.ts'
import { examine } from './doctor.ts'
import { groundOf } from './ground.ts'
import { verifyHistory } from './history.ts'
import type { OpenPlace } from './place.ts'

export interface IncidentWish {
  from: string
  to: string
  out: string
  passphrase: string
  /** A log of ours that a service manager kept; its end goes along. */
  log?: string | undefined
}

const BATCH = 5000
const LOG_TAIL = 1024 * 1024

/** What is told of an entry: everything but what it was about. */
const HISTORY = `select lane, seq::int, encode(hash, 'hex') as hash, at, action, actor_id as account, subject_kind as kind, subject_id as subject,
  unit_path as path, body::json->>'requestId' as request, body::json->>'address' as address
  from history where district_id = current_setting('app.district')::int and at >= $1 and at < $2 and (lane, seq) > ($3, $4)
  order by lane, seq limit ${BATCH}`

const LISTS = {
  sessions: `select account_id as account, kind, client, address, started_at as started, used_at as used, ended_at as ended, second_factor as code
    from session where used_at >= $1 and started_at < $2 order by started_at`,
  'sign-in-failures': `select account_id as account, address, day, total, last_at as last, locked_until as locked
    from login_failure where last_at >= $1 and last_at < $2 order by last_at`,
  accounts: `select a.id as account, a.login, a.disabled_at as disabled, a.last_used_at as used,
      (select coalesce(json_agg(json_build_object('role', m.role_id, 'unit', m.unit_id, 'from', m.valid_from, 'to', m.valid_to) order by m.valid_from), '[]')
       from mandate m where m.account_id = a.id and m.valid_to >= $1 and m.valid_from < $2) as mandates
    from account a order by a.login`,
  // who opened what of whom: the people to be told
  seen: `select actor_id as account, action, subject_kind as kind, count(*)::int as times, count(distinct subject_id)::int as subjects,
      array_agg(distinct subject_id) as ids
    from history where at >= $1 and at < $2 and (action like '%.reveal' or action like '%.look-up' or action = 'person.read' or action like 'export.%')
    group by 1, 2, 3 order by 4 desc`,
} as const

const lines = (rows: readonly unknown[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))

async function* districtFiles({ database }: OpenPlace, district: number, [from, to]: [string, string]) {
  const ask = (text: string, more: unknown[] = []) =>
    database.transact({ district, mode: 'heavy' }, async ({ db }) => {
      const asked = CompiledQuery.raw(text, [from, to, ...more])
      return (await db.executeQuery<Record<string, unknown>>(asked)).rows
    })
  const history: Buffer[] = []
  for (let at: [number, number] = [-1, 0], more = true; more; ) {
    const rows = await ask(HISTORY, at)
    history.push(lines(rows))
    const last = rows.at(-1)
    if (last) at = [Number(last['lane']), Number(last['seq'])]
    more = rows.length === BATCH
  }
  yield { path: `${district}/history.jsonl`, from: Buffer.concat(history) }
  for (const [name, text] of Object.entries(LISTS)) {
    yield { path: `${district}/${name}.jsonl`, from: lines(await ask(text)) }
  }
}

function tailOf(file: string): Buffer {
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const part = Buffer.alloc(Math.min(size, LOG_TAIL))
    readSync(handle, part, 0, part.length, size - part.length)
    return part
  } finally {
    closeSync(handle)
  }
}

async function* filesOf(place: OpenPlace, wish: IncidentWish): AsyncGenerator<Source> {
  const { from, to } = wish
  const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
  const districts = await place.database.bare<{ id: number; code: string }>('select id, code from district order by id')
  yield {
    path: 'about.json',
    from: json({
      madeAt: clock.now(),
      from,
      to,
      version,
      node: process.version,
      program: fingerprintOf(readProgram()),
      settings: describeSettings(),
      districts,
    }),
  }
  yield { path: 'doctor.json', from: json(await examine(place)) }
  yield { path: 'verdicts.json', from: json(await verifyHistory(place, undefined)) }
  for (const { id } of districts) yield* districtFiles(place, id, [from, to])
  if (wish.log) yield { path: 'log.txt', from: tailOf(wish.log) }
}

/** Gathers and seals; that it was done stands in the history of every district. */
export async function packIncident(place: OpenPlace, wish: IncidentWish): Promise<{ file: string; districts: number }> {
  if ([...wish.passphrase].length < 12)
    throw new StartError('口令至少 12 个字符。', 'the passphrase must have at least 12 characters')
  if (existsSync(wish.out)) throw new StartError(`${wish.out} 已存在，请另取文件名。`, 'the target exists')
  if (wish.log && !existsSync(wish.log)) throw new StartError(`没有文件 ${wish.log}。`, 'the log does not exist')
  const ground = groundOf(place)
  const districts = await place.database.bare<{ id: number }>('select id from district order by id')
  for (const { id: district } of districts) {
    const ctx = new Context(ground, { token: null, requestId: newId(), address: '' }, { district, actor: system })
    await ctx.write(null, 'incident.pack', async (tx) =>
      tx.record({ subject: { kind: 'incident', id: newId() }, path: '', change: { from: wish.from, to: wish.to } }),
    )
  }
  try {
    await pipeline(
      pack(filesOf(place, wish)),
      createZstdCompress(),
      (parts: AsyncIterable<Buffer>) => encrypt(parts, wish.passphrase),
      createWriteStream(wish.out, { mode: 0o600, flags: 'wx', flush: true }),
    )
  } catch (error) {
    rmSync(wish.out, { force: true })
    throw error
  }
  return { file: wish.out, districts: districts.length }
}

/** Opens a pack into a new folder. @throws StartError when the passphrase is wrong or the file was changed */
export async function openIncident(file: string, to: string, passphrase: string): Promise<string[]> {
  if (!existsSync(file)) throw new StartError(`没有文件 ${file}。`, 'the pack does not exist')
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new StartError(`${to} 不是空目录。`, 'the target is not empty')
  mkdirSync(to, { recursive: true, mode: 0o700 })
  let paths: string[] = []
  try {
    await pipeline(
      decrypt(readFrom(file), passphrase),
      createZstdDecompress(),
      async (parts: AsyncIterable<Buffer>) => {
        paths = await unpack(parts, to)
      },
    )
  } catch (error) {
    rmSync(to, { recursive: true, force: true })
    throw error
  }
  return paths
}
