// This year's work: 4,541 tasks, 19,812 claims by fewer persons, and the demands of residents in every state.
import { addDays, addHours, dayOf, daysBetween, instantOf } from '#core/calendar.ts'
import type { WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import {
  insertCallbacks,
  insertClaims,
  insertDemands,
  insertManyDispatches,
  insertTasks,
} from '#modules/demands/index.ts'
import { type Chance, chance } from './chance.ts'
import { type DemandDraft, type DispatchDraft, sealWords, tellLives, turnSome, whistle } from './lives.ts'
import type { DemoPerson } from './people.ts'
import type { DemoTree } from './tree.ts'
import { drawWishes, WISHES } from './wishes.ts'
import { complaints, errands } from './words.ts'

/** Of the year's 4,541 tasks and 19,812 claims: what is not a micro-wish. */
const TASKS = 4541 - WISHES.published
const CLAIMS = 19_812 - WISHES.claims
const DEMANDS = 3200
/** So that the year stands beside the last one, which the field's reviews fix at some eleven thousand. */
const MORE_DEMANDS = 6600
const MECHANISM = '365-service'
/** Sources of chance of their own: what is planted by the common one stays as it was. */
const MORE = 118
const WHISTLES = 119
const WISHING = 120

interface Shift {
  id: string
  community: number
  day: string
  at: string
  capacity: number
  estate: DemoTree['estates'][number]
}

function planShifts(luck: Chance, tree: DemoTree, today: string): Shift[] {
  const first = `${today.slice(0, 4)}-01-09`
  const span = Math.max(1, daysBetween(first, today) - 3)
  return Array.from({ length: TASKS }, (_, i) => {
    const anywhere = luck.pick(tree.estates)
    // the last eight stand in the community of the demo's member
    const estate = i >= TASKS - 8 ? (tree.estates.find((e) => e.community === 0) ?? anywhere) : anywhere
    // the last forty stand open in the coming days, so that the demo's members find something to claim
    const day = i >= TASKS - 40 ? addDays(today, 1 + luck.below(10)) : addDays(first, luck.below(span))
    return {
      id: newId(),
      community: estate.community,
      day,
      at: instantOf(day, `${String(8 + luck.below(9)).padStart(2, '0')}:00`),
      capacity: 8 + luck.below(5),
      estate,
    }
  })
}

async function plantTasks(tx: WriteTx, luck: Chance, shifts: readonly Shift[], claimed: ReadonlyMap<string, number>) {
  await insertTasks(
    tx,
    shifts.map((s) => {
      const [category, titles] = luck.pick(errands)
      const open = s.day > tx.today
      // published at the latest today: an announcement can't lie in the future
      const announced = addDays(s.day, -3 - luck.below(4))
      const published = announced < tx.today ? announced : addDays(tx.today, -1)
      return {
        id: s.id,
        mechanism_id: MECHANISM,
        title: luck.pick(titles),
        detail: '',
        category,
        skills: [],
        place_id: s.estate.id,
        place_path: s.estate.path,
        starts_at: s.at,
        ends_at: addHours(s.at, 4),
        capacity: s.capacity,
        claimed: claimed.get(s.id) ?? 0,
        state: open ? 'published' : 'closed',
        published_at: instantOf(published, '09:00'),
        published_on: published,
        closed_at: open ? null : addHours(s.at, 12),
        version: 1,
      }
    }),
  )
}

/** Who claims what: only people who reported to that community, nobody twice on one day. */
function drawClaims(luck: Chance, shifts: readonly Shift[], people: readonly DemoPerson[], communities: number) {
  const residents = Array.from({ length: communities }, (_, c) =>
    people.filter((p) => p.community === c && luck.often(0.62)),
  )
  const taken = new Set<string>()
  const claims: { shift: Shift; person: string }[] = []
  const past = shifts.slice(0, TASKS - 40)
  for (let turn = 0; claims.length < CLAIMS; turn++) {
    const shift = past[turn % past.length] as Shift
    const already = claims.length
    const round = Math.floor(turn / past.length)
    if (round >= shift.capacity) continue
    for (let tries = 0; tries < 4 && claims.length === already; tries++) {
      const person = luck.pick(residents[shift.community] as DemoPerson[])
      const key = `${person.id} ${shift.day}`
      if (taken.has(key)) continue
      taken.add(key)
      claims.push({ shift, person: person.id })
    }
  }
  return claims
}

async function plantClaims(tx: WriteTx, luck: Chance, drawn: ReturnType<typeof drawClaims>) {
  await insertClaims(
    tx,
    drawn.map(({ shift, person }) => {
      const minutes = 30 * (2 + luck.below(6))
      const day = addDays(shift.day, -1 - luck.below(2))
      const done = luck.often(0.97)
      return {
        id: newId(),
        task_id: shift.id,
        person_id: person,
        place_id: shift.estate.id,
        place_path: shift.estate.path,
        state: done ? 'accepted' : 'submitted',
        claimed_at: instantOf(day, '12:00'),
        claimed_on: day,
        submitted_at: addHours(shift.at, 4),
        served_from: done ? shift.at : null,
        served_to: done ? addHours(shift.at, minutes / 60) : null,
        minutes: done ? minutes : null,
        accepted_at: done ? addHours(shift.at, 8) : null,
        accepted_on: done ? shift.day : null,
      }
    }),
  )
}

type Stage = 'registered' | 'dispatched' | 'signed' | 'answered' | 'closed'

/** How far matters have come that are so many days old; most keep to their clocks, a few lie. */
const stages: readonly (readonly [age: number, ...reached: Stage[]])[] = [
  [2, 'registered', 'registered', 'dispatched', 'dispatched', 'signed', 'signed'],
  [4, 'registered', 'dispatched', 'signed', 'signed', 'signed', 'signed', 'answered'],
  [8, 'dispatched', 'signed', 'signed', 'signed', 'answered', 'answered', 'answered', 'answered'],
  [20, 'signed', 'answered', 'answered', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed'],
]

const stageOf = (luck: Chance, age: number): Stage => {
  const [, ...reached] = stages.find(([until]) => age <= until) ?? []
  return reached.length > 0 ? luck.pick(reached) : luck.often(0.994) ? 'closed' : 'signed'
}

interface Draft {
  demands: DemandDraft[]
  dispatches: DispatchDraft[]
  callbacks: Parameters<typeof insertCallbacks>[1][number][]
}

const REACHED: readonly Stage[] = ['registered', 'dispatched', 'signed', 'answered', 'closed']

/** When what happened to one demand, nothing later than now. */
function lifeOf(tx: WriteTx, luck: Chance) {
  const span = daysBetween(`${tx.today.slice(0, 4)}-01-03`, tx.today)
  const day = addDays(tx.today, -1 - luck.below(Math.max(1, span)))
  const minute = String(luck.below(60)).padStart(2, '0')
  const opened = instantOf(day, `${String(8 + luck.below(10)).padStart(2, '0')}:${minute}`)
  const stage = stageOf(luck, daysBetween(day, tx.today))
  const at = REACHED.indexOf(stage)
  const after = (least: number, hours: number) => {
    const then = addHours(opened, hours)
    return at < least ? null : then < tx.now ? then : tx.now
  }
  return {
    day,
    opened,
    stage,
    respond: addHours(opened, 24),
    resolve: addHours(opened, 168),
    dispatched: after(1, 1),
    signed: after(2, 2 + luck.below(30)),
    answered: after(3, 30 + luck.below(130)),
    called: after(4, 180),
    closed: after(4, 200),
  }
}

/** What the resident said at the call-back. */
function verdictOf(luck: Chance) {
  const solved = luck.often(0.9)
  return {
    outcome: solved ? 'solved' : luck.pick(['partly', 'unsolved']),
    // who is helped may still mind how; who is not may still value the effort
    satisfaction: luck.often(solved ? 0.97 : 0.3) ? luck.pick(['satisfied', 'satisfied', 'basically']) : 'unsatisfied',
  }
}

function draftDemand(tx: WriteTx, luck: Chance, tree: DemoTree, draft: Draft) {
  const estate = luck.pick(tree.estates)
  const [category, said] = luck.pick(complaints)
  const department = category === 'enforcement' || category === 'licence'
  const owner = department ? luck.pick(tree.departments) : tree.communities[estate.community]
  if (!owner) throw new Error('an estate without a community')
  const life = lifeOf(tx, luck)
  const verdict = verdictOf(luck)
  const id = newId()
  const channel = luck.pick(['resident', 'resident', 'secretary', 'hotline', 'visit'])
  const words = luck.pick(said)
  const row: DemandDraft = {
    id,
    mechanism_id: MECHANISM,
    channel,
    category,
    grade: 'normal',
    title: [...`${words.slice(0, 14)}·${estate.name}`].slice(0, 40).join(''),
    place_id: estate.id,
    place_path: estate.path,
    owner_id: life.dispatched ? owner.id : null,
    owner_path: life.dispatched ? owner.path : null,
    state: life.stage,
    due_at: life.answered ? null : life.signed ? life.resolve : life.respond,
    respond_due_at: life.respond,
    resolve_due_at: life.resolve,
    opened_at: life.opened,
    opened_on: life.day,
    dispatched_at: life.dispatched,
    signed_at: life.signed,
    responded_at: life.signed,
    answered_at: life.answered,
    closed_at: life.closed,
    closed_on: life.closed && dayOf(life.closed),
    outcome: life.closed ? verdict.outcome : null,
    satisfaction: life.closed ? verdict.satisfaction : null,
    version: 1,
    report: false,
    round: 0,
    provisional: false,
    suspended_until: null,
    merged_into: null,
  }
  draft.demands.push({ ...row, ...sealWords(tx, row, words) })
  if (life.dispatched) {
    const unit = { unit_id: owner.id, unit_path: owner.path, role: 'lead' as const }
    const times = { at: life.dispatched, due_at: life.resolve, signed_at: life.signed, answered_at: life.answered }
    const calm = { disputed_at: null, dispute_reason: null, dispute_basis: null }
    draft.dispatches.push({ id: newId(), demand_id: id, ...unit, ...times, ...calm })
  }
  if (life.called) {
    const made = { at: life.called, made_on: dayOf(life.called), reached: true }
    draft.callbacks.push({ id: newId(), demand_id: id, round: 0, ...made, ...verdict })
  }
}

export async function plantWork(tx: WriteTx, luck: Chance, tree: DemoTree, people: readonly DemoPerson[]) {
  const shifts = planShifts(luck, tree, tx.today)
  const drawn = drawClaims(luck, shifts, people, tree.communities.length)
  const claimed = new Map<string, number>()
  for (const { shift } of drawn) claimed.set(shift.id, (claimed.get(shift.id) ?? 0) + 1)
  await plantTasks(tx, luck, shifts, claimed)
  await plantClaims(tx, luck, drawn)
  const draft: Draft = { demands: [], dispatches: [], callbacks: [] }
  for (let i = 0; i < DEMANDS; i++) draftDemand(tx, luck, tree, draft)
  const more = chance(MORE)
  for (let i = 0; i < MORE_DEMANDS; i++) draftDemand(tx, more, tree, draft)
  const lives = turnSome(tx, draft)
  whistle(tx, chance(WHISTLES), tree, draft)
  const plantCards = drawWishes({ tx, luck: chance(WISHING), tree, people, drafts: draft })
  await insertDemands(tx, draft.demands)
  await insertManyDispatches(tx, draft.dispatches)
  await insertCallbacks(tx, draft.callbacks)
  await plantCards()
  await tellLives(tx, draft.demands, lives)
  return busiestIn(0, drawn)
}

/** Who of a community claimed most: the demo's member has a record to look at. */
function busiestIn(community: number, drawn: ReturnType<typeof drawClaims>): string {
  const times = new Map<string, number>()
  for (const { shift, person } of drawn)
    if (shift.community === community) times.set(person, (times.get(person) ?? 0) + 1)
  return [...times].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
