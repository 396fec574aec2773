// A claim's life: taken or waiting, withdrawn, served, submitted, returned or accepted, objected to. [VOL-02..05, CO-01, CO-10]
import { millisOf } from '#core/calendar.ts'
import type { Context, Sight, Tx, WriteTx } from '#core/context.ts'
import { randomToken } from '#core/crypto.ts'
import { together } from '#core/db.ts'
import { newId } from '#core/ids.ts'
import { can, canAnywhere } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { getPerson } from '#modules/people/index.ts'
import {
  type AcceptWork,
  claimStateNames,
  type ClaimTask,
  type DemandSettings,
  fail,
  type SettleObjection,
  type SubmitWork,
} from '../contract.ts'
import { isNear } from '../arrival.ts'
import { engine } from '../engine.ts'
import { minutesOf } from '../rules.ts'
import type { DemandRow } from '../store/demands.ts'
import {
  claimPlace,
  type ClaimRow,
  findTaskOfClaim,
  getClaim,
  getTask,
  givePlaceBack,
  hasOpenBeside,
  holdDemandOf,
  insertWaiting,
  lockTask,
  moveClaim,
  type NewClaim,
  type TaskRow,
  updateClaim,
} from '../store/tasks.ts'
import { finishAnswer } from './handle.ts'
import { unitFor } from './shared.ts'
import { moveUp, noteTask, taskWords } from './tasks.ts'

interface Claimant {
  person_id: string | null
  unit_id: string | null
  unit_path: string | null
}

const rulesOf = async (tx: Tx, task: TaskRow): Promise<DemandSettings['tasks']> =>
  (await getSettings(tx, engine, task.mechanism_id, tx.today)).tasks

/** Who claims: the asker himself, somebody he may claim for, or his unit. */
async function claimant(tx: Tx, input: ClaimTask, task: TaskRow, rules: DemandSettings['tasks']): Promise<Claimant> {
  if (input.unitId) {
    if (!rules.claimants.includes('unit')) throw fail('units-only', { who: '个人' })
    const unit = await unitFor(tx, 'task.claim-unit', input.unitId)
    return { person_id: null, unit_id: unit.id, unit_path: unit.path }
  }
  if (!rules.claimants.includes('person')) throw fail('units-only', { who: '单位' })
  const person = (id: string): Claimant => ({ person_id: id, unit_id: null, unit_path: null })
  if (input.personId && input.personId !== tx.actor.personId) {
    tx.must('task.claim-for', task.place_path)
    return person((await getPerson(tx, input.personId, { verb: 'task.claim-for' })).id)
  }
  if (!tx.actor.personId) throw fail('no-person')
  const may =
    task.open_to === 'anyone' ? canAnywhere(tx.actor, 'task.claim') : can(tx.actor, 'task.claim', task.place_path)
  if (!may) throw fail('not-registered')
  return person(tx.actor.personId)
}

async function takeFree(tx: WriteTx, claim: NewClaim): Promise<boolean> {
  const { places, claims } = await claimPlace(tx, claim)
  if (places > claims) throw fail('already-claimed')
  return places > 0
}

/** No place was free: the waiting list, or an honest no. Decided with the task's row held, so no place stays free while somebody waits. */
async function waitFor(
  tx: WriteTx,
  task: TaskRow,
  { claim, input, rules }: { claim: NewClaim; input: ClaimTask; rules: DemandSettings['tasks'] },
): Promise<'claimed' | 'waiting'> {
  const now = await lockTask(tx, task.id)
  if (now?.state !== 'published') throw fail('task-closed', { state: taskWords[now?.state ?? 'closed'], step: '认领' })
  if (!input.wait) throw fail('task-full', { capacity: task.capacity })
  if (!rules.waitingList) throw fail('no-waiting')
  if (await takeFree(tx, claim)) return 'claimed'
  if (!(await insertWaiting(tx, claim))) throw fail('already-claimed')
  return 'waiting'
}

/** One of `capacity` places, or the waiting list — decided by the database, however many ask at once. [CO-01, A-51] */
export const claimTask = (ctx: Context, taskId: string, input: ClaimTask) =>
  ctx.write(
    null,
    'task.claim',
    async (tx, task) => {
      const rules = await rulesOf(tx, task)
      const who = await claimant(tx, input, task, rules)
      if (task.state !== 'published' || millisOf(task.ends_at) <= millisOf(tx.now))
        throw fail('task-closed', {
          state: taskWords[task.state === 'published' ? 'expired' : task.state],
          step: '认领',
        })
      const at = { place_id: task.place_id, place_path: task.place_path }
      const own = who.person_id !== null && who.person_id === tx.actor.personId
      const when = { claimed_at: tx.now, claimed_on: tx.today, claimed_by: own ? null : tx.actor.accountId }
      const claim = { id: newId(), task_id: taskId, ...who, ...at, ...when }
      const state = (await takeFree(tx, claim)) ? 'claimed' : await waitFor(tx, task, { claim, input, rules })
      noteTask(tx, task, { claim: claim.id, person: who.person_id, unit: who.unit_id, state: [null, state] })
      return { id: claim.id, state }
    },
    (sight: Sight) => getTask(sight, taskId),
  )

function inState(claim: ClaimRow, wanted: readonly string[], step: string) {
  if (!wanted.includes(claim.state))
    throw fail('claim-state', { state: claimStateNames[claim.state as keyof typeof claimStateNames], step })
}

/** The claimant himself, or who speaks for the unit that claimed. */
function mustBeTheirs(tx: Tx, claim: ClaimRow) {
  if (claim.person_id ? claim.person_id === tx.actor.personId : can(tx.actor, 'task.claim-unit', claim.unit_path ?? ''))
    return
  if (can(tx.actor, 'task.claim-for', claim.place_path)) return
  throw fail('not-yours')
}

/** The claim, held, as the asker may see it. */
const claimed = (claimId: string) => (sight: Sight) => getClaim(sight, claimId)
const claimedOfTask = (claimId: string) => (sight: Sight) =>
  together([getClaim(sight, claimId), findTaskOfClaim(sight, claimId)])

const change = (c: ClaimRow, to: string) => ({ claim: c.id, state: [c.state, to] })

/** Steps back; the first on the waiting list moves up in the same transaction. The task's row is held first, as in every move of places. */
export const withdrawClaim = (ctx: Context, claimId: string) =>
  ctx.write(null, 'task.withdraw', async (tx) => {
    const { task_id } = await getClaim(tx, claimId, false)
    await lockTask(tx, task_id)
    const claim = await getClaim(tx, claimId)
    mustBeTheirs(tx, claim)
    inState(claim, ['waiting', 'claimed', 'returned'], '退出')
    await updateClaim(tx, claimId, { state: 'withdrawn', withdrawn_at: tx.now })
    if (claim.state !== 'waiting') await givePlaceBack(tx, task_id)
    const [movedUp = null] = claim.state === 'waiting' ? [] : await moveUp(tx, task_id)
    noteTask(tx, { id: task_id, place_path: claim.place_path }, { ...change(claim, 'withdrawn'), movedUp })
    return { id: claimId, movedUp }
  })

/** Said on arrival by whoever claimed, or by the organiser at the door: a moment and nothing else, and nobody has to. */
export const checkIn = (ctx: Context, claimId: string) =>
  ctx.write(
    null,
    'task.check-in',
    async (tx, [claim, task]) => {
      if (!can(tx.actor, 'task.accept', claim.place_path)) mustBeTheirs(tx, claim)
      inState(claim, ['claimed'], '到场报到')
      if (!task) throw fail('task-not-found')
      const settings = await getSettings(tx, engine, task.mechanism_id, tx.today)
      if (settings.tasks.record === 'done') throw fail('no-arrival', { word: settings.words.task })
      if (!isNear({ startsAt: task.starts_at, endsAt: task.ends_at }, tx.now)) throw fail('not-the-time')
      const arrivedAt = claim.arrived_at ?? tx.now
      moveClaim(tx, claimId, { arrived_at: arrivedAt, arrived_by: claim.arrived_by ?? tx.actor.accountId })
      noteTask(tx, task, { claim: claimId, arrived: [claim.arrived_at, arrivedAt] })
      return { id: claimId, arrivedAt }
    },
    claimedOfTask(claimId),
  )

/** The claimant says the work is done; the organiser records time and accepts. */
export const submitWork = (ctx: Context, claimId: string, input: SubmitWork) =>
  ctx.write(
    null,
    'task.submit',
    async (tx, claim) => {
      mustBeTheirs(tx, claim)
      inState(claim, ['claimed', 'returned'], '提交')
      moveClaim(tx, claimId, {
        state: 'submitted',
        submitted_at: tx.now,
        report: input.report ?? '',
        end_reason: null,
      })
      noteTask(tx, { id: claim.task_id, place_path: claim.place_path }, change(claim, 'submitted'))
      return { id: claimId }
    },
    claimed(claimId),
  )

/** Not yet right: back to the claimant with the reason. */
export const returnWork = (ctx: Context, claimId: string, input: { reason: string }) =>
  ctx.write(
    'task.accept',
    'task.return',
    async (tx, claim) => {
      tx.must('task.accept', claim.place_path)
      inState(claim, ['submitted'], '退回')
      moveClaim(tx, claimId, { state: 'returned', end_reason: input.reason })
      noteTask(tx, { id: claim.task_id, place_path: claim.place_path }, change(claim, 'returned'), input.reason)
      return { id: claimId }
    },
    claimed(claimId),
  )

const orOverlap = (error: { constraint?: string }): never => {
  throw error.constraint === 'claim_no_overlap' ? fail('overlap') : error
}

/** What acceptance records: minutes with a certificate, or only that it was done. */
function recorded(tx: WriteTx, claim: ClaimRow, input: AcceptWork, record: 'minutes' | 'done') {
  if (!input.servedFrom || !input.servedTo) {
    if (record === 'minutes') throw fail('interval-needed')
    return { served_from: null, served_to: null, minutes: null, certificate: null }
  }
  const minutes = minutesOf(input.servedFrom, input.servedTo, tx.now)
  const certificate = claim.person_id ? (claim.certificate ?? `${tx.district}-${randomToken().slice(0, 16)}`) : null
  return { served_from: input.servedFrom, served_to: input.servedTo, minutes, certificate }
}

/** The organiser accepts and records actual minutes; the record gets a public check code. [VOL-02, VOL-03, VOL-04, VOL-05] */
export const acceptWork = (ctx: Context, claimId: string, input: AcceptWork) =>
  ctx
    .write(
      'task.accept',
      'task.accept',
      async (tx, [claim, task, demand, open]) => {
        tx.must('task.accept', claim.place_path)
        if (claim.person_id && claim.person_id === tx.actor.personId) throw fail('own-service')
        inState(claim, ['claimed', 'submitted'], '确认')
        if (!task) throw fail('task-not-found')
        const served = recorded(tx, claim, input, (await rulesOf(tx, task)).record)
        moveClaim(tx, claimId, {
          state: 'accepted',
          accepted_at: tx.now,
          accepted_on: tx.today,
          accepted_by: tx.actor.accountId,
          ...served,
        })
        const answered = open ? undefined : answerWith(tx, demand)
        tx.record({
          subject: { kind: 'task', id: task.id },
          path: task.place_path,
          change: { ...change(claim, 'accepted'), minutes: served.minutes, ...(answered ? ANSWERED : {}) },
          ...(answered && !answered.report ? heardAt(answered) : {}),
        })
        return { id: claimId, minutes: served.minutes ?? 0, certificate: served.certificate ?? '' }
      },
      (sight: Sight) =>
        together([
          getClaim(sight, claimId),
          findTaskOfClaim(sight, claimId),
          holdDemandOf(sight, claimId),
          hasOpenBeside(sight, claimId),
        ]),
    )
    .catch(orOverlap)

/** A demand handed to volunteers is answered when no other claim of its task is open any more; who accepts the last one is decided with the demand held. */
function answerWith(tx: WriteTx, demand: DemandRow | undefined): DemandRow | undefined {
  if (demand?.state !== 'signed') return undefined
  finishAnswer(tx, demand, { answer: '志愿服务已经完成。', means: null, feasible: true })
  return demand
}

/** The answer that came of accepting stands in the same entry; the demand's own story tells it apart. */
const ANSWERED = { answered: ['signed', 'answered'] }
const heardAt = (d: DemandRow) => ({
  with: [{ kind: 'demand', id: d.id }],
  also: [d.place_path, d.owner_path],
})

/** The volunteer objects to what was recorded of him. [VOL-04] */
export const objectToRecord = (ctx: Context, claimId: string, input: { reason: string }) =>
  ctx.write(
    null,
    'task.object',
    async (tx, claim) => {
      if (!claim.person_id || claim.person_id !== tx.actor.personId) throw fail('not-yours')
      inState(claim, ['accepted', 'returned'], '提出异议')
      if (claim.objection && !claim.objection_settled_at)
        throw fail('claim-state', { state: '异议待答复', step: '再次提出异议' })
      await updateClaim(tx, claimId, {
        objection: input.reason,
        objected_at: tx.now,
        objection_answer: null,
        objection_settled_at: null,
      })
      noteTask(
        tx,
        { id: claim.task_id, place_path: claim.place_path },
        { claim: claimId, objection: true },
        input.reason,
      )
      return { id: claimId }
    },
    claimed(claimId),
  )

/** The organiser answers an objection, and corrects the record where it was wrong: only the organiser writes it. [VOL-04] */
export const settleObjection = (ctx: Context, claimId: string, input: SettleObjection) =>
  ctx.write(
    'task.accept',
    'task.settle-objection',
    async (tx, claim) => {
      tx.must('task.accept', claim.place_path)
      if (!claim.objection || claim.objection_settled_at) throw fail('no-objection')
      const corrected = claim.state === 'accepted' && input.servedFrom ? recorded(tx, claim, input, 'minutes') : {}
      await updateClaim(tx, claimId, {
        objection_answer: input.answer,
        objection_settled_at: tx.now,
        ...corrected,
      }).catch(orOverlap)
      const minutes = 'minutes' in corrected ? corrected.minutes : claim.minutes
      noteTask(
        tx,
        { id: claim.task_id, place_path: claim.place_path },
        { claim: claimId, minutes: [claim.minutes, minutes] },
        input.answer,
      )
      return { id: claimId, minutes: minutes ?? 0 }
    },
    claimed(claimId),
  )
