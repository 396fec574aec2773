// A form is drafted with everything it must state; each name is compared with what the system holds while it is written. [JF-09, JF-10]
import { useQuery } from '@tanstack/react-query'
import { InputNumber, Select } from 'antd'
import { useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm, useOpened } from '#web/kit/form.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { useMe } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import { useKinds, useUnit } from '#web/kit/units.tsx'
import { type FormPage as Shown, type Frequency, minutesOf } from '../contract.ts'
import { blankField, FieldList, type FieldDraft, inputOf, draftOf } from './field-list.tsx'
import { dueMonths, frequencies, termWords } from './words.ts'

interface Values {
  title: string
  ground: string
  purpose: string
  ownerId: string | undefined
  belowId: string | undefined
  kinds: string[]
  frequency: Frequency
  dueMonths: number
  dueDay: number
  validFrom: string
  endsOn: string
  fields: FieldDraft[]
}

const nextYear = (day: string) => `${Number(day.slice(0, 4)) + 1}${day.slice(4).replace('02-29', '02-28')}`

/** A draft that is changed, or the form from above to which optional fields are added. */
export function DraftPage() {
  const { get } = useAddress()
  const [edit, base] = [get('edit'), get('base')]
  const from = edit ?? base
  const shown = useQuery({
    queryKey: ['/forms', 'one', from],
    enabled: Boolean(from),
    queryFn: ({ signal }) => call<Shown>('GET', `/forms/${from}`, { signal }),
    refetchOnWindowFocus: false,
  })
  const upper = useQuery({
    queryKey: ['/forms', 'one', shown.data?.form.base?.id],
    enabled: Boolean(edit && shown.data?.form.base),
    queryFn: ({ signal }) => call<Shown>('GET', `/forms/${shown.data?.form.base?.id}`, { signal }),
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (from && !shown.data) return <Loading lines={12} />
  if (edit && shown.data?.form.base && !upper.data) return <Loading lines={12} />
  const source = shown.data ?? null
  return (
    <Draft
      key={from ?? ''}
      edited={edit ? source : null}
      base={edit ? (upper.data ?? null) : source}
      draft={from ? undefined : 'form'}
    />
  )
}

function startOf(edited: Shown | null, base: Shown | null, own: string | undefined): Values {
  const f = (edited ?? base)?.form
  const today = todayHere()
  const blank = {
    title: '',
    ground: '',
    purpose: '',
    ownerId: own,
    belowId: own,
    kinds: [],
    frequency: 'month' as Frequency,
    dueMonths: 0,
    dueDay: 25,
    validFrom: today,
    endsOn: nextYear(today),
    fields: [blankField()],
  }
  if (!f) return blank
  const { kinds, frequency, dueMonths: months, dueDay, endsOn } = f
  if (!edited) return { ...blank, kinds, frequency, dueMonths: months, dueDay, endsOn }
  const { title, ground, purpose, ownerId, belowId, validFrom } = f
  return {
    title,
    ground,
    purpose,
    ownerId,
    belowId,
    kinds,
    frequency,
    dueMonths: months,
    dueDay,
    validFrom: validFrom < today ? today : validFrom,
    endsOn,
    fields: edited.fields.map(draftOf),
  }
}

interface DraftProps {
  edited: Shown | null
  base: Shown | null
  draft: string | undefined
}

function Draft({ edited: current, base, draft }: DraftProps) {
  const edited = useOpened(current)
  const me = useMe()
  const own = me.mandates.find((m) => m.verbs.includes('form.write'))?.unitId
  const form = useForm<Values>(startOf(edited, base, own), draft)
  const [, go] = useLocation()
  const carry = useCarry()
  const refresh = useRefresh()
  const told = useTold()
  const save = async (v: Values, idempotencyKey: string) => {
    const body = {
      ...v,
      title: v.title.trim(),
      fields: v.fields.map(inputOf),
      ...(base ? { baseId: base.form.id } : {}),
    }
    const saved = edited
      ? await call<{ id: string }>('PUT', `/forms/${edited.form.id}`, { body, ifMatch: edited.form.version })
      : await call<{ id: string }>('POST', '/forms', { body, idempotencyKey })
    told('已存为草稿')
    await refresh()
    go(carry(`/forms/${saved.id}`))
  }
  return (
    <>
      <PageHead
        title={edited ? '修改报表' : base ? '补充选填项' : '登记报表'}
        where={base ? `在《${base.form.title}》上补充：只能加选填项，截止日不能提前（依据 JF-10）` : '缺一项都不能登记'}
      />
      <form
        onSubmit={(e) => {
          e.preventDefault()
          void form.submit(save)
        }}
      >
        <div className="split">
          <div className="stack">
            <Sheet title="填什么" padded>
              <FieldList form={form} targets={form.values} formId={edited?.form.id} optional={base !== null} />
            </Sheet>
          </div>
          <div className="stack">
            <Sheet title="登记内容" padded>
              <FormProblem form={form} />
              <Basics form={form} />
              <Targets form={form} base={base} />
              <Terms form={form} base={base} />
              <Cost values={form.values} />
              <FormFoot verb="存为草稿" busy={form.busy} onCancel={() => go(carry('/forms'))} />
            </Sheet>
          </div>
        </div>
      </form>
    </>
  )
}

const Basics = ({ form }: { form: FormOf<Values> }) => (
  <>
    <TextField form={form} name="title" label="报表名称" required max={40} />
    <TextField
      form={form}
      name="ground"
      label="依据"
      required
      max={120}
      hint="文件名和文号；没有依据不能要求填报（JF-09）"
    />
    <TextField form={form} name="purpose" label="用途" required max={120} hint="填上来做什么用" />
  </>
)

function Targets({ form, base }: { form: FormOf<Values>; base: Shown | null }) {
  const kinds = useKinds('org').filter((k) => !base || base.form.kinds.includes(k.value))
  const owner = useUnit(form.values.ownerId)
  const below = useUnit(form.values.belowId)
  return (
    <>
      <UnitField
        form={form}
        name="ownerId"
        label="由谁要求"
        required
        tree="org"
        first={owner.data ? [owner.data] : undefined}
      />
      <UnitField
        form={form}
        name="belowId"
        label="谁来填：在哪个单位及下级"
        required
        tree="org"
        first={below.data ? [below.data] : undefined}
      />
      <Field form={form} name="kinds" label="其中哪些类别的单位填" required>
        {({ onChange, ...b }) => (
          <Select
            {...b}
            mode="multiple"
            style={{ width: '100%' }}
            optionFilterProp="label"
            onChange={(v: string[]) => onChange(v)}
            options={kinds}
          />
        )}
      </Field>
    </>
  )
}

function Terms({ form, base }: { form: FormOf<Values>; base: Shown | null }) {
  if (base)
    return (
      <>
        <p className="known">频次和截止同上级报表：{termWords(base.form)}</p>
        <Days form={form} />
      </>
    )
  return (
    <>
      <ChoiceField
        form={form}
        name="frequency"
        label="频次"
        required
        width={160}
        options={Object.entries(frequencies).map(([value, label]) => ({ value, label }))}
      />
      <Field
        form={form}
        name="dueMonths"
        label="截止"
        required
        ground="JF-09"
        hint="遇休息日顺延；同一单位一个月只有一个截止日"
      >
        {({ value, onChange, status: _, ...b }) => (
          <span className="row">
            <Select {...b} style={{ width: 130 }} value={value} onChange={(n) => onChange(n)} options={dueMonths} />
            <InputNumber
              aria-label="截止日"
              min={1}
              max={28}
              precision={0}
              style={{ width: 80 }}
              value={form.values.dueDay}
              onChange={(n) => form.set({ dueDay: n ?? 25 })}
            />
            日
          </span>
        )}
      </Field>
      <Days form={form} />
    </>
  )
}

const Days = ({ form }: { form: FormOf<Values> }) => (
  <div className="row" style={{ alignItems: 'start', gap: 24 }}>
    <Field form={form} name="validFrom" label="启用日期" required>
      {(b) => <DayInput {...b} />}
    </Field>
    <Field form={form} name="endsOn" label="停用日期" required ground="JF-09" hint="最长三年">
      {(b) => <DayInput {...b} />}
    </Field>
  </div>
)

/** What it will cost each unit, told while it is written. */
const Cost = ({ values }: { values: Values }) => (
  <div className="effect" role="status">
    每个单位每期预计 {minutesOf(values.fields.map((f) => f.type))} 分钟：要填{' '}
    {values.fields.filter((f) => f.type !== 'held').length} 项，只确认{' '}
    {values.fields.filter((f) => f.type === 'held').length} 项。
  </div>
)
