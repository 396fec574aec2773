// Opens a workbook from outside, in a process of its own (C-9, IM-01 … IM-14).
import { resolve } from 'node:path'
import { readCapped } from '../capped.ts'
import { fail as core, type Problem, problems } from '../errors.ts'
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

const FILE = 20 * MB

type Line =
  | { sheet: { name: string; hidden: boolean } }
  | { rows: Cell[][] }
  | { hiddenColumns: number[]; merges: number }
  | { refused: RefusalCode; params: Record<string, string | number> }

/** Puts what the child says together. */
function take(sheets: Sheet[], said: Line): Problem | undefined {
  const last = sheets.at(-1)
  if ('refused' in said) return fail(said.refused, said.params)
  if ('sheet' in said) sheets.push({ ...said.sheet, rows: [], hiddenColumns: [], merges: 0 })
  else if ('rows' in said) last?.rows.push(...said.rows)
  else if (last) Object.assign(last, said)
  return undefined
}

/**
 * Reads an .xlsx that came from outside.
 * @throws workbook.* (422) saying what is wrong and where; core.busy when too many are being read
 */
export async function readWorkbook(file: Buffer, limits: Partial<Limits> = {}): Promise<Workbook> {
  if (file.length > FILE) throw core('too-large', { limit: '20 MB' })
  const sheets: Sheet[] = []
  await readCapped(file, {
    script: resolve(import.meta.dirname, 'child.ts'),
    limits: { ...defaultLimits, ...limits },
    timeout: () => fail('timeout'),
    bomb: () => fail('bomb'),
    line: (said) => take(sheets, said as Line),
  })
  return { sheets }
}
