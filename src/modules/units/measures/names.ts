// What kinds of units and values of marks are called.
import { type Kysely, sql } from 'kysely'
import type { Names } from '#core/facts.ts'
import type { DB } from '#core/schema.ts'
import { findKinds } from '../store/units.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export async function kindNames(at: Conn): Promise<Names> {
  return Object.fromEntries([...(await findKinds(at)).values()].map((k) => [k.id, k.name]))
}

/** `mark:value` → 标注·取值 */
export async function markValueNames(at: Conn): Promise<Names> {
  const { rows } = await sql<{ id: string; name: string }>`
    select (k->>'id') || ':' || (v->>'id') as id, string_agg(distinct (k->>'name') || '·' || (v->>'name'), '、') as name
    from mechanism m cross join lateral jsonb_path_query(m.settings, '$.marks[*]') k cross join lateral jsonb_path_query(k, '$.values[*]') v
    where m.district_id = ${at.district} group by 1`.execute(at.db)
  return Object.fromEntries(rows.map((r) => [r.id, r.name]))
}
