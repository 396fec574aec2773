// 委托代行: my own role, at my unit or below, to a colleague, for at most ninety days; it ends with mine.
import { call } from '#web/api.ts'
import { useFinish } from '#web/kit/act.tsx'
import { DayInput, toInstant } from '#web/kit/dates.tsx'
import { TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import type { MyRecord } from '../contract.ts'

export function Delegate({ mandate, close }: { mandate: MyRecord['mandates'][number]; close: () => void }) {
  const form = useForm({ login: '', unitId: mandate.unitId as string | undefined, to: '', reason: '' })
  const finish = useFinish('已委托', close)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((v, idempotencyKey) =>
            call('POST', `/mandates/${mandate.id}/delegations`, {
              body: { login: v.login, unitId: v.unitId, to: v.to ? toInstant(`${v.to}T00:00`) : '', reason: v.reason },
              idempotencyKey,
            }),
          )
          .then(finish)
      }}
    >
      <div className="known">
        {mandate.roleName}　{mandate.unitName}
        <div className="quiet">最长 90 天，不能再转给别人；您的授权终止时一并终止。</div>
      </div>
      <FormProblem form={form} />
      <TextField form={form} name="login" label="受托人的登录名" required max={40} />
      <UnitField
        form={form}
        name="unitId"
        label="在哪个单位"
        required
        hint="本单位或下级"
        first={[{ id: mandate.unitId, name: mandate.unitName, kindName: '本单位' }]}
      />
      <Field form={form} name="to" label="到哪天为止" required>
        {(b) => <DayInput {...b} />}
      </Field>
      <TextField form={form} name="reason" label="理由" required max={200} rows={2} />
      <FormFoot verb="委托" busy={form.busy} onCancel={close} />
    </form>
  )
}
