// Tables for people at a terminal: a Chinese character is two columns wide.

export interface Column {
  /** Property of the row; `a.b` reaches inside. */
  key: string
  title: string
  /** Columns of the terminal at most; longer text ends in an ellipsis. */
  most?: number
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u

export const widthOf = (text: string) => [...text].reduce((sum, c) => sum + (WIDE.test(c) ? 2 : 1), 0)

export const padEnd = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - widthOf(text)))

function cut(text: string, most: number): string {
  if (widthOf(text) <= most) return text
  let kept = ''
  for (const c of text) {
    if (widthOf(kept + c) > most - 1) break
    kept += c
  }
  return `${kept}…`
}

// What a terminal would obey instead of show is shown as a point.
const safe = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, '·')

export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'object') return safe(JSON.stringify(value))
  const text = String(value)
  // Instants as people here read them.
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text))
    return `${new Date(Date.parse(text) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')}`
  return safe(text)
}

export const valueAt = (row: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (at, part) => (at && typeof at === 'object' ? (at as Record<string, unknown>)[part] : undefined),
      row,
    )

export function table(rows: readonly unknown[], columns: readonly Column[]): string {
  const cells = rows.map((row) => columns.map(({ key, most = 40 }) => cut(textOf(valueAt(row, key)), most)))
  const widths = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[i] ?? ''))),
  )
  const line = (parts: readonly string[]) =>
    parts
      .map((part, i) => padEnd(part, widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(columns.map((c) => c.title)), line(widths.map((w) => '─'.repeat(w))), ...cells.map(line)].join('\n')
}

const isPlain = (value: unknown) => value === null || typeof value !== 'object'

/** Anything: plain fields as lines, lists as tables. */
export function show(value: unknown, columns?: readonly Column[]): string {
  if (isPlain(value)) return textOf(value)
  if (Array.isArray(value))
    return value.length === 0
      ? '（无）'
      : isPlain(value[0])
        ? value.map(textOf).join('、')
        : table(value, columns ?? columnsOf(value))
  const entries = Object.entries(value as Record<string, unknown>)
  const plain = entries.filter(([, v]) => isPlain(v) || (Array.isArray(v) && v.every(isPlain)))
  const width = Math.max(0, ...plain.map(([k]) => widthOf(k)))
  const lines = plain.map(([k, v]) => `${padEnd(k, width)}  ${Array.isArray(v) ? v.map(textOf).join('、') : textOf(v)}`)
  const parts = entries
    .filter((e) => !plain.includes(e))
    .map(([k, v]) => `\n${k}：\n${indent(show(v, k === 'rows' ? columns : undefined))}`)
  return [...lines, ...parts].join('\n')
}

const indent = (text: string) => text.replace(/^/gm, '  ')

const columnsOf = (rows: readonly unknown[]): Column[] =>
  Object.entries(rows[0] as Record<string, unknown>)
    .filter(([, v]) => isPlain(v))
    .map(([key]) => ({ key, title: key, most: 36 }))
