import { type Kysely, sql } from 'kysely'
import type { DB } from './schema.ts'

const CHUNK = 2000

const plain = (value: unknown) => (Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value)

/** Inserts many rows with one parameter per chunk; every row must have the same columns. Buffers become bytea. */
export async function insertMany<T extends keyof DB & string>(
  db: Kysely<DB>,
  table: T,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const first = rows[0]
  if (!first) return
  const columns = sql.join(Object.keys(first).map((c) => sql.ref(c)))
  for (let at = 0; at < rows.length; at += CHUNK) {
    const chunk = rows
      .slice(at, at + CHUNK)
      .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])))
    await sql`insert into ${sql.table(table)} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(chunk)}::jsonb)`.execute(
      db,
    )
  }
}
