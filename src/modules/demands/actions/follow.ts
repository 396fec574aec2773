// What a resident can do with the follow-up code alone: look, rate, ask again, withdraw consent.
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { fail, type Followed, type RateDemand, type Reasoned } from '../contract.ts'
import { after } from '../rules.ts'
import {
  type DemandRow,
  findDemandsById,
  findParts,
  findUnitNames,
  lockDemand,
  updateDemand,
} from '../store/demands.ts'
import { erasePhotos } from '../store/photos.ts'
import { insertCallback } from '../store/steps.ts'
import { readFollow } from './open.ts'
import { photosOf, takesPhotos } from './photos.ts'
import { isReopenable, reopen } from './rework.ts'
import { byCode, note, settingsOf } from './shared.ts'
import { toldOf } from './told.ts'

/** The demand that is worked on: a merged one follows its parent. [REQ-07] */
async function workedOn(tx: Tx, d: DemandRow): Promise<DemandRow> {
  if (!d.merged_into) return d
  const [parent] = await findDemandsById(tx, [d.merged_into])
  return parent ?? d
}

const lockWorkedOn = async (tx: WriteTx, d: DemandRow) => (await lockDemand(tx, d.merged_into ?? d.id)) ?? d

const shown = new Set(
  [
    'open',
    'raise',
    'import',
    'whistle',
    'decline',
    'dispatch',
    'sign',
    'contact',
    'answer',
    'call-back',
    'verify',
    'close',
    'rate',
    'extend',
    'suspend',
    'resume',
    'merge',
    'split',
    'redo',
    'reopen',
    'ask-again',
    'withdraw-consent',
  ].map((a) => `demand.${a}`),
)
/** Steps whose reason the resident is owed. [REQ-05, REQ-06] */
const explained = new Set(['demand.extend', 'demand.suspend', 'demand.resume', 'demand.decline'])
/** What other residents of the same matter said stays theirs. */
const othersOwn = new Set([
  'demand.open',
  'demand.raise',
  'demand.call-back',
  'demand.rate',
  'demand.merge',
  'demand.withdraw-consent',
  'demand.ask-again',
])

async function stepsOf(tx: Tx, d: DemandRow, work: DemandRow) {
  const own = await toldOf(tx, d.id)
  const merged = own.find((e) => e.action === 'demand.merge')
  const followed =
    work.id === d.id
      ? []
      : (await toldOf(tx, work.id)).filter((e) => !othersOwn.has(e.action) && e.at >= (merged?.at ?? ''))
  return [...own, ...followed]
    .filter((e) => shown.has(e.action))
    .map((e) => ({
      at: e.at,
      step: e.action.slice('demand.'.length),
      note: explained.has(e.action) ? (e.reason ?? null) : null,
    }))
}

const answerOf = (tx: Tx, d: DemandRow) =>
  d.answer_sealed ? tx.vault.open(`demand.answer:${d.id}`, d.answer_sealed) : null

export async function followDemand(ctx: Context, code: string): Promise<Followed> {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).read(null, async (tx) => {
    const d = await byCode(tx, follow)
    const work = await workedOn(tx, d)
    const units = await findUnitNames(tx, [d.place_id, work.owner_id])
    const parts = await findParts(tx, d.id)
    return {
      no: d.no,
      word: (await settingsOf(tx, d)).words.demand,
      title: d.title,
      placeName: units.get(d.place_id) ?? '',
      state: work.state as Followed['state'],
      openedAt: d.opened_at,
      respondDueAt: work.respond_due_at,
      resolveDueAt: work.resolve_due_at,
      ownerName: work.owner_id ? (units.get(work.owner_id) ?? null) : null,
      words: d.words_sealed ? tx.vault.open(`demand.words:${d.id}`, d.words_sealed) : null,
      photos: await photosOf(tx, d),
      mayAddPhotos: takesPhotos(d),
      answer: answerOf(tx, work),
      suspendedUntil: work.suspended_until,
      outcome: d.outcome,
      satisfaction: d.satisfaction,
      mayRate:
        work.state === 'answered' ||
        (work !== d && ['called', 'closed'].includes(work.state) && d.satisfaction === null),
      mayReopen: await isReopenable(tx, work),
      contactKept: d.contact_sealed !== null,
      parts: parts.map((p) => ({
        no: p.no,
        title: p.title,
        state: p.state as Followed['state'],
        answer: answerOf(tx, p),
      })),
      steps: await stepsOf(tx, d, work),
    }
  })
}

/** One of the parts a demand was split into, by its number. */
async function partOf(tx: WriteTx, whole: DemandRow, no: number | undefined): Promise<DemandRow> {
  if (no === undefined || no === whole.no) return whole
  const part = (await findParts(tx, whole.id)).find((p) => p.no === no)
  if (!part) throw fail('bad-code')
  return part
}

type Said = Pick<RateDemand, 'outcome' | 'satisfaction'>

/** A resident whose demand follows another is heard for himself; the work is judged by the one it follows. */
async function rateMerged(tx: WriteTx, d: DemandRow, said: Said) {
  const work = await lockWorkedOn(tx, d)
  if (!['answered', 'called', 'closed'].includes(work.state)) after('call-back', work.state as 'answered')
  insertCallback(tx, {
    demand_id: d.id,
    round: work.round,
    kind: 'self',
    at: tx.now,
    made_on: tx.today,
    made_by: null,
    reached: true,
    ...said,
  })
  await updateDemand(tx, d, said)
  note(tx, d, { ...said })
  return { state: work.state as 'answered' }
}

/** The resident confirms and rates by himself: it counts as a call-back reached. [REQ-08] */
export async function rateDemand(ctx: Context, code: string, input: RateDemand) {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).write(null, 'demand.rate', async (tx) => {
    const { no, ...said } = input
    const d = await partOf(tx, await byCode(tx, follow), no)
    if (d.merged_into) return rateMerged(tx, d, said)
    const settings = await settingsOf(tx, d)
    if (settings.confirmation === 'verification') throw fail('not-confirmed-so', { way: '居民评价' })
    const state = after('call-back', d.state as 'answered')
    insertCallback(tx, {
      demand_id: d.id,
      round: d.round,
      kind: 'self',
      at: tx.now,
      made_on: tx.today,
      made_by: null,
      reached: true,
      ...said,
    })
    await updateDemand(tx, d, { state, ...said })
    note(tx, d, { state: [d.state, state], ...said })
    return { state }
  })
}

/** The resident says it is not over: the demand is handled again, within some days of closing. */
export async function askAgain(ctx: Context, code: string, input: Reasoned) {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).write(null, 'demand.ask-again', async (tx) => {
    const d = await byCode(tx, follow)
    const work = await lockWorkedOn(tx, d)
    const { round, due } = await reopen(tx, work, '居民要求重新办理')
    const said = tx.vault.open(`demand.words:${d.id}`, d.words_sealed as Buffer)
    const words = `${said}\n【${tx.today}】${input.reason}`
    const fresh = (await lockDemand(tx, d.id)) as DemandRow
    await updateDemand(tx, fresh, { words_sealed: tx.vault.seal(`demand.words:${d.id}`, words) })
    note(tx, work, {
      state: [work.state, 'signed'],
      round: [work.round, round],
      resolve_due_at: [work.resolve_due_at, due],
    })
    return { state: 'signed' as const, dueAt: due }
  })
}

/** Consent withdrawn: name and phone are erased at once, in the demand and in what it was split into, with the photos he added; the matter goes on. */
export async function withdrawConsent(ctx: Context, code: string) {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).write(null, 'demand.withdraw-consent', async (tx) => {
    const d = await byCode(tx, follow)
    const gone = { contact_sealed: null, contact_index: null, contact_erased_at: tx.now, consent_withdrawn_at: tx.now }
    for (const one of [d, ...(await findParts(tx, d.id))]) await updateDemand(tx, one, gone)
    const photos = await erasePhotos(tx, d.id, { byResident: true, at: tx.now })
    note(tx, d, { contact: null, consent: [d.consent, null], ...(photos > 0 ? { photos } : {}) })
    return { contactKept: false as const }
  })
}
