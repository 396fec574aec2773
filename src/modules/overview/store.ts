import { type Kysely, sql } from 'kysely'
import { type Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import type { DB } from '#core/schema.ts'
import {
  fail,
  type ListNotes,
  type NewPin,
  type NewView,
  type NewWatch,
  type Note,
  PageSettings,
  type Pin,
  type SavedView,
  type Watch,
} from './contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** Pack data, kept with the district. */
export async function readPage(tx: Conn): Promise<PageSettings> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  return PageSettings.parse((row.settings as { overview?: unknown }).overview ?? { numbers: [], heat: [] })
}

const mine = (tx: Tx) => tx.actor.accountId as string

/** Pins of units the reader no longer sees are not his to look at. */
export async function findPins(tx: Tx): Promise<Pin[]> {
  const rows = await tx.db
    .selectFrom('pin as p')
    .leftJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'p.district_id').onRef('u.id', '=', 'p.unit_id'))
    .where('p.district_id', '=', tx.district)
    .where('p.account_id', '=', mine(tx))
    .where(sql<boolean>`(p.unit_id is null or ${visibleTo(tx.actor, 'figure.read', 'u.path')})`)
    .select(['p.id', 'p.measure', 'p.unit_id as unitId', 'u.name as unitName'])
    .orderBy('p.at')
    .orderBy('p.id')
    .execute()
  return rows.map(({ unitId, unitName, ...p }) => ({
    ...p,
    unit: unitId ? { id: unitId, name: unitName ?? '' } : null,
  }))
}

export const findViews = (tx: Tx): Promise<SavedView[]> =>
  tx.db
    .selectFrom('saved_view')
    .select(['id', 'page', 'name', 'query', 'at'])
    .where('district_id', '=', tx.district)
    .where('account_id', '=', mine(tx))
    .orderBy('page')
    .orderBy('at')
    .execute()

/** One name stands for one view of a page: saved again, it shows what it shows now. */
export async function saveView(tx: Tx, { page, name, query }: NewView): Promise<string> {
  const { id } = await tx.db
    .insertInto('saved_view')
    .values({ district_id: tx.district, id: newId(), account_id: mine(tx), page, name, query, at: tx.now })
    .onConflict((c) => c.columns(['district_id', 'account_id', 'page', 'name']).doUpdateSet({ query, at: tx.now }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @throws overview.view-not-found where it is not the asker's */
export async function deleteView(tx: Tx, id: string): Promise<{ page: string }> {
  const row = await tx.db
    .deleteFrom('saved_view')
    .where('district_id', '=', tx.district)
    .where('account_id', '=', mine(tx))
    .where('id', '=', id)
    .returning('page')
    .executeTakeFirst()
  if (!row) throw fail('view-not-found')
  return row
}

/** @throws overview.pinned-already */
export async function insertPin(tx: Tx, { measure, unitId }: NewPin): Promise<string> {
  const row = await tx.db
    .insertInto('pin')
    .values({ district_id: tx.district, id: newId(), account_id: mine(tx), measure, unit_id: unitId, at: tx.now })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw fail('pinned-already')
  return row.id
}

/** @throws overview.pin-not-found where it is not the asker's */
export async function deletePin(tx: Tx, id: string): Promise<{ measure: string }> {
  const row = await tx.db
    .deleteFrom('pin')
    .where('district_id', '=', tx.district)
    .where('account_id', '=', mine(tx))
    .where('id', '=', id)
    .returning('measure')
    .executeTakeFirst()
  if (!row) throw fail('pin-not-found')
  return row
}

const lineOf = ({ side, line }: { side: string | null; line: number | null }): Watch['line'] =>
  side === null || line === null ? null : { side: side as 'above' | 'below', value: line }

const watches = (tx: Conn) =>
  tx.db
    .selectFrom('watch as w')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'w.district_id').onRef('u.id', '=', 'w.unit_id'))
    .where('w.district_id', '=', tx.district)
    .select(['w.id', 'w.account_id', 'w.measure', 'w.unit_id', 'u.name', 'u.path', 'w.every', 'w.digest'])
    .select(['w.side', 'w.line', 'w.begun_on'])

type WatchRow = Awaited<ReturnType<ReturnType<typeof watches>['execute']>>[number]

const watchOf = (w: WatchRow): Watch => ({
  id: w.id,
  measure: w.measure,
  unit: { id: w.unit_id, name: w.name },
  every: w.every as Watch['every'],
  digest: w.digest,
  line: lineOf(w),
  begunOn: w.begun_on,
})

export const findWatches = async (tx: Tx): Promise<Watch[]> =>
  (
    await watches(tx)
      .where('w.account_id', '=', mine(tx))
      .where(visibleTo(tx.actor, 'figure.read', 'u.path'))
      .orderBy('w.begun_on')
      .orderBy('w.id')
      .execute()
  ).map(watchOf)

/** Everybody's, for who tells them. */
export const findAllWatches = async (tx: Conn): Promise<(Watch & { accountId: string; path: string })[]> =>
  (await watches(tx).orderBy('w.account_id').execute()).map((w) => ({
    ...watchOf(w),
    accountId: w.account_id,
    path: w.path,
  }))

export async function insertWatch(tx: Tx, { measure, unitId, every, digest, line }: NewWatch): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('watch')
    .values({
      district_id: tx.district,
      id,
      account_id: mine(tx),
      measure,
      unit_id: unitId,
      every,
      digest,
      side: line?.side ?? null,
      line: line?.value ?? null,
      begun_on: tx.today,
    })
    .execute()
  return id
}

/** @throws overview.watch-not-found where it is not the asker's */
export async function deleteWatch(tx: Tx, id: string): Promise<{ measure: string }> {
  const row = await tx.db
    .deleteFrom('watch')
    .where('district_id', '=', tx.district)
    .where('account_id', '=', mine(tx))
    .where('id', '=', id)
    .returning('measure')
    .executeTakeFirst()
  if (!row) throw fail('watch-not-found')
  return row
}

/** What was told of each watch: `<watch> <kind> <period>`. */
export async function findTold(tx: Conn, watchIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.db
    .selectFrom('watch_note')
    .select(['watch_id', 'kind', 'period'])
    .where('district_id', '=', tx.district)
    .where('watch_id', '=', sql<string>`any(${watchIds}::uuid[])`)
    .execute()
  return new Set(rows.map((r) => `${r.watch_id} ${r.kind} ${r.period}`))
}

export interface NewNote extends Pick<Note, 'kind' | 'name' | 'classifier' | 'period' | 'value' | 'before'> {
  watch: Watch & { accountId: string }
}

/** False where it was told already. */
export async function insertNote(tx: Tx, { watch, ...note }: NewNote): Promise<boolean> {
  const done = await tx.db
    .insertInto('watch_note')
    .values({
      district_id: tx.district,
      id: newId(),
      watch_id: watch.id,
      account_id: watch.accountId,
      measure: watch.measure,
      unit_id: watch.unit.id,
      side: watch.line?.side ?? null,
      line: watch.line?.value ?? null,
      at: tx.now,
      ...note,
    })
    .onConflict((c) => c.columns(['district_id', 'watch_id', 'kind', 'period']).doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows) > 0
}

export async function findNotes(tx: Tx, query: ListNotes): Promise<{ total: number; rows: Note[] }> {
  let q = tx.db
    .selectFrom('watch_note as n')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'n.district_id').onRef('u.id', '=', 'n.unit_id'))
    .where('n.district_id', '=', tx.district)
    .where('n.account_id', '=', mine(tx))
    .where(visibleTo(tx.actor, 'figure.read', 'u.path'))
  if (query.state) q = q.where('n.seen_at', query.state === 'new' ? 'is' : 'is not', null)
  if (query.search) q = q.where('n.name', 'like', `%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(['n.id', 'n.kind', 'n.measure', 'n.name', 'n.classifier', 'n.unit_id', 'u.name as unitName', 'n.period'])
    .select(['n.value', 'n.before', 'n.side', 'n.line', 'n.at', 'n.seen_at as seenAt'])
    .orderBy('n.at', 'desc')
    .orderBy('n.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return {
    total,
    rows: rows.map(({ unit_id, unitName, side, line, kind, classifier, ...n }) => ({
      ...n,
      classifier: classifier as Note['classifier'],
      kind: kind as Note['kind'],
      unit: { id: unit_id, name: unitName },
      line: lineOf({ side, line }),
    })),
  }
}

/** @throws overview.note-not-found where it is not the asker's */
export async function seeNote(tx: Tx, id: string): Promise<{ measure: string }> {
  const row = await tx.db
    .updateTable('watch_note')
    .set({ seen_at: sql<string>`coalesce(seen_at, ${tx.now})` })
    .where('district_id', '=', tx.district)
    .where('account_id', '=', mine(tx))
    .where('id', '=', id)
    .returning('measure')
    .executeTakeFirst()
  if (!row) throw fail('note-not-found')
  return row
}
