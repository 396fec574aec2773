// 答复 and 回访: what the handler writes, what the caller hears.
import { Input, Radio } from 'antd'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import type { Demand } from '../contract.ts'

interface Props {
  demand: Demand
  close: () => void
}

export function AnswerForm({ demand, close }: Props) {
  const form = useForm({ answer: '' }, `answer:${demand.id}`)
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          await call('POST', `/demands/${demand.id}/answer`, { body: { answer: v.answer }, idempotencyKey })
          told('已答复，等待回访')
          await refresh()
          close()
        })
      }}
    >
      <div className="known">
        {demand.no} {demand.title}
      </div>
      <FormProblem form={form} />
      <Field form={form} name="answer" label="答复内容" required hint="居民凭查询码能看到这段文字">
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} rows={6} maxLength={1000} showCount onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <FormFoot verb="答复" busy={form.busy} onCancel={close} />
    </form>
  )
}

const answers = [
  { value: 'solved', label: '已解决' },
  { value: 'partly', label: '部分解决' },
  { value: 'unsolved', label: '未解决' },
]
const moods = [
  { value: 'satisfied', label: '满意' },
  { value: 'basically', label: '基本满意' },
  { value: 'unsatisfied', label: '不满意' },
]

export function CallbackForm({ demand, close }: Props) {
  const form = useForm({ reached: 'yes', outcome: '', satisfaction: '' })
  const refresh = useRefresh()
  const told = useTold()
  const reached = form.values.reached === 'yes'
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const said = {
            ...(v.outcome ? { outcome: v.outcome } : {}),
            ...(v.satisfaction ? { satisfaction: v.satisfaction } : {}),
          }
          await call('POST', `/demands/${demand.id}/callbacks`, {
            body: { reached, ...(reached ? said : {}) },
            idempotencyKey,
          })
          told(reached ? '已记录回访' : '已记录未联系上')
          await refresh()
          close()
        })
      }}
    >
      <div className="known">
        {demand.no} {demand.title}　承办：{demand.ownerName ?? '—'}
        <div className="quiet">
          回访须由承办人以外的人员进行；未联系上的改日再试，多次未联系上的不计入满意率（依据 REQ-08）。
        </div>
      </div>
      <FormProblem form={form} />
      <Field form={form} name="reached" label="是否联系上" required>
        {({ onChange, status: _, ...b }) => (
          <Radio.Group
            {...b}
            onChange={(e) => onChange(e.target.value as string)}
            options={[
              { value: 'yes', label: '已联系上' },
              { value: 'no', label: '未联系上' },
            ]}
          />
        )}
      </Field>
      {reached ? (
        <>
          <Field form={form} name="outcome" label="是否解决" required ground="REQ-08">
            {({ onChange, status: _, ...b }) => (
              <Radio.Group {...b} onChange={(e) => onChange(e.target.value as string)} options={answers} />
            )}
          </Field>
          <Field form={form} name="satisfaction" label="是否满意" required>
            {({ onChange, status: _, ...b }) => (
              <Radio.Group {...b} onChange={(e) => onChange(e.target.value as string)} options={moods} />
            )}
          </Field>
        </>
      ) : null}
      <FormFoot
        verb="记录回访"
        busy={form.busy}
        onCancel={close}
        disabled={reached && !(form.values.outcome && form.values.satisfaction)}
      />
    </form>
  )
}
