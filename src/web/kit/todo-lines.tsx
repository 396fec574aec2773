// Lines of the to-do page for what other modules wait for: forms, feedback, numbers somebody subscribed to.
import { Button } from 'antd'
import { Link, useLocation } from 'wouter'
import type { ReactNode } from 'react'
import type { Export } from '#modules/exports/contract.ts'
import type { Feedback } from '#modules/feedback/contract.ts'
import type { Ask, Form } from '#modules/forms/contract.ts'
import type { Note } from '#modules/overview/contract.ts'
import type { Registration } from '#modules/people/contract.ts'
import type { TermRow, TermShift } from '#modules/units/contract.ts'
import { call } from '#web/api.ts'
import { Act } from './act.tsx'
import { Clock } from './clock.tsx'
import { questionText } from './figures.ts'
import { noteWords } from './notes.ts'
import { moment } from './time.ts'
import type { TodoGroup, TodoRow } from './todo.ts'

export interface Line {
  no: ReactNode
  what: ReactNode
  where: string
  when: ReactNode
  act: ReactNode
  pick?: string
}

type Carry = (path: string, more?: Record<string, string>) => string

/** Where one of a group is opened, for those that have a page of their own. */
export const addressOf = (of: TodoGroup['of'], id: string): string =>
  ({
    demands: `/demands/${id}`,
    tasks: `/tasks?task=${id}`,
    registrations: '/registrations',
    'term-shifts': '/terms?view=shifts&state=mine',
    terms: `/terms?term=${id}`,
    'form-asks': `/asks/${id}`,
    forms: `/forms/${id}`,
    feedback: `/feedback/${id}`,
    'watch-notes': '/overview?watches=1',
    exports: '/exports?box=waiting',
  })[of]

function GoTo({ href, word }: { href: string; word: string }) {
  const [, navigate] = useLocation()
  return (
    <Button size="small" onClick={() => navigate(href)}>
      {word}
    </Button>
  )
}

const askLine = (k: Ask, carry: Carry): Line => ({
  no: k.period,
  what: <Link href={carry(`/asks/${k.id}`)}>{k.title}</Link>,
  where: k.unitName,
  when: <span className={k.late ? 'clock late' : ''}>{k.late ? `逾期，应于 ${k.dueOn}` : `${k.dueOn} 截止`}</span>,
  act: <GoTo href={carry(`/asks/${k.id}`)} word="填报" />,
})

const formLine = (f: Form, carry: Carry): Line => ({
  no: f.no,
  what: <Link href={carry(`/forms/${f.id}`)}>{f.title}</Link>,
  where: `${f.ownerName}　每个单位约 ${f.minutes} 分钟`,
  when: f.submittedAt ? `${moment(f.submittedAt)} 提交` : '',
  act: <GoTo href={carry(`/forms/${f.id}`)} word="审批" />,
})

const feedbackLine = (f: Feedback, carry: Carry): Line => ({
  no: f.no,
  what: <Link href={carry(`/feedback/${f.id}`)}>{f.functionName}</Link>,
  where: `${moment(f.receivedAt)} 收到`,
  when: <Clock dueAt={f.dueAt} provisional={f.provisional} />,
  act: <GoTo href={carry(`/feedback/${f.id}`)} word="回复" />,
})

const exportLine = (e: Export, carry: Carry): Line => ({
  no: null,
  what: (
    <>
      <Link href={carry('/exports', { box: 'waiting' })}>{e.title}</Link>
      <span className="kind">{`${e.rows.toLocaleString('zh-CN')} 条个人信息`}</span>
    </>
  ),
  where: `${e.unitName}　${e.askedBy}`,
  when: `${moment(e.askedAt)} 申请`,
  act: <GoTo href={carry('/exports', { box: 'waiting' })} word="审批" />,
})

const noteLine = (n: Note, carry: Carry): Line => ({
  no: null,
  what: (
    <Link
      href={carry('/overview', {
        number: questionText({ measure: n.measure, unit: n.unit.id, period: n.period }),
      })}
    >
      {noteWords(n)}
    </Link>
  ),
  where: n.unit.name,
  when: moment(n.at),
  act: (
    <Act
      verb="知道了"
      done="已收下"
      size="small"
      run={(_, key) => call('POST', `/watch-notes/${n.id}/reading`, { idempotencyKey: key })}
    />
  ),
})

const registrationLine = (r: Registration, carry: Carry): Line => ({
  no: null,
  what: (
    <>
      <Link href={carry('/registrations')}>{r.personName}</Link>
      <span className="kind">{r.organ}</span>
    </>
  ),
  where: r.placeName,
  when: `${r.reportedOn} 报到`,
  act: (
    <Act
      verb="签收"
      done="已签收报到"
      size="small"
      run={(_, key) => call('POST', `/registrations/${r.id}/confirmation`, { body: {}, idempotencyKey: key })}
    />
  ),
})

const shiftLine = (s: TermShift, carry: Carry): Line => {
  const href = carry('/terms', { view: 'shifts', state: 'mine' })
  return {
    no: `第${s.no}届`,
    what: (
      <>
        <Link href={href}>{s.unitName}</Link>
        <span className="kind">
          {s.fromDay} → {s.toDay}
        </span>
      </>
    ),
    where: s.reason,
    when: `${moment(s.askedAt)} 申请`,
    act: <GoTo href={href} word="批复" />,
  }
}

const termLine = (t: TermRow, carry: Carry): Line => ({
  no: `第${t.term?.no}届`,
  what: <Link href={carry('/terms', { term: t.id })}>{t.unitName}</Link>,
  where: t.parentName ?? '',
  when: (
    <span className={(t.left ?? 0) < 0 ? 'clock late' : 'clock soon'}>
      <b>{(t.left ?? 0) < 0 ? `超期 ${-(t.left ?? 0)} 天` : `剩 ${t.left} 天`}</b>
      <time dateTime={t.term?.dueOn}>{t.term?.dueOn}</time>
    </span>
  ),
  act: <GoTo href={carry('/terms', { term: t.id })} word="换届" />,
})

/** What is neither a demand nor a task. */
export function otherLine(of: Exclude<TodoGroup['of'], 'demands' | 'tasks'>, row: TodoRow, carry: Carry): Line {
  switch (of) {
    case 'exports':
      return exportLine(row as Export, carry)
    case 'registrations':
      return registrationLine(row as Registration, carry)
    case 'term-shifts':
      return shiftLine(row as TermShift, carry)
    case 'terms':
      return termLine(row as TermRow, carry)
    case 'form-asks':
      return askLine(row as Ask, carry)
    case 'forms':
      return formLine(row as Form, carry)
    case 'feedback':
      return feedbackLine(row as Feedback, carry)
    case 'watch-notes':
      return noteLine(row as Note, carry)
  }
}
