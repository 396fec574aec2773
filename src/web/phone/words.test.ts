import { describe, expect, it } from 'vitest'
import { codeGroups, dayWords, halfHours, leftUntil, span } from './words.ts'

describe('words on the phone', () => {
  it('show minutes of service in half hours, rounded down (VOL-02)', () => {
    expect([0, 29, 30, 89, 150].map(halfHours)).toEqual(['0 小时', '0 小时', '0.5 小时', '1 小时', '2.5 小时'])
  })

  it('tell days and times of the office, wherever the phone is (C-11)', () => {
    const words = span('2020-11-22T16:30:00.000Z', '2020-11-22T18:00:00.000Z').replace(/\u2060/g, '')
    expect(words).toBe('2020年11月23日 周一 00:30—02:00')
    expect(span('2020-11-22T01:00:00Z', '2020-11-22T17:00:00Z').replace(/\u2060/g, '')).toBe(
      '2020年11月22日 周日 09:00—2020年11月23日 01:00',
    )
    expect(dayWords('2020-03-01', true)).toBe('2020年3月1日')
  })

  it('say what remains and what is over as words, soon within six hours', () => {
    const now = '2026-03-01T00:00:00.000Z'
    expect(leftUntil('2026-03-01T00:45:00.000Z', now)).toEqual({ tone: 'soon', words: '剩 45 分钟' })
    expect(leftUntil('2026-03-02T00:00:00.000Z', now)).toEqual({ tone: 'calm', words: '剩 24 小时' })
    expect(leftUntil('2026-02-25T00:00:00.000Z', now)).toEqual({ tone: 'late', words: '超时 4 天' })
  })

  it('group a follow-up code so that it can be read out', () => {
    expect(codeGroups('12-ABCDEFGHJKM')).toBe('12-ABCD EFGH JKM')
  })
})
