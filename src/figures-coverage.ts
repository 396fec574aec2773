// Which figures of the field's articles can be produced now, and by which measure; reads packs only, needs no server and no database.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Entry = z.strictObject({
  id: z.string(),
  mechanism: z.string(),
  module: z.string(),
  kind: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  bound: z.string(),
  /** `a+b`: one number said of two measures, true only when both are equal */
  measure: z.string().optional(),
  period: z.string().optional(),
  /** name of the unit it is said of; the whole district when absent */
  at: z.string().optional(),
  /** why it is no number of this house */
  why: z.string().optional(),
})

export type ArticleFigure = z.infer<typeof Entry> & { state: 'produced' | 'not-yet' | 'no-figure' }

export function figuresCoverage(): ArticleFigure[] {
  const file = new URL('../packs/figures.json', import.meta.url)
  return z
    .array(Entry)
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .map((f) => ({ ...f, state: f.measure ? 'produced' : f.why ? 'no-figure' : 'not-yet' }))
}
