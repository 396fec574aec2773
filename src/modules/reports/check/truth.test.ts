import { expect, it } from 'vitest'
import { readDraft } from './read.ts'
import type { MeasureInfo } from '#modules/figures/contract.ts'
import { holds } from './truth.ts'
import { verify } from './verify.ts'

const says = (text: string, value: number) => {
  const [r] = readDraft(text).readings
  return r ? holds(r, value) : null
}

it.each([
  ['发布任务4500余条', 4541, true],
  ['发布任务4541余条', 4541, false],
  ['发布任务4500余条', 4500, false],
  ['发布任务4500余条', 4600, false],
  ['认领1.98万余人次', 19_841, true],
  ['认领1.98万余人次', 19_940, false],
  ['走访26000余人次', 26_999, true],
  ['走访26000余人次', 27_000, false],
  ['走访百余户', 163, true],
  ['培训近500人次', 460, true],
  ['培训近500人次', 500, false],
  ['服务近10万人次', 96_000, true],
  ['服务近10万人次', 40_000, false],
  ['建成约60个', 63, true],
  ['建成约60个', 70, false],
  ['建成60个以上', 60, true],
  ['建成超60个', 60, false],
  ['不到60个村达标', 60, false],
  ['解决率97.1%', 97.1, true],
  ['解决率97%', 97.1, true],
  ['解决率97.1%', 97.2, false],
  ['解决率100%', 99.9, false],
  ['解决率达95%以上', 97.1, true],
])('%s of %d: %s (verbs.md)', (text, value, expected) => expect(says(text, value)).toBe(expected))

it('none left is confirmed where the stock of that name is nought, and only there', () => {
  const [claim] = readDraft('空缺职务清零。').readings
  const vacant = {
    id: 'a.b',
    name: '空缺职务',
    kind: 'stock',
    classifier: '个',
    verbs: ['空缺'],
  } as unknown as MeasureInfo
  const verdict = (value: number) => {
    const recorded = { value, numerator: null, denominator: null, suppressed: false, where: '', evidence: '' }
    return claim && verify(claim, [vacant], () => recorded).verdict
  }
  expect([verdict(0), verdict(2)]).toEqual(['confirmed', 'contradicted'])
})
