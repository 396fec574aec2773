// What a module publishes to be counted. A fact is a typed view of records; a measure is a fact + filter + aggregate + words.
// Value, breakdown, series and evidence are compiled from the same definition (modules/figures), so they cannot disagree.
import type { Kysely, RawBuilder } from 'kysely'
import type { DB } from './schema.ts'

/** Words of units of count. 人 counts distinct persons, 人次 counts times: different measures by construction. */
export const classifiers = [
  '人',
  '名',
  '位',
  '人次',
  '条',
  '件',
  '个',
  '次',
  '场次',
  '期',
  '期次',
  '户',
  '户次',
  '家',
  '项',
  '套',
  '本',
  '篇',
  '支',
  '级',
  '天',
  '小时',
  '分钟',
  '元',
  '万元',
  '%',
] as const
export type Classifier = (typeof classifiers)[number]

export type Names = Readonly<Record<string, string>>

export interface Dimension {
  name: string
  /** What its values are called: a table, or read from the district's records. A value that is not in it stands as it is. */
  values?: Names | ((at: { readonly db: Kysely<DB>; readonly district: number }) => Promise<Names>)
}

/**
 * How a changed value of `table.column` leads to records of a fact: it is the record, or the unit or person of its rows, or a
 * SELECT of (key, record) finds them; `all`: every record may say something else.
 */
export type Reach =
  | 'record'
  | 'unit'
  | 'person'
  | 'all'
  | ((district: number, keys: readonly string[]) => RawBuilder<unknown>)

export interface Fact {
  id: string
  name: string
  /** Which tree its unit stands in. */
  tree: 'place' | 'org'
  /** event: happened on `day`; stock: holds from `day` until before `until`. */
  kind: 'event' | 'stock'
  /**
   * SELECT of one district's records as they stand at an instant, with the columns
   * record uuid · unit_id uuid · day date · until date|null · person uuid|null · quantity numeric, one text column per dimension, and
   * turns_at timestamptz where the fact `turns`: the instant from which the row says something else. Nothing else in it may depend on time.
   */
  rows(district: number, at: RawBuilder<unknown>): RawBuilder<unknown>
  /** Its rows change by themselves when an instant passes (a deadline). */
  turns?: true
  /**
   * SELECT of (record uuid, label text): what to call a record, also one that is counted no more; and `page uuid` where `link` names it.
   */
  labels(district: number): RawBuilder<unknown>
  /** What `rows` reads, each `table.column` marked by the database (db/migrations/0012): which records a change there touches. */
  sources: Readonly<Record<string, Reach | readonly Reach[]>>
  dimensions: Readonly<Record<string, Dimension>>
  /** Its records are of persons: they can be told apart by sex and age, and small groups of them are not shown. */
  persons?: boolean
  /** Which age bands apply (AGE-03). */
  ages?: 'party' | 'cadre'
  /** Name of the stored list its records are: only of such a list can a share be 100%. */
  list?: string
  /** Why persons come in and go out, for the balance of a stock [STAT-01]. `silent` values are neither. */
  flows?: { in: string; out: string; silent: readonly string[] }
  /** Verb needed to see the records behind a number. */
  evidenceVerb: string
  /** Page of one record: `{id}` is the record, `{unit}` where it is counted, `{page}` what its labels say; null: it has none. */
  link: string | null
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
  ground?: string | undefined
}

/** Which values of a dimension: these, all but these, or (ages) from–to, both inside [AGE-02]. */
export interface Filter {
  dimension: string
  in?: readonly string[] | undefined
  not?: readonly string[] | undefined
  from?: number | undefined
  to?: number | undefined
}

export const aggregates = ['count', 'persons', 'units', 'sum', 'average', 'first', 'last'] as const
export const moments = ['end', 'start', 'begun', 'ended'] as const

export interface Counted extends Shared {
  fact: string
  filters?: readonly Filter[] | undefined
  /**
   * count: records; persons, units: distinct ones; sum, average: of quantity;
   * first, last: quantity of each unit's first or last record of the period, added up over units.
   */
  aggregate: (typeof aggregates)[number]
  /**
   * Of a stock: what holds at the end (last day of the period, the default) or at the start (eve of its first day),
   * what began in the period, what ended in it.
   */
  moment?: (typeof moments)[number] | undefined
  /** 累计: counted from this day, whatever the period's first day. */
  since?: string | undefined
  /** Ids of measures that together make this one, everywhere and always: they tell its records apart by one dimension. */
  parts?: readonly string[] | undefined
}

export interface Ratio extends Shared {
  /** Ids of two counted measures; integers first, percentage (or, with another unit of count, quotient) last. Denominator 0 is no number. */
  ratio: readonly [numerator: string, denominator: string]
}

/** Share of a stored list: what of the list's records also has these values. Never over 100%, and 100% only when every record has. */
export interface Share extends Shared {
  classifier: '%'
  share: { of: string; where: readonly Filter[] }
}

/** Balance identity of a stock of persons: opening + in − out = closing [STAT-01]. `balance` names the counted stock; its closing number is the value. */
export interface Balance extends Shared {
  balance: string
}

export type Measure = Counted | Ratio | Share | Balance
