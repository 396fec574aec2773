// What leaves by the door is what its schema names, at every depth; a column too many is our fault and nobody's to read (AZ-18).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { routes } from '#app.ts'
import { limiter } from '#core/http/limits.ts'
import { type Route, route } from '#core/http/route.ts'
import { createServer } from '#core/http/server.ts'
import { type Base, openBase } from './harness.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

type Shape = { [key: string]: unknown }

/** Objects of a JSON schema that would let unknown fields through, by their place in it. */
function open(shape: unknown, at: string): string[] {
  if (Array.isArray(shape)) return shape.flatMap((s, i) => open(s, `${at}[${i}]`))
  if (typeof shape !== 'object' || shape === null) return []
  const own = shape as Shape
  const more = own['additionalProperties'] ?? {}
  const loose = own['type'] === 'object' && (more === true || (more !== false && Object.keys(more).length === 0))
  return [...(loose ? [at] : []), ...Object.entries(own).flatMap(([key, inner]) => open(inner, `${at}.${key}`))]
}

/** Reviewed: what a mechanism is set to has the schema of its engine; what an act changed is what its use case entered, ids and codes. */
const reviewed = [
  'readPerson.$defs.PersonPage.properties.changes.items.properties.change',
  'readMyPerson.$defs.PersonPage.properties.changes.items.properties.change',
  'readTalent.$defs.TalentPage.properties.timeline.items.properties.change',
  'readMine.$defs.MyRecord.properties.entries.items.properties.change',
  'listHistory.$defs.HistoryEntry.properties.change',
  'listMechanisms.$defs.MechanismRow.properties.settings',
  'listEngines.properties.rows.items.properties.settings',
  'readDemand.$defs.DemandPage.properties.timeline.items.properties.change',
  'readForm.$defs.FormPage.properties.timeline.items.properties.change',
]

const answered = (r: Route) => (typeof r.response === 'string' ? [] : [[r.operationId, r.response] as const])

describe('an answer', () => {
  it('has a shape that is closed at every depth (AZ-18, AZ-16)', () => {
    const shapes = routes.flatMap(answered)
    expect(shapes.length).toBeGreaterThan(100)
    const found = shapes.flatMap(([name, shape]) =>
      open(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }), name),
    )
    expect(found).toEqual(reviewed)
    expect(open(z.toJSONSchema(z.object({ a: z.looseObject({}) }), { io: 'input' }), 'x')).toEqual(
      expect.arrayContaining(['x.properties.a']),
    )
  })

  it('with a column its schema does not name is not sent, and the column stands in no error (AZ-18)', async () => {
    const leaking = route({
      method: 'GET',
      path: '/leak',
      operationId: 'leak',
      summary: 'A row as it lies in the table',
      permission: 'public',
      response: z.strictObject({ rows: z.array(z.strictObject({ name: z.string() })) }),
      failures: ['core.unknown'],
      rate: 'read',
      action: async () => ({ rows: [{ name: '林小满', idSealed: '※420304199001011234' }] }),
    })
    const server = createServer({ ground: base.ground, routes: [leaking], limit: limiter(0) })
    const reply = await server.inject({ url: '/api/leak' })
    await server.close()
    expect(reply.statusCode).toBe(500)
    expect(reply.body).not.toContain('※')
    expect(reply.body).not.toContain('idSealed')
    expect(JSON.stringify(reply.headers)).not.toContain('※')
  })
})
