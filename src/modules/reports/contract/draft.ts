// Checking a draft somebody else wrote: the text goes in, every number comes back with a verdict; nothing of it is kept.
import { z } from 'zod'
import { id } from '#core/contract.ts'

/** The longest draft that is read at once, in characters. */
export const DRAFT = 60_000

export const CheckDraft = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(DRAFT, { error: 'too-long' })
    .meta({ description: 'the draft as it is; offsets in the answer count its characters' }),
  unit: z
    .union([z.literal('own'), id])
    .optional()
    .meta({ description: 'whose draft it is; `own`, or absent: the unit of my mandate' }),
  period: z.string().max(30).optional().meta({
    description: 'what the draft covers, as for readFigures; this year when absent. A sentence may name its own.',
  }),
  tree: z.enum(['day', 'today']).optional().meta({ description: 'as for readFigures' }),
})
export type CheckDraft = z.infer<typeof CheckDraft>

export const DraftText = z.strictObject({ text: z.string() }).meta({ id: 'DraftText' })
export type DraftText = z.infer<typeof DraftText>

const place = {
  start: z.int().meta({ description: 'characters (Unicode code points) before it in the text as given' }),
  end: z.int(),
  text: z.string(),
}

export const DraftFigure = z.strictObject({
  ...place,
  value: z.number().nullable().meta({ description: 'null where the characters are no single number: 十百千万' }),
  unit: z.string().meta({ description: 'unit of count: 人次, 元, %, 次/周 …' }),
  bound: z.enum(['exact-as-printed', 'lower', 'upper', 'approx']),
  subject: z.string(),
  period: z.string().meta({ description: 'as the sentence names it; empty when it does not' }),
  measure: z
    .strictObject({
      id: z.string(),
      name: z.string(),
      value: z.number().nullable(),
      classifier: z.string(),
      definition: z.string(),
      evidence: z.string().meta({ description: 'address that opens the records' }),
    })
    .optional()
    .meta({ description: 'what the records say' }),
  verdict: z.enum(['confirmed', 'contradicted', 'unsupported', 'ambiguous']),
  reason: z.string().meta({ description: 'why, in Chinese, and what would be true' }),
})
export type DraftFigure = z.infer<typeof DraftFigure>

export const CheckedDraft = z
  .strictObject({
    figures: z.array(DraftFigure),
    ignored: z
      .array(z.strictObject({ ...place, why: z.string() }))
      .meta({ description: 'numbers that are no figures: dates, names, idioms …' }),
  })
  .meta({ id: 'CheckedDraft' })
export type CheckedDraft = z.infer<typeof CheckedDraft>
