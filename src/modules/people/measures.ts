import { sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { memberFacts, memberMeasures } from './measures/members.ts'
import { talentFacts, talentMeasures } from './measures/talents.ts'

/** A member reported to a community and confirmed there, until the report ends. [SB-01] */
const registrations: Fact = {
  id: 'people.registrations',
  name: '双报到',
  tree: 'place',
  kind: 'stock',
  rows: (district) => sql`
    select r.id as record, r.place_id as unit_id, r.confirmed_on as day, r.ended_on as until, r.person_id as person, 1 as quantity, r.organ
    from registration r where r.district_id = ${district} and r.confirmed_on is not null`,
  labels: (district) => sql`
    select r.id as record, p.name as label, p.id as page from registration r join person p on p.district_id = r.district_id and p.id = r.person_id where r.district_id = ${district}`,
  sources: { 'registration.id': 'record' },
  dimensions: { organ: { name: '所在单位' } },
  persons: true,
  evidenceVerb: 'person.read',
  link: '/console/persons/{page}',
}

export const facts: readonly Fact[] = [registrations, ...memberFacts, ...talentFacts]

export const measures: readonly Measure[] = [
  {
    id: 'people.reported',
    name: '报到党员',
    fact: 'people.registrations',
    aggregate: 'persons',
    classifier: '人',
    verbs: ['报到'],
    definition:
      '期末日在本地社区报到、社区已经签收且没有结束报到的党员，一人计一次；含市直机关党员，不是本区党员名册的子集。',
    ground: 'SB-01',
  },
  ...memberMeasures,
  ...talentMeasures,
]
