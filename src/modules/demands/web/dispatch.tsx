// 派单: to units by the dispatch catalogue, or to members and volunteers as a task. [REQ-01, REQ-03]
import { Input, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { Field, type FormOf, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { UnitPicker } from '#web/kit/units.tsx'
import type { Demand } from '../contract.ts'
import { catalogueRule, useMechanisms } from './queries.ts'
import { MomentInput, toInstant } from '#web/kit/dates.tsx'

interface Values {
  leadId: string | undefined
  first: string | undefined
  second: string | undefined
  note: string
  title: string
  detail: string
  startsAt: string
  endsAt: string
  capacity: number
}

const empty: Values = {
  leadId: undefined,
  first: undefined,
  second: undefined,
  note: '',
  title: '',
  detail: '',
  startsAt: '',
  endsAt: '',
  capacity: 1,
}

function bodyOf(v: Values, how: 'unit' | 'task') {
  const note = v.note.trim() ? { note: v.note } : {}
  if (how === 'unit')
    return {
      leadId: v.leadId,
      ...note,
      ...(v.first || v.second ? { supportIds: [v.first, v.second].filter((x) => x !== undefined) } : {}),
    }
  return {
    ...note,
    task: {
      title: v.title,
      ...(v.detail.trim() ? { detail: v.detail } : {}),
      startsAt: toInstant(v.startsAt),
      endsAt: toInstant(v.endsAt),
      capacity: v.capacity,
    },
  }
}

export function DispatchForm({ demands, close }: { demands: Demand[]; close: () => void }) {
  const [how, setHow] = useState<'unit' | 'task'>('unit')
  const one = demands.length === 1 ? demands[0] : undefined
  const form = useForm<Values>({ ...empty, title: one?.title ?? '' }, one ? `dispatch:${one.id}` : undefined)
  const refresh = useRefresh()
  const told = useTold()
  const mechanisms = useMechanisms()
  const rules = [
    ...new Set(
      demands
        .map((d) =>
          catalogueRule(
            mechanisms.data?.find((m) => m.id === d.mechanismId)?.categories.find((c) => c.id === d.category),
          ),
        )
        .filter((r) => r !== null),
    ),
  ]
  const send = () =>
    form.submit(async (v, key) => {
      for (const [i, d] of demands.entries())
        await call('POST', `/demands/${d.id}/dispatch`, { body: bodyOf(v, how), idempotencyKey: `${key}-${i}` })
      told(`已派单 ${demands.length} 件`)
      await refresh()
      close()
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <div className="known">
        {one ? `${one.no} ${one.title}　${one.placeName}` : `共 ${demands.length} 件诉求派给同一单位`}
        {rules.map((r) => (
          <div key={r} className="quiet">
            派单目录（依据 REQ-01）{r}
          </div>
        ))}
      </div>
      {one ? (
        <Segmented
          style={{ marginBottom: 14 }}
          value={how}
          onChange={(v) => setHow(v as 'unit')}
          options={[
            { value: 'unit', label: '派给单位' },
            { value: 'task', label: '发布为任务，由党员、志愿者认领' },
          ]}
        />
      ) : null}
      <FormProblem form={form} />
      {how === 'unit' ? <UnitFields form={form} demand={one} /> : <TaskFields form={form} />}
      <Field form={form} name="note" label="派单说明">
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} rows={2} maxLength={200} showCount onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <FormFoot verb={how === 'unit' ? '派单' : '发布任务并派单'} busy={form.busy} onCancel={close} />
    </form>
  )
}

function UnitFields({ form, demand }: { form: FormOf<Values>; demand: Demand | undefined }) {
  const first = demand ? [{ id: demand.placeId, name: demand.placeName, kindName: '事发地' }] : []
  return (
    <>
      <Field form={form} name="leadId" label="主办单位" required hint="主办单位对时限和答复负责" ground="REQ-03">
        {({ onChange, ...b }) => <UnitPicker {...b} first={first} onChange={(id) => onChange(id)} />}
      </Field>
      <Field form={form} name="first" path="supportIds" label="协办单位">
        {({ onChange, ...b }) => <UnitPicker {...b} onChange={(id) => onChange(id)} />}
      </Field>
      {form.values.first ? (
        <Field form={form} name="second" path="supportIds.1" label="协办单位（二）">
          {({ onChange, ...b }) => <UnitPicker {...b} onChange={(id) => onChange(id)} />}
        </Field>
      ) : null}
    </>
  )
}

function TaskFields({ form }: { form: FormOf<Values> }) {
  return (
    <>
      <Field form={form} name="title" path="task.title" label="任务名称" required>
        {({ onChange, ...b }) => <Input {...b} maxLength={40} showCount onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <Field
        form={form}
        name="detail"
        path="task.detail"
        label="具体内容"
        hint="不要写居民姓名、电话、门牌；认领并签到后由社区当面告知"
      >
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} rows={3} maxLength={500} showCount onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <Field form={form} name="startsAt" path="task.startsAt" label="服务开始" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="endsAt" path="task.endsAt" label="服务结束" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="capacity" path="task.capacity" label="需要人数" required>
        {({ onChange, ...b }) => (
          <InputNumber {...b} min={1} max={10_000} precision={0} onChange={(v) => onChange(v ?? 1)} suffix="人" />
        )}
      </Field>
    </>
  )
}
