// That records were carried away is itself an entry of the history. (AD-03)
import { mustBeAnchored } from '#core/anchor.ts'
import type { Context } from '#core/context.ts'

interface Carried {
  subject: { kind: 'unit' | 'edition'; id: string }
  measure: string
  period?: string
  rows: number
}

export const logExport = (ctx: Context, { subject, ...change }: Carried): Promise<void> =>
  ctx.write('figure.export', 'figure.export', async (tx) => {
    mustBeAnchored(ctx.ground, tx)
    tx.record({ subject, path: '', change })
  })
