// Photographs of a demand: whose they are, who sees them, how many there may be, and when they are gone.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { jpegOf } from '../../../test/jpegs.ts'
import { eraseOldContacts } from './actions/duty.ts'

const ROOM = 12
const BYTES = 3_000

let base: Base
let w: World
let secretary: Asker
beforeAll(async () => {
  base = await openBase()
  w = await plantWorld(base, { photos: { photos: ROOM, bytes: BYTES } })
  secretary = await w.someone('community-secretary', 'OC11')
})
afterAll(() => base.close())

const JPEG = 'image/jpeg'
const clean = jpegOf({ more: [] })
const send = (who: Asker, path: string, file = jpegOf()) => who.upload(`${path}/photos`, file, JPEG)
const ids = (body: Record<string, any>) => (body['photos'] as { id: string }[]).map((p) => p.id)

async function raise(place = 'E111', contact?: object): Promise<string> {
  const { no } = await w.write((tx) =>
    tx.db
      .selectFrom('unit')
      .select('no')
      .where('district_id', '=', w.district)
      .where('id', '=', w.unit[place] as string)
      .executeTakeFirstOrThrow(),
  )
  const body = { place: `${w.district}-${no.toString(36)}`, category: 'facility', words: '路灯不亮', consent: true }
  const raised = await w.nobody.post('/raised-demands', { ...body, ...(contact ? { contact } : {}) })
  expect(raised.status, JSON.stringify(raised.body)).toBe(201)
  return `/raised-demands/${raised.body['code']}`
}

async function opened(place = 'C11', more: object = {}): Promise<string> {
  const made = await secretary.post('/demands', {
    mechanismId: '365-service',
    placeId: w.unit[place],
    category: 'facility',
    words: '路灯不亮',
    ...more,
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return `/demands/${made.body['id']}`
}

const clear = () =>
  w.write(async (tx) => {
    await sql`update demand_photo set picture_sealed = null, erased_at = now() where district_id = ${w.district} and erased_at is null`.execute(
      tx.db,
    )
  })

describe('a photo', () => {
  it('is added by the resident under his code, kept as its picture alone and sealed, seen by him and by his community (FI-05, CR-01)', async () => {
    const mine = await raise()
    const added = await send(w.nobody, mine)
    expect([added.status, added.body]).toMatchObject([201, { width: 640, height: 480, byResident: true }])
    const { body } = await w.nobody.get(mine)
    expect(body).toMatchObject({ mayAddPhotos: true, photos: [{ id: added.body['id'] }] })
    const shown = await w.nobody.get(`${mine}/photos/${added.body['id']}`)
    expect(shown.headers['content-type']).toBe(JPEG)
    expect(shown.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(shown.raw.equals(clean)).toBe(true)
    const stored = await w.write((tx) =>
      tx.db.selectFrom('demand_photo').select('picture_sealed').where('district_id', '=', w.district).execute(),
    )
    expect(stored.some((p) => p.picture_sealed?.includes(clean.subarray(0, 20)))).toBe(false)
    const { rows } = (await secretary.get('/demands?sort=-opened&limit=1')).body
    const whole = (await secretary.get(`/demands/${rows[0].id}`)).body
    expect(ids(whole)).toEqual([added.body['id']])
    expect((await secretary.get(`/demands/${rows[0].id}/photos/${added.body['id']}`)).raw.equals(clean)).toBe(true)
    await clear()
  })

  it('that is none, or too large to show, is refused by its content, and nothing is kept of it (FI-02, FI-05)', async () => {
    const mine = await raise()
    for (const file of [Buffer.from('GIF89a'), Buffer.from('<svg/>'), jpegOf({ width: 65_500, height: 65_500 })]) {
      const answer = await send(w.nobody, mine, file)
      expect([answer.status, answer.body['code']]).toEqual([415, 'demand.not-a-photo'])
    }
    expect((await w.nobody.upload(`${mine}/photos`, jpegOf(), 'image/png')).status).toBe(415)
    expect((await send(w.nobody, mine, Buffer.alloc(1_048_577))).status).toBe(413)
    expect(ids((await w.nobody.get(mine)).body)).toEqual([])
  })

  it('is seen by whoever sees its demand and by nobody else, under no other demand and no other code (AZ-19, FI-09)', async () => {
    const [mine, other] = [await raise(), await raise()]
    const { id } = (await send(w.nobody, mine)).body
    const path = await opened()
    const { id: staff } = (await send(secretary, path)).body
    const elsewhere = await w.someone('community-secretary', 'OC21')
    const refused = [
      w.nobody.get(`${other}/photos/${id}`),
      w.nobody.get(`${mine}/photos/${staff}`),
      w.nobody.call('DELETE', `${other}/photos/${id}`),
      elsewhere.get(`${path}/photos/${staff}`),
      elsewhere.call('DELETE', `${path}/photos/${staff}`),
      send(elsewhere, path),
      secretary.get(`${path}/photos/${id}`),
      w.nobody.get(`/raised-demands/${w.district}-AAAA-AAAA-AAAA/photos/${id}`),
    ]
    expect((await Promise.all(refused)).map((a) => a.status)).toEqual(Array(refused.length).fill(404))
    expect((await w.nobody.get(`${path}/photos/${staff}`)).status).toBe(401)
    // a report is not there for the unit complained about, nor is what was photographed
    const desk = await w.someone('district-desk', 'O')
    const against = await desk.post('/demands', {
      mechanismId: '365-service',
      placeId: w.unit['C11'],
      category: 'facility',
      words: '工作作风问题',
      report: true,
      aboutId: w.unit['OC11'],
    })
    const report = `/demands/${against.body['id']}`
    const told = await send(desk, report)
    expect(told.status, JSON.stringify(told.body)).toBe(201)
    expect((await desk.get(`${report}/photos/${told.body['id']}`)).status).toBe(200)
    expect((await secretary.get(`${report}/photos/${told.body['id']}`)).status).toBe(404)
    await clear()
  })

  it('is one of three at most, however many are sent at once (JF-08, CO-01)', async () => {
    const mine = await raise()
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(w.nobody, mine)))
    expect(answers.map((a) => a.body['code'] ?? a.status).toSorted()).toEqual([
      201,
      201,
      201,
      ...Array(3).fill('demand.photos-enough'),
    ])
    const [first] = ids((await w.nobody.get(mine)).body)
    expect((await w.nobody.call('DELETE', `${mine}/photos/${first}`)).status).toBe(200)
    expect((await send(w.nobody, mine)).status).toBe(201)
    await clear()
  })

  it('finds room exactly as far as its place has any, in number and in bytes, also of many at once (FI-03)', async () => {
    const demands = await Promise.all(Array.from({ length: 6 }, () => raise('E111')))
    const tries = demands.flatMap((d) => [1, 2, 3].map(() => send(w.nobody, d)))
    const answers = await Promise.all(tries)
    expect(answers.filter((a) => a.status === 201)).toHaveLength(ROOM)
    expect(answers.filter((a) => a.status === 507).map((a) => a.body['code'])).toEqual(
      Array(18 - ROOM).fill('demand.photos-full'),
    )
    // another place has its own
    const away = await raise('E211')
    expect((await send(w.nobody, away)).status).toBe(201)
    await clear()
    const large = jpegOf({ more: [], scans: 20 })
    const most = Math.floor(BYTES / large.length)
    expect(most).toBeLessThan(ROOM)
    const again = await Promise.all(demands.flatMap((d) => [1, 2, 3].map(() => send(w.nobody, d, large))))
    expect(again.filter((a) => a.status === 201)).toHaveLength(most)
    await clear()
  })

  it('that is gone is gone for every reader; while it goes each reads the whole or nothing (FI-12)', async () => {
    const mine = await raise()
    const { id } = (await send(w.nobody, mine)).body
    const path = `${mine}/photos/${id}`
    const all = await Promise.all([
      ...Array.from({ length: 8 }, () => w.nobody.get(path)),
      w.nobody.call('DELETE', path),
      ...Array.from({ length: 8 }, () => w.nobody.get(path)),
    ])
    const read = all.filter((a) => a.headers['content-type'] === JPEG)
    expect(read.every((a) => a.raw.equals(clean))).toBe(true)
    expect(all.filter((a) => a.status !== 200 && a.status !== 404)).toEqual([])
    expect((await w.nobody.get(path)).body['code']).toBe('demand.photo-not-found')
    expect((await w.nobody.call('DELETE', path)).body['code']).toBe('demand.photo-not-found')
    expect(ids((await w.nobody.get(mine)).body)).toEqual([])
  })

  it('of the resident goes with his consent; that of the secretary is hers to take away, not his (PRV-01)', async () => {
    const mine = await raise('E111', { phone: '13812345678' })
    await send(w.nobody, mine)
    const { rows } = (await secretary.get('/demands?sort=-opened&limit=1')).body
    const { id: hers } = (await send(secretary, `/demands/${rows[0].id}`)).body
    expect((await w.nobody.call('DELETE', `${mine}/photos/${hers}`)).status).toBe(404)
    expect((await w.nobody.post(`${mine}/consent-withdrawal`)).status).toBe(200)
    expect(ids((await w.nobody.get(mine)).body)).toEqual([hers])
    expect((await secretary.call('DELETE', `/demands/${rows[0].id}/photos/${hers}`)).status).toBe(200)
  })

  it('is not added to what is over, and is erased when the contact’s time is over, with or without a contact (PRV-01)', async () => {
    const path = await opened()
    const { id } = (await send(secretary, path)).body
    await secretary.post(`${path}/dispatch`, { leadId: w.unit['C11'] })
    await secretary.post(`${path}/signature`)
    await secretary.post(`${path}/answer`, { answer: '已经修好。' })
    const caller = await w.someone('caller', 'D')
    await caller.post(`${path}/callbacks`, { reached: true, outcome: 'solved', satisfaction: 'satisfied' })
    expect((await secretary.post(`${path}/closure`, {})).status).toBe(200)
    expect((await send(secretary, path)).body['code']).toBe('demand.wrong-state')
    expect((await secretary.get(path)).body['mayAddPhotos']).toBe(false)
    expect((await secretary.get(`${path}/photos/${id}`)).status).toBe(200)
    const asker = { token: null, requestId: 'job', address: '' }
    const nightly = () => eraseOldContacts(new Context(base.ground, asker, { district: w.district, actor: system }))
    await nightly()
    expect((await secretary.get(`${path}/photos/${id}`)).status).toBe(200)
    clock.shiftForTest(3 * 366 * 24 * 3_600_000)
    try {
      expect(await nightly()).toEqual({ erased: 1 })
      const later = await w.someone('community-secretary', 'OC11')
      expect((await later.get(`${path}/photos/${id}`)).status).toBe(404)
    } finally {
      clock.shiftForTest(0)
    }
  })
})
