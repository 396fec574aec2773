// What has served its time is thrown away by rule.
import { sql } from 'kysely'
import { addHours } from './calendar.ts'
import type { Context } from './context.ts'
import { log } from './log.ts'

/** Once a night the whole cluster is read; what is damaged is named in the log, and the job is parked until a person has looked (A-61, DU-06). */
export async function checkPages({ ground, district }: Context): Promise<void> {
  const [first] = await ground.database.bare<{ id: number }>('select min(id) as id from district')
  if (!ground.inspect || first?.id !== district) return
  const { pages, damage } = await ground.inspect()
  if (damage.length === 0) return log.info({ pages }, 'every page is sound')
  for (const { what, page } of damage.slice(0, 100)) log.error({ what, page }, 'a page of the database is damaged')
  throw new Error('damaged')
}

const KEY_HOURS = 72
/** A job parked for weeks may still be put back into the queue: its keys outlive it. */
const JOB_KEY_DAYS = 30
const BATCH = 10_000

const past = (district: number, now: string) => sql`
  district_id = ${district} and at < ${addHours(now, -KEY_HOURS)}::timestamptz
    and (actor <> 'system' or at < ${addHours(now, -24 * JOB_KEY_DAYS)}::timestamptz)`

/** How many answers are kept longer than they may be. */
export const countOldKeys = ({ ground, district }: Context): Promise<number> =>
  ground.database.transact({ district, mode: 'read' }, async ({ db, now }) => {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from idempotency where ${past(district, now)}`.execute(db)
    return rows[0]?.n ?? 0
  })

/** Answers to repeated requests are kept 72 hours (trust C-6). No history entry: nothing that anybody stated is lost. */
export async function purgeIdempotency({ ground, district }: Context): Promise<void> {
  for (let more = true; more; ) {
    more = await ground.database.transact({ district, mode: 'write' }, async ({ db, now }) => {
      const { numAffectedRows } = await sql`
        delete from idempotency where (district_id, actor, key) in (
          select district_id, actor, key from idempotency where ${past(district, now)} limit ${BATCH}) and district_id = ${district}`.execute(
        db,
      )
      return Number(numAffectedRows ?? 0) === BATCH
    })
  }
}
