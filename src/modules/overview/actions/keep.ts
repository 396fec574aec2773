// What a person keeps in sight and wants to hear of: his own, nobody else's.
import type { Context, Tx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { measuresIn } from '#modules/figures/index.ts'
import { findUnit } from '#modules/units/index.ts'
import {
  fail,
  keptQuery,
  type ListNotes,
  MOST_PINS,
  MOST_VIEWS,
  MOST_WATCHES,
  type NewPin,
  type NewView,
  type NewWatch,
} from '../contract.ts'
import {
  deletePin,
  deleteView,
  deleteWatch,
  findNotes,
  findPins,
  findViews,
  findWatches,
  insertPin,
  insertWatch,
  saveView,
  seeNote,
} from '../store.ts'

const listed = <T>(rows: T[]) => ({ rows, total: rows.length })

/** @throws overview.unknown-measure, overview.unit-not-found */
async function mustExist(tx: Tx, measure: string, unitId: string | null): Promise<string> {
  if (!(await measuresIn(tx)).some((m) => m.id === measure)) throw fail('unknown-measure', { measure })
  if (unitId === null) return ''
  const unit = await findUnit(tx, unitId)
  if (!unit || !can(tx.actor, 'figure.read', unit.path)) throw fail('unit-not-found')
  return unit.path
}

export const listPins = (ctx: Context) => ctx.read('figure.read', async (tx) => listed(await findPins(tx)))

export const addPin = (ctx: Context, input: NewPin) =>
  ctx.write('figure.read', 'pin.add', async (tx) => {
    const path = await mustExist(tx, input.measure, input.unitId)
    if ((await findPins(tx)).length >= MOST_PINS) throw fail('too-many', { most: MOST_PINS })
    const id = await insertPin(tx, input)
    tx.record({ subject: { kind: 'pin', id }, path, change: { measure: input.measure } })
    return { id }
  })

export const removePin = (ctx: Context, id: string) =>
  ctx.write('figure.read', 'pin.remove', async (tx) => {
    const { measure } = await deletePin(tx, id)
    tx.record({ subject: { kind: 'pin', id }, path: '', change: { measure } })
    return { removed: true as const }
  })

export const listWatches = (ctx: Context) => ctx.read('figure.read', async (tx) => listed(await findWatches(tx)))

export const addWatch = (ctx: Context, input: NewWatch) =>
  ctx.write('figure.read', 'watch.add', async (tx) => {
    const path = await mustExist(tx, input.measure, input.unitId)
    if ((await findWatches(tx)).length >= MOST_WATCHES) throw fail('too-many', { most: MOST_WATCHES })
    const id = await insertWatch(tx, input)
    const { measure, every, digest, line } = input
    tx.record({ subject: { kind: 'watch', id }, path, change: { measure, every, digest, line } })
    return { id }
  })

export const removeWatch = (ctx: Context, id: string) =>
  ctx.write('figure.read', 'watch.remove', async (tx) => {
    const { measure } = await deleteWatch(tx, id)
    tx.record({ subject: { kind: 'watch', id }, path: '', change: { measure } })
    return { removed: true as const }
  })

export const listNotes = (ctx: Context, query: ListNotes) => ctx.read('figure.read', (tx) => findNotes(tx, query))

export const readNote = (ctx: Context, id: string) =>
  ctx.write('figure.read', 'watch.see', async (tx) => {
    const { measure } = await seeNote(tx, id)
    tx.record({ subject: { kind: 'watch-note', id }, path: '', change: { measure } })
    return { seen: true as const }
  })

export const listViews = (ctx: Context) => ctx.read(null, async (tx) => listed(await findViews(tx)))

/** Whoever sends it, no words looked for among people are kept. What the view says stays with its owner: history tells that one was saved, and of which page. */
export const keepView = (ctx: Context, input: NewView) =>
  ctx.write(null, 'view.save', async (tx) => {
    const known = await findViews(tx)
    const again = known.some((v) => v.page === input.page && v.name === input.name)
    if (!again && known.length >= MOST_VIEWS) throw fail('too-many', { most: MOST_VIEWS })
    const id = await saveView(tx, { ...input, query: keptQuery(input.page, input.query) })
    tx.record({ subject: { kind: 'view', id }, path: '', change: { page: input.page } })
    return { id }
  })

export const removeView = (ctx: Context, id: string) =>
  ctx.write(null, 'view.remove', async (tx) => {
    const { page } = await deleteView(tx, id)
    tx.record({ subject: { kind: 'view', id }, path: '', change: { page } })
    return { removed: true as const }
  })
