// What my units are asked to fill in, as part of what waits for me on foot.
import { Link } from 'wouter'
import { useAsk } from '#web/phone/ask.ts'
import { Loading, Refused } from '#web/phone/parts.tsx'
import { dayWords } from '#web/phone/words.ts'
import type { Ask } from '../../contract.ts'

const SHOWN = 20

const Line = ({ ask: k }: { ask: Ask }) => (
  <Link className="row" href={`/m/asks/${k.id}`}>
    <p className="line">
      <b>{k.title}</b>
      <span className={k.late ? 'clock late' : 'num'}>{k.late ? '逾期' : `${dayWords(k.dueOn)}截止`}</span>
    </p>
    <p className="more">
      {k.unitName}　{k.period}　约 {k.minutes} 分钟{k.state === 'returned' ? '　退回重填' : ''}
    </p>
  </Link>
)

/** Nothing is shown where nothing is asked: fewer headings, not more. */
export function AsksWaiting() {
  const open = useAsk<{ rows: Ask[]; total: number }>('/form-asks', { fillable: true, state: 'open', limit: SHOWN })
  const back = useAsk<{ rows: Ask[]; total: number }>('/form-asks', { fillable: true, state: 'returned', limit: SHOWN })
  const problem = open.problem ?? back.problem
  if (problem) return <Refused problem={problem} again={() => (open.again(), back.again())} />
  if (!open.data || !back.data) return <Loading />
  const rows = [...back.data.rows, ...open.data.rows]
  const total = open.data.total + back.data.total
  if (total === 0) return null
  return (
    <section aria-label="填报">
      <div className="group">
        <h2>填报</h2>
        <span className="quiet num">{total} 件</span>
      </div>
      <ul className="rows">
        {rows.map((k) => (
          <li key={k.id}>
            <Line ask={k} />
          </li>
        ))}
      </ul>
      {total > rows.length ? (
        <p className="group quiet small">先列最急的 {rows.length} 件，其余请在电脑上填。</p>
      ) : null}
    </section>
  )
}
