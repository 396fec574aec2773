import { z } from 'zod'
import { day, id, instant, listOf } from '#core/contract.ts'
import type { Preview } from './preview.ts'

/** One number of a document as it was printed: enough to ask the same question again. */
export const Entry = z.strictObject({
  n: z.int(),
  measure: z.string(),
  name: z.string(),
  classifier: z.string(),
  version: z.int().meta({ description: 'version of the definition' }),
  definition: z.string(),
  by: z.string().nullable().meta({ description: 'of a table cell: what its rows are' }),
  key: z.string().nullable().meta({ description: 'of a table cell: which row' }),
  value: z.number(),
  printed: z.string(),
  evidence: z
    .string()
    .meta({ description: 'SHA-256 of the records behind the number; empty where the asker may not see them' }),
})
export type Entry = z.infer<typeof Entry>

export const Manifest = z
  .strictObject({
    id,
    title: z.string(),
    unit: z.strictObject({ id, name: z.string() }),
    period: z.strictObject({ key: z.string(), from: day, to: day }),
    tree: z.enum(['day', 'today']),
    asOf: instant,
    madeBy: z.string(),
    madeAt: instant,
    entries: z.array(Entry),
    pictures: z
      .array(z.strictObject({ title: z.string(), digests: z.array(z.string()) }))
      .default([])
      .meta({ description: 'its charts with the SHA-256 of the pictures they were drawn as' }),
  })
  .meta({ id: 'ReportManifest' })
export type Manifest = z.infer<typeof Manifest>

/** A text and the list of its numbers, of one moment: what a document is made of. */
export interface Made {
  preview: Preview
  manifest: Manifest
}

export const verdicts = ['unchanged', 'restated', 'edited', 'missing', 'gone'] as const

export const Verified = z
  .strictObject({
    document: Manifest.omit({ entries: true, pictures: true }),
    checkedAt: instant,
    counts: z.record(z.enum(verdicts), z.int()),
    entries: z.array(
      Entry.extend({
        found: z
          .string()
          .nullable()
          .meta({ description: 'what stands in the document now; null where it was taken out' }),
        now: z.number().nullable().meta({ description: 'the number today; null where it cannot be read any more' }),
        verdict: z.enum(verdicts).meta({
          description:
            'unchanged; restated: the records say something else today; edited: the digits were changed by hand; missing: taken out of the text; gone: the measure or unit is no longer there for the asker',
        }),
        link: z.string(),
      }),
    ),
    pictures: z.array(
      z.strictObject({
        title: z.string(),
        verdict: z.enum(['unchanged', 'changed']).meta({
          description:
            'changed: the picture that was drawn is no longer in the document: exchanged, taken out, or packed anew by a program',
        }),
      }),
    ),
    loose: z.array(z.string()).meta({ description: 'numbers in the text that no record stands behind: typed by hand' }),
  })
  .meta({ id: 'ReportVerification' })
export type Verified = z.infer<typeof Verified>

export const ManifestList = listOf(Manifest.omit({ entries: true, pictures: true }).extend({ figures: z.int() }))
