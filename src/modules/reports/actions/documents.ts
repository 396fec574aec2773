// Documents that left the house, and what stands behind their numbers.
import type { Context } from '#core/context.ts'
import { findDocuments, getManifest } from '../store/documents.ts'

export const listDocuments = (ctx: Context, query: { limit?: number | undefined; offset?: number | undefined }) =>
  ctx.read('report.read', async (tx) => {
    const { total, rows } = await findDocuments(tx, { limit: query.limit ?? 50, offset: query.offset ?? 0 })
    return { total, rows: rows.map(({ entries, pictures: _, ...m }) => ({ ...m, figures: entries.length })) }
  })

export const readManifest = (ctx: Context, id: string) => ctx.read('report.read', (tx) => getManifest(tx, id))
