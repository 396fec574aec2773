import { z } from 'zod'
import { text } from '#core/contract.ts'

const named = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), name: text(20) })
const unique = (rows: { id: string }[]) => new Set(rows.map((r) => r.id)).size === rows.length

/** What a mechanism of the engine `reports` says: which texts are written, how often, and what outside coverage is kept. */
export const ReportSettings = z.strictObject({
  writes: z.boolean().default(true).meta({ description: 'texts are drafted, checked and approved here' }),
  cadence: z.enum(['half-year', 'year', 'occasion']).default('year'),
  levels: z
    .array(named)
    .min(1)
    .max(10)
    .refine(unique, { error: 'twice' })
    .meta({ description: 'levels of outlets: central, province, city, county' }),
  forms: z
    .array(named)
    .max(10)
    .default([])
    .refine(unique, { error: 'twice' })
    .meta({ description: 'kinds of coverage kept as records: article, broadcast, speech, visit; none where empty' }),
})
export type ReportSettings = z.infer<typeof ReportSettings>
