// Help that teaches: what a command does, how it is typed, what it needs, how it ends.
import { exitTexts } from './answer.ts'
import type { Operation } from './api.ts'
import { fieldsOf, isUpload, kindOf } from './arguments.ts'
import type { Command, OperationCommand } from './command.ts'
import { padEnd, widthOf } from './table.ts'
import { wordsFor } from './words.ts'

const twoColumns = (rows: readonly [string, string][]) => {
  const width = Math.min(46, Math.max(...rows.map(([left]) => widthOf(left))))
  return rows.map(([left, right]) => `  ${padEnd(left, width)}  ${right}`.trimEnd()).join('\n')
}

export function overview(commands: readonly Command[], admin: boolean): string {
  const shown = commands.filter((c) => c.words.startsWith('admin ') === admin)
  const rows = shown.map((c): [string, string] => [`jishi ${c.words}`, c.about])
  const exits = Object.entries(exitTexts).map(([code, text]): [string, string] => [code, text])
  return [
    admin
      ? '基石 管理命令：直接打开数据目录（JISHI_DATA）中的数据库，须在服务器上以安装基石的用户运行。'
      : '基石 命令行：通过 HTTP 与服务对话。先登录，再办事。',
    '',
    twoColumns(rows),
    '',
    admin ? '' : '管理命令见 jishi admin --help\n',
    '所有命令：--json 输出 API 原样的 JSON；--help 查看说明和例子。',
    '环境变量：JISHI_URL 服务地址，JISHI_TOKEN 令牌（优先于 jishi login 保存的），JISHI_DATA 数据目录，JISHI_PASSPHRASE 备份口令。',
    '',
    '退出码：',
    twoColumns(exits),
  ]
    .filter((line, i, all) => line !== '' || all[i - 1] !== '')
    .join('\n')
}

/** `jishi call` reaches any operation: there the API speaks, in its own words. */
const isCall = (command: Command) => command.words.startsWith('call ')

function optionsOf(operation: Operation, command: OperationCommand): [string, string][] {
  const { takes = [] } = command
  return fieldsOf(operation).map((f) => {
    const { schema } = f
    const choices = (schema.enum ?? schema.anyOf?.find((s) => s.enum)?.enum)?.join('|')
    const kind = kindOf(schema)
    const value =
      choices ??
      { integer: '整数', number: '数', boolean: '', array: '甲,乙 或 JSON', object: 'JSON' }[kind] ??
      (schema.format === 'date' ? 'YYYY-MM-DD' : schema.format === 'uuid' ? 'id' : '文字')
    const flag = kind === 'boolean' ? '[no-]' : ''
    const left = takes.includes(f.name) ? `<${f.option}>` : `--${flag}${f.option}${value ? ` <${value}>` : ''}`
    const told = schema.format === 'uuid' ? '' : (schema.description ?? '')
    const about = isCall(command) ? told : wordsFor(operation.id, f.name)
    return [left, `${f.required ? '（必填）' : ''}${about}`]
  })
}

export function helpOf(command: Command, operation: Operation | undefined): string {
  const head = `${operation && isCall(command) ? '（以下为接口文档原文）\n' : ''}${command.about}\n\n例：\n  ${command.example}\n`
  if (!operation)
    return `${head}\n选项：\n${('options' in command ? command.options : []).map((o) => `  ${o}`).join('\n') || '  （无）'}`
  const rows = optionsOf(operation, command as OperationCommand)
  if (isUpload(operation)) rows.unshift(['<文件>', `（必填）${Object.keys(operation.body).join('、')}`])
  if (operation.body['application/json']) rows.push(['--body <JSON|@文件|->', '整个内容一次给出；单个选项优先'])
  if (operation.parameters.some((p) => p.name === 'If-Match'))
    rows.push(['--version <整数>', '依据的版本；不给则先读最新版本'])
  rows.push(['--out <文件>', '把答复写入文件'], ['--json', '输出原样的 JSON'])
  return `${head}\n选项：\n${twoColumns(rows)}\n\n对应操作：${operation.id}  ${operation.method} ${operation.path}（权限 ${operation.permission}）`
}
