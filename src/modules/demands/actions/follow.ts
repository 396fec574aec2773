// What a resident can do with the follow-up code alone: look, rate, ask again, withdraw consent.
import type { Context, Tx } from '#core/context.ts'
import { fail, type Followed } from '../contract.ts'
import { after } from '../rules.ts'
import { type DemandRow, findByFollowIndex, findTimeline, findUnitNames, updateDemand } from '../store/demands.ts'
import { insertCallback } from '../store/steps.ts'
import { readFollow } from './open.ts'

async function byCode(tx: Tx, follow: string): Promise<DemandRow> {
  const row = await findByFollowIndex(tx, tx.vault.blindIndexes('follow', follow))
  if (!row) throw fail('bad-code')
  return row
}

const shown = new Set(['demand.open', 'demand.raise', 'demand.dispatch', 'demand.sign', 'demand.contact', 'demand.answer', 'demand.call-back', 'demand.close', 'demand.rate', 'demand.extend', 'demand.suspend', 'demand.merge', 'demand.reopen'])

export async function followDemand(ctx: Context, code: string): Promise<Followed> {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).read(null, async (tx) => {
    const d = await byCode(tx, follow)
    const units = await findUnitNames(tx, [d.place_id, d.owner_id])
    const entries = (await findTimeline(tx, d.id)).map(({ body }) => JSON.parse(body) as { at: string; action: string })
    return {
      no: d.no,
      title: d.title,
      placeName: units.get(d.place_id) ?? '',
      state: d.state as Followed['state'],
      openedAt: d.opened_at,
      respondDueAt: d.respond_due_at,
      resolveDueAt: d.resolve_due_at,
      ownerName: d.owner_id ? (units.get(d.owner_id) ?? null) : null,
      words: d.words_sealed ? tx.vault.open(`demand.words:${d.id}`, d.words_sealed) : null,
      answer: d.answer_sealed ? tx.vault.open(`demand.answer:${d.id}`, d.answer_sealed) : null,
      suspendedUntil: d.suspended_until,
      outcome: d.outcome,
      satisfaction: d.satisfaction,
      mayRate: d.state === 'answered',
      mayReopen: d.state === 'closed',
      steps: entries.filter((e) => shown.has(e.action)).map((e) => ({ at: e.at, step: e.action.slice('demand.'.length) })),
    }
  })
}

/** The resident confirms and rates by himself: it counts as a call-back reached. [REQ-08] */
export async function rateDemand(ctx: Context, code: string, input: { outcome: 'solved' | 'partly' | 'unsolved'; satisfaction: 'satisfied' | 'basically' | 'unsatisfied' }) {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).write(null, 'demand.rate', async (tx) => {
    const d = await byCode(tx, follow)
    const state = after('call-back', d.state as 'answered')
    await insertCallback(tx, { demand_id: d.id, round: d.reopenings, at: tx.now, made_on: tx.today, made_by: null, reached: true, ...input })
    await updateDemand(tx, d, { state, ...input })
    tx.record({ subject: { kind: 'demand', id: d.id }, path: d.place_path, change: { state: [d.state, state], ...input } })
    return { state }
  })
}
