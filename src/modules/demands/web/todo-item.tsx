// One line of the to-do page: a demand, a task or what another module waits for, with the one thing that is to be done with it.
import { Button, Checkbox } from 'antd'
import { Link } from 'wouter'
import { useCarry } from '#web/kit/address.ts'
import { Clock } from '#web/kit/clock.tsx'
import { moment } from '#web/kit/time.ts'
import type { TodoGroup, TodoRow } from '#web/kit/todo.ts'
import type { Demand, Task } from '../contract.ts'
import type { FormStep } from './due.ts'
import { NextStep, stepWords } from './steps.tsx'
import type { OpenStep } from './step-drawer.tsx'
import { type Line, otherLine } from '#web/kit/todo-lines.tsx'

/** What was opened from a row: the form of a step, the hands of a demand, a task. */
export interface Opening {
  step: (open: OpenStep) => void
  hands: (id: string) => void
  task: (id: string) => void
}

interface ItemProps {
  id: string
  group: TodoGroup
  row: TodoRow
  here: boolean
  picked: boolean
  toggle: (id: string) => void
  opening: Opening
}

export function TodoItem({ id, group, row, here, picked, toggle, opening }: ItemProps) {
  const carry = useCarry()
  const line =
    group.of === 'demands'
      ? demandLine(row as Demand, group, opening, carry)
      : group.of === 'tasks'
        ? taskLine(row as Task, group, opening)
        : otherLine(group.of, row, carry)
  return (
    <div className={here ? 'todo-item here' : 'todo-item'} data-row={id} tabIndex={-1}>
      {line.pick ? <Checkbox checked={picked} onChange={() => toggle(id)} aria-label={line.pick} /> : <span />}
      <span className="quiet num">{line.no}</span>
      <span className="clip">{line.what}</span>
      <span className="clip wide" title={line.where}>
        {line.where}
      </span>
      <span className="wide">{line.when}</span>
      <span className="acts">{line.act}</span>
    </div>
  )
}

const handWords: Record<string, string> = {
  'part-sign': '签收或报到',
  'part-report': '反馈',
  rating: '评价',
}

function demandLine(d: Demand, group: TodoGroup, opening: Opening, carry: ReturnType<typeof useCarry>): Line {
  const { does } = group
  const step = (s: FormStep) => opening.step({ step: s, demands: [d] })
  return {
    no: d.no,
    what: (
      <>
        <Link href={carry(`/demands/${d.id}`)}>{d.title}</Link>
        <span className="kind">{d.categoryName}</span>
      </>
    ),
    where: d.placeName,
    when: d.suspendedUntil ? `挂账至 ${d.suspendedUntil}` : <Clock dueAt={d.dueAt} provisional={d.provisional} />,
    pick: `选择第 ${d.no} 号`,
    act:
      does === 'hands' ? (
        <Button size="small" onClick={() => opening.hands(d.id)}>
          {handWords[group.id]}
        </Button>
      ) : does ? (
        <Button size="small" onClick={() => step(does as FormStep)}>
          {stepWords[does]}
        </Button>
      ) : (
        <NextStep demand={d} size="small" open={step} />
      ),
  }
}

const taskWords: Record<string, string> = { draft: '审核', accept: '确认', object: '答复' }

function taskLine(t: Task, group: TodoGroup, opening: Opening): Line {
  return {
    no: t.no,
    what: (
      <button type="button" className="link" onClick={() => opening.task(t.id)}>
        {t.title}
      </button>
    ),
    where: t.placeName,
    when: `${moment(t.startsAt)} 起`,
    act: (
      <Button size="small" onClick={() => opening.task(t.id)}>
        {taskWords[group.id]}
      </Button>
    ),
  }
}
