// What a number of another tree is made of, in units of today's.
import { sql } from 'kysely'
import { inRanges } from '#core/permissions.ts'
import { type Key, placedOn, places } from '../compile.ts'
import { factOf } from '../catalogue.ts'
import type { Counted } from '#core/facts.ts'
import type { Conn } from './ledger.ts'
import type { Asked } from './questions.ts'

export interface Piece {
  /** Where the unit stands today. */
  path: string
  /** Row of the other tree that holds it and, but for what stands elsewhere, all below it; null: none. */
  row: string | null
  /** Row that holds the unit above it, and of which it is to be taken away. */
  above: string | null
}

/** Units that are in another row than the unit above them is. `on`: the day of the asked tree; `today` that of the tree they are named in. */
export async function findPieces(
  tx: Conn,
  m: Counted,
  q: Asked,
  { key, on, today }: { key: Key | undefined; on: string; today: string },
): Promise<Piece[]> {
  const row = key ? key.key({ fact: factOf(m), on: sql`${on}::date` }, q) : sql`''::text`
  const { rows } = await sql<Piece>`
    with asked as (select p.unit, ${row} as row from ${places(q)} where p.district_id = ${tx.district} and ${placedOn(q, sql`${on}::date`)} and ${inRanges(q.ranges, 'p.path')}),
    stands as (select p.unit, p.path from fact_place p where p.district_id = ${tx.district} and ${placedOn(q, sql`${today}::date`)})
    select s.path, a.row, b.row as above from stands s left join asked a on a.unit = s.unit
      left join stands t on t.path = left(s.path, -6) left join asked b on b.unit = t.unit
    where a.row is distinct from b.row order by s.path`.execute(tx.db)
  return rows
}

/** Days within a stretch on which units began to stand elsewhere. */
export async function findMoves(tx: Conn, q: Pick<Asked, 'known'>, { from, to }: { from: string; to: string }) {
  const { rows } = await sql<{ day: string }>`
    select distinct p.valid_from as day from fact_place p where p.district_id = ${tx.district} and ${placedOn(q, sql`p.valid_from`)}
      and p.valid_from > ${from}::date and p.valid_from <= ${to}::date order by 1`.execute(tx.db)
  return rows.map((r) => r.day)
}
