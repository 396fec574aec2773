// Numbers that were counted before. What the ledger says as of the instant it stands at never changes, so neither does a number counted
// as of it; the next draining moves the instant on, and all of it goes. Where units stood then is kept beside; what they are called only
// under the district's edition. Rights and what is hidden are never kept: they are asked every time.

/** Of one question, by the key of its rows. */
export type Numbers = Map<string, number | null>

/** So many districts, and questions of each, are kept at most. */
const DISTRICTS = 50
const QUESTIONS = 3000

/** Lists of units that are kept of an instant. */
export const PLACES = 300

export interface Counted {
  numbers: Map<string, Numbers>
  places: Map<string, unknown>
}

const kept = new Map<number, Counted & { at: string }>()

/** What was counted as of an instant, to be read and added to. Only the last instant of a district is kept. */
export function countedAt(district: number, at: string): Counted {
  const found = kept.get(district)
  if (found && found.at === at && found.numbers.size < QUESTIONS) return found
  const fresh = { at, numbers: new Map<string, Numbers>(), places: new Map<string, unknown>() }
  // whoever still reads an older snapshot keeps his numbers to himself
  if (found && found.at > at) return fresh
  kept.delete(district)
  kept.set(district, fresh)
  const [oldest] = kept.keys()
  if (kept.size > DISTRICTS && oldest !== undefined) kept.delete(oldest)
  return fresh
}
