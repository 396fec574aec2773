// Runs a command that stands for one operation: words → request → answer as a table, as JSON or as a file.
import { existsSync, writeFileSync } from 'node:fs'
import { CommandError, EXIT, usage } from './answer.ts'
import { type Api, type Asking, type Operation, readOperations } from './api.ts'
import { parse } from './arguments.ts'
import type { Io, OperationCommand } from './command.ts'
import { helpOf } from './help.ts'
import { openApi } from './session.ts'
import { show, valueAt } from './table.ts'

/** The version to edit by: that of the thing as it is now, read from the address above the sub-resource. */
async function versionNow(
  api: Api,
  operation: Operation,
  asking: Asking,
  operations: ReadonlyMap<string, Operation>,
): Promise<number> {
  const above = operation.path.replace(/(\{\w+\}).*$/, '$1')
  const reading = [...operations.values()].find((o) => o.method === 'GET' && o.path === above)
  const { json } = reading ? await api.call(reading, { path: asking.path ?? {} }) : { json: null }
  const nested = Object.values((json ?? {}) as Record<string, unknown>).map((v) => valueAt(v, 'version'))
  const version = [valueAt(json, 'version'), ...nested].find((v) => typeof v === 'number')
  if (version === undefined) throw usage('缺少 --version（此操作须说明依据的版本）')
  return version as number
}

interface Shown {
  json: boolean
  out: string | undefined
  command: OperationCommand
}

function write(
  io: Io,
  answer: { json: unknown; file: { name: string; bytes: Buffer } | null },
  { json, out, command }: Shown,
) {
  if (answer.file) {
    const name = out ?? answer.file.name
    if (!out && existsSync(name)) throw new CommandError(`${name} 已存在，请用 --out 另取文件名。`, EXIT.other)
    writeFileSync(name, answer.file.bytes)
    return json
      ? io.out(JSON.stringify({ file: name, bytes: answer.file.bytes.length }))
      : io.note(`已写入 ${name}（${answer.file.bytes.length} 字节）`)
  }
  const text = json
    ? JSON.stringify(answer.json, null, 2)
    : (command.render ?? ((value) => list(value, command.columns)))(answer.json)
  if (!out) return io.out(text)
  writeFileSync(out, `${text}\n`)
  io.note(`已写入 ${out}`)
}

function list(json: unknown, columns: OperationCommand['columns']): string {
  if (json === null || json === undefined) return '完成'
  const { rows, total } = json as { rows?: unknown[]; total?: number }
  const extra = Object.keys(json).length > 2
  if (!Array.isArray(rows) || (extra && !columns)) return show(json, columns)
  return `${show(rows, columns)}\n共 ${total ?? rows.length} 条${total !== undefined && rows.length < total ? `，显示 ${rows.length} 条（--limit、--offset 翻页）` : ''}`
}

export async function runOperation(command: OperationCommand, words: readonly string[], io: Io): Promise<number> {
  const operations = readOperations()
  const operation = operations.get(command.operation)
  if (!operation) throw new CommandError(`此版本没有 ${command.operation} 这个操作。`, EXIT.usage)
  if (words.includes('--help') || words.includes('-h')) {
    io.out(helpOf(command, operation))
    return EXIT.ok
  }
  const { asking, needsVersion, json, url, out } = parse(operation, words, command.takes ?? [])
  const api = openApi(url)
  const version = needsVersion ? await versionNow(api, operation, asking, operations) : asking.version
  const answer = await api.call(operation, { ...asking, ...(version === undefined ? {} : { version }) })
  write(io, answer, { json, out, command })
  return EXIT.ok
}
