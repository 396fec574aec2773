// What the planters of registers hand each other.
import type { WriteTx } from '#core/context.ts'
import type { Chance } from './chance.ts'
import type { DemoPerson } from './people.ts'
import type { DemoTree } from './tree.ts'

export interface Stage {
  tx: WriteTx
  luck: Chance
  tree: DemoTree
  people: readonly DemoPerson[]
  year: string
}

export const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
