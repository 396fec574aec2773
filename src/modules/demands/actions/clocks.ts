// What stops, moves or ends a clock before the answer: not accepted, more time, put on the shelf with a plan, taken down again. [REQ-05, REQ-06]
import { instantOfMillis, millisOf } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import {
  type DeclineDemand,
  type ExtendDemand,
  fail,
  type Grade,
  type Reasoned,
  type SuspendDemand,
} from '../contract.ts'
import { after, extended, reviewClock, runningClock, shifted, unitOf } from '../rules.ts'
import { updateDemand } from '../store/demands.ts'
import { findClockChanges, handleAgain, insertClockChange, moveLeadDue } from '../store/steps.ts'
import { atPlace, clocks, note, settingsOf, startRound } from './shared.ts'

/** 不予受理: the resident is told why and which lawful way is open to him. */
export const declineDemand = (ctx: Context, id: string, input: DeclineDemand) =>
  atPlace(ctx, { id, verb: 'demand.dispatch', action: 'demand.decline' }, async (tx, d) => {
    const state = after('decline', d.state as 'registered')
    const { legalChannels } = await settingsOf(tx, d)
    if (!legalChannels.includes(input.legalChannel)) throw fail('not-a-channel', { channel: input.legalChannel })
    await updateDemand(tx, d, {
      state,
      due_at: null,
      legal_channel: input.legalChannel,
      answer_sealed: tx.vault.seal(`demand.answer:${id}`, `${input.reason}（可通过${input.legalChannel}解决）`),
      closed_at: tx.now,
      closed_on: tx.today,
    })
    note(tx, d, { state: [d.state, state], legalChannel: input.legalChannel }, { reason: input.reason })
    return { id }
  })

/** 延期: before expiry, once by default, with a reason the resident hears. [REQ-05] */
export const extendDemand = (ctx: Context, id: string, input: ExtendDemand) =>
  atPlace(ctx, { id, verb: 'demand.review', action: 'demand.extend' }, async (tx, d) => {
    const state = after('extend', d.state as 'signed')
    if (d.suspended_until) throw fail('suspended')
    const before = (await findClockChanges(tx, id)).filter((c) => c.kind === 'extension').length
    const { due, provisional } = extended(await settingsOf(tx, d), d, { term: input.term, before, now: tx.now })
    await insertClockChange(tx, {
      demand_id: id,
      kind: 'extension',
      at: tx.now,
      from_due: d.resolve_due_at,
      to_due: due,
      reason: input.reason,
      decided_by: tx.actor.accountId,
    })
    await moveLeadDue(tx, id, due)
    await updateDemand(tx, d, {
      resolve_due_at: due,
      due_at: runningClock(state, { ...clocks(d), resolveDueAt: due }),
      provisional: d.provisional || provisional,
    })
    note(tx, d, { resolve_due_at: [d.resolve_due_at, due] }, { reason: input.reason })
    return { id, dueAt: due, provisional }
  })

/** 挂账: not now, but with a plan, a leader and a day to look again. From here the review day is the clock that runs. [REQ-06] */
export const suspendDemand = (ctx: Context, id: string, input: SuspendDemand) =>
  atPlace(ctx, { id, verb: 'demand.review', action: 'demand.suspend' }, async (tx, d) => {
    after('suspend', d.state as 'signed')
    if (d.suspended_until) throw fail('suspended')
    const due = reviewClock(await settingsOf(tx, d), input.reviewOn, tx.today)
    const { plan, leader, reviewOn, reason } = input
    await insertClockChange(tx, {
      demand_id: id,
      kind: 'suspension',
      at: tx.now,
      from_due: d.resolve_due_at,
      to_due: due,
      reason,
      plan,
      leader,
      review_on: reviewOn,
      decided_by: tx.actor.accountId,
    })
    await updateDemand(tx, d, { suspended_until: reviewOn, due_at: due })
    note(tx, d, { suspended_until: [null, reviewOn], plan, leader }, { reason })
    return { id, reviewOn }
  })

/** 恢复办理: the clocks go on with the time that was left. What was said to the resident meanwhile does not count as the answer. */
export const resumeDemand = (ctx: Context, id: string, input: Reasoned) =>
  atPlace(ctx, { id, verb: 'demand.review', action: 'demand.resume' }, async (tx, d) => {
    if (!d.suspended_until) throw fail('not-suspended')
    const state = after('resume', d.state as 'signed')
    const since = (await findClockChanges(tx, id)).findLast((c) => c.kind === 'suspension')
    const settings = await settingsOf(tx, d)
    const pause = { from: since?.at ?? tx.now, to: tx.now }
    const move = (due: string | null, respondedAt: string | null) =>
      due ? shifted(due, pause, unitOf(settings, d.grade as Grade, respondedAt)) : null
    const respond = d.responded_at ? d.respond_due_at : (move(d.respond_due_at, null)?.due ?? null)
    const resolve = move(d.resolve_due_at, tx.now)
    const round = d.state === 'signed' ? d.round : await startRound(tx, d, 'resume', input.reason)
    const due = resolve?.due ?? instantOfMillis(millisOf(tx.now))
    await insertClockChange(tx, {
      demand_id: id,
      kind: 'resumption',
      at: tx.now,
      from_due: d.resolve_due_at,
      to_due: due,
      reason: input.reason,
      decided_by: tx.actor.accountId,
    })
    await handleAgain(tx, id, due)
    await updateDemand(tx, d, {
      state,
      round,
      suspended_until: null,
      respond_due_at: respond,
      resolve_due_at: due,
      due_at: runningClock(state, { respondDueAt: respond, resolveDueAt: due, respondedAt: d.responded_at }),
      provisional: d.provisional || (resolve?.provisional ?? false),
      ...(round > d.round ? { answered_at: null, answered_by: null, outcome: null, satisfaction: null } : {}),
    })
    note(
      tx,
      d,
      { state: [d.state, state], suspended_until: [d.suspended_until, null], resolve_due_at: [d.resolve_due_at, due] },
      { reason: input.reason },
    )
    return { id, dueAt: due }
  })
