import type { Context, Tx } from '#core/context.ts'
import { type ListTasksQuery, type Task, verbs } from '../contract.ts'
import { findUnitNames } from '../store/demands.ts'
import {
  findClaimsBy,
  findClaimsOf,
  findMine,
  findSkills,
  findTasks,
  getTask,
  type NamedClaim,
  type TaskRow,
} from '../store/tasks.ts'
import { rangesFor } from './ranges.ts'

const taskVerbs = verbs.filter((v) => v.startsWith('task.'))

const presentTask = (
  tx: Tx,
  t: TaskRow,
  more: { placeName: string; mine: string | null; skills: ReadonlySet<string> },
): Task => ({
  id: t.id,
  no: t.no,
  mechanismId: t.mechanism_id,
  demandId: t.demand_id,
  title: t.title,
  detail: t.detail,
  category: t.category,
  skills: t.skills,
  placeId: t.place_id,
  placeName: more.placeName,
  startsAt: t.starts_at,
  endsAt: t.ends_at,
  capacity: t.capacity,
  claimed: t.claimed,
  state: t.state as Task['state'],
  publishedAt: t.published_at,
  skillsMatched: t.skills.filter((s) => more.skills.has(s)),
  version: t.version,
  mine: more.mine as Task['mine'],
  can: tx.allowed(taskVerbs, t.place_path),
})

export const listTasks = (ctx: Context, query: ListTasksQuery) =>
  ctx.read('task.read', async (tx) => {
    const { rows, total } = await findTasks(tx, query, await rangesFor(tx, 'task.read', query.unit))
    const places = await findUnitNames(
      tx,
      rows.map((t) => t.place_id),
    )
    const skills = tx.actor.personId ? await findSkills(tx, tx.actor.personId) : new Set<string>()
    return {
      rows: rows.map((t) => presentTask(tx, t, { placeName: places.get(t.place_id) ?? '', mine: t.mine, skills })),
      total,
    }
  })

/** One task, to whoever may see tasks of its place. @throws demand.task-not-found */
export const readTask = (ctx: Context, id: string): Promise<Task> =>
  ctx.read('task.read', async (tx) => {
    const task = await getTask(tx, id)
    const skills = tx.actor.personId ? await findSkills(tx, tx.actor.personId) : new Set<string>()
    const placeName = (await findUnitNames(tx, [task.place_id])).get(task.place_id) ?? ''
    return presentTask(tx, task, { placeName, mine: await findMine(tx, id), skills })
  })

export const presentClaims = (tx: Tx, rows: readonly NamedClaim[]) => {
  const waiting = rows.filter((c) => c.state === 'waiting').map((c) => c.id)
  return rows.map((c) => ({
    id: c.id,
    taskId: c.task_id,
    personId: c.person_id,
    personName: c.personName,
    unitId: c.unit_id,
    taskTitle: c.taskTitle,
    state: c.state as 'claimed',
    claimedAt: c.claimed_at,
    submittedAt: c.submitted_at,
    acceptedAt: c.accepted_at,
    minutes: c.minutes,
    certificate: c.certificate,
    returnReason: c.end_reason,
    objection: c.objection,
    objectionAnswer: c.objection_answer,
    place: c.state === 'waiting' ? waiting.indexOf(c.id) + 1 : null,
    can: tx.allowed(['task.accept'], c.place_path),
  }))
}

/** Claims of a task: the organiser sees all, a claimant his own. */
export const listClaims = (ctx: Context, taskId: string) =>
  ctx.read('task.read', async (tx) => {
    const task = await getTask(tx, taskId)
    const all = presentClaims(tx, await findClaimsOf(tx, taskId))
    const rows =
      tx.allowed(['task.accept'], task.place_path).length > 0
        ? all
        : all.filter((c) => c.personId !== null && c.personId === tx.actor.personId)
    return { rows, total: rows.length }
  })

/** The asker's own claims, newest first. */
export const listMyClaims = (ctx: Context) =>
  ctx.read(null, async (tx) => {
    const rows = tx.actor.personId ? presentClaims(tx, await findClaimsBy(tx, tx.actor.personId)) : []
    return { rows, total: rows.length }
  })
