// One matter heard several times becomes one piece of work; several matters in one demand become several. Every resident keeps
// his own code, words and answer. Counting: a merged demand counts as raised, never as dispatched; a part of a split counts as
// dispatched, never as raised. [REQ-07]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { getUnit } from '#modules/units/index.ts'
import { type DemandState, fail, type MergeDemand, type SplitDemand } from '../contract.ts'
import { engine } from '../engine.ts'
import { after } from '../rules.ts'
import { type DemandRow, findChildren, findVisible, getDemand, updateDemand } from '../store/demands.ts'
import { endDispatches } from '../store/steps.ts'
import { register } from './open.ts'
import { atPlace, note } from './shared.ts'

/** Locked in the order of ids, so two merges the other way round wait instead of blocking each other. */
async function lockBoth(tx: WriteTx, id: string, intoId: string): Promise<[DemandRow, DemandRow]> {
  const rows = new Map<string, DemandRow>()
  for (const one of [id, intoId].toSorted()) {
    const d = await getDemand(tx, one, true)
    tx.must('demand.dispatch', d.place_path)
    rows.set(one, d)
  }
  return [rows.get(id) as DemandRow, rows.get(intoId) as DemandRow]
}

function whyNot(child: DemandRow, parent: DemandRow): string | null {
  if (child.id === parent.id) return '是同一件'
  if (child.mechanism_id !== parent.mechanism_id) return '不属于同一机制'
  if (child.report || parent.report) return '举报须单独办理'
  if (!['registered', 'dispatched', 'disputed', 'signed'].includes(parent.state)) return '被并入的一件已经答复或结束'
  if (child.suspended_until || parent.suspended_until) return '挂账中的须先恢复办理'
  return null
}

export const mergeDemand = (ctx: Context, id: string, input: MergeDemand) =>
  ctx.write('demand.dispatch', 'demand.merge', async (tx) => {
    if (id === input.intoId) throw fail('not-mergeable', { why: '是同一件' })
    const [child, parent] = await lockBoth(tx, id, input.intoId)
    const state = after('merge', child.state as 'registered')
    const why = whyNot(child, parent)
    if (why) throw fail('not-mergeable', { why })
    const grandchildren = await findChildren(tx, id)
    for (const g of grandchildren) await updateDemand(tx, g, { merged_into: parent.id })
    await endDispatches(tx, id, tx.now)
    await updateDemand(tx, child, { state, merged_into: parent.id, due_at: null })
    note(
      tx,
      child,
      { state: [child.state, state], into: parent.no, ground: input.ground, withIt: grandchildren.map((g) => g.no) },
      { reason: input.reason, also: [parent.owner_path] },
    )
    return { id, intoId: parent.id }
  })

/** The demand stays the first matter; each further matter becomes a demand of its own, with the clock of the day it was raised. */
export const splitDemand = (ctx: Context, id: string, input: SplitDemand) =>
  atPlace(ctx, { id, verb: 'demand.dispatch', action: 'demand.split' }, async (tx, d) => {
    after('split', d.state as 'registered')
    if (d.split_from) throw fail('not-mergeable', { why: '拆分出的一件不能再拆分' })
    const settings = await getSettings(tx, engine, d.mechanism_id, d.opened_on)
    const place = await getUnit(tx, d.place_id)
    const contact = d.contact_sealed
      ? (JSON.parse(tx.vault.open(`demand.contact:${id}`, d.contact_sealed)) as { name?: string; phone?: string })
      : undefined
    const parts: { id: string; no: number }[] = []
    for (const part of input.parts) {
      const { row } = await register(tx, {
        mechanismId: d.mechanism_id,
        settings,
        place,
        input: {
          ...part,
          ...(contact ? { contact } : {}),
          report: d.report,
          ...(d.about_id ? { aboutId: d.about_id } : {}),
        },
        channel: d.channel as 'resident',
        follow: null,
        consent: d.consent,
        openedAt: d.opened_at,
        splitFrom: id,
      })
      parts.push({ id: row.id, no: row.no })
    }
    note(tx, d, { parts: parts.map((p) => p.no) }, { reason: input.reason })
    return { id, parts }
  })

/** Demands this one was merged into, holds, came from, or was split into; only those the asker may see. */
export async function relatedOf(
  tx: Tx,
  rows: readonly { row: DemandRow; as: 'parent' | 'child' | 'whole' | 'part' }[],
) {
  const seen: { id: string; no: number; title: string; state: DemandState; as: (typeof rows)[number]['as'] }[] = []
  for (const { row, as } of rows) {
    const visible = await findVisible(tx, row.id)
    if (visible) seen.push({ id: row.id, no: row.no, title: row.title, state: row.state as DemandState, as })
  }
  return seen
}
