// Trips and fairs: planned, then held; what a unit is to reach in a year.
import { InputNumber } from 'antd'
import { call } from '#web/api.ts'
import { useFinish } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { MechanismField, NoMechanism } from '#web/kit/mechanisms.tsx'
import { todayHere } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { TalentEvent } from '../contract.ts'
import { choicesOf, type TalentMechanism } from './talent-words.ts'

interface Props {
  mechanisms: TalentMechanism[]
  close: () => void
}

interface Plan {
  mechanismId: string
  holderId: string | undefined
  kind: string | undefined
  title: string
  place: string
  plannedOn: string
}

/** The unit looked at is proposed where it is an organisation. */
export function useHolder() {
  const { get } = useAddress()
  const scope = useUnit(get('unit'))
  return scope.data?.tree === 'org' ? scope.data : undefined
}

export function PlanEventForm({ mechanisms, close }: Props) {
  const holder = useHolder()
  const form = useForm<Plan>(
    { mechanismId: '', holderId: holder?.id, kind: undefined, title: '', place: '', plannedOn: todayHere() },
    'talent-event',
  )
  const finish = useFinish('已登记计划', close)
  const offered = mechanisms.filter((m) => m.inForce)
  const mechanism = offered.find((m) => m.id === form.values.mechanismId) ?? offered[0]
  if (!mechanism) return <NoMechanism what="引才活动" />
  const send = ({ place, ...v }: Plan, idempotencyKey: string) =>
    call('POST', '/talent-events', {
      body: { ...v, mechanismId: mechanism.id, ...(place.trim() ? { place } : {}) },
      idempotencyKey,
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(send).then(finish)
      }}
    >
      <FormProblem form={form} />
      <MechanismField form={form} all={offered} now={mechanism.id} fresh={{ kind: undefined }} />
      <UnitField form={form} name="holderId" label="主办单位" required tree="org" first={holder && [holder]} />
      <ChoiceField form={form} name="kind" label="种类" required options={choicesOf(mechanism.settings.events)} />
      <TextField form={form} name="title" label="活动名称" required max={60} />
      <TextField form={form} name="place" label="地点" max={60} />
      <Field form={form} name="plannedOn" label="计划日期" required>
        {(b) => <DayInput {...b} />}
      </Field>
      <FormFoot verb="登记计划" busy={form.busy} onCancel={close} />
    </form>
  )
}

export function HoldEventForm({ event, mechanisms, close }: { event: TalentEvent } & Props) {
  const form = useForm({ on: todayHere(), posts: null as number | null })
  const finish = useFinish('已登记举办', close)
  const kind = mechanisms.find((m) => m.id === event.mechanismId)?.settings.events.find((e) => e.id === event.kind)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit(({ on, posts }, idempotencyKey) =>
            call('POST', `/talent-events/${event.id}/holding`, {
              body: { on, ...(posts === null ? {} : { posts }) },
              idempotencyKey,
            }),
          )
          .then(finish)
      }}
    >
      <div className="known">
        {event.title}
        <div className="quiet">登记后计入引才活动，不能改回计划。</div>
      </div>
      <FormProblem form={form} />
      <Field form={form} name="on" label="举办日期" required>
        {(b) => <DayInput {...b} />}
      </Field>
      {kind?.posts ? (
        <Field form={form} name="posts" label="推介岗位" hint="当场推介、发布的岗位数">
          {(b) => <InputNumber {...b} min={0} max={100_000} precision={0} suffix="个" />}
        </Field>
      ) : null}
      <FormFoot verb="登记举办" busy={form.busy} onCancel={close} />
    </form>
  )
}

interface Goal {
  mechanismId: string
  holderId: string | undefined
  year: number
  amount: number | null
}

export function TargetForm({ mechanisms, close }: Props) {
  const holder = useHolder()
  const form = useForm<Goal>(
    { mechanismId: '', holderId: holder?.id, year: Number(todayHere().slice(0, 4)), amount: null },
    'talent-target',
  )
  const finish = useFinish('已下达目标', close)
  const offered = mechanisms.filter((m) => m.inForce)
  const mechanism = offered.find((m) => m.id === form.values.mechanismId) ?? offered[0]
  if (!mechanism) return <NoMechanism what="年度目标" />
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((v, idempotencyKey) =>
            call('POST', '/talent-targets', { body: { ...v, mechanismId: mechanism.id }, idempotencyKey }),
          )
          .then(finish)
      }}
    >
      <FormProblem form={form} />
      <MechanismField form={form} all={offered} now={mechanism.id} fresh={{}} />
      <UnitField form={form} name="holderId" label="单位" required tree="org" first={holder && [holder]} />
      <Field form={form} name="year" label="年度" required>
        {({ onChange, ...b }) => (
          <InputNumber {...b} min={2000} max={2200} precision={0} onChange={(n) => onChange(n ?? 0)} />
        )}
      </Field>
      <Field form={form} name="amount" label="目标" required hint="同一单位、机制、年度再次下达的，以后一次为准">
        {(b) => <InputNumber {...b} min={1} max={1_000_000} precision={0} suffix="人" />}
      </Field>
      <FormFoot verb="下达目标" busy={form.busy} onCancel={close} />
    </form>
  )
}
