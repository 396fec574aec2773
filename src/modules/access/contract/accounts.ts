import { z } from 'zod'
import { can, id, instant, listOf, paging, text } from '#core/contract.ts'

export const ById = z.strictObject({ id })

export const Invitation = z
  .strictObject({
    accountId: id,
    token: z
      .string()
      .meta({ description: 'shown this once; hand it to the holder, who sets his own password with it' }),
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>

export const CreateAccount = z.strictObject({
  login: text(40, 3).refine((s) => /^[a-z0-9][a-z0-9._-]+$/.test(s), { message: 'format', params: { code: 'format' } }),
  name: text(40),
  unitId: id.meta({ description: 'where the holder works' }),
  personId: id.optional(),
})
export type CreateAccount = z.infer<typeof CreateAccount>

export const WithReason = z.strictObject({ reason: text(200, 2) })
export type WithReason = z.infer<typeof WithReason>

export const AccountState = z.enum(['invited', 'active', 'disabled', 'retired'])

export const Account = z
  .strictObject({
    id,
    login: z.string(),
    name: z.string(),
    personId: id.nullable(),
    unitId: id.nullable(),
    unitName: z.string().nullable(),
    state: AccountState.meta({
      description:
        'retired: unused for 90 days; the holder revives it by signing in, unless his role needs a second factor',
    }),
    secondFactor: z.boolean(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    mandates: z.int().meta({ description: 'mandates in force' }),
    sessions: z.int().meta({ description: 'live sessions' }),
    lockedUntil: instant
      .nullable()
      .meta({ description: 'signing in is paused after wrong tries, from where they came' }),
    can,
  })
  .meta({ id: 'Account' })
export type Account = z.infer<typeof Account>

export const ListAccountsQuery = z.strictObject({
  search: text(40).optional(),
  state: AccountState.optional(),
  unit: id.optional(),
  ...paging,
})
export type ListAccountsQuery = z.infer<typeof ListAccountsQuery>
export const AccountList = listOf(Account)

export const AccountUnitsQuery = z.strictObject({
  search: text(40).meta({ description: 'part of a name, pinyin or initials' }),
})
export type AccountUnitsQuery = z.infer<typeof AccountUnitsQuery>

/** Names only: officers keep accounts at units whose business they do not see. [等保 12] */
export const AccountUnits = z.strictObject({
  rows: z.array(z.strictObject({ id, name: z.string(), kindName: z.string(), parentName: z.string().nullable() })),
})

export const Ended = z.strictObject({ sessions: z.int().meta({ description: 'sessions ended now' }) })
