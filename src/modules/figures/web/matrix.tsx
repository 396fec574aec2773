// Several measures broken down the same way: rows are units, values or periods, columns are measures.
import { Table, type TableProps } from 'antd'
import { useAddress } from '#web/kit/address.ts'
import type { Asked } from '#web/kit/asking.tsx'
import { breakdowns, changeText, figureText, isSeries, periodText, questionText } from '#web/kit/figures.ts'
import { Num } from '#web/kit/number-drawer.tsx'
import type { Figure, Figures } from '../contract.ts'

interface Line {
  key: string
  name: string
  unitId: string | null
  cells: (Figure['rows'][number] | undefined)[]
}

/** Rows of all figures by their key, in the order of the first that has them. */
export function linesOf({ figures }: Figures): Line[] {
  const lines = new Map<string, Line>()
  for (const [at, figure] of figures.entries())
    for (const row of figure.rows) {
      const line = lines.get(row.key) ?? { key: row.key, name: row.name, unitId: row.unitId, cells: [] }
      line.cells[at] = row
      lines.set(row.key, line)
    }
  return [...lines.values()]
}

const nameOf = (line: Line, by: string) => (isSeries(by) ? periodText(line.name) : line.name)

const labelOf = ({ figures }: Figures, by: string) =>
  figures[0] ? (breakdowns(figures[0].measure).find((b) => b.value === by)?.label ?? '') : ''

export function Matrix({ data, asked, by }: { data: Figures; asked: Asked; by: string }) {
  const { set } = useAddress()
  const columns: TableProps<Line>['columns'] = [
    { title: '序号', width: 56, className: 'seq', fixed: 'left', render: (_, __, i) => i + 1 },
    {
      title: labelOf(data, by),
      width: 220,
      fixed: 'left',
      render: (_, line) =>
        line.unitId && line.unitId !== data.unit.id ? (
          <button type="button" className="link" onClick={() => set({ unit: line.unitId }, { push: true })}>
            {line.name}
          </button>
        ) : (
          nameOf(line, by)
        ),
    },
    ...data.figures.map((figure, at) => ({
      title: figure.measure.name,
      width: 150,
      className: 'num',
      align: 'right' as const,
      render: (_: unknown, line: Line) => (
        <Cell figure={figure} cell={line.cells[at]} asked={asked} unit={line.unitId} />
      ),
    })),
  ]
  const renderSums = () => (
    <Table.Summary.Row>
      <Table.Summary.Cell index={0} colSpan={2}>
        {data.unit.name}
      </Table.Summary.Cell>
      {data.figures.map((f, at) => (
        <Table.Summary.Cell key={f.measure.id} index={at + 2} align="right">
          <Num figure={f} {...asked} />
        </Table.Summary.Cell>
      ))}
    </Table.Summary.Row>
  )
  return (
    <Table<Line>
      rowKey="key"
      size="small"
      pagination={false}
      dataSource={linesOf(data)}
      columns={columns}
      scroll={{ x: 276 + 150 * data.figures.length }}
      summary={renderSums}
    />
  )
}

function Cell({
  figure,
  cell,
  asked,
  unit,
}: {
  figure: Figure
  cell: Line['cells'][number]
  asked: Asked
  unit: string | null
}) {
  const { set } = useAddress()
  if (!cell) return <span className="quiet">—</span>
  const text = figureText(cell, figure.measure)
  const open = () =>
    set({ number: questionText({ ...asked, measure: figure.measure.id, unit: unit ?? undefined }) }, { push: true })
  return (
    <>
      {unit && !cell.suppressed ? (
        <button type="button" className="figure" onClick={open}>
          {text}
        </button>
      ) : (
        <span className={cell.suppressed ? 'quiet' : ''}>{text}</span>
      )}
      {cell.before ? <div className="quiet">{changeText(cell.change, figure.measure)}</div> : null}
    </>
  )
}
