// What a reorganisation of units means for demands: paths follow, open matters pass to the one successor, and a unit with open
// matters and no single successor cannot close. [ORG-01]
import { sql } from 'kysely'
import { inRanges } from '#core/permissions.ts'
import type { BlockerCheck, Carry, PathColumn, Weigh } from '#modules/units/index.ts'

export const pathColumns: readonly PathColumn[] = [
  { table: 'occasion', column: 'place_path', unitColumn: 'place_id' },
  { table: 'demand', column: 'place_path', unitColumn: 'place_id' },
  { table: 'demand', column: 'owner_path', unitColumn: 'owner_id' },
  { table: 'dispatch', column: 'unit_path', unitColumn: 'unit_id' },
  { table: 'escalation', column: 'told_path', unitColumn: 'told_unit_id' },
  { table: 'task', column: 'place_path', unitColumn: 'place_id' },
  { table: 'claim', column: 'place_path', unitColumn: 'place_id' },
  { table: 'claim', column: 'unit_path', unitColumn: 'unit_id' },
]

const openDemand = sql`state not in ('closed', 'declined', 'merged')`
const openTask = sql`state in ('draft', 'published')`
const openClaim = sql`state in ('waiting', 'claimed', 'submitted', 'returned')`

export const carryDemands: Carry = async (tx, units) => {
  for (const { unitId, heirId } of units) {
    const heir = sql`(select path from unit where district_id = ${tx.district} and id = ${heirId})`
    await sql`update demand set place_id = ${heirId}, place_path = ${heir}, version = version + 1 where district_id = ${tx.district} and place_id = ${unitId} and ${openDemand}`.execute(
      tx.db,
    )
    await sql`update demand set owner_id = ${heirId}, owner_path = ${heir}, version = version + 1 where district_id = ${tx.district} and owner_id = ${unitId} and ${openDemand}`.execute(
      tx.db,
    )
    // A unit that already supports the demand cannot support it twice.
    await sql`update dispatch d set ended_at = ${tx.now} where d.district_id = ${tx.district} and d.unit_id = ${unitId} and d.ended_at is null and d.role = 'support'
      and exists (select from dispatch x where x.district_id = d.district_id and x.demand_id = d.demand_id and x.unit_id = ${heirId} and x.ended_at is null)`.execute(
      tx.db,
    )
    await sql`update dispatch set unit_id = ${heirId}, unit_path = ${heir} where district_id = ${tx.district} and unit_id = ${unitId} and ended_at is null`.execute(
      tx.db,
    )
    await sql`update claim set place_id = ${heirId}, place_path = ${heir} where district_id = ${tx.district} and place_id = ${unitId} and ${openClaim}`.execute(
      tx.db,
    )
    await sql`update task set place_id = ${heirId}, place_path = ${heir}, version = version + 1 where district_id = ${tx.district} and place_id = ${unitId} and ${openTask}`.execute(
      tx.db,
    )
  }
}

export const demandBlockers: BlockerCheck = async (tx, units) => {
  const { rows } = await sql<{ unitId: string; demands: number; tasks: number }>`
    select c.id as "unitId",
      (select count(*) from demand where district_id = ${tx.district} and (place_id = c.id or owner_id = c.id) and ${openDemand}) as demands,
      (select count(*) from task where district_id = ${tx.district} and place_id = c.id and ${openTask}) as tasks
    from unnest(${units.map((u) => u.unitId)}::uuid[]) as c (id)`.execute(tx.db)
  return rows.flatMap(({ unitId, demands, tasks }) => [
    ...(demands > 0 ? [{ unitId, count: demands, text: `${demands}件未办结的诉求` }] : []),
    ...(tasks > 0 ? [{ unitId, count: tasks, text: `${tasks}项未结束的任务` }] : []),
  ])
}

/** Open demands by where they are and by who answers for them, and open tasks, at every unit inside the ranges. */
export const weighDemands: Weigh = async (tx, ranges) => {
  const { rows } = await sql<{ what: string; path: string; count: number }>`
    select '在办诉求（发生地）' as what, place_path as path, count(*) as count from demand
      where district_id = ${tx.district} and ${openDemand} and ${inRanges(ranges, 'place_path')} group by place_path
    union all select '在办诉求（承办）', owner_path, count(*) from demand
      where district_id = ${tx.district} and ${openDemand} and ${inRanges(ranges, 'owner_path')} group by owner_path
    union all select '未结束的任务', place_path, count(*) from task
      where district_id = ${tx.district} and ${openTask} and ${inRanges(ranges, 'place_path')} group by place_path`.execute(
    tx.db,
  )
  return rows
}
