// What moves a clock: 延期, 挂账, 恢复办理. The consequence is said in dates before it happens. [REQ-05, REQ-06]
import { InputNumber, Select } from 'antd'
import { addMonths } from '#core/calendar/days.ts'
import { DayInput } from '#web/kit/dates.tsx'
import { TextField } from '#web/kit/fields.tsx'
import { Field, useForm } from '#web/kit/form.tsx'
import { moment, todayHere } from '#web/kit/time.ts'
import { StepForm, type StepProps } from './step-form.tsx'
import { termUnits, termWords } from './words.ts'

export function ExtendForm({ page, close }: StepProps) {
  const { extensions, resolve } = page.rules
  const form = useForm({ amount: 1, unit: resolve.unit as string, reason: '' }, `extend:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="extend"
      form={form}
      path="extension"
      body={(v) => ({ term: { amount: v.amount, unit: v.unit }, reason: v.reason })}
      ground="REQ-05"
      effect={`现在的办结时限 ${page.resolveDueAt ? moment(page.resolveDueAt) : '—'}，最多再延 ${termWords(resolve)}；已延期 ${extensions.used} 次，最多 ${extensions.most} 次。理由会告知诉求人。`}
    >
      <Field form={form} name="amount" path="term" label="延长" required>
        {({ onChange, ...b }) => (
          <span className="row">
            <InputNumber {...b} min={1} max={365} precision={0} onChange={(v) => onChange(v ?? 1)} />
            <Select
              aria-label="单位"
              value={form.values.unit}
              onChange={(unit) => form.set({ unit })}
              style={{ width: 110 }}
              options={termUnits}
            />
          </span>
        )}
      </Field>
      <TextField form={form} name="reason" label="理由" required hint="诉求人凭查询码能看到" rows={3} max={300} />
    </StepForm>
  )
}

export function SuspendForm({ page, close }: StepProps) {
  const form = useForm({ reason: '', plan: '', leader: '', reviewOn: '' }, `suspend:${page.demand.id}`)
  const latest = addMonths(todayHere(), page.rules.suspensionMonths)
  return (
    <StepForm
      page={page}
      close={close}
      step="suspend"
      form={form}
      path="suspension"
      body={(v) => v}
      ground="REQ-06"
      effect="条件暂不具备的可以挂账：原时限停止计算，到复核日再看；不计入解决率，单独列出并计数。诉求人会得到告知。"
    >
      <TextField form={form} name="reason" label="理由" required hint="诉求人凭查询码能看到" rows={3} max={300} />
      <TextField form={form} name="plan" label="解决计划" required rows={3} max={500} />
      <TextField form={form} name="leader" label="牵头领导" required hint="写职务" max={30} width={240} />
      <Field form={form} name="reviewOn" label="复核日期" required hint={`不晚于 ${latest}`}>
        {(b) => <DayInput {...b} />}
      </Field>
    </StepForm>
  )
}

export function ResumeForm({ page, close }: StepProps) {
  const form = useForm({ reason: '' }, `resume:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="resume"
      form={form}
      path="resumption"
      body={(v) => v}
      ground="REQ-06"
      effect={`挂账到此结束，由${page.demand.ownerName ?? '主办单位'}继续办理；挂账前剩下的时间接着计算。`}
    >
      <TextField form={form} name="reason" label="理由" required rows={3} max={300} />
    </StepForm>
  )
}
