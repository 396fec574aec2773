// What the passing of a day brings: planned decisions are carried out, and stray copies of paths are set right.
import type { Context } from '#core/context.ts'
import { Problem, present } from '#core/errors.ts'
import { findPlanned } from '../store/changes.ts'
import { alignAllPaths, countStrays } from '../store/timelines.ts'
import { tied } from '../ties.ts'
import { carryOutPlanned, holdPlanned } from './change.ts'

/** Runs as the system of a district, daily and at boot; running it again finds nothing to do. */
export async function settleDay(ctx: Context): Promise<{ done: number; held: number; aligned: number }> {
  const due = await ctx.read(null, (tx) => findPlanned(tx, tx.today))
  let done = 0
  for (const { id, held } of due) {
    try {
      await carryOutPlanned(ctx, id)
      done++
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error
      const why = present(error, '').title
      if (why !== held) await holdPlanned(ctx, id, why)
    }
  }
  return { done, held: due.length - done, aligned: await alignStrays(ctx) }
}

const STRAY = '00000000-0000-7000-8000-0000756e6974'

async function alignStrays(ctx: Context): Promise<number> {
  const { pathColumns } = tied()
  const strays = await ctx.read(null, (tx) => countStrays(tx, pathColumns))
  if (strays === 0) return 0
  return ctx.write(null, 'unit.align-paths', async (tx) => {
    const aligned = await alignAllPaths(tx, pathColumns)
    tx.record({ subject: { kind: 'unit-paths', id: STRAY }, path: '', change: { aligned } })
    return aligned
  })
}
