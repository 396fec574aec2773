// What several parts of the unit's pages ask for: one unit, and the mechanisms that speak of units.
import { useQuery } from '@tanstack/react-query'
import type { MechanismRow } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import type { ListOf } from '#web/kit/data-table.tsx'
import { usePermission } from '#web/kit/session.ts'
import type { UnitPage, UnitsSettings } from '../contract.ts'

export const unitPage = (id: string, on?: string) => ({
  queryKey: ['/units/page', id, on],
  queryFn: ({ signal }: { signal: AbortSignal }) => call<UnitPage>('GET', `/units/${id}`, { query: { on }, signal }),
})

export const useUnitPage = (id: string, on?: string) => useQuery(unitPage(id, on))

export interface UnitMechanism {
  id: string
  name: string
  inForce: boolean
  settings: UnitsSettings
}

/** Settings as they are kept leave out what is empty. */
const whole = (kept: Record<string, unknown>) =>
  ({ registers: [], marks: [], events: [], posts: [], elections: [], ...kept }) as unknown as UnitsSettings

/** Mechanisms of the units engine, whose words (marks, events, roles) are the district's own. */
export function useUnitMechanisms(): UnitMechanism[] {
  const may = usePermission('mechanism.read')
  const list = useQuery({
    queryKey: ['/mechanisms'],
    enabled: may,
    staleTime: 300_000,
    queryFn: ({ signal }) => call<ListOf<MechanismRow>>('GET', '/mechanisms', { signal }),
  })
  return (list.data?.rows ?? [])
    .filter((m) => m.engine === 'units')
    .map((m) => ({ id: m.id, name: m.name, inForce: m.inForce, settings: whole(m.settings) }))
}
