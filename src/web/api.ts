// The one way the web speaks to the server. Types come from the modules' contracts by `import type`, so no schema is bundled.

export interface ApiIssue {
  path: string
  code: string
  text: string
}

/** What the server refused, in its own words (RFC 9457); status 0 means no answer came, so the outcome is unknown. */
export class ApiProblem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly ground: string | null
  readonly issues: readonly ApiIssue[]
  readonly requestId: string | null
  constructor(body: {
    code: string
    status: number
    title: string
    ground?: string
    issues?: ApiIssue[]
    requestId?: string
  }) {
    super(body.title)
    this.name = 'ApiProblem'
    this.code = body.code
    this.status = body.status
    this.title = body.title
    this.ground = body.ground ?? null
    this.issues = body.issues ?? []
    this.requestId = body.requestId ?? null
  }
  /** True where sending the same thing again, with the same key, is right: no answer, or the server was busy. */
  get unsettled() {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
  /** Text of the issue at a field, `contact.phone`, if there is one. */
  at(path: string) {
    return this.issues.find((i) => i.path === path)?.text
  }
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem({ code: 'web.broken', status: -1, title: '页面出错，请刷新后再试。' })

type Plain = string | number | boolean

export interface Sending {
  query?: Record<string, Plain | null | undefined>
  /** JSON, or a file as it is */
  body?: unknown
  /** Made when a form opens (`newKey`), kept until the answer is known: the same thing sent twice is done once. */
  idempotencyKey?: string
  /** Version of the record as it was read. */
  ifMatch?: number
  signal?: AbortSignal
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** A fresh idempotency key; `crypto.randomUUID` is younger than the phones we serve. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** `/demands?unit=…`: empty values are left out. */
export function withQuery(path: string, query: Sending['query'] = {}): string {
  const pairs = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== '')
  return pairs.length === 0
    ? path
    : `${path}?${pairs.map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(String(v))}`).join('&')}`
}

const SIGNED_OUT = 'jishi:signed-out'

/** Told whenever the server says that nobody is signed in (401). Returns the way to stop listening. */
export function onSignedOut(listener: (problem: ApiProblem) => void): () => void {
  const heard = (event: Event) => listener((event as CustomEvent<ApiProblem>).detail)
  window.addEventListener(SIGNED_OUT, heard)
  return () => window.removeEventListener(SIGNED_OUT, heard)
}

async function problemOf(reply: Response): Promise<ApiProblem> {
  const body = await reply.json().catch(() => null)
  if (body && typeof body.code === 'string') return new ApiProblem(body)
  return new ApiProblem({ code: 'web.no-answer', status: reply.status, title: '服务器没有正常答复，请稍候再试。' })
}

const bodyOf = (body: unknown): { type: string; body: BodyInit } =>
  body instanceof Blob ? { type: body.type, body } : { type: 'application/json', body: JSON.stringify(body) }

async function ask(method: Method, path: string, sending: Sending): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  const sent = sending.body === undefined ? null : bodyOf(sending.body)
  if (sent) headers['content-type'] = sent.type
  if (sending.idempotencyKey) headers['idempotency-key'] = sending.idempotencyKey
  if (sending.ifMatch !== undefined) headers['if-match'] = `"${sending.ifMatch}"`
  const reply = await fetch(`/api${withQuery(path, sending.query)}`, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    ...(sent ? { body: sent.body } : {}),
    ...(sending.signal ? { signal: sending.signal } : {}),
  }).catch((error: unknown) => {
    if ((error as Error)?.name === 'AbortError') throw error
    throw new ApiProblem({ code: 'web.offline', status: 0, title: '现在连不上网络，请检查信号后再试。' })
  })
  if (reply.ok) return reply
  const problem = await problemOf(reply)
  if (problem.status === 401 && path !== '/sessions')
    window.dispatchEvent(new CustomEvent(SIGNED_OUT, { detail: problem }))
  throw problem
}

/** One call: `call<DemandPage>('GET', `/demands/${id}`)`. @throws ApiProblem */
export async function call<T>(method: Method, path: string, sending: Sending = {}): Promise<T> {
  const reply = await ask(method, path, sending)
  if (reply.status === 204) return undefined as T
  return (await reply.json()) as T
}

/** A file the server makes: report, certificate, export. @throws ApiProblem */
export async function callFile(
  method: Method,
  path: string,
  sending: Sending = {},
): Promise<{ name: string; blob: Blob }> {
  const reply = await ask(method, path, sending)
  const named = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get('content-disposition') ?? '')?.[1]
  return { name: named ? decodeURIComponent(named) : 'file', blob: await reply.blob() }
}

/** Hands a made file to the browser's own saving. */
export function saveFile({ name, blob }: { name: string; blob: Blob }) {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Signs in; the session lives in a cookie that scripts can't read. */
export const openSession = (who: {
  login: string
  password: string
  code?: string
  district?: string
  client?: 'pc' | 'phone'
}) => call<{ token: null; expiresAt: string }>('POST', '/sessions', { body: { ...who, keep: 'cookie' } })

export const closeSession = () => call<void>('DELETE', '/sessions/current')
