import { type Kysely, sql } from 'kysely'
import type { DB } from './schema.ts'

/** One after another until the end of the transaction, so that looking and doing cannot interleave. */
export const queueUp = (tx: { readonly db: Kysely<DB>; readonly district: number }, what: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.district} ${what}`}, 0))`.execute(tx.db)
