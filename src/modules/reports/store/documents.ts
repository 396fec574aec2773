import type { Tx } from '#core/context.ts'
import { visibleTo } from '#core/permissions.ts'
import { findUnit } from '#modules/units/index.ts'
import { fail, Manifest } from '../contract.ts'

/** Keeps what a document says; answers the path of its unit. */
export async function insertDocument(tx: Tx, manifest: Manifest, manuscriptId: string | null): Promise<string> {
  const path = (await findUnit(tx, manifest.unit.id))?.path ?? ''
  await tx.db
    .insertInto('report_document')
    .values({
      district_id: tx.district,
      id: manifest.id,
      manuscript_id: manuscriptId,
      unit_id: manifest.unit.id,
      unit_path: path,
      title: manifest.title,
      manifest: JSON.stringify(manifest),
      made_by: manifest.madeBy,
      made_at: manifest.madeAt,
    })
    .execute()
  return path
}

const seen = (tx: Tx) =>
  tx.db
    .selectFrom('report_document')
    .where('district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'report.read', 'unit_path'))

/** @throws report.unknown-document where there is none the asker may see */
export async function getManifest(tx: Tx, id: string): Promise<Manifest> {
  const row = await seen(tx).select('manifest').where('id', '=', id).executeTakeFirst()
  if (!row) throw fail('unknown-document')
  return Manifest.parse(row.manifest)
}

export async function findDocuments(tx: Tx, page: { limit: number; offset: number }) {
  const { total } = await seen(tx)
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await seen(tx)
    .select('manifest')
    .orderBy('made_at', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total, rows: rows.map((r) => Manifest.parse(r.manifest)) }
}
