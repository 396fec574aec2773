// A file of persons leaves: small ones at once, larger ones on what was asked for and granted before. The file is made with the rights
// its asker has now; here it is counted, marked and entered.
import { mustBeAnchored } from '#core/anchor.ts'
import { dayOf, timeOf } from '#core/calendar.ts'
import type { Carrier, Context, Load, WriteTx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { fail } from '../contract.ts'
import { hasGrown, hourBefore, stateAt, stateWords, wantOf } from '../rules.ts'
import { changeExport, findOwn, insertExport, limitsOf, queueFor, rowsSince } from '../store.ts'
import { hashOf, homeOf } from './shared.ts'

/** @throws export.purpose-needed, export.approval-needed */
async function takeAtOnce(tx: WriteTx, load: Load, accountId: string): Promise<string> {
  const limits = await limitsOf(tx)
  const hour = await rowsSince(tx, accountId, hourBefore(tx.now))
  const want = wantOf(load.rows, hour, limits)
  if (want === 'purpose') throw fail('purpose-needed', { rows: load.rows, limit: limits.purpose })
  if (want === 'approval')
    throw fail('approval-needed', { rows: load.rows, hour: load.rows + hour, limit: limits.approval })
  const id = newId()
  const { operation, title, about, rows } = load
  const seen = { operation, query: JSON.stringify(load.query), title, about, rows, purpose: '' }
  await insertExport(tx, {
    id,
    account_id: accountId,
    ...seen,
    ...homeOf(tx),
    content_hash: hashOf(seen),
    state: 'taken',
    asked_at: tx.now,
    until: tx.now,
    taken_at: tx.now,
  })
  return id
}

/** @throws export.not-found, export.taken, export.not-ready, export.another, export.grown */
async function takeGranted(tx: WriteTx, load: Load, asked: { id: string; accountId: string }): Promise<string> {
  const row = await findOwn(tx, asked.id, asked.accountId)
  if (row?.operation !== load.operation || row.query !== JSON.stringify(load.query)) throw fail('not-found')
  if (row.state === 'taken') throw fail('taken')
  const state = stateAt(row, tx.now)
  if (state !== 'granted') throw fail('not-ready', { state: stateWords[state] })
  // `period=today` is another day by now: what was approved is what was read then
  const [then, now] = [row, load].map((e) => `${e.title}；${e.about}`)
  if (then !== now) throw fail('another', { asked: then, now })
  if (hasGrown(row.rows, load.rows)) throw fail('grown', { asked: row.rows, rows: load.rows })
  await changeExport(tx, row.id, { state: 'taken', taken_at: tx.now, rows: load.rows })
  return row.purpose
}

export const carrier: Carrier = {
  take(ctx: Context, load: Load): Promise<string> {
    const { action, ...entry } = load.entry
    return ctx.write(null, action, async (tx) => {
      const { accountId } = tx.actor
      if (!accountId) throw coreFail('unauthenticated')
      mustBeAnchored(ctx.ground, tx)
      if (load.rows === 0) {
        tx.record(entry)
        return ''
      }
      await queueFor(tx, accountId)
      const asked = load.exportId
      const purpose = asked ? await takeGranted(tx, load, { id: asked, accountId }) : ''
      const id = asked ?? (await takeAtOnce(tx, load, accountId))
      const more = { export: id, rows: load.rows }
      tx.record({ ...entry, change: { ...entry.change, ...more }, ...(purpose ? { reason: purpose } : {}) })
      const who = `${tx.actor.name}于${dayOf(tx.now)} ${timeOf(tx.now)}导出`
      return `${who}${purpose ? `，用途：${purpose}` : ''}；导出编号 ${id}`
    })
  },
}
