// Reorganisation: one decision, carried out at once or on its day, with everything that follows in one transaction. [ORG-01 … ORG-03]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { Problem, present } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import {
  type ChangePreview,
  fail,
  type ListUnitChangesQuery,
  type NewUnitChange,
  type Operation,
  type UnitChange,
  type UnitChangePage,
  type UnitDifference,
} from '../contract.ts'
import { changedVersions, type Draft, differencesOf, namedIn, type Step } from '../rules/reorganise.ts'
import { changesOf, planned } from '../rules/takeback.ts'
import {
  type ChangeRow,
  findChanges,
  findPlanned,
  getChange,
  insertChange,
  MOST_LISTED,
  setChange,
} from '../store/changes.ts'
import { importCalledOff, importTookEffect } from '../store/imports.ts'
import {
  alignPaths,
  doubleCode,
  findCodeHolder,
  numberNew,
  takeTurn,
  writeClosings,
  writeTimelines,
} from '../store/timelines.ts'
import { findPathsOf } from '../store/units.ts'
import { type Blocker, tied } from '../ties.ts'
import { effectsOf } from './effects.ts'
import { asBefore, type Prepared, prepare } from './prepare.ts'

/** New units get their ids when the decision is taken, so that it can be read and planned on. */
const withIds = (operations: readonly Operation[]): Operation[] =>
  operations.map((op) => (op.op === 'create' ? { ...op, id: op.id ?? newId() } : op))

/** A unit that is only planned is judged by the nearest unit above it that exists. */
function groundOf(id: string, planned: ReadonlyMap<string, string | null>): string {
  let at = id
  for (let n = 0; n < 40 && planned.has(at); n++) at = planned.get(at) ?? at
  return at
}

const plannedParents = (operations: readonly Operation[]) =>
  new Map(
    operations.flatMap((op): [string, string | null][] => (op.op === 'create' && op.id ? [[op.id, op.parentId]] : [])),
  )

/**
 * 404 for what the asker may not see, 403 where he may see but lacks the verb: at every unit the decision names.
 * Answers the units that exist it is judged by.
 */
export async function mustHold(
  tx: Tx,
  verb: 'unit.reorganise' | 'unit.import',
  operations: readonly Operation[],
): Promise<{ id: string; path: string }[]> {
  const created = plannedParents(operations)
  const ahead = plannedParents((await findPlanned(tx, '9999-12-31')).flatMap((p) => p.operations))
  const named = [...new Set(operations.flatMap(namedIn).filter((id) => !created.has(id)))]
  const there = new Set((await findPathsOf(tx, named)).map((u) => u.id))
  const grounds = [...new Set(named.map((id) => (there.has(id) ? id : groundOf(id, ahead))))]
  const found = await findPathsOf(tx, grounds, visibleTo(tx.actor, 'unit.read', 'path'))
  if (found.length < grounds.length) throw fail('not-found')
  for (const { path } of found) tx.must(verb, path)
  return found
}

export async function refuseTakenCodes(tx: Tx, draft: Draft) {
  const twice = doubleCode(draft.timelines)
  if (twice) throw fail('code-taken', { code: twice.code, unit: twice.name })
  for (const tree of ['place', 'org'] as const) {
    const own = [...draft.touched]
      .map((id) => draft.timelines.get(id))
      .filter((t) => t?.tree === tree && t.closedOn === null)
    const codes = own.flatMap((t) => t?.settings.flatMap((s) => s.sets.code ?? []) ?? [])
    const holder = codes.length > 0 ? await findCodeHolder(tx, tree, codes, [...draft.timelines.keys()]) : undefined
    if (holder) throw fail('code-taken', { code: holder.code, unit: holder.name })
  }
}

const closingUnits = (draft: Draft) => draft.closings.map(({ unitId, on, heirId }) => ({ unitId, on, heirId }))

async function blockersOf(tx: Tx, units: ReturnType<typeof closingUnits>): Promise<Blocker[]> {
  if (units.length === 0) return []
  const found: Blocker[] = []
  for (const check of tied().blockers) found.push(...(await check(tx, units)))
  return found
}

function describer({ draft, kinds, step }: Prepared) {
  return (fields: Parameters<Parameters<typeof differencesOf>[3]>[0]): UnitDifference['before'] =>
    fields && {
      kind: fields.kind,
      kindName: kinds.get(fields.kind)?.name ?? fields.kind,
      code: fields.code,
      name: fields.name,
      parentId: fields.parentId,
      parentName: fields.parentId && draft.nameOf(fields.parentId, step.effectiveOn),
    }
}

/** What would have to be settled first, looked at before: where one successor takes over, all passes to it on the day. */
const aheadBlockers = async (tx: Tx, { draft, step }: Prepared): Promise<ChangePreview['blockers']> =>
  (
    await blockersOf(
      tx,
      closingUnits(draft).filter((u) => u.heirId === null),
    )
  ).map((b) => ({ ...b, unitName: draft.nameOf(b.unitId, step.effectiveOn) }))

function countsOf(differences: readonly UnitDifference[]): ChangePreview['counts'] {
  const having = (...what: UnitDifference['what']) => differences.filter((d) => d.what.some((w) => what.includes(w)))
  const moved = having('moved')
  return {
    created: having('created').length,
    closed: having('closed', 'merged', 'split').length,
    renamed: having('renamed').length,
    moved: moved.length,
    carried: moved.reduce((sum, d) => sum + d.below, 0),
  }
}

/** Carries a decision out in thought and tells everything it would do. @throws unit.* when it cannot be */
async function foresee(tx: Tx, step: Step) {
  const prepared = await prepare(tx, step, false)
  const before = asBefore(prepared)
  prepared.draft.apply(step)
  await refuseTakenCodes(tx, prepared.draft)
  return {
    differences: differencesOf(before, prepared.draft, step.effectiveOn, describer(prepared)),
    effects: await effectsOf(tx, prepared, before),
    blockers: await aheadBlockers(tx, prepared),
  }
}

/** Before and after of a decision, without writing anything. */
export const previewChange = (ctx: Context, input: NewUnitChange): Promise<ChangePreview> =>
  ctx.heavy('unit.reorganise', async (tx) => {
    const operations = withIds(input.operations)
    await mustHold(tx, 'unit.reorganise', operations)
    const ahead = await foresee(tx, { changeId: newId(), effectiveOn: input.effectiveOn, operations })
    return { effectiveOn: input.effectiveOn, ...ahead, counts: countsOf(ahead.differences) }
  })

/** Stores what has become of the timelines; every copy of a path follows. */
export async function writeDraft(tx: WriteTx, { draft, loaded }: Pick<Prepared, 'draft' | 'loaded'>): Promise<void> {
  const changed = changedVersions(draft, loaded.stored)
  const moved = await writeTimelines(tx, draft.timelines, changed, { loaded, today: tx.today })
  await alignPaths(tx, tied().pathColumns, moved)
}

/** Carries out a decision whose day has come. */
export async function carryOut(tx: WriteTx, prepared: Prepared): Promise<UnitDifference[]> {
  const { draft, loaded, step } = prepared
  draft.apply(step)
  await refuseTakenCodes(tx, draft)
  await numberNew(tx, draft.timelines)
  await writeDraft(tx, prepared)
  await writeClosings(tx, draft.closings, step.changeId)
  const inherited = closingUnits(draft).flatMap((c) => (c.heirId ? [{ ...c, heirId: c.heirId }] : []))
  if (inherited.length > 0) for (const carry of tied().carries) await carry(tx, inherited)
  const [blocker] = await blockersOf(tx, closingUnits(draft))
  if (blocker) throw fail('not-settled', { unit: draft.nameOf(blocker.unitId, step.effectiveOn), what: blocker.text })
  return differencesOf(loaded.timelines, draft, step.effectiveOn, describer(prepared))
}

const shown = (tx: Tx, row: ChangeRow, paths: readonly string[]): UnitChange => {
  const { unitIds: _, ...change } = row
  return {
    ...change,
    can: row.state === 'planned' && paths.every((p) => tx.allowed(['unit.reorganise'], p).length > 0) ? ['cancel'] : [],
  }
}

/** One decision: carried out at once when its day is today or past, otherwise planned. */
export const reorganiseUnits = (ctx: Context, input: NewUnitChange): Promise<UnitChange> =>
  ctx.write('unit.reorganise', 'unit.reorganise', async (tx) => {
    const operations = withIds(input.operations)
    await takeTurn(tx)
    const grounds = await mustHold(tx, 'unit.reorganise', operations)
    const paths = grounds.map((g) => g.path)
    const id = newId()
    const later = input.effectiveOn > tx.today
    const prepared = await prepare(tx, { changeId: id, effectiveOn: input.effectiveOn, operations }, true)
    const differences = later ? await lookAhead(tx, prepared) : await carryOut(tx, prepared)
    const row: ChangeRow = {
      id,
      state: later ? 'planned' : 'done',
      effectiveOn: input.effectiveOn,
      reason: input.reason,
      operations,
      differences,
      // with the units it is judged by: a plan that names only what other plans will create is found by them
      unitIds: [...new Set([...operations.flatMap(namedIn), ...grounds.map((g) => g.id)])],
      decidedBy: tx.actor.name,
      decidedAt: tx.now,
      held: null,
    }
    await insertChange(tx, row)
    tx.record({
      subject: { kind: 'unit-change', id },
      path: paths[0] ?? '',
      reason: input.reason,
      change: summary(row),
    })
    return shown(tx, row, paths)
  })

/** What a plan will do, on top of what is planned before it. @throws unit.* when it cannot be */
export async function lookAhead(tx: Tx, prepared: Prepared): Promise<UnitDifference[]> {
  const before = asBefore(prepared)
  prepared.draft.apply(prepared.step)
  await refuseTakenCodes(tx, prepared.draft)
  return differencesOf(before, prepared.draft, prepared.step.effectiveOn, describer(prepared))
}

/** A workbook may be a plan of many thousand operations: they are kept with the plan, not in every entry that names it. */
export const listable = <T>(many: readonly T[]): T[] => (many.length > MOST_LISTED ? [] : [...many])

const summary = (row: ChangeRow) => ({
  state: row.state,
  effectiveOn: row.effectiveOn,
  operations: listable(row.operations),
  differences: row.differences.slice(0, 100),
})

/** A planned decision is taken back before its day; what was carried out is corrected by a new decision. */
export const cancelChange = (ctx: Context, id: string, reason: string): Promise<UnitChange> =>
  ctx.write('unit.reorganise', 'unit.cancel-change', async (tx) => {
    await takeTurn(tx)
    const row = await getChange(tx, id, true)
    const paths = (await mustHold(tx, 'unit.reorganise', row.operations)).map((g) => g.path)
    if (row.state !== 'planned') throw fail('not-planned')
    await setChange(tx, id, { state: 'cancelled' })
    await importCalledOff(tx, id, planned(row.operations))
    tx.record({
      subject: { kind: 'unit-change', id },
      path: paths[0] ?? '',
      reason,
      change: { state: ['planned', 'cancelled'] },
    })
    return shown(tx, { ...row, state: 'cancelled' }, paths)
  })

export const listUnitChanges = (
  ctx: Context,
  query: ListUnitChangesQuery,
): Promise<{ rows: UnitChange[]; total: number }> =>
  ctx.read('unit.read', async (tx) => {
    const { rows, total } = await findChanges(tx, query)
    const paths = new Map(
      (
        await findPathsOf(
          tx,
          rows.flatMap((r) => r.unitIds),
        )
      ).map((p) => [p.id, p.path]),
    )
    return {
      total,
      rows: rows.map((r) =>
        shown(
          tx,
          r,
          r.unitIds.flatMap((u) => paths.get(u) ?? []),
        ),
      ),
    }
  })

const MOST_SHOWN = 1000

/** What a plan would do, were it carried out as things stand; a plan that cannot be says why. */
async function outlook(tx: Tx, row: ChangeRow) {
  const { differences, held } = row
  if (row.state !== 'planned') return { differences, effects: [], blockers: [], held }
  try {
    const step = { changeId: row.id, effectiveOn: row.effectiveOn, operations: row.operations }
    const ahead = await foresee(tx, step)
    return { ...ahead, differences: ahead.differences.slice(0, MOST_SHOWN), held }
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    return { differences, effects: [], blockers: [], held: held ?? present(error, '').title }
  }
}

/** One decision with its before and after, and while it is planned with what it does to counts. */
export const readUnitChange = (ctx: Context, id: string): Promise<UnitChangePage> =>
  ctx.heavy('unit.read', async (tx) => {
    const row = await getChange(tx, id)
    const paths = (await findPathsOf(tx, row.unitIds)).map((p) => p.path)
    return { ...shown(tx, row, paths), operations: listable(row.operations), ...(await outlook(tx, row)) }
  })

/** Carries out one planned decision. @throws unit.* when it cannot be, and nothing has changed then */
export const carryOutPlanned = (ctx: Context, id: string): Promise<void> =>
  ctx.write(null, 'unit.carry-out', async (tx) => {
    await takeTurn(tx)
    const row = await getChange(tx, id, true)
    if (row.state !== 'planned') throw fail('not-planned')
    const step = { changeId: id, effectiveOn: row.effectiveOn, operations: row.operations }
    const prepared = await prepare(tx, step, true)
    const differences = listable(await carryOut(tx, prepared))
    await setChange(tx, id, { state: 'done', held: null, differences: JSON.stringify(differences) })
    await importTookEffect(tx, id, changesOf(row.operations, prepared.loaded.timelines, row.effectiveOn))
    const [first] = await findPathsOf(tx, row.unitIds)
    tx.record({
      subject: { kind: 'unit-change', id },
      path: first?.path ?? '',
      reason: row.reason,
      change: summary({ ...row, state: 'done', differences }),
    })
  })

/** Notes why a decision whose day has come could not be carried out; it is tried again every day. */
export const holdPlanned = (ctx: Context, id: string, why: string): Promise<void> =>
  ctx.write(null, 'unit.hold-back', async (tx) => {
    const row = await getChange(tx, id, true)
    await setChange(tx, id, { held: why })
    tx.record({ subject: { kind: 'unit-change', id }, path: '', change: { held: [row.held, why] } })
  })
