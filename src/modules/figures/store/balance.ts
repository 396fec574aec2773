// Opening, in, out and closing of a stock of persons, counted from the same selected rows as every other number.
import { type RawBuilder, sql } from 'kysely'
import type { Counted } from '#core/facts.ts'
import { factOf } from '../catalogue.ts'
import { byDimension, type Question, selected } from '../compile.ts'
import type { Course } from '../rules/balance.ts'
import type { Conn } from './ledger.ts'

export type Side = 'opening' | 'in' | 'out' | 'closing'

/** The counted measure of one side; silent causes (转正) are neither in nor out. @throws when the fact knows no causes */
export function sideOf(m: Counted, side: Side): Counted {
  const { flows } = factOf(m)
  if (!flows) throw new Error(`${m.fact} has no flows`)
  if (side === 'opening') return { ...m, moment: 'start' }
  if (side === 'closing') return m
  const filters = [...(m.filters ?? []), { dimension: flows[side], not: flows.silent }]
  return { ...m, moment: side === 'in' ? 'begun' : 'ended', aggregate: 'count', filters }
}

/** SELECT of (who, side, cause). */
function coursesOf(m: Counted, q: Question): RawBuilder<unknown> {
  const { flows } = factOf(m) as { flows: { in: string; out: string } }
  const of = (side: Side) => {
    const cause = side === 'in' || side === 'out' ? byDimension(flows[side]) : undefined
    return sql`select who, unit, ${side}::text as side, ${cause ? sql`key` : sql`''`} as cause from (${selected(sideOf(m, side), q, cause)}) s where who is not null`
  }
  return sql.join(
    (['opening', 'in', 'out', 'closing'] as const).map((side) => of(side)),
    sql` union all `,
  )
}

/** How many persons stand at either end, and how many came and went for each cause. */
export async function findSides(tx: Conn, m: Counted, q: Question) {
  const { rows } = await sql<{ side: Side; cause: string; n: number; persons: number }>`
    select side, cause, count(*)::int as n, count(distinct who)::int as persons from (${coursesOf(m, q)}) c group by 1, 2 order by 1, 2`.execute(
    tx.db,
  )
  const end = (side: Side) => rows.find((r) => r.side === side)?.persons ?? 0
  const causes = (side: Side) => new Map(rows.filter((r) => r.side === side).map((r) => [r.cause, r.n]))
  return { opening: end('opening'), closing: end('closing'), in: causes('in'), out: causes('out') }
}

export interface Broken extends Course {
  personId: string
  name: string
  unitName: string
}

/** Persons for whom opening + in − out is not closing; all of them counted, the first `limit` named. */
export async function findBroken(tx: Conn, m: Counted, q: Question, limit: number) {
  const { rows } = await sql<Broken & { total: number }>`
    with course as (
      select who, max(unit) as unit, bool_or(side = 'opening') as opening, count(*) filter (where side = 'in')::int as came,
        count(*) filter (where side = 'out')::int as went, bool_or(side = 'closing') as closing
      from (${coursesOf(m, q)}) c group by who),
    broken as (select * from course where opening::int + came - went <> closing::int)
    select w.id as "personId", w.name, u.name as "unitName", b.opening, b.came as "in", b.went as "out", b.closing, (count(*) over ())::int as total
    from broken b join person w on w.district_id = ${tx.district} and w.no = b.who join unit u on u.district_id = ${tx.district} and u.no = b.unit
    order by w.stroke_key, w.id limit ${limit}`.execute(tx.db)
  return { rows, total: rows[0]?.total ?? 0 }
}
