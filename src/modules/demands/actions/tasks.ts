// Tasks: published by the community, claimed by people who reported there, served, accepted. [1.9, VOL-01..05]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { randomToken } from '#core/crypto.ts'
import { can } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { getUnit } from '#modules/units/index.ts'
import { type AcceptWork, type ClaimTask, fail, type PublishTask, type SubmitWork } from '../contract.ts'
import { engine } from '../engine.ts'
import { categoryOf, minutesOf } from '../rules.ts'
import { getDemand } from '../store/demands.ts'
import { type ClaimRow, findNextWaiting, getClaim, getTask, givePlaceBack, hasOpenClaims, insertClaim, insertTask, takePlace, type TaskRow, updateClaim } from '../store/tasks.ts'
import { finishAnswer } from './handle.ts'

const taskWords: Record<string, string> = { draft: '未发布', published: '已发布', closed: '结束', expired: '过期', cancelled: '取消' }
const claimWords: Record<string, string> = { waiting: '候补中', claimed: '已认领', submitted: '待确认', accepted: '已确认', returned: '已退回', withdrawn: '已退出' }

/** Inserts a published task; the caller has checked the verb and records the history. */
export async function createTask(tx: WriteTx, input: PublishTask, placePath: string) {
  const settings = await getSettings(tx, engine, input.mechanismId, tx.today)
  categoryOf(settings, input.category)
  const id = newId()
  const { no } = await insertTask(tx, {
    id,
    mechanism_id: input.mechanismId,
    demand_id: input.demandId ?? null,
    title: input.title,
    detail: input.detail ?? '',
    category: input.category,
    skills: input.skills ?? [],
    place_id: input.placeId,
    place_path: placePath,
    starts_at: input.startsAt,
    ends_at: input.endsAt,
    capacity: input.capacity,
    state: 'published',
    published_at: tx.now,
    published_on: tx.today,
    published_by: tx.actor.accountId,
  })
  return { id, no }
}

export const publishTask = (ctx: Context, input: PublishTask) =>
  ctx.write('task.publish', 'task.publish', async (tx) => {
    const place = await getUnit(tx, input.placeId)
    tx.must('task.publish', place.path)
    if (input.demandId) await getDemand(tx, input.demandId)
    const { id, no } = await createTask(tx, input, place.path)
    tx.record({ subject: { kind: 'task', id }, path: place.path, change: { state: [null, 'published'], capacity: input.capacity } })
    return { id, no }
  })

/** Who claims: the asker himself, or somebody he may claim for. */
function claimant(tx: Tx, input: ClaimTask, task: TaskRow): string {
  if (input.personId && input.personId !== tx.actor.personId) {
    tx.must('task.claim-for', task.place_path)
    return input.personId
  }
  if (!tx.actor.personId) throw fail('no-person')
  if (!can(tx.actor, 'task.claim', task.place_path)) throw fail('not-registered')
  return tx.actor.personId
}

/** One of `capacity` places, or the waiting list, or an honest no — decided by the database, however many ask at once. */
export const claimTask = (ctx: Context, taskId: string, input: ClaimTask) =>
  ctx.write('task.claim', 'task.claim', async (tx) => {
    const task = await getTask(tx, taskId)
    const personId = claimant(tx, input, task)
    if (task.state !== 'published' || Date.parse(task.ends_at) <= Date.parse(tx.now)) throw fail('task-closed', { state: taskWords[task.state === 'published' ? 'expired' : task.state], step: '认领' })
    const got = await takePlace(tx, taskId)
    if (!got && !input.wait) throw fail('task-full', { capacity: task.capacity })
    const id = await insertClaim(tx, {
      task_id: taskId,
      person_id: personId,
      place_id: task.place_id,
      place_path: task.place_path,
      state: got ? 'claimed' : 'waiting',
      claimed_at: tx.now,
      claimed_on: tx.today,
    })
    if (!id) throw fail('already-claimed')
    tx.record({ subject: { kind: 'task', id: taskId }, path: task.place_path, change: { claim: id, person: personId, state: [null, got ? 'claimed' : 'waiting'] } })
    return { id, state: got ? ('claimed' as const) : ('waiting' as const) }
  })

function inState(claim: ClaimRow, wanted: readonly string[], step: string) {
  if (!wanted.includes(claim.state)) throw fail('claim-state', { state: claimWords[claim.state], step })
}

/** Steps back; the first on the waiting list moves up in the same transaction. */
export const withdrawClaim = (ctx: Context, claimId: string) =>
  ctx.write(null, 'task.withdraw', async (tx) => {
    const claim = await getClaim(tx, claimId)
    inState(claim, ['waiting', 'claimed'], '退出')
    await updateClaim(tx, claimId, { state: 'withdrawn', withdrawn_at: tx.now })
    const next = claim.state === 'claimed' ? await findNextWaiting(tx, claim.task_id) : undefined
    if (next) await updateClaim(tx, next.id, { state: 'claimed' })
    else if (claim.state === 'claimed') await givePlaceBack(tx, claim.task_id)
    tx.record({ subject: { kind: 'task', id: claim.task_id }, path: claim.place_path, change: { claim: claimId, state: [claim.state, 'withdrawn'], movedUp: next?.id ?? null } })
    return { id: claimId, movedUp: next?.id ?? null }
  })

/** The claimant says the work is done; the organiser records time and accepts. */
export const submitWork = (ctx: Context, claimId: string, input: SubmitWork) =>
  ctx.write(null, 'task.submit', async (tx) => {
    const claim = await getClaim(tx, claimId)
    inState(claim, ['claimed', 'returned'], '提交')
    await updateClaim(tx, claimId, { state: 'submitted', submitted_at: tx.now, report: input.report ?? '' })
    tx.record({ subject: { kind: 'task', id: claim.task_id }, path: claim.place_path, change: { claim: claimId, state: [claim.state, 'submitted'] } })
    return { id: claimId }
  })

/** The organiser accepts and records actual minutes; the record gets a public check code. [VOL-02, VOL-03, VOL-04, VOL-05] */
export const acceptWork = (ctx: Context, claimId: string, input: AcceptWork) =>
  ctx.write('task.accept', 'task.accept', async (tx) => {
    const claim = await getClaim(tx, claimId)
    tx.must('task.accept', claim.place_path)
    inState(claim, ['claimed', 'submitted'], '确认')
    const minutes = minutesOf(input.servedFrom, input.servedTo, tx.now)
    const certificate = `${tx.district}-${randomToken().slice(0, 16)}`
    await updateClaim(tx, claimId, {
      state: 'accepted',
      accepted_at: tx.now,
      accepted_on: tx.today,
      accepted_by: tx.actor.accountId,
      served_from: input.servedFrom,
      served_to: input.servedTo,
      minutes,
      certificate,
    }).catch((error: { constraint?: string }) => {
      throw error.constraint === 'claim_no_overlap' ? fail('overlap') : error
    })
    await answerWhenDone(tx, claim.task_id)
    tx.record({ subject: { kind: 'task', id: claim.task_id }, path: claim.place_path, change: { claim: claimId, state: [claim.state, 'accepted'], minutes } })
    return { id: claimId, minutes, certificate }
  })

/** A demand handed to volunteers is answered when no claim of its task is open any more. */
async function answerWhenDone(tx: WriteTx, taskId: string) {
  const task = await tx.db.selectFrom('task').select('demand_id').where('district_id', '=', tx.district).where('id', '=', taskId).executeTakeFirst()
  if (!task?.demand_id || (await hasOpenClaims(tx, taskId))) return
  const demand = await tx.db.selectFrom('demand').selectAll().where('district_id', '=', tx.district).where('id', '=', task.demand_id).forUpdate().executeTakeFirstOrThrow()
  if (demand.state === 'signed') await finishAnswer(tx, demand, '志愿服务已经完成。')
}
