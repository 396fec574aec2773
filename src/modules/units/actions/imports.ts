// Units from outside: the national division table in parts, and a district's own tree from a workbook — previewed, then committed by
// the hash of what was shown, all or nothing, and idempotent by code (A-33, IM-10, IM-13).
import { createHash } from 'node:crypto'
import type { Context } from '#core/context.ts'
import { Problem, present } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { readWorkbook, type Sheet, writeWorkbook } from '#core/xlsx.ts'
import { padRegionCode, regionAncestors } from '../codes.ts'
import {
  type DivisionImport,
  fail,
  type ImportPreview,
  type ImportQuery,
  type ImportResult,
  type RowProblem,
} from '../contract.ts'
import { judgeDivisions, type Verdict } from '../rules/rows.ts'
import { takeTurn } from '../store/timelines.ts'
import { findByCodes, findKinds } from '../store/units.ts'
import { beginStoring } from './import-later.ts'
import { type FoundRows, readRows, treeRows, warningsOf } from './import-sheet.ts'
import { judgeSheet, mustImportUnder, storeFile } from './import-store.ts'
import { carryOutRows, tryRows } from './rows.ts'

const result = (rows: number, { operations: _, ...v }: Verdict): ImportResult => ({ rows, ...v })

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

interface Uploaded {
  hash: string
  sheet: Sheet
  found: FoundRows
}

/** A problem of the whole file (a tree that would be none) is no row’s. */
const rowsRefused = (problems: readonly RowProblem[]) =>
  new Set(problems.flatMap((p) => (p.cell === '' ? [] : p.cell.replace(/\D/g, '')))).size

async function preview(ctx: Context, query: ImportQuery, file: Uploaded): Promise<ImportPreview> {
  const rows = treeRows(file.found)
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
      state: null,
      warnings: warningsOf(file.sheet),
    }
  })
}

/** Up to so many rows are stored before the answer, more by a job after it. [IMP-10] */
const MOST_AT_ONCE = 5000

function commit(ctx: Context, query: ImportQuery, { hash, sheet, found }: Uploaded): Promise<ImportPreview> {
  const store = found.rows.length > MOST_AT_ONCE ? beginStoring : storeFile
  return store(ctx, { id: newId(), query, hash, found, warnings: warningsOf(sheet) })
}

/** Who may not import at all does not get to start a reader. */
async function openUpload(ctx: Context, query: ImportQuery, bytes: Buffer): Promise<Uploaded> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  await ctx.read('unit.import', (tx) => mustImportUnder(tx, query.under))
  if (query.commit !== undefined && query.commit !== hash) throw fail('import-changed')
  const { sheets } = await readWorkbook(bytes)
  const sheet = sheets.find((s) => !s.hidden)
  if (!sheet) throw fail('import-header')
  return { hash, sheet, found: readRows(sheet) }
}

/** Without `commit` nothing is written; with it the file must be the one that was previewed. */
export const importTree = async (ctx: Context, query: ImportQuery, bytes: Buffer): Promise<ImportPreview> =>
  (query.commit === undefined ? preview : commit)(ctx, query, await openUpload(ctx, query, bytes))

/** Every row of the file that is refused, and why. */
export async function judgeUpload(ctx: Context, query: ImportQuery, bytes: Buffer) {
  const { sheet, found } = await openUpload(ctx, query, bytes)
  const { verdict } = await ctx.read('unit.import', (tx) => judgeSheet(tx, query, treeRows(found)))
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
