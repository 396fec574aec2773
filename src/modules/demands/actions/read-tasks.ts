import type { Context, Tx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import {
  type DemandSettings,
  type ListMyClaimsQuery,
  type ListTasksQuery,
  type OpenTasksQuery,
  type Task,
  verbs,
} from '../contract.ts'
import { findUnitNames } from '../store/demands.ts'
import { findMechanismNames } from '../store/rates.ts'
import {
  countByMechanism,
  findClaimsOf,
  findClaimsOfMine,
  findMine,
  findSkills,
  findTasks,
  getTask,
  type NamedClaim,
  type TaskRow,
} from '../store/tasks.ts'
import { rangesFor } from './ranges.ts'
import { settingsToday, shapeOf } from './shared.ts'

const taskVerbs = verbs.filter((v) => v.startsWith('task.'))

interface Beside {
  placeName: string
  mine: string | null
  skills: ReadonlySet<string>
  names: ReadonlyMap<string, string>
  settings: DemandSettings | undefined
}

const presentTask = (tx: Tx, t: TaskRow, { settings, ...more }: Beside): Task => ({
  id: t.id,
  no: t.no,
  mechanismId: t.mechanism_id,
  mechanismName: more.names.get(t.mechanism_id) ?? '',
  ...shapeOf(settings),
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

/** What all rows of one answer share: the asker's skills, names and settings of the mechanisms. */
async function besides(tx: Tx, rows: readonly TaskRow[]) {
  const skills = tx.actor.personId ? await findSkills(tx, tx.actor.personId) : new Set<string>()
  const names = new Map((await findMechanismNames(tx)).map((m) => [m.id, m.name]))
  const settings = await settingsToday(
    tx,
    rows.map((t) => t.mechanism_id),
  )
  return (t: TaskRow) => ({ skills, names, settings: settings.get(t.mechanism_id) })
}

export const listTasks = (ctx: Context, query: ListTasksQuery) =>
  ctx.read('task.read', async (tx) => {
    const { rows, total } = await findTasks(tx, query, await rangesFor(tx, 'task.read', query.unit))
    const places = await findUnitNames(
      tx,
      rows.map((t) => t.place_id),
    )
    const shared = await besides(tx, rows)
    return {
      rows: rows.map((t) =>
        presentTask(tx, t, { ...shared(t), placeName: places.get(t.place_id) ?? '', mine: t.mine }),
      ),
      total,
    }
  })

/** One task, to whoever may see tasks of its place. @throws demand.task-not-found */
export const readTask = (ctx: Context, id: string): Promise<Task> =>
  ctx.read('task.read', async (tx) => {
    const task = await getTask(tx, id)
    const shared = await besides(tx, [task])
    const placeName = (await findUnitNames(tx, [task.place_id])).get(task.place_id) ?? ''
    return presentTask(tx, task, { ...shared(task), placeName, mine: await findMine(tx, id) })
  })

/** Which mechanisms have published tasks, most first, counted as the list of them counts. */
export const listOpenMechanisms = (ctx: Context, query: OpenTasksQuery) =>
  ctx.read('task.read', async (tx) => {
    const found = await countByMechanism(
      tx,
      { ...query, state: 'published' },
      await rangesFor(tx, 'task.read', undefined),
    )
    const settings = await settingsToday(
      tx,
      found.map((m) => m.id),
    )
    return { rows: found.map((m) => ({ ...m, word: settings.get(m.id)?.words.task ?? '任务' })) }
  })

const speaksFor = (tx: Tx, c: NamedClaim) => c.unit_path !== null && can(tx.actor, 'task.claim-unit', c.unit_path)

export const presentClaims = async (tx: Tx, rows: readonly NamedClaim[]) => {
  const settings = await settingsToday(
    tx,
    rows.map((c) => c.mechanism_id),
  )
  return rows.map((c) => ({
    id: c.id,
    taskId: c.task_id,
    personId: c.person_id,
    personName: c.personName,
    unitId: c.unit_id,
    taskTitle: c.taskTitle,
    word: settings.get(c.mechanism_id)?.words.task ?? '任务',
    record: settings.get(c.mechanism_id)?.tasks.record ?? ('minutes' as const),
    placeName: c.placeName,
    startsAt: c.starts_at,
    endsAt: c.ends_at,
    state: c.state as 'claimed',
    claimedAt: c.claimed_at,
    claimedBy: c.claimedBy,
    arrivedAt: c.arrived_at,
    submittedAt: c.submitted_at,
    acceptedAt: c.accepted_at,
    minutes: c.minutes,
    certificate: c.certificate,
    returnReason: c.end_reason,
    objection: c.objection,
    objectionAnswer: c.objection_answer,
    place: c.place,
    can: [
      ...tx.allowed(['task.accept', 'task.claim-for'], c.place_path),
      ...(speaksFor(tx, c) ? ['task.claim-unit'] : []),
    ],
  }))
}

/** Claims of a task: the organiser and who claims for others there see all, a claimant his own and those of the units he claims for. */
export const listClaims = (ctx: Context, taskId: string) =>
  ctx.read('task.read', async (tx) => {
    const task = await getTask(tx, taskId)
    const all = await presentClaims(tx, await findClaimsOf(tx, taskId))
    const sees = tx.allowed(['task.accept', 'task.claim-for'], task.place_path).length > 0
    const own = (c: (typeof all)[number]) => c.personId !== null && c.personId === tx.actor.personId
    const rows = sees ? all : all.filter((c) => own(c) || c.can.includes('task.claim-unit'))
    return { rows, total: rows.length }
  })

/** The asker's own claims and those of the units he claims for, newest first. */
export const listMyClaims = (ctx: Context, query: ListMyClaimsQuery) =>
  ctx.read(null, async (tx) => {
    const rows = await presentClaims(tx, await findClaimsOfMine(tx, query.state))
    return { rows, total: rows.length }
  })
