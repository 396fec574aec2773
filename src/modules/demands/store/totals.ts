// Exact totals at any size. What is in hand is few and is counted from a narrow index. Closed demands are many, so all demands of a
// place are counted once and remembered together with the transaction horizon: rows are never deleted, their place, category and
// mechanism never change outside a reorganisation, and below the horizon nothing can be added any more. Later questions count only
// what was born since. All parts are read in one snapshot, so the sum is exactly what a full count would say.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { inRanges } from '#core/permissions.ts'
import { DemandState } from '../contract.ts'
import { type DemandFilter, filtered, isReported, planAfresh } from './demands.ts'

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

interface Asked extends DemandFilter {
  /** Reports about the asker's own units are among the rows, and not his to count. [REQ-10] */
  reported: boolean
}

/** Counts by state of what is not closed: states are constants, so the partial indexes serve. */
async function countFew(tx: Tx, asked: Asked, states: readonly string[]): Promise<Counted[]> {
  const parts = [inHand, apart].map((group) => group.filter((s) => states.includes(s))).filter((g) => g.length > 0)
  const counted: Counted[] = []
  for (const group of parts)
    counted.push(...(await byState(tx, { ...asked, query: { ...asked.query, state: group.join(',') } })))
  return counted
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
  const all = await select(false)
  if (!asked.reported) return all
  const hidden = new Map((await select(true)).map((h) => [h.state, h]))
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
  const { rows } = await sql<{ horizon: number; moved: number }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon,
      coalesce((select value from counter where district_id = ${tx.district} and name = 'demand-moved'), 0) as moved`.execute(
    tx.db,
  )
  const { horizon, moved } = rows[0] as { horizon: number; moved: number }
  const where = sql`d.district_id = ${tx.district} and ${inRanges(ranges, 'd.place_path')}
    and (${query.category ?? null}::text is null or d.category = ${query.category ?? null}) and (${query.mechanism ?? null}::text is null or d.mechanism_id = ${query.mechanism ?? null})`
  const count = async (more: RawBuilder<unknown>) => {
    const found = await sql<{
      settled: number
      n: number
    }>`select count(*) filter (where d.born < ${horizon}) as settled, count(*) as n from demand d where ${where} ${more}`.execute(
      tx.db,
    )
    return found.rows[0] as { settled: number; n: number }
  }
  const old = known.get(key)
  // A database set back in time has a lower horizon: what was remembered of its future is forgotten.
  if (!old || old.moved !== moved || old.below > horizon) {
    const { rows: all } = await sql<{ n: number }>`select count(*) as n from demand d where ${where}`.execute(tx.db)
    const total = all[0]?.n ?? 0
    const young = await count(sql`and d.born >= ${horizon}`)
    remember(key, { below: horizon, count: total - young.n, moved })
    return total
  }
  const since = await count(sql`and d.born >= ${old.below}`)
  if (since.settled > 200) remember(key, { below: horizon, count: old.count + since.settled, moved })
  return old.count + since.n
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
export async function countByState(tx: Tx, filter: DemandFilter): Promise<Counted[]> {
  await planAfresh(tx)
  const asked: Asked = { ...filter, reported: await isReported(tx) }
  const states = statesOf(filter)
  if (!states.includes('closed')) return countFew(tx, asked, states)
  if (!remembered(filter)) return byState(tx, asked)
  const few = await countFew(tx, asked, [...inHand, ...apart])
  const closed = (await countAll(tx, asked)) - (await countHidden(tx, asked)) - sum(few)
  return [...few.filter((c) => states.includes(c.state)), { state: 'closed', count: closed, late: 0 }]
}

export const countDemands = async (tx: Tx, filter: DemandFilter): Promise<number> => sum(await countByState(tx, filter))
