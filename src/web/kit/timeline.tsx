import { EmptyState } from './states.tsx'
import { moment } from './time.ts'
import { actionWord, fieldWord, valueWord } from './words.ts'

export interface TimelineItem {
  at: string
  action: string
  actor: string
  reason: string | null
  change: Record<string, unknown>
}

const isId = (v: unknown) => typeof v === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(v)
const isInstant = (v: unknown): v is string => typeof v === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(v)

export function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '无'
  if (isId(value)) return '（已记录）'
  if (isInstant(value)) return moment(value)
  if (Array.isArray(value) && value.length > 0 && value.every(isId)) return `${value.length} 项`
  if (Array.isArray(value)) return value.length === 0 ? '无' : value.map(show).join('、')
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([k, v]) => `${fieldWord(k)} ${show(v)}`)
      .join('，')
  return valueWord(String(value))
}

/** `状态：待签收 → 办理中`; identifiers say nothing to a reader and are left out. */
export function changeWords(change: Record<string, unknown>): string[] {
  return Object.entries(change).flatMap(([field, value]) => {
    if (value === null || value === undefined || isId(value) || (Array.isArray(value) && value.length === 0)) return []
    const pair = Array.isArray(value) && value.length === 2
    if (pair && value.every((v) => v === null || isId(v))) return [`${fieldWord(field)}：已更改`]
    return [
      pair && !value.every((v) => typeof v === 'string' && isId(v))
        ? value[0] === null
          ? `${fieldWord(field)}：${show(value[1])}`
          : `${fieldWord(field)}：${show(value[0])} → ${show(value[1])}`
        : `${fieldWord(field)}：${show(value)}`,
    ]
  })
}

/** Codes of the district's own data by their names. */
const named = (change: Record<string, unknown>, names: Record<string, string>) => {
  const of = (v: unknown) => (typeof v === 'string' ? (names[v] ?? v) : v)
  return Object.fromEntries(Object.entries(change).map(([k, v]) => [k, Array.isArray(v) ? v.map(of) : of(v)]))
}

/** Who, what, when, why, before → after; newest last, as it happened. */
export function Timeline({ items, names = {} }: { items: readonly TimelineItem[]; names?: Record<string, string> }) {
  if (items.length === 0) return <EmptyState title="还没有记录" />
  return (
    <ol className="timeline">
      {items.map((item, i) => (
        <li key={`${item.at} ${i}`}>
          <time dateTime={item.at}>{moment(item.at)}</time>
          <div>
            <b>{actionWord(item.action)}</b>
            <span>{item.actor}</span>
            {item.reason ? <span className="why">说明：{item.reason}</span> : null}
            {changeWords(named(item.change, names)).map((w) => (
              <span key={w} className="change">
                {w}
              </span>
            ))}
          </div>
        </li>
      ))}
    </ol>
  )
}
