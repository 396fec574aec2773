import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayOf } from '#core/calendar.ts'
import { DOCX } from '#core/docx.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  desk = await world.someone('district-desk', 'O')
  const secretary = await world.someone('community-secretary', 'OC11')
  for (const title of ['清扫', '探访'])
    await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title,
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 5,
    })
})
afterAll(() => base.close())

const chart = {
  kind: 'chart',
  title: '各街道任务',
  form: 'bar',
  measures: ['tasks.published'],
  by: 'child',
}
const text = (block: object) => ({ template: { id: 'try', title: '试写', sections: [{ blocks: [block] }] } })
const faults = async (block: object) => (await desk.post('/reports/preview', text(block))).body['faults']

describe('a chart in a text', () => {
  const one = chart

  it('stands with its table: each number of it is bound, linked and in the manifest', async () => {
    const { body } = await desk.post('/reports/preview', text(one))
    expect(body['faults']).toEqual([])
    const { table } = body['sections'][0].blocks[0]
    expect(table.totals.map((t: { value: number }) => t.value)).toEqual([2])
    expect(table.rows.flatMap((r: { cells: { n: number }[] }) => r.cells.map((c) => c.n)).every(Boolean)).toBe(true)
    const made = await desk.post('/reports', { ...text(one), format: 'html' })
    const html = made.raw.toString('utf8')
    expect(html).toMatch(/<svg role="img" aria-label="柱形图：各街道任务/)
    expect(html.indexOf('<table')).toBeGreaterThan(html.indexOf('<svg'))
    expect(html).toContain('临江街道')
  })

  it('a document holds it as SVG and, for readers that know none, as PNG; and it still proves its numbers', async () => {
    const made = await desk.post('/reports', text(one))
    const parts = unzipSync(made.raw)
    const pictures = Object.keys(parts).filter((p) => p.startsWith('word/media/'))
    expect(pictures.map((p) => p.split('.').at(-1)).toSorted()).toEqual(['png', 'svg'])
    const png = parts[pictures.find((p) => p.endsWith('.png')) ?? '']
    expect(
      Buffer.from(png ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    const check = async (file: Buffer) => (await desk.upload('/report-documents/verification', file, DOCX)).body
    const { entries, loose, pictures: known } = await check(made.raw)
    expect(known).toEqual([{ title: '各街道任务', verdict: 'unchanged' }])
    expect(entries.every((e: { verdict: string }) => e.verdict === 'unchanged')).toBe(true)
    expect(loose).toEqual([])
    const xml = strFromU8(parts['word/document.xml'] as Uint8Array).replace(/(<w:t[^>]*>)2</, '$120<')
    const edited = await check(Buffer.from(zipSync({ ...parts, 'word/document.xml': strToU8(xml) })))
    expect(edited['counts']['edited']).toBe(1)
    const other = pictures.map((p) => [p, strToU8('another picture')] as const)
    const exchanged = await check(Buffer.from(zipSync({ ...parts, ...Object.fromEntries(other) })))
    expect(exchanged['pictures']).toEqual([{ title: '各街道任务', verdict: 'changed' }])
    // what Word shows is exchanged, what it does not show is left
    const svg = pictures.find((p) => p.endsWith('.svg')) as string
    const shown = await check(Buffer.from(zipSync({ ...parts, [svg]: strToU8('<svg/>') })))
    expect(shown['pictures'][0].verdict).toBe('changed')
    const { [svg]: _, ...older } = parts
    expect((await check(Buffer.from(zipSync(older))))['pictures'][0].verdict).toBe('unchanged')
  })

  it('periods that have not begun are no zeros: neither in the table nor in the line', async () => {
    const line = { ...one, form: 'line', by: 'month' }
    const { body } = await desk.post('/reports/preview', text(line))
    const names = body['sections'][0].blocks[0].table.rows.map((r: { name: string }) => r.name)
    const [year, month] = dayOf(body['asOf']).split('-').map(Number)
    expect(names).toHaveLength(Number(month))
    expect(names[0]).toBe(`${year}年1月`)
  })

  it('is refused where it would mislead: two units of count on one axis, a line without time, parts that do not add up', async () => {
    expect(await faults({ ...one, measures: ['tasks.published', 'tasks.claims'] })).toMatchObject([{ code: 'chart' }])
    expect(await faults({ ...one, form: 'line' })).toMatchObject([{ code: 'chart' }])
    expect(await faults({ ...one, form: 'share', by: 'month' })).toMatchObject([{ code: 'chart' }])
    expect(await faults({ ...one, form: 'share' })).toEqual([])
    expect(await faults({ ...one, form: 'share', measures: ['tasks.claims'] })).toMatchObject([{ code: 'chart' }])
  })
})
