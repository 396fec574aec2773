// Work orders of the 12345 hotline, taken in from its own file; the hotline's number makes a second import change nothing.
import { z } from 'zod'
import { id, instant, phone, text } from '#core/contract.ts'
import { mechanismId } from './settings.ts'

export const HotlineRow = z.strictObject({
  no: z.string().regex(/^[0-9A-Za-z-]{4,40}$/, { error: 'format' }),
  place: text(60).meta({ description: 'name or code of the place, as the hotline writes it' }),
  category: text(40).meta({ description: 'name or id in the dispatch catalogue' }),
  words: text(1000),
  title: text(40).optional(),
  name: text(30).optional(),
  phone: phone.optional(),
  openedAt: instant.optional().meta({ description: 'when the hotline took it; the clocks start then' }),
})
export type HotlineRow = z.infer<typeof HotlineRow>

const target = {
  mechanismId,
  placeId: id.meta({ description: 'the unit below which places are looked for' }),
}

export const ImportHotline = z.strictObject({
  ...target,
  rows: z
    .array(z.record(z.string().max(40), z.unknown()))
    .min(1)
    .max(1000)
    .meta({ description: 'rows by field name: no, place, category, words, title, name, phone, openedAt' }),
  dryRun: z.boolean().optional(),
})
export type ImportHotline = z.infer<typeof ImportHotline>

export const ImportHotlineQuery = z.strictObject({ ...target, dryRun: z.enum(['true', 'false']).optional() })
export type ImportHotlineQuery = z.infer<typeof ImportHotlineQuery>

export const HotlineResult = z
  .strictObject({
    created: z.int(),
    known: z.int(),
    wrong: z.int(),
    rows: z.array(
      z.strictObject({
        row: z.int(),
        no: z.string(),
        result: z.enum(['created', 'known', 'wrong', 'would-create']),
        id: id.nullable(),
        why: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'HotlineResult' })
export type HotlineResult = z.infer<typeof HotlineResult>
