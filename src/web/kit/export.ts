// Tables of the screen as files: the same question asked page by page, the same columns, marked with who took it and when. [PRV-07]
import { type OutValue, type Table, tableCsv, type TableFormat, tableName, tableSheet } from '#core/table.ts'
import { call, saveFile } from '#web/api.ts'
import type { Column, ListOf, Query } from './list.ts'
import { moment, nowInstant } from './time.ts'

interface Export<T> {
  title: string
  path: string
  query: Query
  columns: Column<T>[]
  total: number
  unit: string | undefined
  by: string
  format: TableFormat
  progress: (done: number) => void
  /** the list knows no paging */
  all?: boolean | undefined
}

const most = 50_000

export async function exportList<T>({ title, path, query, columns, total, unit, by, ...how }: Export<T>) {
  const named = columns.filter((c) => c.text)
  const lines: OutValue[][] = []
  for (let offset = 0; offset < Math.min(total, most); ) {
    const { rows } = await call<ListOf<T>>('GET', path, { query: how.all ? query : { ...query, limit: 500, offset } })
    if (rows.length === 0) break
    for (const row of rows) lines.push([lines.length + 1, ...named.map((c) => c.text?.(row) ?? null)])
    offset += rows.length
    how.progress(offset)
  }
  const mark = `范围：${unit ?? '全部可见范围'}；共 ${total} 条，本表 ${lines.length} 条；${by}导出`
  await saveTable({ title, mark, head: ['序号', ...named.map((c) => c.title)], lines }, how.format)
}

/** A table that is on the screen already: what its columns are called, and its lines. */
export interface Shown {
  title: string
  mark: string
  head: readonly string[]
  lines: readonly (readonly OutValue[])[]
}

/** Saves it with the time it was taken. Workbooks are written by the server's own lines, loaded when first wanted. */
export async function saveTable({ title, mark, head, lines }: Shown, format: TableFormat): Promise<void> {
  const at = moment(nowInstant())
  const columns = head.map((header) => ({ header, width: Math.min(60, Math.max(10, header.length * 2 + 4)) }))
  const table: Table = { title, mark: `${mark}；${at} 导出`, columns, rows: lines }
  saveFile({ name: tableName(`${title}-${at.replace(/[ :]/g, '')}`, format), blob: await blobOf(table, format) })
}

async function blobOf(table: Table, format: TableFormat): Promise<Blob> {
  if (format === 'csv') return new Blob([tableCsv(table)], { type: 'text/csv;charset=utf-8' })
  const { workbookBytes } = await import('#core/xlsx/write.ts')
  return new Blob([await workbookBytes([tableSheet(table)])], {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  })
}
