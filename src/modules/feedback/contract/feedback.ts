// What somebody says of the system itself: sent without saying who one is, answered by a desk, rated by the sender. [JF-12]
import { z } from 'zod'
import { can, contact, id, instant, listOf, paging, queryFlag, text } from '#core/contract.ts'

export const FeedbackKind = z.enum(['complaint', 'suggestion', 'fault'])
export type FeedbackKind = z.infer<typeof FeedbackKind>

export const FeedbackState = z.enum(['waiting', 'replied', 'rated'])
export type FeedbackState = z.infer<typeof FeedbackState>

const Rating = z.enum(['satisfied', 'basically', 'unsatisfied'])
const words = text(1000)

export const SendFeedback = z.strictObject({
  kind: FeedbackKind,
  words: words.meta({ description: 'stored sealed' }),
  page: z
    .string()
    .regex(/^\/[\w/.-]{0,120}$/, { error: 'format' })
    .meta({ description: 'address of the page it was written on; only its kind is kept, never ids or codes' }),
  contact: contact.optional().meta({ description: 'optional; stored sealed, erased when its time is over' }),
  district: z
    .int()
    .min(1)
    .max(999_999)
    .optional()
    .meta({ description: 'number of the district, as on its plates; may be left out where one is served' }),
})
export type SendFeedback = z.infer<typeof SendFeedback>

export const FeedbackSent = z.strictObject({
  code: z.string().meta({ description: 'the only key to it' }),
  no: z.int(),
  replyBy: instant,
})

const Message = z.strictObject({ side: z.enum(['sender', 'desk']), at: instant, words: z.string() })

/** What the sender sees with his code. */
export const FollowedFeedback = z
  .strictObject({
    no: z.int(),
    kind: FeedbackKind,
    functionName: z.string(),
    state: FeedbackState,
    receivedAt: instant,
    replyBy: instant.nullable(),
    messages: z.array(Message),
    rating: Rating.nullable(),
    mayRate: z.boolean(),
    mayAdd: z.boolean(),
    contactKept: z.boolean(),
  })
  .meta({ id: 'FollowedFeedback' })
export type FollowedFeedback = z.infer<typeof FollowedFeedback>

export const AddWords = z.strictObject({ words })
export type AddWords = z.infer<typeof AddWords>

export const RateFeedback = z.strictObject({ rating: Rating })
export type RateFeedback = z.infer<typeof RateFeedback>

export const Feedback = z
  .strictObject({
    id,
    no: z.int(),
    kind: FeedbackKind,
    face: z.enum(['console', 'phone']),
    page: z.string(),
    functionId: z.string(),
    functionName: z.string(),
    state: FeedbackState,
    receivedAt: instant,
    dueAt: instant.nullable(),
    late: z.boolean(),
    provisional: z.boolean().meta({ description: '暂算: the deadline leans on a calendar year not yet published' }),
    repliedAt: instant.nullable(),
    spokenAt: instant,
    rating: Rating.nullable(),
    hasContact: z.boolean(),
    can,
  })
  .meta({ id: 'Feedback' })
export type Feedback = z.infer<typeof Feedback>

export const FeedbackPage = z
  .strictObject({
    feedback: Feedback,
    messages: z.array(Message.extend({ by: z.string().nullable() })),
  })
  .meta({ id: 'FeedbackPage' })
export type FeedbackPage = z.infer<typeof FeedbackPage>

export const ListFeedbackQuery = z.strictObject({
  state: FeedbackState.optional(),
  kind: FeedbackKind.optional(),
  function: z
    .string()
    .regex(/^[a-z-]{2,30}$/, { error: 'choice' })
    .optional(),
  late: queryFlag.optional(),
  no: z
    .string()
    .regex(/^\d{1,9}$/, { error: 'type' })
    .optional(),
  sort: z.enum(['due', 'received', '-received']).optional(),
  ...paging,
})
export type ListFeedbackQuery = z.infer<typeof ListFeedbackQuery>

export const FeedbackList = listOf(Feedback)

export const ReplyFeedback = z.strictObject({ words })
export type ReplyFeedback = z.infer<typeof ReplyFeedback>

export const RevealContact = z.strictObject({ reason: text(200, 2) })
export const RevealedContact = z.strictObject({ name: z.string().nullable(), phone: z.string().nullable() })
