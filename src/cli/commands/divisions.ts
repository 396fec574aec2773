// The national division table has 600,000 rows: read as a stream, cut to the unit's code, sent in parts, told as it goes.
// A part that was already taken in changes nothing, so an import that broke off is simply run again.
import { parseArgs } from 'node:util'
import { EXIT, usage } from '../answer.ts'
import { type Operation, readOperations } from '../api.ts'
import type { FreeCommand, Io } from '../command.ts'
import { openApi } from '../session.ts'
import { table } from '../table.ts'

interface Totals {
  rows: number
  created: number
  changed: number
  unchanged: number
  problems: { cell: string; code: string; text: string }[]
}

const lineOf = (t: Totals) =>
  `  已送 ${t.rows} 行：新增 ${t.created}，更改 ${t.changed}，不变 ${t.unchanged}${t.problems.length > 0 ? `，有误 ${t.problems.length}` : ''}`

function operationsOf(): { importing: Operation; reading: Operation } {
  const importing = readOperations().get('importDivisions')
  const reading = readOperations().get('getUnit')
  if (!importing || !reading) throw usage('此版本不能导入区划代码表')
  return { importing, reading }
}

const OPTIONS = {
  url: { type: 'string' },
  under: { type: 'string' },
  'opened-on': { type: 'string' },
  json: { type: 'boolean' },
} as const

async function run(words: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true })
  const [folder] = positionals
  const { under } = values
  if (!under || !folder || positionals.length > 1) throw usage('缺少 --under <单位id> 或区划表目录')
  const { importing, reading } = operationsOf()
  const api = openApi(values.url)
  const unit = (await api.call(reading, { path: { id: under } })).json as {
    code?: string | null
    unit?: { code: string | null }
  }
  const code = unit.code ?? unit.unit?.code ?? null
  const opened = values['opened-on'] ? { openedOn: values['opened-on'] } : {}
  const { importDivisions } = await import('#modules/units/index.ts')
  const totals = await importDivisions(
    { folder, under: code },
    async (rows) => {
      const content = JSON.stringify({ underId: under, ...opened, rows })
      return (await api.call(importing, { body: { type: 'application/json', content } })).json as Totals
    },
    (sofar) => io.note(lineOf(sofar)),
  )
  if (values.json) io.out(JSON.stringify(totals))
  else if (totals.problems.length === 0) io.out(`完成：${totals.rows} 行`)
  else {
    const columns = [
      { key: 'cell', title: '位置' },
      { key: 'code', title: '问题' },
      { key: 'text', title: '说明', most: 60 },
    ]
    io.out(table(totals.problems.slice(0, 100), columns))
  }
  return totals.problems.length > 0 ? EXIT.refused : EXIT.ok
}

export const divisionCommands: FreeCommand[] = [
  {
    words: 'units import-divisions',
    about: '导入统计用区划代码表（五个 CSV 文件，逐行读取，可重复执行）',
    example: 'jishi units import-divisions ./divisions --under <区县单位id>',
    options: [
      '<目录>（含 provinces.csv、cities.csv、areas.csv、streets.csv、villages.csv 中的若干个）',
      '--under <单位id>（必填；只取该单位代码之下的行）',
      '--opened-on <YYYY-MM-DD>',
      '--url <地址>',
      '--json',
    ],
    run,
  },
]
