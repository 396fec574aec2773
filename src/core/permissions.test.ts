import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { system } from './context.ts'
import { type Actor, allowed, can, canAnywhere, cut, must, type Range, rangesOf, subtree } from './permissions.ts'

const actor = (...grants: [verbs: string[], ...paths: string[]][]): Actor => ({
  kind: 'person',
  accountId: 'x',
  personId: null,
  name: '某人',
  provedAt: null,
  grants: grants.map(([verbs, ...paths]) => ({ role: 'r', unitId: 'u', verbs, ranges: paths.map(subtree) })),
})

const label = fc.constantFrom('00001', '00002', '0000a', '0000z', 'zzzzz')
const path = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `p.${labels.join('.')}.`)
const inside = (ranges: readonly Range[], p: string) => ranges.some((r) => p >= r.from && p < r.to)

describe('a subtree', () => {
  it('is the unit and what is below it, and nothing else', () => {
    fc.assert(
      fc.property(path, path, (top, p) => {
        expect(inside([subtree(top)], p)).toBe(p.startsWith(top))
      }),
    )
  })
})

describe('a verb', () => {
  it('is denied by default: no grant, other verb, other subtree, parent (等保 10)', () => {
    expect(can(actor(), 'a.read', 'p.00001.')).toBe(false)
    const somebody = actor([['a.read'], 'p.00001.00002.'])
    expect(can(somebody, 'a.write', 'p.00001.00002.')).toBe(false)
    expect(can(somebody, 'a.read', 'p.00001.')).toBe(false)
    expect(can(somebody, 'a.read', 'p.00001.00003.')).toBe(false)
    expect(can(somebody, 'a.read', 'p.00001.00002.0000a.')).toBe(true)
    expect(canAnywhere(somebody, 'a.write')).toBe(false)
    expect(() => must(somebody, 'a.read', 'p.00001.')).toThrow(expect.objectContaining({ status: 403 }))
    expect(allowed(somebody, ['a.read', 'a.write'], 'p.00001.00002.')).toEqual(['a.read'])
  })

  it('of one grant never works in the range of another', () => {
    const two = actor([['a.read'], 'p.00001.'], [['a.write'], 'p.00002.'])
    expect(can(two, 'a.write', 'p.00001.')).toBe(false)
    expect(can(two, 'a.read', 'p.00002.')).toBe(false)
  })

  it('has ranges that are sorted, apart, and hold exactly what can() allows', () => {
    fc.assert(
      fc.property(fc.array(fc.array(path, { minLength: 1, maxLength: 3 }), { maxLength: 5 }), path, (grants, p) => {
        const who = actor(...grants.map((paths): [string[], ...string[]] => [['v'], ...paths]))
        const ranges = rangesOf(who, 'v')
        expect(inside(ranges, p)).toBe(can(who, 'v', p))
        for (const [i, r] of ranges.entries()) if (i > 0) expect(r.from >= (ranges[i - 1] as Range).to).toBe(true)
      }),
    )
  })

  it('cut to a wish is what lies in both', () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), path, path, (held, wish, p) => {
        const who = actor([['v'], ...held])
        expect(inside(cut(who, 'v', subtree(wish)), p)).toBe(can(who, 'v', p) && p.startsWith(wish))
      }),
    )
  })

  it('belongs to the system everywhere', () => {
    fc.assert(
      fc.property(path, (p) => {
        expect(inside(rangesOf(system, 'any'), p)).toBe(true)
      }),
    )
  })
})
