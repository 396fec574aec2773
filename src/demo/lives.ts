// What makes a demand more than a row: its words and answer, sealed; its way as the history tells it; and the turns a district really
// has — a dispute under review, an extension, 挂账, a merger, a whistle.
import { insertMany } from '#core/bulk.ts'
import { addHours, addMonths, dayOf, instantOf } from '#core/calendar.ts'
import type { WriteTx } from '#core/context.ts'
import { appending } from '#core/history.ts'
import { newId } from '#core/ids.ts'
import type { insertDemands, insertManyDispatches } from '#modules/demands/index.ts'
import type { Chance } from './chance.ts'
import type { DemoTree } from './tree.ts'
import { answers } from './words.ts'

export type DemandDraft = Parameters<typeof insertDemands>[1][number]
export type DispatchDraft = Parameters<typeof insertManyDispatches>[1][number]

interface Turn {
  demand: DemandDraft
  at: string
  action: string
  by: string
  change: Record<string, unknown>
  reason?: string
}

interface Drafts {
  demands: DemandDraft[]
  dispatches: DispatchDraft[]
}

export interface Lives {
  turns: Turn[]
  clocks: Record<string, unknown>[]
}

const leadOf = ({ dispatches }: Drafts, d: DemandDraft) => dispatches.find((x) => x.demand_id === d.id)

/** A dispatched matter that its unit disputes; the clock stands still until somebody else has looked. [REQ-02] */
function dispute(tx: WriteTx, drafts: Drafts, d: DemandDraft, lives: Lives) {
  const lead = leadOf(drafts, d)
  if (!lead) return
  const at = addHours(tx.now, -3)
  const reason = '经核实属市级管理路段，不在本单位职责内'
  Object.assign(lead, { disputed_at: at, dispute_reason: reason, dispute_basis: '城市管理权责清单第17项' })
  Object.assign(d, { state: 'disputed', due_at: null })
  lives.turns.push({
    demand: d,
    at,
    action: 'demand.dispute',
    by: '承办人',
    change: { state: ['dispatched', 'disputed'] },
    reason,
  })
}

function clock(
  tx: WriteTx,
  d: DemandDraft,
  lives: Lives,
  more: Record<string, unknown> & { kind: string; reason: string },
) {
  const at = addHours(tx.now, -26)
  const row = { plan: null, leader: null, review_on: null, from_due: d.due_at, to_due: d.due_at }
  lives.clocks.push({ district_id: tx.district, id: newId(), demand_id: d.id, at, ...row, ...more })
  const action = more.kind === 'extension' ? 'demand.extend' : 'demand.suspend'
  lives.turns.push({
    demand: d,
    at,
    action,
    by: '承办人',
    change: { due_at: [row.from_due, more['to_due']] },
    reason: more.reason,
  })
}

/** REQ-05 */
function extend(tx: WriteTx, d: DemandDraft, lives: Lives) {
  const to = addHours(tx.now, 24 * 5)
  clock(tx, d, lives, { kind: 'extension', reason: '配件需外地调货，预计五日内到货安装', to_due: to })
  Object.assign(d, { resolve_due_at: to, due_at: to })
}

/** REQ-06 */
function suspend(tx: WriteTx, d: DemandDraft, lives: Lives) {
  const on = addMonths(tx.today, 4)
  const to = instantOf(on, '23:59:59')
  const plan = '列入明年老旧小区改造计划，设计阶段征求业主意见'
  clock(tx, d, lives, {
    kind: 'suspension',
    reason: '管网改造未排期，条件暂不具备',
    to_due: to,
    plan,
    leader: '分管副主任',
    review_on: on,
  })
  Object.assign(d, { suspended_until: on, due_at: to })
}

/** REQ-07: the later one follows the earlier one of the same place and kind. */
function merge(tx: WriteTx, d: DemandDraft, into: DemandDraft, lives: Lives) {
  const reason = '同一处路灯，并入先提出的一件'
  lives.turns.push({
    demand: d,
    at: addHours(tx.now, -2),
    action: 'demand.merge',
    by: '社区书记',
    change: { state: [d.state, 'merged'] },
    reason,
  })
  Object.assign(d, { state: 'merged', merged_into: into.id, due_at: null })
}

/** Some of what waits came in today, so that clocks of every colour run: a few hours left, most of a day left. */
function freshen(tx: WriteTx, drafts: Drafts, d: DemandDraft, hours: number) {
  const opened = addHours(tx.now, -hours)
  const due = addHours(opened, 24)
  Object.assign(d, {
    opened_at: opened,
    opened_on: dayOf(opened),
    respond_due_at: due,
    resolve_due_at: addHours(opened, 168),
    due_at: due,
  })
  const sent = addHours(opened, 0.5)
  const lead = leadOf(drafts, d)
  if (!lead) return
  Object.assign(d, { dispatched_at: sent })
  Object.assign(lead, { at: sent, due_at: d.resolve_due_at })
}

const of = (drafts: Drafts, state: string) => drafts.demands.filter((d) => d.state === state)

/** Turns for a handful of matters in hand; who has one keeps to it. */
export function turnSome(tx: WriteTx, drafts: Drafts): Lives {
  const lives: Lives = { turns: [], clocks: [] }
  const [sent, signed, fresh] = ['dispatched', 'signed', 'registered'].map((s) => of(drafts, s)) as [
    DemandDraft[],
    DemandDraft[],
    DemandDraft[],
  ]
  for (const list of [fresh, sent])
    list.forEach((d, i) =>
      i % 3 === 0 ? freshen(tx, drafts, d, 20) : i % 3 === 1 ? freshen(tx, drafts, d, 3) : undefined,
    )
  sent.filter((_, i) => i % 4 === 1).forEach((d) => dispute(tx, drafts, d, lives))
  signed.forEach((d, i) => (i % 6 === 1 ? extend(tx, d, lives) : i % 9 === 3 ? suspend(tx, d, lives) : undefined))
  fresh
    .filter((_, i) => i % 5 === 4)
    .forEach((d) => {
      const into = fresh.find((x) => x !== d && x.state === 'registered' && x.category === d.category)
      if (into && drafts.demands.indexOf(into) < drafts.demands.indexOf(d)) merge(tx, d, into, lives)
    })
  return lives
}

/** 吹哨: a community calls departments to the spot; some reported in, one has not yet. */
export function whistle(tx: WriteTx, luck: Chance, tree: DemoTree, drafts: Drafts) {
  for (let i = 0; i < 4; i++) {
    const estate = luck.pick(tree.estates)
    const community = tree.communities[estate.community] as DemoTree['communities'][number]
    const opened = addHours(tx.now, -3 - i * 40)
    const id = newId()
    const base = drafts.demands[0] as DemandDraft
    const empty = Object.fromEntries(Object.keys(base).map((k) => [k, null])) as unknown as DemandDraft
    drafts.demands.push({
      ...empty,
      id,
      mechanism_id: 'estate-enforcement',
      channel: 'whistle',
      category: 'fire-lane',
      grade: 'urgent',
      title: [...`消防通道被占·${estate.name}`].slice(0, 40).join(''),
      place_id: estate.id,
      place_path: estate.path,
      owner_id: community.id,
      owner_path: community.path,
      state: 'signed',
      due_at: addHours(opened, 24),
      respond_due_at: addHours(opened, 1),
      resolve_due_at: addHours(opened, 24),
      opened_at: opened,
      opened_on: dayOf(opened),
      dispatched_at: opened,
      signed_at: opened,
      responded_at: opened,
      version: 1,
      report: false,
      round: 0,
      provisional: false,
    })
    const call = (unit: { id: string; path: string }, role: 'lead' | 'support', signed: string | null) =>
      drafts.dispatches.push({
        ...(Object.fromEntries(
          Object.keys(drafts.dispatches[0] as object).map((k) => [k, null]),
        ) as unknown as DispatchDraft),
        id: newId(),
        demand_id: id,
        unit_id: unit.id,
        unit_path: unit.path,
        role,
        at: opened,
        due_at: addHours(opened, role === 'lead' ? 24 : 2),
        signed_at: signed,
      })
    call(community, 'lead', opened)
    call(tree.departments[0] as DemoTree['departments'][number], 'support', addHours(opened, 1))
    call(tree.departments[4] as DemoTree['departments'][number], 'support', i === 0 ? null : addHours(opened, 3))
  }
}

/** Words and answers are sealed as in life; the words are those of the title, said in full. */
export function sealWords(tx: WriteTx, d: DemandDraft, words: string) {
  const id = d.id as string
  return {
    words_sealed: tx.vault.seal(`demand.words:${id}`, words),
    answer_sealed: d.answered_at
      ? tx.vault.seal(`demand.answer:${id}`, answers[d.category] ?? '已办理，具体情况已当面说明。')
      : null,
  }
}

const steps: [column: keyof DemandDraft, action: string, by: string, change: [string, string]][] = [
  ['dispatched_at', 'demand.dispatch', '社区书记', ['registered', 'dispatched']],
  ['signed_at', 'demand.sign', '承办人', ['dispatched', 'signed']],
  ['answered_at', 'demand.answer', '承办人', ['signed', 'answered']],
  ['closed_at', 'demand.close', '社区书记', ['called', 'closed']],
]

function turnsOf(d: DemandDraft): Turn[] {
  const first =
    { resident: 'demand.raise', hotline: 'demand.import', whistle: 'demand.whistle' }[d.channel as string] ??
    'demand.open'
  const taken = steps.flatMap(([column, action, by, change]) =>
    d[column] ? [{ demand: d, at: d[column] as string, action, by, change: { state: change } }] : [],
  )
  const called = d.closed_at
    ? [
        {
          demand: d,
          at: addHours(d.closed_at as string, -20),
          action: 'demand.call-back',
          by: '回访员',
          change: { state: ['answered', 'called'], outcome: d.outcome, satisfaction: d.satisfaction },
        },
      ]
    : []
  const by = d.channel === 'resident' ? '居民' : '社区书记'
  return [
    {
      demand: d,
      at: d.opened_at as string,
      action: first,
      by,
      change: { state: [null, 'registered'], category: d.category },
    },
    ...taken,
    ...called,
  ]
}

/** The history of everything in hand and of one in sixteen that is closed, in the order it happened. */
export async function tellLives(tx: WriteTx, demands: readonly DemandDraft[], { turns, clocks }: Lives) {
  await insertMany(tx.db, 'clock_change', clocks)
  const told = demands.filter((d, i) => d.state !== 'closed' || i % 16 === 0)
  const all = [...told.flatMap(turnsOf), ...turns].filter((t) => t.at <= tx.now)
  for (const t of all.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)))
    await tx.db.executeQuery(
      appending(
        tx.db,
        tx.district,
        {
          at: t.at,
          action: t.action,
          actor: { accountId: null, personId: null, name: t.by, kind: t.by === '居民' ? 'resident' : 'person' },
          requestId: 'demo',
          address: '',
          subject: { kind: 'demand', id: t.demand.id as string },
          path: t.demand.place_path,
          change: t.change,
          ...(t.reason ? { reason: t.reason } : {}),
        },
        null,
      ),
    )
}
