// Numbers that were counted before. What the ledger says as of the instant it stands at never changes, so neither does a number counted
// as of it; the next draining moves the instant on. Names, rights and what is hidden are never kept: they are asked every time.

/** Of one question, by the key of its rows. */
export type Numbers = Map<string, number | null>

/** So many districts, and questions of each, are kept at most. */
const DISTRICTS = 50
const QUESTIONS = 3000

const kept = new Map<number, { at: string; numbers: Map<string, Numbers> }>()

/** What was counted as of an instant, to be read and added to. Only the last instant of a district is kept. */
export function countedAt(district: number, at: string): Map<string, Numbers> {
  const found = kept.get(district)
  if (found && found.at === at && found.numbers.size < QUESTIONS) return found.numbers
  const numbers = new Map<string, Numbers>()
  // whoever still reads an older snapshot keeps his numbers to himself
  if (found && found.at > at) return numbers
  kept.delete(district)
  kept.set(district, { at, numbers })
  const [oldest] = kept.keys()
  if (kept.size > DISTRICTS && oldest !== undefined) kept.delete(oldest)
  return numbers
}
