// Which measure a number in a draft speaks of: by its unit of count, its verbs and the words of what is counted.
import type { MeasureInfo } from '#modules/figures/contract.ts'
import { SAME_THING } from './lexicon.ts'
import type { Reading } from './reading.ts'

export interface Match {
  measure: MeasureInfo
  /** 0…1 */
  score: number
  /** persons said, times counted, or the other way round */
  mismatch: boolean
  /** words of the draft that narrow the thing counted */
  narrower: string
  /** the measure's definition names them: it may be these that are meant, or a part */
  named: boolean
}

const GROUPS: readonly (readonly string[])[] = [
  ['人', '名', '位'],
  ['人次'],
  ['次', '场次', '场', '期', '期次'],
  ['个', '件', '条', '项', '家', '支', '处', '所', '起', '单'],
  ['户', '户次'],
  ['元', '万元'],
]
const groupOf = (unit: string) => GROUPS.findIndex((g) => g.includes(unit))

/** 1 for the same unit of count, less for one of its kind, negative where persons stand against times, 0 for another. */
function unitScore(said: string, counted: string): number {
  if (said === counted) return 1
  const [a, b] = [groupOf(said), groupOf(counted)]
  if (a < 0 || b < 0) return 0
  if (a === b) return a === 0 ? 1 : 0.85
  return a + b === 1 ? -0.7 : 0
}

/** These say that something went on, not what: they bind nothing by themselves. */
const WEAK = new Set([
  '建设',
  '覆盖',
  '实现',
  '推动',
  '推进',
  '完成',
  '落实',
  '累计',
  '共有',
  '现有',
  '拥有',
  '设有',
  '设立',
  '提升',
  '提高',
])

/** 发布任务 → 任务; 报到党员 → 党员: what is counted, without the verbs the measure is said with. */
export function thingOf(m: MeasureInfo): string {
  let name = m.name.replace(/（[^）]*）/g, '').replace(/的人$/, '')
  for (const verb of m.verbs) if (name.startsWith(verb) && name.length > verb.length) name = name.slice(verb.length)
  return name
}

const GENERAL =
  /全[区县市省镇乡]|本[区县市镇乡]|我[区县市]|各[类级地]|辖区|共计?|累计|已|的|了|等|余|多|在册|现有|先后|新|区[级域]|群众|及|和|与|、|，|全部|均|都|所有/g

/** Words of the subject besides the thing, and whether the definition names them. */
function leftover(subject: string, thing: string, m: MeasureInfo): Pick<Match, 'narrower' | 'named'> {
  const known = `${m.definition}${m.name}${m.verbs.join('')}`
  const rest = subject.replace(thing, '').replace(GENERAL, '')
  const pairs = [...rest].map((c, i) => c + (rest[i + 1] ?? ''))
  const strange = pairs.filter((p) => p.length === 2 && !known.includes(p) && !known.includes(p[0] as string))
  return { narrower: rest, named: strange.length * 3 <= rest.length }
}

function nounScore(r: Reading, m: MeasureInfo): Pick<Match, 'score' | 'narrower' | 'named'> {
  const thing = thingOf(m)
  const subject = r.subject.replace(/[“”]/g, '')
  const same = [thing, ...(SAME_THING.find((g) => g.includes(thing)) ?? [])]
  const found = same.find((w) => subject.endsWith(w) || subject.startsWith(w)) ?? same.find((w) => subject.includes(w))
  if (!found) return { score: 0, narrower: '', named: false }
  return { score: found === thing ? 1 : 0.85, ...leftover(subject, found, m) }
}

function verbScore(m: MeasureInfo, verbs: readonly string[]): number {
  const strong = verbs.filter((v) => !WEAK.has(v))
  if (strong.some((v) => m.verbs.includes(v))) return 1
  if (strong.length > 0) return 0
  return m.kind === 'stock' ? 0.6 : 0
}

/** A share is bound by its name alone: 办结率97.1%. */
function shareScore(r: Reading, m: MeasureInfo): number {
  if (m.classifier !== '%' || r.kind === 'claim') return 0
  const before = `${r.before.slice(-14)} ${r.subject}`
  if (before.includes(m.name)) return 1
  return m.verbs.some((w) => w.length > 2 && before.includes(w)) ? 0.9 : 0
}

/** 全覆盖, 均, 清零 speak of a share whose thing the clause names. */
function claimScore(r: Reading, m: MeasureInfo): number {
  if (m.list === null) return 0
  const thing = m.name.replace(/(?:覆盖|配备|办结|完成|达标|按期)?率$/, '')
  const says = m.verbs.some((v) => `${r.before}${r.text}${r.after}`.includes(v.replace(/率$/, '')))
  return says && thing.length > 2 && `${r.before}${r.after}`.includes(thing) ? 0.9 : 0
}

/** 空缺职务清零: what is left is a stock of that name, or one said with a word of lack. */
function leftScore(r: Reading, m: MeasureInfo): number {
  if (m.kind !== 'stock') return 0
  const lacks = m.verbs.some((v) => /[空缺未欠漏]/.test(v) && v.length > 1 && r.before.includes(v))
  return /[没无未空缺欠漏]/.test(m.name) && r.before.includes(m.name) ? 0.95 : lacks ? 0.8 : 0
}

/** Verbs that say by themselves what is counted, for few measures are said with them. */
function isTelling(verb: string, unit: string, measures: readonly MeasureInfo[]): boolean {
  const said = measures.filter((m) => m.verbs.includes(verb) && Math.abs(unitScore(unit, m.classifier)) > 0)
  const same = said.filter((m) => m.classifier === unit)
  const families = new Set((same.length > 0 ? same : said).map((m) => m.id.split('.')[0]))
  return families.size === 1 && !WEAK.has(verb)
}

function matchOf(r: Reading, m: MeasureInfo, verbs: readonly string[], all: readonly MeasureInfo[]): Match {
  const none = { measure: m, score: 0, mismatch: false, narrower: '', named: false }
  if (r.kind === 'claim') return { ...none, score: r.value === 0 ? leftScore(r, m) : claimScore(r, m) }
  if (r.unit === '%' || m.classifier === '%') return { ...none, score: r.unit === m.classifier ? shareScore(r, m) : 0 }
  const unit = unitScore(r.unit, m.classifier)
  if (unit === 0) return none
  const verb = verbScore(m, verbs)
  const { score: noun, ...besides } = nounScore(r, m)
  const bare = r.subject === '' || verbs.includes(r.subject)
  // A row of a table: the name of the measure, then its number.
  if (verbs.length === 0 && (r.subject === m.name || r.subject === thingOf(m)))
    return { ...none, score: Math.abs(unit) * (r.subject === m.name ? 0.95 : 0.85), mismatch: unit < 0 }
  const telling = verb === 1 && bare && verbs.some((v) => m.verbs.includes(v) && isTelling(v, r.unit, all))
  const score = telling ? 0.8 : verb > 0 ? 0.4 * verb + 0.6 * noun : 0
  return { measure: m, score: Math.abs(unit) * score, mismatch: unit < 0, ...besides }
}

const ENOUGH = 0.65
const CLOSE = 0.08

/** Measures that may be meant, the likeliest first. `verbs` stand for the reading's own where it has two states. */
export function matches(r: Reading, measures: readonly MeasureInfo[], verbs = lastVerbs(r)): Match[] {
  const found = measures
    .map((m) => matchOf(r, m, verbs, measures))
    .filter((x) => x.score * (x.mismatch ? 1 / 0.7 : 1) >= ENOUGH)
  const sorted = found.sort((a, b) => b.score - a.score)
  const best = sorted.find((x) => !x.mismatch)?.score ?? 0
  const close = sorted.filter((x) => x.mismatch || x.score >= best - CLOSE)
  // 小区党支部 is the measure of that name, not a part of all 党支部.
  return close.some((x) => !x.mismatch && x.narrower === '')
    ? close.filter((x) => x.mismatch || x.narrower === '')
    : close
}

/** The verbs nearest to the number: before it, or after it where it is the subject. */
export const lastVerbs = (r: Reading): string[] => {
  const ahead = r.verbs.filter((v) => v.end <= r.start)
  const said = ahead.length > 0 ? ahead.slice(-2) : r.verbs.slice(0, 2)
  // 实现…4600名党员…培训: what only says that something went on leaves the word to the verb that follows.
  return (
    said.every((v) => WEAK.has(v.word)) ? [...said, ...r.later.filter((v) => !WEAK.has(v.word)).slice(0, 1)] : said
  ).map((v) => v.word)
}
