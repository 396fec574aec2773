// What happens by itself, called by jobs with the district's own context: late demands climb the ladder, tasks run out, contacts
// are erased when their time is over. Each piece is a transaction with its own history entry, and safe to run twice. [CO-18]
import { addMonths } from '#core/calendar.ts'
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { lineOf, pathsAbove } from '#modules/units/index.ts'
import { engine } from '../engine.ts'
import { ladderSteps } from '../rules.ts'
import { countOldContacts, type DemandRow, eraseContacts, findOverdue, lockDemand } from '../store/demands.ts'
import { countOldPhotos, eraseOldPhotos } from '../store/photos.ts'
import { findMechanismNames } from '../store/rates.ts'
import { insertEscalation } from '../store/steps.ts'
import { changeTask, endClaims, findEndedTasks, lockTask } from '../store/tasks.ts'
import { note, settingsOf } from './shared.ts'
import { noteTask } from './tasks.ts'

const BATCH = 200

/** The unit `step` levels above the one responsible; the highest when the tree ends before. */
async function toldAt(tx: Tx, d: DemandRow, step: number) {
  const path = d.owner_path ?? d.place_path
  const above = await lineOf(tx, pathsAbove(path))
  return above[Math.max(0, above.length - step)] ?? (await lineOf(tx, [path]))[0]
}

/** Tells every step of the ladder that is due and was not told yet. Returns the steps told now. */
async function climb(tx: WriteTx, id: string): Promise<number[]> {
  const d = await lockDemand(tx, id)
  const told: { step: number; unit: string; path: string }[] = []
  if (d?.due_at) {
    const steps = ladderSteps((await settingsOf(tx, d)).ladder, d.due_at, tx.now)
    for (let step = 1; step <= steps; step++) {
      const unit = await toldAt(tx, d, step)
      if (!unit) continue
      const fresh = await insertEscalation(tx, {
        demand_id: id,
        step,
        due_at: d.due_at,
        at: tx.now,
        told_unit_id: unit.id,
        told_path: unit.path,
      })
      if (fresh) told.push({ step, unit: unit.name, path: unit.path })
    }
  }
  if (d && told.length > 0)
    note(
      tx,
      d,
      { told: told.map(({ step, unit }) => ({ step, unit })), due_at: d.due_at },
      { also: told.map((t) => t.path) },
    )
  return told.map((t) => t.step)
}

/** 督办·提级: each late demand is told up the tree, each step of its mechanism's ladder exactly once per deadline. */
export async function escalateOverdue(ctx: Context): Promise<{ demands: number; steps: number }> {
  let after: { due: string; id: string } | null = null
  const done = { demands: 0, steps: 0 }
  for (;;) {
    const rows: Awaited<ReturnType<typeof findOverdue>> = await ctx.read(null, (tx) =>
      findOverdue(tx, { now: tx.now, after, limit: BATCH }),
    )
    for (const { id } of rows) {
      const steps = await unlessNothing(
        ctx.write(null, 'demand.escalate', async (tx) => {
          const told = await climb(tx, id)
          if (told.length === 0) throw NOTHING
          return told
        }),
      )
      if (steps) {
        done.demands++
        done.steps += steps.length
      }
    }
    const last = rows.at(-1)
    if (rows.length < BATCH || !last?.due_at) return done
    after = { due: last.due_at, id: last.id }
  }
}

/** Tasks whose time is over: expired where nobody served, closed where somebody did; who only waited is released. */
export async function expireTasks(ctx: Context): Promise<{ expired: number; closed: number }> {
  const done = { expired: 0, closed: 0 }
  for (;;) {
    const rows = await ctx.read(null, (tx) => findEndedTasks(tx, tx.now, BATCH))
    for (const { id } of rows) {
      const state = await unlessNothing(
        ctx.write(null, 'task.expire', async (tx) => {
          const t = await lockTask(tx, id)
          if (t?.state !== 'published' || Date.parse(t.ends_at) > Date.parse(tx.now)) throw NOTHING
          const released = await endClaims(tx, id, { states: ['waiting'], now: tx.now, reason: '任务时间已过' })
          const next = t.claimed === 0 ? ('expired' as const) : ('closed' as const)
          await changeTask(tx, t, { state: next, closed_at: tx.now })
          noteTask(tx, t, { state: ['published', next], released: released.length })
          return next
        }),
      )
      if (state) done[state]++
    }
    if (rows.length < BATCH) return done
  }
}

type Mechanisms = Awaited<ReturnType<typeof findMechanismNames>>

/** The day up to which closed demands of a mechanism have lost their contacts and photos. */
async function keptFrom(tx: Tx, mechanisms: Mechanisms, id: string): Promise<string> {
  const since = mechanisms.find((m) => m.id === id)?.valid_from ?? tx.today
  const { retentionMonths } = await getSettings(tx, engine, id, since)
  return addMonths(tx.today, -retentionMonths)
}

/** How many contacts and photos should be gone and are not. */
export const countOverdueContacts = (ctx: Context): Promise<number> =>
  ctx.read(null, async (tx) => {
    const mechanisms = await findMechanismNames(tx)
    let count = 0
    for (const { id } of mechanisms) {
      const before = await keptFrom(tx, mechanisms, id)
      count += (await countOldContacts(tx, id, before)) + (await countOldPhotos(tx, id, before))
    }
    return count
  })

/** Erases contacts and photos of demands closed longer ago than their mechanism keeps them. [PIPL: no longer than needed] */
export async function eraseOldContacts(ctx: Context): Promise<{ erased: number }> {
  const mechanisms = await ctx.read(null, (tx) => findMechanismNames(tx))
  let erased = 0
  for (const { id } of mechanisms) {
    for (;;) {
      const ids = await unlessNothing(
        ctx.write(null, 'demand.erase-contacts', async (tx) => {
          const before = await keptFrom(tx, mechanisms, id)
          const due = { before, at: tx.now, limit: BATCH }
          const contacts = await eraseContacts(tx, id, due)
          const photos = await eraseOldPhotos(tx, id, due)
          const gone = [...new Set([...contacts, ...photos])]
          if (gone.length === 0) throw NOTHING
          tx.record({
            subject: { kind: 'retention', id: newId() },
            path: '',
            change: { mechanism: id, closedBefore: before, demands: gone },
          })
          return gone
        }),
      )
      erased += ids?.length ?? 0
      if (!ids || ids.length < BATCH) break
    }
  }
  return { erased }
}
