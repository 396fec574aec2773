// Whether a definition can be counted: every reason with its place, so that who wrote it can mend it.
import { isDeepStrictEqual } from 'node:util'
import { type Issue, issueWords } from '#core/errors.ts'
import type { Counted, Dimension, Fact, Filter, Measure, Names } from '#core/facts.ts'
import type { Definition } from '../contract.ts'
import { brokenClaim } from './verbs.ts'

issueWords({
  'measure-fact': '没有“{value}”这类记录',
  'measure-dimension': '“{fact}”没有“{value}”这一项',
  'measure-value': '“{dimension}”没有“{value}”这个取值',
  'measure-filter': '须指明是哪些值、不是哪些值，或（年龄）从几岁到几岁，且不能自相矛盾',
  'measure-ages': '“{dimension}”不能按从几到几筛选',
  'measure-persons': '“{fact}”不是人的记录，不能按人计数',
  'measure-person-unit': '按人计数（同一人只计一次）的单位须是人、名或位',
  'measure-times-unit': '人、名、位只用于按人计数；按记录计数请用人次、件、个等',
  'measure-percent': '“%”只用于比率和占比',
  'measure-moment': '“{fact}”按发生计数，没有期初、期末之分',
  'measure-since': '期末存量不能累计',
  'measure-unknown': '没有“{value}”这个指标，或它已经停用',
  'measure-plain': '“{value}”本身是比率，不能再用来相除、占比或轧平',
  'measure-same': '分子和分母是同一个指标',
  'measure-tree': '分子按{top}统计，分母按{bottom}统计，不能相除',
  'measure-list': '“{value}”不是名册上的数：百分之百只能来自名册',
  'measure-flows': '“{value}”没有增减原因，不能轧平',
  'measure-verb': '“{verb}”说的是{claims}，与这个口径不符',
  'measure-self': '不能用自己来定义自己',
  'measure-parts': '“{value}”合起来不等于这个指标：须是同一类记录，按同一项的取值分开，不重不漏',
})

/** What there is to pick from. */
export interface Stock {
  fact(id: string): Fact | undefined
  dimensions(fact: Fact): Readonly<Record<string, Dimension>>
  /** Known values of a dimension; null where they are free words. */
  names(fact: Fact, dimension: string): Names | null
  /** A measure in force by its reference, or null. */
  measure(reference: string): Measure | null
}

const personal: readonly string[] = ['人', '名', '位']
const trees = { place: '地方', org: '组织' } as const

function checkFilters(filters: readonly Filter[], fact: Fact, stock: Stock, at: string): Issue[] {
  return filters.flatMap((f, i): Issue[] => {
    const path = `${at}.${i}`
    const dimension = stock.dimensions(fact)[f.dimension]
    if (!dimension)
      return [{ path: `${path}.dimension`, code: 'measure-dimension', params: { fact: fact.name, value: f.dimension } }]
    const ranged = f.from !== undefined || f.to !== undefined
    const ways = [f.in, f.not, ranged || undefined].filter((w) => w !== undefined).length
    if (ways !== 1 || (f.from ?? 0) > (f.to ?? 999)) return [{ path, code: 'measure-filter' }]
    if (ranged && f.dimension !== 'person.age')
      return [{ path, code: 'measure-ages', params: { dimension: dimension.name } }]
    const known = stock.names(fact, f.dimension)
    const side = f.in ? 'in' : 'not'
    return (f.in ?? f.not ?? []).flatMap((value, n) =>
      known && !Object.hasOwn(known, value)
        ? [{ path: `${path}.${side}.${n}`, code: 'measure-value', params: { dimension: dimension.name, value } }]
        : [],
    )
  })
}

function checkUnitOfCount(m: Counted, fact: Fact): Issue[] {
  const people = personal.includes(m.classifier)
  if (m.classifier === '%') return [{ path: 'classifier', code: 'measure-percent' }]
  if (m.aggregate === 'persons' && !fact.persons)
    return [{ path: 'aggregate', code: 'measure-persons', params: { fact: fact.name } }]
  if (m.aggregate === 'persons' && !people) return [{ path: 'classifier', code: 'measure-person-unit' }]
  // a target of so many persons is a quantity, and so is their average
  const quantity = ['sum', 'average', 'first', 'last'].includes(m.aggregate) && !fact.persons
  return people && m.aggregate !== 'persons' && !quantity ? [{ path: 'classifier', code: 'measure-times-unit' }] : []
}

function checkCounted(m: Counted, stock: Stock): Issue[] {
  const fact = stock.fact(m.fact)
  if (!fact) return [{ path: 'fact', code: 'measure-fact', params: { value: m.fact } }]
  const flow = fact.kind === 'event' || m.moment === 'begun' || m.moment === 'ended'
  return [
    ...checkFilters(m.filters ?? [], fact, stock, 'filters'),
    ...checkUnitOfCount(m, fact),
    ...(m.moment && fact.kind === 'event'
      ? [{ path: 'moment', code: 'measure-moment', params: { fact: fact.name } }]
      : []),
    ...(m.since && !flow ? [{ path: 'since', code: 'measure-since' }] : []),
    ...checkParts(m, fact, stock),
  ]
}

/** The one filter that makes a part of a whole; null where it differs from it otherwise. */
function partOf(whole: Counted, part: Measure | null): Filter | null {
  if (!part || !('fact' in part)) return null
  const own = (part.filters ?? []).filter((f) => !whole.filters?.some((w) => isDeepStrictEqual(w, f)))
  const [filter, more] = own
  const plain = (m: Counted) => [m.fact, m.aggregate, m.moment, m.since, m.classifier]
  const rest = (part.filters?.length ?? 0) - own.length === (whole.filters?.length ?? 0)
  return filter?.in && !more && rest && isDeepStrictEqual(plain(part), plain(whole)) ? filter : null
}

/** Parts add up where every record is in exactly one of them: records are counted, and each value of one dimension is in one part. */
function checkParts(m: Counted, fact: Fact, stock: Stock): Issue[] {
  if (!m.parts) return []
  const filters = m.parts.map((id) => partOf(m, stock.measure(id)))
  const dimension = filters[0]?.dimension ?? ''
  const values = Object.keys(stock.names(fact, dimension) ?? {}).toSorted()
  const told = filters.flatMap((f) => (f?.dimension === dimension ? (f.in ?? []) : ['']))
  const adds = dimension && ['count', 'sum'].includes(m.aggregate) && isDeepStrictEqual(told.toSorted(), values)
  return adds ? [] : [{ path: 'parts', code: 'measure-parts', params: { value: m.parts.join('、') } }]
}

/** The counted measure a reference stands for, or why it can't be used. */
function partAt(path: string, reference: string, self: string, stock: Stock): Counted | Issue[] {
  if (reference.replace(/@.*$/, '') === self) return [{ path, code: 'measure-self' }]
  const found = stock.measure(reference)
  if (!found) return [{ path, code: 'measure-unknown', params: { value: reference } }]
  if (!('fact' in found)) return [{ path, code: 'measure-plain', params: { value: found.name } }]
  return found
}

const isIssues = (part: Counted | Issue[]): part is Issue[] => Array.isArray(part)

function checkRatio(parts: readonly [string, string], self: string, stock: Stock): Issue[] {
  const [top, bottom] = parts.map((r, i) => partAt(`ratio.${i}`, r, self, stock)) as [Counted, Counted]
  const issues = [top, bottom].flatMap((p) => (isIssues(p) ? p : []))
  if (issues.length > 0) return issues
  if (parts[0] === parts[1]) return [{ path: 'ratio.1', code: 'measure-same' }]
  const [a, b] = [top, bottom].map((p) => stock.fact(p.fact)?.tree ?? 'org') as ['org', 'org']
  return a === b ? [] : [{ path: 'ratio.1', code: 'measure-tree', params: { top: trees[a], bottom: trees[b] } }]
}

function checkShare(share: { of: string; where: readonly Filter[] }, self: string, stock: Stock): Issue[] {
  const list = partAt('share.of', share.of, self, stock)
  if (isIssues(list)) return list
  const fact = stock.fact(list.fact)
  if (!fact?.list || !['count', 'persons', 'units'].includes(list.aggregate))
    return [{ path: 'share.of', code: 'measure-list', params: { value: list.name } }]
  return checkFilters(share.where, fact, stock, 'share.where')
}

function checkBalance(reference: string, self: string, stock: Stock): Issue[] {
  const part = partAt('balance', reference, self, stock)
  if (isIssues(part)) return part
  const kept = stock.fact(part.fact)?.flows && part.aggregate === 'persons' && (part.moment ?? 'end') === 'end'
  return kept ? [] : [{ path: 'balance', code: 'measure-flows', params: { value: part.name } }]
}

/** Every reason a measure can't be counted as it is stated. `self`: its own id. */
export function checkMeasure(m: Measure, stock: Stock): Issue[] {
  const issues =
    'fact' in m
      ? checkCounted(m, stock)
      : 'ratio' in m
        ? checkRatio(m.ratio, m.id, stock)
        : 'share' in m
          ? checkShare(m.share, m.id, stock)
          : checkBalance(m.balance, m.id, stock)
  if ('share' in m && m.classifier !== ('%' as string)) issues.push({ path: 'classifier', code: 'choice' })
  if (issues.length > 0) return issues
  const fact = 'fact' in m ? (stock.fact(m.fact) ?? null) : null
  return m.verbs.flatMap((verb, i) => {
    const claims = brokenClaim(verb, m, fact)
    return claims ? [{ path: `verbs.${i}`, code: 'measure-verb', params: { verb, claims } }] : []
  })
}

/** The measure a definition states. */
export function measureOf(id: string, { kind: _, ...stated }: Definition): Measure {
  return { id, ...stated } as Measure
}

/** A definition as it would be stated: what the catalogue shows of built-in measures too. */
export function stated({ id: _, ...told }: Measure): Definition {
  // what it is made of follows from its parts' own definitions
  const { parts: __, ...m } = { parts: undefined, ...told }
  const kind = 'fact' in m ? 'counted' : 'ratio' in m ? 'ratio' : 'share' in m ? 'share' : 'balance'
  return { kind, ...('fact' in m ? { filters: [] } : {}), ...m } as unknown as Definition
}
