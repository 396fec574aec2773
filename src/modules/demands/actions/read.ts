import type { Context, Sight, Tx } from '#core/context.ts'
import { together } from '#core/db.ts'
import type { Range } from '#core/permissions.ts'
import {
  type CountDemandsQuery,
  type Demand,
  type DemandSettings,
  DemandState,
  type HandlingUnitsQuery,
  type ListDemandsQuery,
  verbs,
} from '../contract.ts'
import { findKinds, findNamable, getUnitFor } from '#modules/units/index.ts'
import { stepsNow } from '../may.ts'
import { isLate } from '../rules.ts'
import { type DemandRow, findDemands, findUnitNames, isReported } from '../store/demands.ts'
import { findMechanismNames } from '../store/rates.ts'
import { type Asked, countByState, countDemands } from '../store/totals.ts'
import type { Confirmed } from '../store/waits.ts'
import { rangesFor } from './ranges.ts'
import { naming, settingsToday } from './shared.ts'

const demandVerbs = verbs.filter((v) => v.startsWith('demand.'))

/** The verbs this reader holds at the place of a demand and at the unit responsible. */
export function verbsAt(tx: Tx, d: DemandRow) {
  const place = new Set(tx.allowed(demandVerbs, d.place_path))
  return { place, owner: d.owner_path ? new Set(tx.allowed(demandVerbs, d.owner_path)) : place }
}

export async function present(tx: Tx, rows: readonly DemandRow[]): Promise<Demand[]> {
  const units = await findUnitNames(
    tx,
    rows.flatMap((d) => [d.place_id, d.owner_id]),
  )
  const mechanisms = await settingsToday(
    tx,
    rows.map((d) => d.mechanism_id),
  )
  return rows.map((d) => presentOne(tx, d, { units, settings: mechanisms.get(d.mechanism_id) }))
}

function presentOne(
  tx: Tx,
  d: DemandRow,
  { units, settings }: { units: ReadonlyMap<string, string>; settings: DemandSettings | undefined },
): Demand {
  const held = verbsAt(tx, d)
  return {
    id: d.id,
    no: d.no,
    mechanismId: d.mechanism_id,
    channel: d.channel as Demand['channel'],
    category: d.category,
    categoryName: settings?.categories.find((c) => c.id === d.category)?.name ?? d.category,
    grade: d.grade as Demand['grade'],
    title: d.title,
    placeId: d.place_id,
    placeName: units.get(d.place_id) ?? '',
    ownerId: d.owner_id,
    ownerName: d.owner_id ? (units.get(d.owner_id) ?? '') : null,
    state: d.state as Demand['state'],
    openedAt: d.opened_at,
    dueAt: d.due_at,
    late: isLate(d.due_at, tx.now),
    suspendedUntil: d.suspended_until,
    excluded: d.excluded_at !== null,
    mergedInto: d.merged_into,
    splitFrom: d.split_from,
    round: d.round,
    closedAt: d.closed_at,
    outcome: d.outcome as Demand['outcome'],
    satisfaction: d.satisfaction as Demand['satisfaction'],
    provisional: d.provisional,
    version: d.version,
    steps: settings
      ? stepsNow({ d, settings, ...held, account: tx.actor.accountId, now: tx.now, today: tx.today })
      : [],
    can: [...new Set([...held.place, ...held.owner])],
  }
}

/** Which mechanisms ask the resident, send an inspector, or ask nobody; read only where the question needs it. */
async function confirmedBy(tx: Tx, query: CountDemandsQuery): Promise<Confirmed> {
  const confirmed = { 'call-back': [] as string[], verification: [] as string[], none: [] as string[] }
  if (query.waits !== 'call-back' && query.waits !== 'verification' && query.waits !== 'closing') return confirmed
  const ids = (await findMechanismNames(tx)).map((m) => m.id)
  for (const [id, settings] of await settingsToday(tx, ids)) confirmed[settings.confirmation].push(id)
  return confirmed
}

/** Where the question looks, and whether anything there is hidden from the asker. */
const lookAt = (unit: string | undefined) => (sight: Sight) =>
  together([rangesFor(sight, 'demand.read', unit), isReported(sight)])

async function askedOf(tx: Tx, query: ListDemandsQuery, [ranges, reported]: [Range[], boolean]): Promise<Asked> {
  return { query, ranges, reported, now: tx.now, confirmed: await confirmedBy(tx, query) }
}

export const listDemands = (ctx: Context, query: ListDemandsQuery) =>
  ctx.list(
    'demand.read',
    async (tx, found) => {
      const asked = await askedOf(tx, query, found)
      const [total, rows] = await together([countDemands(tx, asked), findDemands(tx, asked)])
      return { rows: await present(tx, rows), total }
    },
    lookAt(query.unit),
  )

/** Whom one may call to a matter at a place; whoever may not be named there is not found either. [REQ-01, REQ-03] */
export const listHandlingUnits = (ctx: Context, query: HandlingUnitsQuery) =>
  ctx.read('demand.dispatch', async (tx) => {
    const place = await getUnitFor(tx, 'demand.dispatch', query.place)
    const kinds = await findKinds(tx)
    const rows = await findNamable(tx, {
      ...naming(kinds, place.path),
      search: query.search,
      limit: query.limit ?? 100,
    })
    return { rows: rows.map(({ kind, ...u }) => ({ ...u, kindName: kinds.get(kind)?.name ?? '' })) }
  })

/** Counts by state for the same filter as the list: the columns of the board. */
export const countDemandsByState = (ctx: Context, query: CountDemandsQuery) =>
  ctx.list(
    'demand.read',
    async (tx, found) => {
      const rows = await countByState(tx, await askedOf(tx, query, found))
      const counts = new Map(rows.map((c) => [c.state, c]))
      const states = DemandState.options.map((state) => ({
        state,
        count: counts.get(state)?.count ?? 0,
        late: counts.get(state)?.late ?? 0,
      }))
      return { total: states.reduce((sum, c) => sum + c.count, 0), states }
    },
    lookAt(query.unit),
  )
