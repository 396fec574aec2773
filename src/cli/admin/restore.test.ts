// The way back forgets nothing that was to be forgotten: what was erased after the backup is erased again before anybody may look.
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backup, restore } from '#core/backup.ts'
import { erasuresIn } from '#core/erasures.ts'
import { newId } from '#core/ids.ts'
import { runOf } from '#core/jobs.ts'
import { prepareJobs } from '#core/jobs/queue.ts'
import { migrate } from '#core/migrate.ts'
import { type Postgres, startPostgres } from '#core/postgres.ts'
import { erasable } from '#erasable.ts'
import { jobs } from '#jobs.ts'
import { raised } from '#modules/demands/fixtures.ts'
import { type Asker, type Base, plantWorld, standOn, type World } from '../../../test/harness.ts'
import { eraseAgain, runRetention } from './retention.ts'

const passphrase = '一句 足够长 的 备份 口令'
const CONTACT = { name: '林小满', phone: '13812345678' }
let root: string
let folder: string
let postgres: Postgres
let base: Base
let world: World
let desk: Asker

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'jishi-erasures-'))
  chmodSync(root, 0o711)
  folder = join(root, 'live')
  mkdirSync(folder, { mode: 0o711 })
  postgres = await startPostgres({ folder })
  await migrate(postgres.url('owner'))
  await prepareJobs(postgres.url('owner'), jobs)
  base = await standOn({ ownerUrl: postgres.url('owner'), appUrl: postgres.url('app'), folder })
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
}, 60_000)

afterAll(async () => {
  await base.close()
  await postgres.stop()
  rmSync(root, { recursive: true, force: true })
})

/** What the job does every ten minutes. */
const listErasures = () => erasuresIn(folder, base.ground.vault, erasable).note(base.database, world.district)

const sealedIn = async (url: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ demands: number; feedback: number; wishes: number; consents: number }>(
      `select (select count(*)::int from demand where contact_sealed is not null or contact_index is not null) as demands,
        (select count(*)::int from feedback where contact_sealed is not null) as feedback,
        (select count(*)::int from talent where wish_sealed is not null) as wishes,
        (select count(*)::int from talent where consent_at is not null and withdrawn_at is null) as consents`,
    )
    return rows[0]
  } finally {
    await client.end()
  }
}

const inRestored = async <T>(place: string, look: (url: string) => Promise<T>) => {
  const again = await startPostgres({ folder: place })
  try {
    return await look(again.url('owner'))
  } finally {
    await again.stop()
  }
}

async function wish(name: string): Promise<string> {
  const answer = await desk.post('/talents', {
    mechanismId: 'returnees',
    holderId: world.unit['CITY'],
    targetYear: 2025,
    on: '2025-03-01',
    consent: true,
    person: { name },
    wish: '希望回乡办一所图书馆',
  })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body['id'] as string
}

test('every table that says when something was erased is in the list that a restore works off (PR-05)', async () => {
  const owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
  const { rows } = await owner.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and column_name like '%erased_at' order by 1`,
  )
  await owner.end()
  expect(rows.map((r) => r.name)).toEqual(erasable.map((e) => `${e.table}.${e.at}`).toSorted())
})

test('what was erased after the backup is erased again in what is restored, by a signed list and nothing else (PR-05, A-48)', async () => {
  const [kept, gone] = [await raised(world, '留着'), await raised(world, '抹去')]
  const send = async () =>
    (
      await world.nobody.post('/feedback', {
        kind: 'fault',
        words: '打不开',
        page: '/m',
        district: world.district,
        contact: CONTACT,
      })
    ).body['code'] as string
  const [, erased] = [await send(), await send()]
  const [, withdrawn] = [await wish('秦望舒'), await wish('顾秋')]
  expect(kept.code).not.toBe(gone.code)
  await listErasures()
  const file = join(root, 'yesterday.jishi')
  await backup({ folder, ownerUrl: base.ownerUrl, to: file, passphrase })

  for (const path of [`/raised-demands/${gone.code}/consent-withdrawal`, `/feedback-codes/${erased}/contact-erasure`])
    expect((await world.nobody.post(path)).status, path).toBeLessThan(300)
  expect((await desk.post(`/talents/${withdrawn}/withdrawal`)).status).toBe(200)
  expect(await listErasures()).toBe(3)
  expect(await listErasures()).toBe(0)
  const list = join(root, 'erasures.jsonl')
  copyFileSync(join(folder, 'erasures.jsonl'), list)
  expect(readFileSync(list, 'utf8')).not.toMatch(/林小满|1381234|图书馆|顾秋/)
  // somebody adds a line by hand: the record it names is not touched
  const [line] = readFileSync(list, 'utf8').trim().split('\n')
  appendFileSync(list, `${(line as string).replace(/"id":"[^"]+"/, `"id":"${kept.id}"`)}\n`)

  const keys = join(folder, 'keys')
  const plain = await restore({ from: file, to: join(root, 'plain'), passphrase, keys })
  expect(await inRestored(plain.folder, sealedIn)).toEqual({ demands: 2, feedback: 2, wishes: 2, consents: 2 })

  let again = 0
  const settle = async (place: Parameters<typeof eraseAgain>[0]) => {
    again = await eraseAgain(place, list)
  }
  const to = join(root, 'back')
  await restore({ from: file, to, passphrase, keys, settle })
  expect(again).toBe(3)
  expect(await inRestored(to, sealedIn)).toEqual({ demands: 1, feedback: 1, wishes: 1, consents: 1 })
  expect(existsSync(join(to, 'erasures.jsonl'))).toBe(true)
}, 120_000)

test('a list that is not there stops the restore, and nothing is left (PR-05)', async () => {
  const settle = async (place: Parameters<typeof eraseAgain>[0]) =>
    void (await eraseAgain(place, join(root, 'nowhere')))
  const to = join(root, 'never')
  const ask = { from: join(root, 'yesterday.jishi'), to, passphrase, keys: join(folder, 'keys'), settle }
  await expect(restore(ask)).rejects.toThrow(`没有文件 ${join(root, 'nowhere')}`)
  expect(existsSync(to)).toBe(false)
}, 60_000)

test('retention counts what is overdue, takes it away by the jobs of the night, and says what is left (PR-06, A-49)', async () => {
  const overdue = await raised(world, '早已办结')
  await world.write(async (tx) => {
    await tx.db
      .updateTable('demand')
      .set({ state: 'closed', closed_on: '2019-01-01', due_at: null })
      .where('district_id', '=', tx.district)
      .where('id', '=', overdue.id)
      .execute()
    await tx.db
      .updateTable('session')
      .set({ ended_at: '2020-01-01T00:00:00Z' })
      .where('district_id', '=', tx.district)
      .where('token_hash', '=', (e) =>
        e.selectFrom('session').select('token_hash').where('district_id', '=', tx.district).limit(1),
      )
      .execute()
  })
  const place = { database: base.database, folder }
  const of = (rows: Awaited<ReturnType<typeof runRetention>>) =>
    Object.fromEntries(rows.filter((r) => r.before > 0).map((r) => [r.job, [r.before, r.after]]))
  const dry = await runRetention(place, { dryRun: true })
  expect(dry.map((r) => r.job).toSorted()).toEqual(
    jobs
      .filter((j) => j.overdue)
      .map((j) => j.name)
      .toSorted(),
  )
  expect(of(dry)).toEqual({ 'demands.erase-contacts': [1, 1], 'access.purge-sessions': [1, 1] })
  expect(of(await runRetention(place, { dryRun: false }))).toEqual({
    'demands.erase-contacts': [1, 0],
    'access.purge-sessions': [1, 0],
  })
  expect(of(await runRetention(place, { dryRun: false }))).toEqual({})
})

test('a job that throws something away by its age says how much is overdue, so that retention leaves none out (A-49)', async () => {
  const named = jobs.filter((j) => /purge|erase-/.test(j.name))
  expect(named.filter((j) => !j.overdue).map((j) => j.name)).toEqual([])
  const run = runOf(base.ground, {
    id: newId(),
    attempt: 1,
    district: world.district,
    payload: {},
    signal: new AbortController().signal,
  })
  for (const job of named) expect(await job.overdue?.(run.context), job.name).toBe(0)
})
