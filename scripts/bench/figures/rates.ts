// The two rows of the table of products: status by child unit, distinct persons by child unit; beside plain SQL's live scan, in turns.
import { states } from './plant.ts'
import { drive } from '../load.ts'
import { WORKERS } from '../stage.ts'
import { ask, type Hall, moveOn } from './hall.ts'

const rows = [
  {
    what: 'status by child unit',
    query: { measures: states.map((m) => m.id).join(','), by: 'child' },
    plain: `select substr(place_path, 1, 14), state, count(*) from demand where district_id = 1 group by 1, 2`,
  },
  {
    what: 'distinct persons by child unit',
    query: { measures: 'tasks.claimants', by: 'child' },
    plain: `select substr(place_path, 1, 14), count(distinct person_id) from claim where district_id = 1 and state not in ('withdrawn', 'waiting') group by 1`,
  },
]

export interface Rate {
  what: string
  jishi: number
  /** While something is written four times a second. */
  busy: number
  plain: number
  errors: number
}

export async function rateRows(hall: Hall, seconds: number): Promise<Rate[]> {
  const rates: Rate[] = []
  for (const { what, query, plain } of rows) {
    const ours = () => ask(hall, 'keeper', { unit: hall.root, period: '2021-12-01..2026-11-30', ...query })
    const turns = { ours: async () => void (await ours()), plain: async () => void (await hall.pool.query(plain)) }
    await drive(WORKERS, 1, turns.ours)
    const jishi = await drive(WORKERS, seconds, turns.ours)
    const writing = setInterval(() => void moveOn(hall).catch(() => {}), 250)
    const busy = await drive(WORKERS, seconds, turns.ours)
    clearInterval(writing)
    const live = await drive(WORKERS, seconds * 2, turns.plain)
    const errors = jishi.errors + busy.errors + live.errors
    rates.push({ what, jishi: jishi.rate, busy: busy.rate, plain: live.rate, errors })
  }
  return rates
}
