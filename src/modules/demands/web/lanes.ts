// What lies in the lanes of the board. Each lane is a question of its own, but they are shown together: an answer that came before
// the others would show a slip in two lanes, or in none.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '#web/api.ts'
import type { ListOf, Query } from '#web/kit/list.ts'
import type { Demand } from '../contract.ts'

export const lanes = [
  'registered',
  'dispatched',
  'disputed',
  'signed',
  'answered',
  'called',
  'closed',
] as const satisfies readonly Demand['state'][]

type Slip = Pick<Demand, 'id' | 'version'>

/** A demand that moved between two of the answers lies in both: it is shown, and counted, where its newest version lies. */
export function settled<T extends Slip>(lists: readonly ListOf<T>[]): ListOf<T>[] {
  const newest = new Map<string, number>()
  for (const { rows } of lists)
    for (const d of rows) newest.set(d.id, Math.max(d.version, newest.get(d.id) ?? d.version))
  return lists.map(({ rows, total }) => {
    const here = rows.filter((d) => d.version === newest.get(d.id))
    return { rows: here, total: total - (rows.length - here.length) }
  })
}

export const useLanes = (query: Query) =>
  useQuery({
    queryKey: ['/demands', 'lanes', query],
    queryFn: async ({ signal }) =>
      settled(
        await Promise.all(
          lanes.map((state) => {
            const asked = { ...query, state, limit: 30, sort: state === 'closed' ? '-opened' : 'due' }
            return call<ListOf<Demand>>('GET', '/demands', { query: asked, signal })
          }),
        ),
      ),
    placeholderData: keepPreviousData,
  })
