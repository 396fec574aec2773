import { describe, expect, it } from 'vitest'
import { comparedWith, readPeriod } from './period.ts'

const today = '2026-11-25'
const said = (words: string) => {
  const { from, to } = readPeriod(words, today)
  return `${from} ${to}`
}

describe('periods in words', () => {
  it.each([
    ['this-year', '2026-01-01 2026-12-31'],
    ['last-year', '2025-01-01 2025-12-31'],
    ['year-to-date', '2026-01-01 2026-11-25'],
    ['same-period-last-year', '2025-01-01 2025-11-25'],
    ['this-month', '2026-11-01 2026-11-30'],
    ['last-month', '2026-10-01 2026-10-31'],
    ['last-quarter', '2026-07-01 2026-09-30'],
    ['last-12-months', '2025-12-01 2026-11-30'],
    ['2026-02-01..2026-02-28', '2026-02-01 2026-02-28'],
    ['today', '2026-11-25 2026-11-25'],
    ['yesterday', '2026-11-24 2026-11-24'],
    ['this-week', '2026-11-23 2026-11-29'],
    ['month-to-date', '2026-11-01 2026-11-25'],
    ['half-to-date', '2026-07-01 2026-11-25'],
    ['same-month-last-year', '2025-11-01 2025-11-30'],
    ['same-week-last-year', '2025-11-24 2025-11-30'],
    ['last-1-days', '2026-11-25 2026-11-25'],
    ['last-30-days', '2026-10-27 2026-11-25'],
    ['last-3-months', '2026-09-01 2026-11-30'],
    ['last-4-quarters', '2026-01-01 2026-12-31'],
    ['last-5-years', '2022-01-01 2026-12-31'],
  ])('%s is %s', (words, wanted) => expect(said(words)).toBe(wanted))

  it('refuse what is none, and years no record can have (TI-06)', () => {
    for (const bad of [
      'next-life',
      '2026-13',
      '2026-02-30..2026-03-01',
      '2026-03-02..2026-03-01',
      'constructor',
      'last-0-months',
      'last-999-years',
      '0001',
      '9999',
    ])
      expect(() => readPeriod(bad, today)).toThrow()
  })
})

describe('what a period is compared with', () => {
  const with_ = (words: string, how: 'previous' | 'last-year') => {
    const { from, to } = comparedWith(readPeriod(words, today), how, today)
    return `${from} ${to}`
  }
  it.each([
    ['2025', 'previous', '2024-01-01 2024-12-31'],
    ['2025-Q3', 'last-year', '2024-07-01 2024-09-30'],
    ['2025-02', 'previous', '2025-01-01 2025-01-31'],
    ['2024-02', 'last-year', '2023-02-01 2023-02-28'],
    ['2025-02', 'last-year', '2024-02-01 2024-02-29'],
    ['2025-03-11..2025-03-20', 'previous', '2025-03-01 2025-03-10'],
    ['2025-03-11..2025-03-20', 'last-year', '2024-03-11 2024-03-20'],
  ] as const)('%s %s: %s', (words, how, wanted) => expect(with_(words, how)).toBe(wanted))

  it('a running period counts until today, so that equal stretches stand side by side', () => {
    expect(with_('this-year', 'last-year')).toBe('2025-01-01 2025-11-25')
    expect(with_('this-month', 'previous')).toBe('2026-10-01 2026-10-25')
    expect(with_('this-year', 'previous')).toBe('2025-01-01 2025-11-25')
  })
})
