// What rarely changes is read once under the district's edition, and kept by this process until the edition moves on (decision 0012).
import type { Tx } from './context.ts'

/** A transaction, with the edition where it was read. */
export type Under = Pick<Tx, 'district'> & { readonly edition?: number | null }

/** So many values of a district, and so many districts, are kept at most. */
const VALUES = 300
const DISTRICTS = 50

const kept = new Map<number, { edition: number; values: Map<string, unknown> }>()

/** The values of the newest edition a transaction of this process saw; null for who reads an older one, or none. */
function valuesOf({ district, edition }: Under): Map<string, unknown> | null {
  if (!edition) return null
  const found = kept.get(district)
  if (found && found.edition >= edition) return found.edition === edition ? found.values : null
  kept.delete(district)
  const values = new Map<string, unknown>()
  kept.set(district, { edition, values })
  const [oldest] = kept.keys()
  if (kept.size > DISTRICTS && oldest !== undefined) kept.delete(oldest)
  return values
}

/**
 * `read`, or what it answered before under the same edition. Whatever it reads must move the edition on when it changes (a trigger
 * `edition_changed` on its table); what was not found is read again.
 */
export async function underEdition<T>(tx: Under, what: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const values = valuesOf(tx)
  if (!values) return read()
  const name = JSON.stringify(what)
  const found = values.get(name) as T | undefined
  if (found !== undefined) return found
  const value = await read()
  const [oldest] = values.keys()
  if (values.size >= VALUES && oldest !== undefined) values.delete(oldest)
  if (value !== undefined && value !== null) values.set(name, value)
  return value
}
