// The leaders' page: which numbers stand on it, and what is stuck, the longest first.
import type { Context } from '#core/context.ts'
import { canAnywhere } from '#core/permissions.ts'
import { measuresIn } from '#modules/figures/index.ts'
import { findUnit } from '#modules/units/index.ts'
import type { OverviewPage, Stuck, StuckQuery, StuckRow } from '../contract.ts'
import { findPins, readPage } from '../store.ts'
import { stuckSources } from '../ties.ts'

/** A number that was retired since leaves the page; what was pinned of it stays pinned. */
export const readOverview = (ctx: Context): Promise<OverviewPage> =>
  ctx.read('figure.read', async (tx) => {
    const { numbers, heat } = await readPage(tx)
    const known = new Set((await measuresIn(tx)).map((m) => m.id))
    const pins = await findPins(tx)
    const kept = (ids: readonly string[]) => ids.filter((m) => known.has(m))
    const own = await findUnit(tx, tx.actor.grants.find((g) => g.verbs.includes('figure.read'))?.unitId ?? '')
    const unit = own ? { id: own.id, name: own.name } : null
    return { unit, numbers: kept(numbers), heat: kept(heat), pins: pins.filter((p) => known.has(p.measure)) }
  })

export async function listStuck(ctx: Context, { unit, each = 5 }: StuckQuery): Promise<Stuck> {
  const seen = await ctx.read('figure.read', async (tx) => stuckSources().filter((s) => canAnywhere(tx.actor, s.verb)))
  const kinds: Stuck['kinds'] = []
  const rows: StuckRow[] = []
  for (const { id, name, from, link, list } of seen) {
    const found = await list(ctx, { unit, limit: each })
    if (found.total === 0) continue
    kinds.push({ id, name, from, link, total: found.total })
    rows.push(...found.rows.map((r) => ({ ...r, kind: id })))
  }
  const oldest = rows.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))
  return { kinds, rows: oldest, total: kinds.reduce((sum, k) => sum + k.total, 0) }
}
