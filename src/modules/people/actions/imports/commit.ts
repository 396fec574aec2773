// The commit and its undoing. Up to 5,000 rows are stored before the answer, more by a job after it. [A-33, IMP-4, IMP-6, IMP-10]
import { millisOf } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import { type CommitImport, type Committed, fail, type ImportResult } from '../../contract.ts'
import {
  findImported,
  findParts,
  findTouched,
  findUsed,
  getImport,
  type ImportRow,
  moveImport,
  withdraw,
} from '../../store.ts'
import { mustStand, undoUntil } from './batches.ts'
import { beginCommit, isLong, mustMatch } from './later.ts'
import { prepare, store } from './plant.ts'

/** Commits what the dry run showed, once. [A-33, IMP-4] */
export async function commitPeopleImport(ctx: Context, id: string, input: CommitImport): Promise<Committed> {
  const parts = await ctx.read('person.import', async (tx) => {
    const row = await getImport(tx, id)
    mustStand(row, 'checked')
    return isLong(row) ? null : findParts(tx, id)
  })
  if (!parts) return beginCommit(ctx, id, input)
  const prepared = await prepare(ctx.ground.vault, id, parts)
  return store(ctx, { id, mode: input.mode, must: (row) => mustMatch(row, input) }, prepared)
}

/** Persons somebody has worked with since: any entry but a reading, or any row elsewhere that names them. */
async function touchedSince(tx: Tx, row: ImportRow, ids: readonly string[]): Promise<Set<string>> {
  const entries = await findTouched(tx, ids, row.committed_at as string)
  const used = await findUsed(tx, ids, ['membership', 'standing'])
  return new Set([...entries, ...used])
}

/** Takes a whole import back within a day; persons somebody has worked with stay and are named. [IMP-6] */
export const undoPeopleImport = (
  ctx: Context,
  id: string,
): Promise<{ id: string; withdrawn: number; kept: { id: string; name: string }[] }> =>
  ctx.write('person.import', 'people-import.undo', async (tx) => {
    const row = await getImport(tx, id, true)
    mustStand(row, 'committed')
    if (millisOf(tx.now) > millisOf(undoUntil(row) as string)) throw fail('import-too-late')
    const persons = await findImported(tx, id)
    const fresh = persons.filter((p) => p.own)
    const touched = await touchedSince(
      tx,
      row,
      fresh.map((p) => p.id),
    )
    const kept = fresh.filter((p) => p.changed || touched.has(p.id))
    const stays = new Set(kept.map((p) => p.id))
    const gone = persons.filter((p) => !stays.has(p.id))
    await withdraw(
      tx,
      id,
      gone.map((p) => p.id),
    )
    const taken = { withdrawn: gone.filter((p) => p.own).length, kept: kept.length }
    const result = { ...(row.result as ImportResult), ...taken }
    await moveImport(tx, id, { state: 'undone', undone_at: tx.now, result })
    tx.record({ subject: { kind: 'people-import', id }, path: row.unit_path, change: taken })
    return { id, withdrawn: taken.withdrawn, kept: kept.map(({ id: personId, name }) => ({ id: personId, name })) }
  })
