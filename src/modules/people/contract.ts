import { z } from 'zod'
import { day, id, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const verbs = ['person.read', 'person.reveal', 'person.write', 'person.import', 'person.merge', 'registration.confirm', 'registration.make'] as const

export const fail = problems('person', {
  'not-found': { status: 404, text: '没有找到这个人，或者不在您的查看范围内。' },
  'already-registered': { status: 409, text: '此人已在{place}报到，请先在原社区结束报到再办理。', ground: 'SB-01' },
  'not-registered': { status: 409, text: '尚未在社区报到，或社区还没有签收。', ground: 'SB-01' },
})

export const Registration = z
  .strictObject({
    id,
    personId: id,
    placeId: id,
    placeName: z.string(),
    organ: z.string(),
    reportedOn: day,
    confirmedOn: day.nullable(),
    endedOn: day.nullable(),
  })
  .meta({ id: 'Registration' })
export type Registration = z.infer<typeof Registration>

export const ReportIn = z.strictObject({
  placeId: id.meta({ description: 'the community reported to' }),
  organ: text(60, 0).optional().meta({ description: 'the organisation the member comes from' }),
  skills: z.array(text(20)).max(10).optional(),
})
export type ReportIn = z.infer<typeof ReportIn>
