// A unit is asked one form for one period: what is known is shown, the rest is typed, and what is wrong is told. [JF-09]
import { z } from 'zod'
import { can, day, id, instant, listOf, paging, queryFlag, text } from '#core/contract.ts'
import { FormField } from './form.ts'

export const AskState = z.enum(['open', 'filled', 'returned', 'void'])
export type AskState = z.infer<typeof AskState>

export const Ask = z
  .strictObject({
    id,
    formId: id,
    formNo: z.int(),
    title: z.string(),
    ownerName: z.string(),
    period: z.string(),
    unitId: id,
    unitName: z.string(),
    dueOn: day,
    state: AskState,
    late: z.boolean(),
    minutes: z.int(),
    typed: z.int(),
    confirmed: z.int(),
    filledAt: instant.nullable(),
    returnReason: z.string().nullable(),
    version: z.int(),
    can,
  })
  .meta({ id: 'FormAsk' })
export type Ask = z.infer<typeof Ask>

const Answered = z.strictObject({
  value: z.string().nullable(),
  agreed: z.boolean().nullable(),
  claimed: z.string().nullable(),
  claimReason: z.string().nullable(),
  resolution: z.enum(['corrected', 'kept']).nullable(),
  resolvedWords: z.string().nullable(),
})

export const AskPage = z
  .strictObject({
    ask: Ask,
    ground: z.string(),
    purpose: z.string(),
    fields: z.array(
      FormField.extend({
        from: z.string().nullable().meta({ description: 'the lower level that added it; its fields are optional' }),
        known: z.string().nullable().meta({ description: 'what the system holds, or what was answered last time' }),
        knownLink: z.string().nullable().meta({ description: 'where the number opens onto its records' }),
        answer: Answered.nullable(),
      }),
    ),
  })
  .meta({ id: 'FormAskPage' })
export type AskPage = z.infer<typeof AskPage>

export const ListAsksQuery = z.strictObject({
  state: AskState.optional(),
  form: id.optional(),
  unit: id.optional(),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'format' })
    .optional(),
  late: queryFlag.optional(),
  fillable: queryFlag.optional().meta({ description: 'only what the asker may fill in' }),
  ...paging,
})
export type ListAsksQuery = z.infer<typeof ListAsksQuery>

export const AskList = listOf(Ask)

export const AnswerForm = z.strictObject({
  answers: z
    .array(
      z.strictObject({
        fieldId: id,
        value: text(300, 0).optional(),
        agreed: z.boolean().optional(),
        claimed: text(60, 0).optional(),
        reason: text(200, 0).optional(),
      }),
    )
    .min(1)
    .max(80),
})
export type AnswerForm = z.infer<typeof AnswerForm>

/** What units answered, one row a unit; the columns are the fields. */
export const FormAnswers = listOf(
  z
    .strictObject({
      askId: id,
      period: z.string(),
      unitName: z.string(),
      state: AskState,
      filledAt: instant.nullable(),
      answers: z.array(Answered.extend({ id, fieldId: id, shown: z.string().nullable() })),
      can,
    })
    .meta({ id: 'FormAnswerRow' }),
)
export type FormAnswerRow = z.infer<typeof FormAnswers>['rows'][number]

export const ListAnswersQuery = z.strictObject({
  period: text(10).optional(),
  claims: queryFlag
    .optional()
    .meta({ description: 'only rows in which something held is disputed and not yet settled' }),
  ...paging,
})
export type ListAnswersQuery = z.infer<typeof ListAnswersQuery>

export const ResolveClaim = z.strictObject({ resolution: z.enum(['corrected', 'kept']), words: text(200, 2) })
export type ResolveClaim = z.infer<typeof ResolveClaim>
