// What waits for somebody besides the state of a demand or a task: parts of supporting units, called units to rate, exclusions to
// decide, work to accept, objections to answer.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type { DemandSettings, ListDemandsQuery, ListTasksQuery } from '../contract.ts'

const inHand = sql`d.state in ('dispatched', 'disputed', 'signed', 'answered', 'called')`

/** Demands with a supporting part in the ranges for which `more` holds. */
const parts = (ranges: readonly Range[], more: RawBuilder<unknown>) => sql<boolean>`(${inHand} and d.id in (
  select x.demand_id from dispatch x where x.district_id = d.district_id and x.role = 'support' and x.ended_at is null
    and x.answered_at is null and ${more} and ${inRanges(ranges, 'x.unit_path')}))`

/** Mechanisms of today by the way they are confirmed. */
export type Confirmed = Record<DemandSettings['confirmation'], readonly string[]>

interface Waiting {
  waits: NonNullable<ListDemandsQuery['waits']>
  ranges: readonly Range[]
  confirmed: Confirmed
  now: string
}

/** The ranges count for whoever owes the step: the supporting unit its part, the place everything else. */
export function waitingDemand(tx: Tx, { waits, ranges, confirmed, now }: Waiting) {
  if (waits === 'part-sign') return parts(ranges, sql`x.signed_at is null`)
  if (waits === 'part-report') return parts(ranges, sql`x.signed_at is not null`)
  const answered = (ids: readonly string[]) =>
    sql`d.state = 'answered' and d.mechanism_id = any(${ids}) and d.answered_by is distinct from ${tx.actor.accountId}`
  const what = {
    'call-back': () => answered(confirmed['call-back']),
    verification: () => answered(confirmed.verification),
    closing: () =>
      sql`d.suspended_until is null and (d.state = 'called' or (d.state = 'answered' and d.mechanism_id = any(${confirmed.none})))`,
    'review-day': () => sql`${inHand} and d.suspended_until is not null and d.due_at < ${now}`,
    rating: () => sql`${inHand} and d.channel = 'whistle' and exists (
      select 1 from dispatch x where x.district_id = d.district_id and x.demand_id = d.id and x.role = 'support'
        and x.ended_at is null and x.rating is null)`,
    exclusion: () => sql`exists (select 1 from exclusion x where x.district_id = d.district_id
      and x.demand_id = d.id and x.decided_at is null and x.asked_by is distinct from ${tx.actor.accountId})`,
  }
  return sql<boolean>`(${inRanges(ranges, 'd.place_path')} and ${what[waits]()})`
}

const claims = {
  acceptance: sql`c.state = 'submitted'`,
  objection: sql`(c.objection is not null and c.objection_settled_at is null)`,
}

export const waitingTask = (waits: NonNullable<ListTasksQuery['waits']>, ranges: readonly Range[]) =>
  sql<boolean>`t.id in (select c.task_id from claim c where c.district_id = t.district_id and ${claims[waits]}
    and ${inRanges(ranges, 'c.place_path')})`
