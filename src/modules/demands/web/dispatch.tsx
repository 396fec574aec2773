// 派单: to units by the dispatch catalogue, or to members and volunteers as a task; later: one more unit to help. [REQ-01, REQ-03]
import { Button, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { MomentInput, toInstant } from '#web/kit/dates.tsx'
import { TagsField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, type FormOf, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { moment } from '#web/kit/time.ts'
import { UnitPicker } from '#web/kit/units.tsx'
import type { Demand, DemandPage, ManyResults } from '../contract.ts'
import { catalogueRule, useMechanisms, usePlaceLine } from './queries.ts'
import { StepForm, type StepProps } from './step-form.tsx'

interface Help {
  unitId: string | undefined
  due: string
}

interface Values {
  leadId: string | undefined
  supports: Help[]
  note: string
  title: string
  detail: string
  startsAt: string
  endsAt: string
  capacity: number
  skills: string[]
}

const empty: Values = {
  leadId: undefined,
  supports: [],
  note: '',
  title: '',
  detail: '',
  startsAt: '',
  endsAt: '',
  capacity: 1,
  skills: [],
}

const helpOf = (s: Help) => ({ unitId: s.unitId, ...(s.due ? { dueAt: toInstant(s.due) } : {}) })

function bodyOf(v: Values, how: 'unit' | 'task') {
  const note = v.note.trim() ? { note: v.note } : {}
  const supports = v.supports.filter((s) => s.unitId).map(helpOf)
  if (how === 'unit') return { leadId: v.leadId, ...note, ...(supports.length > 0 ? { supports } : {}) }
  return {
    ...note,
    task: {
      title: v.title,
      ...(v.detail.trim() ? { detail: v.detail } : {}),
      startsAt: toInstant(v.startsAt),
      endsAt: toInstant(v.endsAt),
      capacity: v.capacity,
      ...(v.skills.length > 0 ? { skills: v.skills } : {}),
    },
  }
}

/** What the dispatch catalogue says about the categories at hand. */
function useRules(demands: readonly Demand[]): string[] {
  const mechanisms = useMechanisms()
  const categoryOf = (d: Demand) =>
    mechanisms.data?.find((m) => m.id === d.mechanismId)?.categories.find((c) => c.id === d.category)
  return [...new Set(demands.map((d) => catalogueRule(categoryOf(d))).filter((r) => r !== null))]
}

export function DispatchForm({ page, close }: StepProps) {
  const [how, setHow] = useState<'unit' | 'task'>('unit')
  const d = page.demand
  const form = useForm<Values>({ ...empty, title: d.title }, `dispatch:${d.id}`)
  const rules = useRules([d])
  return (
    <StepForm
      page={page}
      close={close}
      step="dispatch"
      form={form}
      path="dispatch"
      body={(v) => bodyOf(v, how)}
      ground="REQ-01"
      effect={rules.length > 0 ? `派单目录：${rules.join('；')}` : undefined}
      verb={how === 'unit' ? '派单' : '发布任务并派单'}
    >
      {page.rules.tasks ? (
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
      {how === 'unit' ? <UnitFields form={form} page={page} /> : <TaskFields form={form} />}
      <TextField form={form} name="note" label="派单说明" rows={2} max={200} />
    </StepForm>
  )
}

function UnitFields({ form, page }: { form: FormOf<Values>; page: DemandPage }) {
  const line = usePlaceLine(page.demand.placeId)
  return (
    <>
      <UnitField
        form={form}
        name="leadId"
        label="主办单位"
        required
        hint="主办单位对时限和答复负责"
        ground="REQ-03"
        about={page.demand.placeId}
        first={line}
      />
      <Supports form={form} about={page.demand.placeId} latest={page.resolveDueAt} />
    </>
  )
}

const MOST = 10

/** Units that help, each with a deadline of its own where one is wanted. [REQ-03] */
function Supports({ form, about, latest }: { form: FormOf<Values>; about: string; latest: string | null }) {
  const { supports } = form.values
  const change = (i: number, part: Partial<Help>) =>
    form.set({ supports: supports.map((s, at) => (at === i ? { ...s, ...part } : s)) })
  form.shown.add('supports')
  return (
    <div style={{ marginBottom: 14 }}>
      {supports.map((s, i) => (
        <fieldset key={i} className="part">
          <legend>协办单位{supports.length > 1 ? ` ${i + 1}` : ''}</legend>
          <UnitPicker id={`support${i}`} about={about} value={s.unitId} onChange={(unitId) => change(i, { unitId })} />
          <div className="row" style={{ marginTop: 6 }}>
            <span className="quiet">时限</span>
            <MomentInput aria-label="协办时限" value={s.due} onChange={(due) => change(i, { due })} clear />
            <span className="quiet">不填与主办相同</span>
            <span style={{ flex: 1 }} />
            <Button size="small" onClick={() => form.set({ supports: supports.filter((_, at) => at !== i) })}>
              去掉
            </Button>
          </div>
          <Wrong form={form} at={`supports.${i}`} />
        </fieldset>
      ))}
      <Button
        size="small"
        disabled={supports.length >= MOST}
        onClick={() => form.set({ supports: [...supports, { unitId: undefined, due: '' }] })}
      >
        增加协办单位
      </Button>
      {supports.length > 0 && latest ? (
        <span className="quiet">　协办时限不晚于主办时限 {moment(latest)}（依据 REQ-03）</span>
      ) : null}
    </div>
  )
}

const Wrong = ({ form, at }: { form: FormOf<Values>; at: string }) => {
  const issue = form.problem?.issues.find((i) => i.path.startsWith(at))
  return issue ? (
    <div role="alert" style={{ color: 'var(--late)', fontSize: 13 }}>
      {issue.text}
    </div>
  ) : null
}

function TaskFields({ form }: { form: FormOf<Values> }) {
  return (
    <>
      <TextField form={form} name="title" path="task.title" label="任务名称" required max={40} />
      <TextField
        form={form}
        name="detail"
        path="task.detail"
        label="具体内容"
        hint="人人可见，不要写居民姓名、电话、门牌；由社区当面告知"
        rows={3}
        max={500}
      />
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
      <TagsField form={form} name="skills" path="task.skills" label="特长要求" placeholder="输入后按回车，如：电工" />
    </>
  )
}

/** Many at once go to one unit; each succeeds or is refused by itself. */
export function DispatchManyForm({ demands, close }: { demands: Demand[]; close: () => void }) {
  const form = useForm({ leadId: undefined as string | undefined, note: '' })
  const [refused, setRefused] = useState<ManyResults['results']>([])
  const refresh = useRefresh()
  const told = useTold()
  const rules = useRules(demands)
  const noOf = (id: string) => demands.find((d) => d.id === id)?.no
  const send = () =>
    form.submit(async (v, idempotencyKey) => {
      const { done, results } = await call<ManyResults>('POST', '/demand-batches/dispatch', {
        body: { ids: demands.map((d) => d.id), leadId: v.leadId, ...(v.note.trim() ? { note: v.note } : {}) },
        idempotencyKey,
      })
      told(`已派单 ${done} 件`)
      await refresh()
      if (done === demands.length) close()
      else setRefused(results.filter((r) => !r.ok))
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <div className="known">共 {demands.length} 件诉求派给同一单位</div>
      {rules.length > 0 ? <div className="effect">派单目录（依据 REQ-01）：{rules.join('；')}</div> : null}
      <FormProblem form={form} />
      {refused.length > 0 ? (
        <div className="issue-box" role="alert">
          有 {refused.length} 件没有派出：
          {refused.map((r) => (
            <div key={r.id}>
              第 {noOf(r.id)} 号：{r.text}
            </div>
          ))}
        </div>
      ) : null}
      <UnitField
        form={form}
        name="leadId"
        label="主办单位"
        required
        hint="主办单位对时限和答复负责"
        ground="REQ-03"
        about={demands[0]?.placeId}
      />
      <TextField form={form} name="note" label="派单说明" rows={2} max={200} />
      <FormFoot verb={`派单 ${demands.length} 件`} busy={form.busy} onCancel={close} disabled={refused.length > 0} />
    </form>
  )
}

export function SupportForm({ page, close }: StepProps) {
  const form = useForm({ unitId: undefined as string | undefined, due: '' }, `support:${page.demand.id}`)
  return (
    <StepForm
      page={page}
      close={close}
      step="support"
      form={form}
      path="supports"
      body={helpOf}
      ground="REQ-03"
      effect={`协办单位从派单起能看到这件诉求，办完向主办单位反馈；时限不晚于主办时限${page.resolveDueAt ? ` ${moment(page.resolveDueAt)}` : ''}。`}
    >
      <UnitField form={form} name="unitId" label="协办单位" required about={page.demand.placeId} />
      <Field form={form} name="due" path="dueAt" label="协办时限" hint="不填与主办相同">
        {(b) => <MomentInput {...b} clear />}
      </Field>
    </StepForm>
  )
}
