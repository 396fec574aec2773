// OpenAPI 3.1 from the same table the server runs on.
import { z } from 'zod'
import { declaredProblems } from '../errors.ts'
import { takesKey } from './repeat.ts'
import { failuresOf, type Route, typesOf } from './route.ts'

type Json = Record<string, unknown>
type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json

const HERE = '#/components/schemas/'

/**
 * Turns schemas into JSON Schema whose named parts live once, in `components.schemas`: a reference resolves from the root of
 * the document, so a part kept inside the operation would be found by nobody. What is written otherwise than it is read
 * gets a name of its own.
 */
function collector(components: Record<string, Json>): SchemaOf {
  const isNew = (name: string, part: unknown) =>
    !components[name] || JSON.stringify(components[name]) === JSON.stringify(part)
  return (schema, io) => {
    const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: plain })
    const named = (suffix: string) => {
      const {
        $schema: _,
        $defs = {},
        ...rest
      } = JSON.parse(JSON.stringify(made), (key, value) =>
        key === '$ref' ? `${HERE}${String(value).slice('#/$defs/'.length)}${suffix}` : value,
      ) as Json & { $defs?: Record<string, Json> }
      return { rest, parts: Object.entries($defs).map(([name, part]) => [`${name}${suffix}`, part] as const) }
    }
    const plainly = named('')
    const { rest, parts } = plainly.parts.every(([name, part]) => isNew(name, part)) ? plainly : named('Input')
    for (const [name, part] of parts) {
      if (!isNew(name, part)) throw new Error(`two different schemas are called ${name}`)
      components[name] = part
    }
    return rest
  }
}

/** A format says what an id or an instant is; the pattern behind it would only fill pages. */
function plain({ jsonSchema }: { jsonSchema: Json }) {
  if (jsonSchema['format'] === 'uuid' || jsonSchema['format'] === 'date-time') delete jsonSchema['pattern']
  for (const [bound, limit] of [
    ['minimum', -Number.MAX_SAFE_INTEGER],
    ['maximum', Number.MAX_SAFE_INTEGER],
  ] as const)
    if (jsonSchema[bound] === limit) delete jsonSchema[bound]
}

function parametersOf(route: Route, schemaOf: SchemaOf) {
  const group = (schema: z.ZodType | undefined, where: 'path' | 'query') => {
    if (!schema) return []
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
      properties?: Record<string, Json>
      required?: string[]
    }
    return Object.entries(properties).map(([name, s]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      schema: s,
    }))
  }
  const extra = [
    ...(takesKey(route)
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

function answersOf(route: Route, schemaOf: SchemaOf) {
  const status = String(route.status ?? (route.response === 'none' ? 204 : 200))
  const ok =
    route.response === 'none'
      ? { description: 'done' }
      : route.response === 'file'
        ? {
            description: 'file',
            content: Object.fromEntries(
              typesOf(route).map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
            ),
          }
        : route.response === 'stream'
          ? { description: 'events', content: { 'text/event-stream': { schema: { type: 'string' } } } }
          : { description: 'ok', content: { 'application/json': { schema: schemaOf(route.response, 'output') } } }
  const byStatus = new Map<string, string[]>()
  for (const code of failuresOf(route)) {
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

const contentOf = (route: Route, body: z.ZodType, schemaOf: SchemaOf) =>
  route.upload
    ? Object.fromEntries(
        route.upload.types.map((type) => [
          type,
          { schema: { type: 'string', format: 'binary', maxLength: route.upload?.maxBytes } },
        ]),
      )
    : { 'application/json': { schema: schemaOf(body, 'input') } }

const text = (description: string) => ({ type: 'string', description })

const problemSchema = {
  type: 'object',
  description:
    'RFC 9457. Branch on `code`; `title` is for people. All codes with status and text stand in `x-problems`.',
  required: ['type', 'code', 'status', 'title', 'requestId'],
  properties: {
    type: text('urn:jishi:problem:<code>'),
    code: text('`<owner>.<name>`, e.g. demand.wrong-state'),
    status: { type: 'integer' },
    title: text('Chinese: what happened and what to do next'),
    ground: text('rule or article the refusal rests on'),
    requestId: text('the same as in the header x-request-id, the log and the history'),
    issues: {
      type: 'array',
      description: 'what was wrong where; path as in `contact.phone` or `rows.3.code`',
      items: {
        type: 'object',
        required: ['path', 'code', 'text'],
        properties: { path: { type: 'string' }, code: { type: 'string' }, text: { type: 'string' } },
      },
    },
  },
}

const guide = `Organisation work of a district: every number opens onto its records.

**Signing in.** \`openSession\` answers a token; send it as \`Authorization: Bearer <token>\`. One session per kind of client lives at a time.
Operations marked \`x-proof\` want the password given again (\`proveAgain\`) within the last five minutes.

**Rights.** \`x-permission\` is the verb asked for; what lies outside the asker's units is 404, inside without the verb 403. Answers carry \`can\`.

**Writing.** Bodies are strict: unknown fields are refused. Send an \`Idempotency-Key\` with every POST: the same key with the same content
within 72 hours has its effect once and gets the stored answer; with other content it is refused. Edits (PUT) state in \`If-Match\` the \`version\` they were made from.

**Reading.** Lists answer \`rows\` and the exact \`total\`; \`limit\` (default 50) and \`offset\` page through them. Days are \`YYYY-MM-DD\` in Asia/Shanghai, instants ISO 8601.

**Limits.** 429 and 503 carry \`Retry-After\`; try again then, with the same key. \`x-rate\` is the class an operation is counted in.

**The life of a demand.** \`openDemand\` → \`dispatchDemand\` (to a unit, or to volunteers as a task) → \`signDemand\` → \`contactResident\`, \`answerDemand\`
→ \`recordCallback\` by somebody else → \`closeDemand\`. **Of a task.** \`publishTask\` → \`claimTask\` → \`submitWork\` → \`acceptWork\`;
where the task was handed out from a demand, acceptance of its work answers the demand. **Of a number.** \`readFigures\` → \`listEvidence\` → \`buildReport\`.`

function operationOf(route: Route, schemaOf: SchemaOf) {
  const { operationId, summary, description } = route
  return {
    operationId,
    summary,
    ...(description ? { description } : {}),
    'x-permission': route.permission,
    'x-rate': route.rate,
    ...(route.proof ? { 'x-proof': true } : {}),
    security: route.permission === 'public' ? [] : [{ session: [] }],
    parameters: parametersOf(route, schemaOf),
    ...(route.body ? { requestBody: { required: true, content: contentOf(route, route.body, schemaOf) } } : {}),
    responses: answersOf(route, schemaOf),
  }
}

export function openapi(routes: readonly Route[]) {
  const schemas: Record<string, Json> = { Problem: problemSchema }
  const schemaOf = collector(schemas)
  // named as they are read; only what is written otherwise gets another name
  for (const { response } of routes) if (typeof response !== 'string') schemaOf(response, 'output')
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const at = `/api${route.path}`
    paths[at] = { ...paths[at], [route.method.toLowerCase()]: operationOf(route, schemaOf) }
  }
  const problems = [...declaredProblems()].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    openapi: '3.1.0',
    info: { title: 'Jishi 基石', version: '0.1.0', description: guide },
    servers: [{ url: '/' }],
    components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } }, schemas },
    paths,
    'x-problems': Object.fromEntries(problems),
  }
}
