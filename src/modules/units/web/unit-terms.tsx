// Every term of one organisation: elect, ask for another day, void what was entered in error.
import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act, useFinish } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import { TextField } from '#web/kit/fields.tsx'
import { Field, FieldAt, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { TermShift, Unit, UnitTerm, UnitTerms } from '../contract.ts'
import { useUnitPage } from './known.ts'
import { LightTag, leftWords } from './lights.tsx'
import { ShiftActs, ShiftState, shiftWords } from './shifts.tsx'

export function UnitTermsPanel({ unitId, titled }: { unitId: string; titled?: boolean }) {
  const page = useUnitPage(unitId)
  const carry = useCarry()
  const persons = usePermission('person.read')
  const shown = useQuery({
    queryKey: ['/units/terms', unitId],
    queryFn: ({ signal }) => call<UnitTerms>('GET', `/units/${unitId}/terms`, { signal }),
  })
  const error = page.error ?? shown.error
  if (error) return <ErrorState error={error} retry={() => void shown.refetch()} />
  if (!shown.data || !page.data) return <Loading lines={6} />
  const { unit } = page.data
  const { elections, terms, shifts } = shown.data
  const may = unit.can.includes('unit.register')
  return (
    <div className="inner" style={titled ? {} : { padding: 12 }}>
      <div className="row" style={{ marginBottom: 10 }}>
        {titled ? (
          <b>
            <Link href={carry('/units', { unit: unit.id })}>{unit.name}</Link>
            <span className="kind">{unit.kindName}</span>
          </b>
        ) : null}
        <span style={{ flex: 1 }} />
        {persons ? <Link href={carry('/posts', { unit: unit.id })}>书记、委员等职务</Link> : null}
        {may && elections.length > 0 ? (
          <DialogButton verb="登记换届" type="primary">
            {(close) => <Elect unit={unit} known={shown.data} close={close} />}
          </DialogButton>
        ) : null}
      </div>
      {terms.length > 0 ? (
        <TermsTable terms={terms} />
      ) : (
        <EmptyState title={elections.length > 0 ? '没有登记届次' : '这类单位没有届次'}>
          {elections.length > 0
            ? `每届任期 ${elections[0]?.years} 年。登记最近一次换届，届满日由系统算出并提前半年提醒。`
            : '临时、功能型党组织和部门等不按期换届。'}
        </EmptyState>
      )}
      {shifts.length > 0 ? <Shifts shifts={shifts} /> : null}
    </div>
  )
}

const Shifts = ({ shifts }: { shifts: TermShift[] }) => (
  <>
    <h3 className="part">延期和提前</h3>
    <ul className="stack" style={{ gap: 8 }}>
      {shifts.map((s) => (
        <li key={s.id}>
          <div className="row">
            <ShiftState shift={s} />第{s.no}届　{shiftWords(s)}
            <ShiftActs shift={s} />
          </div>
          <div className="quiet">
            {s.askedBy}：{s.reason}
            {s.decidedBy ? `　${s.decidedBy}：${s.basis || '—'}` : ''}
          </div>
        </li>
      ))}
    </ul>
  </>
)

function TermsTable({ terms }: { terms: UnitTerm[] }) {
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="plain lined">
        <thead>
          <tr>
            <th>届次</th>
            <th>选举日</th>
            <th>届满日</th>
            <th>换届日</th>
            <th>批复</th>
            <th>办理</th>
          </tr>
        </thead>
        <tbody>
          {terms.map((t) => (
            <tr key={t.id}>
              <td className="nowrap">
                第{t.no}届 {t.current ? <StateTag tone="done">现任</StateTag> : null}
              </td>
              <td className="nowrap">{t.electedOn}</td>
              <td className="nowrap">
                {t.dueOn}
                {t.dueOn === t.regularDueOn ? null : <span className="kind">原 {t.regularDueOn}</span>}
                {t.light ? (
                  <div>
                    <LightTag light={t.light} /> <span className="quiet">{leftWords(t.left)}</span>
                  </div>
                ) : null}
              </td>
              <td className="nowrap">{t.endedOn ?? '—'}</td>
              <td style={{ minWidth: 112 }}>{t.basis}</td>
              <td>{t.can.includes('unit.register') ? <TermActs term={t} before={beforeOf(t, terms)} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The committee that a term followed, under the same mechanism. */
const beforeOf = (term: UnitTerm, terms: readonly UnitTerm[]) =>
  terms.find((t) => t.mechanismId === term.mechanismId && t.endedOn === term.electedOn)

/** What the voiding of a term does to the one before it. */
function voidingOf({ current, endedOn }: UnitTerm, before: UnitTerm | undefined): string {
  if (!before) return current ? '此后没有登记届次' : ''
  return current ? `第${before.no}届恢复为现任` : `第${before.no}届的任期到${endedOn}换届为止`
}

function TermActs({ term, before }: { term: UnitTerm; before: UnitTerm | undefined }) {
  const then = voidingOf(term, before)
  return (
    <span className="row nowrap">
      {term.current ? (
        <DialogButton verb="延期或提前" title="申请延期或提前换届" size="small">
          {(close) => <ShiftForm term={term} close={close} />}
        </DialogButton>
      ) : null}
      <Act
        verb="作废"
        size="small"
        done="已作废"
        reason="required"
        effect={`第${term.no}届的登记作废${then ? `，${then}` : ''}；记录保留。`}
        run={(reason, key) => call('POST', `/terms/${term.id}/voiding`, { body: { reason }, idempotencyKey: key })}
      />
    </span>
  )
}

/** One form for each mechanism the organisation elects under: its years, its terms, its next number. */
function Elect({ unit, known, close }: { unit: Unit; known: UnitTerms; close: () => void }) {
  const [picked, pick] = useState<string | undefined>(undefined)
  const election = known.elections.find((e) => e.mechanismId === picked) ?? known.elections[0]
  if (!election) return null
  const current = known.terms.find((t) => t.current && t.mechanismId === election.mechanismId)
  return (
    <ElectForm
      key={election.mechanismId}
      unit={unit}
      election={election}
      current={current}
      others={known.elections}
      pick={pick}
      close={close}
    />
  )
}

interface ElectProps {
  unit: Unit
  election: UnitTerms['elections'][number]
  current: UnitTerm | undefined
  others: UnitTerms['elections']
  pick: (mechanismId: string) => void
  close: () => void
}

function ElectForm({ unit, election, current, others, pick, close }: ElectProps) {
  const { mechanismId, years } = election
  const form = useForm({
    no: String((current?.no ?? 0) + 1),
    electedOn: todayHere(),
    basis: '',
  })
  const finish = useFinish('已登记', close)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((v, idempotencyKey) =>
            call('POST', `/units/${unit.id}/terms`, { body: { ...v, mechanismId, no: Number(v.no) }, idempotencyKey }),
          )
          .then(finish)
      }}
    >
      <div className="known">
        {unit.name}
        <span className="kind">{unit.kindName}</span>
        <div className="quiet">
          每届任期 {years} 年，届满日由系统算出。
          {current ? `现任第${current.no}届，${current.dueOn} 届满。` : ''}
        </div>
      </div>
      <FormProblem form={form} />
      {others.length > 1 ? (
        <FieldAt form={form} path="mechanismId" label="机制" required value={mechanismId} onChange={pick}>
          {({ status, ...b }) => (
            <Select
              {...b}
              status={status}
              style={{ width: '100%' }}
              options={others.map((e) => ({ value: e.mechanismId, label: e.mechanismName }))}
            />
          )}
        </FieldAt>
      ) : null}
      <Field form={form} name="no" label="第几届" required>
        {({ onChange, ...b }) => (
          <Input
            {...b}
            inputMode="numeric"
            style={{ width: 100 }}
            onChange={(e) => onChange(e.target.value.replace(/\D/g, '').slice(0, 2))}
          />
        )}
      </Field>
      <Field form={form} name="electedOn" label="选举日" required ground="BR-12">
        {(b) => <DayInput {...b} />}
      </Field>
      <TextField form={form} name="basis" label="选举结果批复（文号）" required max={100} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}

function ShiftForm({ term, close }: { term: UnitTerm; close: () => void }) {
  const form = useForm({ toDay: '', reason: '' })
  const finish = useFinish('已提交，等待上级党组织批复', close)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((body, idempotencyKey) => call('POST', `/terms/${term.id}/shifts`, { body, idempotencyKey }))
          .then(finish)
      }}
    >
      <div className="known">
        第{term.no}届　{term.dueOn} 届满
        <div className="quiet">须上级党组织批准，延期或者提前都不超过一年。</div>
      </div>
      <FormProblem form={form} />
      <Field form={form} name="toDay" label="改到哪天" required ground="BR-12">
        {(b) => <DayInput {...b} />}
      </Field>
      <TextField form={form} name="reason" label="理由" required max={200} rows={3} />
      <FormFoot verb="提交" busy={form.busy} onCancel={close} />
    </form>
  )
}
