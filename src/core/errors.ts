// One error class for the whole system (RFC 9457). Code and status are declared once, in the contract that owns them;
// the Chinese text is made at the edge from code + params, so logs and clients branch on codes only.

export interface Issue {
  path: string
  code: string
  params?: Record<string, unknown>
}

interface Declared {
  status: number
  /** Chinese text: what happened, why, what to do next. `{name}` is filled from params. */
  text: string
  /** Rule id, standard or article the refusal rests on; shown as 依据. */
  ground?: string
}

const catalogue = new Map<string, Declared>()

export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly params: Record<string, unknown>
  readonly issues: Issue[]
  constructor(code: string, params: Record<string, unknown> = {}, issues: Issue[] = []) {
    super(code)
    this.code = code
    this.status = catalogue.get(code)?.status ?? 500
    this.params = params
    this.issues = issues
  }
}

/**
 * Declares a module's problems and returns the typed maker of them.
 * @example const fail = problems('demand', { 'wrong-state': { status: 409, text: '…' } }); throw fail('wrong-state', { state })
 */
export function problems<T extends Record<string, Declared>>(owner: string, table: T) {
  for (const [name, declared] of Object.entries(table)) catalogue.set(`${owner}.${name}`, declared)
  return (name: keyof T & string, params: Record<string, unknown> = {}, issues: Issue[] = []) =>
    new Problem(`${owner}.${name}`, params, issues)
}

/** Every declared code with its status and text: the error catalogue of the API documentation and of the CLI's exit codes. */
export const declaredProblems = (): ReadonlyMap<string, Declared> => catalogue

const fill = (text: string, params: Record<string, unknown>) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))

const issueTexts: Record<string, string> = {
  required: '必填',
  unknown: '不认识的字段',
  type: '类型不对',
  'too-long': '过长，最多 {max} 个字',
  'too-short': '过短，至少 {min} 个字',
  'too-big': '过大，最大 {max}',
  'too-small': '过小，最小 {min}',
  choice: '不在可选范围内',
  'one-of': '{of} 须填其中一项，且只填一项',
  'when-reached': '联系上了才填，联系上了必填',
  'ends-before-start': '结束时间须晚于开始时间',
  'contradicts-id': '与身份证号不符，请核对后只保留正确的一项',
  'not-a-day': '不是有效日期，应为 YYYY-MM-DD',
  'not-an-instant': '不是有效时间',
  'not-an-id': '不是有效编号',
  'bad-characters': '含有不可用的字符',
  format: '格式不对',
  'id-number': '公民身份号码不正确',
  phone: '手机号码不正确',
  'credit-code': '统一社会信用代码不正确',
  'person-name': '姓名不正确',
  'too-few-classes': '大写字母、小写字母、数字、符号至少要有三种',
  'too-common': '太常见，容易被猜中',
  'contains-context': '不能包含账号、姓名、单位名称等',
  'used-before': '最近五次用过，请换一个',
}

/** Chinese texts of a module's own issue codes. */
export const issueWords = (texts: Readonly<Record<string, string>>): void => void Object.assign(issueTexts, texts)

/** No room to keep it: nothing was kept (DE-06). */
export const isFull = (error: unknown) => {
  const { code, message } = (error ?? {}) as { code?: string; message?: string }
  return (
    ['53100', 'ENOSPC', 'EDQUOT', 'EFBIG'].includes(code ?? '') ||
    /: (No space left on device|Disk quota exceeded|File too large)/.test(message ?? '')
  )
}

/** The body sent to a client: never more than code, text, params that were meant for it, and the request id. */
export function present(problem: Problem, requestId: string) {
  const declared = catalogue.get(problem.code)
  return {
    type: `urn:jishi:problem:${problem.code}`,
    code: problem.code,
    status: problem.status,
    title: declared
      ? fill(declared.text, problem.params)
      : '系统出错，请稍后再试；如反复出现，请把请求编号告诉管理员。',
    ...(declared?.ground ? { ground: declared.ground } : {}),
    ...(problem.issues.length
      ? {
          issues: problem.issues.map((i) => ({
            path: i.path,
            code: i.code,
            text: fill(issueTexts[i.code] ?? i.code, i.params ?? {}),
          })),
        }
      : {}),
    requestId,
  }
}

export const fail = problems('core', {
  invalid: { status: 400, text: '有内容没有填对，请按提示改正后再提交。' },
  'not-json': { status: 400, text: '请求内容不是合规的 JSON（{reason}）。' },
  ambiguous: { status: 400, text: '请求含有相互矛盾的内容，已拒绝。' },
  unauthenticated: { status: 401, text: '请先登录。' },
  'second-factor-needed': { status: 401, text: '此账号须输入动态口令。', ground: '等保 7' },
  forbidden: { status: 403, text: '您在这里没有办理这件事的权限，如需要请向本级管理员申请授权（权限名 {verb}）。' },
  'foreign-origin': { status: 403, text: '请求来自其他网站，已拒绝。' },
  'proof-needed': { status: 403, text: '此操作须重新验证身份，请再输入一次口令。' },
  'password-expired': { status: 403, text: '口令已到期或是初始口令，请先更改口令。', ground: '等保 3、4' },
  'not-found': { status: 404, text: '没有找到，或者不在您的查看范围内。' },
  'wrong-method': { status: 405, text: '不支持这种请求方法。' },
  conflict: { status: 409, text: '内容与已有记录冲突，请刷新后再试。' },
  stale: { status: 412, text: '内容已被他人修改，请刷新后再改。' },
  'version-needed': { status: 428, text: '缺少版本号（If-Match），请刷新后再改。' },
  'too-large': { status: 413, text: '内容过大，最多 {limit}。' },
  'wrong-type': { status: 415, text: '不支持这种内容类型。' },
  'key-reused': { status: 422, text: '同一个幂等键用在了不同的内容上，请更换后重试。' },
  'too-many-rows': {
    status: 422,
    text: '共 {total} 行，一次最多导出 {limit} 行。请按下级单位、更短的期间或其他条件分几次导出。',
  },
  'too-many-persons': {
    status: 429,
    text: '一小时内翻看的人员记录超过 {limit} 条，请稍后再看；需要整份名单的，请按“导出”办理。',
    ground: 'EX-10',
  },
  'storage-full': {
    status: 507,
    text: '服务器的存储空间已满，没有保存任何内容。请告诉系统管理员；腾出空间后可再次提交。',
  },
  'too-many': { status: 429, text: '操作过于频繁，请稍候再试。' },
  'anchor-old': {
    status: 409,
    text: '历史记录的外存签名超过四小时没有更新，暂停签署和导出。请联系系统管理员。',
    ground: 'AD-07',
  },
  'no-history': { status: 500, text: '系统出错：本次更改没有留下记录，已全部撤回。' },
  busy: { status: 503, text: '现在办理的人较多，请稍候再试。' },
  unavailable: { status: 503, text: '数据库暂时连不上，您的操作没有生效或结果未知，请稍候用同一页面重试。' },
})
