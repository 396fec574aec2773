// Pure decisions of the demands engine: which step is lawful in which state, which clock runs, who may be made responsible.
import { chinaCalendar, deadline, millisOf } from '#core/calendar.ts'
import { type Category, type DemandSettings, type DemandState, fail, type Grade, type Term } from './contract.ts'

/** Chinese words of states, shown in refusals and screens alike. */
export const stateWords: Record<DemandState, string> = {
  registered: '已登记',
  dispatched: '待签收',
  disputed: '异议审核中',
  signed: '办理中',
  answered: '待回访',
  called: '已回访',
  closed: '已办结',
  declined: '不予受理',
  merged: '已并单',
}

export type Step = 'dispatch' | 'sign' | 'decline' | 'answer' | 'call-back' | 'close' | 'reopen' | 'redo'

const stepWords: Record<Step, string> = {
  dispatch: '派单',
  sign: '签收',
  decline: '不予受理',
  answer: '答复',
  'call-back': '回访',
  close: '办结',
  reopen: '重新打开',
  redo: '重办',
}

const lawful: Record<Step, Partial<Record<DemandState, DemandState>>> = {
  dispatch: { registered: 'dispatched' },
  sign: { dispatched: 'signed' },
  decline: { registered: 'declined' },
  answer: { signed: 'answered' },
  'call-back': { answered: 'called' },
  close: { called: 'closed' },
  reopen: { closed: 'signed' },
  redo: { called: 'signed' },
}

/** The state after `step`. @throws demand.wrong-state */
export function after(step: Step, state: DemandState): DemandState {
  const next = lawful[step][state]
  if (!next) throw fail('wrong-state', { state: stateWords[state], step: stepWords[step] })
  return next
}

/** The category of the dispatch catalogue. @throws demand.unknown-category [REQ-01] */
export function categoryOf(settings: DemandSettings, id: string): Category {
  const found = settings.categories.find((c) => c.id === id)
  if (!found) throw fail('unknown-category', { category: id })
  return found
}

const levelWords = { community: '社区', street: '街道', department: '职能部门', any: '各级' }

/** REQ-01: a department's matter cannot be dispatched to a street or community, a street's not to a community. */
export function mustBeTheirs(category: Category, unit: { name: string; level: string }): void {
  const order = ['household', 'building', 'estate', 'community', 'street', 'department', 'district']
  const least = category.level === 'any' ? 0 : order.indexOf(category.level)
  if (order.indexOf(unit.level) < least) throw fail('not-theirs', { category: category.name, level: levelWords[category.level], unit: unit.name })
}

export interface Clocks {
  respondDueAt: string
  resolveDueAt: string
  /** 暂算: a working-day limit reaches into a year whose calendar is not published. [ENG-02] */
  provisional: boolean
}

/** Deadline of one term. [REQ-04] */
export const dueAfter = (from: string, term: Term) => deadline(chinaCalendar, from, term)

/** The clocks of a demand opened at `from`. [REQ-04] */
export function clocksOf(settings: DemandSettings, grade: Grade, from: string): Clocks {
  const { respond, resolve } = settings.clocks[grade]
  const first = dueAfter(from, respond)
  const last = dueAfter(from, resolve)
  return { respondDueAt: first.due, resolveDueAt: last.due, provisional: first.provisional || last.provisional }
}

/** The clock that runs in a state: until first contact the response clock, then the resolution clock, none once answered. */
export function runningClock(state: DemandState, d: { respondDueAt: string | null; resolveDueAt: string | null; respondedAt: string | null }): string | null {
  if (state === 'registered' || state === 'dispatched') return d.respondedAt ? d.resolveDueAt : d.respondDueAt
  if (state === 'signed') return d.respondedAt ? d.resolveDueAt : d.respondDueAt
  return null
}

export const isLate = (dueAt: string | null, now: string) => dueAt !== null && millisOf(now) > millisOf(dueAt)

/** Minutes of actual service. [VOL-02] @throws demand.bad-interval */
export function minutesOf(from: string, to: string, now: string): number {
  const minutes = Math.floor((millisOf(to) - millisOf(from)) / 60_000)
  if (minutes < 1 || minutes > 1440 || millisOf(to) > millisOf(now)) throw fail('bad-interval')
  return minutes
}
