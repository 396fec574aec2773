import { sql } from 'kysely'
import type { Fact, Measure } from '#core/facts.ts'
import { coverageFacts, coverageMeasures, unitNames } from './measures/coverage.ts'
import { kindNames } from './measures/names.ts'
import { recordFacts, recordMeasures } from './measures/records.ts'
import { termFacts, termMeasures } from './measures/terms.ts'

/** Every unit while it exists: one record per unit and unbroken stretch of one kind. */
const units: Fact = {
  id: 'units.units',
  name: '单位',
  tree: 'org',
  kind: 'stock',
  rows: (district) => sql`
    select v.unit_id as record, v.unit_id, v.valid_from as day, nullif(v.valid_to, 'infinity') as until, null::uuid as person, 1 as quantity, v.kind
    from unit_version v where v.district_id = ${district}`,
  labels: unitNames,
  sources: { 'unit_version.unit_id': 'record' },
  dimensions: { kind: { name: '类别', values: kindNames } },
  list: '单位名册',
  evidenceVerb: 'unit.read',
  link: '/console/units?unit={unit}',
}

const established = (id: string, name: string, kinds: readonly string[], what: string): Measure => ({
  id,
  name,
  fact: 'units.units',
  filters: [{ dimension: 'kind', in: kinds }],
  aggregate: 'count',
  classifier: '个',
  verbs: ['建立', '成立', '建成', '设有'],
  definition: `期末日仍然存在的${what}，按单位计数；已撤销、已并入其他单位的不计。`,
  ground: 'ORG-03',
})

export const facts: readonly Fact[] = [units, ...coverageFacts, ...recordFacts, ...termFacts]

const branches = [
  'branch',
  'joint-branch',
  'functional-branch',
  'estate-branch',
  'grid-branch',
  'retired-branch',
  'two-new-branch',
]

export const measures: readonly Measure[] = [
  established('units.estate-branches', '小区党支部', ['estate-branch'], '小区党支部'),
  established('units.building-groups', '楼栋党小组', ['building-group'], '楼栋党小组'),
  established('units.branches', '党支部', branches, '党支部（含联合、功能型、小区党支部）'),
  established(
    'units.party-organisations',
    '党组织',
    [
      'committee',
      'working-committee',
      'two-new-committee',
      'industry-committee',
      'chain-committee',
      'party-group',
      'general-branch',
      ...branches,
    ],
    '党组织（党委、党工委、党组、党总支、党支部）',
  ),
  ...coverageMeasures,
  ...recordMeasures,
  ...termMeasures,
]
