// 答复, 回访 and 核验: what the handler writes, what the caller hears, what the inspector finds.
import { Checkbox } from 'antd'
import { ChoiceField, RadioField, TextField } from '#web/kit/fields.tsx'
import { Field, useForm } from '#web/kit/form.tsx'
import { StepForm, type StepProps } from './step-form.tsx'
import { optionsOf, outcomes, satisfactions } from './words.ts'

const confirmed = {
  'call-back': '已答复，等待回访',
  verification: '已答复，等待核验',
  none: '已答复，可以办结',
} as const

export function AnswerForm({ page, close }: StepProps) {
  const { means, confirmation } = page.rules
  const form = useForm({ answer: '', means: '', impossible: false }, `answer:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="answer"
      form={form}
      path="answer"
      body={(v) => ({
        answer: v.answer,
        ...(v.means ? { means: v.means } : {}),
        ...(v.impossible ? { feasible: false } : {}),
      })}
      told={confirmed[confirmation]}
    >
      {means.length > 0 ? (
        <ChoiceField
          form={form}
          name="means"
          label="办理方式"
          required
          width={240}
          options={means.map((m) => ({ value: m.id, label: m.name }))}
        />
      ) : null}
      <TextField
        form={form}
        name="answer"
        label="答复内容"
        required
        hint="诉求人凭查询码能看到这段文字"
        rows={6}
        max={1000}
      />
      <Field form={form} name="impossible" path="feasible" label="是否办成">
        {({ onChange, value, id }) => (
          <Checkbox id={id} checked={value} onChange={(e) => onChange(e.target.checked)}>
            目前条件办不成，已向诉求人解释
          </Checkbox>
        )}
      </Field>
    </StepForm>
  )
}

const reached = [
  { value: 'yes', label: '已联系上' },
  { value: 'no', label: '未联系上' },
]
const { solved, partly, unsolved } = outcomes

export function CallbackForm({ page, close }: StepProps) {
  const form = useForm({ reached: 'yes', outcome: '', satisfaction: '' })
  const { values: v } = form
  const spoke = v.reached === 'yes'
  return (
    <StepForm
      page={page}
      close={close}
      step="call-back"
      form={form}
      path="callbacks"
      body={() => ({ reached: spoke, ...(spoke ? { outcome: v.outcome, satisfaction: v.satisfaction } : {}) })}
      ground="REQ-08"
      told={spoke ? '已记录回访' : '已记录未联系上'}
      verb="记录回访"
      ready={!spoke || Boolean(v.outcome && v.satisfaction)}
      effect="由承办人以外的人员回访；未联系上的改日再试，多次未联系上的不计入解决率和满意率。"
    >
      <RadioField form={form} name="reached" label="是否联系上" required options={reached} />
      {spoke ? (
        <>
          <RadioField
            form={form}
            name="outcome"
            label="是否解决"
            required
            ground="REQ-08"
            options={optionsOf({ solved, partly, unsolved })}
          />
          <RadioField form={form} name="satisfaction" label="是否满意" required options={optionsOf(satisfactions)} />
        </>
      ) : null}
    </StepForm>
  )
}

const verdicts = [
  { value: 'true', label: '通过' },
  { value: 'false', label: '不通过，退回重办' },
]

export function VerifyForm({ page, close }: StepProps) {
  const form = useForm({ passed: '', note: '' }, `verify:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="verify"
      form={form}
      path="verification"
      body={(v) => ({ passed: v.passed === 'true', ...(v.note.trim() ? { note: v.note } : {}) })}
      ground="REQ-08"
      told={form.values.passed === 'true' ? '核验通过' : '核验不通过，已退回重办'}
      ready={form.values.passed !== ''}
      effect="由承办人以外的人员到现场核实；不通过的退回主办单位重办，重新计时。"
    >
      <RadioField form={form} name="passed" label="核验结果" required options={verdicts} />
      <TextField form={form} name="note" label="核验情况" rows={3} max={300} />
    </StepForm>
  )
}
