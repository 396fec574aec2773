// What a workbook brought in, kept as a batch: within a day it can be taken back, but for what others have worked with since. [IMP-6]
import { addHours, instantOf, millisOf } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { fail, type ListUnitImportsQuery, type Operation, type UnitImport, type UnitImportUndone } from '../contract.ts'
import { type FieldChange, planned } from '../rules/takeback.ts'
import { getChange, setChange } from '../store/changes.ts'
import {
  findAsTheyAre,
  findUnitImports,
  findUsedUnits,
  getUnitImport,
  type Kept,
  insertUnitImport,
  markUndone,
  withdrawUnits,
  type UnitImportHead,
  type UnitImportRow,
} from '../store/imports.ts'
import { takeTurn } from '../store/timelines.ts'
import { findPathsOf } from '../store/units.ts'
import { mustHold } from './change.ts'
import { unsayRows } from './rows.ts'

const UNDO_HOURS = 24

/** A day from when it took effect: what was for a day to come is seen only then. */
function undoUntil(row: UnitImportHead): string {
  const begins = instantOf(row.opened_on, '00:00')
  return addHours(millisOf(begins) > millisOf(row.committed_at) ? begins : row.committed_at, UNDO_HOURS)
}

const mayUndo = (tx: Tx, row: UnitImportHead) =>
  row.state === 'planned' || (row.state === 'committed' && millisOf(tx.now) <= millisOf(undoUntil(row)))

function present(tx: Tx, row: UnitImportHead): UnitImport {
  const result = row.result as { withdrawn?: number; restored?: number; kept?: number; refused?: string }
  return {
    id: row.id,
    state: row.state as UnitImport['state'],
    fileName: row.file_name,
    underName: row.underName,
    openedOn: row.opened_on,
    ...(row.counts as unknown as Kept['counts']),
    committedAt: row.committed_at,
    undoneAt: row.undone_at,
    undoUntil: undoUntil(row),
    withdrawn: result.withdrawn ?? null,
    restored: result.restored ?? null,
    kept: result.kept ?? null,
    refused: result.refused ?? null,
    can: mayUndo(tx, row) ? ['undo'] : [],
  }
}

/** One's own batches: what others uploaded is theirs. */
export const listUnitImports = (ctx: Context, query: ListUnitImportsQuery) =>
  ctx.read('unit.import', async (tx) => {
    const { rows, total } = await findUnitImports(tx, query)
    return { rows: rows.map((row) => present(tx, row)), total }
  })

export const keepBatch = (tx: WriteTx, batch: Omit<Kept, 'created'>, operations: readonly Operation[]) =>
  insertUnitImport(tx, {
    ...batch,
    created: operations.flatMap((op) => (op.op === 'create' && op.id ? [op.id] : [])),
  })

interface Undone {
  withdrawn: number
  restored: number
  left: Left[]
}

type Left = { id: string; name: string; path: string }

/** What the file said of units that were there is unsaid; what somebody has said since, or is out of reach, stays. */
async function turnBack(tx: WriteTx, row: UnitImportRow): Promise<{ restored: number; left: Left[] }> {
  const changes = row.changes as unknown as FieldChange[]
  const unsaid = new Set(await unsayRows(tx, row.opened_on, changes))
  const left = new Set(changes.filter((c) => !unsaid.has(c)).map((c) => c.unitId))
  return { restored: unsaid.size, left: await findAsTheyAre(tx, [...left]) }
}

/** Units within reach nobody has worked with, and nothing that stays hangs below, are gone as if they had never been entered. */
async function takeBack(tx: WriteTx, row: UnitImportRow): Promise<{ withdrawn: number; left: Left[] }> {
  const made = await findAsTheyAre(tx, row.created)
  const parent = new Map(made.map((u) => [u.id, u.parentId]))
  const stays = await findUsedUnits(tx, row.created, row.id)
  for (const u of made) if (!can(tx.actor, 'unit.import', u.path)) stays.add(u.id)
  for (const id of stays)
    for (let above = parent.get(id); above && parent.has(above); above = parent.get(above)) stays.add(above)
  const gone = made.filter((u) => !stays.has(u.id)).map((u) => u.id)
  if (gone.length > 0) await withdrawUnits(tx, gone)
  return { withdrawn: gone.length, left: made.filter((u) => stays.has(u.id)) }
}

/** Before its day nothing has happened yet: the plan is cancelled as a whole. @throws core.forbidden at a unit out of reach */
async function callOff(tx: WriteTx, id: string): Promise<Undone> {
  const { operations } = await getChange(tx, id, true)
  await mustHold(tx, 'unit.import', operations)
  await setChange(tx, id, { state: 'cancelled' })
  return { ...planned(operations), left: [] }
}

async function undo(tx: WriteTx, row: UnitImportRow): Promise<Undone> {
  const { restored, left } = await turnBack(tx, row)
  const { withdrawn, left: used } = await takeBack(tx, row)
  const all = [...left, ...used]
  // A decision of which nothing is left in any tree is one no more.
  if (all.length === 0) await setChange(tx, row.id, { state: 'cancelled' })
  return { withdrawn, restored, left: all }
}

/** Takes a whole import back within a day; what others have worked with since stays and is named. [IMP-6] */
export const undoUnitImport = (ctx: Context, id: string): Promise<UnitImportUndone> =>
  ctx.write('unit.import', 'unit.undo-import', async (tx) => {
    await takeTurn(tx)
    const row = await getUnitImport(tx, id)
    const [under] = await findPathsOf(tx, [row.under_id])
    tx.must('unit.import', under?.path ?? '')
    if (row.state === 'undone') throw fail('import-undone')
    if (row.state === 'storing' || row.state === 'refused') throw fail('import-not-in')
    if (!mayUndo(tx, row)) throw fail('import-too-late')
    const { withdrawn, restored, left } = row.state === 'planned' ? await callOff(tx, id) : await undo(tx, row)
    const result = { withdrawn, restored, kept: left.length }
    await markUndone(tx, id, result)
    tx.record({ subject: { kind: 'unit-change', id }, path: under?.path ?? '', change: result })
    const kept = left.filter((u) => can(tx.actor, 'unit.read', u.path)).map((u) => ({ id: u.id, name: u.name }))
    return { id, withdrawn, restored, kept: kept.slice(0, 200) }
  })
