import { appendFileSync, copyFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSync } from 'otplib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Database } from '#core/db.ts'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { makeDistrict } from './district.ts'
import { examine, reach } from './doctor.ts'
import { verifyHistory } from './history.ts'
import type { OpenPlace } from './place.ts'

let base: Base
let world: World
let place: OpenPlace
let owner: pg.Client

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  place = {
    folder: base.folder,
    embedded: false,
    busy: true,
    ownerUrl: base.ownerUrl,
    database: new Database(base.ownerUrl, { work: 2, heavy: 1 }),
  }
  owner = new pg.Client({ connectionString: base.ownerUrl })
  await owner.connect()
})

afterAll(async () => {
  await owner.end()
  await place.database.close()
  await base.close()
})

test('§9: a new district is one an officer can sign in to, with three officers, its roots and its mechanisms', async () => {
  const made = await makeDistrict(place, { code: '420777', name: '白塔区', pack: 'demo' })
  expect(made.officers.map((o) => o.login).sort()).toEqual(['audit', 'security', 'system'])
  const system = made.officers.find((o) => o.login === 'system')
  const session = await world.nobody.post('/sessions', {
    login: 'system',
    password: system?.password,
    code: generateSync({ secret: system?.totp ?? '' }),
    district: '420777',
  })
  expect(session.status, JSON.stringify(session.body)).toBe(201)
  const me = await base.server.inject({ url: '/api/me', headers: { authorization: `Bearer ${session.body['token']}` } })
  expect(me.json()).toMatchObject({ district: { code: '420777', name: '白塔区' }, mustChangePassword: true })
  const { rows } = await owner.query(
    'select (select count(*)::int from unit where district_id = $1) as units, (select count(*)::int from mechanism where district_id = $1) as mechanisms',
    [made.id],
  )
  expect(rows[0].units).toBe(2)
  expect(rows[0].mechanisms).toBeGreaterThan(0)
  await expect(makeDistrict(place, { code: '420777', name: '白塔区', pack: 'demo' })).rejects.toThrow('已有区县')
})

test('AU-04: a new district has no account one could guess, and what was printed once opens nothing but its own change', async () => {
  const made = await makeDistrict(place, { code: '420778', name: '黑塔区', pack: 'demo' })
  const { rows: accounts } = await owner.query('select login from account where district_id = $1 order by 1', [made.id])
  expect(accounts.map((a) => a.login)).toEqual(['audit', 'security', 'system'])
  const known = [
    'admin',
    'admin123',
    'system',
    'security',
    '123456',
    '12345678',
    'ruoyi',
    'root',
    'jishi',
    'Dangjian@2026',
  ]
  const signIn = (login: string, password: string, code?: string) =>
    world.nobody.post('/sessions', { login, password, ...(code ? { code } : {}), district: '420778' })
  const tries = await Promise.all(
    [
      ['admin', 'admin'],
      ['ruoyi', 'admin123'],
      ['root', 'root'],
      ...['system', 'audit'].flatMap((l) => known.slice(0, 4).map((p) => [l, p])),
    ].map(([login, password]) => signIn(login as string, password as string)),
  )
  expect(new Set(tries.map((t) => `${t.status} ${t.body['code']}`))).toEqual(new Set(['401 access.wrong-credentials']))

  const secrets = made.officers.flatMap((o) => [o.password, o.totp])
  expect(new Set(secrets).size).toBe(secrets.length)
  expect(secrets.every((s) => s.length >= 16)).toBe(true)
  // the printed password without the printed second factor is nothing
  const security = made.officers.find((o) => o.login === 'security')
  expect((await signIn('security', security?.password ?? '')).status).toBe(401)
  const code = generateSync({ secret: security?.totp ?? '' })
  const opened = await signIn('security', security?.password ?? '', code)
  expect(opened.status, JSON.stringify(opened.body)).toBe(201)
  expect((await signIn('security', security?.password ?? '', code)).status).toBe(401)
  const asked = (url: string) =>
    base.server.inject({ url, headers: { authorization: `Bearer ${opened.body['token']}` } })
  for (const url of ['/api/accounts', '/api/mandates', '/api/units', '/api/demands'])
    expect((await asked(url)).json(), url).toMatchObject({ code: 'core.password-expired' })
})

test('A-39: history verify finds a changed entry in the one district where it was changed', async () => {
  await base.ground.anchors?.drop(base.database, world.district)
  const sound = await verifyHistory(place, undefined)
  expect(sound.every((v) => v.sound)).toBe(true)
  await owner.query(
    'update history set body = replace(body, \'"test.arrange"\', \'"test.changed"\') where district_id = $1 and (lane, seq) in (select lane, seq from history where district_id = $1 limit 1)',
    [world.district],
  )
  const found = await verifyHistory(place, undefined)
  expect(found.filter((v) => !v.sound).map((v) => v.district)).toEqual([world.district])
  expect(found.find((v) => !v.sound)?.flaws.some((f) => f.fault === 'changed')).toBe(true)
})

test('A-39: a copy of the anchors kept elsewhere is compared instead, and a line added to it by hand is named', async () => {
  const copy = join(mkdtempSync(join(tmpdir(), 'jishi-copy-')), 'usb.jsonl')
  copyFileSync(join(base.folder, 'anchors.jsonl'), copy)
  appendFileSync(copy, readFileSync(copy, 'utf8').replace(/"at":"[^"]+"/, '"at":"2030-01-01T00:00:00.000Z"'))
  const verdicts = await verifyHistory(place, copy)
  expect(verdicts.find((v) => v.district === world.district)?.anchors.broken.length).toBeGreaterThan(0)
})

test('§9: doctor names what is missing: an unanchored district and a parked job', async () => {
  const unwell = await examine(place)
  expect(unwell.find((f) => f.what === '历史锚定')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('白塔区'),
  })
  expect(unwell.find((f) => f.what === '主密钥')).toMatchObject({ ok: true })
  expect(unwell.find((f) => f.what === '后台任务')).toMatchObject({ ok: true })
  await owner.query("insert into pgboss.job (name, data, source_name) values ('core.dead', '{}', 'demands.escalate')")
  expect((await examine(place)).find((f) => f.what === '后台任务')).toMatchObject({
    ok: false,
    detail: '搁置的任务：demands.escalate 1',
  })
})

test('API8: doctor names a table that is not walled off, a district without its officers, and a way in that is not encrypted', async () => {
  const found = async (what: string) => (await examine(place)).find((f) => f.what === what)
  expect(await found('隔离')).toMatchObject({ ok: true })
  await owner.query('alter table demand no force row level security')
  expect(await found('隔离')).toMatchObject({ ok: false, detail: '没有按区县隔离：demand' })
  await owner.query('alter table demand force row level security')
  expect(await found('隔离')).toMatchObject({ ok: true })

  // the world of the tests has no officers; the districts made above have all three
  expect(await found('三员')).toMatchObject({
    ok: false,
    detail: `青石区缺系统管理员、安全管理员、审计管理员`,
  })

  const at = (host: string, publicUrl?: string, proxies: string[] = []) => reach({ host, publicUrl, proxies })
  expect(at('127.0.0.1')).toBe('只在本机监听（127.0.0.1）')
  expect(at('127.0.0.1', 'https://jishi.example.cn')).toContain('对外 https://jishi.example.cn')
  expect(at('127.0.0.1', 'http://localhost:3000')).not.toMatch(/^!/)
  expect(at('127.0.0.1', 'http://jishi.example.cn')).toMatch(/^!.*明文网址/)
  expect(at('0.0.0.0')).toMatch(/^!在 0.0.0.0 监听而没有写明反向代理/)
  expect(at('0.0.0.0', 'https://jishi.example.cn', ['10.0.0.1'])).toBe('在 0.0.0.0 监听，经反向代理 10.0.0.1')
  expect(await found('访问方式')).toMatchObject({ ok: true })
})
