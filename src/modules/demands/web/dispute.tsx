// 派单异议 and its review. [REQ-02]
import { RadioField, TextField, UnitField } from '#web/kit/fields.tsx'
import { useForm } from '#web/kit/form.tsx'
import { moment } from '#web/kit/time.ts'
import { StepForm, type StepProps } from './step-form.tsx'

export function DisputeForm({ page, close }: StepProps) {
  const form = useForm({ reason: '', basis: '' }, `dispute:${page.demand.id}`)
  const { disputes, disputeBy } = page.rules
  return (
    <StepForm
      page={page}
      close={close}
      step="dispute"
      form={form}
      path="dispute"
      body={(v) => v}
      ground="REQ-02"
      told="异议已提交审核，审核期间停止计时"
      effect={`交上级审核一次，审核期间停止计时；维持原派单后不能再提。${disputeBy ? `提出期限 ${moment(disputeBy)}；` : ''}已提 ${disputes.used} 次，最多 ${disputes.most} 次。`}
    >
      <TextField form={form} name="reason" label="理由" required rows={3} max={300} />
      <TextField
        form={form}
        name="basis"
        label="依据"
        required
        hint="法律法规、三定规定或职责清单的条款"
        rows={2}
        max={200}
      />
    </StepForm>
  )
}

const outcomes = [
  { value: 'upheld', label: '维持原派单' },
  { value: 'reassigned', label: '改派' },
]

export function ReviewForm({ page, close }: StepProps) {
  const form = useForm({ outcome: '', leadId: undefined as string | undefined, reason: '' }, `review:${page.demand.id}`)
  const { outcome } = form.values
  const asked = page.dispatches.find((x) => x.dispute && x.dispute.outcome === null)
  return (
    <StepForm
      page={page}
      close={close}
      step="review"
      form={form}
      path="dispute-review"
      body={(v) => ({
        outcome: v.outcome,
        reason: v.reason,
        ...(v.outcome === 'reassigned' ? { leadId: v.leadId } : {}),
      })}
      ground="REQ-02"
      told={outcome === 'reassigned' ? '已改派' : '已维持原派单'}
      ready={outcome !== ''}
      effect="审核占用的时间如数补回时限。维持的，原主办单位须签收；改派的，由新的主办单位承办，并重新有一次提出异议的期限。"
    >
      {asked?.dispute ? (
        <div className="known">
          <b>{asked.unitName}</b>于 {moment(asked.dispute.at)} 提出异议
          <p className="words">理由：{asked.dispute.reason}</p>
          <p className="words">依据：{asked.dispute.basis}</p>
        </div>
      ) : null}
      <RadioField form={form} name="outcome" label="审核意见" required options={outcomes} />
      {outcome === 'reassigned' ? (
        <UnitField form={form} name="leadId" label="改派给" required ground="REQ-01" about={page.demand.placeId} />
      ) : null}
      <TextField form={form} name="reason" label="审核理由" required rows={3} max={300} />
    </StepForm>
  )
}
