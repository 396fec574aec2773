// Forms around one task: looked through before it is published, changed against the version read, work accepted, objections answered.
import { InputNumber } from 'antd'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { MomentInput, toInstant } from '#web/kit/dates.tsx'
import { RadioField, TagsField, TextField } from '#web/kit/fields.tsx'
import { Field, type FormOf, FormFoot, FormProblem, useForm, useOpened } from '#web/kit/form.tsx'
import { duration, moment } from '#web/kit/time.ts'
import type { Claim, Task } from '../contract.ts'

/** An instant as `datetime-local` shows it, in Asia/Shanghai. */
const local = (at: string) => moment(at).replace(' ', 'T')

interface SendingProps<V extends object> {
  form: FormOf<V>
  verb: string
  close: () => void
  send: (values: V, key: string) => Promise<string>
  disabled?: boolean
  children: React.ReactNode
}

/** Sends, tells what came of it, closes and reads anew. */
export function Sending<V extends object>({ form, verb, close, send, disabled, children }: SendingProps<V>) {
  const refresh = useRefresh()
  const told = useTold()
  const go = () =>
    form.submit(async (values, key) => {
      told(await send(values, key))
      close()
      await refresh()
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void go()
      }}
    >
      <FormProblem form={form} />
      {children}
      <FormFoot verb={verb} busy={form.busy} onCancel={close} disabled={disabled ?? false} />
    </form>
  )
}

/** Actual service only, travel excluded; times of one person may not overlap. [VOL-02, VOL-03] */
export function AcceptForm({ claim, task, close }: { claim: Claim; task: Task; close: () => void }) {
  const form = useForm({
    servedFrom: local(claim.arrivedAt ?? task.startsAt),
    servedTo: local(claim.submittedAt ?? task.endsAt),
  })
  return (
    <Sending
      form={form}
      verb="确认"
      close={close}
      send={async (v, idempotencyKey) => {
        const { minutes } = await call<{ minutes: number }>('POST', `/claims/${claim.id}/acceptance`, {
          body: { servedFrom: toInstant(v.servedFrom), servedTo: toInstant(v.servedTo) },
          idempotencyKey,
        })
        return `已确认 ${claim.personName} 服务 ${duration(minutes)}`
      }}
    >
      <Field form={form} name="servedFrom" label="服务开始" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="servedTo" label="服务结束" required hint="只记实际服务时间，不含路程" ground="VOL-02">
        {(b) => <MomentInput {...b} />}
      </Field>
    </Sending>
  )
}

/** The record is put right with the answer where the volunteer was right. [VOL-04] */
export function SettleForm({ claim, close }: { claim: Claim; close: () => void }) {
  const form = useForm({ answer: '', servedFrom: '', servedTo: '' })
  return (
    <Sending
      form={form}
      verb="答复异议"
      close={close}
      send={async (v, idempotencyKey) => {
        const times = v.servedFrom ? { servedFrom: toInstant(v.servedFrom), servedTo: toInstant(v.servedTo) } : {}
        const body = { answer: v.answer, ...times }
        await call('POST', `/claims/${claim.id}/objection-answer`, { body, idempotencyKey })
        return '已答复异议'
      }}
    >
      <div className="known">
        {claim.personName}：{claim.objection}
        <div className="quiet">现记 {claim.minutes === null ? '—' : duration(claim.minutes)}</div>
      </div>
      <TextField form={form} name="answer" label="答复" required rows={3} max={300} />
      {claim.state === 'accepted' ? (
        <>
          <Field form={form} name="servedFrom" label="更正为：开始" hint="记录无误的不填">
            {(b) => <MomentInput {...b} clear />}
          </Field>
          <Field form={form} name="servedTo" label="更正为：结束">
            {(b) => <MomentInput {...b} clear />}
          </Field>
        </>
      ) : null}
    </Sending>
  )
}

const verdicts = [
  { value: 'true', label: '通过，发布' },
  { value: 'false', label: '不通过，取消' },
]

/** Nothing private is published: wording may be put right at once. */
export function ReviewTaskForm({ task, close }: { task: Task; close: () => void }) {
  const form = useForm({ approved: '', title: task.title, detail: task.detail, reason: '' })
  const yes = form.values.approved === 'true'
  return (
    <Sending
      form={form}
      verb="审核"
      close={close}
      disabled={form.values.approved === ''}
      send={async (v, idempotencyKey) => {
        const words = yes ? { title: v.title, detail: v.detail } : {}
        const body = { approved: yes, ...words, ...(v.reason.trim() ? { reason: v.reason } : {}) }
        await call('POST', `/tasks/${task.id}/review`, { body, idempotencyKey })
        return yes ? '已发布' : '未通过，已取消'
      }}
    >
      <div className="effect">发布后人人可见：不得有姓名、电话、门牌、证件和银行卡号。措辞可以直接改。</div>
      <RadioField form={form} name="approved" label="审核意见" required options={verdicts} />
      {form.values.approved === 'false' ? null : (
        <>
          <TextField form={form} name="title" label="任务名称" required max={40} />
          <TextField form={form} name="detail" label="具体内容" rows={3} max={500} />
        </>
      )}
      <TextField form={form} name="reason" label="说明" rows={2} max={300} />
    </Sending>
  )
}

/** Raised capacity moves the waiting list up; it is never lowered below what is claimed. [CO-04] */
export function EditForm({ task, close }: { task: Task; close: () => void }) {
  const t = useOpened(task)
  const before = { startsAt: local(t.startsAt), endsAt: local(t.endsAt) }
  const form = useForm({
    ...before,
    title: t.title,
    detail: t.detail,
    capacity: t.capacity,
    skills: t.skills,
    reason: '',
  })
  return (
    <Sending
      form={form}
      verb="修改"
      close={close}
      send={async (v, idempotencyKey) => {
        const { startsAt, endsAt, ...rest } = v
        const times = {
          ...(startsAt === before.startsAt ? {} : { startsAt: toInstant(startsAt) }),
          ...(endsAt === before.endsAt ? {} : { endsAt: toInstant(endsAt) }),
        }
        const { movedUp } = await call<{ movedUp: string[] }>('PUT', `/tasks/${t.id}`, {
          body: { ...rest, ...times },
          ifMatch: t.version,
          idempotencyKey,
        })
        return movedUp.length > 0 ? `已修改，候补递补 ${movedUp.length} 人` : '已修改'
      }}
    >
      <TextField form={form} name="title" label="任务名称" required max={40} />
      <TextField form={form} name="detail" label="具体内容" hint="不要写居民姓名、电话、门牌" rows={3} max={500} />
      <Field form={form} name="startsAt" label="服务开始" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="endsAt" label="服务结束" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field
        form={form}
        name="capacity"
        label="需要人数"
        required
        hint={`已认领 ${task.claimed} 人，不能少于此数；增加后候补自动递补`}
      >
        {({ onChange, ...b }) => (
          <InputNumber {...b} min={1} max={10_000} precision={0} onChange={(v) => onChange(v ?? 1)} suffix="人" />
        )}
      </Field>
      <TagsField form={form} name="skills" label="特长要求" placeholder="输入后按回车，如：电工" />
      <TextField form={form} name="reason" label="修改理由" required rows={2} max={300} />
    </Sending>
  )
}
