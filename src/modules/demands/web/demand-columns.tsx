// The columns of the list of demands.
import { Link } from 'wouter'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import type { Column } from '#web/kit/data-table.tsx'
import { moment, shortMoment, useNow } from '#web/kit/time.ts'
import type { Demand } from '../contract.ts'
import type { OpenStep } from './step-drawer.tsx'
import { NextStep } from './steps.tsx'
import { channels, grades, outcomes, satisfactions, states } from './words.ts'

const Clip = ({ children }: { children: string }) => (
  <span className="clip" title={children}>
    {children}
  </span>
)

function Opened({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)} className="nowrap">
      {shortMoment(at, useNow())}
    </time>
  )
}

/** A column of plain words, shown only when chosen. */
const extra = (id: string, title: string, width: number, text: (d: Demand) => string): Column<Demand> => ({
  id,
  title,
  width,
  extra: true,
  render: (d) => text(d) || '—',
  text,
})

const facts: Column<Demand>[] = [
  { id: 'category', title: '类别', width: 84, render: (d) => d.categoryName, text: (d) => d.categoryName },
  { id: 'place', title: '地点', width: 118, render: (d) => <Clip>{d.placeName}</Clip>, text: (d) => d.placeName },
  {
    id: 'state',
    title: '状态',
    width: 100,
    render: (d) => <StateTag tone={states[d.state].tone}>{states[d.state].word}</StateTag>,
    text: (d) => states[d.state].word,
  },
  {
    id: 'due',
    title: '时限',
    width: 196,
    sort: { up: 'due' },
    render: (d) =>
      d.suspendedUntil ? `挂账至 ${d.suspendedUntil}` : <Clock dueAt={d.dueAt} provisional={d.provisional} />,
    text: (d) =>
      d.suspendedUntil ? `挂账至 ${d.suspendedUntil}` : d.dueAt ? `${moment(d.dueAt)}${d.late ? '（逾期）' : ''}` : '',
  },
  {
    id: 'owner',
    title: '承办单位',
    width: 118,
    render: (d) => (d.ownerName ? <Clip>{d.ownerName}</Clip> : <span className="quiet">未派</span>),
    text: (d) => d.ownerName ?? '',
  },
  {
    id: 'opened',
    title: '登记时间',
    width: 112,
    sort: { up: 'opened', down: '-opened' },
    render: (d) => <Opened at={d.openedAt} />,
    text: (d) => moment(d.openedAt),
  },
]

const chosen: Column<Demand>[] = [
  extra('channel', '来源', 84, (d) => channels[d.channel]),
  extra('grade', '紧急程度', 84, (d) => grades[d.grade]),
  extra('outcome', '解决情况', 90, (d) => (d.outcome ? outcomes[d.outcome] : '')),
  extra('satisfaction', '满意程度', 90, (d) => (d.satisfaction ? satisfactions[d.satisfaction] : '')),
  extra('closed', '办结时间', 140, (d) => (d.closedAt ? moment(d.closedAt) : '')),
  extra('excluded', '剔除', 70, (d) => (d.excluded ? '已剔除' : '')),
]

export const demandColumns = (carry: (path: string) => string, open: (step: OpenStep) => void): Column<Demand>[] => [
  { id: 'no', title: '编号', width: 66, align: 'right', render: (d) => d.no, text: (d) => d.no },
  {
    id: 'title',
    title: '诉求',
    render: (d) => (
      <Link className="two-lines" title={d.title} href={carry(`/demands/${d.id}`)}>
        {d.title}
      </Link>
    ),
    text: (d) => d.title,
  },
  ...facts,
  ...chosen,
  {
    id: 'next',
    title: '办理',
    width: 92,
    render: (d) => <NextStep demand={d} size="small" open={(step) => open({ step, demands: [d] })} />,
  },
]
