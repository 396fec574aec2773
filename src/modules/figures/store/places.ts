// Where every unit stands on every day: the ledger's own copy of the two trees, with the instants between which it was known.
import { type RawBuilder, sql } from 'kysely'
import type { Conn, Turn } from './ledger.ts'

const EVER = '-infinity'

/** SQL: where a unit stood when it was opened. */
const first = (district: number, unit: RawBuilder<unknown>) => sql`
  select v.parent_id, v.kind, right(v.path, 6) as label, u.opened_on from unit u
    join unit_version v on v.district_id = u.district_id and v.unit_id = u.id and v.valid_from = u.opened_on
  where u.district_id = ${district} and u.id = ${unit}`

/**
 * SQL: (unit, valid_from, valid_to, path, kind) of the units in `due` and of all that closed, one row per unbroken stay. A unit stands before
 * its opening below its first parent; after its closing below its only successor, else below its last parent, wherever those are then.
 */
const stays = (district: number) => sql`
  with recursive lasting as (
    select u.id, u.closed_on as from_day, 'infinity'::date as to_day, right(u.path, 6) as label, u.kind, coalesce(
      (select case when count(*) = 1 then min(s.successor_id::text)::uuid end from unit_successor s where s.district_id = u.district_id and s.unit_id = u.id and s.effective_on = u.closed_on),
      (select v.parent_id from unit_version v where v.district_id = u.district_id and v.unit_id = u.id order by v.valid_from desc limit 1)) as anchor
    from unit u where u.district_id = ${district} and u.closed_on is not null and u.withdrawn_at is null),
  wanted as (
    select unit_id as id from due union select unnest(array[id, anchor]) from lasting
    union select f.parent_id from wanted w cross join lateral (${first(district, sql`w.id`)}) f where f.parent_id is not null),
  follows as materialized (
    select * from lasting union all
    select w.id, ${EVER}::date, f.opened_on, f.label, f.kind, f.parent_id from wanted w cross join lateral (${first(district, sql`w.id`)}) f where f.parent_id is not null),
  stay as (
    select v.unit_id, case when v.valid_from = u.opened_on and v.parent_id is null then ${EVER} else v.valid_from end as valid_from, v.valid_to, v.path, v.kind
    from unit_version v join unit u on u.district_id = v.district_id and u.id = v.unit_id
    where v.district_id = ${district} and v.unit_id in (select id from wanted)
    union all
    select f.id, greatest(s.valid_from, f.from_day), least(s.valid_to, f.to_day), s.path || f.label, f.kind
    from stay s join follows f on f.anchor = s.unit_id where s.valid_to > f.from_day and s.valid_from < f.to_day),
  cut as (
    select *, case when lag(path) over w = path and lag(kind) over w = kind and lag(valid_to) over w = valid_from then 0 else 1 end as fresh from stay
    where unit_id in (select unit_id from due union select id from lasting) window w as (partition by unit_id order by valid_from)),
  runs as (select *, sum(fresh) over (partition by unit_id order by valid_from) as run from cut)
  select u.no as unit, min(r.valid_from) as valid_from, max(r.valid_to) as valid_to, r.path, r.kind
  from runs r join unit u on u.district_id = ${district} and u.id = r.unit_id group by u.no, r.path, r.kind, r.run`

/**
 * SQL: `marked`, and the units that were opened below one of them after it had moved, with all opened below those: where they stood before
 * follows from it.
 */
const opened = (district: number) => sql`
  with recursive below as (
    select unit_id, at, false as follows from marked
    union
    select v.unit_id, b.at, true from below b
      join unit_version v on v.district_id = ${district} and v.parent_id = b.unit_id
      join unit u on u.district_id = v.district_id and u.id = v.unit_id and u.opened_on = v.valid_from
    where b.follows or exists (
      select from unit_version m where m.district_id = ${district} and m.unit_id = b.unit_id and m.valid_from <= u.opened_on having count(distinct m.path) > 1))
  select unit_id, max(at) as at from below group by unit_id`

/** Brings the places of units up to date. `known` false: they are read for the first time. */
export async function drainPlaces(
  tx: Conn,
  due: readonly { unitId: string; at: string }[],
  turn: Turn,
  known: boolean,
): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    with marked as materialized (
      select unit_id, greatest(least(at, ${turn.at}::timestamptz), ${turn.after}::timestamptz + interval '1 ms') as at
      from unnest(${due.map((d) => d.unitId)}::uuid[], ${due.map((d) => d.at)}::timestamptz[]) as d (unit_id, at)),
    due as materialized (${known ? opened(tx.district) : sql`select * from marked`}),
    last as (select max(at) as at from due),
    now as materialized (${stays(tx.district)}),
    held as materialized (
      select p.* from fact_place p where p.district_id = ${tx.district} and p.known_to = 'infinity'
        and p.unit in (select unit from now union select u.no from unit u join due d on d.unit_id = u.id where u.district_id = ${tx.district})),
    gone as (
      update fact_place p set known_to = (select at from last) from held h
      where p.district_id = ${tx.district} and p.unit = h.unit and p.known_from = h.known_from and p.valid_from = h.valid_from
        and not exists (select from now n where n.unit = h.unit and n.valid_from = h.valid_from and n.valid_to = h.valid_to and n.path = h.path and n.kind = h.kind) returning 1),
    come as (
      insert into fact_place (district_id, unit, known_from, valid_from, valid_to, path, kind)
      select ${tx.district}, n.unit, case when ${!known}::boolean and not exists (select from held h where h.unit = n.unit) then ${EVER} else (select at from last) end, n.valid_from, n.valid_to, n.path, n.kind
      from now n where not exists (select from held h where h.unit = n.unit and h.valid_from = n.valid_from and h.valid_to = n.valid_to and h.path = n.path and h.kind = n.kind) returning 1)
    select (select count(*) from gone) + (select count(*) from come) as changed`.execute(tx.db)
  return rows[0]?.changed ?? 0
}

/** The next units in order of their ids, while the tree is read for the first time. */
export async function findNextUnits(tx: Conn, after: string, limit: number): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('unit')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((r) => r.id)
}
