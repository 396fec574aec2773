import { z } from 'zod'
import { chartForms } from '#core/chart/options.ts'
import { day, id, instant } from '#core/contract.ts'
import { Template } from './template.ts'

export const faultCodes = [
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
  'consent',
  'token',
  'chart',
] as const

export const Fault = z.strictObject({
  at: z.string().meta({ description: 'path of the text in the manuscript: `sections.0.blocks.2.text`' }),
  token: z.string(),
  code: z.enum(faultCodes),
  text: z.string().meta({ description: 'why, in Chinese' }),
  instead: z.array(z.string()).meta({ description: 'what would be true' }),
})
export type Fault = z.infer<typeof Fault>

export const BoundFigure = z.strictObject({
  n: z.int().meta({ description: 'number of the figure in this text, from 1' }),
  measure: z.string(),
  name: z.string(),
  printed: z.string(),
  value: z.number(),
  definition: z.string(),
  link: z.string(),
})
export type BoundFigure = z.infer<typeof BoundFigure>

const Run = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('figure'), text: z.string(), figure: BoundFigure }),
  z.strictObject({ kind: z.literal('fault'), text: z.string() }),
])
export type Run = z.infer<typeof Run>

const runs = z.array(Run)

const Cell = z.strictObject({
  n: z.int().nullable().meta({ description: 'number of the figure in this text; null where there is none' }),
  value: z.number().nullable(),
  printed: z.string(),
  link: z.string(),
})

export const BoundTable = z.strictObject({
  columns: z.array(z.strictObject({ measure: z.string(), name: z.string(), classifier: z.string() })),
  rows: z.array(z.strictObject({ name: z.string(), cells: z.array(Cell) })),
  totals: z
    .array(Cell)
    .meta({ description: 'of the whole unit and period, by the same definition; never a sum of what does not add up' }),
})
export type BoundTable = z.infer<typeof BoundTable>

const BoundBlock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('paragraph'), runIn: runs, runs }),
  z.strictObject({ kind: z.literal('quote'), runs, speaker: z.string() }),
  z.strictObject({ kind: z.literal('caption'), runs, credit: z.string() }),
  z.strictObject({ kind: z.literal('table'), title: z.string(), table: BoundTable }),
  z
    .strictObject({
      kind: z.literal('chart'),
      title: z.string(),
      form: z.enum(chartForms),
      timed: z.boolean().meta({ description: 'the rows are periods' }),
      table: BoundTable,
    })
    .meta({ description: 'drawn from the very numbers of the table that stands under it' }),
])
export type BoundBlock = z.infer<typeof BoundBlock>

/** The text with every token bound: what screen, Word, HTML and print are made of. */
export const Preview = z
  .strictObject({
    occasion: z.string(),
    masthead: z.string(),
    title: z.string(),
    subtitle: z.string(),
    bylines: z.array(z.string()),
    lead: runs,
    thesis: runs,
    sections: z.array(z.strictObject({ heading: runs, blocks: z.array(BoundBlock) })),
    closing: runs,
    credits: z.array(z.string()),
    unit: z.strictObject({ id, name: z.string() }),
    period: z.strictObject({ key: z.string(), from: day, to: day }),
    tree: z.enum(['day', 'today']),
    asOf: instant,
    faults: z.array(Fault),
  })
  .meta({ id: 'ReportPreview' })
export type Preview = z.infer<typeof Preview>

/** One question for the whole text: its unit, period and tree. */
const asked = {
  unit: id.optional().meta({ description: 'this unit and below; my own unit when absent' }),
  period: z.string().max(30).optional().meta({ description: 'as for readFigures; this year when absent' }),
  tree: z.enum(['day', 'today']).optional().meta({ description: 'as for readFigures; today when absent' }),
}

export const PreviewReport = z.strictObject({
  template: z
    .union([z.string().max(40), Template])
    .meta({ description: 'id of a template of the district, or a text as written in the editor' }),
  ...asked,
})
export type PreviewReport = z.infer<typeof PreviewReport>

export const formats = ['docx', 'html', 'pdf', 'xlsx'] as const

export const BuildReport = PreviewReport.extend({
  format: z.enum(formats).default('docx').meta({
    description:
      'docx: GB/T 9704; html: one file; pdf: as LibreOffice prints the docx; xlsx: its tables with formulas for totals',
  }),
})
export type BuildReport = z.infer<typeof BuildReport>
