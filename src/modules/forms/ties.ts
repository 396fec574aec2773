// What the system holds already, as others publish it: measures, rosters, the tree. The registry may import none of them above it,
// so composition hands the sources over; the list of what may not be asked again is never written by hand. [JF-09]
import type { Context, Tx } from '#core/context.ts'
import type { HeldItem } from './contract.ts'

export interface Held extends HeldItem {
  /** Other names of the same thing. */
  aliases: readonly string[]
  /** Of a person: no form may ask for it under any name that contains it. [PRV-01] */
  personal: boolean
}

export interface Known {
  value: string
  link: string | null
}

export interface HeldSource {
  list(tx: Tx): Promise<readonly Held[]>
  /** Values of items of this source for one unit and period, as far as the asker may see them; what has none is left out. */
  read?(
    ctx: Context,
    ask: { unitId: string; period: { from: string; to: string } },
    ids: readonly string[],
  ): Promise<Map<string, Known>>
}

let sources: readonly HeldSource[] = []

/** Called once, at composition. */
export function tieToHeld(all: readonly HeldSource[]): void {
  sources = all
}

export const heldSources = (): readonly HeldSource[] => sources
