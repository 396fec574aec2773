// A long roster is stored after the answer, by a job, with the rights its uploader has by then. What the rules refuse goes back to him. [IMP-10]
import { addHours } from '#core/calendar.ts'
import { Context, type Tx } from '#core/context.ts'
import { fail as coreFail, Problem, present } from '#core/errors.ts'
import { type JobRun, sendJob, TRIES } from '#core/jobs.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import type { Actor } from '#core/permissions.ts'
import { type CommitImport, type Committed, fail, type ImportCounts, type ImportResult } from '../../contract.ts'
import { findCommitting, findParts, getImport, type ImportRow, moveImport } from '../../store.ts'
import { mustStand } from './batches.ts'
import { prepare, store } from './plant.ts'

/** Its handler is given who may ask (`access`), which this module does not know; see `src/jobs.ts`. */
export const STORE_JOB = 'people.store-import'
const MOST_AT_ONCE = 5000
/** All tries of the job are long over by then. */
const OVER_HOURS = 3

export const isLong = (row: ImportRow) => (row.counts as ImportCounts).rows > MOST_AT_ONCE

/** @throws where the batch is not what was confirmed, or may not be stored so */
export function mustMatch(row: ImportRow, input: CommitImport): void {
  if (row.sha256.toString('hex') !== input.sha256) throw fail('import-other-file')
  mustStand(row, 'checked')
  const { errors } = row.counts as ImportCounts
  if (input.mode === 'all-or-nothing' && errors > 0) throw fail('import-has-errors', { count: errors })
}

export const beginCommit = (ctx: Context, id: string, input: CommitImport): Promise<Committed> =>
  ctx.write('person.import', 'people-import.begin', async (tx) => {
    const row = await getImport(tx, id, true)
    mustMatch(row, input)
    if (!row.kept) throw fail('import-expired')
    await moveImport(tx, id, { state: 'committing', result: { begun: tx.now } })
    const attempt = { import: id, begun: tx.now }
    await sendJob(tx, STORE_JOB, { ...attempt, mode: input.mode })
    await sendJob(tx, STORE_JOB, { ...attempt, over: true }, { after: addHours(tx.now, OVER_HOURS) })
    tx.record({
      subject: { kind: 'people-import', id },
      path: row.unit_path,
      change: { state: ['checked', 'committing'], sha256: input.sha256, mode: input.mode },
    })
    return { id, state: 'committing', persons: 0, memberships: 0 }
  })

/** Who an account is now; null where he could not sign in. */
type ActorNow = (tx: Tx, accountId: string) => Promise<Actor | null>

/** @throws core.forbidden where the account could not sign in any more */
async function standIn(ctx: Context, accountId: string, actorNow: ActorNow): Promise<Context> {
  const actor = await ctx.read(null, (tx) => actorNow(tx, accountId))
  if (!actor) throw coreFail('forbidden', { verb: 'person.import' })
  return new Context(ctx.ground, ctx.asker, { district: ctx.district, actor })
}

/** One confirmation of a batch; what is left of an earlier one does nothing to it. */
interface Attempt {
  id: string
  begun: string
}

/** Nothing happens unless the batch waits for it: a job that is delivered twice stores once. [C-8] */
async function storeAs(ctx: Context, of: Attempt, mode: CommitImport['mode'], actorNow: ActorNow): Promise<void> {
  const { id, begun } = of
  const found = await ctx.read(null, (tx) => findCommitting(tx, of))
  if (!found) return
  const asker = () => standIn(ctx, found.account_id, actorNow)
  const parts = await (await asker()).read('person.import', (tx) => findParts(tx, id))
  const prepared = await prepare(ctx.ground.vault, id, parts)
  const must = (row: ImportRow) => {
    if (row.state !== 'committing' || (row.result as ImportResult).begun !== begun) throw NOTHING
  }
  // Preparing takes seconds: his rights are those of the moment of writing.
  await unlessNothing(store(await asker(), { id, mode, must }, prepared))
}

/** The batch stands as after its dry run, with the reason; nothing was stored. */
const giveBack = (ctx: Context, of: Attempt, refused: string) =>
  unlessNothing(
    ctx.write(null, 'people-import.give-back', async (tx) => {
      const { id } = of
      const row = await findCommitting(tx, of, true)
      if (!row) throw NOTHING
      await moveImport(tx, id, { state: 'checked', result: { refused } })
      const change = { state: ['committing', 'checked'], refused }
      tx.record({ subject: { kind: 'people-import', id }, path: row.unit_path, change })
    }),
  )

const FAILED = '系统多次没有存成，一行也没有导入。请稍后再确认一次；如再不成，请告诉管理员。'

/** One delivery of the job. A refusal ends it, a failure is tried again; after the last try the batch goes back. */
export async function storeImport({ context, payload, attempt }: JobRun, actorNow: ActorNow): Promise<void> {
  const { import: id, begun, mode, over } = payload
  if (typeof id !== 'string' || typeof begun !== 'string') return
  const of = { id, begun }
  if (over) return void (await giveBack(context, of, FAILED))
  try {
    await storeAs(context, of, mode as CommitImport['mode'], actorNow)
  } catch (error) {
    const isRefusal = error instanceof Problem && error.status < 500
    if (isRefusal) return void (await giveBack(context, of, present(error, '').title))
    if (attempt >= TRIES) await giveBack(context, of, FAILED)
    throw error
  }
}
