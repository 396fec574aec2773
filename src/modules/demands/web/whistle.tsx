// 吹哨: the place states the matter, the units needed and the limit; it stays in the lead, they report in. [1.9]
import { useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { MomentInput, toInstant } from '#web/kit/dates.tsx'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { MechanismField, NoMechanism } from '#web/kit/mechanisms.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { UnitsPicker, useUnit } from '#web/kit/units.tsx'
import { catalogueRule, type DemandMechanism, useMechanisms } from './queries.ts'
import { termWords } from './words.ts'

const fresh = {
  mechanismId: '',
  placeId: undefined as string | undefined,
  category: undefined as string | undefined,
  title: '',
  words: '',
  unitIds: [] as string[],
  due: '',
}

const bodyOf = (v: typeof fresh) => ({
  mechanismId: v.mechanismId,
  placeId: v.placeId,
  category: v.category,
  words: v.words,
  unitIds: v.unitIds,
  ...(v.title.trim() ? { title: v.title } : {}),
  ...(v.due ? { dueAt: toInstant(v.due) } : {}),
})

export function WhistleForm({ unit, close }: { unit: string | undefined; close: () => void }) {
  const mechanisms = useMechanisms()
  const whistles = (mechanisms.data ?? []).filter((m) => m.whistle)
  const form = useForm({ ...fresh, placeId: unit }, 'whistle')
  const refresh = useRefresh()
  const told = useTold()
  const [, navigate] = useLocation()
  const carry = useCarry()
  const mechanism = whistles.find((m) => m.id === form.values.mechanismId) ?? whistles[0]
  if (mechanisms.error) return <ErrorState error={mechanisms.error} retry={() => void mechanisms.refetch()} />
  if (!mechanism?.whistle) return mechanisms.isLoading ? <Loading /> : <NoMechanism />
  const send = () =>
    form.submit(async (v, idempotencyKey) => {
      const body = bodyOf({ ...v, mechanismId: mechanism.id })
      const { id, no } = await call<{ id: string; no: number }>('POST', '/whistles', { body, idempotencyKey })
      told(`已吹哨，第 ${no} 号`)
      await refresh()
      navigate(carry(`/demands/${id}`))
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <div className="effect">
        由吹哨单位牵头，被吹哨单位在时限内到场报到、反馈处置，最后由吹哨单位逐一评价到场情况后才能办结。
      </div>
      <FormProblem form={form} />
      <MechanismField form={form} all={whistles} now={mechanism.id} fresh={{ category: undefined }} />
      <Matter form={form} mechanism={mechanism} unit={unit} />
      <FormFoot verb="吹哨" busy={form.busy} onCancel={close} />
    </form>
  )
}

function Matter({
  form,
  mechanism,
  unit,
}: {
  form: FormOf<typeof fresh>
  mechanism: DemandMechanism
  unit: string | undefined
}) {
  const scope = useUnit(unit)
  const category = mechanism.categories.find((c) => c.id === form.values.category)
  return (
    <>
      <UnitField
        form={form}
        name="placeId"
        label="吹哨地点"
        required
        hint="由此地负责牵头"
        tree="place"
        first={scope.data && [scope.data]}
      />
      <ChoiceField
        form={form}
        name="category"
        label="类别"
        required
        hint={catalogueRule(category)}
        options={mechanism.categories.map((c) => ({ value: c.id, label: c.name }))}
      />
      <TextField form={form} name="title" label="标题" hint="不写则按“类别·地点”生成" max={40} />
      <TextField form={form} name="words" label="事由" required rows={4} max={1000} />
      <Field form={form} name="unitIds" label="需要到场的单位" required hint="最多 10 个">
        {({ onChange, ...b }) => (
          <UnitsPicker {...b} about={form.values.placeId} most={10} onChange={(ids) => onChange(ids)} />
        )}
      </Field>
      <Field
        form={form}
        name="due"
        path="dueAt"
        label="到场时限"
        hint={mechanism.whistle ? `不填为 ${termWords(mechanism.whistle)}内` : undefined}
      >
        {(b) => <MomentInput {...b} clear />}
      </Field>
    </>
  )
}
