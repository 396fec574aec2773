// A long roster is stored after the answer, by a job (`core/later.ts`). [IMP-10]
import type { Context } from '#core/context.ts'
import type { JobRun } from '#core/jobs.ts'
import { type ActorNow, doLater, type Later, sendLater } from '#core/later.ts'
import { NOTHING } from '#core/nothing.ts'
import { type CommitImport, type Committed, fail, type ImportCounts, type ImportResult } from '../../contract.ts'
import { findCommitting, findParts, getImport, type ImportRow, moveImport } from '../../store.ts'
import { mustStand } from './batches.ts'
import { prepare, store } from './plant.ts'

/** Its handler is given who may ask (`access`), which this module does not know; see `src/jobs.ts`. */
export const STORE_JOB = 'people.store-import'
const MOST_AT_ONCE = 5000

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
    const { begun } = await sendLater(tx, STORE_JOB, id, { mode: input.mode })
    await moveImport(tx, id, { state: 'committing', result: { begun } })
    tx.record({
      subject: { kind: 'people-import', id },
      path: row.unit_path,
      change: { state: ['checked', 'committing'], sha256: input.sha256, mode: input.mode },
    })
    return { id, state: 'committing', persons: 0, memberships: 0 }
  })

const later: Later = {
  verb: 'person.import',
  find: findCommitting,
  async act({ id, begun }, { mode }, asker) {
    const ctx = await asker()
    const parts = await ctx.read('person.import', (tx) => findParts(tx, id))
    const prepared = await prepare(ctx.ground.vault, id, parts)
    const must = (row: ImportRow) => {
      if (row.state !== 'committing' || (row.result as ImportResult).begun !== begun) throw NOTHING
    }
    // Preparing takes seconds: his rights are those of the moment of writing.
    await store(await asker(), { id, mode: mode as CommitImport['mode'], must }, prepared)
  },
  giveBack: (ctx, of, refused) =>
    ctx.write(null, 'people-import.give-back', async (tx) => {
      const row = await findCommitting(tx, of, true)
      if (!row) throw NOTHING
      await moveImport(tx, of.id, { state: 'checked', result: { refused } })
      const change = { state: ['committing', 'checked'], refused }
      tx.record({ subject: { kind: 'people-import', id: of.id }, path: row.unit_path, change })
    }),
}

export const storeImport = (run: JobRun, actorNow: ActorNow): Promise<void> => doLater(run, later, actorNow)
