// What a district may set for one talent mechanism, and what is recorded under it. [domain 1.11]
import { z } from 'zod'
import { can, day, id, instant, listOf, paging, queryFlag, queryInt, text, TimelineEntry } from '#core/contract.ts'
import { problems } from '#core/errors.ts'
import { CreatePerson } from './person.ts'

export const talentVerbs = ['talent.read', 'talent.write', 'talent.reveal'] as const

export const talentFail = problems('talent', {
  'not-found': { status: 404, text: '没有找到这条人才记录，或者不在您的查看范围内。' },
  unknown: { status: 422, text: '“{mechanism}”里没有“{what}”。' },
  'who-is-it': { status: 422, text: '个人须注明是谁，团队和项目须写明名称。' },
  'consent-needed': { status: 422, text: '意向信息须本人同意后才能登记。', ground: '个人信息保护法第十三条' },
  'already-recorded': { status: 409, text: '此人本年度已在这项机制中登记，请直接使用原有记录。' },
  'not-next': { status: 409, text: '已经是“{now}”，不能改为“{state}”。' },
  'bad-day': { status: 422, text: '日期须在{from}之后、不晚于{to}。' },
  'too-early': { status: 422, text: '到岗满{months}个月（{due}）后才能核实留存。' },
  'days-only-serving': { status: 422, text: '只有服务期间可以登记服务天数。' },
  withdrawn: { status: 409, text: '本人已撤回同意，这条记录不再使用。' },
  'nothing-to-reveal': { status: 404, text: '没有登记意向。' },
  'no-targets': { status: 422, text: '这项机制不设年度目标。' },
  'event-held': { status: 409, text: '这次活动已经登记为举办。' },
})

const key = z.string().regex(/^[A-Za-z0-9-]{1,40}$/, { error: 'format' })
const named = z.strictObject({ id: key, name: text(20) })
const choices = z.array(named).max(40).default([])
const unique = (rows: readonly { id: string }[]) => new Set(rows.map((r) => r.id)).size === rows.length

/** What a local state means, in the order of a talent's way; measures count by these, whatever the states are called. */
export const milestones = [
  'interest',
  'applied',
  'assessed',
  'interviewed',
  'offered',
  'signed',
  'arrived',
  'serving',
  'supported',
  'retained',
  'completed',
  'left',
] as const
export const Milestone = z.enum(milestones)
export type Milestone = z.infer<typeof Milestone>

export const TalentForm = z.enum(['person', 'team', 'project'])

export const TalentSettings = z
  .strictObject({
    forms: z.array(TalentForm).min(1).max(3).default(['person']),
    levels: choices.meta({ description: 'degree, class or category' }),
    fields: choices.meta({ description: 'industry or profession' }),
    routes: choices.meta({ description: '编制内, 企业, 柔性' }),
    channels: choices.meta({ description: 'how they came: fair, school, recommendation, start-up' }),
    states: z
      .array(z.strictObject({ id: key, name: text(20), milestone: Milestone }))
      .max(12)
      .default([]),
    consent: z.boolean().default(false).meta({ description: 'a record of intention: only with the person’s consent' }),
    targets: z.boolean().default(false).meta({ description: 'units have a target for the year' }),
    retentionMonths: z
      .int()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'staying is checked so long after arrival' }),
    events: z
      .array(z.strictObject({ id: key, name: text(20), posts: z.boolean().default(false) }))
      .max(10)
      .default([])
      .meta({ description: 'trips, fairs, meetings; with the number of posts offered' }),
  })
  .superRefine((s, c) => {
    const bad = (path: string) => c.addIssue({ code: 'custom', message: 'choice', path: path.split('.') })
    if (s.states.length === 0 && s.events.length === 0) bad('states')
    for (const part of ['levels', 'fields', 'routes', 'channels', 'states', 'events'] as const)
      if (!unique(s[part])) bad(part)
    if (new Set(s.forms).size < s.forms.length) bad('forms')
    const order = s.states.map((state) => milestones.indexOf(state.milestone))
    for (const [i, at] of order.entries()) if (i > 0 && at <= (order[i - 1] as number)) bad(`states.${i}.milestone`)
    const has = (m: Milestone) => s.states.some((state) => state.milestone === m)
    if (has('retained') !== (s.retentionMonths !== undefined) || (has('retained') && !has('arrived')))
      bad('retentionMonths')
    if (s.targets && !has('arrived')) bad('targets')
  })
export type TalentSettings = z.infer<typeof TalentSettings>

const mechanismId = z.string().max(60)

export const RecordTalent = z.strictObject({
  mechanismId,
  form: TalentForm.default('person'),
  personId: id.optional().meta({ description: 'a person on record' }),
  person: CreatePerson.omit({ homeId: true })
    .optional()
    .meta({ description: 'a person not yet on record; the holder keeps the record' }),
  title: text(60).optional().meta({ description: 'of a team or project' }),
  holderId: id.meta({ description: 'the employer or office that keeps the record' }),
  level: key.optional(),
  field: key.optional(),
  route: key.optional(),
  channel: key.optional(),
  targetYear: z.int().min(2000).max(2200),
  on: day.meta({ description: 'day of the first state' }),
  wish: text(300).optional().meta({ description: 'what the person looks for; stored sealed, only with consent' }),
  consent: z.literal(true).optional(),
})
export type RecordTalent = z.infer<typeof RecordTalent>

const Step = z.strictObject({ state: z.string(), milestone: Milestone, on: day, days: z.int(), note: z.string() })

export const Talent = z
  .strictObject({
    id,
    mechanismId: z.string(),
    form: TalentForm,
    personId: id.nullable(),
    name: z.string().meta({ description: 'of the person, team or project' }),
    holderId: id,
    holderName: z.string(),
    level: z.string(),
    field: z.string(),
    route: z.string(),
    channel: z.string(),
    targetYear: z.int(),
    state: z.string(),
    wish: z.boolean().meta({ description: 'a wish is held; shown only on request with a reason' }),
    consentAt: instant.nullable(),
    withdrawn: z.boolean(),
    steps: z.array(Step),
    names: z
      .strictObject({
        mechanism: z.string(),
        state: z.string(),
        level: z.string(),
        field: z.string(),
        route: z.string(),
        channel: z.string(),
      })
      .meta({ description: 'in the words of the mechanism; what it no longer knows, as it was recorded' }),
    version: z.int(),
    can,
  })
  .meta({ id: 'Talent' })
export type Talent = z.infer<typeof Talent>

export const TalentPage = z
  .strictObject({ talent: Talent, timeline: z.array(TimelineEntry) })
  .meta({ id: 'TalentPage' })
export type TalentPage = z.infer<typeof TalentPage>

export const TalentList = listOf(Talent)
export const ListTalentsQuery = z.strictObject({
  mechanism: mechanismId.optional(),
  unit: id.optional().meta({ description: 'this holder and below, or the places it serves' }),
  year: queryInt(2000, 2200).optional(),
  state: key.optional(),
  form: TalentForm.optional(),
  search: text(40).optional().meta({ description: 'name, pinyin, initials; title of a team or project' }),
  sort: z
    .enum(['recorded', 'name', '-name', 'year', '-year'])
    .optional()
    .meta({ description: 'newest first when absent' }),
  ...paging,
})
export type ListTalentsQuery = z.infer<typeof ListTalentsQuery>

export const AdvanceTalent = z.strictObject({
  state: key,
  on: day,
  days: z.int().min(1).max(366).optional().meta({ description: 'of service, under a flexible contract' }),
  note: text(200, 0).optional(),
})
export type AdvanceTalent = z.infer<typeof AdvanceTalent>

export const RevealWish = z.strictObject({ reason: text(100, 2) })
export const Wish = z.strictObject({ wish: z.string() })

export const SetTarget = z.strictObject({
  mechanismId,
  holderId: id,
  year: z.int().min(2000).max(2200),
  amount: z.int().min(1).max(1_000_000),
})
export type SetTarget = z.infer<typeof SetTarget>

export const Target = z
  .strictObject({
    id,
    mechanismId: z.string(),
    holderId: id,
    holderName: z.string(),
    year: z.int(),
    amount: z.int(),
    reached: z.int().meta({ description: 'who arrived in that year at the holder and below, each person once' }),
    can,
  })
  .meta({ id: 'TalentTarget' })
export type Target = z.infer<typeof Target>
export const TargetList = listOf(Target)
export const ListTargetsQuery = z.strictObject({
  mechanism: mechanismId.optional(),
  unit: id.optional(),
  year: queryInt(2000, 2200).optional(),
  ...paging,
})
export type ListTargetsQuery = z.infer<typeof ListTargetsQuery>

export const PlanTalentEvent = z.strictObject({
  mechanismId,
  holderId: id,
  kind: key,
  title: text(60),
  place: text(60, 0).optional(),
  plannedOn: day,
})
export type PlanTalentEvent = z.infer<typeof PlanTalentEvent>

export const HoldTalentEvent = z.strictObject({ on: day, posts: z.int().min(0).max(100_000).optional() })
export type HoldTalentEvent = z.infer<typeof HoldTalentEvent>

export const TalentEvent = z
  .strictObject({
    id,
    mechanismId: z.string(),
    holderId: id,
    holderName: z.string(),
    kind: z.string(),
    title: z.string(),
    place: z.string(),
    plannedOn: day,
    heldOn: day.nullable(),
    posts: z.int(),
    can,
  })
  .meta({ id: 'TalentEvent' })
export type TalentEvent = z.infer<typeof TalentEvent>
export const TalentEventList = listOf(TalentEvent)
export const ListTalentEventsQuery = z.strictObject({
  mechanism: mechanismId.optional(),
  unit: id.optional(),
  held: queryFlag.optional().meta({ description: 'true: held; false: planned and not yet held' }),
  ...paging,
})
export type ListTalentEventsQuery = z.infer<typeof ListTalentEventsQuery>

/** A role for a term: only the published result is recorded, never a candidacy. */
export const RecordTenure = z.strictObject({
  mechanismId,
  unitId: id.meta({ description: 'the body or organisation the role is held in' }),
  role: key,
  term: text(20).meta({ description: 'e.g. 第十七届' }),
  basis: key,
  from: day,
})
export type RecordTenure = z.infer<typeof RecordTenure>
