// The measures of the asker's district, and what their values are called.
import type { Tx } from '#core/context.ts'
import { underEdition } from '#core/kept.ts'
import type { Fact, Names } from '#core/facts.ts'
import { Catalogue, type FindNames } from '../catalogue.ts'
import { dimensionsOf } from '../compile/dimensions.ts'
import { findOwn } from '../store/definitions.ts'

/** As this transaction sees them, which may have changed them itself. */
export const catalogueNow = async (tx: Tx) => new Catalogue(await findOwn(tx), tx.today)

export const catalogueOf = (tx: Tx): Promise<Catalogue> =>
  underEdition(tx, ['catalogue', tx.today], () => catalogueNow(tx))

/** Names of values: each table of the district is read once for a question, however many measures use it. */
export function namesFor(tx: Tx): FindNames {
  const read = new Map<unknown, Promise<Names>>()
  return async (fact: Fact, dimension: string) => {
    const values = dimensionsOf(fact)[dimension]?.values
    if (typeof values !== 'function') return values ?? {}
    const found = read.get(values) ?? values(tx)
    read.set(values, found)
    return found
  }
}
