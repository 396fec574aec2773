// This year's work: 4,541 tasks, 19,812 claims by fewer persons, and the demands of residents in every state.
import { addDays, addHours, daysBetween, instantOf } from '#core/calendar.ts'
import type { WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import {
  insertCallbacks,
  insertClaims,
  insertDemands,
  insertManyDispatches,
  insertTasks,
} from '#modules/demands/index.ts'
import type { Chance } from './chance.ts'
import type { DemoPerson } from './people.ts'
import type { DemoTree } from './tree.ts'
import { complaints, errands } from './words.ts'

export const TASKS = 4541
export const CLAIMS = 19_812
const DEMANDS = 3200
const MECHANISM = '365-service'

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
    const estate = luck.pick(tree.estates)
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

const stageOf = (luck: Chance, age: number): Stage => {
  if (age > 20) return luck.often(0.985) ? 'closed' : 'signed'
  return luck.pick(['registered', 'dispatched', 'signed', 'signed', 'answered', 'closed'] as const)
}

interface Draft {
  demands: Parameters<typeof insertDemands>[1][number][]
  dispatches: Parameters<typeof insertManyDispatches>[1][number][]
  callbacks: Parameters<typeof insertCallbacks>[1][number][]
}

function draftDemand(tx: WriteTx, luck: Chance, tree: DemoTree, draft: Draft) {
  const estate = luck.pick(tree.estates)
  const [category, words] = luck.pick(complaints)
  const department = category === 'enforcement' || category === 'licence'
  const community = tree.communities[estate.community] as DemoTree['communities'][number]
  const owner = department ? luck.pick(tree.departments) : community
  const span = daysBetween(`${tx.today.slice(0, 4)}-01-03`, tx.today)
  // 07:00 today at the latest, so nothing lies in the future whatever the hour of the first start
  const day = addDays(tx.today, -1 - luck.below(Math.max(1, span)))
  const opened = instantOf(
    day,
    `${String(8 + luck.below(10)).padStart(2, '0')}:${String(luck.below(60)).padStart(2, '0')}`,
  )
  const stage = stageOf(luck, daysBetween(day, tx.today))
  const id = newId()
  const past = (hours: number) => {
    const at = addHours(opened, hours)
    return at < tx.now ? at : tx.now
  }
  const reached: Stage[] = ['registered', 'dispatched', 'signed', 'answered', 'closed']
  const at = reached.indexOf(stage)
  const signed = at >= 2 ? past(2 + luck.below(30)) : null
  const answered = at >= 3 ? past(30 + luck.below(130)) : null
  const solved = luck.often(0.9)
  const outcome = stage === 'closed' ? (solved ? 'solved' : luck.pick(['partly', 'unsolved'])) : null
  const satisfaction =
    stage === 'closed' ? (solved ? luck.pick(['satisfied', 'satisfied', 'basically']) : 'unsatisfied') : null
  const respond = addHours(opened, 24)
  const resolve = addHours(opened, 168)
  const title = `${luck.pick(words).slice(0, 14)}·${estate.name}`
  draft.demands.push({
    id,
    mechanism_id: MECHANISM,
    channel: luck.pick(['resident', 'resident', 'secretary', 'hotline', 'visit']),
    category,
    grade: 'normal',
    title: [...title].slice(0, 40).join(''),
    place_id: estate.id,
    place_path: estate.path,
    owner_id: at >= 1 ? owner.id : null,
    owner_path: at >= 1 ? owner.path : null,
    state: stage,
    due_at: stage === 'signed' ? resolve : at <= 1 ? respond : null,
    respond_due_at: respond,
    resolve_due_at: resolve,
    opened_at: opened,
    opened_on: day,
    dispatched_at: at >= 1 ? past(1) : null,
    signed_at: signed,
    responded_at: signed,
    answered_at: answered,
    closed_at: stage === 'closed' ? past(200) : null,
    closed_on: stage === 'closed' ? past(200).slice(0, 10) : null,
    outcome,
    satisfaction,
    version: 1,
    report: false,
    round: 0,
    provisional: false,
  })
  if (at >= 1)
    draft.dispatches.push({
      id: newId(),
      demand_id: id,
      unit_id: owner.id,
      unit_path: owner.path,
      role: 'lead',
      at: past(1),
      due_at: resolve,
      signed_at: signed,
      answered_at: answered,
    })
  if (stage === 'closed')
    draft.callbacks.push({
      id: newId(),
      demand_id: id,
      round: 0,
      at: past(180),
      made_on: past(180).slice(0, 10),
      reached: true,
      outcome,
      satisfaction,
    })
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
  await insertDemands(tx, draft.demands)
  await insertManyDispatches(tx, draft.dispatches)
  await insertCallbacks(tx, draft.callbacks)
}
