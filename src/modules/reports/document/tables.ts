// The tables of a text, and all its numbers, as a workbook; totals are formulas wherever the rows really add up.
import { type OutCell, type OutSheet, writeWorkbook } from '#core/xlsx.ts'
import type { BoundTable, Manifest, Preview } from '../contract.ts'

const letter = (column: number) => String.fromCharCode(65 + column)

/** Distinct persons of two places are not the persons of both: such a total stands as a number, read by the same definition. */
function totalOf(table: BoundTable, column: number): OutCell {
  const total = table.totals[column]?.value ?? null
  const values = table.rows.map((r) => r.cells[column]?.value ?? null)
  const adds =
    values.length > 0 &&
    values.every((v) => v !== null) &&
    values.reduce((a, b) => (a as number) + (b as number), 0) === total
  const [first, last] = [3, table.rows.length + 2]
  return adds ? { value: total, formula: `SUM(${letter(column + 1)}${first}:${letter(column + 1)}${last})` } : total
}

const sheetOf = (title: string, table: BoundTable, n: number): OutSheet => ({
  name: `${n}${title}`.replace(/[\\/?*[\]:]/g, '').slice(0, 28),
  title,
  columns: [
    { header: '', width: 24 },
    ...table.columns.map((c) => ({ header: `${c.name}（${c.classifier}）`, width: 18 })),
  ],
  rows: [
    ...table.rows.map((r) => [r.name, ...r.cells.map((c) => c.value)]),
    ['合计', ...table.columns.map((_, i) => totalOf(table, i))],
  ],
})

const manifestSheet = (manifest: Manifest): OutSheet => ({
  name: '数据清单',
  title: `${manifest.title}　${manifest.unit.name}　${manifest.period.from} 至 ${manifest.period.to}`,
  columns: [
    { header: '序号', width: 6 },
    { header: '指标', width: 24 },
    { header: '编号', width: 24 },
    { header: '版本', width: 6 },
    { header: '付印', width: 16 },
    { header: '数值', width: 12 },
    { header: '单位', width: 8 },
    { header: '口径', width: 80 },
    { header: '依据摘要', width: 40 },
  ],
  rows: manifest.entries.map((e) => [
    e.n,
    e.key === null ? e.name : `${e.name}·${e.key}`,
    e.measure,
    e.version,
    e.printed,
    e.value,
    e.classifier,
    e.definition,
    e.evidence,
  ]),
})

export function workbookOf(preview: Preview, manifest: Manifest): Promise<Buffer> {
  const tables = preview.sections.flatMap((s) =>
    s.blocks.flatMap((b) => (b.kind === 'table' || b.kind === 'chart' ? [b] : [])),
  )
  return writeWorkbook([...tables.map((t, i) => sheetOf(t.title, t.table, i + 1)), manifestSheet(manifest)])
}
