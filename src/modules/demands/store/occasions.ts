import type { Insertable, Kysely, Selectable } from 'kysely'
import { newId } from '#core/ids.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type { DB, OccasionTable } from '#core/schema.ts'
import { fail, type ListOccasionsQuery } from '../contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export async function insertOccasion(
  tx: Conn,
  row: Omit<Insertable<OccasionTable>, 'district_id' | 'id'>,
): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('occasion')
    .values({ ...row, district_id: tx.district, id })
    .execute()
  return id
}

/** @throws demand.occasion-not-found */
export async function getOccasion(tx: Conn, id: string, mechanismId: string): Promise<Selectable<OccasionTable>> {
  const row = await tx.db
    .selectFrom('occasion')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .where('mechanism_id', '=', mechanismId)
    .executeTakeFirst()
  if (!row) throw fail('occasion-not-found')
  return row
}

/** Occasions with what was found at them: the demands that name them. */
export async function findOccasions(tx: Conn, query: ListOccasionsQuery, ranges: readonly Range[]) {
  let q = tx.db
    .selectFrom('occasion as o')
    .where('o.district_id', '=', tx.district)
    .where(inRanges(ranges, 'o.place_path'))
  if (query.mechanism) q = q.where('o.mechanism_id', '=', query.mechanism)
  if (query.from) q = q.where('o.held_on', '>=', query.from)
  if (query.to) q = q.where('o.held_on', '<=', query.to)
  const { n } = await q.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const rows = await q
    .leftJoin('demand as d', (j) => j.onRef('d.district_id', '=', 'o.district_id').onRef('d.occasion_id', '=', 'o.id'))
    .selectAll('o')
    .select((e) => [
      e.fn.count<number>('d.id').as('found'),
      e.fn.count<number>('d.id').filterWhere('d.outcome', '=', 'solved').as('solved'),
    ])
    .groupBy(['o.district_id', 'o.id'])
    .orderBy('o.held_on', 'desc')
    .orderBy('o.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}
