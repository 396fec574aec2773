// Asking for a large file of persons, and another person’s word on it.
import type { Context, Tx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { can } from '#core/permissions.ts'
import { type AskExport, type DecideExport, type Export, fail, type ListExports } from '../contract.ts'
import { grantedUntil, hourBefore, stateAt, stateWords, waitsUntil, wantOf } from '../rules.ts'
import {
  changeExport,
  type ExportRow,
  findExports,
  findOwn,
  findToDecide,
  insertExport,
  limitsOf,
  queueFor,
  rowsSince,
} from '../store.ts'
import { fileOf } from '../ties.ts'
import { hashOf, homeOf } from './shared.ts'

const isOwn = (tx: Tx, row: ExportRow) =>
  row.account_id === tx.actor.accountId || (row.personId !== null && row.personId === tx.actor.personId)

/** The address of the file with what was asked of it; parameters of its path stand in the path. */
function addressOf({ id, operation, query }: ExportRow): string {
  const words = Object.entries(JSON.parse(query) as Record<string, unknown>).map(([k, v]) => [k, String(v)] as const)
  const path = fileOf(operation)?.path ?? ''
  const inPath = (name: string) => path.includes(`{${name}}`)
  const filled = words.reduce((at, [k, v]) => at.replace(`{${k}}`, encodeURIComponent(v)), path)
  const rest = words.filter(([k]) => !inPath(k)).map(([k, v]) => `${k}=${encodeURIComponent(v)}`)
  return `${filled}?${[...rest, `export=${id}`].join('&')}`
}

function present(tx: Tx, row: ExportRow): Export {
  const state = stateAt(row, tx.now)
  const decides = state === 'waiting' && !isOwn(tx, row) && can(tx.actor, 'export.approve', row.unit_path)
  const takes = state === 'granted' && row.account_id === tx.actor.accountId
  return {
    id: row.id,
    operation: row.operation,
    file: addressOf(row),
    title: row.title,
    about: row.about,
    rows: row.rows,
    purpose: row.purpose,
    state,
    askedBy: row.askedBy,
    unitName: row.unitName,
    askedAt: row.asked_at,
    until: row.until,
    decidedBy: row.decidedByName,
    decidedAt: row.decided_at,
    note: row.note,
    takenAt: row.taken_at,
    hash: row.content_hash,
    can: [...(decides ? ['decide'] : []), ...(takes ? ['take'] : [])],
  }
}

const accountOf = (tx: Tx): string => {
  if (!tx.actor.accountId) throw coreFail('unauthenticated')
  return tx.actor.accountId
}

/** States what a file is for; up to a thousand rows an hour that is enough, beyond it another person decides. @throws export.unknown-file, export.no-persons, and what the file itself refuses */
export async function askExport(ctx: Context, { operation, query, purpose }: AskExport): Promise<Export> {
  await ctx.read(null, async () => {})
  const file = fileOf(operation)
  if (!file?.weigh) throw fail('unknown-file', { operation })
  const verb = file.permission
  await ctx.read(verb, async () => {})
  const weighed = await file.weigh(ctx, query)
  if (!weighed) throw fail('no-persons')
  return ctx.write(verb, 'export.ask', async (tx) => {
    const accountId = accountOf(tx)
    await queueFor(tx, accountId)
    const hour = await rowsSince(tx, accountId, hourBefore(tx.now))
    const waits = wantOf(weighed.rows, hour, await limitsOf(tx)) === 'approval'
    const { title, about, rows } = weighed
    const seen = { operation, query: JSON.stringify(weighed.query), title, about, rows, purpose }
    const home = homeOf(tx, verb)
    const id = newId()
    await insertExport(tx, {
      id,
      account_id: accountId,
      ...seen,
      ...home,
      content_hash: hashOf(seen),
      state: waits ? 'waiting' : 'granted',
      asked_at: tx.now,
      until: waits ? waitsUntil(tx.now) : grantedUntil(tx.now),
      taken_at: null,
    })
    const change = { operation, rows, waits }
    tx.record({ subject: { kind: 'export', id }, path: home.unit_path, change, reason: purpose })
    return present(tx, (await findOwn(tx, id, accountId)) as ExportRow)
  })
}

/** @throws export.not-found, export.own, export.decided, export.content-changed */
export const decideExport = (ctx: Context, id: string, input: DecideExport): Promise<Export> =>
  ctx.write('export.approve', 'export.decide', async (tx) => {
    const row = await findToDecide(tx, id)
    if (!row) throw fail('not-found')
    if (isOwn(tx, row)) throw fail('own')
    const state = stateAt(row, tx.now)
    if (state !== 'waiting') throw fail('decided', { state: stateWords[state] })
    if (input.hash !== row.content_hash || hashOf(row) !== row.content_hash) throw fail('content-changed')
    const { granted, note = '' } = input
    await changeExport(tx, id, {
      state: granted ? 'granted' : 'declined',
      decided_by: accountOf(tx),
      decided_at: tx.now,
      until: granted ? grantedUntil(tx.now) : row.until,
      note,
    })
    tx.record({
      subject: { kind: 'export', id },
      path: row.unit_path,
      change: { granted, rows: row.rows },
      ...(note ? { reason: note } : {}),
    })
    return present(tx, (await findToDecide(tx, id)) as ExportRow)
  })

export const listExports = (ctx: Context, query: ListExports) =>
  ctx.read(null, async (tx) => {
    const { rows, total } = await findExports(tx, query, accountOf(tx))
    return { total, rows: rows.map((r) => present(tx, r)) }
  })
