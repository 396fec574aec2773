// Signing in and out, and the way to any operation that has no command of its own.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { EXIT, usage } from '../answer.ts'
import { newApi, type Operation, readOperations } from '../api.ts'
import type { FreeCommand, Io } from '../command.ts'
import { runOperation } from '../run.ts'
import { forget, keep, openApi } from '../session.ts'

const operationOf = (id: string): Operation => {
  const found = readOperations().get(id)
  if (!found) throw usage(`没有 ${id} 这个操作；jishi operations 列出全部`)
  return found
}

/** Asks without showing what is typed. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw usage(`${question}：没有终端可以输入，请改用选项或环境变量`)
  process.stderr.write(`${question}：`)
  const asking = createInterface({
    input: process.stdin,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: true,
  })
  try {
    return await asking.question('')
  } finally {
    asking.close()
    process.stderr.write('\n')
  }
}

async function login(words: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      url: { type: 'string' },
      login: { type: 'string' },
      password: { type: 'string' },
      'password-stdin': { type: 'boolean' },
      code: { type: 'string' },
      district: { type: 'string' },
    },
  })
  if (!values.login) throw usage('缺少 --login')
  const password = values['password-stdin']
    ? readFileSync(0, 'utf8').replace(/\r?\n$/, '')
    : (values.password ?? (await askSecret('口令')))
  const url = values.url ?? openApi(undefined).url
  const content = JSON.stringify({
    login: values.login,
    password,
    ...(values.code ? { code: values.code } : {}),
    ...(values.district ? { district: values.district } : {}),
  })
  const { json } = await newApi(url, undefined).call(operationOf('openSession'), {
    body: { type: 'application/json', content },
  })
  const { token, expiresAt } = json as { token: string; expiresAt: string }
  const file = keep({ url, token, expiresAt })
  io.note(`已登录 ${url}，令牌存于 ${file}（仅本用户可读），有效期至 ${expiresAt}。`)
  return EXIT.ok
}

async function logout(_: readonly string[], io: Io): Promise<number> {
  try {
    await openApi(undefined).call(operationOf('closeSession'), {})
  } finally {
    forget()
  }
  io.note('已退出。')
  return EXIT.ok
}

export const sessionCommands: FreeCommand[] = [
  {
    words: 'login',
    about: '登录并保存令牌',
    example: 'jishi login --url http://localhost:3000 --login secretary --password-stdin < password.txt',
    options: [
      '--url <地址>',
      '--login <账号>',
      '--password-stdin（从标准输入读口令；不给则在终端询问）',
      '--password <口令>（会留在命令历史里，只宜用于演示）',
      '--code <六位动态口令>',
      '--district <六位区划代码>',
    ],
    run: login,
  },
  { words: 'logout', about: '退出：令牌立即失效', example: 'jishi logout', options: [], run: logout },
  {
    words: 'operations',
    about: '列出 API 的全部操作',
    example: 'jishi operations --json',
    options: ['--json（每项的方法、路径、所需权限和限流类别）'],
    run: async (words, io) => {
      const { values } = parseArgs({ args: [...words], options: { json: { type: 'boolean' } } })
      const all = [...readOperations().values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      if (values.json)
        io.out(
          JSON.stringify(
            all.map(({ id, method, path, summary, permission, rate }) => ({
              operationId: id,
              method,
              path,
              permission,
              rate,
              summary,
            })),
            null,
            2,
          ),
        )
      else for (const o of all) io.out(`${o.id.padEnd(24)} ${o.method.padEnd(6)} ${o.path}  ${o.summary}`)
      return EXIT.ok
    },
  },
  {
    words: 'call',
    about: '调用任一操作；选项随操作而定',
    example: 'jishi call getUnit --help',
    options: ['<operationId>', '其余选项见 jishi call <operationId> --help'],
    run: async ([id, ...rest], io) => {
      if (!id || id.startsWith('-')) throw usage('请写出 operationId，例如 jishi call readMe')
      const operation = operationOf(id)
      const takes = operation.parameters.filter((p) => p.in === 'path').map((p) => p.name)
      return runOperation(
        { words: `call ${id}`, about: operation.summary, example: `jishi call ${id}`, operation: id, takes },
        rest,
        io,
      )
    },
  },
]
