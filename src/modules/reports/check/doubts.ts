// Places where a number says less, or more, than it seems to: each with the reason and, where it can be told, what would be true.
import type { Said } from './context.ts'
import { CHOOSING, LESS_THAN_IT_SEEMS, PLANNED, RECURRING, SAME_ACT } from './lexicon.ts'
import { type Page, sentenceAt } from './page.ts'
import type { Doubt, Reading } from './reading.ts'

type Rule = (page: Page, r: Reading, all: readonly Reading[]) => Doubt | null

const PERSON = new Set(['人', '名', '位'])

/** 4541余: an exact number cannot be followed by “and a little more”. */
const remainder: Rule = (_page, r) => {
  if (!r.remainder || !/^[\d,]+$/.test(r.text) || r.value === null || r.value < 10 || r.value % 10 === 0) return null
  const round = r.value < 100 ? Math.floor(r.value / 10) * 10 : Math.floor(r.value / 100) * 100
  return {
    code: 'remainder',
    text: `${r.text} 已是精确数，后面不能再带“${r.remainder}”，应写 ${r.text}${r.unit}或 ${round}${r.remainder}${r.unit}`,
  }
}

const BETWEEN = /^(?:、|并|和|与|及|或|或者|以及|、并|，并)?$/

/** The last two verbs before the number, or the two that follow it, side by side and not one act. */
function pairOf(page: Page, r: Reading): [Said, Said] | null {
  const ahead = r.verbs.filter((v) => v.end <= r.start)
  const [first, second] = ahead.length > 0 ? ahead.slice(-2) : r.verbs.slice(0, 2)
  if (!first || !second || first.word === second.word) return null
  const between = page.text.slice(first.end, second.start)
  return BETWEEN.test(between) && !SAME_ACT.some((same) => same.test(first.word + second.word)) ? [first, second] : null
}

/** Compressed pairs: 新改扩建, 共商共办, 立行立改. */
const COMPRESSED = /新改扩建|改扩建|共商共[办建]|立行立改、|边查边改|即查即改/

/** 收集并解决, 认领、解决: two states, one number. */
const states: Rule = (page, r) => {
  if (r.kind !== 'count') return null
  const pair = pairOf(page, r)
  const short = COMPRESSED.exec(r.before)?.[0].replace('、', '')
  if (!pair && !short) return null
  const said = pair ? `“${pair[0].word}”和“${pair[1].word}”` : `“${short}”`
  return { code: 'states', text: `${said}是两种状态，只给了一个数；两个数相等才能合写，否则应分别写` }
}

const LASTING = /连续|年来|以来|至今/
const REPORTED = /报到|登记|注册/

/** Persons named earlier in the sentence as registered, fewer than this number of claims. */
const fewerRegistered = (page: Page, r: Reading, all: readonly Reading[]) =>
  all.find((o) => {
    if (o.end > r.start || r.start - o.start > 120 || !PERSON.has(o.unit)) return false
    if ((o.value ?? 0) >= (r.value ?? 0) || /[。\n]/.test(page.text.slice(o.end, r.start))) return false
    return o.verbs.some((v) => REPORTED.test(v.word))
  })

/** 人 says nobody was counted twice. */
const persons: Rule = (page, r, all) => {
  if (!PERSON.has(r.unit) || r.kind !== 'count' || /全覆盖/.test(r.after)) return null
  const again = r.verbs.find((v) => RECURRING.has(v.word))
  const chosen = LASTING.test(r.period) ? r.verbs.find((v) => CHOOSING.has(v.word)) : undefined
  const verb = r.unit === '人' ? (again ?? chosen) : chosen
  if (!verb) return null
  const fewer = fewerRegistered(page, r, all)
  const more = fewer ? `；前面报到的只有 ${fewer.text}${fewer.unit}，更可能是人次` : ''
  const years = again ? '' : '跨年累计，'
  return {
    code: 'persons',
    text: `${years}“${verb.word}”可以一人多次：“${r.unit}”须是不重复的人数，按次数计应写“人次”${more}`,
  }
}

const ACTS = new Set(['元', '人', '名', '位', '人次', '场次', '场', '次', '期', '期次', '节', '班次'])
const plainList = (text: string, joined: RegExp) =>
  text
    .replace(/[（(][^）)]*[）)]/g, '')
    .replace(joined, '、')
    .replace(/(?:[等共达已近约超逾]|折合|合计|总计)*$/, '')

/** Nouns side by side before the number, after the verb that governs them all. */
function kindsBefore(page: Page, r: Reading): number {
  const clause = page.text.slice(r.start - r.before.length, r.start)
  const from = r.start - (/[^：“”]*$/.exec(clause)?.[0].length ?? 0)
  const joined = PERSON.has(r.unit) ? /以及|及(?!时)|和|与/g : /以及|及(?!时)/g
  const list = plainList(page.text.slice(from, r.start), joined)
  if (/\d|一线|等|的[^、]*$/.test(list)) return 0
  const listed = list.split('、')
  return listed.length >= 2 && listed.every((s) => s.length >= 2 && s.length <= 24) ? listed.length : 0
}

/** 两委干部、驻村第一书记、工作队员2096人: several groups, one number. */
const pooled: Rule = (page, r) => {
  if (r.kind !== 'count' || !ACTS.has(r.unit) || pairOf(page, r)) return null
  const listed = kindsBefore(page, r)
  if (listed > 0) return { code: 'pooled', text: `${listed} 类合成一个数：各类应能分开，一人（一件）属两类时只计一次` }
  return /^[^，。；“”]{2,}、[^，。；“”]{2,}(?:工作|培训班|活动)$/.test(r.after)
    ? { code: 'pooled', text: '几项内容合成一个数，应说明是全部完成才计，还是完成一项即计' }
    : null
}

const coverage: Rule = (_page, r) =>
  r.kind === 'claim'
    ? {
        code: 'coverage',
        text: `“${r.text}”等于说${r.value === 0 ? '一个不剩' : '100%'}：须有名册作分母，并逐个对得上`,
      }
    : null

/** A part cannot exceed its whole. */
const parts: Rule = (page, r, all) => {
  const sentence = sentenceAt(page, r)
  const cut = sentence.start + page.text.slice(sentence.start, r.start).lastIndexOf('其中')
  if (cut < sentence.start || r.kind !== 'count') return null
  const whole = all.filter((o) => o.end <= cut && cut - o.end < 12 && o.unit === r.unit).at(-1)
  if (!whole || whole.value === null || r.value === null || r.value <= whole.value) return null
  return { code: 'parts', text: `分项 ${r.text}${r.unit} 大于总数 ${whole.text}${whole.unit}` }
}

const note = (text: string): Doubt => ({ code: 'note', text })

const less: Rule = (_page, r) => {
  if (r.kind !== 'count') return null
  const verb = r.verbs.findLast((v) => v.start < r.start)?.word ?? r.verbs[0]?.word ?? ''
  if (verb === '发展' && !/党员/.test(r.before)) return null
  const found = LESS_THAN_IT_SEEMS.find(([pattern]) => pattern.test(verb))
  return found ? note(found[1]) : null
}

const plans: Rule = (page, r) => {
  if (r.kind === 'nominal') return note('名称里的整数，是目标或概称，不是统计数')
  const around = page.text
    .slice(Math.max(sentenceAt(page, r).start, r.start - 24), r.end + 12)
    .split(/[。！\n]/)[0] as string
  return PLANNED.test(around) && ['count', 'share', 'claim'].includes(r.kind) ? note('是目标，不是完成数') : null
}

const kinds: Rule = (_page, r) => {
  if (r.kind === 'rank') return note('名次和“唯一”须有来源文件，并写明截至哪一天、在什么范围内')
  if (r.kind === 'structure' && r.value === null) return note('各档数目没有逐项列明')
  if (r.kind === 'structure') return note('制度、名称里的数，不是统计数')
  if (r.kind === 'cadence') return note('是规定的频次，应另说明落实情况')
  if (r.kind === 'threshold') return note('是界限，须写明按哪一天计算、是否含本数')
  return r.kind === 'duration' ? note('是期限或时长') : null
}

/** 甲、乙、丙等八大…: fewer are named than counted. */
const named: Rule = (page, r) => {
  if (r.kind !== 'structure' || r.value === null) return null
  const before = page.text.slice(Math.max(0, r.start - 60), r.start)
  const list = /([^，。；：\n]+)等$/.exec(before)?.[1]
  const count = list?.split('、').length ?? 0
  return count > 1 && count < r.value ? note(`列出 ${count} 个，写的是 ${r.value} 个，其余须有名单`) : null
}

/** 区乡两级已开展…15次: the levels are added up. */
const levels: Rule = (page, r, all) => {
  const level = all.find((o) => o.unit === '级' && o.kind === 'structure' && o.end <= r.start && r.start - o.end < 14)
  return level && r.kind === 'count' && !/[，。；,;]/.test(page.text.slice(level.end, r.start))
    ? note('几级合在一个数里，应能分级列出')
    : null
}

/** 85后 and 90后 side by side: the younger are among the older. */
const cohorts: Rule = (_page, r, all) =>
  r.unit.endsWith('后') && all.some((o) => o !== r && o.unit.endsWith('后') && Math.abs(o.start - r.start) < 40)
    ? note('两档出生年份相互包含，须写成互不重叠的区间')
    : null

const rules = [remainder, persons, states, pooled, coverage, parts, less, plans, named, levels, cohorts, kinds]

export const doubtsOf = (page: Page, r: Reading, all: readonly Reading[]): Doubt[] =>
  rules.flatMap((rule) => rule(page, r, all) ?? [])

/** Grave doubts leave open what the number counts. */
export const isGrave = (d: Doubt) => d.code !== 'note'
