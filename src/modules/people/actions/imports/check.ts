// The dry run: every row is judged against the rules and the base, nothing is stored but the judged rows themselves. [IMP-2]
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { addDays, instantOf } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { can, rangesOf } from '#core/permissions.ts'
import { readWorkbook } from '#core/xlsx.ts'
import { findKinds } from '#modules/units/index.ts'
import { fail, type ImportPeopleQuery, type PeopleImport } from '../../contract.ts'
import {
  type FindBranch,
  findHeader,
  type Header,
  isBlank,
  judgeRow,
  markRepeats,
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

/** Holders of the numbers of a roster by their index, newest key first and older keys after. */
export async function holdersOf(tx: Tx, numbers: readonly string[]): Promise<Map<string, Holder>> {
  const owner = new Map<string, string>()
  await inTurns(numbers, (some) => {
    for (const number of some)
      for (const index of tx.vault.blindIndexes('id-number', number)) owner.set(index.toString('hex'), number)
  })
  const holders = await findHolders(
    tx,
    [...owner.keys()].map((hex) => Buffer.from(hex, 'hex')),
  )
  // One number may stand on two rows (AZ-27): the one the asker sees is his.
  const sorted = holders.toSorted((a, b) => Number(a.visible) - Number(b.visible))
  return new Map(sorted.map((h) => [owner.get(h.idIndex) as string, h]))
}

/** What a good row meets in the base. Numbers that stand on rows the asker may not see are new to him. [AZ-27] */
function fateOf(tx: Tx, row: RosterRow, holder: Holder | undefined): Pick<StagedRow, 'fate' | 'personId'> {
  if (!row.person) return { fate: null, personId: null }
  if (!holder?.visible) return { fate: 'new', personId: null }
  const warn = (code: string, text: string) => row.issues.push({ level: 'warning', field: 'idNumber', code, text })
  const personId = holder.personId
  if (holder.name !== row.person.name)
    warn('other-name', `此证件号码已登记的姓名是“${holder.name}”，与表中不同，保留原有登记，请核对`)
  if (holder.formalUnitId === row.person.unitId) return { fate: 'same', personId }
  if (holder.formalUnitId) {
    warn('other-branch', `此人的正式组织关系在“${holder.formalUnitName}”，本次不改动，请办理转接`)
    return { fate: 'same', personId }
  }
  if (holder.name !== row.person.name) return { fate: 'same', personId }
  if (!can(tx.actor, 'person.write', holder.homePath)) {
    warn('not-kept-here', '此人的登记由其他单位管理，本次不改动，请由原单位办理')
    return { fate: 'same', personId }
  }
  warn('on-record', '此人已登记，本次只建立组织关系')
  return { fate: 'join', personId }
}

export const present = (row: ImportRow, staged: Staged): PeopleImport => ({
  id: row.id,
  state: row.state as PeopleImport['state'],
  fileName: row.file_name,
  sha256: row.sha256.toString('hex'),
  memberFrom: row.member_from,
  counts: row.counts as PeopleImport['counts'],
  issues: issuesOf(staged),
  ignoredColumns: staged.head.ignored,
  checkedAt: row.checked_at,
  committedAt: row.committed_at,
  undoneAt: row.undone_at,
})

/** Every judged row with what it would do to the base. */
async function compare(tx: Tx, header: Header, rows: readonly RosterRow[]): Promise<Staged> {
  const holders = await holdersOf(
    tx,
    rows.flatMap((r) => (r.person ? [r.person.idNumber] : [])),
  )
  const judged = rows.map((r) => ({
    row: r.row,
    ...fateOf(tx, r, holders.get(r.person?.idNumber ?? '')),
    person: r.person,
    issues: r.issues,
    cells: r.person ? null : r.cells,
  }))
  return { head: { ...header, at: [...header.at] }, rows: judged }
}

const KEPT_DAYS = 7

/** Reads and judges a roster; what it would do is answered, and bound to the SHA-256 of the file. */
export async function importPeople(ctx: Context, query: ImportPeopleQuery, file: Buffer): Promise<PeopleImport> {
  const scope = await ctx.read('person.import', async (tx) => ({ today: tx.today, branches: await branchesOf(tx) }))
  const memberFrom = query.memberFrom ?? scope.today
  if (memberFrom > scope.today) throw fail('bad-day', { from: '1921-07-01', to: scope.today })
  const { header, rows } = await judgeFile(file, { today: scope.today, branch: branchFinder(scope.branches) })
  const id = newId()
  const sha256 = createHash('sha256').update(file).digest()
  const fileName = query.fileName ?? '党员花名册.xlsx'
  return ctx.write('person.import', 'people-import.check', async (tx) => {
    const staged = await compare(tx, header, rows)
    const counts = countsOf(staged.rows)
    const unitPath = rangesOf(tx.actor, 'person.import')[0]?.from ?? ''
    await insertImport(tx, { id, unitPath, fileName, sha256, memberFrom, counts }, sealStaged(tx.vault, id, staged))
    await purgeParts(tx, instantOf(addDays(tx.today, -KEPT_DAYS), '00:00'))
    tx.record({
      subject: { kind: 'people-import', id },
      path: unitPath,
      change: { sha256: sha256.toString('hex'), ...counts },
    })
    return present(await getImport(tx, id), staged)
  })
}
