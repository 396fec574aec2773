// The national division table as its five CSV files have it, cut to one unit's code and to parts a request can carry. Pure: lines
// come from a disk or from a browser.
import { padRegionCode, regionLevel } from '../codes.ts'
import type { DivisionRow } from '../contract.ts'

/** Parents before children. */
export const DIVISION_FILES = ['provinces', 'cities', 'areas', 'streets', 'villages']
const PART = 5000
const LEVELS = ['province', 'city', 'county', 'township', 'village']
const ENDS = [2, 4, 6, 9, 12]

/** Fields of a CSV line; quotes may hold commas and doubled quotes. */
export function csvFields(line: string): string[] {
  const fields: string[] = []
  for (let at = 0; at <= line.length; at++) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at)
      const to = end < 0 ? line.length : end
      fields.push(line.slice(at, to).trim())
      at = to
      continue
    }
    let end = line.indexOf('"', at + 1)
    while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2)
    const to = end < 0 ? line.length : end
    fields.push(
      line
        .slice(at + 1, to)
        .replaceAll('""', '"')
        .trim(),
    )
    at = to + 1
  }
  return fields
}

export interface DivisionFile {
  name: string
  /** opened when its turn comes: lines read before nobody listens are lost */
  lines: () => AsyncIterable<string>
}

async function* rowsOf({ name, lines }: DivisionFile): AsyncGenerator<DivisionRow> {
  let columns: { code: number; name: number } | null = null
  for await (const line of lines()) {
    const fields = csvFields(line.replace(/^\uFEFF/, ''))
    if (columns === null) {
      columns = { code: fields.indexOf('code'), name: fields.indexOf('name') }
      if (columns.code < 0 || columns.name < 0) throw new Error(`${name}: 缺少 code、name 列`)
    } else if (line.trim() !== '') yield { code: fields[columns.code] ?? '', name: fields[columns.name] ?? '' }
  }
}

/** The rows below one code (that unit's own row left out). */
export async function* divisionParts(
  files: Iterable<DivisionFile>,
  under: string | null,
): AsyncGenerator<DivisionRow[]> {
  const digits = under === null ? '' : under.slice(0, ENDS[LEVELS.indexOf(regionLevel(under) ?? 'province')])
  let part: DivisionRow[] = []
  for (const file of files) {
    for await (const row of rowsOf(file)) {
      // Rows that are no code at all go along: the answer names them.
      if (/^\d+$/.test(row.code) && (!row.code.startsWith(digits) || padRegionCode(row.code) === under)) continue
      part.push(row)
      if (part.length < PART) continue
      yield part
      part = []
    }
  }
  if (part.length > 0) yield part
}

export interface DivisionTotals {
  rows: number
  created: number
  changed: number
  unchanged: number
  problems: { cell: string; code: string; text: string }[]
}

/** Sends part after part; each is one transaction, and sending it again changes nothing. */
export async function sendDivisions(
  parts: AsyncIterable<DivisionRow[]>,
  send: (rows: DivisionRow[]) => Promise<DivisionTotals>,
  progress: (totals: DivisionTotals) => void,
): Promise<DivisionTotals> {
  const totals: DivisionTotals = { rows: 0, created: 0, changed: 0, unchanged: 0, problems: [] }
  for await (const part of parts) {
    const answer = await send(part)
    for (const key of ['rows', 'created', 'changed', 'unchanged'] as const) totals[key] += answer[key]
    totals.problems.push(...answer.problems)
    progress(totals)
  }
  return totals
}
