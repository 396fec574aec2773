// Fastify carries the route table; everything that guards a request happens here, in this order:
// limits → origin → body → session and verb (inside the action's transaction) → answer through the declared schema.
import { createHash, randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Asker, Context, type Ground, type Keeping, resident } from '../context.ts'
import { QueueFull } from '../crypto.ts'
import { Problem, fail, present } from '../errors.ts'
import { log } from '../log.ts'
import { issuesOf } from './issues.ts'
import { readJson } from './json.ts'
import { type Limiter, limiter } from './limits.ts'
import { type FileAnswer, type Route, WithCookie } from './route.ts'

export interface ServerOptions {
  ground: Ground
  routes: readonly Route[]
  /** Address the browser sees; other origins may not change anything. */
  publicUrl?: string | undefined
  limit?: Limiter
}

const COOKIE = '__Host-jishi'
const SEALED_ANSWER = 'idempotency.response'

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
  const found = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w.-]{20,100})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
  return { token: found ?? null, byCookie: found !== undefined }
}

const setSessionCookie = (reply: FastifyReply, token: string | null) =>
  reply.header('set-cookie', `${COOKIE}=${token ?? ''}; Path=/; Secure; HttpOnly; SameSite=Strict${token ? '' : '; Max-Age=0'}`)

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
      if (value && typeof value === 'object' && Object.keys(value).length > 0) problems.push({ path: where, code: 'unknown' })
      return undefined
    }
    const result = schema.safeParse(value, { reportInput: true })
    if (!result.success) problems.push(...issuesOf(where, result.error))
    return result.data
  }
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

function keepingOf(route: Route, request: FastifyRequest, token: string | null, options: ServerOptions): Keeping | null {
  const key = request.headers['idempotency-key']
  if (route.method !== 'POST' || key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{8,100}$/.test(key)) throw fail('invalid', {}, [{ path: 'Idempotency-Key', code: 'format' }])
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
  return {
    actor: token ? hash(token).slice(0, 22) : 'resident',
    key,
    fingerprint: hash(JSON.stringify([route.operationId, request.params, request.query, request.body ?? null])),
    status: route.status ?? 200,
    seal: (result) => options.ground.vault.seal(SEALED_ANSWER, JSON.stringify(result ?? null)),
  }
}

const isKeyClash = (error: unknown) =>
  (error as { code?: string; constraint?: string })?.code === '23505' && /^idempotency/.test((error as { constraint?: string }).constraint ?? '')

/** A repeated request gets the stored answer; the same key with another body is refused (CO-12, CO-13). */
async function replay(ctx: Context, keeping: Keeping, options: ServerOptions): Promise<{ status: number; body: unknown } | null> {
  const row = await ctx.ground.database.transact({ district: ctx.district, mode: 'read' }, ({ db }) =>
    db
      .selectFrom('idempotency')
      .select(['fingerprint', 'status', 'response'])
      .where('district_id', '=', ctx.district)
      .where('actor', '=', keeping.actor)
      .where('key', '=', keeping.key)
      .executeTakeFirst(),
  )
  if (!row) return null
  if (row.fingerprint !== keeping.fingerprint) throw fail('key-reused')
  return { status: row.status, body: JSON.parse(options.ground.vault.open(SEALED_ANSWER, row.response)) }
}

function send(route: Route, reply: FastifyReply, result: unknown) {
  reply.header('cache-control', 'no-store')
  if (route.response === 'file') {
    const { file, name, type } = result as FileAnswer
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    return reply.type(type).send(file)
  }
  if (result instanceof WithCookie) {
    setSessionCookie(reply, result.token)
    return send(route, reply, result.answer)
  }
  if (route.response === 'none') return reply.code(route.status ?? 204).send()
  return reply.code(route.status ?? 200).send(route.response.parse(result))
}

/** A refusal by rule is final: the same key hears the same answer (CO-13). */
async function keepRefusal(ctx: Context, keeping: Keeping, problem: Problem) {
  const body = present(problem, ctx.asker.requestId)
  await ctx.ground.database.transact({ district: ctx.district, mode: 'write' }, ({ db, now }) =>
    db
      .insertInto('idempotency')
      .values({ district_id: ctx.district, actor: keeping.actor, key: keeping.key, fingerprint: keeping.fingerprint, status: problem.status, response: keeping.seal(body), at: now })
      .onConflict((c) => c.doNothing())
      .execute(),
  )
}

async function answerRepeat(ctx: Context, keeping: Keeping, route: Route, options: ServerOptions, reply: FastifyReply, error: unknown) {
  const stored = isKeyClash(error) || error instanceof Problem ? await replay(ctx, keeping, options) : null
  if (stored) {
    reply.header('cache-control', 'no-store').header('idempotency-replayed', 'true')
    return reply.code(stored.status).send(stored.status < 300 && typeof route.response !== 'string' ? route.response.parse(stored.body) : stored.body)
  }
  if (error instanceof Problem && (error.status === 409 || error.status === 422)) await keepRefusal(ctx, keeping, error)
  throw error
}

async function handle(route: Route, options: ServerOptions, limit: Limiter, request: FastifyRequest, reply: FastifyReply) {
  const { token, byCookie } = tokenOf(request)
  limit(route.rate, token ? token.slice(0, 24) : request.ip)
  if (byCookie || !token) refuseForeign(request, options.publicUrl)
  const asker: Asker = { token, requestId: request.id, address: request.ip }
  const district = districtOfToken(token)
  const open = route.permission === 'public'
  if (!open && district === 0) throw fail('unauthenticated')
  const keeping = keepingOf(route, request, token, options)
  const ctx = new Context(options.ground, asker, { district, keeping, ...(open && !token ? { actor: resident } : {}) })
  const { params, query, body, problems } = parseAll(route, request)
  if (problems.length > 0) {
    // A stranger learns nothing about shapes: who may not ask at all hears that first.
    if (!open) await ctx.read(route.permission === 'signed-in' ? null : route.permission, async () => {})
    throw fail('invalid', {}, problems)
  }
  try {
    return send(route, reply, await route.action(ctx, { params, query, body, version: versionOf(route, request) }))
  } catch (error) {
    if (keeping && ctx.district > 0) return answerRepeat(ctx, keeping, route, options, reply, error)
    throw error
  }
}

const fastifyProblems: Record<string, () => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => fail('too-large', { limit: '1 MB' }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => fail('wrong-type'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => fail('not-json', { reason: '内容为空' }),
  FST_ERR_BAD_URL: () => fail('not-found'),
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  if (error instanceof QueueFull) return fail('busy')
  const code = (error as { code?: string })?.code ?? ''
  if (fastifyProblems[code]) return fastifyProblems[code]()
  if (code === '23505' || code === '23P01' || code === '23503') return fail('conflict')
  if (code === '55P03' || code === '57014' || code === '40001' || code === '40P01') return fail('busy')
  return null
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error)
  if (!problem || problem.status >= 500) log.error({ requestId: request.id, code: problem?.code, error: String((error as Error)?.stack) }, 'request failed')
  const shown = problem ?? new Problem('core.unknown')
  if (shown.status === 503 || shown.status === 429) reply.header('retry-after', '2')
  if (shown.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(shown.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(present(shown, request.id)))
}

function checkTable(routes: readonly Route[]) {
  const seen = new Set<string>()
  for (const r of routes) {
    const missing = (['permission', 'operationId', 'summary', 'failures', 'rate', 'response', 'action'] as const).filter((k) => !r[k])
    if (missing.length > 0) throw new Error(`route ${r.method} ${r.path} does not state: ${missing.join(', ')}`)
    if (seen.has(r.operationId)) throw new Error(`operationId ${r.operationId} twice`)
    seen.add(r.operationId)
  }
}

export function createServer(options: ServerOptions): FastifyInstance {
  checkTable(options.routes)
  const app = Fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 100 },
  })
  const limit = options.limit ?? limiter()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // `application/json garbage` and the like are not JSON (Fastify CVE-2022-41919 and its kin)
    if (!/^application\/json(; ?charset=utf-8)?$/i.test(request.headers['content-type'] ?? '')) return done(fail('wrong-type'))
    try {
      done(null, readJson(body as string))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('onSend', async (request, reply) => {
    for (const [name, value] of Object.entries(headers)) reply.header(name, value)
    reply.header('x-request-id', request.id)
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) => answerError(fail('not-found'), request, reply))
  for (const route of options.routes) {
    app.route({
      method: route.method,
      exposeHeadRoute: false,
      url: `/api${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      handler: (request, reply) => handle(route, options, limit, request, reply),
    })
  }
  return app
}
