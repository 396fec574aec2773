// A file of persons on its way out: purpose, another person's word, once, to its asker, while the history is anchored.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { routes } from '#app.ts'
import { limiter, pacer } from '#core/http/limits.ts'
import { createServer } from '#core/http/server.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { plantReported } from '../figures/fixtures.ts'

let base: Base
let w: World
let desk: Asker
let leader: Asker

const on = '2025-03-05'
/** Few rows are enough where a district sets its limits low. */
const limits = { purpose: 10, approval: 50 }

beforeAll(async () => {
  base = await openBase()
  w = await plantWorld(base, { smallGroup: 0, exports: limits })
  desk = await w.someone('district-desk', 'O')
  leader = await w.someone('leader', 'O')
  await plantReported(w, [
    ...Array.from({ length: 60 }, () => ({ place: 'C11', on })),
    ...Array.from({ length: 30 }, () => ({ place: 'C12', on })),
    ...Array.from({ length: 8 }, () => ({ place: 'C21', on })),
  ])
})
afterEach(() => clock.shiftForTest(0))
afterAll(() => base.close())

const hour = 3_600_000
const later = (hours: number) => clock.shiftForTest(hours * hour)
const question = (place: string) => ({ measure: 'people.reported', period: '2025', unit: w.unit[place] as string })
const fetchFile = (who: Asker, place: string, id?: string, format = 'csv') =>
  who.get(`/figures/evidence.${format}?${new URLSearchParams({ ...question(place), ...(id ? { export: id } : {}) })}`)
const ask = (who: Asker, place: string, purpose = '换届选举前核对报到党员', operation = 'listEvidenceCsv') =>
  who.post('/exports', { operation, query: question(place), purpose })
const decide = (who: Asker, { id, hash }: { id: string; hash: string }, granted = true) =>
  who.post(`/exports/${id}/decision`, { granted, hash, note: granted ? '' : '范围过大' })
const code = (answer: { body: Record<string, any> }) => answer.body['code'] as string
const someoneAt = (role: string) => w.someone(role, 'O')

/** One taken through the whole way. */
async function granted(who: Asker, place: string) {
  const { status, body } = await ask(who, place)
  expect(status, JSON.stringify(body)).toBe(201)
  expect(body['state']).toBe('waiting')
  const decided = await decide(leader, body as { id: string; hash: string })
  expect(decided.status, JSON.stringify(decided.body)).toBe(200)
  return body['id'] as string
}

describe('a file of persons', () => {
  it('with few rows leaves at once, marked with who took it and when, and is an entry (EX-08, AD-03)', async () => {
    const asker = await someoneAt('district-desk')
    const before = base.changes.filter((c) => c.action === 'figure.export').length
    const file = await fetchFile(asker, 'C21')
    expect(file.status, JSON.stringify(file.body)).toBe(200)
    const lines = file.raw.toString().trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 8 + 1)
    expect(lines.at(-1)).toMatch(/district-desk@O于\d{4}-\d\d-\d\d \d\d:\d\d导出；导出编号 [0-9a-f-]{36}/)
    expect(base.changes.filter((c) => c.action === 'figure.export').length).toBe(before + 1)
  })

  it('with more wants a purpose, which stands in the file and in the history; a purpose needs no wait (EX-08, A-36)', async () => {
    const asker = await someoneAt('district-desk')
    const refused = await fetchFile(asker, 'C12')
    expect([refused.status, code(refused)]).toEqual([422, 'export.purpose-needed'])
    expect(refused.body['title']).toContain('30 条')
    expect((await ask(asker, 'C12', '  ')).status).toBe(400)
    const asked = await ask(asker, 'C12', '换届选举前核对报到党员')
    expect(asked.body).toMatchObject({ state: 'granted', rows: 30, title: expect.stringContaining('报到党员') })
    const file = await fetchFile(asker, 'C12', asked.body['id'])
    expect(file.status, JSON.stringify(file.body)).toBe(200)
    expect(file.raw.toString()).toContain('用途：换届选举前核对报到党员')
    expect((await fetchFile(asker, 'C12', asked.body['id'], 'xlsx')).status).toBe(404)
    const audit = await someoneAt('audit-officer')
    const entries = (await audit.get('/history?limit=50')).body['rows'] as { action: string; reason: string | null }[]
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'figure.export', reason: '换届选举前核对报到党员' }),
    )
  })

  it('beyond the limit waits for another person, who sees what it is and approves exactly that (EX-08, AZ-30, AZ-31)', async () => {
    const asker = await someoneAt('district-desk')
    expect(code(await fetchFile(asker, 'C11'))).toBe('export.approval-needed')
    const asked = (await ask(asker, 'C11')).body as { id: string; hash: string }
    expect(asked).toMatchObject({ state: 'waiting', rows: 60, can: [] })
    expect(code(await fetchFile(asker, 'C11', asked.id))).toBe('export.not-ready')
    expect(code(await decide(asker, asked))).toBe('export.own')
    const waiting = (await leader.get('/exports?box=waiting')).body['rows'] as { id: string }[]
    expect(waiting.find((e) => e.id === asked.id)).toMatchObject({ purpose: '换届选举前核对报到党员', can: ['decide'] })
    expect((await asker.get('/exports?box=waiting')).body['rows']).not.toContainEqual(
      expect.objectContaining({ id: asked.id }),
    )
    expect(code(await decide(leader, { id: asked.id, hash: '0'.repeat(64) }))).toBe('export.content-changed')
    // two who decide at once: one word counts
    const both = await Promise.all([decide(leader, asked), decide(await someoneAt('leader'), asked, false)])
    expect(both.map((a) => a.status).toSorted()).toEqual([200, 409])
    const now = (await asker.get('/exports')).body['rows'][0]
    expect(now.decidedBy).toBe('leader@O')
    expect((await fetchFile(asker, 'C11', asked.id)).status).toBe(now.state === 'granted' ? 200 : 409)
  })

  it('is taken once, by its asker alone, for what was asked, within a day; the number is no credential (FI-11, EX-11)', async () => {
    const asker = await someoneAt('district-desk')
    const id = await granted(asker, 'C11')
    expect(code(await fetchFile(desk, 'C11', id))).toBe('export.not-found')
    expect((await fetchFile(w.nobody, 'C11', id)).status).toBe(401)
    expect(code(await fetchFile(asker, 'C12', id))).toBe('export.not-found')
    expect(code(await fetchFile(asker, 'C11', id, 'xlsx'))).toBe('export.not-found')
    const both = await Promise.all([fetchFile(asker, 'C11', id), fetchFile(asker, 'C11', id)])
    expect(both.map((f) => f.status).toSorted()).toEqual([200, 404])
    expect(code(both.find((f) => f.status === 404) as (typeof both)[number])).toBe('export.taken')
    for (const made of ['0', '1', 'null', '00000000-0000-0000-0000-000000000000', `${id.slice(0, -1)}0`])
      expect([400, 404], made).toContain((await fetchFile(asker, 'C11', made)).status)
    const late = await granted(desk, 'C11')
    await w.write((tx) =>
      tx.db
        .updateTable('export')
        .set({ until: '2020-01-01T00:00:00Z' })
        .where('district_id', '=', tx.district)
        .where('id', '=', late)
        .execute(),
    )
    expect(await fetchFile(desk, 'C11', late)).toMatchObject({ status: 409, body: { code: 'export.not-ready' } })
  })

  it('is never delivered to who lost the right between the asking and the taking (AZ-24)', async () => {
    const asker = await someoneAt('district-desk')
    const id = await granted(asker, 'C11')
    await w.write((tx) =>
      tx.db
        .updateTable('mandate')
        .set({ valid_to: tx.now })
        .where('district_id', '=', tx.district)
        .where('account_id', '=', asker.accountId)
        .execute(),
    )
    expect(await fetchFile(asker, 'C11', id)).toMatchObject({ status: 403, body: { code: 'core.forbidden' } })
    // nor to who still may export, but no longer there
    const moved = await someoneAt('district-desk')
    const other = await granted(moved, 'C11')
    await w.write((tx) =>
      tx.db
        .updateTable('mandate')
        .set({ unit_id: w.unit['OC21'] as string })
        .where('district_id', '=', tx.district)
        .where('account_id', '=', moved.accountId)
        .execute(),
    )
    expect(await fetchFile(moved, 'C11', other)).toMatchObject({ status: 404, body: { code: 'figure.unit-not-found' } })
    const [row] = await w.write((tx) =>
      tx.db
        .selectFrom('export')
        .select('state')
        .where('district_id', '=', tx.district)
        .where('id', '=', other)
        .execute(),
    )
    expect(row?.state).toBe('granted')
  })

  it('counts with the others of the hour: many small ones are a large one, also when asked for at once (EX-08)', async () => {
    const asker = await someoneAt('district-desk')
    const small = await Promise.all(Array.from({ length: 10 }, () => fetchFile(asker, 'C21')))
    // 8 rows each, 50 an hour: six pass
    expect(small.filter((f) => f.status === 200)).toHaveLength(6)
    expect(new Set(small.filter((f) => f.status !== 200).map(code))).toEqual(new Set(['export.approval-needed']))
    const other = await someoneAt('district-desk')
    const large = await Promise.all(Array.from({ length: 4 }, () => ask(other, 'C12')))
    expect(large.filter((a) => a.body['state'] === 'granted')).toHaveLength(1)
    expect(large.filter((a) => a.body['state'] === 'waiting')).toHaveLength(3)
    await w.write((tx) =>
      tx.db
        .updateTable('export')
        .set({ taken_at: '2020-01-01T00:00:00Z' })
        .where('district_id', '=', tx.district)
        .where('account_id', '=', asker.accountId)
        .where('state', '=', 'taken')
        .execute(),
    )
    expect((await fetchFile(asker, 'C21')).status).toBe(200)
  })

  it('whose words mean other days by now is asked for again: what was approved is what was read then (AZ-31)', async () => {
    const asker = await someoneAt('district-desk')
    const query = { ...question('C12'), period: 'today' }
    const asked = await asker.post('/exports', { operation: 'listEvidenceCsv', query, purpose: '核对今天的报到' })
    expect(asked.body['state'], JSON.stringify(asked.body)).toBe('granted')
    const id = asked.body['id'] as string
    // as if it had been asked for the day before
    await w.write((tx) =>
      tx.db
        .updateTable('export')
        .set({ about: asked.body['about'].replace(/\d{4}-\d\d-\d\d/, '2020-01-01') })
        .where('district_id', '=', tx.district)
        .where('id', '=', id)
        .execute(),
    )
    const file = await asker.get(`/figures/evidence.csv?${new URLSearchParams({ ...query, export: id })}`)
    expect([file.status, code(file)]).toEqual([409, 'export.another'])
    expect(file.body['title']).toContain('2020-01-01')
  })

  it('that grew meanwhile is asked for again (AZ-31)', async () => {
    const asker = await someoneAt('district-desk')
    const id = (await ask(asker, 'C12')).body['id'] as string
    await plantReported(
      w,
      Array.from({ length: 5 }, () => ({ place: 'C12', on })),
    )
    expect(code(await fetchFile(asker, 'C12', id))).toBe('export.grown')
  })

  it('does not leave while the anchors are older than four hours, and leaves by itself when they are not (AD-07)', async () => {
    later(4.2)
    const late = await w.someone('district-desk', 'O')
    expect(code(await fetchFile(late, 'C21'))).toBe('core.anchor-old')
    expect(code(await late.get('/persons.csv?search=周一鸣'))).toBe('core.anchor-old')
    await base.ground.anchors?.drop(base.database, w.district)
    expect((await fetchFile(late, 'C21')).status).toBe(200)
  })
})

describe('every list of persons', () => {
  it.each(['persons', 'registrations'])(
    '%s is governed as evidence is, masked as on the screen (EX-08, CR-06)',
    async (list) => {
      const asker = await someoneAt('district-desk')
      expect(code(await asker.get(`/${list}.csv`))).toBe('export.approval-needed')
      const operation = list === 'persons' ? 'listPersonsCsv' : 'listRegistrationsCsv'
      const asked = await asker.post('/exports', { operation, query: {}, purpose: '年度党员信息核对' })
      expect(asked.body['state'], JSON.stringify(asked.body)).toBe('waiting')
      expect((await decide(leader, asked.body as { id: string; hash: string })).status).toBe(200)
      const file = await asker.get(`/${list}.csv?export=${asked.body['id']}`)
      expect(file.status, JSON.stringify(file.body)).toBe(200)
      const lines = file.raw.toString().trimEnd().split('\r\n')
      expect(lines.length).toBe(1 + (asked.body['rows'] as number) + 1)
      expect(file.raw.toString()).not.toMatch(/\d{17}[\dX]|1[3-9]\d{9}/)
    },
  )

  it('of talents, posts and claims is one: above ten rows a purpose is wanted, and who took it is an entry (EX-08)', async () => {
    const desk = await someoneAt('district-desk')
    const at = w.unit['CITY']
    for (let n = 0; n < 12; n++) {
      const talent = { mechanismId: 'returnees', holderId: at, targetYear: 2025, on, consent: true }
      const made = await desk.post('/talents', { ...talent, person: { name: `秦${'一二三四五六七八九十百千'[n]}` } })
      expect(made.status, JSON.stringify(made.body)).toBe(201)
      const post = { unitId: at, title: `科员${n}`, from: on }
      expect((await desk.post(`/persons/${made.body['personId']}/posts`, post)).status).toBe(201)
    }
    const secretary = await w.someone('community-secretary', 'OC11')
    const when = { startsAt: '2020-01-01T00:00:00Z', endsAt: '2090-01-01T00:00:00Z' }
    const task = { mechanismId: '365-service', placeId: w.unit['C11'], category: 'care', title: '陪诊', capacity: 12 }
    const { body: published } = await secretary.post('/tasks', { ...task, ...when })
    for (let n = 0; n < 12; n++) {
      const member = await w.someone('member', 'C11', { register: 'C11' })
      expect((await member.post(`/tasks/${published['id']}/claims`)).status).toBe(201)
    }
    const files = [
      ['/talents.csv', 'listTalentsCsv', 'talent.export', '全部可见范围', '个人'],
      ['/posts.csv', 'listPostsCsv', 'post.export', '全部可见范围；在任', '科员3'],
      [`/tasks/${published['id']}/claims.csv`, 'listClaimsCsv', 'task.export-claims', '望江社区；任务“陪诊”', '已认领'],
    ] as const
    for (const [path, operation, action, about, line] of files) {
      const taker = operation === 'listClaimsCsv' ? secretary : desk
      expect(code(await taker.get(path)), path).toBe('export.purpose-needed')
      const query = operation === 'listClaimsCsv' ? { id: published['id'] } : {}
      const asked = await taker.post('/exports', { operation, query, purpose: '年度核对' })
      expect(asked.body, path).toMatchObject({ state: 'granted', rows: 12, about })
      const file = await taker.get(`${path}?export=${asked.body['id']}`)
      expect(file.status, JSON.stringify(file.body)).toBe(200)
      expect(file.raw.toString()).toContain(line)
      expect(file.raw.toString()).toContain('用途：年度核对')
      expect(base.changes.filter((c) => c.action === action)).toHaveLength(1)
    }
  })

  it('tells who approves of which unit it is and what was searched in it (EX-08)', async () => {
    const ask = async (operation: string, query: object) =>
      (await desk.post('/exports', { operation, query, purpose: '年度党员信息核对' })).body['about']
    const unit = w.unit['C11'] as string
    expect(await ask('listRegistrationsXlsx', { unit, search: '周', state: 'confirmed' })).toBe(
      '望江社区及下级；已报到；查找“周”',
    )
    expect(await ask('listPersonsCsv', { status: 'full' })).toBe('全部可见范围；正式党员')
    expect(await ask('listEvidenceCsv', question('C11'))).toBe('望江社区；2025-01-01 至 2025-12-31')
  })

  it('is asked for by its own words only: unknown files, unknown questions and files without persons are refused', async () => {
    const post = (body: object) => desk.post('/exports', { purpose: '年度党员信息核对', query: {}, ...body })
    expect(code(await post({ operation: 'listDemandsCsv' }))).toBe('export.unknown-file')
    expect(code(await post({ operation: 'listHistory' }))).toBe('export.unknown-file')
    expect((await post({ operation: 'listPersonsCsv', query: { nothing: '1' } })).status).toBe(400)
    expect((await post({ operation: 'listPersonsCsv', query: { limit: '1' } })).status).toBe(400)
    const lacking = await post({ operation: 'listRestatementsCsv', query: { id: 'nonsense' } })
    expect(lacking.status, JSON.stringify(lacking.body)).toBe(400)
    expect(lacking.body['issues'].map((i: { path: string }) => i.path)).toEqual(['query.id', 'query.measure'])
    const raised = { measure: 'demands.raised', period: '2025', unit: w.unit['D'] as string }
    expect(code(await post({ operation: 'listEvidenceCsv', query: raised }))).toBe('export.no-persons')
    const secretary = await w.someone('community-secretary', 'OC11')
    const asked = await secretary.post('/exports', {
      operation: 'listEvidenceCsv',
      query: question('C11'),
      purpose: '想看一看',
    })
    expect([asked.status, code(asked)]).toEqual([403, 'core.forbidden'])
    expect((await decide(secretary, { id: w.unit['D'] as string, hash: '0'.repeat(64) })).status).toBe(403)
  })

  it('read page by page is an export by another name: the pace is limited and told (EX-10, EX-08)', async () => {
    const server = createServer({ ground: base.ground, routes, limit: limiter(0), pace: pacer(30) })
    const page = (offset: number) =>
      server.inject({
        url: `/api/persons?limit=20&offset=${offset}`,
        headers: { authorization: `Bearer ${desk.token}` },
      })
    expect((await page(0)).json().rows).toHaveLength(20)
    const answers = await Promise.all([page(20), page(40), page(60)])
    expect(answers.map((a) => a.statusCode)).toContain(429)
    expect((await page(80)).json()).toMatchObject({ status: 429, code: 'core.too-many-persons' })
    await server.close()
  })
})
