// What every fact can be told apart by, beside its own dimensions: the kind of unit, and of persons sex, age and schooling.
import { type RawBuilder, sql } from 'kysely'
import { addMonths, type AgeBand, birthMonthCutoff, CADRE_AGE_BANDS, PARTY_AGE_BANDS } from '#core/calendar.ts'
import type { Dimension, Fact, Names } from '#core/facts.ts'
import { education, sexes } from '#modules/people/index.ts'
import { kindNames } from '#modules/units/index.ts'

/** Tables that have to be joined for it: the words of a record's own dimensions as h, those of its person as k. */
export type Joined = 'shape' | 'traits'

/** What a column is asked of: versions r of a fact at their places p, on which day. */
export interface Asked {
  fact: Fact
  on: RawBuilder<unknown>
}

export const bandsOf = (fact: Fact): readonly AgeBand[] => (fact.ages === 'cadre' ? CADRE_AGE_BANDS : PARTY_AGE_BANDS)

export const bandName = ({ from, to }: AgeBand) =>
  from === undefined ? `${to}岁及以下` : to === undefined ? `${from}岁及以上` : `${from}—${to}岁`

const codes = (table: readonly { code: string; name: string }[]): Names =>
  Object.fromEntries(table.map((c) => [c.code, c.name]))

/** AGE-01: by month, on the record's own day or the day a stock is read on. */
const age = ({ on }: Asked) => sql`div(extract(year from ${on}) * 12 + extract(month from ${on}) - 1 - r.born, 12)`

interface Column extends Dimension {
  joins: readonly Joined[]
  text(asked: Asked): RawBuilder<unknown>
  number?(asked: Asked): RawBuilder<unknown>
}

const ofUnits: Record<string, Column> = {
  'unit.kind': {
    name: '单位类别',
    values: kindNames,
    joins: [],
    text: () => sql.ref('p.kind'),
  },
}

const ofPersons: Record<string, Column> = {
  'person.sex': { name: '性别', values: codes(sexes), joins: ['traits'], text: () => sql`k.dims->>'sex'` },
  'person.age': {
    name: '年龄段',
    joins: [],
    text: (asked) => {
      const bands = bandsOf(asked.fact).map((b) => sql`when ${age(asked)} <= ${b.to ?? 999} then ${b.code}`)
      return sql`case when r.born is null then '' ${sql.join(bands, sql` `)} end`
    },
    number: age,
  },
  'person.education': {
    name: '学历',
    values: codes(education),
    joins: ['traits'],
    text: () => sql`coalesce(k.dims->>'education', '')`,
  },
}

const shared: Record<string, Column> = { ...ofUnits, ...ofPersons }

/** All dimensions of a fact, its own first. */
export function dimensionsOf(fact: Fact): Record<string, Dimension> {
  const ages = Object.fromEntries(bandsOf(fact).map((b) => [b.code, bandName(b)]))
  const persons = fact.persons
    ? { ...ofPersons, 'person.age': { ...(ofPersons['person.age'] as Dimension), values: ages } }
    : {}
  return { ...fact.dimensions, ...ofUnits, ...persons }
}

export const joinsOf = (dimension: string): readonly Joined[] => shared[dimension]?.joins ?? ['shape']

export const columnOf = (dimension: string, asked: Asked): RawBuilder<unknown> =>
  shared[dimension]?.text(asked) ?? sql`h.dims->>${sql.lit(dimension)}`

export const numberOf = (dimension: string, asked: Asked): RawBuilder<unknown> =>
  shared[dimension]?.number?.(asked) ?? sql`null::int`

const month = (yearMonth: string) => `${yearMonth.slice(0, 4)}年${Number(yearMonth.slice(5, 7))}月`

/** AGE-02: who is `from`–`to` years old on a day, as printed: 「1990年12月及以后出生」. */
export function bornOf({ from, to }: { from?: number | undefined; to?: number | undefined }, on: string): string {
  const first = to === undefined ? null : month(birthMonthCutoff(on, to))
  const last = from === undefined ? null : month(addMonths(`${birthMonthCutoff(on, from - 1)}-01`, -1))
  if (first && last) return `${first}至${last}出生`
  return first ? `${first}及以后出生` : `${last}及以前出生`
}
