// The API as the command line sees it: operations read from the same document that outside scripts use, one call at a time.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, EXIT, exitOf, type ProblemBody } from './answer.ts'

export interface Schema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
  $ref?: string
}

export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  permission: string
  rate: string
  parameters: { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema }[]
  /** Content type → schema. */
  body: Record<string, Schema>
}

interface Document {
  components: { schemas: Record<string, Schema> }
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string
        summary: string
        'x-permission': string
        'x-rate': string
        parameters: Operation['parameters']
        requestBody?: { content: Record<string, { schema: Schema }> }
      }
    >
  >
}

let known: Map<string, Operation> | undefined

/** Every operation of `docs/openapi.json` by its operationId. */
export const readOperations = (): ReadonlyMap<string, Operation> => (known ??= loadOperations())

function loadOperations(): Map<string, Operation> {
  const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as Document
  // a body or a parameter may be a named schema; its own fields are what is typed
  const meant = (schema: Schema): Schema =>
    schema.$ref ? meant(document.components.schemas[schema.$ref.split('/').at(-1) as string] ?? {}) : schema
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, o]): Operation => ({
        id: o.operationId,
        method: method.toUpperCase(),
        path,
        summary: o.summary,
        permission: o['x-permission'],
        rate: o['x-rate'],
        parameters: o.parameters.map((p) => ({ ...p, schema: meant(p.schema) })),
        body: Object.fromEntries(
          Object.entries(o.requestBody?.content ?? {}).map(([type, { schema }]) => [type, meant(schema)]),
        ),
      }),
    ),
  )
  return new Map(all.map((o) => [o.id, o]))
}

export interface Answer {
  status: number
  json: unknown
  /** Of an answer that is a file. */
  file: { name: string; bytes: Buffer } | null
}

export interface Asking {
  path?: Record<string, string>
  query?: Record<string, string>
  version?: number
  body?: { type: string; content: string | Uint8Array<ArrayBuffer> } | undefined
}

export interface Api {
  url: string
  call(operation: Operation, asking: Asking): Promise<Answer>
}

const TRIES = 3

function fileOf(reply: Response, bytes: Buffer): Answer['file'] {
  const header = reply.headers.get('content-disposition')
  const name = /filename\*=UTF-8''([^;]+)/.exec(header ?? '')?.[1]
  return name ? { name: decodeURIComponent(name).replace(/[/\\]/g, '_'), bytes } : null
}

async function answerOf(reply: Response): Promise<Answer> {
  const bytes = Buffer.from(await reply.arrayBuffer())
  const isJson = /json/.test(reply.headers.get('content-type') ?? '')
  const json = isJson ? (JSON.parse(bytes.toString()) as unknown) : null
  if (reply.ok) return { status: reply.status, json, file: fileOf(reply, bytes) }
  const problem = (json ?? {
    code: 'core.unknown',
    status: reply.status,
    title: `服务答复 ${reply.status}`,
  }) as ProblemBody
  throw new CommandError(problem.title, exitOf(reply.status), problem)
}

/** Speaks to one server with one token. What fails on the way is tried again under the same key, so nothing happens twice. */
export function newApi(url: string, token: string | undefined): Api {
  const base = url.replace(/\/+$/, '')
  return {
    url: base,
    async call(operation, { path = {}, query = {}, version, body }) {
      const target = new URL(
        base + operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? '')),
      )
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
      const headers: Record<string, string> = {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(operation.method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...(body ? { 'content-type': body.type } : {}),
      }
      for (let attempt = 1; ; attempt++) {
        const reply = await fetch(target, {
          method: operation.method,
          headers,
          ...(body ? { body: body.content } : {}),
        }).catch((error: Error) => error)
        const again = attempt < TRIES && (operation.method === 'GET' || operation.method === 'POST')
        if (reply instanceof Error) {
          if (!again)
            throw new CommandError(`连不上 ${base}，请检查地址，或先用 npm start 启动服务。`, EXIT.unavailable)
        } else if (!again || (reply.status !== 503 && reply.status !== 429)) return answerOf(reply)
        await sleep(1000 * attempt)
      }
    },
  }
}
