// A demand's way through the offices: dispatch, sign, answer, call back, close.
import type { Context, WriteTx } from '#core/context.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { findKinds, getUnit } from '#modules/units/index.ts'
import { type AnswerDemand, type CloseDemand, type DispatchDemand, fail, type RecordCallback } from '../contract.ts'
import { engine } from '../engine.ts'
import { after, categoryOf, mustBeTheirs, runningClock } from '../rules.ts'
import { type DemandRow, getDemand, updateDemand } from '../store/demands.ts'
import { findCallbacks, insertCallback, insertDispatches, markAnswered, markSigned } from '../store/steps.ts'
import { createTask } from './tasks.ts'

const clocks = (d: DemandRow) => ({ respondDueAt: d.respond_due_at, resolveDueAt: d.resolve_due_at, respondedAt: d.responded_at })

async function responsible(tx: WriteTx, d: DemandRow, unitId: string) {
  const unit = await getUnit(tx, unitId)
  const settings = await getSettings(tx, engine, d.mechanism_id, d.opened_on)
  const kind = (await findKinds(tx)).get(unit.kind)
  mustBeTheirs(categoryOf(settings, d.category), { name: unit.name, level: kind?.level ?? 'household' })
  return unit
}

async function dispatchToUnits(tx: WriteTx, d: DemandRow, leadId: string, supportIds: readonly string[]) {
  const lead = await responsible(tx, d, leadId)
  const support = await Promise.all(supportIds.filter((s) => s !== leadId).map((s) => getUnit(tx, s)))
  const shared = { demand_id: d.id, at: tx.now, due_at: d.resolve_due_at }
  await insertDispatches(tx, [
    { ...shared, unit_id: lead.id, unit_path: lead.path, role: 'lead' },
    ...support.map((u) => ({ ...shared, unit_id: u.id, unit_path: u.path, role: 'support' })),
  ])
  await updateDemand(tx, d, { state: after('dispatch', d.state as 'registered'), owner_id: lead.id, owner_path: lead.path, dispatched_at: tx.now })
  return { lead: lead.name, support: support.map((u) => u.name) }
}

/** The dispatcher keeps the demand at its place and hands the work to members and volunteers as a task. */
async function dispatchAsTask(tx: WriteTx, d: DemandRow, task: NonNullable<DispatchDemand['task']>) {
  after('dispatch', d.state as 'registered')
  await insertDispatches(tx, [{ demand_id: d.id, unit_id: d.place_id, unit_path: d.place_path, role: 'lead', at: tx.now, due_at: d.resolve_due_at, signed_at: tx.now }])
  const { id } = await createTask(tx, { ...task, mechanismId: d.mechanism_id, placeId: d.place_id, category: d.category, demandId: d.id }, d.place_path)
  await updateDemand(tx, d, { state: 'signed', owner_id: d.place_id, owner_path: d.place_path, dispatched_at: tx.now, signed_at: tx.now })
  return { taskId: id }
}

/** Makes units responsible, or hands the demand to volunteers as a task. [REQ-01, REQ-03] */
export const dispatchDemand = (ctx: Context, id: string, input: DispatchDemand) =>
  ctx.write('demand.dispatch', 'demand.dispatch', async (tx) => {
    const d = await getDemand(tx, id, true)
    tx.must('demand.dispatch', d.place_path)
    const change = input.task ? await dispatchAsTask(tx, d, input.task) : await dispatchToUnits(tx, d, input.leadId as string, input.supportIds ?? [])
    tx.record({ subject: { kind: 'demand', id }, path: d.place_path, change, reason: input.note })
    return { id, ...('taskId' in change ? { taskId: change.taskId } : { taskId: null }) }
  })

/** The lead unit takes the demand; from here the handler may see the contact. [REQ-10] */
export const signDemand = (ctx: Context, id: string) =>
  ctx.write('demand.sign', 'demand.sign', async (tx) => {
    const d = await getDemand(tx, id, true)
    tx.must('demand.sign', d.owner_path ?? d.place_path)
    const state = after('sign', d.state as 'dispatched')
    await markSigned(tx, id, d.owner_id ?? d.place_id, tx.now)
    await updateDemand(tx, d, { state, signed_at: tx.now, due_at: runningClock(state, clocks(d)) })
    tx.record({ subject: { kind: 'demand', id }, path: d.place_path, change: { state: [d.state, state] } })
    return { id }
  })

/** First contact with the resident stops the response clock; the resolution clock runs on. */
export const contactResident = (ctx: Context, id: string) =>
  ctx.write('demand.answer', 'demand.contact', async (tx) => {
    const d = await getDemand(tx, id, true)
    tx.must('demand.answer', d.owner_path ?? d.place_path)
    if (d.state !== 'signed' || d.responded_at) after('answer', d.responded_at ? 'answered' : (d.state as 'answered'))
    await updateDemand(tx, d, { responded_at: tx.now, due_at: d.resolve_due_at })
    tx.record({ subject: { kind: 'demand', id }, path: d.place_path, change: { responded_at: [null, tx.now] } })
    return { id }
  })

/** The lead unit answers; the demand then waits for a call-back by somebody else. */
export const answerDemand = (ctx: Context, id: string, input: AnswerDemand) =>
  ctx.write('demand.answer', 'demand.answer', async (tx) => {
    const d = await getDemand(tx, id, true)
    tx.must('demand.answer', d.owner_path ?? d.place_path)
    const state = after('answer', d.state as 'signed')
    await finishAnswer(tx, d, input.answer)
    tx.record({ subject: { kind: 'demand', id }, path: d.place_path, change: { state: [d.state, state] } })
    return { id }
  })

/** Stops the clocks and keeps the sealed answer; also called when the last work of a task is accepted. */
export async function finishAnswer(tx: WriteTx, d: DemandRow, answer: string) {
  await markAnswered(tx, d.id, tx.now)
  await updateDemand(tx, d, {
    state: 'answered',
    answered_at: tx.now,
    answered_by: tx.actor.accountId,
    responded_at: d.responded_at ?? tx.now,
    answer_sealed: tx.vault.seal(`demand.answer:${d.id}`, answer),
    due_at: null,
  })
}

/** Somebody other than the handler asks the resident. Not reached: tried again on another day, three times at most. [REQ-08] */
export const recordCallback = (ctx: Context, id: string, input: RecordCallback) =>
  ctx.write('demand.call-back', 'demand.call-back', async (tx) => {
    const d = await getDemand(tx, id, true)
    tx.must('demand.call-back', d.place_path)
    const state = after('call-back', d.state as 'answered')
    if (d.answered_by !== null && d.answered_by === tx.actor.accountId) throw fail('same-hand')
    const settings = await getSettings(tx, engine, d.mechanism_id, d.opened_on)
    const tries = (await findCallbacks(tx, id)).filter((c) => c.round === d.reopenings && !c.reached)
    if (!input.reached && tries.some((t) => t.made_on === tx.today)) throw fail('called-today')
    await insertCallback(tx, {
      demand_id: id,
      round: d.reopenings,
      at: tx.now,
      made_on: tx.today,
      made_by: tx.actor.accountId,
      reached: input.reached,
      outcome: input.outcome ?? null,
      satisfaction: input.satisfaction ?? null,
    })
    const exhausted = !input.reached && tries.length + 1 >= settings.callbackTries
    const next = input.reached || exhausted ? state : d.state
    await updateDemand(tx, d, { state: next, outcome: input.outcome ?? (exhausted ? 'unreached' : null), satisfaction: input.satisfaction ?? null })
    tx.record({ subject: { kind: 'demand', id }, path: d.place_path, change: { state: [d.state, next], reached: input.reached, outcome: input.outcome, satisfaction: input.satisfaction } })
    return { id, state: next }
  })

/** Closes a demand that was called back. */
export const closeDemand = (ctx: Context, id: string, input: CloseDemand) =>
  ctx.write('demand.close', 'demand.close', async (tx) => {
    const d = await getDemand(tx, id, true)
    tx.must('demand.close', d.place_path)
    if (d.state === 'answered') throw fail('no-callback')
    const state = after('close', d.state as 'called')
    await updateDemand(tx, d, { state, closed_at: tx.now, closed_on: tx.today })
    tx.record({ subject: { kind: 'demand', id }, path: d.place_path, change: { state: [d.state, state], outcome: d.outcome }, reason: input.note })
    return { id }
  })
