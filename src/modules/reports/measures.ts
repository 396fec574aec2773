import { sql } from 'kysely'
import type { Dimension, Fact, Measure } from '#core/facts.ts'
import { mechanismNames, settingNames } from '#modules/mechanisms/index.ts'
import { stateNames } from './rules.ts'

const mechanism = { name: '机制', values: mechanismNames }

/** Kinds of coverage a mechanism names; a published manuscript is one that all of them know. */
const forms: Dimension['values'] = async (at) => ({ review: '综述稿件', ...(await settingNames('$.forms[*]')(at)) })

const published: Fact = {
  id: 'reports.manuscripts',
  name: '刊发的稿件',
  tree: 'org',
  kind: 'event',
  rows: (district) => sql`
    select id as record, unit_id, published_on as day, null::date as until, null::uuid as person, figures as quantity,
      mechanism_id as mechanism, state
    from manuscript where district_id = ${district} and published_on is not null`,
  labels: (district) => sql`select id as record, title as label from manuscript where district_id = ${district}`,
  sources: { 'manuscript.id': 'record' },
  dimensions: { mechanism, state: { name: '状态', values: stateNames } },
  evidenceVerb: 'report.read',
  link: '/console/reports/{id}',
}

const coverage: Fact = {
  id: 'reports.coverage',
  name: '宣传刊播',
  tree: 'org',
  kind: 'event',
  rows: (district) => sql`
    select id as record, unit_id, happened_on as day, null::date as until, null::uuid as person, 1 as quantity,
      mechanism_id as mechanism, form, level
    from coverage where district_id = ${district} and withdrawn_at is null`,
  labels: (district) => sql`select id as record, title as label from coverage where district_id = ${district}`,
  sources: { 'coverage.id': 'record' },
  dimensions: {
    mechanism,
    form: { name: '形式', values: forms },
    level: { name: '级别', values: settingNames('$.levels[*]') },
  },
  evidenceVerb: 'report.read',
  link: '/console/coverage',
}

export const facts: readonly Fact[] = [published, coverage]

export const measures: readonly Measure[] = [
  {
    id: 'reports.published',
    name: '刊发稿件',
    fact: 'reports.manuscripts',
    aggregate: 'count',
    classifier: '篇',
    verbs: ['刊发'],
    definition: '期内刊发、数字逐项有据的稿件，按刊发日计入；更正不另计。',
  },
  {
    id: 'reports.figures',
    name: '刊发稿件中有据可查的数字',
    fact: 'reports.manuscripts',
    aggregate: 'sum',
    classifier: '个',
    verbs: ['刊发'],
    definition: '期内刊发的稿件里由记录得出、列入数据清单的数字之和。',
  },
  {
    id: 'reports.coverage',
    name: '宣传刊播',
    fact: 'reports.coverage',
    aggregate: 'count',
    classifier: '次',
    verbs: ['刊播', '报道', '宣传'],
    definition: '期内见报、播出、交流发言和接待采访，按发生日计入；同一媒体同日同题只计一次，登记有误撤回的不计。',
  },
]
