// One demand with everything around it: who may see what, which hands it is in, which clocks run, how it got here, what may be done.
import type { Context, Tx } from '#core/context.ts'
import { type DemandPage, type DemandSettings, fail, type Grade } from '../contract.ts'
import { type Course, stepsNow } from '../may.ts'
import { dueAfter } from '../rules.ts'
import { type DemandRow, findChildren, findDemandsById, findParts, findUnitNames, getDemand } from '../store/demands.ts'
import {
  type DispatchRow,
  type ExclusionRow,
  findCallbacks,
  findClockChanges,
  findDispatches,
  findEscalations,
  findExclusionsOf,
  findRework,
} from '../store/steps.ts'
import { findTasksOf } from '../store/tasks.ts'
import { presentExclusions } from './exclude.ts'
import { relatedOf } from './merge.ts'
import { mayAddPhotos, photosOf } from './photos.ts'
import { present, verbsAt } from './read.ts'
import { settingsOf, settingsToday, shapeOf } from './shared.ts'
import { reportOf } from './support.ts'
import { toldOf } from './told.ts'

/** REQ-10: the handler sees who asked only from signing on; before, and without the verb, masked. */
function contactOf(tx: Tx, d: DemandRow): DemandPage['contact'] {
  if (!d.contact_sealed) return null
  const owner = d.owner_path ?? d.place_path
  const open =
    d.signed_at !== null &&
    tx.allowed(['demand.answer', 'demand.call-back'], owner).length +
      tx.allowed(['demand.call-back'], d.place_path).length >
      0
  const full = JSON.parse(tx.vault.open(`demand.contact:${d.id}`, d.contact_sealed)) as {
    name?: string
    phone?: string
  }
  if (open) return { name: full.name ?? null, phone: full.phone ?? null, masked: false }
  return {
    name: full.name ? `${[...full.name][0]}*` : null,
    phone: full.phone ? full.phone.replace(/^(\d{3})\d{4}/, '$1****') : null,
    masked: true,
  }
}

const presentDispatch = (tx: Tx, x: DispatchRow, units: Map<string, string>) => ({
  id: x.id,
  unitId: x.unit_id,
  unitName: units.get(x.unit_id) ?? '',
  role: x.role as 'lead' | 'support',
  at: x.at,
  dueAt: x.due_at,
  signedAt: x.signed_at,
  reportedAt: x.role === 'support' ? x.answered_at : null,
  report: reportOf(tx, x),
  dispute: x.disputed_at
    ? {
        at: x.disputed_at,
        reason: x.dispute_reason ?? '',
        basis: x.dispute_basis ?? '',
        outcome: x.dispute_outcome as 'upheld' | null,
        reviewReason: x.review_reason,
      }
    : null,
  rating: x.rating as 'prompt' | null,
  endedAt: x.ended_at,
  can: tx.allowed(['demand.sign', 'demand.answer'], x.unit_path),
})

async function stepsOf(tx: Tx, id: string) {
  const clockChanges = (await findClockChanges(tx, id)).map((c) => ({
    at: c.at,
    kind: c.kind as 'extension',
    fromDue: c.from_due,
    toDue: c.to_due,
    reason: c.reason,
    plan: c.plan,
    leader: c.leader,
    reviewOn: c.review_on,
  }))
  const callbacks = (await findCallbacks(tx, id)).map((c) => ({
    at: c.at,
    reached: c.reached,
    outcome: c.outcome as 'solved' | null,
    satisfaction: c.satisfaction as 'satisfied' | null,
    kind: c.kind as 'call',
    round: c.round,
  }))
  const told = await findEscalations(tx, id)
  const units = await findUnitNames(
    tx,
    told.map((e) => e.told_unit_id),
  )
  return {
    clockChanges,
    callbacks,
    escalations: told.map((e) => ({ at: e.at, step: e.step, unitName: units.get(e.told_unit_id) ?? '' })),
  }
}

async function related(tx: Tx, d: DemandRow) {
  const above = await findDemandsById(
    tx,
    [d.merged_into, d.split_from].filter((x) => x !== null),
  )
  return relatedOf(tx, [
    ...above.map((row) => ({ row, as: row.id === d.merged_into ? ('parent' as const) : ('whole' as const) })),
    ...(await findChildren(tx, d.id)).map((row) => ({ row, as: 'child' as const })),
    ...(await findParts(tx, d.id)).map((row) => ({ row, as: 'part' as const })),
  ])
}

/** What the row does not tell: how often it was disputed, extended, handled again; what waits for a decision. */
async function courseOf(tx: Tx, d: DemandRow, read: { dispatches: DispatchRow[]; exclusions: ExclusionRow[] }) {
  const { dispatches, exclusions } = read
  const rounds = await findRework(tx, d.id)
  const pending = exclusions.find((x) => x.decided_at === null)
  const mine = new Set(tx.actor.grants.map((g) => g.unitId))
  const course: Course = {
    lead: dispatches.find((x) => x.role === 'lead' && x.ended_at === null),
    disputes: dispatches.filter((x) => x.disputed_at).length,
    extensions: (await findClockChanges(tx, d.id)).filter((c) => c.kind === 'extension').length,
    redos: rounds.filter((r) => r.kind === 'redo').length,
    reopenings: rounds.filter((r) => r.kind === 'reopen').length,
    unrated: dispatches.filter((x) => x.role === 'support' && x.ended_at === null && x.rating === null).length,
    exclusion: pending && {
      own: pending.asked_by === tx.actor.accountId || (mine.size === 1 && mine.has(pending.asked_unit_id)),
    },
  }
  return course
}

const rulesFor = (d: DemandRow, settings: DemandSettings, c: Course): DemandPage['rules'] => ({
  ...settings.clocks[d.grade as Grade],
  disputes: { used: c.disputes, most: settings.dispute.times },
  disputeBy: d.state === 'dispatched' && c.lead ? dueAfter(c.lead.at, settings.dispute.window).due : null,
  extensions: { used: c.extensions, most: settings.extensions },
  redos: { used: c.redos, most: settings.redos },
  reopenings: { used: c.reopenings, most: settings.reopen.times },
  reopenDays: settings.reopen.days,
  suspensionMonths: settings.suspensionMonths,
  confirmation: settings.confirmation,
  means: settings.means,
  legalChannels: settings.legalChannels,
  tasks: settings.tasks.enabled,
})

async function whatMayBeDone(tx: Tx, d: DemandRow, read: { dispatches: DispatchRow[]; exclusions: ExclusionRow[] }) {
  const settings = await settingsOf(tx, d)
  const course = await courseOf(tx, d, read)
  const { accountId: account } = tx.actor
  const steps = stepsNow({ d, settings, ...verbsAt(tx, d), account, now: tx.now, today: tx.today, course })
  return { steps, rules: rulesFor(d, settings, course) }
}

/** What the actor's hands may do in the part a supporting unit has. */
function supportSteps(tx: Tx, d: DemandRow, x: DispatchRow): ('sign' | 'report' | 'rate')[] {
  if (x.role !== 'support' || x.ended_at !== null) return []
  const here = new Set(tx.allowed(['demand.sign', 'demand.answer'], x.unit_path))
  const rates = d.channel === 'whistle' && x.rating === null && tx.allowed(['demand.dispatch'], d.place_path).length > 0
  return [
    ...(here.has('demand.sign') && x.signed_at === null ? (['sign'] as const) : []),
    ...(here.has('demand.answer') && x.signed_at !== null && x.answered_at === null ? (['report'] as const) : []),
    ...(rates ? (['rate'] as const) : []),
  ]
}

async function handsOf(tx: Tx, d: DemandRow, dispatches: readonly DispatchRow[]) {
  const units = await findUnitNames(
    tx,
    dispatches.map((x) => x.unit_id),
  )
  return dispatches.map((x) => ({ ...presentDispatch(tx, x, units), steps: supportSteps(tx, d, x) }))
}

/** Members claim and hand in without their names going round the offices: only who accepts work knows them. */
const ownDeeds = new Set(['task.claim', 'task.withdraw', 'task.check-in', 'task.submit', 'task.object'])

async function timelineOf(tx: Tx, id: string): Promise<DemandPage['timeline']> {
  return (await toldOf(tx, id)).map((e) => {
    const hidden = ownDeeds.has(e.action) && tx.allowed(['task.accept'], e.path).length === 0
    return {
      at: e.at,
      action: e.action,
      actor: hidden ? '认领人' : e.actor.name,
      reason: hidden ? null : (e.reason ?? null),
      change: e.change,
    }
  })
}

async function tasksOf(tx: Tx, id: string): Promise<DemandPage['tasks']> {
  const tasks = await findTasksOf(tx, id)
  const settings = await settingsToday(
    tx,
    tasks.map((t) => t.mechanism_id),
  )
  return tasks.map((t) => ({
    id: t.id,
    title: t.title,
    state: t.state as DemandPage['tasks'][number]['state'],
    ...shapeOf(settings.get(t.mechanism_id)),
    claimed: t.claimed,
    capacity: t.capacity,
  }))
}

export const readDemand = (ctx: Context, id: string): Promise<DemandPage> =>
  ctx.read('demand.read', async (tx) => {
    const d = await getDemand(tx, id)
    const [demand] = await present(tx, [d])
    if (!demand) throw fail('not-found')
    const dispatches = await findDispatches(tx, id)
    const exclusions = await findExclusionsOf(tx, id)
    const { steps, rules } = await whatMayBeDone(tx, d, { dispatches, exclusions })
    const hands = await handsOf(tx, d, dispatches)
    const helps = hands.some((x) => x.role === 'support' && x.endedAt === null && x.can.length > 0)
    return {
      demand: { ...demand, steps, can: helps ? [...demand.can, 'demand.support'] : demand.can },
      words: d.words_sealed ? tx.vault.open(`demand.words:${id}`, d.words_sealed) : null,
      answer: d.answer_sealed ? tx.vault.open(`demand.answer:${id}`, d.answer_sealed) : null,
      contact: contactOf(tx, d),
      photos: await photosOf(tx, d),
      mayAddPhotos: mayAddPhotos(tx, d),
      respondDueAt: d.respond_due_at,
      resolveDueAt: d.resolve_due_at,
      respondedAt: d.responded_at,
      answeredAt: d.answered_at,
      dispatches: hands,
      tasks: await tasksOf(tx, id),
      ...(await stepsOf(tx, id)),
      exclusions: await presentExclusions(tx, exclusions),
      related: await related(tx, d),
      means: d.means,
      feasible: d.feasible,
      legalChannel: d.legal_channel,
      rules,
      timeline: await timelineOf(tx, id),
    }
  })
