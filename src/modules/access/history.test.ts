import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { hours, later, newcomer, now, type Officers, officersOf, withToken } from './fixtures.ts'

let base: Base
let world: World
let officers: Officers

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { anchored: false })
  officers = await officersOf(world)
})
afterEach(now)
afterAll(() => base.close())

const verify = async () =>
  (await officers.audit.post('/history/verification')).body as {
    sound: boolean
    entries: number
    flaws: { fault: string }[]
    anchors: Record<string, unknown>
  }

describe('the history', () => {
  it('is read by the audit officer only, by subject, actor, action, unit and day; reading it is recorded (AD-09, AD-10)', async () => {
    const { accountId } = await newcomer(world, officers)
    await officers.system.post(`/accounts/${accountId}/disablement`, { reason: '离职' })
    const about = await officers.audit.get(`/history?subject=${accountId}`)
    expect(about.body['rows'].map((r: { action: string }) => r.action)).toEqual([
      'account.disable',
      'invitation.accept',
      'invitation.open',
      'account.create',
    ])
    expect(about.body['rows'][0]).toMatchObject({
      actor: { accountId: officers.system.accountId },
      reason: '离职',
      change: { disabled: [false, true] },
      path: world.path['C11'],
    })
    expect(about.body['rows'][0].at).toMatch(/Z$/)
    const total = async (query: string) => (await officers.audit.get(`/history?${query}`)).body['total'] as number
    expect(await total(`subject=${accountId}&action=account.`)).toBe(2)
    expect(await total(`subject=${accountId}&action=account.disable`)).toBe(1)
    expect(await total(`actor=${officers.system.accountId}&subject=${accountId}`)).toBe(2)
    expect(await total(`subject=${accountId}&unit=${world.unit['S1']}`)).toBe(2)
    expect(await total(`subject=${accountId}&unit=${world.unit['S2']}`)).toBe(0)
    expect(await total(`subject=${accountId}&to=2020-01-01`)).toBe(0)
    expect(await total('action=history.read')).toBeGreaterThanOrEqual(7)
    for (const other of [officers.system, officers.security]) expect((await other.get('/history')).status).toBe(403)
  })

  it('shows a street’s audit officer the entries of his street and nothing of the district as a whole', async () => {
    const street = await world.someone('audit-officer', 'S2')
    await officers.system.post('/accounts', { login: 'inside2', name: '乙', unitId: world.unit['C21'] })
    const rows = (await street.get('/history?limit=500')).body['rows'] as { path: string }[]
    expect(rows.length).toBeGreaterThan(0)
    for (const r of rows) expect(r.path.startsWith(world.path['S2'] as string)).toBe(true)
    expect((await street.post('/history/verification')).status).toBe(403)
  })

  it('proved once more under the same key gives the same answer and is recorded once (CO-12)', async () => {
    const key = { 'idempotency-key': 'verify-history-0001' }
    const counted = async () =>
      (await officers.audit.get('/history?action=history.verify&limit=1')).body['total'] as number
    const before = await counted()
    const first = await officers.audit.post('/history/verification', {}, key)
    const again = await officers.audit.post('/history/verification', {}, key)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.body).toEqual(first.body)
    expect(await counted()).toBe(before + 1)
  })

  it('holds nothing that was secret: no password, code, token (ASVS 16.2.5)', async () => {
    const { token, secret } = await newcomer(world, officers, [['district-desk', 'O']])
    const all = await world.write((tx) =>
      tx.db.selectFrom('history').select('body').where('district_id', '=', world.district).execute(),
    )
    const text = all.map((r) => r.body).join('\n')
    for (const canary of ['Qingshi-Huang7-Ye', token.split('.')[1] as string, secret as string, '$argon2id'])
      expect(text).not.toContain(canary)
  })

  it('tells a person what is held about him and who looked (PIPL 44, 45)', async () => {
    const { token, accountId } = await newcomer(world, officers, [['grid-worker', 'C11']])
    const mine = await withToken(base, token).get('/me/record')
    expect(mine.body).toMatchObject({
      account: { name: '沈知夏' },
      mandates: [{ roleName: '网格员', unitName: '望江社区' }],
      sessions: [{ current: true }],
    })
    expect(mine.body['entries'].every((e: { subject: { id: string } }) => e.subject.id === accountId)).toBe(true)
    expect(mine.body['entries'].map((e: { action: string }) => e.action)).toContain('mandate.grant')
  })
})

describe('anchors', () => {
  const file = () => join(base.folder, 'anchors.jsonl')
  const owner = async (sql: string) => {
    const client = new pg.Client({ connectionString: base.ownerUrl })
    await client.connect()
    await client.query(`set app.district = ${world.district}`)
    await client.query(sql).finally(() => client.end())
  }

  it('show a tail that was cut with its head set back, which the chain alone cannot (A-39, AD-05)', async () => {
    const anchors = base.ground.anchors
    expect(await anchors?.drop(base.database, world.district)).toBeGreaterThan(0)
    expect(await anchors?.drop(base.database, world.district)).toBe(0)
    expect(await verify()).toMatchObject({ sound: true, flaws: [], anchors: { lines: 2, broken: [], overdue: false } })
    await anchors?.drop(base.database, world.district)
    const cut = `with victim as (select h.lane, max(h.seq) as seq from history h where h.district_id = ${world.district} group by lane having max(h.seq) > 1 limit 1),
      gone as (delete from history h using victim v where h.district_id = ${world.district} and h.lane = v.lane and h.seq = v.seq returning h.lane, h.seq),
      back as (select h.lane, h.seq, h.hash from history h join victim v on v.lane = h.lane and h.seq = v.seq - 1 where h.district_id = ${world.district})
      update history_head hh set seq = b.seq, hash = b.hash from back b, gone g where hh.district_id = ${world.district} and hh.lane = b.lane`
    await owner(cut)
    const found = await verify()
    expect(found.sound).toBe(false)
    expect(found.flaws.map((f) => f.fault)).toEqual(['cut'])
  })

  it('are overdue after four hours, and a line changed, taken out or added is found (AD-07)', async () => {
    const lines = readFileSync(file(), 'utf8')
    later(hours(4) + 1000)
    expect(base.ground.anchors?.overdue(world.district, new Date(Date.now() + hours(4) + 1000).toISOString())).toBe(
      true,
    )
    const broken = () => base.ground.anchors?.read(world.district).broken.length
    expect(broken()).toBe(0)
    writeFileSync(
      file(),
      lines.replace(/"heads":\{"(\d+)":\[(\d+)/, (_, lane, seq) => `"heads":{"${lane}":[${Number(seq) + 1}`),
    )
    expect(broken()).toBeGreaterThan(0)
    writeFileSync(file(), lines.split('\n').toSpliced(1, 1).join('\n'))
    expect(broken()).toBe(1)
    writeFileSync(file(), lines)
    appendFileSync(file(), '{"district":1,"at":"2090-01-01T00:00:00.000Z"')
    expect(broken()).toBe(1)
    await base.ground.anchors?.drop(base.database, world.district)
    expect(broken()).toBe(1)
    expect(base.ground.anchors?.read(world.district).lines).toBe(lines.trim().split('\n').length + 1)
    writeFileSync(file(), lines)
  })
})
