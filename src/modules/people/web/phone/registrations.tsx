// The community signs who reported in.
import { useState } from 'react'
import type { Registration } from '#modules/people/contract.ts'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { Button, Empty, Loading, Note, Page, Refused } from '#web/phone/parts.tsx'
import { dayWords } from '#web/phone/words.ts'

function Line({ registration: r, done }: { registration: Registration; done: (words: string) => void }) {
  const { post, sending, problem } = usePost()
  const confirm = async () => {
    if ((await post(`/registrations/${r.id}/confirmation`)) !== null) done(`已签收：${r.personName}`)
  }
  return (
    <div className="row">
      <p className="line">
        <b>{r.personName}</b>
        <span className="num">{dayWords(r.reportedOn)}报到</span>
      </p>
      <p className="more">
        {r.placeName}　{r.organ}
      </p>
      {r.skills.length > 0 ? <p className="more">特长：{r.skills.join('、')}</p> : null}
      {problem ? <Refused problem={problem} /> : null}
      {r.can.includes('registration.confirm') ? (
        <div className="go">
          <Button busy={sending} onClick={() => void confirm()}>
            签收
          </Button>
        </div>
      ) : null}
    </div>
  )
}

export function Registrations() {
  const { data, problem, again } = useAsk<{ rows: Registration[]; total: number }>('/registrations', {
    state: 'reported',
    limit: 50,
  })
  const [told, setTold] = useState('')
  const done = (words: string) => {
    setTold(words)
    again()
  }
  return (
    <Page title="党员报到签收" back="/m/todo" lead={data ? `${data.total} 人等待签收` : undefined}>
      {told ? (
        <Note tone="good">
          <p>{told}</p>
        </Note>
      ) : null}
      {problem ? <Refused problem={problem} again={again} /> : null}
      {data && data.rows.length > 0 ? (
        <ul className="rows">
          {data.rows.map((r) => (
            <li key={r.id}>
              <Line registration={r} done={done} />
            </li>
          ))}
        </ul>
      ) : null}
      {data && data.rows.length === 0 ? <Empty>没有等待签收的报到。</Empty> : null}
      {!data && !problem ? <Loading /> : null}
    </Page>
  )
}
