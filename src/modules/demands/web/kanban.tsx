// 看板: lanes by state with clocks. A slip moves only where the next step is lawful; elsewhere the board says why not.
import { App } from 'antd'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { asProblem } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { Clock } from '#web/kit/clock.tsx'
import type { ListOf, Query } from '#web/kit/list.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { Demand, DemandStep } from '../contract.ts'
import type { OpenStep } from './step-drawer.tsx'
import { dueForm } from './due.ts'
import { lanes, useLanes } from './lanes.ts'
import { closeDemand, NextStep, signDemand, stepWords } from './steps.tsx'
import { states } from './words.ts'

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

/** Carries one slip to a lane, by its lawful step: at once, or through the form the step has. */
function useMove(open: KanbanProps['open']) {
  const { message } = App.useApp()
  const refresh = useRefresh()
  const told = useTold()
  return async (d: Demand, lane: Demand['state']) => {
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
}

interface Hand {
  /** the slip in hand, by mouse or by keyboard, and the lane it is above */
  held: Demand | null
  over: Demand['state'] | null
  take: (d: Demand, over: Demand['state'] | null) => void
  above: (lane: Demand['state'] | null) => void
  drop: (lane: Demand['state']) => void
  leave: () => void
}

function useHand(move: ReturnType<typeof useMove>): Hand {
  const [held, setHeld] = useState<Demand | null>(null)
  const [over, setOver] = useState<Demand['state'] | null>(null)
  const leave = () => {
    setHeld(null)
    setOver(null)
  }
  return {
    held,
    over,
    take: (d, lane) => {
      setHeld(d)
      setOver(lane)
    },
    above: setOver,
    drop: (lane) => {
      if (held) void move(held, lane)
      leave()
    },
    leave,
  }
}

/** What is in hand and whether it may be put down here; read out as well as shown. */
function sayingOf({ held, over }: Hand): string {
  if (!held) return ''
  if (!over || over === held.state) return `已提起第 ${held.no} 号，用 ← → 选列，回车放下，Esc 放弃。`
  return refusal(held, over) ?? `可以移到“${states[over].word}”，回车放下。`
}

export function Kanban({ query, open }: KanbanProps) {
  const lists = useLanes(query)
  const hand = useHand(useMove(open))
  const said = sayingOf(hand)
  /** the slip that was moved by keyboard keeps the focus in its new lane */
  const followRef = useRef<string | null>(null)
  if (lists.error) return <ErrorState error={lists.error} retry={() => void lists.refetch()} />
  return (
    <>
      <p className="lanes-say no-print">
        <span role="status">{said}</span>
        {said ? null : (
          <span className="quiet keys-hint">
            拖到下一列即可办理；用键盘：<kbd>Tab</kbd> 到一件，<kbd>空格</kbd> 提起，<kbd>←</kbd> <kbd>→</kbd> 选列，
            <kbd>Enter</kbd> 放下
          </span>
        )}
      </p>
      <div className="lanes">
        {lanes.map((lane, at) => (
          <Lane key={lane} lane={lane} list={lists.data?.[at]} hand={hand} followRef={followRef} open={open} />
        ))}
      </div>
    </>
  )
}

type Follow = RefObject<string | null>

interface LaneProps {
  lane: Demand['state']
  /** absent until the first answer */
  list: ListOf<Demand> | undefined
  hand: Hand
  followRef: Follow
  open: KanbanProps['open']
}

function Lane({ lane, list, hand, followRef, open }: LaneProps) {
  const { set } = useAddress()
  const { held, over } = hand
  const mark = held && over === lane && held.state !== lane ? (refusal(held, lane) ? ' refuse' : ' over') : ''
  const rest = list ? list.total - list.rows.length : 0
  return (
    <section
      className={`lane${mark}${list?.total === 0 ? ' bare' : ''}`}
      aria-label={states[lane].word}
      onDragOver={(e) => {
        if (!held) return
        e.preventDefault()
        if (over !== lane) hand.above(lane)
      }}
      onDrop={(e) => {
        e.preventDefault()
        hand.drop(lane)
      }}
    >
      <header>
        {states[lane].word}
        <span className="count">{list?.total.toLocaleString('zh-CN') ?? '…'}</span>
      </header>
      {list ? null : <Loading lines={4} />}
      <ol>
        {list?.rows.map((d) => (
          <Slip key={d.id} demand={d} hand={hand} followRef={followRef} open={open} />
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

const slipsOf = (lane: Element | null | undefined) => [...(lane?.querySelectorAll<HTMLElement>('.slip') ?? [])]

/** To the slip above or below, or to the first one of the next lane that has any. */
function walk(from: HTMLElement, key: string) {
  const lane = from.closest('.lane')
  const [side, at] = [slipsOf(lane), slipsOf(lane).indexOf(from)]
  if (key === 'ArrowUp' || key === 'ArrowDown') return side[at + (key === 'ArrowDown' ? 1 : -1)]?.focus()
  const all = [...(lane?.parentElement?.children ?? [])]
  const here = all.indexOf(lane as Element)
  const onward = key === 'ArrowRight' ? all.slice(here + 1) : all.slice(0, here).toReversed()
  onward
    .map(slipsOf)
    .find((s) => s.length > 0)?.[0]
    ?.focus()
}

/** Space picks up and puts down, arrows choose, Enter opens what is not in hand, Esc lets go. */
function keysOf(d: Demand, hand: Hand, followRef: Follow) {
  const holding = hand.held?.id === d.id
  return (e: KeyboardEvent<HTMLElement>) => {
    if (e.target !== e.currentTarget || e.ctrlKey || e.metaKey || e.altKey) return
    const sideways = e.key === 'ArrowLeft' || e.key === 'ArrowRight'
    if (e.key === ' ' && !holding && leadsTo[d.state]) hand.take(d, d.state)
    else if (holding && sideways) {
      const at = lanes.findIndex((lane) => lane === (hand.over ?? d.state)) + (e.key === 'ArrowRight' ? 1 : -1)
      hand.above(lanes[Math.min(Math.max(at, 0), lanes.length - 1)] ?? d.state)
    } else if (holding && (e.key === 'Enter' || e.key === ' ')) {
      followRef.current = d.id
      hand.drop(hand.over ?? d.state)
    } else if (holding && e.key === 'Escape') hand.leave()
    else if (!holding && e.key === 'Enter') e.currentTarget.querySelector('a')?.click()
    else if (!holding && (sideways || e.key === 'ArrowUp' || e.key === 'ArrowDown')) walk(e.currentTarget, e.key)
    else return
    e.preventDefault()
  }
}

interface SlipProps {
  demand: Demand
  hand: Hand
  followRef: Follow
  open: KanbanProps['open']
}

function Slip({ demand: d, hand, followRef, open }: SlipProps) {
  const carry = useCarry()
  const box = useRef<HTMLLIElement>(null)
  const movable = Boolean(leadsTo[d.state])
  const holding = hand.held?.id === d.id
  useEffect(() => {
    if (followRef.current !== d.id) return
    followRef.current = null
    box.current?.focus()
  }, [d.id, d.state, followRef])
  return (
    <li
      ref={box}
      className={holding ? 'slip held' : 'slip'}
      tabIndex={0}
      draggable={movable}
      onDragStart={(e) => {
        e.dataTransfer.effectAllowed = 'move'
        e.dataTransfer.setData('text/plain', String(d.no))
        hand.take(d, null)
      }}
      onDragEnd={hand.leave}
      onKeyDown={keysOf(d, hand, followRef)}
      onBlur={() => holding && hand.leave()}
    >
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
