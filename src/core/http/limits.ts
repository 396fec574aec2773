// Token buckets per asker and class of route: bursts are fine, floods are told 429 (trust A-02, OV-07).
import { clock } from '../clock.ts'
import { fail } from '../errors.ts'
import { log } from '../log.ts'
import type { Rate } from './route.ts'

const classes: Record<Rate, { perMinute: number; burst: number }> = {
  read: { perMinute: 1200, burst: 300 },
  write: { perMinute: 600, burst: 120 },
  heavy: { perMinute: 120, burst: 40 },
  login: { perMinute: 300, burst: 60 },
  public: { perMinute: 120, burst: 60 },
}

export type Limiter = (rate: Rate, who: string, times?: number) => void

/** Buckets untouched for a minute are full again anyway; should all be in use, the fullest table starts anew. */
function forget(buckets: Map<string, { tokens: number; at: number }>, now: number) {
  for (const [key, bucket] of buckets) if (now - bucket.at > 60_000) buckets.delete(key)
  if (buckets.size > 50_000) buckets.clear()
}

/** `loose` loosens all classes alike, for benches that send from one address; 0 switches limits off. */
export function limiter(loose = 1): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (rate, who, times = 1) => {
    const factor = loose * times
    if (factor === 0) return
    const { perMinute, burst } = classes[rate]
    const now = clock.monotonic()
    const key = `${rate} ${who}`
    const bucket = buckets.get(key) ?? { tokens: burst * factor, at: now }
    bucket.tokens = Math.min(burst * factor, bucket.tokens + ((now - bucket.at) / 60_000) * perMinute * factor)
    bucket.at = now
    if (bucket.tokens < 1) throw fail('too-many')
    bucket.tokens--
    buckets.set(key, bucket)
    if (buckets.size > 50_000) forget(buckets, now)
  }
}

/** Rows of persons that one account may read through lists in an hour; whoever needs more asks for a file. */
const PERSONS_AN_HOUR = 5_000
const HOUR = 3_600_000

export type Pace = (who: string, rows: number) => void

/** Reading a roster page by page is an export by another name (EX-08, EX-10). `most` 0 switches it off, for benches. */
export function pacer(most = PERSONS_AN_HOUR): Pace {
  const seen = new Map<string, { rows: number; until: number }>()
  return (who, rows) => {
    if (most === 0 || rows === 0) return
    const now = clock.monotonic()
    for (const [key, { until }] of seen.size > 10_000 ? seen : []) if (until <= now) seen.delete(key)
    const known = seen.get(who)
    const mine = known && known.until > now ? known : { rows: 0, until: now + HOUR }
    mine.rows += rows
    seen.set(who, mine)
    if (mine.rows <= most) return
    log.warn({ account: who, rows: mine.rows }, 'persons are read in bulk')
    throw fail('too-many-persons', { limit: most })
  }
}
