// The national division table has 600,000 rows: read as a stream, cut to the district's code, sent in parts, told as it goes.
// A part that was already taken in changes nothing, so an import that broke off is simply run again.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { EXIT, usage } from '../answer.ts'
import { type Api, type Operation, readOperations } from '../api.ts'
import type { FreeCommand, Io } from '../command.ts'
import { openApi } from '../session.ts'
import { table } from '../table.ts'

const PART = 5000

interface Row {
  code: string
  name: string
}

interface Result {
  rows: number
  created: number
  changed: number
  unchanged: number
  problems: { cell: string; code: string; text: string }[]
}

/** The first two cells of a line of CSV; quotes doubled inside quotes. */
function cells(line: string): [string, string] {
  const found = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) =>
    (m[1]?.replaceAll('""', '"') ?? m[2] ?? '').trim(),
  )
  return [found[0] ?? '', found[1] ?? '']
}

async function* rowsOf(files: readonly string[], within: string): AsyncGenerator<Row> {
  for (const file of files) {
    const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
    for await (const line of lines) {
      const [code, name] = cells(line.replace(/^\uFEFF/, ''))
      // Headings and empty lines have no code; the rest is cut to the district.
      if (/^\d+$/.test(code) && code.startsWith(within)) yield { code, name }
    }
  }
}

async function* parts(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let part: Row[] = []
  for await (const row of rows) {
    part.push(row)
    if (part.length < PART) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

const send = async (api: Api, operation: Operation, body: object): Promise<Result> =>
  (await api.call(operation, { body: { type: 'application/json', content: JSON.stringify(body) } })).json as Result

async function run(words: readonly string[], io: Io): Promise<number> {
  const options = {
    url: { type: 'string' },
    under: { type: 'string' },
    within: { type: 'string', default: '' },
    'opened-on': { type: 'string' },
    json: { type: 'boolean' },
  } as const
  const { values, positionals: files } = parseArgs({ args: [...words], options, allowPositionals: true })
  const operation = readOperations().get('importDivisions')
  if (!values.under || files.length === 0 || !operation) throw usage('缺少 --under <单位id> 或 CSV 文件')
  const api = openApi(values.url)
  const opened = values['opened-on'] ? { openedOn: values['opened-on'] } : {}
  const sum: Result = { rows: 0, created: 0, changed: 0, unchanged: 0, problems: [] }
  for await (const rows of parts(rowsOf(files, values.within))) {
    const result = await send(api, operation, { underId: values.under, ...opened, rows })
    for (const key of ['rows', 'created', 'changed', 'unchanged'] as const) sum[key] += result[key]
    sum.problems.push(...result.problems)
    io.note(
      `  已送 ${sum.rows} 行：新增 ${sum.created}，更改 ${sum.changed}，不变 ${sum.unchanged}${sum.problems.length > 0 ? `，有误 ${sum.problems.length}` : ''}`,
    )
  }
  if (values.json) io.out(JSON.stringify(sum))
  else if (sum.problems.length > 0) {
    io.out(
      table(sum.problems.slice(0, 100), [
        { key: 'cell', title: '位置' },
        { key: 'code', title: '问题' },
        { key: 'text', title: '说明', most: 60 },
      ]),
    )
  } else io.out(`完成：${sum.rows} 行`)
  return sum.problems.length > 0 ? EXIT.refused : EXIT.ok
}

export const divisionCommands: FreeCommand[] = [
  {
    words: 'units import-divisions',
    about: '导入国家统计用区划代码表（CSV，逐行读取，可重复执行）',
    example: 'jishi units import-divisions areas.csv streets.csv villages.csv --within 420304 --under <区县单位id>',
    options: [
      '<CSV 文件…>（上级在前；前两列为代码、名称）',
      '--under <单位id>（必填，挂在哪个单位之下）',
      '--within <代码前缀>（只取此代码之下的行）',
      '--opened-on <YYYY-MM-DD>',
      '--url <地址>',
      '--json',
    ],
    run,
  },
]
