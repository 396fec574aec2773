// What several parts of the unit's pages ask for: one unit, and the mechanisms that speak of units.
import { useQuery } from '@tanstack/react-query'
import type { MechanismRow } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import { useMechanismsOf } from '#web/kit/mechanisms.tsx'
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

const mechanismOf = ({ id, name, inForce, settings }: MechanismRow): UnitMechanism => ({
  id,
  name,
  inForce,
  settings: whole(settings),
})

/** Mechanisms of the units engine, whose words (marks, events, roles) are the district's own. */
export const useUnitMechanisms = (): UnitMechanism[] => useMechanismsOf('units', mechanismOf).data ?? []
