// When a form falls due, and that everything asked of a unit in a month falls due on one day.
import {
  addDays,
  addMonths,
  addWorkdays,
  chinaCalendar,
  isWorkday,
  type Period,
  periodOf,
  periodsBetween,
} from '#core/calendar.ts'
import { type DraftForm, type FormState, fail } from '../contract.ts'

/** The terms of a form, whether it is only drafted or stands in the registry. */
export type Terms = Pick<DraftForm, 'frequency' | 'dueMonths' | 'dueDay' | 'validFrom' | 'endsOn'>

const stateWords: Record<FormState, string> = {
  draft: '草稿',
  submitted: '待审批',
  approved: '已批准',
  refused: '未批准',
  stopped: '已停用',
}

const YEARS = 3

export function mustHaveTerm(t: Terms, today: string): void {
  if (t.validFrom < today) throw fail('past-start')
  if (t.endsOn <= t.validFrom || t.endsOn > addMonths(t.validFrom, 12 * YEARS)) throw fail('bad-term')
}

export interface Due {
  period: string
  from: string
  to: string
  /** First day of the month in which it is due: from then on it can be filled. */
  month: string
  dueOn: string
  /** 暂算: the calendar of that year is not published. [ENG-02] */
  provisional: boolean
}

const monthOf = (day: string) => `${day.slice(0, 7)}-01`

function dueOf(t: Terms, p: Period): Due {
  const month = monthOf(addMonths(monthOf(p.to), t.dueMonths))
  const named = addDays(month, t.dueDay - 1)
  const { workday, provisional } = isWorkday(chinaCalendar, named)
  const moved = workday ? { day: named, provisional } : addWorkdays(chinaCalendar, named, 1)
  // a deadline never leaves its month, or the month would have two
  const dueOn = monthOf(moved.day) === month ? moved.day : named
  return { period: p.key, from: p.from, to: p.to, month, dueOn, provisional: moved.provisional }
}

/** Every deadline of a form's life. */
export function duesOf(t: Terms): Due[] {
  if (t.frequency === 'once') return [dueOf(t, periodOf(t.validFrom, 'month'))]
  return periodsBetween(t.validFrom, addDays(t.endsOn, -1), t.frequency).map((p) => dueOf(t, p))
}

/** Days between being asked and having to answer, at the least. */
const NOTICE_DAYS = 5

/** The first day on which something decided then may fall due. */
export const noticed = (decidedOn: string, today: string) => {
  const first = addDays(decidedOn, NOTICE_DAYS)
  return first > today ? first : today
}

/** What can be filled today: its month has come, its day not yet gone, and it was not decided only yesterday. */
export const openOn = (t: Terms, decidedOn: string, today: string): Due[] =>
  duesOf(t).filter((d) => d.month <= today && d.dueOn >= noticed(decidedOn, today))

/** A month in which two forms of the same units would fall due on different days; null where there is none. */
export function clashOf(a: Terms, b: Terms): { month: string; day: number } | null {
  if (a.dueDay === b.dueDay) return null
  const months = new Set(duesOf(b).map((d) => d.month))
  const month = duesOf(a).find((d) => months.has(d.month))?.month
  return month ? { month: month.slice(0, 7), day: b.dueDay } : null
}

type Steps = 'submit' | 'edit' | 'decide' | 'stop' | 'extend'
const stepWords: Record<Steps, string> = {
  submit: '提交审批',
  edit: '修改',
  decide: '审批',
  stop: '停用',
  extend: '补充',
}
const lawful: Record<Steps, readonly FormState[]> = {
  edit: ['draft', 'refused'],
  submit: ['draft', 'refused'],
  decide: ['submitted'],
  stop: ['approved'],
  extend: ['approved'],
}

/** @throws form.wrong-state */
export function mustBe(state: string, step: Steps): void {
  if (!lawful[step].includes(state as FormState))
    throw fail('wrong-state', { state: stateWords[state as FormState], step: stepWords[step] })
}

/** JF-10: what a lower level adds shortens nothing and demands nothing. */
export function mustOnlyAdd(input: DraftForm, base: Terms & { title: string; kinds: readonly string[] }): void {
  if (input.fields.some((f) => f.type !== 'held' && f.required)) throw fail('base-required')
  if (input.frequency !== base.frequency) throw fail('base-frequency')
  if (input.dueDay !== base.dueDay || input.dueMonths !== base.dueMonths)
    throw fail('base-deadline', { due: base.dueDay })
  if (input.kinds.some((k) => !base.kinds.includes(k))) throw fail('base-targets')
  if (input.endsOn > base.endsOn) throw fail('base-end', { end: base.endsOn })
}
