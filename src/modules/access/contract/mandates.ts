import { z } from 'zod'
import { can, id, instant, listOf, paging, text } from '#core/contract.ts'

/** Roles are data of the district (pack): a set of verbs, and whether it is one of the three officers. */
export const PackRole = z.strictObject({
  id: z.string().regex(/^[a-z-]{2,30}$/),
  name: text(20),
  verbs: z.array(z.string()),
  officer: z.enum(['system', 'security', 'audit']).nullable(),
})
export type PackRole = z.infer<typeof PackRole>

export const Role = PackRole.extend({
  secondFactor: z.boolean().meta({ description: 'follows from the verbs: one of them is weighty' }),
})
export type Role = z.infer<typeof Role>
export const RoleList = listOf(Role.meta({ id: 'Role' }))

const term = {
  from: instant.optional().meta({ description: 'now when absent' }),
  to: instant.optional().meta({ description: 'without end when absent' }),
}

export const GrantMandate = z.strictObject({
  accountId: id,
  role: z.string().regex(/^[a-z-]{2,30}$/, { error: 'format' }),
  unitId: id,
  ...term,
  reason: text(200, 2),
})
export type GrantMandate = z.infer<typeof GrantMandate>

export const Granted = z
  .strictObject({
    mandateId: id.nullable(),
    requestId: id.nullable().meta({ description: 'an officer’s mandate waits for a second officer' }),
  })
  .meta({ id: 'Granted' })
export type Granted = z.infer<typeof Granted>

export const DelegateMandate = z.strictObject({
  login: text(40, 3),
  unitId: id.meta({ description: 'own unit or one below it' }),
  from: term.from,
  to: instant,
  reason: text(200, 2),
})
export type DelegateMandate = z.infer<typeof DelegateMandate>

export const EndMandate = z.strictObject({ reason: text(200, 2) })
export type EndMandate = z.infer<typeof EndMandate>

export const Mandate = z
  .strictObject({
    id,
    accountId: id,
    login: z.string(),
    name: z.string(),
    role: z.string(),
    roleName: z.string(),
    officer: z.enum(['system', 'security', 'audit']).nullable(),
    unitId: id,
    unitName: z.string(),
    from: instant,
    to: instant.nullable(),
    grantedBy: z.string().nullable().meta({ description: 'name of the grantor' }),
    delegated: z.boolean(),
    can,
  })
  .meta({ id: 'Mandate' })
export type Mandate = z.infer<typeof Mandate>

export const ListMandatesQuery = z.strictObject({
  unit: id.optional().meta({ description: 'this unit and everything below it' }),
  account: id.optional(),
  role: z.string().max(30).optional(),
  when: z
    .enum(['now', 'all'])
    .optional()
    .meta({ description: 'now (default): in force or planned; all: ended ones too' }),
  ...paging,
})
export type ListMandatesQuery = z.infer<typeof ListMandatesQuery>
export const MandateList = listOf(Mandate)

export const MandateRequest = z
  .strictObject({
    id,
    accountId: id,
    login: z.string(),
    name: z.string(),
    role: z.string(),
    roleName: z.string(),
    unitId: id,
    unitName: z.string(),
    from: instant,
    to: instant.nullable(),
    reason: z.string(),
    hash: z.string().meta({ description: 'of the content; the confirmation names it' }),
    askedBy: z.string(),
    askedAt: instant,
    can,
  })
  .meta({ id: 'MandateRequest' })
export type MandateRequest = z.infer<typeof MandateRequest>
export const MandateRequestList = listOf(MandateRequest)

export const DecideMandate = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/, { error: 'format' }),
  granted: z.boolean(),
})
export type DecideMandate = z.infer<typeof DecideMandate>
export const Decided = z.strictObject({ mandateId: id.nullable() })
