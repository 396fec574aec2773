// One row of a member roster, judged as if somebody had typed it into the form. [IM-10]
import { addMonths } from '#core/calendar.ts'
import type { Cell } from '#core/xlsx.ts'
import { codeOfName, education, nations, sexes } from '../codes.ts'
import { type DateFault, readDate } from '../dates.ts'
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
} from '../rules.ts'
import { columns, type Field, type Header, textOf } from './header.ts'

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
