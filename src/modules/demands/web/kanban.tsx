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
import type { Demand } from '../contract.ts'
import type { OpenStep } from './step-drawer.tsx'
import { closeDemand, formStepOf, NextStep, signDemand } from './steps.tsx'
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
const leadsTo: Partial<Record<Demand['state'], { to: Demand['state']; verb: string; word: string }>> = {
  registered: { to: 'dispatched', verb: 'demand.dispatch', word: '派单' },
  dispatched: { to: 'signed', verb: 'demand.sign', word: '签收' },
  signed: { to: 'answered', verb: 'demand.answer', word: '答复' },
  answered: { to: 'called', verb: 'demand.call-back', word: '回访' },
  called: { to: 'closed', verb: 'demand.close', word: '办结' },
}

/** Why a slip may not be put into a lane; null where it may. */
export function refusal(d: Demand, lane: Demand['state']): string | null {
  if (d.state === lane) return null
  const step = leadsTo[d.state]
  if (!step) return `“${states[d.state].word}”的诉求不能在看板上移动。`
  if (step.to !== lane) return `“${states[d.state].word}”的下一步是“${step.word}”，不能直接移到“${states[lane].word}”。`
  return d.can.includes(step.verb) ? null : `您在这里没有“${step.word}”的权限。`
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
    const form = formStepOf(d)
    if (form) return open({ step: form.step, demands: [d] })
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
