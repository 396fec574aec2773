// What was confirmed and takes too long for an answer is done by a job after it, once, with the rights whoever confirmed it has by then.
// What the rules refuse goes back to him; what fails is tried again, and goes back after the last try. [IMP-10, C-8]
import { addHours } from './calendar.ts'
import { Context, type Tx } from './context.ts'
import { fail, Problem, present } from './errors.ts'
import { type JobRun, type Payload, sendJob, TRIES } from './jobs.ts'
import { unlessNothing } from './nothing.ts'
import type { Actor } from './permissions.ts'

/** All tries of the job are long over by then. */
const OVER_HOURS = 3

/** One confirmation of a batch; what is left of an earlier one does nothing to it. */
export interface Attempt {
  id: string
  begun: string
}

/** Who an account is now; null where he could not sign in. */
export type ActorNow = (tx: Tx, accountId: string) => Promise<Actor | null>

export interface Later {
  verb: string
  /** Who confirmed what waits; nothing where it does not wait for this attempt. */
  find(tx: Tx, of: Attempt): Promise<{ account_id: string } | undefined>
  /**
   * Does it; `asker` is asked again for the moment of writing when preparing took its time. A batch that under lock no longer waits for
   * this attempt is NOTHING to do.
   */
  act(of: Attempt, payload: Payload, asker: () => Promise<Context>): Promise<unknown>
  /** The batch stands as before it was confirmed, with the reason; NOTHING where it does not wait any more. */
  giveBack(ctx: Context, of: Attempt, refused: string): Promise<unknown>
}

/** Sends the work with the transaction that confirms it, and for much later what gives it back should nobody have done it. */
export async function sendLater(tx: Tx, job: string, id: string, more: Payload = {}): Promise<Attempt> {
  const attempt = { import: id, begun: tx.now }
  await sendJob(tx, job, { ...attempt, ...more })
  await sendJob(tx, job, { ...attempt, over: true }, { after: addHours(tx.now, OVER_HOURS) })
  return { id, begun: tx.now }
}

const FAILED = '系统多次没有存成，一行也没有导入。请稍后再确认一次；如再不成，请告诉管理员。'

/** @throws core.forbidden where the account could not sign in any more */
async function standIn(ctx: Context, accountId: string, { verb }: Later, actorNow: ActorNow): Promise<Context> {
  const actor = await ctx.read(null, (tx) => actorNow(tx, accountId))
  if (!actor) throw fail('forbidden', { verb })
  return new Context(ctx.ground, ctx.asker, { district: ctx.district, actor })
}

/** One delivery of the job. A refusal ends it, a failure is tried again; after the last try the batch goes back. */
export async function doLater({ context, payload, attempt }: JobRun, later: Later, actorNow: ActorNow): Promise<void> {
  const { import: id, begun, over } = payload
  if (typeof id !== 'string' || typeof begun !== 'string') return
  const of = { id, begun }
  const giveBack = (why: string) => unlessNothing(later.giveBack(context, of, why))
  if (over) return void (await giveBack(FAILED))
  try {
    const found = await context.read(null, (tx) => later.find(tx, of))
    if (found) await unlessNothing(later.act(of, payload, () => standIn(context, found.account_id, later, actorNow)))
  } catch (error) {
    const isRefusal = error instanceof Problem && error.status < 500
    if (isRefusal) return void (await giveBack(present(error, '').title))
    if (attempt >= TRIES) await giveBack(FAILED)
    throw error
  }
}
