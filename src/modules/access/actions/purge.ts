import { addHours } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import { countSessionsBefore, dropSessionsBefore } from '../store.ts'

const KEPT_DAYS = 7

/** How many are still there that should be gone. */
export const countOldSessions = ({ ground, district }: Context): Promise<number> =>
  ground.database.transact({ district, mode: 'read' }, ({ db, now }) =>
    countSessionsBefore({ db, district }, addHours(now, -24 * KEPT_DAYS)),
  )

/** Nightly: sessions that ended a week ago or more are thrown away. */
export async function purgeSessions({ ground, district }: Context): Promise<void> {
  await ground.database.transact({ district, mode: 'write' }, ({ db, now }) =>
    dropSessionsBefore({ db, district }, addHours(now, -24 * KEPT_DAYS)),
  )
}
