import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import type { Sight, Tx, WriteTx } from '#core/context.ts'
import { canAnywhere, inRanges, type Range, unitsOf, visibleTo } from '#core/permissions.ts'
import type { ClaimTable, DB, TaskTable } from '#core/schema.ts'
import { fail, type ListTasksQuery } from '../contract.ts'
import type { DemandRow } from './demands.ts'
import { waitingTask } from './waits.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type TaskRow = Selectable<TaskTable>
export type ClaimRow = Selectable<ClaimTable>

/** Of claims that are neither over nor given up. */
const openStates = ['waiting', 'claimed', 'submitted', 'returned']

type NewTask = Omit<Insertable<TaskTable>, 'district_id'>

const inserting = (tx: Conn, row: NewTask) => tx.db.insertInto('task').values({ ...row, district_id: tx.district })

export const insertTask = (tx: Conn, row: NewTask) => inserting(tx, row).returning('no').executeTakeFirstOrThrow()

/** Inserts a task with COMMIT. */
export const layTaskDown = (tx: WriteTx, row: NewTask) => tx.last(inserting(tx, row))

/** Tasks of the places where the asker may read, and tasks open to anyone of the district. */
const visibleTask = (tx: Sight) =>
  canAnywhere(tx.actor, 'task.read')
    ? sql<boolean>`(${visibleTo(tx.actor, 'task.read', 't.place_path')} or (t.open_to = 'anyone' and t.state = 'published'))`
    : sql<boolean>`false`

/** @throws demand.task-not-found */
export async function getTask(tx: Sight, id: string): Promise<TaskRow> {
  const row = await tx.db
    .selectFrom('task as t')
    .selectAll('t')
    .where('t.district_id', '=', tx.district)
    .where('t.id', '=', id)
    .where(visibleTask(tx))
    .executeTakeFirst()
  if (!row) throw fail('task-not-found')
  return row
}

const taskIdOf = (tx: Conn, claimId: string) =>
  tx.db.selectFrom('claim').select('task_id').where('district_id', '=', tx.district).where('id', '=', claimId)

export const findTaskOfClaim = (tx: Conn, claimId: string): Promise<TaskRow | undefined> =>
  tx.db
    .selectFrom('task')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', taskIdOf(tx, claimId))
    .executeTakeFirst()

/** Holds the demand that a claim works for, where it works for one. */
export const holdDemandOf = (tx: Conn, claimId: string): Promise<DemandRow | undefined> =>
  tx.db
    .selectFrom('demand')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', (e) =>
      e
        .selectFrom('task')
        .select((t) => t.ref('demand_id').$notNull().as('id'))
        .where('district_id', '=', tx.district)
        .where('id', '=', taskIdOf(tx, claimId)),
    )
    .forUpdate()
    .executeTakeFirst()

/** Holds the task's row: every move of places happens behind it, so capacity and waiting list agree. */
export const lockTask = (tx: Conn, id: string): Promise<TaskRow | undefined> =>
  tx.db
    .selectFrom('task')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

/** Changes a task whose row is held. */
export const changeTask = (tx: Conn, row: TaskRow, set: Updateable<TaskTable>) =>
  tx.db
    .updateTable('task')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .execute()

/** Ends claims that are open; `held` tells which of them took a place. */
export async function endClaims(
  tx: Conn,
  taskId: string,
  how: { states: readonly string[]; now: string; reason: string },
) {
  const { rows } = await sql<{ id: string; person_id: string | null; unit_id: string | null; held: boolean }>`
    with open as (select id, state from claim where district_id = ${tx.district} and task_id = ${taskId} and state = any(${how.states}) for update)
    update claim c set state = 'withdrawn', withdrawn_at = ${how.now}, end_reason = ${how.reason}
    from open where c.district_id = ${tx.district} and c.id = open.id
    returning c.id, c.person_id, c.unit_id, open.state <> 'waiting' as held`.execute(tx.db)
  return rows
}

/** Published tasks whose time is over. */
export const findEndedTasks = (tx: Conn, now: string, limit: number) =>
  tx.db
    .selectFrom('task')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('state', '=', 'published')
    .where('ends_at', '<=', now)
    .orderBy('ends_at')
    .limit(limit)
    .execute()

const taking = (tx: Conn, taskId: string) =>
  tx.db
    .updateTable('task')
    .set({ claimed: sql`claimed + 1` })
    .where('district_id', '=', tx.district)
    .where('id', '=', taskId)
    .where('state', '=', 'published')
    .whereRef('claimed', '<', 'capacity')

/** Takes one place if there is one. */
export async function takePlace(tx: Conn, taskId: string): Promise<boolean> {
  return (await taking(tx, taskId).executeTakeFirst()).numUpdatedRows === 1n
}

export const givePlaceBack = (tx: Conn, taskId: string) =>
  tx.db
    .updateTable('task')
    .set({ claimed: sql`claimed - 1` })
    .where('district_id', '=', tx.district)
    .where('id', '=', taskId)
    .execute()

export type NewClaim = Omit<Insertable<ClaimTable>, 'district_id' | 'state'>

/**
 * Takes one place if there is one and claims it: check and act are one statement, so capacity can't be overshot. A place without a
 * claim: this person or unit already holds one, and the transaction must not end well. [CO-01, A-51]
 */
export async function claimPlace(tx: Conn, row: NewClaim): Promise<{ places: number; claims: number }> {
  const { rows } = await sql<{ places: number; claims: number }>`
    with place as (${taking(tx, row.task_id).returning('id')}),
    made as (
      insert into claim (district_id, id, task_id, person_id, unit_id, unit_path, place_id, place_path, state, claimed_at, claimed_on, claimed_by)
      select ${tx.district}, ${row.id}::uuid, id, ${row.person_id}::uuid, ${row.unit_id}::uuid, ${row.unit_path}, ${row.place_id}::uuid, ${row.place_path}, 'claimed',
        ${row.claimed_at}::timestamptz, ${row.claimed_on}::date, ${row.claimed_by}::uuid from place
      on conflict do nothing returning 1
    )
    select (select count(*) from place) as places, (select count(*) from made) as claims`.execute(tx.db)
  return rows[0] as { places: number; claims: number }
}

/** A place on the waiting list; false when this person or unit already stands there or holds a place. */
export async function insertWaiting(tx: Conn, row: NewClaim): Promise<boolean> {
  const done = await tx.db
    .insertInto('claim')
    .values({ ...row, district_id: tx.district, state: 'waiting' })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** Loads a claim: its own person or unit, or whoever accepts work or claims for others at the place. @throws demand.claim-not-found */
export async function getClaim(tx: Sight, id: string, lock = true): Promise<ClaimRow> {
  let q = tx.db
    .selectFrom('claim as c')
    .selectAll('c')
    .where('c.district_id', '=', tx.district)
    .where('c.id', '=', id)
    .where((e) =>
      e.or([
        sql<boolean>`c.person_id = ${tx.actor.personId}`,
        visibleTo(tx.actor, 'task.claim-unit', 'c.unit_path'),
        visibleTo(tx.actor, 'task.accept', 'c.place_path'),
        visibleTo(tx.actor, 'task.claim-for', 'c.place_path'),
      ]),
    )
  if (lock) q = q.forUpdate()
  const row = await q.executeTakeFirst()
  if (!row) throw fail('claim-not-found')
  return row
}

const changing = (tx: Conn, id: string, set: Partial<Insertable<ClaimTable>>) =>
  tx.db.updateTable('claim').set(set).where('district_id', '=', tx.district).where('id', '=', id)

export const updateClaim = (tx: Conn, id: string, set: Partial<Insertable<ClaimTable>>) =>
  changing(tx, id, set).execute()

/** Moves a claim that this transaction holds, together with COMMIT. */
export const moveClaim = (tx: WriteTx, id: string, set: Partial<Insertable<ClaimTable>>) =>
  tx.last(changing(tx, id, set))

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

/** Whether other claims of the same task are still open; where none is, the work is done with this one. */
export async function hasOpenBeside(tx: Conn, claimId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('claim')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('task_id', '=', taskIdOf(tx, claimId))
    .where('state', 'in', openStates)
    .where('state', '<>', sql.lit('withdrawn')) // as the index says it
    .where('id', '<>', claimId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether this person did work for the demand, as a volunteer of one of its tasks. */
export async function hasServed(tx: Conn, demandId: string, personId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('claim as c')
    .innerJoin('task as t', (j) => j.onRef('t.district_id', '=', 'c.district_id').onRef('t.id', '=', 'c.task_id'))
    .select('c.id')
    .where('c.district_id', '=', tx.district)
    .where('t.demand_id', '=', demandId)
    .where('c.person_id', '=', personId)
    .where('c.state', '<>', 'withdrawn')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function filtered(tx: Tx, query: ListTasksQuery, ranges: readonly Range[]) {
  const anyone = query.unit ? sql<boolean>`false` : sql<boolean>`(t.open_to = 'anyone' and t.state = 'published')`
  let q = tx.db
    .selectFrom('task as t')
    .where('t.district_id', '=', tx.district)
    .where(sql<boolean>`(${inRanges(ranges, 't.place_path')} or ${anyone})`)
  if (query.mechanism) q = q.where('t.mechanism_id', '=', query.mechanism)
  if (query.state) q = q.where('t.state', '=', query.state)
  if (query.waits) q = q.where(waitingTask(query.waits, ranges))
  if (query.free) q = q.whereRef('t.claimed', '<', 't.capacity')
  if (query.search) q = q.where('t.title', 'like', `%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
  return q
}

export async function findTasks(tx: Tx, query: ListTasksQuery, ranges: readonly Range[]) {
  const { n } = await filtered(tx, query, ranges)
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await filtered(tx, query, ranges)
    .leftJoin('claim as c', (j) =>
      j
        .onRef('c.district_id', '=', 't.district_id')
        .onRef('c.task_id', '=', 't.id')
        .on(sql<boolean>`c.person_id = ${tx.actor.personId}`)
        .on('c.state', '<>', 'withdrawn'),
    )
    .selectAll('t')
    .select('c.state as mine')
    .orderBy(sql`(t.state = 'published') desc`)
    // of what can be claimed, what ends soonest
    .orderBy(sql`case when t.state = 'published' then t.ends_at end`)
    // what waits for somebody stands with the longest first
    .orderBy('t.ends_at', query.waits ? 'asc' : 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** How many tasks of a list each mechanism has. */
export const countByMechanism = (tx: Tx, query: ListTasksQuery, ranges: readonly Range[]) =>
  filtered(tx, query, ranges)
    .select((e) => ['t.mechanism_id as id', e.fn.countAll<number>().as('count')])
    .groupBy('t.mechanism_id')
    .orderBy('count', 'desc')
    .execute()

/** The state of the asker's own claim, if there is one. */
export async function findMine(tx: Tx, taskId: string): Promise<string | null> {
  if (!tx.actor.personId) return null
  const row = await tx.db
    .selectFrom('claim')
    .select('state')
    .where('district_id', '=', tx.district)
    .where('task_id', '=', taskId)
    .where('person_id', '=', tx.actor.personId)
    .where('state', '<>', 'withdrawn')
    .executeTakeFirst()
  return row?.state ?? null
}

export const findTasksOf = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('task')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .orderBy('no')
    .execute()

const claimsWithNames = (tx: Conn) =>
  tx.db
    .selectFrom('claim as c')
    .innerJoin('task as t', (j) => j.onRef('t.district_id', '=', 'c.district_id').onRef('t.id', '=', 'c.task_id'))
    .leftJoin('person as p', (j) => j.onRef('p.district_id', '=', 'c.district_id').onRef('p.id', '=', 'c.person_id'))
    .leftJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'c.district_id').onRef('u.id', '=', 'c.unit_id'))
    .leftJoin('account as a', (j) => j.onRef('a.district_id', '=', 'c.district_id').onRef('a.id', '=', 'c.claimed_by'))
    .innerJoin('unit as pl', (j) => j.onRef('pl.district_id', '=', 'c.district_id').onRef('pl.id', '=', 'c.place_id'))
    .selectAll('c')
    .select((e) => [e.fn.coalesce('p.name', 'u.name', sql<string>`''`).as('personName'), 't.title as taskTitle'])
    .select(['t.mechanism_id', 't.starts_at', 't.ends_at', 'pl.name as placeName', 'a.name as claimedBy'])
    .select(
      sql<
        number | null
      >`case when c.state = 'waiting' then (select count(*)::int from claim w where w.district_id = c.district_id
        and w.task_id = c.task_id and w.state = 'waiting' and (w.claimed_at, w.id) <= (c.claimed_at, c.id)) end`.as(
        'place',
      ),
    )
    .where('c.district_id', '=', tx.district)

export type NamedClaim = Awaited<ReturnType<typeof findClaimsOf>>[number]

/** Claims of a task; those called off with it stay in sight. */
export const findClaimsOf = (tx: Conn, taskId: string) =>
  claimsWithNames(tx)
    .where('c.task_id', '=', taskId)
    .where((e) => e.or([e('c.state', '<>', 'withdrawn'), e('c.end_reason', 'is not', null)]))
    .orderBy('c.claimed_at')
    .limit(500)
    .execute()

export const findClaimsBy = (tx: Conn, personId: string) =>
  claimsWithNames(tx).where('c.person_id', '=', personId).orderBy('c.claimed_at', 'desc').limit(200).execute()

/** The asker's own claims and those of the units he speaks for by a mandate there, not of all below one: newest first. */
export const findClaimsOfMine = (tx: Tx, which: 'open' | 'past' | undefined) =>
  claimsWithNames(tx)
    .where((e) =>
      e.or([
        sql<boolean>`c.person_id = ${tx.actor.personId}`,
        sql<boolean>`c.unit_id = any(${unitsOf(tx.actor, 'task.claim-unit')}::uuid[])`,
      ]),
    )
    .$if(which !== undefined, (q) => q.where('c.state', which === 'open' ? 'in' : 'not in', openStates))
    .orderBy('c.claimed_at', 'desc')
    .limit(200)
    .execute()

/** A person's own totals. [JF-02] */
export const sumRecord = (tx: Conn, personId: string) =>
  tx.db
    .selectFrom('claim')
    .select((e) => [
      e.fn.count<number>('task_id').distinct().filterWhere('state', '<>', 'withdrawn').as('tasks'),
      e.fn.countAll<number>().filterWhere('state', '=', 'accepted').as('accepted'),
      sql<number>`coalesce(sum(minutes) filter (where state = 'accepted'), 0)::int`.as('minutes'),
    ])
    .where('district_id', '=', tx.district)
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()

/** An accepted record with a certificate, by its id or by the public check code. [VOL-05] */
export const findCertified = (tx: Conn, by: { claimId: string } | { code: string }) =>
  tx.db
    .selectFrom('claim as c')
    .innerJoin('person as p', (j) => j.onRef('p.district_id', '=', 'c.district_id').onRef('p.id', '=', 'c.person_id'))
    .innerJoin('task as t', (j) => j.onRef('t.district_id', '=', 'c.district_id').onRef('t.id', '=', 'c.task_id'))
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'c.district_id').onRef('u.id', '=', 'c.place_id'))
    .leftJoin('account as a', (j) => j.onRef('a.district_id', '=', 'c.district_id').onRef('a.id', '=', 'c.accepted_by'))
    .select([
      'c.certificate',
      'c.served_from',
      'c.served_to',
      'c.minutes',
      'c.accepted_on',
      'p.name',
      't.title',
      't.detail',
      'u.name as place',
      'a.name as inCharge',
    ])
    .where('c.district_id', '=', tx.district)
    .where('c.state', '=', 'accepted')
    .where('c.certificate', 'is not', null)
    .where((e) => ('code' in by ? e('c.certificate', '=', by.code) : e('c.id', '=', by.claimId)))
    .executeTakeFirst()

/** Skills the asker gave when he reported in, for showing which tasks they fit. */
export async function findSkills(tx: Conn, personId: string): Promise<Set<string>> {
  const rows = await tx.db
    .selectFrom('registration')
    .select('skills')
    .where('district_id', '=', tx.district)
    .where('person_id', '=', personId)
    .where('ended_on', 'is', null)
    .execute()
  return new Set(rows.flatMap((r) => r.skills))
}
