// Dispute of a dispatch (退单): within a window, so many times, reviewed once by somebody else; the clock stands still meanwhile. [REQ-02]
import type { Context, WriteTx } from '#core/context.ts'
import { type DisputeDispatch, fail, type Grade, type ReviewDispute } from '../contract.ts'
import { after, mayDispute, runningClock, shifted, unitOf } from '../rules.ts'
import { type DemandRow, updateDemand } from '../store/demands.ts'
import {
  type DispatchRow,
  endDispatches,
  findDispatches,
  findLead,
  insertClockChange,
  insertDispatches,
  moveLeadDue,
  updateDispatch,
} from '../store/steps.ts'
import { atOwner, atPlace, leadEntry, note, responsible, settingsOf } from './shared.ts'

async function leadOf(tx: WriteTx, d: DemandRow): Promise<DispatchRow> {
  const lead = await findLead(tx, d.id)
  if (!lead) throw fail('dispatch-not-found')
  return lead
}

export const disputeDispatch = (ctx: Context, id: string, input: DisputeDispatch) =>
  atOwner(ctx, { id, verb: 'demand.sign', action: 'demand.dispute' }, async (tx, d) => {
    const state = after('dispute', d.state as 'dispatched')
    const lead = await leadOf(tx, d)
    const before = (await findDispatches(tx, id)).filter((x) => x.disputed_at).length
    mayDispute((await settingsOf(tx, d)).dispute, lead, before, tx.now)
    await updateDispatch(tx, lead.id, {
      disputed_at: tx.now,
      disputed_by: tx.actor.accountId,
      dispute_reason: input.reason,
      dispute_basis: input.basis,
    })
    await updateDemand(tx, d, { state, due_at: null })
    note(tx, d, { state: [d.state, state], basis: input.basis }, { reason: input.reason })
    return { id }
  })

/** What the clocks are after the review: the time it took is given back. */
async function giveTimeBack(tx: WriteTx, d: DemandRow, since: string) {
  const settings = await settingsOf(tx, d)
  const pause = { from: since, to: tx.now }
  const grade = d.grade as Grade
  const moved = (due: string | null, unit: Parameters<typeof shifted>[2]) => (due ? shifted(due, pause, unit) : null)
  const respond = d.responded_at ? null : moved(d.respond_due_at, unitOf(settings, grade, null))
  const resolve = moved(d.resolve_due_at, unitOf(settings, grade, tx.now))
  return {
    respond_due_at: respond?.due ?? d.respond_due_at,
    resolve_due_at: resolve?.due ?? d.resolve_due_at,
    provisional: d.provisional || (respond?.provisional ?? false) || (resolve?.provisional ?? false),
  }
}

export const reviewDispute = (ctx: Context, id: string, input: ReviewDispute) =>
  atPlace(ctx, { id, verb: 'demand.review', action: 'demand.review-dispute' }, async (tx, d) => {
    const state = after('review', d.state as 'disputed')
    const lead = await leadOf(tx, d)
    if (lead.disputed_by !== null && lead.disputed_by === tx.actor.accountId)
      throw fail('own-review', { ground: 'REQ-02' })
    const times = await giveTimeBack(tx, d, lead.disputed_at as string)
    const moved = { ...d, ...times }
    await updateDispatch(tx, lead.id, {
      dispute_outcome: input.outcome,
      review_reason: input.reason,
      reviewed_at: tx.now,
      reviewed_by: tx.actor.accountId,
    })
    const owner = input.leadId ? await handOver(tx, moved, lead, input.leadId) : null
    if (!owner) await moveLeadDue(tx, id, moved.resolve_due_at)
    await insertClockChange(tx, {
      demand_id: id,
      kind: 'dispute-pause',
      at: tx.now,
      from_due: d.resolve_due_at,
      to_due: moved.resolve_due_at,
      reason: input.reason,
      decided_by: tx.actor.accountId,
    })
    await updateDemand(tx, d, {
      state,
      ...times,
      due_at: runningClock(state, {
        respondDueAt: moved.respond_due_at,
        resolveDueAt: moved.resolve_due_at,
        respondedAt: d.responded_at,
      }),
      ...(owner ? { owner_id: owner.id, owner_path: owner.path } : {}),
    })
    note(
      tx,
      d,
      { state: [d.state, state], review: input.outcome, lead: owner?.name },
      { reason: input.reason, also: [owner?.path ?? null] },
    )
    return { id, outcome: input.outcome }
  })

/** Reassigned: the old dispatch ends, a new one begins with its own window. */
async function handOver(tx: WriteTx, d: DemandRow, old: DispatchRow, leadId: string) {
  const unit = await responsible(tx, d, leadId)
  if (unit.id === old.unit_id) throw fail('same-unit', { unit: unit.name })
  await endDispatches(tx, d.id, tx.now, 'lead')
  insertDispatches(tx, [leadEntry(d, unit, tx.now)])
  return unit
}
