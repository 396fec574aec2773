// A demand's way through the offices: dispatch, sign, answer, call back, close.
import type { Context, WriteTx } from '#core/context.ts'
import type { UnitNow } from '#modules/units/index.ts'
import {
  type AnswerDemand,
  type CloseDemand,
  type DemandSettings,
  type DispatchDemand,
  fail,
  type RecordCallback,
} from '../contract.ts'
import { after, runningClock, supportDue } from '../rules.ts'
import { type DemandRow, findUnitNames, followParent, moveHeld } from '../store/demands.ts'
import { layTaskDown } from '../store/tasks.ts'
import { findCallbacks, insertCallback, insertDispatches, markAnswered, markSigned } from '../store/steps.ts'
import {
  atOwner,
  atPlace,
  callable,
  clocks,
  leadEntry,
  mustBeAnother,
  note,
  responsible,
  settingsOf,
  supportEntry,
} from './shared.ts'
import { mustBeRated } from './support.ts'
import { draftOf } from './tasks.ts'

async function dispatchToUnits(tx: WriteTx, d: DemandRow, input: DispatchDemand) {
  const state = after('dispatch', d.state as 'registered')
  const lead = await responsible(tx, d, input.leadId as string)
  const asked = [...(input.supportIds ?? []).map((unitId) => ({ unitId, dueAt: undefined })), ...(input.supports ?? [])]
  const supports = new Map(asked.filter((s) => s.unitId !== lead.id).map((s) => [s.unitId, s]))
  const helping: { unit: UnitNow; due: string | null }[] = []
  for (const s of supports.values())
    helping.push({
      unit: await callable(tx, d.place_path, s.unitId),
      due: supportDue(d.resolve_due_at, s.dueAt, tx.now),
    })
  insertDispatches(tx, [
    leadEntry(d, lead, tx.now),
    ...helping.map(({ unit, due }) => supportEntry(d, unit, { at: tx.now, due })),
  ])
  moveHeld(tx, d, {
    state,
    owner_id: lead.id,
    owner_path: lead.path,
    dispatched_at: d.dispatched_at ?? tx.now,
  })
  return {
    change: { lead: lead.name, support: helping.map((s) => s.unit.name) },
    also: [lead.path, ...helping.map((s) => s.unit.path)],
    taskId: null,
  }
}

/** The dispatcher keeps the demand at its place and hands the work to members and volunteers as a task. */
async function dispatchAsTask(tx: WriteTx, d: DemandRow, task: NonNullable<DispatchDemand['task']>) {
  after('dispatch', d.state as 'registered')
  const place = { id: d.place_id, path: d.place_path }
  const input = { ...task, mechanismId: d.mechanism_id, category: d.category }
  const drafted = await draftOf(tx, { input, place, demand: d })
  layTaskDown(tx, drafted)
  insertDispatches(tx, [{ ...leadEntry(d, place, tx.now), signed_at: tx.now }])
  moveHeld(tx, d, {
    state: 'signed',
    owner_id: place.id,
    owner_path: place.path,
    dispatched_at: d.dispatched_at ?? tx.now,
    signed_at: tx.now,
  })
  return { change: { taskId: drafted.id }, also: [], taskId: drafted.id }
}

/** Makes units responsible, or hands the demand to volunteers as a task. [REQ-01, REQ-03] */
export const dispatchDemand = (ctx: Context, id: string, input: DispatchDemand) =>
  atPlace(ctx, { id, verb: 'demand.dispatch' }, async (tx, d) => {
    const { change, also, taskId } = input.task
      ? await dispatchAsTask(tx, d, input.task)
      : await dispatchToUnits(tx, d, input)
    note(tx, d, change, { reason: input.note, also })
    return { id, taskId }
  })

/** The lead unit takes the demand; from here the handler may see the contact. [REQ-10] */
export const signDemand = (ctx: Context, id: string) =>
  atOwner(ctx, { id, verb: 'demand.sign' }, async (tx, d) => {
    const state = after('sign', d.state as 'dispatched')
    await markSigned(tx, id, d.owner_id ?? d.place_id, tx.now)
    moveHeld(tx, d, { state, signed_at: tx.now, due_at: runningClock(state, clocks(d)) })
    note(tx, d, { state: [d.state, state] })
    return { id }
  })

/** First contact with the resident stops the response clock; the resolution clock runs on. */
export const contactResident = (ctx: Context, id: string) =>
  atOwner(ctx, { id, verb: 'demand.answer', action: 'demand.contact' }, async (tx, d) => {
    after('contact', d.responded_at ? 'answered' : (d.state as 'signed'))
    moveHeld(tx, d, { responded_at: tx.now, due_at: d.suspended_until ? d.due_at : d.resolve_due_at })
    note(tx, d, { responded_at: [null, tx.now] })
    return { id }
  })

/** The lead unit answers; the demand then waits for a call-back by somebody else. */
export const answerDemand = (ctx: Context, id: string, input: AnswerDemand) =>
  atOwner(ctx, { id, verb: 'demand.answer' }, async (tx, d) => {
    const state = after('answer', d.state as 'signed')
    const means = meansOf(await settingsOf(tx, d), input.means)
    finishAnswer(tx, d, { answer: input.answer, means, feasible: input.feasible ?? true })
    note(tx, d, { state: [d.state, state], means, feasible: input.feasible })
    return { id }
  })

/** Where the mechanism tells ways of settling apart, the answer names one. */
function meansOf(settings: DemandSettings, means: string | undefined): string | null {
  if (settings.means.length === 0 ? means === undefined : settings.means.some((m) => m.id === means))
    return means ?? null
  throw fail('unknown-means', { means: settings.means.map((m) => m.name).join('、') || '无' })
}

/** Stops the clocks and keeps the sealed answer; also called when the last work of a task is accepted. On the shelf only the review day runs on. */
export function finishAnswer(
  tx: WriteTx,
  d: DemandRow,
  given: { answer: string; means: string | null; feasible: boolean },
) {
  markAnswered(tx, d.id, tx.now)
  moveHeld(tx, d, {
    state: 'answered',
    answered_at: tx.now,
    answered_by: tx.actor.accountId,
    responded_at: d.responded_at ?? tx.now,
    answer_sealed: tx.vault.seal(`demand.answer:${d.id}`, given.answer),
    means: given.means,
    feasible: given.feasible,
    due_at: d.suspended_until ? d.due_at : null,
  })
}

/** How often the resident was not reached in this round; once a day is enough. @throws demand.called-today */
async function earlierTries(tx: WriteTx, d: DemandRow): Promise<number> {
  const tries = (await findCallbacks(tx, d.id)).filter((c) => c.round === d.round && !c.reached)
  if (tries.some((t) => t.made_on === tx.today)) throw fail('called-today')
  return tries.length
}

/** Somebody other than the handler asks the resident. Not reached: tried again on another day, three times at most. [REQ-08] */
export const recordCallback = (ctx: Context, id: string, input: RecordCallback) =>
  atPlace(ctx, { id, verb: 'demand.call-back' }, async (tx, d) => {
    const state = after('call-back', d.state as 'answered')
    await mustBeAnother(tx, d)
    const settings = await settingsOf(tx, d)
    if (settings.confirmation !== 'call-back') throw fail('not-confirmed-so', { way: '电话回访' })
    const exhausted = !input.reached && (await earlierTries(tx, d)) + 1 >= settings.callbackTries
    const next = input.reached || exhausted ? state : d.state
    insertCallback(tx, {
      demand_id: id,
      round: d.round,
      at: tx.now,
      made_on: tx.today,
      made_by: tx.actor.accountId,
      reached: input.reached,
      outcome: input.outcome ?? null,
      satisfaction: input.satisfaction ?? null,
    })
    moveHeld(tx, d, {
      state: next,
      outcome: input.outcome ?? (exhausted ? 'unreached' : null),
      satisfaction: input.satisfaction ?? null,
    })
    note(tx, d, {
      state: [d.state, next],
      reached: input.reached,
      outcome: input.outcome,
      satisfaction: input.satisfaction,
    })
    return { id, state: next }
  })

/** How it ended where nobody was asked: solved, or explained because it cannot be done. */
const ending = (d: DemandRow) => d.outcome ?? (d.feasible ? 'solved' : 'explained')

/** Closes a demand whose result was confirmed the way its mechanism demands; merged demands close with it. [REQ-07, REQ-08] */
export const closeDemand = (ctx: Context, id: string, input: CloseDemand) =>
  atPlace(ctx, { id, verb: 'demand.close' }, async (tx, d) => {
    const unasked = d.state === 'answered' && (await settingsOf(tx, d)).confirmation === 'none'
    if (d.state === 'answered' && !unasked) throw fail('no-callback')
    const state = after('close', unasked ? 'called' : (d.state as 'called'))
    if (d.suspended_until) throw fail('suspended')
    await mustBeRated(tx, d, (ids) => findUnitNames(tx, ids))
    const outcome = ending(d)
    moveHeld(tx, d, { state, outcome, closed_at: tx.now, closed_on: tx.today, due_at: null })
    await followParent(tx, id, { closed_at: tx.now, closed_on: tx.today })
    note(tx, d, { state: [d.state, state], outcome }, { reason: input.note })
    return { id }
  })
