// The document outside scripts are written from: complete in itself, and about what is really served.
import { describe, expect, it } from 'vitest'
import { routes } from '#app.ts'
import { declaredProblems } from '#core/errors.ts'
import { openapi } from '#core/http/openapi.ts'
import { failuresOf } from '#core/http/route.ts'

type Json = Record<string, any>
const document = openapi(routes) as unknown as Json
const operations = Object.entries(document['paths'] as Json).flatMap(([path, methods]) =>
  Object.entries(methods as Json).map(([method, operation]) => ({ path, method, ...(operation as Json) }) as Json),
)

function* everything(value: unknown, path = '#'): Generator<[path: string, value: Json]> {
  if (value === null || typeof value !== 'object') return
  yield [path, value as Json]
  for (const [key, part] of Object.entries(value)) yield* everything(part, `${path}/${key}`)
}

const at = (pointer: string) =>
  pointer
    .slice(2)
    .split('/')
    .reduce<any>((value, key) => value?.[key], document)

describe('the API document', () => {
  it('resolves every reference from its own root (§2)', () => {
    const references = [...everything(document)].flatMap(([path, v]) =>
      typeof v['$ref'] === 'string' ? [[path, v['$ref']] as const] : [],
    )
    expect(references.length).toBeGreaterThan(100)
    expect(references.filter(([, to]) => at(to) === undefined)).toEqual([])
    expect([...everything(document)].filter(([, v]) => '$defs' in v)).toEqual([])
  })

  it('says of every value that is sent or received what it is (C-1)', () => {
    const open = [...everything(document)]
      .filter(([path, v]) => /\/(properties\/[^/]+|items|schema)$/.test(path) && Object.keys(v).length === 0)
      .map(([path]) => path)
    expect(open).toEqual([])
  })

  it('names the operations outside scripts rely on, each field of their requests explained or plain (§9)', () => {
    const relied =
      'openSession listUnits reorganiseUnits importPeople openDemand dispatchDemand signDemand publishTask claimTask submitWork acceptWork recordCallback closeDemand readFigures listEvidence buildReport verifyHistory'
    const plain =
      /^(id|login|password|title|detail|name|skills|search|on|from|to|note|startsAt|servedTo|report|fileName|kind|sort|code|tree|op|unitId|intoId|unitIds|successorIds|words|capacity|phone|reason)$/
    const unexplained = relied.split(' ').flatMap((id) => {
      const operation = operations.find((o) => o['operationId'] === id)
      if (!operation) return [`${id} is missing`]
      const content = Object.values((operation['requestBody']?.content ?? {}) as Json)
      const fields = content.flatMap(({ schema }) => Object.entries((schema.properties ?? {}) as Json))
      const asked = (operation['parameters'] as Json[]).map((p) => [p['name'], p['schema']] as [string, Json])
      return [...asked, ...fields]
        .filter(([name, s]) => !plain.test(name) && !/^(If-Match|Idempotency-Key)$/.test(name) && !s.description)
        .map(([name]) => `${id}.${name}`)
    })
    expect(unexplained).toEqual([])
  })

  it('states every refusal by a code that is declared', () => {
    const unknown = routes.flatMap((r) =>
      [...failuresOf(r)].filter((code) => !declaredProblems().has(code)).map((c) => `${r.operationId} ${c}`),
    )
    expect(unknown).toEqual([])
    expect(document['x-problems']['demand.wrong-state'].status).toBe(409)
  })
})
