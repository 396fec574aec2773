// What a district may set for one mechanism of the units engine, and what is recorded under it. Everything local is data.
import { z } from 'zod'
import { day, id, listOf, paging, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'
import { ElectionSetting } from './terms.ts'
import { kindId, mechanismId } from './unit.ts'

export const registerVerbs = ['unit.register'] as const

export const registerFail = problems('register', {
  'not-found': { status: 404, text: '没有找到这条登记，或者不在您的查看范围内。' },
  unknown: { status: 422, text: '“{mechanism}”里没有“{what}”。' },
  'wrong-kind': { status: 422, text: '“{unit}”不是“{what}”适用的单位类别。' },
  'bad-day': { status: 422, text: '日期须在{from}之后、不晚于{to}。' },
  backwards: { status: 409, text: '“{mark}”已经是“{now}”，不能退回“{value}”。' },
  'holds-already': { status: 409, text: '这段时间已有同样的登记，请勿重复。' },
  ended: { status: 409, text: '这条登记已经结束，不能再改。' },
  'role-full': { status: 409, text: '“{role}”最多{most}个，已经满了。' },
  'same-unit': { status: 422, text: '牵头单位不能作自己的成员。' },
  'nothing-to-settle': { status: 422, text: '“{event}”不需要办结。' },
})

const key = z.string().regex(/^[A-Za-z0-9-]{1,40}$/, { error: 'format' })
const named = z.strictObject({ id: key, name: text(20) })
const kinds = z.array(kindId).min(1).max(30)

/** Something that holds of a unit from a day: a class, a state, a form of presence, an honour. */
export const MarkSetting = z.strictObject({
  id: key,
  name: text(20),
  kinds,
  values: z.array(named).min(1).max(30),
  forward: z
    .boolean()
    .default(false)
    .meta({ description: 'the values are stages: never taken back to an earlier one' }),
  several: z.boolean().default(false).meta({ description: 'several values hold at once, e.g. honours' }),
  months: z.int().min(1).max(120).optional().meta({ description: 'lapses after so many months unless renewed' }),
})
export type MarkSetting = z.infer<typeof MarkSetting>

export const EventSetting = z.strictObject({
  id: key,
  name: text(20),
  kinds,
  everyMonths: z.int().min(1).max(60).optional().meta({ description: 'owed at least once in so many months' }),
  settles: z.boolean().default(false).meta({ description: 'taken on first and settled later, like a joint task' }),
  counts: text(20).optional().meta({ description: 'what its quantity counts, e.g. 决议' }),
})
export type EventSetting = z.infer<typeof EventSetting>

export const AllianceSetting = z.strictObject({
  leads: kinds.meta({ description: 'kinds of organisation that may lead one' }),
  roles: z
    .array(z.strictObject({ id: key, name: text(20), kinds, most: z.int().min(1).max(1000).optional() }))
    .min(1)
    .max(10),
})

export const TermSetting = z.strictObject({
  roles: z.array(named).min(1).max(20),
  bases: z
    .array(named)
    .min(1)
    .max(20)
    .meta({ description: 'the published result a role rests on, e.g. 选举结果公告; never a candidacy' }),
  years: z.int().min(1).max(10).default(5).meta({ description: 'length of a term' }),
})

const unique = (rows: readonly { id: string }[]) => new Set(rows.map((r) => r.id)).size === rows.length
const sections = [
  'registers',
  'marks',
  'events',
  'posts',
  'binding',
  'coverage',
  'alliance',
  'terms',
  'elections',
] as const

export const UnitsSettings = z
  .strictObject({
    registers: z.array(kindId).max(30).default([]).meta({ description: 'kinds of units this mechanism keeps' }),
    marks: z.array(MarkSetting).max(10).default([]).refine(unique, { message: 'choice' }),
    events: z.array(EventSetting).max(10).default([]).refine(unique, { message: 'choice' }),
    posts: z
      .array(z.strictObject({ title: text(20), kinds }))
      .max(20)
      .default([])
      .meta({
        description: 'posts every unit of these kinds is expected to have filled; a longer title that ends so counts',
      }),
    binding: z
      .strictObject({ places: kinds, organisations: kinds })
      .optional()
      .meta({ description: 'every place of these kinds is to be served by an organisation of these kinds' }),
    coverage: z.strictObject({ entities: kinds, presence: key, check: key.optional() }).optional().meta({
      description: 'entities to be reached: by a mark of presence (有形), and by a check that has not lapsed (有效)',
    }),
    alliance: AllianceSetting.optional(),
    terms: TermSetting.optional(),
    elections: z
      .array(ElectionSetting)
      .max(10)
      .default([])
      .meta({ description: 'organisations whose committees are elected, and for how many years' }),
  })
  .superRefine((s, c) => {
    const bad = (path: string) => c.addIssue({ code: 'custom', message: 'choice', path: path.split('.') })
    if (sections.every((name) => s[name] === undefined || (Array.isArray(s[name]) && s[name].length === 0)))
      bad('registers')
    for (const part of ['presence', 'check'] as const) {
      const wanted = s.coverage?.[part]
      const mark = s.marks.find((m) => m.id === wanted)
      if (wanted && !s.coverage?.entities.every((k) => mark?.kinds.includes(k))) bad(`coverage.${part}`)
      if (wanted && mark?.several) bad(`coverage.${part}`)
    }
    if (s.coverage?.check && s.coverage.check === s.coverage.presence) bad('coverage.check')
    if (s.alliance && !unique(s.alliance.roles)) bad('alliance.roles')
    if (s.terms && !unique(s.terms.roles)) bad('terms.roles')
    const elected = s.elections.flatMap((e) => e.kinds)
    if (new Set(elected).size < elected.length) bad('elections')
    for (const [i, mark] of s.marks.entries()) {
      if (!unique(mark.values)) bad(`marks.${i}.values`)
      if (mark.forward && mark.several) bad(`marks.${i}.several`)
    }
  })
export type UnitsSettings = z.infer<typeof UnitsSettings>

export const MarkUnit = z.strictObject({
  mechanismId,
  unitId: id,
  mark: key,
  value: key,
  from: day,
  note: text(200, 0).optional(),
})
export type MarkUnit = z.infer<typeof MarkUnit>

export const UnitMark = z
  .strictObject({
    id,
    mechanismId: z.string(),
    unitId: id,
    unitName: z.string(),
    mark: z.string(),
    value: z.string(),
    note: z.string(),
    from: day,
    to: day.nullable(),
    can: z.array(z.string()),
  })
  .meta({ id: 'UnitMark' })
export type UnitMark = z.infer<typeof UnitMark>

const filter = {
  mechanism: mechanismId.optional(),
  unit: id.optional().meta({ description: 'this unit and below' }),
  ...paging,
}
export const ListMarksQuery = z.strictObject({ ...filter, mark: key.optional(), on: day.optional() })
export type ListMarksQuery = z.infer<typeof ListMarksQuery>
export const UnitMarkList = listOf(UnitMark)

export const EndOn = z.strictObject({ on: day })

export const RecordUnitEvent = z.strictObject({
  mechanismId,
  unitId: id,
  event: key,
  title: text(60),
  heldOn: day,
  quantity: z.int().min(0).max(1_000_000).optional(),
})
export type RecordUnitEvent = z.infer<typeof RecordUnitEvent>

export const UnitEvent = z
  .strictObject({
    id,
    mechanismId: z.string(),
    unitId: id,
    unitName: z.string(),
    event: z.string(),
    title: z.string(),
    heldOn: day,
    quantity: z.int(),
    settledOn: day.nullable(),
    can: z.array(z.string()),
  })
  .meta({ id: 'UnitEvent' })
export type UnitEvent = z.infer<typeof UnitEvent>

export const ListUnitEventsQuery = z.strictObject({ ...filter, event: key.optional() })
export type ListUnitEventsQuery = z.infer<typeof ListUnitEventsQuery>
export const UnitEventList = listOf(UnitEvent)

export const JoinAlliance = z.strictObject({
  mechanismId,
  leadId: id,
  memberId: id,
  role: key,
  from: day,
})
export type JoinAlliance = z.infer<typeof JoinAlliance>
