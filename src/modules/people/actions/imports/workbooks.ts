// What goes out around an import: the template to fill in and the rows to correct.
import type { Context } from '#core/context.ts'
import type { FileAnswer } from '#core/http/route.ts'
import { type Cell, type OutCell, type OutSheet, writeWorkbook } from '#core/xlsx.ts'
import { education, nations } from '../../codes.ts'
import type { PeopleImport } from '../../contract.ts'
import { columns, type Field, textOf } from '../../roster.ts'
import { getImport } from '../../store.ts'
import { presentBatch } from './batches.ts'
import { branchesOf, present } from './check.ts'
import { openStaged, type Staged, type StagedRow } from './staged.ts'

const VERSION = 'V2026.11'

const notes: [string, string][] = [
  ['红色列名', '必填：姓名、身份证号、人员类别、所在支部。其余可以空着，以后再补。'],
  ['列的顺序', '列名不要改，顺序可以调整，多出来的列不会导入。'],
  ['身份证号', '18位，须为文本格式。被存为数字的号码末几位已经丢失，须重新填写。出生日期和性别以身份证号为准。'],
  ['日期', '可写 1998.06、199806、1998-06-01、1998年6月；1998.1 分不清1月和10月，请写 1998.01 或 1998.10。'],
  ['所在支部', '填党组织全称或代码；有同名的请填代码。只能填您管理范围内的党组织。'],
  ['人员类别', '正式、预备。'],
  ['备注', '不导入：系统只登记有明确用途的信息。'],
  ['导入步骤', '上传后先预检，不写入任何数据；预检会逐行说明成功、提醒和错误，确认后才导入；24小时内可以整批撤销。'],
]

const widths: Partial<Record<Field, number>> = {
  no: 6,
  sex: 6,
  idNumber: 22,
  branch: 34,
  occupation: 18,
  phone: 16,
  remark: 24,
}

/** An empty roster with drop-downs and instructions. [IMP-1] */
export const readImportTemplate = (ctx: Context): Promise<FileAnswer> =>
  ctx.read('person.import', async (tx) => {
    const branches = (await branchesOf(tx)).map((b) => b.name)
    const names = (codes: typeof nations) => codes.map((c) => c.name)
    const choices: Partial<Record<Field, readonly string[]>> = {
      sex: ['男', '女'],
      nation: names(nations),
      education: names(education),
      status: ['正式', '预备'],
      branch: [...new Set(branches)],
      mobile: ['是', '否'],
      lost: ['是', '否'],
    }
    const head = Object.entries(columns).map(([field, c]) => ({
      header: c.header,
      required: c.required ?? false,
      width: widths[field as Field] ?? 12,
      choices: choices[field as Field] ?? [],
    }))
    const roster: OutSheet = { name: '党员花名册', title: `党员花名册（模板 ${VERSION}）`, columns: head, rows: [] }
    const manual: OutSheet = {
      name: '填表说明',
      columns: [
        { header: '项目', width: 16 },
        { header: '说明', width: 90 },
      ],
      rows: notes,
    }
    return { file: await writeWorkbook([roster, manual]), name: `党员花名册模板${VERSION}.xlsx` }
  })

const outCell = (cell: Cell | undefined): OutCell => (typeof cell === 'number' ? cell : textOf(cell))

function errorSheet({ head, rows }: Staged): OutSheet {
  const at = new Map(head.at)
  const wrong = rows.filter((r) => r.issues.some((i) => i.level === 'error'))
  const line = ({ cells, issues }: StagedRow): OutCell[] => {
    const errors = issues.filter((i) => i.level === 'error')
    const byColumn = Map.groupBy(errors, (i) => at.get(i.field as string))
    const original = head.headings.map((_, column): OutCell => {
      const here = byColumn.get(column)
      const value = outCell(cells?.[column]) as string | number
      return here ? { value, bad: true, note: here.map((i) => i.text).join('；') } : value
    })
    return [...original, errors.map((i) => columns[i.field].header).join('、'), errors.map((i) => i.text).join('；')]
  }
  const header = [
    ...head.headings.map((h) => ({ header: h, width: 16 })),
    { header: '错误列', width: 16 },
    { header: '错误原因', width: 50 },
  ]
  return { name: head.sheet, columns: header, rows: wrong.map(line) }
}

function warningSheet({ head, rows }: Staged): OutSheet {
  const lines = rows.flatMap((r) =>
    r.issues
      .filter((i) => i.level === 'warning')
      .map((i): OutCell[] => [String(r.row + 1), columns[i.field].header, i.text]),
  )
  return {
    name: '提醒',
    columns: [{ header: `${head.sheet}行号` }, { header: '列', width: 16 }, { header: '提醒', width: 60 }],
    rows: lines,
  }
}

/** The rows that were refused, as they came, with what is wrong in red; corrected, the same file can be uploaded again. [IMP-3] */
export const readImportErrors = async (ctx: Context, id: string): Promise<FileAnswer> => {
  const { staged, name } = await ctx.write('person.import', 'people-import.errors', async (tx) => {
    const row = await getImport(tx, id)
    // The file shows numbers as they were typed: taking it out is kept like any reading.
    tx.record({ subject: { kind: 'people-import', id }, path: row.unit_path })
    return { staged: await openStaged(tx, id), name: row.file_name }
  })
  return {
    file: await writeWorkbook([errorSheet(staged), warningSheet(staged)]),
    name: `${name.replace(/\.xlsx$/i, '')}-错误.xlsx`,
  }
}

/** A batch with what its dry run found; of rows that are gone or being stored only the counts. */
export const readPeopleImport = (ctx: Context, id: string): Promise<PeopleImport> =>
  ctx.read('person.import', async (tx) => {
    const row = await getImport(tx, id)
    return row.kept && row.state !== 'committing'
      ? present(tx, row, await openStaged(tx, id))
      : { ...presentBatch(tx, row), issues: [], ignoredColumns: [] }
  })
