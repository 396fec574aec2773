// What is stuck stands with those who know it: composition says where (`src/stuck.ts`), this module only puts it in one order.
import type { Context } from '#core/context.ts'
import type { StuckRow } from './contract.ts'

/** One kind of waiting. Its rows come from the very list its link opens, so the count there is the count here. */
export interface StuckSource {
  id: string
  name: string
  /** what the waiting is counted from, in words */
  from: string
  verb: string
  /** page of the console that lists all of it */
  link: string
  list(
    ctx: Context,
    query: { unit: string | undefined; limit: number },
  ): Promise<{ total: number; rows: Omit<StuckRow, 'kind'>[] }>
}

let sources: readonly StuckSource[] = []
export const tieToStuck = (all: readonly StuckSource[]) => {
  sources = all
}
export const stuckSources = () => sources
