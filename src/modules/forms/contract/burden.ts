// What each unit was asked to type in a month, and by whom. [JF-09]
import { z } from 'zod'
import { id, listOf, paging } from '#core/contract.ts'

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'format' })
  .optional()
  .meta({ description: 'this month when absent' })

export const BurdenQuery = z.strictObject({ month, unit: id.optional() })
export type BurdenQuery = z.infer<typeof BurdenQuery>

export const ListBurdenQuery = z.strictObject({
  month,
  unit: id.optional(),
  sort: z.enum(['-minutes', 'minutes', 'unit']).optional(),
  ...paging,
})
export type ListBurdenQuery = z.infer<typeof ListBurdenQuery>

const sums = {
  asks: z.int(),
  minutes: z.int(),
  typed: z.int().meta({ description: 'fields that had to be typed' }),
  confirmed: z.int().meta({ description: 'fields shown, only to be confirmed' }),
}

export const Burden = z
  .strictObject({
    month: z.string(),
    units: z.int(),
    ...sums,
    open: z.int(),
    late: z.int(),
    repeats: z
      .int()
      .meta({ description: 'things asked of one unit by two forms; counted from the records, zero by construction' }),
    owners: z.array(z.strictObject({ ownerId: id, ownerName: z.string(), forms: z.int(), units: z.int(), ...sums })),
  })
  .meta({ id: 'Burden' })
export type Burden = z.infer<typeof Burden>

export const BurdenList = listOf(
  z
    .strictObject({
      unitId: id,
      unitName: z.string(),
      kindName: z.string(),
      ...sums,
      open: z.int(),
      late: z.int(),
      dueOn: z.string().nullable(),
      owners: z.array(z.string()),
      forms: z.array(z.strictObject({ title: z.string(), ownerName: z.string(), minutes: z.int() })),
    })
    .meta({ id: 'UnitBurden' }),
)
export type UnitBurden = z.infer<typeof BurdenList>['rows'][number]
