// Is this number a figure? Asked rule by rule; the first that knows decides, and says why.
import { CADENCES } from './lexicon.ts'
import { cadenceOf, type Dressed, dress, unitOfNoun } from './measure.ts'
import { compressed, fixedWord, isFormula, isSpelledOut, nameAround } from './names.ts'
import { isMagnitudes, type Numeral } from './numerals.ts'
import { type Page, type Span, within } from './page.ts'

export type Kind = 'count' | 'structure' | 'threshold' | 'cadence' | 'rank' | 'share' | 'duration' | 'nominal' | 'claim'

export interface Figure extends Dressed {
  start: number
  end: number
  value: number | null
  kind: Kind
}

/** `span`: the whole name or word a number that is none stands in */
type Judged = { figure: Figure } | { why: string; span?: Span | undefined }
type Verdict = Judged | null

interface Asked {
  page: Page
  n: Numeral
  d: Dressed
  rest: string
  before: string
}

const figure = (a: Asked, kind: Kind, more: Partial<Figure> = {}): Judged => ({
  figure: { ...a.d, start: a.n.start, end: a.n.end, value: a.n.value, kind, ...more },
})
const no = (why: string, span?: Span): Judged => ({ why, span })

const STRUCTURE = '(结构参数)'
const RANK = '位(名次)'
const RANKED =
  /(?:总分|排名|排位|位次|位列|位居|名列|稳居|跃居|居|列|跻身|入围|上榜|荣获|获得|获|夺得|夺|蝉联|全国|全省|全市|全州|全区|全县|考核|测评|综合|成绩|满意[度率]|得分)[^，。；、：]{0,8}$|(?:跻身|位列|位居|列|居|荣登|入围)[^，。；、：]{0,20}”$|(?:全[国省市州盟区县旗镇乡]|街道|[^\p{Script=Han}]镇|系统|条线)$|(?:列|居)全[国省市州区县](?:\d+个|各)[^，。；]{0,14}$/u

/** “1+X+N”, 1+5: the parts of a scheme. */
/** A number with a unit of its own (1名…+1个…) is counted like any other. */
function plus({ page, n, d }: Asked): boolean {
  if (d.unit) return false
  const around = page.text.slice(Math.max(0, n.start - 1), n.end + 1)
  return n.script === 'digit' && (around.startsWith('+') || around.endsWith('+')) && !/[A-Za-z]\+$/.test(around)
}

const YEARS_PLAN = /^(?:年|天|日)(?:行动|计划|规划|攻坚|提升|整治|专项|工程|方案|会战|任务|滚动|倍增|强基|培养|培训)/

/** In 《…》 only what the document is about counts: three years, thirty articles. */
function inTitle(a: Asked): Verdict {
  const title = within(a.page.titles, a.n)
  if (!title) return null
  if (YEARS_PLAN.test(a.rest)) return figure(a, 'duration', { unit: a.rest[0] as string })
  if (
    a.rest.startsWith('条') &&
    /(措施|意见|政策|办法|规定|纪律|禁令|举措|要求|细则|准则|清单|服务|承诺)/.test(a.rest.slice(0, 16)) &&
    a.n.value !== 1
  )
    return figure(a, 'structure')
  return no('书名、文件名', title)
}

function ordinal(a: Asked): Verdict {
  if (!/第\s*$/.test(a.before)) return null
  const next = a.rest.slice(0, 2)
  const stands = /^(?:上升|下降|跃升|提升|升至|降至|前移|攀升|跃居|$|[，。；、！？,;!?\n）)”"]|[名位](?!书)|的)/.test(
    next,
  )
  const front = a.before.replace(/第\s*$/, '')
  // 从第63位跃升至第28位
  const moves =
    /^[名位](?:上升|下降|跃升|提升|升|降|前移|攀升)/.test(a.rest) ||
    (/(?:上升|下降|跃升|提升|升|降|前移|攀升)[至到为]$/.test(front) && /^[名位](?:[，。；、！）]|$)/.test(a.rest))
  return moves || (stands && RANKED.test(front))
    ? figure(a, 'rank', { unit: RANK, bound: 'exact-as-printed', sense: 'exact' })
    : no('序数')
}

/** 排名前三位, 位列全省前10. */
function leading(a: Asked): Verdict {
  const m = /(?:前|后|末|倒数)$/.exec(a.before)
  if (!m || !/(?:排名|排位|位列|位居|名列|列|居|进入|跻身)[^，。；、：]{0,8}$/.test(a.before.slice(0, m.index)))
    return null
  return /^(?:$|[，。；、！？,;!?）)”]|[名位强]|的)/.test(a.rest) ? figure(a, 'rank', { unit: RANK }) : null
}

const COHORT = /^(?:后)(?![来续期面备勤方援果退])/
const cohort = (a: Asked): Verdict =>
  a.n.script === 'digit' && /^\d[05]$/.test(a.n.text) && COHORT.test(a.rest)
    ? figure(a, 'threshold', {
        unit: `(${Number(a.n.text) < 30 ? 20 : 19})${a.n.text}后`,
        bound: 'exact-as-printed',
        sense: 'exact',
      })
    : null

/** Before 一年, 一个月: it is meant as a length of time. */
const LASTS =
  /(?:为期|任期|聘期|周期|期限|(?<![近前长定初早分])期|不少于|满|不足|近|超过|连续|任职|挂职|跟班|锻炼|用时|历时|耗时|用了|花了|仅用|只用|时长|长达|提前|延长|缩短[至到]?|压缩[至到]?|缩至|[月天周年][到至])$/
const LIFELONG = /^的?(?:党龄|工龄|教龄|军龄|历史|经验|工作)/

/** 三年来, 近五年, 五年前: the stretch a count covers. */
function stretchOfTime(a: Asked): Verdict {
  if (!/^(?:多)?(?:年|个月|个多月|周|天)/.test(a.rest)) return null
  const after = a.rest.replace(/^(?:多)?(?:年|个月|个多月|周|天)(?:多)?/, '')
  if (
    /^(?:来|以来|前|后|间|之前|之后|回眸|回望|巡礼|掠影|综述|新[低高])/.test(after) &&
    !/^(?:前后|后备|来访)/.test(after)
  )
    return no('期间')
  if (/(?:[从干服作事任务守拖困营历耗时了]|坚持|持续|扎根|深耕)近$/.test(a.before)) return null
  if (/(?:近|最近|过去|前|这|头)$/.test(a.before) && /^(?:$|[，,的中里内])|^(?:累计|共|先后|已|全|我|该)/.test(after))
    return no('期间')
  if (/(?:过去的?|这)$/.test(a.before)) return no('期间')
  // 近3年考录612人: at the head of a clause 近 says which years, within one it says nearly.
  if (/(?:^|[^\p{L}\p{N}])近$/u.test(a.before) && !LIFELONG.test(after)) return no('期间')
  return a.n.text === '一' && !LASTS.test(a.before) ? no('期间') : null
}

const YEAR_UNITS = new Set(['年', '个月', '周', '天', '日', '小时', '分钟', '个工作日', '个小时', '秒'])

function kindOf(a: Asked): Kind {
  if (a.d.unit === '%' || a.d.unit === '个百分点' || a.d.unit === '倍' || a.d.unit === '番') return 'share'
  if (YEAR_UNITS.has(a.d.unit)) return 'duration'
  if (a.d.unit === '岁' || a.d.unit === '周岁') return 'threshold'
  return a.d.unit === '级' ? 'structure' : 'count'
}

const GRADED =
  /^级(?:主任科员|调研员|巡视员|警|教师|教授|医院|医师|甲等|乙等|建造师|士官|企业|响应|资质|达标|标准化|技师|高级|行|法|律|公路|保护|红色|以上|及以上|支行|项目|以下)/
const BUILT =
  /^级[^，。；、]{0,12}?(?:体系|网络|架构|机制|联动|链条|组织|治理|书记|平台|服务|阵地|网格|机关|贯通|中心|阵地|站|同步|联网|队伍|干部|讲堂|管理|便民|走访|包|党|重点|项目)/

const LEVELS = /(?:[市区县乡镇村州旗组户]|社区|小区|楼栋|网格|街道)[）)]?$/

/** 三级: levels that are named or that form a structure; a grade (三级主任科员) is a title. */
function level(a: Asked): Verdict {
  if (a.d.unit !== '级') return null
  if (a.n.value === 1) return no('等级、级别')
  if (GRADED.test(a.rest) && !/[乡镇村、]$/.test(a.before)) return no('等级、级别')
  if (a.n.value !== null && isSpelledOut(a.page, a.n, a.n.value)) return figure(a, 'structure')
  if (GRADED.test(a.rest) || /(?:[Aa国省市县]|(?<!小)区)$/.test(a.before.replace(/[省市县区]{2,}$/, '')))
    return no('等级、级别')
  return a.n.value === 2 || BUILT.test(a.rest) || LEVELS.test(a.before) ? figure(a, 'structure') : no('等级、级别')
}

/** 八大重点产业: the number and 大 are one. */
function great(a: Asked): Verdict {
  const m = /^大(?!约|概|致|小|于|学|专|赛|会|队|量|批|多|道|户|家)([^，。；、：（）()“”]{1,14})/.exec(a.rest)
  if (!m || a.n.value === null || a.n.value < 2 || a.n.value > 40) return null
  const name = nameAround(a.page, a.n)
  if (name && !isSpelledOut(a.page, { ...a.n, end: name.end + 1 }, a.n.value)) return no('名称中的数')
  const noun =
    /^[^的]{0,12}?(?:产业链|链条|工程|行动|产业|任务|项目|举措|板块|片区|企业|体系|平台|机制|方面|领域|振兴|品牌|节点|中心|园区|基地|类)/.exec(
      m[1] as string,
    )
  const unit = a.rest.startsWith('大类') ? '类' : unitOfNoun(noun?.[0] ?? (m[1] as string))
  const end = a.n.end + 1
  return figure(a, 'structure', { end, unit, tail: a.rest.startsWith('大类') ? end + 1 : end })
}

const NOMINAL = /^[十百千万]{1,2}$/

/** Within a name's quotes: digits with a unit, a number the text spells out, a nominal hundred persons, the years of a plan. */
function inName(a: Asked): Verdict {
  const name = nameAround(a.page, a.n)
  if (!name) return null
  if (a.n.script === 'digit') return a.d.unit ? null : no('名称中的数', name)
  if (a.n.share) return null
  if (YEARS_PLAN.test(a.rest)) return figure(a, 'duration', { unit: a.rest[0] as string })
  // 人才强市十条: what the document is called by
  if (/^条[”"]/.test(a.page.text.slice(a.n.end, a.n.end + 2)) && a.n.value !== 1) return figure(a, 'structure')
  if (
    NOMINAL.test(a.n.text) &&
    a.n.text !== '十' &&
    /^[名人位支个项条场亩户]/.test(a.rest) &&
    !/^(?:人空巷|个为什么|人迷)/.test(a.rest)
  )
    return figure(a, 'nominal', { unit: a.rest[0] as string })
  const whole = name.end - name.start <= 14
  const spelled =
    a.n.value !== null &&
    a.n.start === name.start &&
    whole &&
    isSpelledOut(a.page, { ...a.n, end: name.end + 1 }, a.n.value)
  return spelled && a.d.unit !== '' ? figure(a, 'structure') : no('名称中的数', name)
}

/** 每周一谈心, 每月召开一次, 每天自学一小时. */
function cadence(a: Asked): Verdict {
  const owed = cadenceOf(a.page, a.n)
  if (!owed || a.d.unit === '%') return null
  const between = a.page.text.slice(owed.end, a.n.start)
  const straight = between === ''
  if (/[\d一二两三四五六七八九十百千万]/.test(between)) return null
  if (a.d.unit) {
    const unit =
      YEAR_UNITS.has(a.d.unit) && /^(?:年|个月)$/.test(a.d.unit) && a.n.value !== null && a.n.value > 1
        ? a.d.unit
        : `${a.d.unit}/${owed.per}`
    return figure(a, 'cadence', { unit })
  }
  if (!straight || a.n.script !== 'numeral' || a.n.value === null || a.n.value > 10) return null
  // 每周二: the day of the week.
  if (owed.per === '周' && a.n.value > 1) return no('星期')
  if (/^[，。；、：！？,;:!?\n）)”上下晚早至到]/.test(a.rest)) return null
  return figure(a, 'cadence', { unit: `次/${owed.per}` })
}

const TURN = /(?<![一二三四五六七八九十\d近上下前后每])(半年|一年|一月|一季度?|一周|一天|一旬)$/
const OWED = /(?<!第)(半年|一年|全年|一个?月|一个?季度|一周|一天|一旬)[^，。；、：\d]{0,8}(?:不少于|不低于|至少|最少)$/
const TURNED = /^\p{Script=Han}{1,2}(?:[，。；、！”]|$)/u
const perOf = (words: string) => CADENCES[words.replace(/^[一全]个?/, '')] as string

/** 半年一评, 一年两次, 一年办班不少于8期. */
function turn(a: Asked): Verdict {
  const owed = OWED.exec(a.before)
  if (owed && a.d.unit && !a.d.unit.includes('/'))
    return figure(a, 'cadence', { unit: `${a.d.unit}/${perOf(owed[1] as string)}` })
  const m = TURN.exec(a.before)
  if (!m || a.n.value === null || a.n.value > 10) return null
  if (['次', '场', '期', '轮'].includes(a.d.unit))
    return figure(a, 'cadence', { unit: `${a.d.unit}/${perOf(m[1] as string)}` })
  return a.n.text === '一' && TURNED.test(a.rest) ? figure(a, 'cadence', { unit: `次/${perOf(m[1] as string)}` }) : null
}

/** 一 with a unit is an article (一支队伍) unless it says how long or how often. */
function single(a: Asked): Verdict {
  if (a.n.text !== '一') return null
  if (YEAR_UNITS.has(a.d.unit) && LASTS.test(a.before)) return figure(a, 'duration')
  if (a.d.unit === '倍' || a.d.unit === '番') return figure(a, 'share')
  return no('“一”作冠词或虚指')
}

function magnitudes(a: Asked): Verdict {
  if (a.n.script !== 'numeral' || !isMagnitudes(a.n.text)) return null
  return nameAround(a.page, a.n) || /^[^，。；]{0,8}(?:工程|计划|行动|战略|人才)/.test(a.rest)
    ? figure(a, 'structure', { unit: STRUCTURE, value: null })
    : no('虚指')
}

/** 年近九旬, 八旬老人. */
const decades = (a: Asked): Verdict =>
  a.n.script === 'numeral' && a.rest.startsWith('旬') && a.n.value !== null && a.n.value >= 5 && a.n.value < 11
    ? figure(a, 'threshold', { unit: '岁', value: a.n.value * 10, tail: a.n.end + 1 })
    : null

function numeralRules(a: Asked): Verdict {
  const { n, d, page } = a
  if (n.script !== 'numeral') return null
  if (n.text === '零') return no('虚指')
  const row = d.unit.length < 2 ? compressed(page, n) : undefined
  if (row) return no('成语或缩略语', row)
  const word = fixedWord(page, n, d.unit)
  if (word) return no('固定词语', word)
  if (!d.unit || (d.unit === '分' && !/分[数为达]*$/.test(a.before))) return no('没有计量单位')
  if (/^[^，。]{0,2}之/.test(a.rest.slice(d.unit.length))) return no('成语或习语')
  if (NOMINAL.test(n.text) && /^[人户名][^，。；、]{1,6}率/.test(a.rest)) return no('比率的基数')
  if (
    NOMINAL.test(n.text) &&
    (n.text === '千万' ? d.unit !== '元' : /^[年里日家户]/.test(a.rest)) &&
    !d.remainder &&
    !YEARS_PLAN.test(a.rest) &&
    d.bound === 'exact-as-printed'
  )
    return no('虚指')
  return null
}

function formula(a: Asked): Verdict {
  if (!isFormula(a.page, a.n, a.d.unit)) return null
  return a.n.value !== null && isSpelledOut(a.page, a.n, a.n.value) ? null : no('政治用语')
}

const bases = (a: Asked): Verdict => (a.before.endsWith('每') && a.d.unit && a.n.value !== 1 ? no('比率的基数') : null)

const unitless = (a: Asked): Verdict =>
  a.d.unit
    ? null
    : a.n.script === 'digit' && /(?:率|比|占比|指数|得分|分值)(?:为|达|达到|至|是)?$/.test(a.before)
      ? figure(a, 'share', { unit: /(?:指数|得分|分值)/.test(a.before.slice(-6)) ? '分' : '%' })
      : no('没有计量单位，是代号或名称')

/** 污水厂二期, 三期工程: which part of a project. */
const phase = (a: Asked): Verdict =>
  a.d.unit === '期' &&
  a.n.script === 'numeral' &&
  (a.n.value ?? 9) <= 5 &&
  /^期(?:等|工程|项目|建设|、)/.test(a.rest) &&
  !/(?:[班办开训]|活动|共)$/.test(a.before)
    ? no('工程期次')
    : null

const rules: readonly ((a: Asked) => Verdict)[] = [
  (a) => (/[·•]$/.test(a.before) || /^[·•×]/.test(a.rest) ? no('名称中的数') : null),
  inTitle,
  ordinal,
  leading,
  (a) => (plus(a) ? figure(a, 'structure', { unit: STRUCTURE, bound: 'exact-as-printed', sense: 'exact' }) : null),
  cohort,
  magnitudes,
  great,
  inName,
  (a) => (a.n.share ? figure(a, 'share', { unit: a.n.text.endsWith('‰') ? '‰' : '%' }) : null),
  decades,
  cadence,
  turn,
  numeralRules,
  stretchOfTime,
  phase,
  level,
  formula,
  bases,
  single,
  unitless,
  (a) => (a.d.unit === '年' && a.rest.startsWith('周年') ? no('纪念日') : null),
]

/** @returns the figure, or why the number is none */
export function judge(page: Page, n: Numeral): Judged {
  const d = dress(page, n)
  const asked: Asked = {
    page,
    n,
    d,
    rest: page.text.slice(n.end, n.end + 40),
    before: page.text.slice(Math.max(0, n.start - 24), n.start),
  }
  for (const rule of rules) {
    const verdict = rule(asked)
    if (verdict) return verdict
  }
  return figure(asked, kindOf(asked))
}
