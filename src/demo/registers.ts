// What the demo keeps beside its towns and errands: organisations of every kind, the roll of members, chains, talents, deputies, and last
// year's rounds of visits and reported problems. Sizes are those of a real district's yearly review; names are invented.
import { addDays, addHours, dayOf, daysBetween, instantOf } from '#core/calendar.ts'
import { insertMany } from '#core/bulk.ts'
import type { WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertClaims, insertDemands, insertTasks } from '#modules/demands/index.ts'
import { insertMemberships, insertPersons, nameKeys, strokeKey } from '#modules/people/index.ts'
import { insertLinks, insertUnits, type NewUnit } from '#modules/units/index.ts'
import type { Chance } from './chance.ts'
import type { DemoPerson } from './people.ts'
import type { DemoTree } from './tree.ts'
import { chains, personName } from './words.ts'

const OPENED = '2018-01-01'
const ORGANISATIONS = 463
const MEMBERS = 11_036
const JOINED = { since: 648, thisYear: 201 }
const FORMED = { ordinary: 5, functional: 31, old: 8, commercial: 28 }
const VISITS = { held: 1305, met: 26_117 }
const COLLECTED = 7034
const REPORTED_PROBLEMS = 4236

interface Stage {
  tx: WriteTx
  luck: Chance
  tree: DemoTree
  people: readonly DemoPerson[]
  year: string
}

const org = (kind: string, name: string, parentId: string): NewUnit & { id: string } => ({
  id: newId(),
  tree: 'org',
  kind,
  name,
  parentId,
  openedOn: OPENED,
})

const idsOf = (units: readonly { id: string }[]) => units.map((u) => u.id)

/** Committees of streets, branches of communities, of the retired and of offices; the chains with their enterprises. */
async function plantOrganisations({ tx, tree }: Stage) {
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
  await insertUnits(tx, [...committees, ...twoNew, ...retired, ...branches, ...leads, ...enterprises, school])
  await insertLinks(tx, [
    ...committees.map((c, i) => serving(c.id, streets[i]?.place ?? '')),
    ...twoNew.map((c, i) => serving(c.id, served[i]?.id ?? '')),
  ])
  return {
    branches: idsOf([...branches, ...retired]),
    leads: idsOf(leads),
    enterprises: idsOf(enterprises),
    school: school.id,
  }
}

const serving = (fromId: string, toId: string) => ({ kind: 'serves' as const, fromId, toId, validFrom: OPENED })

type Organisations = Awaited<ReturnType<typeof plantOrganisations>>

/** One department leads each chain; every enterprise is in a chain, one of them in two. */
async function plantAlliances({ tx, tree }: Stage, { leads, enterprises }: Organisations) {
  const link = (from: string, to: string, role: string) => ({
    district_id: tx.district,
    id: newId(),
    kind: 'alliance',
    from_id: from,
    to_id: to,
    role,
    valid_from: '2022-03-01',
    valid_to: 'infinity',
    mechanism_id: 'chain-alliance',
  })
  const rows = leads.flatMap((lead, i) => [
    link(lead, tree.departments[i]?.id ?? '', '1'),
    ...enterprises.filter((_, at) => at % leads.length === i).map((e, at) => link(lead, e, at === 0 ? 'X' : 'N')),
  ])
  await insertMany(tx.db, 'unit_link', [...rows, link(leads[1] ?? '', enterprises[0] ?? '', 'N')])
}

async function plantMarks({ tx, tree, year }: Stage) {
  const mark = (unit: string, name: string, value: string) => ({
    district_id: tx.district,
    id: newId(),
    mechanism_id: 'estate-branches',
    unit_id: unit,
    mark: name,
    value,
    note: '',
    valid_from: `${year}-01-10`,
    valid_to: 'infinity',
  })
  const formed = tree.estates.slice(0, FORMED.ordinary + FORMED.functional)
  await insertMany(
    tx.db,
    'unit_mark',
    formed.flatMap((e, i) => [
      mark(e.org, 'form', i < FORMED.ordinary ? 'ordinary' : 'functional'),
      mark(e.org, 'housing', i < FORMED.old ? 'old' : 'commercial'),
    ]),
  )
}

/** The roll: most were entered at once, the others joined on their day. */
async function plantMembers({ tx, luck, people, year }: Stage, branches: readonly string[]) {
  const before = daysBetween('2018-01-02', `${Number(year) - 1}-12-31`)
  const within = Math.max(1, daysBetween(`${year}-01-05`, tx.today))
  const joinedOn = (i: number) =>
    i < JOINED.thisYear ? addDays(`${year}-01-05`, luck.below(within)) : addDays('2018-01-02', luck.below(before))
  await insertMemberships(
    tx,
    people.slice(0, MEMBERS).map((p, i) => ({
      personId: p.id,
      unitId: luck.pick(branches),
      kind: 'formal' as const,
      status: i < JOINED.thisYear ? ('probationary' as const) : ('full' as const),
      from: i < JOINED.since ? joinedOn(i) : OPENED,
      beginReason: i < JOINED.since ? '001' : 'roster',
    })),
  )
  await insertMany(
    tx.db,
    'tenure',
    people.slice(MEMBERS, MEMBERS + 114).map((p) => ({
      district_id: tx.district,
      id: newId(),
      mechanism_id: 'delegates',
      person_id: p.id,
      unit_id: luck.pick(branches),
      role: luck.pick(['party-delegate', 'npc-deputy', 'cppcc-member']),
      term: '本届',
      basis: 'election',
      valid_from: addDays('2018-02-01', luck.below(2000)),
      valid_to: 'infinity',
    })),
  )
}

interface Brought {
  mechanism: string
  state: string
  milestone: string
  holder: string
  level?: string
  field?: string
  route?: string
  /** of a team or project */
  title?: string
}

const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))

function draftTalents({ tree }: Stage, { school, enterprises }: Organisations): Brought[] {
  const root = tree.committee.id
  const arrived = { mechanism: 'recruitment', state: 'in-post', milestone: 'arrived' }
  const signed = { mechanism: 'flexible', state: 'contracted', milestone: 'signed', holder: root, route: 'flexible' }
  const master = { ...arrived, level: 'master' }
  return [
    ...times(12, () => ({ ...master, field: 'education', route: 'public', holder: school })),
    ...times(9, () => ({ ...master, field: 'medical', route: 'public', holder: root })),
    ...times(6, () => ({ ...master, field: 'new-energy', route: 'enterprise', holder: enterprises[0] ?? root })),
    ...times(10, (i) => ({
      ...arrived,
      level: i < 6 ? 'skilled' : 'senior',
      field: i < 5 ? 'new-energy' : 'equipment',
      route: 'enterprise',
      holder: enterprises[i + 1] ?? root,
    })),
    { ...signed, level: 'doctoral-supervisor', field: 'medical' },
    ...times(3, (i) => ({ ...signed, title: `特色产业专家项目${i + 1}` })),
    ...times(6, (i) => ({ ...signed, title: `产业领军人才团队${i + 1}` })),
  ]
}

const plantTalentPersons = ({ tx, luck, tree }: Stage, count: number) =>
  insertPersons(
    tx,
    tx.now,
    times(count, () => {
      const name = personName(luck.below)
      const { pinyin, initials } = nameKeys(name)
      return {
        name,
        sex: luck.often(0.5) ? ('2' as const) : ('1' as const),
        born: addDays('1986-01-01', luck.below(4500)),
        politics: '13',
        pinyin: [...pinyin, ...initials].join(' '),
        strokeKey: strokeKey(name),
        homeId: tree.committee.id,
        homePath: tree.committee.path,
      }
    }),
  )

async function plantTalents(stage: Stage, organisations: Organisations) {
  const { tx, luck, tree, year } = stage
  const drafts = draftTalents(stage, organisations)
  const persons = await plantTalentPersons(stage, drafts.filter((d) => !d.title).length)
  const rows = drafts.map((d, i) => ({ ...d, id: newId(), person: d.title ? null : (persons[i]?.id ?? null) }))
  const base = { district_id: tx.district, channel: '', recorded_at: tx.now }
  await insertMany(
    tx.db,
    'talent',
    rows.map((d) => ({
      ...base,
      id: d.id,
      mechanism_id: d.mechanism,
      form: d.title ? (d.title.includes('团队') ? 'team' : 'project') : 'person',
      person_id: d.person,
      title: d.title ?? '',
      holder_id: d.holder,
      level: d.level ?? '',
      field: d.field ?? '',
      route: d.route ?? '',
      target_year: Number(year),
      state: d.state,
      version: 1,
    })),
  )
  const days = Math.max(1, daysBetween(`${year}-01-06`, tx.today))
  await insertMany(
    tx.db,
    'talent_step',
    rows.map((d) => ({
      district_id: tx.district,
      id: newId(),
      talent_id: d.id,
      state: d.state,
      milestone: d.milestone,
      happened_on: addDays(`${year}-01-06`, luck.below(days)),
      days: 0,
      note: '',
      recorded_at: tx.now,
    })),
  )
  const target = {
    id: newId(),
    mechanism_id: 'graduates',
    holder_id: tree.committee.id,
    year: Number(year),
    amount: 3000,
  }
  await insertMany(tx.db, 'talent_target', [{ district_id: tx.district, ...target }])
  await insertMany(tx.db, 'talent_event', draftTalentEvents(stage))
}

/** Trips of the year: those whose day is past were held, the others are planned. */
function draftTalentEvents({ tx, tree, year }: Stage) {
  const plans = [
    ['leader-trip', '带队赴云州理工大学引才', '云州理工大学', '03-12', 120],
    ['squad-trip', '新能源产业链专场引才', '云州人才市场', '04-18', 86],
    ['talk', '青石人才政策推介会', '青石会堂', '05-20', 0],
    ['squad-trip', '教育医疗专场引才', '江城师范学院', '10-16', 64],
    ['leader-trip', '带队赴江城大学引才', '江城大学', '12-11', 0],
  ] as const
  return plans.map(([kind, title, place, day, posts]) => {
    const plannedOn = `${year}-${day}`
    const held = plannedOn <= tx.today
    return {
      district_id: tx.district,
      id: newId(),
      mechanism_id: 'talent-squads',
      holder_id: tree.committee.id,
      kind,
      title,
      place,
      planned_on: plannedOn,
      held_on: held ? plannedOn : null,
      posts: held ? posts : 0,
    }
  })
}

const grassroots = ['job', 'school', 'medical', 'travel', 'pension', 'farming'] as const
const reported = ['policy', 'care', 'civility', 'governance'] as const

/** A problem of last year, raised, answered and closed as solved within it. */
function solvedDemand(
  { luck, tree, year }: Stage,
  mechanism: string,
  categories: readonly string[],
  estate: DemoTree['estates'][number],
) {
  const owner = tree.communities[estate.community] as DemoTree['communities'][number]
  const day = addDays(`${Number(year) - 1}-01-06`, luck.below(320))
  const opened = instantOf(day, `${String(8 + luck.below(9)).padStart(2, '0')}:30`)
  const at = (hours: number) => addHours(opened, hours)
  const row = {
    id: newId(),
    mechanism_id: mechanism,
    channel: mechanism === 'go-grassroots' ? 'visit' : 'secretary',
    category: luck.pick(categories),
    grade: 'normal',
    title: `走访收集的问题·${estate.name}`,
    place_id: estate.id,
    place_path: estate.path,
    owner_id: owner.id,
    owner_path: owner.path,
    state: 'closed',
    due_at: null,
    respond_due_at: at(72),
    resolve_due_at: at(720),
    opened_at: opened,
    opened_on: day,
    dispatched_at: at(2),
    signed_at: at(8),
    responded_at: at(8),
    answered_at: at(200),
    closed_at: at(260),
    closed_on: dayOf(at(260)),
    outcome: 'solved',
    satisfaction: 'satisfied',
    version: 1,
    report: false,
    round: 0,
    provisional: false,
  }
  return row
}

async function plantVisits(stage: Stage) {
  const { tx, luck, tree, year } = stage
  await insertMany(
    tx.db,
    'occasion',
    times(VISITS.held, (i) => {
      const estate = luck.pick(tree.estates)
      return {
        district_id: tx.district,
        id: newId(),
        mechanism_id: 'go-grassroots',
        kind: 'visit',
        place_id: estate.id,
        place_path: estate.path,
        held_on: addDays(`${Number(year) - 1}-01-06`, luck.below(350)),
        met: 20 + (i === 0 ? VISITS.met - 20 * VISITS.held : 0),
        note: '',
        recorded_at: tx.now,
      }
    }),
  )
  await insertDemands(
    tx,
    times(COLLECTED, () => solvedDemand(stage, 'go-grassroots', grassroots, luck.pick(tree.estates))),
  )
}

/** Every problem is claimed by one member who reported to that community, nobody takes two. */
async function plantReportedProblems(stage: Stage) {
  const { tx, luck, tree, people } = stage
  const near = Map.groupBy(tree.estates, (e) => e.community)
  const claimants = people.slice(0, REPORTED_PROBLEMS)
  const problems = claimants.map((p) => ({
    person: p.id,
    demand: solvedDemand(stage, 'double-report', reported, luck.pick(near.get(p.community) ?? tree.estates)),
    task: newId(),
  }))
  await insertDemands(
    tx,
    problems.map((p) => p.demand),
  )
  await insertTasks(
    tx,
    problems.map(({ demand: d, task }) => ({
      id: task,
      mechanism_id: 'double-report',
      demand_id: d.id,
      title: d.title,
      detail: '',
      category: d.category,
      skills: [],
      place_id: d.place_id,
      place_path: d.place_path,
      starts_at: addHours(d.opened_at, 48),
      ends_at: addHours(d.opened_at, 52),
      capacity: 1,
      claimed: 1,
      state: 'closed',
      published_at: d.dispatched_at,
      published_on: dayOf(d.dispatched_at),
      closed_at: addHours(d.opened_at, 60),
      version: 1,
    })),
  )
  await insertClaims(
    tx,
    problems.map(({ demand: d, task, person }) => ({
      id: newId(),
      task_id: task,
      person_id: person,
      place_id: d.place_id,
      place_path: d.place_path,
      state: 'accepted',
      claimed_at: addHours(d.opened_at, 6),
      claimed_on: dayOf(addHours(d.opened_at, 6)),
      submitted_at: addHours(d.opened_at, 53),
      served_from: addHours(d.opened_at, 48),
      served_to: addHours(d.opened_at, 50),
      minutes: 120,
      accepted_at: addHours(d.opened_at, 56),
      accepted_on: dayOf(addHours(d.opened_at, 56)),
    })),
  )
}

export async function plantRegisters(tx: WriteTx, luck: Chance, tree: DemoTree, people: readonly DemoPerson[]) {
  const stage: Stage = { tx, luck, tree, people, year: tx.today.slice(0, 4) }
  const organisations = await plantOrganisations(stage)
  await plantAlliances(stage, organisations)
  await plantMarks(stage)
  await plantMembers(stage, organisations.branches)
  await plantTalents(stage, organisations)
  await plantVisits(stage)
  await plantReportedProblems(stage)
}
