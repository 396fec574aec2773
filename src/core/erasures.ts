// What was erased, listed outside the database: a backup of yesterday knows nothing of today's erasure, so whoever restores it erases
// again before anybody may look (PR-05, A-48). A line names a row and what was made of its columns, never what stood there.
import { join } from 'node:path'
import { sql } from 'kysely'
import { addHours } from './calendar.ts'
import { Context, type Ground, system, type Tx } from './context.ts'
import { type CryptoProvider, isOurs } from './crypto.ts'
import type { Database } from './db.ts'
import { newId } from './ids.ts'
import { appendLine, readLines } from './lines.ts'
import { unlessNothing, NOTHING } from './nothing.ts'

/** Rows of a table whose sealed columns are emptied, and how it shows. */
export interface Erasable {
  table: string
  /** When; a row without it was not erased. */
  at: string
  clears: readonly string[]
  /** What else the erasure says of the row: a consent that ended. */
  marks: readonly string[]
}

interface Line {
  district: number
  table: string
  id: string
  at: string
  marks: Record<string, string | null>
  mac: string
}

export const ERASURES = 'erasures.jsonl'
const PURPOSE = 'erasure.line'
const textOf = ({ mac: _, ...line }: Line) => JSON.stringify(line)
/** A transaction may be seen later than its own instant says. */
const OVERLAP_HOURS = 1

export interface Erasures {
  /** Writes down what was erased in a district since the last time; returns how many. */
  note(database: Database, district: number): Promise<number>
  /** Erases once more what the list names, as far as it is there; returns how many rows that changed. */
  again(ground: Ground): Promise<number>
}

const found = (tx: Pick<Tx, 'db' | 'district'>, { table, at, marks }: Erasable, since: string | null) =>
  sql<Record<string, string | null> & { id: string; at: string }>`
    select id, ${sql.ref(at)} as at ${sql.join(
      marks.map((m) => sql`, ${sql.ref(m)}`),
      sql``,
    )} from ${sql.table(table)}
    where district_id = ${tx.district} and ${sql.ref(at)} is not null and ${sql.ref(at)} >= coalesce(${since}::timestamptz, '-infinity')
    order by 2, 1`.execute(tx.db)

const erase = (tx: Pick<Tx, 'db' | 'district'>, { table, at, clears, marks }: Erasable, line: Line) =>
  sql`update ${sql.table(table)} set ${sql.join([
    ...clears.map((c) => sql`${sql.ref(c)} = null`),
    sql`${sql.ref(at)} = ${line.at}::timestamptz`,
    ...marks.map((m) => sql`${sql.ref(m)} = ${line.marks[m] ?? null}::timestamptz`),
    sql`version = version + 1`,
  ])}
    where district_id = ${tx.district} and id = ${line.id} and (${sql.ref(at)} is null or ${sql.ref(at)} < ${line.at}::timestamptz)`.execute(
    tx.db,
  )

/** The list in a folder. Its lines are signed: nobody has records erased by writing to a file. */
export function erasuresIn(folder: string, vault: CryptoProvider, erasable: readonly Erasable[]): Erasures {
  const file = join(folder, ERASURES)
  const signed = (line: Line) => isOurs(vault, PURPOSE, textOf(line), Buffer.from(line.mac, 'hex'))
  const lines = () =>
    readLines<Line>(file).filter((line): line is Line => line !== null && typeof line.mac === 'string' && signed(line))
  return {
    async note(database, district) {
      const known = lines().filter((line) => line.district === district)
      const names = new Set(known.map((line) => `${line.table} ${line.id} ${line.at}`))
      let count = 0
      for (const one of erasable) {
        const last = known.findLast((line) => line.table === one.table)?.at
        const since = last ? addHours(last, -OVERLAP_HOURS) : null
        const { rows } = await database.transact({ district, mode: 'read' }, (tx) =>
          found({ ...tx, district }, one, since),
        )
        for (const { id, at, ...marks } of rows) {
          if (names.has(`${one.table} ${id} ${at}`)) continue
          const line: Line = { district, table: one.table, id, at, marks, mac: '' }
          appendLine(file, JSON.stringify({ ...line, mac: vault.blindIndex(PURPOSE, textOf(line)).toString('hex') }))
          count++
        }
      }
      return count
    },
    async again(ground) {
      const all = lines()
      let count = 0
      for (const district of new Set(all.map((line) => line.district))) {
        const ctx = new Context(ground, { token: null, requestId: newId(), address: '' }, { district, actor: system })
        const gone = await unlessNothing(
          ctx.write(null, 'erasure.again', async (tx) => {
            const rows: string[] = []
            for (const line of all.filter((l) => l.district === district)) {
              const one = erasable.find((e) => e.table === line.table)
              const { numAffectedRows } = one ? await erase(tx, one, line) : { numAffectedRows: 0n }
              if (numAffectedRows) rows.push(line.id)
            }
            if (rows.length === 0) throw NOTHING
            tx.record({ subject: { kind: 'retention', id: newId() }, path: '', change: { rows } })
            return rows
          }),
        )
        count += gone?.length ?? 0
      }
      return count
    },
  }
}
