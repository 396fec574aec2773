// What waits for somebody, as questions to the list of demands: the count in the frame and the first page ask the same ones.
import { useQueries } from '@tanstack/react-query'
import type { Me } from '#modules/access/contract.ts'
import type { Demand } from '#modules/demands/contract.ts'
import { call } from '#web/api.ts'
import { useAddress } from './address.ts'
import type { ListOf, Query } from './data-table.tsx'
import { holds } from './session.ts'

export interface TodoGroup {
  id: string
  title: string
  verb: string
  /** what is asked of the list */
  query: Query
  /** says what would stand here */
  empty: string
}

const groups: readonly TodoGroup[] = [
  {
    id: 'dispatch',
    title: '派单',
    verb: 'demand.dispatch',
    query: { state: 'registered', sort: 'due' },
    empty: '没有等待派单的诉求',
  },
  {
    id: 'sign',
    title: '签收',
    verb: 'demand.sign',
    query: { state: 'dispatched', lens: 'owner', sort: 'due' },
    empty: '没有等待签收的诉求',
  },
  {
    id: 'review',
    title: '审核',
    verb: 'demand.review',
    query: { state: 'disputed', sort: 'due' },
    empty: '没有等待审核的派单异议',
  },
  {
    id: 'handle',
    title: '到期（办理中，按时限排列）',
    verb: 'demand.answer',
    query: { state: 'signed', lens: 'owner', sort: 'due' },
    empty: '没有办理中的诉求',
  },
  {
    id: 'call',
    title: '回访',
    verb: 'demand.call-back',
    query: { state: 'answered', sort: 'opened' },
    empty: '没有等待回访的诉求',
  },
  {
    id: 'close',
    title: '办结',
    verb: 'demand.close',
    query: { state: 'called', sort: 'opened' },
    empty: '没有等待办结的诉求',
  },
]

export const groupsOf = (me: Me) => groups.filter((g) => holds(me, g.verb))

/** How many are shown at once of each group; the rest is one click away on the board. */
export const shownAtOnce = 8

export const useTodo = (me: Me) => {
  const { get } = useAddress()
  const unit = get('unit')
  const mine = groupsOf(me)
  return useQueries({
    queries: mine.map((g) => {
      const query = { ...g.query, unit, limit: shownAtOnce }
      return {
        queryKey: ['/demands', query],
        queryFn: () => call<ListOf<Demand>>('GET', '/demands', { query }),
        staleTime: 15_000,
        refetchInterval: 60_000,
      }
    }),
  }).map((answer, i) => ({ group: mine[i] as TodoGroup, answer }))
}

export const useTodoTotals = (me: Me) => useTodo(me).map((t) => t.answer.data?.total)
