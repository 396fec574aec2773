// What a resident sees with the code alone: where it stands in plain words, who answers until when, the answer; and what he may do.
import { useState } from 'react'
import type { Followed } from '#modules/demands/contract.ts'
import { type Asked, useAsk, usePost } from '#web/phone/ask.ts'
import { Frame } from '#web/phone/frame.tsx'
import { Button, Check, Clock, Facts, TextField, Loading, Note, Page, Picks, Refused } from '#web/phone/parts.tsx'
import { codeGroups, dayWords, demandStates, moment, outcomes, satisfactions, wordOf } from '#web/phone/words.ts'
import { Photos } from './photos.tsx'
import { freshSlip, SlipSheet } from './slip.tsx'

type Step = { at: string; step: string; note?: string | null }

const stepWords: Record<string, string> = {
  raise: '提出诉求',
  open: '登记',
  dispatch: '派给承办单位',
  sign: '承办单位签收',
  contact: '与您联系',
  answer: '答复',
  'call-back': '回访',
  close: '办结',
  rate: '您作了评价',
  extend: '延长期限',
  suspend: '挂账',
  resume: '恢复办理',
  merge: '与同类诉求并办',
  split: '分开办理',
  reopen: '重新打开',
  'ask-again': '您要求重新打开',
  redo: '重新办理',
  decline: '不予受理',
  dispute: '核实承办单位',
  'withdraw-consent': '撤回同意',
  verify: '核验',
}

/** One sentence a neighbour would say. */
function sentence(d: Followed): string {
  const owner = d.ownerName ?? '社区'
  if (d.suspendedUntil) return `条件暂时不具备，已列入挂账，${dayWords(d.suspendedUntil)}前复核。`
  switch (d.state) {
    case 'registered':
      return '已经收到，社区正在安排由谁来办。'
    case 'dispatched':
      return `已经交给${owner}，等待签收。`
    case 'disputed':
      return '正在核实应由哪个单位承办，期间不计时。'
    case 'signed':
      return `${owner}正在办理。`
    case 'answered':
      return `${owner}已经答复，请您看看是否解决。`
    case 'called':
      return '您的意见已经记录，等待办结。'
    case 'closed':
      return '已经办结。'
    case 'declined':
      return '按规定不在受理范围，原因和其他途径见下方。'
    case 'merged':
      return '与同类诉求合在一起办理，结果同样会在这里告诉您。'
  }
}

/** Which limit runs now, if any. */
const dueOf = (d: Followed) =>
  d.suspendedUntil
    ? null
    : d.state === 'registered' || d.state === 'dispatched'
      ? d.respondDueAt
      : d.state === 'signed'
        ? d.resolveDueAt
        : null

type Doing = { code: string; again: () => void }

/** Two taps: solved or not, satisfied or not; the second one sends. */
function Rating({ code, again }: Doing) {
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]['id'] | null>(null)
  const [satisfaction, setSatisfaction] = useState<(typeof satisfactions)[number]['id'] | null>(null)
  const { post, sending, problem } = usePost<{ state: string }>()
  const rate = async (o: typeof outcome, s: typeof satisfaction) => {
    setOutcome(o)
    setSatisfaction(s)
    if (!o || !s) return
    const done = await post(`/raised-demands/${code}/rating`, { outcome: o, satisfaction: s })
    if (done !== null) again()
    else setSatisfaction(null)
  }
  return (
    <section className="sheet" aria-label="评价">
      {problem ? <Refused problem={problem} /> : null}
      <Picks legend="解决了吗？" options={outcomes} value={outcome} onPick={(o) => void rate(o, satisfaction)} even />
      <Picks
        legend="满意吗？"
        hint="两项都选好即提交"
        options={satisfactions}
        value={satisfaction}
        onPick={(s) => void rate(outcome, s)}
        even
      />
      <p role="status">{sending ? '正在提交……' : ''}</p>
    </section>
  )
}

function Reopen({ code, again }: Doing) {
  const [reason, setReason] = useState('')
  const { post, sending, problem } = usePost()
  const reopen = async () => {
    if ((await post(`/raised-demands/${code}/reopening`, { reason: reason.trim() })) !== null) again()
  }
  return (
    <details className="sheet">
      <summary>问题又出现了，重新打开</summary>
      {problem ? <Refused problem={problem} /> : null}
      <TextField
        label="现在是什么情况"
        wrong={problem?.at('reason')}
        lines="few"
        most={300}
        value={reason}
        onText={setReason}
      />
      <Button busy={sending} disabled={[...reason.trim()].length < 2} onClick={() => void reopen()}>
        重新打开
      </Button>
    </details>
  )
}

function Withdraw({ code, again }: Doing) {
  const [sure, setSure] = useState(false)
  const { post, sending, problem } = usePost()
  const withdraw = async () => {
    if ((await post(`/raised-demands/${code}/consent-withdrawal`)) !== null) again()
  }
  return (
    <details className="sheet">
      <summary>撤回同意，删除联系方式</summary>
      {problem ? <Refused problem={problem} /> : null}
      <p>联系方式和您上传的照片一并删除，承办人和回访员无法再联系您，不能恢复。诉求会继续办理，仍可凭查询码查看。</p>
      <Check checked={sure} onChange={setSure}>
        我明白，仍要删除
      </Check>
      <Button busy={sending} disabled={!sure} onClick={() => void withdraw()}>
        删除联系方式
      </Button>
    </details>
  )
}

const Steps = ({ steps }: { steps: readonly Step[] }) => (
  <section className="sheet">
    <h2>办理过程</h2>
    <ol className="steps">
      {steps.map((s) => (
        <li key={`${s.at}${s.step}`}>
          {stepWords[s.step] ?? s.step}
          {s.note ? <p className="small quiet">{s.note}</p> : null}
          <time dateTime={s.at}>{moment(s.at)}</time>
        </li>
      ))}
    </ol>
  </section>
)

function Standing({ d }: { d: Followed }) {
  const due = dueOf(d)
  return (
    <section className="sheet" aria-live="polite">
      <h2>{demandStates[d.state] ?? d.state}</h2>
      <p>{sentence(d)}</p>
      <Facts
        rows={[
          ['承办单位', d.ownerName],
          [
            d.state === 'signed' ? '办结时限' : '回应时限',
            due ? (
              <>
                {moment(due)}　<Clock dueAt={due} />
              </>
            ) : null,
          ],
          [
            '您的评价',
            d.outcome && d.satisfaction
              ? `${wordOf(outcomes, d.outcome)}，${wordOf(satisfactions, d.satisfaction)}`
              : null,
          ],
        ]}
      />
    </section>
  )
}

function Shown({ d, code, again }: { d: Followed } & Doing) {
  const fresh = freshSlip(code)
  const slip = fresh ?? { code, no: d.no, place: d.placeName, at: d.openedAt }
  return (
    <>
      {fresh ? (
        <>
          <Note tone="good">
            <p>已收到您的诉求，请保存查询码。</p>
          </Note>
          <SlipSheet slip={slip} />
        </>
      ) : null}
      <Standing d={d} />
      {d.answer ? (
        <section className="sheet">
          <h2>答复</h2>
          <p className="said">{d.answer}</p>
        </section>
      ) : null}
      {d.mayRate ? <Rating code={code} again={again} /> : null}
      {(d.parts ?? []).map((p) => (
        <section className="sheet" key={p.no}>
          <h2>分办：{p.title}</h2>
          <p>{demandStates[p.state] ?? p.state}</p>
          {p.answer ? <p className="said">{p.answer}</p> : null}
        </section>
      ))}
      <section className="sheet">
        <h2>您说的事</h2>
        {d.words ? <p className="said">{d.words}</p> : <p className="quiet">内容已按规定删除。</p>}
        <p className="small quiet">
          {d.placeName}　{moment(d.openedAt)}　{d.no} 号
        </p>
      </section>
      <Photos
        at={`/raised-demands/${code}`}
        photos={d.photos}
        may={d.mayAddPhotos}
        mine={(photo) => photo.byResident}
        again={again}
      />
      <Steps steps={d.steps} />
      {d.mayReopen ? <Reopen code={code} again={again} /> : null}
      {fresh ? null : (
        <details className="sheet">
          <summary>查询凭条（{codeGroups(code)}）</summary>
          <SlipSheet slip={slip} />
        </details>
      )}
      {d.contactKept ? <Withdraw code={code} again={again} /> : null}
    </>
  )
}

const Answer = ({ asked, code }: { asked: Asked<Followed>; code: string }) => {
  const { data, problem, again } = asked
  const slip = freshSlip(code)
  return (
    <>
      {problem ? <Refused problem={problem} again={problem.unsettled ? again : undefined} /> : null}
      {problem && !data && slip ? <SlipSheet slip={slip} /> : null}
      {data ? <Shown d={data} code={code} again={again} /> : problem ? null : <Loading />}
    </>
  )
}

export function Follow({ code }: { code: string }) {
  const asked = useAsk<Followed>(`/raised-demands/${encodeURIComponent(code)}`)
  return (
    <Frame name="诉求查询">
      <Page title={asked.data?.title ?? '诉求进展'} back="/m">
        <Answer asked={asked} code={code} />
      </Page>
    </Frame>
  )
}
