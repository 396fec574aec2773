// What goes out: text is always a text cell, so no formula leaves us (A-34, EX-01 … EX-05); the same input gives the same bytes (EX-12).
// Nothing here is Node's own: the browser makes workbooks of what is on the screen with the same lines.
import { strToU8, Zip, ZipDeflate } from 'fflate'
import { isRisky, type OutValue } from '../csv.ts'
import * as xml from './markup.ts'
import { cellAddress } from './shapes.ts'

/** `formula` (ours, never input) is computed anew when the file is opened; `value` is what it gives today. */
export type OutCell = OutValue | { value: OutValue; bad?: boolean; note?: string; formula?: string }

export interface Column {
  header: string
  /** Characters of a Western letter; about half as many 字. */
  width?: number
  required?: boolean
  /** Drop-down. */
  choices?: readonly string[]
}

export interface OutSheet {
  name: string
  /** A line above the header, merged over all columns. */
  title?: string
  columns: readonly Column[]
  rows: readonly (readonly OutCell[])[]
}

const STYLE = { plain: 0, text: 1, head: 2, required: 3, title: 4, bad: 5, quoted: 6 } as const
const ROWS_AT_ONCE = 500
const DROP_DOWN_ROWS = 2000

const parts = (cell: OutCell): Exclude<OutCell, OutValue> =>
  cell !== null && typeof cell === 'object' ? cell : { value: cell }

function cellXml(cell: OutCell, at: string): string {
  const { value, bad, formula } = parts(cell)
  if (formula) return `<c r="${at}" s="${STYLE.plain}"><f>${xml.escape(formula)}</f><v>${value}</v></c>`
  if (value === null || value === '') return bad ? `<c r="${at}" s="${STYLE.bad}"/>` : ''
  if (typeof value === 'number' && Number.isFinite(value))
    return `<c r="${at}" s="${bad ? STYLE.bad : STYLE.plain}"><v>${value}</v></c>`
  const text = String(value)
  // quotePrefix keeps the text a text even when somebody edits the cell.
  return xml.textCell(at, bad ? STYLE.bad : isRisky(text) ? STYLE.quoted : STYLE.text, text)
}

const firstRow = (sheet: OutSheet) => (sheet.title ? 2 : 1)

function* sheetXml(sheet: OutSheet, lists: Lists, notes: boolean): Generator<string> {
  const head = firstRow(sheet) - 1
  const widths = sheet.columns
    .map((c, i) => `<col min="${i + 1}" max="${i + 1}" width="${c.width ?? 14}" customWidth="1"/>`)
    .join('')
  yield `${xml.DECLARATION}<worksheet ${xml.MAIN} ${xml.RELATED}><sheetViews><sheetView workbookViewId="0"><pane ySplit="${head + 1}" topLeftCell="A${head + 2}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
  yield `${widths ? `<cols>${widths}</cols>` : ''}<sheetData>`
  if (sheet.title) yield `<row r="1">${xml.textCell('A1', STYLE.title, sheet.title)}</row>`
  const heads = sheet.columns.map((c, i) =>
    xml.textCell(cellAddress(head, i), c.required ? STYLE.required : STYLE.head, c.header),
  )
  yield `<row r="${head + 1}">${heads.join('')}</row>`
  for (let from = 0; from < sheet.rows.length; from += ROWS_AT_ONCE) {
    const some = sheet.rows.slice(from, from + ROWS_AT_ONCE).map((row, i) => {
      const at = head + 1 + from + i
      return `<row r="${at + 1}">${row.map((cell, c) => cellXml(cell, cellAddress(at, c))).join('')}</row>`
    })
    yield some.join('')
  }
  yield '</sheetData>'
  if (sheet.title && sheet.columns.length > 1)
    yield `<mergeCells count="1"><mergeCell ref="A1:${cellAddress(0, sheet.columns.length - 1)}"/></mergeCells>`
  yield lists.validations(sheet, head + 1)
  yield `${notes ? '<legacyDrawing r:id="rId1"/>' : ''}</worksheet>`
}

/** Drop-down values stand in a hidden sheet: the short form inside a validation ends at 255 characters and at a comma. */
class Lists {
  readonly columns: (readonly string[])[] = []
  static readonly SHEET = '选项'
  validations(sheet: OutSheet, firstDataRow: number): string {
    const all = sheet.columns.flatMap((column, i) => {
      if (!column.choices?.length) return []
      const letter = cellAddress(0, this.columns.push(column.choices) - 1).slice(0, -1)
      const range = `${cellAddress(firstDataRow, i)}:${cellAddress(firstDataRow + Math.max(sheet.rows.length, DROP_DOWN_ROWS), i)}`
      return `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${range}"><formula1>'${Lists.SHEET}'!$${letter}$1:$${letter}$${column.choices.length}</formula1></dataValidation>`
    })
    return all.length > 0 ? `<dataValidations count="${all.length}">${all.join('')}</dataValidations>` : ''
  }
  *xml(): Generator<string> {
    yield `${xml.DECLARATION}<worksheet ${xml.MAIN}><sheetData>`
    for (let r = 0; r < Math.max(...this.columns.map((c) => c.length)); r++) {
      yield `<row r="${r + 1}">${this.columns.map((c, i) => (r < c.length ? xml.textCell(cellAddress(r, i), STYLE.text, c[r] ?? '') : '')).join('')}</row>`
    }
    yield '</sheetData></worksheet>'
  }
}

const notesOf = (sheet: OutSheet): xml.Note[] =>
  sheet.rows.flatMap((row, r) =>
    row.flatMap((cell, c) => {
      const { note } = parts(cell) as { note?: string }
      return note ? [{ row: r + firstRow(sheet), column: c, text: note }] : []
    }),
  )

/** Excel forbids some characters in sheet names and two sheets of one name. */
function sheetNames(sheets: readonly OutSheet[]): string[] {
  const names: string[] = []
  for (const { name } of sheets) {
    const clean =
      [
        ...name
          .replace(/[\\/?*[\]:\p{Cc}]/gu, ' ')
          .trim()
          .replace(/^'+|'+$/g, ''),
      ]
        .slice(0, 28)
        .join('') || '表'
    let free = clean
    for (let n = 2; names.includes(free) || free === Lists.SHEET; n++) free = `${clean}${n}`
    names.push(free)
  }
  return names
}

const pause = () => new Promise((resume) => setTimeout(resume))

class Package {
  readonly #pieces: Uint8Array[] = []
  readonly #zip: Zip
  readonly #done: Promise<void>
  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#done = promise
    this.#zip = new Zip((error, piece, last) => {
      if (error) reject(error)
      else this.#pieces.push(piece)
      if (last) resolve()
    })
  }
  /** Packs in steps, letting other work in between: an export of 31,000 rows must not hold up the next request. */
  async add(name: string, text: Iterable<string>) {
    const part = new ZipDeflate(name, { level: 6 })
    // Local getters give the same bytes in every time zone.
    part.mtime = new Date(1980, 0, 2)
    this.#zip.add(part)
    for (const piece of text) {
      part.push(strToU8(piece))
      await pause()
    }
    part.push(new Uint8Array(0), true)
  }
  async finish(): Promise<Uint8Array<ArrayBuffer>> {
    this.#zip.end()
    await this.#done
    const whole = new Uint8Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of this.#pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    return whole
  }
}

/** An .xlsx with a header row (red = required), frozen; cells of text are text, whatever they begin with. */
export async function workbookBytes(sheets: readonly OutSheet[]): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Package()
  const lists = new Lists()
  const names = sheetNames(sheets)
  const noted: number[] = []
  for (const [i, sheet] of sheets.entries()) {
    const notes = notesOf(sheet)
    await out.add(`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet, lists, notes.length > 0))
    if (notes.length === 0) continue
    noted.push(i + 1)
    await out.add(`xl/worksheets/_rels/sheet${i + 1}.xml.rels`, [xml.noteRelations(i + 1)])
    await out.add(`xl/comments${i + 1}.xml`, [xml.comments(notes)])
    await out.add(`xl/drawings/vmlDrawing${i + 1}.vml`, [xml.noteShapes(notes)])
  }
  const hidden = lists.columns.length > 0
  if (hidden) await out.add(`xl/worksheets/sheet${sheets.length + 1}.xml`, lists.xml())
  const all = [
    ...names.map((name) => ({ name, hidden: false })),
    ...(hidden ? [{ name: Lists.SHEET, hidden: true }] : []),
  ]
  await out.add('xl/styles.xml', [xml.STYLES])
  await out.add('xl/workbook.xml', [xml.workbook(all)])
  await out.add('xl/_rels/workbook.xml.rels', [xml.bookRelations(all.length)])
  await out.add('_rels/.rels', [xml.ROOT_RELATIONS])
  await out.add('[Content_Types].xml', [xml.contentTypes(all.length, noted)])
  return out.finish()
}
