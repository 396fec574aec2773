// Who runs the system, under which filing; the purposes line by line.
import { Button, Input, InputNumber, Select } from 'antd'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm, useOpened } from '#web/kit/form.tsx'
import type { About, AboutSettings } from '../contract.ts'

type Purpose = AboutSettings['purposes'][number]
const blank: Purpose = { purpose: '', whose: '', fields: '', ground: '', kept: '' }

const parts: [keyof Purpose, string, number][] = [
  ['purpose', '用途', 40],
  ['whose', '谁的信息', 30],
  ['fields', '内容', 200],
  ['ground', '依据', 120],
  ['kept', '保存多久', 80],
]

export function AboutForm({ about: current, close }: { about: About; close: () => void }) {
  const about = useOpened(current)
  const form = useForm<AboutSettings>(about.settings)
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (body) => {
          await call('PUT', '/about', { body, ifMatch: about.settingsVersion })
          told('已修改')
          await refresh()
          close()
        })
      }}
    >
      <FormProblem form={form} />
      <Sponsor form={form} />
      <Reply form={form} />
      <Field form={form} name="purposes" label="保存哪些个人信息，依据什么" ground="PRV-01">
        {({ value, onChange }) => <Purposes value={value} onChange={onChange} />}
      </Field>
      <FormFoot verb="保存" busy={form.busy} onCancel={close} />
    </form>
  )
}

const Sponsor = ({ form }: { form: FormOf<AboutSettings> }) => (
  <>
    <TextField
      form={form}
      name="sponsor"
      label="主办单位"
      max={60}
      ground="JF-13"
      hint="县级以下不得自建，主办单位应为区级"
    />
    <TextField form={form} name="operator" label="承办单位" max={60} />
    <TextField form={form} name="filing" label="备案编号" max={60} ground="JF-13" />
    <TextField form={form} name="phone" label="联系电话" max={30} width={240} />
    <TextField form={form} name="address" label="地址" max={80} />
    <TextField form={form} name="hours" label="服务时间" max={60} />
  </>
)

const Reply = ({ form }: { form: FormOf<AboutSettings> }) => (
  <>
    <Field form={form} name="reply" label="投诉建议几日内回复" required ground="JF-12">
      {({ value, onChange, id }) => (
        <span className="row">
          <InputNumber
            id={id}
            min={1}
            max={30}
            precision={0}
            value={value.amount}
            onChange={(amount) => onChange({ ...value, amount: amount ?? 1 })}
          />
          <Select
            aria-label="单位"
            style={{ width: 120 }}
            value={value.unit}
            onChange={(unit) => onChange({ ...value, unit })}
            options={[
              { value: 'workdays', label: '个工作日' },
              { value: 'days', label: '天' },
              { value: 'hours', label: '小时' },
            ]}
          />
        </span>
      )}
    </Field>
    <Field
      form={form}
      name="retentionMonths"
      label="反馈人联系方式保存几个月"
      required
      hint="自最后一次往来起算，到期自动删除"
    >
      {({ onChange, value, id }) => (
        <InputNumber id={id} min={1} max={36} precision={0} value={value} onChange={(n) => onChange(n ?? 1)} />
      )}
    </Field>
  </>
)

function Purposes({ value, onChange }: { value: Purpose[]; onChange: (list: Purpose[]) => void }) {
  const put = (at: number, patch: Partial<Purpose>) =>
    onChange(value.map((p, i) => (i === at ? { ...p, ...patch } : p)))
  return (
    <div className="stack">
      {value.map((p, at) => (
        <fieldset key={at} className="known" style={{ margin: 0, border: 0 }}>
          <legend className="unseen">第 {at + 1} 项</legend>
          {parts.map(([name, label, max]) => (
            <label key={name} className="row" style={{ flexWrap: 'nowrap', marginBottom: 4 }}>
              <span style={{ width: 64, flex: 'none' }}>{label}</span>
              <Input value={p[name]} maxLength={max} onChange={(e) => put(at, { [name]: e.target.value })} />
            </label>
          ))}
          <Button size="small" onClick={() => onChange(value.filter((_, i) => i !== at))}>
            去掉这一项
          </Button>
        </fieldset>
      ))}
      <div>
        <Button size="small" onClick={() => onChange([...value, blank])}>
          增加一项
        </Button>
      </div>
    </div>
  )
}
