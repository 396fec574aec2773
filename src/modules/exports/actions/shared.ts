import { sm3 } from '#core/crypto.ts'
import type { Tx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'

/** What an approver sees, hashed: an export whose content differs is another one (AZ-31). */
export const hashOf = (seen: {
  operation: string
  query: string
  title: string
  about: string
  rows: number
  purpose: string
}): string => sm3(JSON.stringify([seen.operation, seen.query, seen.title, seen.about, seen.rows, seen.purpose]))

/** Where the asker holds the right to it, or else any: whoever approves holds his there or above. */
export function homeOf(tx: Tx, verb?: string): { unit_id: string; unit_path: string } {
  const grants = tx.actor.grants
  const grant = grants.find((g) => verb !== undefined && g.verbs.includes(verb)) ?? grants[0]
  const [range] = grant?.ranges ?? []
  if (!grant || !range) throw coreFail('forbidden', { verb: verb ?? '' })
  return { unit_id: grant.unitId, unit_path: range.from }
}
