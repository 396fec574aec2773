// How often each function was used, summed per day: no person, no account, no unit. [JF-15, JF-03]
import { type Kysely, sql } from 'kysely'
import type { DB } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface Uses {
  looked: number
  done: number
}

export const addUses = (tx: Conn, day: string, uses: ReadonlyMap<string, Uses>) =>
  tx.db
    .insertInto('function_use')
    .values([...uses].map(([id, n]) => ({ district_id: tx.district, day, function: id, ...n })))
    .onConflict((c) =>
      c.columns(['district_id', 'day', 'function']).doUpdateSet({
        looked: sql`function_use.looked + excluded.looked`,
        done: sql`function_use.done + excluded.done`,
      }),
    )
    .execute()

/** Per function: sums within the days asked about, and the last day of use ever. */
export const findUses = (tx: Conn, from: string, to: string) => {
  const within = (column: 'looked' | 'done') =>
    sql<number>`coalesce(sum(${sql.ref(column)}) filter (where day between ${from}::date and ${to}::date), 0)::int`
  return tx.db
    .selectFrom('function_use')
    .select(['function', within('looked').as('looked'), within('done').as('done')])
    .select((e) => e.fn.max('day').as('lastOn'))
    .where('district_id', '=', tx.district)
    .groupBy('function')
    .execute()
}
