// The registry: a form states its ground, frequency, deadline, definitions, end and approver, or it is no form. [JF-09, JF-10]
import { z } from 'zod'
import { can, day, id, instant, listOf, paging, text } from '#core/contract.ts'

export const Frequency = z.enum(['once', 'month', 'quarter', 'half', 'year'])
export type Frequency = z.infer<typeof Frequency>

export const FormState = z.enum(['draft', 'submitted', 'approved', 'refused', 'stopped'])
export type FormState = z.infer<typeof FormState>

export const TypedAs = z.enum(['number', 'text', 'choice', 'yes-no', 'day'])
export type TypedAs = z.infer<typeof TypedAs>

/** Estimated minutes of one field; the same for every form, so nobody can write his own form light. */
const MINUTES: Record<TypedAs | 'held', number> = { number: 2, text: 5, choice: 1, 'yes-no': 1, day: 1, held: 1 }
/** Opening it, reading its ground and sending it. */
const MINUTES_EACH = 3

export const minutesOf = (types: readonly string[]) =>
  types.reduce((sum, type) => sum + MINUTES[type as TypedAs], MINUTES_EACH)

const heldId = z
  .string()
  .regex(/^[a-z]+:[\w.-]{1,60}$/, { error: 'format' })
  .meta({ description: 'an item of the list of what the system holds: listHeldItems' })

const typedField = z.strictObject({
  type: TypedAs,
  label: text(30),
  definition: text(200).meta({ description: '口径' }),
  measured: text(6, 0).default('').meta({ description: 'unit of count of a number' }),
  required: z.boolean(),
  choices: z.array(text(20)).max(20).default([]),
  differs: text(200, 0).default('').meta({ description: 'how it differs from what is held under a like name' }),
})
const heldField = z.strictObject({ type: z.literal('held'), held: heldId })

export const FieldInput = z.discriminatedUnion('type', [heldField, typedField])
export type FieldInput = z.infer<typeof FieldInput>

const shared = {
  title: text(40),
  ground: text(120).meta({ description: '依据: the document that allows to ask' }),
  purpose: text(120),
  ownerId: id.meta({ description: 'the organisation that asks' }),
  kinds: z
    .array(z.string().regex(/^[a-z-]{2,30}$/))
    .min(1)
    .max(20),
  belowId: id.meta({ description: 'asked of units of these kinds in the subtree of this organisation' }),
  frequency: Frequency,
  dueMonths: z.int().min(0).max(3).meta({ description: 'months after the end of the period' }),
  dueDay: z.int().min(1).max(28).meta({ description: 'moved to the next working day' }),
  validFrom: day,
  endsOn: day.meta({ description: 'first day on which it is no longer asked' }),
}

export const DraftForm = z.strictObject({
  ...shared,
  baseId: id.optional().meta({ description: 'the upper form this adds optional fields to' }),
  fields: z.array(FieldInput).min(1).max(40),
})
export type DraftForm = z.infer<typeof DraftForm>

export const Form = z
  .strictObject({
    id,
    no: z.int(),
    ...shared,
    ownerName: z.string(),
    belowName: z.string(),
    base: z.strictObject({ id, title: z.string() }).nullable(),
    state: FormState,
    inForce: z.boolean(),
    fields: z.int(),
    typed: z.int().meta({ description: 'fields that have to be typed' }),
    minutes: z.int().meta({ description: 'estimated for one unit and period, by one formula for all forms' }),
    submittedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    decisionReason: z.string().nullable(),
    stoppedOn: day.nullable(),
    stopReason: z.string().nullable(),
    version: z.int(),
    can,
  })
  .meta({ id: 'Form' })
export type Form = z.infer<typeof Form>

export const FormField = z
  .strictObject({
    id,
    label: z.string(),
    definition: z.string(),
    type: z.union([TypedAs, z.literal('held')]),
    measured: z.string(),
    required: z.boolean(),
    choices: z.array(z.string()),
    held: z.string().nullable(),
    differs: z.string(),
  })
  .meta({ id: 'FormField' })
export type FormField = z.infer<typeof FormField>

const Coming = z.strictObject({ period: z.string(), dueOn: day, provisional: z.boolean() })

export const FormPage = z
  .strictObject({
    form: Form,
    fields: z.array(FormField),
    targets: z.int().meta({ description: 'units asked, as the tree stands today' }),
    coming: z.array(Coming).meta({ description: 'the next deadlines' }),
    supplements: z.array(z.strictObject({ id, title: z.string(), ownerName: z.string(), state: FormState })),
    timeline: z.array(
      z.strictObject({
        at: instant,
        action: z.string(),
        actor: z.string(),
        reason: z.string().nullable(),
        change: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'FormPage' })
export type FormPage = z.infer<typeof FormPage>

export const ListFormsQuery = z.strictObject({
  state: FormState.optional(),
  search: text(40).optional(),
  sort: z.enum(['no', '-no']).optional(),
  ...paging,
})
export type ListFormsQuery = z.infer<typeof ListFormsQuery>

export const FormList = listOf(Form)

export const HeldItem = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    where: z.string().meta({ description: 'where it is kept' }),
    measured: z.string(),
    valued: z.boolean().meta({ description: 'has one value per unit and period, so a form may ask to confirm it' }),
  })
  .meta({ id: 'HeldItem' })
export type HeldItem = z.infer<typeof HeldItem>

export const ListHeldQuery = z.strictObject({ search: text(30).optional(), ...paging })
export type ListHeldQuery = z.infer<typeof ListHeldQuery>
export const HeldList = listOf(HeldItem)

export const CheckLabel = z.strictObject({
  label: text(30),
  ownerId: id,
  kinds: shared.kinds,
  belowId: id,
  formId: id.optional().meta({ description: 'the draft itself, which does not count as another form' }),
})
export type CheckLabel = z.infer<typeof CheckLabel>

export const LabelVerdict = z.strictObject({
  verdict: z.enum(['free', 'near', 'held', 'personal', 'asked']),
  items: z.array(HeldItem).meta({ description: 'what is held under this or a like name' }),
  form: z.strictObject({ title: z.string(), ownerName: z.string() }).nullable(),
})
export type LabelVerdict = z.infer<typeof LabelVerdict>

export const DecideForm = z.strictObject({ approve: z.boolean(), reason: text(200, 2) })
export type DecideForm = z.infer<typeof DecideForm>

export const Reasoned = z.strictObject({ reason: text(200, 2) })
export type Reasoned = z.infer<typeof Reasoned>
