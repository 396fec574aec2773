// A person, team or project goes on the list of a mechanism; what the mechanism does not know is not asked.
import { Checkbox, Input, InputNumber, Radio } from 'antd'
import { useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, RadioField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { MechanismField, NoMechanism } from '#web/kit/mechanisms.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { Talent, TalentSettings } from '../contract.ts'
import { PersonPicker } from '#web/kit/person-picker.tsx'
import { useHolder } from './talent-events.tsx'
import { choicesOf, forms, type TalentMechanism } from './talent-words.ts'

interface Values {
  mechanismId: string
  form: Talent['form']
  /** on record already, or put on record with this */
  who: 'known' | 'new'
  personId: string | undefined
  name: string
  phone: string
  title: string
  holderId: string | undefined
  level: string | undefined
  field: string | undefined
  route: string | undefined
  channel: string | undefined
  targetYear: number
  on: string
  wish: string
  consent: boolean
}

const parts = [
  ['level', '层次', 'levels'],
  ['field', '领域', 'fields'],
  ['route', '路径', 'routes'],
  ['channel', '渠道', 'channels'],
] as const

const of = (name: string, value: string | undefined) => (value?.trim() ? { [name]: value.trim() } : {})

function bodyOf(v: Values, mechanismId: string, settings: TalentSettings) {
  const form = settings.forms.includes(v.form) ? v.form : settings.forms[0]
  const who =
    form !== 'person'
      ? { title: v.title }
      : v.who === 'known'
        ? { personId: v.personId }
        : { person: { name: v.name, ...of('phone', v.phone) } }
  return {
    mechanismId,
    form,
    ...who,
    holderId: v.holderId,
    ...Object.assign({}, ...parts.map(([name]) => of(name, v[name]))),
    targetYear: v.targetYear,
    on: v.on,
    ...(v.consent ? { ...of('wish', v.wish), consent: true } : {}),
  }
}

const blank = {
  mechanismId: '',
  form: 'person',
  who: 'new',
  personId: undefined,
  name: '',
  phone: '',
  title: '',
  wish: '',
  consent: false,
} as const

const fresh = { level: undefined, field: undefined, route: undefined, channel: undefined }

export function RecordTalentForm({ mechanisms, close }: { mechanisms: TalentMechanism[]; close: () => void }) {
  const holder = useHolder()
  const [year, today] = [Number(todayHere().slice(0, 4)), todayHere()]
  const form = useForm<Values>(
    {
      ...fresh,
      ...blank,
      holderId: holder?.id,
      targetYear: year,
      on: today,
    },
    'new-talent',
  )
  const [refresh, told] = [useRefresh(), useTold()]
  const [, navigate] = useLocation()
  const carry = useCarry()
  const offered = mechanisms.filter((m) => m.inForce)
  const mechanism = offered.find((m) => m.id === form.values.mechanismId) ?? offered[0]
  if (!mechanism) return <NoMechanism what="登记人才" />
  const { settings } = mechanism
  const send = async (v: Values, idempotencyKey: string) => {
    const { id } = await call<Talent>('POST', '/talents', { body: bodyOf(v, mechanism.id, settings), idempotencyKey })
    told('已登记')
    await refresh()
    navigate(carry(`/talents/${id}`))
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(send)
      }}
    >
      <FormProblem form={form} />
      <MechanismField form={form} all={offered} now={mechanism.id} fresh={fresh} />
      <Who form={form} settings={settings} />
      <Where form={form} settings={settings} first={holder} />
      <Consent form={form} must={settings.consent} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}

/** Who keeps the record, in which words of the mechanism, and since when. */
function Where({
  form,
  settings,
  first,
}: {
  form: FormOf<Values>
  settings: TalentSettings
  first: ReturnType<typeof useHolder>
}) {
  return (
    <>
      <UnitField
        form={form}
        name="holderId"
        label="用人（管理）单位"
        required
        tree="org"
        hint="由这个单位保管记录"
        first={first && [first]}
      />
      {parts.map(([name, label, list]) =>
        settings[list].length > 0 ? (
          <ChoiceField key={name} form={form} name={name} label={label} clear options={choicesOf(settings[list])} />
        ) : null,
      )}
      <Field form={form} name="targetYear" label="计入年度" required>
        {({ onChange, ...b }) => (
          <InputNumber {...b} min={2000} max={2200} precision={0} onChange={(n) => onChange(n ?? 0)} />
        )}
      </Field>
      <Field form={form} name="on" label={`“${settings.states[0]?.name ?? '登记'}”的日期`} required>
        {(b) => <DayInput {...b} />}
      </Field>
    </>
  )
}

function Who({ form, settings }: { form: FormOf<Values>; settings: TalentSettings }) {
  const { form: kind, who } = form.values
  const chosen = settings.forms.includes(kind) ? kind : settings.forms[0]
  return (
    <>
      {settings.forms.length > 1 ? (
        <Field form={form} name="form" label="形式" required>
          {({ status: _, onChange, ...b }) => (
            <Radio.Group
              {...b}
              onChange={(e) => onChange(e.target.value as Talent['form'])}
              options={settings.forms.map((value) => ({ value, label: forms[value] }))}
            />
          )}
        </Field>
      ) : null}
      {chosen === 'person' ? (
        <>
          <RadioField
            form={form}
            name="who"
            label="是谁"
            required
            options={[
              { value: 'new', label: '还没有登记的人' },
              { value: 'known', label: '人员名册里的人' },
            ]}
          />
          {who === 'known' ? (
            <Field form={form} name="personId" label="人员" required>
              {({ onChange, ...b }) => <PersonPicker {...b} onChange={(id) => onChange(id)} />}
            </Field>
          ) : (
            <>
              <TextField form={form} name="name" path="person.name" label="姓名" required max={40} />
              <TextField form={form} name="phone" path="person.phone" label="手机" hint="加密保存，默认遮蔽" max={11} />
            </>
          )}
        </>
      ) : (
        <TextField form={form} name="title" label={`${forms[chosen ?? 'team']}名称`} required max={60} />
      )}
    </>
  )
}

/** What somebody looks for is written down only with his consent. [个人信息保护法第十三条] */
function Consent({ form, must }: { form: FormOf<Values>; must: boolean }) {
  return (
    <>
      <Field
        form={form}
        name="consent"
        label="本人同意"
        required={must}
        hint={must ? '这项机制须本人同意后才能登记' : '登记意向须本人同意'}
        ground="个人信息保护法第十三条"
      >
        {({ id, value, onChange }) => (
          <Checkbox id={id} checked={value} onChange={(e) => onChange(e.target.checked)}>
            已向本人说明用途，本人同意登记
          </Checkbox>
        )}
      </Field>
      {form.values.consent ? (
        <Field form={form} name="wish" label="意向" hint="加密保存，查看须写明理由；本人撤回同意即删除">
          {({ onChange, ...b }) => (
            <Input.TextArea {...b} rows={3} maxLength={300} showCount onChange={(e) => onChange(e.target.value)} />
          )}
        </Field>
      ) : null}
    </>
  )
}
