// Strict JSON: what two readers could read differently is refused — duplicate keys, prototypes, deep nesting (IN-12, IN-16).
import { fail } from '../errors.ts'

const MAX_DEPTH = 32

/** Walks the text once beside JSON.parse; JSON.parse has already proved that it is well-formed. */
function refuseAmbiguity(text: string) {
  const keys: (Set<string> | null)[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '{' || c === '[') {
      keys.push(c === '{' ? new Set() : null)
      if (keys.length > MAX_DEPTH) throw fail('not-json', { reason: '嵌套过深' })
    } else if (c === '}' || c === ']') keys.pop()
    else if (c === '"') i = readString(text, i, keys.at(-1) ?? null)
  }
}

/** A string is a key when a colon follows, however much white space stands between. */
function isKeyBefore(text: string, from: number): boolean {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++
  return text[at] === ':'
}

/** NUL makes PostgreSQL fail and a lone surrogate is no text: neither gets past the door, whatever the field. */
function refuseNoText(text: string) {
  if (isNoText(text)) throw fail('not-json', { reason: '含有不可用的字符' })
}

export const isNoText = (text: string) => text.includes('\u0000') || !text.isWellFormed()

function readString(text: string, start: number, seen: Set<string> | null): number {
  let end = start + 1
  let escaped = false
  while (text[end] !== '"') {
    if (text[end] === '\\') escaped = true
    end += text[end] === '\\' ? 2 : 1
  }
  if (escaped) refuseNoText(JSON.parse(text.slice(start, end + 1)) as string)
  if (seen && isKeyBefore(text, end + 1)) {
    const key = JSON.parse(text.slice(start, end + 1)) as string
    if (seen.has(key)) throw fail('not-json', { reason: '同名字段重复出现' })
    if (key === '__proto__' || key === 'constructor') throw fail('not-json', { reason: '字段名不可用' })
    seen.add(key)
  }
  return end
}

export function readJson(text: string): unknown {
  refuseNoText(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw fail('not-json', { reason: '格式错误' })
  }
  refuseAmbiguity(text)
  return value
}
