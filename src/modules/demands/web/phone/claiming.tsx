// Claiming in one tap: the database decides, the page says at once what it decided. Used by the list and by the task's own page.
import { useState } from 'react'
import type { Task } from '#modules/demands/contract.ts'
import { usePost } from '#web/phone/ask.ts'
import { Button } from '#web/phone/parts.tsx'

export const claimStates: Record<string, string> = {
  waiting: '候补中',
  claimed: '已认领',
  submitted: '待确认',
  accepted: '已确认',
  returned: '需补充',
  withdrawn: '已退出',
}

export const placesLeft = (task: Pick<Task, 'capacity' | 'claimed'>) => Math.max(0, task.capacity - task.claimed)

export const claimTold = {
  claimed: '认领成功，名额已为您留下。',
  waiting: '已登记候补，有人退出时按登记先后自动递补。',
}

/** What may be done with a task now, and what came of trying. */
export function Claiming({
  task,
  main,
  changed,
}: {
  task: Task
  main?: boolean
  changed: (state: 'claimed' | 'waiting') => void
}) {
  const { post, sending, problem, clear } = usePost<{ id: string; state: 'claimed' | 'waiting' }>()
  const [got, setGot] = useState<'claimed' | 'waiting' | null>(null)
  const full = placesLeft(task) === 0 || problem?.code === 'demand.task-full'
  const mine = got ?? task.mine
  const claim = async (wait: boolean) => {
    clear()
    const done = await post(`/tasks/${task.id}/claims`, wait ? { wait: true } : {})
    if (!done) return
    setGot(done.state)
    changed(done.state)
  }
  return (
    <div className="go">
      <p role="status">
        {got ? <span className={got === 'claimed' ? 'done' : undefined}>{claimTold[got]}</span> : null}
      </p>
      {problem ? (
        <p role="alert" className="clock late wrap">
          {problem.title}
        </p>
      ) : null}
      {mine && mine !== 'withdrawn' ? (
        got ? null : (
          <p className="done">{claimStates[mine]}</p>
        )
      ) : task.state !== 'published' || !task.can.includes('task.claim') ? null : full ? (
        <Button main={main ?? false} busy={sending} onClick={() => void claim(true)}>
          登记候补
        </Button>
      ) : (
        <Button main={main ?? false} busy={sending} onClick={() => void claim(false)}>
          认领
        </Button>
      )}
    </div>
  )
}
