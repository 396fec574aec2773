// Steps that need little more than their reason: 不予受理, 重办, 重新打开.
import { ChoiceField, TextField } from '#web/kit/fields.tsx'
import { useForm } from '#web/kit/form.tsx'
import { StepForm, type StepProps } from './step-form.tsx'
import { termWords } from './words.ts'

export function DeclineForm({ page, close }: StepProps) {
  const form = useForm({ reason: '', legalChannel: '' }, `decline:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="decline"
      form={form}
      path="declining"
      body={(v) => v}
      effect="不再办理、不再计时。理由和法定途径会告知诉求人。"
    >
      <ChoiceField
        form={form}
        name="legalChannel"
        label="告知的法定途径"
        required
        width={240}
        options={page.rules.legalChannels.map((c) => ({ value: c, label: c }))}
      />
      <TextField form={form} name="reason" label="理由" required rows={3} max={300} />
    </StepForm>
  )
}

export function RedoForm({ page, close }: StepProps) {
  const form = useForm({ reason: '' }, `redo:${page.demand.id}`)
  const { redos, resolve } = page.rules
  return (
    <StepForm
      page={page}
      close={close}
      step="redo"
      form={form}
      path="redoing"
      body={(v) => v}
      ground="REQ-08"
      told="已退回重办"
      effect={`退回${page.demand.ownerName ?? '主办单位'}重新办理，从现在起再给 ${termWords(resolve)}；已重办 ${redos.used} 次，最多 ${redos.most} 次。`}
    >
      <TextField form={form} name="reason" label="还有什么没有解决" required rows={3} max={300} />
    </StepForm>
  )
}

export function ReopenForm({ page, close }: StepProps) {
  const form = useForm({ reason: '' }, `reopen:${page.demand.id}`)
  const { reopenings, reopenDays, resolve } = page.rules
  return (
    <StepForm
      page={page}
      close={close}
      step="reopen"
      form={form}
      path="reopening"
      body={(v) => v}
      effect={`由${page.demand.ownerName ?? '主办单位'}重新办理，从现在起再给 ${termWords(resolve)}。办结后 ${reopenDays} 天内可以重新打开；已打开 ${reopenings.used} 次，最多 ${reopenings.most} 次。`}
    >
      <TextField form={form} name="reason" label="理由" required rows={3} max={300} />
    </StepForm>
  )
}
