// Marks and events of units under a mechanism, and alliances formed under one.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import {
  type JoinAlliance,
  type ListMarksQuery,
  type ListUnitEventsQuery,
  type RecordUnitEvent,
  registerFail as fail,
} from '../contract.ts'
import type { Conn } from './units.ts'

export interface MarkRow {
  id: string
  mechanismId: string
  unitId: string
  unitName: string
  path: string
  mark: string
  value: string
  note: string
  from: string
  to: string
}

const marks = (tx: Tx) =>
  tx.db
    .selectFrom('unit_mark as k')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'k.district_id').onRef('u.id', '=', 'k.unit_id'))
    .where('k.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'unit.read', 'u.path'))
    .select(['k.id', 'k.mechanism_id as mechanismId', 'k.unit_id as unitId', 'u.name as unitName', 'u.path'])
    .select(['k.mark', 'k.value', 'k.note', 'k.valid_from as from', 'k.valid_to as to'])

const below = (tx: Conn, unitId: string): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from unit t where t.district_id = ${tx.district} and t.id = ${unitId} and u.path >= t.path and u.path < left(t.path, -1) || '/')`

export async function findMarks(tx: Tx, query: ListMarksQuery): Promise<{ rows: MarkRow[]; total: number }> {
  let q = marks(tx)
  if (query.mechanism) q = q.where('k.mechanism_id', '=', query.mechanism)
  if (query.mark) q = q.where('k.mark', '=', query.mark)
  if (query.unit) q = q.where(below(tx, query.unit))
  if (query.on) q = q.where('k.valid_from', '<=', query.on).where('k.valid_to', '>', query.on)
  const { n } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy('k.valid_from', 'desc')
    .orderBy('k.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** @throws register.not-found */
export async function getMark(tx: Tx, id: string): Promise<MarkRow> {
  const row = await marks(tx).where('k.id', '=', id).forUpdate('k').executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

/** Values of one mark of a unit that hold on or after a day; locked, oldest first. */
export const findHeld = (tx: Conn, m: { mechanismId: string; unitId: string; mark: string; from: string }) =>
  tx.db
    .selectFrom('unit_mark')
    .select(['id', 'value', 'valid_from as from', 'valid_to as to'])
    .where('district_id', '=', tx.district)
    .where('mechanism_id', '=', m.mechanismId)
    .where('unit_id', '=', m.unitId)
    .where('mark', '=', m.mark)
    .where('valid_to', '>', m.from)
    .orderBy('valid_from')
    .forUpdate()
    .execute()

export interface NewMark {
  mechanismId: string
  unitId: string
  mark: string
  value: string
  note: string
  from: string
  to: string
}

export async function insertMark(tx: Conn, m: NewMark): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('unit_mark')
    .values({
      district_id: tx.district,
      id,
      mechanism_id: m.mechanismId,
      unit_id: m.unitId,
      mark: m.mark,
      value: m.value,
      note: m.note,
      valid_from: m.from,
      valid_to: m.to,
    })
    .execute()
  return id
}

export const closeMark = (tx: Conn, id: string, on: string) =>
  tx.db
    .updateTable('unit_mark')
    .set({ valid_to: on })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

export interface EventRow {
  id: string
  mechanismId: string
  unitId: string
  unitName: string
  path: string
  event: string
  title: string
  heldOn: string
  quantity: number
  settledOn: string | null
}

const events = (tx: Tx) =>
  tx.db
    .selectFrom('unit_event as e')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'e.district_id').onRef('u.id', '=', 'e.unit_id'))
    .where('e.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'unit.read', 'u.path'))
    .select(['e.id', 'e.mechanism_id as mechanismId', 'e.unit_id as unitId', 'u.name as unitName', 'u.path'])
    .select(['e.event', 'e.title', 'e.held_on as heldOn', 'e.quantity', 'e.settled_on as settledOn'])

export async function findEvents(tx: Tx, query: ListUnitEventsQuery): Promise<{ rows: EventRow[]; total: number }> {
  let q = events(tx)
  if (query.mechanism) q = q.where('e.mechanism_id', '=', query.mechanism)
  if (query.event) q = q.where('e.event', '=', query.event)
  if (query.unit) q = q.where(below(tx, query.unit))
  const { n } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy('e.held_on', 'desc')
    .orderBy('e.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** @throws register.not-found */
export async function getEvent(tx: Tx, id: string): Promise<EventRow> {
  const row = await events(tx).where('e.id', '=', id).forUpdate('e').executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export async function insertEvent(tx: Conn, e: RecordUnitEvent): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('unit_event')
    .values({
      district_id: tx.district,
      id,
      mechanism_id: e.mechanismId,
      unit_id: e.unitId,
      event: e.event,
      title: e.title,
      held_on: e.heldOn,
      quantity: e.quantity ?? 0,
    })
    .execute()
  return id
}

export const settleEvent = (tx: Conn, id: string, on: string) =>
  tx.db
    .updateTable('unit_event')
    .set({ settled_on: on })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** Members of an alliance from a day on; the lead is locked so that two can't both take the last place of a role. */
export async function findAllied(tx: Conn, leadId: string, from: string) {
  await sql`select 1 from unit where district_id = ${tx.district} and id = ${leadId} for no key update`.execute(tx.db)
  return tx.db
    .selectFrom('unit_link')
    .select(['to_id as memberId', 'role', 'mechanism_id as mechanismId'])
    .where('district_id', '=', tx.district)
    .where('kind', '=', 'alliance')
    .where('from_id', '=', leadId)
    .where('valid_to', '>', from)
    .execute()
}

export async function insertAllied(tx: Conn, a: JoinAlliance): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('unit_link')
    .values({
      district_id: tx.district,
      id,
      kind: 'alliance',
      from_id: a.leadId,
      to_id: a.memberId,
      role: a.role,
      valid_from: a.from,
      valid_to: 'infinity',
      mechanism_id: a.mechanismId,
    })
    .execute()
  return id
}
