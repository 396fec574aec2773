// The entry on every page of the console: say it without leaving the page; the code is the way back. [JF-12]
import { Button, Checkbox, Input, Radio } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { moment, nowInstant } from '#web/kit/time.ts'
import { dropCode, keepCode } from '#web/phone/codes.ts'
import { codeGroups } from '#web/phone/words.ts'
import type { FeedbackKind } from '../contract.ts'
import { kinds } from './words.ts'

interface Sent {
  code: string
  no: number
  replyBy: string
}

export function SendFeedback({ page, close }: { page: string; close: () => void }) {
  const [sent, setSent] = useState<Sent | null>(null)
  return sent ? <Receipt sent={sent} close={close} /> : <Form page={page} sent={setSent} close={close} />
}

function Form({ page, sent, close }: { page: string; sent: (s: Sent) => void; close: () => void }) {
  const form = useForm({ kind: 'suggestion' as FeedbackKind, words: '', name: '', phone: '' }, 'feedback')
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const contact = {
            ...(v.name.trim() ? { name: v.name.trim() } : {}),
            ...(v.phone.trim() ? { phone: v.phone.trim() } : {}),
          }
          const body = {
            kind: v.kind,
            words: v.words.trim(),
            page,
            ...(Object.keys(contact).length > 0 ? { contact } : {}),
          }
          sent(await call<Sent>('POST', '/feedback', { body, idempotencyKey }))
        })
      }}
    >
      <div className="effect">只记录在哪类页面提出，不记录是谁提出的，也不附带页面内容。办事的诉求请到“诉求”登记。</div>
      <FormProblem form={form} />
      <Field form={form} name="kind" label="种类" required>
        {({ onChange, status: _, ...b }) => (
          <Radio.Group
            {...b}
            onChange={(e) => onChange(e.target.value as FeedbackKind)}
            options={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      <TextField form={form} name="words" label="内容" required max={1000} rows={6} hint="请勿填写涉密信息和他人隐私" />
      <TextField form={form} name="name" label="姓名" path="contact.name" max={30} />
      <Field
        form={form}
        name="phone"
        label="手机号码"
        path="contact.phone"
        hint="需要当面或电话说明时再留；加密保存，到期删除"
      >
        {({ onChange, ...b }) => (
          <Input {...b} inputMode="numeric" maxLength={11} onChange={(e) => onChange(e.target.value.trim())} />
        )}
      </Field>
      <FormFoot verb="提交" busy={form.busy} onCancel={close} disabled={form.values.words.trim() === ''} />
    </form>
  )
}

function Receipt({ sent, close }: { sent: Sent; close: () => void }) {
  const [kept, setKept] = useState(false)
  const path = `/m/feedback/${sent.code}`
  const keep = (on: boolean) => {
    setKept(on)
    if (on) keepCode({ code: sent.code, no: sent.no, title: '投诉建议', at: nowInstant(), path })
    else dropCode(sent.code)
  }
  return (
    <div className="stack" role="status">
      <p>
        已收到，第 {sent.no} 号。最迟 {moment(sent.replyBy)} 回复。
      </p>
      <p>
        查询码　<b className="bignum">{codeGroups(sent.code)}</b>
      </p>
      <p className="quiet">本系统不记录是谁提出的，回复只能凭查询码查看、评价，请记下；丢失后无法找回。</p>
      <Checkbox checked={kept} onChange={(e) => keep(e.target.checked)}>
        把查询码记在这台设备上
      </Checkbox>
      <div className="row">
        <Button onClick={() => void navigator.clipboard.writeText(sent.code)}>复制查询码</Button>
        <a href={path} target="_blank" rel="noreferrer">
          打开查询页
        </a>
        <Button onClick={close}>关闭</Button>
      </div>
    </div>
  )
}
