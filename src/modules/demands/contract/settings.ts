// What a district may set for one mechanism of the demands engine. Everything local lives here as data. [domain 1.8, 1.9]
import { z } from 'zod'
import { text } from '#core/contract.ts'

/** A time limit in natural hours or days, or in working days of the statutory calendar. [REQ-04] */
export const Term = z.strictObject({ amount: z.int().min(1).max(3650), unit: z.enum(['hours', 'days', 'workdays']) })
export type Term = z.infer<typeof Term>

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

const clock = z.strictObject({ respond: Term, resolve: Term })
const hours = (amount: number) => ({ amount, unit: 'hours' as const })
const days = (amount: number) => ({ amount, unit: 'days' as const })

export const DemandSettings = z.strictObject({
  words: z
    .strictObject({ demand: text(10), task: text(10), claim: text(10) })
    .default({ demand: '诉求', task: '任务', claim: '接单' })
    .meta({ description: 'local names of the things' }),
  categories: z.array(Category).min(1).max(200),
  residentMayRaise: z.boolean().default(false),
  clocks: z.record(Grade, clock).default({
    urgent: { respond: hours(1), resolve: days(3) },
    normal: { respond: hours(24), resolve: days(7) },
    complex: { respond: hours(24), resolve: days(15) },
    enquiry: { respond: hours(24), resolve: { amount: 3, unit: 'workdays' } },
  }),
  dispute: z.strictObject({ window: Term, times: z.int().min(0).max(5) }).default({ window: { amount: 1, unit: 'workdays' }, times: 2 }),
  extensions: z.int().min(0).max(3).default(1),
  suspensionMonths: z.int().min(1).max(6).default(6),
  callbackTries: z.int().min(1).max(5).default(3),
  basicallyCounts: z.boolean().default(true).meta({ description: '基本满意 counts as satisfied' }),
  bands: z.array(z.strictObject({ id: text(4), from: z.int().min(0).max(100) })).default([
    { id: 'A', from: 90 },
    { id: 'B', from: 75 },
    { id: 'C', from: 0 },
  ]),
  smallSample: z.int().min(1).max(1000).default(30),
  ladder: z.array(Term).default([{ amount: 24, unit: 'hours' }, { amount: 72, unit: 'hours' }]).meta({ description: 'overdue by so much → one level up the tree' }),
  tasks: z
    .strictObject({ enabled: z.boolean(), waitingList: z.boolean(), openTo: z.enum(['registered', 'anyone']) })
    .default({ enabled: true, waitingList: true, openTo: 'registered' }),
})
export type DemandSettings = z.infer<typeof DemandSettings>
