import { describe, expect, it } from 'vitest'
import type { Claim } from '#modules/demands/contract.ts'
import { byWhen, mayArrive, weekOf, whenOf } from './week.ts'

const claim = (startsAt: string, endsAt: string, more: Partial<Claim> = {}) =>
  ({ id: startsAt, state: 'claimed', record: 'minutes', arrivedAt: null, startsAt, endsAt, ...more }) as Claim
// Wednesday 25 November 2026, 10:00 in Shanghai
const now = '2026-11-25T02:00:00Z'

describe('my week', () => {
  it('runs from Monday to Sunday, wherever in it one stands', () => {
    for (const day of ['2026-11-23', '2026-11-25', '2026-11-29'])
      expect(weekOf(day)).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(weekOf('2026-12-31')).toEqual({ from: '2026-12-28', to: '2027-01-03' })
  })

  it('puts a shift on the day it begins in Shanghai, a wish on the day it is to be met', () => {
    const when = (c: Claim) => whenOf(c, now)
    expect(when(claim('2026-11-25T01:00:00Z', '2026-11-25T04:00:00Z'))).toBe('today')
    expect(when(claim('2026-11-25T16:30:00Z', '2026-11-25T18:00:00Z'))).toBe('week')
    expect(when(claim('2026-11-29T15:00:00Z', '2026-11-29T15:30:00Z'))).toBe('week')
    expect(when(claim('2026-11-29T16:00:00Z', '2026-11-29T18:00:00Z'))).toBe('later')
    const wish = { record: 'done' as const }
    expect(when(claim('2026-10-01T00:00:00Z', '2026-11-28T00:00:00Z', wish))).toBe('week')
    expect(when(claim('2026-10-01T00:00:00Z', '2026-12-28T00:00:00Z', wish))).toBe('later')
    expect(when(claim('2026-10-01T00:00:00Z', '2026-11-25T10:00:00Z', wish))).toBe('today')
  })

  it('tells what is behind first, what waits for others last, and nothing that is over', () => {
    const over = claim('2026-11-20T01:00:00Z', '2026-11-20T04:00:00Z')
    const rows = [
      claim('2026-11-26T01:00:00Z', '2026-11-26T04:00:00Z', { state: 'submitted' }),
      claim('2026-11-27T01:00:00Z', '2026-11-27T04:00:00Z'),
      claim('2026-11-26T05:00:00Z', '2026-11-26T06:00:00Z'),
      over,
      claim('2026-11-20T01:00:00Z', '2026-11-20T04:00:00Z', { state: 'accepted' }),
      claim('2026-11-28T01:00:00Z', '2026-11-28T04:00:00Z', { state: 'waiting' }),
    ]
    expect(byWhen(rows, now).map((g) => [g.when, g.claims.map((c) => c.startsAt)])).toEqual([
      ['behind', [over.startsAt]],
      ['week', ['2026-11-26T05:00:00Z', '2026-11-27T01:00:00Z']],
      ['waiting', ['2026-11-28T01:00:00Z']],
      ['sent', ['2026-11-26T01:00:00Z']],
    ])
  })

  it('lets arrival be said from two hours before until the end, once, for shifts only', () => {
    const shift = (more: Partial<Claim> = {}) => claim('2026-11-25T04:00:00Z', '2026-11-25T06:00:00Z', more)
    expect(mayArrive(shift(), '2026-11-25T01:59:59Z')).toBe(false)
    expect(mayArrive(shift(), now)).toBe(true)
    expect(mayArrive(shift(), '2026-11-25T06:00:01Z')).toBe(false)
    expect(mayArrive(shift({ arrivedAt: now }), now)).toBe(false)
    expect(mayArrive(shift({ state: 'waiting' }), now)).toBe(false)
    expect(mayArrive(shift({ record: 'done' }), now)).toBe(false)
  })
})
