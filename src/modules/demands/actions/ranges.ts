import type { Tx } from '#core/context.ts'
import { cut, type Range, subtree } from '#core/permissions.ts'
import { findUnit } from '#modules/units/index.ts'

/** The wished unit's subtree, cut to what the asker may see with `verb`. Unknown or unseen unit: nothing. */
export async function rangesFor(tx: Tx, verb: string, unitId: string | undefined): Promise<Range[]> {
  if (!unitId) return cut(tx.actor, verb, { from: '', to: '~' })
  const unit = await findUnit(tx, unitId)
  return unit ? cut(tx.actor, verb, subtree(unit.path)) : []
}
