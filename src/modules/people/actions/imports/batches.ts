// Batches of rosters: what was uploaded, what became of it, and what may still be done with it.
import { addHours, millisOf } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import { fail, type ImportState, type ListPeopleImportsQuery, type PeopleImportRow } from '../../contract.ts'
import { dropParts, findImports, getImport, type ImportRow, moveImport } from '../../store.ts'

const UNDO_HOURS = 24

const stateNames: Record<ImportState, string> = {
  checked: '待确认',
  committing: '正在导入',
  committed: '已导入',
  undone: '已撤销',
  cancelled: '已取消',
}

/** @throws person.import-state unless the batch stands in `state` */
export function mustStand(row: ImportRow, state: ImportState): void {
  if (row.state !== state) throw fail('import-state', { state: stateNames[row.state as ImportState] })
}

/** Up to when a committed batch may be taken back as a whole. [IMP-6] */
export const undoUntil = (row: ImportRow): string | null =>
  row.state === 'committed' ? addHours(row.committed_at as string, UNDO_HOURS) : null

function mayWith(tx: Tx, row: ImportRow): string[] {
  const until = undoUntil(row)
  return [
    ...(row.state === 'checked' && row.kept ? ['commit'] : []),
    ...(row.state === 'checked' ? ['cancel'] : []),
    ...(until && millisOf(tx.now) <= millisOf(until) ? ['undo'] : []),
    ...(row.kept && (row.counts as PeopleImportRow['counts']).errors > 0 ? ['errors'] : []),
  ]
}

export const presentBatch = (tx: Tx, row: ImportRow): PeopleImportRow => ({
  id: row.id,
  state: row.state as ImportState,
  fileName: row.file_name,
  sha256: row.sha256.toString('hex'),
  memberFrom: row.member_from,
  counts: row.counts as PeopleImportRow['counts'],
  result: row.result as PeopleImportRow['result'],
  checkedAt: row.checked_at,
  committedAt: row.committed_at,
  undoneAt: row.undone_at,
  undoUntil: undoUntil(row),
  can: mayWith(tx, row),
})

/** One's own batches, newest first: what others uploaded is theirs. */
export const listPeopleImports = (
  ctx: Context,
  query: ListPeopleImportsQuery,
): Promise<{ rows: PeopleImportRow[]; total: number }> =>
  ctx.read('person.import', async (tx) => {
    const { rows, total } = await findImports(tx, query)
    return { rows: rows.map((row) => presentBatch(tx, row)), total }
  })

/** 全部取消: nothing is imported and the uploaded rows are gone at once. [IMP-4, PRV-04] */
export const cancelPeopleImport = (ctx: Context, id: string): Promise<PeopleImportRow> =>
  ctx.write('person.import', 'people-import.cancel', async (tx) => {
    const row = await getImport(tx, id, true)
    mustStand(row, 'checked')
    await moveImport(tx, id, { state: 'cancelled' })
    await dropParts(tx, id)
    tx.record({
      subject: { kind: 'people-import', id },
      path: row.unit_path,
      change: { state: ['checked', 'cancelled'] },
    })
    return presentBatch(tx, { ...row, state: 'cancelled', kept: false })
  })
