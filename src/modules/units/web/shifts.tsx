// What was asked of a superior organisation, and its word. [BR-12]
import { Button, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act, useFinish } from '#web/kit/act.tsx'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import type { Column } from '#web/kit/data-table.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { moment } from '#web/kit/time.ts'
import type { TermShift } from '../contract.ts'

const states: Record<TermShift['state'], { word: string; tone: Tone }> = {
  asked: { word: '待批', tone: 'act' },
  granted: { word: '同意', tone: 'done' },
  declined: { word: '不同意', tone: 'off' },
  withdrawn: { word: '已撤回', tone: 'off' },
}

export const ShiftState = ({ shift }: { shift: TermShift }) => (
  <StateTag tone={states[shift.state].tone}>{states[shift.state].word}</StateTag>
)

export const shiftWords = (s: Pick<TermShift, 'fromDay' | 'toDay'>) =>
  `${s.toDay > s.fromDay ? '延期' : '提前'}：${s.fromDay} → ${s.toDay}`

export const shiftColumns = (open: (s: TermShift) => void): Column<TermShift>[] => [
  {
    id: 'unit',
    title: '党组织',
    width: 180,
    render: (s) => (
      <button type="button" className="link" onClick={() => open(s)}>
        {s.unitName}
      </button>
    ),
    text: (s) => s.unitName,
  },
  { id: 'no', title: '届次', width: 62, render: (s) => `第${s.no}届`, text: (s) => `第${s.no}届` },
  { id: 'days', title: '申请', width: 222, render: shiftWords, text: shiftWords },
  { id: 'reason', title: '理由', width: 210, render: (s) => s.reason, text: (s) => s.reason },
  {
    id: 'asked',
    title: '申请人',
    width: 126,
    sort: { up: 'asked', down: '-asked' },
    render: (s) => (
      <>
        {s.askedBy}
        <div className="quiet">{moment(s.askedAt)}</div>
      </>
    ),
    text: (s) => s.askedBy,
  },
  { id: 'state', title: '状态', width: 72, render: (s) => <ShiftState shift={s} />, text: (s) => states[s.state].word },
  { id: 'basis', title: '批复', width: 130, render: (s) => s.basis || '—', text: (s) => s.basis },
  { id: 'act', title: '办理', width: 96, render: (s) => <ShiftActs shift={s} /> },
]

export function ShiftActs({ shift }: { shift: TermShift }) {
  return (
    <span className="row">
      {shift.can.includes('term.approve') ? <Decide shift={shift} /> : null}
      {shift.can.includes('withdraw') ? (
        <Act
          verb="撤回"
          size="small"
          done="已撤回"
          effect="撤回后届满日不变，可以另提申请。"
          run={(_, key) => call('POST', `/term-shifts/${shift.id}/withdrawal`, { idempotencyKey: key })}
        />
      ) : null}
    </span>
  )
}

/** The superior says yes or no, and on which document it rests. */
export function Decide({ shift }: { shift: TermShift }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        批复
      </Button>
      <Modal open={open} title="批复换届申请" footer={null} width={480} onCancel={() => setOpen(false)} destroyOnHidden>
        {open ? <DecideForm shift={shift} close={() => setOpen(false)} /> : null}
      </Modal>
    </>
  )
}

function DecideForm({ shift, close }: { shift: TermShift; close: () => void }) {
  const form = useForm({ granted: undefined as boolean | undefined, basis: '' })
  const finish = useFinish('已批复', close)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((body, idempotencyKey) => call('POST', `/term-shifts/${shift.id}/decision`, { body, idempotencyKey }))
          .then(finish)
      }}
    >
      <div className="known">
        {shift.unitName}　第{shift.no}届<div>{shiftWords(shift)}</div>
        <div className="quiet">理由：{shift.reason}</div>
      </div>
      <FormProblem form={form} />
      <Field form={form} name="granted" label="意见" required ground="BR-12">
        {({ onChange, value, status: _, ...b }) => (
          <Radio.Group
            {...b}
            value={value}
            onChange={(e) => onChange(e.target.value)}
            options={[
              { value: true, label: '同意' },
              { value: false, label: '不同意' },
            ]}
          />
        )}
      </Field>
      <Field form={form} name="basis" label={form.values.granted === false ? '不同意的理由' : '批复文号'} required>
        {({ onChange, ...b }) => <Input {...b} maxLength={100} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <FormFoot verb="批复" busy={form.busy} onCancel={close} />
    </form>
  )
}
