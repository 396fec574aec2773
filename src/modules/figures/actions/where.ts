// Where and when a number is asked for: the unit as far as the asker may see it, and the question to the records.
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { can, cut, type Range, subtree } from '#core/permissions.ts'
import { findUnit, type UnitNow } from '#modules/units/index.ts'
import { factOf } from '../catalogue.ts'
import type { Question } from '../compile.ts'
import { fail } from '../contract.ts'
import type { Stretch } from '../period.ts'
import { findServed } from '../store.ts'

/** The unit asked about, visible to the asker; his own unit when none is named. Unknown and unseen are the same. */
export async function unitOf(tx: Tx, id: string | undefined): Promise<UnitNow> {
  const own = tx.actor.grants.find((g) => g.verbs.includes('figure.read'))?.unitId
  const unit = await findUnit(tx, id === undefined || id === 'own' ? (own ?? '') : id)
  if (!unit || !can(tx.actor, 'figure.read', unit.path)) throw fail('unit-not-found')
  return unit
}

export interface Where {
  unit: UnitNow
  /** path of the unit in the tree of the fact: itself, or the place it serves */
  root: string
  ranges: Range[]
  /** how many places an organisation's number is made of; 1 for a unit itself */
  served: number
}

/** Paths: a letter and a dot for the tree, then five digits and a dot for every unit. */
export const LABEL = 6
export const prefixOf = (depth: number) => 2 + LABEL * depth
export const depthOf = (path: string) => path.split('.').length - 2

/** Where a fact of one tree is counted for a unit of the other: an organisation's figures are those of the places it serves. */
export async function whereOf(tx: Tx, unit: UnitNow, m: Counted): Promise<Where> {
  const paths =
    factOf(m).tree === unit.tree
      ? [unit.path]
      : unit.tree === 'org'
        ? await findServed(tx, unit.id, tx.today)
        : [unit.path]
  if (paths.length === 0) throw fail('no-place', { unit: unit.name, measure: m.name })
  return {
    unit,
    root: paths[0] as string,
    ranges: paths.flatMap((p) => cut(tx.actor, 'figure.read', subtree(p))),
    served: paths.length,
  }
}

export interface Asked {
  stretch: Stretch
  tree: 'day' | 'today'
  by?: string | undefined
}

export const question = (tx: Tx, where: Where, asked: Asked): Question => ({
  district: tx.district,
  ranges: where.ranges,
  period: asked.stretch,
  tree: asked.tree,
})
