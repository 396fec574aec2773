// The numbers of persons that are guarded as one set: which are not shown follows from table to table, from the outermost unit the asker
// sees whole down to the one he asks about, and from years down to months.
import type { Stretch } from '../period.ts'
import { type Hidden, hiddenOf, nothingHidden, type Table } from './small.ts'
import type { Groups } from './stretches.ts'

/** A number of the guarded set: a unit with all below it, or what stands at it itself. */
export interface Cell {
  path: string
  own: boolean
}

export interface Source {
  /** The outermost unit above (or the unit itself) that the asker sees whole. */
  top(unit: string): Promise<string>
  /** Persons by unit just below (or, of a top, itself) and, with a dimension, by its values. */
  table(unit: string, isTop: boolean, stretch: Stretch, dimension: string): Promise<Table>
}

interface Spot {
  stretch: Stretch
  dimension: string
}

const nobody: Table = new Map()
const isEmpty = (table: Table) => table.values().every((sizes) => sizes.values().every((n) => n === 0))

const LABEL = 6
const parentOf = (path: string) => path.slice(0, -LABEL)

/** One value of a dimension. */
export interface Value {
  dimension: string
  value: string
}

export class Guarded {
  readonly #source: Source
  readonly #limit: number
  readonly #memo = new Map<string, Promise<unknown>>()

  constructor(source: Source, limit: number) {
    this.#source = source
    this.#limit = limit
  }

  #once<T>(name: readonly unknown[], read: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(name)
    const found = (this.#memo.get(key) as Promise<T> | undefined) ?? read()
    this.#memo.set(key, found)
    return found
  }

  /** Where there is nobody in the longer period, or in the unit as a whole, there is nobody: it is not asked for. */
  #table = (unit: string, top: string | null, groups: Groups, at: Spot): Promise<Table> =>
    this.#once(['table', unit, top === null, at.stretch.from, at.stretch.to, at.dimension], async () => {
      const { stretch } = at
      const longer = groups.at(-2)?.find((g) => g.from <= stretch.from && g.to >= stretch.to)
      if (longer && isEmpty(await this.#table(unit, top, groups.slice(0, -1), { ...at, stretch: longer })))
        return nobody
      if (top !== null) {
        const [above, its] = unit === top ? [unit, null] : [parentOf(unit), top]
        const whole = await this.#table(above, its, groups, { stretch, dimension: '' })
        if (!whole.get(unit)?.get('')) return nobody
      }
      return this.#source.table(unit, top === null, stretch, at.dimension)
    })

  /** What is hidden of the units below one (`top` null: of itself) in the periods of the last group. */
  #hidden = (unit: string, top: string | null, groups: Groups, dimension: string): Promise<Hidden> =>
    this.#once([unit, top, groups.map((g) => g[0]?.key), dimension], async () => {
      const coarser = groups.length > 1 ? await this.#hidden(unit, top, groups.slice(0, -1), dimension) : nothingHidden
      const gone = dimension ? (await this.#hidden(unit, top, groups, '')).rows : null
      const tables: Table[] = []
      for (const stretch of groups.at(-1) ?? [])
        tables.push(await this.#table(unit, top, groups, { stretch, dimension }))
      const above = top === null ? null : await this.#above(unit, top, groups, dimension)
      return hiddenOf(tables, { limit: this.#limit, coarser, above, gone })
    })

  /** What is hidden of a unit itself. */
  async #above(unit: string, top: string, groups: Groups, dimension: string): Promise<ReadonlySet<string> | 'all'> {
    const table = (by: string) =>
      unit === top ? this.#hidden(unit, null, groups, by) : this.#hidden(parentOf(unit), top, groups, by)
    const whole = await table('')
    if (!dimension) return new Set(whole.rows.has(unit) ? [''] : [])
    if (whole.rows.has(unit)) return 'all'
    const { rows, values } = await table(dimension)
    return rows.has(unit) ? values : new Set()
  }

  /** Whether a number is hidden; with a dimension, that of one of its values. */
  async hides({ path, own }: Cell, groups: Groups, of?: Value): Promise<boolean> {
    const top = await this.#once(['top', path], () => this.#source.top(path))
    const isTop = path === top && !own
    const table = (by: string) => this.#hidden(isTop || own ? path : parentOf(path), isTop ? null : top, groups, by)
    if ((await table('')).rows.has(path)) return true
    if (!of) return false
    const { rows, values } = await table(of.dimension)
    return rows.has(path) && values.has(of.value)
  }
}
