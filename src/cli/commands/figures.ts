// A number, its unit of count, and its parts, as a person reads them.
import { table } from '../table.ts'

interface Part {
  name: string
  value: number | null
  numerator: number | null
  denominator: number | null
}

interface Figures {
  unit: { name: string }
  period: { key: string; from: string; to: string }
  figures: {
    measure: { id: string; name: string; classifier: string }
    value: number | null
    numerator: number | null
    denominator: number | null
    rows: Part[]
  }[]
}

const numberOf = ({ value, numerator, denominator }: Omit<Part, 'name'>) =>
  value === null
    ? '—'
    : `${value}${numerator !== null && denominator !== null ? `（${numerator}/${denominator}）` : ''}`

const columns = [
  { key: 'id', title: '指标' },
  { key: 'name', title: '名称', most: 50 },
  { key: 'number', title: '数' },
  { key: 'classifier', title: '量词' },
]

export function renderFigures(json: unknown): string {
  const { unit, period, figures } = json as Figures
  const head = `${unit.name} · ${period.key}（${period.from} 至 ${period.to}）`
  const rows = figures.map((f) => ({ ...f.measure, number: numberOf(f) }))
  const parts = figures
    .filter((f) => f.rows.length > 0)
    .map(
      (f) =>
        `\n${f.measure.name}：\n${table(
          f.rows.map((r) => ({ name: r.name, number: numberOf(r) })),
          columns.slice(1, 3),
        )}`,
    )
  return [head, table(rows, columns), ...parts].join('\n')
}
