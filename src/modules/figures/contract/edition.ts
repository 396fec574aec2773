import { z } from 'zod'
import { can, day, id, instant, listOf, paging, text } from '#core/contract.ts'
import { MeasureInfo } from './definition.ts'

const reference = z.string().regex(/^[a-z-]+\.[a-z0-9-]+(@\d{1,4})?$/, { error: 'format' })

export const PrepareEdition = z.strictObject({
  title: text(60),
  measures: z
    .array(reference)
    .min(1)
    .max(200)
    .meta({ description: 'each in the version in force, unless one is named' }),
  unit: z.union([z.literal('own'), id]).optional(),
  period: z.string().max(30).optional(),
  tree: z
    .union([z.enum(['day', 'today']), day])
    .default('today')
    .meta({ description: 'today: the tree as it stands while the edition is prepared, for good' }),
})
export type PrepareEdition = z.infer<typeof PrepareEdition>

const number = {
  value: z.number().nullable(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  suppressed: z.boolean(),
}

/** One figure as it was signed: its definition goes along, for definitions change. */
export const SignedFigure = z.strictObject({
  measure: MeasureInfo,
  ...number,
  note: z.string().nullable(),
  suppression: z.string().nullable(),
  evidence: z.string().meta({ description: 'SHA-256 of the records behind the number' }),
  rows: z
    .array(z.strictObject({ key: z.string(), name: z.string(), unitId: id.nullable(), ...number }))
    .meta({ description: 'by child unit' }),
})

/** What is signed: the exact text of this is kept, hashed and rendered from. */
export const EditionBody = z.strictObject({
  id,
  no: z.int(),
  title: z.string(),
  unit: z.strictObject({ id, name: z.string() }),
  period: z.strictObject({ key: z.string(), from: day, to: day }),
  tree: z.union([z.literal('day'), day]),
  asOf: instant,
  preparedBy: z.string(),
  preparedAt: instant,
  figures: z.array(SignedFigure),
})
export type EditionBody = z.infer<typeof EditionBody>

export const EditionState = z.enum(['prepared', 'signed', 'dropped'])

export const EditionRow = z
  .strictObject({
    id,
    no: z.int(),
    title: z.string(),
    unit: z.strictObject({ id, name: z.string() }),
    state: EditionState,
    asOf: instant,
    preparedBy: z.string(),
    preparedAt: instant,
    signedBy: z.string().nullable(),
    signedAt: instant.nullable(),
    hash: z.string().meta({ description: 'SHA-256 of the signed text, hex' }),
    can,
  })
  .meta({ id: 'Edition' })
export type EditionRow = z.infer<typeof EditionRow>

export const EditionPage = EditionRow.extend({
  body: EditionBody,
  holds: z.boolean().meta({ description: 'text, hash and signature still belong together' }),
}).meta({ id: 'EditionPage' })
export type EditionPage = z.infer<typeof EditionPage>

export const EditionList = listOf(EditionRow)
export const ListEditions = z.strictObject({ state: EditionState.optional(), ...paging })
export type ListEditions = z.infer<typeof ListEditions>

export const DropEdition = z.strictObject({ reason: text(200) })

/** One record that is counted otherwise than it was. */
const Restated = z.strictObject({
  record: id,
  label: z.string(),
  link: z.string(),
  day: day.nullable(),
  unitId: id,
  unitName: z.string(),
  before: z.number(),
  after: z.number(),
  why: z
    .strictObject({ action: z.string(), actor: z.string(), at: instant, reason: z.string().nullable() })
    .nullable()
    .meta({ description: 'the entry of the history that made it so; null where a day passed or the tree changed' }),
})

export const Restatement = z
  .strictObject({
    measure: MeasureInfo,
    part: z.enum(['numerator', 'denominator']),
    signed: z.number().nullable(),
    now: z.number().nullable(),
    difference: z.number().meta({ description: 'the sum of after − before over all rows: now − signed, exactly' }),
    total: z.int(),
    persons: z.boolean().meta({ description: 'the records are of persons' }),
    rows: z.array(Restated),
    units: z
      .array(z.strictObject({ unitId: id, unitName: z.string(), change: z.number() }))
      .meta({ description: 'the effect per unit' }),
  })
  .meta({ id: 'Restatement' })
export type Restatement = z.infer<typeof Restatement>

export const RestatementQuery = z.strictObject({
  measure: reference,
  part: z.enum(['numerator', 'denominator']).optional(),
  ...paging,
})
export type RestatementQuery = z.infer<typeof RestatementQuery>

export const EditionRestatements = z
  .strictObject({
    edition: EditionRow,
    checkedAt: instant,
    figures: z.array(
      z.strictObject({
        measure: MeasureInfo,
        signed: z.number().nullable(),
        now: z.number().nullable(),
        restated: z.boolean().meta({ description: 'value or records are others than those signed' }),
      }),
    ),
  })
  .meta({ id: 'EditionRestatements' })
export type EditionRestatements = z.infer<typeof EditionRestatements>
