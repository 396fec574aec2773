// What imports do to the tree: operations made by rules from rows, after the rights were judged row by row.
import type { Tx, WriteTx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { Draft, namedIn, type Step } from '../rules/reorganise.ts'
import { changesOf, type FieldChange, unsay } from '../rules/takeback.ts'
import { endOf, type Timeline } from '../rules/timeline.ts'
import { insertChange } from '../store/changes.ts'
import { loadTimelines } from '../store/timelines.ts'
import { findKinds } from '../store/units.ts'
import { carryOut, listable, lookAhead, refuseTakenCodes, writeDraft } from './change.ts'
import { prepare } from './prepare.ts'

interface Why {
  reason: string
  underId: string
}

const decided = (tx: WriteTx, { changeId: id, effectiveOn }: Step, reason: string) => ({
  id,
  effectiveOn,
  reason,
  decidedBy: tx.actor.name,
  decidedAt: tx.now,
  held: null,
})

/** Carries operations out whose day has come. Answers what they changed of units that were there. */
export async function carryOutRows(tx: WriteTx, step: Step, { reason, underId }: Why): Promise<FieldChange[]> {
  const prepared = await prepare(tx, step, true)
  await carryOut(tx, prepared)
  await insertChange(tx, {
    ...decided(tx, step, reason),
    state: 'done',
    operations: [],
    differences: [],
    unitIds: [underId],
  })
  return changesOf(step.operations, prepared.loaded.timelines, step.effectiveOn)
}

/** Operations for a day to come are a plan like any other: carried out on that day, taken back until then. */
export async function planRows(tx: WriteTx, step: Step, { reason, underId }: Why): Promise<void> {
  const differences = await lookAhead(tx, await prepare(tx, step, true))
  await insertChange(tx, {
    ...decided(tx, step, reason),
    state: 'planned',
    operations: [...step.operations],
    differences: listable(differences),
    unitIds: [...new Set([underId, ...step.operations.flatMap(namedIn)])],
  })
}

/** What would refuse these operations, without writing. */
export async function tryRows(tx: Tx, step: Step): Promise<void> {
  const prepared = await prepare(tx, step, false)
  prepared.draft.apply(step)
  await refuseTakenCodes(tx, prepared.draft)
}

/** The first of these whose unit would hang nowhere on some day: what was above it is gone meanwhile. */
function lostOf(draft: Draft, moves: readonly FieldChange[]): FieldChange | undefined {
  const ways = draft.paths()
  return moves.find(({ unitId }) => {
    const t = draft.timelines.get(unitId)
    try {
      return t && ways.pieces(unitId, t.openedOn, endOf(t)).length === 0
    } catch {
      return true
    }
  })
}

/**
 * Takes back what an import said of units that were there before, where it still stands and the asker may import at the unit and
 * at the one it returns to. Answers what was taken back; nothing of it is left in the tree of any day.
 */
export async function unsayRows(
  tx: WriteTx,
  on: string,
  changes: readonly FieldChange[],
): Promise<readonly FieldChange[]> {
  const moves = changes.filter((c) => c.field === 'parentId')
  const named = [...changes.map((c) => c.unitId), ...moves.map((c) => c.was)]
  const loaded = await loadTimelines(
    tx,
    named,
    moves.map((c) => c.unitId),
    true,
  )
  const draft = new Draft({ timelines: loaded.timelines, outside: loaded.outside, kinds: await findKinds(tx) })
  const mayAt = (id: string) => can(tx.actor, 'unit.import', loaded.paths.get(id) ?? '')
  const allowed = ({ unitId, field, was }: FieldChange) => mayAt(unitId) && (field !== 'parentId' || mayAt(was))
  let unsaid = changes.filter((c) => {
    const t = draft.timelines.get(c.unitId)
    return t?.closedOn === null && allowed(c) && unsay(t, on, c)
  })
  for (;;) {
    const lost = lostOf(
      draft,
      unsaid.filter((c) => c.field === 'parentId'),
    )
    if (!lost) break
    draft.timelines.set(lost.unitId, structuredClone(loaded.timelines.get(lost.unitId) as Timeline))
    unsaid = unsaid.filter((c) => c.unitId !== lost.unitId)
  }
  if (unsaid.length > 0) await writeDraft(tx, { draft, loaded })
  return unsaid
}
