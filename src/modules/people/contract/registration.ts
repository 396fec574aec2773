import { z } from 'zod'
import { can, day, id, listOf, paging, text } from '#core/contract.ts'
import { CreatePerson } from './person.ts'

export const RegistrationState = z.enum(['reported', 'confirmed', 'ended'])
export type RegistrationState = z.infer<typeof RegistrationState>

export const registrationEndReasons = {
  moved: '搬离',
  retired: '退休',
  'left-organ': '离开原单位',
  deceased: '去世',
  mistaken: '登记有误',
  other: '其他',
} as const

export const RegistrationEndReason = z.enum(
  Object.keys(registrationEndReasons) as [
    keyof typeof registrationEndReasons,
    ...(keyof typeof registrationEndReasons)[],
  ],
)

export const Registration = z
  .strictObject({
    id,
    personId: id,
    personName: z.string(),
    placeId: id,
    placeName: z.string(),
    organ: z.string().meta({ description: 'the organisation the member comes from' }),
    skills: z.array(z.string()),
    state: RegistrationState,
    reportedOn: day,
    confirmedOn: day.nullable(),
    endedOn: day.nullable(),
    endReason: RegistrationEndReason.nullable(),
    can,
  })
  .meta({ id: 'Registration' })
export type Registration = z.infer<typeof Registration>

export const RegistrationList = listOf(Registration)

export const MyRegistration = z.strictObject({ current: Registration.nullable(), past: z.array(Registration) })
export type MyRegistration = z.infer<typeof MyRegistration>

const who = CreatePerson.omit({ homeId: true })

export const ReportIn = z.strictObject({
  placeId: id.meta({ description: 'the community reported to' }),
  organ: text(60, 0).optional().meta({ description: 'the organisation the member comes from' }),
  skills: z.array(text(20)).max(10).optional(),
  move: z.boolean().optional().meta({ description: 'for oneself: ends the registration at the former place today' }),
  personId: id.optional().meta({ description: 'on behalf of a person on record' }),
  person: who
    .optional()
    .meta({ description: 'on behalf of a person not yet on record, such as a member of a city organ' }),
})
export type ReportIn = z.infer<typeof ReportIn>

export const EndRegistration = z.strictObject({ reason: RegistrationEndReason, on: day.optional() })
export type EndRegistration = z.infer<typeof EndRegistration>

export const ListRegistrationsQuery = z.strictObject({
  unit: id.optional().meta({ description: 'a place, or an organisation for the places it serves' }),
  state: RegistrationState.optional(),
  search: text(40).optional(),
  ...paging,
})
export type ListRegistrationsQuery = z.infer<typeof ListRegistrationsQuery>
