// Numbers as files: the same question, the same rights, every row or a refusal.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readWorkbook } from '#core/xlsx.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { plantReported, readFigure } from './fixtures.ts'

let base: Base
let w: World
let desk: Asker
const on = '2025-03-05'

beforeAll(async () => {
  base = await openBase()
  w = await plantWorld(base)
  desk = await w.someone('district-desk', 'O')
  await plantReported(w, [
    ...Array.from({ length: 9 }, () => ({ place: 'C11', organ: '＝HYPERLINK("http://x")', on })),
    ...Array.from({ length: 7 }, () => ({ place: 'C12', on })),
    ...Array.from({ length: 2 }, () => ({ place: 'C21', on })),
  ])
})
afterAll(() => base.close())

const csv = async (asker: Asker, path: string) => {
  const reply = await asker.get(path)
  expect(reply.status, JSON.stringify(reply.body)).toBe(200)
  expect(String(reply.headers['content-type'])).toBe('text/csv; charset=utf-8')
  return reply.raw.toString().replace('\uFEFF', '').trimEnd().split('\r\n')
}
const sheet = async (asker: Asker, path: string) => {
  const reply = await asker.get(path)
  expect(reply.status, JSON.stringify(reply.body)).toBe(200)
  return (await readWorkbook(reply.raw)).sheets[0]?.rows ?? []
}

const question = 'measures=people.reported&period=2025'

describe('numbers as files', () => {
  it('a breakdown has the rows of the JSON answer, and hides what it hides (EX-06)', async () => {
    const query = `${question}&unit=${w.unit['D']}&by=level:3&tree=today`
    const figure = await readFigure(desk, query)
    const wanted = figure.rows.map((r) => [r.name, r.suppressed ? '不显示' : String(r.value)])
    expect(wanted).toContainEqual(['柳林村', '不显示'])
    const lines = await csv(desk, `/figures.csv?${query}`)
    expect(lines[0]).toBe('分列,报到党员（人）')
    expect(lines.slice(1, -1).map((l) => l.split(','))).toEqual(wanted)
    expect(lines.at(-1)).toContain('青石区；2025-01-01 至 2025-12-31；截至')
    const rows = await sheet(desk, `/figures.xlsx?${query}`)
    expect(rows.slice(2).map((r) => r.map(String))).toEqual(wanted)
  })

  it('a whole number says what it is of, beside what it is compared with', async () => {
    const rows = await sheet(desk, `/figures.xlsx?${question}&unit=${w.unit['D']}&compare=last-year`)
    expect(rows[1]?.slice(0, 3)).toEqual(['指标', '数值', '单位'])
    expect(rows[2]?.slice(0, 3)).toEqual(['报到党员', 18, '人'])
    expect(rows[2]?.slice(5, 7)).toEqual([0, 18])
  })

  it('records are carried away by who may, and that is an entry of the history (AD-03)', async () => {
    const query = `measure=people.reported&period=2025&unit=${w.unit['C11']}`
    const rows = await sheet(desk, `/figures/evidence.xlsx?${query}`)
    expect(rows).toHaveLength(2 + 9)
    expect((await csv(desk, `/figures/evidence.csv?${query}`)).length).toBe(1 + 9 + 1)
    expect(base.changes.filter((c) => c.action === 'figure.export')).toHaveLength(2)
    const leader = await w.someone('leader', 'O')
    expect((await leader.get(`/figures/evidence.csv?${query}`)).status).toBe(403)
    const few = await desk.get(`/figures/evidence.csv?measure=people.reported&period=2025&unit=${w.unit['C21']}`)
    expect([few.status, few.body['code']]).toEqual([403, 'figure.suppressed'])
    const outside = await w.someone('street-organiser', 'OS1')
    expect((await outside.get(`/figures.csv?${question}&unit=${w.unit['S2']}`)).status).toBe(404)
  })

  it('lists come whole: paging is not asked for', async () => {
    const { body } = await desk.get('/measures')
    const rows = await sheet(desk, '/measures.xlsx')
    expect(rows.length).toBe(2 + body['total'])
    expect((await desk.get('/editions.csv?limit=5')).status).toBe(400)
    expect(await csv(desk, '/editions.csv')).toHaveLength(2)
  })

  it('taken while the roster grows and shrinks is one moment: its rows are its total, and whole numbers beside them agree (EX-09)', async () => {
    const lively = await plantWorld(base, { smallGroup: 0, exports: { purpose: 9999, approval: 99_999 } })
    const asker = await lively.someone('district-desk', 'O')
    await plantReported(
      lively,
      Array.from({ length: 20 }, () => ({ place: 'C11', on })),
    )
    let writing = true
    const writer = (async () => {
      for (let i = 0; writing; i++)
        await plantReported(
          lively,
          Array.from({ length: 1 + (i % 3) }, () => ({ place: i % 2 ? 'C11' : 'C21', on })),
        )
    })()
    const seen = new Set<number>()
    for (let i = 0; i < 12; i++) {
      const { unit } = lively
      const [file, split] = await Promise.all([
        asker.get(`/figures/evidence.csv?measure=people.reported&period=2025&unit=${unit['D']}`),
        readFigure(asker, `${question}&unit=${unit['D']}&by=child&tree=today`),
      ])
      expect(file.status, JSON.stringify(file.body)).toBe(200)
      const lines = file.raw.toString().trimEnd().split('\r\n')
      const total = Number(/共 (\d+) 条/.exec(lines.at(-1) ?? '')?.[1])
      expect(lines).toHaveLength(1 + total + 1)
      expect(split.rows.reduce((n, r) => n + (r.value ?? 0), 0)).toBe(split.value)
      seen.add(total)
    }
    writing = false
    await writer
    expect(seen.size).toBeGreaterThan(1)
  })
})
