import { z } from 'zod'
import { can, day, id, listOf, paging, text } from '#core/contract.ts'
import { kindId, unitCode, unitName } from './unit.ts'

const on = day.optional().meta({ description: 'day of this operation when earlier than the decision takes effect' })

/** What a decision may do. Nothing is ever deleted: units close and name who carries on. [ORG-02] */
export const Operation = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('create'),
    id: id
      .optional()
      .meta({ description: 'chosen by the asker so that other operations of this decision can name the new unit' }),
    parentId: id.nullable(),
    kind: kindId,
    name: unitName,
    code: unitCode.nullable().default(null),
    sort: z.int().min(0).max(1_000_000).default(0),
    on,
  }),
  z.strictObject({ op: z.literal('rename'), unitId: id, name: unitName, on }),
  z.strictObject({ op: z.literal('re-kind'), unitId: id, kind: kindId, on }),
  z.strictObject({ op: z.literal('recode'), unitId: id, code: unitCode.nullable(), on }),
  z.strictObject({ op: z.literal('move'), unitId: id, parentId: id.nullable(), on }),
  z.strictObject({ op: z.literal('merge'), unitIds: z.array(id).min(1).max(100), intoId: id, on }),
  z.strictObject({
    op: z.literal('split'),
    unitId: id,
    into: z
      .array(z.strictObject({ unitId: id, childIds: z.array(id).max(5000) }))
      .min(2)
      .max(50)
      .meta({
        description: 'successors, each created in this decision or already there, with the child units it takes over',
      }),
    restId: id.optional().meta({
      description: 'the successor that takes over what hangs at the unit itself: members, records, open matters',
    }),
    on,
  }),
  z.strictObject({ op: z.literal('close'), unitId: id, successorIds: z.array(id).max(20).default([]), on }),
])
export type Operation = z.infer<typeof Operation>

export const NewUnitChange = z.strictObject({
  effectiveOn: day.meta({ description: 'past or today: carried out at once; later: planned, carried out on that day' }),
  reason: text(500).meta({ description: 'the decision it rests on, e.g. number of the document' }),
  operations: z
    .array(Operation)
    .min(1)
    .max(200)
    .meta({ description: 'carried out in this order, all or none; later ones may name what earlier ones made' }),
})
export type NewUnitChange = z.infer<typeof NewUnitChange>

const State = z.strictObject({
  kind: z.string(),
  kindName: z.string(),
  code: z.string().nullable(),
  name: z.string(),
  parentId: id.nullable(),
  parentName: z.string().nullable(),
})

/** One unit before and after, both on the day of the change. */
export const UnitDifference = z
  .strictObject({
    unitId: id,
    what: z.array(z.enum(['created', 'closed', 'merged', 'split', 'renamed', 'moved', 're-kinded', 'recoded'])),
    before: State.nullable(),
    after: State.nullable(),
    successorIds: z.array(id),
    successorNames: z.array(z.string()).meta({ description: 'of the successors, in the same order' }),
    below: z.int().meta({ description: 'units below it that move along' }),
  })
  .meta({ id: 'UnitDifference' })
export type UnitDifference = z.infer<typeof UnitDifference>

/** What a decision does to the numbers of a unit with all below it, counted as things stand. */
export const ChangeEffect = z
  .strictObject({
    unitId: id,
    unitName: z.string(),
    kindName: z.string(),
    counts: z.array(z.strictObject({ what: z.string(), before: z.int(), after: z.int() })),
  })
  .meta({ id: 'ChangeEffect' })
export type ChangeEffect = z.infer<typeof ChangeEffect>

const ahead = {
  effects: z.array(ChangeEffect).meta({ description: 'units whose counts change, and what hangs at what is touched' }),
  blockers: z
    .array(z.strictObject({ unitId: id, unitName: z.string(), text: z.string(), count: z.int() }))
    .meta({ description: 'what must be settled before a unit can close without one successor [ORG-01]' }),
}

export const ChangePreview = z
  .strictObject({
    effectiveOn: day,
    differences: z.array(UnitDifference),
    ...ahead,
    counts: z.strictObject({ created: z.int(), closed: z.int(), renamed: z.int(), moved: z.int(), carried: z.int() }),
  })
  .meta({ id: 'ChangePreview' })
export type ChangePreview = z.infer<typeof ChangePreview>

export const UnitChange = z
  .strictObject({
    id,
    state: z.enum(['planned', 'done', 'cancelled']),
    effectiveOn: day,
    reason: z.string(),
    operations: z.array(Operation),
    differences: z.array(UnitDifference),
    decidedBy: z.string(),
    decidedAt: z.string(),
    held: z
      .string()
      .nullable()
      .meta({ description: 'why a planned change whose day has come could not be carried out yet' }),
    can,
  })
  .meta({ id: 'UnitChange' })
export type UnitChange = z.infer<typeof UnitChange>

export const UnitChangePage = z.strictObject({ ...UnitChange.shape, ...ahead }).meta({ id: 'UnitChangePage' })
export type UnitChangePage = z.infer<typeof UnitChangePage>

export const UnitChangeList = listOf(UnitChange)
export const ListUnitChangesQuery = z.strictObject({
  state: z.enum(['planned', 'done', 'cancelled']).optional(),
  unit: id.optional(),
  ...paging,
})
export type ListUnitChangesQuery = z.infer<typeof ListUnitChangesQuery>
export const Cancellation = z.strictObject({ reason: text(200) })
