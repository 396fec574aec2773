// The append-only record of every change: one entry per use case, written in the same transaction, hash-chained.
// A district has 64 chains (lanes); an entry's lane follows from its subject, so writers of different subjects do not queue
// on one head row and everything about one subject stays in one chain, in order.
import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
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

/** One statement: moves the head, writes the entry, keeps the idempotent answer, and tells the deferred trigger that history is written. */
export async function append(db: Kysely<DB>, district: number, entry: Entry, answer: Answer | null) {
  const body = JSON.stringify(entry)
  await sql`with head as (
      update history_head set seq = seq + 1, hash = sha256(hash || convert_to(${body}, 'UTF8'))
      where district_id = ${district} and lane = ${laneOf(entry.subject.id)} returning lane, seq, hash
    ), written as (
      insert into history (district_id, lane, seq, hash, at, action, actor_id, subject_kind, subject_id, unit_path, body)
      select ${district}, lane, seq, hash, ${entry.at}, ${entry.action}, ${entry.actor.accountId}::uuid, ${entry.subject.kind}, ${entry.subject.id}, ${entry.path}, ${body}
      from head returning 1
    ), answered as (
      insert into idempotency (district_id, actor, key, fingerprint, status, response, at)
      select ${district}, ${answer?.actor ?? ''}, ${answer?.key ?? ''}, ${answer?.fingerprint ?? ''}, ${answer?.status ?? 0}, ${answer?.response ?? null}::bytea, ${entry.at}
      where ${answer !== null}::boolean
    )
    select set_config('app.recorded', '1', true) from written`.execute(db)
}

export interface Flaw {
  lane: number
  seq: number
  fault: 'changed' | 'missing' | 'head' | 'columns'
}

const sha256 = (prev: Buffer, body: string) => createHash('sha256').update(prev).update(body, 'utf8').digest()

type Row = { seq: number; hash: Buffer; at: string; action: string; actor_id: string | null; subject_id: string; unit_path: string; body: string }

function columnsAgree(row: Row) {
  const e = JSON.parse(row.body) as Entry
  return (
    Date.parse(e.at) === Date.parse(row.at) &&
    e.action === row.action &&
    e.actor.accountId === row.actor_id &&
    e.subject.id === row.subject_id &&
    e.path === row.unit_path
  )
}

/** Recomputes every chain of a district; finds a changed, removed or reordered entry. Heads may be compared with an anchor file. */
export async function verify(db: Kysely<DB>, district: number): Promise<{ entries: number; heads: Record<number, { seq: number; hash: string }>; flaws: Flaw[] }> {
  const flaws: Flaw[] = []
  const heads: Record<number, { seq: number; hash: string }> = {}
  let entries = 0
  for (let lane = 0; lane < LANES; lane++) {
    let hash: Buffer = sha256(Buffer.alloc(0), `jishi:${district}:${lane}`)
    let seq = 0
    for (;;) {
      const rows = (await db
        .selectFrom('history')
        .select(['seq', 'hash', 'at', 'action', 'actor_id', 'subject_id', 'unit_path', 'body'])
        .where('district_id', '=', district)
        .where('lane', '=', lane)
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(5000)
        .execute()) as Row[]
      for (const row of rows) {
        if (row.seq !== seq + 1) flaws.push({ lane, seq: seq + 1, fault: 'missing' })
        hash = sha256(hash, row.body)
        if (!hash.equals(row.hash)) flaws.push({ lane, seq: row.seq, fault: 'changed' })
        else if (!columnsAgree(row)) flaws.push({ lane, seq: row.seq, fault: 'columns' })
        hash = row.hash
        seq = row.seq
      }
      entries += rows.length
      if (rows.length < 5000) break
    }
    const head = await db.selectFrom('history_head').select(['seq', 'hash']).where('district_id', '=', district).where('lane', '=', lane).executeTakeFirst()
    if (head?.seq !== seq || !head.hash.equals(hash)) flaws.push({ lane, seq, fault: 'head' })
    heads[lane] = { seq, hash: hash.toString('hex') }
  }
  return { entries, heads, flaws }
}
