// The rows of a workbook of units that were refused, as they came, with what is wrong in red. [IMP-3]
import type { Context } from '#core/context.ts'
import type { FileAnswer } from '#core/http/route.ts'
import { cellAddress, type OutCell, type Sheet, writeWorkbook } from '#core/xlsx.ts'
import type { ImportQuery, RowProblem } from '../contract.ts'
import { clean, findHeader } from './import-sheet.ts'
import { judgeUpload } from './imports.ts'

function refusedRows(sheet: Sheet, problems: readonly RowProblem[]) {
  const { row: head } = findHeader(sheet)
  const headings = (sheet.rows[head] ?? []).map(clean)
  const byRow = Map.groupBy(problems, (p) => Number(/\d+$/.exec(p.cell)?.[0] ?? 0) - 1)
  const rows = [...byRow.entries()]
    .filter(([row]) => row > head)
    .toSorted(([a], [b]) => a - b)
    .map(([row, wrong]): OutCell[] => {
      const at = (column: number) => wrong.filter((p) => p.cell === cellAddress(row, column))
      const cells = headings.map((_, column): OutCell => {
        const here = at(column)
        const value = clean(sheet.rows[row]?.[column])
        return here.length > 0 ? { value, bad: true, note: here.map((p) => p.text).join('；') } : value
      })
      const columns = headings.filter((_, column) => at(column).length > 0)
      return [...cells, columns.join('、'), wrong.map((p) => p.text).join('；')]
    })
  return { headings, rows }
}

export async function readUnitImportErrors(ctx: Context, query: ImportQuery, bytes: Buffer): Promise<FileAnswer> {
  const { sheet, problems } = await judgeUpload(ctx, query, bytes)
  const { headings, rows } = refusedRows(sheet, problems)
  const columns = [
    ...headings.map((header) => ({ header, width: 20 })),
    { header: '错误列', width: 16 },
    { header: '错误原因', width: 50 },
  ]
  const name = (query.fileName ?? '单位.xlsx').replace(/\.xlsx$/i, '')
  return { file: await writeWorkbook([{ name: sheet.name, columns, rows }]), name: `${name}-错误.xlsx` }
}
