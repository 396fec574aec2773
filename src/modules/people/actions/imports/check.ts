// The dry run: every row is judged against the rules and the base, nothing is stored but the judged rows themselves. [IMP-2]
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { addDays, instantOf } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import type { CryptoProvider } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { can, rangesOf } from '#core/permissions.ts'
import { readWorkbook } from '#core/xlsx.ts'
import { findKinds } from '#modules/units/index.ts'
import { fail, type ImportPeopleQuery, type PeopleImport } from '../../contract.ts'
import {
  type FindBranch,
  findHeader,
  isBlank,
  judgeRow,
  markRepeats,
  type RosterPerson,
  type RosterRow,
} from '../../roster.ts'
import {
  findBranches,
  findHolders,
  getImport,
  type Holder,
  type ImportRow,
  insertImport,
  purgeParts,
} from '../../store.ts'
import { presentBatch } from './batches.ts'
import { countsOf, issuesOf, type Staged, type StagedRow, sealStaged } from './staged.ts'

export interface Branch {
  id: string
  name: string
  code: string | null
  path: string
}

/** Party organisations the asker may import into. */
export async function branchesOf(tx: Tx): Promise<Branch[]> {
  const kinds = [...(await findKinds(tx)).values()].filter((k) => k.partyOrg).map((k) => k.id)
  return findBranches(tx, rangesOf(tx.actor, 'person.import'), kinds)
}

const plainName = (name: string) =>
  name
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .replace(/^中共/, '')

/** By code or by name, within what the asker may import into; other organisations are as if they did not exist. [IM-10] */
export function branchFinder(branches: readonly Branch[]): FindBranch {
  const byCode = new Map(branches.flatMap((b) => (b.code ? [[b.code, b] as const] : [])))
  const byName = Map.groupBy(branches, (b) => plainName(b.name))
  return (text) => {
    if (text === '') return { fault: '所在支部为空' }
    const named = byName.get(plainName(text)) ?? []
    const unit = byCode.get(text) ?? named[0]
    if (!unit) return { fault: `没有找到“${text}”，或者不在您的管理范围内` }
    if (!byCode.has(text) && named.length > 1) return { fault: `有${named.length}个“${text}”，请改填党组织代码` }
    return { unitId: unit.id }
  }
}

const AT_ONCE = 500

/** Other requests get their turn while a long roster is judged. */
export async function inTurns<T>(list: readonly T[], work: (some: readonly T[]) => void): Promise<void> {
  for (let at = 0; at < list.length; at += AT_ONCE) {
    work(list.slice(at, at + AT_ONCE))
    await setImmediate()
  }
}

async function judgeFile(file: Buffer, judge: { today: string; branch: FindBranch }) {
  const book = await readWorkbook(file)
  const found = findHeader(book.sheets)
  if ('fault' in found) throw fail('roster-headers', { reason: found.fault })
  const { sheet, header } = found
  const source = sheet.rows
    .map((cells, row) => ({ row, cells }))
    .filter(({ row, cells }) => row > header.row && !isBlank(cells))
  const rows: RosterRow[] = []
  await inTurns(source, (some) => {
    for (const at of some) rows.push(judgeRow(header, at, judge))
  })
  markRepeats(rows)
  return { header, rows }
}

/** Index → number. Made before any transaction is opened: hashing a long roster takes longer than one may stay idle. */
export async function indexNumbers(vault: CryptoProvider, numbers: readonly string[]): Promise<Map<string, string>> {
  const owner = new Map<string, string>()
  await inTurns(numbers, (some) => {
    for (const number of some)
      for (const index of vault.blindIndexes('id-number', number)) owner.set(index.toString('hex'), number)
  })
  return owner
}

/** Number → who holds it. */
export async function holdersOf(tx: Tx, owner: ReadonlyMap<string, string>): Promise<Map<string, Holder>> {
  const indexes = [...owner.keys()].map((hex) => Buffer.from(hex, 'hex'))
  const holders = await findHolders(tx, indexes)
  // One number may stand on two rows (AZ-27): the one the asker sees is his.
  const sorted = holders.toSorted((a, b) => Number(a.visible) - Number(b.visible))
  return new Map(sorted.map((h) => [owner.get(h.idIndex) as string, h]))
}

type Met = { fate: StagedRow['fate']; personId: string | null; warnings: [code: string, text: string][] }

/** What a good row meets in the base. Numbers that stand on rows the asker may not see are new to him. [AZ-27] */
function fateOf(tx: Tx, person: RosterPerson | null, holder: Holder | undefined): Met {
  if (!person) return { fate: null, personId: null, warnings: [] }
  if (!holder?.visible) return { fate: 'new', personId: null, warnings: [] }
  const stays = (...warnings: Met['warnings']): Met => ({ fate: 'same', personId: holder.personId, warnings })
  if (holder.name !== person.name)
    return stays(['other-name', `此证件号码已登记的姓名是“${holder.name}”，与表中不同，保留原有登记，请核对`])
  if (holder.formalUnitId === person.unitId) return stays()
  if (holder.formalUnitId)
    return stays(['other-branch', `此人的正式组织关系在“${holder.formalUnitName}”，本次不改动，请办理转接`])
  if (!can(tx.actor, 'person.write', holder.homePath))
    return stays(['not-kept-here', '此人的登记由其他单位管理，本次不改动，请由原单位办理'])
  return { fate: 'join', personId: holder.personId, warnings: [['on-record', '此人已登记，本次只建立组织关系']] }
}

export const present = (tx: Tx, row: ImportRow, staged: Staged): PeopleImport => ({
  ...presentBatch(tx, row),
  issues: issuesOf(staged),
  ignoredColumns: staged.head.ignored,
})

/** Every judged row with what it would do to the base. */
function compare(tx: Tx, rows: readonly RosterRow[], holders: ReadonlyMap<string, Holder>): StagedRow[] {
  return rows.map(({ row, person, issues, cells }) => {
    const { warnings, ...met } = fateOf(tx, person, holders.get(person?.idNumber ?? ''))
    const more = warnings.map(([code, text]) => ({ level: 'warning' as const, field: 'idNumber' as const, code, text }))
    return { row, ...met, person, issues: [...issues, ...more], cells: person ? null : cells }
  })
}

const KEPT_DAYS = 7

/** Reads and judges a roster; what it would do is answered, and bound to the SHA-256 of the file. */
export async function importPeople(ctx: Context, query: ImportPeopleQuery, file: Buffer): Promise<PeopleImport> {
  const { vault } = ctx.ground
  const scope = await ctx.read('person.import', async (tx) => ({ today: tx.today, branches: await branchesOf(tx) }))
  const memberFrom = query.memberFrom ?? scope.today
  if (memberFrom > scope.today) throw fail('bad-day', { from: '1921-07-01', to: scope.today })
  const { header, rows } = await judgeFile(file, { today: scope.today, branch: branchFinder(scope.branches) })
  const numbers = await indexNumbers(
    vault,
    rows.flatMap((r) => (r.person ? [r.person.idNumber] : [])),
  )
  const judged = await ctx.read('person.import', async (tx) => compare(tx, rows, await holdersOf(tx, numbers)))
  const staged: Staged = { head: { ...header, at: [...header.at] }, rows: judged }
  const id = newId()
  const parts = sealStaged(vault, id, staged)
  const sha256 = createHash('sha256').update(file).digest()
  return ctx.write('person.import', 'people-import.check', async (tx) => {
    const counts = countsOf(staged.rows)
    const unitPath = rangesOf(tx.actor, 'person.import')[0]?.from ?? ''
    const made = { id, unitPath, fileName: query.fileName ?? '党员花名册.xlsx', sha256, memberFrom, counts }
    await insertImport(tx, made, parts)
    await purgeParts(tx, instantOf(addDays(tx.today, -KEPT_DAYS), '00:00'))
    tx.record({
      subject: { kind: 'people-import', id },
      path: unitPath,
      change: { sha256: sha256.toString('hex'), ...counts },
    })
    return present(tx, await getImport(tx, id), staged)
  })
}
