import { sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { mechanismNames, settingNames } from '#modules/mechanisms/index.ts'
import {
  channelNames,
  claimStateNames,
  occasionNames,
  outcomeNames,
  satisfactionNames,
  taskStateNames,
} from './contract.ts'
import { stateWords } from './rules.ts'

const category = { name: '类别', values: settingNames('$.categories[*]') }
const mechanism = { name: '机制', values: mechanismNames }
const yesNo = { yes: '是', no: '否' }

const demandTitle = (district: number) =>
  sql`select id as record, title as label from demand where district_id = ${district}`
const claimTitle = (district: number) =>
  sql`select c.id as record, t.title as label, t.id as page from claim c join task t on t.district_id = c.district_id and t.id = c.task_id where c.district_id = ${district}`
const claimsOfTasks = (district: number, tasks: readonly string[]) =>
  sql`select task_id as key, id as record from claim where district_id = ${district} and task_id = any(${tasks}::uuid[])`

const opened: Fact = {
  id: 'demands.demands',
  name: '诉求',
  tree: 'place',
  kind: 'event',
  rows: (district, at) => sql`
    select id as record, place_id as unit_id, opened_on as day, null::date as until, null::uuid as person, 1 as quantity,
      category, channel, state, mechanism_id as mechanism,
      case when responded_at <= respond_due_at then 'in-time' when responded_at is not null or respond_due_at <= ${at} then 'late' else 'open' end as response,
      case when excluded_at is null then 'no' else 'yes' end as excluded,
      case when responded_at is null and respond_due_at > ${at} then respond_due_at end as turns_at
    from demand where district_id = ${district} and merged_into is null`,
  turns: true,
  labels: demandTitle,
  sources: { 'demand.id': 'record' },
  dimensions: {
    category,
    channel: { name: '来源', values: channelNames },
    state: { name: '状态', values: stateWords },
    mechanism,
    response: { name: '响应', values: { 'in-time': '按时响应', late: '超时', open: '时限未到' } },
    excluded: { name: '剔除', values: yesNo },
  },
  evidenceVerb: 'demand.read',
  link: '/console/demands/{id}',
}

/** The clear answer of a demand's last call-back round: reached and stated. [REQ-R] */
const callbacks: Fact = {
  id: 'demands.callbacks',
  name: '有效回访',
  tree: 'place',
  kind: 'event',
  rows: (district) => sql`
    select d.id as record, d.place_id as unit_id, d.opened_on as day, null::date as until, null::uuid as person, 1 as quantity,
      c.outcome, c.satisfaction, d.category, d.mechanism_id as mechanism,
      case when d.suspended_until is null then 'no' else 'yes' end as suspended
    from callback c join demand d on d.district_id = c.district_id and d.id = c.demand_id
    where c.district_id = ${district} and c.reached and c.round = d.round and d.excluded_at is null and d.merged_into is null`,
  labels: demandTitle,
  sources: { 'callback.demand_id': 'record', 'demand.id': 'record' },
  dimensions: {
    outcome: { name: '解决', values: outcomeNames },
    satisfaction: { name: '满意', values: satisfactionNames },
    suspended: { name: '挂账', values: yesNo },
    category,
    mechanism,
  },
  evidenceVerb: 'demand.read',
  link: '/console/demands/{id}',
}

const closed: Fact = {
  id: 'demands.closures',
  name: '办结的诉求',
  tree: 'place',
  kind: 'event',
  rows: (district) => sql`
    select id as record, place_id as unit_id, closed_on as day, null::date as until, null::uuid as person, 1 as quantity,
      category, coalesce(outcome, 'explained') as outcome, mechanism_id as mechanism
    from demand where district_id = ${district} and state = 'closed' and closed_on is not null`,
  labels: demandTitle,
  sources: { 'demand.id': 'record' },
  dimensions: { category, outcome: { name: '结果', values: outcomeNames }, mechanism },
  evidenceVerb: 'demand.read',
  link: '/console/demands/{id}',
}

const tasks: Fact = {
  id: 'demands.tasks',
  name: '任务',
  tree: 'place',
  kind: 'event',
  rows: (district) => sql`
    select id as record, place_id as unit_id, published_on as day, null::date as until, null::uuid as person, 1 as quantity,
      category, state, mechanism_id as mechanism
    from task where district_id = ${district} and published_on is not null`,
  labels: (district) => sql`select id as record, title as label from task where district_id = ${district}`,
  sources: { 'task.id': 'record' },
  dimensions: { category, state: { name: '状态', values: taskStateNames }, mechanism },
  evidenceVerb: 'task.read',
  link: '/console/tasks?task={id}',
}

const claims: Fact = {
  id: 'demands.claims',
  name: '认领',
  tree: 'place',
  kind: 'event',
  rows: (district) => sql`
    select c.id as record, c.place_id as unit_id, c.claimed_on as day, null::date as until, c.person_id as person, 1 as quantity,
      t.category, c.state, t.mechanism_id as mechanism, case when c.unit_id is null then 'person' else 'unit' end as claimant
    from claim c join task t on t.district_id = c.district_id and t.id = c.task_id
    where c.district_id = ${district} and c.state not in ('withdrawn', 'waiting')`,
  labels: claimTitle,
  sources: { 'claim.id': 'record', 'task.id': claimsOfTasks },
  dimensions: {
    category,
    state: { name: '状态', values: claimStateNames },
    mechanism,
    claimant: { name: '认领方', values: { person: '个人', unit: '单位' } },
  },
  persons: true,
  evidenceVerb: 'task.read',
  link: '/console/tasks?task={page}',
}

const services: Fact = {
  id: 'demands.services',
  name: '志愿服务记录',
  tree: 'place',
  kind: 'event',
  rows: (district) => sql`
    select c.id as record, c.place_id as unit_id, c.accepted_on as day, null::date as until, c.person_id as person, c.minutes as quantity,
      t.category, t.mechanism_id as mechanism
    from claim c join task t on t.district_id = c.district_id and t.id = c.task_id
    where c.district_id = ${district} and c.state = 'accepted'`,
  labels: claimTitle,
  sources: { 'claim.id': 'record', 'task.id': claimsOfTasks },
  dimensions: { category, mechanism },
  persons: true,
  evidenceVerb: 'task.read',
  link: '/console/tasks?task={page}',
}

const occasions: Fact = {
  id: 'demands.occasions',
  name: '走访、检查等场次',
  tree: 'place',
  kind: 'event',
  rows: (district) => sql`
    select id as record, place_id as unit_id, held_on as day, null::date as until, null::uuid as person, met as quantity, kind, mechanism_id as mechanism
    from occasion where district_id = ${district}`,
  labels: (district) => sql`
    select id as record, case kind when 'visit' then '走访' when 'inspection' then '检查' when 'meeting' then '对接会' else '演练' end as label
    from occasion where district_id = ${district}`,
  sources: { 'occasion.id': 'record' },
  dimensions: { kind: { name: '种类', values: occasionNames }, mechanism },
  evidenceVerb: 'demand.read',
  link: '/console/occasions?occasion={id}',
}

export const facts: readonly Fact[] = [opened, callbacks, closed, tasks, claims, services, occasions]

const counted: readonly Measure[] = [
  {
    id: 'demands.raised',
    name: '诉求',
    fact: 'demands.demands',
    aggregate: 'count',
    classifier: '件',
    verbs: ['收集', '受理', '登记'],
    definition: '期内登记的诉求，按登记日计入；并单的只计主单，不予受理的照计。',
  },
  {
    id: 'demands.closed',
    name: '办结诉求',
    fact: 'demands.closures',
    aggregate: 'count',
    classifier: '件',
    verbs: ['办结'],
    definition: '期内办结的诉求，按办结日计入，不论结果。',
  },
  {
    id: 'demands.solved',
    name: '解决诉求',
    fact: 'demands.closures',
    filters: [{ dimension: 'outcome', in: ['solved'] }],
    aggregate: 'count',
    classifier: '件',
    verbs: ['解决', '化解'],
    definition: '期内办结、回访确认“已解决”的诉求，按办结日计入。',
    ground: 'REQ-08',
  },
  {
    id: 'demands.visited',
    name: '走访群众',
    fact: 'demands.occasions',
    filters: [{ dimension: 'kind', in: ['visit'] }],
    aggregate: 'sum',
    classifier: '人次',
    verbs: ['走访'],
    definition: '期内走访见到的群众人次之和，同一人、同一户走访几次计几次。',
  },
  {
    id: 'tasks.published',
    name: '发布任务',
    fact: 'demands.tasks',
    aggregate: 'count',
    classifier: '条',
    verbs: ['发布'],
    definition: '期内发布的任务，按发布日计入；草稿不计，发布后取消的照计。',
  },
  {
    id: 'tasks.claims',
    name: '认领任务',
    fact: 'demands.claims',
    filters: [{ dimension: 'claimant', in: ['person'] }],
    aggregate: 'count',
    classifier: '人次',
    verbs: ['认领', '接单'],
    definition: '期内由人作出、没有退出的认领，一人认领几次计几次；候补和单位的认领不计。',
  },
  {
    id: 'tasks.claimants',
    name: '认领任务的人',
    fact: 'demands.claims',
    aggregate: 'persons',
    classifier: '人',
    verbs: ['认领', '接单'],
    definition: '期内认领过任务（没有退出）的人，一人只计一次。',
  },
  {
    id: 'tasks.services',
    name: '服务',
    fact: 'demands.services',
    aggregate: 'count',
    classifier: '人次',
    verbs: ['服务', '开展'],
    definition: '期内组织方已经确认的服务记录，按确认日计入。',
    ground: 'VOL-04',
  },
  {
    id: 'tasks.servants',
    name: '服务的人',
    fact: 'demands.services',
    aggregate: 'persons',
    classifier: '人',
    verbs: ['服务', '参加'],
    definition: '期内有服务记录（组织方已经确认）的人，一人只计一次。',
    ground: 'VOL-04',
  },
]

const due = (
  id: string,
  name: string,
  filters: { dimension: string; in: string[] }[],
  definition: string,
): Measure => ({
  id,
  name,
  fact: 'demands.demands',
  filters: [{ dimension: 'excluded', in: ['no'] }, ...filters],
  aggregate: 'count',
  classifier: '件',
  verbs: ['响应'],
  definition,
  ground: 'REQ-R',
})
const heard = (
  id: string,
  name: string,
  filters: { dimension: string; in: string[] }[],
  definition: string,
): Measure => ({
  id,
  name,
  fact: 'demands.callbacks',
  filters,
  aggregate: 'count',
  classifier: '件',
  verbs: ['回访'],
  definition,
  ground: 'REQ-R',
})
const notSuspended = { dimension: 'suspended', in: ['no'] }

const rates: readonly Measure[] = [
  due(
    'demands.respond-due',
    '应响应诉求',
    [{ dimension: 'response', in: ['in-time', 'late'] }],
    '期内登记、已经响应或者响应时限已过的诉求；剔除的不计。',
  ),
  due(
    'demands.responded',
    '按时响应诉求',
    [{ dimension: 'response', in: ['in-time'] }],
    '期内登记、在响应时限内联系了诉求人的诉求；剔除的不计。',
  ),
  heard('demands.heard', '有效回访', [], '期内登记、回访成功且明确表态的诉求；剔除的不计。'),
  heard(
    'demands.heard-unsuspended',
    '有效回访（不含挂账）',
    [notSuspended],
    '有效回访中去掉挂账的诉求，作解决率分母。',
  ),
  heard(
    'demands.heard-solved',
    '回访已解决',
    [notSuspended, { dimension: 'outcome', in: ['solved'] }],
    '有效回访（不含挂账）中答“已解决”的诉求。',
  ),
  heard(
    'demands.heard-satisfied',
    '回访满意',
    [{ dimension: 'satisfaction', in: ['satisfied', 'basically'] }],
    '有效回访中答“满意”或“基本满意”的诉求。',
  ),
  {
    id: 'demands.response-rate',
    name: '响应率',
    ratio: ['demands.responded', 'demands.respond-due'],
    classifier: '%',
    verbs: ['响应率'],
    definition: '按时响应诉求 ÷ 应响应诉求。',
    ground: 'REQ-R',
  },
  {
    id: 'demands.solution-rate',
    name: '解决率',
    ratio: ['demands.heard-solved', 'demands.heard-unsuspended'],
    classifier: '%',
    verbs: ['解决率'],
    definition: '回访已解决 ÷ 有效回访（不含挂账）。',
    ground: 'REQ-R',
  },
  {
    id: 'demands.satisfaction-rate',
    name: '满意率',
    ratio: ['demands.heard-satisfied', 'demands.heard'],
    classifier: '%',
    verbs: ['满意率'],
    definition: '回访满意 ÷ 有效回访；“基本满意”计入。',
    ground: 'REQ-R',
  },
]

export const measures: readonly Measure[] = [...counted, ...rates]
