// One form filled in: what is known is shown and confirmed, what was typed last time stands there, all faults are told at once.
import { useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Radio, Select } from 'antd'
import { Link, useLocation, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { AskPage as Shown } from '../contract.ts'
import { type Asked, bodyOf, type Given, mayFill, startsOf, type Values } from './given.ts'
import { askStates, valueWords, yesNo } from './words.ts'

export function FillPage() {
  const { id } = useParams<{ id: string }>()
  const carry = useCarry()
  const shown = useQuery({
    queryKey: ['/form-asks', 'one', id],
    queryFn: ({ signal }) => call<Shown>('GET', `/form-asks/${id}`, { signal }),
    refetchOnWindowFocus: false,
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={12} />
  const page = shown.data
  const { ask } = page
  const open = mayFill(page)
  return (
    <>
      <PrintHead title={ask.title} unit={ask.unitName} period={ask.period} />
      <PageHead
        title={ask.title}
        where={
          <span className="row">
            <StateTag tone={askStates[ask.state].tone}>{askStates[ask.state].word}</StateTag>
            <span>
              {ask.unitName}　{ask.period} 期　截止 {ask.dueOn}
            </span>
            {ask.late ? <b className="clock late">逾期</b> : null}
          </span>
        }
      >
        <Link href={carry('/asks')} className="no-print">
          返回清单
        </Link>
      </PageHead>
      <div className="split">
        <Sheet title={open ? `预计 ${ask.minutes} 分钟` : '填报内容'} padded>
          {ask.returnReason && ask.state === 'returned' ? (
            <div className="issue-box" role="alert">
              退回原因：{ask.returnReason}
            </div>
          ) : null}
          {open ? <Fill key={ask.version} page={page} /> : <Filled fields={page.fields} />}
        </Sheet>
        <Sheet title="为什么要填" padded>
          <Facts
            of={[
              ['由谁要求', ask.ownerName],
              ['依据', page.ground],
              ['用途', page.purpose],
              ['登记号', ask.formNo],
              ['要填', `${ask.typed} 项；系统已有、只确认 ${ask.confirmed} 项`],
            ]}
          />
        </Sheet>
      </div>
      <PrintFoot />
    </>
  )
}

function Fill({ page: { ask, fields } }: { page: Shown }) {
  const form = useForm<Values>(startsOf(fields), `ask-${ask.id}`)
  const refresh = useRefresh()
  const told = useTold()
  const carry = useCarry()
  const [, go] = useLocation()
  const groups = [...new Set(fields.map((f) => f.from))]
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (values, idempotencyKey) => {
          await call('POST', `/form-asks/${ask.id}/answers`, { body: bodyOf(fields, values), idempotencyKey })
          told('已填报')
          await refresh()
          go(carry('/asks'))
        })
      }}
    >
      <FormProblem form={form} />
      {groups.map((from) => (
        <div key={from ?? ''} role="group" aria-label={from ? `${from}补充` : '报表内容'}>
          {from ? <h3 className="part">{from}补充（都可不填）</h3> : null}
          {fields
            .filter((f) => f.from === from)
            .map((f) => (
              <One key={f.id} form={form} field={f} />
            ))}
        </div>
      ))}
      <FormFoot verb="提交" busy={form.busy} />
    </form>
  )
}

function One({ form, field: f }: { form: FormOf<Values>; field: Asked }) {
  const last = f.type !== 'held' && f.known !== null ? `上期：${valueWords(f.type, f.known, f.measured)}` : ''
  return (
    <Field
      form={form}
      name={f.id}
      path={`answers.${f.id}`}
      label={f.measured && f.type !== 'held' ? `${f.label}（${f.measured}）` : f.label}
      required={f.required}
      hint={[f.definition, last].filter(Boolean).join('　')}
    >
      {({ value, onChange, ...b }) => {
        const put = (part: Partial<Given>) => onChange({ ...value, ...part })
        return f.type === 'held' ? (
          <Confirm id={b.id} field={f} value={value} put={put} />
        ) : (
          <Typed bind={b} field={f} value={value.value} put={(v) => put({ value: v })} />
        )
      }}
    </Field>
  )
}

interface TypedProps {
  bind: { id: string; status: 'error' | ''; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }
  field: Asked
  value: string
  put: (value: string) => void
}

function Typed({ bind, field: f, value, put }: TypedProps) {
  switch (f.type) {
    case 'number':
      return (
        <InputNumber<string>
          {...bind}
          stringMode
          controls={false}
          style={{ width: 200 }}
          value={value}
          onChange={(v) => put(v ?? '')}
        />
      )
    case 'choice':
      return (
        <Select
          {...bind}
          style={{ width: 240 }}
          allowClear={!f.required}
          value={value || null}
          onChange={(v: string | null) => put(v ?? '')}
          options={f.choices.map((c) => ({ value: c, label: c }))}
        />
      )
    case 'yes-no':
      return (
        <Radio.Group
          id={bind.id}
          value={value}
          onChange={(e) => put(e.target.value as string)}
          options={Object.entries(yesNo).map(([v, label]) => ({ value: v, label }))}
        />
      )
    case 'day':
      return <DayInput {...bind} value={value} onChange={put} clear={!f.required} />
    default:
      return <Input.TextArea {...bind} rows={2} maxLength={300} value={value} onChange={(e) => put(e.target.value)} />
  }
}

interface ConfirmProps {
  id: string
  field: Asked
  value: Given
  put: (part: Partial<Given>) => void
}

/** Known already: nothing is typed unless it is wrong. */
function Confirm({ id, field: f, value, put }: ConfirmProps) {
  return (
    <div className="known" style={{ marginBottom: 0 }}>
      <div className="row">
        系统里是 <Known field={f} />
        <Radio.Group
          id={id}
          value={value.agreed}
          onChange={(e) => put({ agreed: e.target.value as boolean })}
          options={[
            { value: true, label: '确认无误' },
            { value: false, label: '有误' },
          ]}
        />
      </div>
      {value.agreed === false ? (
        <div className="row" style={{ marginTop: 8 }}>
          <Input
            aria-label={`${f.label}应为`}
            placeholder="应为多少"
            style={{ width: 140 }}
            maxLength={60}
            value={value.claimed}
            onChange={(e) => put({ claimed: e.target.value })}
          />
          <Input
            aria-label={`${f.label}有误的原因`}
            placeholder="哪条记录有误、为什么"
            style={{ flex: 1, minWidth: 200 }}
            maxLength={200}
            value={value.reason}
            onChange={(e) => put({ reason: e.target.value })}
          />
        </div>
      ) : null}
    </div>
  )
}

function Known({ field: f }: { field: Asked }) {
  const { set } = useAddress()
  const words = valueWords('held', f.known, f.measured)
  const link = f.knownLink
  if (!link) return <b>{words}</b>
  return (
    <button type="button" className="figure" onClick={() => set({ number: link }, { push: true })}>
      {words}
    </button>
  )
}

const Filled = ({ fields }: { fields: readonly Asked[] }) => (
  <Facts
    of={fields.map((f) => [
      f.label,
      f.type !== 'held'
        ? valueWords(f.type, f.answer?.value ?? null, f.measured)
        : f.answer?.agreed === false
          ? `${f.known ?? '—'}，认为应为 ${f.answer.claimed}（${f.answer.claimReason}）${
              f.answer.resolution
                ? `；${f.answer.resolution === 'corrected' ? '已更正' : '维持'}：${f.answer.resolvedWords}`
                : ''
            }`
          : `${valueWords('held', f.known, f.measured)}${f.answer ? '（已确认）' : ''}`,
    ])}
  />
)
