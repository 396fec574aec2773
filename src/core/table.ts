// A table as it leaves the house, for spreadsheets: the same lines in CSV and in a workbook, on the server and in the browser.
import { csvText, type OutValue } from './csv.ts'
import type { Column, OutCell, OutSheet } from './xlsx/write.ts'

export type { Column, OutValue }

export interface Table {
  title: string
  /** What it is of: unit, period, as of when. */
  mark: string
  columns: readonly Column[]
  rows: readonly (readonly OutCell[])[]
}

export const tableFormats = ['csv', 'xlsx'] as const
export type TableFormat = (typeof tableFormats)[number]

const plain = (cell: OutCell): OutValue => (cell !== null && typeof cell === 'object' ? cell.value : cell)

/** The first line names the columns, so that programs read it; the last says what the table is. */
export const tableCsv = ({ title, mark, columns, rows }: Table): string =>
  csvText([columns.map((c) => c.header), ...rows.map((row) => row.map(plain)), [`${title}；${mark}`]])

export const tableSheet = ({ title, mark, columns, rows }: Table): OutSheet => ({
  name: title,
  title: `${title}　${mark}`,
  columns,
  rows,
})

/** File names are one word without what file systems refuse. (EX-05) */
export const tableName = (title: string, format: TableFormat): string =>
  `${title.replace(/[\s\\/:*?"<>|\p{Cc}]+/gu, '').slice(0, 80) || '表'}.${format}`
