// Heads of the history chains, signed and kept outside the database: a chain alone does not show a cut tail, nor a recomputation
// by someone who owns the database (trust C-5). One line per district and time; a line holds the lanes that moved since the last.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hoursBetween } from './calendar.ts'
import { type CryptoProvider, isOurs } from './crypto.ts'
import type { Database } from './db.ts'
import { appendLine, readLines } from './lines.ts'
import { fail } from './errors.ts'

/** Older than this, exports and signing stop (AD-07). */
export const ANCHOR_HOURS = 4

interface Line {
  district: number
  at: string
  /** lane → [entries so far, hash of the last one] */
  heads: Record<string, [seq: number, hash: string]>
  /** Mac of the district's line before, so that a line cannot be taken out of the middle. */
  before: string
  mac: string
}

export interface Anchored {
  /** Instant of the newest anchor, or null when there is none. */
  at: string | null
  lines: number
  /** lane → seq → hash, over all anchors whose signature holds. */
  heads: Map<number, Map<number, string>>
  /** Mac of the newest line. */
  mac: string
  /** Lines (from 1) whose signature or order does not hold. */
  broken: number[]
}

export interface Anchors {
  /** Signs the heads of a district as they are now; returns how many lanes had moved. */
  drop(database: Database, district: number): Promise<number>
  read(district: number): Anchored
  /** True when the newest anchor is older than four hours, or there is none. */
  overdue(district: number, now: string): boolean
}

/** Nothing is signed or carried away while nobody could tell a changed history (AD-07). @throws core.anchor-old */
export function mustBeAnchored(
  { anchors }: { readonly anchors?: Anchors },
  tx: { readonly district: number; readonly now: string },
): void {
  if (anchors?.overdue(tx.district, tx.now)) throw fail('anchor-old')
}

const PURPOSE = 'history.anchor'
const textOf = ({ mac: _, ...line }: Line) => JSON.stringify(line)

interface Latest {
  size: number
  at: string | null
  mac: string
  seqs: Map<number, number>
}

/** Anchors live in `<folder>/anchors.jsonl`; a copy on another machine is what makes them worth most. */
export function anchorsIn(folder: string, vault: CryptoProvider): Anchors {
  const file = join(folder, 'anchors.jsonl')
  const signed = (line: Line) => isOurs(vault, PURPOSE, textOf(line), Buffer.from(line.mac, 'hex'))
  const read = (district: number) => check(readLines<Line>(file), district, signed)
  const known = new Map<number, Latest>()
  /** Every ten minutes for years: the file is read again only when somebody else wrote to it. */
  const latestOf = (district: number): Latest => {
    const size = existsSync(file) ? statSync(file).size : 0
    const cached = known.get(district)
    if (cached?.size === size) return cached
    const { at, heads, mac } = read(district)
    return { size, at, mac, seqs: new Map([...heads].map(([lane, seen]) => [lane, Math.max(...seen.keys())])) }
  }
  return {
    read,
    async drop(database, district) {
      const latest = latestOf(district)
      const { now, rows } = await database.transact({ district, mode: 'read' }, async (tx) => ({
        now: tx.now,
        rows: await tx.db
          .selectFrom('history_head')
          .select(['lane', 'seq', 'hash'])
          .where('district_id', '=', district)
          .orderBy('lane')
          .execute(),
      }))
      const moved = rows.filter((r) => r.seq > 0 && latest.seqs.get(r.lane) !== r.seq)
      const heads = Object.fromEntries(
        moved.map((r) => [String(r.lane), [r.seq, r.hash.toString('hex')] as [number, string]]),
      )
      const line: Line = { district, at: now, heads, before: latest.mac, mac: '' }
      const mac = vault.blindIndex(PURPOSE, textOf(line)).toString('hex')
      appendLine(file, JSON.stringify({ ...line, mac }))
      for (const r of moved) latest.seqs.set(r.lane, r.seq)
      known.set(district, { size: statSync(file).size, at: now, mac, seqs: latest.seqs })
      return moved.length
    },
    overdue(district, now) {
      const { at } = latestOf(district)
      return at === null || hoursBetween(at, now) > ANCHOR_HOURS
    },
  }
}

function check(lines: readonly (Line | null)[], district: number, signed: (line: Line) => boolean): Anchored {
  const result: Anchored = { at: null, lines: 0, heads: new Map(), mac: '', broken: [] }
  for (const [i, line] of lines.entries()) {
    if (line && line.district !== district) continue
    if (!line || typeof line.mac !== 'string' || !signed(line)) {
      result.broken.push(i + 1)
      continue
    }
    if (line.before !== result.mac) result.broken.push(i + 1)
    result.mac = line.mac
    result.at = line.at
    result.lines++
    for (const [lane, [seq, hash]] of Object.entries(line.heads)) {
      const known = result.heads.get(Number(lane)) ?? new Map<number, string>()
      result.heads.set(Number(lane), known.set(seq, hash))
    }
  }
  return result
}
