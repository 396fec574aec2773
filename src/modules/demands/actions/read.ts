import type { Context, Tx } from '#core/context.ts'
import { cut, subtree } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { findUnit } from '#modules/units/index.ts'
import { type Demand, type DemandPage, fail, type ListDemandsQuery, type ListTasksQuery, type Task, verbs } from '../contract.ts'
import { engine } from '../engine.ts'
import { isLate } from '../rules.ts'
import { countDemands, type DemandRow, findDemands, findTimeline, findUnitNames, getDemand } from '../store/demands.ts'
import { findCallbacks, findDispatches } from '../store/steps.ts'
import { type ClaimRow, findClaimsBy, findClaimsOf, findTasks, findTasksOf, getTask, type TaskRow } from '../store/tasks.ts'

const demandVerbs = verbs.filter((v) => v.startsWith('demand.'))
const taskVerbs = verbs.filter((v) => v.startsWith('task.'))

async function categoryNames(tx: Tx, mechanismIds: readonly string[]) {
  const names = new Map<string, string>()
  for (const m of new Set(mechanismIds)) {
    const settings = await getSettings(tx, engine, m, tx.today).catch(() => null)
    for (const c of settings?.categories ?? []) names.set(`${m} ${c.id}`, c.name)
  }
  return names
}

export async function present(tx: Tx, rows: readonly DemandRow[]): Promise<Demand[]> {
  const units = await findUnitNames(tx, rows.flatMap((d) => [d.place_id, d.owner_id]))
  const categories = await categoryNames(tx, rows.map((d) => d.mechanism_id))
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
    closedAt: d.closed_at,
    outcome: d.outcome as Demand['outcome'],
    satisfaction: d.satisfaction as Demand['satisfaction'],
    provisional: d.provisional,
    version: d.version,
    can: [...new Set([...tx.allowed(demandVerbs, d.place_path), ...(d.owner_path ? tx.allowed(demandVerbs, d.owner_path) : [])])],
  }))
}

/** The wished unit's subtree, cut to what the asker may see with `verb`. Unknown or unseen unit: nothing. */
async function rangesFor(tx: Tx, verb: string, unitId: string | undefined) {
  if (!unitId) return cut(tx.actor, verb, { from: '', to: '~' })
  const unit = await findUnit(tx, unitId)
  return unit ? cut(tx.actor, verb, subtree(unit.path)) : []
}

export const listDemands = (ctx: Context, query: ListDemandsQuery) =>
  ctx.read('demand.read', async (tx) => {
    const filter = { query, ranges: await rangesFor(tx, 'demand.read', query.unit), now: tx.now }
    const total = await countDemands(tx, filter)
    return { rows: await present(tx, await findDemands(tx, filter)), total }
  })

/** REQ-10: the handler sees who asked only from signing on; before, and without the verb, masked. */
function contactOf(tx: Tx, d: DemandRow): DemandPage['contact'] {
  if (!d.contact_sealed) return null
  const owner = d.owner_path ?? d.place_path
  const open = d.signed_at !== null && tx.allowed(['demand.answer', 'demand.call-back'], owner).length + tx.allowed(['demand.call-back'], d.place_path).length > 0
  const full = JSON.parse(tx.vault.open(`demand.contact:${d.id}`, d.contact_sealed)) as { name?: string; phone?: string }
  if (open) return { name: full.name ?? null, phone: full.phone ?? null, masked: false }
  return { name: full.name ? `${[...full.name][0]}*` : null, phone: full.phone ? full.phone.replace(/^(\d{3})\d{4}/, '$1****') : null, masked: true }
}

interface Entry {
  at: string
  action: string
  actor: { name: string }
  reason?: string
  change: Record<string, unknown>
}

export const readDemand = (ctx: Context, id: string): Promise<DemandPage> =>
  ctx.read('demand.read', async (tx) => {
    const d = await getDemand(tx, id)
    const [demand] = await present(tx, [d])
    if (!demand) throw fail('not-found')
    const dispatches = await findDispatches(tx, id)
    const units = await findUnitNames(tx, dispatches.map((x) => x.unit_id))
    const timeline = (await findTimeline(tx, id)).map(({ body }) => JSON.parse(body) as Entry)
    return {
      demand,
      words: d.words_sealed ? tx.vault.open(`demand.words:${id}`, d.words_sealed) : null,
      answer: d.answer_sealed ? tx.vault.open(`demand.answer:${id}`, d.answer_sealed) : null,
      contact: contactOf(tx, d),
      respondDueAt: d.respond_due_at,
      resolveDueAt: d.resolve_due_at,
      respondedAt: d.responded_at,
      dispatches: dispatches.map((x) => ({
        id: x.id,
        unitId: x.unit_id,
        unitName: units.get(x.unit_id) ?? '',
        role: x.role as 'lead' | 'support',
        at: x.at,
        dueAt: x.due_at,
        signedAt: x.signed_at,
        endedAt: x.ended_at,
      })),
      tasks: (await findTasksOf(tx, id)).map((t) => ({ id: t.id, title: t.title, state: t.state, claimed: t.claimed, capacity: t.capacity })),
      callbacks: (await findCallbacks(tx, id)).map((c) => ({ at: c.at, reached: c.reached, outcome: c.outcome as 'solved' | null, satisfaction: c.satisfaction as 'satisfied' | null })),
      timeline: timeline.map((e) => ({ at: e.at, action: e.action, actor: e.actor.name, reason: e.reason ?? null, change: e.change })),
    }
  })

const presentTask = (tx: Tx, t: TaskRow, placeName: string, mine: string | null): Task => ({
  id: t.id,
  no: t.no,
  mechanismId: t.mechanism_id,
  demandId: t.demand_id,
  title: t.title,
  detail: t.detail,
  category: t.category,
  skills: t.skills,
  placeId: t.place_id,
  placeName,
  startsAt: t.starts_at,
  endsAt: t.ends_at,
  capacity: t.capacity,
  claimed: t.claimed,
  state: t.state as Task['state'],
  publishedAt: t.published_at,
  mine: mine as Task['mine'],
  can: tx.allowed(taskVerbs, t.place_path),
})

export const listTasks = (ctx: Context, query: ListTasksQuery) =>
  ctx.read('task.read', async (tx) => {
    const { rows, total } = await findTasks(tx, query, await rangesFor(tx, 'task.read', query.unit))
    const places = await findUnitNames(tx, rows.map((t) => t.place_id))
    return { rows: rows.map((t) => presentTask(tx, t, places.get(t.place_id) ?? '', t.mine)), total }
  })

type NamedClaim = ClaimRow & { personName: string }

const presentClaims = (tx: Tx, rows: readonly NamedClaim[]) => {
  const waiting = rows.filter((c) => c.state === 'waiting').map((c) => c.id)
  return rows.map((c) => ({
    id: c.id,
    taskId: c.task_id,
    personId: c.person_id,
    personName: c.personName,
    state: c.state as 'claimed',
    claimedAt: c.claimed_at,
    submittedAt: c.submitted_at,
    acceptedAt: c.accepted_at,
    minutes: c.minutes,
    certificate: c.certificate,
    place: c.state === 'waiting' ? waiting.indexOf(c.id) + 1 : null,
    can: tx.allowed(['task.accept'], c.place_path),
  }))
}

/** Claims of a task: the organiser sees all, a claimant his own. */
export const listClaims = (ctx: Context, taskId: string) =>
  ctx.read('task.read', async (tx) => {
    const task = await getTask(tx, taskId)
    const all = presentClaims(tx, await findClaimsOf(tx, taskId))
    const rows = tx.allowed(['task.accept'], task.place_path).length > 0 ? all : all.filter((c) => c.personId === tx.actor.personId)
    return { rows, total: rows.length }
  })

/** The asker's own claims, newest first. */
export const listMyClaims = (ctx: Context) =>
  ctx.read(null, async (tx) => {
    const rows = tx.actor.personId ? presentClaims(tx, await findClaimsBy(tx, tx.actor.personId)) : []
    return { rows, total: rows.length }
  })
