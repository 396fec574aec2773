// What of a question is not shown because too few persons stand behind it (rules/small.ts), seen with the asker's eyes.
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { can } from '#core/permissions.ts'
import { pathsAbove } from '#modules/units/index.ts'
import { factOf } from '../catalogue.ts'
import { byPrefix, type Key } from '../compile.ts'
import { hiddenBelow, hiddenCells, isHiddenTotal, type Sizes } from '../rules/small.ts'
import { findSmallest } from '../store/definitions.ts'
import { findByNo, findGroups, findValue } from '../store/questions.ts'
import { type Asked, depthOf, LABEL, noOf, prefixOf, question, type Where } from './where.ts'

/** Fewer persons than `limit` are not shown; 0: everything is. */
export interface Small {
  limit: number
}

/** Who keeps the records of a unit sees its numbers as they are; what leaves the house never shows small groups. */
export async function smallFor(tx: Tx, path: string, published: boolean): Promise<Small> {
  const keeps = !published && can(tx.actor, 'figure.small', path)
  return { limit: keeps ? 0 : await findSmallest(tx) }
}

const isOfPersons = (m: Counted) => (factOf(m).persons ?? false) && m.aggregate !== 'units'
const persons = (m: Counted): Counted => ({ ...m, aggregate: 'persons' })

/** A question to one counted measure, and the persons behind it. */
export class Curtain {
  readonly #tx: Tx
  readonly #m: Counted
  readonly #where: Where
  readonly #asked: Asked
  readonly #limit: number

  constructor(tx: Tx, m: Counted, where: Where, asked: Asked & Small) {
    this.#tx = tx
    this.#m = m
    this.#where = where
    this.#asked = asked
    this.#limit = isOfPersons(m) ? asked.limit : 0
  }

  get isOpen(): boolean {
    return this.#limit === 0
  }

  #question = (where: Where, asked = this.#asked) => question(this.#tx, where, this.#m, asked)

  #size = async (where: Where, asked = this.#asked) =>
    (await findValue(this.#tx, persons(this.#m), await this.#question(where, asked))) ?? 0

  #sizes = async (where: Where, key: Key): Promise<Sizes> =>
    findGroups(this.#tx, persons(this.#m), await this.#question(where), key)

  /** Units above in the tree that is shown, of which the asker sees the whole today. */
  async #above(): Promise<string[]> {
    const paths = pathsAbove(this.#where.root)
    const today = new Map((await findByNo(this.#tx, paths.map(noOf))).map((u) => [u.no, u.path]))
    return paths.filter((path) => can(this.#tx.actor, 'figure.read', today.get(noOf(path)) ?? path))
  }

  /** The same question about a unit above. */
  #at = (path: string): Where => ({ ...this.#where, root: path, nodes: [{ no: noOf(path), path }] })

  /** Whether the number of the whole unit is hidden: too few persons, or what the tables above it would give away. */
  async hidesTotal(): Promise<boolean> {
    if (this.isOpen) return false
    if (isHiddenTotal(await this.#size(this.#where), this.#limit)) return true
    if (this.#where.served > 1) return false
    return this.#hiddenAmong(await this.#above(), this.#where.root)
  }

  /** Whether the table of the last of `above` hides a unit. What stands above it is asked only where it would make a difference. */
  async #hiddenAmong(above: readonly string[], unit: string): Promise<boolean> {
    const path = above.at(-1)
    if (path === undefined) return false
    const where = this.#at(path)
    const sizes = await this.#sizes(where, byPrefix(prefixOf(depthOf(path) + 1)))
    const hides = (hidden: boolean) =>
      hiddenBelow({ path, hidden }, [sizes], { limit: this.#limit, label: LABEL }).has(unit)
    if (hides(false) === hides(true)) return hides(false)
    const higher = above.slice(0, -1)
    return hides(
      higher.length === 0 ? isHiddenTotal(await this.#size(where), this.#limit) : await this.#hiddenAmong(higher, path),
    )
  }

  /** Hidden units of one level. */
  async hidesUnits(level: number, totalHidden: boolean): Promise<Set<string>> {
    if (this.isOpen) return new Set()
    const { root } = this.#where
    const levels: Sizes[] = []
    for (let at = depthOf(root) + 1; at <= level; at++)
      levels.push(await this.#sizes(this.#where, byPrefix(prefixOf(at))))
    return hiddenBelow({ path: root, hidden: totalHidden }, levels, { limit: this.#limit, label: LABEL })
  }

  /** Hidden values of a dimension. */
  async hidesValues(key: Key, totalHidden: boolean): Promise<Set<string>> {
    if (this.isOpen) return new Set()
    return hiddenCells(await this.#sizes(this.#where, key), this.#limit, totalHidden)
  }

  /** Hidden periods of a series. Only records add up over time; persons and stocks do not, and give each other away in no table. */
  async hidesPeriods(stretches: readonly Asked['stretch'][], totalHidden: boolean): Promise<Set<string>> {
    if (this.isOpen) return new Set()
    const sizes = new Map<string, number>()
    for (const stretch of stretches) sizes.set(stretch.key, await this.#size(this.#where, { ...this.#asked, stretch }))
    const addsUp = factOf(this.#m).kind === 'event' && this.#m.aggregate !== 'persons'
    if (addsUp) return hiddenCells(sizes, this.#limit, totalHidden)
    return new Set([...sizes].flatMap(([key, size]) => (isHiddenTotal(size, this.#limit) ? [key] : [])))
  }
}
