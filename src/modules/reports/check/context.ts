// What a number is said of: the verbs that govern it, the thing counted, the period the sentence names.
import { BEFORE, VERBS } from './lexicon.ts'
import { around, type Page, pieceAt, sentenceAt, type Span } from './page.ts'

const EDGE = /[，。；：！？,;:!?\n]/

/** From comma to comma, but 、 and brackets belong to it: a list of verbs or things has one number. */
const stretchAt = (text: string, at: Span): Span => around(text, at, EDGE)

export interface Said extends Span {
  word: string
}

/** 党组织, 两新组织, 社会组织 are no acts. */
const NOUN_BEFORE: Record<string, RegExp> = { 组织: /[党团会新基级]$/, 建设: /[党队]$/ }
const NOUN_AFTER: Record<string, RegExp> = {
  组织: /^(?:关系|生活|委员|部门|工作|体系|架构|力)/,
  慰问: /^[金品信]/,
  服务: /^(?:中心|队|站|点|平台|对象|圈)/,
  学习: /^(?:中心|小组|资料)/,
}

const BY_FIRST = Map.groupBy(VERBS, (v) => v[0] as string)

/** Verbs of the text, first to last, longest match at each place where the dictionary sees a word begin (党小组|建设). */
function allVerbs(page: Page): Said[] {
  const { text } = page
  const found: Said[] = []
  for (let at = 0; at < text.length; ) {
    const word = BY_FIRST.get(text[at] as string)?.find((v) => text.startsWith(v, at))
    if (!word || page.wordAt(at).start !== at) {
      at++
      continue
    }
    const isNoun =
      NOUN_BEFORE[word]?.test(text.slice(Math.max(0, at - 1), at).replace(/”$/, '新')) ||
      NOUN_AFTER[word]?.test(text.slice(at + word.length, at + word.length + 2))
    if (!isNoun) found.push({ word, start: at, end: at + word.length })
    at += word.length
  }
  return found
}

/** What was found of a page once: each number of it looks there. */
function once<T>(find: (page: Page) => T): (page: Page) => T {
  const known = new WeakMap<Page, T>()
  return (page) => {
    const found = known.get(page) ?? find(page)
    known.set(page, found)
    return found
  }
}

/** Of spans in order those that lie in a stretch. */
function inStretch<S extends Span>(all: readonly S[], from: number, to: number): S[] {
  let low = 0
  for (let high = all.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((all[middle] as S).start < from) low = middle + 1
    else high = middle
  }
  const found: S[] = []
  for (let i = low; i < all.length && (all[i] as S).end <= to; i++) found.push(all[i] as S)
  return found
}

const verbsOf = once(allVerbs)
const verbsIn = (page: Page, from: number, to: number): Said[] => inStretch(verbsOf(page), from, to)

export interface Context {
  /** what is said to have been done: verbs before the number, or after it where it is the subject */
  verbs: readonly Said[]
  /** verbs after it, up to the next 、 or comma */
  later: readonly Said[]
  before: string
  after: string
  sentence: string
  subject: string
  period: string
}

const SPAN = '(?:[一二两三四五六七八九十\\d]+)'
const PERIODS = new RegExp(
  [
    '党的[^，。；,;\\s]{1,6}大以来',
    '(?:19|20)\\d{2}年(?:度|底)?(?:\\d{1,2}月(?:\\d{1,2}日)?|[上下]半年|前[一二两三四]季度|换届)?(?:以来|至今)?',
    '近[年期几]来',
    `近${SPAN}年来?`,
    `${SPAN}年来`,
    '今年(?:以来|[上下]半年|前[一二两三四]季度|\\d{1,2}月(?:以来)?)?',
    '去年(?:以来|[上下]半年)?',
    '截[至止](?:目前|[^，。；,;]{1,8}?[日月底末])',
    '目前',
    '[上下]半年',
    '全年',
    '年内',
    '\\d{1,2}(?:至|—|-)\\d{1,2}月',
    `连续${SPAN}[年届次]`,
    '每(?:年|季度?|月|周|天|半年|学期)',
    '“?十[二三四五]五”?(?:期间|时期|以来|末)',
  ].join('|'),
  'g',
)

const periodsOf = once((page) =>
  [...page.text.matchAll(PERIODS)].map((m) => ({ word: m[0], start: m.index, end: m.index + m[0].length })),
)

const periodOf = (page: Page, n: Span): string =>
  inStretch(periodsOf(page), sentenceAt(page, n).start, n.start).at(-1)?.word ?? ''

function sentenceText(page: Page, n: Span): string {
  const { start, end } = sentenceAt(page, n)
  return page.text.slice(start, end)
}

/** A cell of a table that holds the number alone: the cell before says of what. */
function labelOf(text: string, n: Span, tail: number): string {
  const rest = /^[^\n]*/.exec(text.slice(tail, tail + 4))?.[0].trim()
  const lines = text.slice(Math.max(0, n.start - 60), n.start).split('\n')
  if (rest !== '' || lines.at(-1)?.trim() !== '' || lines.length < 2) return ''
  const label = lines.slice(0, -1).findLast((l) => l.trim() !== '') ?? ''
  return label.length <= 20 && !/[，。；、：]/.test(label) ? label.trim() : ''
}

const STOP = /[，。；：！？,;:!?\n、（）()“”《》\d]/
const HEAD = /^(?:[、”]|后”|了|的|过|共|已|先后|累计|各类|及|和|与|等|由|以|对|为|从)+/
const BOUND_WORDS = Object.values(BEFORE).flat().join('|')
const TAIL = new RegExp(`(?:[“、]|和|与|及|全|均|都|的|等|达到?|共|为|了|有|已|先后|各类|${BOUND_WORDS})+$`)
const trimmed = (s: string) => s.replace(HEAD, '').replace(TAIL, '')

/** 63名[干部]参加…, 培训[干部]5413人次, [党支部]18个. */
function subjectOf(page: Page, n: Span, tail: number, edges: { from: number; to: number; verbs: readonly Said[] }) {
  const { text } = page
  const rest = text.slice(tail, edges.to)
  const bound = /^(?:以上|以下|左右|余|多)?/.exec(rest)?.[0].length ?? 0
  const stop = rest.slice(bound).search(STOP)
  const end = stop < 0 ? edges.to : tail + bound + stop
  const verb = verbsIn(page, tail + bound, end).find((v) => v.start > tail + bound)
  const noun = trimmed(text.slice(tail + bound, verb ? verb.start : end))
  if (noun !== '' && !/^(?:在|被|到|向|进行)/.test(noun)) return noun.slice(0, 24)
  const label = labelOf(text, n, tail)
  if (label !== '') return label
  const governing = edges.verbs.toReversed().find((v) => v.end <= n.start)
  return trimmed(text.slice(governing ? governing.end : edges.from, n.start)).slice(-30)
}

/** @param last where the figure before ends: what is said of that one is not said of this one, if this one has verbs of its own */
export function contextOf(page: Page, n: Span, tail: number, last: number): Context {
  const { text } = page
  const stretch = stretchAt(text, n)
  const piece = pieceAt(page, n)
  const own = verbsIn(page, Math.max(stretch.start, last), n.start)
  const later = verbsIn(page, tail, piece.end)
  const inherited = verbsIn(page, stretch.start, n.start)
  const from = Math.max(stretch.start, last)
  // 、3名干部…进行转让: a number at the head of its piece is the subject of what follows.
  const heads = piece.start === n.start && later.length > 0
  return {
    verbs: heads ? later : own.length > 0 ? own : later.length > 0 && last <= stretch.start ? later : inherited,
    later,
    before: text.slice(from, n.start),
    after: text.slice(tail, stretch.end),
    sentence: sentenceText(page, n),
    subject: subjectOf(page, n, tail, { from, to: stretch.end, verbs: own }),
    period: periodOf(page, n),
  }
}
