// A person's data are put right: only what is changed is sent, shown once more before it happens, with a reason that is kept.
import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useFinish } from '#web/kit/act.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm, useOpened } from '#web/kit/form.tsx'
import { type Code, education, nations, politics } from '../codes.ts'
import type { PersonPage, TakenField } from '../contract.ts'
import { takenFields } from '../contract/names.ts'
import { fieldNames, sexes } from './words.ts'

type Person = PersonPage['person']

const sealedFields = ['idNumber', 'phone', 'address'] as const
type SealedField = (typeof sealedFields)[number]

type OpenField = Exclude<TakenField, SealedField>

const openFields = takenFields.filter((f): f is OpenField => !sealedFields.some((s) => s === f))

type Values = Record<OpenField | SealedField, string> & { clear: SealedField[]; reason: string }

const before = (p: Person): Values => ({
  ...(Object.fromEntries(openFields.map((f) => [f, p[f] ?? ''])) as Record<OpenField, string>),
  idNumber: '',
  phone: '',
  address: '',
  clear: [],
  reason: '',
})

/** Fields that may be emptied; the others keep what they have. */
const emptied: readonly OpenField[] = ['nation', 'education', 'occupation', 'joined', 'fullSince']

type Changes = Partial<Record<OpenField | SealedField, string | null>>

/** What differs from the record, as the server takes it: null empties a field. */
function changesOf(p: Person, v: Values): Changes {
  const was = before(p)
  const changes: Changes = {}
  for (const f of openFields) {
    const now = (v[f] ?? '').trim()
    if (now === was[f] || (now === '' && !emptied.includes(f))) continue
    changes[f] = now === '' && f !== 'occupation' ? null : now
  }
  for (const f of sealedFields) {
    if (v.clear.includes(f)) changes[f] = null
    else if (v[f].trim() !== '') changes[f] = v[f].trim()
  }
  return changes
}

const tables: Partial<Record<string, readonly Code[]>> = { nation: nations, politics, education }
const titles: Record<string, string> = { ...fieldNames, idNumber: '公民身份号码' }

const wordOf = (field: string, value: string | null) =>
  !value
    ? '空'
    : field === 'sex'
      ? sexes[value as Person['sex']]
      : (tables[field]?.find((c) => c.code === value)?.name ?? value)

export function EditPersonForm({ person, close }: { person: Person; close: () => void }) {
  const p = useOpened(person)
  const form = useForm<Values>(before(p))
  const [sure, setSure] = useState(false)
  const finish = useFinish('已更正', close)
  const changes = changesOf(p, form.values)
  const none = Object.keys(changes).length === 0
  const send = (v: Values, idempotencyKey: string) => {
    const body = { ...changes, reason: v.reason.trim() }
    return call('PUT', `/persons/${p.id}`, { body, ifMatch: p.version, idempotencyKey })
  }
  const correct = async () => {
    const done = await form.submit(send)
    if (!done) setSure(false)
    await finish(done)
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        if (sure) void correct()
        else setSure(true)
      }}
    >
      <FormProblem form={form} />
      {sure ? (
        <>
          <Differences person={p} changes={changes} />
          <div className="row">
            <Button type="primary" htmlType="submit" loading={form.busy}>
              确认更正
            </Button>
            <Button onClick={() => setSure(false)}>返回修改</Button>
          </div>
        </>
      ) : (
        <>
          <Open form={form} person={p} />
          <Sealed form={form} person={p} />
          <TextField
            form={form}
            name="reason"
            label="更正理由"
            required
            hint="如：本人提供户口簿核对"
            rows={2}
            max={100}
          />
          <FormFoot
            verb={none ? '没有改动' : '核对改动'}
            busy={form.busy}
            disabled={none || form.values.reason.trim().length < 2}
            onCancel={close}
          />
        </>
      )}
    </form>
  )
}

const Differences = ({ person: p, changes }: { person: Person; changes: Changes }) => (
  <div className="effect" role="status">
    将更正下列各项，更正前后、更正人和理由记入历史，本人可以看到。
    <ul>
      {Object.entries(changes).map(([field, value]) => (
        <li key={field}>
          {titles[field]}：
          {sealedFields.includes(field as SealedField)
            ? value === null
              ? `${p[field as SealedField]} 删除`
              : `${p[field as SealedField] ?? '空'} → ${value}`
            : `${wordOf(field, p[field as OpenField])} → ${wordOf(field, value)}`}
        </li>
      ))}
    </ul>
  </div>
)

const choices = (codes: readonly Code[]) => codes.map((c) => ({ value: c.code, label: c.name }))

function Open({ form, person }: { form: FormOf<Values>; person: Person }) {
  const numbered = person.idNumber !== null && !form.values.clear.includes('idNumber')
  return (
    <>
      <TextField form={form} name="name" label="姓名" required max={40} />
      {numbered || form.values.idNumber.trim() ? (
        <div className="known">
          性别 {sexes[person.sex]}　出生日期 {person.born ?? '—'}
          <div className="quiet">由公民身份号码得出，号码改正后随之更正。</div>
        </div>
      ) : (
        <>
          <ChoiceField
            form={form}
            name="sex"
            label="性别"
            width={160}
            options={Object.entries(sexes).map(([value, label]) => ({ value, label }))}
          />
          <Field form={form} name="born" label="出生日期">
            {(b) => <DayInput {...b} />}
          </Field>
        </>
      )}
      <ChoiceField form={form} name="nation" label="民族" clear search options={choices(nations)} />
      <ChoiceField form={form} name="politics" label="政治面貌" search options={choices(politics)} />
      <ChoiceField form={form} name="education" label="学历" clear search options={choices(education)} />
      <TextField form={form} name="occupation" label="职业" max={40} />
      <TextField form={form} name="joined" label="入党时间" hint={rough} max={10} width={160} />
      <TextField form={form} name="fullSince" label="转正时间" hint={rough} max={10} width={160} />
    </>
  )
}

const rough = 'YYYY-MM-DD，只知年月可写 YYYY-MM'

/** Sealed fields are replaced or deleted, never shown to be edited. */
function Sealed({ form, person }: { form: FormOf<Values>; person: Person }) {
  const longest = { idNumber: 18, phone: 11, address: 100 }
  return sealedFields.map((field) => {
    const cleared = form.values.clear.includes(field)
    return (
      <div key={field}>
        <Field
          form={form}
          name={field}
          label={titles[field] ?? field}
          hint={person[field] ? `现为 ${person[field]}；不填则不改` : '加密保存，默认遮蔽'}
        >
          {({ onChange, ...b }) => (
            <Input
              {...b}
              value={cleared ? '' : b.value}
              disabled={cleared}
              maxLength={longest[field]}
              onChange={(e) => onChange(e.target.value)}
            />
          )}
        </Field>
        {person[field] ? (
          <Checkbox
            style={{ marginTop: -8, marginBottom: 14 }}
            checked={cleared}
            onChange={(e) =>
              form.set({
                clear: e.target.checked ? [...form.values.clear, field] : form.values.clear.filter((f) => f !== field),
              })
            }
          >
            删除{titles[field]}
          </Checkbox>
        ) : null}
      </div>
    )
  })
}
