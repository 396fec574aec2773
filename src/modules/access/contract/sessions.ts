import { z } from 'zod'
import { id, instant } from '#core/contract.ts'

const password = z.string().min(1).max(256)
const code = z.string().regex(/^\d{6}$/, { error: 'format' })
const keep = z
  .enum(['token', 'cookie'])
  .meta({ description: 'token (default): answer carries a bearer token; cookie: for browsers' })
const client = z
  .enum(['pc', 'phone', 'api'])
  .meta({ description: 'one live session per kind of client (等保 34); default: pc with cookie, api with token' })

export const OpenSession = z.strictObject({
  login: z.string().min(1).max(60),
  password,
  code: code.optional().meta({ description: 'six digits of the second factor, where the role demands one' }),
  district: code
    .optional()
    .meta({ description: 'six-digit division code; may be left out where one district is served' }),
  keep: keep.optional(),
  client: client.optional(),
})
export type OpenSession = z.infer<typeof OpenSession>

export const Proof = z.strictObject({ password, code: code.optional() })
export type Proof = z.infer<typeof Proof>

export const Session = z
  .strictObject({
    token: z.string().nullable().meta({ description: 'null when the session lives in the cookie' }),
    expiresAt: instant,
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const ChangePassword = z.strictObject({ old: password, new: password, code: code.optional() })
export type ChangePassword = z.infer<typeof ChangePassword>

export const SecondFactor = z
  .strictObject({
    secret: z.string().meta({ description: 'Base32, shown this once' }),
    uri: z.string().meta({ description: 'otpauth:// for the QR code' }),
  })
  .meta({ id: 'SecondFactor' })
export type SecondFactor = z.infer<typeof SecondFactor>

export const ConfirmSecondFactor = z.strictObject({ code })
export type ConfirmSecondFactor = z.infer<typeof ConfirmSecondFactor>

const invitationToken = z.string().regex(/^\d{1,6}\.[\w-]{43}$/, { error: 'format' })

export const OpenInvitation = z.strictObject({ token: invitationToken })
export type OpenInvitation = z.infer<typeof OpenInvitation>

export const OpenedInvitation = z
  .strictObject({
    login: z.string(),
    name: z.string(),
    secondFactor: z
      .enum(['none', 'enrol', 'enrolled'])
      .meta({ description: 'enrol: scan and confirm with a code; enrolled: a code of the existing one is demanded' }),
    enrolment: SecondFactor.nullable(),
    expiresAt: instant,
  })
  .meta({ id: 'OpenedInvitation' })
export type OpenedInvitation = z.infer<typeof OpenedInvitation>

export const AcceptInvitation = z.strictObject({
  token: invitationToken,
  password,
  code: code.optional(),
  keep: keep.optional(),
  client: client.optional(),
})
export type AcceptInvitation = z.infer<typeof AcceptInvitation>

export const Me = z
  .strictObject({
    accountId: id,
    personId: id.nullable(),
    name: z.string(),
    district: z.strictObject({ code: z.string(), name: z.string() }),
    mustChangePassword: z.boolean(),
    passwordExpiresAt: instant,
    secondFactor: z.boolean(),
    provedAt: instant.nullable().meta({ description: 'last full proof; weighty acts need one within 5 minutes' }),
    mandates: z.array(
      z.strictObject({
        role: z.string(),
        roleName: z.string(),
        unitId: id,
        unitName: z.string(),
        tree: z.enum(['place', 'org']),
        path: z.string(),
        verbs: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>
