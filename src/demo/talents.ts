// Talents: who came and signed this year; graduates who stayed, those whose year is up, interviews at universities, craftsmen who returned,
// experts on flexible terms, and the trips on which all of them were sought.
import { insertMany } from '#core/bulk.ts'
import { addDays, addMonths, type Day, daysBetween } from '#core/calendar.ts'
import { newId } from '#core/ids.ts'
import { insertPersons } from '#modules/people/index.ts'
import type { Chance } from './chance.ts'
import type { Organisations } from './organisations.ts'
import { naming } from './people.ts'
import { type Stage, times } from './stage.ts'

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

function plantTalentPersons({ tx, luck, tree }: Stage, count: number, born: { from: Day; over: number }) {
  const named = naming(luck)
  return insertPersons(
    tx,
    tx.now,
    times(count, () => ({
      ...named(),
      sex: luck.often(0.5) ? ('2' as const) : ('1' as const),
      born: addDays(born.from, luck.below(born.over)),
      politics: '13',
      homeId: tree.committee.id,
      homePath: tree.committee.path,
    })),
  )
}

/** A talent and the way it came: each state with its milestone, its day and, of service, its days. */
interface Way extends Omit<Brought, 'state' | 'milestone'> {
  targetYear: number
  channel?: string
  consent?: boolean
  steps: readonly Step[]
}
type Step = [state: string, milestone: string, on: Day, days?: number]

async function insertWays({ tx }: Stage, ways: readonly Way[], persons: readonly { id: string }[]) {
  let taken = 0
  const rows = ways.map((w) => ({ ...w, id: newId(), person: w.title ? null : (persons[taken++]?.id ?? null) }))
  await insertMany(
    tx.db,
    'talent',
    rows.map((d) => ({
      district_id: tx.district,
      id: d.id,
      mechanism_id: d.mechanism,
      form: d.title ? (d.title.includes('团队') ? 'team' : 'project') : 'person',
      person_id: d.person,
      title: d.title ?? '',
      holder_id: d.holder,
      level: d.level ?? '',
      field: d.field ?? '',
      route: d.route ?? '',
      channel: d.channel ?? '',
      target_year: d.targetYear,
      state: d.steps.at(-1)?.[0] ?? '',
      consent_at: d.consent ? tx.now : null,
      version: d.steps.length,
      recorded_at: tx.now,
    })),
  )
  await insertMany(
    tx.db,
    'talent_step',
    rows.flatMap((d) =>
      d.steps.map(([state, milestone, on, days]) => ({
        district_id: tx.district,
        id: newId(),
        talent_id: d.id,
        state,
        milestone,
        happened_on: on,
        days: days ?? 0,
        note: '',
        recorded_at: tx.now,
      })),
    ),
  )
}

const targets = (stage: Stage) => {
  const year = Number(stage.year)
  return [
    ['graduates', year, 3000],
    ['graduates', year - 1, 520],
    ['recruitment', year, 45],
  ] as const
}

/** Days of this year up to now, and of the year before up to a year ago: its people have been here for twelve months. */
function spans({ tx, luck, year }: Stage) {
  const [first, before] = [`${year}-01-06`, `${Number(year) - 1}-01-06`]
  const days = Math.max(1, daysBetween(first, tx.today))
  return { thisYear: () => addDays(first, luck.below(days)), lastYear: () => addDays(before, luck.below(days)) }
}

export async function plantTalents(stage: Stage, organisations: Organisations) {
  const { tx, tree, year } = stage
  const drafts = draftTalents(stage, organisations)
  const persons = await plantTalentPersons(stage, drafts.filter((d) => !d.title).length, {
    from: '1986-01-01',
    over: 4500,
  })
  const { thisYear } = spans(stage)
  await insertWays(
    stage,
    drafts.map(({ state, milestone, ...d }) => ({
      ...d,
      targetYear: Number(year),
      steps: [[state, milestone, thisYear()]],
    })),
    persons,
  )
  await insertMany(
    tx.db,
    'talent_target',
    targets(stage).map(([mechanism_id, of, amount]) => ({
      district_id: tx.district,
      id: newId(),
      mechanism_id,
      holder_id: tree.committee.id,
      year: of,
      amount,
    })),
  )
}

const GRADUATES = { thisYear: 2380, lastYear: 486 }

/** Graduates sign and come; a year later most of those who came are still here, and somebody looked. */
function draftGraduates(stage: Stage, { enterprises }: Organisations): Way[] {
  const { luck, tree, year } = stage
  const { thisYear, lastYear } = spans(stage)
  const one = (targetYear: number, steps: readonly Step[]): Way => ({
    mechanism: 'graduates',
    holder: luck.often(0.6) ? luck.pick(enterprises) : tree.committee.id,
    level: luck.pick(['junior-college', 'bachelor', 'bachelor', 'bachelor', 'master']),
    channel: luck.pick(['employment', 'employment', 'start-up', 'public', 'service']),
    targetYear,
    steps,
  })
  const came = (on: Day): Step[] => [
    ['signed', 'signed', addDays(on, -20 - luck.below(60))],
    ['arrived', 'arrived', on],
  ]
  return [
    ...times(GRADUATES.thisYear, () => one(Number(year), came(thisYear()))),
    ...times(GRADUATES.lastYear, () => {
      const on = lastYear()
      const stayed: Step[] = luck.often(0.93) ? [['retained', 'retained', addMonths(on, 12)]] : []
      return one(Number(year) - 1, [...came(on), ...stayed])
    }),
  ]
}

/** A way that not everybody goes to its end. */
function partly(luck: Chance, first: Day, today: Day, stages: readonly [string, string, share: number][]): Step[] {
  const steps: Step[] = []
  let on = first
  for (const [state, milestone, share] of stages) {
    if (on > today || !luck.often(share)) break
    steps.push([state, milestone, on])
    on = addDays(on, 6 + luck.below(20))
  }
  return steps
}

/** Whoever is asked what he wishes has agreed to it first. */
function draftWishing(stage: Stage, { school, enterprises }: Organisations): Way[] {
  const { tx, luck, tree, year } = stage
  const { thisYear } = spans(stage)
  const wishing = { targetYear: Number(year), consent: true }
  const interviewed = times(164, () => ({
    ...wishing,
    mechanism: 'direct-interview',
    holder: luck.pick([school, tree.committee.id]),
    level: luck.pick(['bachelor', 'master']),
    field: luck.pick(['education', 'medical', 'engineering']),
    steps: partly(luck, thisYear(), tx.today, [
      ['registered', 'applied', 1],
      ['interviewed', 'interviewed', 0.72],
      ['offered', 'offered', 0.5],
      ['signed', 'signed', 0.86],
      ['reported', 'arrived', 0.9],
    ]),
  }))
  const returned = times(136, () => ({
    ...wishing,
    mechanism: 'returnees',
    holder: luck.pick(enterprises),
    level: luck.pick(['craftsman', 'farmer', 'entrepreneur', 'young']),
    steps: partly(luck, thisYear(), tx.today, [
      ['identified', 'interest', 1],
      ['supported', 'supported', 0.66],
      ['graduated', 'completed', 0.55],
    ]),
  }))
  return [...interviewed, ...returned]
}

/** Experts who signed last year and come for some days at a time. */
function draftExperts(stage: Stage): Way[] {
  const { tx, luck, tree, year } = stage
  const { lastYear } = spans(stage)
  return times(9, (i) => ({
    mechanism: 'flexible',
    holder: tree.committee.id,
    level: luck.pick(['professor', 'chief-expert']),
    field: luck.pick(['medical', 'agriculture', 'industry']),
    route: 'flexible',
    targetYear: Number(year) - 1,
    steps: [
      ['contracted', 'signed', lastYear()],
      ...times(6, (n): Step => ['serving', 'serving', addDays(tx.today, -14 - 45 * (6 - n)), 2 + luck.below(5)]),
      ...(i < 3 ? [['ended', 'completed', addDays(tx.today, -2 - i * 3)] satisfies Step] : []),
    ],
  }))
}

const trips: readonly [mechanism: string, kind: string, title: string, places: readonly string[]][] = [
  ['talent-squads', 'squad-trip', '招才引智小分队引才', ['江城理工大学', '南岭师范大学', '滨海农业大学']],
  ['direct-interview', 'fair', '校园专场面试直招', ['江城师范大学', '东湖医科大学']],
  ['graduates', 'promotion', '大学生留回政策宣讲', ['青石职业技术学院', '南岭师范大学']],
]

/** Held through the year; one of each kind is planned for the weeks to come. */
async function plantTrips({ tx, luck, tree, year }: Stage) {
  const days = Math.max(1, daysBetween(`${year}-02-10`, tx.today))
  const trip = ([mechanism, kind, title, places]: (typeof trips)[number], on: Day) => {
    const place = luck.pick(places)
    return {
      district_id: tx.district,
      id: newId(),
      mechanism_id: mechanism,
      holder_id: tree.committee.id,
      kind,
      title: `${title}·${place}`,
      place,
      planned_on: on,
      held_on: on < tx.today ? on : null,
      posts: 30 + luck.below(120),
    }
  }
  await insertMany(
    tx.db,
    'talent_event',
    trips.flatMap((t) => [
      ...times(7, () => trip(t, addDays(`${year}-02-10`, luck.below(days)))),
      trip(t, addDays(tx.today, 5 + luck.below(30))),
    ]),
  )
}

/** What a year of a talent office holds beside those who came at once. */
export async function plantTalentYear(stage: Stage, organisations: Organisations) {
  const ways = [...draftGraduates(stage, organisations), ...draftWishing(stage, organisations), ...draftExperts(stage)]
  const persons = await plantTalentPersons(stage, ways.length, { from: `${Number(stage.year) - 45}-01-01`, over: 8000 })
  await insertWays(stage, ways, persons)
  await plantTrips(stage)
}
