// What a district may set for one mechanism of the demands engine. Everything local lives here as data. [domain 1.8, 1.9]
import { z } from 'zod'
import { term, text } from '#core/contract.ts'

export const mechanismId = z
  .string()
  .max(60)
  .meta({ description: 'id of a mechanism of the engine demands, as listMechanisms names it' })
export const categoryId = z
  .string()
  .max(40)
  .meta({ description: 'id of one of the categories in the settings of the mechanism' })

/** For refining what has a beginning and an end. */
export const endsAfterStart = {
  holds: (t: { startsAt: string; endsAt: string }) => Date.parse(t.endsAt) > Date.parse(t.startsAt),
  message: 'ends-before-start',
  path: ['endsAt'],
}

export const Grade = z.enum(['urgent', 'normal', 'complex', 'enquiry'])
export type Grade = z.infer<typeof Grade>

/** Who may be made responsible for a category; a department's matter can't be sent to a community. [REQ-01] */
export const Category = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  name: text(20),
  level: z.enum(['community', 'street', 'department', 'any']),
  grade: Grade.default('normal'),
  ground: text(60, 0).default('').meta({ description: '权责清单依据' }),
})
export type Category = z.infer<typeof Category>

export const DemandState = z.enum([
  'registered',
  'dispatched',
  'disputed',
  'signed',
  'answered',
  'called',
  'closed',
  'declined',
  'merged',
])
export type DemandState = z.infer<typeof DemandState>

/** Everything that may be done with a demand; which of it is lawful now stands in `may.ts`. */
export const DemandStep = z.enum([
  'dispatch',
  'sign',
  'dispute',
  'review',
  'decline',
  'contact',
  'answer',
  'call-back',
  'verify',
  'close',
  'reopen',
  'redo',
  'extend',
  'suspend',
  'resume',
  'merge',
  'split',
  'support',
  'rate-support',
  'exclude',
  'decide-exclusion',
])
export type DemandStep = z.infer<typeof DemandStep>

export const ClaimState = z.enum(['waiting', 'claimed', 'submitted', 'accepted', 'returned', 'withdrawn'])
export type ClaimState = z.infer<typeof ClaimState>

export const OccasionKind = z.enum(['visit', 'inspection', 'meeting', 'drill'])
export type OccasionKind = z.infer<typeof OccasionKind>

const way = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{2,40}$/), name: text(20) })

const clock = z.strictObject({ respond: term, resolve: term })
const hours = (amount: number) => ({ amount, unit: 'hours' as const })
const days = (amount: number) => ({ amount, unit: 'days' as const })

export const DemandSettings = z.strictObject({
  words: z
    .strictObject({ demand: text(10), task: text(10), claim: text(10) })
    .default({ demand: '诉求', task: '任务', claim: '接单' })
    .meta({ description: 'local names of the things' }),
  stateWords: z
    .partialRecord(DemandState, text(12))
    .default({})
    .meta({ description: 'local names of a demand’s states' }),
  claimWords: z
    .partialRecord(ClaimState, text(12))
    .default({})
    .meta({ description: 'local names of a claim’s states, e.g. 意向, 签约' }),
  categories: z.array(Category).min(1).max(200),
  residents: z
    .strictObject({
      rank: z.int().min(1).max(99).meta({ description: 'the lowest stands first on the phone' }),
      ask: text(12).default('您要说的事').meta({ description: 'what the phone asks' }),
      hint: text(60, 0).default('写清什么事、在哪里').meta({ description: 'said below the question' }),
    })
    .optional()
    .meta({ description: 'residents may raise into it from the plate of a place; absent: they may not' }),
  clocks: z.record(Grade, clock).default({
    urgent: { respond: hours(1), resolve: days(3) },
    normal: { respond: hours(24), resolve: days(7) },
    complex: { respond: hours(24), resolve: days(15) },
    enquiry: { respond: hours(24), resolve: { amount: 3, unit: 'workdays' } },
  }),
  dispute: z
    .strictObject({ window: term, times: z.int().min(0).max(5) })
    .default({ window: { amount: 1, unit: 'workdays' }, times: 2 }),
  extensions: z.int().min(0).max(3).default(1),
  suspensionMonths: z.int().min(1).max(6).default(6),
  confirmation: z.enum(['call-back', 'verification', 'none']).default('call-back').meta({
    description: 'who says it is done: the resident asked by a third person, an inspector on the spot, or nobody',
  }),
  means: z
    .array(way)
    .max(20)
    .default([])
    .meta({ description: 'ways of settling told apart in the answer, e.g. 调解, 执法' }),
  legalChannels: z
    .array(text(20))
    .min(1)
    .max(20)
    .default(['信访', '行政复议', '诉讼', '仲裁', '其他法定途径'])
    .meta({ description: 'told with 不予受理' }),
  redos: z
    .int()
    .min(0)
    .max(5)
    .default(2)
    .meta({ description: 'how often an unsolved demand is handled again after the call-back' }),
  reopen: z
    .strictObject({ days: z.int().min(1).max(365), times: z.int().min(0).max(5) })
    .default({ days: 15, times: 2 }),
  whistle: z
    .strictObject({ enabled: z.boolean(), limit: term })
    .default({ enabled: false, limit: { amount: 2, unit: 'hours' } })
    .meta({ description: '吹哨报到: called units report in within the limit and are rated by the caller' }),
  occasions: z
    .array(OccasionKind)
    .max(4)
    .default([])
    .meta({ description: 'occasions at which matters are collected; counted with the people met' }),
  retentionMonths: z
    .int()
    .min(1)
    .max(60)
    .default(24)
    .meta({ description: 'contacts are erased so long after closing' }),
  callbackTries: z.int().min(1).max(5).default(3),
  basicallyCounts: z.boolean().default(true).meta({ description: '基本满意 counts as satisfied' }),
  bands: z.array(z.strictObject({ id: text(4), from: z.int().min(0).max(100) })).default([
    { id: 'A', from: 90 },
    { id: 'B', from: 75 },
    { id: 'C', from: 0 },
  ]),
  smallSample: z.int().min(1).max(1000).default(30),
  weights: z
    .strictObject({
      response: z.int().min(0).max(100),
      solved: z.int().min(0).max(100),
      satisfied: z.int().min(0).max(100),
    })
    .optional()
    .meta({ description: '综合: no national value, so none by default' }),
  ladder: z
    .array(term)
    .max(10)
    .default([
      { amount: 24, unit: 'hours' },
      { amount: 72, unit: 'hours' },
    ])
    .meta({ description: 'overdue by so much → one level up the tree' }),
  tasks: z
    .strictObject({
      enabled: z.boolean().default(true),
      waitingList: z.boolean().default(true),
      openTo: z
        .enum(['registered', 'anyone'])
        .default('registered')
        .meta({ description: 'people reported to the place, or anyone of the district' }),
      claimants: z
        .array(z.enum(['person', 'unit']))
        .min(1)
        .max(2)
        .default(['person']),
      maxCapacity: z.int().min(1).max(10_000).default(10_000).meta({ description: 'a micro-wish is claimed by one' }),
      review: z
        .boolean()
        .default(false)
        .meta({ description: 'looked through for private matters before it is published' }),
      shownAt: z
        .enum(['place', 'estate', 'community'])
        .default('place')
        .meta({ description: 'what everybody reads names no nearer place than this, and no door or household' }),
      record: z
        .enum(['minutes', 'done'])
        .default('minutes')
        .meta({ description: 'what acceptance records: minutes of service, or only that it was done (matched)' }),
    })
    .prefault({}),
})
export type DemandSettings = z.infer<typeof DemandSettings>
