// Units that help: each with its own deadline, signing, report — and, for a whistle, how it turned up. [REQ-03, 1.9 吹哨报到]
import { millisOf } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import type { UnitNow } from '#modules/units/index.ts'
import { type AddSupport, fail, type RateDispatch, type ReportDispatch, type Whistle } from '../contract.ts'
import { engine } from '../engine.ts'
import { after, dueAfter, supportDue } from '../rules.ts'
import { type DemandRow, getDemand, updateDemand } from '../store/demands.ts'
import { type DispatchRow, findDispatch, findDispatches, insertDispatches, updateDispatch } from '../store/steps.ts'
import { register } from './open.ts'
import { atPlace, callable, leadEntry, note, supportEntry, unitFor } from './shared.ts'

/** Calls in one more unit while the demand is being handled. */
export const addSupport = (ctx: Context, id: string, input: AddSupport) =>
  atPlace(ctx, { id, verb: 'demand.dispatch', action: 'demand.add-support' }, async (tx, d) => {
    after('support', d.state as 'signed')
    const unit = await callable(tx, d.place_path, input.unitId)
    const inForce = (await findDispatches(tx, id)).filter((x) => x.ended_at === null)
    if (inForce.some((x) => x.unit_id === unit.id)) throw fail('same-unit', { unit: unit.name })
    insertDispatches(tx, [
      supportEntry(d, unit, { at: tx.now, due: supportDue(d.resolve_due_at, input.dueAt, tx.now) }),
    ])
    note(tx, d, { support: unit.name }, { also: [unit.path] })
    return { id }
  })

interface Helping {
  d: DemandRow
  x: DispatchRow
}

/** A dispatch to a supporting unit, in force, of a demand the asker may see. */
async function helping(tx: WriteTx, id: string, dispatchId: string): Promise<Helping> {
  const d = await getDemand(tx, id, true)
  const x = await findDispatch(tx, id, dispatchId)
  if (!x || x.role !== 'support') throw fail('dispatch-not-found')
  return { d, x }
}

/** The supporting unit takes its part; for a whistle this is 报到. */
export const signDispatch = (ctx: Context, id: string, dispatchId: string) =>
  ctx.write('demand.sign', 'demand.sign-support', async (tx) => {
    const { d, x } = await helping(tx, id, dispatchId)
    tx.must('demand.sign', x.unit_path)
    if (x.signed_at || x.ended_at) throw fail('dispatch-state', { step: '签收' })
    await updateDispatch(tx, x.id, { signed_at: tx.now })
    note(tx, d, { dispatch: x.id, signed_at: [null, tx.now] }, { also: [x.unit_path] })
    return { id: x.id, late: x.due_at !== null && Date.parse(tx.now) > Date.parse(x.due_at) }
  })

/** The supporting unit reports back to the lead. */
export const reportDispatch = (ctx: Context, id: string, dispatchId: string, input: ReportDispatch) =>
  ctx.write('demand.answer', 'demand.report-support', async (tx) => {
    const { d, x } = await helping(tx, id, dispatchId)
    tx.must('demand.answer', x.unit_path)
    if (x.answered_at || x.ended_at) throw fail('dispatch-state', { step: '反馈' })
    await updateDispatch(tx, x.id, {
      signed_at: x.signed_at ?? tx.now,
      answered_at: tx.now,
      report_sealed: tx.vault.seal(`dispatch.report:${x.id}`, input.report),
    })
    note(tx, d, { dispatch: x.id, answered_at: [null, tx.now] }, { also: [x.unit_path] })
    return { id: x.id }
  })

export const reportOf = (tx: Tx, x: DispatchRow) =>
  x.report_sealed ? tx.vault.open(`dispatch.report:${x.id}`, x.report_sealed) : null

/** Whoever called says how the unit turned up: the unit is judged, no person is. */
export const rateDispatch = (ctx: Context, id: string, dispatchId: string, input: RateDispatch) =>
  ctx.write('demand.dispatch', 'demand.rate-support', async (tx) => {
    const { d, x } = await helping(tx, id, dispatchId)
    tx.must('demand.dispatch', d.place_path)
    if (x.rating || (x.signed_at === null) !== (input.rating === 'absent'))
      throw fail('dispatch-state', { step: x.rating ? '再次评价' : '这样评价：报到情况不符' })
    await updateDispatch(tx, x.id, {
      rating: input.rating,
      rating_note: input.note ?? '',
      rated_at: tx.now,
      rated_by: tx.actor.accountId,
    })
    note(tx, d, { dispatch: x.id, rating: [null, input.rating] }, { reason: input.note, also: [x.unit_path] })
    return { id: x.id }
  })

/** 吹哨: the place states the matter, the units needed and the limit; it stays in the lead, they report in. */
export const whistle = (ctx: Context, input: Whistle) =>
  ctx.write('demand.whistle', 'demand.whistle', async (tx) => {
    const place = await unitFor(tx, 'demand.whistle', input.placeId)
    const settings = await getSettings(tx, engine, input.mechanismId, tx.today)
    if (!settings.whistle.enabled) throw fail('not-a-whistle')
    const { mechanismId, category, title, words } = input
    const id = newId()
    const { row, entry } = await register(tx, {
      id,
      mechanismId,
      settings,
      place,
      input: { category, words, title },
      channel: 'whistle',
      follow: null,
      consent: null,
    })
    const units: UnitNow[] = []
    for (const u of new Set(input.unitIds)) units.push(await callable(tx, place.path, u))
    // A district may set a limit longer than the clock of some category: then the lead's deadline is the limit. [REQ-03]
    const limit = dueAfter(tx.now, settings.whistle.limit).due
    const { resolve_due_at: lead } = row
    const due = supportDue(lead, input.dueAt ?? (lead && millisOf(lead) < millisOf(limit) ? lead : limit), tx.now)
    insertDispatches(tx, [
      { ...leadEntry(row, place, tx.now), signed_at: tx.now },
      ...units.map((u) => supportEntry(row, u, { at: tx.now, due })),
    ])
    await updateDemand(tx, row, {
      state: 'signed',
      owner_id: place.id,
      owner_path: place.path,
      dispatched_at: tx.now,
      signed_at: tx.now,
      responded_at: tx.now,
      due_at: row.resolve_due_at,
    })
    tx.record({
      ...entry,
      change: { ...entry.change, state: [null, 'signed'], units: units.map((u) => u.name) },
      also: units.map((u) => u.path),
    })
    return { id, no: row.no, dueAt: due as string }
  })

/** A whistle ends when every unit called has been judged for turning up. */
export async function mustBeRated(
  tx: Tx,
  d: DemandRow,
  names: (ids: readonly string[]) => Promise<Map<string, string>>,
) {
  if (d.channel !== 'whistle') return
  const open = (await findDispatches(tx, d.id)).filter(
    (x) => x.role === 'support' && x.ended_at === null && x.rating === null,
  )
  if (open.length === 0) return
  const units = await names(open.map((x) => x.unit_id))
  throw fail('unrated', { units: open.map((x) => units.get(x.unit_id)).join('、') })
}
