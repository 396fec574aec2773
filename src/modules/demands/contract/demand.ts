import { z } from 'zod'
import { can, contact, day, id, instant, listOf, paging, term, text, TimelineEntry } from '#core/contract.ts'
import { categoryId, DemandState, DemandStep, endsAfterStart, Grade, mechanismId } from './settings.ts'
import { TaskState } from './task.ts'

export const Channel = z.enum(['resident', 'secretary', 'hotline', 'visit', 'patrol', 'whistle'])
export const Outcome = z.enum(['solved', 'partly', 'unsolved'])
export const Satisfaction = z.enum(['satisfied', 'basically', 'unsatisfied'])

export const OpenDemand = z.strictObject({
  mechanismId,
  placeId: id.meta({ description: 'the place it is about: an estate, a community …' }),
  category: categoryId,
  title: text(40).optional().meta({ description: 'short, without names; made from category and place when left out' }),
  words: text(1000).meta({ description: 'what is asked, in the resident’s words; stored sealed' }),
  contact: contact.optional().meta({ description: 'who asked; stored sealed, shown masked' }),
  channel: z
    .enum(['secretary', 'hotline', 'visit', 'patrol'])
    .optional()
    .meta({ description: 'how it came in; secretary when absent' }),
  grade: Grade.optional().meta({ description: 'decides the clocks; that of the category when absent' }),
  report: z.boolean().optional().meta({ description: '举报: never shown to the unit complained about' }),
  aboutId: id.optional().meta({ description: 'the unit complained about' }),
  occasionId: id.optional().meta({ description: 'the visit or inspection it was collected at' }),
})
export type OpenDemand = z.infer<typeof OpenDemand>

export const Demand = z
  .strictObject({
    id,
    no: z.int(),
    mechanismId: z.string(),
    channel: Channel,
    category: z.string(),
    categoryName: z.string(),
    grade: Grade,
    title: z.string(),
    placeId: id,
    placeName: z.string(),
    ownerId: id.nullable(),
    ownerName: z.string().nullable(),
    state: DemandState,
    openedAt: instant,
    dueAt: instant.nullable(),
    late: z.boolean(),
    suspendedUntil: z.string().nullable(),
    excluded: z.boolean().meta({ description: 'taken out of the rates after review' }),
    mergedInto: id.nullable(),
    splitFrom: id.nullable(),
    round: z.int().meta({ description: 'how often it was sent back into handling' }),
    closedAt: instant.nullable(),
    outcome: z.enum(['solved', 'partly', 'unsolved', 'explained', 'unreached']).nullable(),
    satisfaction: Satisfaction.nullable(),
    provisional: z.boolean().meta({ description: '暂算: the deadline leans on a calendar year not yet published' }),
    version: z.int(),
    steps: z.array(DemandStep).meta({ description: 'what this reader may do with it now, as far as the row tells' }),
    can,
  })
  .meta({ id: 'Demand' })
export type Demand = z.infer<typeof Demand>

const times = z.strictObject({ used: z.int(), most: z.int() })

/** What holds for this demand: the settings of its mechanism on the day it was opened, and how much of them is used up. [ENG-05] */
export const DemandRules = z.strictObject({
  respond: term,
  resolve: term,
  disputes: times,
  disputeBy: instant.nullable().meta({ description: 'end of the window, while the dispatch may be disputed' }),
  extensions: times,
  redos: times,
  reopenings: times,
  reopenDays: z.int(),
  suspensionMonths: z.int(),
  confirmation: z.enum(['call-back', 'verification', 'none']),
  means: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  legalChannels: z.array(z.string()),
  tasks: z.boolean().meta({ description: 'may be handed to members and volunteers' }),
})
export type DemandRules = z.infer<typeof DemandRules>

/** A photograph of a demand; the picture is asked for by its id, under the demand it belongs to. */
export const DemandPhoto = z
  .strictObject({
    id,
    width: z.int(),
    height: z.int(),
    at: instant,
    byResident: z.boolean().meta({ description: 'added under the follow-up code' }),
  })
  .meta({ id: 'DemandPhoto' })
export type DemandPhoto = z.infer<typeof DemandPhoto>

export const PHOTO_BYTES = 1_048_576

export const DemandPage = z
  .strictObject({
    demand: Demand,
    words: z.string().nullable().meta({ description: 'null where this reader may not see them' }),
    answer: z.string().nullable(),
    contact: z
      .strictObject({ name: z.string().nullable(), phone: z.string().nullable(), masked: z.boolean() })
      .nullable(),
    photos: z.array(DemandPhoto),
    mayAddPhotos: z.boolean().meta({ description: 'by this reader, now; whoever may add may take away' }),
    respondDueAt: instant.nullable(),
    resolveDueAt: instant.nullable(),
    respondedAt: instant.nullable(),
    answeredAt: instant.nullable(),
    dispatches: z.array(
      z.strictObject({
        id,
        unitId: id,
        unitName: z.string(),
        role: z.enum(['lead', 'support']),
        at: instant,
        dueAt: instant.nullable(),
        signedAt: instant.nullable(),
        reportedAt: instant.nullable(),
        report: z.string().nullable(),
        dispute: z
          .strictObject({
            at: instant,
            reason: z.string(),
            basis: z.string(),
            outcome: z.enum(['reassigned', 'upheld']).nullable(),
            reviewReason: z.string().nullable(),
          })
          .nullable(),
        rating: z.enum(['prompt', 'late', 'absent']).nullable(),
        endedAt: instant.nullable(),
        steps: z.array(z.enum(['sign', 'report', 'rate'])).meta({ description: 'in a supporting unit’s part' }),
        can,
      }),
    ),
    tasks: z.array(
      z.strictObject({
        id,
        title: z.string(),
        word: z.string(),
        state: TaskState,
        record: z.enum(['minutes', 'done']),
        claimants: z.array(z.enum(['person', 'unit'])),
        claimed: z.int(),
        capacity: z.int(),
      }),
    ),
    callbacks: z.array(
      z.strictObject({
        at: instant,
        reached: z.boolean(),
        outcome: Outcome.nullable(),
        satisfaction: Satisfaction.nullable(),
        kind: z.enum(['call', 'self', 'verification']),
        round: z.int(),
      }),
    ),
    clockChanges: z.array(
      z.strictObject({
        at: instant,
        kind: z.enum(['extension', 'suspension', 'resumption', 'dispute-pause', 'review']),
        fromDue: instant.nullable(),
        toDue: instant.nullable(),
        reason: z.string(),
        plan: z.string().nullable(),
        leader: z.string().nullable(),
        reviewOn: day.nullable(),
      }),
    ),
    exclusions: z.array(z.lazy(() => Exclusion)),
    escalations: z.array(z.strictObject({ at: instant, step: z.int(), unitName: z.string() })),
    related: z
      .array(
        z.strictObject({
          id,
          no: z.int(),
          title: z.string(),
          state: DemandState,
          as: z.enum(['parent', 'child', 'whole', 'part']),
        }),
      )
      .meta({ description: 'merged and split demands' }),
    means: z.string().nullable(),
    feasible: z.boolean(),
    legalChannel: z.string().nullable(),
    rules: DemandRules,
    timeline: z.array(TimelineEntry),
  })
  .meta({ id: 'DemandPage' })
export type DemandPage = z.infer<typeof DemandPage>

export const ExclusionGround = z.enum(['unreasonable', 'not-ours', 'repeated', 'malicious', 'unreached'])

/** Taking a demand out of the rates: always visible, always counted. [REQ-09] */
export const Exclusion = z
  .strictObject({
    id,
    demandId: id,
    demandNo: z.int(),
    ground: ExclusionGround,
    reason: z.string(),
    askedAt: instant,
    askedUnit: z.string(),
    decidedAt: instant.nullable(),
    decidedUnit: z.string().nullable(),
    decisionReason: z.string().nullable(),
    granted: z.boolean().nullable(),
  })
  .meta({ id: 'Exclusion' })
export type Exclusion = z.infer<typeof Exclusion>

export const ListDemandsQuery = z.strictObject({
  unit: id.optional().meta({ description: 'this unit and below; everything I may see when absent' }),
  lens: z
    .enum(['place', 'owner', 'support'])
    .optional()
    .meta({ description: 'raised there (default), answered there, or supported from there' }),
  state: z
    .string()
    .max(100)
    .refine((s) => s.split(',').every((one) => DemandState.safeParse(one).success), { message: 'choice' })
    .optional()
    .meta({ description: `comma separated, of ${DemandState.options.join(', ')}` }),
  category: categoryId.optional(),
  mechanism: mechanismId.optional(),
  late: z.enum(['true', 'false']).optional().meta({ description: 'past the deadline that runs now' }),
  suspended: z.enum(['true', 'false']).optional().meta({ description: '挂账 listed apart' }),
  channel: Channel.optional(),
  occasion: id.optional().meta({ description: 'collected at this visit or inspection' }),
  waits: z
    .enum(['part-sign', 'part-report', 'rating', 'exclusion', 'call-back', 'verification', 'closing', 'review-day'])
    .optional()
    .meta({
      description:
        'what waits besides the state: a supporting part to sign or to report back, called units to rate, an exclusion somebody else asked for, the confirmation its mechanism demands by another hand than the handler’s, closing, a shelf whose review day has come',
    }),
  search: text(40).optional().meta({ description: 'part of the title or the number' }),
  sort: z
    .enum(['due', 'opened', '-opened'])
    .optional()
    .meta({ description: 'due (default): nearest deadline first; -opened: newest first' }),
  ...paging,
})
export type ListDemandsQuery = z.infer<typeof ListDemandsQuery>

export const DemandList = listOf(Demand)

const NewTask = z
  .strictObject({
    title: text(40).meta({ description: 'public: no names, no numbers of people' }),
    detail: text(500, 0).optional(),
    startsAt: instant,
    endsAt: instant,
    capacity: z.int().min(1).max(10_000).meta({ description: 'how many may claim it' }),
    skills: z.array(text(20)).max(10).optional(),
  })
  .refine(endsAfterStart.holds, endsAfterStart)

export const DispatchDemand = z
  .strictObject({
    leadId: id.optional().meta({ description: 'the responsible unit; exactly one of leadId and task is given' }),
    supportIds: z.array(id).max(10).optional().meta({ description: 'supporting units, with the lead’s deadline' }),
    supports: z
      .array(z.strictObject({ unitId: id, dueAt: instant.optional() }))
      .max(10)
      .optional()
      .meta({ description: 'supporting units with a deadline of their own, not later than the lead’s' }),
    task: NewTask.optional().meta({
      description: 'hand it to members and volunteers as a task of the place; the answer names the task',
    }),
    note: text(200).optional(),
  })
  .refine((d) => (d.leadId === undefined) !== (d.task === undefined), {
    message: 'one-of',
    params: { of: 'leadId、task' },
    path: ['leadId'],
  })
export type DispatchDemand = z.infer<typeof DispatchDemand>

export const AnswerDemand = z.strictObject({
  answer: text(1000).meta({ description: 'what the resident is told; stored sealed' }),
  means: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'how it was settled, where the mechanism tells ways apart' }),
  feasible: z.boolean().optional().meta({ description: 'false: cannot be done now, explained' }),
})
export type AnswerDemand = z.infer<typeof AnswerDemand>

export const RecordCallback = z
  .strictObject({
    reached: z.boolean().meta({ description: 'false: nobody answered; tried again on another day' }),
    outcome: Outcome.optional().meta({ description: 'what the resident says; given exactly when reached' }),
    satisfaction: Satisfaction.optional().meta({ description: 'given exactly when reached' }),
  })
  .refine((c) => c.reached === (c.outcome !== undefined), { message: 'when-reached', path: ['outcome'] })
  .refine((c) => c.reached === (c.satisfaction !== undefined), { message: 'when-reached', path: ['satisfaction'] })
export type RecordCallback = z.infer<typeof RecordCallback>

export const CloseDemand = z.strictObject({ note: text(200).optional() })
export type CloseDemand = z.infer<typeof CloseDemand>

// What a resident sends and sees: no account, a follow-up code, nothing about other people.
export const RaiseDemand = z.strictObject({
  place: z
    .string()
    .regex(/^\d{1,6}-[0-9a-z]{1,6}$/, { error: 'format' })
    .meta({ description: 'code on the QR plate of the place' }),
  mechanism: mechanismId.optional().meta({ description: 'one of those that readPlace lists; the first when absent' }),
  category: categoryId
    .optional()
    .meta({ description: 'one of those that readPlace lists for the mechanism; the first when absent' }),
  words: text(1000),
  contact: contact.optional(),
  consent: z.literal(true).meta({ description: 'the notice shown was agreed to' }),
})
export type RaiseDemand = z.infer<typeof RaiseDemand>

export const Raised = z
  .strictObject({
    code: z.string().meta({ description: 'follow-up code: whoever holds it sees the demand' }),
    no: z.int(),
    respondBy: instant,
  })
  .meta({ id: 'Raised' })

export const Followed = z
  .strictObject({
    no: z.int(),
    word: z.string().meta({ description: 'what the mechanism calls it: 诉求, 微心愿 …' }),
    title: z.string(),
    placeName: z.string(),
    state: DemandState,
    openedAt: instant,
    respondDueAt: instant.nullable(),
    resolveDueAt: instant.nullable(),
    ownerName: z.string().nullable(),
    words: z.string().nullable(),
    photos: z.array(DemandPhoto),
    mayAddPhotos: z.boolean(),
    answer: z.string().nullable(),
    suspendedUntil: z.string().nullable(),
    outcome: z.string().nullable(),
    satisfaction: z.string().nullable(),
    mayRate: z.boolean(),
    mayReopen: z.boolean(),
    contactKept: z.boolean().meta({ description: 'a contact is stored and may be erased by withdrawing consent' }),
    parts: z
      .array(z.strictObject({ no: z.int(), title: z.string(), state: DemandState, answer: z.string().nullable() }))
      .meta({ description: 'what this demand was split into' }),
    steps: z.array(
      z.strictObject({
        at: instant,
        step: z.string(),
        note: z.string().nullable().meta({ description: 'the reason, where the resident is owed one' }),
      }),
    ),
  })
  .meta({ id: 'Followed' })
export type Followed = z.infer<typeof Followed>

export const PlacePlate = z
  .strictObject({
    district: z.string(),
    place: z.string(),
    line: z.array(z.string()).meta({ description: 'names from the street down to the place' }),
    notice: z.strictObject({ version: z.string(), text: z.string() }),
    mechanisms: z
      .array(
        z.strictObject({
          id: z.string(),
          word: z.string().meta({ description: 'what is raised there: 诉求, 微心愿 …' }),
          ask: z.string(),
          hint: z.string(),
          categories: z.array(z.strictObject({ id: z.string(), name: z.string() })),
        }),
      )
      .meta({ description: 'into which a resident may raise, in the order of the phone' }),
  })
  .meta({ id: 'PlacePlate' })
export type PlacePlate = z.infer<typeof PlacePlate>

export const RateDemand = z.strictObject({
  outcome: Outcome,
  satisfaction: Satisfaction,
  no: z.int().optional().meta({ description: 'number of a part, where the demand was split' }),
})
export type RateDemand = z.infer<typeof RateDemand>
