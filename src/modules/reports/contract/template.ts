import { z } from 'zod'
import { chartForms } from '#core/chart/options.ts'
import { day, text } from '#core/contract.ts'

const Consent = z.strictObject({
  by: text(30).meta({ description: 'who agreed: the person quoted or shown, or who speaks for him' }),
  on: day,
  scope: text(60).meta({ description: 'what was agreed to, such as 公开刊发姓名和原话' }),
})
export type Consent = z.infer<typeof Consent>

const Paragraph = z.strictObject({
  kind: z.literal('paragraph'),
  runIn: text(30, 0).default('').meta({ description: 'sub-heading that runs into its paragraph' }),
  text: text(2000),
})

const Quote = z.strictObject({
  kind: z.literal('quote'),
  text: text(400),
  speaker: text(40),
  consent: Consent.nullable().default(null),
})

const Caption = z.strictObject({
  kind: z.literal('caption'),
  text: text(100),
  credit: text(30, 0).default(''),
  consent: Consent.nullable().default(null).meta({ description: 'of persons who can be recognised' }),
  people: z.boolean().default(false).meta({ description: 'persons can be recognised: consent is needed' }),
})

const by = z.string().regex(/^(child|month|quarter|year|dim:[a-z]+)$/, { error: 'choice' })

const FigureTable = z.strictObject({
  kind: z.literal('table'),
  title: text(40),
  measures: z.array(z.string().max(60)).min(1).max(8),
  by,
})

const FigureChart = z.strictObject({
  kind: z.literal('chart'),
  title: text(40),
  form: z.enum(chartForms).meta({ description: 'line: over periods · bar: side by side · share: parts of a whole' }),
  measures: z.array(z.string().max(60)).min(1).max(4).meta({ description: 'counted in the same unit' }),
  by,
})

export const Block = z.discriminatedUnion('kind', [Paragraph, Quote, Caption, FigureTable, FigureChart])
export type Block = z.infer<typeof Block>

const Section = z.strictObject({
  heading: text(40, 0).default('').meta({ description: 'a couplet is two halves with a space between' }),
  blocks: z.array(Block).min(1).max(40),
})

/** What a review is made of; every text may hold tokens, nothing else in it may be a number of the district. */
export const Template = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{2,40}$/),
    occasion: text(20, 0).default('').meta({ description: '栏目或专题' }),
    masthead: text(40, 0).default('').meta({ description: '报头：刊名或单位' }),
    title: text(40),
    subtitle: text(60, 0).default(''),
    bylines: z.array(text(40)).max(6).default([]),
    lead: text(800, 0).default('').meta({ description: '导语' }),
    thesis: text(800, 0).default('').meta({ description: '总述' }),
    sections: z.array(Section).min(1).max(30),
    closing: text(600, 0).default('').meta({ description: '结语' }),
    credits: z.array(text(60)).max(10).default([]).meta({ description: '署名、审核、供图' }),
  })
  .meta({ id: 'ReportTemplate' })
export type Template = z.infer<typeof Template>
