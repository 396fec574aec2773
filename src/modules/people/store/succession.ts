// What a reorganisation of units means for people: paths follow, members pass to the one successor, and a unit with members and no
// single successor cannot close — every member needs a destination. [ORG-01]
import { sql } from 'kysely'
import { newId } from '#core/ids.ts'
import { inRanges } from '#core/permissions.ts'
import type { BlockerCheck, Carry, PathColumn, Weigh } from '#modules/units/index.ts'

export const pathColumns: readonly PathColumn[] = [
  { table: 'person', column: 'home_path', unitColumn: 'home_id' },
  { table: 'registration', column: 'place_path', unitColumn: 'place_id' },
]

/** Members, records and service registrations go to the successor on the day; the old relation ends, dated, as an internal transfer. */
export const carryPeople: Carry = async (tx, units) => {
  for (const { unitId, heirId, on } of units) {
    const { rows } = await sql<{
      id: string
    }>`select id from membership where district_id = ${tx.district} and unit_id = ${unitId} and valid_from < ${on}::date and valid_to > ${on}::date and voided_at is null`.execute(
      tx.db,
    )
    const next = rows.map((r) => ({ old: r.id, fresh: newId() }))
    await sql`with pairs as (select * from unnest(${next.map((n) => n.old)}::uuid[], ${next.map((n) => n.fresh)}::uuid[]) as p (old, fresh)),
      before as (select m.*, p.fresh from membership m join pairs p on p.old = m.id where m.district_id = ${tx.district}),
      ended as (update membership m set valid_to = ${on}::date, end_reason = '173' from pairs p where m.district_id = ${tx.district} and m.id = p.old returning m.id)
      insert into membership (district_id, id, person_id, unit_id, kind, status, valid_from, valid_to, begin_reason, end_reason)
      select b.district_id, b.fresh, b.person_id, ${heirId}, b.kind, b.status, ${on}::date, b.valid_to, '173', b.end_reason from before b join ended e on e.id = b.id
      where not exists (select from membership x where x.district_id = b.district_id and x.person_id = b.person_id and x.unit_id = ${heirId} and x.kind = b.kind and x.voided_at is null and x.valid_to > ${on}::date and x.valid_from < b.valid_to)`.execute(
      tx.db,
    )
    const heir = sql`(select path from unit where district_id = ${tx.district} and id = ${heirId})`
    await sql`update membership set unit_id = ${heirId} where district_id = ${tx.district} and unit_id = ${unitId} and valid_from >= ${on}::date and voided_at is null`.execute(
      tx.db,
    )
    await sql`update person set home_id = ${heirId}, home_path = ${heir} where district_id = ${tx.district} and home_id = ${unitId}`.execute(
      tx.db,
    )
    await sql`update registration set place_id = ${heirId}, place_path = ${heir} where district_id = ${tx.district} and place_id = ${unitId} and ended_on is null`.execute(
      tx.db,
    )
  }
}

export const peopleBlockers: BlockerCheck = async (tx, units) => {
  const { rows } = await sql<{ unitId: string; members: number; records: number; registered: number }>`
    select c.id as "unitId",
      (select count(*) from membership m where m.district_id = ${tx.district} and m.unit_id = c.id and m.valid_to > c.on_day and m.voided_at is null) as members,
      (select count(*) from person p where p.district_id = ${tx.district} and p.home_id = c.id and p.merged_into is null and p.withdrawn_at is null) as records,
      (select count(*) from registration r where r.district_id = ${tx.district} and r.place_id = c.id and r.ended_on is null) as registered
    from unnest(${units.map((u) => u.unitId)}::uuid[], ${units.map((u) => u.on)}::date[]) as c (id, on_day)`.execute(
    tx.db,
  )
  return rows.flatMap(({ unitId, members, records, registered }) => [
    ...(members > 0 ? [{ unitId, count: members, text: `${members}条党员组织关系未转出` }] : []),
    ...(members === 0 && records > 0 ? [{ unitId, count: records, text: `${records}名人员的档案未移交` }] : []),
    ...(registered > 0 ? [{ unitId, count: registered, text: `${registered}名报到党员未另行安排` }] : []),
  ])
}

/** Members, reported members and records kept, at every unit inside the ranges. */
export const weighPeople: Weigh = async (tx, ranges) => {
  const { rows } = await sql<{ what: string; path: string; count: number }>`
    select '党员' as what, u.path, count(*) as count from membership m join unit u on u.district_id = m.district_id and u.id = m.unit_id
      where m.district_id = ${tx.district} and m.kind = 'formal' and m.voided_at is null and m.valid_from <= ${tx.today}::date and m.valid_to > ${tx.today}::date
        and ${inRanges(ranges, 'u.path')} group by u.path
    union all select '报到党员', r.place_path, count(*) from registration r
      where r.district_id = ${tx.district} and r.ended_on is null and ${inRanges(ranges, 'r.place_path')} group by r.place_path
    union all select '管理的人员', p.home_path, count(*) from person p
      where p.district_id = ${tx.district} and p.merged_into is null and p.withdrawn_at is null and ${inRanges(ranges, 'p.home_path')} group by p.home_path`.execute(
    tx.db,
  )
  return rows
}
