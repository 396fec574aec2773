// Visits, inspections, matching meetings, drills: what was held, how many were met, what was found there. Nobody is named.
import type { Context, Tx } from '#core/context.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { getUnitFor } from '#modules/units/index.ts'
import {
  fail,
  type ListOccasionsQuery,
  type Occasion,
  occasionNames,
  type OccasionKind,
  type RecordOccasion,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { findUnitNames } from '../store/demands.ts'
import { findOccasions, insertOccasion, type OccasionRow, seeOccasion } from '../store/occasions.ts'
import { rangesFor } from './ranges.ts'

export const recordOccasion = (ctx: Context, input: RecordOccasion) =>
  ctx.write('demand.open', 'demand.record-occasion', async (tx) => {
    const place = await getUnitFor(tx, 'demand.open', input.placeId)
    const settings = await getSettings(tx, engine, input.mechanismId, input.heldOn)
    if (!settings.occasions.includes(input.kind)) throw fail('no-occasions', { kind: occasionNames[input.kind] })
    if (input.heldOn > tx.today) throw fail('future-day')
    const met = input.met ?? 0
    const id = await insertOccasion(tx, {
      mechanism_id: input.mechanismId,
      kind: input.kind,
      place_id: place.id,
      place_path: place.path,
      held_on: input.heldOn,
      met,
      note: input.note ?? '',
      recorded_at: tx.now,
      recorded_by: tx.actor.accountId,
    })
    tx.record({
      subject: { kind: 'occasion', id },
      path: place.path,
      change: { kind: input.kind, heldOn: input.heldOn, met },
    })
    return { id }
  })

async function present(tx: Tx, rows: readonly OccasionRow[]): Promise<Occasion[]> {
  const places = await findUnitNames(
    tx,
    rows.map((o) => o.place_id),
  )
  return rows.map((o) => ({
    id: o.id,
    mechanismId: o.mechanism_id,
    kind: o.kind as OccasionKind,
    placeId: o.place_id,
    placeName: places.get(o.place_id) ?? '',
    heldOn: o.held_on,
    met: o.met,
    note: o.note,
    found: o.found ?? 0,
    solved: o.solved ?? 0,
    can: tx.allowed(['demand.open'], o.place_path),
  }))
}

export const listOccasions = (ctx: Context, query: ListOccasionsQuery) =>
  ctx.read('demand.read', async (tx) => {
    const { rows, total } = await findOccasions(tx, query, await rangesFor(tx, 'demand.read', query.unit))
    return { total, rows: await present(tx, rows) }
  })

export const readOccasion = (ctx: Context, id: string) =>
  ctx.read('demand.read', async (tx) => {
    const row = await seeOccasion(tx, id, await rangesFor(tx, 'demand.read', undefined))
    return (await present(tx, [row]))[0] as Occasion
  })
