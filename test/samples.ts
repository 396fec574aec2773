// Inputs made from a route's own schemas: something valid, and everything that must be refused. Nothing here knows a route.
import { z } from 'zod'
import type { Route } from '#core/http/route.ts'

type Json = Record<string, any>

export const UUID = '01890000-0000-7000-8000-00000000abcd'
const words = '测试文字'

function ofString(s: Json): string {
  if (s['format'] === 'uuid') return UUID
  if (s['format'] === 'date') return '2026-03-01'
  if (s['format'] === 'date-time') return '2026-03-01T00:00:00Z'
  if (s['format'] === 'uri') return 'https://hooks.example.cn/in'
  return words.slice(0, Math.min(s['maxLength'] ?? 4, 4)).padEnd(s['minLength'] ?? 0, '字')
}

function ofJson(s: Json, root: Json, all: boolean): unknown {
  if (s['$ref']) {
    const name = String(s['$ref']).split('/').at(-1) as string
    return ofJson(root['$defs']?.[name] ?? {}, root, false)
  }
  if ('const' in s) return s['const']
  if (s['enum']) return s['enum'][0]
  const options = s['anyOf'] ?? s['oneOf']
  if (options) return ofJson(options.find((o: Json) => o['type'] !== 'null') ?? options[0], root, all)
  if (s['allOf']) return ofJson(Object.assign({}, ...s['allOf']), root, all)
  switch (s['type']) {
    case 'string':
      return ofString(s)
    case 'integer':
    case 'number':
      return Math.max(s['minimum'] ?? 1, (s['exclusiveMinimum'] ?? 0) + 1)
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: Math.max(1, s['minItems'] ?? 0) }, (_, i) =>
        ofJson(s['prefixItems']?.[i] ?? s['items'] ?? {}, root, all),
      )
    case 'object': {
      const wanted = all ? Object.keys(s['properties'] ?? {}) : (s['required'] ?? [])
      return Object.fromEntries(wanted.map((k: string) => [k, ofJson(s['properties'][k], root, all)]))
    }
    default:
      return words
  }
}

/** Values that satisfy what a JSON schema cannot say: refinements of our own. */
const corpus: unknown[] = [
  words,
  'abc',
  'abc-def',
  '0123456789abcdef0123456789abcdef',
  '1',
  '000000',
  'true',
  UUID,
  '2026-03-01',
  '2026-09-01',
  '2026-03-01T00:00:00Z',
  '2026-09-01T00:00:00Z',
  '13812345678',
  '11010519491231002X',
  '91350100M000100Y43',
  'a'.repeat(64),
  `1.${'A'.repeat(43)}`,
  '2026',
  '2026-03',
  '2026-Q1',
  '2',
  'Abcdef-12345',
  '/m/tasks',
  'figures:unit.count',
  'unit.count',
  'A..UNITS_UNITS',
  'INDICATOR',
  '1.0.0',
  'month',
  1,
  2,
  30,
  true,
  [words],
  [UUID],
  null,
  [{}],
]

export const valueAt = (value: unknown, path: readonly PropertyKey[]): any =>
  path.reduce<any>((v, k) => v?.[k as string], value)

/** A copy of `value` with what stands at `path` replaced (or, with `undefined`, taken out). */
export function put(value: unknown, path: readonly PropertyKey[], fresh: unknown): unknown {
  const copy = structuredClone(value)
  // a clone of a file is no file
  const file = (value as { body?: unknown } | null)?.body
  if (Buffer.isBuffer(file)) (copy as { body: unknown }).body = file
  const [last, parent] = [path.at(-1) as string, valueAt(copy, path.slice(0, -1))]
  if (path.length === 0) return fresh
  if (parent && typeof parent === 'object') {
    if (fresh === undefined && !Array.isArray(parent)) delete parent[last]
    else parent[last] = fresh
  }
  return copy
}

function repair(schema: z.ZodType, start: unknown): unknown {
  let value = start
  for (let round = 0; round < 40; round++) {
    const issues = schema.safeParse(value).error?.issues
    if (!issues) return value
    const { path } = issues[0] as { path: PropertyKey[] }
    const count = issues.length
    const better = corpus
      .map((c) => put(value, path, c))
      .find((v) => (schema.safeParse(v).error?.issues.length ?? 0) < count)
    if (better === undefined) return undefined
    value = better
  }
  return undefined
}

/** A valid input of a schema: with every optional field where that can be, else with none. */
export function sampleOf(schema: z.ZodType): unknown {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  for (const all of [true, false]) {
    const found = repair(schema, ofJson(json, json, all))
    if (found !== undefined) return found
  }
  throw new Error(`no sample for ${JSON.stringify(json).slice(0, 300)}; widen the corpus`)
}

export interface Input {
  params: Record<string, string>
  query: Record<string, string>
  body: unknown
}

export function inputOf(route: Route): Input {
  const params = (route.params ? sampleOf(route.params) : {}) as Record<string, string>
  const query = (route.query ? sampleOf(route.query) : {}) as Record<string, string>
  const body = route.upload ? Buffer.from('no file at all') : route.body ? sampleOf(route.body) : undefined
  return { params, query, body }
}

export const addressOf = (route: Route, { params, query }: Pick<Input, 'params' | 'query'>, extra = '') => {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? 'none')))
  const search = [new URLSearchParams(query).toString(), extra].filter(Boolean).join('&')
  return `/api${path}${search ? `?${search}` : ''}`
}

export function headersOf(route: Route, token: string | null): Record<string, string> {
  return {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(route.body ? { 'content-type': route.upload?.types[0] ?? 'application/json' } : {}),
    ...(route.ifMatch ? { 'if-match': '"1"' } : {}),
  }
}

export const payloadOf = (body: unknown): string | Buffer | undefined =>
  body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body)

/** Places of single values in an input. */
export function leavesOf(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return [path]
  return Object.entries(value).flatMap(([k, v]) => leavesOf(v, [...path, Array.isArray(value) ? Number(k) : k]))
}

/** The same input with every id in it replaced. */
export function withIds(input: Input, id: string): Input {
  const swap = (v: unknown): unknown => {
    if (v === UUID) return id
    if (Array.isArray(v)) return v.map(swap)
    return v && typeof v === 'object' && !Buffer.isBuffer(v)
      ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, swap(x)]))
      : v
  }
  return swap(input) as Input
}

export const hasIds = (input: Input) => JSON.stringify(input).includes(UUID)

const huge = '9007199254740993'

/** Replacements for a value, as JSON text: wrong types, numbers no double holds, what is no text (A-23, IN-09, IN-12). */
export function wrongFor(value: unknown): string[] {
  const shapes = [
    'null',
    'true',
    '[5]',
    '{}',
    '[]',
    '1.5',
    huge,
    '1e400',
    '-1',
    '"5"',
    '5',
    '""',
    '"\\u0000"',
    '"a\\ud800"',
    `"${'字'.repeat(70_000)}"`,
  ]
  return shapes.filter((s) => s !== JSON.stringify(value))
}

/** JSON texts that two readers could read differently, or that are no JSON (IN-12, IN-16). */
export function wrongTexts(body: unknown): string[] {
  const text = JSON.stringify(body)
  const inner = text.slice(1, -1)
  const doubled = /^("(?:[^"\\]|\\.)*":)/.exec(inner)?.[1]
  const more = (field: string) => `{${[inner, field].filter(Boolean).join(',')}}`
  return [
    more('"noSuchField":1'),
    more('"__proto__":{"admin":true}'),
    more('"constructor":{}'),
    `{${inner},}`,
    `\ufeff${text}`,
    `/* */${text}`,
    `${text}${text}`,
    'null',
    '[]',
    '"text"',
    '5',
    '',
    '{',
    '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]',
    ...(doubled ? [more(`${doubled}1`)] : []),
  ]
}
