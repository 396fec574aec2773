// What stands around a number and belongs to it: its unit of count, its bound, the cadence it is owed by.
import { AFTER, BEFORE, CADENCES, COUNTED_BY, COUNTED_SO, PLACES, UNITS, UNITS_AFTER_DIGITS } from './lexicon.ts'
import type { Numeral } from './numerals.ts'
import { type Page, pieceAt } from './page.ts'

export type Bound = 'exact-as-printed' | 'lower' | 'upper' | 'approx'

/** What the words around a number say of the true one. `above` is 余: just above it. */
export type Sense = 'exact' | 'above' | keyof typeof BEFORE

const BOUND_OF: Record<Sense, Bound> = {
  exact: 'exact-as-printed',
  above: 'lower',
  over: 'lower',
  atLeast: 'lower',
  near: 'upper',
  below: 'upper',
  atMost: 'upper',
  about: 'approx',
}

export interface Dressed {
  /** '' when no unit of count follows */
  unit: string
  /** where the unit ends */
  tail: number
  bound: Bound
  sense: Sense
  /** 余, 多, 几 as printed, for the doubt about 4541余 */
  remainder: string
}

const NOT_THE_UNIT: Record<string, RegExp> = {
  // 名单, 条例, 次要, 分别 … : the first character of a word is no unit of count
  名: /^名(?:[单册称录牌誉额]|优(?!秀)|师(?![生傅范德资])|校(?!长)|企(?!业)|医(?![生护务师疗学院]))/,
  条: /^条(?:[例件款]|线(?![路索]))/,
  项: /^项目[部法]/,
  次: /^次(?:[要级日月]|年(?![轻度]))/,
  分: /^分[别类批级析散享管工层步片时局钟行解]/,
  点: /^点[位多半钟评赞亮名]/,
  级: /^级别/,
  层: /^层[级面次]/,
  个点: /^个点(?![，。；、多左以的])/,
  通: /^通(?!电话)/,
  周: /^周[边一二三四五六日末围岁年]/,
  代: /^代[表码理价替办言]/,
  夜: /^夜[间校晚市里色]/,
  季: /^季[度节初末军风]/,
  路: /^路(?:公交|车|线|站|口)/,
  行: /^行(?:动|业|政|程|为|驶|人|走)/,
  列: /^列(?:入|为|席|出)/,
  车: /^车(?:间|站|道|位|主|牌)/,
  章: /^章(?:程|贡|丘)/,
  任: /^任(?:务|职|命|用|教|何)/,
  排: /^排(?:查|名|列|水|污|放)/,
  把: /^把(?:手|握|关)/,
  双: /^双(?:方|向|报|百|创)/,
  年度: /^年度(?:[考工计目总重任报表先优党综])/,
  积分: /^积分(?:制|超|管|兑|卡)/,
  平方: /^平方(?:公|千)/,
  天: /^天[然津下空]/,
  日: /^日/,
  年: /^年[轻龄级终会]/,
  度: /^度/,
  面: /^面[向对临貌]/,
  组: /^组[织建成]/,
  队: /^队[伍员]/,
  支: /^支[部持撑付出]/,
  道: /^道[路德]/,
  首: /^首[先届次要批]/,
  回: /^回[应访复]/,
  段: /^段/,
  批: /^批[评示准复]/,
  家: /^家[庭乡长风访园]/,
  户: /^户[外籍]/,
  所: /^所[有在以谓属需]/,
  期: /^期[间望待末限]/,
  场: /^场[所地景]/,
  口: /^口[号碑头袋]/,
  站: /^站[在点位]/,
  米: /^米[粉面]/,
  里: /^里[面程]/,
  票: /^票[决制]/,
  课: /^课[程题堂]/,
  讲: /^讲[话师座]/,
  集: /^集[体中团]/,
  类: /^类[似]/,
  对: /^对[接口象]/,
  处: /^处[级置理分长]/,
  部: /^部[门署分长]/,
  台: /^台[账湾阶]/,
  位: /^位[居于列置次]/,
  个: /^个(?:体|性|别)/,
  人: /^人(?:民|才|员|均|口|大|事|居|文|力|社|物|心|次是)/,
}

/** After digits these begin no word: 3名师范生 but 三名师. */
const NO_WORD = new Set('名条次场户期所票批首回类集讲课')

/** The unit of count that starts here, longest first. */
export function unitAt(text: string, at: number, script: Numeral['script'] = 'numeral'): string {
  const rest = text.slice(at, at + 8)
  for (const unit of script === 'digit' ? UNITS_AFTER_DIGITS : UNITS) {
    if (!rest.startsWith(unit)) continue
    if (!(script === 'digit' && NO_WORD.has(unit)) && NOT_THE_UNIT[unit]?.test(rest)) continue
    return /^[人户家场期件]$/.test(unit) && /^[（(]次[）)]/.test(rest.slice(unit.length)) ? `${unit}次` : unit
  }
  return ''
}

/** Spaces and the marks of Markdown (近**500**人次) part nothing. */
const blank = (text: string, at: number) => {
  let to = at
  while (/[ 　*_`]/.test(text[to] ?? '')) to++
  return to
}

const startsWith = (text: string, at: number, list: readonly string[]) => list.find((w) => text.startsWith(w, at)) ?? ''

const BOUNDS = (Object.entries(BEFORE) as [keyof typeof BEFORE, readonly string[]][])
  .flatMap(([sense, list]) => list.map((word) => ({ word, sense })))
  .sort((a, b) => b.word.length - a.word.length)

/** A bound right before the number; one character may be the end of another word (公约3份, 附近两个村). */
function senseBefore(page: Page, at: number): Sense | undefined {
  const before = page.text.slice(Math.max(0, at - 12), at).replace(/[ 　*_`]+$/, '')
  // 不少于 before 少于: the longest word is the one that is said.
  const found = BOUNDS.find(({ word }) => before.endsWith(word))
  // 破百万, 过万: before a great round number alone.
  if (found && /^[破过]$/.test(found.word) && !/^[百千万亿]/.test(page.text.slice(at))) return undefined
  if (!found || (found.word === '约' && /[民公条合契签预违履毁守制赴]约$/.test(before))) return undefined
  const last = page.text.lastIndexOf(found.word, at - 1)
  return found.word.length > 1 || /[破过]/.test(found.word) || page.wordAt(last).start === last
    ? found.sense
    : undefined
}

/** A bound that governs its number over a verb (至少配备3名) or over what it is compared with (不低于…两倍). */
const FAR: readonly (readonly [Sense, RegExp])[] = [
  ['atMost', /(?<=\p{Script=Han})(?:不过|仅仅?有?不到)$/u],
  ['atMost', /(?:最高|最多|至多|最长)(?!的)[^，。；、：\d的]{0,5}$|(?:不超过|不高于)[^，。；：\d]{0,18}$/],
  ['atLeast', /(?:至少|最少|起码)[^，。；、：\d的]{0,5}$|(?:不低于|不少于)[^，。；：\d]{0,18}$/],
]

/** A limit inside a definition (35岁以下干部, 10万元以上的村) bounds no count. */
function isLimit(text: string, at: number, unit: string): boolean {
  if (unit === '%' || unit === '') return false
  return !/^(?:$|[，。；、：！？,;:!?\n）)”])/.test(text.slice(at)) || unit.endsWith('岁')
}

function senseOf(page: Page, n: Numeral, remainder: string, { after, unit }: { after: number; unit: string }): Sense {
  const { text } = page
  const front = text.slice(Math.max(0, n.start - 24), n.start)
  const before = senseBefore(page, n.start) ?? FAR.find(([, far]) => far.test(front))?.[0]
  if (before && BOUND_OF[before] === 'upper') return before
  const rest = text.slice(after)
  if (/^(?:还|都)?(?:不到|不足)(?=[，。；、！？,;!?\n]|$)/.test(rest)) return 'below'
  if (
    /^(?:左右|(?:上下|前后)(?=的|波动|$|[，。；、！？,;!?\n）)”]))/.test(rest) ||
    before === 'about' ||
    remainder === '来'
  )
    return 'about'
  if (/^(?:以内|之内|以下)/.test(rest)) return isLimit(text, after + 2, unit) ? 'exact' : 'atMost'
  if (/^(?:以上|之上|开外)/.test(rest)) return isLimit(text, after + 2, unit) ? 'exact' : 'atLeast'
  if (remainder || /[余多几](?=[万亿])/.test(n.text) || /^(?:还多|有余|出头|挂零)/.test(rest)) return 'above'
  if (n.vague) return /^[数几]/.test(n.text) ? 'atLeast' : 'about'
  return before ?? 'exact'
}

const MONEY_SAID =
  /(?:账|钱|资金|收入|收益|分红|产值|营收|利润|补助|补贴|奖励|投资|投入|增收|销售额|进账)[^，。；\d]{0,8}$/

const HEADS_SAID = /(?:人口|人数|党员|粉丝|用工)[^，。；\d]{0,8}$/

/** 村里账上有三十多万, 人口刚过百万的县: an amount in 万 that no unit follows, after a word of money or of people. */
function unsaid({ text }: Page, n: Numeral, at: number): string {
  if (!/[万亿]$/.test(n.text)) return ''
  if (!/^(?:$|[，。；、！？,;!?…”\n]|左右|以上|上下|的)/.test(text.slice(at, at + 2))) return ''
  const before = text.slice(Math.max(0, n.start - 16), n.start)
  return MONEY_SAID.test(before) ? '元' : HEADS_SAID.test(before) ? '人' : ''
}

/** 365党员之家 is a name, 1200余党员 is a count: what is said roundly, or is large and no year. */
const isCount = (n: Numeral, remainder: string) =>
  remainder !== '' ||
  (n.script === 'digit' && ((n.value ?? 0) > 9999 || (n.value ?? 0) % 10 === 0) && (n.value ?? 0) >= 20)

const unitOfNext = (rest: string) => COUNTED_SO.find(([noun]) => noun.test(rest))?.[1] ?? ''

/** Unit, bound and 余 of a number. */
export function dress(page: Page, n: Numeral): Dressed {
  const { text } = page
  let at = blank(text, n.end)
  const remainder = startsWith(text, at, [...AFTER.lower, '来'])
  if (remainder) at += remainder.length
  at = blank(text, at)
  // 3个多月, 10个左右: the bound may stand behind the first character of the unit.
  let unit = n.share ? '%' : unitAt(text, at, n.script)
  const inner = /^个(?:多|半)(小时|月|星期)/.exec(text.slice(at, at + 6))
  if (inner) unit = `个${inner[1]}`
  const persons = unit === '个' && /^人(?![次民才员大事力口均体性])/.test(text.slice(at + 1, at + 3))
  if (persons) unit = '人'
  let after = at + (persons ? 2 : n.share ? 0 : inner ? inner[0].length : unit.length)
  if (!unit && n.script === 'digit') {
    const place = startsWith(text, at, PLACES)
    if (place) unit = '个'
  }
  if (!unit) unit = unsaid(page, n, at) || (isCount(n, remainder) ? unitOfNext(text.slice(at, at + 8)) : '')
  const late = unit && unit !== '%' ? startsWith(text, after, ['余', '多']) : ''
  if (late && !/^多[元种样]/.test(text.slice(after))) after += late.length
  const inside = inner?.[0][1] === '多' ? '多' : ''
  const behind = late && /^[余多](?![元种样])/.test(text.slice(after - 1)) ? late : ''
  const sense = senseOf(page, n, remainder || behind || inside, { after, unit })
  return { unit, tail: after, bound: BOUND_OF[sense], sense, remainder }
}

/** 八大产业链 → 条: by the noun that ends the phrase. */
export function unitOfNoun(phrase: string): string {
  return COUNTED_BY.find(([noun]) => noun.test(phrase))?.[1] ?? '个'
}

const EVERY = new RegExp(
  `每(?:个|一)?([两二三四五六七八九十]|\\d{1,2})?个?(${Object.keys(CADENCES)
    .sort((a, b) => b.length - a.length)
    .join('|')})`,
  'g',
)

/** `周`, `季`, `两周` … when the piece before the number says 每周, 每季度, 每两周; where that ends. */
export function cadenceOf(page: Page, n: Numeral): { per: string; end: number } | null {
  const piece = pieceAt(page, n)
  const before = page.text.slice(piece.start, n.start)
  const last = [...before.matchAll(EVERY)].at(-1)
  if (!last) return null
  return {
    per: last[1] ? last[0].slice(1) : (CADENCES[last[2] as string] as string),
    end: piece.start + last.index + last[0].length,
  }
}
