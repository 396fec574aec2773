// What a decision does to counts: everything that hangs below a touched unit is followed from the units above it before to the
// units above it after. Pure.
import type { Weight } from '../ties.ts'
import { fieldsOn, isOpenOn, type Timeline } from './timeline.ts'

/** The tree around the touched units, at one moment: timelines where something may change, fixed lines elsewhere. */
export interface Standing {
  timelines: ReadonlyMap<string, Timeline>
  day: string
  /** Who carries on, where exactly one does. */
  heirs: ReadonlyMap<string, string>
  /** Units above and itself of a unit that nothing here moves. */
  fixed: (id: string) => readonly string[]
}

/** The unit and all above it; a closed unit stands where its heir stands, and nowhere without one. */
export function lineUp(id: string, s: Standing): string[] {
  const line: string[] = []
  for (let at: string | null = id; at !== null; ) {
    const t = s.timelines.get(at)
    if (!t) return [...line, ...s.fixed(at)]
    if (!isOpenOn(t, s.day)) {
      const heir = s.heirs.get(at)
      return heir && !line.includes(heir) ? [...line, ...lineUp(heir, s)] : line
    }
    line.push(at)
    at = fieldsOn(t, s.day).parentId
  }
  return line
}

export type Tally = Map<string, Map<string, number>>

const add = (tally: Tally, id: string, what: string, n: number) => {
  const of = tally.get(id) ?? new Map<string, number>()
  of.set(what, (of.get(what) ?? 0) + n)
  tally.set(id, of)
}

/** Unit → what → how much more it has in one standing than in the other. */
export function shift(weights: readonly Weight[], idOf: (path: string) => string, from: Standing, to: Standing): Tally {
  const tally: Tally = new Map()
  const lines = new Map<string, { before: readonly string[]; after: readonly string[] }>()
  for (const { path, what, count } of weights) {
    const id = idOf(path)
    const line = lines.get(id) ?? { before: lineUp(id, from), after: lineUp(id, to) }
    lines.set(id, line)
    for (const above of line.before) add(tally, above, what, -count)
    for (const above of line.after) add(tally, above, what, count)
  }
  return tally
}
