// The desk: what was said of the system, by whose clock; answered in words, the contact opened only with a reason.
import type { Context, Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import {
  type Feedback,
  type FeedbackPage,
  fail,
  type ListFeedbackQuery,
  type ReplyFeedback,
  verbs,
} from '../contract.ts'
import { functionName, isLate } from '../rules.ts'
import { findFeedback, findMessages, getFeedback, insertMessage, type SeenFeedback, updateFeedback } from '../store.ts'

const ownVerbs = verbs.filter((v) => v.startsWith('feedback.'))

const present = (tx: Tx, f: SeenFeedback): Feedback => ({
  id: f.id,
  no: f.no,
  kind: f.kind as Feedback['kind'],
  face: f.face as Feedback['face'],
  page: f.page,
  functionId: f.function,
  functionName: functionName(f.function),
  state: f.state as Feedback['state'],
  receivedAt: f.received_at,
  dueAt: f.due_at,
  late: isLate(f.due_at, tx.now),
  provisional: f.provisional,
  repliedAt: f.replied_at,
  spokenAt: f.spoken_at,
  rating: f.rating as Feedback['rating'],
  hasContact: f.contact_sealed !== null,
  can: tx.allowed(ownVerbs, f.path),
})

export const listFeedback = (ctx: Context, query: ListFeedbackQuery) =>
  ctx.read('feedback.read', async (tx) => {
    const { rows, total } = await findFeedback(tx, query)
    return { rows: rows.map((f) => present(tx, f)), total }
  })

export const readFeedback = (ctx: Context, id: string): Promise<FeedbackPage> =>
  ctx.read('feedback.read', async (tx) => {
    const f = await getFeedback(tx, id)
    const messages = await findMessages(tx, id)
    return {
      feedback: present(tx, f),
      messages: messages.map((m) => ({
        side: m.side as 'desk',
        at: m.at,
        words: tx.vault.open(`feedback.words:${m.id}`, m.words_sealed),
        by: m.by,
      })),
    }
  })

export const replyFeedback = (ctx: Context, id: string, input: ReplyFeedback) =>
  ctx.write('feedback.reply', 'feedback.reply', async (tx) => {
    const f = await getFeedback(tx, id, true)
    tx.must('feedback.reply', f.path)
    if (f.state !== 'waiting') throw fail('replied-already')
    const message = newId()
    await insertMessage(tx, {
      id: message,
      feedback_id: f.id,
      side: 'desk',
      at: tx.now,
      words_sealed: tx.vault.seal(`feedback.words:${message}`, input.words),
      by_id: tx.actor.accountId,
    })
    await updateFeedback(tx, f, {
      state: 'replied',
      due_at: null,
      spoken_at: tx.now,
      ...(f.replied_at ? {} : { replied_at: tx.now, replied_on: tx.today }),
    })
    tx.record({ subject: { kind: 'feedback', id }, path: f.path, change: { state: [f.state, 'replied'] } })
    return { state: 'replied' as const }
  })

/** Name and phone, once, with a reason that is kept. [等保 28] */
export const revealContact = (ctx: Context, id: string, reason: string) =>
  ctx.write('feedback.reveal', 'feedback.reveal', async (tx) => {
    const f = await getFeedback(tx, id)
    tx.must('feedback.reveal', f.path)
    if (!f.contact_sealed) throw fail('no-contact')
    const full = JSON.parse(tx.vault.open(`feedback.contact:${id}`, f.contact_sealed)) as {
      name?: string
      phone?: string
    }
    tx.record({ subject: { kind: 'feedback', id }, path: f.path, reason })
    return { name: full.name ?? null, phone: full.phone ?? null }
  })
