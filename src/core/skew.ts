// Two clocks: ours and the database's. Deadlines, sessions and leases go by the database's (C-11), so a wrong clock of ours bends
// nothing; but codes of phones, certificates and whoever reads a log lean on both being right (TI-03).
import { millisOf } from './calendar.ts'
import { clock } from './clock.ts'
import type { Database } from './db.ts'
import { log } from './log.ts'

/** Further apart than this, somebody has to look. */
export const MOST_SKEW = 2
const AGAIN_MS = 60_000

/** Seconds our clock is ahead of the database's (behind: below zero). The way there and back counts as agreement. */
export async function skewOf(database: Pick<Database, 'bare'>): Promise<number> {
  const before = clock.millis()
  const [row] = await database.bare<{ at: string }>('select clock_timestamp() as at')
  const after = clock.millis()
  const theirs = row ? millisOf(clock.adjust(row.at)) : before
  // a millisecond each for what was rounded away
  if (theirs < before - 1) return (before - theirs) / 1000
  return theirs > after + 1 ? (after - theirs) / 1000 : 0
}

let told = Number.NEGATIVE_INFINITY

/** Says so in the log, at most once a minute. */
export function tellSkew(seconds: number) {
  if (Math.abs(seconds) <= MOST_SKEW || clock.monotonic() - told < AGAIN_MS) return
  told = clock.monotonic()
  log.warn({ seconds }, 'our clock and that of the database differ')
}
