// A unit's path is its ancestors' labels and its own, each five base-36 digits of the unit's number and a dot: `p.00001.0000a.`
// A subtree is then one range of text under C collation; the first letter keeps the two trees apart.
import type { Tree } from './contract.ts'

export const rootPath = (tree: Tree) => (tree === 'place' ? 'p.' : 'o.')

/** Path of a unit numbered `no` (1 … 60,466,175) below `parent` ('' = root of the tree). */
export const pathBelow = (parent: string, no: number) => `${parent}${no.toString(36).padStart(5, '0')}.`

/** Paths of the units above, outermost first, without the unit itself. */
export function pathsAbove(path: string): string[] {
  const above: string[] = []
  for (let end = path.indexOf('.', 2) + 1; end > 0 && end < path.length; end = path.indexOf('.', end) + 1)
    above.push(path.slice(0, end))
  return above
}

export const depthOf = (path: string) => path.split('.').length - 2
