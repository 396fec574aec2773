// What a decision does to counts of members, records, demands and tasks, told before it happens. [screens: Tree]
import type { Tx } from '#core/context.ts'
import { type Range, subtree } from '#core/permissions.ts'
import type { ChangeEffect } from '../contract.ts'
import { pathsAbove } from '../paths.ts'
import { shift, type Standing, type Tally } from '../rules/effects.ts'
import { fieldsOn, isOpenOn, type Timeline } from '../rules/timeline.ts'
import { lineOf, type UnitNow } from '../store/units.ts'
import { tied, type Weight } from '../ties.ts'
import type { Prepared } from './prepare.ts'

const MOST = 200

/** Ranges without those that lie inside others. */
function outermost(paths: readonly string[]): Range[] {
  const kept: Range[] = []
  for (const path of paths.toSorted()) {
    const range = subtree(path)
    if (!kept.some((k) => k.from <= range.from && range.to <= k.to)) kept.push(range)
  }
  return kept
}

async function weigh(tx: Tx, ranges: readonly Range[]): Promise<Weight[]> {
  if (ranges.length === 0) return []
  const all: Weight[] = []
  for (const ask of tied().weighs) all.push(...(await ask(tx, ranges)))
  return all
}

/** Units whose place in the tree changes, or that close: only what hangs below them can move. */
function shifted({ draft }: Prepared, before: ReadonlyMap<string, Timeline>, day: string): string[] {
  const parentOf = (t: Timeline | undefined) => (t && isOpenOn(t, day) ? fieldsOn(t, day).parentId : undefined)
  return [...draft.touched].filter((id) => parentOf(before.get(id)) !== parentOf(draft.timelines.get(id)))
}

/** Today's units by path: those that were loaded, and all above them. */
async function unitsAround(tx: Tx, { loaded }: Prepared): Promise<Map<string, UnitNow>> {
  const paths = new Set([...loaded.paths.values()].flatMap((p) => [...pathsAbove(p), p]))
  return new Map((await lineOf(tx, [...paths])).map((u) => [u.path, u]))
}

interface Ways {
  today: Standing
  before: Standing
  after: Standing
}

function waysOf(
  { draft, loaded }: Prepared,
  before: ReadonlyMap<string, Timeline>,
  around: Map<string, UnitNow>,
  day: string,
): Ways {
  const idAt = (path: string) => around.get(path)?.id
  const fixed = (id: string) => {
    const path = loaded.paths.get(id)
    return path ? [path, ...pathsAbove(path).toReversed()].flatMap((p) => idAt(p) ?? []) : [id]
  }
  const heirs = new Map(draft.closings.flatMap((c): [string, string][] => (c.heirId ? [[c.unitId, c.heirId]] : [])))
  const shared = { day, heirs, fixed }
  return {
    today: { ...shared, timelines: new Map() },
    before: { ...shared, timelines: before },
    after: { ...shared, timelines: draft.timelines },
  }
}

const changed = (tally: Tally) => [...tally].filter(([, of]) => [...of.values()].some((n) => n !== 0)).map(([id]) => id)

/** Units whose counts the decision changes, with before and after of each count. */
export async function effectsOf(
  tx: Tx,
  prepared: Prepared,
  before: ReadonlyMap<string, Timeline>,
): Promise<ChangeEffect[]> {
  const { draft, loaded, kinds, step } = prepared
  // A back-dated decision changes what is counted today.
  const day = step.effectiveOn > tx.today ? step.effectiveOn : tx.today
  const around = await unitsAround(tx, prepared)
  const pathOf = (id: string) => loaded.paths.get(id) ?? [...around.values()].find((u) => u.id === id)?.path
  const idOf = (path: string) => around.get(path)?.id ?? path
  const weights = await weigh(tx, outermost(shifted(prepared, before, day).flatMap((id) => loaded.paths.get(id) ?? [])))
  const ways = waysOf(prepared, before, around, day)
  const plans = shift(weights, idOf, ways.today, ways.before)
  const decision = shift(weights, idOf, ways.before, ways.after)
  const units = changed(decision).slice(0, MOST)
  const totals = await weigh(tx, outermost(units.flatMap((id) => pathOf(id) ?? [])))
  return units.map((id) => {
    const path = pathOf(id)
    const now = (what: string) =>
      path === undefined
        ? 0
        : totals.filter((w) => w.what === what && w.path.startsWith(path)).reduce((n, w) => n + w.count, 0)
    const unit = path === undefined ? undefined : around.get(path)
    const t = draft.timelines.get(id)
    const kind = unit?.kind ?? (t && fieldsOn(t, step.effectiveOn).kind) ?? ''
    return {
      unitId: id,
      unitName: draft.nameOf(id, step.effectiveOn) || (unit?.name ?? ''),
      kindName: kinds.get(kind)?.name ?? kind,
      counts: [...(decision.get(id) ?? [])].map(([what, more]) => {
        const stood = now(what) + (plans.get(id)?.get(what) ?? 0)
        return { what, before: stood, after: stood + more }
      }),
    }
  })
}
