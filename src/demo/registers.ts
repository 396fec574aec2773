// The roll of members and deputies, and the rounds of visits with what was collected on them; the other registers are planted from here.
// Sizes are those of a real district's yearly review; names are invented.
import { addDays, addHours, type Day, dayOf, daysBetween, instantOf } from '#core/calendar.ts'
import { insertMany } from '#core/bulk.ts'
import type { WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertClaims, insertDemands, insertTasks } from '#modules/demands/index.ts'
import { insertMemberships } from '#modules/people/index.ts'
import { type Chance, chance } from './chance.ts'
import { plantCommittees, type Roll } from './committees.ts'
import { plantAlliances, plantOrganisations } from './organisations.ts'
import type { DemoPerson } from './people.ts'
import { plantEvents, plantMarks } from './rounds.ts'
import { type Stage, times } from './stage.ts'
import { plantTalents, plantTalentYear } from './talents.ts'
import type { DemoTree } from './tree.ts'

const OPENED = '2018-01-01'
const MEMBERS = 11_036
const JOINED = { since: 648, thisYear: 201 }
const VISITS = { held: 1305, met: 26_117, thisYear: 940, collected: 620 }
const COLLECTED = 7034
const REPORTED_PROBLEMS = 4236
const [MARKED, HELD, ELECTED, SOUGHT, VISITED] = [121, 122, 123, 124, 125]

/** The roll: most were entered at once, the others joined on their day. */
async function plantMembers({ tx, luck, people, year }: Stage, branches: readonly string[]): Promise<Roll> {
  const before = daysBetween('2018-01-02', `${Number(year) - 1}-12-31`)
  const within = Math.max(1, daysBetween(`${year}-01-05`, tx.today))
  const joinedOn = (i: number) =>
    i < JOINED.thisYear ? addDays(`${year}-01-05`, luck.below(within)) : addDays('2018-01-02', luck.below(before))
  const rows = people.slice(0, MEMBERS).map((p, i) => ({
    personId: p.id,
    unitId: luck.pick(branches),
    kind: 'formal' as const,
    status: i < JOINED.thisYear ? ('probationary' as const) : ('full' as const),
    from: i < JOINED.since ? joinedOn(i) : OPENED,
    beginReason: i < JOINED.since ? '001' : 'roster',
  }))
  await insertMemberships(tx, rows)
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
  return rows.map((r) => ({ person: r.personId, unit: r.unitId, full: r.status === 'full' }))
}

const grassroots = ['job', 'school', 'medical', 'travel', 'pension', 'farming'] as const
const reported = ['policy', 'care', 'civility', 'governance'] as const

/** Days on which something was raised: over so many from the first. */
interface Season {
  first: Day
  over: number
}

const lastYear = ({ year }: Stage): Season => ({ first: `${Number(year) - 1}-01-06`, over: 320 })

/** A problem raised in a season, answered and closed as solved. */
function solvedDemand(
  { luck, tree }: Stage,
  { mechanism, categories, season }: { mechanism: string; categories: readonly string[]; season: Season },
  estate: DemoTree['estates'][number],
) {
  const owner = tree.communities[estate.community] as DemoTree['communities'][number]
  const day = addDays(season.first, luck.below(season.over))
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

const plantOccasions = ({ tx, luck, tree }: Stage, held: number, { first, over }: Season, met: (i: number) => number) =>
  insertMany(
    tx.db,
    'occasion',
    times(held, (i) => {
      const estate = luck.pick(tree.estates)
      return {
        district_id: tx.district,
        id: newId(),
        mechanism_id: 'go-grassroots',
        kind: 'visit',
        place_id: estate.id,
        place_path: estate.path,
        held_on: addDays(first, luck.below(over)),
        met: met(i),
        note: '',
        recorded_at: tx.now,
      }
    }),
  )

const plantCollected = (stage: Stage, count: number, season: Season) => {
  const of = { mechanism: 'go-grassroots', categories: grassroots, season }
  return insertDemands(
    stage.tx,
    times(count, () => solvedDemand(stage, of, stage.luck.pick(stage.tree.estates))),
  )
}

async function plantVisits(stage: Stage) {
  const season = lastYear(stage)
  await plantOccasions(stage, VISITS.held, { ...season, over: 350 }, (i) =>
    i === 0 ? VISITS.met - 20 * (VISITS.held - 1) : 20,
  )
  await plantCollected(stage, COLLECTED, season)
}

/** This year's visits go on; what was collected is closed after eleven days. */
async function plantVisitsNow(stage: Stage) {
  const { tx, luck, year } = stage
  const first = `${year}-01-06`
  const over = Math.max(1, daysBetween(first, tx.today))
  await plantOccasions(stage, VISITS.thisYear, { first, over }, () => 8 + luck.below(20))
  await plantCollected(stage, VISITS.collected, { first, over: Math.max(1, over - 12) })
}

/** Every problem is claimed by one member who reported to that community, nobody takes two. */
async function plantReportedProblems(stage: Stage) {
  const { tx, luck, tree, people } = stage
  const near = Map.groupBy(tree.estates, (e) => e.community)
  const claimants = people.slice(0, REPORTED_PROBLEMS)
  const of = { mechanism: 'double-report', categories: reported, season: lastYear(stage) }
  const problems = claimants.map((p) => ({
    person: p.id,
    demand: solvedDemand(stage, of, luck.pick(near.get(p.community) ?? tree.estates)),
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
  const roll = await plantMembers(stage, [...organisations.branches, ...organisations.retired])
  await plantTalents(stage, organisations)
  await plantVisits(stage)
  await plantReportedProblems(stage)
  // sources of chance of their own: what is planted before and after stays as it was
  await plantMarks({ ...stage, luck: chance(MARKED) }, organisations)
  await plantEvents({ ...stage, luck: chance(HELD) }, organisations)
  await plantCommittees({ ...stage, luck: chance(ELECTED) }, organisations, roll)
  await plantTalentYear({ ...stage, luck: chance(SOUGHT) }, organisations)
  await plantVisitsNow({ ...stage, luck: chance(VISITED) })
}
