import { type Kysely, sql } from 'kysely'
import type { Counted } from '#core/facts.ts'
import type { DB } from '#core/schema.ts'
import { evidenceOf, groupsOf, type Question, valueOf } from './compile.ts'
import type { RawBuilder } from 'kysely'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export async function findValue(tx: Conn, m: Counted, q: Question): Promise<number> {
  const { rows } = await valueOf(m, q).execute(tx.db)
  return rows[0]?.value ?? 0
}

export async function findGroups(
  tx: Conn,
  m: Counted,
  q: Question,
  key: RawBuilder<unknown>,
): Promise<Map<string, number>> {
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

export const findChildPaths = async (tx: Conn, parentPath: string, on: string) => {
  const rows = await tx.db
    .selectFrom('unit_version as v')
    .innerJoin('unit_version as p', (j) =>
      j.onRef('p.district_id', '=', 'v.district_id').onRef('p.unit_id', '=', 'v.parent_id'),
    )
    .where('v.district_id', '=', tx.district)
    .where('p.path', '=', parentPath)
    .where('p.valid_from', '<=', on)
    .where('p.valid_to', '>', on)
    .where('v.valid_from', '<=', on)
    .where('v.valid_to', '>', on)
    .orderBy('v.path')
    .select(['v.unit_id as id', 'v.path', 'v.name'])
    .execute()
  return rows
}
