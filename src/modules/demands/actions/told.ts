// How a demand got here, as the history tells it: its own entries, those of the tasks that answer it, and the answer that came of one.
import type { Tx } from '#core/context.ts'
import { findTimeline } from '../store/demands.ts'

interface Told {
  at: string
  action: string
  actor: { name: string }
  subject: { kind: string; id: string }
  /** unit the entry belongs to */
  path: string
  reason?: string
  change: Record<string, unknown>
}

/** Accepting the last work of a task answers its demand: one deed, two things to tell. */
function apart(entry: Told): Told[] {
  const { answered, ...change } = entry.change
  if (entry.subject.kind !== 'task' || !answered) return [entry]
  return [
    { ...entry, change },
    { ...entry, action: 'demand.answer', change: { state: answered } },
  ]
}

export const toldOf = async (tx: Tx, demandId: string): Promise<Told[]> =>
  (await findTimeline(tx, demandId)).flatMap(({ body }) => apart(JSON.parse(body) as Told))
