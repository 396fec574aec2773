// What is recorded of units under a mechanism: marks that hold, events, alliances and their members.
import { sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { settingNames } from '#modules/mechanisms/index.ts'
import { distinct, kind, mechanism } from './coverage.ts'
import { markValueNames } from './names.ts'

const marks: Fact = {
  id: 'units.marks',
  name: '单位标注',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select k.id as record, k.unit_id, k.valid_from as day, nullif(least(k.valid_to, coalesce(u.closed_on, 'infinity')), 'infinity') as until, null::uuid as person, 1 as quantity,
      k.mechanism_id as mechanism, k.mark, k.mark || ':' || k.value as value, u.kind
    from unit_mark k join unit u on u.district_id = k.district_id and u.id = k.unit_id where k.district_id = ${district}`,
  labels: (district) => sql`
    select k.id as record, u.name as label from unit_mark k join unit u on u.district_id = k.district_id and u.id = k.unit_id where k.district_id = ${district}`,
  sources: { 'unit_mark.id': 'record', 'unit.id': 'unit' },
  dimensions: {
    mechanism,
    mark: { name: '标注', values: settingNames('$.marks[*]') },
    value: { name: '取值', values: markValueNames },
    kind,
  },
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}&tab=register',
}

const events: Fact = {
  id: 'units.events',
  name: '单位活动与事项',
  tree: 'org',
  kind: 'event',
  rows: (district) => sql`
    select e.id as record, e.unit_id, e.held_on as day, null::date as until, null::uuid as person, e.quantity,
      e.mechanism_id as mechanism, e.event
    from unit_event e where e.district_id = ${district}`,
  labels: (district) => sql`select id as record, title as label from unit_event where district_id = ${district}`,
  sources: { 'unit_event.id': 'record' },
  dimensions: { mechanism, event: { name: '事项', values: settingNames('$.events[*]') } },
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}&tab=register&view=events',
}

const settled: Fact = {
  ...events,
  id: 'units.settlements',
  name: '办结的单位事项',
  rows: (district) => sql`
    select e.id as record, e.unit_id, e.settled_on as day, null::date as until, null::uuid as person, e.quantity,
      e.mechanism_id as mechanism, e.event
    from unit_event e where e.district_id = ${district} and e.settled_on is not null`,
}

const allied = (side: 'from_id' | 'to_id') => (district: number) =>
  sql`
  select l.id as record, u.id as unit_id, l.valid_from as day, nullif(least(l.valid_to, coalesce(u.closed_on, 'infinity')), 'infinity') as until, null::uuid as person, 1 as quantity,
    l.mechanism_id as mechanism, l.role, u.kind
  from unit_link l join unit u on u.district_id = l.district_id and u.id = l.${sql.ref(side)}
  where l.district_id = ${district} and l.kind = 'alliance' and l.mechanism_id is not null`

const alliedNames = (side: 'from_id' | 'to_id') => (district: number) =>
  sql`
  select l.id as record, u.name as label from unit_link l join unit u on u.district_id = l.district_id and u.id = l.${sql.ref(side)} where l.district_id = ${district}`

const leads: Fact = {
  id: 'units.alliances',
  name: '党建联盟',
  tree: 'org',
  kind: 'stock',
  rows: allied('from_id'),
  labels: alliedNames('from_id'),
  sources: { 'unit_link.id': 'record', 'unit.id': 'unit' },
  dimensions: { mechanism, kind },
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

const allies: Fact = {
  ...leads,
  id: 'units.alliance-members',
  name: '党建联盟成员',
  rows: allied('to_id'),
  labels: alliedNames('to_id'),
  dimensions: { mechanism, role: { name: '角色', values: settingNames('$.alliance.roles[*]') }, kind },
}

export const recordFacts: readonly Fact[] = [marks, events, settled, leads, allies]

export const recordMeasures: readonly Measure[] = [
  {
    id: 'units.marks',
    name: '单位标注',
    fact: 'units.marks',
    aggregate: 'count',
    classifier: '个',
    verbs: ['有', '获得', '评为'],
    definition:
      '期末日有效的标注（类型、状态、形式、荣誉等），一条计一个；单位撤销或标注到期、结束后不计。按“取值”分列看各类数目。',
  },
  distinct(
    {
      id: 'units.marked',
      name: '有标注的单位',
      fact: 'units.marks',
      definition: '期末日至少有一条有效标注的单位，同一单位只计一次。',
    },
    ['有'],
  ),
  {
    id: 'units.events',
    name: '单位活动与事项',
    fact: 'units.events',
    aggregate: 'count',
    classifier: '次',
    verbs: ['召开', '开展', '举办'],
    definition: '期内开展或立项的单位活动、联席会议、联合任务等，按发生日计次。',
  },
  {
    id: 'units.event-results',
    name: '单位活动成果',
    fact: 'units.events',
    aggregate: 'sum',
    classifier: '个',
    verbs: ['形成'],
    definition: '期内单位活动记录的数量之和，如联席会议形成的决议。',
  },
  {
    id: 'units.events-settled',
    name: '办结的单位事项',
    fact: 'units.settlements',
    aggregate: 'count',
    classifier: '件',
    verbs: ['解决', '办结'],
    definition: '期内办结的联合任务等事项，按办结日计入。',
  },
  distinct(
    {
      id: 'units.alliances',
      name: '党建联盟',
      fact: 'units.alliances',
      definition: '期末日至少有一个成员的联盟，按牵头组织计，同一牵头组织只计一次。',
    },
    ['组建', '成立'],
  ),
  distinct(
    {
      id: 'units.alliance-members',
      name: '联盟成员单位',
      fact: 'units.alliance-members',
      definition: '期末日参加联盟的单位，同一单位参加几个联盟、担任几个角色都只计一次。',
    },
    ['吸纳', '参加', '带动'],
  ),
]
