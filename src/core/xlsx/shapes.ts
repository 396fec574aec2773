// What travels between the caller and the child that reads; no imports, so the child needs nothing of ours but its own folder.

/** A number the sheet shows as a date. `day` is null where no calendar has it (serial 60 of the 1900 system, IM-08). */
export interface DateCell {
  day: string | null
  serial: number
  time?: string
}

/** An error value such as #N/A. */
export interface ErrorCell {
  error: string
}

/**
 * Text stays text, numbers stay numbers: an 18-digit identity number kept as a number has lost its last digits, and whoever
 * expects text sees by the type (and `Math.abs(n) >= 1e15`) that it must be refused, never rounded.
 */
export type Cell = string | number | boolean | DateCell | ErrorCell | null

export interface Sheet {
  name: string
  hidden: boolean
  /** Row n of the sheet is rows[n - 1]; empty rows are [], trailing empty ones are dropped. */
  rows: Cell[][]
  /** Columns (0 = A) the author has hidden. */
  hiddenColumns: number[]
  /** Number of merged ranges; the value of a merged range stands in its first cell. */
  merges: number
}

export interface Workbook {
  sheets: Sheet[]
}

/** Of any zip of XML parts. */
export interface PackageLimits {
  /** Characters of all texts together. */
  characters: number
  /** Unpacked bytes of one part and of all parts, as declared and as found. */
  part: number
  unpacked: number
  /** Unpacked : packed, judged for parts above 1 MB. */
  ratio: number
  entries: number
  /** Resident memory of the child, bytes. */
  memory: number
  /** Macros and embedded files are passed over instead of refused: the file is read once and kept nowhere. */
  passOver?: boolean
}

export interface Limits extends PackageLimits {
  rows: number
  columns: number
  sheets: number
  /** Cells that hold something, over all sheets. */
  cells: number
}

/** Why a file is refused; thrown inside the child and told to the caller. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly params: Record<string, string | number>
  constructor(code: RefusalCode, params: Record<string, string | number> = {}) {
    super(code)
    this.code = code
    this.params = params
  }
}

export type RefusalCode =
  | 'not-a-workbook'
  | 'locked'
  | 'old-format'
  | 'bomb'
  | 'too-large'
  | 'damaged'
  | 'formula'
  | 'active-content'

/** Address of a cell as people write it: (0, 0) is A1. */
export function cellAddress(row: number, column: number): string {
  let letters = ''
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26))
    letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters
  return `${letters}${row + 1}`
}
