import { z } from 'zod'
import { day, id, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const verbs = ['mechanism.read', 'mechanism.write'] as const

export const fail = problems('mechanism', {
  'not-found': { status: 404, text: '没有找到这项机制。' },
  'not-in-force': { status: 409, text: '“{name}”在{day}不在有效期内。' },
  'wrong-engine': { status: 422, text: '“{name}”不是这一类机制。' },
  'bad-settings': { status: 422, text: '机制“{name}”的设置不符合要求。' },
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
