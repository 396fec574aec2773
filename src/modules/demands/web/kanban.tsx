// 看板: lanes by state with clocks. A slip moves only where the next step is lawful; elsewhere the board says why not.
import { App } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { asProblem } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { Clock } from '#web/kit/clock.tsx'
import { type Query, useList } from '#web/kit/data-table.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { Demand, DemandStep } from '../contract.ts'
import type { OpenStep } from './step-drawer.tsx'
import { dueForm } from './due.ts'
import { closeDemand, NextStep, signDemand, stepWords } from './steps.tsx'
import { states } from './words.ts'

const lanes: readonly Demand['state'][] = [
  'registered',
  'dispatched',
  'disputed',
  'signed',
  'answered',
  'called',
  'closed',
]

/** Where the one step that is due leads, in the order people do them. */
const leadsTo: Partial<Record<Demand['state'], { to: Demand['state']; steps: readonly DemandStep[]; verb: string }>> = {
  registered: { to: 'dispatched', steps: ['dispatch'], verb: 'demand.dispatch' },
  dispatched: { to: 'signed', steps: ['sign'], verb: 'demand.sign' },
  disputed: { to: 'dispatched', steps: ['review'], verb: 'demand.review' },
  signed: { to: 'answered', steps: ['answer'], verb: 'demand.answer' },
  answered: { to: 'called', steps: ['call-back', 'verify'], verb: 'demand.call-back' },
  called: { to: 'closed', steps: ['close'], verb: 'demand.close' },
}

/** Why a slip may not be put into a lane; null where it may. */
function refusal(d: Demand, lane: Demand['state']): string | null {
  if (d.state === lane) return null
  const way = leadsTo[d.state]
  if (!way) return `“${states[d.state].word}”的诉求不能在看板上移动。`
  const word = stepWords[way.steps[0] as DemandStep]
  if (way.to !== lane) return `“${states[d.state].word}”的下一步是“${word}”，不能直接移到“${states[lane].word}”。`
  if (way.steps.some((s) => d.steps.includes(s))) return null
  if (!d.can.includes(way.verb)) return `您在这里没有“${word}”的权限。`
  if (d.suspendedUntil) return `这件诉求在挂账中，请先恢复办理（依据 REQ-06）。`
  if (d.state === 'answered') return '您是承办人，回访须由承办人以外的人员进行（依据 REQ-08）。'
  return `现在不能“${word}”，请打开诉求查看。`
}

interface KanbanProps {
  query: Query
  open: (step: OpenStep) => void
}

export function Kanban({ query, open }: KanbanProps) {
  const [held, setHeld] = useState<Demand | null>(null)
  const { message } = App.useApp()
  const refresh = useRefresh()
  const told = useTold()
  const move = async (d: Demand, lane: Demand['state']) => {
    const why = refusal(d, lane)
    if (why) return void message.warning(why)
    if (d.state === lane) return
    const step = dueForm(d)
    if (step) return open({ step, demands: [d] })
    try {
      await (d.state === 'dispatched' ? signDemand(d.id) : closeDemand(d.id))
      told(d.state === 'dispatched' ? '已签收' : '已办结')
    } catch (error) {
      message.error(asProblem(error).title)
    }
    await refresh()
  }
  return (
    <div className="lanes">
      {lanes.map((lane) => (
        <Lane
          key={lane}
          lane={lane}
          query={query}
          held={held}
          hold={setHeld}
          drop={(d) => void move(d, lane)}
          open={open}
        />
      ))}
    </div>
  )
}

interface LaneProps extends KanbanProps {
  lane: Demand['state']
  held: Demand | null
  hold: (d: Demand | null) => void
  drop: (d: Demand) => void
}

function Lane({ lane, query, held, hold, drop, open }: LaneProps) {
  const list = useList<Demand>('/demands', {
    ...query,
    state: lane,
    limit: 30,
    sort: lane === 'closed' ? '-opened' : 'due',
  })
  const { set } = useAddress()
  const [over, setOver] = useState(false)
  const mark = held && over && held.state !== lane ? (refusal(held, lane) ? ' refuse' : ' over') : ''
  const rest = (list.data?.total ?? 0) - (list.data?.rows.length ?? 0)
  return (
    <section
      className={`lane${mark}${list.data?.total === 0 ? ' bare' : ''}`}
      aria-label={states[lane].word}
      onDragOver={(e) => {
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={() => {
        setOver(false)
        if (held) drop(held)
        hold(null)
      }}
    >
      <header>
        {states[lane].word}
        <span className="count">{list.data?.total.toLocaleString('zh-CN') ?? '…'}</span>
      </header>
      {list.error ? <ErrorState error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Loading lines={4} /> : null}
      <ol>
        {list.data?.rows.map((d) => (
          <Slip key={d.id} demand={d} hold={hold} open={open} />
        ))}
        {rest > 0 ? (
          <li>
            <button type="button" className="link" onClick={() => set({ view: null, state: lane, page: null })}>
              还有 {rest.toLocaleString('zh-CN')} 件，在清单中查看
            </button>
          </li>
        ) : null}
      </ol>
    </section>
  )
}

function Slip({
  demand: d,
  hold,
  open,
}: {
  demand: Demand
  hold: (d: Demand | null) => void
  open: KanbanProps['open']
}) {
  const carry = useCarry()
  const movable = Boolean(leadsTo[d.state])
  return (
    <li className="slip" draggable={movable} onDragStart={() => hold(d)} onDragEnd={() => hold(null)}>
      <div className="title">
        <Link href={carry(`/demands/${d.id}`)}>{d.title}</Link>
      </div>
      <div className="line">
        {d.no}　{d.categoryName}　{d.ownerName ?? d.placeName}
      </div>
      <div className="row" style={{ justifyContent: 'space-between', marginTop: 2 }}>
        {d.dueAt ? <Clock dueAt={d.dueAt} provisional={d.provisional} /> : <span />}
        <NextStep demand={d} size="small" open={(step) => open({ step, demands: [d] })} />
      </div>
    </li>
  )
}
