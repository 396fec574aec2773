import { InputNumber } from 'antd'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { ChoiceField, TagsField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { MechanismField, NoMechanism } from '#web/kit/mechanisms.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { usePermission } from '#web/kit/session.ts'
import { useUnit } from '#web/kit/units.tsx'
import { MomentInput, toInstant } from '#web/kit/dates.tsx'
import { useMechanisms } from './queries.ts'

interface Values {
  mechanismId: string
  placeId: string | undefined
  category: string | undefined
  title: string
  detail: string
  startsAt: string
  endsAt: string
  capacity: number
  skills: string[]
}

const fresh: Values = {
  mechanismId: '',
  placeId: undefined,
  category: undefined,
  title: '',
  detail: '',
  startsAt: '',
  endsAt: '',
  capacity: 1,
  skills: [],
}

const bodyOf = (v: Values) => ({
  mechanismId: v.mechanismId,
  placeId: v.placeId,
  category: v.category,
  title: v.title,
  ...(v.detail.trim() ? { detail: v.detail } : {}),
  startsAt: toInstant(v.startsAt),
  endsAt: toInstant(v.endsAt),
  capacity: v.capacity,
  ...(v.skills.length > 0 ? { skills: v.skills } : {}),
})

/** A task members and volunteers may claim. */
export function PublishForm({ unit, close }: { unit: string | undefined; close: () => void }) {
  const mechanisms = useMechanisms()
  const form = useForm<Values>({ ...fresh, placeId: unit }, 'publish-task')
  const refresh = useRefresh()
  const told = useTold()
  const mayPublish = usePermission('task.publish')
  const offered = mechanisms.data?.filter((m) => m.tasks.enabled)
  const mechanism = offered?.find((m) => m.id === form.values.mechanismId) ?? offered?.[0]
  if (mechanisms.error) return <ErrorState error={mechanisms.error} retry={() => void mechanisms.refetch()} />
  if (!mechanism) return mechanisms.isLoading ? <Loading /> : <NoMechanism />
  const draft = mechanism.tasks.review || !mayPublish
  const send = (v: Values, idempotencyKey: string) =>
    call<{ no: number }>('POST', draft ? '/task-drafts' : '/tasks', {
      body: bodyOf({ ...v, mechanismId: mechanism.id }),
      idempotencyKey,
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, key) => {
          const { no } = await send(v, key)
          told(draft ? `第 ${no} 号任务已提交，审核后发布` : `已发布第 ${no} 号任务`)
          await refresh()
          close()
        })
      }}
    >
      <FormProblem form={form} />
      {draft ? <div className="effect">提交后由社区审核有无个人信息，通过后才发布认领。</div> : null}
      <MechanismField form={form} all={offered ?? []} now={mechanism.id} fresh={{ category: undefined }} />
      <What form={form} unit={unit} categories={mechanism.categories.map((c) => ({ value: c.id, label: c.name }))} />
      <WhenAndWho form={form} />
      <FormFoot verb={draft ? '提交审核' : '发布'} busy={form.busy} onCancel={close} />
    </form>
  )
}

function What({
  form,
  unit,
  categories,
}: {
  form: FormOf<Values>
  unit: string | undefined
  categories: { value: string; label: string }[]
}) {
  const scope = useUnit(unit)
  return (
    <>
      <UnitField
        form={form}
        name="placeId"
        label="服务地点"
        required
        hint="在此地所属社区报到的党员可以认领"
        tree="place"
        first={scope.data && [scope.data]}
      />
      <ChoiceField form={form} name="category" label="类别" required options={categories} />
      <TextField form={form} name="title" label="任务名称" required max={40} />
      <TextField form={form} name="detail" label="具体内容" hint="不要写居民姓名、电话、门牌" rows={3} max={500} />
    </>
  )
}

function WhenAndWho({ form }: { form: FormOf<Values> }) {
  return (
    <>
      <Field form={form} name="startsAt" label="服务开始" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="endsAt" label="服务结束" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="capacity" label="需要人数" required hint="满额后可登记候补，有人退出自动递补">
        {({ onChange, ...b }) => (
          <InputNumber {...b} min={1} max={10_000} precision={0} onChange={(v) => onChange(v ?? 1)} suffix="人" />
        )}
      </Field>
      <TagsField form={form} name="skills" label="特长要求" placeholder="输入后按回车，如：电工" />
    </>
  )
}
