import { z } from 'zod'
import { can, day, id, instant, listOf, paging, text } from '#core/contract.ts'
import { Template } from './template.ts'

/** 起草 → 核数 → 审核 → 签发 → 刊发 → 更正: who checks the numbers, reviews and approves is not who wrote. */
export const manuscriptStates = [
  'drafted',
  'checked',
  'reviewed',
  'approved',
  'published',
  'corrected',
  'dropped',
] as const
export const ManuscriptState = z.enum(manuscriptStates)
export type ManuscriptState = z.infer<typeof ManuscriptState>

const question = {
  unitId: id.meta({ description: 'the unit the text is about' }),
  period: z.string().max(30),
  tree: z.enum(['day', 'today']).default('today'),
}

export const NewManuscript = z.strictObject({
  mechanismId: z.string().max(60),
  content: Template,
  ...question,
})
export type NewManuscript = z.infer<typeof NewManuscript>

export const EditManuscript = z.strictObject({ content: Template, ...question })
export type EditManuscript = z.infer<typeof EditManuscript>

export const AdvanceManuscript = z.strictObject({
  state: ManuscriptState.meta({ description: 'drafted: given back to the desk' }),
  note: text(400, 0).default(''),
  publication: z
    .strictObject({ outlet: text(40), level: z.string().max(40), on: day, link: text(300, 0).default('') })
    .optional()
    .meta({ description: 'with published: where it appeared' }),
})
export type AdvanceManuscript = z.infer<typeof AdvanceManuscript>

export const Manuscript = z
  .strictObject({
    id,
    mechanismId: z.string(),
    title: z.string(),
    unit: z.strictObject({ id, name: z.string() }),
    period: z.string(),
    tree: z.enum(['day', 'today']),
    state: ManuscriptState,
    author: z.string(),
    createdAt: instant,
    changedAt: instant,
    publishedOn: day.nullable(),
    documentId: id.nullable().meta({ description: 'the document whose numbers were published' }),
    version: z.int(),
    can,
  })
  .meta({ id: 'Manuscript' })
export type Manuscript = z.infer<typeof Manuscript>

export const ManuscriptPage = Manuscript.extend({
  content: Template,
  steps: z.array(z.strictObject({ state: ManuscriptState, by: z.string(), at: instant, note: z.string() })),
}).meta({ id: 'ManuscriptPage' })
export type ManuscriptPage = z.infer<typeof ManuscriptPage>

export const ManuscriptList = listOf(Manuscript)
export const ListManuscripts = z.strictObject({
  state: ManuscriptState.optional(),
  mechanism: z.string().max(60).optional(),
  search: text(40).optional(),
  ...paging,
})
export type ListManuscripts = z.infer<typeof ListManuscripts>
