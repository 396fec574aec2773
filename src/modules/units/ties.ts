// What other modules tie to units. Units may import none of them, so composition hands it over: who keeps copies of paths, who
// still has something open at a unit that is to close, and what hangs at it. [ORG-01]
import type { Tx } from '#core/context.ts'
import type { Range } from '#core/permissions.ts'
import type { PathColumn } from './store/timelines.ts'

export type { PathColumn }

export interface Blocker {
  unitId: string
  /** What is open, as it stands in a sentence: `3名正式党员`. */
  text: string
  count: number
}

/** Answers what is still open at units that are to close on a day; `heirs` says which have exactly one successor. */
export type BlockerCheck = (
  tx: Tx,
  units: readonly { unitId: string; on: string; heirId: string | null }[],
) => Promise<Blocker[]>

/** Takes over to the successor what need not be settled first: runs in the transaction of the change, before the blockers are asked. */
export type Carry = (tx: Tx, units: readonly { unitId: string; on: string; heirId: string }[]) => Promise<void>

/** What hangs at units today, by their path: so many of what they are called. */
export interface Weight {
  what: string
  path: string
  count: number
}

/** Counts what hangs at all units inside the ranges: what a reorganisation would do to counts is told from it. */
export type Weigh = (tx: Tx, ranges: readonly Range[]) => Promise<Weight[]>

const ties = {
  pathColumns: [] as PathColumn[],
  blockers: [] as BlockerCheck[],
  carries: [] as Carry[],
  weighs: [] as Weigh[],
}

/** Called once, at composition. */
export function tieToUnits(more: {
  pathColumns?: readonly PathColumn[]
  blockers?: readonly BlockerCheck[]
  carries?: readonly Carry[]
  weighs?: readonly Weigh[]
}): void {
  ties.pathColumns = [...(more.pathColumns ?? [])]
  ties.blockers = [...(more.blockers ?? [])]
  ties.carries = [...(more.carries ?? [])]
  ties.weighs = [...(more.weighs ?? [])]
}

export const tied = (): Readonly<typeof ties> => ties
