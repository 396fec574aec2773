// What values of dimensions are called that a district's mechanisms name.
import { type Kysely, sql } from 'kysely'
import type { Names } from '#core/facts.ts'
import type { DB } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export async function mechanismNames(at: Conn): Promise<Names> {
  const rows = await at.db
    .selectFrom('mechanism')
    .where('district_id', '=', at.district)
    .select(['id', 'name'])
    .execute()
  return Object.fromEntries(rows.map((r) => [r.id, r.name]))
}

/**
 * Names that the settings of all mechanisms give to ids, at a JSON path of entries `{id, name}`: `$.categories[*]`.
 * Two mechanisms may call one id differently: then both names are told. Another engine may mean something else by the same path:
 * what has no id and name there is passed over.
 */
export const settingNames =
  (path: string) =>
  async (at: Conn): Promise<Names> => {
    const { rows } = await sql<{ id: string; name: string }>`
      select e->>'id' as id, string_agg(distinct e->>'name', '、') as name
      from mechanism m cross join lateral jsonb_path_query(m.settings, ${path}::jsonpath) e where m.district_id = ${at.district} and jsonb_typeof(e) = 'object' and e->>'name' is not null and e->>'id' is not null group by 1`.execute(
      at.db,
    )
    return Object.fromEntries(rows.map((r) => [r.id, r.name]))
  }
