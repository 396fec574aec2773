// How a command ends: an exit code that scripts can branch on, drawn from the status of the error catalogue.

export const EXIT = {
  ok: 0,
  other: 1,
  usage: 2,
  unauthenticated: 3,
  notFound: 4,
  refused: 5,
  forbidden: 6,
  unavailable: 7,
} as const

export const exitTexts: Record<number, string> = {
  0: '成功',
  1: '其他错误',
  2: '用法或填写有误（400、413、415）',
  3: '没有登录、登录已失效（401）',
  4: '没有找到，或不在查看范围内（404）',
  5: '按规则不能办理，或与他人的修改冲突（409、412、422、428）',
  6: '没有权限（403）',
  7: '服务暂不可用或过于频繁（429、503、507、连不上）',
}

export interface ProblemBody {
  code: string
  status: number
  title: string
  ground?: string
  issues?: { path: string; code: string; text: string }[]
  requestId?: string
}

/** The command cannot do what was asked, and says which exit code tells it. */
export class CommandError extends Error {
  readonly exit: number
  readonly problem: ProblemBody | undefined
  constructor(message: string, exit: number, problem?: ProblemBody) {
    super(message)
    this.exit = exit
    this.problem = problem
  }
}

export const usage = (message: string) => new CommandError(message, EXIT.usage)

const parseFaults: Record<string, (message: string) => string> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (message) => `没有这个选项：${/'(-[^']*)'/.exec(message)?.[1] ?? ''}`,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (message) =>
    `选项 ${/'(-[^']*)'/.exec(message)?.[1] ?? ''} ${/does not take/.test(message) ? '后面不带内容' : '后面缺少内容'}`,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: (message) => `多余的参数：${/'([^']*)'/.exec(message)?.[1] ?? ''}`,
}

/** What was typed wrongly, when that is what went wrong. */
export function parseFault(error: unknown): string | null {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  return parseFaults[code]?.(message) ?? null
}

export function exitOf(status: number): number {
  if (status === 401) return EXIT.unauthenticated
  if (status === 403) return EXIT.forbidden
  if (status === 404) return EXIT.notFound
  if ([409, 412, 422, 428].includes(status)) return EXIT.refused
  if ([400, 405, 406, 413, 415].includes(status)) return EXIT.usage
  return [429, 503, 507].includes(status) ? EXIT.unavailable : EXIT.other
}
