// All facts and measures there are, gathered from the modules that publish them; checked once at start.
import type { Counted, Fact, Measure, Ratio } from '#core/facts.ts'
import * as demands from '#modules/demands/index.ts'
import * as people from '#modules/people/index.ts'
import * as units from '#modules/units/index.ts'
import { fail, type MeasureInfo } from './contract.ts'

const publishers = [units, people, demands]
const facts = new Map(publishers.flatMap((p) => p.facts).map((f) => [f.id, f]))
const measures = new Map(publishers.flatMap((p) => p.measures).map((m) => [m.id, m]))

for (const m of measures.values()) {
  const broken = isRatio(m)
    ? m.ratio.filter((part) => !measures.has(part))
    : facts.has(m.fact)
      ? (m.filters ?? []).map((f) => f.dimension).filter((d) => !facts.get(m.fact)?.dimensions[d])
      : [m.fact]
  if (broken.length > 0) throw new Error(`measure ${m.id} rests on unknown ${broken.join(', ')}`)
}

export function isRatio(m: Measure): m is Ratio {
  return 'ratio' in m
}

/** @throws figure.unknown-measure */
export function getMeasure(id: string): Measure {
  const found = measures.get(id)
  if (!found) throw fail('unknown-measure', { measure: id })
  return found
}

/** The counted measures a number is made of: itself, or numerator and denominator. */
export function partsOf(m: Measure): { numerator: Counted; denominator: Counted | null } {
  if (!isRatio(m)) return { numerator: m, denominator: null }
  return { numerator: getMeasure(m.ratio[0]) as Counted, denominator: getMeasure(m.ratio[1]) as Counted }
}

export const factOf = (m: Counted): Fact => facts.get(m.fact) as Fact

export const allMeasures = (): readonly Measure[] => [...measures.values()]

const aggregateWords = { count: '记录数', persons: '不重复的人数', units: '不重复的单位数', sum: '数量之和' }

function formulaOf(m: Measure): string {
  if (isRatio(m)) return m.ratio.map((id) => getMeasure(id).name).join(' ÷ ')
  const fact = factOf(m)
  const filters = (m.filters ?? []).map((f) => `${fact.dimensions[f.dimension]?.name}∈{${f.in.join('、')}}`)
  return [fact.name, ...filters, fact.kind === 'stock' ? '期末日存在' : '期内发生', aggregateWords[m.aggregate]].join(
    '，',
  )
}

export function infoOf(m: Measure): MeasureInfo {
  const fact = factOf(partsOf(m).numerator)
  return {
    id: m.id,
    name: m.name,
    classifier: m.classifier,
    verbs: [...m.verbs],
    definition: m.definition,
    formula: formulaOf(m),
    kind: isRatio(m) ? 'ratio' : fact.kind === 'stock' ? 'stock' : 'flow',
    ground: m.ground ?? null,
    dimensions: Object.entries(fact.dimensions).map(([id, d]) => ({ id, name: d.name })),
  }
}
