// Saying something of a unit from a day, or that it held something: only what applies to its kind is offered.
import { Input } from 'antd'
import { call } from '#web/api.ts'
import { useFinish } from '#web/kit/act.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { Unit, UnitsSettings } from '../contract.ts'
import type { UnitMechanism } from './known.ts'

/** The unit it is about is known; it is shown, not asked. */
export const Known = ({ unit }: { unit: Unit }) => (
  <div className="known">
    {unit.name}
    <span className="kind">{unit.kindName}</span>
  </div>
)

interface FormProps {
  unit: Unit
  mechanisms: readonly UnitMechanism[]
  close: () => void
}

/** `mechanism/mark`: one choice of everything that may be said of a unit of this kind. */
const choicesOf = (
  mechanisms: readonly UnitMechanism[],
  of: (m: UnitMechanism) => readonly { id: string; name: string; kinds: readonly string[] }[],
  kind: string,
) =>
  mechanisms
    .filter((m) => m.inForce)
    .flatMap((m) =>
      of(m)
        .filter((x) => x.kinds.includes(kind))
        .map((x) => ({ value: `${m.id}/${x.id}`, label: `${x.name}（${m.name}）` })),
    )

const lasting = (setting: UnitsSettings['marks'][number] | undefined) => {
  if (setting?.months) return `${setting.months} 个月后自动失效，须重新登记`
  return setting?.several ? undefined : '此前的内容到这一天为止'
}

export function MarkForm({ unit, mechanisms, close }: FormProps) {
  const form = useForm({
    what: undefined as string | undefined,
    value: undefined as string | undefined,
    from: todayHere(),
    note: '',
  })
  const finish = useFinish('已登记', close)
  const [mechanismId, mark] = form.values.what?.split('/') ?? []
  const setting = mechanisms.find((m) => m.id === mechanismId)?.settings.marks.find((m) => m.id === mark)
  const given = (v: typeof form.values) => ({ value: v.value, from: v.from, ...(v.note ? { note: v.note } : {}) })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((v, idempotencyKey) =>
            call('POST', '/unit-marks', { body: { mechanismId, unitId: unit.id, mark, ...given(v) }, idempotencyKey }),
          )
          .then(finish)
      }}
    >
      <Known unit={unit} />
      <FormProblem form={form} />
      <ChoiceField
        form={form}
        name="what"
        path="mark"
        label="标识"
        required
        options={choicesOf(mechanisms, (m) => m.settings.marks, unit.kind)}
      />
      <ChoiceField
        form={form}
        name="value"
        label="内容"
        required
        options={(setting?.values ?? []).map((v) => ({ value: v.id, label: v.name }))}
      />
      <Field form={form} name="from" label="自哪天起" required hint={lasting(setting)}>
        {(b) => <DayInput {...b} />}
      </Field>
      <TextField form={form} name="note" label="说明" max={200} rows={2} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}

export function EventForm({ unit, mechanisms, close }: FormProps) {
  const form = useForm({ what: undefined as string | undefined, title: '', heldOn: todayHere(), quantity: '' })
  const finish = useFinish('已登记', close)
  const [mechanismId, event] = form.values.what?.split('/') ?? []
  const setting = mechanisms.find((m) => m.id === mechanismId)?.settings.events.find((x) => x.id === event)
  const given = (v: typeof form.values) => ({
    title: v.title,
    heldOn: v.heldOn,
    ...(setting?.counts && v.quantity ? { quantity: Number(v.quantity) } : {}),
  })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((v, idempotencyKey) =>
            call('POST', '/unit-events', {
              body: { mechanismId, unitId: unit.id, event, ...given(v) },
              idempotencyKey,
            }),
          )
          .then(finish)
      }}
    >
      <Known unit={unit} />
      <FormProblem form={form} />
      <ChoiceField
        form={form}
        name="what"
        path="event"
        label="活动"
        required
        options={choicesOf(mechanisms, (m) => m.settings.events, unit.kind)}
      />
      <TextField form={form} name="title" label="内容" required max={60} />
      <Field form={form} name="heldOn" label="日期" required>
        {(b) => <DayInput {...b} />}
      </Field>
      {setting?.counts ? (
        <Field form={form} name="quantity" label={`数量（${setting.counts}）`}>
          {({ onChange, ...b }) => (
            <Input
              {...b}
              inputMode="numeric"
              style={{ width: 140 }}
              onChange={(e) => onChange(e.target.value.replace(/\D/g, ''))}
            />
          )}
        </Field>
      ) : null}
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}
