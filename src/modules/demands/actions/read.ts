import type { Context, Tx } from '#core/context.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import {
  type CountDemandsQuery,
  type Demand,
  type DemandPage,
  DemandState,
  fail,
  type ListDemandsQuery,
  verbs,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { isLate } from '../rules.ts'
import {
  type DemandRow,
  findChildren,
  findDemands,
  findDemandsById,
  findParts,
  findTimeline,
  findUnitNames,
  getDemand,
} from '../store/demands.ts'
import {
  type DispatchRow,
  findCallbacks,
  findClockChanges,
  findDispatches,
  findEscalations,
  findExclusionsOf,
} from '../store/steps.ts'
import { findTasksOf } from '../store/tasks.ts'
import { countByState, countDemands } from '../store/totals.ts'
import { presentExclusions } from './exclude.ts'
import { relatedOf } from './merge.ts'
import { rangesFor } from './ranges.ts'
import { reportOf } from './support.ts'

const demandVerbs = verbs.filter((v) => v.startsWith('demand.'))

async function categoryNames(tx: Tx, mechanismIds: readonly string[]) {
  const names = new Map<string, string>()
  for (const m of new Set(mechanismIds)) {
    const settings = await getSettings(tx, engine, m, tx.today).catch(() => null)
    for (const c of settings?.categories ?? []) names.set(`${m} ${c.id}`, c.name)
  }
  return names
}

export async function present(tx: Tx, rows: readonly DemandRow[]): Promise<Demand[]> {
  const units = await findUnitNames(
    tx,
    rows.flatMap((d) => [d.place_id, d.owner_id]),
  )
  const categories = await categoryNames(
    tx,
    rows.map((d) => d.mechanism_id),
  )
  return rows.map((d) => ({
    id: d.id,
    no: d.no,
    mechanismId: d.mechanism_id,
    channel: d.channel as Demand['channel'],
    category: d.category,
    categoryName: categories.get(`${d.mechanism_id} ${d.category}`) ?? d.category,
    grade: d.grade as Demand['grade'],
    title: d.title,
    placeId: d.place_id,
    placeName: units.get(d.place_id) ?? '',
    ownerId: d.owner_id,
    ownerName: d.owner_id ? (units.get(d.owner_id) ?? '') : null,
    state: d.state as Demand['state'],
    openedAt: d.opened_at,
    dueAt: d.due_at,
    late: isLate(d.due_at, tx.now),
    suspendedUntil: d.suspended_until,
    excluded: d.excluded_at !== null,
    mergedInto: d.merged_into,
    splitFrom: d.split_from,
    round: d.round,
    closedAt: d.closed_at,
    outcome: d.outcome as Demand['outcome'],
    satisfaction: d.satisfaction as Demand['satisfaction'],
    provisional: d.provisional,
    version: d.version,
    can: [
      ...new Set([
        ...tx.allowed(demandVerbs, d.place_path),
        ...(d.owner_path ? tx.allowed(demandVerbs, d.owner_path) : []),
      ]),
    ],
  }))
}

export const listDemands = (ctx: Context, query: ListDemandsQuery) =>
  ctx.read('demand.read', async (tx) => {
    const filter = { query, ranges: await rangesFor(tx, 'demand.read', query.unit), now: tx.now }
    const total = await countDemands(tx, filter)
    return { rows: await present(tx, await findDemands(tx, filter)), total }
  })

/** Counts by state for the same filter as the list: the columns of the board. */
export const countDemandsByState = (ctx: Context, query: CountDemandsQuery) =>
  ctx.read('demand.read', async (tx) => {
    const rows = await countByState(tx, { query, ranges: await rangesFor(tx, 'demand.read', query.unit), now: tx.now })
    const counts = new Map(rows.map((c) => [c.state, c]))
    const states = DemandState.options.map((state) => ({
      state,
      count: counts.get(state)?.count ?? 0,
      late: counts.get(state)?.late ?? 0,
    }))
    return { total: states.reduce((sum, c) => sum + c.count, 0), states }
  })

/** REQ-10: the handler sees who asked only from signing on; before, and without the verb, masked. */
function contactOf(tx: Tx, d: DemandRow): DemandPage['contact'] {
  if (!d.contact_sealed) return null
  const owner = d.owner_path ?? d.place_path
  const open =
    d.signed_at !== null &&
    tx.allowed(['demand.answer', 'demand.call-back'], owner).length +
      tx.allowed(['demand.call-back'], d.place_path).length >
      0
  const full = JSON.parse(tx.vault.open(`demand.contact:${d.id}`, d.contact_sealed)) as {
    name?: string
    phone?: string
  }
  if (open) return { name: full.name ?? null, phone: full.phone ?? null, masked: false }
  return {
    name: full.name ? `${[...full.name][0]}*` : null,
    phone: full.phone ? full.phone.replace(/^(\d{3})\d{4}/, '$1****') : null,
    masked: true,
  }
}

interface Entry {
  at: string
  action: string
  actor: { name: string }
  reason?: string
  change: Record<string, unknown>
}

const presentDispatch = (tx: Tx, x: DispatchRow, units: Map<string, string>): DemandPage['dispatches'][number] => ({
  id: x.id,
  unitId: x.unit_id,
  unitName: units.get(x.unit_id) ?? '',
  role: x.role as 'lead' | 'support',
  at: x.at,
  dueAt: x.due_at,
  signedAt: x.signed_at,
  reportedAt: x.role === 'support' ? x.answered_at : null,
  report: reportOf(tx, x),
  dispute: x.disputed_at
    ? {
        at: x.disputed_at,
        reason: x.dispute_reason ?? '',
        basis: x.dispute_basis ?? '',
        outcome: x.dispute_outcome as 'upheld' | null,
        reviewReason: x.review_reason,
      }
    : null,
  rating: x.rating as 'prompt' | null,
  endedAt: x.ended_at,
  can: tx.allowed(['demand.sign', 'demand.answer'], x.unit_path),
})

async function stepsOf(tx: Tx, id: string) {
  const clockChanges = (await findClockChanges(tx, id)).map((c) => ({
    at: c.at,
    kind: c.kind as 'extension',
    fromDue: c.from_due,
    toDue: c.to_due,
    reason: c.reason,
    plan: c.plan,
    leader: c.leader,
    reviewOn: c.review_on,
  }))
  const callbacks = (await findCallbacks(tx, id)).map((c) => ({
    at: c.at,
    reached: c.reached,
    outcome: c.outcome as 'solved' | null,
    satisfaction: c.satisfaction as 'satisfied' | null,
    kind: c.kind as 'call',
    round: c.round,
  }))
  const told = await findEscalations(tx, id)
  const units = await findUnitNames(
    tx,
    told.map((e) => e.told_unit_id),
  )
  return {
    clockChanges,
    callbacks,
    escalations: told.map((e) => ({ at: e.at, step: e.step, unitName: units.get(e.told_unit_id) ?? '' })),
  }
}

async function related(tx: Tx, d: DemandRow) {
  const above = await findDemandsById(
    tx,
    [d.merged_into, d.split_from].filter((x) => x !== null),
  )
  return relatedOf(tx, [
    ...above.map((row) => ({ row, as: row.id === d.merged_into ? ('parent' as const) : ('whole' as const) })),
    ...(await findChildren(tx, d.id)).map((row) => ({ row, as: 'child' as const })),
    ...(await findParts(tx, d.id)).map((row) => ({ row, as: 'part' as const })),
  ])
}

export const readDemand = (ctx: Context, id: string): Promise<DemandPage> =>
  ctx.read('demand.read', async (tx) => {
    const d = await getDemand(tx, id)
    const [demand] = await present(tx, [d])
    if (!demand) throw fail('not-found')
    const dispatches = await findDispatches(tx, id)
    const units = await findUnitNames(
      tx,
      dispatches.map((x) => x.unit_id),
    )
    const timeline = (await findTimeline(tx, id)).map(({ body }) => JSON.parse(body) as Entry)
    const helps = dispatches
      .filter((x) => x.role === 'support' && x.ended_at === null)
      .flatMap((x) => tx.allowed(['demand.sign', 'demand.answer'], x.unit_path))
    return {
      demand: { ...demand, can: [...new Set([...demand.can, ...(helps.length > 0 ? ['demand.support'] : [])])] },
      words: d.words_sealed ? tx.vault.open(`demand.words:${id}`, d.words_sealed) : null,
      answer: d.answer_sealed ? tx.vault.open(`demand.answer:${id}`, d.answer_sealed) : null,
      contact: contactOf(tx, d),
      respondDueAt: d.respond_due_at,
      resolveDueAt: d.resolve_due_at,
      respondedAt: d.responded_at,
      dispatches: dispatches.map((x) => presentDispatch(tx, x, units)),
      tasks: (await findTasksOf(tx, id)).map((t) => ({
        id: t.id,
        title: t.title,
        state: t.state,
        claimed: t.claimed,
        capacity: t.capacity,
      })),
      ...(await stepsOf(tx, id)),
      exclusions: await presentExclusions(tx, await findExclusionsOf(tx, id)),
      related: await related(tx, d),
      means: d.means,
      feasible: d.feasible,
      legalChannel: d.legal_channel,
      timeline: timeline.map((e) => ({
        at: e.at,
        action: e.action,
        actor: e.actor.name,
        reason: e.reason ?? null,
        change: e.change,
      })),
    }
  })
