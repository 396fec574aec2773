import type { Kysely } from 'kysely'
import type { Database } from '#core/db.ts'
import type { DB } from '#core/schema.ts'
import { AboutSettings } from '../contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export const findDistrict = (tx: Conn) =>
  tx.db.selectFrom('district').select(['id', 'code', 'name']).where('id', '=', tx.district).executeTakeFirst()

/** What is stated, or the defaults (version 0) where nothing is yet. */
export async function readAboutRow(tx: Conn): Promise<{ settings: AboutSettings; version: number }> {
  const row = await tx.db
    .selectFrom('about')
    .select(['settings', 'version'])
    .where('district_id', '=', tx.district)
    .executeTakeFirst()
  return { settings: AboutSettings.parse(row?.settings ?? {}), version: row?.version ?? 0 }
}

/** False when somebody else changed it meanwhile. */
export async function writeAbout(tx: Conn, version: number, settings: AboutSettings): Promise<boolean> {
  const text = JSON.stringify(settings)
  if (version === 0) {
    const added = await tx.db
      .insertInto('about')
      .values({ district_id: tx.district, settings: text })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    return added.numInsertedOrUpdatedRows === 1n
  }
  const changed = await tx.db
    .updateTable('about')
    .set({ settings: text, version: version + 1 })
    .where('district_id', '=', tx.district)
    .where('version', '=', version)
    .executeTakeFirst()
  return changed.numUpdatedRows === 1n
}

/** Where one district is served nobody has to name it. */
export async function firstDistrict(database: Database): Promise<number> {
  const [row] = await database.bare<{ id: number }>('select id from district order by id limit 1')
  return row?.id ?? 0
}
