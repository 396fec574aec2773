// What the system holds about a person and who opened it, found through the schema itself, so no table can be forgotten. [A-47]
import { type Kysely, sql } from 'kysely'
import type { TimelineEntry } from '#core/contract.ts'
import { namedBy, referencesTo } from '#core/references.ts'
import type { DB } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** Rows that name one of these, table by table. */
export async function countHeld(tx: Conn, personIds: readonly string[]): Promise<{ table: string; rows: number }[]> {
  const counts = (await referencesTo(tx, 'person')).map(
    ({ table, column }) =>
      sql`select ${table} as table, count(*) as rows from ${sql.table(table)} where district_id = ${tx.district} and ${sql.ref(column)} = any(${personIds}::uuid[])`,
  )
  const { rows } = await sql<{
    table: string
    rows: number
  }>`select "table", sum(rows)::int as rows from (${sql.join(counts, sql` union all `)}) held group by "table" having sum(rows) > 0 order by 1`.execute(
    tx.db,
  )
  return rows
}

/** Those of `personIds` that a table other than `except` names. */
export async function findUsed(tx: Conn, personIds: readonly string[], except: readonly string[]): Promise<string[]> {
  const used = namedBy(tx, await referencesTo(tx, 'person', except), personIds)
  const { rows } = await sql<{ id: string }>`${sql.join(used, sql` union `)}`.execute(tx.db)
  return rows.map((r) => r.id)
}

/** Actions that show somebody's data; their entries are the answer to "who read it". */
export const READING = ['person.read', 'person.reveal', 'person.look-up'] as const

export async function findReadings(
  tx: Conn,
  personIds: readonly string[],
): Promise<{ at: string; who: string; what: string; reason: string | null }[]> {
  const { rows } = await sql<{ at: string; action: string; body: string }>`
    select at, action, body from history where district_id = ${tx.district} and subject_id = any(${personIds}::uuid[]) and action = any(${READING})
    order by at desc, seq desc limit 100`.execute(tx.db)
  return rows.map(({ at, action, body }) => {
    const entry = JSON.parse(body) as { actor: { name: string }; reason?: string; change?: { field?: string } }
    return {
      at,
      who: entry.actor.name,
      what: [action, entry.change?.field].filter(Boolean).join(':'),
      reason: entry.reason ?? null,
    }
  })
}

/** What was done to these last, without the readings; oldest first. */
export async function findDeeds(tx: Conn, subjectIds: readonly string[], most = 500): Promise<TimelineEntry[]> {
  const { rows } = await sql<{ body: string }>`
    select body from history where district_id = ${tx.district} and subject_id = any(${subjectIds}::uuid[]) and action <> all(${READING})
    order by at desc, seq desc limit ${most}`.execute(tx.db)
  return rows.toReversed().map(({ body }) => {
    const e = JSON.parse(body) as Omit<TimelineEntry, 'actor'> & { actor: { name: string } }
    return { at: e.at, action: e.action, actor: e.actor.name, reason: e.reason ?? null, change: e.change ?? {} }
  })
}

/** How often an account has done `action` since `since`. */
export async function countDone(tx: Conn, accountId: string, action: string, since: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from history where district_id = ${tx.district} and actor_id = ${accountId} and action = ${action} and at > ${since}::timestamptz`.execute(
    tx.db,
  )
  return rows[0]?.n ?? 0
}

/** Persons with an entry since `since` that is more than a reading. */
export async function findTouched(tx: Conn, personIds: readonly string[], since: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct subject_id as id from history where district_id = ${tx.district} and subject_id = any(${personIds}::uuid[]) and at > ${since}::timestamptz
      and action <> all(${READING})`.execute(tx.db)
  return rows.map((r) => r.id)
}
