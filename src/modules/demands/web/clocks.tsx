// The clocks of a demand: what runs, on which basis it is counted, what moved it. [REQ-04..06]
import { millisOf } from '#core/calendar/instants.ts'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { moment } from '#web/kit/time.ts'
import type { DemandPage } from '../contract.ts'
import { basisWords, type Term } from './words.ts'

const changeWords = {
  extension: '延期',
  suspension: '挂账',
  resumption: '恢复办理',
  'dispute-pause': '异议审核期间停止计时',
  review: '挂账复核',
} as const

interface Line {
  name: string
  term: Term
  due: string | null
  met: string | null
  /** what met it is called */
  word: string
}

/** Running, met in time, met late, or standing still. */
function Standing({ line, page }: { line: Line; page: DemandPage }) {
  const { demand: d } = page
  if (!line.due) return <span className="quiet">不计时</span>
  if (line.met) {
    const late = millisOf(line.met) > millisOf(line.due)
    return (
      <span className="row">
        <span>
          {moment(line.met)} {line.word}
        </span>
        <StateTag tone={late ? 'act' : 'done'}>{late ? '超时' : '按时'}</StateTag>
      </span>
    )
  }
  if (d.state === 'disputed') return <span>异议审核中，停止计时</span>
  if (d.suspendedUntil) return <span>挂账中，停止计时</span>
  if (['closed', 'declined', 'merged'].includes(d.state)) return <span className="quiet">已结束</span>
  return <Clock dueAt={line.due} provisional={d.provisional} label={line.name} />
}

export function Clocks({ page }: { page: DemandPage }) {
  const { demand: d, rules } = page
  const lines: Line[] = [
    { name: '响应时限', term: rules.respond, due: page.respondDueAt, met: page.respondedAt, word: '联系诉求人' },
    { name: '办结时限', term: rules.resolve, due: page.resolveDueAt, met: page.answeredAt, word: '答复' },
  ]
  return (
    <Sheet title="时限" padded>
      <table className="plain">
        <thead>
          <tr>
            <th>时限</th>
            <th>计算方式</th>
            <th>到期</th>
            <th>现状</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.name}>
              <td>{line.name}</td>
              <td>{basisWords(line.term)}</td>
              <td className="nowrap">
                {line.due ? moment(line.due) : '—'}
                {d.provisional ? (
                  <span className="quiet" title="该年度工作日历尚未公布，公布后重新计算">
                    {' '}
                    暂算
                  </span>
                ) : null}
              </td>
              <td>
                <Standing line={line} page={page} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {page.clockChanges.length > 0 || page.escalations.length > 0 ? <Moves page={page} /> : null}
    </Sheet>
  )
}

function Moves({ page }: { page: DemandPage }) {
  const moves = [
    ...page.clockChanges.map((c) => ({
      at: c.at,
      what: changeWords[c.kind],
      due: c.fromDue && c.toDue && c.kind !== 'suspension' ? `${moment(c.fromDue)} → ${moment(c.toDue)}` : null,
      why: c.reason,
      more: [
        c.plan && `解决计划：${c.plan}`,
        c.leader && `牵头领导：${c.leader}`,
        c.reviewOn && `复核日期：${c.reviewOn}`,
      ],
    })),
    ...page.escalations.map((e) => ({
      at: e.at,
      what: `逾期提级（第 ${e.step} 级）`,
      due: null,
      why: `报${e.unitName}`,
      more: [],
    })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : 1))
  return (
    <ul className="stack moves">
      {moves.map((m) => (
        <li key={`${m.at} ${m.what}`}>
          <span className="quiet">{moment(m.at)}</span>　<b>{m.what}</b>　{m.due ? <span>{m.due}　</span> : null}
          {m.why}
          {m.more.filter(Boolean).map((x) => (
            <div key={x as string} className="quiet">
              {x}
            </div>
          ))}
        </li>
      ))}
    </ul>
  )
}
