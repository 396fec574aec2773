// One feedback: what was said on both sides, and the answer that is owed.
import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import { TextField } from '#web/kit/fields.tsx'
import { FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Feedback, FeedbackPage as Shown } from '../contract.ts'
import { faces, kinds, ratings, states } from './words.ts'

export function FeedbackPage() {
  const { id } = useParams<{ id: string }>()
  const carry = useCarry()
  const shown = useQuery({
    queryKey: ['/feedback', 'one', id],
    queryFn: ({ signal }) => call<Shown>('GET', `/feedback/${id}`, { signal }),
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={10} />
  const { feedback: f, messages } = shown.data
  return (
    <>
      <PrintHead title={`投诉建议　第 ${f.no} 号`} />
      <PageHead
        title={`${kinds[f.kind]}　第 ${f.no} 号`}
        where={
          <span className="row">
            <StateTag tone={states[f.state].tone}>{states[f.state].word}</StateTag>
            {f.dueAt ? <Clock dueAt={f.dueAt} provisional={f.provisional} label="回复时限" /> : null}
          </span>
        }
      >
        <Link href={carry('/feedback')} className="no-print">
          返回清单
        </Link>
      </PageHead>
      <div className="split">
        <div className="stack">
          <Sheet title="往来">
            <Messages of={messages} />
          </Sheet>
          {f.state === 'waiting' && f.can.includes('feedback.reply') ? <Reply key={f.spokenAt} of={f} /> : null}
        </div>
        <Sheet title="情况" padded>
          <Facts
            of={[
              ['功能', f.functionName],
              ['页面', f.page],
              ['界面', faces[f.face]],
              ['收到', moment(f.receivedAt)],
              ['首次回复', f.repliedAt ? moment(f.repliedAt) : '尚未回复'],
              ['评价', f.rating ? ratings[f.rating] : f.state === 'replied' ? '等待提出人评价' : '—'],
              ['联系方式', <Contact key="contact" of={f} />],
            ]}
          />
        </Sheet>
      </div>
      <PrintFoot />
    </>
  )
}

const Messages = ({ of: messages }: { of: Shown['messages'] }) => (
  <ol className="timeline">
    {messages.map((m) => (
      <li key={m.at + m.side}>
        <time dateTime={m.at}>{moment(m.at)}</time>
        <div>
          <b>{m.side === 'sender' ? '提出人' : '回复'}</b>
          {m.by ? <span>{m.by}</span> : null}
          <p className="words">{m.words}</p>
        </div>
      </li>
    ))}
  </ol>
)

function Reply({ of: f }: { of: Feedback }) {
  const form = useForm({ words: '' }, `feedback-reply-${f.id}`)
  const refresh = useRefresh()
  const told = useTold()
  return (
    <Sheet title="回复" padded>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          void form.submit(async (v, idempotencyKey) => {
            await call('POST', `/feedback/${f.id}/reply`, { body: { words: v.words.trim() }, idempotencyKey })
            told('已回复')
            await refresh()
          })
        }}
      >
        <FormProblem form={form} />
        <TextField
          form={form}
          name="words"
          label="回复内容"
          required
          hint="提出人凭查询码看到；说明怎么处理、什么时候办好"
          max={1000}
          rows={5}
          ground="JF-12"
        />
        <FormFoot verb="回复" busy={form.busy} disabled={form.values.words.trim() === ''} />
      </form>
    </Sheet>
  )
}

interface Opened {
  name: string | null
  phone: string | null
}

function Contact({ of: f }: { of: Feedback }) {
  const [asking, setAsking] = useState(false)
  const [opened, setOpened] = useState<Opened | null>(null)
  if (opened) return <>{[opened.name, opened.phone].filter(Boolean).join('　')}</>
  if (!f.hasContact) return <span className="quiet">没有留下，或已按期删除</span>
  if (!f.can.includes('feedback.reveal')) return <>已留（无权查看）</>
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>
        查看联系方式
      </Button>
      <Modal
        open={asking}
        title="查看联系方式"
        footer={null}
        onCancel={() => setAsking(false)}
        width={460}
        destroyOnHidden
      >
        <RevealForm id={f.id} opened={setOpened} close={() => setAsking(false)} />
      </Modal>
    </>
  )
}

function RevealForm({ id, opened, close }: { id: string; opened: (o: Opened) => void; close: () => void }) {
  const form = useForm({ reason: '' })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const body = { reason: v.reason.trim() }
          opened(await call<Opened>('POST', `/feedback/${id}/contact`, { body, idempotencyKey }))
          close()
        })
      }}
    >
      <div className="effect">谁、什么时候、为什么查看，都会记入历史。</div>
      <FormProblem form={form} />
      <TextField form={form} name="reason" label="查看理由" required max={200} rows={2} />
      <FormFoot verb="查看" busy={form.busy} onCancel={close} disabled={[...form.values.reason.trim()].length < 2} />
    </form>
  )
}
