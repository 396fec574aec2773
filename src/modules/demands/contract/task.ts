import { z } from 'zod'
import { can, day, id, instant, listOf, paging, queryFlag, text } from '#core/contract.ts'
import { categoryId, ClaimState, endsAfterStart, mechanismId } from './settings.ts'

export const TaskState = z.enum(['draft', 'published', 'closed', 'expired', 'cancelled'])

export const PublishTask = z
  .strictObject({
    mechanismId,
    placeId: id.meta({ description: 'who reported to this place or above it sees and may claim it' }),
    demandId: id.optional().meta({ description: 'the demand this task answers' }),
    category: categoryId,
    title: text(40).meta({ description: 'public: no names, no numbers of people' }),
    detail: text(500, 0).optional(),
    startsAt: instant,
    endsAt: instant.meta({ description: 'claims are taken until then' }),
    capacity: z.int().min(1).max(10_000).meta({ description: 'how many may claim it' }),
    skills: z.array(text(20)).max(10).optional(),
  })
  .refine(endsAfterStart.holds, endsAfterStart)
export type PublishTask = z.infer<typeof PublishTask>

export const Task = z
  .strictObject({
    id,
    no: z.int(),
    mechanismId: z.string(),
    mechanismName: z.string(),
    word: z.string().meta({ description: 'what the mechanism calls it: 任务, 微心愿 …' }),
    record: z.enum(['minutes', 'done']).meta({ description: 'what accepting records' }),
    claimants: z.array(z.enum(['person', 'unit'])),
    demandId: id.nullable(),
    title: z.string(),
    detail: z.string(),
    category: z.string(),
    skills: z.array(z.string()),
    placeId: id,
    placeName: z.string(),
    startsAt: instant,
    endsAt: instant,
    capacity: z.int(),
    claimed: z.int(),
    state: TaskState,
    publishedAt: instant.nullable(),
    skillsMatched: z.array(z.string()).meta({ description: 'wanted skills I gave when I reported in' }),
    version: z.int(),
    mine: ClaimState.nullable().meta({ description: 'my own claim' }),
    can,
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof Task>

export const ListTasksQuery = z.strictObject({
  unit: id.optional(),
  mechanism: mechanismId.optional(),
  state: TaskState.optional(),
  free: queryFlag.optional().meta({ description: 'only with places left' }),
  search: text(40).optional(),
  waits: z
    .enum(['acceptance', 'objection'])
    .optional()
    .meta({ description: 'work to accept, or objections to answer' }),
  ...paging,
})
export type ListTasksQuery = z.infer<typeof ListTasksQuery>

export const TaskList = listOf(Task)

export const OpenTasksQuery = ListTasksQuery.pick({ free: true })
export type OpenTasksQuery = z.infer<typeof OpenTasksQuery>

/** Mechanisms with published tasks, so that a list can be narrowed to one of them: together they count what that list counts. */
export const OpenMechanisms = z.strictObject({
  rows: z.array(z.strictObject({ id: z.string(), word: z.string(), count: z.int() })),
})

export const ClaimTask = z.strictObject({
  wait: z.boolean().optional().meta({ description: 'join the waiting list when full' }),
  personId: id.optional().meta({ description: 'on behalf of an older member; needs the verb task.claim-for' }),
  unitId: id
    .optional()
    .meta({ description: 'a unit claims, where the mechanism lets units claim; needs the verb task.claim-unit there' }),
})
export type ClaimTask = z.infer<typeof ClaimTask>

export const Claim = z
  .strictObject({
    id,
    taskId: id,
    personId: id.nullable().meta({ description: 'null when a unit claimed' }),
    personName: z.string().meta({ description: 'the claimant: a person, or the unit that claimed' }),
    unitId: id.nullable(),
    taskTitle: z.string(),
    word: z.string().meta({ description: 'what the mechanism calls the task' }),
    record: z.enum(['minutes', 'done']),
    placeName: z.string(),
    startsAt: instant.meta({ description: 'of the task' }),
    endsAt: instant.meta({ description: 'of the task: when a shift is over, until when a wish is to be met' }),
    state: ClaimState,
    claimedAt: instant,
    claimedBy: z
      .string()
      .nullable()
      .meta({ description: 'who claimed for the person or the unit; null: he did so himself' }),
    arrivedAt: instant.nullable().meta({ description: 'when somebody said he had arrived; nobody has to' }),
    submittedAt: instant.nullable(),
    acceptedAt: instant.nullable(),
    minutes: z.int().nullable(),
    certificate: z.string().nullable(),
    returnReason: z.string().nullable(),
    objection: z.string().nullable(),
    objectionAnswer: z.string().nullable(),
    place: z.int().nullable().meta({ description: 'place on the waiting list' }),
    can: can.meta({
      description: 'task.accept, task.claim-for at the place; task.claim-unit for the unit that claimed',
    }),
  })
  .meta({ id: 'Claim' })
export type Claim = z.infer<typeof Claim>

export const ListMyClaimsQuery = z.strictObject({
  state: z
    .enum(['open', 'past'])
    .optional()
    .meta({ description: 'open: something is still to be done or awaited; past: confirmed or stepped back from' }),
})
export type ListMyClaimsQuery = z.infer<typeof ListMyClaimsQuery>

export const SubmitWork = z.strictObject({ report: text(500, 0).optional() })
export type SubmitWork = z.infer<typeof SubmitWork>

export const AcceptWork = z
  .strictObject({
    servedFrom: instant.optional().meta({
      description: 'actual service only, travel excluded [VOL-02]; needed where the mechanism records minutes',
    }),
    servedTo: instant.optional(),
  })
  .refine((w) => (w.servedFrom === undefined) === (w.servedTo === undefined), {
    message: 'required',
    path: ['servedTo'],
  })
export type AcceptWork = z.infer<typeof AcceptWork>

export const ClaimList = listOf(Claim)

const reason = text(300, 2)

/** Only what is given changes. */
export const EditTask = z.strictObject({
  title: text(40).optional(),
  detail: text(500, 0).optional(),
  startsAt: instant.optional(),
  endsAt: instant.optional(),
  capacity: z.int().min(1).max(10_000).optional(),
  skills: z.array(text(20)).max(10).optional(),
  reason,
})
export type EditTask = z.infer<typeof EditTask>

/** The look-through for private matters before publication; wording may be put right at once. */
export const ReviewTask = z.strictObject({
  approved: z.boolean(),
  title: text(40).optional(),
  detail: text(500, 0).optional(),
  reason: text(300, 0).optional(),
})
export type ReviewTask = z.infer<typeof ReviewTask>

export const ReasonedTask = z.strictObject({ reason })

export const SettleObjection = z
  .strictObject({ answer: reason, servedFrom: instant.optional(), servedTo: instant.optional() })
  .refine((w) => (w.servedFrom === undefined) === (w.servedTo === undefined), {
    message: 'required',
    path: ['servedTo'],
  })
export type SettleObjection = z.infer<typeof SettleObjection>

/** What anybody who holds the code may read: no full name. [VOL-05] */
export const CheckedCertificate = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    organiser: z.string(),
    day,
    minutes: z.int(),
    hours: z.string().meta({ description: 'hours in steps of 0.5' }),
    issuedOn: day,
  })
  .meta({ id: 'CheckedCertificate' })
export type CheckedCertificate = z.infer<typeof CheckedCertificate>

/** The certificate to print: free of charge, for the person and the organiser. [VOL-01, VOL-05] */
export const Certificate = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    title: z.string(),
    content: z.string(),
    place: z.string(),
    organiser: z.string(),
    inCharge: z.string(),
    servedFrom: instant,
    servedTo: instant,
    minutes: z.int(),
    hours: z.string(),
    issuedOn: day,
  })
  .meta({ id: 'Certificate' })
export type Certificate = z.infer<typeof Certificate>

/** A person's own record, with totals; nobody is compared with anybody. [JF-02] */
export const ServiceRecord = z
  .strictObject({ tasks: z.int(), accepted: z.int(), minutes: z.int(), hours: z.string(), rows: z.array(Claim) })
  .meta({ id: 'ServiceRecord' })
export type ServiceRecord = z.infer<typeof ServiceRecord>
