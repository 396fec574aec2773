// Units from outside: the national division table in parts, and a district's own tree from a workbook — previewed, then committed by
// the hash of what was shown, all or nothing, and idempotent by code (A-33, IM-10, IM-13).
import { createHash } from 'node:crypto'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { Problem, present } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import { type Cell, cellAddress, readWorkbook, type Sheet, writeWorkbook } from '#core/xlsx.ts'
import { padRegionCode, regionAncestors } from '../codes.ts'
import {
  type DivisionImport,
  fail,
  type ImportPreview,
  type ImportQuery,
  type ImportResult,
  type RowProblem,
} from '../contract.ts'
import { judgeDivisions, judgeTree, type Known, type TreeRow, type Verdict } from '../rules/rows.ts'
import type { Step } from '../rules/reorganise.ts'
import { FOREVER, fieldsOn, isOpenOn } from '../rules/timeline.ts'
import type { Kept } from '../store/imports.ts'
import { findByCodes, findKinds, findPathsOf, getUnit, type UnitNow } from '../store/units.ts'
import { takeTurn } from '../store/timelines.ts'
import { keepBatch } from './import-batches.ts'
import { carryOutRows, planRows, tryRows } from './rows.ts'
import { prepare } from './prepare.ts'

const result = (rows: number, { operations: _, ...v }: Verdict): ImportResult => ({ rows, ...v })

async function mustImportUnder(tx: Tx, underId: string): Promise<UnitNow> {
  const [seen] = await findPathsOf(tx, [underId], visibleTo(tx.actor, 'unit.read', 'path'))
  if (!seen) throw fail('not-found')
  tx.must('unit.import', seen.path)
  const under = await getUnit(tx, underId)
  if (under.closedOn !== null) throw fail('outside-life', { unit: under.name, day: tx.today, opened: under.openedOn })
  return under
}

/** One part of the national table; rows that cannot be taken are reported, the others are in when this answers. */
export const importDivisionRows = (ctx: Context, input: DivisionImport): Promise<ImportResult> =>
  ctx.write('unit.import', 'unit.import-divisions', async (tx) => {
    await takeTurn(tx)
    const under = await mustImportUnder(tx, input.underId)
    const effectiveOn = input.openedOn ?? tx.today
    if (effectiveOn > tx.today) throw fail('divisions-later')
    if (under.tree !== 'place') throw fail('other-tree', { unit: under.name, other: '全国区划' })
    const code = under.code === null ? null : padRegionCode(under.code)
    if (code === null && under.parentId !== null) throw fail('import-no-code', { unit: under.name })
    const codes = input.rows.flatMap((r) => {
      const own = padRegionCode(r.code)
      return own ? [own, ...regionAncestors(own)] : []
    })
    const known = await findByCodes(tx, [...new Set(codes)], under.path)
    const verdict = judgeDivisions(input.rows, {
      under: { id: under.id, code },
      known,
      kinds: await findKinds(tx),
      newId,
    })
    const changeId = newId()
    const step = { changeId, effectiveOn, operations: verdict.operations }
    const why = { reason: '导入全国统计用区划代码', underId: under.id }
    if (verdict.operations.length > 0) await carryOutRows(tx, step, why)
    const { problems, ...counts } = result(input.rows.length, verdict)
    tx.record({
      subject: { kind: 'unit-change', id: changeId },
      path: under.path,
      change: { ...counts, problems: problems.length },
    })
    return { ...counts, problems }
  })

const HEADS: Record<Column, string[]> = {
  code: ['代码', '单位代码', '编码', '编号'],
  name: ['名称', '单位名称'],
  kind: ['类别', '单位类别', '类型'],
  parent: ['上级代码', '上级编码', '隶属代码'],
  sort: ['排序', '序号', '顺序'],
}
/** What is kept of units, by every name it is known under. */
export const treeColumns = Object.entries(HEADS).map(([id, [name = '', ...aliases]]) => ({
  id,
  name,
  aliases,
  personal: false,
}))
type Column = 'code' | 'name' | 'kind' | 'parent' | 'sort'

export const clean = (cell: Cell | undefined) =>
  typeof cell === 'string' || typeof cell === 'number'
    ? String(cell)
        .normalize('NFKC')
        .replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ')
        .trim()
    : ''

/** The header is the first row that names code, name and kind, each once, in any order (IM-07). */
export function findHeader(sheet: Sheet): { row: number; columns: Partial<Record<Column, number>> } {
  for (const [row, cells] of sheet.rows.slice(0, 10).entries()) {
    const heads = cells.map((c) => clean(c).replace(/[\s*＊]/g, ''))
    const columns = {} as Partial<Record<Column, number>>
    for (const [column, names] of Object.entries(HEADS) as [Column, string[]][]) {
      const at = heads.flatMap((h, i) => (names.includes(h) ? [i] : []))
      if (at.length > 1) throw fail('import-header')
      if (at[0] !== undefined) columns[column] = at[0]
    }
    if (columns.code !== undefined && columns.name !== undefined && columns.kind !== undefined) return { row, columns }
  }
  throw fail('import-header')
}

const codeOf = (cell: Cell | undefined) => ({
  text: clean(cell),
  lost: typeof cell === 'number' && Math.abs(cell) >= 1e15,
})

function sortOf(cell: Cell | undefined): number | null {
  const text = clean(cell)
  return text === '' ? 0 : /^\d{1,7}$/.test(text) && Number(text) <= 1_000_000 ? Number(text) : null
}

function rowsOf(sheet: Sheet): TreeRow[] {
  const { row: head, columns } = findHeader(sheet)
  return sheet.rows.slice(head + 1).flatMap((cells, i): TreeRow[] => {
    const cell = (c: Column) => (columns[c] === undefined ? undefined : cells[columns[c]])
    if (cells.every((c) => clean(c) === '')) return []
    const code = codeOf(cell('code'))
    const parent = codeOf(cell('parent'))
    return [
      {
        sheet: sheet.name,
        at: (c) => cellAddress(head + 1 + i, columns[c] ?? columns.code ?? 0),
        code: code.text || null,
        codeLost: code.lost,
        name: clean(cell('name')),
        kind: clean(cell('kind')),
        parent: parent.text,
        parentLost: parent.lost,
        sort: sortOf(cell('sort')),
      },
    ]
  })
}

function warningsOf(sheet: Sheet): RowProblem[] {
  const warning = (code: string, cell: string, text: string) => ({ sheet: sheet.name, cell, code, text })
  return [
    ...(sheet.merges > 0 ? [warning('merged', '', `表中有${sheet.merges}处合并单元格，只取每处左上角的内容`)] : []),
    ...sheet.hiddenColumns
      .slice(0, 20)
      .map((c) => warning('hidden-column', cellAddress(0, c).slice(0, -1), '这一列被隐藏，其内容同样会读取')),
  ]
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

async function judgeSheet(
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

interface Uploaded {
  hash: string
  sheet: Sheet
}

/** A problem of the whole file (a tree that would be none) is no row’s. */
const rowsRefused = (problems: readonly RowProblem[]) =>
  new Set(problems.flatMap((p) => (p.cell === '' ? [] : p.cell.replace(/\D/g, '')))).size

async function preview(ctx: Context, query: ImportQuery, file: Uploaded): Promise<ImportPreview> {
  const rows = rowsOf(file.sheet)
  return ctx.read('unit.import', async (tx) => {
    const { verdict } = await judgeSheet(tx, query, rows)
    const { operations, ...counts } = verdict
    // Whole-tree rules (depth, cycles with units not in the file, days) speak here, not at the commit.
    if (counts.problems.length === 0 && operations.length > 0) {
      await tryRows(tx, { changeId: newId(), effectiveOn: query.openedOn ?? tx.today, operations }).catch(
        (error: unknown) => {
          if (!(error instanceof Problem) || error.status !== 422) throw error
          counts.problems.push({ sheet: file.sheet.name, cell: '', code: error.code, text: present(error, '').title })
        },
      )
    }
    return {
      rows: rows.length,
      ...counts,
      problems: counts.problems.slice(0, 1000),
      refused: rowsRefused(counts.problems),
      hash: file.hash,
      importId: null,
      warnings: warningsOf(file.sheet),
    }
  })
}

async function storeRows(tx: WriteTx, step: Step, underId: string): Promise<Pick<Kept, 'state' | 'changes'>> {
  const why = { reason: '从工作簿导入单位', underId }
  if (step.effectiveOn <= tx.today) return { state: 'committed', changes: await carryOutRows(tx, step, why) }
  await planRows(tx, step, why)
  return { state: 'planned', changes: [] }
}

async function commit(ctx: Context, query: ImportQuery, file: Uploaded): Promise<ImportPreview> {
  const rows = rowsOf(file.sheet)
  return ctx.write('unit.import', 'unit.import-tree', async (tx) => {
    await takeTurn(tx)
    const { under, verdict } = await judgeSheet(tx, query, rows)
    if (verdict.problems.length > 0) throw fail('import-problems', { count: verdict.problems.length })
    const changeId = newId()
    const { operations, ...counts } = verdict
    const step = { changeId, effectiveOn: query.openedOn ?? tx.today, operations }
    if (operations.length > 0) {
      const changes = await storeRows(tx, step, under.id)
      const { problems: _, ...kept } = { rows: rows.length, ...counts }
      const fileName = query.fileName ?? '单位.xlsx'
      const batch = { id: changeId, underId: under.id, fileName, openedOn: step.effectiveOn, counts: kept, ...changes }
      await keepBatch(tx, { ...batch, sha256: Buffer.from(file.hash, 'hex') }, operations)
    }
    tx.record({
      subject: { kind: 'unit-change', id: changeId },
      path: under.path,
      change: { hash: file.hash, rows: rows.length, created: counts.created, changed: counts.changed },
    })
    const importId = operations.length > 0 ? changeId : null
    return { rows: rows.length, ...counts, refused: 0, hash: file.hash, importId, warnings: warningsOf(file.sheet) }
  })
}

/** Who may not import at all does not get to start a reader. */
async function openUpload(ctx: Context, query: ImportQuery, bytes: Buffer): Promise<Uploaded> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  await ctx.read('unit.import', (tx) => mustImportUnder(tx, query.under))
  if (query.commit !== undefined && query.commit !== hash) throw fail('import-changed')
  const { sheets } = await readWorkbook(bytes)
  const sheet = sheets.find((s) => !s.hidden)
  if (!sheet) throw fail('import-header')
  return { hash, sheet }
}

/** Without `commit` nothing is written; with it the file must be the one that was previewed. */
export const importTree = async (ctx: Context, query: ImportQuery, bytes: Buffer): Promise<ImportPreview> =>
  (query.commit === undefined ? preview : commit)(ctx, query, await openUpload(ctx, query, bytes))

/** Every row of the file that is refused, and why. */
export async function judgeUpload(ctx: Context, query: ImportQuery, bytes: Buffer) {
  const { sheet } = await openUpload(ctx, query, bytes)
  const rows = rowsOf(sheet)
  const { verdict } = await ctx.read('unit.import', (tx) => judgeSheet(tx, query, rows))
  return { sheet, problems: verdict.problems }
}

export const readImportTemplate = (ctx: Context) =>
  ctx.read('unit.import', async (tx) => {
    const kinds = [...(await findKinds(tx)).values()].map((k) => k.name)
    const file = await writeWorkbook([
      {
        name: '单位',
        columns: [
          { header: '代码', required: true, width: 20 },
          { header: '名称', required: true, width: 36 },
          { header: '类别', required: true, width: 16, choices: kinds },
          { header: '上级代码', width: 20 },
          { header: '排序', width: 8 },
        ],
        rows: [],
      },
      {
        name: '填表说明',
        columns: [{ header: '说明', width: 90 }],
        rows: [
          [
            '代码：本区内唯一，字母、数字和 . _ -，最多30位。再次导入时按代码认单位：有变化的更新，没有的新设，不会删除。',
          ],
          ['上级代码：留空时直接隶属于导入时选定的单位；上级可以在本表中，也可以是系统里已有的单位。'],
          ['类别：从下拉列表中选择。红色表头为必填。请不要使用公式和合并单元格。'],
        ],
      },
    ])
    return {
      file,
      name: '单位导入模板.xlsx',
    }
  })
