// Storing: all correct rows in one transaction or none, exactly what the dry run showed. [A-33, IMP-4]
import type { Context, WriteTx } from '#core/context.ts'
import type { CryptoProvider } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { type CommitImport, type Committed, fail } from '../../contract.ts'
import type { RosterPerson } from '../../roster.ts'
import { sealSecrets } from '../../sealed.ts'
import {
  type findParts,
  getImport,
  type Holder,
  type ImportRow,
  insertMemberships,
  insertPersons,
  insertStandings,
  moveImport,
  type NewPerson,
  refreshStatistics,
  settleHomes,
} from '../../store.ts'
import { keysOfName, onceMore } from '../shared.ts'
import { type Branch, branchesOf, holdersOf, indexNumbers, inTurns } from './check.ts'
import { openParts, type StagedRow } from './staged.ts'

type Ready = StagedRow & { person: RosterPerson }

/** True when a row no longer does what the dry run said: somebody else was there first, or the organisation is out of reach. [IM-13] */
function isStale(row: Ready, holder: Holder | undefined, branches: ReadonlyMap<string, Branch>): boolean {
  if (!branches.has(row.person.unitId)) return true
  if (row.fate === 'new') return holder?.visible === true
  return !holder?.visible || holder.personId !== row.personId || holder.formalUnitId !== null
}

const politicsOf = (person: RosterPerson) => (person.status === 'full' ? '01' : '02')

export interface Prepared {
  rows: Ready[]
  /** Finished but for what only the base knows: where the branch hangs today, and whether the number clashes. */
  persons: Map<Ready, Omit<NewPerson, 'homePath'> & { id: string }>
  numbers: Map<string, string>
}

function personOf(vault: CryptoProvider, importId: string, { person }: Ready) {
  const id = newId()
  const { idNumber, phone, unitId, status: _, mobile: __, lost: ___, ...facts } = person
  const sealed = sealSecrets(vault, id, { idNumber, phone: phone ?? undefined })
  return { id, ...facts, ...keysOfName(person.name), politics: politicsOf(person), homeId: unitId, sealed, importId }
}

const isReady = (r: StagedRow): r is Ready => r.person !== null && (r.fate === 'new' || r.fate === 'join')

/** Opening, sealing and spelling tens of thousands of rows takes seconds: it is done before the transaction, which then only writes. */
export async function prepare(
  vault: CryptoProvider,
  importId: string,
  parts: Awaited<ReturnType<typeof findParts>>,
): Promise<Prepared> {
  const rows = openParts(vault, importId, parts).rows.filter(isReady)
  const persons: Prepared['persons'] = new Map()
  await inTurns(rows, (some) => {
    for (const row of some) if (row.fate === 'new') persons.set(row, personOf(vault, importId, row))
  })
  const numbers = await indexNumbers(
    vault,
    rows.map((r) => r.person.idNumber),
  )
  return { rows, persons, numbers }
}

async function plantTies(tx: WriteTx, row: ImportRow, ids: ReadonlyMap<Ready, string>) {
  const shared = { from: row.member_from, importId: row.id }
  const relations = [...ids].map(([{ person }, personId]) => ({
    ...shared,
    personId,
    unitId: person.unitId,
    status: person.status,
  }))
  await insertMemberships(
    tx,
    relations.map((r) => ({ ...r, kind: 'formal', beginReason: 'roster' })),
  )
  const flags = [...ids].flatMap(([{ person }, personId]) => [
    ...(person.mobile ? [{ ...shared, personId, kind: 'mobile' as const }] : []),
    ...(person.lost ? [{ ...shared, personId, kind: 'out-of-contact' as const }] : []),
  ])
  await insertStandings(tx, flags)
}

async function plantRows(tx: WriteTx, row: ImportRow, { rows, persons, numbers }: Prepared) {
  const branches = new Map((await branchesOf(tx)).map((b) => [b.id, b]))
  const holders = await holdersOf(tx, numbers)
  const stale = rows.filter((r) => isStale(r, holders.get(r.person.idNumber), branches))
  if (stale.length > 0) throw fail('import-stale', { count: stale.length })
  const pathOf = (r: Ready) => branches.get(r.person.unitId)?.path as string
  const fresh = [...persons].map(([r, p]) => ({ ...p, homePath: pathOf(r), idClash: holders.has(r.person.idNumber) }))
  await insertPersons(tx, tx.now, fresh)
  await plantTies(tx, row, new Map(rows.map((r) => [r, persons.get(r)?.id ?? (r.personId as string)])))
  const joined = rows.filter((r) => r.fate === 'join')
  await settleHomes(
    tx,
    joined.map((r) => ({
      personId: r.personId as string,
      unitId: r.person.unitId,
      path: pathOf(r),
      politics: politicsOf(r.person),
    })),
  )
  return { persons: persons.size, memberships: rows.length }
}

interface Storing {
  id: string
  mode: CommitImport['mode']
  /** Looks at the batch under lock, before anything is written. */
  must(row: ImportRow): void
}

export const store = (ctx: Context, { id, mode, must }: Storing, prepared: Prepared): Promise<Committed> =>
  onceMore(() =>
    ctx.write('person.import', 'people-import.commit', async (tx) => {
      const row = await getImport(tx, id, true)
      must(row)
      const done = await plantRows(tx, row, prepared)
      await moveImport(tx, id, { state: 'committed', committed_at: tx.now, result: done })
      if (done.memberships > 1000) await refreshStatistics(tx)
      const change = { sha256: row.sha256.toString('hex'), mode, ...done }
      tx.record({ subject: { kind: 'people-import', id }, path: row.unit_path, change })
      return { id, state: 'committed', ...done }
    }),
  )
