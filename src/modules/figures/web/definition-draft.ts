// What the editor holds while a measure is picked, and the definition it states.
import type { Definition, MeasureVersion } from '../contract.ts'

export interface FilterDraft {
  dimension: string
  way: 'in' | 'not' | 'ages'
  values: string[]
  from: number | null
  to: number | null
}

export interface Draft {
  name: string
  kind: Definition['kind']
  fact: string | undefined
  filters: FilterDraft[]
  aggregate: string
  moment: string
  since: string
  top: string | undefined
  bottom: string | undefined
  /** list of a share, stock of a balance */
  of: string | undefined
  where: FilterDraft[]
  classifier: string | undefined
  definition: string
  verbs: string[]
  ground: string
  from: string
  reason: string
}

type Filter = Extract<Definition, { kind: 'counted' }>['filters'][number]

const filterDraft = (f: Filter): FilterDraft => ({
  dimension: f.dimension,
  way: f.in ? 'in' : f.not ? 'not' : 'ages',
  values: f.in ?? f.not ?? [],
  from: f.from ?? null,
  to: f.to ?? null,
})

const plain = (reference: string) => reference.replace(/@\d+$/, '')

const empty: Draft = {
  name: '',
  kind: 'counted',
  fact: undefined,
  filters: [],
  aggregate: 'count',
  moment: 'end',
  since: '',
  top: undefined,
  bottom: undefined,
  of: undefined,
  where: [],
  classifier: undefined,
  definition: '',
  verbs: [],
  ground: '',
  from: '',
  reason: '',
}

/** References are shown without their version: what is changed follows what is in force. */
export function draftOf(m: MeasureVersion | undefined): Draft {
  if (!m) return empty
  const s = m.stated
  const words = {
    ...empty,
    name: s.name,
    classifier: s.classifier,
    definition: s.definition,
    verbs: s.verbs,
    kind: s.kind,
  }
  const draft = { ...words, ground: s.ground ?? '' }
  if (s.kind === 'ratio') return { ...draft, top: plain(s.ratio[0]), bottom: plain(s.ratio[1]) }
  if (s.kind === 'share') return { ...draft, of: plain(s.share.of), where: s.share.where.map(filterDraft) }
  if (s.kind === 'balance') return { ...draft, of: plain(s.balance) }
  return {
    ...draft,
    fact: s.fact,
    filters: s.filters.map(filterDraft),
    aggregate: s.aggregate,
    moment: s.moment ?? 'end',
    since: s.since ?? '',
  }
}

const filterOf = (f: FilterDraft) => {
  if (f.way !== 'ages') return { dimension: f.dimension, [f.way]: f.values }
  return {
    dimension: f.dimension,
    ...(f.from === null ? {} : { from: f.from }),
    ...(f.to === null ? {} : { to: f.to }),
  }
}

/** As the server takes it; what is not filled in is refused there with its reason. */
export function statedOf(d: Draft): Record<string, unknown> {
  const words = {
    kind: d.kind,
    name: d.name,
    definition: d.definition,
    classifier: d.classifier ?? (d.kind === 'share' ? '%' : ''),
    verbs: d.verbs,
    ...(d.ground ? { ground: d.ground } : {}),
  }
  if (d.kind === 'ratio') return { ...words, ratio: [d.top ?? '', d.bottom ?? ''] }
  if (d.kind === 'share') return { ...words, share: { of: d.of ?? '', where: d.where.map(filterOf) } }
  if (d.kind === 'balance') return { ...words, balance: d.of ?? '' }
  return {
    ...words,
    fact: d.fact ?? '',
    filters: d.filters.map(filterOf),
    aggregate: d.aggregate,
    ...(d.moment === 'end' ? {} : { moment: d.moment }),
    ...(d.since ? { since: d.since } : {}),
  }
}

/** What can be counted while it is still being written: null before anything is picked. Words that are missing hold nobody up. */
export function previewOf(d: Draft): Record<string, unknown> | null {
  const picked = { counted: d.fact, ratio: d.top && d.bottom, share: d.of && d.where.length > 0, balance: d.of }[d.kind]
  if (!picked || [...d.filters, ...d.where].some((f) => f.way !== 'ages' && f.values.length === 0)) return null
  const person = d.kind === 'counted' && d.aggregate === 'persons'
  return statedOf({
    ...d,
    name: d.name.trim() || '新指标',
    definition: d.definition.trim() || '待写',
    classifier: d.classifier ?? (d.kind === 'counted' ? (person ? '人' : '个') : '%'),
    verbs: d.verbs.length > 0 ? d.verbs : ['有'],
  })
}
