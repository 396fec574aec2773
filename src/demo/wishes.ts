// 微心愿 of the year in every stage: waiting to be looked through, put up, claimed by members and by departments, fulfilled, confirmed.
import { addDays, addHours, dayOf, instantOf } from '#core/calendar.ts'
import type { WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertClaims, insertTasks } from '#modules/demands/index.ts'
import type { Chance } from './chance.ts'
import { type DemandDraft, type DispatchDraft, sealWords } from './lives.ts'
import type { DemoPerson } from './people.ts'
import type { DemoTree } from './tree.ts'
import { wishes } from './words.ts'

const MECHANISM = 'micro-wish'

type Stage = 'raised' | 'drafted' | 'open' | 'claimed' | 'submitted' | 'accepted' | 'closed'
const order: readonly Stage[] = ['raised', 'drafted', 'open', 'claimed', 'submitted', 'accepted', 'closed']

/** How many stand where, and how many days ago they were raised: from, and over how many days. */
const plan: Record<Stage, [count: number, from: number, over: number]> = {
  raised: [9, 0, 2],
  drafted: [7, 1, 3],
  open: [16, 4, 14],
  claimed: [8, 6, 14],
  submitted: [5, 10, 12],
  accepted: [6, 12, 12],
  closed: [45, 20, 290],
}
/** One in so many is claimed by a department. */
const UNITS = 4

const counted = (...stages: Stage[]) => stages.reduce((n, s) => n + plan[s][0], 0)
const claimed = counted('claimed', 'submitted', 'accepted', 'closed')
/** What the wishes add to the year's published tasks, and to its claims by persons. */
export const WISHES = {
  published: counted('open', 'claimed', 'submitted', 'accepted', 'closed'),
  claims: claimed - Math.ceil(claimed / UNITS),
}

interface Drafts {
  demands: DemandDraft[]
  dispatches: DispatchDraft[]
  callbacks: Record<string, unknown>[]
}

interface Scene {
  tx: WriteTx
  luck: Chance
  tree: DemoTree
  people: readonly DemoPerson[]
  drafts: Drafts
}

/** When what happened to a wish at `stage`; null where it has not. */
function lifeOf({ tx, luck }: Scene, stage: Stage) {
  const [, from, over] = plan[stage]
  const year = `${tx.today.slice(0, 4)}-01-04`
  const wanted = addDays(tx.today, -from - luck.below(over))
  const day = wanted < year ? addDays(year, luck.below(5)) : wanted
  const opened = from === 0 ? addHours(tx.now, -1 - luck.below(20)) : instantOf(day, '10:20')
  const reached = (s: Stage) => order.indexOf(stage) >= order.indexOf(s)
  const at = (s: Stage, hours: number) => (reached(s) ? addHours(opened, hours) : null)
  return {
    opened,
    handed: at('drafted', 5),
    published: at('open', 24),
    claimed: at('claimed', 70),
    submitted: at('submitted', 160),
    accepted: at('accepted', 190),
    closed: at('closed', 240),
    ends: addDays(dayOf(opened), 45),
  }
}

type Life = ReturnType<typeof lifeOf>

const stateOf = (life: Life) =>
  life.closed ? 'closed' : life.accepted ? 'answered' : life.handed ? 'signed' : 'registered'

function draftWish(scene: Scene, life: Life, [category, , words]: (typeof wishes)[number]): DemandDraft {
  const { tx, luck, tree, drafts } = scene
  const estate = luck.pick(tree.estates)
  const base = drafts.demands[0] as DemandDraft
  const empty = Object.fromEntries(Object.keys(base).map((k) => [k, null])) as unknown as DemandDraft
  const resolve = addHours(life.opened, 24 * 30)
  const respond = addHours(life.opened, 72)
  const row: DemandDraft = {
    ...empty,
    id: newId(),
    mechanism_id: MECHANISM,
    channel: luck.pick(['resident', 'visit', 'secretary']),
    category,
    grade: 'normal',
    title: [...`微心愿·${estate.name}`].slice(0, 40).join(''),
    place_id: estate.id,
    place_path: estate.path,
    owner_id: life.handed && estate.id,
    owner_path: life.handed && estate.path,
    state: stateOf(life),
    due_at: life.accepted ? null : life.handed ? resolve : respond,
    respond_due_at: respond,
    resolve_due_at: resolve,
    opened_at: life.opened,
    opened_on: dayOf(life.opened),
    dispatched_at: life.handed,
    signed_at: life.handed,
    responded_at: life.handed,
    answered_at: life.accepted,
    closed_at: life.closed,
    closed_on: life.closed && dayOf(life.closed),
    outcome: life.closed ? 'solved' : null,
    satisfaction: life.closed ? 'satisfied' : null,
    version: 1,
    report: false,
    round: 0,
    provisional: false,
    feasible: true,
  }
  return { ...row, ...sealWords(tx, row, words) }
}

function putUp({ tx, tree }: Scene, wish: DemandDraft, life: Life, title: string) {
  const estate = tree.estates.find((e) => e.id === wish.place_id) as DemoTree['estates'][number]
  const community = tree.communities[estate.community] as DemoTree['communities'][number]
  const over = life.ends < tx.today
  return {
    id: newId(),
    mechanism_id: MECHANISM,
    demand_id: wish.id as string,
    title,
    detail: '送到社区党群服务中心即可，由社区转交。',
    category: wish.category,
    skills: [],
    place_id: community.id,
    place_path: community.path,
    starts_at: life.published ?? addHours(life.opened, 24),
    ends_at: instantOf(life.ends, '18:00'),
    capacity: 1,
    claimed: life.claimed ? 1 : 0,
    state: life.published ? (over ? 'closed' : 'published') : 'draft',
    open_to: 'anyone',
    published_at: life.published,
    published_on: life.published && dayOf(life.published),
    closed_at: over ? instantOf(life.ends, '18:10') : null,
    version: 1,
  }
}

type Card = ReturnType<typeof putUp>

function taken({ luck, tree, people }: Scene, card: Card, life: Life, nth: number) {
  const at = life.claimed as string
  const department = luck.pick(tree.departments)
  const near = people.filter((p) => tree.communities[p.community]?.id === card.place_id)
  const by =
    nth % UNITS === 0
      ? { unit_id: department.id, unit_path: department.path }
      : { person_id: luck.pick(near.length > 0 ? near : people).id }
  return {
    person_id: null,
    unit_id: null,
    unit_path: null,
    ...by,
    id: newId(),
    task_id: card.id,
    place_id: card.place_id,
    place_path: card.place_path,
    state: life.accepted ? 'accepted' : life.submitted ? 'submitted' : 'claimed',
    claimed_at: at,
    claimed_on: dayOf(at),
    submitted_at: life.submitted,
    accepted_at: life.accepted,
    accepted_on: life.accepted && dayOf(life.accepted),
  }
}

/** Puts the wishes into the drafts of demands; returns what is planted once those stand. */
export function drawWishes(scene: Scene): () => Promise<void> {
  const { tx, drafts } = scene
  const cards: Card[] = []
  const claims: ReturnType<typeof taken>[] = []
  const stages = order.flatMap((s) => Array.from({ length: plan[s][0] }, () => s))
  stages.forEach((stage, i) => {
    const life = lifeOf(scene, stage)
    const what = wishes[i % wishes.length] as (typeof wishes)[number]
    const wish = draftWish(scene, life, what)
    drafts.demands.push(wish)
    if (!life.handed) return
    const lead = { unit_id: wish.place_id, unit_path: wish.place_path, role: 'lead' as const }
    const times = { at: life.handed, due_at: wish.resolve_due_at ?? null, signed_at: life.handed }
    const calm = { answered_at: life.accepted, disputed_at: null, dispute_reason: null, dispute_basis: null }
    drafts.dispatches.push({ id: newId(), demand_id: wish.id as string, ...lead, ...times, ...calm })
    const card = putUp(scene, wish, life, what[1])
    cards.push(card)
    if (life.claimed) claims.push(taken(scene, card, life, claims.length))
    if (!life.closed) return
    const called = addHours(life.closed, -20)
    const made = { at: called, made_on: dayOf(called), reached: true, outcome: 'solved', satisfaction: 'satisfied' }
    drafts.callbacks.push({ id: newId(), demand_id: wish.id, round: 0, ...made })
  })
  return async () => {
    await insertTasks(tx, cards)
    await insertClaims(tx, claims)
  }
}
