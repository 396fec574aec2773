// 剔除: asked by one unit, decided by another; always listed and counted. [REQ-09]
import { ChoiceField, RadioField, TextField } from '#web/kit/fields.tsx'
import { useForm } from '#web/kit/form.tsx'
import { moment } from '#web/kit/time.ts'
import { StepForm, type StepProps } from './step-form.tsx'
import { exclusionGrounds, optionsOf } from './words.ts'

export function ExcludeForm({ page, close }: StepProps) {
  const form = useForm({ ground: '', reason: '' }, `exclude:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="exclude"
      form={form}
      path="exclusions"
      body={(v) => v}
      ground="REQ-09"
      told="剔除申请已提交，由另一单位审核"
      effect="由另一单位审核；同意后这 1 件从三率的分子和分母中一并去掉。每次剔除都列出并计数。"
    >
      <ChoiceField form={form} name="ground" label="情形" required width={240} options={optionsOf(exclusionGrounds)} />
      <TextField form={form} name="reason" label="理由" required rows={3} max={300} />
    </StepForm>
  )
}

const decisions = [
  { value: 'true', label: '同意剔除' },
  { value: 'false', label: '不同意' },
]

export function DecideExclusionForm({ page, close }: StepProps) {
  const form = useForm({ granted: '', reason: '' }, `decide:${page.demand.id}`)
  const asked = page.exclusions.find((e) => e.granted === null)
  return (
    <StepForm
      page={page}
      close={close}
      step="decide-exclusion"
      form={form}
      path="exclusion-decision"
      body={(v) => ({ granted: v.granted === 'true', reason: v.reason })}
      ground="REQ-09"
      told={form.values.granted === 'true' ? '已同意剔除' : '已决定不剔除'}
      ready={form.values.granted !== ''}
      effect="同意后，这 1 件从三率的分子和分母中一并去掉；不同意的照常计算。审核单位不能是申请单位。"
    >
      {asked ? (
        <div className="known">
          <b>{asked.askedUnit}</b>于 {moment(asked.askedAt)} 申请，情形：{exclusionGrounds[asked.ground]}
          <p className="words">理由：{asked.reason}</p>
        </div>
      ) : null}
      <RadioField form={form} name="granted" label="审核意见" required options={decisions} />
      <TextField form={form} name="reason" label="审核理由" required rows={3} max={300} />
    </StepForm>
  )
}
