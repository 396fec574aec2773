import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld } from '../../../test/harness.ts'
import { plantMembers, plantReported, readFigure as read, valuesOf } from './fixtures.ts'

let base: Base
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  desk = await (await plantWorld(base)).someone('district-desk', 'O')
})
afterAll(() => base.close())

/** Another way to an age: whole months lived between two months, by counting them. */
function ageIn(born: string, on: string) {
  let months = 0
  for (let [y, m] = born.split('-').map(Number) as [number, number]; ; months++) {
    if (`${y}-${String(m).padStart(2, '0')}` === on.slice(0, 7)) return Math.floor(months / 12)
    ;[y, m] = m === 12 ? [y + 1, 1] : [y, m + 1]
  }
}

describe('members by sex, age band and kind of organisation', () => {
  it('add up to the whole and equal a recount (AGE-01, AGE-03, STAT-02)', async () => {
    const draft = fc.record({
      sex: fc.constantFrom('1' as const, '2' as const),
      born: fc.option(
        fc
          .tuple(fc.integer({ min: 1940, max: 2006 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
          .map(([y, m, d]) => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`),
        { freq: 8 },
      ),
      org: fc.constantFrom('OS1', 'OC11', 'OC21', 'OE111'),
      from: fc.constantFrom('2021-03-01', '2024-06-15'),
    })
    const bands: [string, number][] = [
      ['30岁及以下', 30],
      ['31—35岁', 35],
      ['36—40岁', 40],
      ['41—45岁', 45],
      ['46—50岁', 50],
      ['51—55岁', 55],
      ['56—60岁', 60],
      ['61岁及以上', 999],
    ]
    const kinds: Record<string, string> = { OS1: '党工委', OC11: '党总支', OC21: '党支部', OE111: '小区党支部' }
    const count = (names: readonly string[]) =>
      Object.fromEntries([...new Set(names)].map((n) => [n, names.filter((x) => x === n).length]))
    await fc.assert(
      fc.asyncProperty(fc.array(draft, { maxLength: 30 }), fc.constantFrom('2023', '2025'), async (drafts, period) => {
        const w = await plantWorld(base, { smallGroup: 0 })
        const asker = await w.someone('district-desk', 'O')
        await plantMembers(w, drafts)
        const on = `${period}-12-31`
        const there = drafts.filter((d) => d.from <= on)
        const ask = `measures=people.members&period=${period}&by=`
        const bySex = await read(asker, `${ask}sex`)
        expect(bySex.value).toBe(there.length)
        expect(valuesOf(bySex)).toEqual(count(there.map((d) => (d.sex === '1' ? '男' : '女'))))
        const byKind = await read(asker, `${ask}kind`)
        expect(valuesOf(byKind)).toEqual(count(there.map((d) => kinds[d.org] as string)))
        const byAge = await read(asker, `${ask}age`)
        const banded = there.map((d) =>
          d.born ? (bands.find(([, to]) => ageIn(d.born as string, on) <= to)?.[0] as string) : '未登记',
        )
        expect(
          Object.fromEntries(
            byAge.rows.filter((r) => (r.value ?? 0) > 0).map((r) => [r.name.replace(/（.*/, ''), r.value]),
          ),
        ).toEqual(count(banded))
      }),
      { numRuns: 15 },
    )
  }, 120_000)

  it('print the cut-off of every band: 35岁以下 is not yet 36 (AGE-02)', async () => {
    const figure = await read(desk, 'measures=people.members&period=2026-11-30&by=age')
    const names = figure.rows.map((r) => r.name)
    expect(names[0]).toBe('30岁及以下（1995年12月及以后出生）')
    expect(names[1]).toBe('31—35岁（1990年12月至1995年11月出生）')
    expect(names.at(-1)).toBe('61岁及以上（1965年11月及以前出生）')
    expect(figure.note).toContain('2026-11-30')
  })

  it('are refused for what is not of persons', async () => {
    const { body } = await desk.get('/figures?measures=tasks.published&by=sex')
    expect(body['code']).toBe('figure.unknown-dimension')
  })
})

describe('a breakdown', () => {
  it('by level reaches below the children, and what stands above the level stands for itself', async () => {
    const w = await plantWorld(base, { smallGroup: 0 })
    const asker = await w.someone('district-desk', 'O')
    await plantReported(w, [
      { place: 'C11', organ: '区教育局', on: '2025-02-01' },
      { place: 'E111', organ: '区教育局', on: '2025-02-01' },
      { place: 'C21', organ: '区教育局', on: '2025-02-01' },
      { place: 'S1', organ: '区教育局', on: '2025-02-01' },
    ])
    const child = await read(asker, 'measures=people.reported&period=2025&by=child')
    expect(valuesOf(child)).toEqual({ 临江街道: 3, 柳林镇: 1 })
    const level = await read(asker, 'measures=people.reported&period=2025&by=level:3')
    expect(valuesOf(level)).toEqual({ 望江社区: 2, 柳林村: 1, '临江街道（本级）': 1 })
    const own = await read(asker, `measures=people.reported&period=2025&by=child&unit=${w.unit['S1']}`)
    expect(valuesOf(own)).toEqual({ 望江社区: 2, 本级: 1 })
    expect(await read(asker, 'measures=people.reported&period=2025&unit=own')).toMatchObject({ value: 4 })
  })

  it('stands beside another period, row by row, and names values in Chinese', async () => {
    const w = await plantWorld(base, { smallGroup: 0 })
    const asker = await w.someone('district-desk', 'O')
    await plantReported(w, [
      { place: 'C11', organ: '区教育局', on: '2024-05-01' },
      { place: 'C21', organ: '区民政局', on: '2024-05-01' },
      { place: 'C21', organ: '区民政局', on: '2025-05-01' },
      { place: 'C21', organ: '', on: '2025-05-01' },
    ])
    const figure = await read(asker, 'measures=people.reported&period=2025&by=dim:organ&compare=previous')
    expect(figure).toMatchObject({ value: 4, before: { value: 2 }, change: 2 })
    const rows = Object.fromEntries(figure.rows.map((r) => [r.name, [r.value, r.before?.value, r.change]]))
    expect(rows).toEqual({ 区教育局: [1, 1, 0], 区民政局: [2, 1, 1], 未登记: [1, 0, 1] })
    const [published] = (await asker.get('/figures?measures=tasks.published&by=dim:mechanism')).body['figures']
    expect(published.rows).toEqual([])
    const series = await read(asker, 'measures=people.reported&period=2025&by=quarter&compare=last-year')
    expect(series.rows.map((r) => [r.key, r.value, r.before?.value])).toEqual([
      ['2025-Q1', 2, 0],
      ['2025-Q2', 4, 2],
      ['2025-Q3', 4, 2],
      ['2025-Q4', 4, 2],
    ])
  })
})
