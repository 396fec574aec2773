import { z } from 'zod'
import { can, day, id, instant, listOf, paging } from '#core/contract.ts'

export const ListHistoryQuery = z.strictObject({
  subject: id.optional(),
  actor: id.optional().meta({ description: 'account that acted' }),
  action: z
    .string()
    .regex(/^[a-z.-]{2,60}$/, { error: 'format' })
    .optional()
    .meta({ description: 'an action, or its beginning up to a dot: `mandate.`' }),
  unit: id.optional().meta({ description: 'this unit and everything below it' }),
  from: day.optional(),
  to: day.optional(),
  ...paging,
})
export type ListHistoryQuery = z.infer<typeof ListHistoryQuery>

export const HistoryEntry = z
  .strictObject({
    lane: z.int(),
    seq: z.int(),
    at: instant,
    action: z.string(),
    actor: z.strictObject({ accountId: id.nullable(), name: z.string(), kind: z.string() }),
    subject: z.strictObject({ kind: z.string(), id }),
    path: z.string(),
    address: z.string(),
    requestId: z.string(),
    reason: z.string().nullable(),
    change: z
      .record(z.string(), z.unknown())
      .meta({ description: 'field → [before, after]; sensitive fields are only named' }),
  })
  .meta({ id: 'HistoryEntry' })
export type HistoryEntry = z.infer<typeof HistoryEntry>
export const HistoryList = listOf(HistoryEntry)

export const Verification = z
  .strictObject({
    sound: z.boolean(),
    entries: z.int(),
    flaws: z.array(
      z.strictObject({
        lane: z.int(),
        seq: z.int(),
        fault: z.enum(['changed', 'missing', 'columns', 'head', 'anchor', 'cut']),
      }),
    ),
    anchors: z.strictObject({
      lines: z.int(),
      newest: instant.nullable(),
      broken: z.array(z.int()),
      overdue: z.boolean(),
    }),
  })
  .meta({ id: 'Verification' })
export type Verification = z.infer<typeof Verification>

/** Names a session to its owner; nobody signs in with it. */
export const sessionKey = z.string().regex(/^[0-9a-f]{32}$/, { error: 'not-an-id' })
export const BySession = z.strictObject({ id: sessionKey })

export const MyRecord = z
  .strictObject({
    account: z.strictObject({
      login: z.string(),
      name: z.string(),
      createdAt: instant,
      lastUsedAt: instant.nullable(),
      secondFactor: z.boolean(),
    }),
    mandates: z.array(
      z.strictObject({
        id,
        roleName: z.string(),
        unitId: id,
        unitName: z.string(),
        from: instant,
        to: instant.nullable(),
        grantedBy: z.string().nullable(),
        delegated: z.boolean(),
        can: can.meta({ description: 'delegate: may be lent to a colleague now' }),
      }),
    ),
    lent: z
      .array(z.strictObject({ id, roleName: z.string(), unitName: z.string(), to: instant, holder: z.string() }))
      .meta({ description: 'mandates of mine that somebody stands in for, now or later' }),
    sessions: z.array(
      z.strictObject({
        id: sessionKey,
        client: z.string(),
        startedAt: instant,
        usedAt: instant,
        address: z.string(),
        current: z.boolean(),
      }),
    ),
    entries: z
      .array(HistoryEntry.omit({ path: true, requestId: true, address: true }))
      .meta({ description: 'who read or changed what is held about me, newest first' }),
    total: z.int(),
  })
  .meta({ id: 'MyRecord' })
export type MyRecord = z.infer<typeof MyRecord>
export const MyRecordQuery = z.strictObject({ ...paging })
export type MyRecordQuery = z.infer<typeof MyRecordQuery>
