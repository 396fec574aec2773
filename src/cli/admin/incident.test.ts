import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeSettings } from '#core/config.ts'
import { Database } from '#core/db.ts'
import { newcomer, officersOf } from '#modules/access/fixtures.ts'
import { raised } from '#modules/demands/fixtures.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { openIncident, packIncident } from './incident.ts'
import type { OpenPlace } from './place.ts'

const passphrase = '一句 足够长 的 取证 口令'
let base: Base
let world: World
let place: OpenPlace
let folder: string

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  folder = mkdtempSync(join(tmpdir(), 'jishi-incident-'))
  place = {
    folder: base.folder,
    embedded: false,
    busy: true,
    ownerUrl: base.ownerUrl,
    database: new Database(base.ownerUrl, { work: 2, heavy: 1 }),
  }
})
afterAll(async () => {
  await place.database.close()
  await base.close()
  rmSync(folder, { recursive: true, force: true })
})

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, any>)

test('A-50: one command seals what an investigator needs, and neither names nor numbers nor reasons nor secrets', async () => {
  const officers = await officersOf(world)
  const holder = await newcomer(world, officers, [['district-desk', 'O']])
  const wrong = await world.nobody.post('/sessions', {
    login: holder.login,
    password: 'Wrong-Words-17',
    code: '000000',
    district: String(420_300 + world.district),
  })
  expect(wrong.status).toBe(401)
  const desk = await world.someone('district-desk', 'O')
  const made = await desk.post('/feedback', {
    kind: 'fault',
    words: '林小满说电话打不通',
    page: '/m',
    contact: { name: '林小满', phone: '13812345678' },
    district: world.district,
  })
  const { rows } = (await desk.get(`/feedback?no=${made.body['no']}`)).body as { rows: { id: string }[] }
  const seen = rows[0]?.id as string
  expect((await desk.post(`/feedback/${seen}/contact`, { reason: '回电核实林小满' })).status).toBe(200)
  await raised(world, '楼道灯不亮')

  const log = join(folder, 'service.log')
  writeFileSync(log, `${'x'.repeat(2 * 1024 * 1024)}\nthe last line\n`)
  const out = join(folder, 'incident.jishi')
  const window = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
  const began = performance.now()
  await packIncident(place, { ...window, out, passphrase, log })
  expect(performance.now() - began).toBeLessThan(60_000)
  expect(readFileSync(out).includes('feedback.reveal')).toBe(false)
  const opened = join(folder, 'opened')
  const paths = await openIncident(out, opened, passphrase)
  const here = (name: string) => join(opened, String(world.district), name)

  expect(linesOf(here('history.jsonl')).map((e) => e['action'])).toEqual(
    expect.arrayContaining(['feedback.reveal', 'mandate.grant', 'demand.raise', 'incident.pack']),
  )
  expect(linesOf(here('seen.jsonl'))).toContainEqual(
    expect.objectContaining({ account: desk.accountId, action: 'feedback.reveal', ids: [seen] }),
  )
  expect(linesOf(here('sign-in-failures.jsonl'))).toContainEqual(
    expect.objectContaining({ account: holder.accountId, total: 1 }),
  )
  const account = linesOf(here('accounts.jsonl')).find((a) => a['account'] === holder.accountId)
  expect(account).toMatchObject({ login: holder.login, mandates: [{ role: 'district-desk' }] })
  expect(linesOf(here('sessions.jsonl')).length).toBeGreaterThan(2)
  const verdicts = JSON.parse(readFileSync(join(opened, 'verdicts.json'), 'utf8')) as { sound: boolean }[]
  expect(verdicts.every((v) => v.sound)).toBe(true)
  expect(JSON.parse(readFileSync(join(opened, 'about.json'), 'utf8'))).toMatchObject({
    node: process.version,
    ...window,
  })
  expect(readFileSync(join(opened, 'log.txt'), 'utf8')).toMatch(/the last line\n$/)

  const all = paths.map((path) => readFileSync(join(opened, path), 'utf8')).join('\n')
  for (const secret of [
    '林小满',
    '13812345678',
    '沈知夏',
    '回电',
    '楼道灯',
    holder.password,
    holder.secret ?? '-',
    'argon2',
  ])
    expect(all, secret).not.toContain(secret)
  expect(all).not.toMatch(/token_hash|password|sealed/)
}, 120_000)

test('A-50: entries outside the window stay at home, a changed pack and a wrong passphrase open nothing', async () => {
  const out = join(folder, 'old.jishi')
  await packIncident(place, { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z', out, passphrase })
  const opened = join(folder, 'old')
  await openIncident(out, opened, passphrase)
  expect(linesOf(join(opened, String(world.district), 'history.jsonl'))).toEqual([])
  await expect(packIncident(place, { from: '', to: '', out, passphrase })).rejects.toThrow('已存在')
  const never = join(folder, 'never')
  await expect(openIncident(out, never, '另外 一句 不对的 口令')).rejects.toThrow('备份口令不对')
  const bytes = readFileSync(out)
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
  writeFileSync(out, bytes)
  await expect(openIncident(out, never, passphrase)).rejects.toThrow('不完整或已被改动')
  expect(existsSync(never)).toBe(false)
  expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([])
}, 60_000)

test('A-50: settings are told without their secrets', () => {
  expect(
    describeSettings({
      PORT: '3000',
      DATABASE_URL: 'postgresql://jishi:very-secret@db.example.cn:5432/jishi',
      JISHI_PASSPHRASE: 'never',
      JISHI_TOKEN: 'never',
    }),
  ).toEqual({ PORT: '3000', DATABASE_URL: 'postgresql://jishi:***@db.example.cn:5432/jishi' })
})
