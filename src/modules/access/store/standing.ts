// What an account may do, kept between requests under the counts it was read at. The counts are read in the transaction of the work, so
// a right that was revoked a moment ago is gone; only what did not change is not read again.
import { type Kysely, sql } from 'kysely'
import { dayOf, millisOf } from '#core/calendar.ts'
import type { DB } from '#core/db.ts'
import { type Grant, subtree } from '#core/permissions.ts'
import { registeredPlaces } from '#modules/people/index.ts'
import { wantsSecondFactor } from '../ties.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

interface MandateNow {
  role: string
  unitId: string
  path: string
  verbs: string[]
  officer: string | null
  serves: string[] | null
}

export interface Standing {
  grants: readonly Grant[]
  /** Some of its roles want a second factor. */
  privileged: boolean
}

/** Whose standing, and the counts that were read with his session. */
export interface Counted {
  accountId: string
  personId: string | null
  rights: number
  edition: number
}

interface Kept extends Standing {
  counted: Counted
  /** Mandates begin and end at moments, everything else with the day. */
  day: string
  from: number
  until: number
}

const MOST = 5000
const kept = new Map<string, Kept>()

const grantsOf = (mandates: readonly MandateNow[]): Grant[] =>
  mandates.map((m) => ({
    role: m.role,
    unitId: m.unitId,
    verbs: m.verbs,
    ranges: [m.path, ...(m.serves ?? [])].map(subtree),
  }))

async function readStanding(tx: Conn, counted: Counted, now: string): Promise<Kept> {
  const day = dayOf(now)
  const { accountId, personId } = counted
  const { rows } = await sql<{ mandates: MandateNow[]; turn: string | null }>`
    select (select coalesce(json_agg(g), '[]') from (
        select m.role_id as role, m.unit_id as "unitId", u.path, r.verbs, r.officer,
          (select array_agg(p.path) from unit_link l join unit p on p.district_id = l.district_id and p.id = l.to_id
            where l.district_id = m.district_id and l.from_id = m.unit_id and l.kind = 'serves' and l.valid_from <= ${day}::date and l.valid_to > ${day}::date) as serves
        from mandate m join role r on r.district_id = m.district_id and r.id = m.role_id join unit u on u.district_id = m.district_id and u.id = m.unit_id
        where m.district_id = ${tx.district} and m.account_id = ${accountId} and m.valid_from <= ${now} and m.valid_to > ${now}
        union all
        select r.id, h.place_id, h.path, r.verbs, r.officer, null
        from role r, lateral (${registeredPlaces(personId, tx.district, day)}) h
        where r.district_id = ${tx.district} and r.id = 'member'
      ) g) as mandates,
      (select min(t.at) from mandate m, lateral (values (m.valid_from), (m.valid_to)) t (at)
        where m.district_id = ${tx.district} and m.account_id = ${accountId} and t.at > ${now} and t.at < 'infinity') as turn`.execute(
    tx.db,
  )
  const { mandates, turn } = rows[0] ?? { mandates: [], turn: null }
  return {
    grants: grantsOf(mandates),
    privileged: mandates.some(wantsSecondFactor),
    counted,
    day,
    from: millisOf(now),
    until: turn === null ? Number.POSITIVE_INFINITY : millisOf(turn),
  }
}

const holds = (k: Kept, counted: Counted, now: string) =>
  k.counted.rights === counted.rights &&
  k.counted.edition === counted.edition &&
  k.counted.personId === counted.personId &&
  k.day === dayOf(now) &&
  k.from <= millisOf(now) &&
  millisOf(now) < k.until

/** Mandates in force and places reported to, as of `now`. */
export async function standingOf(tx: Conn, counted: Counted, now: string): Promise<Standing> {
  const key = `${tx.district} ${counted.accountId}`
  const known = kept.get(key)
  if (known && holds(known, counted, now)) return known
  const fresh = await readStanding(tx, counted, now)
  kept.delete(key)
  kept.set(key, fresh)
  if (kept.size > MOST) kept.delete(kept.keys().next().value as string)
  return fresh
}
