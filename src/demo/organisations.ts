// Organisations beside the pairs of places and branches: committees of streets, branches of the retired and of offices, chains with their
// enterprises, societies, functional branches. Sizes are those of a real district's yearly review; names are invented.
import { insertMany } from '#core/bulk.ts'
import { newId } from '#core/ids.ts'
import { insertLinks, insertUnits, type NewUnit } from '#modules/units/index.ts'
import type { Stage } from './stage.ts'
import type { DemoTree } from './tree.ts'
import { chains, functionalNames, societyNames } from './words.ts'

const OPENED = '2018-01-01'
const ORGANISATIONS = 463

const org = (kind: string, name: string, parentId: string, openedOn = OPENED): NewUnit & { id: string } => ({
  id: newId(),
  tree: 'org',
  kind,
  name,
  parentId,
  openedOn,
})

const idsOf = (units: readonly { id: string }[]) => units.map((u) => u.id)

/** Committees of streets, branches of communities, of the retired and of offices; the chains with their enterprises. */
export async function plantOrganisations({ tx, tree }: Stage) {
  const root = tree.committee.id
  const streets = tree.streets.filter((s) => s.name.endsWith('街道'))
  const committees = streets.map((s) => org('two-new-committee', `${s.name}两新组织综合党委`, s.org))
  const served = tree.communities.slice(0, 30)
  const twoNew = served.map((c) => org('two-new-branch', `${c.name}两新组织综合党支部`, c.org))
  const retired = Array.from({ length: 18 }, (_, i) => org('retired-branch', `区直离退休干部第${i + 1}党支部`, root))
  const others = 1 + tree.streets.length + tree.communities.length + committees.length + twoNew.length + retired.length
  const branches = Array.from({ length: ORGANISATIONS - others }, (_, i) => {
    const office = tree.departments[i % tree.departments.length] as DemoTree['departments'][number]
    return org('branch', `${office.name}第${Math.floor(i / tree.departments.length) + 1}党支部`, root)
  })
  const leads = chains.map((name) => org('chain-committee', `${name}产业链党委`, root))
  const enterprises = Array.from({ length: 54 }, (_, i) =>
    org('enterprise', i === 0 ? '青石新能源公司' : `青石${chains[i % chains.length]}第${i}公司`, root),
  )
  const school = org('department', '青石高级中学', root)
  const societies = societyNames.map((name) => org('social-organisation', `青石区${name}`, root))
  const courier = org('industry-committee', '青石区快递行业党委', root, '2023-03-01')
  const property = org('joint-committee', '青石区物业行业大工委', root, '2022-06-15')
  // no relation moves here, none is elected, none is counted among the 463 [BR-06]
  const functional = tree.streets.map((s, i) =>
    org(
      'functional-branch',
      `${s.name}${functionalNames[i % functionalNames.length]}功能型党支部`,
      s.org,
      '2023-04-01',
    ),
  )
  const beside = [...societies, courier, property, ...functional]
  await insertUnits(tx, [
    ...committees,
    ...twoNew,
    ...retired,
    ...branches,
    ...leads,
    ...enterprises,
    school,
    ...beside,
  ])
  await insertLinks(tx, [
    ...committees.map((c, i) => serving(c.id, streets[i]?.place ?? '')),
    ...twoNew.map((c, i) => serving(c.id, served[i]?.id ?? '')),
  ])
  return {
    branches: idsOf(branches),
    retired: idsOf(retired),
    committees: idsOf(committees),
    twoNew: idsOf(twoNew),
    functional: idsOf(functional),
    leads: idsOf(leads),
    enterprises: idsOf(enterprises),
    societies: idsOf(societies),
    courier: courier.id,
    property: property.id,
    school: school.id,
  }
}

const serving = (fromId: string, toId: string) => ({ kind: 'serves' as const, fromId, toId, validFrom: OPENED })

export type Organisations = Awaited<ReturnType<typeof plantOrganisations>>

/** One department leads each chain; every enterprise is in a chain, one of them in two. Estates meet under the trade of property. */
export async function plantAlliances({ tx, tree }: Stage, { leads, enterprises, property }: Organisations) {
  const link = (from: string, to: string, role: string, mechanism = 'chain-alliance') => ({
    district_id: tx.district,
    id: newId(),
    kind: 'alliance',
    from_id: from,
    to_id: to,
    role,
    valid_from: mechanism === 'chain-alliance' ? '2022-03-01' : '2022-07-01',
    valid_to: 'infinity',
    mechanism_id: mechanism,
  })
  const trade = [
    link(property, tree.departments[1]?.id ?? '', 'lead', 'property-committee'),
    ...tree.estates.slice(0, 24).map((e) => link(property, e.org, 'member', 'property-committee')),
  ]
  const rows = leads.flatMap((lead, i) => [
    link(lead, tree.departments[i]?.id ?? '', '1'),
    ...enterprises.filter((_, at) => at % leads.length === i).map((e, at) => link(lead, e, at === 0 ? 'X' : 'N')),
  ])
  await insertMany(tx.db, 'unit_link', [...rows, link(leads[1] ?? '', enterprises[0] ?? '', 'N'), ...trade])
}
