// A template is written once and read for any unit and period: {{地方}}, {{单位}} and {{时期}} stand for what was asked.
import type { Template } from './contract.ts'

export interface Words {
  地方: string
  单位: string
  时期: string
}

/** `2026年`, `2026年上半年`, `2026年第三季度`, `2026年11月`; any other stretch with its days. */
export function periodWords({ key, from, to }: { key: string; from: string; to: string }): string {
  const year = `${key.slice(0, 4)}年`
  if (/^\d{4}$/.test(key)) return year
  const half = /^\d{4}-H([12])$/.exec(key)?.[1]
  if (half) return `${year}${half === '1' ? '上' : '下'}半年`
  const quarter = /^\d{4}-Q([1-4])$/.exec(key)?.[1]
  if (quarter) return `${year}第${'一二三四'[Number(quarter) - 1]}季度`
  const month = /^\d{4}-(\d{2})$/.exec(key)?.[1]
  if (month) return `${year}${Number(month)}月`
  const [start, end] = [from, to].map((d) => {
    const [y, m, date] = d.split('-').map(Number)
    return `${y}年${m}月${date}日`
  })
  return start === end ? (start as string) : `${start}至${end}`
}

const filled = (text: string, words: Words) =>
  text.replace(/\{\{(地方|单位|时期)\}\}/g, (_, name: keyof Words) => words[name])

/** The same text for one unit and period; tokens of numbers stay as they are. */
export function fill(template: Template, words: Words): Template {
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return filled(value, words)
    if (Array.isArray(value)) return value.map(deep)
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep(v)]))
    return value
  }
  return deep(template) as Template
}
