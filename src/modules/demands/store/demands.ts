import { type Expression, type Kysely, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { Sight, Tx, WriteTx } from '#core/context.ts'
import { inRanges, type Range, rangesOf, subtree, visibleTo } from '#core/permissions.ts'
import type { DB, DemandTable } from '#core/schema.ts'
import type { Insertable, Selectable, Updateable } from 'kysely'
import { fail, type ListDemandsQuery } from '../contract.ts'
import { type Confirmed, waitingDemand } from './waits.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type DemandRow = Selectable<DemandTable>

export type NewDemand = Omit<Insertable<DemandTable>, 'district_id'>

const inserting = (tx: Conn, row: NewDemand) => tx.db.insertInto('demand').values({ ...row, district_id: tx.district })

export const insertDemand = (tx: Conn, row: NewDemand): Promise<DemandRow> =>
  inserting(tx, row).returningAll().executeTakeFirstOrThrow()

/** Inserts a demand with COMMIT; its number was taken before. */
export const layDown = (tx: WriteTx, row: NewDemand & { no: number }) => tx.last(inserting(tx, row))

export const takeDemandNo = async (tx: Conn): Promise<number> =>
  (await sql<{ no: number }>`select nextval('demand_no') as no`.execute(tx.db)).rows[0]?.no as number

/** A unit that supports a demand sees it from dispatch on. */
const supportedFrom = (ranges: readonly Range[]) =>
  sql<boolean>`exists (select 1 from dispatch x where x.district_id = d.district_id and x.demand_id = d.id and x.role = 'support' and x.ended_at is null and ${inRanges(ranges, 'x.unit_path')})`

/** Whoever may read at the place or at the responsible unit. */
const atHand = (tx: Sight, verb: string) =>
  sql<boolean>`(${visibleTo(tx.actor, verb, 'd.place_path')} or ${visibleTo(tx.actor, verb, 'd.owner_path')})`

/**
 * A demand as the asker may see it, if he may: at its place, at the responsible or at a supporting unit; a report never reaches the unit
 * complained about. Few see it only because their unit supports it, so that is asked when nothing else let them in. [REQ-03, REQ-10]
 */
export async function findVisible(tx: Sight, id: string, lock = false): Promise<DemandRow | undefined> {
  const through = (visible: Expression<boolean>) => {
    const q = tx.db
      .selectFrom('demand as d')
      .selectAll('d')
      .where('d.district_id', '=', tx.district)
      .where('d.id', '=', id)
      .where(visible)
      .where((e) => notAgainst(tx, e.ref('d.report'), e.ref('d.about_id')))
    return (lock ? q.forUpdate() : q).executeTakeFirst()
  }
  return (await through(atHand(tx, 'demand.read'))) ?? through(supportedFrom(rangesOf(tx.actor, 'demand.read')))
}

/** Loads a demand through what the asker may see, and locks it for the change. @throws demand.not-found */
export async function getDemand(tx: Sight, id: string, lock = false): Promise<DemandRow> {
  const row = await findVisible(tx, id, lock)
  if (!row) throw fail('not-found')
  return row
}

/** A report (举报) is invisible to whoever holds a mandate at the unit complained about. [REQ-10] */
export const notAgainst = (tx: Sight, report: Expression<boolean>, about: Expression<string | null>) =>
  sql<SqlBool>`(not ${report} or ${about} is null or not ${about} = any(${tx.actor.grants.map((g) => g.unitId)}))`

/** Moves a demand from `row.state`; a change in between is a conflict, never a lost update. */
export async function updateDemand(tx: Conn, row: DemandRow, set: Updateable<DemandTable>): Promise<void> {
  const done = await tx.db
    .updateTable('demand')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw fail('changed-meanwhile')
}

/** Moves a demand that this transaction holds, together with COMMIT. */
export const moveHeld = (tx: WriteTx, row: DemandRow, set: Updateable<DemandTable>) =>
  tx.last(
    tx.db
      .updateTable('demand')
      .set({ ...set, version: row.version + 1 })
      .where('district_id', '=', tx.district)
      .where('id', '=', row.id),
  )

/** A demand for work that has checked its own right (jobs, tasks, follow-up code), locked. */
export const lockDemand = (tx: Conn, id: string): Promise<DemandRow | undefined> =>
  tx.db
    .selectFrom('demand')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export const findDemandsById = (tx: Conn, ids: readonly string[]): Promise<DemandRow[]> =>
  tx.db
    .selectFrom('demand')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${ids})`)
    .orderBy('no')
    .execute()

export const findChildren = (tx: Conn, parentId: string): Promise<DemandRow[]> =>
  tx.db
    .selectFrom('demand')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('merged_into', '=', parentId)
    .orderBy('no')
    .execute()

export const findParts = (tx: Conn, wholeId: string): Promise<DemandRow[]> =>
  tx.db
    .selectFrom('demand')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('split_from', '=', wholeId)
    .orderBy('no')
    .execute()

/** Merged demands follow the one they were merged into: closed with it, open again with it. [REQ-07] */
export const followParent = (
  tx: Conn,
  parentId: string,
  set: Pick<Updateable<DemandTable>, 'closed_at' | 'closed_on'>,
) =>
  tx.db
    .updateTable('demand')
    .set({ ...set, version: sql`version + 1` })
    .where('district_id', '=', tx.district)
    .where('merged_into', '=', parentId)
    .execute()

export const findByHotlineNo = (tx: Conn, no: string) =>
  tx.db
    .selectFrom('demand')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('hotline_no', '=', no)
    .executeTakeFirst()

export const erasable = {
  table: 'demand',
  at: 'contact_erased_at',
  clears: ['contact_sealed', 'contact_index'],
  marks: ['consent_withdrawn_at'],
}

/** Erases contacts of demands closed before `day`; returns how many. The matter stays. */
export async function eraseContacts(
  tx: Conn,
  mechanismId: string,
  ask: { before: string; at: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update demand set contact_sealed = null, contact_index = null, contact_erased_at = ${ask.at}, version = version + 1
    where district_id = ${tx.district} and id in (
      select id from demand where district_id = ${tx.district} and mechanism_id = ${mechanismId} and contact_sealed is not null and closed_on <= ${ask.before}::date
      order by closed_on limit ${ask.limit} for update skip locked)
    returning id`.execute(tx.db)
  return rows.map((r) => r.id)
}

/** Contacts that are kept longer than they may be. */
export const countOldContacts = async (tx: Conn, mechanismId: string, before: string): Promise<number> =>
  (
    await tx.db
      .selectFrom('demand')
      .select((e) => e.fn.countAll<number>().as('n'))
      .where('district_id', '=', tx.district)
      .where('mechanism_id', '=', mechanismId)
      .where('contact_sealed', 'is not', null)
      .where('closed_on', '<=', before)
      .executeTakeFirstOrThrow()
  ).n

/** Demands whose running clock has passed, oldest first, after a known one. */
export const findOverdue = (tx: Conn, ask: { now: string; after: { due: string; id: string } | null; limit: number }) =>
  tx.db
    .selectFrom('demand')
    .select(['id', 'due_at', 'mechanism_id', 'opened_on'])
    .where('district_id', '=', tx.district)
    .where('due_at', '<', ask.now)
    .$if(ask.after !== null, (q) =>
      q.where(sql<SqlBool>`(due_at, id) > (${ask.after?.due}::timestamptz, ${ask.after?.id}::uuid)`),
    )
    .orderBy('due_at')
    .orderBy('id')
    .limit(ask.limit)
    .execute()

export const findByFollowIndex = (tx: Conn, index: Buffer[]) =>
  tx.db
    .selectFrom('demand')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('follow_index', '=', sql<Buffer>`any(${index})`)
    .executeTakeFirst()

export interface DemandFilter {
  query: ListDemandsQuery
  /** the wished unit's range, cut to what the asker may read */
  ranges: readonly Range[]
  now: string
  /** needed where the question is what waits for confirmation or closing */
  confirmed?: Confirmed
}

const nobody: Confirmed = { 'call-back': [], verification: [], none: [] }

/** Reports about the units the asker speaks for. */
const aboutUs = (tx: Sight) =>
  sql<boolean>`(d.report and d.about_id is not null and d.about_id = any(${tx.actor.grants.map((g) => g.unitId)}))`

/** The rows of a filter. `against` leaves the reports about the asker's units in (false) or takes only them (true); without it they are out. */
export function filtered(tx: Tx, { query, ranges, now, confirmed = nobody }: DemandFilter, against?: boolean) {
  let q = tx.db.selectFrom('demand as d').where('d.district_id', '=', tx.district)
  if (query.waits) q = q.where(waitingDemand(tx, { waits: query.waits, ranges, confirmed, now }))
  else if (query.lens === 'support') q = q.where(supportedFrom(ranges))
  else q = q.where(inRanges(ranges, query.lens === 'owner' ? 'd.owner_path' : 'd.place_path'))
  if (against === undefined) q = q.where((e) => notAgainst(tx, e.ref('d.report'), e.ref('d.about_id')))
  else if (against) q = q.where(aboutUs(tx))
  if (query.state) q = q.where('d.state', '=', sql<string>`any(${query.state.split(',')})`)
  if (query.category) q = q.where('d.category', '=', query.category)
  if (query.mechanism) q = q.where('d.mechanism_id', '=', query.mechanism)
  if (query.occasion) q = q.where('d.occasion_id', '=', query.occasion)
  if (query.channel) q = q.where('d.channel', '=', query.channel)
  if (query.late === 'true') q = q.where('d.due_at', '<', now)
  if (query.suspended) q = q.where('d.suspended_until', query.suspended === 'true' ? 'is not' : 'is', null)
  if (query.search) {
    const like = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`
    q = q.where((e) =>
      e.or([
        e('d.title', 'like', like),
        ...(/^\d{1,15}$/.test(query.search ?? '') ? [e('d.no', '=', Number(query.search))] : []),
      ]),
    )
  }
  return q
}

/** States without a running clock: by deadline they all stand last, newest first. */
const ended = new Set(['closed', 'declined', 'merged'])

const orderOf = ({ query }: DemandFilter) => {
  if (query.sort && query.sort !== 'due') return query.sort
  return query.state?.split(',').every((s) => ended.has(s)) ? '-opened' : 'due'
}

/**
 * A page of the board. Which rows stand on it is told by an index alone, also where a place has thousands in hand; only those are read. By
 * deadline, whatever the state, those come first that have one: among hundreds of thousands of closed ones they fill the page at once.
 */
export async function findDemands(tx: Tx, filter: DemandFilter): Promise<DemandRow[]> {
  const order = orderOf(filter)
  const limit = filter.query.limit ?? 50
  const sorted = <O>(q: SelectQueryBuilder<DB & { d: DemandTable }, 'd', O>) =>
    order === 'opened'
      ? q.orderBy('d.opened_at').orderBy('d.id')
      : order === '-opened'
        ? q.orderBy('d.opened_at', 'desc').orderBy('d.id', 'desc')
        : q.orderBy((e) => sql`${e.ref('d.due_at')} asc nulls last`).orderBy('d.opened_at', 'desc')
  const page = (running: boolean) => {
    const found = sorted(
      filtered(tx, filter)
        .$if(running, (q) => q.where('d.due_at', 'is not', null))
        .select('d.id'),
    )
    const ids = found.limit(limit).offset(filter.query.offset ?? 0)
    return sorted(
      tx.db.selectFrom('demand as d').selectAll('d').where('d.district_id', '=', tx.district).where('d.id', 'in', ids),
    ).execute()
  }
  if (order !== 'due' || filter.query.state) return page(false)
  const running = await page(true)
  return running.length === limit ? running : page(false)
}

export const findUnitNames = async (tx: Conn, ids: readonly (string | null)[]): Promise<Map<string, string>> => {
  const wanted = [...new Set(ids.filter((i) => i !== null))]
  const rows = await tx.db
    .selectFrom('unit')
    .select(['id', 'name'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${wanted})`)
    .execute()
  return new Map(rows.map((r) => [r.id, r.name]))
}

/** The history of a demand and of the tasks that answer it. */
export const findTimeline = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('history')
    .select('body')
    .where('district_id', '=', tx.district)
    .where((e) =>
      e.or([
        e('subject_id', '=', demandId),
        e('subject_id', 'in', (q) =>
          q.selectFrom('task').select('id').where('district_id', '=', tx.district).where('demand_id', '=', demandId),
        ),
      ]),
    )
    .orderBy('at')
    .orderBy('seq')
    .execute()

/** Open places below a unit with that very name or code; two are enough to know that it is not clear. */
export const findPlacesByName = (tx: Conn, below: string, name: string) =>
  tx.db
    .selectFrom('unit')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('tree', '=', 'place')
    .where('closed_on', 'is', null)
    .where((e) => e.or([e('name', '=', name), e('code', '=', name)]))
    .where(inRanges([subtree(below)], 'path'))
    .orderBy('path')
    .limit(2)
    .execute()

/** Whether any report speaks about a unit the asker speaks for; nearly never, and then nothing has to be left out of counts. */
export async function isReported(tx: Sight): Promise<boolean> {
  if (tx.actor.grants.length === 0) return false
  const row = await tx.db
    .selectFrom('demand as d')
    .select('d.id')
    .where('d.district_id', '=', tx.district)
    .where(aboutUs(tx))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
