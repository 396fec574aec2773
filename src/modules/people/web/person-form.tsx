import { useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { useUnit } from '#web/kit/units.tsx'
import { politicsChoices } from './words.ts'

interface Values {
  homeId: string | undefined
  name: string
  idNumber: string
  politics: string | undefined
  joined: string
  phone: string
  address: string
}

const optional = <K extends string>(name: K, value: string | undefined) =>
  value?.trim() ? { [name]: value.trim() } : {}

/** A person on record: sex and birth follow from the ID number and are not asked again. */
export function PersonForm({ unit, close }: { unit: string | undefined; close: () => void }) {
  const scope = useUnit(unit)
  const form = useForm<Values>(
    { homeId: unit, name: '', idNumber: '', politics: undefined, joined: '', phone: '', address: '' },
    'new-person',
  )
  const refresh = useRefresh()
  const told = useTold()
  const [, navigate] = useLocation()
  const carry = useCarry()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const body = {
            homeId: v.homeId,
            name: v.name,
            ...optional('idNumber', v.idNumber),
            ...optional('politics', v.politics),
            ...optional('joined', v.joined),
            ...optional('phone', v.phone),
            ...optional('address', v.address),
          }
          const { id } = await call<{ id: string }>('POST', '/persons', { body, idempotencyKey })
          told('已登记')
          await refresh()
          close()
          navigate(carry(`/persons/${id}`))
        })
      }}
    >
      <FormProblem form={form} />
      <UnitField
        form={form}
        name="homeId"
        label="管理单位"
        required
        hint="由哪个组织保管这份登记"
        first={scope.data && [scope.data]}
      />
      <TextField form={form} name="name" label="姓名" required max={40} />
      <TextField
        form={form}
        name="idNumber"
        label="公民身份号码"
        hint="填写后性别、出生日期自动得出；加密保存，默认遮蔽"
        ground="ID-01"
        max={18}
      />
      <ChoiceField form={form} name="politics" label="政治面貌" clear options={politicsChoices} />
      {form.values.politics === '01' || form.values.politics === '02' ? (
        <TextField
          form={form}
          name="joined"
          label="入党时间"
          hint="YYYY-MM-DD，只知年月可写 YYYY-MM"
          max={10}
          width={160}
        />
      ) : null}
      <TextField form={form} name="phone" label="手机" max={11} />
      <TextField form={form} name="address" label="住址" max={100} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}
