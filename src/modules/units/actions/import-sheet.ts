// A sheet of units as it is read: columns by their names, text as text, each row with its place.
import { type Cell, cellAddress, type Sheet } from '#core/xlsx.ts'
import { fail, type RowProblem } from '../contract.ts'
import type { TreeRow } from '../rules/rows.ts'

const HEADS: Record<Column, string[]> = {
  code: ['代码', '单位代码', '编码', '编号'],
  name: ['名称', '单位名称'],
  kind: ['类别', '单位类别', '类型'],
  parent: ['上级代码', '上级编码', '隶属代码'],
  sort: ['排序', '序号', '顺序'],
}
/** What is kept of units, by every name it is known under. */
export const treeColumns = Object.entries(HEADS).map(([id, [name = '', ...aliases]]) => ({
  id,
  name,
  aliases,
  personal: false,
}))
type Column = 'code' | 'name' | 'kind' | 'parent' | 'sort'

export const clean = (cell: Cell | undefined) =>
  typeof cell === 'string' || typeof cell === 'number'
    ? String(cell)
        .normalize('NFKC')
        .replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ')
        .trim()
    : ''

/** The header is the first row that names code, name and kind, each once, in any order (IM-07). */
export function findHeader(sheet: Sheet): { row: number; columns: Columns } {
  for (const [row, cells] of sheet.rows.slice(0, 10).entries()) {
    const heads = cells.map((c) => clean(c).replace(/[\s*＊]/g, ''))
    const columns: Columns = {}
    for (const [column, names] of Object.entries(HEADS) as [Column, string[]][]) {
      const at = heads.flatMap((h, i) => (names.includes(h) ? [i] : []))
      if (at.length > 1) throw fail('import-header')
      if (at[0] !== undefined) columns[column] = at[0]
    }
    if (columns.code !== undefined && columns.name !== undefined && columns.kind !== undefined) return { row, columns }
  }
  throw fail('import-header')
}

const codeOf = (cell: Cell | undefined) => ({
  text: clean(cell),
  lost: typeof cell === 'number' && Math.abs(cell) >= 1e15,
})

function sortOf(cell: Cell | undefined): number | null {
  const text = clean(cell)
  return text === '' ? 0 : /^\d{1,7}$/.test(text) && Number(text) <= 1_000_000 ? Number(text) : null
}

export type Columns = Partial<Record<Column, number>>

/** What was read of a sheet, as it may wait for a job: no cell but those that are kept of units. */
export interface FoundRows {
  sheet: string
  columns: Columns
  rows: (Omit<TreeRow, 'sheet' | 'at'> & { row: number })[]
}

export function readRows(sheet: Sheet): FoundRows {
  const { row: head, columns } = findHeader(sheet)
  const rows = sheet.rows.slice(head + 1).flatMap((cells, i): FoundRows['rows'] => {
    const cell = (c: Column) => (columns[c] === undefined ? undefined : cells[columns[c]])
    if (cells.every((c) => clean(c) === '')) return []
    const code = codeOf(cell('code'))
    const parent = codeOf(cell('parent'))
    return [
      {
        row: head + 1 + i,
        code: code.text || null,
        codeLost: code.lost,
        name: clean(cell('name')),
        kind: clean(cell('kind')),
        parent: parent.text,
        parentLost: parent.lost,
        sort: sortOf(cell('sort')),
      },
    ]
  })
  return { sheet: sheet.name, columns, rows }
}

export const treeRows = ({ sheet, columns, rows }: FoundRows): TreeRow[] =>
  rows.map(({ row, ...r }) => ({ ...r, sheet, at: (c) => cellAddress(row, columns[c] ?? columns.code ?? 0) }))

export function warningsOf(sheet: Sheet): RowProblem[] {
  const warning = (code: string, cell: string, text: string) => ({ sheet: sheet.name, cell, code, text })
  return [
    ...(sheet.merges > 0 ? [warning('merged', '', `表中有${sheet.merges}处合并单元格，只取每处左上角的内容`)] : []),
    ...sheet.hiddenColumns
      .slice(0, 20)
      .map((c) => warning('hidden-column', cellAddress(0, c).slice(0, -1), '这一列被隐藏，其内容同样会读取')),
  ]
}
