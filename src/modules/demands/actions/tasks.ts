// Tasks: drafted, looked through, published by the community, changed or called off with a reason. [1.9, VOL-01]
import { millisOf } from '#core/calendar.ts'
import type { Context, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { can } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { findKinds, lineOf, pathsAbove } from '#modules/units/index.ts'
import { type DemandSettings, type EditTask, fail, type PublishTask, type ReviewTask } from '../contract.ts'
import { engine } from '../engine.ts'
import { categoryOf, isAsWide, mustBePublic } from '../rules.ts'
import { type DemandRow, findDemandsById, getDemand } from '../store/demands.ts'
import {
  changeTask,
  endClaims,
  findNextWaiting,
  getTask,
  insertTask,
  lockTask,
  takePlace,
  type TaskRow,
  updateClaim,
} from '../store/tasks.ts'
import { unitFor } from './shared.ts'

export const taskWords: Record<string, string> = {
  draft: '未发布',
  published: '已发布',
  closed: '已结束',
  expired: '已过期',
  cancelled: '已取消',
}

export const noteTask = (
  tx: WriteTx,
  t: Pick<TaskRow, 'id' | 'place_path'>,
  change: Record<string, unknown>,
  reason?: string | undefined,
) => tx.record({ subject: { kind: 'task', id: t.id }, path: t.place_path, change, reason })

interface Place {
  id: string
  path: string
}

/** The nearest place that the mechanism shows everybody: a wish stands at its community, not at its door. */
async function shownPlace(tx: WriteTx, place: Place, shownAt: DemandSettings['tasks']['shownAt']): Promise<Place> {
  if (shownAt === 'place') return place
  const kinds = await findKinds(tx)
  const line = await lineOf(tx, [...pathsAbove(place.path), place.path])
  const wide = line.findLast((u) => isAsWide(kinds.get(u.kind)?.level ?? 'household', shownAt))
  return wide ?? place
}

/** What of a demand may not stand in the open words of its task. */
const keptFrom = (tx: WriteTx, d: DemandRow | undefined) => ({
  contact: d?.contact_sealed
    ? (JSON.parse(tx.vault.open(`demand.contact:${d.id}`, d.contact_sealed)) as { name?: string })
    : null,
})

interface Draft {
  input: Omit<PublishTask, 'placeId' | 'demandId'>
  place: Place
  /** The demand it answers, loaded by the caller. */
  demand?: DemandRow | undefined
  /** Somebody else publishes it. */
  draft?: boolean
}

/** The row of a new task, published or (where the mechanism looks through first) a draft; the caller has checked the verb. */
export async function draftOf(tx: WriteTx, { input, place, demand, draft = false }: Draft) {
  const settings = await getSettings(tx, engine, input.mechanismId, tx.today)
  const rules = settings.tasks
  if (!rules.enabled) throw fail('no-tasks')
  categoryOf(settings, input.category)
  if (input.capacity > rules.maxCapacity) throw fail('over-capacity', { most: rules.maxCapacity })
  if (millisOf(input.endsAt) <= millisOf(tx.now)) throw fail('bad-window')
  mustBePublic([input.title, input.detail], { ...keptFrom(tx, demand), doors: rules.shownAt !== 'place' })
  const shown = await shownPlace(tx, place, rules.shownAt)
  const state = draft || rules.review ? 'draft' : 'published'
  const published = state === 'published'
  return {
    id: newId(),
    mechanism_id: input.mechanismId,
    demand_id: demand?.id ?? null,
    title: input.title,
    detail: input.detail ?? '',
    category: input.category,
    skills: input.skills ?? [],
    place_id: shown.id,
    place_path: shown.path,
    starts_at: input.startsAt,
    ends_at: input.endsAt,
    capacity: input.capacity,
    open_to: rules.openTo,
    state,
    drafted_by: tx.actor.accountId,
    published_at: published ? tx.now : null,
    published_on: published ? tx.today : null,
    published_by: published ? tx.actor.accountId : null,
  }
}

/** Whose work answers a demand must be one who may send it out or answer it. */
async function mustAnswerFor(tx: WriteTx, demandId: string): Promise<DemandRow> {
  const d = await getDemand(tx, demandId)
  if (!can(tx.actor, 'demand.dispatch', d.place_path)) tx.must('demand.answer', d.owner_path ?? d.place_path)
  return d
}

const create = (verb: 'task.publish' | 'task.draft', action: string) => (ctx: Context, asked: PublishTask) =>
  ctx.write(verb, action, async (tx) => {
    const { placeId, demandId, ...input } = asked
    const place = await unitFor(tx, verb, placeId)
    const demand = demandId ? await mustAnswerFor(tx, demandId) : undefined
    const task = await draftOf(tx, { input, place, demand, draft: verb === 'task.draft' })
    const { no } = await insertTask(tx, task)
    noteTask(tx, task, { state: [null, task.state], capacity: input.capacity })
    return { id: task.id, no }
  })

export const publishTask = create('task.publish', 'task.publish')

/** Somebody near the people writes it down; the community looks it through before anybody else reads it. */
export const draftTask = create('task.draft', 'task.draft')

async function locked(tx: WriteTx, id: string, verb: string): Promise<TaskRow> {
  const t = await getTask(tx, id)
  tx.must(verb, t.place_path)
  return (await lockTask(tx, id)) ?? t
}

/** The words of a task that stands already, looked through against its demand and its mechanism. */
async function mustBeOpen(tx: WriteTx, t: TaskRow, words: { title: string; detail: string }) {
  const { tasks } = await getSettings(tx, engine, t.mechanism_id, tx.today)
  const [demand] = t.demand_id ? await findDemandsById(tx, [t.demand_id]) : []
  mustBePublic([words.title, words.detail], { ...keptFrom(tx, demand), doors: tasks.shownAt !== 'place' })
}

/** 审核 before publication: nothing private is published; what is refused is called off with the reason. */
export const reviewTask = (ctx: Context, id: string, input: ReviewTask) =>
  ctx.write('task.publish', 'task.review', async (tx) => {
    const t = await locked(tx, id, 'task.publish')
    if (t.state !== 'draft') throw fail('task-state', { state: taskWords[t.state], step: '审核' })
    const words = { title: input.title ?? t.title, detail: input.detail ?? t.detail }
    if (input.approved) {
      if (millisOf(t.ends_at) <= millisOf(tx.now)) throw fail('bad-window')
      await mustBeOpen(tx, t, words)
    }
    const state = input.approved ? 'published' : 'cancelled'
    const stamp = input.approved
      ? { published_at: tx.now, published_on: tx.today, published_by: tx.actor.accountId }
      : { closed_at: tx.now, end_reason: input.reason ?? '' }
    await changeTask(tx, t, { ...words, state, ...stamp })
    noteTask(tx, t, { state: [t.state, state] }, input.reason)
    return { id, state: state as 'published' | 'cancelled' }
  })

/** Gives free places to those who wait, longest first; the caller holds the task's row. Returns the claims moved up. */
export async function moveUp(tx: WriteTx, taskId: string): Promise<string[]> {
  const moved: string[] = []
  for (;;) {
    const next = await findNextWaiting(tx, taskId)
    if (!next || !(await takePlace(tx, taskId))) return moved
    await updateClaim(tx, next.id, { state: 'claimed' })
    moved.push(next.id)
  }
}

function editable(t: TaskRow, input: EditTask, now: string) {
  if (t.state !== 'draft' && t.state !== 'published')
    throw fail('task-state', { state: taskWords[t.state], step: '修改' })
  const starts = input.startsAt ?? t.starts_at
  const ends = input.endsAt ?? t.ends_at
  if (millisOf(ends) <= millisOf(starts) || (input.endsAt && millisOf(ends) <= millisOf(now))) throw fail('bad-window')
  if (input.capacity !== undefined && input.capacity < t.claimed) throw fail('below-claimed', { claimed: t.claimed })
  return { starts, ends }
}

/** Changes a task against the version that was read; raised capacity moves the waiting list up, lowered never below the claimed. [CO-04, CO-07] */
export const editTask = (ctx: Context, id: string, version: number, input: EditTask) =>
  ctx.write('task.publish', 'task.edit', async (tx) => {
    const t = await locked(tx, id, 'task.publish')
    if (t.version !== version) throw fail('task-stale')
    const { starts, ends } = editable(t, input, tx.now)
    const settings = await getSettings(tx, engine, t.mechanism_id, tx.today)
    const capacity = input.capacity ?? t.capacity
    if (capacity > settings.tasks.maxCapacity) throw fail('over-capacity', { most: settings.tasks.maxCapacity })
    const set = {
      title: input.title ?? t.title,
      detail: input.detail ?? t.detail,
      starts_at: starts,
      ends_at: ends,
      capacity,
      skills: input.skills ?? t.skills,
    }
    await mustBeOpen(tx, t, set)
    await changeTask(tx, t, set)
    const movedUp = t.state === 'published' ? await moveUp(tx, id) : []
    const { reason, ...asked } = input
    noteTask(tx, t, { ...asked, capacity: [t.capacity, capacity], movedUp }, reason)
    return { id, version: t.version + 1, movedUp }
  })

/** Called off with a reason: whoever had claimed reads it in the history of the task and in his own list. */
export const cancelTask = (ctx: Context, id: string, input: { reason: string }) =>
  ctx.write('task.publish', 'task.cancel', async (tx) => {
    const t = await locked(tx, id, 'task.publish')
    if (t.state !== 'draft' && t.state !== 'published')
      throw fail('task-state', { state: taskWords[t.state], step: '取消' })
    const released = await endClaims(tx, id, {
      states: ['waiting', 'claimed', 'submitted', 'returned'],
      now: tx.now,
      reason: input.reason,
    })
    await changeTask(tx, t, {
      state: 'cancelled',
      closed_at: tx.now,
      end_reason: input.reason,
      claimed: t.claimed - released.filter((c) => c.held).length,
    })
    noteTask(
      tx,
      t,
      { state: [t.state, 'cancelled'], released: released.map((c) => c.person_id ?? c.unit_id) },
      input.reason,
    )
    return { id, released: released.length }
  })
