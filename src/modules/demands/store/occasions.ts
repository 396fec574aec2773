import { type ExpressionBuilder, type Insertable, type Kysely, sql } from 'kysely'
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

const held = (tx: Conn, ranges: readonly Range[]) =>
  tx.db.selectFrom('occasion as o').where('o.district_id', '=', tx.district).where(inRanges(ranges, 'o.place_path'))

/** What was found at each: the demands that name it. */
const counted = (e: ExpressionBuilder<DB & { o: OccasionTable }, 'o'>) => {
  const found = e
    .selectFrom('demand as d')
    .whereRef('d.district_id', '=', 'o.district_id')
    .whereRef('d.occasion_id', '=', 'o.id')
    .select((f) => f.fn.countAll<number>().as('n'))
  return [found.as('found'), found.where('d.outcome', '=', 'solved').as('solved')] as const
}

const orders = {
  held: sql`o.held_on, o.id`,
  '-held': sql`o.held_on desc, o.id desc`,
  met: sql`o.met, o.held_on desc, o.id`,
  '-met': sql`o.met desc, o.held_on desc, o.id`,
}

/** Occasions with what was found at them. */
export async function findOccasions(tx: Conn, query: ListOccasionsQuery, ranges: readonly Range[]) {
  let q = held(tx, ranges)
  if (query.mechanism) q = q.where('o.mechanism_id', '=', query.mechanism)
  if (query.kind) q = q.where('o.kind', '=', query.kind)
  if (query.from) q = q.where('o.held_on', '>=', query.from)
  if (query.to) q = q.where('o.held_on', '<=', query.to)
  const { n } = await q.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const rows = await q
    .selectAll('o')
    .select(counted)
    .orderBy(orders[query.sort ?? '-held'])
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

export type OccasionRow = Awaited<ReturnType<typeof findOccasions>>['rows'][number]

/** Loaded through what the asker may see. @throws demand.occasion-not-found */
export async function seeOccasion(tx: Conn, id: string, ranges: readonly Range[]): Promise<OccasionRow> {
  const row = await held(tx, ranges).where('o.id', '=', id).selectAll('o').select(counted).executeTakeFirst()
  if (!row) throw fail('occasion-not-found')
  return row
}
