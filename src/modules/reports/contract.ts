import { z } from 'zod'
import { day, id, instant, listOf, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export * from './contract/draft.ts'

export const fail = problems('report', {
  'unknown-template': { status: 404, text: '没有“{template}”这份模板。' },
  untrue: { status: 422, text: '有 {count} 处数字或措辞不符合记录，不能付印。请按提示改写。', ground: '动词与口径表' },
})

/** A template is pack data: sections of paragraphs whose numbers are tokens. */
export const Template = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  title: text(40),
  subtitle: text(60, 0).default(''),
  sections: z
    .array(z.strictObject({ heading: text(30, 0).default(''), paragraphs: z.array(text(2000)).min(1) }))
    .min(1)
    .max(30),
})
export type Template = z.infer<typeof Template>

export const Fault = z.strictObject({
  section: z.int(),
  paragraph: z.int(),
  token: z.string(),
  code: z.enum([
    'unknown-measure',
    'verb',
    'verb-missing',
    'classifier',
    'form',
    'untrue',
    'no-number',
    'suppressed',
    'compound',
    'total',
    'since',
  ]),
  text: z.string().meta({ description: 'why, in Chinese' }),
  instead: z.array(z.string()).meta({ description: 'what would be true' }),
})
export type Fault = z.infer<typeof Fault>

export const Bound = z.strictObject({
  measure: z.string(),
  name: z.string(),
  printed: z.string(),
  value: z.number(),
  definition: z.string(),
  link: z.string(),
})

const Run = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('figure'), text: z.string(), figure: Bound }),
  z.strictObject({ kind: z.literal('fault'), text: z.string() }),
])
export type Run = z.infer<typeof Run>

export const BuildReport = z.strictObject({
  template: z
    .union([z.string().max(40), Template])
    .meta({ description: 'id of a template of the district, or a template as written in the editor' }),
  unit: id.optional().meta({ description: 'this unit and below; my own unit when absent' }),
  period: z.string().max(30).optional().meta({ description: 'as for readFigures; this year when absent' }),
  tree: z.enum(['day', 'today']).optional().meta({ description: 'as for readFigures; today when absent' }),
})
export type BuildReport = z.infer<typeof BuildReport>

export const Preview = z
  .strictObject({
    title: z.string(),
    subtitle: z.string(),
    unit: z.strictObject({ id, name: z.string() }),
    period: z.strictObject({ key: z.string(), from: day, to: day }),
    asOf: instant,
    sections: z.array(z.strictObject({ heading: z.string(), paragraphs: z.array(z.array(Run)) })),
    faults: z.array(Fault),
  })
  .meta({ id: 'Preview' })
export type Preview = z.infer<typeof Preview>

export const TemplateList = listOf(z.strictObject({ id: z.string(), title: z.string(), template: Template }))
