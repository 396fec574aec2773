// What waits for me on foot, by what it needs, the nearest limit first.
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Demand } from '#modules/demands/contract.ts'
import { useAsk } from '#web/phone/ask.ts'
import { Clock, Empty, Loading, Page, Refused } from '#web/phone/parts.tsx'
import { holds, useMe } from '#web/phone/session.ts'
import { Outbox } from './outbox.tsx'

interface Group {
  name: string
  verb: string
  query: Record<string, string>
}

const groups: readonly Group[] = [
  { name: '派单', verb: 'demand.dispatch', query: { state: 'registered', sort: 'due' } },
  { name: '签收', verb: 'demand.sign', query: { state: 'dispatched', lens: 'owner', sort: 'due' } },
  { name: '办理和答复', verb: 'demand.answer', query: { state: 'signed', lens: 'owner', sort: 'due' } },
  { name: '回访', verb: 'demand.call-back', query: { waits: 'call-back', sort: 'opened' } },
  { name: '核验', verb: 'demand.review', query: { waits: 'verification', sort: 'opened' } },
  { name: '办结', verb: 'demand.close', query: { waits: 'closing', sort: 'opened' } },
]

const SHOWN = 20

export const DemandLine = ({ demand: d }: { demand: Demand }) => (
  <Link className="row" href={`/m/todo/${d.id}`}>
    <p className="line">
      <b>{d.title}</b>
      <Clock dueAt={d.dueAt} />
    </p>
    <p className="more">
      {d.placeName}　{d.categoryName}　<span className="num">{d.no} 号</span>
    </p>
  </Link>
)

function Waiting({ group }: { group: Group }) {
  const { data, problem, again } = useAsk<{ rows: Demand[]; total: number }>('/demands', {
    ...group.query,
    limit: SHOWN,
  })
  return (
    <section aria-label={group.name}>
      <div className="group">
        <h2>{group.name}</h2>
        <span className="quiet num">{data ? (data.total > 0 ? `${data.total} 件` : '没有等待的') : ''}</span>
      </div>
      {problem ? <Refused problem={problem} again={again} /> : null}
      {!data && !problem ? <Loading /> : null}
      {data && data.rows.length > 0 ? (
        <ul className="rows">
          {data.rows.map((d) => (
            <li key={d.id}>
              <DemandLine demand={d} />
            </li>
          ))}
        </ul>
      ) : null}
      {data && data.total > data.rows.length ? (
        <p className="group quiet small">先列最急的 {data.rows.length} 件，其余请在电脑上查看。</p>
      ) : null}
    </section>
  )
}

/** `more`: what other modules wait for. */
export function Todo({ more }: { more?: ReactNode }) {
  const me = useMe()
  const mine = groups.filter((g) => holds(me, g.verb))
  return (
    <Page title="待办">
      <Outbox kind="take-in" />
      {mine.length === 0 ? (
        <Empty>您没有需要办理诉求的授权。任务的验收在“任务”里。</Empty>
      ) : (
        mine.map((g) => <Waiting key={g.name} group={g} />)
      )}
      {more}
      {holds(me, 'registration.confirm') ? (
        <ul className="rows">
          <li>
            <Link className="row" href="/m/registrations">
              <b>党员报到签收</b>
            </Link>
          </li>
        </ul>
      ) : null}
    </Page>
  )
}
