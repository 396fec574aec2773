// Terms of elected committees and the wishes to move their day.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import { type ListShiftsQuery, type ListTermsQuery, termFail as fail, type TermShift } from '../contract.ts'
import { dueWithin } from '../rules/terms.ts'
import { type Conn, matches } from './units.ts'

const due = sql<string>`coalesce(t.shifted_to, t.due_on)`

/** SQL: organisation `v` is the unit, stands below it, or serves a place in it. */
const at = (tx: Conn, unitId: string): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from unit w where w.district_id = ${tx.district} and w.id = ${unitId} and (
    (v.path >= w.path and v.path < left(w.path, -1) || '/')
    or (w.tree = 'place' and exists (
      select 1 from unit_link l join unit p on p.district_id = l.district_id and p.id = l.to_id
      where l.district_id = v.district_id and l.from_id = v.id and l.kind = 'serves' and l.valid_to = 'infinity'
        and p.path >= w.path and p.path < left(w.path, -1) || '/'))))`

/** SQL: organisations that elect today, each with the term it is in; one row per organisation and mechanism that says so. */
const electing = (tx: Tx) => sql`
  unit v
  join mechanism m on m.district_id = v.district_id and m.engine = 'units' and m.valid_from <= ${tx.today}::date and m.valid_to > ${tx.today}::date
  cross join lateral jsonb_array_elements(coalesce(m.settings->'elections', '[]')) e (setting)
  left join unit_term t on t.district_id = v.district_id and t.unit_id = v.id and t.mechanism_id = m.id and t.voided_at is null and t.ended_on = 'infinity'
  left join unit up on up.district_id = v.district_id and up.id = v.parent_id`

function conditions(tx: Tx, query: Omit<ListTermsQuery, 'sort'>) {
  const where = [
    sql`v.district_id = ${tx.district}`,
    sql`v.closed_on is null`,
    sql`e.setting->'kinds' ? v.kind`,
    visibleTo(tx.actor, 'unit.read', 'v.path'),
  ]
  if (query.unit) where.push(at(tx, query.unit))
  if (query.kind) where.push(sql`v.kind = ${query.kind}`)
  if (query.search) where.push(matches(query.search))
  if (query.light === 'none') where.push(sql`t.id is null`)
  else if (query.light) {
    const { from, before } = dueWithin(query.light, tx.today)
    if (from) where.push(sql`${due} >= ${from}::date`)
    if (before) where.push(sql`${due} < ${before}::date`)
  }
  return sql.join(where, sql` and `)
}

export interface ElectingRow {
  id: string
  unitName: string
  kind: string
  path: string
  parentName: string | null
  mechanismId: string
  years: number
  termId: string | null
  no: number | null
  electedOn: string | null
  dueOn: string | null
  regularDueOn: string | null
  basis: string | null
  asked: boolean
}

const orders = {
  due: sql`${due} nulls last, v.path`,
  '-due': sql`${due} desc nulls last, v.path`,
  unit: sql`v.path`,
}

export async function findElecting(tx: Tx, query: ListTermsQuery): Promise<{ rows: ElectingRow[]; total: number }> {
  const where = conditions(tx, query)
  const counted = await sql<{ n: number }>`select count(*) as n from ${electing(tx)} where ${where}`.execute(tx.db)
  const { rows } = await sql<ElectingRow>`
    select v.id, v.name as "unitName", v.kind, v.path, up.name as "parentName", m.id as "mechanismId", (e.setting->>'years')::int as years,
      t.id as "termId", t.no, t.elected_on as "electedOn", ${due} as "dueOn", t.due_on as "regularDueOn", t.basis,
      exists (select 1 from unit_term_shift s where s.district_id = v.district_id and s.term_id = t.id and s.state = 'asked') as asked
    from ${electing(tx)} where ${where}
    order by ${orders[query.sort ?? 'due']}, v.id limit ${query.limit ?? 50} offset ${query.offset ?? 0}`.execute(tx.db)
  return { rows, total: counted.rows[0]?.n ?? 0 }
}

/** Days of all organisations that elect, for the lights: how many are due on which day; null without a term. */
export async function countDue(
  tx: Tx,
  query: Pick<ListTermsQuery, 'unit' | 'kind'>,
): Promise<{ dueOn: string | null; units: number }[]> {
  const { rows } = await sql<{ dueOn: string | null; units: number }>`
    select ${due} as "dueOn", count(*) as units from ${electing(tx)} where ${conditions(tx, query)} group by 1`.execute(
    tx.db,
  )
  return rows
}

/** Mechanisms in force that let a kind elect. */
export async function findElections(tx: Tx, kind: string) {
  const { rows } = await sql<{ mechanismId: string; mechanismName: string; years: number }>`
    select m.id as "mechanismId", m.name as "mechanismName", (e.setting->>'years')::int as years
    from mechanism m cross join lateral jsonb_array_elements(coalesce(m.settings->'elections', '[]')) e (setting)
    where m.district_id = ${tx.district} and m.engine = 'units' and m.valid_from <= ${tx.today}::date and m.valid_to > ${tx.today}::date
      and e.setting->'kinds' ? ${kind} order by m.name, m.id`.execute(tx.db)
  return rows
}

const terms = (tx: Conn) =>
  tx.db
    .selectFrom('unit_term as t')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 't.district_id').onRef('u.id', '=', 't.unit_id'))
    .where('t.district_id', '=', tx.district)
    .where('t.voided_at', 'is', null)
    .select(['t.id', 't.mechanism_id as mechanismId', 't.unit_id as unitId', 'u.name as unitName', 'u.path'])
    .select(['u.parent_id as parentId', 't.no', 't.elected_on as electedOn', 't.due_on as regularDueOn'])
    .select([due.as('dueOn'), 't.ended_on as endedOn', 't.basis'])

export type TermOf = Awaited<ReturnType<typeof findTermsOf>>[number]

/** Terms of one organisation, the oldest first. */
export const findTermsOf = (tx: Conn, unitId: string) =>
  terms(tx).where('t.unit_id', '=', unitId).orderBy('t.elected_on').execute()

/** Who writes a term of an organisation takes turns: two at once would each see no other. */
export const lockTerms = (tx: Conn, unitId: string) =>
  sql`select 1 from unit where district_id = ${tx.district} and id = ${unitId} for no key update`.execute(tx.db)

/** @throws term.not-found */
export async function getTerm(tx: Tx, id: string): Promise<TermOf> {
  const row = await terms(tx)
    .where('t.id', '=', id)
    .where(visibleTo(tx.actor, 'unit.read', 'u.path'))
    .forUpdate('t')
    .executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export interface NewTerm {
  mechanismId: string
  unitId: string
  no: number
  electedOn: string
  dueOn: string
  endedOn: string
  basis: string
}

export async function insertTerm(tx: Conn, t: NewTerm): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('unit_term')
    .values({
      district_id: tx.district,
      id,
      mechanism_id: t.mechanismId,
      unit_id: t.unitId,
      no: t.no,
      elected_on: t.electedOn,
      due_on: t.dueOn,
      ended_on: t.endedOn,
      basis: t.basis,
    })
    .execute()
  return id
}

const setTerm = (tx: Conn, id: string, to: { ended_on?: string; voided_at?: string; shifted_to?: string }) =>
  tx.db.updateTable('unit_term').set(to).where('district_id', '=', tx.district).where('id', '=', id).execute()

export const endTermOn = (tx: Conn, id: string, on: string) => setTerm(tx, id, { ended_on: on })
export const voidTermAt = (tx: Conn, id: string, at: string) => setTerm(tx, id, { voided_at: at })
export const shiftTermTo = (tx: Conn, id: string, on: string) => setTerm(tx, id, { shifted_to: on })

export interface ShiftRow extends Omit<TermShift, 'can'> {
  path: string
  parentPath: string | null
  askedById: string | null
}

const shifts = (tx: Tx) =>
  tx.db
    .selectFrom('unit_term_shift as s')
    .innerJoin('unit_term as t', (j) => j.onRef('t.district_id', '=', 's.district_id').onRef('t.id', '=', 's.term_id'))
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 't.district_id').onRef('u.id', '=', 't.unit_id'))
    .leftJoin('unit as up', (j) => j.onRef('up.district_id', '=', 'u.district_id').onRef('up.id', '=', 'u.parent_id'))
    .where('s.district_id', '=', tx.district)
    .where('t.voided_at', 'is', null)
    .where(visibleTo(tx.actor, 'unit.read', 'u.path'))
    .select(['s.id', 's.term_id as termId', 't.unit_id as unitId', 'u.name as unitName', 'u.path', 't.no'])
    .select(['s.from_day as fromDay', 's.to_day as toDay', 's.reason', sql<TermShift['state']>`s.state`.as('state')])
    .select(['s.asked_by as askedById', 's.asked_by_name as askedBy', 's.asked_at as askedAt'])
    .select(['s.decided_by_name as decidedBy', 's.decided_at as decidedAt', 's.basis', 'up.path as parentPath'])

/** SQL: waits for the word of the organisation above, or of the topmost itself, and the asker did not ask himself. */
const decidable = (tx: Tx) => sql<boolean>`(s.state = 'asked' and s.asked_by is distinct from ${tx.actor.accountId}
  and (${visibleTo(tx.actor, 'term.approve', 'up.path')} or (up.path is null and ${visibleTo(tx.actor, 'term.approve', 'u.path')})))`

export async function findShifts(tx: Tx, query: ListShiftsQuery): Promise<{ rows: ShiftRow[]; total: number }> {
  let q = shifts(tx)
  if (query.state) q = q.where('s.state', '=', query.state)
  if (query.decidable) q = q.where(decidable(tx))
  if (query.unit) {
    const { unit } = query
    q = q.where(
      sql<boolean>`exists (select 1 from unit v where v.district_id = u.district_id and v.id = u.id and ${at(tx, unit)})`,
    )
  }
  const { n } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy('s.asked_at', query.sort === 'asked' ? 'asc' : 'desc')
    .orderBy('s.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

export const findShiftsOf = (tx: Tx, unitId: string): Promise<ShiftRow[]> =>
  shifts(tx).where('t.unit_id', '=', unitId).orderBy('s.asked_at', 'desc').orderBy('s.id').execute()

/** @throws term.not-found */
export async function getShift(tx: Tx, id: string): Promise<ShiftRow> {
  const row = await shifts(tx).where('s.id', '=', id).forUpdate('s').executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export async function insertShift(
  tx: Tx,
  s: { termId: string; fromDay: string; toDay: string; reason: string },
): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('unit_term_shift')
    .values({
      district_id: tx.district,
      id,
      term_id: s.termId,
      from_day: s.fromDay,
      to_day: s.toDay,
      reason: s.reason,
      state: 'asked',
      asked_by: tx.actor.accountId,
      asked_by_name: tx.actor.name,
      asked_at: tx.now,
    })
    .execute()
  return id
}

export const closeShift = (tx: Tx, id: string, state: 'granted' | 'declined' | 'withdrawn', basis: string) =>
  tx.db
    .updateTable('unit_term_shift')
    .set({ state, basis, decided_by_name: tx.actor.name, decided_at: tx.now })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()
