import { sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { filed } from './contract.ts'

const shared = {
  tree: 'place',
  kind: 'event',
  dimensions: {
    kind: { name: '种类', values: { complaint: '投诉', suggestion: '建议', fault: '故障' } },
    function: { name: '功能', values: Object.fromEntries(filed.map((f) => [f.id, f.name])) },
    face: { name: '界面', values: { console: '电脑', phone: '手机' } },
    state: { name: '状态', values: { waiting: '待回复', replied: '已回复', rated: '已评价' } },
    rating: {
      name: '评价',
      values: { satisfied: '满意', basically: '基本满意', unsatisfied: '不满意', none: '未评价' },
    },
  },
  evidenceVerb: 'feedback.read',
  link: '/console/feedback/{id}',
  labels: (district: number) => sql`
    select id as record, (case kind when 'complaint' then '投诉' when 'suggestion' then '建议' else '故障' end) || ' ' || no as label from feedback where district_id = ${district}`,
  sources: { 'feedback.id': 'record' },
} as const

const own = sql`f.kind, f.function, f.face, f.state, coalesce(f.rating, 'none') as rating`

const received: Fact = {
  ...shared,
  id: 'feedback.feedback',
  name: '投诉建议',
  rows: (district) => sql`
    select f.id as record, f.unit_id, f.received_on as day, null::date as until, null::uuid as person, 1 as quantity, ${own}
    from feedback f where f.district_id = ${district}`,
}

/** Owed an answer on the day of its deadline: by its passing, or because it was answered before. */
const due: Fact = {
  ...shared,
  id: 'feedback.due',
  name: '应回复的投诉建议',
  dimensions: {
    ...shared.dimensions,
    reply: { name: '回复', values: { 'in-time': '按期', late: '逾期', open: '未到期' } },
  },
  rows: (district, at) => sql`
    select f.id as record, f.unit_id, (f.first_due_at at time zone 'Asia/Shanghai')::date as day, null::date as until, null::uuid as person, 1 as quantity, ${own},
      case when f.replied_at <= f.first_due_at then 'in-time' when f.replied_at is not null or f.first_due_at <= ${at} then 'late' else 'open' end as reply,
      case when f.replied_at is null and f.first_due_at > ${at} then f.first_due_at end as turns_at
    from feedback f where f.district_id = ${district}`,
  turns: true,
}

const of = (
  id: string,
  name: string,
  more: Pick<Measure & { fact: string }, 'fact' | 'verbs' | 'definition'> & {
    filters?: readonly { dimension: string; in: readonly string[] }[]
  },
): Measure => ({ id, name, aggregate: 'count', classifier: '件', ground: 'JF-12', ...more })

export const facts: readonly Fact[] = [received, due]

export const measures: readonly Measure[] = [
  of('feedback.received', '投诉建议', {
    fact: 'feedback.feedback',
    verbs: ['收到', '收集', '受理'],
    definition: '期内收到的对本系统的投诉、建议、报障，按收到日计入；补充的话不另计。',
  }),
  of('feedback.rated', '有评价的投诉建议', {
    fact: 'feedback.feedback',
    filters: [{ dimension: 'rating', in: ['satisfied', 'basically', 'unsatisfied'] }],
    verbs: ['评价'],
    definition: '期内收到、提出人已对回复作出评价的投诉建议。',
  }),
  of('feedback.satisfied', '评价满意的投诉建议', {
    fact: 'feedback.feedback',
    filters: [{ dimension: 'rating', in: ['satisfied', 'basically'] }],
    verbs: ['评价'],
    definition: '期内收到、提出人评价“满意”或“基本满意”的投诉建议。',
  }),
  of('feedback.due', '到期应回复的投诉建议', {
    fact: 'feedback.due',
    filters: [{ dimension: 'reply', in: ['in-time', 'late'] }],
    verbs: ['应回复'],
    definition: '首次回复时限在期内、已经回复或者时限已过的投诉建议。',
  }),
  of('feedback.replied-in-time', '按期回复的投诉建议', {
    fact: 'feedback.due',
    filters: [{ dimension: 'reply', in: ['in-time'] }],
    verbs: ['回复'],
    definition: '到期应回复的投诉建议中，在首次回复时限内回复的。',
  }),
  {
    id: 'feedback.reply-rate',
    name: '投诉建议按期回复率',
    ratio: ['feedback.replied-in-time', 'feedback.due'],
    classifier: '%',
    verbs: ['回复率', '按期回复率'],
    definition: '按期回复的投诉建议 ÷ 到期应回复的投诉建议。',
    ground: 'JF-12',
  },
  {
    id: 'feedback.satisfaction-rate',
    name: '投诉建议满意率',
    ratio: ['feedback.satisfied', 'feedback.rated'],
    classifier: '%',
    verbs: ['满意率'],
    definition: '评价满意的投诉建议 ÷ 有评价的投诉建议。',
    ground: 'JF-12',
  },
]
