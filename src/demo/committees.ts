// Committees and who sits on them: the term each is in and the one before, what was asked about its day, posts, functional members.
import { insertMany } from '#core/bulk.ts'
import { addDays, addHours, addMonths, type Day, instantOf } from '#core/calendar.ts'
import { newId } from '#core/ids.ts'
import { insertMemberships } from '#modules/people/index.ts'
import type { Chance } from './chance.ts'
import type { Organisations } from './organisations.ts'
import { functionalEstates } from './rounds.ts'
import { type Stage, times } from './stage.ts'

const OPENED = '2018-01-02'

interface Electing {
  unit: string
  years: number
  /** committees of communities were elected in the round of this year and the last */
  fresh: boolean
}

interface Term {
  id: string
  unit: string
  no: number
  electedOn: Day
  dueOn: Day
  endedOn: string
}

function electing({ tree }: Stage, o: Organisations): Electing[] {
  const of = (units: readonly string[], years: number, fresh = false) => units.map((unit) => ({ unit, years, fresh }))
  const towns = tree.streets.filter((s) => s.name.endsWith('镇')).map((s) => s.org)
  return [
    ...of([tree.committee.id, ...towns, ...o.committees], 5),
    ...of(
      tree.communities.map((c) => c.org),
      5,
      true,
    ),
    ...of([...tree.estates.map((e) => e.org), ...o.branches, ...o.retired, ...o.twoNew], 3),
  ]
}

/** Days from today until a term is due: most are in order, some near, a few past, of one in fifty nobody told. [BR-12] */
function daysLeft(luck: Chance, { years, fresh }: Electing): number | null {
  const n = luck.below(1000)
  if (fresh && n < 900) return years * 365 - 25 - luck.below(320)
  if (n < 20) return null
  if (n < 28) return -366 - luck.below(280)
  if (n < 58) return -1 - luck.below(330)
  if (n < 140) return luck.below(180)
  return 181 + luck.below(years * 365 - 200)
}

/** The demo's secretary finds every light at home. */
const atHome = ({ tree }: Stage): ReadonlyMap<string, number | null> =>
  new Map(
    tree.estates
      .filter((e) => e.community === 0)
      .slice(0, 5)
      .map((e, i) => [e.org, [120, 900, -45, -410, null][i] as number | null]),
  )

function draftTerms(stage: Stage, organisations: Organisations): Term[] {
  const { tx, luck } = stage
  const home = atHome(stage)
  return electing(stage, organisations).flatMap((e) => {
    const drawn = daysLeft(luck, e)
    const left = home.get(e.unit)
    if (left === null || (left === undefined && drawn === null)) return []
    const months = 12 * e.years
    const term = (no: number, electedOn: Day, endedOn: string): Term => ({
      id: newId(),
      unit: e.unit,
      no,
      electedOn,
      dueOn: addMonths(electedOn, months),
      endedOn,
    })
    const electedOn = addMonths(addDays(tx.today, left ?? drawn ?? 0), -months)
    const before = addDays(addMonths(electedOn, -months), -luck.below(20))
    const no = e.years === 5 ? 3 + luck.below(6) : 2
    return [...(before > OPENED ? [term(no - 1, before, electedOn)] : []), term(no, electedOn, 'infinity')]
  })
}

/** A few whose day is near or past asked for another: granted, declined, or still waiting. [BR-12] */
function draftShifts(stage: Stage, terms: readonly Term[]) {
  const { tx, luck } = stage
  const near = terms.filter(
    (t) => t.endedOn === 'infinity' && t.dueOn > addDays(tx.today, -150) && t.dueOn < addDays(tx.today, 120),
  )
  const home = atHome(stage)
  const asking = near.filter((t) => !home.has(t.unit)).slice(0, 15)
  return asking.map((t, i) => {
    const state = i % 3 === 0 ? 'asked' : i === 7 ? 'declined' : 'granted'
    const asked = instantOf(addDays(tx.today, state === 'asked' ? -2 - luck.below(12) : -30 - luck.below(90)), '10:20')
    const decided = state !== 'asked'
    return {
      district_id: tx.district,
      id: newId(),
      term_id: t.id,
      from_day: t.dueOn,
      to_day: addMonths(t.dueOn, 6 + luck.below(6)),
      reason: luck.pick([
        '拟与社区“两委”换届同步进行',
        '所在小区正在合并，待机构调整后选举',
        '支部书记岗位调整，人选正在酝酿',
      ]),
      state,
      asked_by: null,
      asked_by_name: '社区书记',
      asked_at: asked,
      decided_by_name: decided ? '街道组织委员' : null,
      decided_at: decided ? addHours(asked, 120) : null,
      basis: state === 'granted' ? `党工委批复第${11 + i}号` : state === 'declined' ? '不符合延期条件，请按期换届' : '',
    }
  })
}

async function plantTerms(stage: Stage, organisations: Organisations) {
  const { tx, luck } = stage
  const terms = draftTerms(stage, organisations)
  const shifts = draftShifts(stage, terms)
  const moved = new Map(shifts.filter((s) => s.state === 'granted').map((s) => [s.term_id, s.to_day]))
  await insertMany(
    tx.db,
    'unit_term',
    terms.map((t) => ({
      district_id: tx.district,
      id: t.id,
      mechanism_id: 'party-orgs',
      unit_id: t.unit,
      no: t.no,
      elected_on: t.electedOn,
      due_on: t.dueOn,
      shifted_to: moved.get(t.id) ?? null,
      ended_on: t.endedOn,
      basis: `${t.electedOn.slice(0, 4)}年选举结果批复第${1 + luck.below(240)}号`,
    })),
  )
  await insertMany(tx.db, 'unit_term_shift', shifts)
  return new Map(terms.filter((t) => t.endedOn === 'infinity').map((t) => [t.unit, t.electedOn]))
}

interface Post {
  person: string
  unit: string
  title: string
  from: Day
}

/** Hands out members one after another, none twice. */
function hands(persons: readonly string[]) {
  let at = 0
  return () => persons[at++] as string
}

/** Who leads an estate leads its branch; who leads a building its group. A few places wait for somebody. [BR-14] */
function postsOfPlaces({ luck, tree, people }: Stage, since: (unit: string) => Day): Post[] {
  const near = Map.groupBy(people, (p) => p.community)
  const next = tree.communities.map((_, c) => hands((near.get(c) ?? []).map((p) => p.id)))
  const of = (community: number) => (next[community] as () => string)()
  const communities = tree.communities.flatMap((c, i) => {
    const from = since(c.org)
    const [leader, ...others] = times(7, () => of(i)) as [string, ...string[]]
    const held = (person: string, unit: string, title: string) => ({ person, unit, title, from })
    return [
      held(leader, c.org, '社区党组织书记'),
      held(leader, c.id, '居委会主任'),
      held(others[0] as string, c.org, '副书记'),
      ...['组织委员', '宣传委员', '纪检委员'].map((title, n) => held(others[n + 1] as string, c.org, title)),
      ...others.slice(3).map((person) => held(person, c.id, '居委会委员')),
    ]
  })
  const estates = tree.estates.flatMap((e) => {
    if (luck.often(0.015)) return []
    const leader = of(e.community)
    return [
      { person: leader, unit: e.org, title: '书记', from: since(e.org) },
      { person: leader, unit: e.id, title: '小区负责人', from: since(e.org) },
    ]
  })
  const buildings = tree.buildings.flatMap((b) => {
    if (luck.often(0.03)) return []
    const leader = of(b.community)
    const from = addDays('2022-01-01', luck.below(1200))
    return [
      { person: leader, unit: b.org, title: '党小组长', from },
      { person: leader, unit: b.id, title: '楼栋长', from },
      { person: leader, unit: b.id, title: '楼栋负责人', from },
    ]
  })
  return [...communities, ...estates, ...buildings]
}

export type Roll = readonly { person: string; unit: string; full: boolean }[]

/** Full members, those first who are on the roll since it began. */
const longest = (roll: Roll) => roll.filter((r) => r.full).toReversed()

/** A branch is led by one of its own roll; what stands above branches, by whoever reported to the district. */
function postsOfOrganisations(stage: Stage, o: Organisations, roll: Roll, since: (unit: string) => Day): Post[] {
  const { luck, tree } = stage
  const led = roll.map((r) => r.person)
  const full = Map.groupBy(longest(roll), (r) => r.unit)
  const own = [...o.branches, ...o.retired].flatMap((unit) => {
    const members = full.get(unit) ?? []
    if (members.length < 3 || luck.often(0.012)) return []
    return ['书记', ...(members.length >= 7 ? ['组织委员', '宣传委员'] : [])].map((title, i) => ({
      person: members[i]?.person as string,
      unit,
      title,
      from: since(unit),
    }))
  })
  const above = [
    tree.committee.id,
    ...tree.streets.map((s) => s.org),
    ...o.committees,
    ...o.twoNew,
    ...o.functional,
    o.courier,
  ]
  return [...own, ...above.map((unit) => ({ person: luck.pick(led), unit, title: '书记', from: since(unit) }))]
}

/** Members of the functional branches keep their formal relation where it is. [BR-06] */
async function plantFunctional(stage: Stage, { functional }: Organisations, roll: Roll) {
  const { tx, luck } = stage
  const next = hands(longest(roll).map((r) => r.person))
  const joins = (unit: string, count: number, from: Day) =>
    times(count, () => ({
      personId: next(),
      unitId: unit,
      kind: 'functional' as const,
      status: 'full' as const,
      from,
      beginReason: 'roster',
    }))
  await insertMemberships(tx, [
    ...functional.flatMap((unit) => joins(unit, 16 + luck.below(20), '2023-05-10')),
    ...functionalEstates(stage).flatMap((e) => joins(e.org, 5 + luck.below(9), `${stage.year}-01-12`)),
  ])
}

export async function plantCommittees(stage: Stage, organisations: Organisations, roll: Roll) {
  const { tx } = stage
  const elected = await plantTerms(stage, organisations)
  const since = (unit: string) => elected.get(unit) ?? '2023-05-10'
  const posts = [...postsOfPlaces(stage, since), ...postsOfOrganisations(stage, organisations, roll, since)]
  await insertMany(
    tx.db,
    'post',
    posts.map((p) => ({
      district_id: tx.district,
      id: newId(),
      person_id: p.person,
      unit_id: p.unit,
      title: p.title,
      valid_from: p.from,
      valid_to: 'infinity',
    })),
  )
  await plantFunctional(stage, organisations, roll)
}
