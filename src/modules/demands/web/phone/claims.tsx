// My claims that are still open: step back, or say that the work is done.
import { useState } from 'react'
import { Link } from 'wouter'
import type { Claim } from '#modules/demands/contract.ts'
import { call } from '#web/api.ts'
import { useAsk, usePost, useSend } from '#web/phone/ask.ts'
import { Button, Check, Empty, TextField, Loading, Note, Page, Refused } from '#web/phone/parts.tsx'
import { moment } from '#web/phone/words.ts'
import { claimStates } from './claiming.tsx'

function Submit({ claim, done }: { claim: Claim; done: (words: string) => void }) {
  const [report, setReport] = useState('')
  const { post, sending, problem } = usePost()
  const submit = async () => {
    if ((await post(`/claims/${claim.id}/submission`, report.trim() ? { report: report.trim() } : {})) !== null)
      done('已提交，等社区核对服务时间后计入您的记录。')
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
      <summary>{claim.state === 'waiting' ? '退出候补' : '去不了，退出'}</summary>
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

export function Claims() {
  const { data, problem, again } = useAsk<{ rows: Claim[]; total: number }>('/me/claims')
  const [told, setTold] = useState('')
  const open = data?.rows.filter((c) => c.state !== 'accepted' && c.state !== 'withdrawn')
  const done = (words: string) => {
    setTold(words)
    window.scrollTo(0, 0)
    again()
  }
  return (
    <Page title="我的认领" lead="已确认的服务在“我的服务记录”里。">
      {told ? (
        <Note tone="good">
          <p>{told}</p>
        </Note>
      ) : null}
      {problem ? <Refused problem={problem} again={again} /> : null}
      {open && open.length > 0 ? (
        <ul className="rows">
          {open.map((c) => (
            <li key={c.id}>
              <div className="row">
                <p className="line">
                  <Link href={`/m/tasks/${c.taskId}`}>
                    <b>{c.taskTitle}</b>
                  </Link>
                  <span>{claimStates[c.state]}</span>
                </p>
                <p className="more">
                  认领于 {moment(c.claimedAt)}
                  {c.place ? `，候补第 ${c.place} 位` : ''}
                </p>
                {c.returnReason ? <p className="clock soon wrap">退回原因：{c.returnReason}</p> : null}
                {c.state === 'claimed' || c.state === 'returned' ? <Submit claim={c} done={done} /> : null}
                {c.state === 'claimed' || c.state === 'waiting' ? <StepBack claim={c} done={done} /> : null}
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {open && open.length === 0 ? (
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
