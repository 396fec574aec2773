import type { Sight } from '#core/context.ts'
import { cut, type Range, subtree } from '#core/permissions.ts'
import { findUnit } from '#modules/units/index.ts'

/** The wished unit's subtree, cut to what the asker may see with `verb`. Unknown or unseen unit: nothing. */
export async function rangesFor(sight: Sight, verb: string, unitId: string | undefined): Promise<Range[]> {
  if (!unitId) return cut(sight.actor, verb, { from: '', to: '~' })
  const unit = await findUnit(sight, unitId)
  return unit ? cut(sight.actor, verb, subtree(unit.path)) : []
}
