import { describe, expect, it } from 'vitest'
import { instant, text } from './contract.ts'

describe('an instant', () => {
  it('is one the database takes: offsets and years as they exist, real days only (TI-01, A-23)', () => {
    for (const good of ['2026-01-01T00:00:00Z', '2024-02-29T23:59:59.999+08:00', '1900-01-01T00:00:00-12:00'])
      expect(instant.safeParse(good).success, good).toBe(true)
    for (const bad of [
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2026-01-01T00:00:00+23:59',
      '2023-02-29T00:00:00Z',
      '2026-01-01T24:00:00Z',
    ])
      expect(instant.safeParse(bad).success, bad).toBe(false)
  })
})

describe('a text', () => {
  it('loses what shows nothing and keeps every character that does, counted as people count them (A-23)', () => {
    expect(text(3).parse(' \u200b李𬱖\u202e\ufeff ')).toBe('李𬱖')
    expect(text(2).safeParse('李𬱖张').success).toBe(false)
    for (const bad of ['', '\u200b', 'a\u0000', 'a\ud800']) expect(text(9).safeParse(bad).success).toBe(false)
  })
})
