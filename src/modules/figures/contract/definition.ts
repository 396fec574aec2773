// A measure as data: picked from facts, filters and aggregates, in versions that are never changed once they were in force.
import { z } from 'zod'
import { can, day, id, instant, listOf, queryFlag, text } from '#core/contract.ts'
import { aggregates, classifiers, moments } from '#core/facts.ts'

export const Classifier = z.enum(classifiers)

const key = z.string().max(80)
export const Filter = z.strictObject({
  dimension: z.string().regex(/^[a-z]+(\.[a-z]+)?$/, { error: 'format' }),
  in: z.array(key).min(1).max(100).optional().meta({ description: 'one of these values' }),
  not: z.array(key).min(1).max(100).optional().meta({ description: 'none of these values' }),
  from: z.int().min(0).max(150).optional().meta({ description: 'age: at least' }),
  to: z.int().min(0).max(150).optional().meta({ description: 'age: at most; 35岁以下 is not yet 36 [AGE-02]' }),
})

const filters = z.array(Filter).max(20)
const reference = z.string().regex(/^[a-z-]+\.[a-z0-9-]+(@\d{1,4})?$/, { error: 'format' })
const words = {
  name: text(40),
  definition: text(300).meta({ description: '口径' }),
  classifier: Classifier,
  verbs: z.array(text(12)).min(1).max(12).meta({ description: 'verbs a sentence may state it with' }),
  ground: text(60).optional(),
}

export const Definition = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('counted'),
      ...words,
      fact: z.string().max(60),
      filters: filters.default([]),
      aggregate: z.enum(aggregates),
      moment: z.enum(moments).optional().meta({ description: 'of a stock: at the end, at the start, begun, ended' }),
      since: day.optional().meta({ description: '累计: counted from this day' }),
    }),
    z.strictObject({ kind: z.literal('ratio'), ...words, ratio: z.tuple([reference, reference]) }),
    z.strictObject({
      kind: z.literal('share'),
      ...words,
      share: z.strictObject({ of: reference, where: filters.min(1) }),
    }),
    z.strictObject({ kind: z.literal('balance'), ...words, balance: reference }),
  ])
  .meta({ id: 'MeasureDefinition' })
export type Definition = z.infer<typeof Definition>

const Named = z.strictObject({ id: z.string(), name: z.string() })

export const MeasureInfo = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    name: z.string(),
    classifier: Classifier,
    verbs: z.array(z.string()),
    definition: z.string().meta({ description: '口径' }),
    formula: z.string(),
    kind: z.enum(['flow', 'stock', 'ratio']),
    ground: z.string().nullable(),
    persons: z.boolean().meta({ description: 'counts persons or what persons did: small groups are not shown' }),
    list: z
      .string()
      .nullable()
      .meta({ description: 'the stored list it is a share of: only such a ratio can be 100%' }),
    balance: z.boolean().meta({ description: 'opening + in − out = closing can be read' }),
    since: day.nullable().meta({ description: '累计 from this day' }),
    dimensions: z.array(Named),
  })
  .meta({ id: 'Measure' })
export type MeasureInfo = z.infer<typeof MeasureInfo>

/** One version of a measure in the catalogue. */
export const MeasureVersion = MeasureInfo.extend({
  pinyin: z.string().meta({ description: 'of the name, in full and initials, to search by' }),
  own: z.boolean().meta({ description: 'defined by the district; otherwise it comes with the system' }),
  stated: Definition.meta({ description: 'as it was defined' }),
  owner: Named.nullable(),
  from: day.nullable(),
  to: day.nullable().meta({ description: 'first day it is no longer in force' }),
  inForce: z.boolean(),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  restedOnBy: z.array(Named).meta({ description: 'measures in force that are made of this one' }),
  can,
}).meta({ id: 'MeasureVersion' })
export type MeasureVersion = z.infer<typeof MeasureVersion>

export const MeasureList = listOf(MeasureVersion)

export const ListMeasuresQuery = z.strictObject({
  search: text(40).optional().meta({ description: 'name, id, 口径, pinyin or initials' }),
  retired: queryFlag.optional().meta({ description: 'also those no longer in force' }),
  own: queryFlag.optional().meta({ description: 'only what the district defined itself' }),
})
export type ListMeasuresQuery = z.infer<typeof ListMeasuresQuery>

const from = day.optional().meta({ description: 'in force from; today when absent' })
const reason = text(200)

export const DefineMeasure = z.strictObject({
  id: z
    .string()
    .regex(/^own\.[a-z0-9-]{1,40}$/, { error: 'format' })
    .optional()
    .meta({ description: 'own.…; made of the name when absent' }),
  stated: Definition,
  ownerId: id.optional().meta({ description: 'unit that answers for it; my own unit when absent' }),
  from,
  reason,
})
export type DefineMeasure = z.infer<typeof DefineMeasure>

export const ReviseMeasure = z.strictObject({ stated: Definition, from, reason })
export type ReviseMeasure = z.infer<typeof ReviseMeasure>

export const RetireMeasure = z.strictObject({ on: from, reason })
export type RetireMeasure = z.infer<typeof RetireMeasure>

export const PreviewMeasure = z.strictObject({
  stated: Definition,
  unit: id.optional(),
  period: z.string().max(30).optional(),
})
export type PreviewMeasure = z.infer<typeof PreviewMeasure>

/** What a measure can be picked from. */
export const FactInfo = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['event', 'stock']),
    tree: z.enum(['place', 'org']),
    persons: z.boolean(),
    list: z.string().nullable(),
    balance: z.boolean(),
    dimensions: z.array(
      Named.extend({
        ages: z.boolean().meta({ description: 'filtered by from–to' }),
        values: z.array(Named).meta({ description: 'known values; empty where they are free words' }),
      }),
    ),
  })
  .meta({ id: 'Fact' })
export type FactInfo = z.infer<typeof FactInfo>

/** What a pack carries: the district's own measures from its first day. */
export const PackMeasure = z.strictObject({ id: z.string().regex(/^own\.[a-z0-9-]{1,40}$/), stated: Definition })
export type PackMeasure = z.infer<typeof PackMeasure>
