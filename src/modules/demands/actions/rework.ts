// After the answer: checked on the spot by an inspector, handled again when unsolved, opened again when it comes back. [REQ-08]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { type DemandSettings, fail, type Grade, type Reasoned, type VerifyDemand } from '../contract.ts'
import { after, dueAfter, mayRedo, mayReopen } from '../rules.ts'
import { type DemandRow, followParent, updateDemand } from '../store/demands.ts'
import { findRework, handleAgain, insertCallback } from '../store/steps.ts'
import { atPlace, mustBeAnother, note, settingsOf, startRound } from './shared.ts'

/** Back into the hands of the unit responsible, with a whole clock of its grade. */
export async function backToHandling(
  tx: WriteTx,
  d: DemandRow,
  how: { kind: 'redo' | 'reopen'; reason: string; settings: DemandSettings },
) {
  const round = await startRound(tx, d, how.kind, how.reason)
  const { due, provisional } = dueAfter(tx.now, how.settings.clocks[d.grade as Grade].resolve)
  await handleAgain(tx, d.id, due)
  await updateDemand(tx, d, {
    state: 'signed',
    round,
    answered_at: null,
    answered_by: null,
    outcome: null,
    satisfaction: null,
    closed_at: null,
    closed_on: null,
    resolve_due_at: due,
    due_at: due,
    provisional: d.provisional || provisional,
  })
  return { round, due }
}

/** 重办: the resident said unsolved, so the same unit handles it again. */
export const redoDemand = (ctx: Context, id: string, input: Reasoned) =>
  atPlace(ctx, { id, verb: 'demand.call-back', action: 'demand.redo' }, async (tx, d) => {
    const state = after('redo', d.state as 'called')
    if (d.suspended_until) throw fail('suspended')
    const settings = await settingsOf(tx, d)
    mayRedo(settings, d.outcome, (await findRework(tx, id)).filter((r) => r.kind === 'redo').length)
    const { round, due } = await backToHandling(tx, d, { kind: 'redo', reason: input.reason, settings })
    note(
      tx,
      d,
      { state: [d.state, state], round: [d.round, round], resolve_due_at: [d.resolve_due_at, due] },
      { reason: input.reason },
    )
    return { id, round, dueAt: due }
  })

/** Closed not too long ago and not opened again too often; refused with the reason. */
async function mustBeReopenable(tx: Tx, d: DemandRow): Promise<DemandSettings> {
  after('reopen', d.state as 'closed')
  const settings = await settingsOf(tx, d)
  const before = (await findRework(tx, d.id)).filter((r) => r.kind === 'reopen').length
  mayReopen(settings, d.closed_on, { today: tx.today, before })
  return settings
}

/** Whether the resident may still say that it is not over. */
export const isReopenable = async (tx: Tx, d: DemandRow): Promise<boolean> =>
  d.state === 'closed' && mustBeReopenable(tx, d).then(Boolean, () => false)

export async function reopen(tx: WriteTx, d: DemandRow, reason: string) {
  const settings = await mustBeReopenable(tx, d)
  const again = await backToHandling(tx, d, { kind: 'reopen', reason, settings })
  await followParent(tx, d.id, { closed_at: null, closed_on: null })
  return again
}

/** Opened again by the desk within some days of closing. */
export const reopenDemand = (ctx: Context, id: string, input: Reasoned) =>
  atPlace(ctx, { id, verb: 'demand.dispatch', action: 'demand.reopen' }, async (tx, d) => {
    const { round, due } = await reopen(tx, d, input.reason)
    note(
      tx,
      d,
      { state: [d.state, 'signed'], round: [d.round, round], resolve_due_at: [d.resolve_due_at, due] },
      { reason: input.reason },
    )
    return { id, round, dueAt: due }
  })

/** An inspector looks for himself: passed, or back to the unit responsible. Where the mechanism is confirmed so. */
export const verifyDemand = (ctx: Context, id: string, input: VerifyDemand) =>
  atPlace(ctx, { id, verb: 'demand.review', action: 'demand.verify' }, async (tx, d) => {
    const settings = await settingsOf(tx, d)
    if (settings.confirmation !== 'verification') throw fail('not-confirmed-so', { way: '现场核验' })
    const called = after('call-back', d.state as 'answered')
    await mustBeAnother(tx, d)
    const outcome = input.passed ? 'solved' : 'unsolved'
    insertCallback(tx, {
      demand_id: id,
      round: d.round,
      kind: 'verification',
      at: tx.now,
      made_on: tx.today,
      made_by: tx.actor.accountId,
      reached: true,
      outcome,
    })
    const state = input.passed ? called : 'signed'
    if (input.passed) await updateDemand(tx, d, { state, outcome })
    else await backToHandling(tx, d, { kind: 'redo', reason: input.note || '核验未通过', settings })
    note(tx, d, { state: [d.state, state], passed: input.passed }, { reason: input.note })
    return { id, state }
  })
