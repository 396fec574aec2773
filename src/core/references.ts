// Who names a row: found through the foreign keys of the schema itself, so that no table can be forgotten, whichever module owns it.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { DB } from './schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface Reference {
  table: string
  column: string
}

/** Every column of other tables that points to `table`, but for those of `except`. */
export async function referencesTo(tx: Conn, table: keyof DB, except: readonly string[] = []): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select c.conrelid::regclass::text as table, a.attname as column
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
    where c.contype = 'f' and c.confrelid = ${table}::regclass and a.attname <> 'district_id' and c.conrelid <> c.confrelid
      and c.conrelid::regclass::text <> all(${[...except]}::text[])
    order by 1, 2`.execute(tx.db)
  return rows
}

/** SQL: for each reference a select of those of `ids` that its rows name, as `id`. */
export const namedBy = (
  tx: Conn,
  references: readonly Reference[],
  ids: readonly string[],
): RawBuilder<{ id: string }>[] =>
  references.map(
    ({ table, column }) =>
      sql`select ${sql.ref(column)} as id from ${sql.table(table)} where district_id = ${tx.district} and ${sql.ref(column)} = any(${[...ids]}::uuid[])`,
  )
