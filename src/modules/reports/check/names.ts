// Numbers inside names, slogans, idioms and formulas: what a scheme is called is no count, unless the text itself spells it out.
import type { Numeral } from './numerals.ts'
import { clauseAt, type Page, type Span, within } from './page.ts'

const C = '一二两三四五六七八九十百千万双多'
/** 是, 和, 到 between two numbers join two phrases: 一是两个单位. */
const JOINED = `${C}\\d是要和与及到至或，。；、：！？,;:!?\\s“”（）()`
const ROW = new RegExp(`[${C}][^${JOINED}]{1,2}[${C}][^${JOINED}]{1,2}`, 'g')
const PAIR = new RegExp(`([一二三四五六七八九十])[^${C}，。、]\\1(?![个名项])`, 'g')
const CADENCE_ROW = /^[一半两](?:年|月|季|周|天|日|旬)[一两二三四]/

/** 三会一课, 一村一策, 五比五看, 千方百计: numeral and word in turn. 一年两次 is a cadence and not one of them. */
export function compressed(page: Page, n: Numeral): Span | undefined {
  const from = Math.max(0, n.start - 6)
  const stretch = page.text.slice(from, n.end + 6)
  for (const pattern of [ROW, PAIR])
    for (const m of stretch.matchAll(pattern)) {
      const span = { start: from + m.index, end: from + m.index + m[0].length }
      if (span.start <= n.start && n.end <= span.end && n.text.length === 1 && !CADENCE_ROW.test(m[0])) return span
    }
  return undefined
}

const NUMERAL = /[零〇一二两三四五六七八九十百千万亿数几]/
const OF_A_NUMBER = /^(?:[零〇一二两三四五六七八九十百千万亿数几近约余多来每第]*)(.*)$/

/** The dictionary knows a word around these characters that is more than number and unit: 一线, 百姓, 统一, 一系列. */
export function fixedWord(page: Page, n: Numeral, unit: string): Span | undefined {
  if (n.text.length > 2 || unit === '番') return undefined
  const word = page.wordAt(n.start)
  if (word.end <= n.start || word.end - word.start < 2) return undefined
  const said = page.text.slice(word.start, word.end)
  if (word.start < n.start && !/^[近约每第逾超达共有上了]/.test(said)) return word
  const rest = OF_A_NUMBER.exec(said)?.[1] ?? ''
  if (rest === '' || NUMERAL.test(rest)) return undefined
  return unit !== '' && (unit.startsWith(rest) || (rest.startsWith(unit) && rest.length === unit.length))
    ? undefined
    : word
}

const items = (list: string, separator: RegExp) => list.split(separator).filter((s) => s.trim() !== '').length

/** How many things a list right after or right before the number names; the text then spells its own number out. */
export function isSpelledOut(page: Page, n: Numeral, count: number): boolean {
  if (count < 2 || count > 20) return false
  const { text } = page
  const rest = text.slice(n.end, n.end + 400)
  const opened = /^[^，。；：、:;,\n]{0,16}?(?:[：:]|[（(]|[，,]?(?:即|也就是|分别[是为]|包括|一是))/.exec(rest)
  if (opened) {
    const bracket = /[（(]$/.test(opened[0])
    const body = rest.slice(opened[0].length).split(bracket ? /[）)]/ : /[。！？\n]/)[0] ?? ''
    if ([/、/, /[；;]/, /[，,]/, /[、，,；;]/].some((s) => items(body, s) === count)) return true
  }
  const clause = clauseAt(page, n)
  const before = text.slice(clause.start, n.start).replace(/[”"]$/, '')
  const listed = before.split(/、|—|－|-/)
  if (listed.length === count && listed.every((s) => s !== '')) return true
  const joined = before.split(/、|和|与|及/)
  if (joined.length === count && count <= 4) return true
  // 市区两级, 省市县三级: one character each.
  return count <= 5 && new RegExp(`[省市区县乡镇村街社组户]{${count}}$`).test(before)
}

const ATTITUDE =
  /(?:增强|坚定|做到|牢记|践行|拥护|捍卫|树牢|坚决|领悟|把握|落实|坚持|突出|抓好|抓实|深化|贯彻|强化|推进|胸怀|心系)(?:好|了)?[“"]?$/

/** 牢记四个…, 增强四个…: a formula everybody knows, not a count of the district. */
export function isFormula(page: Page, n: Numeral, unit: string): boolean {
  if (n.script !== 'numeral' || !['个', '项', '条', '大'].includes(unit)) return false
  const before = page.text.slice(Math.max(0, n.start - 8), n.start)
  const after = page.text.slice(n.end + unit.length, n.end + unit.length + 4)
  return ATTITUDE.test(before) && /^[^，。；、]{2,3}(?:[，。；、”"]|$)/.test(after)
}

export const nameAround = (page: Page, n: Span): Span | undefined => within(page.names, n)
