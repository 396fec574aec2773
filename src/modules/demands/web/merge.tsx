// 并单 and 拆单. [REQ-07]
import { Button } from 'antd'
import { ChoiceField, TextField } from '#web/kit/fields.tsx'
import { Field, useForm } from '#web/kit/form.tsx'
import { useState } from 'react'
import { DemandPicker } from './demand-picker.tsx'
import { useMechanisms } from './queries.ts'
import { StepForm, type StepProps } from './step-form.tsx'
import { mergeGrounds, optionsOf } from './words.ts'

export function MergeForm({ page, close }: StepProps) {
  const form = useForm({ intoId: undefined as string | undefined, ground: '', reason: '' }, `merge:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="merge"
      form={form}
      path="merger"
      body={(v) => v}
      ground="REQ-07"
      effect="本件随主单办理，不再单独派单计时：受理件数照计 1 件，派单和三率只计主单。本件的诉求人仍凭原查询码看到结果，并得到答复。"
    >
      <Field form={form} name="intoId" label="并入哪一件" required hint="列出同一地点同一类别的，也可按编号或标题查找">
        {({ onChange, ...b }) => <DemandPicker {...b} like={page.demand} onChange={(id) => onChange(id)} />}
      </Field>
      <ChoiceField form={form} name="ground" label="情形" required width={240} options={optionsOf(mergeGrounds)} />
      <TextField form={form} name="reason" label="理由" required rows={3} max={300} />
    </StepForm>
  )
}

interface Part {
  category: string
  title: string
  words: string
}

type Values = Record<`category${number}` | `title${number}` | `words${number}` | 'reason', string>

const partOf = (v: Values, i: number): Part => ({
  category: v[`category${i}`] ?? '',
  title: v[`title${i}`] ?? '',
  words: v[`words${i}`] ?? '',
})

const MOST = 5
const fresh = (category: string): Values => ({
  reason: '',
  ...Object.fromEntries(
    Array.from({ length: MOST }, (_, i) => [
      [`category${i}`, category],
      [`title${i}`, ''],
      [`words${i}`, ''],
    ]).flat(),
  ),
})

export function SplitForm({ page, close }: StepProps) {
  const d = page.demand
  const [count, setCount] = useState(1)
  const form = useForm<Values>(fresh(d.category), `split:${d.id}`)
  const mechanism = useMechanisms().data?.find((m) => m.id === d.mechanismId)
  const categories = (mechanism?.categories ?? []).map((c) => ({ value: c.id, label: c.name }))
  return (
    <StepForm
      page={page}
      close={close}
      step="split"
      form={form}
      path="parts"
      body={(v) => ({ parts: Array.from({ length: count }, (_, i) => partOf(v, i)), reason: v.reason })}
      ground="REQ-07"
      effect={`原诉求保留为第一件事，另列出 ${count} 件分别派单、分别计时（从原登记时间算起）。受理仍计 1 件；诉求人凭原查询码能看到每一件的结果。`}
    >
      {Array.from({ length: count }, (_, i) => (
        <fieldset key={i} className="part">
          <legend>拆出的第 {i + 1} 件</legend>
          <ChoiceField
            form={form}
            name={`category${i}`}
            path={`parts.${i}.category`}
            label="类别"
            required
            width={240}
            options={categories}
          />
          <TextField form={form} name={`title${i}`} path={`parts.${i}.title`} label="标题" required max={40} />
          <TextField
            form={form}
            name={`words${i}`}
            path={`parts.${i}.words`}
            label="内容"
            required
            rows={3}
            max={1000}
          />
        </fieldset>
      ))}
      <div className="row" style={{ marginBottom: 14 }}>
        <Button size="small" disabled={count >= MOST} onClick={() => setCount(count + 1)}>
          再拆一件
        </Button>
        <Button size="small" disabled={count <= 1} onClick={() => setCount(count - 1)}>
          少拆一件
        </Button>
      </div>
      <TextField form={form} name="reason" label="理由" required rows={2} max={300} />
    </StepForm>
  )
}
