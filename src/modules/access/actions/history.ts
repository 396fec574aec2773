// Reading the history: the audit officer's room, and what is held about oneself. Reading is itself recorded (AD-10).
import type { Context, Tx } from '#core/context.ts'
import { tokenHash } from '#core/crypto.ts'
import { fail as coreFail } from '#core/errors.ts'
import { type Entry, verify } from '#core/history.ts'
import { rangesOf } from '#core/permissions.ts'
import { getUnitFor } from '#modules/units/index.ts'
import {
  fail,
  type HistoryEntry,
  type ListHistoryQuery,
  type MyRecord,
  type MyRecordQuery,
  type Verification,
} from '../contract.ts'
import { coversDistrict } from '../rules.ts'
import {
  endOf,
  findAccountById,
  findEntries,
  findEntriesAbout,
  findLentBy,
  findMandatesOf,
  findSessionsOf,
  type HistoryRow,
} from '../store.ts'
import { keyOf, ownAccount } from './shared.ts'

function shown(row: HistoryRow): HistoryEntry {
  const { actor, address, requestId, reason, change } = JSON.parse(row.body) as Entry
  return {
    lane: row.lane,
    seq: row.seq,
    at: row.at,
    action: row.action,
    actor: { accountId: row.actor_id, name: actor.name, kind: actor.kind },
    subject: { kind: row.subject_kind, id: row.subject_id },
    path: row.unit_path,
    address,
    requestId,
    reason: reason ?? null,
    change,
  }
}

/** Entries the asker may see, newest first; that he looked, and for what, is an entry too. */
export async function listHistory(
  ctx: Context,
  query: ListHistoryQuery,
): Promise<{ rows: HistoryEntry[]; total: number }> {
  const found = await ctx.heavy('history.read', async (tx) => {
    const within = query.unit ? (await getUnitFor(tx, 'history.read', query.unit)).path : null
    return findEntries(tx, query, within)
  })
  await ctx.write('history.read', 'history.read', async (tx) =>
    tx.record({ subject: { kind: 'account', id: ownAccount(tx) }, path: '', change: { ...query } }),
  )
  return { total: found.total, rows: found.rows.map(shown) }
}

const refusePart = (tx: Tx) => {
  if (!coversDistrict(rangesOf(tx.actor, 'history.verify'))) throw coreFail('forbidden', { verb: 'history.verify' })
}

/** Recomputes every chain and compares it with the signed anchors outside the database. */
export async function verifyHistory(ctx: Context): Promise<Verification> {
  const anchored = ctx.ground.anchors?.read(ctx.district)
  const result = await ctx.heavy('history.verify', async (tx) => {
    refusePart(tx)
    const { entries, flaws } = await verify(tx.db, tx.district, anchored?.heads)
    const overdue = ctx.ground.anchors?.overdue(ctx.district, tx.now) ?? true
    const anchors = {
      lines: anchored?.lines ?? 0,
      newest: anchored?.at ?? null,
      broken: anchored?.broken ?? [],
      overdue,
    }
    return { sound: flaws.length === 0 && anchors.broken.length === 0, entries, flaws, anchors }
  })
  // the answer is the transaction's own, so that a repeated request hears it again (CO-12)
  return ctx.write('history.verify', 'history.verify', async (tx) => {
    tx.record({
      subject: { kind: 'account', id: ownAccount(tx) },
      path: '',
      change: { sound: result.sound, entries: result.entries },
    })
    return result
  })
}

type OwnRow = Awaited<ReturnType<typeof findMandatesOf>>[number]

/** What was lent cannot be lent on, and no officer lends his office. [等保 12] */
function ownMandate(tx: Tx, { delegatedFrom, officer, ...m }: OwnRow): MyRecord['mandates'][number] {
  const to = endOf(m.to)
  const inForce = m.from <= tx.now && (to === null || to > tx.now)
  const lends = inForce && delegatedFrom === null && officer === null
  return { ...m, to, delegated: delegatedFrom !== null, can: lends ? ['delegate'] : [] }
}

/** What is held about me, and who read or changed it (PIPL 44, 45). */
export const readMine = (ctx: Context, query: MyRecordQuery): Promise<MyRecord> =>
  ctx.read(null, async (tx) => {
    const accountId = ownAccount(tx)
    const account = await findAccountById(tx, accountId)
    if (!account) throw fail('account-state')
    const subjects = [accountId, ...(account.person_id ? [account.person_id] : [])]
    const page = { limit: query.limit ?? 50, offset: query.offset ?? 0 }
    const { rows, total } = await findEntriesAbout(tx, subjects, page)
    const here = tokenHash(ctx.asker.token ?? '')
    const sessions = await findSessionsOf(tx, accountId)
    const lent = await findLentBy(tx, accountId)
    const { login, name, created_at: createdAt, last_used_at: lastUsedAt } = account
    return {
      account: { login, name, createdAt, lastUsedAt, secondFactor: account.totp_sealed !== null },
      mandates: (await findMandatesOf(tx, accountId)).map((m) => ownMandate(tx, m)),
      lent,
      sessions: sessions.map(({ hash, ...s }) => ({ ...s, id: keyOf(hash), current: hash === here })),
      entries: rows.map(shown).map(({ path: _, requestId: __, address: ___, ...e }) => e),
      total,
    }
  })
