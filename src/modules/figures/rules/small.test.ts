import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settles } from '../fixtures.ts'
import { hiddenBelow, hiddenCells } from './small.ts'

const LIMIT = 5

describe('small groups in one table', () => {
  it.each([
    ['one small cell takes the next smallest with it', { a: 3, b: 7, c: 20 }, false, ['a', 'b']],
    ['two small cells that hold enough stand alone', { a: 3, b: 4, c: 20 }, false, ['a', 'b']],
    ['two that hold too few take a third', { a: 1, b: 2, c: 9, d: 20 }, false, ['a', 'b', 'c']],
    ['nothing small, nothing hidden', { a: 5, b: 7 }, false, []],
    ['nobody is no group', { a: 0, b: 7 }, false, []],
    ['a hidden total needs a hidden cell', { a: 6, b: 7 }, true, ['a']],
    ['with a hidden total one small cell is enough', { a: 3, b: 7 }, true, ['a']],
    ['equal cells are taken by key', { b: 6, a: 6, c: 2 }, false, ['a', 'c']],
  ] as const)('%s', (_, sizes, totalHidden, wanted) => {
    expect([...hiddenCells(new Map(Object.entries(sizes)), LIMIT, totalHidden)].toSorted()).toEqual(wanted)
  })
})

interface Node {
  own: number
  below: Node[]
}
const tree = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    own: fc.integer({ min: 0, max: 9 }),
    below: fc.oneof({ depthSize: 'small' }, fc.constant<Node[]>([]), fc.array(tie('node'), { maxLength: 4 })),
  }),
})).node

describe('small groups in tables of tables', () => {
  it('can’t be found by adding and subtracting whatever is shown, on random trees', () => {
    let hiddenOnce = 0
    fc.assert(
      fc.property(tree, (root) => {
        const nodes: { path: string; own: number; depth: number }[] = []
        const walk = (n: Node, path: string, depth: number) => {
          nodes.push({ path, own: n.own, depth })
          n.below.forEach((b, i) => walk(b, `${path}${i}.`, depth + 1))
        }
        walk(root, '0.', 0)
        const sum = (path: string) => nodes.filter((n) => n.path.startsWith(path)).reduce((s, n) => s + n.own, 0)
        const deepest = Math.max(...nodes.map((n) => n.depth))
        const sizesAt = (depth: number) => {
          const sizes = new Map<string, number>()
          for (const n of nodes) {
            const key = n.depth < depth ? n.path : n.path.slice(0, 2 * (depth + 1))
            sizes.set(key, (sizes.get(key) ?? 0) + n.own)
          }
          return sizes
        }
        const totalHidden = sum('0.') > 0 && sum('0.') < LIMIT
        // what is shown: the total, and every level with its own-level cells
        const unknowns = nodes.map((n) => n.path)
        const equation = (match: (path: string) => boolean) => unknowns.map((u) => (match(u) ? 1 : 0))
        const shown: number[][] = totalHidden ? [] : [equation(() => true)]
        const groups: { wanted: number[]; size: number }[] = [{ wanted: equation(() => true), size: sum('0.') }]
        for (let depth = 1; depth <= deepest; depth++) {
          const levels = Array.from({ length: depth }, (_, i) => sizesAt(i + 1))
          const hidden = hiddenBelow({ path: '0.', hidden: totalHidden }, levels, { limit: LIMIT, label: 2 })
          hiddenOnce += hidden.size
          for (const [key, size] of levels.at(-1) as Map<string, number>) {
            const whole = key.length === 2 * (depth + 1)
            const e = equation((u) => (whole ? u.startsWith(key) : u === key))
            if (!hidden.has(key)) shown.push(e)
            groups.push({ wanted: e, size })
          }
        }
        for (const { wanted, size } of groups) if (size > 0 && size < LIMIT) expect(settles(shown, wanted)).toBe(false)
      }),
      { numRuns: 2000 },
    )
    expect(hiddenOnce).toBeGreaterThan(500)
  })
})
