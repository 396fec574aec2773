import { z } from 'zod'
import { can, day, id, instant, listOf, paging, queryFlag, text } from '#core/contract.ts'

export const TaskState = z.enum(['draft', 'published', 'closed', 'expired', 'cancelled'])
export const ClaimState = z.enum(['waiting', 'claimed', 'submitted', 'accepted', 'returned', 'withdrawn'])

export const PublishTask = z
  .strictObject({
    mechanismId: z.string().max(60),
    placeId: id,
    demandId: id.optional().meta({ description: 'the demand this task answers' }),
    category: z.string().max(40),
    title: text(40),
    detail: text(500, 0).optional(),
    startsAt: instant,
    endsAt: instant,
    capacity: z.int().min(1).max(10_000),
    skills: z.array(text(20)).max(10).optional(),
  })
  .refine((t) => Date.parse(t.endsAt) > Date.parse(t.startsAt), { message: 'too-small', path: ['endsAt'] })
export type PublishTask = z.infer<typeof PublishTask>

export const Task = z
  .strictObject({
    id,
    no: z.int(),
    mechanismId: z.string(),
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
    mine: ClaimState.nullable().meta({ description: 'my own claim' }),
    can,
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof Task>

export const ListTasksQuery = z.strictObject({
  unit: id.optional(),
  state: TaskState.optional(),
  free: queryFlag.optional().meta({ description: 'only with places left' }),
  search: text(40).optional(),
  ...paging,
})
export type ListTasksQuery = z.infer<typeof ListTasksQuery>

export const TaskList = listOf(Task)

export const ClaimTask = z.strictObject({
  wait: z.boolean().optional().meta({ description: 'join the waiting list when full' }),
  personId: id.optional().meta({ description: 'on behalf of an older member; needs the verb task.claim-for' }),
})
export type ClaimTask = z.infer<typeof ClaimTask>

export const Claim = z
  .strictObject({
    id,
    taskId: id,
    personId: id,
    personName: z.string(),
    state: ClaimState,
    claimedAt: instant,
    submittedAt: instant.nullable(),
    acceptedAt: instant.nullable(),
    minutes: z.int().nullable(),
    certificate: z.string().nullable(),
    place: z.int().nullable().meta({ description: 'place on the waiting list' }),
    can,
  })
  .meta({ id: 'Claim' })
export type Claim = z.infer<typeof Claim>

export const SubmitWork = z.strictObject({ report: text(500, 0).optional() })
export type SubmitWork = z.infer<typeof SubmitWork>

export const AcceptWork = z.strictObject({
  servedFrom: instant.meta({ description: 'actual service only, travel excluded [VOL-02]' }),
  servedTo: instant,
})
export type AcceptWork = z.infer<typeof AcceptWork>

export const ClaimList = listOf(Claim)
export const AcceptedOn = day
