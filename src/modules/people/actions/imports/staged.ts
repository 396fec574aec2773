// What waits between the dry run and the commit, sealed: nobody reads a roster out of the database.
import type { Tx } from '#core/context.ts'
import type { CryptoProvider } from '#core/crypto.ts'
import { type Cell, cellAddress } from '#core/xlsx.ts'
import { fail, type ImportIssue } from '../../contract.ts'
import type { Header, RosterIssue, RosterPerson } from '../../roster.ts'
import { findParts, slices } from '../../store.ts'

/** What a good row will do: put a person on record, give one on record his relation, or nothing. */
export type Fate = 'new' | 'join' | 'same'

export interface StagedRow {
  row: number
  fate: Fate | null
  /** The record on file, for join and same. */
  personId: string | null
  person: RosterPerson | null
  issues: RosterIssue[]
  /** As uploaded, kept for rows with an error only: the error workbook gives them back. */
  cells: Cell[] | null
}

export interface Staged {
  head: Omit<Header, 'at'> & { at: [string, number][] }
  rows: StagedRow[]
}

const PART = 1000
const contextOf = (importId: string, part: number) => `people_import_part.sealed:${importId}/${part}`

export function sealStaged(vault: CryptoProvider, importId: string, staged: Staged): Buffer[] {
  const parts = [staged.head, ...slices(staged.rows, PART)]
  return parts.map((content, part) => vault.seal(contextOf(importId, part), JSON.stringify(content)))
}

/** Opens what `findParts` found. @throws person.import-expired once the rows have been removed */
export function openParts(
  vault: CryptoProvider,
  importId: string,
  parts: readonly { part: number; sealed: Buffer }[],
): Staged {
  const [head, ...rows] = parts.map(
    ({ part, sealed }) => JSON.parse(vault.open(contextOf(importId, part), sealed)) as unknown,
  )
  if (!head) throw fail('import-expired')
  return { head: head as Staged['head'], rows: (rows as StagedRow[][]).flat() }
}

export const openStaged = async (tx: Tx, importId: string) =>
  openParts(tx.vault, importId, await findParts(tx, importId))

const MOST_ISSUES = 200

export function issuesOf({ head, rows }: Staged): ImportIssue[] {
  const at = new Map(head.at)
  const found: ImportIssue[] = []
  for (const { row, issues } of rows) {
    for (const { field, ...issue } of issues) {
      if (found.length >= MOST_ISSUES) return found
      const column = at.get(field)
      found.push({
        ...issue,
        sheet: head.sheet,
        column: column === undefined ? '' : (head.headings[column] ?? ''),
        cell: column === undefined ? `${row + 1}` : cellAddress(row, column),
      })
    }
  }
  return found
}

export function countsOf(rows: readonly StagedRow[]) {
  const warned = (r: StagedRow) => r.issues.some((i) => i.level === 'warning')
  return {
    rows: rows.length,
    ok: rows.filter((r) => r.fate === 'new' || r.fate === 'join').length,
    warnings: rows.filter((r) => r.fate !== null && warned(r)).length,
    errors: rows.filter((r) => r.fate === null).length,
    existing: rows.filter((r) => r.fate === 'same').length,
  }
}
