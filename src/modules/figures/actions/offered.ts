// What is offered to outside programs: every measure in force, with the tree its records stand in.
import type { Tx } from '#core/context.ts'
import { factOf, infoOf } from '../catalogue.ts'
import type { MeasureInfo } from '../contract.ts'
import { catalogueOf, namesFor } from './known.ts'

export interface OfferedMeasure {
  measure: MeasureInfo
  tree: 'place' | 'org'
}

export async function offeredIn(tx: Tx): Promise<OfferedMeasure[]> {
  const catalogue = await catalogueOf(tx)
  const find = namesFor(tx)
  return Promise.all(
    catalogue.inForce.map(async (known) => ({
      measure: await infoOf(catalogue, known, find),
      tree: factOf(catalogue.partsOf(known.measure).numerator).tree,
    })),
  )
}
