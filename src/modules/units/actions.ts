import type { Context } from '#core/context.ts'
import { type ListUnitsQuery, type Unit, verbs } from './contract.ts'
import { findKinds, findUnits } from './store.ts'

/** Children, roots or search hits of a day, cut to what the asker may see. */
export const listUnits = (ctx: Context, query: ListUnitsQuery): Promise<{ rows: Unit[]; total: number }> =>
  ctx.read('unit.read', async (tx) => {
    const { rows, total } = await findUnits(tx, query, query.on ?? tx.today)
    const kinds = await findKinds(tx)
    return { total, rows: rows.map((r) => ({ ...r, kindName: kinds.get(r.kind)?.name ?? r.kind, can: tx.allowed(verbs, r.path) })) }
  })
