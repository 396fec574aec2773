// A tree that is only planned: where every unit will stand, worked out from where it stands now. Pure.
import type { Plan } from '#modules/units/index.ts'

/** Where a unit stands: by number, as the ledger tells units. */
export interface Stand {
  no: number
  path: string
  kind: string
}

/** What stands elsewhere, or is otherwise, in a planned tree than in today's. */
export interface Planned {
  /** Days of the decisions it rests on. */
  days: readonly string[]
  units: readonly (Stand & { was: string })[]
  /** Units that will be opened; nothing is recorded at them yet. */
  opened: readonly { id: string; name: string; path: string }[]
  names: ReadonlyMap<number, string>
  closed: ReadonlySet<number>
}

const LABEL = 6
/** The highest numbers stand for units that have none yet. */
const HIGHEST = 36 ** (LABEL - 1) - 1

const labelOf = (no: number) => `${no.toString(36).padStart(LABEL - 1, '0')}.`
const aboveOf = (path: string) => path.slice(0, -LABEL)
/** The unit above in a path; null of a root. */
const noAbove = (path: string) =>
  path.length > 2 + LABEL ? Number.parseInt(path.slice(-2 * LABEL, -LABEL - 1), 36) : null

/** `stands`: the units the plan names or puts others below, with all that stands below them today; `nos`: their numbers by id. */
export function planned(plan: Plan, stands: readonly Stand[], nos: ReadonlyMap<string, number>): Planned {
  const numbers = new Map(nos)
  for (const [i, u] of plan.units.filter((p) => p.no === 0).entries()) numbers.set(u.id, HIGHEST - i)
  const stood = new Map(stands.map((s) => [s.no, s]))
  const changed = new Map(plan.units.map((u) => [numbers.get(u.id) as number, u]))
  const paths = new Map<number, string>()
  const pathOf = (no: number): string | undefined => {
    const known = paths.get(no)
    if (known) return known
    const then = changed.get(no)
    const now = stood.get(no)
    const above = then ? then.aboveId && numbers.get(then.aboveId) : now && noAbove(now.path)
    const path = above ? `${pathOf(above) ?? aboveOf(now?.path ?? '')}${labelOf(no)}` : now?.path
    if (path) paths.set(no, path)
    return path
  }
  const open = plan.units.filter((u) => u.open)
  return {
    days: plan.days,
    units: stands
      .map((s) => ({ ...s, was: s.path, path: pathOf(s.no) ?? s.path, kind: changed.get(s.no)?.kind ?? s.kind }))
      .filter((s) => s.path !== s.was || changed.has(s.no)),
    opened: open.flatMap((u) => {
      const path = u.no === 0 ? pathOf(numbers.get(u.id) as number) : undefined
      return path ? [{ id: u.id, name: u.name, path }] : []
    }),
    names: new Map(plan.units.map((u) => [numbers.get(u.id) as number, u.name])),
    closed: new Set(plan.units.filter((u) => !u.open).map((u) => u.no)),
  }
}
