// My own record of service: minutes in half hours, certificates free of charge. Nobody is compared with anybody. [VOL-02, VOL-05, JF-02]
import { useState } from 'react'
import { Link } from 'wouter'
import type { Claim, ServiceRecord } from '#modules/demands/contract.ts'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { Button, Empty, Facts, TextField, Loading, Page, Refused } from '#web/phone/parts.tsx'
import { halfHours, moment } from '#web/phone/words.ts'

/** Only the organiser writes the record; the volunteer may object. [VOL-04] */
function Objecting({ claim, changed }: { claim: Claim; changed: () => void }) {
  const [reason, setReason] = useState('')
  const { post, sending, problem } = usePost()
  if (claim.objection)
    return (
      <p className="more">
        您提出的异议：{claim.objection}
        {claim.objectionAnswer ? `　答复：${claim.objectionAnswer}` : '（等待记录单位答复）'}
      </p>
    )
  const object = async () => {
    if ((await post(`/claims/${claim.id}/objection`, { reason: reason.trim() })) !== null) changed()
  }
  return (
    <details>
      <summary>记录不对，提出异议</summary>
      {problem ? <Refused problem={problem} /> : null}
      <TextField label="哪里不对" lines="few" most={300} value={reason} onText={setReason} />
      <Button busy={sending} disabled={[...reason.trim()].length < 2} onClick={() => void object()}>
        提出异议
      </Button>
    </details>
  )
}

const Served = ({ claim, changed }: { claim: Claim; changed: () => void }) => (
  <div className="row">
    <p className="line">
      <Link href={`/m/tasks/${claim.taskId}`}>
        <b>{claim.taskTitle}</b>
      </Link>
      <span className="num">{claim.minutes === null ? '' : halfHours(claim.minutes)}</span>
    </p>
    {claim.acceptedAt ? <p className="more">确认于 {moment(claim.acceptedAt)}</p> : null}
    {claim.certificate ? (
      <Link className="flat" href={`/m/record/${claim.id}`}>
        服务证明
      </Link>
    ) : null}
    <Objecting claim={claim} changed={changed} />
  </div>
)

const timeServed = (minutes: number): [string, React.ReactNode] => [
  '服务时间',
  <span className="num" key="m">{`${halfHours(minutes)}（${minutes} 分钟）`}</span>,
]

/** Time is told where time was recorded: whoever met a wish has served without any. */
export function Record() {
  const { data, problem, again } = useAsk<ServiceRecord>('/me/service-record')
  const served = data?.rows.filter((c) => c.state === 'accepted') ?? []
  return (
    <Page title="我的服务记录" back="/m/mine" lead="由组织服务的单位记录，无偿服务，只计实际时间。">
      {problem ? <Refused problem={problem} again={again} /> : null}
      {data ? (
        <section className="sheet">
          <Facts
            rows={[
              ['服务次数', <span className="num" key="n">{`${data.accepted} 次`}</span>],
              ...(data.minutes > 0 ? [timeServed(data.minutes)] : []),
            ]}
          />
        </section>
      ) : null}
      {served.length > 0 ? (
        <ul className="rows">
          {served.map((c) => (
            <li key={c.id}>
              <Served claim={c} changed={again} />
            </li>
          ))}
        </ul>
      ) : null}
      {data && served.length === 0 ? <Empty>还没有已确认的服务。提交完成、由组织者确认后会列在这里。</Empty> : null}
      {!data && !problem ? <Loading /> : null}
    </Page>
  )
}
