// The append-only record of every change: one entry per use case, written in the same transaction, hash-chained.
// A district has 64 chains (lanes); an entry's lane follows from its subject, so writers of different subjects do not queue
// on one head row and everything about one subject stays in one chain, in order.
import { createHash } from 'node:crypto'
import { type CompiledQuery, type Kysely, type Selectable, sql } from 'kysely'
import type { DB } from './schema.ts'

export const LANES = 64

export interface Entry {
  at: string
  action: string
  actor: { accountId: string | null; personId: string | null; name: string; kind: string }
  requestId: string
  address: string
  subject: { kind: string; id: string }
  /** Path of the unit the change belongs to; '' for the district as a whole. */
  path: string
  /** field → [before, after]; sensitive fields are named with null values only. */
  change: Record<string, unknown>
  reason?: string | undefined
}

export interface Answer {
  actor: string
  key: string
  fingerprint: string
  status: number
  response: Buffer
}

export const laneOf = (subjectId: string) => Number.parseInt(subjectId.slice(-4), 16) % LANES

/** One statement: moves the head, writes the entry, keeps the idempotent answer if there is one, and tells the deferred trigger that history is written. */
export function appending(db: Kysely<DB>, district: number, entry: Entry, answer: Answer | null): CompiledQuery {
  const body = JSON.stringify(entry)
  const answered = answer
    ? sql`, answered as (
      insert into idempotency (district_id, actor, key, fingerprint, status, response, at)
      values (${district}, ${answer.actor}, ${answer.key}, ${answer.fingerprint}, ${answer.status}, ${answer.response}, ${entry.at})
    )`
    : sql``
  return sql`with head as (
      update history_head set seq = seq + 1, hash = sha256(hash || convert_to(${body}, 'UTF8'))
      where district_id = ${district} and lane = ${laneOf(entry.subject.id)} returning lane, seq, hash
    ), written as (
      insert into history (district_id, lane, seq, hash, at, action, actor_id, subject_kind, subject_id, unit_path, body)
      select ${district}, lane, seq, hash, ${entry.at}, ${entry.action}, ${entry.actor.accountId}::uuid, ${entry.subject.kind}, ${entry.subject.id}, ${entry.path}, ${body}
      from head returning 1
    )${answered}
    select set_config('app.recorded', '1', true) from written`.compile(db)
}

export interface Flaw {
  lane: number
  seq: number
  /** changed: text or hash · missing: gap in the numbers · columns: what is searched differs from what was signed · head: the head does not follow · anchor: other than what was anchored · cut: fewer entries than were anchored */
  fault: 'changed' | 'missing' | 'head' | 'columns' | 'anchor' | 'cut'
}

const MOST_FLAWS = 200
const sha256 = (prev: Uint8Array, body: string) => createHash('sha256').update(prev).update(body, 'utf8').digest()
const seedOf = (district: number, lane: number) => sha256(Buffer.alloc(0), `jishi:${district}:${lane}`)

const columns = ['seq', 'hash', 'at', 'action', 'actor_id', 'subject_kind', 'subject_id', 'unit_path', 'body'] as const
type Row = Pick<Selectable<DB['history']>, (typeof columns)[number]>

const entryOf = (body: string): Entry | null => {
  try {
    return JSON.parse(body) as Entry
  } catch {
    return null
  }
}

function columnsAgree(row: Row, lane: number) {
  const e = entryOf(row.body)
  return (
    e?.subject !== undefined &&
    e.actor !== undefined &&
    laneOf(e.subject.id) === lane &&
    Date.parse(e.at) === Date.parse(row.at) &&
    e.action === row.action &&
    e.actor.accountId === row.actor_id &&
    e.subject.kind === row.subject_kind &&
    e.subject.id === row.subject_id &&
    e.path === row.unit_path
  )
}

type Known = ReadonlyMap<number, string> | undefined

/** Judges the next entry of a lane by the hash before it. */
function faultOf(
  row: Row,
  expected: { lane: number; seq: number; hash: Uint8Array },
  anchored: Known,
): Flaw['fault'] | null {
  if (row.seq !== expected.seq) return 'missing'
  if (!sha256(expected.hash, row.body).equals(row.hash)) return 'changed'
  const known = anchored?.get(row.seq)
  if (known !== undefined && known !== row.hash.toString('hex')) return 'anchor'
  return columnsAgree(row, expected.lane) ? null : 'columns'
}

async function verifyLane(db: Kysely<DB>, district: number, lane: number, anchored: Known) {
  const flaws: Flaw[] = []
  let last: { seq: number; hash: Uint8Array } = { seq: 0, hash: seedOf(district, lane) }
  let entries = 0
  for (let more = true; more; ) {
    const rows = await entriesAfter(db, { district, lane }, last.seq)
    for (const row of rows) {
      const fault = faultOf(row, { lane, seq: last.seq + 1, hash: last.hash }, anchored)
      if (fault) flaws.push({ lane, seq: fault === 'missing' ? last.seq + 1 : row.seq, fault })
      last = row
    }
    entries += rows.length
    more = rows.length === BATCH
  }
  const head = await db
    .selectFrom('history_head')
    .select(['seq', 'hash'])
    .where('district_id', '=', district)
    .where('lane', '=', lane)
    .executeTakeFirst()
  if (head?.seq !== last.seq || !head.hash.equals(last.hash)) flaws.push({ lane, seq: last.seq, fault: 'head' })
  const promised = Math.max(0, ...(anchored?.keys() ?? []))
  if (promised > last.seq) flaws.push({ lane, seq: promised, fault: 'cut' })
  return { flaws, entries, seq: last.seq, hash: last.hash }
}

const BATCH = 5000

const entriesAfter = (db: Kysely<DB>, at: { district: number; lane: number }, seq: number): Promise<Row[]> =>
  db
    .selectFrom('history')
    .select(columns)
    .where('district_id', '=', at.district)
    .where('lane', '=', at.lane)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(BATCH)
    .execute()

export interface Verdict {
  entries: number
  heads: Record<number, { seq: number; hash: string }>
  flaws: Flaw[]
}

/**
 * Recomputes every chain of a district: finds a changed, removed, reordered or moved entry. With the anchors it also finds a cut
 * tail and a chain that was computed anew.
 */
export async function verify(
  db: Kysely<DB>,
  district: number,
  anchored?: ReadonlyMap<number, ReadonlyMap<number, string>>,
): Promise<Verdict> {
  const verdict: Verdict = { entries: 0, heads: {}, flaws: [] }
  for (let lane = 0; lane < LANES; lane++) {
    const { flaws, entries, seq, hash } = await verifyLane(db, district, lane, anchored?.get(lane))
    verdict.entries += entries
    verdict.heads[lane] = { seq, hash: Buffer.from(hash).toString('hex') }
    verdict.flaws.push(...flaws.slice(0, MOST_FLAWS - verdict.flaws.length))
  }
  return verdict
}
