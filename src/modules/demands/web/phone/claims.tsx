// My week: what I claimed, when and where, until when it is to be done; say that one arrived, that the work is done, or step back.
import { useState } from 'react'
import { dayOf, timeOf } from '#core/calendar/instants.ts'
import { Link } from 'wouter'
import type { Claim } from '#modules/demands/contract.ts'
import { call } from '#web/api.ts'
import { useAsk, usePost, useSend } from '#web/phone/ask.ts'
import { Button, Check, Clock, Empty, TextField, Loading, Note, Page, Refused } from '#web/phone/parts.tsx'
import { dayWords, moment, span, useNow } from '#web/phone/words.ts'
import { claimStates } from './claiming.tsx'
import { byWhen, mayArrive, weekOf, whenOf, whenWords } from './week.ts'

/** What follows: time is only checked where the mechanism records it, and only a person has a record of service. */
const sentWords = ({ record, unitId }: Claim) =>
  `已提交，等组织者${record === 'minutes' ? '核对服务时间' : '确认'}${unitId ? '' : '后计入您的记录'}。`

function Submit({ claim, done }: { claim: Claim; done: (words: string) => void }) {
  const [report, setReport] = useState('')
  const { post, sending, problem } = usePost()
  const submit = async () => {
    if ((await post(`/claims/${claim.id}/submission`, report.trim() ? { report: report.trim() } : {})) !== null)
      done(sentWords(claim))
  }
  return (
    <details>
      <summary>做完了，提交</summary>
      {problem ? <Refused problem={problem} /> : null}
      <TextField label="做了什么（可以不写）" lines="few" most={500} value={report} onText={setReport} />
      <Button busy={sending} onClick={() => void submit()}>
        提交完成
      </Button>
    </details>
  )
}

function StepBack({ claim, done }: { claim: Claim; done: (words: string) => void }) {
  const [sure, setSure] = useState(false)
  const { send, sending, problem } = useSend()
  const withdraw = async () => {
    const gone = await send(() => call<{ movedUp: string | null }>('DELETE', `/claims/${claim.id}`))
    if (gone) done(gone.movedUp ? '已退出，名额已递补给候补的人。' : '已退出，名额已放回。')
  }
  return (
    <details>
      <summary>
        {claim.state === 'waiting' ? '退出候补' : claim.record === 'minutes' ? '去不了，退出' : '办不了，退出'}
      </summary>
      {problem ? <Refused problem={problem} /> : null}
      <Check checked={sure} onChange={setSure}>
        确定退出，退出后要重新认领
      </Check>
      <Button busy={sending} disabled={!sure} onClick={() => void withdraw()}>
        退出
      </Button>
    </details>
  )
}

/** Arrival is a word of one's own: no place is read, and nothing depends on it. */
function Arrive({ claim, done }: { claim: Claim; done: (words: string) => void }) {
  const { post, sending, problem } = usePost<{ arrivedAt: string }>()
  const arrive = async () => {
    const said = await post(`/claims/${claim.id}/arrival`)
    if (said) done(`已记下您 ${timeOf(said.arrivedAt)} 到场，不读取位置。`)
  }
  return (
    <div className="go">
      {problem ? <Refused problem={problem} /> : null}
      <Button busy={sending} onClick={() => void arrive()}>
        到场报到
      </Button>
    </div>
  )
}

/** When and where, and by when it is to be done. */
function Told({ claim: c }: { claim: Claim }) {
  return (
    <>
      <p className="more">
        {c.record === 'done' ? `请在 ${moment(c.endsAt)} 前办成` : span(c.startsAt, c.endsAt)}
        {c.state === 'claimed' && c.record === 'done' ? (
          <>
            　<Clock dueAt={c.endsAt} />
          </>
        ) : null}
      </p>
      <p className="more">
        {c.placeName}
        {c.unitId ? `　${c.personName}认领` : ''}
      </p>
      {c.claimedBy ? <p className="more">由{c.claimedBy}代为认领</p> : null}
      {c.place ? <p className="more">候补第 {c.place} 位，有人退出时自动递补</p> : null}
      {c.arrivedAt ? <p className="more">{moment(c.arrivedAt)} 已到场</p> : null}
      {c.returnReason ? <p className="clock soon wrap">退回原因：{c.returnReason}</p> : null}
    </>
  )
}

function Line({ claim: c, done }: { claim: Claim; done: (words: string) => void }) {
  const now = useNow()
  return (
    <div className="row">
      <p className="line">
        <Link href={`/m/tasks/${c.taskId}`}>
          <b>{c.taskTitle}</b>
        </Link>
        <span>{claimStates[c.state]}</span>
      </p>
      <Told claim={c} />
      {mayArrive(c, now) ? <Arrive claim={c} done={done} /> : null}
      {c.state === 'claimed' || c.state === 'returned' ? <Submit claim={c} done={done} /> : null}
      {c.state === 'claimed' || c.state === 'waiting' ? <StepBack claim={c} done={done} /> : null}
    </div>
  )
}

/** `本周（11月23日至29日）3 项`: what the week holds, said first. */
function weekWords(claims: readonly Claim[], now: string): string {
  const { from, to } = weekOf(dayOf(now))
  const due = claims.filter((c) => ['today', 'week'].includes(whenOf(c, now) ?? '')).length
  return `本周（${dayWords(from)}至${dayWords(to)}）${due > 0 ? `还有 ${due} 项` : '没有要办的'}。已确认的在“我的服务记录”里。`
}

export function Claims() {
  const { data, problem, again } = useAsk<{ rows: Claim[]; total: number }>('/me/claims', { state: 'open' })
  const [told, setTold] = useState('')
  const now = useNow()
  const groups = data ? byWhen(data.rows, now) : []
  const done = (words: string) => {
    setTold(words)
    window.scrollTo(0, 0)
    again()
  }
  return (
    <Page title="我的认领" lead={data ? weekWords(data.rows, now) : undefined}>
      {told ? (
        <Note tone="good">
          <p>{told}</p>
        </Note>
      ) : null}
      {problem ? <Refused problem={problem} again={again} /> : null}
      {groups.map((g) => (
        <section key={g.when} aria-label={whenWords[g.when]}>
          <div className="group">
            <h2>{whenWords[g.when]}</h2>
            <span className="quiet num">{g.claims.length} 项</span>
          </div>
          <ul className="rows">
            {g.claims.map((c) => (
              <li key={c.id}>
                <Line claim={c} done={done} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {data && groups.length === 0 ? (
        <Empty>
          <p>没有进行中的认领。</p>
          <Link className="btn" href="/m/tasks">
            看看有哪些任务
          </Link>
        </Empty>
      ) : null}
      {!data && !problem ? <Loading /> : null}
    </Page>
  )
}
