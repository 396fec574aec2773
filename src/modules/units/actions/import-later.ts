// A long workbook of units is stored after the answer, by a job (`core/later.ts`). [IMP-10]
import type { Context } from '#core/context.ts'
import type { JobRun } from '#core/jobs.ts'
import { type ActorNow, doLater, type Later, sendLater } from '#core/later.ts'
import { NOTHING } from '#core/nothing.ts'
import type { ImportPreview } from '../contract.ts'
import { findStoring, insertUnitImport, refuseStoring } from '../store/imports.ts'
import { answerOf, batchOf, judgeFile, storeFile, type Storing } from './import-store.ts'

/** Its handler is given who may ask (`access`), which this module does not know; see `src/jobs.ts`. */
export const STORE_JOB = 'units.store-import'

/** Judged once more before the answer: what would be refused anyway does not wait. */
export const beginStoring = (ctx: Context, file: Storing): Promise<ImportPreview> =>
  ctx.write('unit.import', 'unit.import-begin', async (tx) => {
    const { under, counts } = await judgeFile(tx, file)
    const { begun } = await sendLater(tx, STORE_JOB, file.id)
    await insertUnitImport(tx, {
      ...batchOf(file, under, tx),
      counts,
      state: 'storing',
      created: [],
      changes: [],
      pending: { begun, query: file.query, found: file.found },
    })
    tx.record({
      subject: { kind: 'unit-change', id: file.id },
      path: under.path,
      change: { hash: file.hash, rows: counts.rows },
    })
    return answerOf(file, { ...counts, importId: file.id, state: 'storing' })
  })

const later: Later = {
  verb: 'unit.import',
  find: findStoring,
  async act(of, _, asker) {
    const ctx = await asker()
    const waiting = await ctx.read('unit.import', (tx) => findStoring(tx, of))
    if (!waiting) return
    const { pending, sha256 } = waiting
    const file = {
      ...(pending as unknown as Pick<Storing, 'query' | 'found'>),
      id: of.id,
      hash: sha256.toString('hex'),
      warnings: [],
    }
    await storeFile(ctx, file, async (tx) => {
      if (!(await findStoring(tx, of, true))) throw NOTHING
    })
  },
  giveBack: (ctx, of, refused) =>
    ctx.write(null, 'unit.import-give-back', async (tx) => {
      if (!(await findStoring(tx, of, true))) throw NOTHING
      await refuseStoring(tx, of.id, refused)
      tx.record({
        subject: { kind: 'unit-change', id: of.id },
        path: '',
        change: { state: ['storing', 'refused'], refused },
      })
    }),
}

export const storeUnitImport = (run: JobRun, actorNow: ActorNow): Promise<void> => doLater(run, later, actorNow)
