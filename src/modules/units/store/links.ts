// A unit's surroundings: its dated versions with the decisions behind them, who came before and after, and dated links.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, subtree, visibleTo } from '#core/permissions.ts'
import type { LinkKind, ListLinksQuery, NewUnitLink, UnitVersion } from '../contract.ts'
import type { Conn } from './units.ts'

interface Named {
  id: string
  name: string
  kind: string
  closedOn: string | null
}

const named = (alias: string) =>
  sql`json_build_object('id', ${sql.ref(`${alias}.id`)}, 'name', ${sql.ref(`${alias}.name`)}, 'kind', ${sql.ref(`${alias}.kind`)}, 'closedOn', ${sql.ref(`${alias}.closed_on`)}, 'path', ${sql.ref(`${alias}.path`)})`

export interface HistoryRow {
  from: string
  to: string | null
  kind: string
  code: string | null
  name: string
  parent: Named | null
  changed: UnitVersion['changed']
  changeId: string | null
  reason: string | null
}

/** Versions newest first; the parent goes by the name it had on the version's first day. */
export async function findHistory(tx: Conn, unitId: string): Promise<HistoryRow[]> {
  const { rows } = await sql<HistoryRow>`
    select v.valid_from as "from", nullif(v.valid_to, 'infinity') as "to", v.kind, v.code, v.name, v.sets as changed, v.change_id as "changeId", c.reason,
      case when p.id is null then null else json_build_object('id', p.id, 'name', coalesce(pv.name, p.name), 'kind', coalesce(pv.kind, p.kind), 'closedOn', p.closed_on) end as parent
    from unit_version v
    left join unit_change c on c.district_id = v.district_id and c.id = v.change_id
    left join unit p on p.district_id = v.district_id and p.id = v.parent_id
    left join unit_version pv on pv.district_id = v.district_id and pv.unit_id = v.parent_id and pv.valid_from <= v.valid_from and pv.valid_to > v.valid_from
    where v.district_id = ${tx.district} and v.unit_id = ${unitId} order by v.valid_from desc`.execute(tx.db)
  return rows
}

interface Succession extends Named {
  on: string
  changeId: string
}

export async function findSuccessions(
  tx: Conn,
  unitId: string,
): Promise<{ predecessors: Succession[]; successors: Succession[] }> {
  const { rows } = await sql<Succession & { side: 'before' | 'after' }>`
    select case when s.unit_id = ${unitId} then 'after' else 'before' end as side, s.effective_on as "on", s.change_id as "changeId", u.id, u.name, u.kind, u.closed_on as "closedOn"
    from unit_successor s join unit o on o.district_id = s.district_id and o.id = s.unit_id and o.closed_on = s.effective_on
      join unit u on u.district_id = s.district_id and u.id = case when s.unit_id = ${unitId} then s.successor_id else s.unit_id end
    where s.district_id = ${tx.district} and (s.unit_id = ${unitId} or s.successor_id = ${unitId}) order by s.effective_on, u.no`.execute(
    tx.db,
  )
  return { predecessors: rows.filter((r) => r.side === 'before'), successors: rows.filter((r) => r.side === 'after') }
}

export interface LinkRow {
  id: string
  kind: LinkKind
  role: string
  mechanismId: string | null
  from: Named & { path: string }
  to: Named & { path: string }
  validFrom: string
  validTo: string | null
}

const linked = sql`unit_link l join unit f on f.district_id = l.district_id and f.id = l.from_id
  join unit t on t.district_id = l.district_id and t.id = l.to_id`

const linkRows = (tx: Conn, where: RawBuilder<unknown>) => sql`
  select l.id, l.kind, l.role, l.mechanism_id as "mechanismId", l.valid_from as "validFrom", nullif(l.valid_to, 'infinity') as "validTo", ${named('f')} as "from", ${named('t')} as "to"
  from ${linked} where l.district_id = ${tx.district} and ${where}`

const order = sql`l.valid_to desc, l.kind, l.role, l.valid_from, l.id`

export async function findLinks(tx: Conn, unitId: string): Promise<LinkRow[]> {
  const either = sql`(l.from_id = ${unitId} or l.to_id = ${unitId})`
  return (await sql<LinkRow>`${linkRows(tx, either)} order by ${order}`.execute(tx.db)).rows
}

/** Links of a unit, or of all below it, cut to those of which the asker sees an end. */
export async function findLinksAt(
  tx: Tx,
  query: ListLinksQuery,
  path: string,
): Promise<{ rows: LinkRow[]; total: number }> {
  const below = [subtree(path)]
  const at = query.under
    ? sql`(${inRanges(below, 'f.path')} or ${inRanges(below, 't.path')})`
    : sql`(l.from_id = ${query.unit} or l.to_id = ${query.unit})`
  const where = sql.join(
    [
      at,
      sql`(${visibleTo(tx.actor, 'unit.read', 'f.path')} or ${visibleTo(tx.actor, 'unit.read', 't.path')})`,
      ...(query.kind ? [sql`l.kind = ${query.kind}`] : []),
      ...(query.ended ? [] : [sql`l.valid_to > ${tx.today}::date`]),
    ],
    sql` and `,
  )
  const counted = await sql<{ total: number }>`
    select count(*) as total from ${linked} where l.district_id = ${tx.district} and ${where}`.execute(tx.db)
  const { rows } = await sql<LinkRow>`${linkRows(tx, where)} order by ${order}
    limit ${query.limit ?? 50} offset ${query.offset ?? 0}`.execute(tx.db)
  return { rows, total: counted.rows[0]?.total ?? 0 }
}

export async function findLink(tx: Conn, id: string): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`${linkRows(tx, sql`l.id = ${id}`)} for update of l`.execute(tx.db)
  return rows[0]
}

export async function insertLink(tx: Conn, l: NewUnitLink): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('unit_link')
    .values({
      district_id: tx.district,
      id,
      kind: l.kind,
      from_id: l.fromId,
      to_id: l.toId,
      role: l.role,
      valid_from: l.validFrom,
      valid_to: l.validTo ?? 'infinity',
    })
    .execute()
  return id
}

export const setLinkEnd = (tx: Conn, id: string, day: string) =>
  tx.db
    .updateTable('unit_link')
    .set({ valid_to: day })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** True when the same link holds on any day of the time asked for. */
export async function linkHolds(tx: Conn, l: NewUnitLink): Promise<boolean> {
  const row = await tx.db
    .selectFrom('unit_link')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('kind', '=', l.kind)
    .where('from_id', '=', l.fromId)
    .where('to_id', '=', l.toId)
    .where('role', '=', l.role)
    .where('valid_to', '>', l.validFrom)
    .where('valid_from', '<', l.validTo ?? 'infinity')
    .executeTakeFirst()
  return row !== undefined
}
