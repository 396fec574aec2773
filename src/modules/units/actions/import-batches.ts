// What a workbook brought in, kept as a batch: within a day it can be taken back, but for what others have worked with since. [IMP-6]
import { addHours, millisOf } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { fail, type ListUnitImportsQuery, type Operation, type UnitImport, type UnitImportUndone } from '../contract.ts'
import type { Known } from '../rules/rows.ts'
import {
  type FieldChange,
  findAsTheyAre,
  findUnitImports,
  findUsedUnits,
  getUnitImport,
  type Kept,
  insertUnitImport,
  markUndone,
  removeUnits,
  type UnitImportRow,
} from '../store/imports.ts'
import { takeTurn } from '../store/timelines.ts'
import { findPathsOf } from '../store/units.ts'
import { carryOutRows } from './change.ts'

const UNDO_HOURS = 24

const undoUntil = (row: UnitImportRow) => addHours(row.committed_at, UNDO_HOURS)
const mayUndo = (tx: Tx, row: UnitImportRow) =>
  row.state === 'committed' && millisOf(tx.now) <= millisOf(undoUntil(row))

function present(tx: Tx, row: UnitImportRow): UnitImport {
  const result = row.result as { withdrawn?: number; restored?: number; kept?: number }
  return {
    id: row.id,
    state: row.state as UnitImport['state'],
    fileName: row.file_name,
    underName: row.underName,
    openedOn: row.opened_on,
    ...(row.counts as Kept['counts']),
    committedAt: row.committed_at,
    undoneAt: row.undone_at,
    undoUntil: undoUntil(row),
    withdrawn: result.withdrawn ?? null,
    restored: result.restored ?? null,
    kept: result.kept ?? null,
    can: mayUndo(tx, row) ? ['undo'] : [],
  }
}

/** One's own batches: what others uploaded is theirs. */
export const listUnitImports = (ctx: Context, query: ListUnitImportsQuery) =>
  ctx.read('unit.import', async (tx) => {
    const { rows, total } = await findUnitImports(tx, query)
    return { rows: rows.map((row) => present(tx, row)), total }
  })

/** Which fields of units that were there the operations change: as they stood, and as the file has them. */
function changesOf(operations: readonly Operation[], known: Iterable<Known>): FieldChange[] {
  const before = new Map([...known].map((k) => [k.id, k]))
  return operations.flatMap((op): FieldChange[] => {
    const unit = 'unitId' in op ? before.get(op.unitId) : undefined
    if (!unit) return []
    if (op.op === 'rename') return [{ unitId: unit.id, field: 'name', was: unit.name, now: op.name }]
    if (op.op === 're-kind') return [{ unitId: unit.id, field: 'kind', was: unit.kind, now: op.kind }]
    if (op.op === 'move' && unit.parentId && op.parentId)
      return [{ unitId: unit.id, field: 'parentId', was: unit.parentId, now: op.parentId }]
    return []
  })
}

export const keepBatch = (
  tx: WriteTx,
  batch: Omit<Kept, 'created' | 'changes'>,
  made: { operations: readonly Operation[]; known: Iterable<Known> },
) =>
  insertUnitImport(tx, {
    ...batch,
    created: made.operations.flatMap((op) => (op.op === 'create' && op.id ? [op.id] : [])),
    changes: changesOf(made.operations, made.known),
  })

const backwards = ({ unitId, field, was }: FieldChange): Operation =>
  field === 'name'
    ? { op: 'rename', unitId, name: was }
    : field === 'kind'
      ? { op: 're-kind', unitId, kind: was }
      : { op: 'move', unitId, parentId: was }

/** Fields that still stand as the file had them go back; what somebody has changed since is his. */
async function turnBack(tx: WriteTx, row: UnitImportRow) {
  const changes = row.changes as unknown as FieldChange[]
  const now = new Map(
    (
      await findAsTheyAre(
        tx,
        changes.map((c) => c.unitId),
      )
    ).map((u) => [u.id, u]),
  )
  const stands = changes.filter((c) => {
    const unit = now.get(c.unitId)
    return unit?.closedOn === null && unit[c.field] === c.now
  })
  const step = { changeId: newId(), effectiveOn: row.opened_on, operations: stands.map(backwards) }
  if (stands.length > 0) await carryOutRows(tx, step, '撤销从工作簿导入的单位', row.under_id)
  const left = new Set(changes.filter((c) => !stands.includes(c)).map((c) => c.unitId))
  return { restored: stands.length, left: [...left].flatMap((id) => now.get(id) ?? []) }
}

/** Units nobody has worked with, and nothing that stays hangs below, are gone as if they had never been entered. */
async function takeBack(tx: WriteTx, row: UnitImportRow) {
  const made = await findAsTheyAre(tx, row.created)
  const parent = new Map(made.map((u) => [u.id, u.parentId]))
  const stays = await findUsedUnits(tx, row.created, row.id)
  for (const id of stays)
    for (let above = parent.get(id); above && parent.has(above); above = parent.get(above)) stays.add(above)
  const gone = made.filter((u) => !stays.has(u.id)).map((u) => u.id)
  if (gone.length > 0) await removeUnits(tx, gone)
  return { withdrawn: gone.length, left: made.filter((u) => stays.has(u.id)) }
}

/** Takes a whole import back within a day; what others have worked with since stays and is named. [IMP-6] */
export const undoUnitImport = (ctx: Context, id: string): Promise<UnitImportUndone> =>
  ctx.write('unit.import', 'unit.undo-import', async (tx) => {
    await takeTurn(tx)
    const row = await getUnitImport(tx, id)
    const [under] = await findPathsOf(tx, [row.under_id])
    tx.must('unit.import', under?.path ?? '')
    if (row.state === 'undone') throw fail('import-undone')
    if (!mayUndo(tx, row)) throw fail('import-too-late')
    const { restored, left } = await turnBack(tx, row)
    const { withdrawn, left: used } = await takeBack(tx, row)
    const kept = [...left, ...used].map((u) => ({ id: u.id, name: u.name }))
    const result = { withdrawn, restored, kept: kept.length }
    await markUndone(tx, id, result)
    tx.record({ subject: { kind: 'unit-change', id }, path: under?.path ?? '', change: result })
    return { id, withdrawn, restored, kept: kept.slice(0, 200) }
  })
