import { type Kysely, sql } from 'kysely'
import { inRanges, subtree } from '#core/permissions.ts'
import type { Counted } from '#core/facts.ts'
import type { DB } from '#core/schema.ts'
import { evidenceOf, groupsOf, type Key, type Question, valueOf } from './compile.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** Null where there is nothing to take an average of. */
export async function findValue(tx: Conn, m: Counted, q: Question): Promise<number | null> {
  const { rows } = await valueOf(m, q).execute(tx.db)
  return rows[0]?.value ?? null
}

export async function findGroups(tx: Conn, m: Counted, q: Question, key: Key): Promise<Map<string, number>> {
  const { rows } = await groupsOf(m, q, key).execute(tx.db)
  return new Map(rows.map((r) => [r.key, r.value]))
}

export interface EvidenceRow {
  record: string
  label: string
  day: string | null
  unitId: string
  unitName: string
  quantity: number
}

export async function findEvidence(
  tx: Conn,
  m: Counted,
  q: Question,
  page: { limit: number; offset: number; search?: string | undefined },
) {
  const found = page.search ? sql` where label like ${`%${page.search.replace(/[\\%_]/g, '\\$&')}%`}` : sql``
  const all = evidenceOf(m, q)
  const totals = await sql<{
    total: number
    sum: number
  }>`select count(*)::float8 as total, coalesce(sum(quantity), 0)::float8 as sum from (${all}) e${found}`.execute(tx.db)
  const { rows } = await sql<EvidenceRow>`
    select e.record, e.label, e.day, e.unit_id as "unitId", u.name as "unitName", e.quantity from (select * from (${all}) a${found} order by day desc, record limit ${page.limit} offset ${page.offset}) e
      join unit u on u.district_id = ${tx.district} and u.id = e.unit_id order by e.day desc, e.record`.execute(tx.db)
  return { total: totals.rows[0]?.total ?? 0, sum: totals.rows[0]?.sum ?? 0, rows }
}

/** Places an organisation serves today: its figures are theirs. */
export const findServed = async (tx: Conn, unitId: string, today: string): Promise<string[]> => {
  const rows = await tx.db
    .selectFrom('unit_link as l')
    .innerJoin('unit as p', (j) => j.onRef('p.district_id', '=', 'l.district_id').onRef('p.id', '=', 'l.to_id'))
    .where('l.district_id', '=', tx.district)
    .where('l.from_id', '=', unitId)
    .where('l.kind', '=', 'serves')
    .where('l.valid_from', '<=', today)
    .where('l.valid_to', '>', today)
    .select('p.path')
    .execute()
  return rows.map((r) => r.path)
}

/** Units at and below a path down to one level of the tree, as they stood on a day. */
export const findUnitsBelow = async (tx: Conn, path: string, level: number, on: string) => {
  const { rows } = await sql<{ id: string; path: string; name: string }>`
    select unit_id as id, path, name from unit_version
    where district_id = ${tx.district} and ${inRanges([subtree(path)], 'path')} and length(path) <= ${2 + 6 * level}
      and valid_from <= ${on}::date and valid_to > ${on}::date order by path`.execute(tx.db)
  return rows
}
