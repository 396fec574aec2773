// Opens a workbook from outside: never in this process, at most two at once, with little memory and little time (C-9, IM-01 … IM-14).
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { problems, type Problem, fail as core } from '../errors.ts'
import type { Cell, Limits, RefusalCode, Sheet, Workbook } from './shapes.ts'

export const fail = problems('workbook', {
  'not-a-workbook': { status: 422, text: '这不是 Excel 工作簿（.xlsx），请用 WPS 或 Excel 另存为 .xlsx 后再上传。' },
  'old-format': { status: 422, text: '文件是旧版 .xls 或加了密码，请去掉密码并另存为 .xlsx 后再上传。' },
  locked: { status: 422, text: '文件加了密码，请去掉密码后再上传。' },
  bomb: { status: 422, text: '文件展开后过大，已拒绝。请只保留需要导入的表，另存后再上传。' },
  'too-large': { status: 422, text: '工作簿内容过多（{what}），每张表最多 50000 行 200 列，请分批导入。' },
  damaged: { status: 422, text: '文件已损坏，无法读取，请重新保存后再上传。' },
  formula: {
    status: 422,
    text: '工作表“{sheet}”的 {cell} 单元格是公式，请复制后“选择性粘贴为数值”，再上传。',
    ground: 'IM-14',
  },
  'active-content': { status: 422, text: '文件里带有宏或嵌入的文件（{part}），请去掉后再上传。' },
  timeout: { status: 422, text: '读取文件超过一分钟，已停止。请减少内容后再上传。' },
})

const MB = 1024 * 1024

export const defaultLimits: Limits = {
  rows: 50_000,
  columns: 200,
  sheets: 50,
  cells: 2_000_000,
  characters: 32 * MB,
  part: 80 * MB,
  unpacked: 120 * MB,
  ratio: 100,
  entries: 1000,
  memory: 250 * MB,
}

const TIME = 60_000
const FILE = 20 * MB
const AT_ONCE = 2
const WAITING = 8
const here = dirname(fileURLToPath(import.meta.url))

/** Folders the child may read: its own code and its two parsers, by every name they go by, nothing else of the machine. */
function readable(): string[] {
  const folders = [here, resolve(here, '../../../package.json')]
  for (let at = here; at !== dirname(at); at = dirname(at)) {
    const modules = resolve(at, 'node_modules')
    if (!existsSync(modules)) continue
    // A linked folder of packages (a second checkout) has to be passed through.
    if (realpathSync(modules) !== modules) folders.push(modules)
    folders.push(...['fflate', 'saxes', 'xmlchars'].map((name) => resolve(modules, name)).filter((f) => existsSync(f)))
  }
  return folders.flatMap((f) => [...new Set([f, realpathSync(f)])])
}

let running = 0
const waiting: (() => void)[] = []

async function enter(): Promise<void> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING) throw core('busy')
    await new Promise<void>((go) => waiting.push(go))
  } else running++
}

function leave() {
  const next = waiting.shift()
  if (next) next()
  else running--
}

type Line =
  | { sheet: { name: string; hidden: boolean } }
  | { rows: Cell[][] }
  | { hiddenColumns: number[]; merges: number }
  | { refused: RefusalCode; params: Record<string, string | number> }
  | { end: true }

/** Puts the child's lines together. */
class Collector {
  readonly sheets: Sheet[] = []
  problem: Problem | null = null
  ended = false
  #rest: string[] = []
  take(piece: string) {
    const lines = piece.split('\n')
    for (const [i, line] of lines.entries()) {
      this.#rest.push(line)
      if (i === lines.length - 1) break
      this.#line(JSON.parse(this.#rest.join('')) as Line)
      this.#rest = []
    }
  }
  #line(line: Line) {
    const last = this.sheets.at(-1)
    if ('sheet' in line) this.sheets.push({ ...line.sheet, rows: [], hiddenColumns: [], merges: 0 })
    else if ('rows' in line) last?.rows.push(...line.rows)
    else if ('refused' in line) this.problem = fail(line.refused, line.params)
    else if ('end' in line) this.ended = true
    else if (last) Object.assign(last, line)
  }
}

function runChild(file: Buffer, limits: Limits): Promise<Workbook> {
  const { promise, resolve: done, reject } = Promise.withResolvers<Workbook>()
  const args = [
    '--permission',
    ...readable().map((f) => `--allow-fs-read=${f}`),
    '--max-old-space-size=160',
    '--max-semi-space-size=4',
    '--disable-warning=ExperimentalWarning',
    resolve(here, 'child.ts'),
    JSON.stringify(limits),
  ]
  // An empty environment: no secret can be read, no preload can be smuggled in.
  const child = spawn(process.execPath, args, { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'pipe'] })
  const collected = new Collector()
  const timer = setTimeout(() => {
    collected.problem = fail('timeout')
    child.kill('SIGKILL')
  }, TIME)
  child.stdout.setEncoding('utf8').on('data', (piece: string) => collected.take(piece))
  // A child that stops early closes the pipe under us; its exit tells the story.
  child.stdin.on('error', () => {})
  child.on('error', reject)
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaint = (complaint + piece).slice(0, 2000)
  })
  child.on('close', (code) => {
    clearTimeout(timer)
    if (collected.problem) reject(collected.problem)
    // An ordinary failure is ours, not the file's; out of memory ends in an abort.
    else if (code === 1) reject(new Error(`the workbook reader does not run: ${complaint}`))
    else if (!collected.ended) reject(fail('bomb'))
    else done({ sheets: collected.sheets })
  })
  child.stdin.end(file)
  return promise
}

/**
 * Reads an .xlsx that came from outside.
 * @throws workbook.* (422) saying what is wrong and where; core.busy when too many are being read
 */
export async function readWorkbook(file: Buffer, limits: Partial<Limits> = {}): Promise<Workbook> {
  if (file.length > FILE) throw core('too-large', { limit: '20 MB' })
  await enter()
  try {
    return await runChild(file, { ...defaultLimits, ...limits })
  } finally {
    leave()
  }
}
