import type { Context, Tx } from '#core/context.ts'
import { rangesOf } from '#core/permissions.ts'
import { findKinds } from '#modules/units/index.ts'
import type { Burden, BurdenQuery, ListBurdenQuery } from '../contract.ts'
import { countRepeats, type Scope, sumBurden, sumByOwner, sumByUnit } from '../store.ts'
import { askedAt } from './ask.ts'

async function scopeOf(tx: Tx, query: BurdenQuery): Promise<Scope> {
  const ranges = (await askedAt(tx, query.unit)) ?? rangesOf(tx.actor, 'form.read')
  return { month: `${query.month ?? tx.today.slice(0, 7)}-01`, ranges }
}

/** What the units in sight were asked to type in a month, by whom, and that nothing was asked twice. */
export const readBurden = (ctx: Context, query: BurdenQuery): Promise<Burden> =>
  ctx.read('form.read', async (tx) => {
    const scope = await scopeOf(tx, query)
    return {
      month: scope.month.slice(0, 7),
      ...(await sumBurden(tx, scope)),
      repeats: await countRepeats(tx, scope),
      owners: await sumByOwner(tx, scope),
    }
  })

export const listBurden = (ctx: Context, query: ListBurdenQuery) =>
  ctx.read('form.read', async (tx) => {
    const kinds = await findKinds(tx)
    const { rows, total } = await sumByUnit(tx, await scopeOf(tx, query), query)
    return {
      rows: rows.map(({ kind, ...r }) => ({
        ...r,
        kindName: kinds.get(kind)?.name ?? kind,
        owners: [...new Set(r.forms.map((f) => f.ownerName))],
      })),
      total,
    }
  })
