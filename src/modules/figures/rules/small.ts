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

/** Persons of each row (a unit) in each column (a value of a dimension; the one column '' where none are told apart). */
export type Table = ReadonlyMap<string, Sizes>

/** What is not shown of some tables: these columns of these rows, in each of the tables. */
export interface Hidden {
  rows: ReadonlySet<string>
  values: ReadonlySet<string>
}

export const nothingHidden: Hidden = { rows: new Set(), values: new Set() }

export interface Around {
  limit: number
  /** What is hidden in the longer period that these tables make up. */
  coarser: Hidden
  /** Of the unit above: null where there is none, `all` where nothing of it is shown, else the columns that are hidden of it. */
  above: ReadonlySet<string> | 'all' | null
  /** Rows whose whole is hidden: none of their columns is shown; null where the columns are not parts of a shown whole. */
  gone: ReadonlySet<string> | null
}

/** Grows what is hidden until nothing of it is the difference of what is shown. */
class Growing {
  readonly rows: Set<string>
  readonly values: Set<string>
  readonly #tables: readonly Table[]
  readonly #around: Around
  readonly #gone: ReadonlySet<string>

  constructor(tables: readonly Table[], around: Around) {
    this.#tables = tables
    this.#around = around
    this.#gone = around.gone ?? new Set()
    this.rows = new Set(around.coarser.rows)
    this.values = new Set([...around.coarser.values, ...(around.above instanceof Set ? around.above : [])])
    for (const table of tables)
      for (const [row, sizes] of table)
        for (const [value, size] of sizes)
          if (!this.#gone.has(row) && isSmall(size, around.limit)) {
            this.rows.add(row)
            this.values.add(value)
          }
  }

  #at = (table: Table, row: string, value: string) => table.get(row)?.get(value) ?? 0
  #isEnough = (held: number) => held === 0 || held >= this.#around.limit

  /** The table in which the hidden columns of a row hold too few; it tells where more is needed. */
  #shortRow(row: string): Table | undefined {
    const held = (table: Table) => [...this.values].reduce((n, v) => n + this.#at(table, row, v), 0)
    return this.values.size > 1
      ? this.#tables.find((t) => !this.#isEnough(held(t)))
      : (this.#tables.find((t) => held(t) > 0) ?? this.#tables[0])
  }

  #shortColumn(value: string): Table | undefined {
    const { above } = this.#around
    const rows = [...new Set([...(this.values.has(value) ? this.rows : []), ...this.#gone])]
    if (above === null || (rows.length === 0 && !(above instanceof Set && above.has(value)))) return undefined
    const held = (table: Table) => rows.reduce((n, r) => n + this.#at(table, r, value), 0)
    if (above === 'all' || above.has(value)) {
      // what is hidden above counts there with all it holds: as much of it must not be known from its shown parts
      const all = (table: Table) => table.keys().reduce((n, r) => n + this.#at(table, r, value), 0)
      const short = this.#tables.find((t) => held(t) < Math.min(this.#around.limit, all(t)))
      return short ?? (rows.length > 0 ? undefined : this.#tables.find((t) => t.size > 0))
    }
    return rows.length > 1
      ? this.#tables.find((t) => !this.#isEnough(held(t)))
      : (this.#tables.find((t) => held(t) > 0) ?? this.#tables[0])
  }

  /** The next to go with the others: what helps where it is short, then the smallest, ties by key. */
  #next(candidates: Iterable<string>, sizeIn: (table: Table, key: string) => number, short: Table): string | undefined {
    const ranked = [...new Set(candidates)].map((key) => ({
      key,
      helps: sizeIn(short, key) > 0,
      size: this.#tables.reduce((n, t) => n + sizeIn(t, key), 0),
    }))
    return ranked.toSorted(
      (a, b) => Number(b.helps) - Number(a.helps) || a.size - b.size || (a.key < b.key ? -1 : 1),
    )[0]?.key
  }

  /** Hides one more where something is short. Answers whether it did. */
  grow(): boolean {
    const every = (of: (table: Table) => Iterable<string>) => this.#tables.flatMap((t) => [...of(t)])
    if (this.#around.gone)
      for (const row of this.rows) {
        const short = this.#gone.has(row) ? undefined : this.#shortRow(row)
        if (!short) continue
        const others = every((t) => t.get(row)?.keys() ?? []).filter((v) => !this.values.has(v))
        const next = this.#next(others, (t, v) => this.#at(t, row, v), short)
        if (next !== undefined) return Boolean(this.values.add(next))
      }
    // rows that are gone leave a group in every column, which another tree may know as one unit
    for (const value of every((t) => [...t.values()].flatMap((sizes) => [...sizes.keys()])))
      if (this.#gone.size > 0 && !this.values.has(value) && this.#shortColumn(value))
        return Boolean(this.values.add(value))
    for (const value of this.values) {
      const short = this.#shortColumn(value)
      if (!short) continue
      const others = every((t) => t.keys()).filter((r) => !this.rows.has(r) && !this.#gone.has(r))
      const next = this.#next(others, (t, r) => this.#at(t, r, value), short)
      if (next !== undefined) return Boolean(this.rows.add(next))
    }
    return false
  }
}

/**
 * What is not shown of the units of one table, the same in each of some periods that together make a longer one. The hidden cells are
 * a rectangle: whoever takes one from another along a row, a column or the time is left with two unknowns. [docs/decisions/0017]
 */
export function hiddenOf(tables: readonly Table[], around: Around): Hidden {
  const growing = new Growing(tables, around)
  while (growing.grow());
  const { rows, values } = growing
  return rows.size > 0 ? { rows, values } : nothingHidden
}
