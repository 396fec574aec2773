import { z } from 'zod'
import { can, day, id, instant, listOf, paging, text, TimelineEntry } from '#core/contract.ts'
import { Membership, MembershipStatus, Post, Rights, Standing } from './tie.ts'

// Names and numbers come as people write them; the rules of 2.1 bring them into one spelling and judge them (`cleanse`).
export const PersonName = text(40)
export const IdNumber = z
  .string()
  .min(15)
  .max(40)
  .meta({ description: '18 characters, GB 11643; spaces and case do not matter' })
export const Phone = z
  .string()
  .min(11)
  .max(30)
  .meta({ description: 'mobile number; +86, spaces and dashes do not matter' })
const Code = z.string().regex(/^[0-9A-Z]{1,3}$/, { error: 'format' })

/** A day, a month or a year: rosters often know no more. [IMP-8] */
export const RoughDay = z
  .string()
  .regex(/^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/, { error: 'not-a-day', abort: true })
  .refine((s) => day.safeParse(`${s}-01-01`.slice(0, 10)).success, { error: 'not-a-day' })
  .meta({ description: 'YYYY, YYYY-MM or YYYY-MM-DD' })

const fields = {
  name: PersonName,
  sex: z
    .enum(['0', '1', '2', '9'])
    .optional()
    .meta({ description: 'GB/T 2261.1; taken from the ID number when that is given' }),
  born: day.optional().meta({ description: 'taken from the ID number when that is given' }),
  nation: Code.optional().meta({ description: 'GB/T 3304' }),
  politics: Code.optional().meta({ description: 'GB/T 4762' }),
  education: Code.optional().meta({ description: 'GB/T 4658' }),
  occupation: text(40, 0).optional(),
  joined: RoughDay.optional(),
  fullSince: RoughDay.optional(),
  idNumber: IdNumber.optional(),
  phone: Phone.optional(),
  address: text(100).optional(),
}

export const CreatePerson = z.strictObject({
  ...fields,
  homeId: id.meta({ description: 'the unit whose organisations keep the record' }),
})
export type CreatePerson = z.infer<typeof CreatePerson>

/** Only what is given changes; null empties a field. */
export const EditPerson = z.strictObject({
  ...fields,
  name: fields.name.optional(),
  nation: fields.nation.nullable(),
  education: fields.education.nullable(),
  joined: fields.joined.nullable(),
  fullSince: fields.fullSince.nullable(),
  idNumber: fields.idNumber.nullable(),
  phone: fields.phone.nullable(),
  address: fields.address.nullable(),
  reason: text(100, 2).meta({ description: 'why it is put right; kept in the history' }),
})
export type EditPerson = z.infer<typeof EditPerson>

export const SealedField = z.enum(['id-number', 'phone', 'address'])
export type SealedField = z.infer<typeof SealedField>

export const RevealPerson = z.strictObject({ field: SealedField, reason: text(100, 2) })
export type RevealPerson = z.infer<typeof RevealPerson>
export const Revealed = z.strictObject({
  field: SealedField,
  value: z.string(),
  left: z.int().meta({ description: 'how many more this hour' }),
})

export const LookUpPerson = z.strictObject({
  idNumber: IdNumber.optional(),
  phone: Phone.optional(),
  reason: text(100, 2).meta({ description: 'why one looks for a number; kept [A-40]' }),
})
export type LookUpPerson = z.infer<typeof LookUpPerson>

const shared = {
  id,
  name: z.string(),
  sex: z.enum(['0', '1', '2', '9']),
  born: day.nullable(),
  politics: z.string(),
  politicsName: z.string(),
  idNumber: z.string().nullable().meta({ description: 'masked' }),
  phone: z.string().nullable().meta({ description: 'masked' }),
  joined: z.string().nullable(),
  home: z.strictObject({ id, name: z.string() }).nullable(),
  can,
}

export const PersonRow = z
  .strictObject({
    ...shared,
    branch: z.string().nullable().meta({ description: 'organisation of the formal relation today' }),
    status: MembershipStatus.nullable(),
    registeredAt: z.string().nullable().meta({ description: 'community of an active registration' }),
    unknownStrokes: z.boolean().meta({ description: 'cannot be placed by strokes and stands at the end [SORT-01]' }),
  })
  .meta({ id: 'PersonRow' })
export type PersonRow = z.infer<typeof PersonRow>

export const PersonList = listOf(PersonRow)

export const ListPersonsQuery = z.strictObject({
  unit: id.optional().meta({ description: 'a unit and everything below it, or the places it serves' }),
  search: text(40).optional().meta({ description: 'name, pinyin, initials, last four of ID number or phone' }),
  politics: Code.optional(),
  status: z.enum(['full', 'probationary', 'none']).optional(),
  sort: z.enum(['strokes', 'pinyin', 'joined']).optional(),
  ...paging,
})
export type ListPersonsQuery = z.infer<typeof ListPersonsQuery>

/** Why a personal field is held and how long. [PRV-01] */
export const FieldPurpose = z.strictObject({
  field: z.string(),
  purpose: z.string(),
  basis: z.string(),
  kept: z.string(),
})

/** Who opened a person's data, when and why. */
export const Reading = z.strictObject({ at: instant, who: z.string(), what: z.string(), reason: z.string().nullable() })

export const Held = z
  .strictObject({ table: z.string(), rows: z.int() })
  .meta({ description: 'rows that name this person, table by table [A-47]' })

export const PersonPage = z
  .strictObject({
    person: z
      .strictObject({
        ...shared,
        nation: z.string().nullable(),
        nationName: z.string().nullable(),
        education: z.string().nullable(),
        educationName: z.string().nullable(),
        occupation: z.string(),
        fullSince: z.string().nullable(),
        address: z.string().nullable().meta({ description: 'masked' }),
        version: z.int(),
      })
      .meta({ id: 'Person' }),
    memberships: z.array(Membership),
    posts: z.array(Post),
    standings: z.array(Standing),
    rights: Rights.nullable().meta({ description: 'as a member today; null for others' }),
    registrations: z.array(
      z.strictObject({
        id,
        placeId: id,
        placeName: z.string(),
        organ: z.string(),
        reportedOn: day,
        confirmedOn: day.nullable(),
        endedOn: day.nullable(),
      }),
    ),
    merged: z
      .array(z.strictObject({ mergeId: id, personId: id, name: z.string(), at: instant }))
      .meta({ description: 'doubles that this record stands for' }),
    held: z.array(Held),
    purposes: z.array(FieldPurpose),
    readings: z.array(Reading),
    changes: z.array(TimelineEntry).meta({ description: 'what was put right, newest first' }),
  })
  .meta({ id: 'PersonPage' })
export type PersonPage = z.infer<typeof PersonPage>

export const PersonFound = z.strictObject({ rows: z.array(PersonRow) })
