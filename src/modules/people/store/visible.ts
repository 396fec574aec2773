// Who sees whom: the keepers of the record, the organisation of a membership, the place of an active registration.
// A double and the record that stands for it are one person, so each lends its ties to the other.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { inRanges, type Range, rangesOf, subtree } from '#core/permissions.ts'

/** SQL: the keys of all persons with a tie inside `ranges`. */
export const keysWithin = (tx: Tx, ranges: readonly Range[]): RawBuilder<unknown> => sql`
  select g.key_id from person g where g.district_id = ${tx.district} and ${inRanges(ranges, 'g.home_path')}
  union select g.key_id from registration r join person g on g.district_id = r.district_id and g.id = r.person_id
    where r.district_id = ${tx.district} and r.ended_on is null and ${inRanges(ranges, 'r.place_path')}
  union select g.key_id from membership m join person g on g.district_id = m.district_id and g.id = m.person_id
    join unit u on u.district_id = m.district_id and u.id = m.unit_id
    where m.district_id = ${tx.district} and m.voided_at is null and m.valid_to > ${tx.today}::date and ${inRanges(ranges, 'u.path')}`

/** SQL: row `p` has a tie inside what the actor may see with `verb`; for a few rows, where `keysWithin` would visit all. */
export function visiblePerson(tx: Tx, verb: string): RawBuilder<boolean> {
  const ranges = rangesOf(tx.actor, verb)
  return sql<boolean>`(
    exists (select 1 from person g where g.district_id = p.district_id and g.key_id = p.key_id and ${inRanges(ranges, 'g.home_path')})
    or exists (select 1 from registration r join person g on g.district_id = r.district_id and g.id = r.person_id
      where g.district_id = p.district_id and g.key_id = p.key_id and r.ended_on is null and ${inRanges(ranges, 'r.place_path')})
    or exists (select 1 from membership m join person g on g.district_id = m.district_id and g.id = m.person_id
      join unit u on u.district_id = m.district_id and u.id = m.unit_id
      where g.district_id = p.district_id and g.key_id = p.key_id and m.voided_at is null and m.valid_to > ${tx.today}::date and ${inRanges(ranges, 'u.path')}))`
}

/** True when the ranges hold every root of the district: then nobody need be looked for. */
export async function coverAll(tx: Tx, ranges: readonly Range[]): Promise<boolean> {
  const roots = await tx.db
    .selectFrom('unit')
    .select('path')
    .where('district_id', '=', tx.district)
    .where('parent_id', 'is', null)
    .execute()
  return roots.every(({ path }) => ranges.some((r) => r.from <= path && subtree(path).to <= r.to))
}

/** Ranges a unit stands for: itself and the places it serves today. */
export async function rangesOfUnit(tx: Tx, unitId: string): Promise<Range[]> {
  const { rows } = await sql<{ path: string }>`
    select path from unit where district_id = ${tx.district} and id = ${unitId}
    union select p.path from unit_link l join unit p on p.district_id = l.district_id and p.id = l.to_id
      where l.district_id = ${tx.district} and l.from_id = ${unitId} and l.kind = 'serves' and l.valid_from <= ${tx.today}::date and l.valid_to > ${tx.today}::date`.execute(
    tx.db,
  )
  return rows.map((r) => subtree(r.path))
}

const overlap = (a: Range, b: Range) => ({ from: a.from > b.from ? a.from : b.from, to: a.to < b.to ? a.to : b.to })

/** The wished unit cut to what the actor may see; everything he may see without a wish. */
export async function wishedRanges(tx: Tx, verb: string, unitId: string | undefined): Promise<Range[]> {
  const mine = rangesOf(tx.actor, verb)
  if (!unitId) return mine
  const wished = await rangesOfUnit(tx, unitId)
  return mine.flatMap((a) => wished.map((b) => overlap(a, b)).filter((r) => r.from < r.to))
}
