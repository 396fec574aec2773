// From words to a request: options and their kinds follow from the operation's own schemas, so they cannot disagree with the server.
import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { parseArgs } from 'node:util'
import { parseFault, usage } from './answer.ts'
import type { Asking, Operation, Schema } from './api.ts'

export interface Field {
  /** As the API names it. */
  name: string
  /** As the person types it: `--place-id`. */
  option: string
  in: 'path' | 'query' | 'body'
  required: boolean
  schema: Schema
}

const JSON_TYPE = 'application/json'
const kebab = (name: string) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
/** Common to all commands; an operation's own field of the same name yields to them. */
export const COMMON = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  url: { type: 'string' },
  out: { type: 'string', short: 'o' },
  body: { type: 'string' },
} as const

export const isUpload = (operation: Operation) => Object.keys(operation.body).some((type) => type !== JSON_TYPE)

export function fieldsOf(operation: Operation): Field[] {
  const outside = operation.parameters
    .filter((p) => p.in !== 'header')
    .map(
      (p): Field => ({
        name: p.name,
        option: kebab(p.name),
        in: p.in as 'path' | 'query',
        required: p.required,
        schema: p.schema,
      }),
    )
  const { properties = {}, required = [] } = operation.body[JSON_TYPE] ?? {}
  const taken = new Set<string>([...outside.map((f) => f.option), ...Object.keys(COMMON)])
  const inside = Object.entries(properties).map(([name, schema]): Field => {
    const option = kebab(name)
    return {
      name,
      option: taken.has(option) ? `body-${option}` : option,
      in: 'body',
      required: required.includes(name),
      schema,
    }
  })
  return [...outside, ...inside]
}

/** `string` … `object`; of a choice between shapes the plainest. */
export function kindOf(schema: Schema): string {
  const types = [schema.type, ...(schema.anyOf ?? []).map((s) => s.type)]
    .flat()
    .filter((t) => t !== undefined && t !== 'null')
  return ['string', 'integer', 'number', 'boolean', 'array', 'object'].find((t) => types.includes(t)) ?? 'string'
}

function valueOf(field: Field, text: string): unknown {
  const kind = kindOf(field.schema)
  if (field.in !== 'body' || kind === 'string') return text
  if (kind === 'integer' || kind === 'number') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw usage(`--${field.option} 应为数字`)
    return Number(text)
  }
  if (kind === 'boolean') return text === 'true'
  if (kind === 'array' && !/^\s*\[/.test(text)) return text.split(',').map((part) => part.trim())
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text) as unknown
  } catch {
    throw usage(`--${field.option} 应为 JSON，或 @文件名`)
  }
}

export interface Parsed {
  asking: Asking
  json: boolean
  url: string | undefined
  out: string | undefined
  /** The operation edits and no version was given: it is read first. */
  needsVersion: boolean
}

const uploadTypes: Record<string, RegExp> = {
  '.xlsx': /spreadsheetml/,
  '.csv': /csv/,
  '.docx': /wordprocessingml/,
  '.zip': /zip/,
  '.txt': /plain/,
}

function uploadOf(operation: Operation, path: string | undefined): Asking['body'] {
  if (!path) throw usage('请给出要导入的文件')
  const wanted = uploadTypes[extname(path).toLowerCase()]
  const type = Object.keys(operation.body).find((t) => wanted?.test(t))
  if (!type) throw usage(`不支持这种文件：${path}`)
  return { type, content: new Uint8Array(readFileSync(path)) }
}

function bodyOf(
  operation: Operation,
  fields: readonly Field[],
  given: ReadonlyMap<string, unknown>,
  raw: string | undefined,
): Asking['body'] {
  if (!operation.body[JSON_TYPE]) return undefined
  let content: Record<string, unknown> = {}
  if (raw !== undefined) {
    try {
      content = JSON.parse(
        raw === '-' ? readFileSync(0, 'utf8') : raw.startsWith('@') ? readFileSync(raw.slice(1), 'utf8') : raw,
      ) as Record<string, unknown>
    } catch {
      throw usage('--body 应为 JSON、@文件名，或 - 表示从标准输入读')
    }
  }
  for (const f of fields) if (f.in === 'body' && given.has(f.name)) content[f.name] = given.get(f.name)
  const missing = fields.filter((f) => f.in === 'body' && f.required && content[f.name] === undefined)
  if (missing.length > 0) throw usage(`缺少 ${missing.map((f) => `--${f.option}`).join('、')}`)
  return { type: JSON_TYPE, content: JSON.stringify(content) }
}

/** Reads the words after the command. `takes` names the fields that may stand without their option, in order. */
export function parse(operation: Operation, words: readonly string[], takes: readonly string[]): Parsed {
  const fields = fieldsOf(operation)
  const edits = operation.parameters.some((p) => p.name === 'If-Match')
  const own = Object.fromEntries(
    fields.map((f) => [
      f.option,
      { type: kindOf(f.schema) === 'boolean' && f.in === 'body' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  let read: { values: Record<string, string | boolean | undefined>; positionals: string[] }
  try {
    read = parseArgs({
      args: [...words],
      options: { ...own, ...COMMON, ...(edits ? { version: { type: 'string' } } : {}) },
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    }) as typeof read
  } catch (error) {
    const fault = parseFault(error)
    throw fault ? usage(`选项有误。${fault}`) : error
  }
  const { values, positionals } = read
  const upload = isUpload(operation) ? positionals.shift() : undefined
  // The name rides beside the bytes where the operation keeps it.
  if (upload && fields.some((f) => f.name === 'fileName')) values['file-name'] ??= basename(upload)
  if (positionals.length > takes.length) throw usage(`多余的参数：${positionals.slice(takes.length).join(' ')}`)
  const given = new Map<string, unknown>()
  for (const field of fields) {
    const at = takes.indexOf(field.name)
    const value = values[field.option] ?? (at >= 0 ? positionals[at] : undefined)
    if (value !== undefined) given.set(field.name, typeof value === 'boolean' ? value : valueOf(field, value))
    else if (field.required && field.in !== 'body')
      throw usage(`缺少 ${at >= 0 ? `<${field.option}>` : `--${field.option}`}`)
  }
  const pick = (where: Field['in']) =>
    Object.fromEntries(
      fields.filter((f) => f.in === where && given.has(f.name)).map((f) => [f.name, String(given.get(f.name))]),
    )
  const version = values['version'] === undefined ? undefined : Number(values['version'])
  const asking: Asking = {
    path: pick('path'),
    query: pick('query'),
    body: isUpload(operation)
      ? uploadOf(operation, upload)
      : bodyOf(operation, fields, given, values['body'] as string | undefined),
    ...(version === undefined ? {} : { version }),
  }
  return {
    asking,
    json: values['json'] === true,
    url: values['url'] as string | undefined,
    out: values['out'] as string | undefined,
    needsVersion: edits && version === undefined,
  }
}
