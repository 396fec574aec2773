// What whoever has something to say reaches, with an account or without.
import { z } from 'zod'
import { instant } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { addWords, eraseContact, followFeedback, rateFeedback, sendFeedback } from '../actions/send.ts'
import * as c from '../contract.ts'

const params = z.strictObject({ code: z.string().max(40) })

export const senderRoutes = [
  route({
    method: 'POST',
    path: '/feedback',
    operationId: 'sendFeedback',
    summary: 'Complaint, suggestion or fault of the system itself; who sends it is not kept',
    permission: 'public',
    body: c.SendFeedback,
    response: c.FeedbackSent,
    status: 201,
    failures: ['feedback.unknown-district'],
    rate: 'public',
    action: (ctx, { body }) => sendFeedback(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/feedback-codes/{code}',
    operationId: 'followFeedback',
    summary: 'Follow one’s feedback by its code',
    permission: 'public',
    params,
    response: c.FollowedFeedback,
    failures: ['feedback.bad-code'],
    rate: 'public',
    action: (ctx, { params: p }) => followFeedback(ctx, p.code),
  }),
  route({
    method: 'POST',
    path: '/feedback-codes/{code}/words',
    operationId: 'addFeedbackWords',
    summary: 'The sender adds words; an answered matter is owed another answer',
    permission: 'public',
    params,
    body: c.AddWords,
    response: z.strictObject({ state: z.literal('waiting'), replyBy: instant.nullable() }),
    failures: ['feedback.bad-code', 'feedback.said-enough', 'feedback.changed-meanwhile'],
    rate: 'public',
    action: (ctx, { params: p, body }) => addWords(ctx, p.code, body),
  }),
  route({
    method: 'POST',
    path: '/feedback-codes/{code}/rating',
    operationId: 'rateFeedback',
    summary: 'The sender rates the answer',
    permission: 'public',
    params,
    body: c.RateFeedback,
    response: z.strictObject({ state: z.literal('rated') }),
    failures: ['feedback.bad-code', 'feedback.not-rateable', 'feedback.rated-already', 'feedback.changed-meanwhile'],
    rate: 'public',
    action: (ctx, { params: p, body }) => rateFeedback(ctx, p.code, body),
  }),
  route({
    method: 'POST',
    path: '/feedback-codes/{code}/contact-erasure',
    operationId: 'eraseFeedbackContact',
    summary: 'The sender’s name and phone are erased; the matter goes on',
    permission: 'public',
    params,
    response: z.strictObject({ contactKept: z.literal(false) }),
    failures: ['feedback.bad-code', 'feedback.changed-meanwhile'],
    rate: 'public',
    action: (ctx, { params: p }) => eraseContact(ctx, p.code),
  }),
]
