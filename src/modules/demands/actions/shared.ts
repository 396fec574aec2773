// What the use cases of this module share.
import type { Context, Sight, Tx, WriteTx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import {
  actingAt,
  findKinds,
  getNamable,
  getUnitFor,
  type Naming,
  pathsAbove,
  type UnitNow,
} from '#modules/units/index.ts'
import { type DemandSettings, fail } from '../contract.ts'
import { engine } from '../engine.ts'
import { categoryOf, mustBeTheirs } from '../rules.ts'
import { type DemandRow, findByFollowIndex, getDemand } from '../store/demands.ts'
import { insertRework, type DispatchRow } from '../store/steps.ts'
import { hasServed } from '../store/tasks.ts'

/** A demand keeps the rules of the day it was opened on (ENG-05). */
export const settingsOf = (tx: Tx, d: DemandRow): Promise<DemandSettings> =>
  getSettings(tx, engine, d.mechanism_id, d.opened_on)

/** The demand a resident’s code leads to. @throws demand.bad-code */
export async function byCode(tx: Tx, follow: string): Promise<DemandRow> {
  const row = await findByFollowIndex(tx, tx.vault.blindIndexes('follow', follow))
  if (!row) throw fail('bad-code')
  return row
}

/** Settings of today for a list: names and ways of confirming; one demand's own page reads those of its day. */
export async function settingsToday(tx: Tx, mechanismIds: readonly string[]) {
  const all = new Map<string, DemandSettings>()
  for (const m of new Set(mechanismIds)) {
    const settings = await getSettings(tx, engine, m, tx.today).catch(() => null)
    if (settings) all.set(m, settings)
  }
  return all
}

/** What the mechanism makes of its tasks, for who reads one. */
export const shapeOf = (settings: DemandSettings | undefined) => ({
  word: settings?.words.task ?? '任务',
  record: settings?.tasks.record ?? ('minutes' as const),
  claimants: settings?.tasks.claimants ?? (['person'] as const).slice(),
})

export const clocks = (d: DemandRow) => ({
  respondDueAt: d.respond_due_at,
  resolveDueAt: d.resolve_due_at,
  respondedAt: d.responded_at,
})

/** The one history entry of a step in a demand's life. */
export function note(
  tx: WriteTx,
  d: DemandRow,
  change: Record<string, unknown>,
  more: { reason?: string | undefined; also?: readonly (string | null)[] } = {},
) {
  tx.record({
    subject: { kind: 'demand', id: d.id },
    path: d.place_path,
    change,
    reason: more.reason,
    also: [d.owner_path, ...(more.also ?? [])],
    quiet: d.report,
  })
}

interface Step {
  id: string
  verb: string
  /** What the history calls it, where that is not the verb. */
  action?: string
}

type Doing<T> = (tx: WriteTx, d: DemandRow) => Promise<T>

const step = <T>(
  ctx: Context,
  { id, verb, action = verb }: Step,
  decidedAt: (d: DemandRow) => string,
  doing: Doing<T>,
) =>
  ctx.write(
    verb,
    action,
    (tx, d) => {
      tx.must(verb, decidedAt(d))
      return doing(tx, d)
    },
    (sight: Sight) => getDemand(sight, id, true),
  )

/** A step in a demand's life that is decided at its place; the demand is held. @throws demand.not-found, core.forbidden */
export const atPlace = <T>(ctx: Context, of: Step, doing: Doing<T>) => step(ctx, of, (d) => d.place_path, doing)

/** A step of the responsible unit; the demand is held. @throws demand.not-found, core.forbidden */
export const atOwner = <T>(ctx: Context, of: Step, doing: Doing<T>) =>
  step(ctx, of, (d) => d.owner_path ?? d.place_path, doing)

/** Who handled a demand, at a desk or as a volunteer, does not confirm it. @throws demand.same-hand [REQ-08] */
export async function mustBeAnother(tx: Tx, d: DemandRow): Promise<void> {
  const { accountId, personId } = tx.actor
  if (d.answered_by !== null && d.answered_by === accountId) throw fail('same-hand')
  if (personId && (await hasServed(tx, d.id, personId))) throw fail('same-hand')
}

function mustBeOpen<T extends Pick<UnitNow, 'name' | 'closedOn'>>(unit: T): T {
  if (unit.closedOn) throw fail('unit-closed', { unit: unit.name, day: unit.closedOn })
  return unit
}

/** The unit a use case acts at, open today. @throws unit.not-found, core.forbidden, demand.unit-closed */
export const unitFor = async (tx: Tx, verb: string, unitId: string): Promise<UnitNow> =>
  mustBeOpen(await getUnitFor(tx, verb, unitId))

/** As `unitFor`, of a unit that was looked up ahead. */
export const openAt = (tx: Tx, verb: string, unit: UnitNow): UnitNow => mustBeOpen(actingAt(tx, verb, unit))

type Kinds = Awaited<ReturnType<typeof findKinds>>

/** Departments serve the whole district, and what lies above a place answers for it: both may be named by whoever dispatches there. */
export const naming = (kinds: Kinds, placePath: string): Naming => ({
  kinds: [...kinds.values()].filter((k) => k.level === 'department').map((k) => k.id),
  above: pathsAbove(placePath),
})

/** A unit that may be called to a demand of that place. @throws unit.not-found, demand.unit-closed */
export const callable = async (tx: Tx, placePath: string, unitId: string, kinds?: Kinds): Promise<UnitNow> =>
  mustBeOpen(await getNamable(tx, unitId, naming(kinds ?? (await findKinds(tx)), placePath)))

/** A unit that may lawfully be responsible for the demand's category. @throws demand.not-theirs [REQ-01] */
export async function responsible(tx: Tx, d: DemandRow, unitId: string): Promise<UnitNow> {
  const kinds = await findKinds(tx)
  const unit = await callable(tx, d.place_path, unitId, kinds)
  const level = kinds.get(unit.kind)?.level ?? 'household'
  mustBeTheirs(categoryOf(await settingsOf(tx, d), d.category), { name: unit.name, level })
  return unit
}

/** The unit for which the actor acts with `verb` at `path`: named where one unit asks and another decides. [REQ-09] */
export function unitActing(tx: Tx, verb: string, path: string): string {
  const grant = tx.actor.grants.find((g) => can({ ...tx.actor, grants: [g] }, verb, path))
  if (!grant) throw fail('not-found')
  return grant.unitId
}

export const leadEntry = (
  d: DemandRow,
  unit: Pick<UnitNow, 'id' | 'path'>,
  at: string,
): Omit<DispatchRow, 'district_id' | 'id'> => ({
  ...emptyDispatch,
  demand_id: d.id,
  unit_id: unit.id,
  unit_path: unit.path,
  role: 'lead',
  at,
  due_at: d.resolve_due_at,
})

export const supportEntry = (
  d: DemandRow,
  unit: UnitNow,
  more: { at: string; due: string | null },
): Omit<DispatchRow, 'district_id' | 'id'> => ({
  ...emptyDispatch,
  demand_id: d.id,
  unit_id: unit.id,
  unit_path: unit.path,
  role: 'support',
  at: more.at,
  due_at: more.due,
})

const emptyDispatch = {
  signed_at: null,
  answered_at: null,
  report_sealed: null,
  disputed_at: null,
  disputed_by: null,
  dispute_reason: null,
  dispute_basis: null,
  dispute_outcome: null,
  review_reason: null,
  reviewed_at: null,
  reviewed_by: null,
  rating: null,
  rating_note: null,
  rated_at: null,
  rated_by: null,
  ended_at: null,
}

/** One more round of handling, as a dated row. */
export async function startRound(
  tx: WriteTx,
  d: DemandRow,
  kind: 'redo' | 'reopen' | 'resume',
  reason: string,
): Promise<number> {
  const round = d.round + 1
  await insertRework(tx, {
    demand_id: d.id,
    round,
    kind,
    at: tx.now,
    made_on: tx.today,
    reason,
    asked_by: tx.actor.accountId,
  })
  return round
}
