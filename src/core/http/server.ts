// Fastify carries the route table; everything that guards a request happens here, in this order:
// limits → origin → body → session and verb (inside the action's transaction) → answer through the declared schema.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Asker, Context, type Door, type Ground, resident } from '../context.ts'
import { QueueFull } from '../crypto.ts'
import { fail, isFull, Problem, present } from '../errors.ts'
import { log } from '../log.ts'
import { issuesOf } from './issues.ts'
import { isNoText, readJson } from './json.ts'
import { type Limiter, limiter, type Pace, pacer } from './limits.ts'
import { type Earlier, earlierOf, keepingOf, settle } from './repeat.ts'
import { readsPages, showMissing } from './static.ts'
import { type EventStream, failuresOf, type FileAnswer, type Route, typesOf, WithCookie } from './route.ts'
import { guardTerminals, type Terminals } from './terminals.ts'

export interface ServerOptions {
  ground: Ground
  routes: readonly Route[]
  /** Address the browser sees; other origins may not change anything. */
  publicUrl?: string | undefined
  limit?: Limiter
  pace?: Pace
  /** Told of every request that did what it asked for. */
  served?: (district: number, route: Route) => void
  /** Addresses of the proxies in front: only what they say about who asks is believed. */
  proxies?: readonly string[] | undefined
  /** Where administration is done from. */
  terminals?: Terminals | undefined
  /** Told of a refusal that the route does not state among its failures. */
  undeclared?: ((operationId: string, code: string) => void) | undefined
}

const COOKIE = '__Host-jishi'
const DEVICE_COOKIE = '__Host-jishi-device'
const MB = 1024 * 1024

const headers: Record<string, string> = {
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), camera=(), microphone=()',
}

function tokenOf(request: FastifyRequest): { token: string | null; byCookie: boolean } {
  const bearer = /^Bearer ([\w.-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1]
  if (bearer) return { token: bearer, byCookie: false }
  const found = cookieOf(request, COOKIE)
  return { token: found, byCookie: found !== null }
}

/** The first cookie of that name; both our names are `__Host-`, so a sibling host cannot plant one. */
function cookieOf(request: FastifyRequest, name: string): string | null {
  const all = (request.headers.cookie ?? '').slice(0, 8192).split(';')
  const value = all
    .map((c) => c.trim())
    .find((c) => c.startsWith(`${name}=`))
    ?.slice(name.length + 1)
  return value !== undefined && /^[\w.-]{20,100}$/.test(value) ? value : null
}

const cookie = (name: string, value: string | null, seconds?: number) =>
  `${name}=${value ?? ''}; Path=/; Secure; HttpOnly; SameSite=Strict${value ? '' : '; Max-Age=0'}${value && seconds ? `; Max-Age=${seconds}` : ''}`

const DEVICE_SECONDS = 180 * 86_400

const setCookies = (reply: FastifyReply, { token, device }: WithCookie) =>
  reply.header('set-cookie', [
    cookie(COOKIE, token),
    ...(device ? [cookie(DEVICE_COOKIE, device, DEVICE_SECONDS)] : []),
  ])

const districtOfToken = (token: string | null) => {
  const n = Number(/^(\d{1,6})\./.exec(token ?? '')?.[1])
  return Number.isInteger(n) && n > 0 ? n : 0
}

/** A browser names the page a request comes from; a foreign page may change nothing (SE-09, SE-11). */
function refuseForeign(request: FastifyRequest, publicUrl: string | undefined) {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const origin = request.headers.origin
  if (origin === undefined && (request.headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin') return
  const own = publicUrl ? new URL(publicUrl).host : request.headers.host
  const host = /^https?:\/\/([^/]+)$/.exec(origin ?? '')?.[1]
  if (host !== own) throw fail('foreign-origin')
}

type Schema = z.ZodType | undefined

function parseAll(route: Route, request: FastifyRequest) {
  const problems: Problem['issues'] = []
  const parse = (where: string, schema: Schema, value: unknown) => {
    if (!schema) {
      if (value && typeof value === 'object' && Object.keys(value).length > 0)
        problems.push({ path: where, code: 'unknown' })
      return undefined
    }
    const result = schema.safeParse(value, { reportInput: true })
    if (!result.success) problems.push(...issuesOf(where, result.error))
    return result.data
  }
  for (const [name, value] of Object.entries({ ...(request.params as object), ...(request.query as object) }))
    if (isNoText(name) || (typeof value === 'string' && isNoText(value)))
      problems.push({ path: isNoText(name) ? 'query' : name, code: 'bad-characters' })
  const params = parse('', route.params, request.params)
  const query = parse('', route.query, request.query)
  const body = parse('', route.body, request.body ?? (route.body ? undefined : {}))
  return { params, query, body, problems }
}

function versionOf(route: Route, request: FastifyRequest): number {
  if (!route.ifMatch) return 0
  const match = /^"?(\d{1,9})"?$/.exec(request.headers['if-match'] ?? '')
  if (!match) throw fail('version-needed')
  return Number(match[1])
}

function send(route: Route, reply: FastifyReply, result: unknown) {
  reply.header('cache-control', 'no-store')
  if (route.response === 'file') {
    const { file, name, type } = result as FileAnswer
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    return reply.type(type ?? (typesOf(route)[0] as string)).send(file)
  }
  if (result instanceof WithCookie) {
    setCookies(reply, result)
    return send(route, reply, result.answer)
  }
  if (route.response === 'stream') {
    // a proxy that gathers before it sends would make a live board a late one; a stream's connection serves nothing after it
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('x-accel-buffering', 'no')
      .header('connection', 'close')
      .send((result as EventStream).stream)
  }
  if (route.response === 'none') return reply.code(route.status ?? 204).send()
  return reply.code(route.status ?? 200).send(route.response.parse(result))
}

function sendAgain(route: Route, reply: FastifyReply, { status, body }: Earlier) {
  reply.header('cache-control', 'no-store').header('idempotency-replayed', 'true').code(status)
  if (status >= 400) return reply.type('application/problem+json; charset=utf-8').send(body)
  if (route.response === 'none') return reply.send()
  return reply.send(typeof route.response === 'string' ? body : route.response.parse(body))
}

/** A made-up token must not buy a bucket of its own, so the address is counted too; who is signed in shares it with an office (SE-14). */
function count(limit: Limiter, route: Route, token: string | null, address: string) {
  const anonymous = !token || route.rate === 'login' || route.rate === 'public'
  if (!anonymous) limit(route.rate, token.slice(0, 24))
  limit(route.rate, address, anonymous ? 1 : 10)
}

interface Gate {
  options: ServerOptions
  limit: Limiter
  pace: Pace
  guard: ReturnType<typeof guardTerminals>
}

async function handle(
  route: Route,
  { options, limit, pace, guard }: Gate,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { token, byCookie } = tokenOf(request)
  count(limit, route, token, request.ip)
  if (byCookie || !token) refuseForeign(request, options.publicUrl)
  const asker: Asker = { token, requestId: request.id, address: request.ip, device: cookieOf(request, DEVICE_COOKIE) }
  const district = districtOfToken(token)
  const open = route.permission === 'public'
  if (!open && district === 0) throw fail('unauthenticated')
  const keeping = keepingOf(route, request, options.ground.vault)
  const door: Door = {
    permission: route.permission,
    proof: route.proof ?? false,
    refusal: null,
    served: 0,
    account: null,
  }
  const ctx = new Context(options.ground, asker, {
    district,
    keeping,
    door,
    ...(open && !token ? { actor: resident } : {}),
  })
  await guard(ctx, route)
  const { params, query, body, problems } = parseAll(route, request)
  if (problems.length > 0) {
    // A stranger learns nothing about shapes: who may not ask at all hears that first.
    if (!open) await ctx.read(null, async () => {})
    throw fail('invalid', {}, problems)
  }
  const act = async () => {
    const accept = request.headers.accept ?? ''
    const result = await route.action(ctx, { params, query, body, version: versionOf(route, request), accept })
    if (door.refusal) throw door.refusal
    if (route.persons && door.account) pace(door.account, route.persons(result))
    options.served?.(door.served, route)
    const earlier = await settle(route, options.ground, keeping, result)
    return earlier ? sendAgain(route, reply, earlier) : send(route, reply, result)
  }
  try {
    return await act()
  } catch (error) {
    const earlier = await earlierOf(options.ground, keeping, { error, requestId: request.id })
    return earlier === 'again' ? act() : sendAgain(route, reply, earlier)
  }
}

const fastifyProblems: Record<string, (request: FastifyRequest) => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (request) =>
    fail('too-large', { limit: `${Math.round(request.routeOptions.bodyLimit / MB)} MB` }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => fail('wrong-type'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => fail('not-json', { reason: '内容为空' }),
  FST_ERR_BAD_URL: () => fail('not-found'),
  FST_ERR_MAX_PARAM_LENGTH: () => fail('not-found'),
}

const exhausted = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'])

function problemOf(error: unknown, request: FastifyRequest): Problem | null {
  if (error instanceof Problem) return error
  if (error instanceof QueueFull) return fail('busy')
  const code = (error as { code?: string })?.code ?? ''
  if (fastifyProblems[code]) return fastifyProblems[code](request)
  if (code === '23505' || code === '23P01' || code === '23503') return fail('conflict')
  // a right taken from the application's role: nothing was done, and nothing is done without its record (AD-06)
  if (code === '42501' && String((error as Error).message).startsWith('permission denied for'))
    return fail('unavailable')
  if (isFull(error)) return fail('storage-full')
  // no descriptor, no process, no memory left for it: what was asked did not begin (DE-08)
  if (exhausted.has(code)) return fail('busy')
  if (code === '55P03' || code === '57014' || code === '40001' || code === '40P01') return fail('busy')
  return null
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error, request)
  // who goes away in the middle of sending is no fault of ours, and hears no answer
  const gone = request.raw.destroyed && !request.raw.complete
  if (gone) log.info({ requestId: request.id }, 'given up while sending')
  else if (!problem || problem.status >= 500)
    log.error({ requestId: request.id, code: problem?.code, error: String((error as Error)?.stack) }, 'request failed')
  const shown = problem ?? new Problem('core.unknown')
  if (shown.status === 503 || shown.status === 429) reply.header('retry-after', '2')
  if (shown.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(shown.status)
    .headers({ ...headers, 'x-request-id': request.id, 'cache-control': 'no-store' })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(present(shown, request.id)))
}

/** What is no HTTP at all is told so and cut off, so that nothing behind it can be taken for a request of its own (HT-04). */
function answerBroken(error: Error & { code?: string }, socket: Socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request'
  const body = JSON.stringify({
    type: 'urn:jishi:problem:core.broken',
    code: 'core.broken',
    status: Number(status.slice(0, 3)),
    title: '请求不合规。',
    requestId: randomUUID(),
  })
  const lines = [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'cache-control: no-store',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${[...lines, ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`)].join('\r\n')}\r\n\r\n${body}`)
}

function checkTable(routes: readonly Route[]) {
  const seen = new Set<string>()
  for (const r of routes) {
    const missing = (
      ['permission', 'operationId', 'summary', 'failures', 'rate', 'response', 'action'] as const
    ).filter((k) => !r[k])
    const unsaid = r.response === 'file' && !r.produces ? [...missing, 'produces'] : missing
    if (unsaid.length > 0) throw new Error(`route ${r.method} ${r.path} does not state: ${unsaid.join(', ')}`)
    if (seen.has(r.operationId)) throw new Error(`operationId ${r.operationId} twice`)
    seen.add(r.operationId)
  }
}

const urlOf = (route: Route) => `/api${route.path.replace(/\{(\w+)\}/g, ':$1')}`

function tellUndeclared(route: Route, options: ServerOptions, error: unknown): never {
  if (error instanceof Problem && !failuresOf(route).has(error.code))
    options.undeclared?.(route.operationId, error.code)
  throw error
}

/** JSON as JSON and nothing else; files as the bytes they are, on the routes that take them. */
function readBodies(app: FastifyInstance, routes: readonly Route[]) {
  app.removeAllContentTypeParsers()
  const uploads = new Map<string, NonNullable<Route['upload']>>(
    routes.flatMap((r) => (r.upload ? [[`${r.method} ${urlOf(r)}`, r.upload] as const] : [])),
  )
  const uploadOf = (request: FastifyRequest) => uploads.get(`${request.method} ${request.routeOptions.url}`)
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // `application/json garbage` and the like are not JSON (Fastify CVE-2022-41919 and its kin)
    if (uploadOf(request) || !/^application\/json(; ?charset=utf-8)?$/i.test(request.headers['content-type'] ?? ''))
      return done(fail('wrong-type'))
    try {
      done(null, readJson(body as string))
    } catch (error) {
      done(error as Error)
    }
  })
  for (const type of new Set([...uploads.values()].flatMap((u) => u.types))) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) =>
      uploadOf(request)?.types.includes(request.headers['content-type'] ?? '')
        ? done(null, body)
        : done(fail('wrong-type')),
    )
  }
}

export function createServer(options: ServerOptions): FastifyInstance {
  checkTable(options.routes)
  const app = Fastify({
    logger: false,
    bodyLimit: MB,
    requestTimeout: 30_000,
    // headers within 10 s, looked at every 5 s (A-28)
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    connectionTimeout: 0,
    clientErrorHandler: answerBroken,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    // keys of statistics name many units at once; their programs end addresses with a slash
    routerOptions: { maxParamLength: 1000, ignoreTrailingSlash: true },
    trustProxy: options.proxies && options.proxies.length > 0 ? [...options.proxies] : false,
  })
  const limit = options.limit ?? limiter()
  const pace = options.pace ?? pacer()
  const guard = guardTerminals(options.terminals ?? { from: [], verbs: new Set() })
  readBodies(app, options.routes)
  app.addHook('onRequest', async (request, reply) => {
    // Node takes the first of two Host lines, a proxy may take the other (HT-04)
    const hosts = request.raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
    if (hosts.length <= 1) return
    reply.header('connection', 'close')
    throw fail('ambiguous')
  })
  app.addHook('onSend', async (request, reply) => {
    for (const [name, value] of Object.entries(headers)) reply.header(name, value)
    reply.header('x-request-id', request.id)
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    readsPages(request) ? showMissing(reply) : answerError(fail('not-found'), request, reply),
  )
  for (const route of options.routes) {
    app.route({
      method: route.method,
      exposeHeadRoute: false,
      url: urlOf(route),
      ...(route.upload ? { bodyLimit: route.upload.maxBytes } : {}),
      handler: (request, reply) =>
        handle(route, { options, limit, pace, guard }, request, reply).catch((error: unknown) =>
          tellUndeclared(route, options, error),
        ),
    })
  }
  return app
}
