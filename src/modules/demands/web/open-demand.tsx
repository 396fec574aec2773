// 登记: a secretary takes a demand in on behalf of a resident. What Jishi knows is shown, not asked.
import { Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { UnitPicker, useUnit } from '#web/kit/units.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { catalogueRule, useMechanisms } from './queries.ts'
import { channels, grades, optionsOf } from './words.ts'

interface Values {
  mechanismId: string
  placeId: string | undefined
  category: string | undefined
  words: string
  title: string
  name: string
  phone: string
  channel: string
  grade: string | undefined
  report: boolean
  aboutId: string | undefined
}

function bodyOf(v: Values) {
  const contact = { ...(v.name.trim() ? { name: v.name } : {}), ...(v.phone.trim() ? { phone: v.phone.trim() } : {}) }
  return {
    mechanismId: v.mechanismId,
    placeId: v.placeId,
    category: v.category,
    words: v.words,
    channel: v.channel,
    ...(v.title.trim() ? { title: v.title } : {}),
    ...(v.grade ? { grade: v.grade } : {}),
    ...(Object.keys(contact).length > 0 ? { contact } : {}),
    ...(v.report ? { report: true, ...(v.aboutId ? { aboutId: v.aboutId } : {}) } : {}),
  }
}

const fresh: Values = {
  mechanismId: '',
  placeId: undefined,
  category: undefined,
  words: '',
  title: '',
  name: '',
  phone: '',
  channel: 'secretary',
  grade: undefined,
  report: false,
  aboutId: undefined,
}

export function OpenDemandForm({ unit, close }: { unit: string | undefined; close: () => void }) {
  const mechanisms = useMechanisms()
  const scope = useUnit(unit)
  const form = useForm<Values>({ ...fresh, placeId: unit }, 'open-demand')
  const [made, setMade] = useState<{ id: string; no: number; code: string } | null>(null)
  const refresh = useRefresh()
  const v = form.values
  const mechanism = mechanisms.data?.find((m) => m.id === v.mechanismId) ?? mechanisms.data?.[0]
  const category = mechanism?.categories.find((c) => c.id === v.category)
  if (mechanisms.error) return <ErrorState error={mechanisms.error} retry={() => void mechanisms.refetch()} />
  if (!mechanism) {
    return mechanisms.isLoading ? (
      <Loading />
    ) : (
      <EmptyState title="没有可用的机制">
        办理诉求、任务须先有在执行的机制，并有查看机制的权限，请向本级管理员申请。
      </EmptyState>
    )
  }
  if (made) return <Made made={made} close={close} again={() => (form.reset(), setMade(null))} />
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (values, idempotencyKey) => {
          setMade(
            await call('POST', '/demands', { body: bodyOf({ ...values, mechanismId: mechanism.id }), idempotencyKey }),
          )
          await refresh()
        })
      }}
    >
      <FormProblem form={form} />
      {(mechanisms.data?.length ?? 0) > 1 ? (
        <Field form={form} name="mechanismId" label="机制" required>
          {({ onChange, value: _, ...b }) => (
            <Select
              {...b}
              style={{ width: '100%' }}
              value={mechanism.id}
              onChange={(id) => form.set({ mechanismId: id, category: undefined })}
              options={mechanisms.data?.map((m) => ({ value: m.id, label: m.name })) ?? []}
            />
          )}
        </Field>
      ) : null}
      <Field form={form} name="placeId" label="事发地点" required hint="写到小区或楼栋，派单更准">
        {({ onChange, ...b }) => (
          <UnitPicker
            {...b}
            tree="place"
            {...(scope.data ? { first: [scope.data] } : {})}
            onChange={(id) => onChange(id)}
          />
        )}
      </Field>
      <Field form={form} name="category" label="类别" required hint={catalogueRule(category)} ground="REQ-01">
        {({ onChange, value, ...b }) => (
          <Select
            {...b}
            style={{ width: '100%' }}
            value={value ?? null}
            onChange={(c) => onChange(c ?? undefined)}
            options={mechanism.categories.map((c) => ({ value: c.id, label: c.name }))}
          />
        )}
      </Field>
      <Field form={form} name="words" label="诉求内容" required hint="按居民原话写，系统加密保存">
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} rows={5} maxLength={1000} showCount onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <Field form={form} name="title" label="标题" hint="不写则按“类别·地点”生成；不要写姓名">
        {({ onChange, ...b }) => <Input {...b} maxLength={40} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <Field form={form} name="name" path="contact.name" label="诉求人姓名">
        {({ onChange, ...b }) => <Input {...b} maxLength={30} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <Field form={form} name="phone" path="contact.phone" label="联系电话" hint="承办人签收后才能看到完整号码">
        {({ onChange, ...b }) => (
          <Input {...b} maxLength={11} inputMode="tel" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <Field form={form} name="channel" label="来源" required>
        {({ onChange, ...b }) => (
          <Select
            {...b}
            style={{ width: 200 }}
            onChange={(c) => onChange(c)}
            options={optionsOf(channels).filter((o) => o.value !== 'resident')}
          />
        )}
      </Field>
      <Field
        form={form}
        name="grade"
        label="紧急程度"
        hint={category ? `不选则按目录：${grades[category.grade ?? 'normal']}` : undefined}
      >
        {({ onChange, value, ...b }) => (
          <Select
            {...b}
            allowClear
            style={{ width: 200 }}
            value={value ?? null}
            onChange={(g) => onChange(g ?? undefined)}
            options={optionsOf(grades)}
          />
        )}
      </Field>
      <Field form={form} name="report" label="举报" hint="举报件不会让被举报单位看到" ground="REQ-10">
        {({ onChange, value, id }) => (
          <Checkbox id={id} checked={value} onChange={(e) => onChange(e.target.checked)}>
            这是对某个单位的举报
          </Checkbox>
        )}
      </Field>
      {v.report ? (
        <Field form={form} name="aboutId" label="被举报单位">
          {({ onChange, ...b }) => <UnitPicker {...b} onChange={(id) => onChange(id)} />}
        </Field>
      ) : null}
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}

function Made({
  made,
  close,
  again,
}: {
  made: { id: string; no: number; code: string }
  close: () => void
  again: () => void
}) {
  const [, navigate] = useLocation()
  const carry = useCarry()
  return (
    <div className="stack" role="status">
      <p>
        已登记为第 <b>{made.no}</b> 号诉求。
      </p>
      <div className="known">
        查询码 <b>{made.code}</b>
        <div className="quiet">请告诉诉求人：凭此码可在手机上查看进展、评价。此码只在这里显示一次。</div>
      </div>
      <div className="row">
        <button type="button" className="link" onClick={() => navigate(carry(`/demands/${made.id}`))}>
          打开这件诉求
        </button>
        <button type="button" className="link" onClick={again}>
          再登记一件
        </button>
        <button type="button" className="link" onClick={close}>
          关闭
        </button>
      </div>
    </div>
  )
}
