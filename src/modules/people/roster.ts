// A member roster as people keep it (domain 2.10), judged row by row. Pure: the file is read before, the base is asked after.
import { addMonths } from '#core/calendar.ts'
import type { Cell, Sheet } from '#core/xlsx.ts'
import { cellAddress } from '#core/xlsx.ts'
import { codeOfName, education, nations, sexes } from './codes.ts'
import { type DateFault, readDate } from './dates.ts'
import {
  checkIdNumber,
  checkName,
  checkPhone,
  type IdFault,
  idFacts,
  normaliseCode,
  normaliseName,
  normalisePhone,
  numericIdSuspect,
} from './rules.ts'

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

/** Not taken in although known: free remarks about people have no stated purpose. [PRV-01] */
const skipped: readonly Field[] = ['no', 'remark']
const reportColumns = ['错误列', '错误原因']

export interface RosterIssue {
  level: 'error' | 'warning'
  field: Field
  code: string
  text: string
}

export interface RosterPerson {
  name: string
  idNumber: string
  sex: '1' | '2'
  born: string
  nation: string | null
  education: string | null
  joined: string | null
  fullSince: string | null
  status: 'full' | 'probationary'
  unitId: string
  occupation: string
  phone: string | null
  mobile: boolean
  lost: boolean
}

export interface RosterRow {
  /** 0-based row of the sheet. */
  row: number
  cells: Cell[]
  person: RosterPerson | null
  issues: RosterIssue[]
}

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

const idFaults: Record<IdFault, string> = {
  length: '身份证号应为18位',
  'fifteen-digits': '是15位旧身份证号，请改为18位',
  characters: '身份证号含有不应出现的字符',
  region: '身份证号的地区码不正确',
  'birth-date': '身份证号里的出生日期不正确',
  'check-digit': '身份证号校验位不正确，请核对',
}

const dateFaults: Record<DateFault, string> = {
  empty: '为空',
  form: '日期写法无法识别，请写成 1998.06 或 1998-06-01',
  'two-digit-year': '年份只有两位，请写全四位',
  'ambiguous-month': '1998.1 分不清是1月还是10月，请写成 1998.01 或 1998.10',
  'no-such-day': '没有这一天',
  'out-of-range': '年份不合理',
  'excel-leap-day': '1900年2月29日不存在',
}

/** How a branch is named: its id, or why none was found. */
export type FindBranch = (text: string) => { unitId: string } | { fault: string }

/** Collects what is wrong with one row while it is read. */
class Reader {
  readonly issues: RosterIssue[] = []
  readonly #header: Header
  readonly #cells: readonly Cell[]
  constructor(header: Header, cells: readonly Cell[]) {
    this.#header = header
    this.#cells = cells
  }
  cell(field: Field): Cell {
    const column = this.#header.at.get(field)
    return column === undefined ? null : (this.#cells[column] ?? null)
  }
  text(field: Field): string {
    const cell = this.cell(field)
    if (cell !== null && typeof cell === 'object' && 'error' in cell)
      this.error(field, 'error-value', `单元格是错误值 ${cell.error}`)
    return textOf(cell)
  }
  error(field: Field, code: string, text: string) {
    this.issues.push({ level: 'error', field, code, text })
  }
  warn(field: Field, code: string, text: string) {
    this.issues.push({ level: 'warning', field, code, text })
  }
}

function readName(read: Reader): string {
  const name = normaliseName(read.text('name'))
  const fault = checkName(name)
  if (name === '') read.error('name', 'required', '姓名为空')
  else if (fault === 'too-short') read.error('name', 'person-name', '姓名不完整')
  else if (fault === 'private-use') read.error('name', 'person-name', '姓名里有系统造字，请改用标准汉字')
  else if (fault === 'not-han' && !/^\p{Script=Latin}[\p{Script=Latin} .'-]+$/u.test(name))
    read.error('name', 'person-name', '姓名含有不应出现的字符')
  return name
}

function readIdNumber(read: Reader, today: string): string | null {
  const cell = read.cell('idNumber')
  const text = read.text('idNumber')
  if (text === '') read.error('idNumber', 'required', '身份证号为空')
  else if (typeof cell === 'number' || numericIdSuspect(text))
    read.error('idNumber', 'id-as-number', '身份证号被存为数字，请设为文本格式后重新填写')
  else {
    const number = normaliseCode(text)
    const fault = checkIdNumber(number, today)
    if (!fault) return number
    read.error('idNumber', `id-${fault}`, idFaults[fault])
  }
  return null
}

function readRoughDay(read: Reader, field: 'born' | 'joined' | 'fullSince', today: string): string | null {
  const cell = read.cell(field)
  const text = read.text(field)
  if (text === '') return null
  const dated = cell !== null && typeof cell === 'object'
  if (dated && 'day' in cell && cell.day === null) {
    read.error(field, 'excel-leap-day', dateFaults['excel-leap-day'])
    return null
  }
  const found = readDate(typeof cell === 'number' ? cell : text)
  if ('fault' in found) read.error(field, found.fault, `${columns[field].header}：${dateFaults[found.fault]}`)
  else if (found.value > today) read.error(field, 'future', `${columns[field].header}在今天之后`)
  else return found.value
  return null
}

const alike = (a: string, b: string) => a.startsWith(b) || b.startsWith(a)

/** The number decides; what stands beside it may only differ with a warning. */
function compareFacts(read: Reader, facts: { born: string; sex: string }, today: string) {
  const sex = read.text('sex')
  if (sex && codeOfName(sexes, sex) !== facts.sex) read.warn('sex', 'differs', '性别与身份证号不一致，以身份证号为准')
  const born = readRoughDay(read, 'born', today)
  if (born && !alike(born, facts.born))
    read.warn('born', 'differs', `出生日期与身份证号（${facts.born}）不一致，以身份证号为准`)
}

function readCode(read: Reader, field: 'nation' | 'education', codes: typeof nations): string | null {
  const text = read.text(field)
  if (text === '') return null
  const code = codeOfName(codes, text)
  if (code === undefined) read.error(field, 'unknown-code', `${columns[field].header}“${text}”不在代码表内`)
  return code ?? null
}

function readStatus(read: Reader): 'full' | 'probationary' | null {
  const text = read.text('status').replace(/中共|党员/g, '')
  if (text === '正式') return 'full'
  if (text === '预备') return 'probationary'
  read.error(
    'status',
    text === '' ? 'required' : 'choice',
    text === '' ? '人员类别为空，请填“正式”或“预备”' : '人员类别应为“正式”或“预备”',
  )
  return null
}

function readPhone(read: Reader): string | null {
  const text = read.text('phone')
  if (text === '') return null
  if (checkPhone(text)) read.error('phone', 'phone', '联系电话不是11位手机号码')
  return normalisePhone(text)
}

function readFlag(read: Reader, field: 'mobile' | 'lost'): boolean {
  const text = read.text(field).toUpperCase()
  if (['是', '√', 'Y', 'TRUE', '1', '流动', '失联'].includes(text)) return true
  if (!['', '否', '×', 'N', 'FALSE', '0', '无'].includes(text))
    read.warn(field, 'choice', `“${columns[field].header}”应填“是”或“否”，按“否”处理`)
  return false
}

function checkOrder(
  read: Reader,
  days: { born: string; joined: string | null; fullSince: string | null; status: string | null },
) {
  const { born, joined, fullSince, status } = days
  if (read.text('joined') === '') read.warn('joined', 'required', '没有入党时间，请尽快补齐')
  else if (joined && joined < addMonths(born, 18 * 12).slice(0, joined.length))
    read.warn('joined', 'too-young', '入党时未满18周岁，请核对')
  if (joined && fullSince && fullSince.slice(0, joined.length) < joined.slice(0, fullSince.length))
    read.error('fullSince', 'order', '转正时间早于入党时间')
  if (status === 'probationary' && fullSince) read.warn('fullSince', 'differs', '预备党员不应有转正时间，请核对')
}

export const isBlank = (cells: readonly Cell[]) => cells.every((cell) => textOf(cell) === '')

/** Judges one row as if somebody had typed it into the form. [IM-10] */
export function judgeRow(
  header: Header,
  at: { row: number; cells: Cell[] },
  judge: { today: string; branch: FindBranch },
): RosterRow {
  const read = new Reader(header, at.cells)
  const name = readName(read)
  const idNumber = readIdNumber(read, judge.today)
  const facts = idNumber ? idFacts(idNumber) : null
  if (facts) compareFacts(read, facts, judge.today)
  const status = readStatus(read)
  const branch = judge.branch(read.text('branch'))
  if ('fault' in branch) read.error('branch', 'branch', branch.fault)
  const joined = readRoughDay(read, 'joined', judge.today)
  const fullSince = readRoughDay(read, 'fullSince', judge.today)
  if (facts) checkOrder(read, { born: facts.born, joined, fullSince, status })
  const rest = {
    nation: readCode(read, 'nation', nations),
    education: readCode(read, 'education', education),
    occupation: [...read.text('occupation')].slice(0, 40).join(''),
    phone: readPhone(read),
    mobile: readFlag(read, 'mobile'),
    lost: readFlag(read, 'lost'),
  }
  const good = !read.issues.some((i) => i.level === 'error')
  const person =
    good && idNumber && facts && status && 'unitId' in branch
      ? { name, idNumber, ...facts, ...rest, joined, fullSince, status, unitId: branch.unitId }
      : null
  return { ...at, person, issues: read.issues }
}

/** The second and later rows with one number are errors; which of them is right is for people to say. [ID-01, IM-10] */
export function markRepeats(rows: readonly RosterRow[]): void {
  const first = new Map<string, number>()
  for (const row of rows) {
    if (!row.person) continue
    const before = first.get(row.person.idNumber)
    if (before === undefined) first.set(row.person.idNumber, row.row)
    else {
      row.issues.push({
        level: 'error',
        field: 'idNumber',
        code: 'repeated',
        text: `与第${before + 1}行的身份证号相同`,
      })
      row.person = null
    }
  }
}
