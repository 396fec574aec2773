// Who runs the system, under which filing, what it keeps and on which ground. [JF-13, PRV-01, SEC-00]
import { z } from 'zod'
import { term, text } from '#core/contract.ts'

/** One purpose for which something about people is kept. [PRV-01] */
const Purpose = z.strictObject({
  purpose: text(40),
  whose: text(30),
  fields: text(200),
  ground: text(120),
  kept: text(80),
})

export const AboutSettings = z.strictObject({
  sponsor: text(60, 0).default('').meta({ description: '主办单位; at county level or above, never below [JF-13]' }),
  operator: text(60, 0).default('').meta({ description: '承办（运维）单位' }),
  filing: text(60, 0).default('').meta({ description: '备案编号' }),
  phone: text(30, 0).default(''),
  address: text(80, 0).default(''),
  hours: text(60, 0).default(''),
  purposes: z.array(Purpose).max(40).default([]),
  reply: term
    .default({ amount: 3, unit: 'workdays' })
    .meta({ description: 'within which feedback is answered; each further word of the sender starts it anew' }),
  retentionMonths: z
    .int()
    .min(1)
    .max(36)
    .default(6)
    .meta({ description: 'contacts left with feedback are erased so long after its last word' }),
})
export type AboutSettings = z.infer<typeof AboutSettings>

export const About = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    banner: z.string(),
    district: z.strictObject({ id: z.int(), code: z.string(), name: z.string() }),
    settings: AboutSettings,
    settingsVersion: z.int().meta({ description: 'for If-Match; 0 where nothing was stated yet' }),
  })
  .meta({ id: 'About' })
export type About = z.infer<typeof About>

export const districtQuery = z.strictObject({
  district: z
    .string()
    .regex(/^\d{1,6}$/, { error: 'type' })
    .optional()
    .meta({ description: 'number of the district; may be left out where one is served' }),
})
