// A bound chart as what is drawn: its numbers are those of the table under it.
import type { Chart } from '#core/chart/options.ts'
import type { BoundBlock } from './contract.ts'

export type BoundChart = Extract<BoundBlock, { kind: 'chart' }>

export const chartOf = ({ form, timed, table: { columns, rows } }: BoundChart): Chart => ({
  form,
  timed,
  classifier: columns[0]?.classifier ?? '',
  categories: rows.map((r) => r.name),
  series: columns.map((c, at) => ({ name: c.name, values: rows.map((r) => r.cells[at]?.value ?? null) })),
})
