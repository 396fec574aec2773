// 登记: a secretary takes a demand in on behalf of a resident. What Jishi knows is shown, not asked.
import { Checkbox } from 'antd'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { MechanismField, NoMechanism } from '#web/kit/mechanisms.tsx'
import { useUnit } from '#web/kit/units.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { Occasion } from '../contract.ts'
import { occasionNames } from '../contract/names.ts'
import { catalogueRule, type DemandMechanism, useMechanisms } from './queries.ts'
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

function bodyOf(v: Values, occasionId: string | undefined) {
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
    ...(occasionId ? { occasionId } : {}),
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

/** `occasion`: it was collected at that visit or inspection, whose mechanism and place are known. */
export function OpenDemandForm({
  unit,
  occasion,
  close,
}: {
  unit: string | undefined
  occasion?: Occasion | undefined
  close: () => void
}) {
  const mechanisms = useMechanisms()
  const known = occasion && {
    mechanismId: occasion.mechanismId,
    channel: occasion.kind === 'visit' ? 'visit' : 'patrol',
  }
  const place = occasion?.placeId ?? unit
  const form = useForm<Values>({ ...fresh, placeId: place, ...known }, occasion ? undefined : 'open-demand')
  const [made, setMade] = useState<{ id: string; no: number; code: string } | null>(null)
  const refresh = useRefresh()
  const mechanism = mechanisms.data?.find((m) => m.id === form.values.mechanismId) ?? mechanisms.data?.[0]
  if (mechanisms.error) return <ErrorState error={mechanisms.error} retry={() => void mechanisms.refetch()} />
  if (!mechanism) return mechanisms.isLoading ? <Loading /> : <NoMechanism />
  if (made) return <Made made={made} close={close} again={() => (form.reset(), setMade(null))} />
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (values, idempotencyKey) => {
          const body = bodyOf({ ...values, mechanismId: mechanism.id }, occasion?.id)
          setMade(await call('POST', '/demands', { body, idempotencyKey }))
          await refresh()
        })
      }}
    >
      <FormProblem form={form} />
      {occasion ? (
        <div className="known">
          {occasion.heldOn}　{occasion.placeName}　{occasionNames[occasion.kind]}
          <div className="quiet">{mechanism.name}，这次收集的诉求按此登记。</div>
        </div>
      ) : (
        <MechanismField form={form} all={mechanisms.data ?? []} now={mechanism.id} fresh={{ category: undefined }} />
      )}
      <Matter form={form} mechanism={mechanism} unit={place} />
      <Asker form={form} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}

function Matter({
  form,
  mechanism,
  unit,
}: {
  form: FormOf<Values>
  mechanism: DemandMechanism
  unit: string | undefined
}) {
  const scope = useUnit(unit)
  const category = mechanism.categories.find((c) => c.id === form.values.category)
  const categories = mechanism.categories.map((c) => ({ value: c.id, label: c.name }))
  return (
    <>
      <UnitField
        form={form}
        name="placeId"
        label="事发地点"
        required
        hint="写到小区或楼栋，派单更准"
        tree="place"
        first={scope.data && [scope.data]}
      />
      <ChoiceField
        form={form}
        name="category"
        label="类别"
        required
        hint={catalogueRule(category)}
        ground="REQ-01"
        options={categories}
      />
      <TextField
        form={form}
        name="words"
        label="诉求内容"
        required
        hint="按居民原话写，系统加密保存"
        rows={5}
        max={1000}
      />
      <TextField form={form} name="title" label="标题" hint="不写则按“类别·地点”生成；不要写姓名" max={40} />
      <ChoiceField
        form={form}
        name="grade"
        label="紧急程度"
        hint={category ? `不选则按目录：${grades[category.grade ?? 'normal']}` : undefined}
        width={200}
        clear
        options={optionsOf(grades)}
      />
    </>
  )
}

function Asker({ form }: { form: FormOf<Values> }) {
  const ways = optionsOf(channels).filter((o) => o.value !== 'resident' && o.value !== 'whistle')
  return (
    <>
      <TextField form={form} name="name" path="contact.name" label="诉求人姓名" max={30} />
      <TextField
        form={form}
        name="phone"
        path="contact.phone"
        label="联系电话"
        hint="承办人签收后才能看到完整号码"
        max={11}
      />
      <ChoiceField form={form} name="channel" label="来源" required width={200} options={ways} />
      <Field form={form} name="report" label="举报" hint="举报件不会让被举报单位看到" ground="REQ-10">
        {({ onChange, value, id }) => (
          <Checkbox id={id} checked={value} onChange={(e) => onChange(e.target.checked)}>
            这是对某个单位的举报
          </Checkbox>
        )}
      </Field>
      {form.values.report ? (
        <UnitField form={form} name="aboutId" label="被举报单位" about={form.values.placeId} />
      ) : null}
    </>
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
