// The organiser records when the service really was, travel excluded; minutes follow from it. [VOL-02, VOL-04]
import { useState } from 'react'
import { clock } from '#core/clock.ts'
import { dayOf, instantOf, millisOf, timeOf } from '#core/calendar/instants.ts'
import type { Claim, Task } from '#modules/demands/contract.ts'
import { usePost } from '#web/phone/ask.ts'
import { Button, TextField, Refused } from '#web/phone/parts.tsx'
import { halfHours } from '#web/phone/words.ts'

/** The moment of arrival where it was said, the task's own window where it has passed, else the last hour: a start to correct, not to believe. */
function proposal(task: Task, arrivedAt: string | null, now: string) {
  const past =
    millisOf(task.endsAt) <= millisOf(now) && millisOf(task.endsAt) - millisOf(task.startsAt) <= 24 * 3_600_000
  const began = arrivedAt ?? task.startsAt
  return past
    ? { day: dayOf(began), from: timeOf(began), to: timeOf(task.endsAt) }
    : { day: dayOf(now), from: arrivedAt ? timeOf(arrivedAt) : '', to: '' }
}

const minutesOf = (from: string, to: string) => {
  const [a, b] = [from, to].map((t) => Number(t.slice(0, 2)) * 60 + Number(t.slice(3, 5))) as [number, number]
  return b - a
}

interface Props {
  claim: Claim
  task: Task
  changed: () => void
}

/** Where the mechanism records only that it was done, a word is enough. */
function Done({ claim, changed }: Props) {
  const { post, sending, problem } = usePost()
  const accept = async () => {
    if ((await post(`/claims/${claim.id}/acceptance`, {})) !== null) changed()
  }
  return (
    <div className="go">
      {problem ? <Refused problem={problem} /> : null}
      <Button busy={sending} onClick={() => void accept()}>
        确认{claim.personName}已办成
      </Button>
    </div>
  )
}

export const Accepting = (props: Props) => (props.task.record === 'done' ? <Done {...props} /> : <Served {...props} />)

function Served({ claim, task, changed }: Props) {
  const [when, setWhen] = useState(() => proposal(task, claim.arrivedAt, clock.now()))
  const { post, sending, problem } = usePost<{ minutes: number }>()
  const minutes = when.from && when.to ? minutesOf(when.from, when.to) : 0
  const accept = async () => {
    const times = { servedFrom: instantOf(when.day, when.from), servedTo: instantOf(when.day, when.to) }
    if ((await post(`/claims/${claim.id}/acceptance`, times)) !== null) changed()
  }
  return (
    <details open={claim.state === 'submitted'}>
      <summary>确认服务时间</summary>
      {problem ? <Refused problem={problem} /> : null}
      <TextField label="服务日期" kind="date" value={when.day} onText={(text) => setWhen({ ...when, day: text })} />
      <div className="pair">
        <TextField label="从" kind="time" value={when.from} onText={(text) => setWhen({ ...when, from: text })} />
        <TextField label="到" kind="time" value={when.to} onText={(text) => setWhen({ ...when, to: text })} />
      </div>
      <p className="small quiet" role="status">
        {minutes > 0
          ? `共 ${minutes} 分钟（记 ${halfHours(minutes)}）；只算实际服务，不含路上时间。`
          : '只算实际服务，不含路上时间。'}
      </p>
      <Button busy={sending} disabled={!when.day || minutes <= 0} onClick={() => void accept()}>
        确认{claim.personName}的服务
      </Button>
    </details>
  )
}
