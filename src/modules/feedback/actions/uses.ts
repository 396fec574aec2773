// Counts which function was used, in memory, and adds the sums to the day's row now and then. Nothing about who used it ever
// leaves the request. [JF-15, JF-03]
import { dayOf } from '#core/calendar.ts'
import type { Ground } from '#core/context.ts'
import type { Route } from '#core/http/route.ts'
import { log } from '#core/log.ts'
import { functionOfPath } from '../rules.ts'
import { addUses, type Uses } from '../store.ts'

const FLUSH_MS = 60_000

export interface UseCounter {
  count(district: number, route: Pick<Route, 'method' | 'path'>): void
  /** Writes what was counted so far. */
  flush(): Promise<void>
  close(): Promise<void>
}

export function countUses(database: Ground['database']): UseCounter {
  let counted = new Map<number, Map<string, Uses>>()
  const flush = async () => {
    const taken = counted
    counted = new Map()
    for (const [district, uses] of taken)
      await database
        .transact({ district, mode: 'write' }, ({ db, now }) => addUses({ db, district }, dayOf(now), uses))
        // A lost minute of a statistic is no reason to trouble anybody's work.
        .catch((error: unknown) => log.warn({ district, error: String(error) }, 'uses were not written'))
  }
  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()
  return {
    count(district, { method, path }) {
      const of = functionOfPath(path)
      if (!of || district === 0) return
      const uses = counted.get(district) ?? new Map<string, Uses>()
      counted.set(district, uses)
      const sum = uses.get(of.id) ?? { looked: 0, done: 0 }
      uses.set(of.id, sum)
      if (method === 'GET') sum.looked++
      else sum.done++
    },
    flush,
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
