// Balance identity of a stock of persons: opening + in − out = closing, every cause a number that opens. [STAT-01]
import { z } from 'zod'
import { day, id, instant } from '#core/contract.ts'
import { MeasureInfo } from './definition.ts'
import { EvidenceQuery } from './reading.ts'

export const BalanceQuery = EvidenceQuery.pick({ measure: true, unit: true, period: true, known: true })
export type BalanceQuery = z.infer<typeof BalanceQuery>

const number = z.int().nullable().meta({ description: 'null: not shown, too few persons' })
const causes = z.array(z.strictObject({ key: z.string(), name: z.string(), value: number }))

export const Balance = z
  .strictObject({
    measure: MeasureInfo,
    unit: z.strictObject({ id, name: z.string() }),
    period: z.strictObject({ key: z.string(), from: day, to: day }),
    asOf: instant,
    opening: number,
    in: number,
    out: number,
    closing: number,
    increases: causes,
    decreases: causes,
    holds: z.boolean().meta({ description: 'no person came, stayed away or doubled without a cause' }),
    difference: z.int().meta({ description: 'opening + in − out − closing; may be 0 although it does not hold' }),
    broken: z
      .array(
        z.strictObject({
          personId: id,
          name: z.string(),
          unitName: z.string(),
          opening: z.boolean(),
          in: z.int(),
          out: z.int(),
          closing: z.boolean(),
          why: z.string(),
        }),
      )
      .meta({ description: 'persons in whom it is violated, the first 200' }),
    brokenTotal: z.int(),
    suppression: z.string().nullable(),
  })
  .meta({ id: 'Balance' })
export type Balance = z.infer<typeof Balance>
