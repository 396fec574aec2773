// All facts and measures there are, gathered from the modules that publish them; checked once at start.
import type { Balance, Counted, Fact, Filter, Measure, Ratio, Share } from '#core/facts.ts'
import * as demands from '#modules/demands/index.ts'
import * as feedback from '#modules/feedback/index.ts'
import * as people from '#modules/people/index.ts'
import * as units from '#modules/units/index.ts'
import { fail, type MeasureInfo } from './contract.ts'
import { dimensionsOf } from './compile/dimensions.ts'

const publishers = [units, people, demands, feedback]
const facts = new Map(publishers.flatMap((p) => p.facts).map((f) => [f.id, f]))
const measures = new Map(publishers.flatMap((p) => p.measures).map((m) => [m.id, m]))

for (const m of measures.values()) {
  const rests = isRatio(m) ? m.ratio : isShare(m) ? [m.share.of] : isBalance(m) ? [m.balance] : []
  const broken = rests.filter((part) => !measures.has(part))
  if (broken.length > 0) throw new Error(`measure ${m.id} rests on unknown ${broken.join(', ')}`)
  for (const part of Object.values(partsOf(m))) {
    const fact = part && facts.get((part as Counted).fact)
    const unknown = ((part as Counted | null)?.filters ?? []).filter((f) => !fact || !dimensionsOf(fact)[f.dimension])
    if (part && (!fact || unknown.length > 0))
      throw new Error(
        `measure ${m.id} rests on unknown ${[(part as Counted).fact, ...unknown.map((f) => f.dimension)].join(', ')}`,
      )
  }
}

export function isRatio(m: Measure): m is Ratio {
  return 'ratio' in m
}
export function isShare(m: Measure): m is Share {
  return 'share' in m
}
export function isBalance(m: Measure): m is Balance {
  return 'balance' in m
}

/** @throws figure.unknown-measure */
export function getMeasure(id: string): Measure {
  const found = measures.get(id)
  if (!found) throw fail('unknown-measure', { measure: id })
  return found
}

export interface Parts {
  numerator: Counted
  denominator: Counted | null
}

/** The counted measures a number is made of: itself, or numerator and denominator. */
export function partsOf(m: Measure): Parts {
  if (isRatio(m))
    return { numerator: getMeasure(m.ratio[0]) as Counted, denominator: getMeasure(m.ratio[1]) as Counted }
  if (isBalance(m)) return { numerator: getMeasure(m.balance) as Counted, denominator: null }
  if (isShare(m)) {
    const list = getMeasure(m.share.of) as Counted
    return { numerator: { ...list, filters: [...(list.filters ?? []), ...m.share.where] }, denominator: list }
  }
  if (m.aggregate !== 'average') return { numerator: m, denominator: null }
  return { numerator: { ...m, aggregate: 'sum' }, denominator: { ...m, aggregate: 'count' } }
}

export const factOf = (m: Counted): Fact => facts.get(m.fact) as Fact

export const allMeasures = (): readonly Measure[] => [...measures.values()]

const aggregateWords: Record<Counted['aggregate'], string> = {
  count: '记录数',
  persons: '不重复的人数',
  units: '不重复的单位数',
  sum: '数量之和',
  average: '平均数量',
  first: '各单位最早一条的数量之和',
  last: '各单位最近一条的数量之和',
}

function momentOf(m: Counted): string {
  if (m.since) return `自${m.since}起累计`
  if (factOf(m).kind === 'event') return '期内发生'
  return { end: '期末日存在', start: '期初存在', begun: '期内新增', ended: '期内减少' }[m.moment ?? 'end']
}

const filterWords = (fact: Fact, filters: readonly Filter[]) =>
  filters.map(({ dimension, in: among, not, from, to }) => {
    const { name, values } = dimensionsOf(fact)[dimension] ?? { name: dimension }
    const named = (keys: readonly string[]) =>
      keys.map((k) => (typeof values === 'object' ? (values[k] ?? k) : k)).join('、')
    // AGE-02: “35岁以下” is not yet 36, and says so
    const upTo = to === undefined ? '' : `${to}岁以下（不满${to + 1}岁）`
    const age = [from === undefined ? '' : `满${from}岁`, upTo].filter(Boolean).join('、')
    return `${name}${among ? `为${named(among)}` : ''}${not ? `不为${named(not)}` : ''}${age ? `：${age}` : ''}`
  })

function formulaOf(m: Measure): string {
  if (isRatio(m)) return m.ratio.map((id) => getMeasure(id).name).join(' ÷ ')
  if (isBalance(m)) return '期初数 ＋ 增加 － 减少 ＝ 期末数'
  if (isShare(m)) {
    const list = getMeasure(m.share.of) as Counted
    return `${list.name}中${filterWords(factOf(list), m.share.where).join('、')}的 ÷ ${list.name}（${factOf(list).list}）`
  }
  return [factOf(m).name, ...filterWords(factOf(m), m.filters ?? []), momentOf(m), aggregateWords[m.aggregate]].join(
    '，',
  )
}

const kindOf = (m: Measure, counted: Counted): MeasureInfo['kind'] => {
  if (isRatio(m) || isShare(m)) return 'ratio'
  return factOf(counted).kind === 'stock' && !['begun', 'ended'].includes(counted.moment ?? '') ? 'stock' : 'flow'
}

export function infoOf(m: Measure): MeasureInfo {
  const { numerator } = partsOf(m)
  return {
    id: m.id,
    name: m.name,
    classifier: m.classifier,
    verbs: [...m.verbs],
    definition: m.definition,
    formula: formulaOf(m),
    kind: kindOf(m, numerator),
    ground: m.ground ?? null,
    dimensions: Object.entries(dimensionsOf(factOf(numerator))).map(([id, d]) => ({ id, name: d.name })),
  }
}
