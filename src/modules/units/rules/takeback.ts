// What an import said of units that were there before, and how it is unsaid: as if it had never been said. Pure. [IMP-6]
import type { Operation } from '../contract.ts'
import { fieldsOn, type Timeline } from './timeline.ts'

/** A field of a unit that was there before: as it stood on the day, and as the file had it. */
export interface FieldChange {
  unitId: string
  field: 'name' | 'kind' | 'parentId'
  was: string
  now: string
}

const saidBy = (op: Operation): Pick<FieldChange, 'unitId' | 'field' | 'now'> | null => {
  if (op.op === 'rename') return { unitId: op.unitId, field: 'name', now: op.name }
  if (op.op === 're-kind') return { unitId: op.unitId, field: 'kind', now: op.kind }
  if (op.op === 'move' && op.parentId) return { unitId: op.unitId, field: 'parentId', now: op.parentId }
  return null
}

/** Which fields of units that were there the operations change on a day; `before` are their timelines as they were. */
export const changesOf = (
  operations: readonly Operation[],
  before: ReadonlyMap<string, Timeline>,
  on: string,
): FieldChange[] =>
  operations.flatMap((op): FieldChange[] => {
    const said = saidBy(op)
    const unit = said && before.get(said.unitId)
    const was = unit && fieldsOn(unit, on)[said.field]
    return said && was ? [{ ...said, was }] : []
  })

/** What is taken back with a plan that is called off as a whole. */
export function planned(operations: readonly Operation[]): { withdrawn: number; restored: number; kept: number } {
  const withdrawn = operations.filter((op) => op.op === 'create').length
  return { withdrawn, restored: operations.length - withdrawn, kept: 0 }
}

/** Takes back what a day says of a field; false where that day says something else by now. */
export function unsay(t: Timeline, on: string, { field, was, now }: FieldChange): boolean {
  const at = t.settings.findIndex((s) => s.on === on)
  const said = t.settings[at]
  if (said?.sets[field] !== now) return false
  const earlier = t.settings[at - 1]
  if (earlier && fieldsOn(t, earlier.on)[field] === was) delete said.sets[field]
  else said.sets[field] = was
  if (Object.keys(said.sets).length === 0) t.settings.splice(at, 1)
  return true
}
