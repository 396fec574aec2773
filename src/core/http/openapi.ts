// OpenAPI 3.1 from the same table the server runs on.
import { z } from 'zod'
import { declaredProblems } from '../errors.ts'
import type { Route } from './route.ts'

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest as Record<string, unknown> & { properties?: Record<string, unknown>; required?: string[] }
}

function parametersOf(route: Route) {
  const group = (schema: z.ZodType | undefined, where: 'path' | 'query') => {
    if (!schema) return []
    const { properties = {}, required = [] } = schemaOf(schema, 'input')
    return Object.entries(properties).map(([name, s]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      schema: s,
    }))
  }
  const extra = [
    ...(route.method === 'POST'
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: false,
            schema: { type: 'string', minLength: 8, maxLength: 100 },
          },
        ]
      : []),
    ...(route.ifMatch ? [{ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' } }] : []),
  ]
  return [...group(route.params, 'path'), ...group(route.query, 'query'), ...extra]
}

function answersOf(route: Route) {
  const status = String(route.status ?? (route.response === 'none' ? 204 : 200))
  const ok =
    route.response === 'none'
      ? { description: 'done' }
      : route.response === 'file'
        ? {
            description: 'file',
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          }
        : route.response === 'stream'
          ? { description: 'events', content: { 'text/event-stream': { schema: { type: 'string' } } } }
          : { description: 'ok', content: { 'application/json': { schema: schemaOf(route.response, 'output') } } }
  const byStatus = new Map<string, string[]>()
  const always = [
    'core.invalid',
    'core.too-many',
    'core.busy',
    ...(route.permission === 'public' ? [] : ['core.unauthenticated', 'core.forbidden']),
    ...(route.proof ? ['core.proof-needed'] : []),
  ]
  for (const code of [...route.failures, ...always]) {
    const at = String(declaredProblems().get(code)?.status ?? 500)
    byStatus.set(at, [...(byStatus.get(at) ?? []), code])
  }
  const problems = [...byStatus].map(([at, codes]) => [
    at,
    {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ])
  return { [status]: ok, ...Object.fromEntries(problems) }
}

const contentOf = (route: Route, body: z.ZodType) =>
  route.upload
    ? Object.fromEntries(
        route.upload.types.map((type) => [
          type,
          { schema: { type: 'string', format: 'binary', maxLength: route.upload?.maxBytes } },
        ]),
      )
    : { 'application/json': { schema: schemaOf(body, 'input') } }

const problemSchema = {
  type: 'object',
  required: ['type', 'code', 'status', 'title', 'requestId'],
  properties: {
    type: { type: 'string' },
    code: { type: 'string' },
    status: { type: 'integer' },
    title: { type: 'string' },
    ground: { type: 'string' },
    requestId: { type: 'string' },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, code: { type: 'string' }, text: { type: 'string' } },
      },
    },
  },
}

export function openapi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const operation = {
      operationId: route.operationId,
      summary: route.summary,
      'x-permission': route.permission,
      'x-rate': route.rate,
      ...(route.proof ? { 'x-proof': true } : {}),
      security: route.permission === 'public' ? [] : [{ session: [] }],
      parameters: parametersOf(route),
      ...(route.body ? { requestBody: { required: true, content: contentOf(route, route.body) } } : {}),
      responses: answersOf(route),
    }
    const at = `/api${route.path}`
    paths[at] = { ...paths[at], [route.method.toLowerCase()]: operation }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Jishi 基石',
      version: '0.1.0',
      description: 'Organisation work of a district: every number opens onto its records.',
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: { session: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: problemSchema },
    },
    paths,
  }
}
