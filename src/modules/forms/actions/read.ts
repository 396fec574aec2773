import type { Context, Tx } from '#core/context.ts'
import { type Form, type FormField, type FormPage, type ListFormsQuery, verbs } from '../contract.ts'
import { duesOf, noticed } from '../rules.ts'
import {
  countTargets,
  type FieldRow,
  findFields,
  findForms,
  findSupplements,
  findTimeline,
  type FormRow,
  getForm,
} from '../store.ts'
import { sizesOf, termsOf } from './shared.ts'

async function present(tx: Tx, rows: readonly FormRow[]): Promise<Form[]> {
  const fields = await findFields(
    tx,
    rows.map((r) => r.id),
  )
  const of = Map.groupBy(fields, (f) => f.form_id)
  return rows.map((f) => {
    const own = of.get(f.id) ?? []
    const { minutes, typed } = sizesOf(own)
    return {
      id: f.id,
      no: f.no,
      title: f.title,
      ground: f.ground,
      purpose: f.purpose,
      ownerId: f.owner_id,
      ownerName: f.ownerName,
      kinds: f.kinds,
      belowId: f.below_id,
      belowName: f.belowName,
      base: f.base_id ? { id: f.base_id, title: f.baseTitle ?? '' } : null,
      ...termsOf(f),
      state: f.state as Form['state'],
      inForce: f.state === 'approved' && f.valid_from <= tx.today && tx.today < f.ends_on,
      fields: own.length,
      typed,
      minutes,
      submittedAt: f.submitted_at,
      decidedBy: f.decidedName,
      decidedAt: f.decided_at,
      decisionReason: f.decision_reason,
      stoppedOn: f.stopped_on,
      stopReason: f.stop_reason,
      version: f.version,
      can: tx.allowed(verbs, f.ownerPath),
    }
  })
}

export const presentField = (f: FieldRow): FormField => ({
  id: f.id,
  label: f.label,
  definition: f.definition,
  type: f.type as FormField['type'],
  measured: f.measured,
  required: f.required,
  choices: f.choices,
  held: f.held,
  differs: f.differs,
})

export const listForms = (ctx: Context, query: ListFormsQuery) =>
  ctx.read('form.read', async (tx) => {
    const { rows, total } = await findForms(tx, query)
    return { rows: await present(tx, rows), total }
  })

const COMING = 4

interface Entry {
  at: string
  action: string
  actor: { name: string }
  reason?: string
  change: Record<string, unknown>
}

export const readForm = (ctx: Context, id: string): Promise<FormPage> =>
  ctx.read('form.read', async (tx) => {
    const row = await getForm(tx, id)
    const [form] = await present(tx, [row])
    const coming = duesOf(termsOf(row)).filter((d) => d.dueOn >= noticed(row.decided_on ?? tx.today, tx.today))
    const timeline = (await findTimeline(tx, id)).map(({ body }) => JSON.parse(body) as Entry)
    return {
      form: form as Form,
      fields: (await findFields(tx, [id])).map(presentField),
      targets: await countTargets(tx, row),
      coming: coming.slice(0, COMING).map(({ period, dueOn, provisional }) => ({ period, dueOn, provisional })),
      supplements: (await findSupplements(tx, id)).map((s) => ({
        id: s.id,
        title: s.title,
        ownerName: s.ownerName,
        state: s.state as Form['state'],
      })),
      timeline: timeline.map(({ at, action, actor, reason, change }) => ({
        at,
        action,
        actor: actor.name,
        reason: reason ?? null,
        change,
      })),
    }
  })
