// Taking a demand out of the rates: asked by one unit, decided by another, always visible and counted. [REQ-09]
import type { Context, Tx } from '#core/context.ts'
import { type AskExclusion, type DecideExclusion, type Exclusion, fail, type ListExclusionsQuery } from '../contract.ts'
import { after } from '../rules.ts'
import { findUnitNames, getDemand, updateDemand } from '../store/demands.ts'
import {
  type ExclusionRow,
  findExclusions,
  findPendingExclusion,
  insertExclusion,
  updateExclusion,
} from '../store/steps.ts'
import { rangesFor } from './ranges.ts'
import { atPlace, note, unitActing } from './shared.ts'

export const askExclusion = (ctx: Context, id: string, input: AskExclusion) =>
  ctx.write('demand.exclude', 'demand.ask-exclusion', async (tx) => {
    const d = await getDemand(tx, id, true)
    const at = tx.allowed(['demand.exclude'], d.owner_path ?? '').length > 0 ? (d.owner_path as string) : d.place_path
    tx.must('demand.exclude', at)
    after('exclude', d.state as 'signed')
    if (d.excluded_at || (await findPendingExclusion(tx, id))) throw fail('exclusion-pending')
    const exclusionId = await insertExclusion(tx, {
      demand_id: id,
      ground: input.ground,
      reason: input.reason,
      asked_at: tx.now,
      asked_by: tx.actor.accountId as string,
      asked_unit_id: unitActing(tx, 'demand.exclude', at),
    })
    note(tx, d, { exclusion: exclusionId, ground: input.ground }, { reason: input.reason })
    return { id: exclusionId }
  })

export const decideExclusion = (ctx: Context, id: string, input: DecideExclusion) =>
  atPlace(ctx, { id, verb: 'demand.review', action: 'demand.decide-exclusion' }, async (tx, d) => {
    const pending = await findPendingExclusion(tx, id)
    if (!pending) throw fail('no-exclusion')
    if (pending.asked_by === tx.actor.accountId) throw fail('own-review', { ground: 'REQ-09' })
    const unit = unitActing(tx, 'demand.review', d.place_path)
    if (unit === pending.asked_unit_id) throw fail('same-unit-review')
    await updateExclusion(tx, pending.id, {
      decided_at: tx.now,
      decided_by: tx.actor.accountId,
      decided_unit_id: unit,
      decision_reason: input.reason,
      granted: input.granted,
    })
    if (input.granted) await updateDemand(tx, d, { excluded_at: tx.now })
    note(tx, d, { exclusion: pending.id, granted: input.granted }, { reason: input.reason })
    return { id: pending.id, granted: input.granted }
  })

export async function presentExclusions(tx: Tx, rows: readonly ExclusionRow[]): Promise<Exclusion[]> {
  const units = await findUnitNames(
    tx,
    rows.flatMap((x) => [x.asked_unit_id, x.decided_unit_id]),
  )
  return rows.map((x) => ({
    id: x.id,
    demandId: x.demand_id,
    demandNo: x.no,
    ground: x.ground as Exclusion['ground'],
    reason: x.reason,
    askedAt: x.asked_at,
    askedUnit: units.get(x.asked_unit_id) ?? '',
    decidedAt: x.decided_at,
    decidedUnit: x.decided_unit_id ? (units.get(x.decided_unit_id) ?? '') : null,
    decisionReason: x.decision_reason,
    granted: x.granted,
  }))
}

/** Every exclusion of a subtree, pending first: what leaves the rates stays in sight. */
export const listExclusions = (ctx: Context, query: ListExclusionsQuery) =>
  ctx.read('demand.read', async (tx) => {
    const ranges = await rangesFor(tx, 'demand.read', query.unit)
    const pending = query.pending === undefined ? null : query.pending === 'true'
    const { rows, total } = await findExclusions(tx, {
      ranges,
      pending,
      limit: query.limit ?? 50,
      offset: query.offset ?? 0,
    })
    return { rows: await presentExclusions(tx, rows), total }
  })
