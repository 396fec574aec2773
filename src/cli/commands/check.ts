// Checks a draft somebody else wrote: every number in it against the records, or with --offline by its wording alone.
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { parseArgs } from 'node:util'
import { readDocument } from '#core/docx.ts'
import { Problem, present } from '#core/errors.ts'
import { decodeText } from '#core/text.ts'
import type { CheckedDraft, DraftFigure } from '#modules/reports/contract.ts'
import { CommandError, EXIT, exitOf, usage } from '../answer.ts'
import { readOperations } from '../api.ts'
import type { FreeCommand, Io } from '../command.ts'
import { openApi } from '../session.ts'
import { table } from '../table.ts'

const OPTIONS = {
  url: { type: 'string' },
  unit: { type: 'string' },
  period: { type: 'string' },
  offline: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

async function documentText(bytes: Buffer): Promise<string> {
  try {
    return await readDocument(bytes)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new CommandError(present(error, '').title, exitOf(error.status))
  }
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    throw usage(`读不了这个文件：${path}`)
  }
  const kind = extname(path).toLowerCase()
  if (kind === '.docx') return documentText(bytes)
  if (!['.txt', '.md'].includes(kind)) throw usage(`不支持这种文件：${path}，应为 .txt、.md 或 .docx`)
  const text = decodeText(bytes)
  if (text === null) throw usage(`${path} 不是文本：请另存为 UTF-8 编码的 .txt 或 .md`)
  return text
}

const VERDICTS: Record<DraftFigure['verdict'], string> = {
  confirmed: '相符',
  contradicted: '不符',
  unsupported: '无据',
  ambiguous: '存疑',
}

const columns = [
  { key: 'line', title: '行' },
  { key: 'words', title: '原文', most: 30 },
  { key: 'number', title: '数', most: 16 },
  { key: 'verdict', title: '判断' },
  { key: 'reason', title: '说明', most: 90 },
]

function show(text: string, { figures, ignored }: CheckedDraft): string {
  const letters = [...text]
  const rows = figures.map((f) => ({
    line: letters.slice(0, f.start).filter((c) => c === '\n').length + 1,
    words: letters
      .slice(Math.max(0, f.start - 8), f.end + 6)
      .join('')
      .replace(/\s+/g, ' '),
    number: `${f.value ?? f.text}${f.unit}`,
    verdict: VERDICTS[f.verdict],
    reason: f.reason,
  }))
  const counts = Object.entries(VERDICTS).map(
    ([verdict, word]) => `${word} ${figures.filter((f) => f.verdict === verdict).length}`,
  )
  return `${table(rows, columns)}\n共 ${figures.length} 个数：${counts.join('，')}；另有 ${ignored.length} 处不是统计数（日期、名称等）`
}

interface Asked {
  url: string | undefined
  unit: string | undefined
  period: string | undefined
}

async function checkThere(text: string, { url, unit, period }: Asked): Promise<CheckedDraft> {
  const operation = readOperations().get('checkDraft')
  if (!operation) throw usage('此版本的服务不能核对文稿，可加 --offline 只识读')
  const content = JSON.stringify({ text, ...(unit ? { unit } : {}), ...(period ? { period } : {}) })
  const answer = await openApi(url).call(operation, { body: { type: 'application/json', content } })
  return answer.json as CheckedDraft
}

async function checkHere(text: string): Promise<CheckedDraft> {
  const { checkByWords } = await import('#modules/reports/index.ts')
  return checkByWords(text)
}

async function run(words: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true })
  const [path] = positionals
  if (!path || positionals.length > 1) throw usage('请给出一份文稿：jishi check 文稿.txt')
  const text = await readText(path)
  const { url, unit, period } = values
  const checked = values.offline ? await checkHere(text) : await checkThere(text, { url, unit, period })
  // Of a .docx the offsets count the text that was taken out of it: it goes along.
  const whole = extname(path).toLowerCase() === '.docx' ? { ...checked, text } : checked
  io.out(values.json ? JSON.stringify(whole, null, 2) : show(text, checked))
  return checked.figures.some((f) => f.verdict === 'contradicted') ? EXIT.refused : EXIT.ok
}

export const checkCommands: FreeCommand[] = [
  {
    words: 'check',
    about: '核对别人写的文稿：找出每个数，说明与记录是否相符',
    example: 'jishi check 综述.txt --offline',
    options: [
      '<文稿>（.txt、.md、.docx）',
      '--offline（不连服务，只识读数字和措辞）',
      '--json（位置按字符计，从 0 起）',
    ],
    run,
  },
]
