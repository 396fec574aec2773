// The commit and its undoing: all correct rows in one transaction or none, exactly what the dry run showed. [A-33, IMP-4, IMP-6]
import { addHours, millisOf } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type CommitImport, fail } from '../../contract.ts'
import type { RosterPerson } from '../../roster.ts'
import { sealSecrets } from '../../sealed.ts'
import {
  findImported,
  findTouched,
  findUsed,
  getImport,
  type Holder,
  type ImportRow,
  insertMemberships,
  insertPersons,
  insertStandings,
  moveImport,
  type NewPerson,
  settleHomes,
  withdraw,
} from '../../store.ts'
import { keysOfName, onceMore } from '../shared.ts'
import { type Branch, branchesOf, holdersOf, inTurns } from './check.ts'
import { openStaged, type StagedRow } from './staged.ts'

type Ready = StagedRow & { person: RosterPerson }

const stateNames = { checked: '待确认', committed: '已导入', undone: '已撤销' }

/** True when a row no longer does what the dry run said: somebody else was there first, or the organisation is out of reach. [IM-13] */
function isStale(row: Ready, holder: Holder | undefined, branches: ReadonlyMap<string, Branch>): boolean {
  if (!branches.has(row.person.unitId)) return true
  if (row.fate === 'new') return holder?.visible === true
  return !holder?.visible || holder.personId !== row.personId || holder.formalUnitId !== null
}

const politicsOf = (person: RosterPerson) => (person.status === 'full' ? '01' : '02')

async function newPersons(
  tx: Tx,
  rows: readonly Ready[],
  from: { importId: string; holders: ReadonlyMap<string, Holder>; branches: ReadonlyMap<string, Branch> },
) {
  const ready: (NewPerson & { id: string })[] = []
  await inTurns(rows, (some) => {
    for (const { person } of some) {
      const id = newId()
      const { name, sex, born, nation, education, occupation, joined, fullSince, idNumber, phone, unitId } = person
      ready.push({
        ...{ id, name, sex, born, nation, education, occupation, joined, fullSince },
        ...keysOfName(name),
        politics: politicsOf(person),
        homeId: unitId,
        homePath: from.branches.get(unitId)?.path as string,
        sealed: sealSecrets(tx.vault, id, { idNumber, phone: phone ?? undefined }),
        idClash: from.holders.has(idNumber),
        importId: from.importId,
      })
    }
  })
  return ready
}

async function plantRows(tx: WriteTx, row: ImportRow, rows: readonly Ready[]) {
  const branches = new Map((await branchesOf(tx)).map((b) => [b.id, b]))
  const holders = await holdersOf(
    tx,
    rows.map((r) => r.person.idNumber),
  )
  const stale = rows.filter((r) => isStale(r, holders.get(r.person.idNumber), branches))
  if (stale.length > 0) throw fail('import-stale', { count: stale.length })
  const fresh = rows.filter((r) => r.fate === 'new')
  const persons = await newPersons(tx, fresh, { importId: row.id, holders, branches })
  await insertPersons(tx, tx.now, persons)
  const joined = rows.filter((r) => r.fate === 'join')
  const ids = new Map([
    ...fresh.map((r, i) => [r, persons[i]?.id as string] as const),
    ...joined.map((r) => [r, r.personId as string] as const),
  ])
  const shared = { from: row.member_from, importId: row.id }
  await insertMemberships(
    tx,
    [...ids].map(([{ person }, personId]) => ({
      ...shared,
      personId,
      unitId: person.unitId,
      kind: 'formal',
      status: person.status,
      beginReason: 'roster',
    })),
  )
  const flags = [...ids].flatMap(([{ person }, personId]) => [
    ...(person.mobile ? [{ ...shared, personId, kind: 'mobile' as const }] : []),
    ...(person.lost ? [{ ...shared, personId, kind: 'out-of-contact' as const }] : []),
  ])
  await insertStandings(tx, flags)
  await settleHomes(
    tx,
    joined.map((r) => ({
      personId: r.personId as string,
      unitId: r.person.unitId,
      path: branches.get(r.person.unitId)?.path as string,
      politics: politicsOf(r.person),
    })),
  )
  return { persons: persons.length, memberships: ids.size }
}

/** Commits what the dry run showed, once. [A-33, IMP-4] */
export const commitPeopleImport = (
  ctx: Context,
  id: string,
  input: CommitImport,
): Promise<{ id: string; persons: number; memberships: number }> =>
  onceMore(() =>
    ctx.write('person.import', 'people-import.commit', async (tx) => {
      const row = await getImport(tx, id, true)
      if (row.sha256.toString('hex') !== input.sha256) throw fail('import-other-file')
      if (row.state !== 'checked') throw fail('import-state', { state: stateNames[row.state as 'committed'] })
      const { rows } = await openStaged(tx, id)
      const errors = rows.filter((r) => r.fate === null).length
      if (input.mode === 'all-or-nothing' && errors > 0) throw fail('import-has-errors', { count: errors })
      const done = await plantRows(
        tx,
        row,
        rows.filter((r): r is Ready => r.person !== null && (r.fate === 'new' || r.fate === 'join')),
      )
      await moveImport(tx, id, { state: 'committed', committed_at: tx.now })
      tx.record({
        subject: { kind: 'people-import', id },
        path: row.unit_path,
        change: { sha256: input.sha256, mode: input.mode, ...done },
      })
      return { id, ...done }
    }),
  )

const UNDO_HOURS = 24

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
    if (row.state !== 'committed') throw fail('import-state', { state: stateNames[row.state as 'checked'] })
    if (millisOf(tx.now) > millisOf(addHours(row.committed_at as string, UNDO_HOURS))) throw fail('import-too-late')
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
    await moveImport(tx, id, { state: 'undone', undone_at: tx.now })
    const withdrawn = gone.filter((p) => p.own).length
    tx.record({ subject: { kind: 'people-import', id }, path: row.unit_path, change: { withdrawn, kept: kept.length } })
    return { id, withdrawn, kept: kept.map(({ id: personId, name }) => ({ id: personId, name })) }
  })
