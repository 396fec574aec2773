import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { clock } from './clock.ts'
import type { DB } from './schema.ts'

/** UUID version 7: made by the application, ordered by time, so indexes grow at one end. */
export function newId(): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(clock.millis(), 0, 6)
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
  const h = bytes.toString('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}

/** Takes `count` consecutive numbers of a district's counter; returns the first. */
export async function takeNumbers(db: Kysely<DB>, district: number, name: string, count: number): Promise<number> {
  const row = await db
    .insertInto('counter')
    .values({ district_id: district, name, value: count })
    .onConflict((c) => c.columns(['district_id', 'name']).doUpdateSet({ value: sql`counter.value + ${count}` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value - count + 1
}
