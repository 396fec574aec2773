import { z } from 'zod'
import { day, id, listOf, paging, queryFlag, text } from '#core/contract.ts'

export const MembershipKind = z.enum(['formal', 'functional'])
export const MembershipStatus = z.enum(['full', 'probationary'])
export type MembershipStatus = z.infer<typeof MembershipStatus>

/** Why a relation began and ended: ZB60 of the national member system, and two of our own (roster, status). [STAT-01] */
export const beginReasons = {
  '001': '新入党',
  '002': '恢复党籍',
  '111': '自国（境）外转入',
  '121': '自军队转入',
  '141': '自外省转入',
  '151': '自省内其他地市转入',
  '161': '自本市其他县区转入',
  '171': '自本县区其他乡镇街道转入',
  '173': '内部转移',
  roster: '建册登记',
  status: '转正',
} as const

export const endReasons = {
  '003': '出党',
  '004': '停止党籍',
  '005': '死亡',
  '211': '转往国（境）外',
  '221': '转往军队',
  '241': '转往外省',
  '251': '转往省内其他地市',
  '261': '转往本市其他县区',
  '271': '转往本县区其他乡镇街道',
  '173': '内部转移',
  status: '转正',
  mistaken: '登记有误',
} as const

const keysOf = <T extends object>(table: T) => Object.keys(table) as [keyof T & string, ...(keyof T & string)[]]

export const BeginReason = z.enum(keysOf(beginReasons))
export const EndReason = z.enum(keysOf(endReasons))

export const Membership = z
  .strictObject({
    id,
    unitId: id,
    unitName: z.string(),
    kind: MembershipKind,
    status: MembershipStatus,
    from: day,
    to: day.nullable(),
    beginReason: z.string(),
    endReason: z.string().nullable(),
  })
  .meta({ id: 'Membership' })
export type Membership = z.infer<typeof Membership>

export const AddMembership = z.strictObject({
  unitId: id,
  kind: MembershipKind,
  status: MembershipStatus,
  from: day,
  reason: BeginReason.exclude(['status']),
})
export type AddMembership = z.infer<typeof AddMembership>

export const EndMembership = z.strictObject({ on: day, reason: EndReason.exclude(['status']) })
export type EndMembership = z.infer<typeof EndMembership>

export const TransferMember = z.strictObject({
  toId: id,
  on: day.meta({
    description: 'first day in the new organisation; the sender counts him until the day before [TR-03]',
  }),
})
export type TransferMember = z.infer<typeof TransferMember>

export const ConfirmMember = z.strictObject({ on: day.meta({ description: 'day of 转正' }) })

export const Post = z
  .strictObject({ id, unitId: id, unitName: z.string(), title: z.string(), from: day, to: day.nullable() })
  .meta({ id: 'Post' })
export type Post = z.infer<typeof Post>

/** One post of the list: who holds it where, since when. */
export const PostHeld = Post.extend({
  personId: id,
  personName: z.string(),
  opens: z.boolean().meta({ description: 'the person’s page may be opened by the asker' }),
}).meta({ id: 'PostHeld' })
export type PostHeld = z.infer<typeof PostHeld>
export const PostList = listOf(PostHeld)
export const ListPostsQuery = z.strictObject({
  unit: id.optional().meta({ description: 'a unit and everything below it, or the places it serves' }),
  on: day.optional().meta({ description: 'held on that day; today when absent' }),
  past: queryFlag.optional().meta({ description: 'true: also those that have ended' }),
  search: text(40).optional().meta({ description: 'name, pinyin, initials; part of the title' }),
  sort: z
    .enum(['unit', 'name', 'title', 'from', '-from'])
    .optional()
    .meta({ description: 'unit (default): by the tree, then title' }),
  ...paging,
})
export type ListPostsQuery = z.infer<typeof ListPostsQuery>

export const AddPost = z.strictObject({ unitId: id, title: text(40), from: day })
export type AddPost = z.infer<typeof AddPost>

export const EndTie = z.strictObject({ on: day })

export const standingNames = {
  'on-probation': '留党察看',
  'rights-suspended': '权利中止',
  'membership-stopped': '停止党籍',
  mobile: '流动党员',
  abroad: '出国（境）保留组织关系',
  'out-of-contact': '失联',
} as const

export const StandingKind = z.enum(keysOf(standingNames))
export type StandingKind = z.infer<typeof StandingKind>

export const Standing = z
  .strictObject({ id, kind: StandingKind, name: z.string(), from: day, to: day.nullable() })
  .meta({ id: 'Standing' })
export type Standing = z.infer<typeof Standing>

export const AddStanding = z.strictObject({
  kind: StandingKind,
  from: day,
  until: day.optional().meta({ description: 'first day after it' }),
})
export type AddStanding = z.infer<typeof AddStanding>

/** What a member may do on a day. [MEM-RIGHTS] */
export const Rights = z
  .strictObject({
    vote: z.boolean().meta({ description: '表决、选举、被选举' }),
    inBase: z.boolean().meta({ description: '计入应到' }),
    dues: z.boolean(),
    graded: z.boolean().meta({ description: '评议定等次' }),
    sponsor: z.boolean().meta({ description: '可任培养联系人、入党介绍人' }),
  })
  .meta({ id: 'MemberRights' })
export type Rights = z.infer<typeof Rights>
