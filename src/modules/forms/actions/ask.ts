// A unit fills in: what the system holds is shown and only confirmed or disputed, what it typed last time stands there already.
import type { Context, Tx } from '#core/context.ts'
import { Problem } from '#core/errors.ts'
import { cut, subtree, within } from '#core/permissions.ts'
import { privateNumberIn } from '#core/private-numbers.ts'
import { findUnit } from '#modules/units/index.ts'
import { type AnswerForm, type Ask, type AskPage, fail, type FormField, type ListAsksQuery } from '../contract.ts'
import { duesOf, faultsOf } from '../rules.ts'
import {
  type AnswerRow,
  type AskRow,
  findAnswers,
  findAsks,
  findFields,
  findInForce,
  findLastAnswers,
  findServing,
  findSupplements,
  type FormRow,
  getAsk,
  type NewAnswer,
  replaceAnswers,
  updateAsk,
} from '../store.ts'
import { heldSources, type Known } from '../ties.ts'
import { presentField } from './read.ts'
import { termsOf } from './shared.ts'

/** Items that other registered forms collect. */
const FORMS = 'forms:'

const present = (tx: Tx, k: AskRow): Ask => ({
  id: k.id,
  formId: k.form_id,
  formNo: k.no,
  title: k.title,
  ownerName: k.ownerName,
  period: k.period,
  unitId: k.unit_id,
  unitName: k.unitName,
  dueOn: k.due_on,
  state: k.state as Ask['state'],
  late: k.state !== 'filled' && k.due_on < tx.today,
  minutes: k.minutes,
  typed: k.typed,
  confirmed: k.confirmed,
  filledAt: k.filled_at,
  returnReason: k.return_reason,
  version: k.version,
  can: [...tx.allowed(['form.fill'], k.unitPath), ...tx.allowed(['form.write'], k.ownerPath)],
})

/** Where a unit is asked: itself and below; for a place, the organisations that serve it. Null: everywhere in sight. */
export async function askedAt(tx: Tx, unitId: string | undefined) {
  if (unitId === undefined) return null
  const unit = await findUnit(tx, unitId)
  const paths = !unit ? [] : unit.tree === 'org' ? [unit.path] : await findServing(tx, unit.id)
  return paths.flatMap((path) => cut(tx.actor, 'form.read', subtree(path)))
}

export const listAsks = (ctx: Context, query: ListAsksQuery) =>
  ctx.read('form.read', async (tx) => {
    const { rows, total } = await findAsks(tx, { query, ranges: await askedAt(tx, query.unit) })
    return { rows: rows.map((k) => present(tx, k)), total }
  })

interface AskedField extends FormField {
  from: string | null
}

/** The form's own fields, and what lower levels add for this unit: optional all of them. [JF-10] */
async function fieldsOf(tx: Tx, k: AskRow): Promise<AskedField[]> {
  const more = (await findSupplements(tx, k.form_id)).filter(
    (s) => s.state === 'approved' && s.ends_on > tx.today && within(k.unitPath, s.belowPath),
  )
  const names = new Map(more.map((s) => [s.id, s.ownerName]))
  const rows = await findFields(tx, [k.form_id, ...names.keys()])
  const asked = rows.map((f) => ({ ...presentField(f), from: names.get(f.form_id) ?? null }))
  return [...asked.filter((f) => !f.from), ...asked.filter((f) => f.from)]
}

/** The period asked about, as days. */
async function periodOfAsk(tx: Tx, k: AskRow): Promise<{ from: string; to: string }> {
  const form = (await findInForce(tx, '1900-01-01')).find((f): f is FormRow => f.id === k.form_id)
  const due = form && duesOf(termsOf(form)).find((d) => d.period === k.period)
  return due ? { from: due.from, to: due.to } : { from: k.month, to: k.due_on }
}

interface Sheet {
  k: AskRow
  fields: readonly AskedField[]
  /** By field: what the system holds, or what was answered last time. */
  known: ReadonlyMap<string, Known>
}

const heldOf = (fields: readonly AskedField[]) => fields.flatMap((f) => (f.held === null ? [] : [f.held]))

/** What other forms collected, and what the unit itself typed last time. */
async function lastOf(tx: Tx, k: AskRow, fields: readonly AskedField[]): Promise<Map<string, Known>> {
  const typed = fields.filter((f) => f.type !== 'held').map((f) => f.id)
  const own = await findLastAnswers(tx, { unitId: k.unit_id, fieldIds: typed, before: k.month })
  const ids = heldOf(fields)
    .filter((id) => id.startsWith(FORMS))
    .map((id) => id.slice(FORMS.length))
  const others = await findLastAnswers(tx, { unitId: k.unit_id, fieldIds: ids, before: '9999-12-31' })
  return new Map(
    [...own, ...[...others].map(([id, value]) => [`${FORMS}${id}`, value] as const)].map(([id, value]) => [
      id,
      { value, link: null },
    ]),
  )
}

/** What stands there before anything is typed. Numbers are read by those who hold them, each in a transaction of its own. */
async function sheetOf(ctx: Context, id: string): Promise<Sheet> {
  const { k, fields, period, last } = await ctx.read('form.read', async (tx) => {
    const k = await getAsk(tx, id)
    const fields = await fieldsOf(tx, k)
    return { k, fields, period: await periodOfAsk(tx, k), last: await lastOf(tx, k, fields) }
  })
  const values = new Map(last)
  for (const source of heldSources()) {
    const found = await source.read?.(ctx, { unitId: k.unit_id, period }, heldOf(fields)).catch(unseen)
    for (const [item, value] of found ?? []) values.set(item, value)
  }
  const known = fields.flatMap((f) => {
    const value = values.get(f.held ?? f.id)
    return value ? [[f.id, value] as const] : []
  })
  return { k, fields, known: new Map(known) }
}

/** Whoever may not see a number at all fills in without it. */
function unseen(error: unknown): undefined {
  if (error instanceof Problem && error.status === 403) return undefined
  throw error
}

export const answered = (a: AnswerRow) => ({
  value: a.value,
  agreed: a.agreed,
  claimed: a.claimed,
  claimReason: a.claim_reason,
  resolution: a.resolution as 'kept' | null,
  resolvedWords: a.resolved_words,
})

export async function readAsk(ctx: Context, id: string): Promise<AskPage> {
  const { k, fields, known } = await sheetOf(ctx, id)
  return ctx.read('form.read', async (tx) => {
    const answers = new Map((await findAnswers(tx, [id])).map((a) => [a.field_id, a]))
    return {
      ask: present(tx, k),
      ground: k.ground,
      purpose: k.purpose,
      fields: fields.map((f) => {
        const answer = answers.get(f.id)
        const value = known.get(f.id)
        return {
          ...f,
          known: (f.type === 'held' ? answer?.shown : undefined) ?? value?.value ?? null,
          knownLink: value?.link ?? null,
          answer: answer ? answered(answer) : null,
        }
      }),
    }
  })
}

/** @throws form.incomplete, form.private-content */
function mustBeRight(fields: readonly AskedField[], input: AnswerForm): void {
  const issues = faultsOf(fields, input.answers)
  if (issues.length > 0) throw fail('incomplete', {}, issues)
  const texts = input.answers.flatMap((a) => [a.value, a.claimed, a.reason]).filter((t) => t !== undefined)
  const what = texts.map(privateNumberIn).find(Boolean)
  if (what) throw fail('private-content', { what })
}

function answerOf(f: AskedField, given: AnswerForm['answers'][number], known: Known | undefined): NewAnswer | null {
  if (f.type === 'held')
    return {
      field_id: f.id,
      shown: known?.value ?? null,
      agreed: given.agreed ?? true,
      ...(given.agreed === false ? { claimed: given.claimed ?? '', claim_reason: given.reason ?? '' } : {}),
    }
  if (!given.value) return null
  return { field_id: f.id, value: given.value, number: f.type === 'number' ? given.value : null }
}

export async function answerForm(ctx: Context, id: string, input: AnswerForm) {
  const { known } = await sheetOf(ctx, id)
  return ctx.write('form.fill', 'form.answer', async (tx) => {
    const k = await getAsk(tx, id, true)
    tx.must('form.fill', k.unitPath)
    if (k.state !== 'open' && k.state !== 'returned')
      throw fail('wrong-state', { state: k.state === 'filled' ? '已填报' : '已撤回', step: '填报' })
    const fields = await fieldsOf(tx, k)
    mustBeRight(fields, input)
    const given = new Map(input.answers.map((a) => [a.fieldId, a]))
    const rows = fields.map((f) => {
      const a = given.get(f.id)
      return a ? answerOf(f, a, known.get(f.id)) : null
    })
    const answers = rows.filter((a) => a !== null).map((a) => ({ ...emptyAnswer, ...a }))
    await replaceAnswers(tx, id, answers)
    const first = k.first_filled_on ?? tx.today
    await updateAsk(tx, k, {
      state: 'filled',
      filled_at: tx.now,
      filled_by: tx.actor.accountId,
      first_filled_on: first,
    })
    const disputed = answers.filter((a) => a.agreed === false).length
    tx.record({
      subject: { kind: 'form-ask', id },
      path: k.unitPath,
      change: { form: k.title, period: k.period, state: [k.state, 'filled'], ...(disputed > 0 ? { disputed } : {}) },
      also: [k.ownerPath],
    })
    return { state: 'filled' as const }
  })
}

const emptyAnswer = { value: null, number: null, shown: null, agreed: null, claimed: null, claim_reason: null }

/** Sent back with the reason; the deadline stays, for a month has only one. */
export const returnForm = (ctx: Context, id: string, reason: string) =>
  ctx.write('form.write', 'form.return', async (tx) => {
    const k = await getAsk(tx, id, true)
    tx.must('form.write', k.ownerPath)
    if (k.state !== 'filled') throw fail('wrong-state', { state: '未填报', step: '退回' })
    await updateAsk(tx, k, { state: 'returned', return_reason: reason })
    tx.record({
      subject: { kind: 'form-ask', id },
      path: k.unitPath,
      change: { form: k.title, period: k.period, state: ['filled', 'returned'] },
      reason,
      also: [k.ownerPath],
    })
    return { state: 'returned' as const }
  })
