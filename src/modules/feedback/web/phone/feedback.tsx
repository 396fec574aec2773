// The entry on every page of the phone, for residents without an account too: say it, keep the code, see the answer, rate it. [JF-12]
import { type FormEvent, useEffect, useState } from 'react'
import { useLocation, useParams, useSearch } from 'wouter'
import { type Asked, useAsk, usePost } from '#web/phone/ask.ts'
import { FollowForm, KeptCodes } from '#web/phone/follow-form.tsx'
import { dropLocal, readLocal, writeLocal } from '#web/phone/local.ts'
import { Button, Check, Clock, Facts, Loading, Note, Page, Picks, Refused, TextField } from '#web/phone/parts.tsx'
import { CodeSlip } from '#web/phone/slip.tsx'
import { moment, satisfactions, wordOf } from '#web/phone/words.ts'
import type { FeedbackKind, FollowedFeedback } from '../../contract.ts'

const kinds: readonly { id: FeedbackKind; name: string }[] = [
  { id: 'complaint', name: '投诉' },
  { id: 'suggestion', name: '建议' },
  { id: 'fault', name: '故障' },
]

interface Draft {
  kind: FeedbackKind | null
  words: string
  name: string
  phone: string
}
const blank: Draft = { kind: null, words: '', name: '', phone: '' }
const DRAFT = 'draft.feedback'

interface Sent {
  code: string
  no: number
  replyBy: string
}
/** What was just sent, for the page that opens next. */
let fresh: Sent | null = null

interface Faults {
  kind?: string | undefined
  words?: string | undefined
  phone?: string | undefined
}

function faultsOf(d: Draft): Faults {
  return {
    kind: d.kind ? undefined : '请选择是投诉、建议还是故障。',
    words: d.words.trim() === '' ? '请写下您的意见。' : undefined,
    phone: d.phone === '' || /^1[3-9]\d{9}$/.test(d.phone) ? undefined : '手机号码应为 11 位数字；不想留可以清空。',
  }
}

function useDraft() {
  const [draft, setDraft] = useState<Draft>(() => readLocal<Draft>(DRAFT) ?? blank)
  useEffect(() => {
    if (draft.words || draft.name || draft.phone) writeLocal(DRAFT, draft)
    else dropLocal(DRAFT)
  }, [draft])
  return { draft, edit: (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part })) }
}

function bodyOf(d: Draft, from: URLSearchParams) {
  const contact = {
    ...(d.name.trim() ? { name: d.name.trim() } : {}),
    ...(d.phone ? { phone: d.phone } : {}),
  }
  const district = from.get('d')
  return {
    kind: d.kind,
    words: d.words.trim(),
    page: from.get('from') ?? '/m',
    ...(district ? { district: Number(district) } : {}),
    ...(Object.keys(contact).length > 0 ? { contact } : {}),
  }
}

function Form() {
  const from = new URLSearchParams(useSearch())
  const [, go] = useLocation()
  const { draft, edit } = useDraft()
  const [tried, setTried] = useState(false)
  const { post, sending, problem } = usePost<Sent>()
  const faults = faultsOf(draft)
  const wrong: Faults = tried ? faults : {}
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.values(faults).some(Boolean)) return
    const sent = await post('/feedback', bodyOf(draft, from))
    if (!sent) return
    dropLocal(DRAFT)
    fresh = sent
    go(`/m/feedback/${sent.code}`)
  }
  return (
    <form className="sheet" onSubmit={(e) => void submit(e)} noValidate>
      {problem ? <Refused problem={problem} /> : null}
      <Picks legend="种类" options={kinds} value={draft.kind} onPick={(kind) => edit({ kind })} even />
      {wrong.kind ? (
        <p className="wrong" role="alert">
          {wrong.kind}
        </p>
      ) : null}
      <TextField
        label="内容"
        hint="对本系统哪里不满意、想怎么改，或者哪里坏了；请勿写涉密信息和他人隐私"
        wrong={wrong.words ?? problem?.at('words')}
        lines="many"
        most={1000}
        value={draft.words}
        onText={(words) => edit({ words })}
      />
      <details open={draft.name !== '' || draft.phone !== ''}>
        <summary>留下姓名、电话（可以不留）</summary>
        <TextField label="怎么称呼您" most={30} fill="name" value={draft.name} onText={(name) => edit({ name })} />
        <TextField
          label="手机号码"
          hint="加密保存，需要向您了解情况时才打开，到期删除"
          wrong={wrong.phone ?? problem?.at('contact.phone')}
          kind="tel"
          most={11}
          fill="tel"
          value={draft.phone}
          onText={(phone) => edit({ phone: phone.trim() })}
        />
      </details>
      <p className="small quiet" style={{ marginBottom: '0.75rem' }}>
        只记录在哪类页面提出，不记录是谁提出的。办事的诉求请扫小区二维码提出，或请社区工作人员登记。
      </p>
      <Button main busy={sending}>
        提交
      </Button>
    </form>
  )
}

export const FeedbackForm = () => (
  <Page title="投诉建议" back="/m" lead="对本系统的投诉、建议和报障，限期回复，由您评价。">
    <Form />
    <KeptCodes below="/m/feedback" />
    <FollowForm label="查看回复" hint="输入提交时得到的查询码" to="/m/feedback" aside />
  </Page>
)

type Doing = { code: string; again: () => void }

function Rating({ code, again }: Doing) {
  const [rated, setRated] = useState<(typeof satisfactions)[number]['id'] | null>(null)
  const { post, sending, problem } = usePost()
  const rate = async (rating: typeof rated) => {
    setRated(rating)
    if ((await post(`/feedback-codes/${code}/rating`, { rating })) !== null) again()
    else setRated(null)
  }
  return (
    <section className="sheet" aria-label="评价">
      {problem ? <Refused problem={problem} /> : null}
      <Picks
        legend="对回复满意吗？"
        hint="选好即提交"
        options={satisfactions}
        value={rated}
        onPick={(r) => void rate(r)}
        even
      />
      <p role="status">{sending ? '正在提交……' : ''}</p>
    </section>
  )
}

function More({ code, again, waiting }: Doing & { waiting: boolean }) {
  const [words, setWords] = useState('')
  const { post, sending, problem } = usePost()
  const add = async () => {
    if ((await post(`/feedback-codes/${code}/words`, { words: words.trim() })) === null) return
    setWords('')
    again()
  }
  return (
    <details className="sheet">
      <summary>{waiting ? '补充几句' : '还没说清，再问一次'}</summary>
      {problem ? <Refused problem={problem} /> : null}
      <TextField label="补充内容" lines="few" most={1000} value={words} onText={setWords} />
      <Button busy={sending} disabled={words.trim() === ''} onClick={() => void add()}>
        提交补充
      </Button>
    </details>
  )
}

function Erase({ code, again }: Doing) {
  const [sure, setSure] = useState(false)
  const { post, sending, problem } = usePost()
  const erase = async () => {
    if ((await post(`/feedback-codes/${code}/contact-erasure`)) !== null) again()
  }
  return (
    <details className="sheet">
      <summary>删除联系方式</summary>
      {problem ? <Refused problem={problem} /> : null}
      <Check checked={sure} onChange={setSure}>
        删除后不能恢复，仍可凭查询码看回复
      </Check>
      <Button busy={sending} disabled={!sure} onClick={() => void erase()}>
        删除联系方式
      </Button>
    </details>
  )
}

const sentence = (f: FollowedFeedback) =>
  f.state === 'waiting'
    ? '已经收到，正在等待回复。'
    : f.state === 'replied'
      ? '已经回复，请您看看并评价。'
      : '您已评价。'

const Slip = ({ f, code }: { f: FollowedFeedback; code: string }) => (
  <CodeSlip
    code={code}
    no={f.no}
    title={`投诉建议　${f.no} 号`}
    at={f.receivedAt}
    path={`/m/feedback/${code}`}
    facts={[
      ['编号', f.no],
      ['提交时间', moment(f.receivedAt)],
      ['最迟回复', f.replyBy ? moment(f.replyBy) : null],
    ]}
  >
    凭查询码看回复、补充、评价。本系统不记录是谁提出的，查询码丢失后无法找回。
  </CodeSlip>
)

const Standing = ({ f }: { f: FollowedFeedback }) => (
  <section className="sheet" aria-live="polite">
    <h2>{f.state === 'waiting' ? '待回复' : f.state === 'replied' ? '已回复' : '已评价'}</h2>
    <p>{sentence(f)}</p>
    <Facts
      rows={[
        ['种类', wordOf(kinds, f.kind)],
        ['功能', f.functionName],
        [
          '回复时限',
          f.replyBy ? (
            <>
              {moment(f.replyBy)}　<Clock dueAt={f.replyBy} />
            </>
          ) : null,
        ],
        ['您的评价', f.rating ? wordOf(satisfactions, f.rating) : null],
      ]}
    />
  </section>
)

function Shown({ f, code, again }: { f: FollowedFeedback } & Doing) {
  const isFresh = fresh?.code === code
  return (
    <>
      {isFresh ? (
        <>
          <Note tone="good">
            <p>已收到您的意见，请保存查询码。</p>
          </Note>
          <Slip f={f} code={code} />
        </>
      ) : null}
      <Standing f={f} />
      {f.messages.map((m) => (
        <section className="sheet" key={m.at + m.side}>
          <h2>{m.side === 'sender' ? '您说的' : '回复'}</h2>
          <p className="said">{m.words}</p>
          <p className="small quiet">
            <time dateTime={m.at}>{moment(m.at)}</time>
          </p>
        </section>
      ))}
      {f.mayRate ? <Rating code={code} again={again} /> : null}
      {f.mayAdd ? <More code={code} again={again} waiting={f.state === 'waiting'} /> : null}
      {isFresh ? null : (
        <details className="sheet">
          <summary>查询凭条</summary>
          <Slip f={f} code={code} />
        </details>
      )}
      {f.contactKept ? <Erase code={code} again={again} /> : null}
    </>
  )
}

const Answer = ({ asked, code }: { asked: Asked<FollowedFeedback>; code: string }) =>
  asked.data ? (
    <Shown f={asked.data} code={code} again={asked.again} />
  ) : asked.problem ? (
    <Refused problem={asked.problem} again={asked.problem.unsettled ? asked.again : undefined} />
  ) : (
    <Loading />
  )

export function FollowFeedback() {
  const { code } = useParams<{ code: string }>()
  const asked = useAsk<FollowedFeedback>(`/feedback-codes/${encodeURIComponent(code)}`)
  return (
    <Page title="投诉建议进展" back="/m/feedback">
      <Answer asked={asked} code={code} />
    </Page>
  )
}
