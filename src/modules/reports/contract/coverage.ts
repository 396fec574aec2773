import { z } from 'zod'
import { can, day, id, listOf, paging, text } from '#core/contract.ts'

const choice = z.string().regex(/^[a-z0-9-]{1,40}$/)

/** What appeared in print, on air or at a meeting; typed by hand with its source, for nobody can count it for us. */
export const RecordCoverage = z.strictObject({
  mechanismId: z.string().max(60),
  unitId: id,
  form: choice,
  level: choice,
  outlet: text(40),
  title: text(100),
  link: z
    .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'format' }).max(300)])
    .default('')
    .meta({ description: 'address of the text; never fetched by us' }),
  on: day,
})
export type RecordCoverage = z.infer<typeof RecordCoverage>

export const Coverage = RecordCoverage.omit({ unitId: true })
  .extend({
    id,
    link: z.string(),
    unit: z.strictObject({ id, name: z.string() }),
    manuscriptId: id.nullable(),
    withdrawn: z.boolean(),
    can,
  })
  .meta({ id: 'Coverage' })
export type Coverage = z.infer<typeof Coverage>

export const CoverageList = listOf(Coverage)
export const ListCoverage = z.strictObject({
  mechanism: z.string().max(60).optional(),
  form: choice.optional(),
  level: choice.optional(),
  search: text(40).optional(),
  ...paging,
})
export type ListCoverage = z.infer<typeof ListCoverage>

export const WithdrawCoverage = z.strictObject({ reason: text(200) })
