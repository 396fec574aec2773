// What the sender can do, with nothing but the code: send, look, add words, rate, have the contact erased. Who he is is not kept,
// signed in or not, so nobody can be asked why he complained. [JF-12]
import { dayOf } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { followCode, readFollowCode } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import {
  type AddWords,
  type FeedbackKind,
  type FeedbackState,
  fail,
  type FollowedFeedback,
  type RateFeedback,
  type SendFeedback,
} from '../contract.ts'
import { functionName, mayAdd, mayRate, MOST_WORDS, pageOf, replyDue } from '../rules.ts'
import {
  findHome,
  findMessages,
  getByCode,
  insertFeedback,
  insertMessage,
  readAboutRow,
  type SeenFeedback,
  updateFeedback,
} from '../store.ts'
import { speakingTo } from './shared.ts'

const sealedWords = (tx: Tx, id: string, words: string) => tx.vault.seal(`feedback.words:${id}`, words)

const say = async (tx: WriteTx, feedbackId: string, words: string) => {
  const id = newId()
  await insertMessage(tx, {
    id,
    feedback_id: feedbackId,
    side: 'sender',
    at: tx.now,
    words_sealed: sealedWords(tx, id, words),
  })
}

export async function sendFeedback(ctx: Context, input: SendFeedback) {
  const speaking = await speakingTo(ctx, input.district)
  return speaking.write(null, 'feedback.send', async (tx) => {
    const home = await findHome(tx)
    if (!home) throw fail('unknown-district')
    const { settings } = await readAboutRow(tx)
    const { due, provisional } = replyDue(tx.now, settings.reply)
    const { page, face, functionId } = pageOf(input.page)
    const [id, follow] = [newId(), followCode()]
    const { no } = await insertFeedback(tx, {
      id,
      kind: input.kind,
      face,
      page,
      function: functionId,
      unit_id: home.id,
      state: 'waiting',
      due_at: due,
      first_due_at: due,
      provisional,
      received_at: tx.now,
      received_on: dayOf(tx.now),
      spoken_at: tx.now,
      follow_index: tx.vault.blindIndex('follow', follow),
      contact_sealed: input.contact ? tx.vault.seal(`feedback.contact:${id}`, JSON.stringify(input.contact)) : null,
    })
    await say(tx, id, input.words)
    tx.record({ subject: { kind: 'feedback', id }, path: home.path, change: { kind: input.kind, page } })
    return { code: `${tx.district}-${follow}`, no, replyBy: due }
  })
}

/** The resident's context of the code's own district, and how to find the row in it. @throws feedback.bad-code */
function byCode(ctx: Context, code: string) {
  const found = readFollowCode(code)
  if (!found) throw fail('bad-code')
  const get = (tx: Tx, lock = false) => getByCode(tx, tx.vault.blindIndexes('follow', found.follow), lock)
  return { speaking: ctx.asResident(found.district), get }
}

const note = (tx: WriteTx, f: SeenFeedback, change: Record<string, unknown>) =>
  tx.record({ subject: { kind: 'feedback', id: f.id }, path: f.path, change })

const bySender = (messages: { side: string }[]) => messages.filter((m) => m.side === 'sender').length

export async function followFeedback(ctx: Context, code: string): Promise<FollowedFeedback> {
  const { speaking, get } = byCode(ctx, code)
  return speaking.read(null, async (tx) => {
    const f = await get(tx)
    const messages = await findMessages(tx, f.id)
    return {
      no: f.no,
      kind: f.kind as FeedbackKind,
      functionName: functionName(f.function),
      state: f.state as FeedbackState,
      receivedAt: f.received_at,
      replyBy: f.due_at,
      messages: messages.map((m) => ({
        side: m.side as 'desk',
        at: m.at,
        words: tx.vault.open(`feedback.words:${m.id}`, m.words_sealed),
      })),
      rating: f.rating as FollowedFeedback['rating'],
      mayRate: f.state === 'replied',
      mayAdd: bySender(messages) < MOST_WORDS,
      contactKept: f.contact_sealed !== null,
    }
  })
}

/** More words: where an answer was given, they are owed another one, and the clock starts anew. */
export async function addWords(ctx: Context, code: string, input: AddWords) {
  const { speaking, get } = byCode(ctx, code)
  return speaking.write(null, 'feedback.add', async (tx) => {
    const f = await get(tx, true)
    mayAdd(bySender(await findMessages(tx, f.id)))
    const { settings } = await readAboutRow(tx)
    const again = replyDue(tx.now, settings.reply)
    const clock = f.state === 'waiting' ? {} : { due_at: again.due, provisional: again.provisional }
    await say(tx, f.id, input.words)
    await updateFeedback(tx, f, { state: 'waiting', spoken_at: tx.now, ...clock, rating: null, rated_at: null })
    note(tx, f, { state: [f.state, 'waiting'] })
    return { state: 'waiting' as const, replyBy: f.state === 'waiting' ? f.due_at : again.due }
  })
}

export async function rateFeedback(ctx: Context, code: string, input: RateFeedback) {
  const { speaking, get } = byCode(ctx, code)
  return speaking.write(null, 'feedback.rate', async (tx) => {
    const f = await get(tx, true)
    mayRate(f.state as FeedbackState)
    await updateFeedback(tx, f, { state: 'rated', rating: input.rating, rated_at: tx.now })
    note(tx, f, { state: [f.state, 'rated'], rating: input.rating })
    return { state: 'rated' as const }
  })
}

/** The sender takes his name and phone back; the matter goes on. [PRV-03] */
export async function eraseContact(ctx: Context, code: string) {
  const { speaking, get } = byCode(ctx, code)
  return speaking.write(null, 'feedback.erase-contact', async (tx) => {
    const f = await get(tx, true)
    await updateFeedback(tx, f, { contact_sealed: null, contact_erased_at: tx.now })
    note(tx, f, { contact: null })
    return { contactKept: false as const }
  })
}
