// Small groups of persons are not shown, and neither is whatever would give them away by subtraction.
//
// A cell is small when it counts at least one and fewer than `limit` persons. In a table whose total is shown, what is hidden must not
// be the difference between the total and the rest: at least two cells are hidden, and together they hold at least `limit` persons.
// Where the total itself is hidden, at least one cell is. Cells are taken from the smallest up, ties by key, so that every question
// that meets the same table hides the same cells.

/** Persons in each cell by its key. */
export type Sizes = ReadonlyMap<string, number>

const isSmall = (size: number, limit: number) => size > 0 && size < limit

export const isHiddenTotal = isSmall

/** Keys of the cells of one table that are not shown. */
export function hiddenCells(sizes: Sizes, limit: number, totalHidden: boolean): Set<string> {
  const cells = [...sizes].filter(([, size]) => size > 0).toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  const hidden = new Set(cells.filter(([, size]) => size < limit).map(([key]) => key))
  const held = () => cells.reduce((sum, [key, size]) => (hidden.has(key) ? sum + size : sum), 0)
  const enough = () => (totalHidden ? hidden.size > 0 : hidden.size === 0 || (hidden.size > 1 && held() >= limit))
  for (const [key] of cells) {
    if (enough()) break
    hidden.add(key)
  }
  return hidden
}

/** Cells of a unit's own table: the units just below it, and (under its own key) what stands at itself. */
export const cellsBelow = (path: string, label: number, sizes: Sizes): Sizes =>
  new Map([...sizes].filter(([key]) => key === path || (key.startsWith(path) && key.length === path.length + label)))

/**
 * Level by level from `root` down: whether a unit is shown follows from the table of the unit above it. `levels` holds the sizes by
 * unit of the levels below root in turn; keys that are shorter stand for what is at a unit itself.
 */
export function hiddenBelow(
  root: { path: string; hidden: boolean },
  levels: readonly Sizes[],
  { limit, label }: { limit: number; label: number },
): Set<string> {
  const own = new Set<string>()
  let above = new Map([[root.path, root.hidden]])
  for (const sizes of levels) {
    const below = new Map<string, boolean>()
    for (const [path, totalHidden] of above) {
      const hidden = hiddenCells(cellsBelow(path, label, sizes), limit, totalHidden)
      if (hidden.has(path)) own.add(path)
      for (const key of sizes.keys())
        if (key !== path && key.startsWith(path) && key.length === path.length + label) below.set(key, hidden.has(key))
    }
    above = below
  }
  return new Set([...own, ...[...above].flatMap(([key, hidden]) => (hidden ? [key] : []))])
}
