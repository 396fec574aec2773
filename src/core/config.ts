// Configuration: read once from the environment and the command line, checked, and passed on as a value.
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { isListable } from './outbound.ts'
import { StartError } from './start-error.ts'

const parts = ['http', 'jobs'] as const
export type Part = (typeof parts)[number]

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** `10.0.0.1`, `10.0.0.0/8`, `::1`, `fd00::/8`; never everybody. */
function isAddressRange(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  )
}

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65535)
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .default('127.0.0.1'),
  JISHI_DATA: z.string().min(1).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  PROXY: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((list) => list.every(isAddressRange))
    .default([]),
  OFFICERS_FROM: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((list) => list.every(isAddressRange))
    .default([]),
  WEBHOOKS: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((list) => list.every(isListable))
    .default([]),
  LOG_LEVEL: z.enum(levels).default('info'),
})

const help: Record<string, string> = {
  PORT: '应为 0 到 65535 的端口号（0 表示任选），例如 3000',
  HOST: '应为监听地址，例如 127.0.0.1 或 0.0.0.0',
  JISHI_DATA: '应为数据目录的路径，例如 /var/lib/jishi/data',
  DATABASE_URL: '应为 PostgreSQL 连接地址，例如 postgresql://用户:口令@主机:5432/库名',
  PUBLIC_URL: '应为居民和干部在浏览器里看到的网址，例如 https://jishi.example.cn',
  PROXY: '应为反向代理的地址或网段，用逗号连接，例如 127.0.0.1 或 10.0.0.0/8',
  OFFICERS_FROM: '应为三员办理管理事项的地址或网段，用逗号连接，例如 10.1.0.0/16；不设则不限',
  WEBHOOKS: '应为允许推送的主机，用逗号连接，例如 hooks.example.cn；内网地址要写全，例如 http://10.1.2.3:8080',
  LOG_LEVEL: `应为 ${levels.join('、')} 之一`,
  '--with': `应为 ${parts.join('、')} 或用逗号连接的几项，例如 --with=http,jobs`,
}

export interface Config {
  port: number
  host: string
  dataFolder: string
  /** An external PostgreSQL; undefined means the embedded one. */
  databaseUrl: string | undefined
  /** The address people see; undefined means http://host:port. */
  publicUrl: string | undefined
  /** Reverse proxies whose X-Forwarded-For is believed; nobody else's is. */
  proxies: readonly string[]
  /** Where administration is done from: accounts, mandates, history; empty means anywhere. */
  officersFrom: readonly string[]
  /** Hosts and origins that webhooks may be sent to; nothing else is ever fetched. */
  webhooks: readonly string[]
  logLevel: (typeof levels)[number]
  /** Which parts this process runs. */
  with: ReadonlySet<Part>
}

/** Reads the settings; an empty variable counts as not set. Throws a StartError that names every wrong setting. */
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  argv: readonly string[] = process.argv.slice(2),
): Config {
  const given = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, env[name]?.trim() || undefined]))
  const read = Environment.safeParse(given)
  const wanted = readParts(argv)
  const wrong = new Set(read.error?.issues.map((issue) => String(issue.path[0])))
  if (!wanted) wrong.add('--with')
  if (!read.success || !wanted) {
    const lines = [...wrong].map((name) => `  ${name}：${help[name]}`)
    throw new StartError(`配置有误：\n${lines.join('\n')}`, `invalid settings: ${[...wrong].join(', ')}`)
  }
  const settings = read.data
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataFolder: resolve(settings.JISHI_DATA ?? defaultFolder(env)),
    databaseUrl: settings.DATABASE_URL,
    publicUrl: settings.PUBLIC_URL,
    proxies: settings.PROXY,
    officersFrom: settings.OFFICERS_FROM,
    webhooks: settings.WEBHOOKS,
    logLevel: settings.LOG_LEVEL,
    with: wanted,
  }
}

function readParts(argv: readonly string[]): ReadonlySet<Part> | undefined {
  const argument = argv.findLast((one) => one.startsWith('--with='))
  if (argument === undefined) return new Set(parts)
  const read = z.array(z.enum(parts)).safeParse(argument.slice('--with='.length).split(','))
  return read.success ? new Set(read.data) : undefined
}

function defaultFolder(env: NodeJS.ProcessEnv): string {
  if (process.getuid?.() === 0) return '/var/lib/jishi/data'
  const share = env['XDG_DATA_HOME']
  const base = share && isAbsolute(share) ? share : join(env['HOME'] || homedir(), '.local/share')
  return join(base, 'jishi')
}

/** The settings as they are, for whoever looks into an incident: no password, no token, no passphrase. */
export const describeSettings = (env: NodeJS.ProcessEnv = process.env): Record<string, string> =>
  Object.fromEntries(
    Object.keys(Environment.shape).flatMap((name) => {
      const value = env[name]?.trim()
      return value ? [[name, value.replace(/(:\/\/[^:/@]*):[^@/]*@/, '$1:***@')]] : []
    }),
  )

/** What the command line may be told by the environment instead of by options. */
export const commandSettings = (env: NodeJS.ProcessEnv = process.env) => ({
  url: env['JISHI_URL']?.trim() || undefined,
  token: env['JISHI_TOKEN']?.trim() || undefined,
  passphrase: env['JISHI_PASSPHRASE'] || undefined,
  configFolder: join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'jishi'),
})
