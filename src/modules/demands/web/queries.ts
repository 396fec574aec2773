import { useQuery } from '@tanstack/react-query'
import type { Mechanism } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import type { UnitPage } from '#modules/units/contract.ts'
import { useMechanismsOf } from '#web/kit/mechanisms.tsx'
import type { Category, DemandPage, DemandSettings, Occasion, OccasionKind } from '../contract.ts'
import type { Term } from './words.ts'

export const useDemand = (id: string) =>
  useQuery({
    queryKey: ['/demands/one', id],
    queryFn: ({ signal }) => call<DemandPage>('GET', `/demands/${id}`, { signal }),
  })

export const useOccasion = (id: string | undefined) =>
  useQuery({
    queryKey: ['/occasions/one', id],
    enabled: Boolean(id),
    queryFn: ({ signal }) => call<Occasion>('GET', `/occasions/${id}`, { signal }),
  })

/** What the screens need to know of a mechanism of this engine. */
export interface DemandMechanism {
  id: string
  name: string
  categories: Category[]
  /** 吹哨报到, with the limit within which called units report in */
  whistle: Term | null
  /** kinds of occasions recorded under it: visits, inspections … */
  occasions: OccasionKind[]
  tasks: { enabled: boolean; review: boolean; most: number; units: boolean; minutes: boolean }
}

function mechanismOf({ id, name, settings }: Mechanism): DemandMechanism {
  const set = settings as Partial<Pick<DemandSettings, 'categories' | 'whistle' | 'occasions'>> & {
    tasks?: Partial<DemandSettings['tasks']>
  }
  const { whistle, occasions = [], tasks = {} } = set
  return {
    id,
    name,
    categories: set.categories ?? [],
    whistle: whistle?.enabled ? whistle.limit : null,
    occasions,
    tasks: {
      enabled: tasks.enabled ?? true,
      review: tasks.review ?? false,
      most: tasks.maxCapacity ?? 10_000,
      units: tasks.claimants?.includes('unit') ?? false,
      minutes: (tasks.record ?? 'minutes') === 'minutes',
    },
  }
}

/** Mechanisms of the demands engine with their dispatch catalogue (REQ-01). */
export const useMechanisms = () => useMechanismsOf('demands', mechanismOf)

const levels: Record<Category['level'], string> = {
  community: '社区及以上可办',
  street: '须由街道及以上办理',
  department: '须由职能部门办理，不得派给街道、社区',
  any: '各级均可办理',
}

/** What the dispatch catalogue says about a category, told before somebody runs into it. [REQ-01] */
export const catalogueRule = (c: Category | undefined) =>
  c ? `“${c.name}”：${levels[c.level]}${c.ground ? `（${c.ground}）` : ''}` : null

/** Name of a category within its mechanism; its id where the mechanism may not be read. */
export function useCategoryName() {
  const { data } = useMechanisms()
  return (mechanismId: string, category: string) =>
    data?.find((m) => m.id === mechanismId)?.categories.find((c) => c.id === category)?.name ?? category
}

/** The place and what lies above it: where a demand raised there is mostly dispatched to, nearest first. */
export function usePlaceLine(placeId: string) {
  const { data } = useQuery({
    queryKey: ['/units/page', placeId],
    staleTime: 300_000,
    queryFn: ({ signal }) => call<UnitPage>('GET', `/units/${placeId}`, { signal }),
  })
  return data && [data.unit, ...data.line.toReversed()]
}
