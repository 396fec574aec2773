import { Document, Packer, Paragraph } from 'docx'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../../test/harness.ts'
import type { CheckedDraft, DraftFigure } from '../contract.ts'
import { daysOf } from './stretch.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  desk = await world.someone('district-desk', 'O')
  const secretary = await world.someone('community-secretary', 'OC11')
  const members = await Promise.all([1, 2, 3].map(() => world.someone('member', 'C11', { register: 'C11' })))
  // Three tasks, six claims, three claimants; three demands, none solved.
  for (const [at, title] of ['清扫', '探访', '理发'].entries()) {
    const task = await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title,
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 5,
    })
    for (const m of members.slice(0, at + 1)) await m.post(`/tasks/${task.body['id']}/claims`)
    const demand = await secretary.post('/demands', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      words: `楼道灯不亮${at}`,
    })
    expect(demand.status, JSON.stringify(demand.body)).toBe(201)
  }
})
afterAll(() => base.close())

const check = async (text: string, more: Record<string, unknown> = {}, asker = desk) => {
  const { status, body } = await asker.post('/drafts/check', { text, ...more })
  expect(status, JSON.stringify(body)).toBe(200)
  return body as unknown as CheckedDraft
}
const one = async (text: string, more?: Record<string, unknown>): Promise<DraftFigure> => {
  const { figures } = await check(text, more)
  expect(figures).toHaveLength(1)
  return figures[0] as DraftFigure
}

describe('a number in a draft', () => {
  it('is confirmed where the records bear it out, with the measure, its value and the way to its records', async () => {
    const { figures } = await check('今年以来发布任务3条，党员6人次认领。')
    expect(figures).toMatchObject([
      { text: '3', verdict: 'confirmed', measure: { id: 'tasks.published', value: 3 } },
      { text: '6', verdict: 'confirmed', measure: { id: 'tasks.claims', value: 6 } },
    ])
    expect(figures[0]?.measure?.evidence).toContain(`/console/figures/tasks.published?unit=${world.unit['O']}`)
  })

  it('is contradicted with our value and what would be true', async () => {
    expect(await one('发布任务5条。')).toMatchObject({
      verdict: 'contradicted',
      measure: { value: 3 },
      reason: expect.stringContaining('可写 3条'),
    })
  })

  it('of persons is held against distinct persons: 6人 that are 6人次 are contradicted, 3人 are confirmed (verbs.md)', async () => {
    expect(await one('6人认领接单。')).toMatchObject({
      verdict: 'contradicted',
      measure: { id: 'tasks.claims' },
      reason: expect.stringMatching(/人次.*应写 6人次.*按“人”计为 3人/),
    })
    expect(await one('3人认领接单。')).toMatchObject({ verdict: 'confirmed', measure: { id: 'tasks.claimants' } })
  })

  it('that is exact is contradicted by its 余, and every bound is judged by the rules of print', async () => {
    const verdict = async (text: string) => (await one(text)).verdict
    expect(await one('发布任务3余条。')).toMatchObject({
      verdict: 'contradicted',
      reason: expect.stringContaining('不带“余”'),
    })
    expect(await verdict('发布任务2余条。')).toBe('contradicted')
    expect(await verdict('发布任务超2条。')).toBe('confirmed')
    expect(await verdict('发布任务超3条。')).toBe('contradicted')
    expect(await verdict('发布任务3条以上。')).toBe('confirmed')
    expect(await verdict('发布任务近3条。')).toBe('contradicted')
    expect(await verdict('发布任务不到3条。')).toBe('contradicted')
  })

  it('for two states is contradicted when they differ, and says both', async () => {
    expect(await one('收集并解决诉求3件。')).toMatchObject({
      verdict: 'contradicted',
      reason: expect.stringMatching(/收集 3件，解决 0件/),
    })
  })

  it('of 100% is confirmed by no list that is of something else', async () => {
    expect(await one('各街道均成立了两新组织综合党委。')).toMatchObject({ verdict: 'ambiguous' })
    expect(await one('历史遗留问题清零。')).toMatchObject({ verdict: 'ambiguous' })
  })

  it('of none left is held against the stock of that name: contradicted while one is left', async () => {
    const left = await one('没有书记的党组织全面清零。')
    expect(left).toMatchObject({ measure: { id: 'people.units-without-secretary' } })
    const { value } = left.measure as { value: number }
    expect(value).toBeGreaterThan(0)
    expect(left).toMatchObject({ verdict: 'contradicted', reason: expect.stringContaining(`还有 ${value}个`) })
    expect(await one('空缺职务动态清零。')).toMatchObject({
      verdict: 'contradicted',
      measure: { id: 'people.posts-vacant' },
    })
    // Of weak organisations nothing is recorded: the stock of all is not held against it.
    expect(await one('后进党组织清零。')).toMatchObject({ verdict: 'ambiguous' })
  })

  it('in a cell of a table is of what the cell before names', async () => {
    const { figures } = await check('发布任务\n3条\n认领任务\n6人次\n')
    expect(figures.map((f) => [f.measure?.id, f.verdict])).toEqual([
      ['tasks.published', 'confirmed'],
      ['tasks.claims', 'confirmed'],
    ])
  })

  it('whose thing stands with the number before is read with it, and a part is not held against the whole', async () => {
    const { figures } = await check('登记诉求3件，办结2件。')
    expect(figures).toMatchObject([
      { verdict: 'confirmed', measure: { id: 'demands.raised' } },
      { verdict: 'contradicted', subject: '诉求', measure: { id: 'demands.closed', value: 0 } },
    ])
    expect(await one('建立功能型党支部31个。')).toMatchObject({ verdict: 'unsupported' })
  })

  it('of which nothing is recorded is unsupported, and one that narrows a measure is not held against the whole', async () => {
    expect(await one('植树造林3200亩。')).toMatchObject({ verdict: 'unsupported' })
    const narrower = await one('发布助老任务1条。')
    expect(narrower).toMatchObject({ verdict: 'unsupported', reason: expect.stringContaining('助老') })
  })

  it('that speaks of no record is no contradiction: limits, levels, cadences', async () => {
    const { figures } = await check('选派35岁以下干部，构建区、街道、社区三级网络，每月召开一次例会。')
    expect(figures.map((f) => f.verdict)).toEqual(['unsupported', 'unsupported', 'unsupported'])
  })

  it('is read for the unit and the days its sentence names', async () => {
    expect(await one('去年发布任务3条。')).toMatchObject({ verdict: 'contradicted', measure: { value: 0 } })
    expect(await one('2020年以来发布任务3条。')).toMatchObject({ verdict: 'confirmed' })
    const street = await one('临江街道发布任务3条。')
    expect(street).toMatchObject({ verdict: 'confirmed', reason: expect.stringContaining('临江街道') })
    expect(street.measure?.evidence).toContain(`unit=${world.unit['S1']}`)
    expect(await one('柳林镇发布任务3条。')).toMatchObject({ verdict: 'contradicted', measure: { value: 0 } })
  })
})

describe('a draft', () => {
  it('is checked within the asker’s scope: another unit is not found, and his own is counted alone', async () => {
    const organiser = await world.someone('street-organiser', 'OS1')
    const refused = await organiser.post('/drafts/check', { text: '发布任务3条。', unit: world.unit['O'] })
    expect(refused).toMatchObject({ status: 404, body: { code: 'figure.unit-not-found' } })
    const own = await check('发布任务3条。', {}, organiser)
    expect(own.figures).toMatchObject([{ verdict: 'confirmed' }])
    const community = await check('发布任务3条。', { unit: world.unit['OC11'] }, organiser)
    expect(community.figures).toMatchObject([{ verdict: 'confirmed' }])
  })

  it('learns no number that is too small to be shown', async () => {
    const other = await plantWorld(base)
    const secretary = await other.someone('community-secretary', 'OC11')
    const member = await other.someone('member', 'C11', { register: 'C11' })
    const task = await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: other.unit['C11'],
      category: 'care',
      title: '清扫',
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 5,
    })
    await member.post(`/tasks/${task.body['id']}/claims`)
    const asker = await other.someone('district-desk', 'O')
    for (const text of ['1人认领接单。', '9人认领接单。']) {
      const { figures } = await check(text, {}, asker)
      expect(figures).toMatchObject([
        { verdict: 'ambiguous', measure: { value: null }, reason: expect.stringContaining('人数太少') },
      ])
    }
  })

  it('is neither stored nor logged: no row of any table holds a word of it', async () => {
    const secret = '绝无仅有的一句话'
    const key = { 'idempotency-key': 'a'.repeat(32) }
    const asked = await desk.post('/drafts/check', { text: `${secret}，发布任务3条。` }, key)
    expect(asked.status).toBe(200)
    const tables = await world.write((tx) =>
      sql<{
        name: string
      }>`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
        tx.db,
      ),
    )
    for (const { name } of tables.rows) {
      const found = await world.write((tx) =>
        sql<{
          n: number
        }>`select count(*)::int as n from ${sql.table(name)} t where t::text like ${`%${secret}%`}`.execute(tx.db),
      )
      expect(`${name} ${found.rows[0]?.n}`).toBe(`${name} 0`)
    }
  })

  it('of the system’s own making is confirmed number by number', async () => {
    const template = {
      template: {
        id: 'try',
        title: '试写',
        sections: [
          {
            blocks: [
              {
                kind: 'paragraph',
                text: '今年以来发布任务{{发布|tasks.published|整数|条}}，认领{{认领|tasks.claims|整数|人次}}，登记诉求{{登记|demands.raised|整数|件}}。',
              },
            ],
          },
        ],
      },
    }
    const preview = await desk.post('/reports/preview', template)
    const text = preview.body['sections'][0].blocks[0].runs.map((r: { text: string }) => r.text).join('')
    const { figures } = await check(text)
    expect(figures.map((f) => [f.measure?.id, f.verdict])).toEqual([
      ['tasks.published', 'confirmed'],
      ['tasks.claims', 'confirmed'],
      ['demands.raised', 'confirmed'],
    ])
  })

  it('as a .docx gives its text, which is then checked', async () => {
    const file = await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('发布任务3条。')] }] }))
    const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    const read = await base.server.inject({
      method: 'POST',
      url: '/api/drafts/text',
      headers: { authorization: `Bearer ${desk.token}`, 'content-type': type },
      payload: file,
    })
    expect(read.json()).toEqual({ text: expect.stringContaining('发布任务3条。') })
    const broken = await base.server.inject({
      method: 'POST',
      url: '/api/drafts/text',
      headers: { authorization: `Bearer ${desk.token}`, 'content-type': type },
      payload: Buffer.from('no document at all, but long enough'),
    })
    expect(broken.json()).toMatchObject({ code: 'document.not-a-document' })
  }, 60_000)
})

describe('the days of a sentence', () => {
  const asked = { from: '2026-01-01', to: '2026-12-31' }
  it.each([
    ['2021年以来', '2021-01-01..2026-12-31'],
    ['2023年6月以来', '2023-06-01..2026-12-31'],
    ['2024年', '2024-01-01..2024-12-31'],
    ['2024年2月', '2024-02-01..2024-02-29'],
    ['上半年', '2026-01-01..2026-06-30'],
    ['1至10月', '2026-01-01..2026-10-31'],
    ['截至11月', '2026-01-01..2026-11-30'],
    ['去年', '2025-01-01..2025-12-31'],
    ['近三年来', '2024-01-01..2026-12-31'],
    ['党的十九大以来', '2017-10-18..2026-12-31'],
    ['2024年13月', null],
    ['今年以来', null],
    ['近年来', null],
  ])('%s', (words, expected) => {
    const days = daysOf(words, asked)
    expect(days && `${days.from}..${days.to}`).toBe(expected)
  })
})
