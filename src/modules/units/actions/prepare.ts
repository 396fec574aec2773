// A decision carried out in thought: on the tree as it is, and on top of what is planned before it.
import type { Tx } from '#core/context.ts'
import { Draft, namedIn, pivotsOf, type Step } from '../rules/reorganise.ts'
import type { Timeline } from '../rules/timeline.ts'
import { findPlanned } from '../store/changes.ts'
import { type Loaded, loadTimelines } from '../store/timelines.ts'
import { findKinds } from '../store/units.ts'

export interface Prepared {
  loaded: Loaded
  draft: Draft
  step: Step
  kinds: Awaited<ReturnType<typeof findKinds>>
}

/** Loads what the decision may change and carries it out in thought, on top of what is planned before it. */
export async function prepare(tx: Tx, step: Step, lock: boolean): Promise<Prepared> {
  const planned =
    step.effectiveOn > tx.today ? (await findPlanned(tx, step.effectiveOn)).filter((p) => p.id !== step.changeId) : []
  const steps = [
    ...planned.map((p) => ({ changeId: p.id, effectiveOn: p.effectiveOn, operations: p.operations })),
    step,
  ]
  const operations = steps.flatMap((s) => s.operations)
  const loaded = await loadTimelines(tx, operations.flatMap(namedIn), operations.flatMap(pivotsOf), lock)
  const kinds = await findKinds(tx)
  const draft = new Draft({ timelines: loaded.timelines, outside: loaded.outside, kinds })
  for (const earlier of steps.slice(0, -1)) draft.attempt(earlier)
  // What plans made of the tree is the ground this decision is judged and shown on.
  draft.closings.length = 0
  draft.touched.clear()
  return { loaded, draft, step, kinds }
}

/** The timelines as they stand before the decision; the draft goes on changing its own. */
export const asBefore = ({ draft }: Prepared): Map<string, Timeline> =>
  new Map([...draft.timelines].map(([id, t]) => [id, structuredClone(t)]))
