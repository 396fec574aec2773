// A workbook of units judged with the rights of the moment, and stored: all of it or nothing, in one transaction. [A-33, IM-10]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import { fail, type ImportPreview, type ImportQuery, type RowProblem } from '../contract.ts'
import type { Step } from '../rules/reorganise.ts'
import { judgeTree, type Known, type TreeRow, type Verdict } from '../rules/rows.ts'
import { FOREVER, fieldsOn, isOpenOn } from '../rules/timeline.ts'
import type { Kept } from '../store/imports.ts'
import { takeTurn } from '../store/timelines.ts'
import { findByCodes, findKinds, findPathsOf, getUnit, type UnitNow } from '../store/units.ts'
import { keepBatch } from './import-batches.ts'
import { type FoundRows, treeRows } from './import-sheet.ts'
import { prepare } from './prepare.ts'
import { carryOutRows, planRows } from './rows.ts'

export async function mustImportUnder(tx: Tx, underId: string): Promise<UnitNow> {
  const [seen] = await findPathsOf(tx, [underId], visibleTo(tx.actor, 'unit.read', 'path'))
  if (!seen) throw fail('not-found')
  tx.must('unit.import', seen.path)
  const under = await getUnit(tx, underId)
  if (under.closedOn !== null) throw fail('outside-life', { unit: under.name, day: tx.today, opened: under.openedOn })
  return under
}

/** Units by code with their paths, on a day to come as plans will have made them. */
async function knownOn(tx: Tx, codes: readonly string[], on: string) {
  const known: Map<string, Known> = await findByCodes(tx, codes, '')
  const paths = new Map(
    (
      await findPathsOf(
        tx,
        [...known.values()].map((k) => k.id),
      )
    ).map((p) => [p.id, p.path]),
  )
  if (on <= tx.today) return { known, paths }
  const { draft } = await prepare(tx, { changeId: '', effectiveOn: on, operations: [] }, false)
  for (const [code, k] of known) if (draft.timelines.has(k.id)) known.delete(code)
  const named = new Set(codes)
  const ways = draft.paths()
  for (const t of draft.timelines.values()) {
    const { code, ...fields } = fieldsOn(t, on)
    if (!isOpenOn(t, on) || code === null || !named.has(code)) continue
    known.set(code, { ...fields, id: t.id, tree: t.tree, code })
    paths.set(t.id, ways.pieces(t.id, on, FOREVER)[0]?.path ?? '')
  }
  return { known, paths }
}

export async function judgeSheet(
  tx: Tx,
  { under: underId, openedOn: on = tx.today }: ImportQuery,
  rows: readonly TreeRow[],
): Promise<{ under: UnitNow; verdict: Verdict }> {
  const under = await mustImportUnder(tx, underId)
  const codes = new Set(rows.flatMap((r) => [r.code, r.parent]).filter((c) => c !== null && c !== ''))
  const { known, paths } = await knownOn(tx, [...codes] as string[], on)
  paths.set(under.id, under.path)
  const mayAt = (id: string) => tx.allowed(['unit.import'], paths.get(id) ?? '').length > 0
  return { under, verdict: judgeTree(rows, { under, known, kinds: await findKinds(tx), mayAt, newId }) }
}

async function storeRows(tx: WriteTx, step: Step, underId: string): Promise<Pick<Kept, 'state' | 'changes'>> {
  const why = { reason: '从工作簿导入单位', underId }
  if (step.effectiveOn <= tx.today) return { state: 'committed', changes: await carryOutRows(tx, step, why) }
  await planRows(tx, step, why)
  return { state: 'planned', changes: [] }
}

/** A workbook on its way in; its batch and its decision go by one id. */
export interface Storing {
  id: string
  query: ImportQuery
  hash: string
  found: FoundRows
  warnings: RowProblem[]
}

/** The whole answer is made inside the write: it is what a repeated request is answered with. */
export const answerOf = (
  { hash, warnings }: Storing,
  stored: Omit<ImportPreview, 'hash' | 'problems' | 'refused' | 'warnings'>,
): ImportPreview => ({ ...stored, hash, problems: [], refused: 0, warnings })

/** @throws unit.import-problems */
export async function judgeFile(tx: Tx, { query, found }: Storing) {
  const { under, verdict } = await judgeSheet(tx, query, treeRows(found))
  const { operations, problems, ...counts } = verdict
  if (problems.length > 0) throw fail('import-problems', { count: problems.length })
  return { under, operations, counts: { rows: found.rows.length, ...counts } }
}

export const batchOf = ({ id, query, hash }: Storing, under: UnitNow, tx: Tx) => ({
  id,
  underId: under.id,
  fileName: query.fileName ?? '单位.xlsx',
  openedOn: query.openedOn ?? tx.today,
  sha256: Buffer.from(hash, 'hex'),
})

/** `must` looks at the batch under lock, before anything is written. */
export const storeFile = (ctx: Context, file: Storing, must?: (tx: Tx) => Promise<void>): Promise<ImportPreview> =>
  ctx.write('unit.import', 'unit.import-tree', async (tx) => {
    await takeTurn(tx)
    await must?.(tx)
    const { under, operations, counts } = await judgeFile(tx, file)
    const { id, hash } = file
    const batch = batchOf(file, under, tx)
    const none = operations.length === 0
    const step = { changeId: id, effectiveOn: batch.openedOn, operations }
    const { state, changes } = none ? { state: 'committed' as const, changes: [] } : await storeRows(tx, step, under.id)
    // a file that changes nothing is a batch only where it is one already
    if (!none || must) await keepBatch(tx, { ...batch, counts, state, changes }, operations)
    tx.record({
      subject: { kind: 'unit-change', id },
      path: under.path,
      change: { hash, rows: counts.rows, created: counts.created, changed: counts.changed },
    })
    return answerOf(file, { ...counts, importId: none ? null : id, state })
  })
