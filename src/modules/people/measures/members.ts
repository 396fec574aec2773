// Members, posts and terms of office as stocks: who holds what on the last day of a period.
import { sql } from 'kysely'
import type { Counted, Fact, Measure } from '#core/facts.ts'
import { mechanismNames, settingNames } from '#modules/mechanisms/index.ts'
import { kindNames, stretches, stretchSources, subjects, unitNames } from '#modules/units/index.ts'
import { beginReasons, endReasons } from '../contract.ts'

const members: Fact = {
  id: 'people.members',
  name: '党员组织关系',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select m.id as record, m.unit_id, m.valid_from as day, nullif(m.valid_to, 'infinity') as until, m.person_id as person, 1 as quantity,
      m.status, m.kind as relation, u.kind, m.begin_reason as begun, coalesce(m.end_reason, '') as ended
    from membership m join unit u on u.district_id = m.district_id and u.id = m.unit_id join person p on p.district_id = m.district_id and p.id = m.person_id
    where m.district_id = ${district} and m.voided_at is null and p.withdrawn_at is null`,
  labels: (district) => sql`
    select m.id as record, p.name as label, p.id as page from membership m join person p on p.district_id = m.district_id and p.id = m.person_id where m.district_id = ${district}`,
  sources: { 'membership.id': 'record', 'unit.id': 'unit', 'person.id': 'person' },
  dimensions: {
    status: { name: '党员身份', values: { full: '正式党员', probationary: '预备党员' } },
    relation: { name: '关系', values: { formal: '正式组织关系', functional: '功能型组织' } },
    kind: { name: '组织类别', values: kindNames },
    begun: { name: '增加原因', values: beginReasons },
    ended: { name: '减少原因', values: endReasons },
  },
  persons: true,
  list: '党员名册',
  flows: { in: 'begun', out: 'ended', silent: ['status'] },
  evidenceVerb: 'person.read',
  link: '/console/persons/{page}',
}

const posts: Fact = {
  id: 'people.posts',
  name: '任职',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select t.id as record, t.unit_id, t.valid_from as day, nullif(t.valid_to, 'infinity') as until, t.person_id as person, 1 as quantity, t.title, u.kind
    from post t join unit u on u.district_id = t.district_id and u.id = t.unit_id where t.district_id = ${district}`,
  labels: (district) => sql`
    select t.id as record, t.title || '·' || u.name as label, t.person_id as page from post t join unit u on u.district_id = t.district_id and u.id = t.unit_id where t.district_id = ${district}`,
  sources: { 'post.id': 'record', 'unit.id': 'unit' },
  dimensions: { title: { name: '职务' }, kind: { name: '单位类别', values: kindNames } },
  persons: true,
  ages: 'cadre',
  evidenceVerb: 'person.read',
  link: '/console/persons/{page}',
}

/** A post named by a mechanism is filled where somebody holds a title that ends so, deputies not counted. */
const staffing: Fact = {
  id: 'people.staffing',
  name: '应配职务',
  tree: 'org',
  kind: 'stock',
  rows: (district) =>
    stretches(
      subjects(district, sql`(x.post->'kinds')`, {
        item: sql`x.post->>'title'`,
        from: sql` cross join lateral jsonb_array_elements(coalesce(m.settings->'posts', '[]')) x (post)`,
      }),
      sql`select m.id as mechanism, x.post->>'title' as item, t.unit_id, daterange(t.valid_from, t.valid_to) as r
        from mechanism m cross join lateral jsonb_array_elements(coalesce(m.settings->'posts', '[]')) x (post)
          join post t on t.district_id = m.district_id and right('·' || t.title, length(x.post->>'title') + 1) ~ '^[^副]'
            and right(t.title, length(x.post->>'title')) = x.post->>'title'
        where m.district_id = ${district} and m.engine = 'units'`,
    ),
  labels: unitNames,
  sources: { ...stretchSources, 'post.unit_id': 'record' },
  dimensions: {
    mechanism: { name: '机制', values: mechanismNames },
    item: { name: '职务' },
    kind: { name: '单位类别', values: kindNames },
    covered: { name: '已配', values: { yes: '是', no: '否' } },
  },
  list: '应配职务清单',
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

const terms: Fact = {
  id: 'people.terms',
  name: '任期角色',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select t.id as record, t.unit_id, t.valid_from as day, nullif(t.valid_to, 'infinity') as until, t.person_id as person, 1 as quantity,
      t.mechanism_id as mechanism, t.role, t.term, t.basis
    from tenure t where t.district_id = ${district}`,
  labels: (district) => sql`
    select t.id as record, p.name as label, p.id as page from tenure t join person p on p.district_id = t.district_id and p.id = t.person_id where t.district_id = ${district}`,
  sources: { 'tenure.id': 'record' },
  dimensions: {
    mechanism: { name: '机制', values: mechanismNames },
    role: { name: '角色', values: settingNames('$.terms.roles[*]') },
    term: { name: '届次' },
    basis: { name: '依据', values: settingNames('$.terms.bases[*]') },
  },
  persons: true,
  ages: 'cadre',
  evidenceVerb: 'person.read',
  link: '/console/persons/{page}',
}

export const memberFacts: readonly Fact[] = [members, posts, staffing, terms]

const staffed = (
  part: Pick<Counted, 'id' | 'name' | 'definition' | 'verbs' | 'parts'>,
  covered?: 'yes' | 'no',
): Measure => ({
  ...part,
  fact: 'people.staffing',
  ...(covered ? { filters: [{ dimension: 'covered', in: [covered] }] } : {}),
  aggregate: 'count',
  classifier: '个',
})

export const memberMeasures: readonly Measure[] = [
  {
    id: 'people.members',
    name: '党员',
    fact: 'people.members',
    filters: [{ dimension: 'relation', in: ['formal'] }],
    aggregate: 'persons',
    classifier: '人',
    verbs: ['有', '共有'],
    definition: '期末日正式组织关系在本单位及下级的党员（含预备党员），一人计一次；功能型党支部的党员不重复计。',
    ground: 'BR-06',
  },
  {
    id: 'people.member-balance',
    name: '党员增减平衡',
    balance: 'people.members',
    classifier: '人',
    verbs: ['有', '共有'],
    definition:
      '期初数＋新入党、恢复党籍、转入等－转出、出党、停止党籍、死亡等＝期末数，按组织关系的增减原因（ZB60、ZB59）逐人核对；转正不算增减。',
    ground: 'STAT-01',
  },
  {
    id: 'people.joined',
    name: '新发展党员',
    fact: 'people.members',
    filters: [
      { dimension: 'relation', in: ['formal'] },
      { dimension: 'begun', in: ['001'] },
    ],
    aggregate: 'persons',
    moment: 'begun',
    classifier: '人',
    verbs: ['发展', '新发展'],
    definition: '期内经上级党组织批准入党（接收为预备党员）的人，按批准之日计入，一人计一次；转正不计。',
    ground: 'STAT-01',
  },
  {
    id: 'people.functional-members',
    name: '功能型组织的党员',
    fact: 'people.members',
    filters: [{ dimension: 'relation', in: ['functional'] }],
    aggregate: 'persons',
    classifier: '人',
    verbs: ['有'],
    definition: '期末日在功能型党组织参加活动、正式关系不在其中的党员，一人计一次。',
  },
  {
    id: 'people.posts',
    name: '在任职务',
    fact: 'people.posts',
    aggregate: 'count',
    classifier: '个',
    verbs: ['配备', '配齐'],
    definition: '期末日有人担任的职务，一人任几职计几个。',
  },
  staffed({
    id: 'people.posts-expected',
    name: '应配职务',
    definition: '期末日按机制规定应当配备的职务，一个单位一个职务计一个；几项机制都要求的各计各的。',
    verbs: ['应配'],
    parts: ['people.posts-filled', 'people.posts-vacant'],
  }),
  staffed(
    {
      id: 'people.posts-filled',
      name: '已配职务',
      definition: '应配职务中期末日有人担任的；职务名称以规定名称结尾的算，副职不算。',
      verbs: ['配备', '配齐'],
    },
    'yes',
  ),
  staffed(
    { id: 'people.posts-vacant', name: '空缺职务', definition: '应配职务中期末日无人担任的。', verbs: ['空缺'] },
    'no',
  ),
  {
    id: 'people.posts-filled-rate',
    name: '职务配备率',
    share: { of: 'people.posts-expected', where: [{ dimension: 'covered', in: ['yes'] }] },
    classifier: '%',
    verbs: ['配备率'],
    definition: '已配职务 ÷ 应配职务，分母是名册。',
  },
  {
    id: 'people.units-without-secretary',
    name: '没有书记的党组织',
    fact: 'people.staffing',
    filters: [
      { dimension: 'covered', in: ['no'] },
      { dimension: 'item', in: ['书记', '党支部书记', '支部书记', '党委书记'] },
    ],
    aggregate: 'units',
    classifier: '个',
    verbs: ['缺'],
    definition: '期末日按机制规定应配书记而无人担任的党组织，同一组织只计一次。',
  },
  {
    id: 'people.term-holders',
    name: '担任任期角色的人',
    fact: 'people.terms',
    aggregate: 'persons',
    classifier: '人',
    verbs: ['吸纳', '进入', '当选'],
    definition: '期末日在任的党代表、人大代表、政协委员等，一人身兼几个角色只计一次。',
  },
  {
    id: 'people.terms',
    name: '任期角色',
    fact: 'people.terms',
    aggregate: 'count',
    classifier: '人次',
    verbs: ['担任'],
    definition: '期末日在任的任期角色，一人任几个角色、几届计几次。',
  },
]
