// The shown list as CSV: the same question asked page by page, the same columns, marked with who took it and when. [PRV-07]
import { call, saveFile } from '#web/api.ts'
import type { Column, ListOf, Query } from './list.ts'
import { moment, nowInstant } from './time.ts'

/** A cell that a spreadsheet would run as a formula is led by an apostrophe. [IMP-11] */
export const cell = (value: string | number | null | undefined) => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

interface Export<T> {
  title: string
  path: string
  query: Query
  columns: Column<T>[]
  total: number
  unit: string | undefined
  by: string
  progress: (done: number) => void
  /** the list knows no paging */
  all?: boolean | undefined
}

const most = 50_000

export async function exportList<T>({ title, path, query, columns, total, unit, by, progress, all }: Export<T>) {
  const named = columns.filter((c) => c.text)
  const lines = [['序号', ...named.map((c) => c.title)].map(cell).join(',')]
  for (let offset = 0; offset < Math.min(total, most); ) {
    const { rows } = await call<ListOf<T>>('GET', path, { query: all ? query : { ...query, limit: 500, offset } })
    if (rows.length === 0) break
    for (const row of rows) lines.push([lines.length, ...named.map((c) => cell(c.text?.(row)))].join(','))
    offset += rows.length
    progress(offset)
  }
  const count = lines.length - 1
  saveLines(
    title,
    lines,
    `范围：${unit ?? '全部可见范围'}；共 ${total} 条，本表 ${count} 条；${by} 于 ${moment(nowInstant())} 导出`,
  )
}

/** Lines of a CSV as a file, with a last line that says what they are. */
function saveLines(title: string, lines: readonly string[], mark: string) {
  saveFile({
    name: `${title}-${moment(nowInstant()).replace(/[ :]/g, '')}.csv`,
    blob: new Blob([`\ufeff${[...lines, cell(`${title}；${mark}`)].join('\r\n')}\r\n`], {
      type: 'text/csv;charset=utf-8',
    }),
  })
}

/** A table that is on the screen already. */
export function exportTable(title: string, rows: readonly (readonly (string | number | null)[])[], mark: string) {
  saveLines(
    title,
    rows.map((r) => r.map(cell).join(',')),
    `${mark}；${moment(nowInstant())} 导出`,
  )
}
