// What a fact's SELECT says, as text, without a database.
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely'
import type { Fact } from '#core/facts.ts'

const onPaper = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export function compileRows(fact: Fact, district: number, at: RawBuilder<unknown>) {
  const { sql: text, parameters } = fact.rows(district, at).compile(onPaper)
  return { text, parameters }
}

/** Another SELECT makes the ledger read the fact from the start. */
export const readingOf = (fact: Fact): string =>
  JSON.stringify([compileRows(fact, 0, sql`now`), Object.keys(fact.dimensions)])
