import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { listFeedback, readFeedback, replyFeedback, revealContact } from '../actions/answer.ts'
import * as c from '../contract.ts'

const params = z.strictObject({ id })

export const deskRoutes = [
  route({
    method: 'GET',
    path: '/feedback',
    operationId: 'listFeedback',
    summary: 'Feedback about the system, by the clock of its answer',
    permission: 'feedback.read',
    query: c.ListFeedbackQuery,
    response: c.FeedbackList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listFeedback(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/feedback/{id}',
    operationId: 'readFeedback',
    summary: 'One feedback with everything said',
    permission: 'feedback.read',
    params,
    response: c.FeedbackPage,
    failures: ['feedback.not-found'],
    rate: 'read',
    action: (ctx, { params: p }) => readFeedback(ctx, p.id),
  }),
  route({
    method: 'POST',
    path: '/feedback/{id}/reply',
    operationId: 'replyFeedback',
    summary: 'Answer the sender',
    permission: 'feedback.reply',
    params,
    body: c.ReplyFeedback,
    response: z.strictObject({ state: z.literal('replied') }),
    failures: ['feedback.not-found', 'feedback.replied-already', 'feedback.changed-meanwhile'],
    rate: 'write',
    action: (ctx, { params: p, body }) => replyFeedback(ctx, p.id, body),
  }),
  route({
    method: 'POST',
    path: '/feedback/{id}/contact',
    operationId: 'revealFeedbackContact',
    summary: 'Open the contact the sender left; the reason is kept',
    permission: 'feedback.reveal',
    proof: true,
    params,
    body: c.RevealContact,
    response: c.RevealedContact,
    failures: ['feedback.not-found', 'feedback.no-contact'],
    rate: 'write',
    action: (ctx, { params: p, body }) => revealContact(ctx, p.id, body.reason),
  }),
]
