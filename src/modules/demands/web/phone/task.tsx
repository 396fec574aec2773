// One task: all of it, my claim, and for the organiser who claimed and whose work waits to be accepted.
import { useState } from 'react'
import { useParams } from 'wouter'
import type { Claim, Task } from '#modules/demands/contract.ts'
import { useAsk } from '#web/phone/ask.ts'
import { Empty, Facts, Loading, Note, Page, Refused } from '#web/phone/parts.tsx'
import { moment, span } from '#web/phone/words.ts'
import { taskStateName } from '../../contract/names.ts'
import { Accepting } from './accepting.tsx'
import { ClaimForOthers } from './claim-for.tsx'
import { claimStates, claimTold, Claiming, placesLeft } from './claiming.tsx'

function ClaimsOf({ task }: { task: Task }) {
  const { data, problem, again } = useAsk<{ rows: Claim[]; total: number }>(`/tasks/${task.id}/claims`)
  if (problem) return <Refused problem={problem} again={again} />
  if (!data) return <Loading />
  const shown = data.rows.filter((c) => c.state !== 'withdrawn')
  return (
    <section aria-label="认领情况">
      <div className="group">
        <h2>认领情况</h2>
        <span className="quiet num">{shown.length} 人次</span>
      </div>
      {shown.length === 0 ? <Empty>还没有人认领。</Empty> : null}
      <ul className="rows">
        {shown.map((c) => (
          <li key={c.id}>
            <div className="row">
              <p className="line">
                <b>
                  {c.personName}
                  {c.unitId ? <span className="quiet">　单位</span> : null}
                </b>
                <span className={c.state === 'accepted' ? 'done' : undefined}>{claimStates[c.state]}</span>
              </p>
              <p className="more">
                {c.submittedAt ? `提交于 ${moment(c.submittedAt)}` : `认领于 ${moment(c.claimedAt)}`}
                {c.arrivedAt ? `　${moment(c.arrivedAt)} 到场` : ''}
                {c.minutes !== null ? `　${c.minutes} 分钟` : ''}
              </p>
              {c.can.includes('task.accept') && (c.state === 'submitted' || c.state === 'claimed') ? (
                <Accepting claim={c} task={task} changed={again} />
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function TaskPage() {
  const { id } = useParams<{ id: string }>()
  const [told, setTold] = useState('')
  const { data: task, problem, again } = useAsk<Task>(`/tasks/${id}`)
  if (!task)
    return (
      <Page title="任务" back="/m/tasks">
        {problem ? <Refused problem={problem} again={problem.unsettled ? again : undefined} /> : <Loading />}
      </Page>
    )
  const who = task.claimants.includes('unit') ? '个' : '人'
  const claims = task.can.includes('task.claim') && task.state === 'published'
  const claimed = (state: 'claimed' | 'waiting') => {
    setTold(claimTold[state])
    again()
  }
  return (
    <Page
      title={task.title}
      back="/m/tasks"
      lead={taskStateName(task)}
      act={claims && !task.mine ? <Claiming task={task} main changed={claimed} /> : undefined}
    >
      {told ? (
        <Note tone="good">
          <p>{told}</p>
        </Note>
      ) : null}
      <section className="sheet">
        <Facts
          rows={[
            task.record === 'done' ? ['认领截止', moment(task.endsAt)] : ['时间', span(task.startsAt, task.endsAt)],
            ['地点', task.placeName],
            ['名额', `${task.capacity} ${who}，还余 ${placesLeft(task)} ${who}`],
            ['特长', task.skills.join('、')],
            ['说明', task.detail ? <span className="said">{task.detail}</span> : null],
            ['我的认领', task.mine && task.mine !== 'withdrawn' ? claimStates[task.mine] : null],
            ['编号', `${task.no} 号`],
          ]}
        />
      </section>
      <ClaimForOthers
        task={task}
        done={(words) => {
          setTold(words)
          window.scrollTo(0, 0)
          again()
        }}
      />
      {task.can.includes('task.accept') || task.can.includes('task.claim-unit') ? (
        <ClaimsOf key={task.claimed} task={task} />
      ) : null}
    </Page>
  )
}
