// What each further step of a demand's life is asked with: dispute, clocks, merge, rework, exclusion, support, batches, occasions.
import { z } from 'zod'
import { can, day, id, instant, listOf, paging, term, text } from '#core/contract.ts'
import { ExclusionGround, ListDemandsQuery } from './demand.ts'
import { categoryId, DemandState, mechanismId, OccasionKind } from './settings.ts'

const reason = text(300, 2)

export const DisputeDispatch = z.strictObject({
  reason,
  basis: text(200, 2).meta({ description: 'law, 三定 or list of duties it rests on' }),
})
export type DisputeDispatch = z.infer<typeof DisputeDispatch>

export const ReviewDispute = z
  .strictObject({
    outcome: z.enum(['reassigned', 'upheld']),
    leadId: id.optional().meta({ description: 'the unit responsible from now on' }),
    reason,
  })
  .refine((r) => (r.outcome === 'reassigned') === (r.leadId !== undefined), { message: 'required', path: ['leadId'] })
export type ReviewDispute = z.infer<typeof ReviewDispute>

export const DeclineDemand = z.strictObject({ reason, legalChannel: text(20) })
export type DeclineDemand = z.infer<typeof DeclineDemand>

export const ExtendDemand = z.strictObject({ term, reason: reason.meta({ description: 'told to the resident' }) })
export type ExtendDemand = z.infer<typeof ExtendDemand>

export const SuspendDemand = z.strictObject({ reason, plan: text(500, 2), leader: text(30), reviewOn: day })
export type SuspendDemand = z.infer<typeof SuspendDemand>

export const Reasoned = z.strictObject({ reason })
export type Reasoned = z.infer<typeof Reasoned>

export const MergeDemand = z.strictObject({
  intoId: id,
  ground: z.enum(['same-person', 'same-matter', 'same-cause']),
  reason,
})
export type MergeDemand = z.infer<typeof MergeDemand>

export const SplitDemand = z.strictObject({
  parts: z
    .array(z.strictObject({ category: categoryId, title: text(40), words: text(1000) }))
    .min(1)
    .max(5)
    .meta({ description: 'the further matters; the demand itself stays the first' }),
  reason,
})
export type SplitDemand = z.infer<typeof SplitDemand>

export const VerifyDemand = z.strictObject({ passed: z.boolean(), note: text(300, 0).optional() })
export type VerifyDemand = z.infer<typeof VerifyDemand>

export const AskExclusion = z.strictObject({ ground: ExclusionGround, reason })
export type AskExclusion = z.infer<typeof AskExclusion>

export const DecideExclusion = z.strictObject({ granted: z.boolean(), reason })
export type DecideExclusion = z.infer<typeof DecideExclusion>

export const ListExclusionsQuery = z.strictObject({
  unit: id.optional(),
  pending: z.enum(['true', 'false']).optional(),
  ...paging,
})
export type ListExclusionsQuery = z.infer<typeof ListExclusionsQuery>

export const AddSupport = z.strictObject({ unitId: id, dueAt: instant.optional() })
export type AddSupport = z.infer<typeof AddSupport>

export const ReportDispatch = z.strictObject({ report: text(1000) })
export type ReportDispatch = z.infer<typeof ReportDispatch>

export const RateDispatch = z.strictObject({
  rating: z.enum(['prompt', 'late', 'absent']),
  note: text(200, 0).optional(),
})
export type RateDispatch = z.infer<typeof RateDispatch>

/** 吹哨: the matter, the units needed, the limit. */
export const Whistle = z.strictObject({
  mechanismId,
  placeId: id,
  category: categoryId,
  title: text(40).optional(),
  words: text(1000),
  unitIds: z.array(id).min(1).max(10),
  dueAt: instant.optional().meta({ description: 'report in by then; the mechanism’s limit when absent' }),
})
export type Whistle = z.infer<typeof Whistle>

const itemResult = z.strictObject({ id, ok: z.boolean(), code: z.string().nullable(), text: z.string().nullable() })
export const ManyResults = z.strictObject({ done: z.int(), results: z.array(itemResult) })
export type ManyResults = z.infer<typeof ManyResults>

/** Units that may be called to a matter at a place: those the asker sees, the line above the place, the departments. [REQ-01] */
export const HandlingUnitsQuery = z.strictObject({
  place: id.meta({ description: 'where the matter is' }),
  search: text(40)
    .optional()
    .meta({ description: 'part of a name, pinyin or initials; without it departments and the units above the place' }),
  limit: paging.limit.meta({ description: 'rows at once, 1 … 500; 100 when absent' }),
})
export type HandlingUnitsQuery = z.infer<typeof HandlingUnitsQuery>

export const HandlingUnits = z.strictObject({
  rows: z.array(z.strictObject({ id, name: z.string(), kindName: z.string(), parentName: z.string().nullable() })),
})

export const DispatchMany = z.strictObject({ ids: z.array(id).min(1).max(100), leadId: id, note: text(200).optional() })
export type DispatchMany = z.infer<typeof DispatchMany>
export const SignMany = z.strictObject({ ids: z.array(id).min(1).max(100) })
export type SignMany = z.infer<typeof SignMany>

export const CountDemandsQuery = ListDemandsQuery.omit({ limit: true, offset: true, sort: true })
export type CountDemandsQuery = z.infer<typeof CountDemandsQuery>
export const StateCounts = z
  .strictObject({
    total: z.int(),
    states: z.array(z.strictObject({ state: DemandState, count: z.int(), late: z.int() })),
  })
  .meta({ id: 'StateCounts' })
export type StateCounts = z.infer<typeof StateCounts>

export const RecordOccasion = z.strictObject({
  mechanismId,
  placeId: id,
  kind: OccasionKind,
  heldOn: day,
  met: z.int().min(0).max(100_000).optional().meta({ description: '人次 met; nobody is named' }),
  note: text(300, 0).optional(),
})
export type RecordOccasion = z.infer<typeof RecordOccasion>

export const Occasion = z
  .strictObject({
    id,
    mechanismId: z.string(),
    kind: OccasionKind,
    placeId: id,
    placeName: z.string(),
    heldOn: day,
    met: z.int(),
    note: z.string(),
    found: z.int().meta({ description: 'demands collected there' }),
    solved: z.int(),
    can,
  })
  .meta({ id: 'Occasion' })
export type Occasion = z.infer<typeof Occasion>
export const OccasionList = listOf(Occasion)
export const ListOccasionsQuery = z.strictObject({
  unit: id.optional(),
  mechanism: z.string().max(60).optional(),
  kind: OccasionKind.optional(),
  from: day.optional(),
  to: day.optional(),
  sort: z.enum(['held', '-held', 'met', '-met']).optional().meta({ description: '-held (default): newest first' }),
  ...paging,
})
export type ListOccasionsQuery = z.infer<typeof ListOccasionsQuery>
