import { z } from 'zod'
import { can, day, id, listOf, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const verbs = ['mechanism.read', 'mechanism.write'] as const

export const fail = problems('mechanism', {
  'not-found': { status: 404, text: '没有找到这项机制。' },
  'not-in-force': { status: 409, text: '“{name}”在{day}不在有效期内。' },
  'wrong-engine': { status: 422, text: '“{name}”不是这一类机制。' },
  'unknown-engine': { status: 422, text: '没有“{engine}”这个引擎。' },
  'bad-settings': { status: 422, text: '机制“{name}”的设置不符合要求，请按提示改正。' },
})

export const Mechanism = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{2,60}$/),
    name: text(60),
    engine: z.string(),
    catalogueId: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()),
    ownerId: id,
    validFrom: day,
    validTo: day.nullable(),
  })
  .meta({ id: 'Mechanism' })
export type Mechanism = z.infer<typeof Mechanism>

export const MechanismRow = Mechanism.extend({
  ownerName: z.string(),
  version: z.int(),
  inForce: z.boolean(),
  can,
}).meta({ id: 'MechanismRow' })
export type MechanismRow = z.infer<typeof MechanismRow>

export const MechanismList = listOf(MechanismRow)

export const EditMechanism = z.strictObject({
  name: text(60),
  settings: z.record(z.string(), z.unknown()),
  validTo: day.nullable(),
  reason: text(200),
})
export type EditMechanism = z.infer<typeof EditMechanism>

export const EngineList = listOf(
  z.strictObject({
    name: z.string(),
    settings: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of the settings' }),
  }),
)
