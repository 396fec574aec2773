import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '#app.ts'
import { Context, system } from '#core/context.ts'
import type { DB } from '#core/schema.ts'
import { pages } from '#web/console/pages.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { eraseOldFeedbackContacts } from './actions/duty.ts'
import { countUses } from './actions/uses.ts'
import { functionOfPath, pageOf } from './rules.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
})
afterAll(() => base.close())

const send = (more: Record<string, unknown> = {}, by: Asker = world.nobody) =>
  by.post('/feedback', {
    kind: 'suggestion',
    words: '任务列表能不能按距离近远的楼栋排',
    page: '/m/tasks',
    district: world.district,
    ...more,
  })
const listed = async (no: number) => (await desk.get(`/feedback?no=${no}`)).body['rows'][0]
const rows = <T>(sql: (db: Kysely<DB>) => Promise<T>) =>
  base.database.transact({ district: world.district, mode: 'read' }, ({ db }) => sql(db))

describe('feedback', () => {
  it('goes from somebody without an account to the desk, back with an answer, and is rated (JF-12)', async () => {
    const sent = await send({ kind: 'complaint', words: '登记页面的字太小' })
    expect(sent.status).toBe(201)
    const { code, no } = sent.body as { code: string; no: number }
    const waiting = await listed(no)
    expect(waiting).toMatchObject({ state: 'waiting', functionName: '任务认领与服务记录', late: false, face: 'phone' })
    expect((await world.nobody.post(`/feedback-codes/${code}/rating`, { rating: 'satisfied' })).body['code']).toBe(
      'feedback.not-rateable',
    )
    expect((await desk.post(`/feedback/${waiting.id}/reply`, { words: '可在右上角选“大字”。' })).status).toBe(200)
    expect((await desk.post(`/feedback/${waiting.id}/reply`, { words: '再说一遍' })).body['code']).toBe(
      'feedback.replied-already',
    )
    const seen = (await world.nobody.get(`/feedback-codes/${code}`)).body
    expect(seen).toMatchObject({ state: 'replied', mayRate: true, replyBy: null })
    expect(seen['messages'].map((m: { side: string; words: string }) => [m.side, m.words])).toEqual([
      ['sender', '登记页面的字太小'],
      ['desk', '可在右上角选“大字”。'],
    ])
    expect((await world.nobody.post(`/feedback-codes/${code}/rating`, { rating: 'satisfied' })).status).toBe(200)
    expect((await world.nobody.post(`/feedback-codes/${code}/rating`, { rating: 'unsatisfied' })).body['code']).toBe(
      'feedback.rated-already',
    )
    expect(await listed(no)).toMatchObject({ state: 'rated', rating: 'satisfied', dueAt: null })
  })

  it('is owed another answer when the sender adds words, with a clock of its own', async () => {
    const { code, no } = (await send()).body as { code: string; no: number }
    const { id } = await listed(no)
    await desk.post(`/feedback/${id}/reply`, { words: '收到，会改。' })
    const more = await world.nobody.post(`/feedback-codes/${code}/words`, { words: '什么时候改好' })
    expect(more.body).toMatchObject({ state: 'waiting' })
    expect(await listed(no)).toMatchObject({ state: 'waiting', dueAt: more.body['replyBy'], rating: null })
    for (let n = 0; n < 8; n++) await world.nobody.post(`/feedback-codes/${code}/words`, { words: `再补充${n}` })
    expect((await world.nobody.post(`/feedback-codes/${code}/words`, { words: '再补充' })).body['code']).toBe(
      'feedback.said-enough',
    )
    expect((await desk.post(`/feedback/${id}/reply`, { words: '本周五。' })).status).toBe(200)
  })

  it('does not keep who sent it, signed in or not, nor which record was on the page (JF-12)', async () => {
    const secretary = await world.someone('community-secretary', 'OC11', { person: true })
    const page = '/console/demands/019a0000-0000-7000-8000-0000000000aa'
    const { no } = (await send({ page }, secretary)).body as { no: number }
    expect(await listed(no)).toMatchObject({ page: '/console/demands/:id', face: 'console' })
    const kept = JSON.stringify(
      await rows(async (db) => [
        await db.selectFrom('feedback').selectAll().where('no', '=', no).execute(),
        await db.selectFrom('feedback_message').selectAll().execute(),
        await db.selectFrom('history').selectAll().where('action', '=', 'feedback.send').execute(),
      ]),
    )
    for (const trace of [secretary.accountId, secretary.personId, '019a0000', '任务列表'])
      expect(kept).not.toContain(trace as string)
  })

  it('is read and answered by the district’s desk only; a street sees none of it', async () => {
    const { no } = (await send()).body as { no: number }
    const { id } = await listed(no)
    const street = await world.someone('street-organiser', 'OS1')
    expect((await street.get('/feedback')).status).toBe(403)
    const leader = await world.someone('leader', 'O')
    expect((await leader.get(`/feedback/${id}`)).status).toBe(200)
    expect((await leader.post(`/feedback/${id}/reply`, { words: '好' })).status).toBe(403)
    const elsewhere = await world.someone('district-desk', 'OS1')
    expect((await elsewhere.get(`/feedback/${id}`)).body['code']).toBe('feedback.not-found')
    expect((await elsewhere.get('/feedback')).body['total']).toBe(0)
  })

  it('keeps a contact sealed, opens it with a reason only, and gives it back to the sender (PRV-03, 等保 28)', async () => {
    const contact = { name: '林小满', phone: '13812345678' }
    const { code, no } = (await send({ contact })).body as { code: string; no: number }
    const { id, hasContact } = await listed(no)
    expect(hasContact).toBe(true)
    expect((await desk.post(`/feedback/${id}/contact`, {})).status).toBe(400)
    expect((await desk.post(`/feedback/${id}/contact`, { reason: '回电核实故障' })).body).toEqual(contact)
    const history = await rows((db) =>
      db.selectFrom('history').select('body').where('action', '=', 'feedback.reveal').execute(),
    )
    expect(history.map((h) => JSON.parse(h.body).reason)).toEqual(['回电核实故障'])
    expect((await world.nobody.post(`/feedback-codes/${code}/contact-erasure`)).body).toEqual({ contactKept: false })
    expect((await desk.post(`/feedback/${id}/contact`, { reason: '再看一次' })).body['code']).toBe(
      'feedback.no-contact',
    )
  })

  it('erases contacts whose months are over and whose matter is answered, the others stay (PRV-04, PR-06)', async () => {
    const contact = { phone: '13812345678' }
    const made = await Promise.all([send({ contact }), send({ contact }), send({ contact })])
    const [old, fresh, open] = await Promise.all(made.map(async (m) => (await listed(m.body['no'])).id as string))
    for (const id of [old, fresh]) await desk.post(`/feedback/${id}/reply`, { words: '已办。' })
    await world.write(async (tx) => {
      for (const id of [old, open] as string[])
        await tx.db.updateTable('feedback').set({ spoken_at: '2020-01-01T00:00:00Z' }).where('id', '=', id).execute()
    })
    const asker = { token: null, requestId: 'job', address: '' }
    const ctx = new Context(base.ground, asker, { district: world.district, actor: system })
    expect(await eraseOldFeedbackContacts(ctx)).toEqual({ erased: 1 })
    const left = async (id: string | undefined) => (await desk.get(`/feedback/${id}`)).body['feedback'].hasContact
    expect([await left(old), await left(fresh), await left(open)]).toEqual([false, true, true])
  })

  it('is a figure: received, answered in time and rated open onto the same records (JF-12)', async () => {
    const own = await plantWorld(base)
    const reader = await own.someone('district-desk', 'O')
    const say = async (kind: string) =>
      (await own.nobody.post('/feedback', { kind, words: '试', page: '/m', district: own.district })).body
    const sent = [await say('complaint'), await say('fault'), await say('fault')] as { code: string; no: number }[]
    const { rows: all } = (await reader.get('/feedback')).body as { rows: { id: string; no: number }[] }
    const idOf = (i: number) => all.find((r) => r.no === sent[i]?.no)?.id as string
    await reader.post(`/feedback/${idOf(0)}/reply`, { words: '好' })
    await own.nobody.post(`/feedback-codes/${sent[0]?.code}/rating`, { rating: 'unsatisfied' })
    await own.write((tx) =>
      tx.db
        .updateTable('feedback')
        .set({ first_due_at: '2026-01-05T00:00:00Z', due_at: '2026-01-05T00:00:00Z' })
        .where('id', '=', idOf(1))
        .execute(),
    )
    const ids = 'feedback.received,feedback.due,feedback.replied-in-time,feedback.reply-rate,feedback.satisfaction-rate'
    const { figures } = (await reader.get(`/figures?measures=${ids}&period=2026-01-01..2027-12-31`)).body
    expect(figures.map((f: { value: number }) => f.value)).toEqual([3, 2, 1, 50, 0])
    const evidence = (await reader.get('/figures/evidence?measure=feedback.received')).body
    expect([evidence['total'], evidence['rows'].length]).toEqual([3, 3])
    expect(evidence['rows'].every((r: { link: string }) => r.link.startsWith('/console/feedback/'))).toBe(true)
  })
})

describe('the About page', () => {
  const stated = { sponsor: '青石区委组织部', filing: '青政应备〔2026〕3号', reply: { amount: 1, unit: 'workdays' } }

  it('says to everybody who runs the system, under which filing and which version (JF-13, SEC-00)', async () => {
    const before = (await world.nobody.get(`/about?district=${world.district}`)).body
    expect(before).toMatchObject({ settingsVersion: 0, banner: '非涉密系统，严禁处理涉密信息' })
    const changed = await desk.put('/about', stated, { 'if-match': '"0"' })
    expect(changed.status).toBe(200)
    expect((await desk.put('/about', stated, { 'if-match': '"0"' })).status).toBe(412)
    const after = (await world.nobody.get(`/about?district=${world.district}`)).body
    expect(after['settings']).toMatchObject(stated)
    expect(after['version']).toMatch(/^\d+\.\d+\.\d+/)
    expect((await world.nobody.get('/about?district=999')).body['code']).toBe('feedback.unknown-district')
    const street = await world.someone('district-desk', 'OS1')
    expect((await street.put('/about', stated, { 'if-match': '"1"' })).status).toBe(403)
  })

  it('files every route and every page of the console under a function (JF-13)', () => {
    // a new resource belongs into `filed` (contract/functions.ts): it goes with the filing to the authority
    expect(routes.filter((r) => !functionOfPath(r.path)).map((r) => r.path)).toEqual([])
    const unfiled = pages.map((p) => `/console${p.path === '/' ? '' : p.path.replace(/\/:.*$/, '')}`)
    expect(unfiled.filter((p) => p !== '/console' && pageOf(p).page === '/console')).toEqual([])
  })

  it.each([
    ['/p/1-3f', '/p/:id', 'raise'],
    ['/f/1-ABCDEFGHJKM', '/f/:id', 'raise'],
    ['/console/persons/019a0000-0000-7000-8000-0000000000aa', '/console/persons/:id', 'persons'],
    ['/console/', '/console', 'demands'],
    ['/m/zhang-san', '/m', 'own'],
    ['/console/wo-shi-zhang-san', '/console', 'own'],
  ])('keeps of %s only its kind: %s', (address, page, functionId) => {
    expect(pageOf(address)).toMatchObject({ page, functionId })
  })
})

describe('the use of functions', () => {
  it('is summed per function and day, with nothing about who used it (JF-15, JF-03)', async () => {
    const own = await plantWorld(base)
    const reader = await own.someone('district-desk', 'O')
    const counter = countUses(base.database)
    const route = (operationId: string) => routes.find((r) => r.operationId === operationId)!
    for (const id of ['listDemands', 'listDemands', 'openDemand', 'raiseDemand']) counter.count(own.district, route(id))
    await counter.flush()
    counter.count(own.district, route('readDemand'))
    await counter.close()
    const { rows: uses } = (await reader.get('/function-uses')).body as {
      rows: { id: string; looked: number; done: number; lastOn: string | null }[]
    }
    expect(uses.find((u) => u.id === 'demands')).toMatchObject({ looked: 3, done: 1 })
    expect(uses.find((u) => u.id === 'raise')).toMatchObject({ looked: 0, done: 1 })
    expect(uses.find((u) => u.id === 'talents')).toMatchObject({ looked: 0, done: 0, lastOn: null })
    const columns = await base.database.bare<{ column_name: string }>(
      `select column_name from information_schema.columns where table_name = 'function_use' order by 1`,
    )
    expect(columns.map((c) => c.column_name)).toEqual(['day', 'district_id', 'done', 'function', 'looked'])
  })

  it('counts what was really done, a resident’s too, and no refusal', async () => {
    const own = await plantWorld(base)
    await own.nobody.get(`/about?district=${own.district}`)
    await own.nobody.get('/feedback')
    await base.server.close()
    const kept = await base.database.transact({ district: own.district, mode: 'read' }, ({ db }) =>
      db.selectFrom('function_use').selectAll().execute(),
    )
    expect(kept).toMatchObject([{ function: 'feedback', looked: 1, done: 0 }])
  })
})
