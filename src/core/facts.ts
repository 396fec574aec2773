// What a module publishes to be counted. A fact is a typed view of records; a measure is a fact + filter + aggregate + words.
// Value, breakdown, series and evidence are compiled from the same definition (modules/figures), so they cannot disagree.
import type { RawBuilder } from 'kysely'

/** Words of units of count. 人 counts distinct persons, 人次 counts times: different measures by construction. */
export type Classifier = '人' | '名' | '人次' | '条' | '件' | '个' | '次' | '天' | '小时' | '%'

export interface Fact {
  id: string
  name: string
  /** Which tree its unit stands in. */
  tree: 'place' | 'org'
  /** event: happened on `day`; stock: holds from `day` until before `until`. */
  kind: 'event' | 'stock'
  /**
   * SELECT of one district's records with the columns
   * record uuid · unit_id uuid · path text (today's tree) · day date · until date|null · person uuid|null · quantity numeric · label text,
   * and one column per dimension.
   */
  rows(district: number): RawBuilder<unknown>
  dimensions: Record<string, { name: string }>
  /** Verb needed to see the records behind a number. */
  evidenceVerb: string
  /** Page of one record, `{id}` filled in. */
  link: string
}

interface Shared {
  id: string
  name: string
  /** 口径: what exactly is counted, in one or two sentences a practitioner can check. */
  definition: string
  classifier: Classifier
  /** Verbs a sentence may state this number with (catalogue/verbs.md). */
  verbs: readonly string[]
  /** Rule the definition rests on. */
  ground?: string
}

export interface Filter {
  dimension: string
  in: readonly string[]
}

export interface Counted extends Shared {
  fact: string
  filters?: readonly Filter[]
  /** count: records; persons, units: distinct ones; sum: of quantity. For stock facts all are taken on the last day of the period. */
  aggregate: 'count' | 'persons' | 'units' | 'sum'
}

export interface Ratio extends Shared {
  classifier: '%'
  /** Ids of two counted measures; integers first, percentage last. Denominator 0 is no number. */
  ratio: readonly [numerator: string, denominator: string]
}

export type Measure = Counted | Ratio
