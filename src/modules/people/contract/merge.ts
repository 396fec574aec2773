import { z } from 'zod'
import { can, day, id, instant, listOf, paging, queryFlag, text } from '#core/contract.ts'
import { takenFields } from './names.ts'

export const DuplicateGround = z.enum(['id-number', 'name-born', 'phone-name', 'near-name'])
export type DuplicateGround = z.infer<typeof DuplicateGround>

const Half = z.strictObject({
  id,
  name: z.string(),
  born: day.nullable(),
  idNumber: z.string().nullable(),
  phone: z.string().nullable(),
  home: z.string().nullable(),
})

export const Duplicate = z
  .strictObject({ ground: DuplicateGround, one: Half, other: Half })
  .meta({ id: 'Duplicate', description: 'two records that may be one person; people decide [ENG-06]' })
export type Duplicate = z.infer<typeof Duplicate>

export const DuplicateList = listOf(Duplicate)
export const ListDuplicatesQuery = z.strictObject({
  unit: id.optional(),
  ground: DuplicateGround.optional(),
  search: text(40).optional().meta({ description: 'name, pinyin, initials or last four of either' }),
  ...paging,
})
export type ListDuplicatesQuery = z.infer<typeof ListDuplicatesQuery>

export const TakenField = z.enum(takenFields)
export type TakenField = z.infer<typeof TakenField>

export const MergePersons = z.strictObject({
  winnerId: id.meta({ description: 'the record that stands for both' }),
  loserId: id,
  take: z.array(TakenField).max(11).optional().meta({ description: 'fields of which the other value stays' }),
  reason: text(100, 2),
})
export type MergePersons = z.infer<typeof MergePersons>

export const TellApart = z.strictObject({ oneId: id, otherId: id, reason: text(100, 2) })
export type TellApart = z.infer<typeof TellApart>

export const Merged = z.strictObject({ mergeId: id, winnerId: id })
export type Merged = z.infer<typeof Merged>
export const Unmerge = z.strictObject({ reason: text(100, 2) })
export const Unmerged = z.strictObject({
  mergeId: id,
  winnerId: id,
  left: z
    .array(TakenField)
    .meta({ description: 'values taken over that somebody has changed since: they stay as they are' }),
})
export type Unmerged = z.infer<typeof Unmerged>

const Named = z.strictObject({ id, name: z.string(), home: z.string().nullable() })

/** What was said of two records. */
export const PersonVerdict = z
  .strictObject({
    id,
    same: z.boolean().meta({ description: 'true: merged; false: found to be two persons' }),
    winner: Named,
    loser: Named,
    taken: z.array(TakenField),
    reason: z.string(),
    at: instant,
    by: z.string(),
    undoneAt: instant.nullable(),
    can,
  })
  .meta({ id: 'PersonVerdict' })
export type PersonVerdict = z.infer<typeof PersonVerdict>
export const PersonVerdictList = listOf(PersonVerdict)
export const ListVerdictsQuery = z.strictObject({
  same: queryFlag.optional(),
  undone: queryFlag.optional().meta({ description: 'also those taken back' }),
  search: text(40).optional(),
  ...paging,
})
export type ListVerdictsQuery = z.infer<typeof ListVerdictsQuery>
