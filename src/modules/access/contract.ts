import { z } from 'zod'
import { id, instant, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const verbs = ['account.read', 'account.write', 'mandate.grant', 'history.read', 'history.verify'] as const

export const fail = problems('access', {
  'wrong-credentials': { status: 401, text: '账号、口令或动态口令不正确；连续错 5 次将暂停 15 分钟。', ground: '等保 5' },
  'account-disabled': { status: 401, text: '账号已停用，请联系系统管理员。' },
  'unknown-district': { status: 404, text: '没有找到这个区县。' },
})

/** Roles are data of the district (pack): a set of verbs, whether it is one of the three officers, whether it needs a second factor. */
export const Role = z.strictObject({
  id: z.string().regex(/^[a-z-]{2,30}$/),
  name: text(20),
  verbs: z.array(z.string()),
  officer: z.enum(['system', 'security', 'audit']).nullable(),
  secondFactor: z.boolean(),
})
export type Role = z.infer<typeof Role>

export const OpenSession = z.strictObject({
  login: z.string().min(1).max(60),
  password: z.string().min(1).max(256),
  code: z.string().regex(/^\d{6}$/, { error: 'format' }).optional().meta({ description: 'six digits of the second factor, where the role demands one' }),
  district: z.string().regex(/^\d{6}$/, { error: 'format' }).optional().meta({ description: 'six-digit division code; may be left out where one district is served' }),
  keep: z.enum(['token', 'cookie']).optional().meta({ description: 'token (default): answer carries a bearer token; cookie: for browsers' }),
})
export type OpenSession = z.infer<typeof OpenSession>

export const Me = z
  .strictObject({
    accountId: id,
    personId: id.nullable(),
    name: z.string(),
    district: z.strictObject({ code: z.string(), name: z.string() }),
    mustChangePassword: z.boolean(),
    mandates: z.array(
      z.strictObject({ role: z.string(), roleName: z.string(), unitId: id, unitName: z.string(), tree: z.enum(['place', 'org']), path: z.string(), verbs: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>

export const Session = z
  .strictObject({ token: z.string().nullable().meta({ description: 'null when the session lives in the cookie' }), expiresAt: instant })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>
