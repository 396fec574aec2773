import { type SqlBool, sql } from 'kysely'
import type { Tx } from '#core/context.ts'

export interface CommunityRow {
  id: string
  name: string
  parent: string
}

/** Places of some kinds that stand today, by part of a name or its pinyin. A district has a few hundred; `unit_kind` finds them. */
export async function findCommunities(
  tx: Tx,
  kinds: readonly string[],
  words: string,
): Promise<{ rows: CommunityRow[]; total: number }> {
  const like = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const found = tx.db
    .selectFrom('unit as u')
    .leftJoin('unit as p', (j) => j.onRef('p.district_id', '=', 'u.district_id').onRef('p.id', '=', 'u.parent_id'))
    .where('u.district_id', '=', tx.district)
    .where('u.tree', '=', 'place')
    .where('u.kind', 'in', [...kinds])
    .where(sql<SqlBool>`(u.closed_on is null or u.closed_on > ${tx.today}::date)`)
    .where(sql<SqlBool>`(u.name like ${like} or u.pinyin like ${like})`)
  const { total } = await found.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await found
    .select(['u.id', 'u.name', sql<string>`coalesce(p.name, '')`.as('parent')])
    .orderBy('u.path')
    .limit(20)
    .execute()
  return { rows, total }
}
