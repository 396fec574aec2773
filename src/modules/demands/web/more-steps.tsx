// The rarer steps of a demand, in one menu: each says what it does, asks its reason, and is decided by the server.
import { Button, Drawer, Dropdown, Input, InputNumber, Radio, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { Field, type FormOf, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { UnitPicker } from '#web/kit/units.tsx'
import type { Demand, DemandPage } from '../contract.ts'
import { DemandPicker } from './demand-picker.tsx'

interface Values {
  reason: string
  basis: string
  outcome: string
  leadId: string | undefined
  amount: number
  unit: string
  plan: string
  leader: string
  reviewOn: string
  intoId: string | undefined
  ground: string
  legalChannel: string
  granted: string
  passed: string
  unitId: string | undefined
  title: string
  words: string
  category: string
}

const fresh: Values = {
  reason: '',
  basis: '',
  outcome: 'upheld',
  leadId: undefined,
  amount: 3,
  unit: 'days',
  plan: '',
  leader: '',
  reviewOn: '',
  intoId: undefined,
  ground: '',
  legalChannel: '',
  granted: 'true',
  passed: 'true',
  unitId: undefined,
  title: '',
  words: '',
  category: '',
}

interface MoreStep {
  id: string
  word: string
  verb: string
  /** the menu offers it in these states; lawfulness is the server's */
  states: readonly Demand['state'][]
  when?: (p: DemandPage) => boolean
  path: string
  effect: string
  ground?: string
  body: (v: Values, d: Demand) => unknown
  fields: readonly (keyof Values)[]
}

const open = ['registered', 'dispatched', 'signed'] as const

export const moreSteps: readonly MoreStep[] = [
  {
    id: 'dispute',
    word: '提出异议',
    verb: 'demand.sign',
    states: ['dispatched'],
    path: 'dispute',
    effect: '派单异议交上级审核，审核期间停止计时；维持后不能再次提出。',
    ground: 'REQ-02',
    body: (v) => ({ reason: v.reason, basis: v.basis }),
    fields: ['reason', 'basis'],
  },
  {
    id: 'review',
    word: '审核异议',
    verb: 'demand.review',
    states: ['disputed'],
    path: 'dispute-review',
    effect: '改派则换由新的主办单位承办；维持则原主办单位须签收。',
    ground: 'REQ-02',
    body: (v) => ({
      outcome: v.outcome,
      reason: v.reason,
      ...(v.outcome === 'reassigned' && v.leadId ? { leadId: v.leadId } : {}),
    }),
    fields: ['outcome', 'reason'],
  },
  {
    id: 'support',
    word: '增加协办',
    verb: 'demand.dispatch',
    states: ['dispatched', 'signed'],
    path: 'supports',
    effect: '协办单位的时限不晚于主办单位。',
    ground: 'REQ-03',
    body: (v) => ({ unitId: v.unitId }),
    fields: ['unitId'],
  },
  {
    id: 'extend',
    word: '延期',
    verb: 'demand.review',
    states: ['signed'],
    path: 'extension',
    effect: '延期只能在到期前办理，理由会告知诉求人。',
    ground: 'REQ-05',
    body: (v) => ({ term: { amount: v.amount, unit: v.unit }, reason: v.reason }),
    fields: ['amount', 'reason'],
  },
  {
    id: 'suspend',
    word: '挂账',
    verb: 'demand.review',
    states: ['signed'],
    when: (p) => !p.demand.suspendedUntil,
    path: 'suspension',
    effect: '条件暂不具备的诉求挂账，不计入解决率、单独列出；复核日期最长六个月。',
    ground: 'REQ-06',
    body: (v) => ({ reason: v.reason, plan: v.plan, leader: v.leader, reviewOn: v.reviewOn }),
    fields: ['reason', 'plan', 'leader', 'reviewOn'],
  },
  {
    id: 'resume',
    word: '恢复办理',
    verb: 'demand.review',
    states: ['signed'],
    when: (p) => Boolean(p.demand.suspendedUntil),
    path: 'resumption',
    effect: '结束挂账，恢复计时。',
    ground: 'REQ-06',
    body: (v) => ({ reason: v.reason }),
    fields: ['reason'],
  },
  {
    id: 'merge',
    word: '并单',
    verb: 'demand.dispatch',
    states: open,
    path: 'merger',
    effect: '并入后随主单办理，诉求人仍会收到答复；主单只计一件。',
    ground: 'REQ-07',
    body: (v) => ({ intoId: v.intoId, ground: v.ground, reason: v.reason }),
    fields: ['intoId', 'ground', 'reason'],
  },
  {
    id: 'split',
    word: '拆单',
    verb: 'demand.dispatch',
    states: ['registered'],
    path: 'parts',
    effect: '把另一件事单列为新诉求，原诉求保留。',
    ground: 'REQ-07',
    body: (v, d) => ({
      parts: [{ category: v.category || d.category, title: v.title, words: v.words }],
      reason: v.reason,
    }),
    fields: ['title', 'words', 'reason'],
  },
  {
    id: 'decline',
    word: '不予受理',
    verb: 'demand.dispatch',
    states: ['registered'],
    path: 'declining',
    effect: '不予受理须告知诉求人法定途径。',
    body: (v) => ({ reason: v.reason, legalChannel: v.legalChannel }),
    fields: ['reason', 'legalChannel'],
  },
  {
    id: 'exclude',
    word: '申请剔除',
    verb: 'demand.exclude',
    states: ['signed', 'answered', 'called', 'closed'],
    when: (p) => !p.demand.excluded && !p.exclusions.some((e) => e.granted === null),
    path: 'exclusions',
    effect: '剔除由另一单位审核；每次剔除都公开列出并计数。',
    ground: 'REQ-09',
    body: (v) => ({ ground: v.ground, reason: v.reason }),
    fields: ['ground', 'reason'],
  },
  {
    id: 'decide',
    word: '审核剔除',
    verb: 'demand.review',
    states: ['signed', 'answered', 'called', 'closed'],
    when: (p) => p.exclusions.some((e) => e.granted === null),
    path: 'exclusion-decision',
    effect: '同意后，此件从三率的分子和分母中一并去掉。',
    ground: 'REQ-09',
    body: (v) => ({ granted: v.granted === 'true', reason: v.reason }),
    fields: ['granted', 'reason'],
  },
  {
    id: 'redo',
    word: '重办',
    verb: 'demand.call-back',
    states: ['called'],
    path: 'redoing',
    effect: '回访未解决的退回承办单位重新办理，重新计时。',
    body: (v) => ({ reason: v.reason }),
    fields: ['reason'],
  },
  {
    id: 'verify',
    word: '核验',
    verb: 'demand.review',
    states: ['answered', 'called'],
    path: 'verification',
    effect: '由上级核实答复是否属实；不通过则退回重办。',
    body: (v) => ({ passed: v.passed === 'true', ...(v.reason.trim() ? { note: v.reason } : {}) }),
    fields: ['passed', 'reason'],
  },
  {
    id: 'reopen',
    word: '重新打开',
    verb: 'demand.dispatch',
    states: ['closed'],
    path: 'reopening',
    effect: '退回承办单位重新办理，重新计时。',
    body: (v) => ({ reason: v.reason }),
    fields: ['reason'],
  },
]

export const moreStepsOf = (page: DemandPage) =>
  moreSteps.filter(
    (s) => s.states.includes(page.demand.state) && page.demand.can.includes(s.verb) && (s.when?.(page) ?? true),
  )

export function MoreSteps({ page }: { page: DemandPage }) {
  const [step, setStep] = useState<MoreStep | null>(null)
  const steps = moreStepsOf(page)
  if (steps.length === 0) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: steps.map((s) => ({ key: s.id, label: s.word })),
          onClick: ({ key }) => setStep(steps.find((s) => s.id === key) ?? null),
        }}
      >
        <Button>其他办理</Button>
      </Dropdown>
      <Drawer open={step !== null} title={step?.word ?? ''} size={520} onClose={() => setStep(null)} destroyOnHidden>
        {step ? <StepForm step={step} demand={page.demand} close={() => setStep(null)} /> : null}
      </Drawer>
    </>
  )
}

function StepForm({ step, demand, close }: { step: MoreStep; demand: Demand; close: () => void }) {
  const form = useForm<Values>(fresh, `${step.id}:${demand.id}`)
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          await call('POST', `/demands/${demand.id}/${step.path}`, { body: step.body(v, demand), idempotencyKey })
          told(`已${step.word}`)
          await refresh()
          close()
        })
      }}
    >
      <div className="known">
        {demand.no} {demand.title}
      </div>
      <div className="effect">
        {step.effect}
        {step.ground ? <span className="quiet">（依据 {step.ground}）</span> : null}
      </div>
      <FormProblem form={form} />
      {step.fields.map((f) => (
        <StepField key={f} name={f} form={form} step={step} demand={demand} />
      ))}
      <FormFoot verb={step.word} busy={form.busy} onCancel={close} />
    </form>
  )
}

const choices: Partial<Record<string, { value: string; label: string }[]>> = {
  'merge.ground': [
    { value: 'same-person', label: '同一诉求人重复提出' },
    { value: 'same-matter', label: '同一件事' },
    { value: 'same-cause', label: '同一原因引起' },
  ],
  'exclude.ground': [
    { value: 'unreasonable', label: '不合理诉求' },
    { value: 'not-ours', label: '非本单位职责' },
    { value: 'repeated', label: '重复' },
    { value: 'malicious', label: '恶意' },
    { value: 'unreached', label: '回访失败' },
  ],
  'review.outcome': [
    { value: 'upheld', label: '维持原派单' },
    { value: 'reassigned', label: '改派' },
  ],
  'decide.granted': [
    { value: 'true', label: '同意剔除' },
    { value: 'false', label: '不同意' },
  ],
  'verify.passed': [
    { value: 'true', label: '通过' },
    { value: 'false', label: '不通过，退回重办' },
  ],
}

const labels: Partial<Record<keyof Values, string>> = {
  reason: '理由',
  basis: '依据（法律、三定或职责清单）',
  outcome: '审核意见',
  plan: '解决计划',
  leader: '牵头领导',
  ground: '情形',
  legalChannel: '告知的法定途径',
  granted: '审核意见',
  passed: '核验结果',
  title: '新诉求标题',
  words: '新诉求内容',
}

function StepField({
  name,
  form,
  step,
  demand,
}: {
  name: keyof Values
  form: FormOf<Values>
  step: MoreStep
  demand: Demand
}) {
  const label = labels[name] ?? ''
  const options = choices[`${step.id}.${name}`]
  if (options) {
    return (
      <>
        <Field form={form} name={name as 'ground'} label={label} required>
          {({ onChange, status: _, ...b }) =>
            options.length > 3 ? (
              <Select
                id={b.id}
                style={{ width: '100%' }}
                value={b.value || null}
                onChange={(v) => onChange(v ?? '')}
                options={options}
              />
            ) : (
              <Radio.Group {...b} onChange={(e) => onChange(e.target.value as string)} options={options} />
            )
          }
        </Field>
        {name === 'outcome' && form.values.outcome === 'reassigned' ? (
          <Field form={form} name="leadId" label="改派给" required ground="REQ-01">
            {({ onChange, ...b }) => <UnitPicker {...b} onChange={(id) => onChange(id)} />}
          </Field>
        ) : null}
      </>
    )
  }
  if (name === 'unitId') {
    return (
      <Field form={form} name="unitId" label="协办单位" required>
        {({ onChange, ...b }) => <UnitPicker {...b} onChange={(id) => onChange(id)} />}
      </Field>
    )
  }
  if (name === 'intoId') {
    return (
      <Field form={form} name="intoId" label="并入哪一件" required hint="按编号或标题查找仍在办理的诉求">
        {({ onChange, ...b }) => <DemandPicker {...b} except={demand.id} onChange={(id) => onChange(id)} />}
      </Field>
    )
  }
  if (name === 'reviewOn') {
    return (
      <Field form={form} name="reviewOn" label="复核日期" required hint="最长六个月">
        {(b) => <DayInput {...b} />}
      </Field>
    )
  }
  if (name === 'amount') {
    return (
      <Field form={form} name="amount" path="term.amount" label="延长" required>
        {({ onChange, ...b }) => (
          <span className="row">
            <InputNumber {...b} min={1} max={365} precision={0} onChange={(v) => onChange(v ?? 1)} />
            <Select
              aria-label="单位"
              value={form.values.unit}
              onChange={(unit) => form.set({ unit })}
              options={[
                { value: 'hours', label: '小时' },
                { value: 'days', label: '天' },
                { value: 'workdays', label: '个工作日' },
              ]}
            />
          </span>
        )}
      </Field>
    )
  }
  const long = name === 'reason' || name === 'plan' || name === 'words'
  return (
    <Field
      form={form}
      name={name as 'reason'}
      path={
        step.id === 'verify' && name === 'reason'
          ? 'note'
          : step.id === 'split' && name !== 'reason'
            ? `parts.0.${name}`
            : name
      }
      label={label}
      required={!(step.id === 'verify' && name === 'reason')}
    >
      {({ onChange, ...b }) =>
        long ? (
          <Input.TextArea
            {...b}
            rows={name === 'words' ? 4 : 3}
            maxLength={name === 'words' ? 1000 : name === 'plan' ? 500 : 300}
            showCount
            onChange={(e) => onChange(e.target.value)}
          />
        ) : (
          <Input
            {...b}
            maxLength={name === 'basis' ? 200 : name === 'leader' ? 30 : name === 'legalChannel' ? 20 : 40}
            onChange={(e) => onChange(e.target.value)}
          />
        )
      }
    </Field>
  )
}
