import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { todayHere } from '#web/kit/time.ts'
import type { Evidence, Figures } from '../contract.ts'

export interface Asked {
  unit: string | undefined
  period: string
  tree: 'today' | 'day'
}

/** Unit, period and tree of the screen; they live in the address, so a link opens the same number. */
export function useAsked(): Asked {
  const { get } = useAddress()
  return {
    unit: get('unit'),
    period: get('period') ?? todayHere().slice(0, 4),
    tree: get('tree') === 'day' ? 'day' : 'today',
  }
}

export const useFigures = (asked: Asked, measures?: string, by?: string) =>
  useQuery({
    queryKey: ['/figures', asked, measures, by],
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query: { ...asked, measures, by }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

export const useEvidence = (query: Record<string, string | number | undefined>) =>
  useQuery({
    queryKey: ['/figures/evidence', query],
    queryFn: ({ signal }) => call<Evidence>('GET', '/figures/evidence', { query, signal }),
    placeholderData: keepPreviousData,
  })

export interface Shown {
  value: number | null
  numerator: number | null
  denominator: number | null
}

/** A number as it is read; an empty denominator is “—”, never 0% or 100%. [REQ-R] */
export const inWords = (f: Shown, classifier: string) => {
  if (f.value === null) return '—'
  return classifier === '%' ? `${f.value.toFixed(1)}%` : f.value.toLocaleString('zh-CN')
}
