// Coverage as a stock: a unit is covered or not on every day it exists, so a ratio comes from stored lists only.
import { type RawBuilder, sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { mechanismNames, settingNames } from '#modules/mechanisms/index.ts'
import { kindNames } from './names.ts'

export const mechanism = { name: '机制', values: mechanismNames }
export const kind = { name: '类别', values: kindNames }
export const yesNo = { yes: '是', no: '否' }

/** SQL: days both ranges share, while the mechanism is in force. */
const own = sql`daterange(v.valid_from, v.valid_to) * daterange(m.valid_from, m.valid_to)`

/** SQL: (mechanism, item, unit_id, kind, own) of the units a part of the settings speaks of. `kinds` is a JSON array of kind ids. */
export const subjects = (
  district: number,
  kinds: RawBuilder<unknown>,
  each: { item: RawBuilder<unknown>; from: RawBuilder<unknown> } = { item: sql`''`, from: sql`` },
) => sql`
  select m.id as mechanism, ${each.item} as item, v.unit_id, v.kind, ${own} as own
  from mechanism m${each.from} join unit_version v on v.district_id = m.district_id and ${kinds} @> to_jsonb(v.kind)
  where m.district_id = ${district} and m.engine = 'units' and not isempty(${own})`

/**
 * SQL: one record per unit and unbroken stretch in which it is covered or not.
 * `covers` yields (mechanism, item, unit_id, r): the ranges of days in which something covers it.
 */
export const stretches = (of: RawBuilder<unknown>, covers: RawBuilder<unknown>) => sql`
  select s.unit_id as record, s.unit_id, lower(p.r) as day, nullif(upper(p.r), 'infinity') as until, null::uuid as person, 1 as quantity,
    s.mechanism, s.item, s.kind, p.covered
  from (${of}) s
    cross join lateral (select range_agg(x.r) as r from (${covers}) x where x.mechanism = s.mechanism and x.item = s.item and x.unit_id = s.unit_id) c
    cross join lateral (
      select unnest(datemultirange(s.own) * coalesce(c.r, '{}')) as r, 'yes' as covered
      union all select unnest(datemultirange(s.own) - coalesce(c.r, '{}')), 'no') p`

/** Units are called as they are today. */
export const unitNames = (district: number) =>
  sql`select id as record, name as label from unit where district_id = ${district}`

/** What every fact of stretches reads; what covers its units comes besides. */
export const stretchSources = { 'unit_version.unit_id': 'record', 'mechanism.id': 'all' } as const

const registered: Fact = {
  id: 'units.registered',
  name: '机制登记的单位',
  tree: 'org',
  kind: 'stock',
  rows: (district) =>
    stretches(
      subjects(district, sql`m.settings->'registers'`),
      sql`select '' as mechanism, '' as item, null::uuid as unit_id, 'empty'::daterange as r where false`,
    ),
  labels: unitNames,
  sources: stretchSources,
  dimensions: { mechanism, kind },
  list: '机制登记册',
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

/** An organisation's own life bounds what it covers. */
const placesServed = (district: number, organisations: readonly string[]) =>
  sql`select from_id as key, to_id as record from unit_link where district_id = ${district} and from_id = any(${organisations}::uuid[])`

const places: Fact = {
  id: 'units.bound-places',
  name: '应有组织的地方',
  tree: 'place',
  kind: 'stock',
  rows: (district) =>
    stretches(
      subjects(district, sql`(m.settings->'binding'->'places')`),
      sql`select m.id as mechanism, '' as item, l.to_id as unit_id, daterange(l.valid_from, l.valid_to) * daterange(o.valid_from, o.valid_to) as r
        from mechanism m join unit_version o on o.district_id = m.district_id and (m.settings->'binding'->'organisations') @> to_jsonb(o.kind)
          join unit_link l on l.district_id = o.district_id and l.from_id = o.unit_id and l.kind = 'serves'
        where m.district_id = ${district} and m.engine = 'units'`,
    ),
  labels: unitNames,
  sources: {
    ...stretchSources,
    'unit_version.unit_id': ['record', placesServed],
    'unit_link.to_id': 'record',
  },
  dimensions: { mechanism, kind, covered: { name: '有组织', values: yesNo } },
  list: '应有组织的地方名册',
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

/** Days on which a mark named in the coverage settings holds. */
const marked = (district: number, part: 'presence' | 'check') => sql`
  select m.id as mechanism, '' as item, k.unit_id, daterange(k.valid_from, k.valid_to) as r
  from mechanism m join unit_mark k on k.district_id = m.district_id and k.mechanism_id = m.id and k.mark = m.settings->'coverage'->>${part}
  where m.district_id = ${district} and m.engine = 'units'`

const present: Fact = {
  id: 'units.entities',
  name: '应覆盖的两新组织',
  tree: 'org',
  kind: 'stock',
  rows: (district) =>
    stretches(subjects(district, sql`(m.settings->'coverage'->'entities')`), marked(district, 'presence')),
  labels: unitNames,
  sources: { ...stretchSources, 'unit_mark.unit_id': 'record' },
  dimensions: { mechanism, kind, covered: { name: '有党的组织', values: yesNo } },
  list: '两新组织名册',
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

const checked: Fact = {
  ...present,
  id: 'units.checked-entities',
  name: '应有效覆盖的两新组织',
  rows: (district) =>
    stretches(
      subjects(district, sql`(m.settings->'coverage'->'entities')`),
      sql`select a.mechanism, a.item, a.unit_id, a.r * b.r as r from (${marked(district, 'presence')}) a join (${marked(district, 'check')}) b
        on b.mechanism = a.mechanism and b.unit_id = a.unit_id and a.r && b.r`,
    ),
  dimensions: { mechanism, kind, covered: { name: '有效覆盖', values: yesNo } },
}

const cadence: Fact = {
  id: 'units.cadence',
  name: '应按期开展的事项',
  tree: 'org',
  kind: 'stock',
  rows: (district) =>
    stretches(
      subjects(district, sql`(x.event->'kinds')`, {
        item: sql`x.event->>'id'`,
        from: sql` cross join lateral (select e.event from jsonb_array_elements(coalesce(m.settings->'events', '[]')) e (event) where e.event ? 'everyMonths') x`,
      }),
      sql`select k.mechanism_id as mechanism, k.event as item, k.unit_id, daterange(k.held_on, (k.held_on + make_interval(months => (e.event->>'everyMonths')::int))::date) as r
        from unit_event k join mechanism m on m.district_id = k.district_id and m.id = k.mechanism_id
          cross join lateral jsonb_array_elements(coalesce(m.settings->'events', '[]')) e (event)
        where k.district_id = ${district} and e.event->>'id' = k.event and e.event ? 'everyMonths'`,
    ),
  labels: unitNames,
  sources: { ...stretchSources, 'unit_event.unit_id': 'record' },
  dimensions: {
    mechanism,
    item: { name: '事项', values: settingNames('$.events[*]') },
    covered: { name: '按期', values: yesNo },
  },
  list: '应按期开展名册',
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

export const coverageFacts: readonly Fact[] = [registered, places, present, checked, cadence]

type Part = Pick<Measure & { fact: string }, 'id' | 'name' | 'fact' | 'definition'>
/** Units counted once. */
export const distinct = (part: Part, verbs: readonly string[], covered?: 'yes' | 'no'): Measure => ({
  ...part,
  ...(covered ? { filters: [{ dimension: 'covered', in: [covered] }] } : {}),
  aggregate: 'units',
  classifier: '个',
  verbs,
})
/** What is due under each mechanism, and what of it is met: met and unmet add up to what is due. */
export const owed = (
  part: Part,
  verbs: readonly string[],
  more: { covered?: 'yes' | 'no'; parts?: readonly string[] } = {},
): Measure => ({
  ...distinct(part, verbs, more.covered),
  aggregate: 'count',
  ...(more.parts ? { parts: more.parts } : {}),
})

/** Share of a stored list whose records are covered. */
const rate = (id: string, name: string, of: string, definition: string): Measure => ({
  id,
  name,
  share: { of, where: [{ dimension: 'covered', in: ['yes'] }] },
  classifier: '%',
  verbs: ['覆盖率', '达到', '覆盖', '全覆盖', '均'],
  definition,
})

const once = '同一单位只计一次；按机制分列时，各机制各计各的。'
const each = '几项机制都要求的，各机制各计一个。'
const eachItem = '一个单位一项活动计一个，几项机制都规定的各计各的。'

export const coverageMeasures: readonly Measure[] = [
  distinct(
    {
      id: 'units.registered',
      name: '在册单位',
      fact: 'units.registered',
      definition: `期末日仍然存在、机制登记范围内的单位；${once}`,
    },
    ['建立', '成立', '设有', '登记'],
  ),
  owed(
    {
      id: 'units.places-due',
      name: '应有组织的地方',
      fact: 'units.bound-places',
      definition: `期末日存在、机制要求有组织服务的地方（名册）；${each}`,
    },
    ['应建'],
    { parts: ['units.places-covered', 'units.places-uncovered'] },
  ),
  owed(
    {
      id: 'units.places-covered',
      name: '已有组织的地方',
      fact: 'units.bound-places',
      definition: `应有组织的地方中，期末日有规定类别的组织服务的；${each}`,
    },
    ['建立', '设有'],
    { covered: 'yes' },
  ),
  owed(
    {
      id: 'units.places-uncovered',
      name: '没有组织的地方',
      fact: 'units.bound-places',
      definition: `应有组织的地方中，期末日没有规定类别的组织服务的；${each}`,
    },
    ['空白'],
    { covered: 'no' },
  ),
  rate(
    'units.place-coverage',
    '组织覆盖率',
    'units.places-due',
    '已有组织的地方 ÷ 应有组织的地方，分母是名册，不是估算。',
  ),
  distinct(
    {
      id: 'units.entities',
      name: '两新组织',
      fact: 'units.entities',
      definition: `期末日存在、机制要求覆盖的两新组织（名册）；${once}`,
    },
    ['登记', '摸排'],
  ),
  distinct(
    {
      id: 'units.entities-present',
      name: '有党的组织的两新组织',
      fact: 'units.entities',
      definition: `期末日单独建、联合建党组织或有党建指导员的两新组织；${once}`,
    },
    ['建立', '设有'],
    'yes',
  ),
  rate('units.tangible-coverage', '有形覆盖率', 'units.entities', '有党的组织的两新组织 ÷ 名册上的两新组织。'),
  distinct(
    {
      id: 'units.entities-checked-due',
      name: '应查有效覆盖的两新组织',
      fact: 'units.checked-entities',
      definition: `期末日存在、机制要求覆盖的两新组织（名册）；${once}`,
    },
    ['登记'],
  ),
  distinct(
    {
      id: 'units.entities-effective',
      name: '有效覆盖的两新组织',
      fact: 'units.checked-entities',
      definition: `有党的组织、且在期限内查过作用发挥的两新组织；过期未查的不计；${once}`,
    },
    ['有效覆盖'],
    'yes',
  ),
  rate(
    'units.effective-coverage',
    '有效覆盖率',
    'units.entities-checked-due',
    '有效覆盖的两新组织 ÷ 名册上的两新组织。',
  ),
  owed(
    {
      id: 'units.cadence-due',
      name: '应按期开展的事项',
      fact: 'units.cadence',
      definition: `期末日存在、机制规定单位须按期开展的活动；${eachItem}`,
    },
    ['应开展'],
    { parts: ['units.cadence-kept', 'units.cadence-late'] },
  ),
  owed(
    {
      id: 'units.cadence-kept',
      name: '按期开展的事项',
      fact: 'units.cadence',
      definition: `应按期开展的事项中，期末日没有超过规定间隔的；${eachItem}`,
    },
    ['按期开展'],
    { covered: 'yes' },
  ),
  owed(
    {
      id: 'units.cadence-late',
      name: '逾期未开展的事项',
      fact: 'units.cadence',
      definition: `应按期开展的事项中，期末日已经超过规定间隔的；${eachItem}`,
    },
    ['逾期'],
    { covered: 'no' },
  ),
  rate('units.cadence-rate', '按期开展率', 'units.cadence-due', '按期开展的事项 ÷ 应按期开展的事项。'),
]
