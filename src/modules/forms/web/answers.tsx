// What units answered, one row a unit; what they say is wrong in what the system holds is settled here.
import { Button, Drawer, Radio } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { ChoiceBox } from '#web/kit/filters.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { FormAnswerRow, FormField, FormPage } from '../contract.ts'
import { askStates, valueWords } from './words.ts'

type Answer = FormAnswerRow['answers'][number]
interface Claim {
  field: FormField
  answer: Answer
  unit: string
}

const answerTo = (row: FormAnswerRow, f: FormField) => row.answers.find((a) => a.fieldId === f.id)

function words(row: FormAnswerRow, f: FormField): string {
  const a = answerTo(row, f)
  if (!a) return ''
  if (f.type !== 'held') return valueWords(f.type, a.value, f.measured)
  return a.agreed ? valueWords('held', a.shown, f.measured) : `${a.shown ?? '—'}，认为应为 ${a.claimed}`
}

function Cell({ row, field, open }: { row: FormAnswerRow; field: FormField; open: (c: Claim) => void }) {
  const a = answerTo(row, field)
  if (!a) return <span className="quiet">—</span>
  if (field.type !== 'held' || a.agreed) return <>{words(row, field)}</>
  return (
    <>
      {words(row, field)}
      <div className="quiet">{a.claimReason}</div>
      {a.resolution ? (
        <div className="quiet">
          {a.resolution === 'corrected' ? '已更正' : '维持'}：{a.resolvedWords}
        </div>
      ) : row.can.includes('form.write') ? (
        <Button size="small" onClick={() => open({ field, answer: a, unit: row.unitName })}>
          处理更正
        </Button>
      ) : (
        <div className="quiet">等待处理</div>
      )}
    </>
  )
}

const columnsWith = (page: FormPage, open: (c: Claim) => void): Column<FormAnswerRow>[] => [
  { id: 'unit', title: '单位', width: 180, render: (r) => r.unitName, text: (r) => r.unitName },
  { id: 'period', title: '期', width: 90, render: (r) => r.period, text: (r) => r.period },
  {
    id: 'state',
    title: '状态',
    width: 90,
    render: (r) => <StateTag tone={askStates[r.state].tone}>{askStates[r.state].word}</StateTag>,
    text: (r) => askStates[r.state].word,
  },
  ...page.fields.map(
    (f): Column<FormAnswerRow> => ({
      id: f.id,
      title: f.label,
      ...(f.type === 'number' ? { align: 'right' as const } : {}),
      render: (r) => <Cell row={r} field={f} open={open} />,
      text: (r) => words(r, f),
    }),
  ),
  {
    id: 'filled',
    title: '填报时间',
    width: 140,
    render: (r) => (r.filledAt ? moment(r.filledAt) : '—'),
    text: (r) => (r.filledAt ? moment(r.filledAt) : ''),
  },
  {
    id: 'act',
    title: '办理',
    width: 80,
    render: (r) =>
      r.state === 'filled' && r.can.includes('form.write') ? (
        <Act
          verb="退回"
          size="small"
          done="已退回重填"
          reason="required"
          effect={`《${page.form.title}》退回${r.unitName}重填，截止日不变。`}
          run={(reason, key) => call('POST', `/form-asks/${r.askId}/return`, { body: { reason }, idempotencyKey: key })}
        />
      ) : null,
  },
]

export function Answers({ page }: { page: FormPage }) {
  const { get } = useAddress()
  const [claim, setClaim] = useState<Claim | null>(null)
  return (
    <Sheet>
      <div className="filters" role="search">
        <ChoiceBox
          name="claims"
          options={[
            ['', '全部'],
            ['true', '有更正意见待处理'],
          ]}
        />
      </div>
      <DataTable<FormAnswerRow>
        name={`answers-${page.form.id}`}
        title={page.form.title}
        path={`/forms/${page.form.id}/answers`}
        query={{ claims: get('claims') }}
        rowId={(r) => r.askId}
        columns={columnsWith(page, setClaim)}
        empty={<EmptyState title="没有符合条件的填报">到了截止月份，系统会向各单位布置，填报结果列在这里。</EmptyState>}
      />
      <Drawer open={claim !== null} title="处理更正意见" size={460} onClose={() => setClaim(null)} destroyOnHidden>
        {claim ? <Settle claim={claim} close={() => setClaim(null)} /> : null}
      </Drawer>
    </Sheet>
  )
}

function Settle({ claim: { field, answer, unit }, close }: { claim: Claim; close: () => void }) {
  const form = useForm({ resolution: 'corrected', words: '' })
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const body = { resolution: v.resolution, words: v.words.trim() }
          await call('POST', `/form-claims/${answer.id}/resolution`, { body, idempotencyKey })
          told('已处理')
          await refresh()
          close()
        })
      }}
    >
      <div className="known">
        {unit}　{field.label}
        <div>
          系统里是 <b>{answer.shown ?? '—'}</b>，单位认为应为 <b>{answer.claimed}</b>
        </div>
        <div className="quiet">{answer.claimReason}</div>
      </div>
      <div className="effect">数字不能在这里改：请到记录本身更正（组织树、名册、诉求等），各处的数随之改正。</div>
      <FormProblem form={form} />
      <Field form={form} name="resolution" label="处理" required>
        {({ onChange, status: _, ...b }) => (
          <Radio.Group
            {...b}
            onChange={(e) => onChange(e.target.value as string)}
            options={[
              { value: 'corrected', label: '记录已更正' },
              { value: 'kept', label: '记录无误，维持' },
            ]}
          />
        )}
      </Field>
      <TextField form={form} name="words" label="说明" required max={200} rows={3} />
      <FormFoot verb="保存" busy={form.busy} onCancel={close} disabled={[...form.values.words.trim()].length < 2} />
    </form>
  )
}
