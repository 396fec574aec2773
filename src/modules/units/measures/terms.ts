// 届次 as a stock: every organisation that elects stands under one light on every day it exists. [BR-11, BR-12]
import { sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { lightBegins } from '../rules/terms.ts'
import { kind, mechanism, owed, stretchSources, subjects, unitNames } from './coverage.ts'

const lights = {
  'in-term': '任期内',
  soon: '半年内届满',
  expired: '已届满',
  severe: '届满超过一年',
  none: '未登记届次',
}

/** SQL: (mechanism, unit_id, light, r): the days on which a term stands under each light. */
const lit = (district: number) => sql`
  select t.mechanism_id as mechanism, t.unit_id, s.light, daterange(t.elected_on, t.ended_on) * s.r as r
  from unit_term t
    cross join lateral (select coalesce(t.shifted_to, t.due_on) as due) d
    cross join lateral (values
      ('in-term', daterange(null, d.due + ${lightBegins.soon}::int)),
      ('soon', daterange(d.due + ${lightBegins.soon}::int, d.due + ${lightBegins.expired}::int)),
      ('expired', daterange(d.due + ${lightBegins.expired}::int, d.due + ${lightBegins.severe}::int)),
      ('severe', daterange(d.due + ${lightBegins.severe}::int, null))) s (light, r)
  where t.district_id = ${district} and t.voided_at is null`

const electing = (district: number) =>
  subjects(district, sql`(x.setting->'kinds')`, {
    item: sql`''`,
    from: sql` cross join lateral jsonb_array_elements(coalesce(m.settings->'elections', '[]')) x (setting)`,
  })

const terms: Fact = {
  id: 'units.terms',
  name: '届次',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select s.unit_id as record, s.unit_id, lower(p.r) as day, nullif(upper(p.r), 'infinity') as until, null::uuid as person, 1 as quantity,
      s.mechanism, s.kind, p.light
    from (${electing(district)}) s
      cross join lateral (select range_agg(x.r) as r from (${lit(district)}) x where x.mechanism = s.mechanism and x.unit_id = s.unit_id) c
      cross join lateral (
        select unnest(datemultirange(s.own) * datemultirange(x.r)) as r, x.light
          from (${lit(district)}) x where x.mechanism = s.mechanism and x.unit_id = s.unit_id and not isempty(x.r)
        union all select unnest(datemultirange(s.own) - coalesce(c.r, '{}')), 'none') p`,
  labels: unitNames,
  sources: { ...stretchSources, 'unit_term.unit_id': 'record' },
  dimensions: { mechanism, kind, light: { name: '届次情况', values: lights } },
  list: '应换届党组织名册',
  evidenceVerb: 'unit.read',
  link: '/console/terms?term={unit}',
}

const elections: Fact = {
  id: 'units.elections',
  name: '换届选举',
  tree: 'org',
  kind: 'event',
  rows: (district) => sql`
    select t.id as record, t.unit_id, t.elected_on as day, null::date as until, null::uuid as person, 1 as quantity,
      t.mechanism_id as mechanism, u.kind
    from unit_term t join unit u on u.district_id = t.district_id and u.id = t.unit_id
    where t.district_id = ${district} and t.voided_at is null`,
  labels: (district) => sql`
    select t.id as record, u.name as label from unit_term t join unit u on u.district_id = t.district_id and u.id = t.unit_id where t.district_id = ${district}`,
  sources: { 'unit_term.id': 'record', 'unit.id': 'unit' },
  dimensions: { mechanism, kind },
  evidenceVerb: 'unit.read',
  link: '/console/terms?term={unit}',
}

export const termFacts: readonly Fact[] = [terms, elections]

const under = (
  part: { id: string; name: string; definition: string },
  of: readonly (keyof typeof lights)[],
  verbs: readonly string[],
): Measure => ({
  ...owed({ ...part, fact: 'units.terms' }, verbs),
  filters: [{ dimension: 'light', in: of }],
  ground: 'BR-12',
})

export const termMeasures: readonly Measure[] = [
  owed(
    {
      id: 'units.terms-due',
      name: '按期换届的党组织（名册）',
      fact: 'units.terms',
      definition: '期末日存在、按规定须按期换届的党组织（名册），临时、功能型党组织不在内；几项机制都规定的各计一个。',
    },
    ['应换届'],
    { parts: ['units.terms-in-order', 'units.terms-expired', 'units.terms-unknown'] },
  ),
  under(
    {
      id: 'units.terms-in-order',
      name: '未届满的党组织',
      definition: '名册上的党组织中，期末日本届还没有届满的；经批准延期的按批准的日期。',
    },
    ['in-term', 'soon'],
    ['未届满'],
  ),
  under(
    { id: 'units.terms-soon', name: '半年内届满的党组织', definition: '名册上的党组织中，期末日起180天内届满的。' },
    ['soon'],
    ['届满临近'],
  ),
  under(
    {
      id: 'units.terms-expired',
      name: '届满未换届的党组织',
      definition: '名册上的党组织中，期末日已届满还没有换届的，含超过一年的。',
    },
    ['expired', 'severe'],
    ['届满未换届'],
  ),
  under(
    {
      id: 'units.terms-severe',
      name: '严重超期的党组织',
      definition: '名册上的党组织中，期末日届满已超过365天还没有换届的。',
    },
    ['severe'],
    ['严重超期'],
  ),
  under(
    {
      id: 'units.terms-unknown',
      name: '没有登记届次的党组织',
      definition: '名册上的党组织中，期末日没有登记任何届次的。',
    },
    ['none'],
    ['未登记'],
  ),
  {
    id: 'units.terms-rate',
    name: '按期换届率',
    share: { of: 'units.terms-due', where: [{ dimension: 'light', in: ['in-term', 'soon'] }] },
    classifier: '%',
    verbs: ['按期换届率', '达到'],
    definition: '未届满的党组织 ÷ 须按期换届的党组织，分母是名册；没有登记届次的不算按期。',
  },
  {
    id: 'units.elections',
    name: '换届选举',
    fact: 'units.elections',
    aggregate: 'count',
    classifier: '次',
    verbs: ['完成换届', '换届'],
    definition: '期内举行的换届选举，按选举日计次；登记有误已作废的不计。',
  },
]
