// What a verb claims (verbs.md), as data. A district adds verbs of its own; it can't give these another meaning.
import type { Fact, Filter, Measure } from '#core/facts.ts'
import table from './verbs.json' with { type: 'json' }

interface Claim {
  verbs: readonly string[]
  /** what the verb says, for the refusal */
  claims: string
  kind?: string
  moment?: readonly string[]
  share?: boolean
  since?: boolean
  /** Only records of these facts, with at least these values. */
  facts?: readonly { fact: string; where?: readonly { dimension: string; in: readonly string[] }[] }[]
}

const claims: readonly Claim[] = table.claims

/** A verb that says “all of them”, and the percentage that makes it true. */
export const totalOf = (verb: string): number | null =>
  table.total['100'].includes(verb) ? 100 : table.total['0'].includes(verb) ? 0 : null

/** 收集并解决 → 收集, 解决: two states in one number. A verb without a joint is itself. */
export function verbsIn(said: string): string[] {
  const joint = table.joints.find((j) => said.includes(j) && !said.startsWith(j) && !said.endsWith(j))
  return joint ? said.split(joint).map((v) => v.trim()) : [said]
}

const narrower = (filters: readonly Filter[], wanted: { dimension: string; in: readonly string[] }) =>
  filters.some((f) => f.dimension === wanted.dimension && f.in?.every((v) => wanted.in.includes(v)))

/** Whether a measure counts what the verb claims; null when it does, else what is claimed. */
export function brokenClaim(verb: string, m: Measure, fact: Fact | null): string | null {
  const claim = claims.find((c) => c.verbs.includes(verb))
  if (!claim) return null
  const counted = 'fact' in m ? m : null
  const flow = fact?.kind === 'event' || counted?.moment === 'begun' || counted?.moment === 'ended'
  const kept =
    (!claim.share || 'share' in m) &&
    (!claim.since || counted?.since !== undefined) &&
    (!claim.kind || (claim.kind === 'event') === flow) &&
    (!claim.moment || claim.moment.includes(counted?.moment ?? (flow ? '' : 'end'))) &&
    (!claim.facts ||
      claim.facts.some(
        (f) => f.fact === counted?.fact && (f.where ?? []).every((w) => narrower(counted.filters ?? [], w)),
      ))
  return kept ? null : claim.claims
}
