import { z } from 'zod'
import { day, id, instant, paging, text } from '#core/contract.ts'
import { MeasureInfo } from './definition.ts'

const measureId = z
  .string()
  .regex(/^[a-z-]+\.[a-z0-9-]+(@\d{1,4})?$/, { error: 'format' })
  .meta({
    description: 'id of a measure, in the version in force; `own.x@2`: in that version',
  })

const tree = z.union([z.enum(['day', 'today']), day]).meta({
  description:
    'today (default): records stand where their unit stands today; day: where it stood on the day of the record; a date: where it stands on that day; of a day to come, as it is planned',
})
const known = instant.meta({ description: 'as it was known at that instant; as it is known now when absent' })
const period = z.string().max(30).meta({
  description:
    'this year when absent. A period: 2026 · 2026-Q3 · 2026-H1 · 2026-11 · 2026-W47 · 2026-11-22 · 2026-01-01..2026-11-22. In words, by the date in Asia/Shanghai: today · yesterday · this-month · last-month · month-to-date · same-month-last-year (also week, quarter, half, year) · last-12-months (any number of days, weeks, months, quarters, halfs, years; the running one is the last) · same-period-last-year (1 January until today, a year ago)',
})
const unit = z
  .union([z.literal('own'), id])
  .meta({ description: 'this unit and below; `own`, or absent: the unit of my mandate' })
const dimension = '[a-z]+(\\.[a-z]+)?'

export const ReadFiguresQuery = z.strictObject({
  measures: z
    .string()
    .max(2000)
    .optional()
    .meta({ description: 'measure ids, comma separated; every measure when absent' }),
  unit: unit.optional(),
  period: period.optional(),
  by: z
    .string()
    .regex(new RegExp(`^(child|level:[1-9]|kind|sex|age|month|quarter|year|dim:${dimension})$`), { error: 'choice' })
    .optional()
    .meta({
      description:
        'child: units just below · level:3: units of the third level of the tree · kind: kind of unit · sex, age: of persons · month, quarter, year: a series · dim:category: a dimension of the measure',
    }),
  compare: z.enum(['previous', 'last-year']).optional().meta({
    description: 'beside it the period before, or the same days a year ago; a running period counts until today',
  }),
  tree: tree.optional(),
  known: known.optional(),
})
export type ReadFiguresQuery = z.infer<typeof ReadFiguresQuery>

const Number_ = z.strictObject({
  value: z
    .number()
    .nullable()
    .meta({ description: 'null where there is no number: an empty denominator is never 0% or 100%' }),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  suppressed: z.boolean().meta({ description: 'not shown: too few persons, or it would give away such a number' }),
})
export type Number_ = z.infer<typeof Number_>

const compared = {
  before: Number_.nullable().meta({ description: 'in the period compared with; null without `compare`' }),
  change: z.number().nullable().meta({ description: 'value − before.value; of a percentage in 个百分点' }),
}

export const Figure = z
  .strictObject({
    measure: MeasureInfo,
    ...Number_.shape,
    ...compared,
    suppression: z.string().nullable().meta({ description: 'why some numbers are not shown' }),
    note: z.string().nullable().meta({ description: 'how ages were counted, and what else a reader must know' }),
    rows: z
      .array(
        z.strictObject({ key: z.string(), name: z.string(), unitId: id.nullable(), ...Number_.shape, ...compared }),
      )
      .meta({ description: 'breakdown or series; empty without `by`' }),
  })
  .meta({ id: 'Figure' })
export type Figure = z.infer<typeof Figure>

const stretch = z.strictObject({ key: z.string(), from: day, to: day })

export const Figures = z
  .strictObject({
    unit: z.strictObject({ id, name: z.string() }),
    period: stretch,
    comparedWith: stretch.nullable(),
    tree,
    planned: z.array(day).meta({
      description: 'days of reorganisations decided but not yet carried out that the tree of a day to come rests on',
    }),
    asOf: instant,
    figures: z.array(Figure),
  })
  .meta({ id: 'Figures' })
export type Figures = z.infer<typeof Figures>

export const EvidenceQuery = z.strictObject({
  measure: measureId.meta({ description: 'as listMeasures names it' }),
  unit: unit.optional(),
  period: period.optional(),
  tree: tree.optional(),
  known: known.optional(),
  part: z
    .enum(['numerator', 'denominator', 'opening', 'in', 'out', 'closing'])
    .optional()
    .meta({ description: 'of a ratio: numerator (when absent) or denominator; of a balance: one of its sides' }),
  where: z
    .string()
    .regex(new RegExp(`^${dimension}:.{0,60}$`), { error: 'format' })
    .optional()
    .meta({ description: 'one value of a dimension, `category:care`' }),
  search: text(40).optional(),
  ...paging,
})
export type EvidenceQuery = z.infer<typeof EvidenceQuery>

export const Evidence = z
  .strictObject({
    measure: MeasureInfo,
    unit: z.strictObject({ id, name: z.string() }),
    period: stretch,
    asOf: instant,
    total: z.int().meta({ description: 'number of rows: of a count or a persons measure it is the number itself' }),
    sum: z.number().meta({ description: 'sum of quantities over all rows' }),
    persons: z.boolean().meta({ description: 'the records are of persons' }),
    rows: z.array(
      z.strictObject({
        record: id,
        label: z.string(),
        day: day.nullable(),
        unitId: id,
        unitName: z.string(),
        quantity: z.number(),
        link: z.string(),
      }),
    ),
  })
  .meta({ id: 'Evidence' })
export type Evidence = z.infer<typeof Evidence>
