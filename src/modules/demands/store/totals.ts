// Exact totals at any size. What is in hand is few and is counted from a narrow index. Closed demands are many, so all demands of a
// place are counted once and remembered together with the transaction horizon: rows are never deleted, their place, category and
// mechanism never change outside a reorganisation, and below the horizon nothing can be added any more. Later questions count only
// what was born since. All parts are read in one snapshot, so the sum is exactly what a full count would say.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { together } from '#core/db.ts'
import { inRanges } from '#core/permissions.ts'
import { DemandState } from '../contract.ts'
import { type DemandFilter, filtered } from './demands.ts'

const inHand: readonly string[] = ['registered', 'dispatched', 'disputed', 'signed', 'answered', 'called']
const apart: readonly string[] = ['declined', 'merged']

interface Known {
  /** every row born below is in `count`, and none can be added there */
  below: number
  count: number
  moved: number
}

const MOST = 5000
const known = new Map<string, Known>()

const remember = (key: string, value: Known) => {
  if (known.size >= MOST) known.clear()
  known.set(key, value)
}

type Counted = { state: string; count: number; late: number }

export interface Asked extends DemandFilter {
  /** Reports about the asker's own units are among the rows, and not his to count. [REQ-10] */
  reported: boolean
}

/** Counts by state of what is not closed: states are constants, so the partial indexes serve. */
async function countFew(tx: Tx, asked: Asked, states: readonly string[]): Promise<Counted[]> {
  const groups = [inHand, apart].map((group) => group.filter((s) => states.includes(s))).filter((g) => g.length > 0)
  const counted = await together(
    groups.map((group) => byState(tx, { ...asked, query: { ...asked.query, state: group.join(',') } })),
  )
  return counted.flat()
}

/** What is about the asker's units is counted apart and taken off, so that the count itself needs nothing but its index. */
async function byState(tx: Tx, asked: Asked): Promise<Counted[]> {
  const select = (against: boolean) =>
    filtered(tx, asked, against)
      .select((e) => [
        'd.state',
        e.fn.countAll<number>().as('count'),
        e.fn.countAll<number>().filterWhere('d.due_at', '<', asked.now).as('late'),
      ])
      .groupBy('d.state')
      .execute()
  const [all, about] = await together([select(false), asked.reported ? select(true) : []])
  const hidden = new Map(about.map((h) => [h.state, h]))
  return all.map((c) => ({
    state: c.state,
    count: c.count - (hidden.get(c.state)?.count ?? 0),
    late: c.late - (hidden.get(c.state)?.late ?? 0),
  }))
}

async function countHidden(tx: Tx, asked: Asked): Promise<number> {
  if (!asked.reported) return 0
  const all = filtered(tx, { ...asked, query: { ...asked.query, state: undefined } }, true)
  return (await all.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
}

const sum = (counted: readonly Counted[]) => counted.reduce((n, c) => n + c.count, 0)

/** All demands of the ranges whatever their state, through what is remembered. */
async function countAll(tx: Tx, { ranges, query }: DemandFilter): Promise<number> {
  const key = JSON.stringify([tx.district, ranges, query.category, query.mechanism])
  const where = sql`d.district_id = ${tx.district} and ${inRanges(ranges, 'd.place_path')}
    and (${query.category ?? null}::text is null or d.category = ${query.category ?? null}) and (${query.mechanism ?? null}::text is null or d.mechanism_id = ${query.mechanism ?? null})`
  const old = known.get(key)
  const { horizon, moved, settled, n } = await countBorn(tx, where, old?.below ?? null)
  // A database set back in time has a lower horizon: what was remembered of its future is forgotten.
  if (!old || old.moved !== moved || old.below > horizon) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from demand d where ${where}`.execute(tx.db)
    const total = rows[0]?.n ?? 0
    const young = await countBorn(tx, where, horizon)
    remember(key, { below: horizon, count: total - young.n, moved })
    return total
  }
  if (settled > 200) remember(key, { below: horizon, count: old.count + settled, moved })
  return old.count + n
}

interface Born {
  horizon: number
  moved: number
  settled: number
  n: number
}

/** The transaction horizon, how often places moved, and what was born at or after an earlier horizon (`settled`: below this one); null: nothing was. */
async function countBorn(tx: Tx, where: RawBuilder<unknown>, below: number | null): Promise<Born> {
  const { rows } = await sql<Born>`
    select h.horizon, h.moved, c.settled, c.n
    from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon,
        coalesce((select value from counter where district_id = ${tx.district} and name = 'demand-moved'), 0) as moved) h,
      lateral (select count(*) filter (where d.born < h.horizon) as settled, count(*) as n from demand d where ${where} and d.born >= ${below}) c`.execute(
    tx.db,
  )
  return rows[0] as Born
}

const statesOf = (filter: DemandFilter): readonly string[] => filter.query.state?.split(',') ?? DemandState.options

/** Questions about the place alone, where closed demands are worth remembering. */
const remembered = ({ query }: DemandFilter) =>
  (query.lens ?? 'place') === 'place' &&
  !query.search &&
  query.late !== 'true' &&
  !query.suspended &&
  !query.channel &&
  !query.occasion &&
  !query.waits

/** Exact counts by state for the filter. */
export async function countByState(tx: Tx, asked: Asked): Promise<Counted[]> {
  const states = statesOf(asked)
  if (!states.includes('closed')) return countFew(tx, asked, states)
  if (!remembered(asked)) return byState(tx, asked)
  const [few, all, hidden] = await together([
    countFew(tx, asked, [...inHand, ...apart]),
    countAll(tx, asked),
    countHidden(tx, asked),
  ])
  const closed = all - hidden - sum(few)
  return [...few.filter((c) => states.includes(c.state)), { state: 'closed', count: closed, late: 0 }]
}

export const countDemands = async (tx: Tx, asked: Asked): Promise<number> => sum(await countByState(tx, asked))
