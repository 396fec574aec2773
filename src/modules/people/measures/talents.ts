// 人才: each step on its day; 引进 is who arrived, not who was promised; staying is judged by those whose months are up.
import { type RawBuilder, sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { mechanismNames, settingNames } from '#modules/mechanisms/index.ts'
import type { Milestone } from '../contract.ts'

const milestoneNames: Readonly<Record<Milestone, string>> = {
  interest: '意向',
  applied: '报名',
  assessed: '评估',
  interviewed: '面试',
  offered: '拟录用',
  signed: '签约',
  arrived: '到岗',
  serving: '服务',
  supported: '扶持',
  retained: '留存',
  completed: '期满',
  left: '离开',
}
const yesNo = { yes: '是', no: '否' }

const mechanism = { name: '机制', values: mechanismNames }
const words = {
  mechanism,
  form: { name: '形式', values: { person: '个人', team: '团队', project: '项目' } },
  level: { name: '层次', values: settingNames('$.levels[*]') },
  field: { name: '领域', values: settingNames('$.fields[*]') },
  route: { name: '路径', values: settingNames('$.routes[*]') },
  channel: { name: '渠道', values: settingNames('$.channels[*]') },
}
const own = sql`t.mechanism_id as mechanism, t.form, t.level, t.field, t.route, t.channel`
/** What a talent is called, at the records of `source` (alias s). */
const called = (source: RawBuilder<unknown>) => (district: number) =>
  sql`
  select s.id as record, coalesce(p.name, t.title) as label, t.id as page from ${source} join talent t on t.district_id = s.district_id and t.id = s.talent_id
    left join person p on p.district_id = t.district_id and p.id = t.person_id where s.district_id = ${district}`
const talentNames = called(sql`(select district_id, id, id as talent_id from talent) s`)
const shared = { tree: 'org', evidenceVerb: 'talent.read', link: '/console/talents/{page}' } as const

const steps: Fact = {
  ...shared,
  id: 'talents.steps',
  name: '人才进展',
  kind: 'event',
  rows: (district) => sql`
    select s.id as record, t.holder_id as unit_id, s.happened_on as day, null::date as until, t.person_id as person, s.days as quantity, s.milestone, ${own},
      coalesce(m.settings->>'targets', 'false') as targeted
    from talent_step s join talent t on t.district_id = s.district_id and t.id = s.talent_id
      join mechanism m on m.district_id = t.district_id and m.id = t.mechanism_id
    where s.district_id = ${district} and t.withdrawn_at is null`,
  labels: called(sql`talent_step s`),
  sources: {
    'talent_step.id': 'record',
    'talent.id': (district, talents) =>
      sql`select talent_id as key, id as record from talent_step where district_id = ${district} and talent_id = any(${talents}::uuid[])`,
    'mechanism.id': 'all',
  },
  dimensions: {
    milestone: { name: '阶段', values: milestoneNames },
    targeted: { name: '有年度目标', values: { true: '是', false: '否' } },
    ...words,
  },
  persons: true,
}

/** From arrival until leaving: still in post on the last day. Teams and projects are engaged from their agreement. */
const engaged: Fact = {
  ...shared,
  id: 'talents.engaged',
  name: '在岗在聘人才',
  kind: 'stock',
  rows: (district) => sql`
    select t.id as record, t.holder_id as unit_id, b.since as day, e.until, t.person_id as person, 1 as quantity, ${own}
    from talent t
      join lateral (select min(happened_on) as since from talent_step s where s.district_id = t.district_id and s.talent_id = t.id
        and (s.milestone in ('arrived', 'serving') or (s.milestone = 'signed' and (t.route = 'flexible' or t.form <> 'person')))) b on b.since is not null
      left join lateral (select min(happened_on) as until from talent_step s where s.district_id = t.district_id and s.talent_id = t.id and s.milestone in ('completed', 'left')) e on true
    where t.district_id = ${district} and t.withdrawn_at is null`,
  labels: talentNames,
  sources: { 'talent.id': 'record', 'talent_step.talent_id': 'record' },
  dimensions: words,
  persons: true,
}

/** Whose months since arrival are up, on that day; kept or not. */
const retention: Fact = {
  ...shared,
  id: 'talents.retention',
  name: '应核实留存',
  kind: 'event',
  rows: (district) => sql`
    select t.id as record, t.holder_id as unit_id, (a.happened_on + make_interval(months => (m.settings->>'retentionMonths')::int))::date as day, null::date as until,
      t.person_id as person, 1 as quantity, ${own},
      case when exists (select 1 from talent_step k where k.district_id = t.district_id and k.talent_id = t.id and k.milestone = 'retained') then 'yes' else 'no' end as kept
    from talent t join mechanism m on m.district_id = t.district_id and m.id = t.mechanism_id and m.settings ? 'retentionMonths'
      join talent_step a on a.district_id = t.district_id and a.talent_id = t.id and a.milestone = 'arrived'
    where t.district_id = ${district} and t.withdrawn_at is null`,
  labels: talentNames,
  sources: { 'talent.id': 'record', 'talent_step.talent_id': 'record', 'mechanism.id': 'all' },
  dimensions: { kept: { name: '留存', values: yesNo }, ...words },
  persons: true,
}

/** A year's target stands from its first day. */
const targets: Fact = {
  ...shared,
  id: 'talents.targets',
  name: '年度目标',
  kind: 'event',
  rows: (district) => sql`
    select g.id as record, g.holder_id as unit_id, make_date(g.year, 1, 1) as day, null::date as until, null::uuid as person, g.amount as quantity, g.mechanism_id as mechanism
    from talent_target g where g.district_id = ${district}`,
  labels: (district) => sql`
    select g.id as record, u.name || g.year as label from talent_target g join unit u on u.district_id = g.district_id and u.id = g.holder_id where g.district_id = ${district}`,
  sources: { 'talent_target.id': 'record' },
  dimensions: { mechanism },
  link: '/console/talents?view=targets',
}

const events: Fact = {
  ...shared,
  id: 'talents.events',
  name: '引才活动',
  kind: 'event',
  rows: (district) => sql`
    select e.id as record, e.holder_id as unit_id, e.held_on as day, null::date as until, null::uuid as person, e.posts as quantity, e.mechanism_id as mechanism, e.kind
    from talent_event e where e.district_id = ${district} and e.held_on is not null`,
  labels: (district) => sql`select id as record, title as label from talent_event where district_id = ${district}`,
  sources: { 'talent_event.id': 'record' },
  dimensions: { mechanism, kind: { name: '活动', values: settingNames('$.events[*]') } },
  link: '/console/talents?view=events&event={id}',
}

export const talentFacts: readonly Fact[] = [steps, engaged, retention, targets, events]

type Reached = readonly [id: string, name: string, milestone: Milestone, verbs: readonly string[], what: string]

const ways: readonly Reached[] = [
  ['talents.interested', '登记意向人才', 'interest', ['收集', '登记'], '登记意向或培养对象（须经同意的已同意）'],
  ['talents.applied', '报名人才', 'applied', ['报名'], '报名'],
  ['talents.interviewed', '面试人才', 'interviewed', ['面试'], '参加面试'],
  ['talents.signed', '签约人才', 'signed', ['签约', '达成协议'], '签订协议'],
  ['talents.introduced', '引进人才', 'arrived', ['引进', '到岗'], '实际到岗'],
  ['talents.supported', '获扶持人才', 'supported', ['扶持', '支持'], '得到培养扶持'],
  ['talents.retained', '核实留存人才', 'retained', ['留存'], '核实满期仍在岗'],
  ['talents.completed', '结业（期满）人才', 'completed', ['结业', '期满'], '培养结业或服务期满'],
]

const reached: readonly Measure[] = ways.map(([id, name, milestone, verbs, what]) => ({
  id,
  name,
  fact: 'talents.steps',
  filters: [{ dimension: 'milestone', in: [milestone] }],
  aggregate: 'persons',
  classifier: '人',
  verbs,
  definition: `期内${what}的人才，按发生日计入，一人计一次；团队、项目不计；撤回同意的不计。`,
}))

export const talentMeasures: readonly Measure[] = [
  ...reached,
  {
    id: 'talents.groups',
    name: '人才团队和项目',
    fact: 'talents.steps',
    filters: [
      { dimension: 'milestone', in: ['signed'] },
      { dimension: 'form', in: ['team', 'project'] },
    ],
    aggregate: 'count',
    classifier: '个',
    verbs: ['引进', '签约'],
    definition: '期内签约的人才团队和专家项目，按签约日计入，按“形式”分列。',
  },
  {
    id: 'talents.in-post',
    name: '在岗在聘人才',
    fact: 'talents.engaged',
    aggregate: 'persons',
    classifier: '人',
    verbs: ['在岗'],
    definition: '期末日已到岗（柔性引进的已签约）而没有离开、期满的人才，一人计一次。',
  },
  {
    id: 'talents.engaged',
    name: '在岗在聘人才、团队和项目',
    fact: 'talents.engaged',
    aggregate: 'count',
    classifier: '个',
    verbs: ['在聘'],
    definition: '期末日在岗、在聘、在服务的人才记录，含团队和项目，按“形式”分列。',
  },
  {
    id: 'talents.service-days',
    name: '柔性服务天数',
    fact: 'talents.steps',
    filters: [{ dimension: 'milestone', in: ['serving'] }],
    aggregate: 'sum',
    classifier: '天',
    verbs: ['服务'],
    definition: '期内登记的柔性服务天数之和，按服务日计入。',
  },
  {
    id: 'talents.introduced-targeted',
    name: '引进人才（有年度目标的机制）',
    fact: 'talents.steps',
    filters: [
      { dimension: 'milestone', in: ['arrived'] },
      { dimension: 'targeted', in: ['true'] },
    ],
    aggregate: 'persons',
    classifier: '人',
    verbs: ['引进'],
    definition: '有年度目标的机制中，期内实际到岗的人才，一人计一次。',
  },
  {
    id: 'talents.target',
    name: '引才年度目标',
    fact: 'talents.targets',
    aggregate: 'sum',
    classifier: '人',
    verbs: ['计划引进'],
    definition: '期内各年度（以1月1日为准）下达的引才目标之和。',
  },
  {
    id: 'talents.target-rate',
    name: '引才目标完成率',
    ratio: ['talents.introduced-targeted', 'talents.target'],
    classifier: '%',
    verbs: ['完成'],
    definition: '有年度目标的机制引进人才 ÷ 年度目标。',
  },
  {
    id: 'talents.retention-due',
    name: '应核实留存人才',
    fact: 'talents.retention',
    aggregate: 'persons',
    classifier: '人',
    verbs: ['应核实'],
    definition: '到岗后规定月数在期内届满的人才，一人计一次。',
  },
  {
    id: 'talents.retention-kept',
    name: '届满留存人才',
    fact: 'talents.retention',
    filters: [{ dimension: 'kept', in: ['yes'] }],
    aggregate: 'persons',
    classifier: '人',
    verbs: ['留存'],
    definition: '应核实留存人才中已核实仍在岗的；没有核实的不算留存。',
  },
  {
    id: 'talents.retention-rate',
    name: '人才留存率',
    ratio: ['talents.retention-kept', 'talents.retention-due'],
    classifier: '%',
    verbs: ['留存率'],
    definition: '届满留存人才 ÷ 应核实留存人才。',
  },
  {
    id: 'talents.events',
    name: '引才活动',
    fact: 'talents.events',
    aggregate: 'count',
    classifier: '次',
    verbs: ['开展', '举办'],
    definition: '期内实际举办的引才活动；计划而未举办的不计。',
  },
  {
    id: 'talents.posts-offered',
    name: '推介岗位',
    fact: 'talents.events',
    aggregate: 'sum',
    classifier: '个',
    verbs: ['推介', '发布'],
    definition: '期内引才活动推介的岗位之和；几场活动都推介的各计各的。',
  },
]
