// Which column is which: headers are matched by name and alias, wherever they stand. [IMP-7, IM-07]
import { type Cell, cellAddress, type Sheet } from '#core/xlsx.ts'

export type Field =
  | 'no'
  | 'name'
  | 'sex'
  | 'nation'
  | 'idNumber'
  | 'born'
  | 'education'
  | 'joined'
  | 'fullSince'
  | 'status'
  | 'branch'
  | 'occupation'
  | 'phone'
  | 'mobile'
  | 'lost'
  | 'remark'

interface ColumnSpec {
  header: string
  aliases: readonly string[]
  required?: boolean
}

/** Headers of the roster and what else people call them. [IMP-7] */
export const columns: Record<Field, ColumnSpec> = {
  no: { header: '序号', aliases: ['编号', '错误序号'] },
  name: { header: '姓名', aliases: ['名字', '党员姓名', '干部姓名'], required: true },
  sex: { header: '性别', aliases: [] },
  nation: { header: '民族', aliases: [] },
  idNumber: {
    header: '身份证号',
    aliases: ['身份证号码', '证件号码', '公民身份号码', '公民身份证号', '身份证'],
    required: true,
  },
  born: { header: '出生日期', aliases: ['出生年月', '出生年月日', '生日'] },
  education: { header: '学历', aliases: ['文化程度'] },
  joined: { header: '入党时间', aliases: ['入党日期', '入党年月', '加入党组织日期', '加入中共组织日期'] },
  fullSince: { header: '转正时间', aliases: ['转正日期', '转为正式党员日期'] },
  status: { header: '人员类别', aliases: ['党员类别', '类别'], required: true },
  branch: {
    header: '所在支部',
    aliases: ['所在党支部', '所属支部', '所属党支部', '党支部', '支部', '所在党组织', '支部代码'],
    required: true,
  },
  occupation: { header: '工作岗位', aliases: ['岗位', '职业', '工作单位及职务'] },
  phone: { header: '联系电话', aliases: ['手机', '手机号', '手机号码', '电话', '联系方式'] },
  mobile: { header: '是否流动', aliases: ['流动党员', '是否流动党员'] },
  lost: { header: '失联', aliases: ['是否失联', '失联党员'] },
  remark: { header: '备注', aliases: [] },
}

/** What is kept of persons, by every name it is known under; no form asks for these. [JF-09] */
export const rosterColumns = Object.entries(columns).map(([id, c]) => ({
  id,
  name: c.header,
  aliases: c.aliases,
  personal: ['name', 'idNumber', 'born', 'phone'].includes(id),
}))

/** Not taken in although known: free remarks about people have no stated purpose. [PRV-01] */
const skipped: readonly Field[] = ['no', 'remark']
const reportColumns = ['错误列', '错误原因']

export interface Header {
  sheet: string
  row: number
  at: Map<Field, number>
  headings: string[]
  ignored: string[]
}

export type HeaderFault = { fault: string }

const plainHeading = (cell: Cell | undefined) =>
  typeof cell === 'string'
    ? cell
        .normalize('NFKC')
        .replace(/[\s\p{Cf}*★]/gu, '')
        .replace(/[（(].*?[)）]/g, '')
    : ''

const fieldOfHeading = new Map(
  Object.entries(columns).flatMap(([field, c]) => [c.header, ...c.aliases].map((h) => [h, field as Field])),
)
const DEEPEST_HEADER = 10

function headerRow(sheet: Sheet) {
  const counts = sheet.rows
    .slice(0, DEEPEST_HEADER)
    .map((row, at) => ({ at, known: row.filter((c) => fieldOfHeading.has(plainHeading(c))).length }))
  return counts.toSorted((a, b) => b.known - a.known)[0]
}

/** Columns are matched by name wherever they stand, never by position; what cannot be told apart is refused. [IMP-7, IM-07] */
export function findHeader(sheets: readonly Sheet[]): { sheet: Sheet; header: Header } | HeaderFault {
  const best = sheets
    .filter((s) => !s.hidden)
    .map((sheet) => ({ sheet, found: headerRow(sheet) }))
    .toSorted((a, b) => (b.found?.known ?? 0) - (a.found?.known ?? 0))[0]
  if (!best?.found || best.found.known < 2) return { fault: '前10行里没有“姓名、身份证号、人员类别、所在支部”等列名' }
  const row = best.sheet.rows[best.found.at] ?? []
  const at = new Map<Field, number>()
  const ignored: string[] = []
  for (const [column, cell] of row.entries()) {
    const heading = plainHeading(cell)
    const field = fieldOfHeading.get(heading)
    if (!field) {
      if (heading && !reportColumns.includes(heading)) ignored.push(heading)
      continue
    }
    const before = at.get(field)
    if (before !== undefined)
      return {
        fault: `“${columns[field].header}”出现了两次（${cellAddress(best.found.at, before)}、${cellAddress(best.found.at, column)}），请只留一列`,
      }
    at.set(field, column)
  }
  const missing = Object.entries(columns).filter(([field, c]) => c.required && !at.has(field as Field))
  if (missing.length > 0) return { fault: `缺少${missing.map(([, c]) => `“${c.header}”`).join('、')}列` }
  const left = skipped.filter((f) => f !== 'no' && at.has(f)).map((f) => columns[f].header)
  return {
    sheet: best.sheet,
    header: {
      sheet: best.sheet.name,
      row: best.found.at,
      at,
      headings: row.map(textOf),
      ignored: [...ignored, ...left],
    },
  }
}

/** A cell as text, without the spaces and invisible characters that come with copying. [IMP-9] */
export function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'object') return 'error' in cell ? cell.error : (cell.day ?? String(cell.serial))
  return String(cell)
    .toWellFormed()
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
}
