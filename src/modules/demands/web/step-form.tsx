// What every step's form shares: what is asked about stands on top, what the step does is said before it is done.
import type { ReactNode } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { type FormOf, FormFoot, FormProblem } from '#web/kit/form.tsx'
import { Ground } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { DemandPage } from '../contract.ts'
import type { FormStep } from './due.ts'
import { stepWords } from './steps.tsx'

export interface StepProps {
  page: DemandPage
  close: () => void
}

/** The demand in few lines, so that nobody has to leave the form to know what he decides about. */
export function Known({ page }: { page: DemandPage }) {
  const { demand: d, words, contact, answer } = page
  const person = contact && [contact.name, contact.phone].filter(Boolean).join('　')
  return (
    <div className="known">
      <b>
        {d.no} {d.title}
      </b>
      <div className="quiet">
        {d.placeName}　{d.categoryName}　承办：{d.ownerName ?? '未派'}
        {d.dueAt ? `　时限 ${moment(d.dueAt)}` : ''}
      </div>
      {words ? <p className="words few">{words}</p> : null}
      {answer ? <p className="words few">答复：{answer}</p> : null}
      {person ? (
        <div>
          诉求人：{person}
          {contact?.masked ? <span className="quiet">（签收后可见）</span> : null}
        </div>
      ) : null}
    </div>
  )
}

interface Props<V extends object> extends StepProps {
  step: FormStep
  form: FormOf<V>
  /** the part of the address behind `/demands/{id}/` */
  path: string
  body: (values: V) => unknown
  /** what happens, in words and numbers */
  effect?: ReactNode
  ground?: string
  told?: string
  verb?: string
  ready?: boolean
  children?: ReactNode
}

export function StepForm<V extends object>(p: Props<V>) {
  const refresh = useRefresh()
  const told = useTold()
  const { form, page, close, step } = p
  const send = () =>
    form.submit(async (values, idempotencyKey) => {
      await call('POST', `/demands/${page.demand.id}/${p.path}`, { body: p.body(values), idempotencyKey })
      told(p.told ?? `已${stepWords[step]}`)
      close()
      await refresh()
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <Known page={page} />
      {p.effect ? (
        <div className="effect">
          {p.effect}
          <Ground id={p.ground} />
        </div>
      ) : null}
      <FormProblem form={form} />
      {p.children}
      <FormFoot verb={p.verb ?? stepWords[step]} busy={form.busy} onCancel={close} disabled={p.ready === false} />
    </form>
  )
}
