// Reading what core/history wrote. Entries of the district as a whole ('' path) are for who answers for a whole tree.
import { sql } from 'kysely'
import { instantOf } from '#core/calendar.ts'
import type { Tx } from '#core/context.ts'
import { rangesOf, visibleTo } from '#core/permissions.ts'
import type { ListHistoryQuery } from '../contract.ts'
import { coversDistrict } from '../rules.ts'

const columns = ['lane', 'seq', 'at', 'action', 'actor_id', 'subject_kind', 'subject_id', 'unit_path', 'body'] as const

const seen = (tx: Tx) => {
  const whole = coversDistrict(rangesOf(tx.actor, 'history.read'))
  return sql<boolean>`(${visibleTo(tx.actor, 'history.read', 'unit_path')} or (unit_path = '' and ${whole}::boolean))`
}

export async function findEntries(tx: Tx, query: ListHistoryQuery, within: string | null) {
  let q = tx.db.selectFrom('history').where('district_id', '=', tx.district).where(seen(tx))
  if (query.subject) q = q.where('subject_id', '=', query.subject)
  if (query.actor) q = q.where('actor_id', '=', query.actor)
  if (query.action?.endsWith('.')) q = q.where(sql<boolean>`starts_with(action, ${query.action})`)
  else if (query.action) q = q.where('action', '=', query.action)
  if (within !== null) q = q.where(sql<boolean>`unit_path >= ${within} and unit_path < ${`${within.slice(0, -1)}/`}`)
  if (query.from) q = q.where('at', '>=', instantOf(query.from, '00:00'))
  if (query.to) q = q.where('at', '<', instantOf(query.to, '24:00'))
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(columns)
    .orderBy('at', 'desc')
    .orderBy('lane')
    .orderBy('seq', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows }
}

export type HistoryRow = Awaited<ReturnType<typeof findEntries>>['rows'][number]

/** Entries about some subjects, for the person they are about. */
export async function findEntriesAbout(tx: Tx, subjects: readonly string[], page: { limit: number; offset: number }) {
  const q = tx.db
    .selectFrom('history')
    .where('district_id', '=', tx.district)
    .where('subject_id', '=', sql<string>`any(${subjects})`)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(columns)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total, rows }
}
