// What waits for somebody, as questions to lists: the count in the frame and the first page ask the same ones.
import { useQueries } from '@tanstack/react-query'
import type { Me } from '#modules/access/contract.ts'
import type { Demand, DemandStep, Task } from '#modules/demands/contract.ts'
import type { Export } from '#modules/exports/contract.ts'
import type { Feedback } from '#modules/feedback/contract.ts'
import type { Ask, Form } from '#modules/forms/contract.ts'
import type { Note } from '#modules/overview/contract.ts'
import type { Registration } from '#modules/people/contract.ts'
import type { TermRow, TermShift } from '#modules/units/contract.ts'
import { call } from '#web/api.ts'
import { useAddress } from './address.ts'
import type { ListOf, Query } from './data-table.tsx'
import { holds } from './session.ts'

export interface TodoGroup {
  id: string
  title: string
  verb: string
  /** the list it is asked of, and the page that shows the rest */
  of:
    | 'demands'
    | 'tasks'
    | 'registrations'
    | 'term-shifts'
    | 'terms'
    | 'form-asks'
    | 'forms'
    | 'feedback'
    | 'watch-notes'
    | 'exports'
  /** where the rest is seen, where that is not the list's own page */
  page?: string
  /** what is asked of the list */
  query: Query
  /** what is done with each; the step that is due where it is left out */
  does?: DemandStep | 'hands'
}

const demands = ([id, title]: [string, string], verb: string, query: Query, does?: TodoGroup['does']): TodoGroup => ({
  id,
  title,
  verb: `demand.${verb}`,
  of: 'demands',
  query,
  ...(does ? { does } : {}),
})

const groups: readonly TodoGroup[] = [
  demands(['dispatch', '派单'], 'dispatch', { state: 'registered', sort: 'due' }),
  demands(['sign', '签收'], 'sign', { state: 'dispatched', lens: 'owner', sort: 'due' }),
  demands(['part-sign', '协办签收、应哨报到'], 'sign', { waits: 'part-sign', sort: 'due' }, 'hands'),
  demands(['review', '审核派单异议'], 'review', { state: 'disputed', sort: 'opened' }),
  demands(['exclusion', '审核剔除'], 'review', { waits: 'exclusion', sort: 'opened' }, 'decide-exclusion'),
  demands(['shelf', '挂账复核'], 'review', { waits: 'review-day', sort: 'due' }, 'resume'),
  demands(['handle', '到期（办理中，按时限排列）'], 'answer', { state: 'signed', lens: 'owner', sort: 'due' }),
  demands(['part-report', '协办反馈'], 'answer', { waits: 'part-report', sort: 'due' }, 'hands'),
  demands(['rating', '评价到场'], 'dispatch', { waits: 'rating', sort: 'due' }, 'hands'),
  demands(['call', '回访'], 'call-back', { waits: 'call-back', sort: 'opened' }),
  demands(['verify', '核验'], 'review', { waits: 'verification', sort: 'opened' }),
  demands(['close', '办结'], 'close', { waits: 'closing', sort: 'opened' }),
  { id: 'draft', title: '审核任务', verb: 'task.publish', of: 'tasks', query: { state: 'draft' } },
  { id: 'accept', title: '确认服务', verb: 'task.accept', of: 'tasks', query: { waits: 'acceptance' } },
  { id: 'object', title: '答复记录异议', verb: 'task.accept', of: 'tasks', query: { waits: 'objection' } },
  {
    id: 'registration',
    title: '报到签收',
    verb: 'registration.confirm',
    of: 'registrations',
    query: { state: 'reported' },
  },
  {
    id: 'shift',
    title: '批复换届改期',
    verb: 'term.approve',
    of: 'term-shifts',
    page: '/terms?view=shifts&state=mine',
    query: { decidable: true, sort: 'asked' },
  },
  {
    id: 'term',
    title: '换届（届满和半年内届满）',
    verb: 'unit.register',
    of: 'terms',
    query: { light: 'due', sort: 'due' },
  },
  {
    id: 'ask',
    title: '填报',
    verb: 'form.fill',
    of: 'form-asks',
    page: '/asks',
    query: { fillable: true, state: 'open' },
  },
  {
    id: 'ask-again',
    title: '退回重填',
    verb: 'form.fill',
    of: 'form-asks',
    page: '/asks',
    query: { fillable: true, state: 'returned' },
  },
  { id: 'form', title: '审批报表', verb: 'form.approve', of: 'forms', query: { state: 'submitted' } },
  { id: 'export', title: '审批导出', verb: 'export.approve', of: 'exports', query: { box: 'waiting' } },
  { id: 'feedback', title: '回复投诉建议', verb: 'feedback.reply', of: 'feedback', query: { state: 'waiting' } },
  {
    id: 'note',
    title: '订阅的数字',
    verb: 'figure.read',
    of: 'watch-notes',
    page: '/overview?watches=1',
    query: { state: 'new' },
  },
]

/** Who holds one of these has a to-do page; for others what waits stands on the leaders' page. */
export const hands = [
  'demand.dispatch',
  'demand.sign',
  'demand.answer',
  'demand.call-back',
  'demand.close',
  'demand.review',
  'form.fill',
  'feedback.reply',
]

const groupsOf = (me: Me) => groups.filter((g) => holds(me, g.verb))

const unscoped: ReadonlySet<TodoGroup['of']> = new Set(['forms', 'feedback', 'watch-notes', 'exports'])

/** How many are shown at once of each group; the rest is one click away on its page. */
const shownAtOnce = 8

export type TodoRow = Demand | Task | Registration | TermShift | TermRow | Ask | Form | Feedback | Note | Export

export const useTodo = (me: Me) => {
  const { get } = useAddress()
  const unit = get('unit')
  const mine = groupsOf(me)
  return useQueries({
    queries: mine.map((g) => {
      // what is told to me, and what concerns the whole system, has no unit to be looked for under
      const query = { ...g.query, ...(unscoped.has(g.of) ? {} : { unit }), limit: shownAtOnce }
      return {
        queryKey: [`/${g.of}`, query],
        queryFn: () => call<ListOf<TodoRow>>('GET', `/${g.of}`, { query }),
        staleTime: 15_000,
        refetchInterval: 60_000,
      }
    }),
  }).map((answer, i) => ({ group: mine[i] as TodoGroup, answer }))
}

export const useTodoTotals = (me: Me) => useTodo(me).map((t) => t.answer.data?.total)
