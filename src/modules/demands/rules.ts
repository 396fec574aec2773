// Pure decisions of the demands engine: which step is lawful in which state, which clock runs, who may be made responsible.
import {
  addDays,
  addMonths,
  addWorkdays,
  chinaCalendar,
  dayOf,
  daysBetween,
  deadline,
  hoursBetween,
  instantOf,
  millisOf,
  type Term,
  workHours,
} from '#core/calendar.ts'
import { privateNumberIn } from '#core/private-numbers.ts'
import { type Category, type DemandSettings, type DemandState, type DemandStep, fail, type Grade } from './contract.ts'

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

/** Steps with one lawful way through the states; the others (verify, rate, decide) act within one. */
type Step = Exclude<DemandStep, 'verify' | 'rate-support' | 'decide-exclusion'>

const stepWords: Record<Step, string> = {
  dispatch: '派单',
  sign: '签收',
  dispute: '退单',
  review: '审核退单',
  decline: '不予受理',
  contact: '记录联系',
  answer: '答复',
  'call-back': '回访',
  close: '办结',
  reopen: '重新打开',
  redo: '重办',
  extend: '延期',
  suspend: '挂账',
  resume: '恢复办理',
  merge: '并单',
  split: '拆分',
  support: '加派协办',
  exclude: '申请剔除',
}

const same = (...states: DemandState[]) => Object.fromEntries(states.map((s) => [s, s]))
const handled = ['dispatched', 'signed', 'answered', 'called', 'closed'] as const

const lawful: Record<Step, Partial<Record<DemandState, DemandState>>> = {
  dispatch: { registered: 'dispatched' },
  sign: { dispatched: 'signed' },
  dispute: { dispatched: 'disputed' },
  review: { disputed: 'dispatched' },
  contact: { signed: 'signed' },
  extend: same('dispatched', 'signed'),
  suspend: same('signed'),
  resume: { signed: 'signed', answered: 'signed', called: 'signed' },
  merge: { registered: 'merged', dispatched: 'merged', signed: 'merged' },
  split: same('registered', 'dispatched', 'signed'),
  support: same('dispatched', 'signed'),
  exclude: same(...handled),
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

/** Whether the table of states knows `step` in `state`. */
export const isLawful = (step: Step, state: DemandState) => lawful[step][state] !== undefined

/** The category of the dispatch catalogue. @throws demand.unknown-category [REQ-01] */
export function categoryOf(settings: DemandSettings, id: string): Category {
  const found = settings.categories.find((c) => c.id === id)
  if (!found) throw fail('unknown-category', { category: id })
  return found
}

/** Levels of units, the nearest to a door first. */
const levels = ['household', 'building', 'estate', 'community', 'street', 'department', 'district']

/** Whether a unit of this level is at least as wide as `least`. */
export const isAsWide = (level: string, least: string) => levels.indexOf(level) >= levels.indexOf(least)

const levelWords = { community: '社区', street: '街道', department: '职能部门', any: '各级' }

/** REQ-01: a department's matter cannot be dispatched to a street or community, a street's not to a community. */
export function mustBeTheirs(category: Category, unit: { name: string; level: string }): void {
  if (category.level !== 'any' && !isAsWide(unit.level, category.level))
    throw fail('not-theirs', { category: category.name, level: levelWords[category.level], unit: unit.name })
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
export function runningClock(
  state: DemandState,
  d: { respondDueAt: string | null; resolveDueAt: string | null; respondedAt: string | null },
): string | null {
  if (state === 'registered' || state === 'dispatched') return d.respondedAt ? d.resolveDueAt : d.respondDueAt
  if (state === 'signed') return d.respondedAt ? d.resolveDueAt : d.respondDueAt
  return null
}

export const isLate = (dueAt: string | null, now: string) => dueAt !== null && millisOf(now) > millisOf(dueAt)

/** The unit limits of a clock are kept in, so a pause is given back in the same unit. */
export const unitOf = (settings: DemandSettings, grade: Grade, respondedAt: string | null): Term['unit'] =>
  settings.clocks[grade][respondedAt ? 'resolve' : 'respond'].unit

/** A deadline after its clock stood still from–to: never shorter by the pause; days and working days are given back whole. [REQ-02] */
export function shifted(
  due: string,
  pause: { from: string; to: string },
  unit: Term['unit'],
): { due: string; provisional: boolean } {
  if (unit === 'hours') return dueAfter(due, { amount: hoursBetween(pause.from, pause.to), unit: 'hours' })
  if (unit === 'days') {
    const days = Math.ceil(hoursBetween(pause.from, pause.to) / 24)
    return { due: instantOf(addDays(dayOf(due), days), '23:59:59'), provisional: false }
  }
  const days = Math.ceil(workHours(chinaCalendar, pause.from, pause.to) / 24)
  const { day, provisional } = addWorkdays(chinaCalendar, dayOf(due), days)
  return { due: instantOf(day, '23:59:59'), provisional }
}

/** REQ-02: within the window, not after one was upheld, not more often than allowed. */
export function mayDispute(
  rule: DemandSettings['dispute'],
  current: { at: string; disputed_at: string | null },
  before: number,
  now: string,
): void {
  if (current.disputed_at) throw fail('dispute-upheld')
  if (before >= rule.times) throw fail('dispute-spent', { times: rule.times })
  const { due } = dueAfter(current.at, rule.window)
  if (isLate(due, now)) throw fail('dispute-late', { due })
}

/** REQ-05: before expiry, so often as allowed, and by no more than the first limit. Returns the new deadline. */
export function extended(
  settings: DemandSettings,
  d: { grade: string; resolve_due_at: string | null },
  ask: { term: Term; before: number; now: string },
) {
  if (!d.resolve_due_at) throw fail('no-clock')
  if (isLate(d.resolve_due_at, ask.now)) throw fail('too-late')
  if (ask.before >= settings.extensions) throw fail('extended-already', { times: settings.extensions })
  const longest = dueAfter(d.resolve_due_at, settings.clocks[d.grade as Grade].resolve)
  const wished = dueAfter(d.resolve_due_at, ask.term)
  if (millisOf(wished.due) > millisOf(longest.due)) throw fail('too-long-extension')
  return wished
}

/** REQ-06: the plan is looked at again within six months at most. The clock then running ends with that day. */
export function reviewClock(settings: DemandSettings, reviewOn: string, today: string): string {
  const latest = addMonths(today, settings.suspensionMonths)
  if (reviewOn <= today || reviewOn > latest)
    throw fail('bad-review-day', { latest, months: settings.suspensionMonths })
  return instantOf(reviewOn, '23:59:59')
}

/** REQ-08: only what the resident calls unsolved is handled again, and not for ever. */
export function mayRedo(settings: DemandSettings, outcome: string | null, before: number): void {
  if (outcome !== 'unsolved' && outcome !== 'partly') throw fail('not-unsolved')
  if (before >= settings.redos) throw fail('redone-enough', { times: settings.redos })
}

export function mayReopen(
  settings: DemandSettings,
  closedOn: string | null,
  ask: { today: string; before: number },
): void {
  const { days, times } = settings.reopen
  if (ask.before >= times) throw fail('reopened-enough', { times })
  if (closedOn && daysBetween(closedOn, ask.today) > days) throw fail('reopen-late', { days })
}

/** A supporting unit's own deadline: the lead's where none is given, never later. [REQ-03] */
export function supportDue(leadDue: string | null, wished: string | undefined, now: string): string | null {
  if (wished === undefined) return leadDue
  if (millisOf(wished) <= millisOf(now) || (leadDue && millisOf(wished) > millisOf(leadDue)))
    throw fail('support-late', { due: leadDue })
  return wished
}

/** How many steps of the ladder a deadline has climbed by now. */
export const ladderSteps = (ladder: readonly Term[], dueAt: string, now: string) =>
  ladder.filter((term) => isLate(dueAfter(dueAt, term).due, now)).length

const door = /(?:\d+|[一二三四五六七八九十]+)\s*(?:单元|室|号门|号房|户(?!外|型))|\d+\s*[-－—–]\s*\d+\s*[-－—–]\s*\d+/

interface Private {
  /** who asked, where the text is about somebody's demand */
  contact?: { name?: string | undefined } | null
  /** doors lead to a household, and this mechanism shows none */
  doors?: boolean
}

/** What everybody will read may hold nothing that leads to a person or a household (微心愿: privacy check before publication). */
export function mustBePublic(texts: readonly (string | undefined)[], { contact, doors }: Private = {}): void {
  const text = texts.filter(Boolean).join('\n')
  const name = contact?.name?.trim() ?? ''
  const what =
    privateNumberIn(text) ??
    (doors && door.test(text) ? '门牌' : null) ??
    ([...name].length > 1 && text.includes(name) ? '诉求人的称呼' : null)
  if (what) throw fail('private-content', { what })
}

/** Minutes are stored; hours are shown in steps of half an hour, never more than was served. [VOL-02] */
export const halfHours = (minutes: number): string => (Math.floor(minutes / 30) / 2).toFixed(1)

/** Minutes of actual service. [VOL-02] @throws demand.bad-interval */
export function minutesOf(from: string, to: string, now: string): number {
  const minutes = Math.floor((millisOf(to) - millisOf(from)) / 60_000)
  if (minutes < 1 || minutes > 1440 || millisOf(to) > millisOf(now)) throw fail('bad-interval')
  return minutes
}
