// That records were carried away is itself an entry of the history. (AD-03)
import type { Context, Tx } from '#core/context.ts'
import { fail } from '../contract.ts'

interface Carried {
  subject: { kind: 'unit' | 'edition'; id: string }
  measure: string
  period?: string
  rows: number
}

/** Nothing signed is given out while nobody could tell a changed history (AD-07). @throws figure.anchor-old */
export function mustBeAnchored(ctx: Context, tx: Tx): void {
  if (ctx.ground.anchors?.overdue(tx.district, tx.now)) throw fail('anchor-old')
}

export const logExport = (ctx: Context, { subject, ...change }: Carried): Promise<void> =>
  ctx.write('figure.export', 'figure.export', async (tx) => {
    mustBeAnchored(ctx, tx)
    tx.record({ subject, path: '', change })
  })
