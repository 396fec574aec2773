import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type Range, inRanges, visibleTo } from '#core/permissions.ts'
import type { ClaimTable, DB, TaskTable } from '#core/schema.ts'
import { fail, type ListTasksQuery } from '../contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type TaskRow = Selectable<TaskTable>
export type ClaimRow = Selectable<ClaimTable>

export const insertTask = (tx: Conn, row: Omit<Insertable<TaskTable>, 'district_id'>) =>
  tx.db.insertInto('task').values({ ...row, district_id: tx.district }).returning('no').executeTakeFirstOrThrow()

/** @throws demand.task-not-found */
export async function getTask(tx: Tx, id: string): Promise<TaskRow> {
  const row = await tx.db
    .selectFrom('task as t')
    .selectAll('t')
    .where('t.district_id', '=', tx.district)
    .where('t.id', '=', id)
    .where(visibleTo(tx.actor, 'task.read', 't.place_path'))
    .executeTakeFirst()
  if (!row) throw fail('task-not-found')
  return row
}

/** Takes one place if there is one: check and act are one statement, so capacity can't be overshot (CO-01, A-51). */
export async function takePlace(tx: Conn, taskId: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('task')
    .set({ claimed: sql`claimed + 1` })
    .where('district_id', '=', tx.district)
    .where('id', '=', taskId)
    .where('state', '=', 'published')
    .whereRef('claimed', '<', 'capacity')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export const givePlaceBack = (tx: Conn, taskId: string) =>
  tx.db
    .updateTable('task')
    .set({ claimed: sql`claimed - 1` })
    .where('district_id', '=', tx.district)
    .where('id', '=', taskId)
    .execute()

/** Inserts a claim; false when this person already holds one for the task. */
export async function insertClaim(tx: Conn, row: Omit<Insertable<ClaimTable>, 'district_id' | 'id'>): Promise<string | null> {
  const done = await tx.db
    .insertInto('claim')
    .values({ ...row, district_id: tx.district, id: newId() })
    .onConflict((c) => c.columns(['district_id', 'task_id', 'person_id']).where('state', '<>', 'withdrawn').doNothing())
    .returning('id')
    .executeTakeFirst()
  return done?.id ?? null
}

/** Loads a claim: its own person, or whoever accepts work at the place. @throws demand.claim-not-found */
export async function getClaim(tx: Tx, id: string): Promise<ClaimRow> {
  const row = await tx.db
    .selectFrom('claim as c')
    .selectAll('c')
    .where('c.district_id', '=', tx.district)
    .where('c.id', '=', id)
    .where((e) => e.or([sql<boolean>`c.person_id = ${tx.actor.personId}`, visibleTo(tx.actor, 'task.accept', 'c.place_path')]))
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw fail('claim-not-found')
  return row
}

export const updateClaim = (tx: Conn, id: string, set: Partial<Insertable<ClaimTable>>) =>
  tx.db.updateTable('claim').set(set).where('district_id', '=', tx.district).where('id', '=', id).execute()

/** The longest-waiting claim of a task, locked. */
export const findNextWaiting = (tx: Conn, taskId: string) =>
  tx.db
    .selectFrom('claim')
    .select(['id', 'person_id'])
    .where('district_id', '=', tx.district)
    .where('task_id', '=', taskId)
    .where('state', '=', 'waiting')
    .orderBy('claimed_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

/** Claims of a demand's tasks that are still open; none left means the work is done. */
export async function hasOpenClaims(tx: Conn, taskId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('claim')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('task_id', '=', taskId)
    .where('state', 'in', ['claimed', 'submitted'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function filtered(tx: Tx, query: ListTasksQuery, ranges: readonly Range[]) {
  let q = tx.db.selectFrom('task as t').where('t.district_id', '=', tx.district).where(inRanges(ranges, 't.place_path'))
  if (query.state) q = q.where('t.state', '=', query.state)
  if (query.free) q = q.whereRef('t.claimed', '<', 't.capacity')
  if (query.search) q = q.where('t.title', 'like', `%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
  return q
}

export async function findTasks(tx: Tx, query: ListTasksQuery, ranges: readonly Range[]) {
  const { n } = await filtered(tx, query, ranges).select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const rows = await filtered(tx, query, ranges)
    .leftJoin('claim as c', (j) =>
      j.onRef('c.district_id', '=', 't.district_id').onRef('c.task_id', '=', 't.id').on(sql<boolean>`c.person_id = ${tx.actor.personId}`).on('c.state', '<>', 'withdrawn'),
    )
    .selectAll('t')
    .select('c.state as mine')
    .orderBy(sql`(t.state = 'published') desc`)
    .orderBy('t.ends_at', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

export const findTasksOf = (tx: Conn, demandId: string) =>
  tx.db.selectFrom('task').selectAll().where('district_id', '=', tx.district).where('demand_id', '=', demandId).orderBy('no').execute()

const claimsWithNames = (tx: Conn) =>
  tx.db
    .selectFrom('claim as c')
    .innerJoin('person as p', (j) => j.onRef('p.district_id', '=', 'c.district_id').onRef('p.id', '=', 'c.person_id'))
    .selectAll('c')
    .select('p.name as personName')
    .where('c.district_id', '=', tx.district)

export const findClaimsOf = (tx: Conn, taskId: string) => claimsWithNames(tx).where('c.task_id', '=', taskId).where('c.state', '<>', 'withdrawn').orderBy('c.claimed_at').limit(500).execute()

export const findClaimsBy = (tx: Conn, personId: string) => claimsWithNames(tx).where('c.person_id', '=', personId).orderBy('c.claimed_at', 'desc').limit(200).execute()
