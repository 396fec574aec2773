// The three rates: integers first, percentage last, “—” for an empty denominator. [REQ-R, REQ-11]
import { z } from 'zod'
import { day, id } from '#core/contract.ts'

export const ReadRatesQuery = z.strictObject({
  unit: id,
  from: day,
  to: day.meta({ description: 'last day, included; demands first dispatched in these days are counted' }),
  mechanism: z.string().max(60).optional(),
  by: z.enum(['unit', 'category']).optional().meta({ description: 'broken down by child unit or by category' }),
  lens: z.enum(['place', 'owner']).optional(),
})
export type ReadRatesQuery = z.infer<typeof ReadRatesQuery>

export const Rate = z
  .strictObject({
    numerator: z.int(),
    denominator: z.int(),
    text: z.string().meta({ description: '96.8%, 样本不足 or —' }),
    band: z.string().nullable().meta({ description: 'A, B, C by the mechanism’s settings; null without enough cases' }),
  })
  .meta({ id: 'Rate' })
export type Rate = z.infer<typeof Rate>

export const RateRow = z.strictObject({
  key: z.string(),
  name: z.string(),
  unitId: id.nullable(),
  dispatched: z.int(),
  excluded: z.int().meta({ description: 'taken out after review; always shown' }),
  suspended: z.int().meta({ description: '挂账, apart from the solved rate' }),
  response: Rate,
  solved: Rate,
  satisfied: Rate,
  composite: z.string().nullable(),
})
export type RateRow = z.infer<typeof RateRow>

export const Rates = z
  .strictObject({
    whole: RateRow,
    rows: z.array(RateRow).meta({ description: 'in the order of the tree or of the catalogue, never of the result' }),
    method: z.string(),
  })
  .meta({ id: 'Rates' })
export type Rates = z.infer<typeof Rates>
