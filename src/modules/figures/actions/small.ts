// What of a question is not shown because too few persons stand behind it (rules/small.ts), seen with the asker's eyes.
//
// One set of numbers is guarded as a whole: units of today's tree × years, halves, quarters, months (of a stock: each day) × values of a
// dimension. Whatever else is asked is shown only where it is a sum of numbers of that set that are shown. [docs/decisions/0017]
import { addDays } from '#core/calendar.ts'
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { can } from '#core/permissions.ts'
import { pathsAbove } from '#modules/units/index.ts'
import { factOf } from '../catalogue.ts'
import { byBoth, byDimension, byPrefix, isFlow, type Key, stockDay } from '../compile.ts'
import type { Stretch } from '../period.ts'
import { type Cell, Guarded, type Source, type Value } from '../rules/guarded.ts'
import type { Table } from '../rules/small.ts'
import { endsOf, type Groups, piecesOf } from '../rules/stretches.ts'
import { findSmallest } from '../store/definitions.ts'
import { findMoves, findPieces, type Piece } from '../store/pieces.ts'
import { type Asked as Posed, findByNo, findGroups, findPaths, findValue, foresee, once } from '../store/questions.ts'
import { type Asked, depthOf, kinIn, noOf, prefixOf, question, treeDay, type Where } from './where.ts'

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

/** Whether a row of a breakdown is not shown. */
export type Hides = (row: string) => Promise<boolean>

/** Persons behind the guarded numbers of one measure, as the asker sees them. */
class Persons implements Source {
  readonly #tx: Tx
  readonly #m: Counted
  readonly #where: Where
  readonly #asked: Asked
  readonly #since: string | undefined
  readonly #kin: readonly Counted[]

  constructor(tx: Tx, m: Counted, where: Where, asked: Asked) {
    const behind = (of: Counted): Counted => ({ ...of, aggregate: 'persons', since: undefined })
    this.#tx = tx
    this.#m = behind(m)
    this.#kin = kinIn([m, ...(asked.together ?? []).filter(isOfPersons)].map(behind), this.#m)
    this.#where = where
    this.#asked = { ...asked, tree: 'today' }
    this.#since = m.since
  }

  top = (unit: string): Promise<string> =>
    once(this.#asked.head.seen, ['top', unit], async () => {
      const paths = pathsAbove(unit)
      const today = new Map((await findByNo(this.#tx, paths.map(noOf))).map((u) => [u.no, u.path]))
      return paths.find((path) => can(this.#tx.actor, 'figure.read', today.get(noOf(path)) ?? path)) ?? unit
    })

  async #ask(unit: string, stretch: Stretch, key?: Key) {
    const where = { ...this.#where, root: unit, nodes: [{ no: noOf(unit), path: unit }] }
    const posed = await question(this.#tx, where, this.#m, { ...this.#asked, stretch })
    await foresee(this.#tx, this.#kin, posed, key)
    return posed
  }

  /** Persons behind a unit in a stretch. */
  size = async (unit: string, stretch: Stretch) =>
    (await findValue(this.#tx, this.#m, await this.#ask(unit, stretch))) ?? 0

  async table(unit: string, isTop: boolean, stretch: Stretch, dimension: string): Promise<Table> {
    const since = this.#since
    if (since && since > stretch.to) return new Map()
    const clipped = since && since > stretch.from ? { ...stretch, from: since } : stretch
    const [first, second]: Key[] = [
      ...(isTop ? [] : [byPrefix(prefixOf(depthOf(unit) + 1))]),
      ...(dimension ? [byDimension(dimension)] : []),
    ]
    if (!first) return new Map([[unit, new Map([['', await this.size(unit, clipped)]])]])
    const key = second ? byBoth(first, second) : first
    const table = new Map<string, Map<string, number>>()
    for (const [name, n] of await findGroups(this.#tx, this.#m, await this.#ask(unit, clipped, key), key)) {
      const end = second ? name.indexOf('|') : name.length
      const [row, value] = isTop ? [unit, name] : [name.slice(0, end), name.slice(end + 1)]
      table.set(row, (table.get(row) ?? new Map<string, number>()).set(value, n))
    }
    return table
  }
}

/** A question to one counted measure, and the persons behind it. */
export class Curtain {
  readonly #tx: Tx
  readonly #m: Counted
  readonly #where: Where
  readonly #asked: Asked
  readonly #limit: number
  readonly #persons: Persons
  readonly #guarded: Guarded

  constructor(tx: Tx, m: Counted, where: Where, asked: Asked & Small) {
    this.#tx = tx
    this.#m = m
    this.#where = where
    this.#asked = asked
    this.#limit = isOfPersons(m) ? asked.limit : 0
    this.#persons = new Persons(tx, m, where, asked)
    this.#guarded = new Guarded(this.#persons, this.#limit)
  }

  get isOpen(): boolean {
    return this.#limit === 0
  }

  /** The day whose tree is the guarded one. */
  get #today(): string {
    return treeDay(this.#tx, { ...this.#asked, tree: 'today' })
  }

  /** Periods of the guarded set that make up a stretch; null where it is none of their sums. */
  async #periods(stretch: Stretch): Promise<readonly Groups[] | null> {
    if (!isFlow(this.#m)) return [[[stretch]]]
    const { today } = this.#tx
    const { since } = this.#m
    const from = since ?? stretch.from
    if (stretch.to !== today) return piecesOf({ from, to: stretch.to }, today, since)
    const whole = endsOf(today).flatMap((to) => {
      const pieces = piecesOf({ from, to }, today, since)
      return pieces ? [pieces] : []
    })
    const rest = { key: 'rest', from: addDays(today, 1), to: endsOf(today)[0] as string }
    for (const { path } of await this.#nodes()) if ((await this.#persons.size(path, rest)) > 0) return null
    return whole.toSorted((a, b) => a.length - b.length)[0] ?? null
  }

  /** Where the units that are asked about stand in the guarded tree. */
  #nodes = () =>
    findPaths(
      this.#tx,
      this.#where.nodes.map((n) => n.no),
      {
        placing: { on: this.#today },
        known: this.#asked.known,
        period: this.#asked.stretch,
        seen: this.#asked.head.seen,
      },
    )

  /** The asked tree in stretches in which nothing moves, and the day each is read on. */
  async #spells(q: Posed, stretch: Stretch): Promise<{ on: string; from: string; to: string }[]> {
    if (q.placing !== 'own-day') return [{ on: q.placing.on, from: stretch.from, to: stretch.to }]
    if (!isFlow(this.#m)) return [{ ...stretch, on: stockDay(this.#m, q) }]
    const from = this.#m.since ?? stretch.from
    const starts = [from, ...(await findMoves(this.#tx, q, { from, to: stretch.to }))]
    return starts.map((on, i) => ({
      on,
      from: on,
      to: starts[i + 1] ? addDays(starts[i + 1] as string, -1) : stretch.to,
    }))
  }

  /** Whether a number of another tree holds exactly what the unit of the same number holds in the guarded one. */
  #isStill = (row: string, pieces: readonly Piece[]) => {
    const nos = row ? [noOf(row)] : this.#where.nodes.map((n) => n.no)
    return pieces.length === nos.length && pieces.every((p) => p.row === row && nos.includes(noOf(p.path)))
  }

  /** Hides what the numbers in the guarded tree of which a row is made up hide. `level`: of the rows; 0: the whole is the only row. */
  async #hider(stretch: Stretch, level: number): Promise<(row: string, of?: Value) => Promise<boolean>> {
    const hidden = async (cells: readonly Cell[], during: Stretch, of?: Value) => {
      const periods = await this.#periods(during)
      if (!periods) return cells.length > 0
      for (const groups of periods)
        for (const cell of cells) if (await this.#guarded.hides(cell, groups, of)) return true
      return false
    }
    const isOwn = (row: string) => row !== '' && depthOf(row) < level
    const total = (path: string) => ({ path, own: false })
    const q = await question(this.#tx, this.#where, this.#m, { ...this.#asked, stretch })
    const nodes = await this.#nodes()
    if (q.placing !== 'own-day' && q.placing.on === this.#today)
      return (row, of) => hidden(row ? [{ path: row, own: isOwn(row) }] : nodes.map((n) => total(n.path)), stretch, of)
    const key = level > 0 ? byPrefix(prefixOf(level)) : undefined
    const named = q.placing === 'own-day' ? { ...q, elsewhere: true as const } : q
    const spells = await this.#spells(q, stretch)
    const made = await Promise.all(
      spells.map(async ({ on, ...spell }) => ({
        spell: { ...spell, key: `${spell.from}..${spell.to}` },
        pieces: await findPieces(this.#tx, this.#m, named, { key, on, today: this.#today }),
      })),
    )
    return async (row, of) => {
      if (isOwn(row)) return hidden(await this.#standing(row), stretch, of)
      const parts = made.map((s) => ({ ...s, pieces: s.pieces.filter((p) => p.row === row || p.above === row) }))
      if (parts.every((p) => this.#isStill(row, p.pieces)))
        return hidden(parts[0]?.pieces.map((p) => total(p.path)) ?? [], stretch, of)
      const during = isFlow(this.#m) ? (spell: Stretch) => spell : () => stretch
      for (const { spell, pieces } of parts)
        if (
          await hidden(
            pieces.map((p) => total(p.path)),
            during(spell),
            of,
          )
        )
          return true
      return false
    }
  }

  /** What stands at a unit itself is the same in every tree. */
  #standing = async (row: string): Promise<Cell[]> =>
    (
      await findPaths(this.#tx, [noOf(row)], {
        placing: { on: this.#today },
        known: this.#asked.known,
        period: this.#asked.stretch,
        seen: this.#asked.head.seen,
      })
    ).map(({ path }) => ({ path, own: true }))

  /** Whether the number of the whole unit is hidden: too few persons, or what would give them away. */
  async hidesTotal(): Promise<boolean> {
    return !this.isOpen && (await this.#hider(this.#asked.stretch, 0))('')
  }

  /** Hidden units of one level. */
  async hidesUnits(level: number): Promise<Hides> {
    return this.isOpen ? shown : this.#hider(this.#asked.stretch, level)
  }

  /** Hidden values of a dimension. */
  async hidesValues(dimension: string): Promise<Hides> {
    if (this.isOpen) return shown
    const hides = await this.#hider(this.#asked.stretch, 0)
    return (value) => hides('', { dimension, value })
  }

  /** Hidden periods of a series. */
  async hidesPeriods(stretches: readonly Stretch[]): Promise<Hides> {
    if (this.isOpen) return shown
    return async (key) => {
      const stretch = stretches.find((s) => s.key === key)
      return stretch !== undefined && (await this.#hider(stretch, 0))('')
    }
  }
}

const shown: Hides = async () => false
