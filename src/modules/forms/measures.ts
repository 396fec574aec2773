import { type RawBuilder, sql } from 'kysely'
import type { Counted, Dimension, Fact, Measure, Ratio } from '#core/facts.ts'

const frequencies = { once: '一次', month: '每月', quarter: '每季度', half: '每半年', year: '每年' }

const registered: Fact = {
  id: 'forms.forms',
  name: '在用报表',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select id as record, owner_id as unit_id, greatest(valid_from, decided_on) as day, least(ends_on, stopped_on) as until, null::uuid as person, 1 as quantity,
      frequency, case when base_id is null then 'own' else 'added' end as kind
    from form where district_id = ${district} and state in ('approved', 'stopped') and greatest(valid_from, decided_on) < least(ends_on, stopped_on)`,
  labels: (district) => sql`select id as record, title as label from form where district_id = ${district}`,
  sources: { 'form.id': 'record' },
  dimensions: {
    frequency: { name: '频次', values: frequencies },
    kind: { name: '性质', values: { own: '报表', added: '下级补充' } },
  },
  evidenceVerb: 'form.read',
  link: '/console/forms/{id}',
}

const titles: Dimension['values'] = async ({ db, district }) => {
  const rows = await db.selectFrom('form').select(['id', 'title']).where('district_id', '=', district).execute()
  return Object.fromEntries(rows.map((f) => [f.id, f.title]))
}

const owners: Dimension['values'] = async ({ db, district }) => {
  const rows = await db
    .selectFrom('form as f')
    .innerJoin('unit as o', (j) => j.onRef('o.district_id', '=', 'f.district_id').onRef('o.id', '=', 'f.owner_id'))
    .select(['o.id', 'o.name'])
    .where('f.district_id', '=', district)
    .execute()
  return Object.fromEntries(rows.map((o) => [o.id, o.name]))
}

/** The instant at which a day is over. */
const over = sql`((k.due_on + 1)::timestamp at time zone 'Asia/Shanghai')`

/** One unit asked one form for one period, on the day it is due; what was taken back was no burden. */
const asks: Fact = {
  id: 'forms.asks',
  name: '填报任务',
  tree: 'org',
  kind: 'event',
  rows: (district, at) => sql`
    select k.id as record, k.unit_id, k.due_on as day, null::date as until, null::uuid as person, k.minutes as quantity,
      k.form_id::text as form, f.owner_id::text as owner,
      case when k.first_filled_on <= k.due_on then 'in-time' when k.first_filled_on is not null or ${over} <= ${at} then 'late' else 'open' end as filled,
      case when k.first_filled_on is null and ${over} > ${at} then ${over} end as turns_at
    from form_ask k join form f on f.district_id = k.district_id and f.id = k.form_id
    where k.district_id = ${district} and k.state <> 'void'`,
  turns: true,
  labels: (district) => sql`
    select k.id as record, f.title || ' ' || k.period as label from form_ask k join form f on f.district_id = k.district_id and f.id = k.form_id where k.district_id = ${district}`,
  sources: {
    'form_ask.id': 'record',
    'form.id': (district, keys) =>
      sql`select form_id as key, id as record from form_ask where district_id = ${district} and form_id = any(${keys}::uuid[])`,
  },
  dimensions: {
    form: { name: '报表', values: titles },
    owner: { name: '由谁要求', values: owners },
    filled: { name: '填报', values: { 'in-time': '按期', late: '逾期', open: '未到期' } },
  },
  evidenceVerb: 'form.read',
  link: '/console/asks/{id}',
}

const { turns: _, ...untimed } = asks

/** What is asked of the same unit in the same month stands and falls together. */
const beside = (district: number, changed: RawBuilder<unknown>) => sql`
  select c.key, k.id as record from (${changed}) c join form_ask k on k.district_id = ${district} and k.unit_id = c.unit_id and k.month = c.month`

/** Things a form asks of a unit that an earlier form of the month asks too: read from what was asked, so that zero is a finding. */
const repeats: Fact = {
  ...untimed,
  id: 'forms.repeats',
  name: '重复填报项',
  rows: (district) => sql`
    select k.id as record, k.unit_id, k.due_on as day, null::date as until, null::uuid as person, count(*)::int as quantity, k.form_id::text as form
    from form_ask k join form_field d on d.district_id = k.district_id and d.form_id = k.form_id and d.type <> 'held'
    where k.district_id = ${district} and k.state <> 'void' and exists (
      select 1 from form_ask x join form_field e on e.district_id = x.district_id and e.form_id = x.form_id and e.type <> 'held'
      where x.district_id = k.district_id and x.unit_id = k.unit_id and x.month = k.month and x.state <> 'void' and e.term = d.term and x.form_id < k.form_id)
    group by k.id, k.unit_id, k.due_on, k.form_id`,
  sources: {
    'form_ask.id': (district, keys) =>
      beside(
        district,
        sql`select id as key, unit_id, month from form_ask where district_id = ${district} and id = any(${keys}::uuid[])`,
      ),
    'form_field.form_id': (district, keys) =>
      beside(
        district,
        sql`select form_id as key, unit_id, month from form_ask where district_id = ${district} and form_id = any(${keys}::uuid[])`,
      ),
  },
  dimensions: { form: { name: '报表', values: titles } },
}

export const facts: readonly Fact[] = [registered, asks, repeats]

type Words = Pick<Measure, 'id' | 'name' | 'classifier' | 'verbs' | 'definition'>

const counted = (m: Words & Pick<Counted, 'aggregate'> & Partial<Counted>): Measure => ({
  fact: 'forms.asks',
  ground: 'JF-09',
  ...m,
})
const quotient = (m: Words & Pick<Ratio, 'ratio'>): Measure => ({ ground: 'JF-09', ...m })

export const measures: readonly Measure[] = [
  counted({
    id: 'forms.in-force',
    name: '在用报表',
    fact: 'forms.forms',
    aggregate: 'count',
    classifier: '项',
    verbs: ['有', '保留'],
    definition: '期末日经批准、在有效期内、没有停用的报表，含下级补充的选填项，按提出单位计。',
  }),
  counted({
    id: 'forms.ended',
    name: '停用报表',
    fact: 'forms.forms',
    aggregate: 'count',
    moment: 'ended',
    classifier: '项',
    verbs: ['停用', '取消', '精简'],
    definition: '期内到停用日期或者提前停用的报表。',
  }),
  counted({
    id: 'forms.asked',
    name: '填报任务',
    aggregate: 'count',
    classifier: '项',
    verbs: ['布置', '承担'],
    definition: '截止日在期内的填报任务，一个单位填一张报表的一期计一项；已撤回的不计。',
  }),
  counted({
    id: 'forms.units-asked',
    name: '有填报任务的单位',
    aggregate: 'units',
    classifier: '个',
    verbs: ['承担'],
    definition: '截止日在期内至少有一项填报任务的单位，同一单位只计一次。',
  }),
  counted({
    id: 'forms.minutes',
    name: '填报用时（预计）',
    aggregate: 'sum',
    classifier: '分钟',
    verbs: ['用时'],
    definition:
      '截止日在期内的填报任务预计分钟之和：每项任务 3 分钟，数字每项 2 分钟，文字 5 分钟，选择、日期、确认各 1 分钟；所有报表同一算法，不统计任何人的实际用时。',
  }),
  quotient({
    id: 'forms.minutes-each',
    name: '每个单位填报用时（预计）',
    ratio: ['forms.minutes', 'forms.units-asked'],
    classifier: '分钟',
    verbs: ['平均用时'],
    definition: '填报用时 ÷ 有填报任务的单位。',
  }),
  counted({
    id: 'forms.filled-in-time',
    name: '按期填报',
    aggregate: 'count',
    filters: [{ dimension: 'filled', in: ['in-time'] }],
    classifier: '项',
    verbs: ['填报', '按期填报'],
    definition: '填报任务中在截止日当天或之前首次填报的；退回后重填的按首次计。',
  }),
  counted({
    id: 'forms.due',
    name: '到期填报任务',
    aggregate: 'count',
    filters: [{ dimension: 'filled', in: ['in-time', 'late'] }],
    classifier: '项',
    verbs: ['应填报'],
    definition: '截止日在期内、已经填报或者截止日已过的填报任务。',
  }),
  quotient({
    id: 'forms.in-time-rate',
    name: '按期填报率',
    ratio: ['forms.filled-in-time', 'forms.due'],
    classifier: '%',
    verbs: ['按期填报率'],
    definition: '按期填报 ÷ 到期填报任务。',
  }),
  counted({
    id: 'forms.repeats',
    name: '重复填报项',
    fact: 'forms.repeats',
    aggregate: 'sum',
    classifier: '项',
    verbs: ['重复'],
    definition: '同一单位同一月份被两张报表要求填写的同名（口径词相同）项目；登记时已拦截，正常为零。',
  }),
]
