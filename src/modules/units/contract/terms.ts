// 届次: how long the committee a Party organisation elected may serve, and who let it be longer or shorter. [BR-11, BR-12]
import { z } from 'zod'
import { can, day, id, instant, listOf, paging, queryFlag, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'
import { kindId, mechanismId } from './unit.ts'

export const termFail = problems('term', {
  'not-found': { status: 404, text: '没有找到这一届次或申请，或者不在您的查看范围内。' },
  'no-elections': {
    status: 422,
    text: '“{unit}”这类组织不按期换届（如临时、功能型党组织），没有届次。',
    ground: 'BR-06',
  },
  number: { status: 409, text: '前后届次是{around}，这一届不能是第{no}届。' },
  'same-day': { status: 409, text: '{on}已登记过选举，请勿重复。' },
  early: {
    status: 409,
    text: '本届应于{due}届满，{on}选举属提前换届：请先报上级党组织批准，提前不超过一年。',
    ground: 'BR-12',
  },
  'beyond-year': {
    status: 422,
    text: '延期或者提前不得超过一年：须在{from}到{to}之间，且不能是届满日本身。',
    ground: 'BR-12',
  },
  'not-current': { status: 409, text: '只有现任的一届可以延期或者提前。' },
  'asked-already': { status: 409, text: '这一届已有一项申请等待批准，请先撤回或等待批复。' },
  'same-hand': { status: 409, text: '申请人不能批准自己的申请，请由上级党组织的其他人员办理。', ground: 'BR-12' },
  'yours-to-decide': {
    status: 409,
    text: '这项申请由您批复：不同意的请批复“不同意”。撤回由提出申请的党组织办理。',
    ground: 'BR-12',
  },
  decided: { status: 409, text: '这项申请已经批复或撤回，不能再办理。' },
})

/** Committees of these kinds are elected for so many years; kinds not named have no terms. */
export const ElectionSetting = z.strictObject({
  kinds: z.array(kindId).min(1).max(30),
  years: z.int().min(1).max(10).meta({ description: '村、社区 5；其他支部 3；总支 3；基层党委 5 [BR-11]' }),
})

/** in-term 任期内 · soon 半年内届满 · expired 已届满 · severe 届满超过一年 · none 未登记届次 [BR-12] */
export const Light = z.enum(['in-term', 'soon', 'expired', 'severe', 'none'])
export type Light = z.infer<typeof Light>

export const TermShift = z
  .strictObject({
    id,
    termId: id,
    unitId: id,
    unitName: z.string(),
    no: z.int(),
    fromDay: day.meta({ description: 'the day on which the term was due before' }),
    toDay: day,
    reason: z.string(),
    state: z.enum(['asked', 'granted', 'declined', 'withdrawn']),
    askedBy: z.string(),
    askedAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    basis: z.string().meta({ description: 'the superior’s decision: number of the document, or why not' }),
    can,
  })
  .meta({ id: 'TermShift' })
export type TermShift = z.infer<typeof TermShift>

const term = {
  id,
  no: z.int(),
  electedOn: day,
  dueOn: day.meta({ description: 'as approved, where the day was moved' }),
  regularDueOn: day.meta({ description: 'elected plus the years of the kind' }),
  basis: z.string(),
}

/** One organisation that is due to elect, with the term its committee is in. */
export const TermRow = z
  .strictObject({
    id: id.meta({ description: 'of the unit' }),
    unitName: z.string(),
    kind: z.string(),
    kindName: z.string(),
    parentName: z.string().nullable(),
    mechanismId: z.string(),
    years: z.int(),
    term: z.strictObject(term).nullable(),
    left: z.int().nullable().meta({ description: 'days until it is due; negative when past' }),
    light: Light,
    asked: z.boolean().meta({ description: 'a request to move the day waits for the superior' }),
    can,
  })
  .meta({ id: 'TermRow' })
export type TermRow = z.infer<typeof TermRow>

export const ListTermsQuery = z.strictObject({
  unit: id.optional().meta({ description: 'this unit and below; of a place, the organisations that serve it' }),
  light: z
    .enum([...Light.options, 'past', 'due'])
    .optional()
    .meta({ description: 'past: by whatever time; due: within half a year, or past' }),
  kind: kindId.optional(),
  search: text(40).optional(),
  sort: z.enum(['due', '-due', 'unit']).optional(),
  ...paging,
})
export type ListTermsQuery = z.infer<typeof ListTermsQuery>
export const TermList = listOf(TermRow)

export const TermLightsQuery = ListTermsQuery.pick({ unit: true, kind: true })
export const TermLights = z
  .strictObject({ lights: z.array(z.strictObject({ light: Light, units: z.int() })) })
  .meta({ id: 'TermLights' })

export const UnitTerm = z
  .strictObject({
    ...term,
    endedOn: day.nullable(),
    mechanismId: z.string(),
    current: z.boolean(),
    left: z.int().nullable().meta({ description: 'days until it is due, of the current one' }),
    light: Light.nullable(),
    can,
  })
  .meta({ id: 'UnitTerm' })
export type UnitTerm = z.infer<typeof UnitTerm>

export const UnitTerms = z
  .strictObject({
    elections: z.array(z.strictObject({ mechanismId: z.string(), mechanismName: z.string(), years: z.int() })),
    terms: z.array(UnitTerm),
    shifts: z.array(TermShift),
  })
  .meta({ id: 'UnitTerms' })
export type UnitTerms = z.infer<typeof UnitTerms>

export const RecordElection = z.strictObject({
  mechanismId,
  no: z.int().min(1).max(99).meta({ description: '第几届' }),
  electedOn: day,
  basis: text(100, 2).meta({ description: 'the approval of the result, e.g. its document number' }),
})
export type RecordElection = z.infer<typeof RecordElection>

export const AskShift = z.strictObject({ toDay: day, reason: text(200, 2) })
export type AskShift = z.infer<typeof AskShift>

export const DecideShift = z.strictObject({ granted: z.boolean(), basis: text(100, 2) })
export type DecideShift = z.infer<typeof DecideShift>

export const VoidTerm = z.strictObject({ reason: text(200, 2) })

export const ListShiftsQuery = z.strictObject({
  unit: id.optional(),
  state: TermShift.shape.state.optional(),
  decidable: queryFlag.optional().meta({ description: 'those that wait for the asker’s word' }),
  sort: z.enum(['asked', '-asked']).optional().meta({ description: 'by when it was asked; the latest first' }),
  ...paging,
})
export type ListShiftsQuery = z.infer<typeof ListShiftsQuery>
export const TermShiftList = listOf(TermShift)
