// Figures as the screen words and asks them; the question of an open number is part of the address.
import { useQuery } from '@tanstack/react-query'
import type { Figure, Figures, MeasureInfo, MeasureVersion } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'
import type { ListOf, Query } from './list.ts'

export interface Question {
  measure: string
  unit?: string | undefined
  period?: string | undefined
  tree?: string | undefined
}

type Numbers = Pick<Figure, 'value' | 'suppressed'>

const digits = (n: number, fixed = 0) =>
  n.toLocaleString('zh-CN', { minimumFractionDigits: fixed, maximumFractionDigits: 1 })

/** `1,234 件`; a ratio with one decimal; where there is no number, a dash and never 0%; where it is not shown, so. */
export function figureText({ value, suppressed }: Numbers, { classifier }: Pick<MeasureInfo, 'classifier'>): string {
  if (suppressed) return '不显示'
  if (value === null) return '—'
  return classifier === '%' ? `${digits(value, 1)}%` : `${digits(value)} ${classifier}`
}

/** `+12`, `−3`, `持平`; of a percentage in 个百分点; nothing where one of the two is no number. */
export function changeText(change: number | null, { classifier }: Pick<MeasureInfo, 'classifier'>): string {
  if (change === null) return '—'
  if (change === 0) return '持平'
  const size = `${change > 0 ? '+' : '−'}${digits(Math.abs(change), classifier === '%' ? 1 : 0)}`
  return classifier === '%' ? `${size} 个百分点` : size
}

/** How much more or less in percent of what it was; only of counts, and only of something. */
export function growthText(figure: Pick<Figure, 'change' | 'before'>, { classifier }: Pick<MeasureInfo, 'classifier'>) {
  const base = figure.before?.value
  if (classifier === '%' || !base || figure.change === null || figure.change === 0) return ''
  return `${figure.change > 0 ? '+' : '−'}${digits(Math.abs((figure.change * 100) / base), 1)}%`
}

/** `~` parts a question into the address and back. */
export const questionText = ({ measure, unit, period, tree }: Question) =>
  [measure, unit ?? '', period ?? '', tree ?? ''].join('~')

export function readQuestion(text: string): Question {
  const [measure = '', unit, period, tree] = text.split('~')
  return { measure, unit: unit || undefined, period: period || undefined, tree: tree || undefined }
}

export const useFigures = (query: Query, enabled = true) =>
  useQuery({
    queryKey: ['/figures', query],
    enabled,
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query, signal }),
  })

/** Every measure in force, asked for once. */
export const useMeasures = () =>
  useQuery({
    queryKey: ['/measures', {}],
    staleTime: 600_000,
    queryFn: ({ signal }) => call<ListOf<MeasureVersion>>('GET', '/measures', { signal }),
  })

/** What a measure can be broken down by, in words. */
export function breakdowns(m: MeasureInfo): { value: string; label: string }[] {
  return [
    { value: 'child', label: '下级单位' },
    { value: 'level:2', label: '街道、镇一级' },
    { value: 'level:3', label: '社区、村一级' },
    ...m.dimensions.map((d) => ({ value: `dim:${d.id}`, label: d.name })),
    { value: 'month', label: '月份' },
    { value: 'quarter', label: '季度' },
    { value: 'year', label: '年份' },
  ]
}

export const isSeries = (by: string | undefined) => by === 'month' || by === 'quarter' || by === 'year'

/** `2026-03` → 3月, `2026-Q1` → 一季度, `2026` → 2026年 */
export function periodText(key: string): string {
  const [year, part] = key.split('-')
  if (!part) return `${year}年`
  return part.startsWith('Q') ? `${year}年${'一二三四'[Number(part[1]) - 1]}季度` : `${year}年${Number(part)}月`
}
