// A form's life: drafted, submitted, decided by another hand, in force until its end or until it is stopped. [JF-09, JF-10]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { within } from '#core/permissions.ts'
import { queueUp } from '#core/queue-up.ts'
import { findKinds, getUnitFor, type UnitNow } from '#modules/units/index.ts'
import { type DecideForm, type DraftForm, type FieldInput, fail } from '../contract.ts'
import { clashOf, mustBe, mustHaveTerm, mustOnlyAdd } from '../rules.ts'
import {
  findFields,
  findInForce,
  type FormRow,
  getForm,
  insertForm,
  type NewField,
  replaceFields,
  updateForm,
  voidAsks,
} from '../store.ts'
import { belowFor, holdingsOf, lawfulFields, overlap } from './held.ts'
import { askNow } from './duty.ts'
import { note, termsOf } from './shared.ts'

/** Two people who register at once must see each other: what is checked must still hold when it is written. */
const oneAtATime = (tx: WriteTx) => queueUp(tx, 'form registry')

/** @throws form.wrong-kind, form.outside-targets */
async function mustReach(tx: Tx, input: DraftForm, owner: UnitNow): Promise<UnitNow> {
  const kinds = await findKinds(tx)
  for (const kind of input.kinds) if (kinds.get(kind)?.tree !== 'org') throw fail('wrong-kind', { kind })
  const below = await belowFor(tx, owner, input.belowId)
  const department = kinds.get(owner.kind)?.level === 'department'
  if (!within(below.path, owner.path) && !(department && within(owner.path, below.path))) throw fail('outside-targets')
  return below
}

/** @throws form.other-deadline */
async function mustShareDeadline(tx: Tx, input: DraftForm, belowPath: string, but: string | null): Promise<void> {
  for (const other of await findInForce(tx, tx.today)) {
    if (other.id === but || other.base_id || !overlap({ kinds: input.kinds, belowPath }, other)) continue
    const clash = clashOf(input, termsOf(other))
    if (clash) throw fail('other-deadline', { month: clash.month, form: other.title, due: clash.day })
  }
}

/** What a lower level may add to a form, inside the units the form reaches. [JF-10] */
async function mustFitBase(tx: Tx, input: DraftForm, belowPath: string): Promise<void> {
  if (!input.baseId) return
  const base = await getForm(tx, input.baseId)
  if (base.state !== 'approved' || base.base_id || base.ends_on <= tx.today)
    throw fail('not-extendable', { form: base.title })
  if (!within(belowPath, base.belowPath)) throw fail('base-targets')
  mustOnlyAdd(input, { ...termsOf(base), title: base.title, kinds: base.kinds })
}

/** All that makes a form lawful, asked anew at each step of its way: the world changes while it waits. */
async function lawful(tx: Tx, input: DraftForm, but: string | null): Promise<{ owner: UnitNow; fields: NewField[] }> {
  const owner = await getUnitFor(tx, 'form.write', input.ownerId)
  const below = await mustReach(tx, input, owner)
  mustHaveTerm(input, tx.today)
  await mustFitBase(tx, input, below.path)
  if (!input.baseId) await mustShareDeadline(tx, input, below.path, but)
  const targets = { kinds: input.kinds, belowPath: below.path }
  return { owner, fields: lawfulFields(input.fields, targets, await holdingsOf(tx, but ?? undefined)) }
}

const columnsOf = (input: DraftForm) => ({
  title: input.title,
  ground: input.ground,
  purpose: input.purpose,
  owner_id: input.ownerId,
  base_id: input.baseId ?? null,
  kinds: [...input.kinds],
  below_id: input.belowId,
  frequency: input.frequency,
  due_months: input.dueMonths,
  due_day: input.dueDay,
  valid_from: input.validFrom,
  ends_on: input.endsOn,
})

export const draftForm = (ctx: Context, input: DraftForm) =>
  ctx.write('form.write', 'form.draft', async (tx) => {
    await oneAtATime(tx)
    const { owner, fields } = await lawful(tx, input, null)
    const id = newId()
    const row = { id, ...columnsOf(input), state: 'draft', drafted_by: tx.actor.accountId }
    const { no, version } = await insertForm(tx, row)
    await replaceFields(tx, id, fields)
    tx.record({ subject: { kind: 'form', id }, path: owner.path, change: { title: input.title, ground: input.ground } })
    return { id, no, version }
  })

export const editForm = (ctx: Context, id: string, version: number, input: DraftForm) =>
  ctx.write('form.write', 'form.edit', async (tx) => {
    await oneAtATime(tx)
    const row = await getForm(tx, id, true)
    tx.must('form.write', row.ownerPath)
    mustBe(row.state, 'edit')
    if (row.version !== version) throw coreFail('stale')
    const { fields } = await lawful(tx, input, id)
    const decided = { decided_at: null, decided_by: null, decided_on: null, decision_reason: null }
    await updateForm(tx, row, { ...columnsOf(input), state: 'draft', drafted_by: tx.actor.accountId, ...decided })
    await replaceFields(tx, id, fields)
    note(tx, row, { title: [row.title, input.title] })
    return { id, version: version + 1 }
  })

/** A stored form as it would be drafted today. */
async function draftOf(tx: Tx, row: FormRow): Promise<DraftForm> {
  const fields = await findFields(tx, [row.id])
  return {
    title: row.title,
    ground: row.ground,
    purpose: row.purpose,
    ownerId: row.owner_id,
    kinds: row.kinds,
    belowId: row.below_id,
    ...termsOf(row),
    ...(row.base_id ? { baseId: row.base_id } : {}),
    fields: fields.map(
      (f) =>
        (f.type === 'held'
          ? { type: 'held', held: f.held }
          : {
              type: f.type,
              label: f.label,
              definition: f.definition,
              measured: f.measured,
              required: f.required,
              choices: f.choices,
              differs: f.differs,
            }) as FieldInput,
    ),
  }
}

export const submitForm = (ctx: Context, id: string) =>
  ctx.write('form.write', 'form.submit', async (tx) => {
    await oneAtATime(tx)
    const row = await getForm(tx, id, true)
    tx.must('form.write', row.ownerPath)
    mustBe(row.state, 'submit')
    await lawful(tx, await draftOf(tx, row), id)
    await updateForm(tx, row, { state: 'submitted', submitted_at: tx.now })
    note(tx, row, { state: [row.state, 'submitted'] })
    return { state: 'submitted' as const }
  })

/** What still has to hold on the day it is approved, whoever drafted it. */
async function mustStillHold(tx: Tx, row: FormRow): Promise<void> {
  const input = await draftOf(tx, row)
  await mustFitBase(tx, input, row.belowPath)
  if (!row.base_id) await mustShareDeadline(tx, input, row.belowPath, row.id)
  lawfulFields(input.fields, row, await holdingsOf(tx, row.id))
}

/** Decided by another hand; approved, it is asked at once where its month has come. [等保 33] */
export const decideForm = (ctx: Context, id: string, input: DecideForm) =>
  ctx.write('form.approve', 'form.decide', async (tx) => {
    await oneAtATime(tx)
    const row = await getForm(tx, id, true)
    tx.must('form.approve', row.ownerPath)
    mustBe(row.state, 'decide')
    if (row.drafted_by === tx.actor.accountId) throw fail('own-approval')
    if (input.approve) await mustStillHold(tx, row)
    const state = input.approve ? ('approved' as const) : ('refused' as const)
    await updateForm(tx, row, {
      state,
      decided_by: tx.actor.accountId,
      decided_at: tx.now,
      decided_on: tx.today,
      decision_reason: input.reason,
    })
    const asked = input.approve ? await askNow(tx, { ...row, state, decided_on: tx.today }) : 0
    note(tx, row, { state: [row.state, state], ...(asked > 0 ? { asked } : {}) }, input.reason)
    return { state, asked }
  })

/** What is not answered yet is no longer asked; what was answered stays. */
export const stopForm = (ctx: Context, id: string, reason: string) =>
  ctx.write('form.write', 'form.stop', async (tx) => {
    await oneAtATime(tx)
    const row = await getForm(tx, id, true)
    tx.must('form.write', row.ownerPath)
    mustBe(row.state, 'stop')
    const freed = await voidAsks(tx, id, `报表停用：${reason}`)
    await updateForm(tx, row, { state: 'stopped', stopped_on: tx.today, stop_reason: reason })
    note(tx, row, { state: [row.state, 'stopped'], freed }, reason)
    return { state: 'stopped' as const, freed }
  })
