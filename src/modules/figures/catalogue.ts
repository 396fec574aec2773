// All facts and measures there are: what the modules publish, checked once at start, and what the district defined itself.
import type { Balance, Counted, Fact, Filter, Measure, Names, Ratio, Share } from '#core/facts.ts'
import { dimensionsOf } from './compile/dimensions.ts'
import { fail, type MeasureInfo } from './contract.ts'
import { checkMeasure, type Stock } from './rules/definition.ts'

interface Publisher {
  facts: readonly Fact[]
  measures: readonly Measure[]
}

const facts = new Map<string, Fact>()
const builtIn: Known[] = []

/** Called once, at composition: figures know no capability. @throws when a measure rests on something that is not there */
export function publish(publishers: readonly Publisher[]): void {
  for (const f of publishers.flatMap((p) => p.facts)) facts.set(f.id, f)
  builtIn.push(
    ...publishers.flatMap((p) => p.measures).map((measure) => ({ id: measure.id, version: 1, measure, own: null })),
  )
  for (const known of builtIn) mustHold(known)
}

export const allFacts = (): readonly Fact[] => [...facts.values()]
/** Address of a record's page; empty where it has none. */
export const linkOf = ({ link }: Fact, of: { record: string; unitId: string; page: string | null }): string =>
  link === null || (link.includes('{page}') && of.page === null)
    ? ''
    : link
        .replace('{id}', of.record)
        .replace('{unit}', of.unitId)
        .replace('{page}', of.page ?? '')

export const factOf = (m: Counted): Fact => facts.get(m.fact) as Fact

/** One version of a measure. */
export interface Known {
  id: string
  version: number
  measure: Measure
  /** null: it comes with the system */
  own: {
    owner: { id: string; name: string; path: string }
    from: string
    to: string | null
    reason: string
    decidedBy: string
    decidedAt: string
  } | null
}

/** What there is to pick from; `names` knows what can be looked up only in the district. */
export const stockOf = (of: { find(reference: string): Known | null }, names: Stock['names']): Stock => ({
  fact: (id) => facts.get(id),
  dimensions: dimensionsOf,
  measure: (reference) => of.find(reference)?.measure ?? null,
  names,
})

const staticNames: Stock['names'] = (fact, dimension) => {
  const values = dimensionsOf(fact)[dimension]?.values
  return typeof values === 'object' ? values : null
}

function mustHold({ id, measure }: Known) {
  const stock = stockOf({ find: (wanted) => builtIn.find((k) => k.id === wanted) ?? null }, staticNames)
  const issues = checkMeasure(measure, stock)
  if (issues.length > 0)
    throw new Error(
      `measure ${id}: ${issues.map((i) => `${i.path} ${i.code} ${JSON.stringify(i.params ?? {})}`).join(', ')}`,
    )
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

export interface Parts {
  numerator: Counted
  denominator: Counted | null
}

/** The measures of one district on one day. */
export class Catalogue {
  readonly #today: string
  readonly #all: ReadonlyMap<string, readonly Known[]>

  constructor(own: readonly Known[], today: string) {
    this.#today = today
    this.#all = Map.groupBy([...builtIn, ...own], (k) => k.id)
  }

  isInForce(k: Known): boolean {
    return k.own === null || (k.own.from <= this.#today && (k.own.to === null || this.#today < k.own.to))
  }

  get inForce(): Known[] {
    return [...this.#all.values()].flat().filter((k) => this.isInForce(k))
  }

  /** Every measure in its version in force, or, when there is none, in its last. */
  get latest(): Known[] {
    return [...this.#all.values()].flatMap((versions) => versions.find((k) => this.isInForce(k)) ?? versions.slice(-1))
  }

  /** Oldest first. */
  versions(id: string): readonly Known[] {
    return this.#all.get(id) ?? []
  }

  find(reference: string): Known | null {
    const [id = '', version] = reference.split('@')
    const versions = this.versions(id)
    return versions.find((k) => (version ? k.version === Number(version) : this.isInForce(k))) ?? null
  }

  /** `own.x` in the version in force, `own.x@2` in that one. @throws figure.unknown-measure, figure.retired-measure */
  get(reference: string): Known {
    const found = this.find(reference)
    if (found) return found
    const last = reference.includes('@') ? undefined : this.versions(reference).at(-1)
    if (!last?.own?.to || last.own.to > this.#today) throw fail('unknown-measure', { measure: reference })
    throw fail('retired-measure', { measure: reference, day: last.own.to, version: last.version })
  }

  #counted = (reference: string) => this.get(reference).measure as Counted

  /** The counted measures a number is made of: itself, or numerator and denominator. */
  partsOf(m: Measure): Parts {
    if (isRatio(m)) return { numerator: this.#counted(m.ratio[0]), denominator: this.#counted(m.ratio[1]) }
    if (isBalance(m)) return { numerator: this.#counted(m.balance), denominator: null }
    if (isShare(m)) {
      const list = this.#counted(m.share.of)
      return { numerator: { ...list, filters: [...(list.filters ?? []), ...m.share.where] }, denominator: list }
    }
    if (m.aggregate !== 'average') return { numerator: m, denominator: null }
    return { numerator: { ...m, aggregate: 'sum' }, denominator: { ...m, aggregate: 'count' } }
  }

  /** Measures in force that are made of this one, in whatever version. */
  restingOn(id: string): Known[] {
    return this.inForce.filter((k) => referencesOf(k.measure).some((r) => r.split('@')[0] === id))
  }
}

export const referencesOf = (m: Measure): readonly string[] =>
  isRatio(m) ? m.ratio : isShare(m) ? [m.share.of] : isBalance(m) ? [m.balance] : []

const aggregateWords: Record<Counted['aggregate'], string> = {
  count: '记录数',
  persons: '不重复的人数',
  units: '不重复的单位数',
  sum: '数量之和',
  average: '平均数量',
  first: '各单位最早一条的数量之和',
  last: '各单位最近一条的数量之和',
}

const isFlow = (m: Counted) => factOf(m).kind === 'event' || m.moment === 'begun' || m.moment === 'ended'

/** A stock read on one day: everybody in it has one age, and its unit one place. */
export const isOnOneDay = (m: Counted) => !isFlow(m)

function momentOf(m: Counted): string {
  if (m.since) return `自${m.since}起累计`
  if (factOf(m).kind === 'event') return '期内发生'
  return { end: '期末日存在', start: '期初存在', begun: '期内新增', ended: '期内减少' }[m.moment ?? 'end']
}

/** Looks names of values up in the district, each table once. */
export type FindNames = (fact: Fact, dimension: string) => Promise<Names>

async function filterWords(fact: Fact, filters: readonly Filter[], find: FindNames): Promise<string[]> {
  const words: string[] = []
  for (const { dimension, in: among, not, from, to } of filters) {
    const names = await find(fact, dimension)
    const named = (keys: readonly string[]) => keys.map((k) => names[k] ?? k).join('、')
    // AGE-02: “35岁以下” is not yet 36, and says so
    const upTo = to === undefined ? '' : `${to}岁以下（不满${to + 1}岁）`
    const age = [from === undefined ? '' : `满${from}岁`, upTo].filter(Boolean).join('、')
    const name = dimensionsOf(fact)[dimension]?.name ?? dimension
    words.push(`${name}${among ? `：${named(among)}` : ''}${not ? `不为${named(not)}` : ''}${age ? `：${age}` : ''}`)
  }
  return words
}

async function formulaOf(catalogue: Catalogue, m: Measure, find: FindNames): Promise<string> {
  const nameOf = (reference: string) => catalogue.get(reference).measure.name
  if (isRatio(m)) return m.ratio.map(nameOf).join(' ÷ ')
  if (isBalance(m)) return `${nameOf(m.balance)}：期初数 ＋ 增加 － 减少 ＝ 期末数`
  if (isShare(m)) {
    const { denominator } = catalogue.partsOf(m)
    const fact = factOf(denominator as Counted)
    const where = await filterWords(fact, m.share.where, find)
    return `${nameOf(m.share.of)}中“${where.join('、')}”的 ÷ ${nameOf(m.share.of)}（名册：${fact.list}）`
  }
  const filters = await filterWords(factOf(m), m.filters ?? [], find)
  const parts = m.parts ? `＝${m.parts.map(nameOf).join('＋')}` : ''
  return `${[factOf(m).name, ...filters, momentOf(m), aggregateWords[m.aggregate]].join('，')}${parts}`
}

export async function infoOf(
  catalogue: Catalogue,
  { version, measure: m }: Known,
  find: FindNames,
): Promise<MeasureInfo> {
  const { numerator } = catalogue.partsOf(m)
  const fact = factOf(numerator)
  return {
    id: m.id,
    version,
    name: m.name,
    classifier: m.classifier,
    verbs: [...m.verbs],
    definition: m.definition,
    formula: await formulaOf(catalogue, m, find),
    kind: isRatio(m) || isShare(m) ? 'ratio' : isFlow(numerator) ? 'flow' : 'stock',
    ground: m.ground ?? null,
    persons: fact.persons ?? false,
    list: isShare(m) ? (fact.list ?? null) : null,
    balance: isBalance(m),
    since: numerator.since ?? null,
    dimensions: Object.entries(dimensionsOf(fact)).map(([id, d]) => ({ id, name: d.name })),
  }
}
