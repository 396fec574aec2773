// The text as it will be printed; every number is a way to its records, every fault stands marked in its place.
import { useAddress } from '#web/kit/address.ts'
import { ChartPicture } from '#web/kit/chart.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { chartOf } from '../chart.ts'
import type { BoundBlock, BoundTable, Fault, Preview, Run } from '../contract.ts'

function useOpenNumber({ unit, period }: Pick<Preview, 'unit' | 'period'>) {
  const { set } = useAddress()
  return (measure: string) => set({ number: [measure, unit.id, period.key, ''].join('~') }, { push: true })
}

function Piece({ run, open }: { run: Run; open: (measure: string) => void }) {
  if (run.kind === 'text') return <span>{run.text}</span>
  if (run.kind === 'fault') return <mark>{run.text}</mark>
  const { measure, name, value, definition } = run.figure
  return (
    <button type="button" className="figure" title={`${name}：${value}。${definition}`} onClick={() => open(measure)}>
      {run.text}
    </button>
  )
}

const Runs = ({ of, open }: { of: readonly Run[]; open: (measure: string) => void }) => (
  <>
    {of.map((run, i) => (
      <Piece key={i} run={run} open={open} />
    ))}
  </>
)

function NumberTable({ of, title, open }: { of: BoundTable; title?: string; open: (measure: string) => void }) {
  const cells = (all: BoundTable['totals']) =>
    all.map((c, i) => (
      <td key={i} className="num">
        {c.n === null ? (
          c.printed
        ) : (
          <button type="button" className="figure" onClick={() => open(of.columns[i]?.measure ?? '')}>
            {c.printed}
          </button>
        )}
      </td>
    ))
  return (
    <table>
      {title ? <caption>{title}</caption> : null}
      <thead>
        <tr>
          <td />
          {of.columns.map((c) => (
            <th key={c.measure} scope="col" className="num">
              {c.name}（{c.classifier}）
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of.rows.map((r) => (
          <tr key={r.name}>
            <th scope="row">{r.name}</th>
            {cells(r.cells)}
          </tr>
        ))}
        <tr>
          <th scope="row">合计</th>
          {cells(of.totals)}
        </tr>
      </tbody>
    </table>
  )
}

function BlockOf({ block, open }: { block: BoundBlock; open: (measure: string) => void }) {
  if (block.kind === 'table') return <NumberTable of={block.table} title={block.title} open={open} />
  if (block.kind === 'chart') {
    const chart = chartOf(block)
    return (
      <>
        <h4>{block.title}</h4>
        <ChartPicture of={chart} title={block.title} whole={block.table.totals.map((t) => t.value)} />
        <NumberTable of={block.table} open={open} />
      </>
    )
  }
  if (block.kind === 'caption')
    return (
      <p className="caption">
        <Runs of={block.runs} open={open} />
        {block.credit ? `（${block.credit}）` : ''}
      </p>
    )
  if (block.kind === 'quote')
    return (
      <p>
        {block.speaker}说：“
        <Runs of={block.runs} open={open} />”
      </p>
    )
  return (
    <p>
      {block.runIn.length > 0 ? (
        <b>
          <Runs of={block.runIn} open={open} />
        </b>
      ) : null}
      <Runs of={block.runs} open={open} />
    </p>
  )
}

export function Text({ of }: { of: Preview }) {
  const open = useOpenNumber(of)
  const paragraph = (runs: readonly Run[]) =>
    runs.length > 0 ? (
      <p>
        <Runs of={runs} open={open} />
      </p>
    ) : null
  return (
    <article className="review">
      {of.masthead ? <div className="centred">{of.masthead}</div> : null}
      {of.occasion ? <div className="centred quiet">【{of.occasion}】</div> : null}
      <h2>{of.title}</h2>
      {of.subtitle ? <div className="centred">{of.subtitle}</div> : null}
      {of.bylines.map((b) => (
        <div key={b} className="centred quiet">
          {b}
        </div>
      ))}
      {paragraph(of.lead)}
      {paragraph(of.thesis)}
      {of.sections.map((s, i) => (
        <section key={i}>
          {s.heading.length > 0 ? (
            <h3>
              <Runs of={s.heading} open={open} />
            </h3>
          ) : null}
          {s.blocks.map((b, j) => (
            <BlockOf key={j} block={b} open={open} />
          ))}
        </section>
      ))}
      {paragraph(of.closing)}
      {of.credits.map((c) => (
        <p key={c} className="credit">
          {c}
        </p>
      ))}
    </article>
  )
}

const places: readonly [RegExp, (m: RegExpExecArray) => string][] = [
  [/^sections\.(\d+)\.blocks\.(\d+)/, (m) => `第${Number(m[1]) + 1}部分第${Number(m[2]) + 1}段`],
  [/^sections\.(\d+)\.heading/, (m) => `第${Number(m[1]) + 1}部分标题`],
  [/^lead/, () => '导语'],
  [/^thesis/, () => '总述'],
  [/^closing/, () => '结语'],
  [/^subtitle/, () => '副题'],
  [/^title/, () => '标题'],
]

const placeOf = (at: string) => {
  for (const [pattern, say] of places) {
    const match = pattern.exec(at)
    if (match) return say(match)
  }
  return at
}

export function Faults({ of }: { of: readonly Fault[] }) {
  if (of.length === 0) return <Sheet padded>全部数字与记录相符，可以付印。</Sheet>
  return (
    <Sheet title={`有 ${of.length} 处不能付印`} padded>
      <ol className="stack" aria-live="polite">
        {of.map((f, i) => (
          <li key={i}>
            <div className="quiet">{placeOf(f.at)}</div>
            <code>{f.token}</code>
            <p>{f.text}</p>
            {f.instead.length > 0 ? <p className="quiet">可以写：{f.instead.join('、')}</p> : null}
          </li>
        ))}
      </ol>
    </Sheet>
  )
}
