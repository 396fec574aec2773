import { z } from 'zod'
import { day, id, listOf, paging, text } from '#core/contract.ts'

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
  ...paging,
})
export type ListDuplicatesQuery = z.infer<typeof ListDuplicatesQuery>

export const MergePersons = z.strictObject({
  winnerId: id.meta({ description: 'the record that stands for both' }),
  loserId: id,
  reason: text(100, 2),
})
export type MergePersons = z.infer<typeof MergePersons>

export const Merged = z.strictObject({ mergeId: id, winnerId: id })
export const Unmerge = z.strictObject({ reason: text(100, 2) })
