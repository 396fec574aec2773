// The district's own measures, in all their versions.
import { type Kysely, sql } from 'kysely'
import type { DB } from '#core/schema.ts'
import type { Known } from '../catalogue.ts'
import type { Definition } from '../contract.ts'
import { measureOf } from '../rules/definition.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export async function findOwn(tx: Conn): Promise<Known[]> {
  const rows = await tx.db
    .selectFrom('measure as m')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'm.district_id').onRef('u.id', '=', 'm.owner_id'))
    .where('m.district_id', '=', tx.district)
    .selectAll('m')
    .select(['u.name as ownerName', 'u.path as ownerPath'])
    .orderBy('m.id')
    .orderBy('m.version')
    .execute()
  return rows.map((r) => ({
    id: r.id,
    version: r.version,
    measure: measureOf(r.id, r.definition as Definition),
    own: {
      owner: { id: r.owner_id, name: r.ownerName, path: r.ownerPath },
      from: r.valid_from,
      to: r.valid_to === 'infinity' ? null : r.valid_to,
      reason: r.end_reason ?? r.reason,
      decidedBy: r.decided_by,
      decidedAt: r.decided_at,
    },
  }))
}

export interface NewVersion {
  id: string
  version: number
  stated: Definition
  ownerId: string
  from: string
  reason: string
  decidedBy: string
  decidedAt: string
}

export const insertVersion = (tx: Conn, v: NewVersion) =>
  tx.db
    .insertInto('measure')
    .values({
      district_id: tx.district,
      id: v.id,
      version: v.version,
      definition: JSON.stringify(v.stated),
      owner_id: v.ownerId,
      valid_from: v.from,
      reason: v.reason,
      decided_by: v.decidedBy,
      decided_at: v.decidedAt,
    })
    .execute()

/** Ends a version; true when it was still open, so that of two who end it one is refused. */
export async function endVersion(
  tx: Conn,
  at: { id: string; version: number },
  to: string,
  reason: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('measure')
    .set({ valid_to: to, ...(reason ? { end_reason: reason } : {}) })
    .where('district_id', '=', tx.district)
    .where('id', '=', at.id)
    .where('version', '=', at.version)
    .where('valid_to', '=', sql<string>`'infinity'`)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Fewer persons than this are not shown; the district's setting, 5 when it has none. */
export async function findSmallest(tx: Conn): Promise<number> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  return (row.settings as { smallGroup?: number }).smallGroup ?? 5
}
