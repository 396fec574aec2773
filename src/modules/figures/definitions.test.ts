import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { newId } from '#core/ids.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import type { MeasureVersion } from './contract.ts'
import { plantMembers, readFigure } from './fixtures.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  desk = await world.someone('district-desk', 'O')
  await plantMembers(world, [
    { org: 'OC11', from: '2021-01-01', sex: '2', born: '1995-03-01' },
    { org: 'OC11', from: '2021-01-01', sex: '1', born: '1960-03-01' },
    { org: 'OC21', from: '2025-05-01', sex: '2', born: '1989-12-01', reason: '001', status: 'probationary' },
  ])
})
afterAll(() => base.close())

const counted = {
  kind: 'counted',
  name: '女党员',
  definition: '期末日正式组织关系在本单位及下级的女党员，一人计一次。',
  classifier: '人',
  verbs: ['有'],
  fact: 'people.members',
  filters: [{ dimension: 'person.sex', in: ['2'] }],
  aggregate: 'persons',
}
const reason = '年度统计需要'
const define = (stated: object, more: object = {}) => desk.post('/measures', { stated, reason, ...more })
const issuesOf = async (stated: object) => {
  const { status, body } = await desk.post('/measures/preview', { stated })
  expect([status, body['code']]).toEqual([422, 'figure.bad-definition'])
  return body['issues'].map((i: { path: string; code: string; text: string }) => {
    expect(i.text).not.toBe(i.code) // every reason has its Chinese words
    return `${i.path} ${i.code}`
  })
}

describe('a measure of the district’s own', () => {
  it('is picked from fact, filter and aggregate, read by its id, and explained like any other', async () => {
    const made = await define(counted)
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    expect(made.body).toMatchObject({ id: 'own.ndy', version: 1, own: true, inForce: true, can: ['figure.define'] })
    expect(made.body['formula']).toBe('党员组织关系，性别：女，期末日存在，不重复的人数')
    const figure = await readFigure(desk, `measures=own.ndy&period=2025`)
    expect(figure).toMatchObject({ value: 2, measure: { name: '女党员', version: 1 } })
    const evidence = await desk.get('/figures/evidence?measure=own.ndy&period=2025')
    expect(evidence.body['total']).toBe(2)
    const found = await desk.get('/measures?search=ndy&own=true')
    expect(found.body['rows'].map((m: MeasureVersion) => m.id)).toEqual(['own.ndy'])
    expect((await desk.get(`/measures?search=${encodeURIComponent('女党员')}`)).body['total']).toBe(1)
  })

  it('counts by every aggregate: sum, average, first, last, begun, a quotient, a share of a stored list', async () => {
    const visits = [
      { org: 'OC11', day: '2025-03-01', quantity: 30 },
      { org: 'OC11', day: '2025-04-01', quantity: 90 },
      { org: 'OC21', day: '2025-03-05', quantity: 60 },
    ]
    await world.write(async (tx) => {
      for (const e of visits)
        await tx.db
          .insertInto('unit_event')
          .values({
            district_id: tx.district,
            id: newId(),
            mechanism_id: 'retired-party',
            unit_id: world.unit[e.org] as string,
            event: 'visit',
            title: '走访',
            held_on: e.day,
            quantity: e.quantity,
          })
          .execute()
    })
    const value = async (stated: object) => {
      const { status, body } = await desk.post('/measures/preview', { stated, period: '2025' })
      expect(status, JSON.stringify(body)).toBe(200)
      const { value: v, numerator, denominator } = body['figures'][0]
      return [v, numerator, denominator]
    }
    const events = { ...counted, fact: 'units.events', classifier: '人次', filters: [], verbs: ['走访'] }
    expect(await value({ ...events, aggregate: 'sum' })).toEqual([180, null, null])
    expect(await value({ ...events, aggregate: 'average' })).toEqual([60, 180, 3])
    expect(await value({ ...events, aggregate: 'first' })).toEqual([90, null, null])
    expect(await value({ ...events, aggregate: 'last' })).toEqual([150, null, null])
    expect(await value({ ...events, aggregate: 'units', classifier: '个' })).toEqual([2, null, null])
    expect(await value({ ...events, aggregate: 'count', classifier: '次', since: '2025-03-03' })).toEqual([
      2,
      null,
      null,
    ])
    const members = { ...counted, filters: [] }
    expect(await value({ ...members, moment: 'start' })).toEqual([2, null, null])
    expect(
      await value({ ...members, moment: 'begun', filters: [{ dimension: 'begun', in: ['001'] }], verbs: ['发展'] }),
    ).toEqual([1, null, null])
    // AGE-02: on 2025-12-31 who was born in 1989-12 is 36
    expect(await value({ ...members, filters: [{ dimension: 'person.age', to: 35 }] })).toEqual([1, null, null])
    expect(await value({ ...members, filters: [{ dimension: 'person.sex', not: ['1'] }] })).toEqual([2, null, null])
    const words = { name: '比', definition: '两数之比。', verbs: ['平均'] }
    expect(
      await value({ kind: 'ratio', ...words, classifier: '人', ratio: ['people.members', 'units.branches'] }),
    ).toEqual([1.5, 3, 2])
    expect(
      await value({
        kind: 'share',
        ...words,
        classifier: '%',
        share: { of: 'people.members', where: [{ dimension: 'person.sex', in: ['2'] }] },
      }),
    ).toEqual([66.7, 2, 3])
  })

  it('is refused with every reason and its place', async () => {
    expect(await issuesOf({ ...counted, fact: 'no.such' })).toEqual(['stated.fact measure-fact'])
    expect(await issuesOf({ ...counted, filters: [{ dimension: 'colour', in: ['red'] }] })).toEqual([
      'stated.filters.0.dimension measure-dimension',
    ])
    expect(
      await issuesOf({
        ...counted,
        filters: [
          { dimension: 'person.sex', in: ['2', '7'] },
          { dimension: 'status', from: 3 },
          { dimension: 'status' },
          { dimension: 'kind', in: ['no-such-kind'] },
        ],
        aggregate: 'count',
      }),
    ).toEqual([
      'stated.filters.0.in.1 measure-value',
      'stated.filters.1 measure-ages',
      'stated.filters.2 measure-filter',
      'stated.filters.3.in.0 measure-value',
      'stated.classifier measure-times-unit',
    ])
    expect(await issuesOf({ ...counted, classifier: '人次' })).toEqual(['stated.classifier measure-person-unit'])
    expect(await issuesOf({ ...counted, fact: 'demands.tasks', filters: [] })).toEqual([
      'stated.aggregate measure-persons',
    ])
    expect(await issuesOf({ ...counted, classifier: '%' })).toEqual(['stated.classifier measure-percent'])
    expect(await issuesOf({ ...counted, since: '2020-01-01' })).toEqual(['stated.since measure-since'])
    const words = { name: '比', definition: '两数之比。', verbs: ['占'], classifier: '%' }
    const ratio = (a: string, b: string) => issuesOf({ kind: 'ratio', ...words, ratio: [a, b] })
    expect(await ratio('people.members', 'no.such')).toEqual(['stated.ratio.1 measure-unknown'])
    expect(await ratio('people.members', 'people.members')).toEqual(['stated.ratio.1 measure-same'])
    expect(await ratio('people.members', 'demands.solution-rate')).toEqual(['stated.ratio.1 measure-plain'])
    expect(await ratio('people.members', 'people.reported')).toEqual(['stated.ratio.1 measure-tree'])
  })

  it('takes a share only of a stored list, and says 全覆盖 of nothing else', async () => {
    const words = { name: '占比', definition: '占比。', verbs: ['全覆盖'], classifier: '%' }
    const where = [{ dimension: 'category', in: ['care'] }]
    expect(await issuesOf({ kind: 'share', ...words, share: { of: 'tasks.published', where } })).toEqual([
      'stated.share.of measure-list',
    ])
    expect(await issuesOf({ kind: 'ratio', ...words, ratio: ['units.places-covered', 'units.places-due'] })).toEqual([
      'stated.verbs.0 measure-verb',
    ])
  })

  it('can’t give a verb another meaning than the list of verbs gives it', async () => {
    const raised = { ...counted, fact: 'demands.demands', filters: [], aggregate: 'count', classifier: '件' }
    expect(await issuesOf({ ...raised, verbs: ['收集', '解决'] })).toEqual(['stated.verbs.1 measure-verb'])
    expect(await issuesOf({ ...counted, verbs: ['培训'] })).toEqual(['stated.verbs.0 measure-verb'])
    expect(
      await issuesOf({
        ...counted,
        fact: 'units.units',
        filters: [],
        aggregate: 'count',
        classifier: '个',
        verbs: ['新成立'],
      }),
    ).toEqual(['stated.verbs.0 measure-verb'])
  })

  it('gets a new version when it is changed; the old one is read by asking for it, and who is made of it follows', async () => {
    const made = (await define({ ...counted, name: '青年党员', filters: [{ dimension: 'person.age', to: 28 }] })).body
    const id = made['id']
    const rate = await define({
      kind: 'ratio',
      name: '青年党员占比',
      definition: '青年党员 ÷ 党员。',
      classifier: '%',
      verbs: ['占'],
      ratio: [id, 'people.members'],
    })
    expect(rate.body['stated']['ratio'][0]).toBe(`${id}@1`)
    const stated = { ...counted, name: '青年党员', filters: [{ dimension: 'person.age', to: 35 }] }
    const stale = await desk.post(`/measures/${id}/versions`, { stated, reason }, { 'if-match': '"7"' })
    expect(stale.body['code']).toBe('core.stale')
    const revised = await desk.post(`/measures/${id}/versions`, { stated, reason }, { 'if-match': '"1"' })
    expect(revised.status, JSON.stringify(revised.body)).toBe(201)
    expect(revised.body).toMatchObject({ version: 2, restedOnBy: [{ id: rate.body['id'] }] })
    const read = async (reference: string) => (await readFigure(desk, `measures=${reference}&period=2025`)).value
    // born 1995-03: 30 on the last day of 2025
    expect([await read(id), await read(`${id}@1`), await read(`${id}@2`)]).toEqual([1, 0, 1])
    expect([await read(rate.body['id']), await read(`${rate.body['id']}@1`)]).toEqual([33.3, 0])
    const versions = (await desk.get(`/measures/${id}/versions`)).body['rows']
    expect(versions.map((v: MeasureVersion) => [v.version, v.inForce, v.reason])).toEqual([
      [2, true, reason],
      [1, false, reason],
    ])
    expect((await desk.get(`/figures?measures=${id}@9`)).body['code']).toBe('figure.unknown-measure')
  })

  it('planned for later is not in force yet', async () => {
    const tomorrow = addDays(dayOf(clock.now()), 1)
    const made = await define({ ...counted, name: '明年口径' }, { from: tomorrow })
    expect(made.body).toMatchObject({ inForce: false, from: tomorrow })
    expect((await desk.get(`/figures?measures=${made.body['id']}`)).body['code']).toBe('figure.unknown-measure')
    expect((await define({ ...counted, name: '过去' }, { from: '2020-01-01' })).body['code']).toBe('figure.bad-day')
  })

  it('is retired, not deleted; not while another is made of it; the system’s own not at all', async () => {
    const made = (await define({ ...counted, name: '男党员', filters: [{ dimension: 'person.sex', in: ['1'] }] })).body
    const share = (
      await define({
        kind: 'ratio',
        name: '男党员占比',
        definition: '男党员 ÷ 党员。',
        classifier: '%',
        verbs: ['占'],
        ratio: [made['id'], 'people.members'],
      })
    ).body
    const retire = (id: string) => desk.post(`/measures/${id}/retirement`, { reason: '不再使用' })
    expect((await retire(made['id'])).body).toMatchObject({
      code: 'figure.rests-on',
      title: expect.stringContaining('男党员占比'),
    })
    expect((await retire(share['id'])).body).toMatchObject({ inForce: false, reason: '不再使用' })
    expect((await retire(made['id'])).status).toBe(200)
    expect((await retire(made['id'])).body['code']).toBe('figure.measure-ended')
    const gone = await desk.get(`/figures?measures=${made['id']}`)
    expect(gone.body).toMatchObject({
      code: 'figure.retired-measure',
      title: expect.stringContaining(`${made['id']}@1`),
    })
    expect((await readFigure(desk, `measures=${made['id']}@1&period=2025`)).value).toBe(1)
    const names = async (query: string) =>
      (await desk.get(`/measures?own=true${query}`)).body['rows'].map((m: MeasureVersion) => m.name)
    expect(await names('')).not.toContain('男党员')
    expect(await names('&retired=true')).toContain('男党员')
    expect((await retire('tasks.claims')).body['code']).toBe('figure.not-own')
    expect((await retire('own.no-such')).body['code']).toBe('figure.measure-not-found')
    const history = await world.write((tx) =>
      tx.db.selectFrom('history').select('action').where('action', 'like', 'figure.%').execute(),
    )
    expect(new Set(history.map((h) => h.action))).toEqual(new Set(['figure.define', 'figure.revise', 'figure.retire']))
  })

  it('is named once: neither name nor id is given twice', async () => {
    expect((await define({ ...counted, name: '诉求' })).body['code']).toBe('figure.measure-exists')
    expect((await define({ ...counted, name: '另一个' }, { id: 'own.ndy' })).body['code']).toBe('figure.measure-exists')
  })

  it('is defined only by who may, for a unit of his', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    expect((await secretary.post('/measures', { stated: counted, reason })).status).toBe(403)
    expect((await secretary.post('/measures/own.ndy/retirement', { reason })).status).toBe(403)
    expect((await secretary.get('/measures')).status).toBe(200)
    expect((await define({ ...counted, name: '别处' }, { ownerId: newId() })).body['code']).toBe('unit.not-found')
    const elsewhere = await (await plantWorld(base)).someone('district-desk', 'O')
    expect((await elsewhere.get('/figures?measures=own.ndy')).body['code']).toBe('figure.unknown-measure')
  })
})

describe('the facts one may pick from', () => {
  it('all name their dimensions and values in words, whatever the mechanisms of other engines say', async () => {
    const { status, body } = await desk.get('/facts')
    expect(status).toBe(200)
    const values = body['rows'].flatMap((f: { id: string; dimensions: { id: string; values: { name: string }[] }[] }) =>
      f.dimensions.flatMap((d) => d.values.map((v) => `${f.id} ${d.id} ${v.name}`)),
    )
    expect(values).toContain('reports.coverage form 综述稿件')
    expect(values.filter((v: string) => v.startsWith('feedback.') && /[a-z]$/.test(v))).toEqual([])
  })
})
